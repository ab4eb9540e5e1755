"""The funnel written from its definition, package by package; slow and obvious."""

import itertools
import math
from dataclasses import dataclass

import numpy as np

from servanda.problems.packages import TOLERANCE, PackageProblem, pattern


@dataclass
class Evaluated:
    """One package: values, pass probabilities, and which rows of the first three gates it fails."""

    index: int
    values: list
    support: list
    probability: list
    red_lines: list
    unwilling: list
    unsigned: list
    shortfall: float
    smallest: float

    @property
    def rows(self):
        return [*self.red_lines, *self.unwilling, *self.unsigned]

    @property
    def gates(self):
        return [any(self.red_lines), any(self.unwilling), any(self.unsigned)]


def matches(row, chosen):
    return all(int(mask) >> option & 1 for mask, option in zip(row, chosen, strict=True))


def on_the_table(problem):
    for index, chosen in enumerate(itertools.product(*(range(int(n)) for n in problem.n_options))):
        if not any(matches(row, chosen) for row in problem.exclusions):
            yield index, chosen


def evaluate(problem, index, chosen):
    actors = range(len(problem.actors))
    gates = range(len(problem.audiences))
    values, one_off = [], []
    for i in actors:
        value = problem.constant[i]
        value += sum(problem.contribution[j, o, i] for j, o in enumerate(chosen))
        for link, row in enumerate(problem.links):
            value += problem.link_values[link, i] if matches(row, chosen) else 0.0
        values.append(value)
        cost = sum(problem.audience_cost[j, o, i] for j, o in enumerate(chosen))
        one_off.append((1 - problem.discount[i]) * cost)
    support, probability = [], []
    for g in gates:
        logit = problem.support_constant[g]
        logit += sum(problem.support_effects[g, j, o] for j, o in enumerate(chosen))
        for row, value in zip(problem.interactions[g], problem.interaction_values[g], strict=True):
            logit += value if matches(row, chosen) else 0.0
        share = 1 / (1 + math.exp(-logit))
        support.append(share)
        if not problem.gates_before[g]:
            probability.append(1.0)
        elif problem.noise[g] == 0:
            probability.append(1.0 if share >= problem.threshold[g] else 0.0)
        else:
            z = (share - problem.threshold[g]) / problem.noise[g]
            probability.append(0.5 * (1 + math.erf(z / math.sqrt(2))))
    joint = math.prod(probability)
    red = [matches(row, chosen) for row in problem.red_lines]
    unwilling, unsigned, shortfall, smallest = [], [], 0.0, math.inf
    for i in actors:
        reservation = problem.reservation[i]
        own = math.prod(
            p for p, a in zip(probability, problem.audience_actor, strict=True) if a == i
        )
        if math.isnan(reservation):
            unwilling.append(False)
            unsigned.append(False)
            continue
        gain = values[i] - reservation
        smallest = min(smallest, gain)
        unwilling.append(gain < -TOLERANCE)
        signing = joint * values[i] + (1 - joint) * reservation
        signing -= (1 - own) * problem.failure_cost[i] + one_off[i]
        unsigned.append(gain >= -TOLERANCE and signing - reservation < -TOLERANCE)
        if unwilling[-1]:
            shortfall += -gain
        elif unsigned[-1]:
            shortfall += reservation - signing
    return Evaluated(
        index, values, support, probability, red, unwilling, unsigned, shortfall, smallest
    )


def dominates(y, x, tolerance=TOLERANCE):
    pairs = list(zip(y, x, strict=True))
    return all(b >= a - tolerance for b, a in pairs) and any(b > a + tolerance for b, a in pairs)


def same_point(y, x, tolerance=TOLERANCE):
    return all(abs(b - a) <= tolerance for b, a in zip(y, x, strict=True))


def frontier(values):
    """First row of every undominated point, and how many rows share it."""
    kept = {}
    for n, x in enumerate(values):
        if any(dominates(y, x) for y in values):
            continue
        first = next((m for m in kept if same_point(values[m], x)), n)
        kept[first] = kept.get(first, 0) + 1
    return kept


def random_problem(rng, *, gates=2, grid=True):
    """A small random problem; with ``grid`` all points are quarters, so that sums are exact."""
    n_issues = int(rng.integers(1, 5))
    counts = rng.integers(1, 4, size=n_issues)
    most = int(counts.max()) + int(rng.integers(0, 2))
    n_actors = int(rng.integers(1, 5))
    n_gates = int(rng.integers(0, gates + 1))

    def points(*shape):
        drawn = rng.normal(0, 4, size=shape)
        return np.round(drawn * 4) / 4 if grid else drawn

    def patterns(count):
        rows = np.zeros((count, n_issues), dtype=np.uint64)
        for n in range(count):
            looked = rng.choice(
                n_issues, size=int(rng.integers(1, min(3, n_issues) + 1)), replace=False
            )
            rows[n] = pattern(
                n_issues,
                {int(j): [o for o in range(int(counts[j])) if rng.random() < 0.6] for j in looked},
            )
        return rows

    n_links, n_red, n_slots = (int(rng.integers(0, 4)) for _ in range(3))
    reservation = points(n_actors) - 2
    reservation[rng.random(n_actors) < 0.2] = np.nan
    return PackageProblem(
        actors=tuple(f"actor-{i}" for i in range(n_actors)),
        issues=tuple(f"issue-{j}" for j in range(n_issues)),
        options=tuple(tuple(f"option-{o}" for o in range(int(n))) for n in counts),
        n_options=counts,
        contribution=points(n_issues, most, n_actors),
        constant=points(n_actors),
        reservation=reservation,
        links=patterns(n_links),
        link_values=points(n_links, n_actors),
        exclusions=patterns(int(rng.integers(0, 2))),
        red_lines=patterns(n_red),
        red_line_owner=rng.integers(0, n_actors, size=n_red),
        red_line_labels=tuple(f"line {n}" for n in range(n_red)),
        audiences=tuple(f"audience-{g}" for g in range(n_gates)),
        support_constant=rng.normal(size=n_gates),
        support_effects=rng.normal(size=(n_gates, n_issues, most)),
        interactions=np.stack([patterns(n_slots) for _ in range(n_gates)])
        if n_gates
        else np.zeros((0, n_slots, n_issues), dtype=np.uint64),
        interaction_values=rng.normal(size=(n_gates, n_slots)),
        threshold=rng.uniform(0.2, 0.8, size=n_gates),
        noise=np.where(rng.random(n_gates) < 0.3, 0.0, rng.uniform(0.02, 0.2, size=n_gates)),
        audience_actor=rng.integers(0, n_actors, size=n_gates),
        failure_cost=np.abs(points(n_actors)) * (rng.random(n_actors) < 0.5),
        audience_cost=np.abs(points(n_issues, most, n_actors)) * rng.integers(0, 30),
        discount=rng.uniform(0.98, 1.0, size=n_actors),
        gates_before=rng.random(n_gates) < 0.8,
    )
