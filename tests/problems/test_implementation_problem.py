"""Arrays that do not describe an implementation problem are refused, with the reason."""

from dataclasses import replace

import numpy as np
import pytest

from servanda.errors import NotFoundError, ProblemError
from servanda.problems.implementation import ImplementationProblem, PayoffDraws, single_draw
from servanda.problems.implementation_game import implementation_game
from servanda.problems.state_sets import closed_sets, needed_states, steps_of
from servanda.results.encode import to_plain
from servanda.results.plan import Objective, SearchStatus
from servanda.solvers import near_orders
from servanda.solvers.best_order import best_order
from servanda.solvers.guarantee_window import (
    guarantee_window,
    scan_guarantee,
    smallest_credibility,
)
from servanda.solvers.near_orders import best_order_nearby
from servanda.solvers.plan import Stage, evaluate_plan, plan_margins


def game(**more):
    given = {
        "discount": 0.99,
        "months": {"land": 6, "guarantee": 2},
        "owners": {"land": "south"},
        "flow": lambda done: {"north": 50 + 10 * ("land" in done), "south": 45},
        "attack": lambda done: {"north": 40, "south": 30},
    } | more
    return implementation_game(["north", "south"], ["land", "guarantee", "withdrawal"], **given)


def test_a_built_game_holds_what_was_said():
    built = game(
        requires={"withdrawal": ["land", "guarantee"]},
        reversible={"land": "south"},
        joint=[(["land", "guarantee"], False)],
        owners={"land": "south", "guarantee": ["north"]},
        costs={"land": {"south": 3}},
        delay={"land": 2},
        gain=1.5,
        clocks=[0, 12],
        attack=lambda done, clock: [40 + clock, 30],
        belligerent=["north"],
        ceasefire=["withdrawal"],
        fighting_cost={"north": 1, "south": 2},
    )
    assert built.months.tolist() == [6, 2, 0]
    assert built.requires.tolist() == [0, 0, 3]
    assert built.stages == ((1, False), (2, False), (4, False), (3, False))
    assert [steps_of(int(s)) for s in built.states] == [
        [],
        [0],
        [1],
        [0, 1],
        [1, 2],
        [0, 1, 2],
    ]
    assert built.attack[0, :, 0].tolist() == [40, 52]
    assert built.costs.tolist() == [[0, 3], [0, 0], [0, 0]]
    assert built.delay.tolist() == [[2, 2], [0, 0], [0, 0]]
    assert built.belligerent.tolist() == [True, False]
    assert built.fighting(3)
    assert not built.fighting(4)
    assert built.name_state(3) == "{land, guarantee}"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"discount": 1.0}, "discount: .*strictly between 0 and 1"),
        ({"months": -1}, "months: between 0"),
        ({"months": {"land": 20_000}}, "months: between 0"),
        ({"delay": -1}, "delay: between 0"),
        ({"delay": 0.5, "months": {"land": 0.5}}, "months: whole numbers"),
        (
            {"requires": {"land": "guarantee", "guarantee": "land", "withdrawal": "land"}},
            "in a circle: land -> guarantee -> land",
        ),
        ({"deadlines": {"land": -3}}, "'land' by month -3"),
        ({"deadlines": {"land": 20_000}}, "deadline: at most"),
        ({"flow": lambda done: {"north": 1}}, "flows: finite"),
        ({"flow": lambda done: [1, 2, 3]}, "flows: shape"),
        ({"attack": lambda done: [np.inf, 0]}, "attack: finite"),
        ({"clocks": [1, 2], "attack": lambda done, t: [0, 0]}, "clocks: .*ascending from 0"),
        ({"clocks": [0, 1.5], "attack": lambda done, t: [0, 0]}, "clocks: whole months"),
        ({"fighting_cost": np.nan}, "fighting_cost: finite"),
    ],
)
def test_bad_arrays_are_refused(change, reason):
    with pytest.raises(ProblemError, match=reason):
        game(**change)


def test_unknown_names_are_answered_with_the_nearest():
    with pytest.raises(NotFoundError, match="Did you mean 'land'"):
        game(owners={"lnd": "south"})
    with pytest.raises(NotFoundError, match="Did you mean 'south'"):
        game(flow=lambda done: {"north": 1, "soth": 2})
    with pytest.raises(NotFoundError, match="no step 'lan'"):
        evaluate_plan(game(), ["lan", "guarantee", "withdrawal"])


def test_other_faults_of_arrays():
    built = game()
    with pytest.raises(ProblemError, match="stages: none"):
        replace(built, stages=())
    with pytest.raises(ProblemError, match="stages: 8 is no set"):
        replace(built, stages=((8, False),))
    with pytest.raises(ProblemError, match="states: distinct"):
        replace(built, states=built.states[::-1])
    with pytest.raises(ProblemError, match="a label occurs twice"):
        replace(built, steps=("land", "land", "guarantee"))
    with pytest.raises(ProblemError, match="owners: shape"):
        replace(built, owners=built.owners.T)
    with pytest.raises(ProblemError, match="at most 62"):
        implementation_game(
            ["one"], [f"s{j}" for j in range(63)], discount=0.9, flow=len, attack=len
        )


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        (["land", "guarantee"], "{withdrawal} is missing"),
        (["land", "land", "guarantee", "withdrawal"], "occurs twice"),
        (["withdrawal", "land", "guarantee"], "begins before its prerequisites"),
        ([("land", "guarantee"), "withdrawal"], "no declared joint stage"),
        ([(), "land", "guarantee", "withdrawal"], "without steps"),
        ([7, "land", "guarantee", "withdrawal"], "steps are 0 to 2"),
    ],
)
def test_bad_plans_are_refused(plan, reason):
    with pytest.raises(ProblemError, match=reason):
        evaluate_plan(game(requires={"withdrawal": "land"}), plan)


