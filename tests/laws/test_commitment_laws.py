"""Laws of what can be kept over time, each against the definition it comes from."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from servanda.errors import ProblemError
from servanda.problems.implementation_game import implementation_game
from servanda.solvers.best_order import best_order
from servanda.solvers.corridor import corridor
from servanda.solvers.gradualism import largest_gradual_path
from servanda.solvers.power_shift import division_path, fewest_shifts
from servanda.solvers.relational_contract import relational_contract, sustainable_effort
from servanda.solvers.salami_tactics import concession_path

UNIT = st.floats(0.05, 0.95)
PATIENCE = st.floats(0.3, 0.97)
SEEDS = st.integers(0, 10_000)


# ---------------------------------------------------------------- corridor


def handover(land, deployed, *, slack=10.0, shift=30.0, deters=25.0):
    return implementation_game(
        ["north", "south"],
        ["guarantee", "land"],
        discount=0.9,
        months=1,
        flow=lambda done: [50, 50],
        attack=lambda done: [
            50
            - slack
            + shift * land * ("land" in done)
            - deters * deployed * ("guarantee" in done),
            30,
        ],
    )


def test_the_corridor_ends_where_somebody_is_tempted():
    found = corridor(handover, [0.0, 0.4, 1.0])
    assert found.largest == pytest.approx((1 / 3, 2 / 3, 1.0))
    for deployed, largest in zip(found.given[:2], found.largest[:2], strict=True):
        assert best_order(handover(largest, deployed)).self_enforcing
        assert not best_order(handover(largest + 1e-6, deployed)).self_enforcing
    assert corridor(handover, [0.0], plan=["land", "guarantee"]).largest == pytest.approx([1 / 3])
    assert found.to_dict()["largest"] == list(found.largest)


@settings(max_examples=15, deadline=None)
@given(st.floats(0, 1), st.floats(0, 1))
def test_more_deployed_never_makes_less_land_safe(one, other):
    low, high = corridor(handover, sorted([one, other]), points=11).largest
    assert low <= high + 1e-9


def test_no_share_may_be_safe():
    found = corridor(lambda land, deployed: handover(land, deployed, slack=-1.0), [0.0])
    assert found.safe == ((),)
    assert found.largest == (None,)


# ---------------------------------------------------------------- shifts of power


def costly(lost):
    return lambda p: (p * (1 - lost), (1 - p) * (1 - lost))


@settings(max_examples=60, deadline=None)
@given(UNIT, UNIT, st.floats(0.02, 0.5), PATIENCE, SEEDS)
def test_no_path_has_fewer_steps(one, other, lost, delta, seed):
    """Any other path with fewer steps has one that somebody does not bear."""
    start, end = min(one, other), max(one, other)
    assume(end - start > 1e-3)
    found = fewest_shifts(costly(lost), start, end, delta)

    def borne(here, there):
        a, b = costly(lost)(here)
        later_a, later_b = costly(lost)(there)
        return 1 - delta * later_a >= b - 1e-8 and 1 - delta * later_b >= a - 1e-8

    assert all(borne(*pair) for pair in pairwise(found.positions))
    assert found.reached
    rng = np.random.default_rng(seed)
    for fewer in range(1, found.steps):
        for _ in range(20):
            cuts = np.sort(rng.uniform(start, end, fewer - 1))
            path = [start, *cuts, end]
            assert not all(borne(*pair) for pair in pairwise(path))


def test_a_fortress_cannot_be_passed_in_any_number_of_steps():
    def war(x):
        p = 0.3 + 0.5 * (x > 0.5)
        return 0.95 * p, 0.95 * (1 - p)

    found = fewest_shifts(war, 0.0, 1.0, 0.98)
    assert found.steps is None
    assert found.positions[-1] == pytest.approx(0.5)


@settings(max_examples=80, deadline=None)
@given(SEEDS, st.integers(1, 8), PATIENCE)
def test_divisions_exist_when_a_linear_program_finds_some(seed, periods, delta):
    rng = np.random.default_rng(seed)
    power = rng.uniform(0, 1, periods)
    lost = rng.uniform(0, 0.4)
    war = np.stack([power, 1 - power], axis=1) * (1 - lost)
    found = division_path(war, delta)
    # Shares x_t in [0, 1], the last one for ever; V_t the discounted sum from t on.
    value = np.zeros((periods, periods))
    for t in range(periods):
        for s in range(t, periods):
            value[t, s] = delta ** (s - t) * (1.0 if s == periods - 1 else 1 - delta)
    bounds = linprog(
        np.zeros(periods),
        A_ub=np.concatenate([-value, value]),
        b_ub=np.concatenate([-war[:, 0], 1 - war[:, 1]]) + 1e-9,
        bounds=[(0, 1)] * periods,
    )
    assert found.exists == (bounds.status == 0)
    assert (found.breaks_at is None) == found.exists


def test_two_shifts_that_would_each_be_borne_may_not_be_borne_in_a_row():
    lost, delta = 0.15, 0.98
    path = fewest_shifts(costly(lost), 0.3, 0.8, delta).positions
    assert len(path) == 4
    at_once = division_path([costly(lost)(p) for p in path], delta)
    assert not at_once.exists
    for pair in pairwise(path):
        assert division_path([costly(lost)(p) for p in pair], delta).exists
    slowly = [costly(lost)(p) for p in path for _ in range(24)]
    assert division_path(slowly, delta).exists


# ---------------------------------------------------------------- concessions


@settings(max_examples=60, deadline=None)
@given(st.floats(0.1, 0.4), st.floats(0.1, 0.5), PATIENCE, st.floats(0.05, 1.0))
def test_at_every_offer_the_other_side_would_as_soon_fight(low, slope, delta, cost):
    def war(x):
        p = low + slope * x
        return [p - cost * (1 - delta), 1 - p - cost * (1 - delta)]

    def keep(x):
        return [x, 1 - x]

    found = concession_path(keep, war, low / 2, delta)
    path = [low / 2, *found.positions]
    for here, there in pairwise(path):
        value = (1 - delta) * keep(there)[1] + delta * war(there)[1]
        if there < 1:
            assert value == pytest.approx(war(here)[1], abs=1e-7)
        assert value >= war(here)[1] - 1e-9
        assert there > here
    assert not found.blocked
    # Not taken at once, what it can have piece by piece is worth no less than war.
    assert not found.war


def test_a_start_that_the_other_side_would_rather_fight_over():
    found = concession_path(lambda x: [x, 1 - x], lambda x: [0.2, 0.6], start=0.7, discount=0.9)
    assert found.refused
    assert found.war
    assert found.war_at == 0.7
    assert found.positions == ()


# ---------------------------------------------------------------- contributions and effort

PAYOFFS = {
    "linear": (lambda own, other: other - 0.6 * own, 1.0),
    "concave": (lambda own, other: 3 * np.sqrt(1 + other) - own - 0.2 * own**2, 0.5),
    "convex costs": (lambda own, other: other - 0.3 * own - 0.2 * own**2, 1.5),
}


@pytest.mark.parametrize("name", PAYOFFS)
@pytest.mark.parametrize("delta", [0.7, 0.9, 0.97])
def test_nothing_larger_is_kept(name, delta):
    payoff, most = PAYOFFS[name]
    found = largest_gradual_path(payoff, delta, most=most, periods=400)
    path = np.array([0.0, *found.contributions])
    assert np.all(np.diff(path) >= -1e-12)
    assert path[-1] <= most + 1e-12

    def spare(path):
        """Value of going on less what leaving is worth, period by period."""
        value = payoff(path[-1], path[-1])
        kept = []
        for t in range(len(path) - 1, 0, -1):
            value = (1 - delta) * payoff(path[t], path[t]) + delta * value
            kept.append(value - payoff(path[t - 1], path[t]))
        return np.array(kept[::-1])

    # What comes after 400 periods weighs nothing in the first 100.
    assert spare(path)[:100].min() >= -1e-5
    assert path[1] > 0.001
    for more in (1e-3, 1e-2, 0.1):  # nor is a share more of everything
        larger = np.minimum(path * (1 + more), most)
        if path[1] < most and larger[1] > path[1]:
            assert spare(larger)[:100].min() < spare(path)[:100].min() - 1e-9


def test_where_patience_is_short_nothing_is_built():
    found = largest_gradual_path(lambda own, other: other - 0.6 * own, 0.5)
    assert found.limit == pytest.approx(0, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.floats(0.0, 0.95), st.integers(1, 3))
def test_what_is_kept_up_satisfies_its_definition(seed, delta, players):
    rng = np.random.default_rng(seed)
    shape = rng.integers(2, 4, players)
    payoffs = rng.integers(-5, 6, (players, *shape)).astype(float)
    try:
        found = relational_contract(payoffs, delta)
    except ProblemError:
        assume(False)
    joint = payoffs.sum(axis=0)

    def best_replies(profile):
        return [
            max(payoffs[(i, *profile[:i], own, *profile[i + 1 :])] for own in range(shape[i]))
            for i in range(players)
        ]

    def kept(profile, best, worst):
        left = (1 - delta) * sum(best_replies(profile)) + delta * sum(worst)
        return left <= (1 - delta) * joint[profile] + delta * best + 1e-8

    profiles = list(np.ndindex(*shape))
    held = [one for one in profiles if kept(one, found.joint, found.punishments)]
    assert found.actions in held
    assert len(held) == found.enforceable
    assert found.joint == max(joint[one] for one in held)
    for i, worst in enumerate(found.punishments):
        assert worst == min(best_replies(one)[i] for one in held)


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.floats(0.0, 0.9), st.floats(0.0, 0.09))
def test_more_patience_keeps_up_no_less(seed, delta, more):
    payoffs = np.random.default_rng(seed).uniform(-1, 1, (2, 3, 3))
    try:
        before = relational_contract(payoffs, delta)
    except ProblemError:
        assume(False)
    after = relational_contract(payoffs, delta + more)
    assert after.joint >= before.joint - 1e-9
    assert after.enforceable >= before.enforceable


@settings(max_examples=40, deadline=None)
@given(st.floats(0.05, 0.9), st.floats(0.0, 2.0))
def test_effort_on_a_fine_grid_comes_to_the_same(delta, lost):
    found = sustainable_effort(lambda e: 2 * e - e**2, lambda e: 2 * e, -lost, delta, most=3.0)
    efforts = np.linspace(0, 3, 30_001)
    joint = 2 * efforts - efforts**2
    kept = efforts[delta * (joint + lost) >= (1 - delta) * efforts**2 - 1e-12]
    assert found.largest == pytest.approx(kept.max(), abs=2e-4)
    assert found.best == pytest.approx(min(1.0, kept.max()), abs=2e-4)


def test_no_effort_may_be_kept_up():
    found = sustainable_effort(lambda e: e - 1, lambda e: 2 * e, 0.0, 0.3)
    assert found.intervals == ()
    assert found.largest is None
    assert found.best is None


# ---------------------------------------------------------------- all of them

QUESTIONS = {
    "corridor": lambda: corridor(handover, [0.0, 0.4]),
    "power-shift": lambda: fewest_shifts(costly(0.1), 0.2, 0.9, 0.9),
    "division-path": lambda: division_path([[0.2, 0.7], [0.5, 0.4]], 0.9),
    "salami-tactics": lambda: concession_path(
        lambda x: [x, 1 - x], lambda x: [0.3 + 0.4 * x, 0.6 - 0.4 * x], 0.3, 0.9
    ),
    "gradualism": lambda: largest_gradual_path(lambda own, other: other - 0.6 * own, 0.9),
    "relational-contract": lambda: relational_contract([[[1, -1], [2, 0]], [[1, 2], [-1, 0]]], 0.6),
    "sustainable-effort": lambda: sustainable_effort(
        lambda e: 2 * e - e**2, lambda e: 2 * e, 0.0, 0.3
    ),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_same_question_same_answer(name):
    ask = QUESTIONS[name]
    assert ask() == ask()
    assert ask().to_dict() == ask().to_dict()


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: corridor(handover, [1.2]), "shares from 0 to 1"),
        (lambda: corridor(handover, [0.5], points=1), "at least 2"),
        (lambda: fewest_shifts(costly(0.1), 0.2, 0.9, 1.0), "discount: 1.0"),
        (lambda: division_path([0.2, 0.7], 0.9), "shape"),
        (lambda: division_path([[0.2, np.nan]], 0.9), "finite"),
        (lambda: concession_path(None, None, 0.9, 0.9, end=0.5), "start: 0.9 is above the end"),
        (lambda: concession_path(None, None, 0.1, 1.5), "discount"),
        (lambda: largest_gradual_path(lambda own, other: own, 0.9), "must rise with the other"),
        (lambda: largest_gradual_path(lambda own, other: other - own, 2.0), "discount"),
        (lambda: largest_gradual_path(lambda own, other: other - own, 0.9, most=0), "above 0"),
        (lambda: relational_contract([[1.0, 2.0], [3.0, 4.0]], 0.5), "one axis of actions"),
        (lambda: relational_contract([[np.inf]], 0.5), "one axis|finite"),
        (lambda: relational_contract([[[0, 1], [1, 0]], [[1, 0], [0, 1]]], 0.0), "no profile"),
        (lambda: relational_contract([[[0]], [[0]]], 1.0), "discount"),
        (lambda: sustainable_effort(float, float, 0.0, -1.0), "discount"),
        (lambda: sustainable_effort(float, float, 0.0, 0.5, most=0.0), "must be below"),
    ],
)
def test_bad_questions_get_one_clear_message(ask, says):
    with pytest.raises(ProblemError, match=says):
        ask()
