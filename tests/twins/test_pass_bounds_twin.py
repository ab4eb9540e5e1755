"""Bounds on pass probabilities: they hold, and with them every count and rank is the same."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.kernels.package_walk import Packages, gate_pass
from servanda.kernels.pass_bounds import bound_passes, pass_table
from servanda.problems.packages import TOLERANCE
from servanda.solvers import funnel as solver
from twins.packages_by_definition import evaluate, on_the_table, random_problem

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS, st.integers(1, 300), st.sampled_from([1e-300, 1e-12, 1e-6, 1e-3, 0.05, 3.0]))
@settings(max_examples=100, deadline=None)
def test_bounds_hold_what_is_computed(seed, n_cells, noise):
    rng = np.random.default_rng(seed)
    effects = rng.normal(0, 10.0 ** rng.integers(-9, 3), size=(1, 4, 3))
    threshold, noises = rng.uniform(0, 1, 1), np.array([noise])
    constant, none = rng.normal(0, 3, 1), np.zeros((1, 0))
    n_options = np.array([3, 2, 3, 1])
    table = pass_table(n_options, constant, effects, none, threshold, noises, n_cells)
    gate = Packages(*[np.zeros(0)] * len(Packages._fields))._replace(
        threshold=threshold,
        noise=noises,
        audience_actor=np.array([0]),
        gates_before=np.array([True]),
    )
    least, most = np.empty(1), np.empty(1)
    for chosen in np.ndindex(*n_options):
        logit = constant[0]
        for issue, option in enumerate(chosen):
            logit += effects[0, issue, option]
        bound_passes(0, np.array([[logit]]), table, gate, least, most)
        assert least[0] <= gate_pass(logit, threshold[0], noise) <= most[0]


@given(SEEDS, st.integers(1, 64))
@settings(max_examples=150, deadline=None)
def test_answer_does_not_depend_on_the_table(seed, n_cells):
    rng = np.random.default_rng(seed)
    problem = at_the_edge(random_problem(rng, grid=bool(seed % 2)), rng)
    table = solver.pass_table

    def counted(cells, nothing_known=False):
        def build(*arguments):
            built = table(*arguments[:-1], cells)
            built.bounds[:] = [0.0, 1.1] if nothing_known else built.bounds
            return built

        solver.pass_table = build
        try:
            return solver.count_gates(problem, TOLERANCE, 1)
        finally:
            solver.pass_table = table

    exact = counted(1, nothing_known=True)
    for other in (counted(n_cells), counted(4096), solver.count_gates(problem, TOLERANCE, 1)):
        for ours, theirs in zip(other, exact, strict=True):
            np.testing.assert_array_equal(ours, theirs)


def at_the_edge(problem, rng):
    """The problem with one leader's cost of failure such that one package is all but a tie."""
    table = [evaluate(problem, *package) for package in on_the_table(problem)]
    if not table or not len(problem.parties):
        return problem
    package, i = table[rng.integers(len(table))], rng.choice(problem.parties)
    chances = zip(package.probability, problem.audience_actor, strict=True)
    own = np.prod([chance for chance, actor in chances if actor == i])
    options = problem.chosen(package.index)
    cost = sum(problem.audience_cost[j, o, i] for j, o in enumerate(options))
    gain = package.values[i] - problem.reservation[i]
    slack = np.prod(package.probability) * gain - (1 - problem.discount[i]) * cost
    if own == 1.0 or slack < 0:
        return problem
    failure_cost = problem.failure_cost.copy()
    failure_cost[i] = max(0.0, (slack + TOLERANCE * rng.choice([0, 0.9, 1, 1.1])) / (1 - own))
    return replace(problem, failure_cost=failure_cost)