def test_a_missing_table_is_named():
    built = game()
    keep = built.states != 2
    cut = replace(
        built,
        states=built.states[keep],
        flows=built.flows[keep],
        attack=built.attack[keep],
        renege=built.renege[keep],
    )
    with pytest.raises(ProblemError, match=r"no table for the state \{guarantee\}"):
        evaluate_plan(cut, ["guarantee", "land", "withdrawal"])
    with pytest.raises(ProblemError, match=r"no table for the state \{guarantee\}"):
        best_order(cut)
    assert evaluate_plan(cut, ["land", "guarantee", "withdrawal"]).self_enforcing


def test_sixty_steps_in_a_chain_are_answered_and_free_ones_refused():
    names = [f"s{j}" for j in range(60)]
    chain = implementation_game(
        ["one", "two"],
        names,
        discount=0.99,
        months=1,
        requires=dict(zip(names[1:], names, strict=False)),
        flow=lambda done: [len(done), 60],
        attack=lambda done: [0, 0],
    )
    assert best_order(chain).plan.months == 60
    with pytest.raises(ProblemError, match="add prerequisites"):
        closed_sets(np.zeros(60, dtype=np.int64), [1 << j for j in range(60)], limit=10_000)


def free_steps(n):
    """The game of n free steps under narrower prerequisites; the last to move gains most."""

    def game_for(requires):
        stages = tuple((1 << j, False) for j in range(n))
        states = closed_sets(requires, [mask for mask, _ in stages])
        bits = (states[:, None] >> np.arange(n)) & 1
        worth = np.stack([np.arange(n), np.arange(n)[::-1]], axis=1) / n
        flows = 40 + bits @ worth
        attack = (38 + bits @ worth[:, ::-1])[:, None]
        return ImplementationProblem(
            actors=("north", "south"),
            steps=tuple(f"s{j}" for j in range(n)),
            discount=np.full(2, 0.98),
            belligerent=np.ones(2, dtype=bool),
            months=np.full(n, 2),
            owners=np.zeros((n, 2), dtype=bool),
            requires=requires,
            costs=np.zeros((n, 2)),
            delay=np.zeros((n, 2), dtype=int),
            gain=np.zeros((n, 2)),
            reversible=np.zeros((n, 2), dtype=bool),
            ceasefire=np.zeros(n, dtype=bool),
            fighting_cost=np.zeros(2),
            stages=stages,
            states=states,
            flows=flows,
            clocks=np.zeros(1),
            attack=attack,
            renege=attack,
        )

    return game_for


def test_sixty_free_steps_get_a_bounded_answer():
    free = np.zeros(60, dtype=np.int64)
    found = best_order_nearby(free_steps(60), free)
    assert found.status == SearchStatus.BOUNDED
    assert len(found.plan.order) == 60
    narrow = free_steps(60)(_in_turn(60))
    assert found.margin > evaluate_plan(narrow, list(range(60))).margin + 1.0
    assert found.margin <= found.bound
    assert found.gap == pytest.approx(found.bound - found.margin)


def _in_turn(n):
    return np.array([(1 << j) - 1 for j in range(n)])


@pytest.mark.parametrize("sets", [4, 40, 8_000])
def test_orders_near_others_are_never_better_than_the_best(sets, monkeypatch):
    monkeypatch.setattr(near_orders, "SETS", sets)
    free = np.zeros(7, dtype=np.int64)
    best = best_order(free_steps(7)(free))
    found = best_order_nearby(free_steps(7), free)
    assert found.margin <= best.margin + 1e-9 <= found.bound + 2e-9
    if sets == 8_000:
        assert found.margin == pytest.approx(best.margin, abs=1e-9)


def test_deadlines_that_leave_nothing_near_leave_the_question_open():
    def late(requires):
        return replace(free_steps(5)(requires), deadline=np.array([-1, -1, -1, -1, 3]))

    free = np.zeros(5, dtype=np.int64)
    assert best_order(late(free)).plan is not None
    assert best_order_nearby(late, free).plan is not None
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(near_orders, "WIDEST", 2)
        found = best_order_nearby(late, free)
    assert found.status == SearchStatus.UNDECIDED
    assert found.plan is None


