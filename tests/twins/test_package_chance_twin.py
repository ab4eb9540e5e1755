"""Chance as a scenario speaks of it, against its words: breaches to everybody, votes, regimes."""

import numpy as np
import pytest
from scipy.stats import norm

from scenarios import Numbers, build, random_raw, random_scenario
from servanda.problems.agreement import agreement
from servanda.problems.chance import NOW, LogitNoise
from servanda.problems.from_scenario import translate
from servanda.problems.parameters import central, draws
from servanda.problems.war_binding import bind_war
from servanda.solvers import collapse as solver
from servanda.solvers import package_game, war_table
from servanda.solvers.best_order import best_order
from servanda.solvers.chance_plan import chance_over_draws, evaluate_with_chance
from servanda.solvers.package_chance import has_chance, package_chance, package_chance_draws
from servanda.solvers.package_game import package_game as game_of
from servanda.solvers.plan import as_plan, evaluate_plan, plan_states
from servanda.solvers.war_table import KNOTS, WarTable
from twins.collapse_by_definition import Breaches
from twins.test_agreement_twin import chosen, completed
from twins.test_collapse_twin import package_of, some_states

KEEPER, UPLAND = "keeper", "upland"


@pytest.fixture
def clocks_are_knots(monkeypatch):
    for module in (war_table, solver, package_game):
        monkeypatch.setattr(module, "CLOCKS", KNOTS)


def table_of(translation, theta):
    return WarTable(bind_war(translation, theta), tolerance=1e-11, threads=1)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.usefixtures("clocks_are_knots")
def test_what_a_breach_leaves_everybody_with(seed):
    scenario = random_scenario(seed)
    translation = translate(scenario)
    params = translation.parameters
    theta = draws(params, seed=seed, first=0, count=1)
    package = package_of(scenario, seed)
    deal = agreement(translation, chosen(scenario, package))
    table, states = table_of(translation, theta), some_states(deal, seed, 3)
    own = solver.collapse(table, deal, states)
    found = solver.collapse_for_all(table, deal, states)
    failed = solver.after_failure(table, deal, states)
    belligerent = translation.actors.belligerent
    each = np.arange(len(params.actors))
    assert found.renege[..., each, each].tolist() == own.renege.tolist()
    assert found.attack[..., each, each][..., belligerent].tolist() == (
        own.attack[..., belligerent].tolist()
    )
    twin = Breaches(scenario, params, theta[0], package, KNOTS)
    for n, state in enumerate(states.tolist()):
        done = completed(translation, deal, state)
        for j, actor in enumerate(params.actors):
            assert failed[0, n, :, j] == pytest.approx(twin.failure(actor, done), abs=1e-7)
            for b, breaker in enumerate(params.actors):
                expected = twin.renege_to(actor, breaker, done)
                assert found.renege[0, n, :, b, j] == pytest.approx(expected, abs=1e-7)
                if belligerent[b]:
                    expected = twin.attack_to(actor, breaker, done)
                    assert found.attack[0, n, :, b, j] == pytest.approx(expected, abs=1e-7)


def with_chance(seed):
    """A random scenario in which steps may fail and governments change."""
    raw = random_raw(seed)
    first, second = list(raw["steps"])[:2]
    raw["steps"][second]["passes"] = {"value": 0.8, "believed": {UPLAND: 0.6}}
    raw["audiences"]["public"]["step"] = first
    pact = next(iter(raw["guarantees"]))
    raw["politics"] = {
        "succession": {
            "name": "Succession",
            "of": KEEPER,
            "month": 3,
            "chance": {"value": 0.5, "believed": {UPLAND: 0.25}},
            "changes": {"instruments.aid.level": {"value": 0.1, "believed": {UPLAND: 0.2}}},
        },
    }
    if "credibility" in raw["guarantees"][pact]:
        raw["politics"]["turn"] = {
            "name": "Turn",
            "of": KEEPER,
            "hazard": 0.01,
            "changes": {f"guarantees.{pact}.credibility": 0.05},
        }
    return raw


