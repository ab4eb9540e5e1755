"""Histories against a plain walk with the same numbers, and their shares against exact chances."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.problems.chance import LogitNoise
from servanda.problems.histories_game import histories_game
from servanda.problems.talks import talks_game
from servanda.results.histories import COLUMNS, Outcome, Phase
from servanda.solvers.chance_plan import evaluate_with_chance
from servanda.solvers.histories import simulate_histories
from servanda.solvers.plan_moments import plan_moments
from servanda.solvers.talks_game import solve_talks
from twins.chance_by_definition import random_chance
from twins.histories_by_definition import kept_for, passes, walk
from twins.plan_by_definition import all_orders
from twins.test_talks_twin import random_game


def random_histories(rng, **given_):
    talks = random_game(rng)
    F, C, M = talks.positions, talks.deals.shape[1], talks.months
    R, Q, G, K, W, T = (
        int(rng.integers(*one)) for one in ((1, 4), (1, 5), (0, 6), (0, 4), (1, 3), (0, 3))
    )
    L = int(rng.integers(1, 4))
    lasts = rng.random((R, Q)) < 0.7
    lasts[:, -1] = True
    stages = rng.integers(0, 4, R)
    starts = rng.dirichlet([1] * T + [2], size=M)[:, :T].T if T else np.zeros((0, M))
    arguments = {
        "horizon": int(rng.integers(1, 14)),
        "rows": R,
        "moments": Q,
        "gates": G,
        "truces": T,
        "war_months": L,
        "plan_of": rng.integers(-1, R, (F, C)),
        "way_actor": rng.integers(0, 4, K),
        "passes": rng.uniform(0.5, 1, (R, G)),
        "ratify_months": rng.integers(0, 3, R),
        "stages": stages,
        "stage": np.minimum(np.sort(rng.integers(0, 4, (R, Q)), axis=1), stages[:, None]),
        "lasts": lasts,
        "fights": rng.random((R, Q)) < 0.3,
        "hazard": rng.dirichlet([0.3] * K + [3], size=(R, Q))[..., :K],
        "step_fails": np.where(rng.random((R, Q)) < 0.3, rng.uniform(0, 0.5, (R, Q)), 0.0),
        "flow": rng.uniform(0, 10, (R, Q, 2)),
        "war_after": rng.integers(-1, W, (R, Q, K)),
        "pocketed": rng.uniform(0, 10, (R, Q, K, 2)),
        "failed": rng.uniform(0, 10, (R, Q, 2)),
        "war_start": rng.integers(0, F, W),
        "war_tempo": rng.random((W, L, F)),
        "war_chance": rng.random((W, L, F)),
        "war_gives_way": rng.dirichlet([0.3, 0.3, 5], size=(W, L, F))[..., :2],
        "war_freeze": rng.uniform(0, 0.2, (W, L)),
        "war_month": rng.uniform(-1, 2, (W, L, F, 2)),
        "war_frozen": rng.uniform(0, 8, (W, F, 2)),
        "truce_starts": starts,
        "truce_breaks": rng.dirichlet([0.5, 0.5, 2], size=(T, M))[..., :2],
        "truce_month": rng.uniform(0, 1, (T, 2)),
        "truce_tired": rng.random((T, 2)),
        "truce_tempo": rng.random(T),
        "truce_stops": rng.random((T, 2)) < 0.5,
    }
    return histories_game(talks, solve_talks(talks), **(arguments | given_))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32))
def test_columns_are_those_of_a_plain_walk(seed):
    rng = np.random.default_rng(seed)
    problem = random_histories(rng)
    policy, first, count = int(rng.integers(0, 9)), int(rng.integers(0, 50)), 12
    found = simulate_histories(problem, count, seed=seed, policy=policy, first=first)
    phases, line = np.zeros_like(found.phases[0]), np.zeros_like(found.line[0])
    struck = np.zeros_like(found.struck[0])
    for which in range(count):
        row, phase, where, levels = walk(problem, seed, policy, first + which)
        row["outcome"] = Outcome[row["outcome"]]
        told = {name: getattr(found, name)[which] for name in COLUMNS}
        assert {name: told[name] for name in COLUMNS[:-2]} == {
            name: row[name] for name in COLUMNS[:-2]
        }
        assert told["value_a"] == pytest.approx(row["value_a"])
        assert told["value_b"] == pytest.approx(row["value_b"])
        for month, name in phase.items():
            phases[month, Phase[name]] += 1
        for month, position in where.items():
            line[month, position] += 1
        for month, side, level in levels:
            struck[month, side, level] += 1
    assert (found.struck[0] == struck).all()
    assert (found.phases[0] == phases).all()
    assert (found.line[0] == line).all()


def test_every_ending_is_walked():
    """The random problems above reach every outcome and every phase."""
    rng = np.random.default_rng(3)
    outcomes, phases = set(), np.zeros(len(Phase), np.int64)
    for number in range(200):
        found = simulate_histories(random_histories(rng), 50, seed=number)
        outcomes |= set(found.outcome.tolist())
        phases += found.phases[0].sum(axis=0)
    assert outcomes == set(Outcome)
    assert (phases > 0).all()


N = 20_000
FAR = 4.5
"""Standard errors beyond which a share would surprise,"""
FEW = 6
"""and histories, where so rare a thing is counted that the errors say little."""


def near(share, chance, number=N):
    error = np.sqrt(np.maximum(chance * (1 - chance), 0) / number)
    return np.abs(share - chance) <= FAR * error + FEW / number + 1e-12


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_the_war_and_its_end_are_those_of_the_exact_forward_pass(seed):
    """Without truces or votes the months of the talks are the talks game followed forward."""
    rng = np.random.default_rng(seed)
    talks = random_game(rng)
    solution = solve_talks(talks)
    M = talks.months
    found = simulate_histories(histories_game(talks, solution, horizon=M), N, seed=seed)
    phases = found.phases[0] / N
    assert near(phases[:, Phase.WAR], solution.fighting).all()
    assert near(found.line[0] / N, solution.line).all()
    agreed = np.bincount(found.agreed[found.agreed >= 0], minlength=M)[:M] / N
    assert near(agreed, solution.agreement).all()
    signed = found.deal >= 0
    deals = np.bincount(found.deal[signed], minlength=talks.deals.shape[1]) / N
    assert near(deals, solution.signed.sum(axis=(0, 1))).all()
    ended = np.bincount(found.outcome, minlength=len(Outcome)) / N
    assert near(ended[[Outcome.A_GAVE_WAY, Outcome.B_GAVE_WAY]], solution.given_way.sum(0)).all()
    assert near(ended[[Outcome.LOW_END, Outcome.HIGH_END]], solution.absorbed.sum(0)).all()
    assert near(ended[[Outcome.A_GAVE_IN, Outcome.B_GAVE_IN]], solution.yielded.sum(0)).all()
    assert near(ended[Outcome.FROZEN], solution.frozen.sum())


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_votes_and_peace_are_those_of_the_hazards(seed):
    rng = np.random.default_rng(seed)
    problem = random_histories(rng)
    found = simulate_histories(problem, N, seed=seed)
    signed = found.deal >= 0
    row = (
        np.where(signed, problem.plan_of[found.line_at_signing, found.deal], -1)
        if signed.any()
        else np.full(N, -1)
    )
    for plan in range(len(problem.plans.stages)):
        voted = (row == plan) & (found.outcome != Outcome.AWAITING_VOTE)
        through = voted & (found.in_force >= 0)
        if voted.any():
            assert near(through.sum() / voted.sum(), passes(problem, plan), voted.sum())
        lasted = np.where(found.broken >= 0, found.broken, problem.horizon) - found.in_force
        for months in range(1, problem.horizon + 1):
            here = through & (found.in_force + months <= problem.horizon)
            if here.any():
                share = (lasted[here] >= months).mean()
                assert near(share, kept_for(problem, plan, months), here.sum())


def signed_at_once(moments, sides, horizon):
    """Histories that all begin with the signature of one plan."""
    talks = talks_game(months=1, recognised=[1, 0, 0], deals=[[1.0, 1.0]], discount=moments[1])
    plan = moments[0]
    return histories_game(
        talks,
        solve_talks(talks),
        horizon=horizon,
        moments=len(plan.stage),
        way_actor=plan.way_actor,
        stages=plan.stages,
        stage=plan.stage,
        lasts=plan.lasts,
        fights=plan.fights,
        hazard=plan.hazard,
        step_fails=plan.step_fails,
        flow=plan.flow[:, sides],
        pocketed=plan.after[:, :, sides],
        failed=plan.failed[:, sides],
    )


@pytest.mark.parametrize("block", range(12))
def test_plans_are_kept_and_broken_as_the_chance_solver_says(block):
    """Walked histories of a plan under noise: who ends it at which stage, and what it is worth."""
    rng = np.random.default_rng([7, block])
    game = random_chance(
        rng,
        int(rng.integers(1, 4)),
        int(rng.integers(2, 4)),
        int(rng.integers(1, 4)),
        1 + block % 3,
        views=False,
    )
    plans = list(all_orders(game.problem))
    plan = plans[rng.integers(len(plans))]
    noise = LogitNoise(float(rng.uniform(0, 0.5)), float(rng.uniform(0, 2)))
    horizon = 30
    exact = evaluate_with_chance(game, plan, noise=noise, horizon=horizon)
    assert exact.months < horizon
    moments = plan_moments(game, plan, noise=noise, horizon=horizon)
    problem = signed_at_once((moments, game.problem.discount[:2]), [0, 1], horizon)
    found = simulate_histories(problem, N, seed=block)
    stages = len(exact.order)
    for stage in range(stages):
        for actor in range(len(game.problem.actors)):
            share = ((found.stage == stage) & (found.by == actor)).mean()
            assert near(share, exact.broken[stage, actor])
        failed = (found.outcome == Outcome.STEP_FAILED) & (found.stage == stage)
        assert near(failed.mean(), exact.failed[stage])
    assert near((found.completed >= 0).mean(), exact.carried_through)
    assert near((found.outcome == Outcome.KEPT).mean(), exact.held_from_signature)
    for side, worth in enumerate((found.value_a, found.value_b)):
        error = FAR * worth.std() / np.sqrt(N) + 1e-5
        assert worth.mean() == pytest.approx(exact.values[0, 0, side], abs=error)