def test_objectives_say_what_they_lack():
    with pytest.raises(ProblemError, match="reservation"):
        best_order(game(), objective=Objective.NASH)
    with pytest.raises(ProblemError, match="reservation"):
        best_order(game(), reservation={"north": 1.0})
    with pytest.raises(ProblemError, match="floor"):
        best_order(game(), floor=1.0)
    with pytest.raises(NotFoundError, match="Did you mean 'north'"):
        best_order(game(), objective="nash-product", reservation={"norht": 1.0})


def test_deadlines_are_read_by_name():
    built = game(deadlines={"guarantee": 2})
    assert built.deadline.tolist() == [-1, 2, -1]
    found = best_order(built)
    assert found.plan.order[0] == ("guarantee",) or found.plan.stages[0].months == 0
    assert best_order(game(deadlines={"land": 5})).status == SearchStatus.NO_ORDER


def test_three_steps_in_escrow_leave_nothing_to_shirk():
    owners = {"land": "south", "guarantee": "north", "withdrawal": "north"}
    given = {"owners": owners, "delay": 3, "gain": 30.0}
    together = ("land", "guarantee", "withdrawal")
    bare = best_order(game(**given, joint=[(together, False)]), together=[together])
    escrow = best_order(game(**given, joint=[(together, True)]), together=[together])
    assert {one.constraint.kind for one in bare.plan.constraints} >= {"shirk", "cheat"}
    assert not {one.constraint.kind for one in escrow.plan.constraints} & {"shirk", "cheat"}
    assert escrow.plan.order == (together,)
    assert escrow.margin > bare.margin


def test_a_delay_longer_than_the_plan_is_bounded():
    found = evaluate_plan(game(delay=600, gain=5.0), ["land", "guarantee", "withdrawal"])
    assert np.isfinite(found.margin)


def test_no_order_is_an_answer():
    built = game(requires={"land": "guarantee"})
    found = best_order(built, together=[Stage(("land", "guarantee"), True)])
    assert found.status == SearchStatus.NO_ORDER
    assert found.plan is None
    assert found.to_dict()["margin"] is None
    with pytest.raises(ProblemError, match="two groups"):
        best_order(built, together=[Stage((0, 1)), Stage((1, 2))])


def test_draws_must_fit_the_problem():
    built = game()
    one = single_draw(built)
    assert plan_margins(built, one, ["land", "guarantee", "withdrawal"]).probability == 1
    with pytest.raises(ProblemError, match="differ in their number"):
        replace(one, discount=np.full((2, 2), 0.9))
    with pytest.raises(ProblemError, match=r"draws\.flows: shape"):
        plan_margins(
            built,
            PayoffDraws(**{**vars(one), "flows": one.flows[:, :3]}),
            ["land", "guarantee", "withdrawal"],
        )


def test_windows_want_one_game_and_constant_values():
    built, other = game(), game(months=1)
    with pytest.raises(ProblemError, match="months: differs"):
        guarantee_window(built, other, ["land", "guarantee", "withdrawal"])
    richer = replace(built, flows=built.flows + 1)
    with pytest.raises(ProblemError, match="flows: differs"):
        smallest_credibility(built, richer)
    with pytest.raises(ProblemError, match="points: 1"):
        scan_guarantee(lambda g: built, ["land", "guarantee", "withdrawal"], points=1)


def test_results_become_plain_values():
    built = game(joint=[(["land", "guarantee"], True)])
    plan = ["land", "guarantee", "withdrawal"]
    plain = evaluate_plan(built, plan).to_dict()
    assert plain["weakest_link"]["constraint"]["kind"] in {"attack", "end-attack"}
    assert best_order(built).to_dict()["plan"]["self_enforcing"] is True
    assert guarantee_window(built, built, plan).to_dict()["high"] == 1
    assert smallest_credibility(built, built).to_dict()["credibility"] == 0
    assert plan_margins(built, single_draw(built), plan).to_dict()["probability"] == 1
    assert to_plain(scan_guarantee(lambda g: built, plan, points=3))["intervals"]
    lonely = implementation_game(
        ["one"], ["step"], discount=0.9, flow=len, attack=len, belligerent=[]
    )
    alone = evaluate_plan(lonely, ["step"])
    assert (alone.margin, alone.weakest_link) == (np.inf, None)
    assert alone.to_dict()["margin"] is None
    assert best_order(lonely).margin == np.inf
    assert plan_margins(lonely, single_draw(lonely), ["step"]).weakest.tolist() == [-1]


def test_needed_states_cover_undoing_and_shirking():
    owners = np.array([[True, False], [False, True], [False, False]])
    reversible = np.zeros((3, 2), dtype=bool)
    reversible[0, 0] = True
    requires = np.array([0, 0, 3])
    single = [(1, False), (2, False), (4, False)]
    plain = needed_states(requires, single, owners, np.zeros_like(reversible))
    assert plain.tolist() == [0, 1, 2, 3, 7]
    assert needed_states(requires, single, owners, reversible).tolist() == [0, 1, 2, 3, 6, 7]
    joint = [(3, False), (4, False)]
    assert needed_states(requires, joint, owners, reversible).tolist() == [0, 1, 2, 3, 6, 7]
    verified = [(3, True), (4, False)]
    assert needed_states(requires, verified, owners, reversible).tolist() == [0, 2, 3, 6, 7]
