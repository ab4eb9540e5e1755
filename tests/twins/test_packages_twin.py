"""The compiled funnel against its definition, on random small problems."""

import math
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.problems.packages import PackageDraws
from servanda.results.packages import FunnelStatus, Implementable
from servanda.solvers import funnel as solver
from servanda.solvers.funnel_draws import candidate_gates, funnel_over_draws
from servanda.solvers.package_values import values_of
from servanda.solvers.pareto import pareto_front
from twins.packages_by_definition import (
    dominates,
    evaluate,
    frontier,
    on_the_table,
    random_problem,
)

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS)
@settings(max_examples=150, deadline=None)
def test_every_count_of_the_first_three_gates(seed):
    problem = random_problem(np.random.default_rng(seed))
    table = [evaluate(problem, *package) for package in on_the_table(problem)]
    found = solver.funnel(problem)

    assert found.packages == len(table)
    rows = [*found.red_lines, *found.rationality, *found.ratification]
    left = len(table)
    for number, row in enumerate(rows):
        failing = [p for p in table if p.rows[number]]
        first = [p for p in failing if not any(p.rows[:number])]
        alone = [p for p in failing if sum(p.rows) == 1]
        left -= len(first)
        assert (row.remaining, row.killed_first, row.killed_alone) == (left, len(first), len(alone))
        same_best(row.if_lifted, alone, table)
    left = len(table)
    for number, gate in enumerate(found.gates[:3]):
        failing = [p for p in table if p.gates[number]]
        first = [p for p in failing if not any(p.gates[:number])]
        alone = [p for p in failing if sum(p.gates) == 1]
        left -= len(first)
        assert (gate.remaining, gate.killed_first, gate.killed_alone) == (
            left,
            len(first),
            len(alone),
        )
        same_best(gate.if_lifted, alone, table)
    survivors = [p for p in table if not any(p.rows)]
    assert found.survivors.tolist() == [p.index for p in survivors]
    kept = frontier([p.values for p in survivors])
    assert sorted(deal.index for deal in found.efficient) == [survivors[n].index for n in kept]
    assert dict(zip([d.index for d in found.efficient], found.shared, strict=True)) == {
        survivors[n].index: count for n, count in kept.items()
    }
    for deal in found.efficient:
        by_hand = next(p for p in table if p.index == deal.index)
        np.testing.assert_allclose(list(deal.values.values()), by_hand.values)
        np.testing.assert_allclose(list(deal.support.values()), by_hand.support, rtol=1e-12)


@given(SEEDS)
@settings(max_examples=100, deadline=None)
def test_nearest_packages(seed):
    problem = random_problem(np.random.default_rng(seed))
    table = [evaluate(problem, *package) for package in on_the_table(problem)]
    failing = [p for p in table if any(p.rows)]
    ranks = sorted((sum(p.red_lines), p.shortfall) for p in failing)
    found = solver.funnel(problem)
    assert len(found.nearest) == min(solver.NEAREST, len(failing))
    for near, (broken, shortfall) in zip(found.nearest, ranks, strict=False):
        assert len(near.red_lines_broken) == broken
        assert math.isclose(near.total, shortfall, abs_tol=1e-8)


@given(SEEDS, st.integers(0, 12))
@settings(max_examples=100, deadline=None)
def test_tests_of_the_order_of_steps(seed, budget):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, gates=0)
    margins = rng.normal(0, 1, size=problem.n_packages)
    asked = []

    def test(package, options):
        assert options == problem.named(package)
        asked.append(package)
        values = np.array(evaluate(problem, package, problem.chosen(package)).values)
        return Implementable(margins[package], values, plan="plan")

    found = solver.funnel(problem, test, budget)
    table = {p.index: p for p in (evaluate(problem, *q) for q in on_the_table(problem))}
    survivors = [p for p in table.values() if not any(p.rows)]
    kept = [p for p in survivors if margins[p.index] >= 0]
    assert len(asked) == len(set(asked)) == len(found.tested) <= budget
    answer = [table[deal.index] for deal in found.efficient]
    assert not any(dominates(y.values, x.values) for x in answer for y in answer)
    if found.untested == 0:
        undominated = [x for x in kept if not any(dominates(y.values, x.values) for y in kept)]
        points = {tuple(p.values) for p in undominated}
        assert {tuple(p.values) for p in answer} == points
        assert found.status in {
            FunnelStatus.FOUND,
            FunnelStatus.NONE_KEPT,
            FunnelStatus.NONE_ACCEPTABLE,
            FunnelStatus.NONE_ON_THE_TABLE,
        }
        assert found.status.has_deal == bool(kept)
    else:
        assert len(found.tested) == budget
        covered = {
            p.index
            for p in survivors
            for y in answer
            if dominates(y.values, p.values) or y.values == p.values
        }
        assert found.untested == len({p.index for p in survivors} - set(asked) - covered)
    if survivors and not kept and found.tested:
        assert found.nearest_kept.margin == max(margins[n] for n in asked)


