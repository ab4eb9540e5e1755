"""Arrays that do not describe an implementation problem are refused, with the reason."""

from dataclasses import replace

import numpy as np
import pytest

from servanda.errors import NotFoundError, ProblemError
from servanda.problems.implementation import (
    PayoffDraws,
    closed_sets,
    implementation_game,
    needed_states,
    single_draw,
    steps_of,
)
from servanda.results.encode import to_plain
from servanda.results.plan import SearchStatus
from servanda.solvers.best_order import best_order
from servanda.solvers.guarantee_window import (
    guarantee_window,
    scan_guarantee,
    smallest_credibility,
)
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
        ({"requires": {"land": "guarantee", "guarantee": "land"}}, "run in a circle"),
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
