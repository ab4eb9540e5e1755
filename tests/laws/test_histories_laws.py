"""Laws of histories, each with the limits inside which it is true."""

from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from servanda.problems.chance import LogitNoise, chance_game, without_chance
from servanda.problems.histories_game import histories_game
from servanda.problems.implementation import implementation_game
from servanda.problems.talks import talks_game
from servanda.results.histories import COLUMNS, HistoryDraws, Outcome, Phase, gather_histories
from servanda.solvers.chance_plan import evaluate_with_chance
from servanda.solvers.histories import simulate_histories, simulate_policies
from servanda.solvers.history_summary import summarise_histories
from servanda.solvers.plan_moments import plan_moments
from servanda.solvers.talks_game import solve_talks
from twins.chance_by_definition import random_chance
from twins.plan_by_definition import all_orders
from twins.test_histories_twin import FAR, near, random_histories, signed_at_once

laws = settings(max_examples=40, deadline=None)
seeds = st.integers(0, 2**32)
N = 2_000


def same(one, other):
    return all(
        np.array_equal(getattr(one, field.name), getattr(other, field.name))
        for field in fields(HistoryDraws)
    )


def with_plans(problem, **changed):
    return replace(problem, plans=replace(problem.plans, **changed))


@laws
@given(seeds)
def test_nobody_breaks_what_has_no_hazard(seed):
    problem = random_histories(np.random.default_rng(seed))
    none = np.zeros_like
    calm = with_plans(
        problem, hazard=none(problem.plans.hazard), step_fails=none(problem.plans.step_fails)
    )
    found = simulate_histories(calm, N, seed=seed)
    assert (found.broken == -1).all()
    in_force = found.in_force >= 0
    assert np.isin(found.outcome[in_force], [Outcome.KEPT, Outcome.DIVIDED]).all()


@laws
@given(seeds)
def test_what_is_sure_to_be_broken_is_broken_as_it_begins(seed):
    problem = random_histories(np.random.default_rng(seed))
    K = len(problem.way_actor)
    assume(K > 0)
    sure = with_plans(problem, hazard=np.broadcast_to(np.eye(K)[-1], problem.plans.hazard.shape))
    found = simulate_histories(sure, N, seed=seed)
    begun = (found.in_force >= 0) & (found.deal >= 0)
    begun[begun] &= problem.plan_of[found.line_at_signing[begun], found.deal[begun]] >= 0
    assert (found.broken[begun] == found.in_force[begun]).all()
    assert (found.way[begun] == K - 1).all()


@laws
@given(st.floats(0, 0.2), st.floats(0, 0.2), st.floats(0, 0.2), seeds)
def test_without_deals_the_war_survives_as_wars_do(a, b, ice, seed):
    talks = talks_game(
        months=6, positions=5, start=2, tempo=0.5, gives_way=[a, b], freeze=ice, discount=0.99
    )
    found = simulate_histories(histories_game(talks, solve_talks(talks)), N, seed=seed)
    months = np.arange(121)
    chance = ((1 - a - b) * (1 - ice)) ** months
    assert near(found.phases[0, :, Phase.WAR] / N, chance, N).all()
    assert (found.agreed == -1).all()


@laws
@given(seeds)
def test_precise_choice_keeps_what_exact_play_keeps(seed):
    """As noise goes: a plan is kept by all histories if it is self-enforcing, and by none if not.

    Nobody reconsiders by halves here: everybody does many times a month.
    """
    rng = np.random.default_rng(seed)
    game = without_chance(random_chance(rng, int(rng.integers(1, 4)), 2))
    plans = list(all_orders(game.problem))
    plan = plans[rng.integers(len(plans))]
    exact = evaluate_with_chance(game, plan)
    assume(abs(exact.margin) > 0.01)
    noise = LogitNoise(50.0, 1e5)
    for one in (None, noise):
        moments = plan_moments(game, plan, noise=one, horizon=60)
        problem = signed_at_once((moments, game.problem.discount), [0, 1], 60)
        found = simulate_histories(problem, 50, seed=seed)
        assert ((found.outcome == Outcome.KEPT) == exact.self_enforcing).all()


@laws
@given(seeds, st.floats(0, 1))
def test_smaller_hazards_keep_more_history_by_history(seed, factor):
    problem = random_histories(np.random.default_rng(seed))
    calmer = with_plans(problem, hazard=factor * problem.plans.hazard)
    before, after = (simulate_histories(one, N, seed=seed) for one in (problem, calmer))
    for name in ("agreed", "deal", "in_force"):
        assert np.array_equal(getattr(before, name), getattr(after, name))
    assert (after.outcome == Outcome.KEPT)[before.outcome == Outcome.KEPT].all()


