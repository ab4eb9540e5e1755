"""What follows from rankings against its definition, and against readings drawn at random."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.errors import ProblemError
from servanda.problems.packages import PackageProblem
from servanda.problems.ranked_packages import (
    RankedProblem,
    central_reading,
    draw_readings,
    ranked_problem,
)
from servanda.problems.weight_orders import WeightOrder, weight_order
from servanda.solvers import ordinal_efficiency as efficiency_solver
from servanda.solvers.fallback_bargaining import fallback_bargaining
from servanda.solvers.necessary_preference import necessary_acceptance, necessary_preference
from servanda.solvers.ordinal_efficiency import ordinal_efficiency
from servanda.solvers.package_values import values_of
from twins.rankings_by_definition import Readings, by_numbers, least_differences, random_ranked

SEEDS = st.integers(0, 2**32 - 1)
CLOSE = 1e-6


def some_packages(problem, most=9):
    every = np.arange(problem.numbers.n_packages)
    return every if len(every) <= most else np.random.default_rng(0).choice(every, most, False)


def values_in(problem, seed, count):
    """Values (D, N, A) of all packages and reservation values (D, A) in readings drawn."""
    drawn = draw_readings(problem, seed=seed, first=0, count=count)
    every = np.arange(problem.numbers.n_packages)
    values = [
        values_of(replace(problem.numbers, contribution=one), every) for one in drawn.contribution
    ]
    return np.array(values), drawn.reservation


def dominators(values, y):
    """Packages that are at least as good for all as y, and better for one."""
    never_worse = (values >= values[y] - CLOSE).all(axis=1)
    return never_worse & (values > values[y] + CLOSE).any(axis=1)


@given(seed=SEEDS)
@settings(max_examples=25, deadline=None)
def test_necessary_preference_is_the_linear_programs(seed):
    problem = random_ranked(seed, actors=1)
    packages = some_packages(problem)
    least = least_differences(problem, 0, packages)
    prefers = necessary_preference(problem, packages, tolerance=CLOSE)[0]
    sure = np.abs(least + CLOSE) > CLOSE / 2  # where rounding does not decide
    assert (prefers == (least >= -CLOSE))[sure].all()


@given(seed=SEEDS)
@settings(max_examples=40, deadline=None)
def test_what_is_accepted_is_what_the_linear_programs_accept(seed):
    problem = random_ranked(seed, actors=1)
    packages = some_packages(problem)
    base, floor = problem.numbers.reservation[0], problem.floor[0]
    readings = Readings(problem, 0)
    accepts, refuses = necessary_acceptance(problem, packages, tolerance=CLOSE)
    for row, chosen in enumerate(problem.numbers.chosen(n) for n in packages):
        known, gain = by_numbers(problem, 0, chosen), readings.package(chosen)
        if (floor >= 0).all():
            known, gain = known - by_numbers(problem, 0, floor), gain - readings.package(floor)
        else:
            known -= base
        least, most = known + readings.least_of(gain), known - readings.least_of(-gain)
        if np.isnan(base):
            assert accepts[row, 0]
            assert not refuses[row, 0]
        elif abs(least) > 2 * CLOSE and abs(most) > 2 * CLOSE:  # rounding does not decide
            assert accepts[row, 0] == (least > 0)
            assert refuses[row, 0] == (most < 0)


@given(seed=SEEDS)
@settings(max_examples=25, deadline=None)
def test_efficiency_in_every_reading_is_that_of_the_linear_programs(seed):
    problem = random_ranked(seed, actors=2)
    packages = some_packages(problem, 6)
    least = np.array([least_differences(problem, i, packages) for i in range(2)])
    most = -least.transpose(0, 2, 1)
    answer = ordinal_efficiency(problem, packages, tolerance=CLOSE)
    for y in range(len(packages)):
        others = [x for x in range(len(packages)) if x != y]
        dominated = any(
            (least[:, x, y] >= -CLOSE).all() and (most[:, x, y] > CLOSE).any() for x in others
        )
        may_be = any(
            not ((most[:, x, y] <= CLOSE) & (least[:, x, y] < -CLOSE)).any()
            and (most[:, x, y] > CLOSE).any()
            for x in others
        )
        assert answer.dominated[y] == dominated
        assert answer.necessary[y] != may_be


@given(seed=SEEDS)
@settings(max_examples=40, deadline=None)
def test_every_reading_agrees_with_what_is_necessary(seed):
    problem = random_ranked(seed)
    every = np.arange(problem.numbers.n_packages)
    prefers = necessary_preference(problem, every)
    accepts, refuses = necessary_acceptance(problem, every)
    answer = ordinal_efficiency(problem, every)
    values, reservation = values_in(problem, seed, 40)
    parties = problem.numbers.parties
    for worth, base in zip(values, reservation, strict=True):
        better = worth.T[:, :, np.newaxis] >= worth.T[:, np.newaxis] - CLOSE
        assert better[prefers].all()
        willing = worth[:, parties] >= base[parties] - CLOSE
        assert willing[accepts[:, parties]].all()
        assert not (worth[:, parties] > base[parties] + CLOSE)[refuses[:, parties]].any()
        for y in every:
            above = dominators(worth, y)
            assert not (answer.necessary[y] and above.any())
            if answer.dominated[y]:
                assert above.any()
            if not answer.possible[y] and not answer.unsettled[y]:
                assert above.any()


@given(seed=SEEDS)
@settings(max_examples=25, deadline=None)
def test_relabelling_actors_relabels_what_follows(seed):
    problem = random_ranked(seed)
    order = np.random.default_rng(seed).permutation(len(problem.numbers.actors))
    numbers = problem.numbers
    other = RankedProblem(
        replace(
            numbers,
            actors=tuple(numbers.actors[i] for i in order),
            contribution=numbers.contribution[..., order],
            constant=numbers.constant[order],
            reservation=numbers.reservation[order],
            link_values=numbers.link_values[:, order],
            failure_cost=numbers.failure_cost[order],
            audience_cost=numbers.audience_cost[..., order],
            discount=numbers.discount[order],
        ),
        problem.rank[order],
        problem.value[order],
        tuple(problem.weights[i] for i in order),
        problem.floor[order],
    )
    every = np.arange(numbers.n_packages)
    plain = necessary_preference(problem, every)
    assert np.array_equal(necessary_preference(other, every), plain[order])
    one, two = ordinal_efficiency(problem, every), ordinal_efficiency(other, every)
    assert np.array_equal(one.necessary, two.necessary)
    assert np.array_equal(one.dominated, two.dominated)
    settled = ~one.unsettled & ~two.unsettled
    assert np.array_equal(one.possible[settled], two.possible[settled])


@given(seed=SEEDS)
@settings(max_examples=10, deadline=None)
def test_threads_do_not_change_what_follows(seed):
    problem = random_ranked(seed)
    every = np.arange(problem.numbers.n_packages)
    before = problem.rank.copy(), problem.value.copy(), problem.floor.copy()
    one = ordinal_efficiency(problem, every, threads=1)
    two = ordinal_efficiency(problem, every, threads=3)
    for name in ("packages", "necessary", "possible", "dominated", "unsettled"):
        assert np.array_equal(getattr(one, name), getattr(two, name))
    assert np.array_equal(
        necessary_preference(problem, every, threads=1),
        necessary_preference(problem, every, threads=3),
    )
    after = problem.rank, problem.value, problem.floor
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def one_actor_and_a_scale():
    """Two actors; the second always prefers the first two packages to the third.

    The first actor's weights are not known at all: of ``price`` alone, ``time`` alone and half of
    each, the last is never the best, and always above one of the others.
    """
    numbers = PackageProblem(
        actors=("first", "second"),
        issues=("price", "time"),
        options=(("high", "half", "low"), ("high", "half", "low")),
        n_options=np.array([3, 3]),
        contribution=np.zeros((2, 3, 2)),
        constant=np.zeros(2),
        reservation=np.zeros(2),
        links=np.array([[1, 4], [4, 1]], np.uint64),
        link_values=np.array([[0.0, 5.0], [0.0, 5.0]]),
    )
    half = [1.0, 0.5, 0.0]
    return ranked_problem(
        numbers,
        rank={},
        weights=[weight_order(2), None],
        value={(0, 0): half, (0, 1): half},
    )


def test_a_package_may_be_dominated_in_every_reading_by_different_packages():
    problem = one_actor_and_a_scale()
    high_low, half_half, low_high = (problem.numbers.number(k) for k in ((0, 2), (1, 1), (2, 0)))
    answer = ordinal_efficiency(problem, [high_low, half_half, low_high])
    assert answer.dominated.tolist() == [False] * 3  # no single package always dominates it
    assert answer.possible.tolist() == [True, False, True]
    alone = ordinal_efficiency(problem, [high_low, half_half])
    assert alone.possible.tolist() == [True, True]


def test_a_search_broken_off_is_said(monkeypatch):
    monkeypatch.setattr(efficiency_solver, "MOST_SEARCHED", 0)
    problem = one_actor_and_a_scale()
    packages = [problem.numbers.number(k) for k in ((0, 2), (1, 1), (2, 0))]
    assert ordinal_efficiency(problem, packages).unsettled.any()


# --- readings ------------------------------------------------------------------------------------


@given(seed=SEEDS)
@settings(max_examples=25, deadline=None)
def test_readings_depend_on_seed_number_and_name_alone(seed):
    problem = random_ranked(seed)
    whole = draw_readings(problem, seed=seed % 97, first=0, count=6)
    part = draw_readings(problem, seed=seed % 97, first=4, count=1)
    assert np.array_equal(whole.contribution[4], part.contribution[0])
    assert np.array_equal(whole.reservation[4], part.reservation[0], equal_nan=True)


def weights_drawn(order, count):
    rng = np.random.default_rng(1)
    return np.array(
        [order.drawn(rng.random(), rng.random(len(order.groups))) for _ in range(count)]
    )


@pytest.mark.parametrize(
    "order",
    [
        weight_order(4, [(0, 1), (1, 2), (2, 3)]),
        weight_order(4, [(0, 1), (0, 2), (3, 2)]),
        weight_order(4, [(2, 1)], [(0, 3)]),
        weight_order(3),
        weight_order(4, [(1, 3)], issues=[1, 2, 3]),
    ],
)
def test_weights_are_drawn_evenly_from_all_that_agree(order: WeightOrder):
    """Against rejection: even draws of all weights, those that do not agree thrown away."""
    rng = np.random.default_rng(0)
    groups = np.array([len(group) for group in order.groups])
    # one number a group, evenly on Σ size · weight = 1
    share = rng.dirichlet(np.ones(len(groups)), 60_000) / groups
    fits = np.ones(len(share), bool)
    for n, above in enumerate(order.above):
        for m in range(len(groups)):
            if above >> m & 1:
                fits &= share[:, m] >= share[:, n]
    kept = np.zeros((int(fits.sum()), order.n_issues))
    for n, group in enumerate(order.groups):
        kept[:, list(group)] = share[fits][:, [n]]
    drawn = weights_drawn(order, 6000)
    assert drawn.sum(axis=1) == pytest.approx(np.ones(6000))
    assert order.centroid == pytest.approx(kept.mean(axis=0), abs=0.01)
    assert drawn.mean(axis=0) == pytest.approx(kept.mean(axis=0), abs=0.01)
    for q in (0.1, 0.5, 0.9):
        assert np.quantile(drawn, q, axis=0) == pytest.approx(
            np.quantile(kept, q, axis=0), abs=0.02
        )


def test_the_middle_is_the_mean_of_the_readings():
    problem = random_ranked(11, actors=3, links=False)
    assert problem.ranked
    drawn = draw_readings(problem, seed=3, first=0, count=3000)
    middle = central_reading(problem).contribution
    assert drawn.contribution.mean(axis=0) == pytest.approx(middle, abs=1.0)


def test_what_does_not_describe_rankings_is_said():
    problem = random_ranked(4, actors=1)
    with pytest.raises(ProblemError, match="leave one out"):
        ranked_problem(
            problem.numbers, rank={(0, 0): [5] * len(problem.numbers.options[0])}, weights=[None]
        )
    with pytest.raises(ProblemError, match="runs in a circle"):
        weight_order(2, [(0, 1), (1, 0)])
    with pytest.raises(ProblemError, match="no issue 7"):
        weight_order(2, [(0, 7)])
    with pytest.raises(ProblemError, match="say more of their order"):
        _ = weight_order(17).corners
    with pytest.raises(ProblemError, match="0 for 1 actors"):
        ranked_problem(problem.numbers, rank={}, weights=[])


# --- fallback bargaining -------------------------------------------------------------------------


@given(seed=SEEDS)
@settings(max_examples=60, deadline=None)
def test_fallback_bargaining_by_falling_back(seed):
    """Go down level by level, as the procedure is told, until something is approved by all."""
    rng = np.random.default_rng(seed)
    order = rng.integers(0, 6, (int(rng.integers(1, 9)), int(rng.integers(1, 4)))).astype(float)
    base = rng.integers(-1, 3, order.shape[1])
    willing = order >= base
    found = fallback_bargaining(order, willing)
    for level in range(1, len(order) + 1):
        approved = [
            all(
                willing[x, i] and (order[:, i] >= order[x, i]).sum() <= level
                for i in range(order.shape[1])
            )
            for x in range(len(order))
        ]
        if any(approved):
            met = np.flatnonzero(approved)
            kept = [
                x
                for x in met
                if not any(
                    (order[z] >= order[x]).all() and (order[z] > order[x]).any() for z in met
                )
            ]
            assert found.depth == level
            assert found.packages.tolist() == kept
            break
    else:
        assert found.depth is None
        assert not found.packages.size
    # only order counts; parties may be named anew; nobody below no deal; nothing better for all
    again = fallback_bargaining(np.exp(order / 3.0) + 7.0, willing)
    assert again.packages.tolist() == found.packages.tolist()
    turn = rng.permutation(order.shape[1])
    turned = fallback_bargaining(order[:, turn], willing[:, turn])
    assert turned.packages.tolist() == found.packages.tolist()
    assert willing[found.packages].all()
    for x, z in itertools.product(found.packages, range(len(order))):
        assert not ((order[z] >= order[x]).all() and (order[z] > order[x]).any())


def test_what_is_no_order_is_refused():
    with pytest.raises(ProblemError, match="order: shape"):
        fallback_bargaining([1, 2])
    with pytest.raises(ProblemError, match="acceptable: shape"):
        fallback_bargaining([[1, 2]], [[True]])