@given(SEEDS)
@settings(max_examples=60, deadline=None)
def test_draws_count_as_each_draw_alone(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    n_draws = 3

    def jitter(name):
        central = getattr(problem, name)
        return np.abs(central + rng.normal(0, 0.1, size=(n_draws, *central.shape)))

    names = ["contribution", "constant", "link_values", "support_constant", "failure_cost"]
    drawn = {name: jitter(name) for name in names}
    drawn["reservation"] = problem.reservation + rng.normal(size=(n_draws, len(problem.actors)))
    holds = rng.random((n_draws, len(problem.red_lines))) < 0.6
    draws = PackageDraws(problem, red_line_holds=holds, **drawn)
    counts = funnel_over_draws(draws)
    packages = [index for index, _ in on_the_table(problem)]
    gates = candidate_gates(draws, packages)
    passes = np.zeros(problem.n_packages, dtype=int)
    for d in range(n_draws):
        labels = np.array(problem.red_line_labels, dtype=object)
        real = {
            "red_lines": problem.red_lines[holds[d]],
            "red_line_owner": problem.red_line_owner[holds[d]],
            "red_line_labels": tuple(labels[holds[d]]),
        }
        alone = with_values(problem, {name: array[d] for name, array in drawn.items()} | real)
        found = solver.funnel(alone)
        assert counts.remaining[d].tolist() == [gate.remaining for gate in found.gates[:3]]
        assert counts.rationality_first[d].tolist() == [g.killed_first for g in found.rationality]
        assert counts.ratification_first[d].tolist() == [g.killed_first for g in found.ratification]
        assert counts.rationality_alone[d].tolist() == [g.killed_alone for g in found.rationality]
        assert counts.ratification_alone[d].tolist() == [g.killed_alone for g in found.ratification]
        passes[found.survivors] += 1
        accepted = [n for n, ok in zip(packages, gates.acceptable[d], strict=True) if ok]
        assert accepted == found.survivors.tolist()
        np.testing.assert_array_equal(
            gates.values[d], values_of(alone, np.array(packages, dtype=np.int64))
        )
        if found.survivors.size:
            table = [evaluate(alone, n, alone.chosen(n)) for n in found.survivors.tolist()]
            best = max(p.smallest for p in table)
            assert counts.nearest_shortfall[d] == 0
            assert counts.best_gain[d] == best or math.isclose(counts.best_gain[d], best)
        else:
            assert counts.best[d] == -1
            assert math.isnan(counts.best_gain[d])
            if found.nearest and not found.nearest[0].red_lines_broken:
                assert math.isclose(
                    counts.nearest_shortfall[d], found.nearest[0].total, abs_tol=1e-8
                )
    assert (passes[counts.admissible] == counts.passes).all()


@given(SEEDS, st.integers(1, 3), st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_answer_does_not_depend_on_chunks_or_threads(seed, threads, chunk):
    problem = random_problem(np.random.default_rng(seed), grid=False)
    whole = solver.funnel(problem, threads=1).to_dict()
    before = solver.CHUNK
    try:
        solver.CHUNK = chunk
        assert solver.funnel(problem, threads=threads).to_dict() == whole
    finally:
        solver.CHUNK = before


@given(SEEDS, st.integers(1, 4), st.booleans())
@settings(max_examples=100, deadline=None)
def test_pareto_front(seed, n_actors, noisy):
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 6, size=(int(rng.integers(1, 40)), n_actors)) / 3
    if noisy:  # ties of floating point neither lose nor add points
        values = values * (1 + rng.choice([-1, 0, 1], size=values.shape) * 2e-16)
    front = pareto_front(values)
    assert dict(zip(front.indices.tolist(), front.shared.tolist(), strict=True)) == frontier(values)


def same_best(deal, alone, table):
    """The best package if a gate is lifted: smallest shortfall, then largest smallest gain."""
    if not alone:
        assert deal is None
        return
    found = next(p for p in table if p.index == deal.index)
    assert found in alone
    least = min(p.shortfall for p in alone)
    assert math.isclose(found.shortfall, least, abs_tol=1e-9)


def with_values(problem, changed):
    return replace(problem, **changed)
