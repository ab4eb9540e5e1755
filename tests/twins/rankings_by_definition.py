"""Rankings by their definition: one linear program for each pair of packages, slow and obvious.

An actor's unknown value is one variable for each option of each issue, weight times value, in
points.  What is said of it is written down as inequalities, and nothing is derived from them.
"""

import itertools

import numpy as np
from scipy.optimize import linprog

from servanda.problems.packages import PackageProblem, pattern
from servanda.problems.ranked_packages import RankedProblem, ranked_problem
from servanda.problems.weight_orders import WeightOrder, weight_order

POINTS = 100.0


def random_ranked(seed, *, actors=None, floors=True, links=True):
    """A small problem in which anything may be ranked, in numbers, tied or not said."""
    rng = np.random.default_rng(seed)
    n_actors, n_issues = actors or int(rng.integers(1, 4)), int(rng.integers(1, 5))
    counts = rng.integers(1, 4, n_issues)
    most = int(counts.max())
    rank, value, weights, floor = {}, {}, [], {}
    contribution = np.zeros((n_issues, most, n_actors))
    reservation = np.where(rng.random(n_actors) < 0.2, np.nan, rng.integers(0, 60, n_actors))
    for i in range(n_actors):
        kind = rng.choice(["numbers", "weighed", "line", "partly", "nothing"])
        if kind == "numbers":
            weights.append(None)
            contribution[..., i] = rng.integers(-9, 30, (n_issues, most))
            continue
        for j in range(n_issues):
            if rng.random() < 0.75:
                places = rng.integers(0, counts[j], counts[j])
                rank[i, j] = np.unique(places, return_inverse=True)[1].tolist()
            else:
                value[i, j] = rng.integers(0, 5, counts[j]) / 4.0
        weights.append(_weights(rng, kind, n_issues))
        if floors and rng.random() < 0.5:
            floor[i] = [int(rng.integers(count)) for count in counts]
    with_links = int(rng.integers(0, 3)) if links else 0
    numbers = PackageProblem(
        actors=tuple(f"actor-{i}" for i in range(n_actors)),
        issues=tuple(f"issue-{j}" for j in range(n_issues)),
        options=tuple(tuple(f"o{o}" for o in range(count)) for count in counts),
        n_options=counts,
        contribution=contribution,
        constant=rng.integers(-3, 4, n_actors).astype(float),
        reservation=reservation,
        links=np.array(
            [
                pattern(n_issues, {j: [int(rng.integers(counts[j]))] for j in range(n_issues)})
                for _ in range(with_links)
            ],
            np.uint64,
        ).reshape(with_links, n_issues),
        link_values=rng.integers(-20, 20, (with_links, n_actors)).astype(float),
    )
    return ranked_problem(numbers, rank=rank, weights=weights, value=value, floor=floor)


def _weights(rng, kind, n_issues):
    if kind == "weighed":
        return rng.dirichlet(np.ones(n_issues)).round(3)
    if kind == "nothing":
        return weight_order(n_issues)
    order = rng.permutation(n_issues).tolist()
    cut = int(rng.integers(0, n_issues))
    alike = [order[cut : cut + 2]] if rng.random() < 0.4 else []
    pairs = [
        pair
        for pair in itertools.combinations(order, 2)
        if (kind == "line" or rng.random() < 0.4) and not (alike and set(pair) <= set(alike[0]))
    ]
    return weight_order(n_issues, pairs, alike)


class Readings:
    """All readings of one actor's rankings, as inequalities over weight · value of each option."""

    def __init__(self, problem: RankedProblem, actor: int):
        self.counts = problem.numbers.n_options.tolist()
        n_issues = len(self.counts)
        self.start = np.cumsum([n_issues, *self.counts])  # the weights come first
        self.least, self.equal, self.right = [], [], []
        weights = problem.weights[actor]
        if weights is None:
            weights = np.zeros(n_issues)
        if isinstance(weights, WeightOrder):
            outside = [j for j in range(n_issues) if not any(j in g for g in weights.groups)]
            for j in outside:
                self._same({j: 1.0}, 0.0)
            for n, group in enumerate(weights.groups):
                for j in group[1:]:
                    self._same({group[0]: 1.0, j: -1.0}, 0.0)
                for m, other in enumerate(weights.groups):
                    if weights.above[n] >> m & 1 and m != n:
                        self._at_least({other[0]: 1.0, group[0]: -1.0})
            self._same(dict.fromkeys(range(n_issues), 1.0), 1.0)
        else:
            for j, weight in enumerate(weights):
                self._same({j: 1.0}, float(weight))
        for j, count in enumerate(self.counts):
            places = problem.rank[actor, j, :count]
            for one in range(count):
                at = int(self.start[j]) + one
                if places[0] < 0:
                    self._same({at: 1.0, j: -float(problem.value[actor, j, one])}, 0.0)
                    continue
                if places[one] == places.max():
                    self._same({at: 1.0}, 0.0)
                elif places[one] == 0:
                    self._same({at: 1.0, j: -1.0}, 0.0)
                for other in range(count):
                    there = int(self.start[j]) + other
                    if places[one] == places[other]:
                        self._same({at: 1.0, there: -1.0} if at != there else {}, 0.0)
                    elif places[one] < places[other]:
                        self._at_least({at: 1.0, there: -1.0})

    def least_of(self, gain):
        """The least value of Σ gain · variable over all readings."""
        found = linprog(
            gain,
            A_ub=-np.array(self.least) if self.least else None,
            b_ub=np.zeros(len(self.least)) if self.least else None,
            A_eq=np.array(self.equal),
            b_eq=np.array(self.right),
            bounds=(0, None),
        )
        assert found.status == 0
        return found.fun

    def package(self, chosen):
        row = np.zeros(int(self.start[-1]))
        for j, option in enumerate(chosen):
            row[int(self.start[j]) + option] = POINTS
        return row

    def _row(self, entries):
        row = np.zeros(int(self.start[-1]))
        for at, entry in entries.items():
            row[at] += entry
        return row

    def _same(self, entries, right):
        self.equal.append(self._row(entries))
        self.right.append(right)

    def _at_least(self, entries):
        self.least.append(self._row(entries))


def by_numbers(problem, actor, chosen):
    """What the numbers say a package is worth."""
    numbers = problem.numbers
    total = numbers.constant[actor]
    total += sum(numbers.contribution[j, option, actor] for j, option in enumerate(chosen))
    for row, worth in zip(numbers.links, numbers.link_values, strict=True):
        if all(int(mask) >> option & 1 for mask, option in zip(row, chosen, strict=True)):
            total += worth[actor]
    return total


def least_differences(problem, actor, packages):
    """What each package is worth more than each other one in the reading worst for it, (N, N)."""
    readings = Readings(problem, actor)
    rows = [problem.numbers.chosen(n) for n in packages]
    found = np.zeros((len(rows), len(rows)))
    for (a, x), (b, y) in itertools.product(enumerate(rows), repeat=2):
        known = by_numbers(problem, actor, x) - by_numbers(problem, actor, y)
        found[a, b] = known + readings.least_of(readings.package(x) - readings.package(y))
    return found