@laws
@given(seeds, st.floats(0, 1))
def test_surer_votes_let_more_through_history_by_history(seed, share):
    problem = random_histories(np.random.default_rng(seed))
    surer = with_plans(problem, passes=1 - share * (1 - problem.plans.passes))
    before, after = (simulate_histories(one, N, seed=seed) for one in (problem, surer))
    assert np.array_equal(before.agreed, after.agreed)
    assert (after.in_force >= 0)[before.in_force >= 0].all()


def test_a_more_credible_guarantee_keeps_more_history_by_history():
    """The guarantee first, then the land: only who may attack after the handover is tempted."""

    def game(g):
        return implementation_game(
            ["north", "south"],
            ["land", "guarantee"],
            discount=0.9,
            months=3,
            belligerent={"north": True, "south": False},
            flow=lambda done: [55 + 10 * ("land" in done), 55 - 10 * ("land" in done)],
            attack=lambda done: [
                40 + 35 * ("land" in done) - 40 * g * ("guarantee" in done),
                40 - 35 * ("land" in done),
            ],
        )

    kept = []
    for g in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        moments = plan_moments(
            chance_game(game(g)), ["guarantee", "land"], noise=LogitNoise(0.1, 0.2)
        )
        found = simulate_histories(signed_at_once((moments, [0.9, 0.9]), [0, 1], 120), N, seed=1)
        kept.append(found.outcome == Outcome.KEPT)
    for less, more in pairwise(kept):
        assert more[less].all()
    assert kept[0].mean() < 0.05 < 0.5 < kept[-1].mean()


@laws
@given(seeds)
def test_a_longer_horizon_begins_like_a_shorter_one(seed):
    problem = random_histories(np.random.default_rng(seed))
    longer = replace(problem, horizon=problem.horizon + 5)
    H = problem.horizon
    short, long = (simulate_histories(one, 300, seed=seed) for one in (problem, longer))
    assert np.array_equal(short.line, long.line[:, : H + 1])
    assert np.array_equal(short.phases[:, :H], long.phases[:, :H])
    for name in ("agreed", "in_force", "broken"):
        early = np.where(getattr(long, name) < H, getattr(long, name), -1)
        assert np.array_equal(np.where(getattr(short, name) < H, getattr(short, name), -1), early)


@laws
@given(seeds)
def test_every_month_finds_every_history_somewhere(seed):
    problem = random_histories(np.random.default_rng(seed))
    found = simulate_histories(problem, N, seed=seed)
    assert (found.phases.sum(axis=2) == N).all()
    at_war = found.phases[..., Phase.WAR] + found.phases[..., Phase.TRUCE]
    assert np.array_equal(found.line.sum(axis=2), at_war)
    ends = [found.ended, found.broken, found.agreed, found.completed]
    assert max(column.max() for column in ends) <= problem.horizon


@settings(max_examples=10, deadline=None)
@given(seeds)
def test_lots_and_threads_do_not_matter(seed):
    rng = np.random.default_rng(seed)
    problem = random_histories(rng, horizon=8)
    problems = [problem, with_plans(problem, hazard=0.5 * problem.plans.hazard), problem]
    count = 9_001
    alone, shared = (
        gather_histories(
            simulate_policies(problems.__getitem__, 3, count, seed=seed, threads=threads)
        )
        for threads in (1, 3)
    )
    assert same(alone, shared)
    whole = gather_histories(
        simulate_histories(one, count // 3 + (k < count % 3), seed=seed, policy=k)
        for k, one in enumerate(problems)
    )
    cut = int(rng.integers(0, 3_001))
    parts = [
        simulate_histories(one, n, seed=seed, policy=k, first=first)
        for k, one in enumerate(problems)
        for share in [count // 3 + (k < count % 3)]
        for first, n in ((0, cut), (cut, share - cut))
    ]
    for name in COLUMNS:
        assert np.array_equal(getattr(whole, name), getattr(gather_histories(parts), name))
        assert np.array_equal(getattr(whole, name), getattr(alone, name))
    mixed = [parts[i] for i in rng.permutation(len(parts))]
    assert summarise_histories(mixed).to_dict() == summarise_histories([whole]).to_dict()


def test_policies_share_no_numbers():
    problem = random_histories(np.random.default_rng(5))
    one, other = (simulate_histories(problem, N, seed=1, policy=k) for k in (0, 1))
    assert not np.array_equal(one.value_a, other.value_a)
    error = FAR * np.hypot(one.value_a.std(), other.value_a.std()) / np.sqrt(N)
    assert one.value_a.mean() == pytest.approx(other.value_a.mean(), abs=error)
