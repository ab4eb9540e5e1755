"""Promises of the solutions on lotteries, tested as axioms over all of them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from servanda.errors import ProblemError
from servanda.results.packages import SettlementStatus
from servanda.solvers import lottery
from servanda.solvers.catalogue import CATALOGUE, find_solver
from servanda.solvers.lottery import lottery_range
from servanda.solvers.nash_lottery import nash_lottery
from servanda.solvers.solver_info import Promise
from twins.lotteries_by_definition import best_on_hull, ideal

LOTTERIES = [sheet for sheet in CATALOGUE if sheet.kind == "lottery solution"]
SEEDS = st.integers(0, 2**32 - 1)
NEAR = 1e-6


def lotteries(promise=None):
    sheets = [sheet for sheet in LOTTERIES if promise is None or promise in sheet.promises]
    return pytest.mark.parametrize("sheet", sheets, ids=lambda sheet: sheet.name)


def random_values(seed, *, parties=None):
    rng = np.random.default_rng(seed)
    n_actors = parties or int(rng.integers(1, 5))
    values = rng.integers(-4, 9, size=(int(rng.integers(1, 20)), n_actors)).astype(float)
    return values, rng.integers(-3, 2, size=n_actors).astype(float), rng


def some_lottery_is_accepted(values, disagreement):
    found = linprog(
        np.zeros(len(values)),
        A_ub=-(values - disagreement).T,
        b_ub=np.full(len(disagreement), 1e-9),
        A_eq=np.ones((1, len(values))),
        b_eq=[1.0],
    )
    return found.status == 0


@lotteries()
@given(seed=SEEDS)
@settings(max_examples=25)
def test_asking_few_packages_at_a_time_changes_nothing(sheet, seed):
    values, disagreement, _ = random_values(seed)
    whole = sheet.resolve()(values, disagreement)
    before = lottery.COLUMNS
    try:
        lottery.COLUMNS = 1
        parts = sheet.resolve()(values, disagreement)
    finally:
        lottery.COLUMNS = before
    assert parts.status is whole.status
    if whole.status is SettlementStatus.SETTLED:
        assert parts.values == pytest.approx(whole.values, abs=NEAR)


def test_a_hundred_thousand_packages_on_a_curve_and_something_to_lose():
    """Everybody must get some of it, so the best of each is no package that all accept."""
    first = np.linspace(0, 1, 100_001)
    curve = np.stack([first, 1 - first**2], axis=1)
    found = nash_lottery(curve, [0.25, 0.3])
    gains = curve - [0.25, 0.3]
    product = np.where((gains > 0).all(axis=1), gains.prod(axis=1), 0.0)
    assert found.gains.prod() == pytest.approx(product.max(), abs=1e-9)


@lotteries(Promise.INDIVIDUALLY_RATIONAL)
@given(seed=SEEDS)
@settings(max_examples=40)
def test_nobody_expects_less_than_without_a_deal(sheet, seed):
    values, disagreement, _ = random_values(seed)
    answer = sheet.resolve()(values, disagreement)
    if some_lottery_is_accepted(values, disagreement):
        assert answer.status is SettlementStatus.SETTLED
        assert (answer.gains >= -NEAR).all()
        assert answer.probabilities.sum() == pytest.approx(1.0)
        np.testing.assert_allclose(
            answer.probabilities @ values[answer.indices], answer.values, atol=1e-9
        )
        below = values[answer.indices] < disagreement - 1e-9
        assert answer.refused.tolist() == below.tolist()
        assert answer.holds_after_the_draw == (not below.any())
    else:
        assert answer.status is SettlementStatus.NO_GAIN
        assert not len(answer.indices)


@lotteries(Promise.PARETO_EFFICIENT)
@given(seed=SEEDS)
@settings(max_examples=40)
def test_no_lottery_is_better_for_all(sheet, seed):
    values, disagreement, _ = random_values(seed)
    answer = sheet.resolve()(values, disagreement)
    if not len(answer.indices):
        return
    more = linprog(
        -values.sum(axis=1),
        A_ub=-values.T,
        b_ub=-answer.values + 1e-9,
        A_eq=np.ones((1, len(values))),
        b_eq=[1.0],
    )
    assert -more.fun <= answer.values.sum() + 1e-5


@lotteries(Promise.SYMMETRIC)
@given(seed=SEEDS)
@settings(max_examples=30)
def test_relabelling_parties_relabels_the_lottery(sheet, seed):
    values, disagreement, rng = random_values(seed)
    order = rng.permutation(len(disagreement))
    plain = sheet.resolve()(values, disagreement)
    other = sheet.resolve()(values[:, order], disagreement[order])
    assert other.values == pytest.approx(
        plain.values[order] if len(plain.indices) else [], abs=NEAR
    )


@lotteries(Promise.SCALE_INVARIANT)
@given(seed=SEEDS, scale=st.floats(0.1, 10), shift=st.floats(-50, 50))
@settings(max_examples=30)
def test_a_partys_scale_does_not_move_the_lottery(sheet, seed, scale, shift):
    values, disagreement, rng = random_values(seed)
    plain = sheet.resolve()(values, disagreement)
    party = rng.integers(len(disagreement))
    values[:, party] = values[:, party] * scale + shift
    disagreement[party] = disagreement[party] * scale + shift
    other = sheet.resolve()(values, disagreement)
    assert other.status is plain.status
    if len(plain.indices):
        expected = plain.values.copy()
        expected[party] = expected[party] * scale + shift
        assert other.values == pytest.approx(expected, abs=1e-5)


@lotteries(Promise.TRANSLATION_INVARIANT)
@given(seed=SEEDS, shift=st.integers(-50, 50))
@settings(max_examples=30)
def test_a_partys_zero_does_not_move_the_lottery(sheet, seed, shift):
    values, disagreement, _ = random_values(seed)
    plain = sheet.resolve()(values, disagreement)
    other = sheet.resolve()(values + shift, disagreement + shift)
    assert other.values == pytest.approx(plain.values + shift, abs=NEAR)


@lotteries(Promise.INDEPENDENT)
@given(seed=SEEDS)
@settings(max_examples=30)
def test_packages_not_drawn_from_can_be_taken_away(sheet, seed):
    values, disagreement, rng = random_values(seed)
    answer = sheet.resolve()(values, disagreement)
    kept = rng.random(len(values)) < 0.5
    kept[answer.indices] = True
    if len(answer.indices):
        fewer = sheet.resolve()(values[kept], disagreement)
        assert fewer.values == pytest.approx(answer.values, abs=NEAR)


@lotteries(Promise.DETERMINISTIC)
@given(seed=SEEDS)
@settings(max_examples=10)
def test_same_question_same_lottery_and_inputs_unchanged(sheet, seed):
    values, disagreement, _ = random_values(seed)
    before = values.copy(), disagreement.copy()
    first = sheet.resolve()(values, disagreement).to_dict()
    values.flags.writeable = disagreement.flags.writeable = False
    assert sheet.resolve()(values, disagreement).to_dict() == first
    np.testing.assert_array_equal(values, before[0])
    np.testing.assert_array_equal(disagreement, before[1])


@given(seed=SEEDS)
@settings(max_examples=25)
def test_two_parties_against_every_pair_of_packages(seed):
    """The slow twin: all efficient lotteries of two parties lie between two packages."""
    values, disagreement, _ = random_values(seed, parties=2)
    values = values[:8]
    hoped = ideal(values, disagreement)
    if not np.isfinite(hoped).all() or (hoped <= 1e-6).any():
        return
    product = find_solver("nash-lottery").resolve()(values, disagreement)
    best = best_on_hull(values, disagreement, lambda gains: gains.prod(axis=1))
    assert np.prod(product.gains) == pytest.approx(best, rel=1e-6)
    assert product.gap < 1e-9
    share = find_solver("kalai-smorodinsky-lottery").resolve()(values, disagreement)
    best = best_on_hull(values, disagreement, lambda gains: (gains / hoped).min(axis=1))
    assert (share.gains / hoped).min() == pytest.approx(best, abs=1e-5)
    equal = find_solver("egalitarian-lottery").resolve()(values, disagreement)
    best = best_on_hull(values, disagreement, lambda gains: gains.min(axis=1))
    assert equal.gains.min() == pytest.approx(best, abs=1e-5)


@given(seed=SEEDS)
@settings(max_examples=20)
def test_the_nash_bound_holds_against_random_lotteries(seed):
    values, disagreement, rng = random_values(seed)
    answer = nash_lottery(values, disagreement)
    if not len(answer.indices) or (answer.gains <= 1e-6).any():
        return
    chances = rng.dirichlet(np.full(len(values), 0.2), size=500)
    gains = chances @ values - disagreement
    gains = gains[(gains > 0).all(axis=1)]
    if len(gains):
        assert np.log(gains).sum(axis=1).max() <= answer.criterion[0] + answer.gap + 1e-9
    assert len(answer.indices) <= len(disagreement) + 1


def test_three_parties_go_on_to_the_next_smallest_share():
    """The third gains in another package only; equal shares would leave it room at no cost."""
    values = [[1, 1, 0], [0, 0, 0], [1, 1, 5], [2, 0, 5]]
    answer = find_solver("egalitarian-lottery").resolve()(values, [0, 0, 0])
    assert answer.values == pytest.approx([1, 1, 5], abs=NEAR)


def test_what_a_lottery_is_not_asked():
    with pytest.raises(ProblemError, match="least: must be 2 finite numbers"):
        lottery_range([[0, 1], [1, 0]], [0, 0], least=[0])
    with pytest.raises(ProblemError, match="only a party can demand"):
        lottery_range([[0, 1], [1, 0]], [0, np.nan], least=[0, 0.5])
    assert not lottery_range([[0, 1], [1, 0]], [0.6, 0.6]).exists
