"""What must hold of play with types whatever the game."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.errors import NotFoundError, ProblemError
from servanda.problems.implementation_game import implementation_game
from servanda.problems.sincerity import SincerityProblem, sincerity_problem
from servanda.solvers.plan import Stage
from servanda.solvers.sincerity import play_with_types
from servanda.solvers.tests_of_sincerity import offer_test, rank_tests
from servanda.solvers.trust_threshold import trust_threshold
from twins.plan_by_definition import all_orders
from twins.sincerity_by_definition import random_types

SEEDS = st.integers(0, 2**32 - 1)


def drawn(seed, typed=1, steps=2, **switch):
    rng = np.random.default_rng(seed)
    problem = random_types(rng, typed, steps, **switch)
    orders = list(all_orders(problem.games[0]))
    return problem, orders[int(rng.integers(len(orders)))]


@settings(max_examples=30)
@given(SEEDS)
def test_same_question_same_answer_and_arrays_unchanged(seed):
    problem, plan = drawn(seed)
    before = [game.attack.copy() for game in problem.games]
    first = play_with_types(problem, plan)
    assert play_with_types(problem, plan).to_dict() == first.to_dict()
    ranked = rank_tests(problem, plan, "a")
    assert rank_tests(problem, plan, "a").to_dict() == ranked.to_dict()
    for game, attack in zip(problem.games, before, strict=True):
        assert np.array_equal(game.attack, attack)


@settings(max_examples=60)
@given(SEEDS, st.integers(1, 2))
def test_beliefs_follow_from_the_prior_and_probabilities_add_up(seed, typed):
    problem, plan = drawn(seed, typed)
    play = play_with_types(problem, plan)
    reached = 1.0
    for stage in play.stages:
        assert stage.reached == pytest.approx(reached)
        reached *= stage.kept
        for actor, beliefs in stage.before.items():
            assert sum(beliefs.values()) == pytest.approx(1.0)
            entropy = -sum(p * np.log2(p) for p in beliefs.values() if p > 0)
            assert 0.0 <= stage.bits[actor] <= entropy + 1e-9
            left = {label for label, p in stage.after[actor].items() if p > 0}
            gone = {one.type for one in stage.breaches if one.actor == actor}
            assert left == set(beliefs) - gone - {l for l, p in beliefs.items() if p == 0} or (
                gone == {label for label, p in beliefs.items() if p > 0}
            )
        if not stage.breaches:
            assert stage.kept == pytest.approx(1.0)
            assert set(stage.bits.values()) == {0.0}
    if play.found:
        assert play.carried_through == pytest.approx(reached)


@settings(max_examples=40)
@given(SEEDS)
def test_types_that_do_not_differ_are_one(seed):
    problem, plan = drawn(seed)
    mild = problem.games[0]
    alike = SincerityProblem(
        problem.types,
        problem.prior,
        (mild, mild),
        np.repeat(problem.attacked[:1], 2, axis=0),
        np.repeat(problem.reneged[:1], 2, axis=0),
    )
    known = SincerityProblem(
        (("",), ("",)), ((1.0,), (1.0,)), (mild,), problem.attacked[:1], problem.reneged[:1]
    )
    one, two = play_with_types(known, plan), play_with_types(alike, plan)
    if one.found and one.carried_through == 1.0:
        assert two.carried_through == 1.0
        assert two.values == pytest.approx(one.values)
    for stage in two.stages:
        if stage.kept == 1.0:
            assert stage.bits["a"] == pytest.approx(0.0)


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_no_other_step_put_first_is_worth_more_to_the_others(seed):
    problem, plan = drawn(seed, steps=3, joint=False, costs=False)
    ranked = rank_tests(problem, plan, "a")
    others = [test.others for test in ranked.tests]
    assert others == sorted(others, reverse=True)
    for test in ranked.tests:
        order = [Stage(steps) for steps in test.order]
        assert order[0].steps == (test.step,)
        play = play_with_types(problem, order)
        assert test.others == pytest.approx(play.values["b"])
        assert test.saves + test.costs == pytest.approx(test.worth["b"])
    steps = {test.step for test in ranked.tests} | set(ranked.left_out)
    assert steps == set(problem.games[0].steps)


def pause(who):
    """The south may use a pause to prepare; handing over land shortens the line it must hold."""
    gain = 20.0 if who["south"] == "prepares" else 0.0
    return implementation_game(
        ["north", "south"],
        ["truce", "land"],
        discount=0.99,
        months=3,
        owners={"land": "north"},
        flow=lambda done: 50.0 + 5 * len(done) + np.zeros(2),
        attack=lambda done: {"north": 40.0, "south": 40.0 + gain * ("truce" in done)},
    )


TWO = {"south": {"keeps": 0.7, "prepares": 0.3}}


def test_a_pause_tells_types_apart_and_is_what_the_type_that_prepares_asks_for():
    problem = sincerity_problem(TWO, pause)
    play = play_with_types(problem, ["truce", "land"])
    assert [stage.separation["south"] for stage in play.stages] == [
        "pooling",
        "separating",
        "known",
    ]
    assert play.carried_through == pytest.approx(0.7)
    assert play.stages[1].after["south"] == {"keeps": 1.0, "prepares": 0.0}
    offer = offer_test(problem, ["land", "truce"], ["truce", "land"], "south")
    assert "prepares" in offer.refusing
    assert offer.gain["prepares"] > 0.0


def test_each_acts_on_the_prior_it_holds():
    def game(who):
        pause = 20.0 if who["south"] == "prepares" else 0.0
        return implementation_game(
            ["north", "south"],
            ["land"],
            discount=0.99,
            owners={"land": "north"},
            flow=lambda done: 50.0 + 5 * len(done) + np.zeros(2),
            attack=lambda done: {"north": 48.0, "south": 40.0 + pause * bool(done)},
        )

    suffered = {"north": 40.0, "south": 30.0}
    problem = sincerity_problem(TWO, game, attacked=lambda *_: suffered)
    # Keeping is worth 0.7·55 + 0.3·40 = 50.5 to the north, an attack of its own 48.
    assert play_with_types(problem, ["land"]).carried_through == pytest.approx(0.7)
    # To one who thinks the south prepares with 0.6 it is worth 46.
    wary = replace(problem, held=(((1.0,), (0.4, 0.6)), ((1.0,), (0.7, 0.3))))
    play = play_with_types(wary, ["land"])
    assert play.stages[0].breaches[0].actor == "north"
    assert play.stages[0].before["south"] == {"keeps": 0.7, "prepares": 0.3}


def test_what_can_be_wrong_with_types_is_said():
    with pytest.raises(ProblemError, match=r"sums to 0\.9"):
        sincerity_problem({"south": {"keeps": 0.6, "prepares": 0.3}}, pause)
    with pytest.raises(NotFoundError, match="no actor 'west'"):
        sincerity_problem({"west": {"keeps": 1.0}, **TWO}, pause)
    problem = sincerity_problem(TWO, pause)
    with pytest.raises(NotFoundError, match="no type 'prepare'"):
        trust_threshold(problem, ["truce", "land"], "south", "prepare")
    with pytest.raises(ProblemError, match="one type only"):
        trust_threshold(problem, ["truce", "land"], "north", "")
    many = {f"{n}": 1 / 9 for n in range(9)}
    with pytest.raises(ProblemError, match="at most 8"):
        sincerity_problem({"south": many}, pause)
    slower = replace(problem.games[1], months=np.array([3, 4]))
    with pytest.raises(ProblemError, match="differ in months"):
        replace(problem, games=(problem.games[0], slower))
    with pytest.raises(ProblemError, match=r"held: that about 'south' sums to 1\.1"):
        replace(problem, held=(((1.0,), (0.8, 0.3)),) * 2)
    unknown = problem.attacked.copy()
    unknown[..., 0, 1] = np.nan
    with pytest.raises(ProblemError, match="what 'south' gets after a breach by 'north'"):
        replace(problem, attacked=unknown)


def test_where_no_pure_equilibrium_exists_the_answer_says_so():
    # Of an exchange the north wants to do what the south does, the south what the north does not.
    exchange = ("north's part", "south's part")
    alone = {frozenset(exchange[1:]): [2.0, 1.0], frozenset(exchange[:1]): [0.0, 3.0]}
    game = implementation_game(
        ["north", "south"],
        exchange,
        discount=0.9,
        months=1,
        owners=dict(zip(exchange, ["north", "south"], strict=True)),
        belligerent=[],
        flow=lambda done: [3.0, 2.0] if len(done) == 2 else [5.0, 5.0],
        attack=lambda done: [0.0, 0.0],
        renege=lambda done: alone.get(done, [1.0, 0.0]),
        joint=[(exchange, False)],
    )
    problem = sincerity_problem({}, lambda who: game)
    play = play_with_types(problem, [exchange])
    assert not play.found
    assert play.reason.startswith("No pure equilibrium in stage 1")
    assert play.stages == ()
    offer = offer_test(problem, [exchange], [exchange], "north")
    assert not offer.found
    assert offer.values == {}