@pytest.mark.parametrize("seed", range(8))
def test_regimes_are_scenarios_of_their_own_and_votes_follow_support(seed):
    raw = with_chance(seed)
    scenario = build(raw)
    translation = translate(scenario)
    theta = central(translation.parameters)
    package = package_of(scenario, 1)
    deal = agreement(translation, chosen(scenario, package))
    table = table_of(translation, theta)
    assert has_chance(translation, deal)
    states = some_states(deal, seed, 2)
    found = package_chance(table, theta, deal, states)
    names = list(raw["politics"])
    assert found.regimes[0] == NOW
    assert len(found.regimes) == 2 ** len(names)

    both = found.regimes.index(" + ".join(names))
    aid = raw["instruments"]["aid"]
    aid["level"] = raw["politics"]["succession"]["changes"]["instruments.aid.level"]
    if "turn" in names:
        (path, value), *_ = raw["politics"]["turn"]["changes"].items()
        raw["guarantees"][path.split(".")[1]]["credibility"] = value
    after = build(raw)
    other = translate(after)
    then = table_of(other, central(other.parameters))
    breach = solver.collapse_for_all(then, deal, states)
    assert found.attack[both] == pytest.approx(breach.attack[0], abs=1e-7)
    assert found.renege[both] == pytest.approx(breach.renege[0], abs=1e-7)
    assert found.failed[both] == pytest.approx(
        solver.after_failure(then, deal, states)[0], abs=1e-7
    )

    views = [*translation.parameters.actors, None]
    for v, view in enumerate(views):
        mine = Numbers(translation.parameters, theta[0], view)
        for k, step in enumerate(translation.steps.names[s] for s in deal.steps):
            expected = 1.0
            if scenario.steps[step].passes is not None:
                expected = mine(f"steps.{step}.passes")
            audience = scenario.audiences["public"]
            if audience.step == step:
                logit = mine("audiences.public.baseline") + sum(
                    mine(f"audiences.public.effects.{ref}.value")
                    for ref in audience.effects
                    if package[ref.split(".")[0]] == ref.split(".")[1]
                )
                support = 1 / (1 + np.exp(-logit))
                over = support - mine("audiences.public.threshold")
                expected *= norm.cdf(over / mine("audiences.public.noise"))
            assert found.passes[v, k] == pytest.approx(expected, abs=1e-12)
        come = found.dated[v, 0][0, found.regimes.index("succession")]
        stays = 0.99 if "turn" in names else 1.0
        assert come == pytest.approx((0.25 if view == UPLAND else 0.5) * stays)
        assert found.monthly[v, 0, 0] == pytest.approx(stays)
        assert (np.tril(found.monthly[v], -1) == 0).all()  # what has come stays


@pytest.mark.parametrize("seed", range(4))
def test_draws_are_single_games_and_exact_figures_stay(seed):
    scenario = build(with_chance(seed))
    plain = build({k: v for k, v in with_chance(seed).items() if k != "politics"})
    translation, without = translate(scenario), translate(plain)
    theta = draws(translation.parameters, seed=seed, first=0, count=3)
    package = package_of(scenario, 1)
    deal = agreement(translation, chosen(scenario, package))
    table = table_of(translation, theta)
    problem = game_of(table, deal)
    same = game_of(table_of(without, draws(without.parameters, seed=seed, first=0, count=3)), deal)
    search = best_order(problem)
    assert best_order(same).margin == pytest.approx(search.margin, abs=1e-9)
    if search.plan is None:
        return
    plan = as_plan(search.plan)
    states = plan_states(problem, plan)
    game, payoffs = package_chance_draws(table, theta, deal, states)
    noise = LogitNoise(0.05, 1.0)
    shares = chance_over_draws(game, payoffs, plan, noise=noise)
    for k in range(3):
        alone = table_of(translation, theta[k : k + 1])
        one = package_chance(alone, theta[k : k + 1], deal, states)
        found = evaluate_with_chance(one, plan, noise=noise)
        assert shares.reached[k] == pytest.approx(found.reached, abs=1e-9)
        assert shares.margins[k] == pytest.approx(found.margin, abs=1e-9)
    assert evaluate_plan(game.problem, plan).margin == pytest.approx(search.margin, abs=1e-9)
