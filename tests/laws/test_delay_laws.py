"""Laws of the models of delay: what they promise holds by definition, whatever the numbers."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.errors import ProblemError
from servanda.solvers.attrition import attrition
from servanda.solvers.battle_learning import beta_posterior, type_posterior
from servanda.solvers.cheap_talk_mediator import cheap_talk_mediator
from servanda.solvers.optimal_mediation import optimal_mediation
from servanda.solvers.optimism_delay import learned_hopes, optimism_delay
from servanda.solvers.screening import screening_offer
from servanda.solvers.war_of_resources import war_of_resources

share = st.floats(0.05, 0.95)
seeds = st.integers(0, 10_000)


@given(share, st.integers(0, 9), st.integers(0, 9), share, share)
def test_battles_teach_the_same_in_any_order(prior, wins, losses, first, second):
    chances, held = [first, second], [prior, 1 - prior]
    at_once = type_posterior(held, chances, wins, losses)
    in_turn = type_posterior(type_posterior(held, chances, 0, losses), chances, wins, 0)
    assert in_turn == pytest.approx(at_once)
    later = beta_posterior((prior, first), wins, 0)
    assert beta_posterior((later.wins, later.losses), 0, losses) == beta_posterior(
        (prior, first), wins, losses
    )


@given(st.integers(1, 8), st.integers(1, 8), seeds)
def test_a_war_of_resources_looks_the_same_from_the_other_side(a, b, seed):
    p = np.random.default_rng(seed).random((a + 1, b + 1))
    found, other = war_of_resources(a, b, p), war_of_resources(b, a, 1 - p.T)
    assert found.wins[1:, 1:] == pytest.approx(1 - other.wins.T[1:, 1:])
    assert found.battles == pytest.approx(other.battles.T)


@settings(max_examples=40)
@given(share, share, st.integers(1, 9), st.floats(0.5, 1.0), st.integers(1, 4))
def test_waiting_to_persuade_is_that_of_the_tree_of_histories(first, second, dates, d, weight):
    m, n = first * weight, second * weight

    @cache
    def value(
        t, seen
    ):  # what each expects at date t, the first having been recognised `seen` times
        if t == dates:
            return 0.0, 0.0
        p = (m + seen) / (weight + t), (n + t - seen) / (weight + t)
        after = [value(t + 1, seen + 1), value(t + 1, seen)]  # by who is recognised
        rents = [max(0.0, 1 - d * (a + b)) for a, b in after]
        return (
            p[0] * (rents[0] + d * after[0][0]) + (1 - p[0]) * d * after[1][0],
            p[1] * (rents[1] + d * after[1][1]) + (1 - p[1]) * d * after[0][1],
        )

    found = optimism_delay(*learned_hopes(m, n, weight, dates), d, learning=True)
    assert found.values == pytest.approx(value(0, 0), abs=1e-9)


@given(share, st.integers(1, 60), st.floats(0.5, 0.999), st.booleans())
def test_without_optimism_nobody_waits(chance, dates, discount, learning):
    own = np.full(dates, chance), np.full(dates, 1 - chance)
    found = optimism_delay(*own, discount, learning=learning)
    assert found.first_date == 0
    assert found.total == pytest.approx(1.0)


@given(seeds)
def test_in_attrition_no_time_to_give_in_is_better_than_another(seed):
    rng = np.random.default_rng(seed)
    lost, cost, rate = rng.random((3, 2)) + 0.05
    won = lost + rng.random(2) + 0.05
    chance = 0.4 * (seed % 2)
    found = attrition(won, lost, cost, rate, at_once=(0.0, chance))
    for side in range(2):
        h = found.hazards[1 - side]
        r, c = rate[side], cost[side]
        for until in (0.0, 0.7, 5.0):
            gone = np.exp(-(h + r) * until)
            waiting = (h * won[side] - c) / (h + r) * (1 - gone) + gone * lost[side]
            at_start = found.at_once[1 - side]
            worth = at_start * won[side] + (1 - at_start) * waiting
            assert worth == pytest.approx(found.values[side])
    assert sum(found.first_to_give_in) == pytest.approx(1.0)


def random_types(rng, count):
    belief = rng.random(count)
    return rng.random(count) * 0.5, belief / belief.sum()


@given(seeds)
def test_no_other_demand_is_worth_more(seed):
    rng = np.random.default_rng(seed)
    costs, belief = random_types(rng, int(rng.integers(1, 6)))
    win, cost = rng.random(2)
    found = screening_offer(win, cost, costs, belief)
    for demand in np.linspace(0, 1, 201):
        war = belief[np.minimum(win + costs, 1) < demand - 1e-9].sum()
        assert (1 - war) * demand + war * (win - cost) <= found.value + 1e-9


@given(seeds)
def test_a_mediator_within_the_bounds_tells_the_truth_and_no_other(seed):
    rng = np.random.default_rng(seed)
    K, S = int(rng.integers(1, 4)), int(rng.integers(1, 4))
    costs = rng.random(K) * 0.5
    beliefs = rng.random((S, K))
    beliefs /= beliefs.sum(axis=1, keepdims=True)
    win, cost, war_cost = rng.random(3) * 0.6
    found = cheap_talk_mediator(win, cost, costs, beliefs, war_cost)

    def honest(bias):
        def worth(signal, said):
            demand = found.demands[said]
            accepts = np.minimum(win + costs, 1) >= demand - 1e-9
            peace = beliefs[signal][accepts].sum()
            return bias * (peace * demand + (1 - peace) * win) - (1 - peace) * war_cost

        return all(worth(s, s) >= worth(s, other) - 1e-9 for s in range(S) for other in range(S))

    if found.least_bias is None:
        assert not any(honest(bias) for bias in np.linspace(-4, 4, 41))
        return
    low, high = max(found.least_bias, -50.0), min(found.most_bias, 50.0)
    assert all(honest(bias) for bias in (low, high, (low + high) / 2))
    if found.least_bias > -50:
        assert not honest(found.least_bias - max(1e-3, 1e-3 * abs(low)))


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_a_mediators_rule_is_used_and_used_truthfully(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 4)), int(rng.integers(1, 4))
    prior = rng.random(n)
    prior /= prior.sum()
    wins = rng.random(n)
    war = np.stack([wins, 1 - wins], axis=-1) * rng.uniform(0.3, 1.0)
    found = optimal_mediation(prior, war)
    part = np.nan_to_num(found.share) * found.settles
    parts = part, found.settles - part
    for side in range(2):
        p, w = (prior, war[..., 0]) if side == 0 else (prior.T, war[..., 1].T)
        settles = found.settles if side == 0 else found.settles.T
        got = parts[side] if side == 0 else parts[side].T
        for own in range(n[side]):
            told = [p[own] @ (got[said] + (1 - settles[said]) * w[own]) for said in range(n[side])]
            assert told[own] >= max(told) - 1e-7
            assert told[own] >= p[own] @ w[own] - 1e-7
            assert told[own] / p[own].sum() == pytest.approx(found.values[side][own], abs=1e-7)
    least = [
        max(prior[t] @ war[t, :, 0] / prior[t].sum() for t in range(n[0])),
        max(prior[:, t] @ war[:, t, 1] / prior[:, t].sum() for t in range(n[1])),
    ]
    if sum(least) <= 1:  # one division suits all types
        assert found.peace == pytest.approx(1.0)


@given(seeds)
def test_the_same_question_has_the_same_answer(seed):
    rng = np.random.default_rng(seed)
    hopes = rng.random((2, 30))
    assert optimism_delay(*hopes, 0.9).to_dict() == optimism_delay(*hopes, 0.9).to_dict()
    costs, belief = random_types(rng, 3)
    assert screening_offer(0.5, 0.1, costs, belief) == screening_offer(0.5, 0.1, costs, belief)
    game = np.full((2, 2), 0.25), rng.random((2, 2, 2)) * 0.6
    assert optimal_mediation(*game).to_dict() == optimal_mediation(*game).to_dict()


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: beta_posterior((0, 1), 1, 1), "prior"),
        (lambda: type_posterior([0.5, 0.6], [0.5, 0.5], 1, 1), "sum to 1"),
        (lambda: type_posterior([0.5, 0.5], [1.0, 1.0], 0, 1), "no type"),
        (lambda: war_of_resources(0, 2, 0.5), "first"),
        (lambda: war_of_resources(2, 2, 1.5), "chance"),
        (lambda: optimism_delay([0.5], [0.5, 0.5], 0.9), "dates"),
        (lambda: optimism_delay([0.5], [1.5], 0.9), "chances"),
        (lambda: optimism_delay([0.5], [0.5], 0.0), "discount"),
        (lambda: learned_hopes(3, 1, 2, 5), "weight"),
        (lambda: attrition(1, 1, 0.1), "won"),
        (lambda: attrition(1, 0, -0.1), "cost"),
        (lambda: attrition(1, 0, 0.1, at_once=(0.1, 0.1)), "at_once"),
        (lambda: screening_offer(1.5, 0.1, [0.1], [1.0]), "win"),
        (lambda: optimal_mediation([[0.5]], [[[0.1, 0.1]]]), "sum to 1"),
        (lambda: cheap_talk_mediator(0.5, 0.1, [0.1], [[1.0]], -1), "war_cost"),
    ],
)
def test_bad_input_is_named(ask, words):
    with pytest.raises(ProblemError, match=words):
        ask()
