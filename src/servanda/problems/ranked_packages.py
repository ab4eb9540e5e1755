"""Packages of whose worth some is known by order alone.

For an actor i with rankings the value of package K is ::

    u_i(K) = numbers_i(K) + 100 · Σ_j w_j · v_j(K_j)

where ``numbers_i`` is what a :class:`PackageProblem` says (links, and all that is given in numbers)
and only this is known of the rest: v_j is 1 on the best place of its ranking, 0 on the last, falls
from place to place, and is the same within one; w is in the set of a :class:`WeightOrder`.  A
**reading** is one choice of all w and v that agrees.  What is true in every reading is known.

A ranking of packages below which an actor refuses (``floor``) makes its reservation value the value
of that package, in every reading.

References: Lahdelma, Hokkanen and Salminen (1998), SMAA, EJOR 106(1); Barron and Barrett (1996),
Management Science 42(11).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.kernels.draws import draw_quantiles
from servanda.problems.packages import PackageDraws, PackageProblem
from servanda.problems.parameters import UNIFORM, digest_of
from servanda.problems.weight_orders import WeightOrder

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

POINTS = 100.0
"""Value points between the worst and the best options of every issue, links left out."""

Weights = Floats | WeightOrder | None
"""Of one actor: numbers (J,), an order, or None where nothing of it is ranked."""


@dataclass(frozen=True, eq=False)
class RankedProblem:
    """Packages, what is known of them in numbers, and what by order.

    J issues, O most options of an issue, A actors.

    Attributes:
        numbers: all that is known in numbers; contributions that a ranking stands for are 0, and
            the reservation of an actor with a floor is any finite number.
        rank: (A, J, O) int, place of an option in the actor's ranking, 0 the best; -1 where the
            issue is not ranked.
        value: (A, J, O) numbers between 0 and 1 where it is not, for an actor with weights.
        weights: of each actor.
        floor: (A, J) int, options of the package that is just as good as no deal; a row of -1
            where that is a number.
    """

    numbers: PackageProblem
    rank: Integers
    value: Floats
    weights: tuple[Weights, ...]
    floor: Integers

    def __post_init__(self) -> None:
        n_issues, most, n_actors = self.numbers.contribution.shape
        shapes = {
            "rank": (self.rank, (n_actors, n_issues, most)),
            "value": (self.value, (n_actors, n_issues, most)),
            "floor": (self.floor, (n_actors, n_issues)),
        }
        complaints = [
            f"{name}: shape {array.shape}; must be {shape}"
            for name, (array, shape) in shapes.items()
            if array.shape != shape
        ]
        if len(self.weights) != n_actors:
            complaints.append(f"weights: {len(self.weights)} for {n_actors} actors")
        if complaints:
            raise ProblemError("; ".join(complaints))

    @property
    def ranked(self) -> tuple[int, ...]:
        """Actors of whom something is known by order alone."""
        return tuple(
            i
            for i, weights in enumerate(self.weights)
            if isinstance(weights, WeightOrder)
            or (self.rank[i] >= 0).any()
            or (self.floor[i] >= 0).any()
        )

    @cached_property
    def places(self) -> Integers:
        """Places of each ranking, (A, J); 0 where the issue is not ranked."""
        places: Integers = self.rank.max(axis=2) + 1
        return places

    @cached_property
    def corners(self) -> tuple[Floats, ...]:
        """Extreme weights of each actor, (K, J); one row where they are numbers."""
        n_issues = len(self.numbers.issues)
        return tuple(
            weights.corners
            if isinstance(weights, WeightOrder)
            else np.zeros((1, n_issues))
            if weights is None
            else weights[np.newaxis]
            for weights in self.weights
        )


def ranked_problem(
    numbers: PackageProblem,
    *,
    rank: Mapping[tuple[int, int], Sequence[int]],
    weights: Sequence[Weights],
    value: Mapping[tuple[int, int], Sequence[float]] | None = None,
    floor: Mapping[int, Sequence[int]] | None = None,
) -> RankedProblem:
    """Packages with rankings given sparsely.

    Args:
        numbers: what is known in numbers.
        rank: by (actor, issue), the place of each option, 0 the best.
        weights: of each actor.
        value: by (actor, issue), numbers between 0 and 1 where the options are not ranked.
        floor: by actor, the options of the package just as good as no deal.

    Raises:
        ProblemError: a place left out, or one number too few or too many.
    """
    n_issues, most, n_actors = numbers.contribution.shape
    ranks = np.full((n_actors, n_issues, most), -1, np.int64)
    values = np.zeros((n_actors, n_issues, most))
    floors = np.full((n_actors, n_issues), -1, np.int64)
    for given, whole in ((rank, ranks), (value or {}, values)):
        for (actor, issue), row in given.items():
            count = int(numbers.n_options[issue])
            if len(row) != count:
                raise ProblemError(f"actor {actor}, issue {issue}: {len(row)} for {count} options")
            whole[actor, issue, :count] = row
    for (actor, issue), row in rank.items():
        if sorted(set(row)) != list(range(max(row) + 1)):
            raise ProblemError(f"actor {actor}, issue {issue}: places {list(row)} leave one out")
    for actor, chosen in (floor or {}).items():
        numbers.number(chosen)  # its options are there
        floors[actor] = chosen
    return RankedProblem(numbers, ranks, values, tuple(weights), floors)


# --- readings ------------------------------------------------------------------------------------


def central_reading(problem: RankedProblem) -> PackageProblem:
    """The reading in the middle: rank-order centroids, places of a ranking evenly apart."""
    places = np.maximum(problem.places[..., np.newaxis] - 1, 1)
    # a ranking of one place says that the options are alike: worth nothing to choose between
    even = np.where(problem.places[..., np.newaxis] > 1, 1.0 - problem.rank / places, 0.0)
    value = np.where(problem.rank >= 0, even, problem.value)
    weights = [one.centroid if isinstance(one, WeightOrder) else one for one in problem.weights]
    worth, reservation = _worth(problem, value, weights)
    return replace(problem.numbers, contribution=worth, reservation=reservation)


def draw_readings(problem: RankedProblem, *, seed: int, first: int, count: int) -> PackageDraws:
    """Readings ``first`` ... ``first + count - 1`` of an endless row, uniform over all that agree.

    The weights are uniform on their set and the values of the inner places of a ranking uniform
    between its ends, in order.  A number depends on the seed, the reading and its name alone.
    """
    base = central_reading(problem)
    n_issues, most, n_actors = base.contribution.shape
    shape = (count, n_issues, most, n_actors)
    contribution, reservation = np.empty(shape), np.empty((count, n_actors))
    uniform = _uniforms(problem, seed, first, count)
    for k in range(count):
        value, weights = problem.value.copy(), list(problem.weights)
        for i in problem.ranked:
            for j in np.flatnonzero(problem.places[i] > 1).tolist():
                inner = np.sort(uniform[f"{i}.{j}"][k])[::-1]
                worth = np.concatenate([[1.0], inner, [0.0]])
                value[i, j] = np.where(problem.rank[i, j] >= 0, worth[problem.rank[i, j]], 0.0)
            order = problem.weights[i]
            if isinstance(order, WeightOrder):
                chance = uniform[f"{i}"][k]
                weights[i] = order.drawn(float(chance[0]), chance[1:])
        contribution[k], reservation[k] = _worth(problem, value, weights)
    return PackageDraws(base, contribution=contribution, reservation=reservation)


def _uniforms(problem: RankedProblem, seed: int, first: int, count: int) -> dict[str, Floats]:
    """Numbers in (0, 1) by what they are for, (count, how many)."""
    actors, issues = problem.numbers.actors, problem.numbers.issues
    found = {}
    for i in problem.ranked:
        order = problem.weights[i]
        if isinstance(order, WeightOrder):
            names = [f"rankings.{actors[i]}.importance"]
            names += [f"rankings.{actors[i]}.importance.{issues[g[0]]}" for g in order.groups]
            found[f"{i}"] = _uniform(names, seed, first, count)
        for j in np.flatnonzero(problem.places[i] > 1).tolist():
            inner = range(1, int(problem.places[i, j]) - 1)
            names = [f"rankings.{actors[i]}.options.{issues[j]}.{place}" for place in inner]
            found[f"{i}.{j}"] = _uniform(names, seed, first, count)
    return found


def _uniform(names: Sequence[str], seed: int, first: int, count: int) -> Floats:
    drawn = np.empty((count, len(names)))
    keys = np.array([digest_of(name) for name in names], np.uint64)
    unit = np.tile([0.0, 1.0, 0.0], (len(names), 1))
    kinds = np.full(len(names), UNIFORM, np.int64)
    draw_quantiles(
        np.uint64(seed), np.uint64(first), keys, np.zeros(len(names)), kinds, unit, drawn
    )
    return drawn


def _worth(
    problem: RankedProblem, value: Floats, weights: Sequence[Floats | WeightOrder | None]
) -> tuple[Floats, Floats]:
    """Contributions (J, O, A) and reservation values (A,) of one reading."""
    numbers = problem.numbers
    contribution = numbers.contribution.copy()
    for i, one in enumerate(weights):
        if isinstance(one, np.ndarray):
            contribution[..., i] += POINTS * one[:, np.newaxis] * value[i]
    reservation = numbers.reservation.copy()
    issues = np.arange(len(numbers.issues))
    for i in np.flatnonzero((problem.floor >= 0).any(axis=1) & ~np.isnan(reservation)).tolist():
        chosen = problem.floor[i]
        linked = match(numbers.links, chosen[np.newaxis])[0] @ numbers.link_values[:, i]
        worth = numbers.constant[i] + contribution[issues, chosen, i].sum() + linked
        reservation[i] = worth
    return contribution, reservation


def match(patterns: NDArray[np.uint64], chosen: Integers) -> NDArray[np.bool_]:
    """Which patterns (L, J) match each package (N, J), as (N, L)."""
    options = chosen.astype(np.uint64)
    hits = np.ones((len(chosen), len(patterns)), dtype=np.bool_)
    for issue in range(chosen.shape[1]):
        hits &= (patterns[:, issue] >> options[:, issue, np.newaxis] & np.uint64(1)) == 1
    return hits
