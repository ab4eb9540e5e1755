"""Laws of plans under chance, each with the limits inside which it is true."""

from dataclasses import replace
from math import exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.problems.chance import LogitNoise, chance_game, without_chance
from servanda.problems.implementation_game import implementation_game
from servanda.solvers.chance_plan import evaluate_with_chance
from servanda.solvers.plan import evaluate_plan
from twins.chance_by_definition import random_chance
from twins.plan_by_definition import all_orders

laws = settings(max_examples=30, deadline=None)
NOISE = LogitNoise(0.2, 0.7)


@st.composite
def games(draw, regimes=3, **switch):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    game = random_chance(
        rng, draw(st.integers(1, 3)), draw(st.integers(1, 3)), 2, regimes, **switch
    )
    plans = list(all_orders(game.problem))
    return game, plans[int(rng.integers(len(plans)))], rng


@laws
@given(games())
def test_every_plan_ends_somehow_or_is_carried_through(game):
    game, plan, _ = game
    for noise in (None, NOISE):
        found = evaluate_with_chance(game, plan, noise=noise)
        before = found.broken[:-1].sum() + found.failed.sum()
        assert before + found.carried_through == pytest.approx(1.0, abs=1e-12)
        after = found.held_after_completion + found.broken[-1].sum()
        assert after == pytest.approx(found.carried_through, abs=1e-12)
        assert (np.diff(found.reached) <= 1e-12).all()
        assert 0.0 <= found.held_from_signature <= 1.0 + 1e-12
        assert found.expected_months <= found.months + 1e-9


@laws
@given(games())
def test_precision_0_is_a_coin_at_half_the_rate(game):
    """Whatever the payoffs: decisions before completion times actors who can breach at all."""
    game, plan, _ = game
    game = without_chance(game)
    game = replace(
        game, problem=replace(game.problem, belligerent=np.ones_like(game.problem.belligerent))
    )
    rate = 0.08
    found = evaluate_with_chance(game, plan, noise=LogitNoise(rate, 0.0))
    decisions = sum(
        max(game.problem.stage_months(sum(1 << j for j in stage.steps)), 1) for stage in plan
    )
    each = rate / 2 * len(game.problem.actors)
    assert found.carried_through == pytest.approx(exp(-each * decisions), rel=1e-9)
    assert found.held_after_completion == pytest.approx(
        exp(-each * (decisions + found.horizon)), rel=1e-9
    )


@laws
@given(games())
def test_relabelling_actors_permutes_the_noisy_answer(game):
    game, plan, rng = game
    order = rng.permutation(len(game.problem.actors))
    views = np.append(order, len(order))
    p = game.problem
    relabelled = replace(
        p,
        actors=tuple(p.actors[i] for i in order),
        discount=p.discount[order],
        belligerent=p.belligerent[order],
        owners=p.owners[:, order],
        costs=p.costs[:, order],
        delay=p.delay[:, order],
        gain=p.gain[:, order],
        reversible=p.reversible[:, order],
        fighting_cost=p.fighting_cost[order],
        flows=p.flows[:, order],
        attack=p.attack[..., order],
        renege=p.renege[..., order],
    )
    other = replace(
        game,
        problem=relabelled,
        flows=game.flows[..., order],
        attack=game.attack[..., order, :][..., order],
        renege=game.renege[..., order, :][..., order],
        failed=game.failed[..., order],
        passes=game.passes[views],
        monthly=game.monthly[views],
        dated=game.dated[views],
    )
    found = evaluate_with_chance(game, plan, noise=NOISE)
    again = evaluate_with_chance(other, plan, noise=NOISE)
    assert again.carried_through == pytest.approx(found.carried_through, abs=1e-9)
    assert again.values == pytest.approx(found.values[..., order], abs=1e-8)
    assert again.broken == pytest.approx(found.broken[:, order], abs=1e-9)


@laws
@given(games(regimes=1))
def test_regimes_that_do_not_differ_change_nothing(game):
    game, plan, _ = game
    twice = replace(
        game,
        regimes=("one", "other"),
        **{n: np.repeat(getattr(game, n), 2, 0) for n in ("flows", "attack", "renege", "failed")},
        monthly=np.broadcast_to([[0.9, 0.1], [0.3, 0.7]], (len(game.passes), 2, 2)),
        dates=[],
        dated=np.zeros((len(game.passes), 0, 2, 2)),
    )
    for noise in (None, NOISE):
        found = evaluate_with_chance(game, plan, noise=noise)
        again = evaluate_with_chance(twice, plan, noise=noise)
        assert again.margin == pytest.approx(found.margin, abs=1e-9)
        assert again.carried_through == pytest.approx(found.carried_through, abs=1e-9)
        assert again.values[:, 1] == pytest.approx(found.values[:, 0], abs=1e-8)


@laws
@given(games())
def test_where_nobody_can_breach_only_failing_steps_count(game):
    game, plan, _ = game
    none = np.zeros_like(game.problem.belligerent)
    nobody = np.zeros_like(game.problem.owners)
    quiet = replace(
        game, problem=replace(game.problem, belligerent=none, owners=nobody, reversible=nobody)
    )
    found = evaluate_with_chance(quiet, plan, noise=NOISE)
    assert found.margin == np.inf
    assert found.weakest is None
    assert found.carried_through == pytest.approx(game.passes[-1].prod())
    assert found.held_after_completion == pytest.approx(found.carried_through)
    assert all(one.kind is None for one in found.endings)


@laws
@given(games())
def test_exact_play_of_a_self_enforcing_plan_is_to_keep_it(game):
    game, plan, _ = game
    found = evaluate_with_chance(game, plan)
    if found.self_enforcing:
        assert found.broken.sum() == 0.0
        assert found.carried_through == pytest.approx(game.passes[-1].prod())


@laws
@given(games(regimes=1))
def test_a_step_that_cannot_fail_and_no_noise_is_the_exact_plan(game):
    game, plan, _ = game
    plain = chance_game(game.problem)
    exact = evaluate_plan(game.problem, plan)
    found = evaluate_with_chance(plain, plan)
    assert found.self_enforcing == exact.self_enforcing
    if exact.weakest_link is not None:
        assert found.margin == pytest.approx(exact.margin, abs=1e-9)
        assert found.weakest.constraint.actor in exact.actors


def test_an_election_that_frees_the_attacker_is_the_whole_risk():
    def game(honoured):
        return implementation_game(
            ["north", "south"],
            ["guarantee", "land"],
            discount=0.95,
            months=6,
            requires={"land": "guarantee"},
            flow=lambda done: [50 + 5 * ("land" in done), 50 - 5 * ("land" in done)],
            attack=lambda done: [
                40 + 25 * ("land" in done) - 30 * honoured * ("guarantee" in done),
                10,
            ],
        )

    chance = chance_game(
        game(1.0), regimes={"after": game(0.0)}, dated={9: {("as now", "after"): 0.3}}
    )
    found = evaluate_with_chance(chance, ["guarantee", "land"])
    assert not found.self_enforcing
    assert found.weakest.regime == "after"
    assert found.carried_through == 1.0  # the land tempts once it has been handed over
    assert found.held_after_completion == pytest.approx(0.7)
    assert found.likeliest_ending.actor == "north"
    assert found.likeliest_ending.probability == pytest.approx(0.3)
