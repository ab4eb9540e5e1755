"""Plans over draws, in several beliefs, bargained over again: against loops, one at a time."""

from dataclasses import replace

import numpy as np
import pytest

from servanda.errors import ProblemError
from servanda.problems.implementation import TOLERANCE, PayoffDraws
from servanda.results.plan import BreachKind
from servanda.solvers.belief_comparison import compare_beliefs
from servanda.solvers.credibility_scan import scan_best_order
from servanda.solvers.guarantee_window import mix, smallest_credibility
from servanda.solvers.plan import evaluate_plan, plan_margins
from servanda.solvers.plan_comparison import compare_margins, compare_plans
from servanda.solvers.renegotiation import renegotiation
from twins.plan_by_definition import (
    all_orders,
    collapse,
    margins,
    months_of,
    random_problem,
    values,
)

FIELDS = ("discount", "costs", "gain", "fighting_cost", "flows", "attack", "renege")


def drawn(problem, rng, count, spread=3.0):
    """Games with payoffs about those of a problem, and the same as one set of draws."""
    games = [
        replace(
            problem,
            flows=problem.flows + rng.normal(0, spread, problem.flows.shape),
            attack=problem.attack + rng.normal(0, spread, problem.attack.shape),
            renege=problem.renege + rng.normal(0, spread, problem.renege.shape),
        )
        for _ in range(count)
    ]
    stacked = {name: np.stack([getattr(game, name) for game in games]) for name in FIELDS}
    return games, PayoffDraws(**stacked)


def cases(seed, count=8, plans=4, draws=15):
    rng = np.random.default_rng([77, seed])
    for _ in range(count):
        problem = random_problem(rng, 3, 3, 2, requires=False)
        every = list(all_orders(problem))
        some = [every[k] for k in rng.choice(len(every), min(plans, len(every)), replace=False)]
        games, payoffs = drawn(problem, rng, draws)
        yield problem, games, payoffs, {f"p{k}": plan for k, plan in enumerate(some)}


