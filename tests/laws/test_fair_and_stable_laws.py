"""Promises of divisions, improvements, offers, payments and pressure, tested as axioms."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from servanda.errors import ProblemError
from servanda.results.bargaining import OffersStatus
from servanda.solvers.adjusted_winner import adjusted_winner
from servanda.solvers.alternating_offers import alternating_offers, offers_over_packages
from servanda.solvers.bargaining_range import bargaining_range
from servanda.solvers.credibility import credibility
from servanda.solvers.mediator_pressure import mediator_pressure
from servanda.solvers.pareto import pareto_front
from servanda.solvers.post_settlement import post_settlement
from servanda.solvers.ratification_offer import ratification_offer, ratification_share
from servanda.solvers.side_payment import Fund, side_payments

SEEDS = st.integers(0, 2**32 - 1)


def random_points(seed):
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 12, size=(int(rng.integers(1, 8)), 2)).astype(float)
    points[0] += 1
    return points


# ---- Adjusted Winner


@given(SEEDS)
def test_adjusted_winner_is_equitable_and_nobody_envies(seed):
    points = random_points(seed)
    division = adjusted_winner(points)
    weight = 100 * points / points.sum(axis=0)
    assert ((division.shares >= 0) & (division.shares <= 1)).all()
    assert division.totals[0] == pytest.approx(division.totals[1])
    assert division.totals == pytest.approx(
        [division.shares @ weight[:, 0], (1 - division.shares) @ weight[:, 1]]
    )
    assert (division.totals >= 50 - 1e-9).all()
    shared = np.flatnonzero((division.shares > 0) & (division.shares < 1))
    assert shared.tolist() == ([] if division.split is None else [division.split])


@given(SEEDS)
@settings(max_examples=40)
def test_adjusted_winner_leaves_no_division_better_for_both(seed):
    points = random_points(seed)
    division = adjusted_winner(points)
    weight = 100 * points / points.sum(axis=0)
    # the most side 1 can have while side 2 keeps what it has
    best = linprog(
        -weight[:, 0],
        A_ub=weight[:, 1][np.newaxis],
        b_ub=[100 - division.totals[1] + 1e-9],
        bounds=(0, 1),
    )
    assert -best.fun <= division.totals[0] + 1e-6


@given(SEEDS, st.floats(0.1, 10))
def test_adjusted_winner_does_not_depend_on_a_sides_scale(seed, scale):
    points = random_points(seed)
    points += np.random.default_rng(seed).uniform(0, 0.01, size=points.shape)  # no ties
    plain = adjusted_winner(points)
    before = points.copy()
    again = adjusted_winner(points * [scale, 1.0])
    assert again.shares == pytest.approx(plain.shares)
    assert (points == before).all()
    assert adjusted_winner(points).to_dict() == plain.to_dict()


# ---- post-settlement improvement


@given(SEEDS)
def test_an_improvement_is_one_for_everybody_and_the_fairest(seed):
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 6, size=(int(rng.integers(1, 25)), int(rng.integers(1, 4))))
    tentative = int(rng.integers(len(values)))
    better = post_settlement(values, tentative)
    no_worse = values[(values >= values[tentative]).all(axis=1)]
    assert (better.values >= values[tentative]).all()
    assert not ((values >= better.values).all(axis=1) & (values > better.values).any(axis=1)).any()
    gains = (no_worse - values[tentative]).min(axis=1)
    assert better.gains.min() == gains.max()
    assert post_settlement(values, better.index).index == better.index  # nothing more to gain
    order = rng.permutation(values.shape[1])
    relabelled = post_settlement(values[:, order], tentative)
    assert sorted(relabelled.gains) == sorted(better.gains)
    assert post_settlement(values + 7, tentative).index == better.index


def test_a_deal_that_cannot_be_improved_stands():
    better = post_settlement([[1, 5], [3, 3], [3, 3]], 2)
    assert better.index == 2
    with pytest.raises(ProblemError, match="tentative: row 3"):
        post_settlement([[1, 5], [3, 3], [3, 3]], 3)


# ---- alternating offers


def backwards(discounts, outside, risk, breakdown, rounds):
    """The finite game by definition: (x, y) when the last refusal leaves nothing."""
    value = np.zeros(2)  # after the last round
    shares = {}
    for turn in range(rounds - 1, -1, -1):
        offerer, responder = turn % 2, 1 - turn % 2
        wait = [risk * breakdown[i] + (1 - risk) * discounts[i] * value[i] for i in range(2)]
        keeps = max(outside[responder], wait[responder])
        value = np.zeros(2)
        value[offerer], value[responder] = 1 - keeps, keeps
        shares[turn % 2] = value[0]
    return shares[0], shares[1]


@given(SEEDS)
@settings(max_examples=60)
def test_alternating_offers_are_the_limit_of_the_finite_game(seed):
    rng = np.random.default_rng(seed)
    discounts, risk = rng.uniform(0.3, 0.95, size=2), float(rng.choice([0.0, 0.2]))
    outside, breakdown = rng.uniform(0, 0.45, size=2), rng.uniform(0, 0.45, size=2)
    found = alternating_offers(discounts, outside=outside, risk=risk, breakdown=breakdown)
    assert found.status is OffersStatus.AGREED
    expected = backwards(discounts, outside, risk, breakdown, 800)
    assert (found.first_offer, found.second_offer) == pytest.approx(expected, abs=1e-9)
    # no other answer pays: what a responder is left is just what refusing gives it
    stay = (1 - risk) * discounts
    waits = risk * breakdown[1] + stay[1] * (1 - found.second_offer)
    assert 1 - found.first_offer == pytest.approx(max(outside[1], waits))
    # no other offer pays: asking for more is refused, and being refused is worse than this
    refused = risk * breakdown[0] + stay[0] * found.second_offer
    assert found.first_offer >= refused - 1e-12
    again = alternating_offers(discounts, outside=outside, risk=risk, breakdown=breakdown)
    assert again.to_dict() == found.to_dict()


def test_no_agreement_when_both_have_more_elsewhere():
    found = alternating_offers([0.9, 0.9], outside=[0.6, 0.6])
    assert found.status is OffersStatus.NO_OFFER
    assert np.isnan(found.first_offer)
    assert alternating_offers([0.9, 0.9], outside=[-np.inf, 0.6]).binding[0] == "outside option"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"discounts": [1, 1]}, "one must be below 1"),
        ({"discounts": [0.9]}, "two numbers each"),
        ({"discounts": [0.9, 1.2]}, r"must be in \(0, 1\]"),
        ({"discounts": [0.9, 0.9], "risk": 1.0}, "below 1"),
        ({"discounts": [0.9, 0.9], "outside": [np.nan, 0]}, "must be finite"),
    ],
)
def test_what_is_no_game_of_offers_is_said(arguments, words):
    with pytest.raises(ProblemError, match=words):
        alternating_offers(**arguments)


def by_game_tree(gains, discounts, outside, risk, breakdown, turn, rounds):
    """Value of a round to both, by definition: the offerer tries every package."""
    if turn == rounds:
        return np.zeros(2)
    offerer, responder = turn % 2, 1 - turn % 2
    ahead = np.zeros(2)
    if turn < rounds - 1:
        later = by_game_tree(gains, discounts, outside, risk, breakdown, turn + 1, rounds)
        ahead = risk * breakdown + (1 - risk) * discounts * later
    refused = outside if outside[responder] > ahead[responder] + 1e-9 else ahead
    accepted = [g for g in gains if g[responder] >= refused[responder] - 1e-9]
    if not accepted:
        return refused
    best = max(accepted, key=lambda g: (g[offerer], g[responder]))
    return best if best[offerer] >= refused[offerer] - 1e-9 else refused


@given(SEEDS, st.integers(1, 6))
@settings(max_examples=60)
def test_offers_over_packages_are_those_of_the_game_tree(seed, rounds):
    rng = np.random.default_rng(seed)
    values = rng.integers(-2, 9, size=(int(rng.integers(1, 10)), 2)).astype(float)
    base = rng.integers(-2, 3, size=2).astype(float)
    discounts, risk = rng.uniform(0.5, 1, size=2), float(rng.choice([0.0, 0.3]))
    outside, breakdown = rng.uniform(-1, 2, size=2), rng.uniform(-1, 2, size=2)
    found = offers_over_packages(
        values, base, discounts, rounds=rounds, outside=outside, risk=risk, breakdown=breakdown
    )
    expected = by_game_tree(values - base, discounts, outside, risk, breakdown, 0, rounds)
    assert found.gains == pytest.approx(expected)
    if found.index is not None:
        assert values[found.index] - base == pytest.approx(expected)


def test_offers_over_a_fine_pie_approach_rubinstein():
    share = np.linspace(0, 1, 4001)
    values = np.stack([share, 1 - share], axis=1)
    found = offers_over_packages(values, [0, 0], [0.9, 0.8], rounds=101)
    assert found.gains == pytest.approx(alternating_offers([0.9, 0.8]).shares, abs=5e-3)


# ---- offers against a ratifier


@given(SEEDS)
def test_no_other_offer_expects_more(seed):
    rng = np.random.default_rng(seed)
    worth, chance = rng.normal(3, 4, size=12), rng.uniform(size=12)
    base, cost = float(rng.normal()), float(rng.uniform(0, 3))
    found = ratification_offer(worth, chance, base, failure_cost=cost)
    expected = [p * u + (1 - p) * (base - cost) for u, p in zip(worth, chance, strict=True)]
    assert found.expected == pytest.approx(max(*expected, base))
    assert (found.index is None) == (max(expected) < base - 1e-9)
    assert ratification_offer(worth, chance, base, failure_cost=cost).to_dict() == found.to_dict()


@given(st.floats(0, 0.9), st.floats(0, 0.9), st.floats(0.001, 0.5))
def test_the_best_share_is_the_best_of_a_fine_list(disagreement, low, width):
    high = min(low + width, 1.0)
    found = ratification_share(disagreement, low, high)
    shares = np.linspace(0, 1, 20_001)
    passes = np.clip((1 - shares - low) / (high - low), 0, 1)
    listed = ratification_offer(shares, passes, disagreement)
    assert found.expected == pytest.approx(listed.expected, abs=1e-4)
    assert found.expected >= listed.expected - 1e-9


def test_what_is_no_offer_is_said():
    for arguments in (([1.0], [1.2], 0), ([1.0, 2.0], [0.5], 0), ([np.nan], [0.5], 0)):
        with pytest.raises(ProblemError):
            ratification_offer(*arguments)
    with pytest.raises(ProblemError):
        ratification_share(0, 0.6, 0.5)
    assert ratification_share(0.9, 0.5, 0.5).index is None


# ---- side payments


@given(SEEDS)
@settings(max_examples=60)
def test_side_payments_are_least_and_leave_nobody_short(seed):
    rng = np.random.default_rng(seed)
    n_actors = int(rng.integers(1, 5))
    values = rng.integers(-6, 7, size=(6, n_actors)).astype(float)
    base = np.zeros(n_actors)
    limits = rng.integers(0, 6, size=n_actors).astype(float)
    funds = [
        Fund(
            f"fund {n}",
            float(rng.integers(0, 5)),
            tuple(np.flatnonzero(rng.random(n_actors) < 0.5)),
        )
        for n in range(int(rng.integers(0, 3)))
    ]
    found = side_payments(values, base, limits=limits, funds=funds)
    for row, gains in enumerate(values):
        paid = least_by_program(gains, limits, funds)
        assert found.feasible[row] == (paid is not None)
        assert found.needed[row] == pytest.approx(np.inf if paid is None else paid, abs=1e-6)
    if found.cheapest is not None:
        assert (values[found.cheapest] + found.payment >= -1e-6).all()
        received = np.maximum(found.payment, 0).sum()
        assert received == pytest.approx(found.needed[found.cheapest], abs=1e-6)
        assert found.payment.sum() == pytest.approx(found.from_funds.sum(), abs=1e-6)
        assert (
            -found.payment <= np.minimum(np.maximum(values[found.cheapest], 0), limits) + 1e-6
        ).all()
        for fund, drawn in zip(funds, found.from_funds, strict=True):
            assert drawn <= fund.amount + 1e-9
    again = side_payments(values, base, limits=limits, funds=funds)
    assert again.to_dict() == found.to_dict()


def least_by_program(gains, limits, funds):
    """The transport problem of one package, all flows written out."""
    n = len(gains)
    spare = np.minimum(np.maximum(gains, 0), limits)
    payers = [("party", i, spare[i], range(n)) for i in range(n)]
    payers += [("fund", f, fund.amount, fund.reaches) for f, fund in enumerate(funds)]
    flows = [(p, i) for p, payer in enumerate(payers) for i in payer[3]]
    if not flows:
        return 0.0 if (gains >= 0).all() else None
    rows, limit = [], []
    for p, payer in enumerate(payers):
        rows.append([1.0 if flow[0] == p else 0.0 for flow in flows])
        limit.append(payer[2])
    for i in range(n):
        received = [-1.0 if flow[1] == i and flow[0] != i else 0.0 for flow in flows]
        rows.append(received)
        limit.append(min(gains[i], 0.0))
    answer = linprog(np.ones(len(flows)), A_ub=np.array(rows), b_ub=np.array(limit))
    if answer.status != 0:
        return None
    return float(answer.fun)


def test_funds_named_first_are_drawn_first():
    funds = [Fund("frozen assets", 3, (1,)), Fund("aid", 10)]
    found = side_payments([[4.0, -5.0]], [0, 0], funds=funds)
    assert found.needed.tolist() == [5.0]
    assert found.from_funds.tolist() == pytest.approx([3.0, 2.0])
    assert found.payment.tolist() == pytest.approx([0.0, 5.0])
    for wrong in (Fund("x", -1), Fund("x", 1, (4,)), Fund("x", np.inf)):
        with pytest.raises(ProblemError, match="fund 'x'"):
            side_payments([[1.0]], [0], funds=[wrong])
    with pytest.raises(ProblemError, match="limits"):
        side_payments([[1.0]], [0], limits=[-1])


# ---- pressure


@given(SEEDS)
def test_pressure_only_opens_and_what_lasts_is_what_was_open_before(seed):
    rng = np.random.default_rng(seed)
    values = rng.integers(-4, 9, size=(20, 3)).astype(float)
    base, pressure = rng.integers(-3, 4, size=3).astype(float), rng.uniform(0, 3, size=3)
    found = mediator_pressure(values, base, pressure)
    by_hand = [all(v >= d for v, d in zip(row, base, strict=True)) for row in values]
    assert found.durable.tolist() == by_hand
    assert (found.pressed | ~found.durable).all()
    assert (found.lapses == (found.pressed & ~found.durable)).all()
    assert (values[found.pressed] >= base - pressure - 1e-9).all()
    if found.pressed.any():
        assert found.low.tolist() == values[found.pressed].min(axis=0).tolist()
    assert mediator_pressure(values, base, pressure).to_dict() == found.to_dict()
    with pytest.raises(ProblemError, match="pressure: must not be negative"):
        mediator_pressure(values, base, -pressure - 1)


# ---- what both sides prefer to war, and a guarantor to staying out


@given(st.floats(-0.5, 1.2), st.floats(-0.5, 1.2))
def test_a_division_in_the_range_leaves_neither_side_below_war(war_a, war_b):
    found = bargaining_range(war_a, war_b)
    assert bargaining_range(war_a, war_b).to_dict() == found.to_dict()
    if found.exists:
        for share in (found.low, found.high):
            assert share >= war_a - 1e-9
            assert 1 - share >= war_b - 1e-9
    else:
        assert max(war_a, 0) > min(1, 1 - war_b)


def test_credibility_is_a_function_of_its_arguments():
    rng = np.random.default_rng(3)
    interest, stake, cost = rng.uniform(0, 1, size=(3, 20))
    kept = [row.copy() for row in (interest, stake, cost)]
    first = credibility(interest, stake, cost + 0.1)
    np.testing.assert_array_equal(credibility(interest, stake, cost + 0.1), first)
    for before, after in zip(kept, (interest, stake, cost), strict=True):
        np.testing.assert_array_equal(before, after)


def test_frontiers_and_improvements_agree():
    values = np.array(list(itertools.product(range(4), repeat=3)), dtype=float)
    assert pareto_front(values).indices.tolist() == [63]
    assert post_settlement(values, 0).index == 63