@pytest.mark.parametrize("seed", range(2))
def test_comparison_of_plans_draw_by_draw(seed):
    for problem, games, payoffs, plans in cases(seed):
        found = compare_plans(problem, payoffs, plans)
        table = {n: [evaluate_plan(game, plan) for game in games] for n, plan in plans.items()}
        margin = {n: np.array([one.margin for one in row]) for n, row in table.items()}
        best = [max(margin[n][d] for n in plans) for d in range(len(games))]
        for p, one in enumerate(found.plans):
            kept = [game.self_enforcing for game in table[one.name]]
            assert one.probability == pytest.approx(np.mean(kept))
            regrets = sorted(
                0.0 if b == m else b - m for b, m in zip(best, margin[one.name], strict=True)
            )
            assert one.regret_mean == pytest.approx(np.mean(regrets))
            assert one.regret_most == pytest.approx(regrets[-1])
            assert one.regret_90 == pytest.approx(regrets[int(np.ceil(0.9 * len(regrets))) - 1])
            assert one.margins[0.5] == pytest.approx(sorted(margin[one.name])[len(games) // 2])
            assert one.at_centre == evaluate_plan(problem, plans[one.name]).margin
            for q, other in enumerate(found.plans):
                wins = [
                    m > o + TOLERANCE
                    for m, o in zip(margin[one.name], margin[other.name], strict=True)
                ]
                assert found.beats[p, q] == pytest.approx(np.mean(wins))
            for weak in one.weaknesses:
                pays = [
                    any(
                        c.margin < -TOLERANCE
                        for c in game.constraints
                        if (c.constraint.actor, c.constraint.kind, c.constraint.step)
                        == (weak.actor, weak.kind, weak.step)
                        and c.constraint.stage == weak.stage
                    )
                    for game in table[one.name]
                ]
                assert weak.broken == pytest.approx(np.mean(pays))
                assert weak.sentence
            # Of the draws in which a plan breaks, every one has one smallest margin.
            assert sum(weak.first for weak in one.weaknesses) == pytest.approx(1 - one.probability)
        robust = next(one for one in found.plans if one.name == found.most_robust)
        assert robust.probability == max(one.probability for one in found.plans)
        assert found.most_robust in found.sentence
        central = {n: evaluate_plan(problem, plan).margin for n, plan in plans.items()}
        assert central[found.best_at_centre] == max(central.values())


def test_plans_over_different_draws_are_not_compared():
    problem, _, payoffs, plans = next(cases(0, count=1))
    plan = plans["p0"]
    half = PayoffDraws(**{name: getattr(payoffs, name)[:5] for name in FIELDS})
    with pytest.raises(ProblemError, match="same draws"):
        compare_margins(
            {"a": plan_margins(problem, payoffs, plan), "b": plan_margins(problem, half, plan)}
        )
    with pytest.raises(ProblemError, match="at least one"):
        compare_margins({})


@pytest.mark.parametrize("seed", range(2))
def test_beliefs_draw_by_draw(seed):
    rng = np.random.default_rng([5, seed])
    disputes = 0
    for problem, mine, payoffs, plans in cases(seed):
        plan = plans["p0"]
        theirs, seen = drawn(problem, rng, len(mine))
        found = compare_beliefs(
            plan_margins(problem, payoffs, plan), plan_margins(problem, seen, plan)
        )
        own = [evaluate_plan(game, plan) for game in mine]
        analyst = [evaluate_plan(game, plan) for game in theirs]
        assert found.own == pytest.approx(np.mean([one.self_enforcing for one in own]))
        assert found.analyst == pytest.approx(np.mean([one.self_enforcing for one in analyst]))
        for who in found.actors:
            keeps, costs, wrong = [], [], [0, 0]
            for one, other in zip(own, analyst, strict=True):
                both = [
                    (a.margin, b.margin)
                    for a, b in zip(one.constraints, other.constraints, strict=True)
                    if a.constraint.actor == who.actor
                ]
                keeps.append(min(a for a, _ in both) >= -TOLERANCE)
                after = min(b for _, b in both)
                if keeps[-1] and after < -TOLERANCE:
                    wrong[0] += 1
                    costs.append(-after)
                if not keeps[-1]:
                    _, chosen = min(both, key=lambda pair: pair[0])
                    if chosen >= -TOLERANCE:
                        wrong[1] += 1
                        costs.append(chosen)
            assert who.keeps == pytest.approx(np.mean(keeps))
            assert who.keeps_at_a_cost == pytest.approx(wrong[0] / len(mine))
            assert who.breaks_at_a_cost == pytest.approx(wrong[1] / len(mine))
            assert who.cost == pytest.approx(np.mean(costs) if costs else 0.0)
        for one in found.disputed:
            column = [c.constraint for c in own[0].constraints].index(one.constraint)
            pairs = [
                (a.constraints[column].margin, b.constraints[column].margin)
                for a, b in zip(own, analyst, strict=True)
            ]
            apart = [abs(b) for a, b in pairs if (a >= -TOLERANCE) != (b >= -TOLERANCE)]
            assert one.differs == pytest.approx(len(apart) / len(pairs))
            assert one.cost == pytest.approx(np.mean(apart))
            assert one.constraint.actor in one.sentence
            disputes += 1
    assert disputes >= 20


def test_who_shares_the_analysts_numbers_disputes_nothing():
    problem, _, payoffs, plans = next(cases(3, count=1))
    margins_of = plan_margins(problem, payoffs, plans["p0"])
    found = compare_beliefs(margins_of, margins_of)
    assert found.disputed == ()
    assert all(who.cost == 0.0 and who.keeps == who.should for who in found.actors)
    with pytest.raises(ProblemError, match="same plan"):
        compare_beliefs(margins_of, plan_margins(problem, payoffs, plans["p1"]))


@pytest.mark.parametrize("seed", range(3))
def test_renegotiation_state_by_state(seed):
    rng = np.random.default_rng([6, seed])
    for _ in range(15):
        problem = random_problem(rng, 3, 3, 3)
        plans = list(all_orders(problem))
        plan = plans[int(rng.integers(len(plans)))]
        found = renegotiation(problem, plan)
        listed, quiet_end = months_of(problem, plan)
        worth = values(problem, plan)
        starts = [
            next(n for n, month in enumerate(listed) if month[0] == k) for k in range(len(plan))
        ]
        moments = [(worth[n], listed[n][3], listed[n][4]) for n in starts]
        moments.append((worth[-1], problem.full, quiet_end))
        earlier = {}
        for one, (value, state, quiet) in zip(found.states, moments, strict=True):
            outside = {}
            for i, name in enumerate(problem.actors):
                left = [j for j in range(problem.n_steps) if not state >> j & 1]
                if problem.belligerent[i]:
                    outside[name] = collapse(problem, problem.attack, state, i, quiet)
                elif any(problem.owners[j, i] for j in left):
                    outside[name] = collapse(problem, problem.renege, state, i, quiet)
            assert one.disagreement == pytest.approx(outside)
            surplus = {n: value[problem.actors.index(n)] - outside[n] for n in outside}
            assert one.surplus == pytest.approx(surplus)
            for name, without in outside.items():
                others = [points for n, points in surplus.items() if n != name]
                most = sum(others) if all(points >= 0 for points in others) else 0.0
                assert one.could_ask[name] == pytest.approx(most)
                split = without + sum(surplus.values()) / len(surplus)
                assert one.even_split[name] == pytest.approx(split)
                gain = split - value[problem.actors.index(name)]
                assert one.advantage[name] == pytest.approx(gain)
                if name in earlier:
                    assert one.shift[name] == pytest.approx(gain - earlier[name])
            earlier = one.advantage
            assert one.sentence
        assert found.sentence


@pytest.mark.parametrize("seed", range(3))
def test_the_scan_over_all_orders_finds_what_the_exact_search_does(seed):
    rng = np.random.default_rng([8, seed])
    ended = 0
    for _ in range(8):
        without = random_problem(rng, 3, 2, 1, frozen=False, belligerent=1.0, months=False)
        tempting = without.attack + 8.0
        without = replace(without, attack=tempting, renege=tempting)
        attack = tempting - rng.uniform(5, 25, tempting.shape)
        surely = replace(without, attack=attack, renege=attack)

        def game_at(g, without=without, surely=surely):
            return mix(without, surely, g)

        found = scan_best_order(game_at, points=11, precision=1e-4)
        exact = smallest_credibility(without, surely)
        assert found.certain
        for g in np.linspace(0, 1, 41):
            kept = any(
                min(margins(game_at(g), plan), default=np.inf) >= -TOLERANCE
                for plan in all_orders(without)
            )
            inside = any(low - 1e-9 <= g <= high + 1e-9 for low, high in found.intervals)
            near = any(abs(g - edge) <= 0.1 for pair in found.intervals for edge in pair)
            assert kept == inside or near or not found.intervals
        if found.smallest is not None:
            assert found.smallest <= exact.credibility + 0.1 + 1e-6
            if 0 < found.smallest < 1:
                assert found.smallest >= exact.credibility - 1e-6
                ended += 1
        assert found.searches <= len(found.looks)
    assert ended


def test_a_breach_kind_reads_as_a_verb_in_a_weakness():
    problem, _, payoffs, plans = next(cases(0, count=1))
    (record, *_) = compare_plans(problem, payoffs, plans).plans
    for weak in record.weaknesses:
        assert BreachKind(weak.kind).phrase in weak.sentence
