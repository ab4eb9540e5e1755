"""Weights of issues of which only an order is known: a set of weights, its corners, its middle.

What is known is which issues weigh the same and which weigh at least as much as which.  The weights
w >= 0 with sum 1 that agree are a polytope.  A set S of issues that holds, with each issue, all
that weigh as much or more, is **closed**; let m(S) count its issues.  Then

- every point of the polytope is a mixture of the points 1_S / m(S), S closed; the corners are those
  of the connected S.  For a ranking S_1 < S_2 < ... these are the points of Barron and Barrett;
- every chain of closed sets ∅ < S_1 < ... < S_G, one group of equal issues more each time, spans a
  simplex with volume in proportion to Π 1/m(S_g), and these simplices make up the polytope.  So a
  uniform draw takes a chain in that proportion and mixes its points by a flat Dirichlet draw;
- the mean of the polytope is the rank-order centroid: for a full ranking w_r = (1/J) Σ_{k>=r} 1/k.

>>> order = weight_order(3, [(0, 1), (1, 2)])
>>> order.centroid.round(4).tolist()
[0.6111, 0.2778, 0.1111]

References: Barron and Barrett (1996), Decision quality using ranked attribute weights, Management
Science 42(11); Lahdelma, Hokkanen and Salminen (1998), SMAA, EJOR 106(1), for the uniform draws.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError

Floats = NDArray[np.float64]

MOST_CLOSED = 1 << 15
"""Closed sets of issues that are listed; a full ranking of J issues has J."""


@dataclass(frozen=True)
class WeightOrder:
    """What is known of J weights.

    Attributes:
        n_issues: J.
        groups: issues of equal weight; an issue in no group weighs nothing.
        above: for each group a bitmask of the groups that weigh as much or more, itself included.
    """

    n_issues: int
    groups: tuple[tuple[int, ...], ...]
    above: tuple[int, ...]

    @cached_property
    def chains(self) -> dict[int, float]:
        """Closed sets, smaller first, with the volume of the chains that lead to each."""
        found = {0: 1.0}
        layer = {0: 1.0}
        for _ in self.groups:
            larger: dict[int, float] = {}
            for closed, volume in layer.items():
                for group, above in enumerate(self.above):
                    grown = closed | 1 << group
                    if not closed >> group & 1 and above & ~grown == 0:
                        larger[grown] = larger.get(grown, 0.0) + volume / self.count(grown)
            found |= larger
            layer = larger
            if len(found) > MOST_CLOSED:
                raise ProblemError(
                    f"importance: so little is said of {len(self.groups)} issues that more than "
                    f"{MOST_CLOSED:,} sets of them may come first; say more of their order"
                )
        return found

    @cached_property
    def corners(self) -> Floats:
        """Corners of the set of weights, (K, J)."""
        rows = [self._point(closed) for closed in self.chains if self._connected(closed)]
        return np.array(rows).reshape(len(rows), self.n_issues)

    @cached_property
    def centroid(self) -> Floats:
        """Mean of the set of weights, (J,)."""
        passed = {max(self.chains): 1.0}  # share of the volume whose chain runs through a set
        total = np.zeros(self.n_issues)
        for closed in sorted(self.chains, key=int.bit_count, reverse=True):
            if closed:
                total += passed[closed] * self._point(closed)
                for smaller, share in self._smaller(closed):
                    passed[smaller] = passed.get(smaller, 0.0) + passed[closed] * share
        return total / max(len(self.groups), 1)

    def drawn(self, which: float, uniform: Floats) -> Floats:
        """One draw of the weights (J,).

        Args:
            which: in (0, 1); the chain.
            uniform: (G,) in (0, 1); where in its simplex.
        """
        mix = -np.log(uniform)
        total, closed = np.zeros(self.n_issues), max(self.chains)
        for part in (mix / mix.sum() if len(mix) else mix).tolist():
            total += part * self._point(closed)
            closed, which = self._taken(closed, which)
        return total

    def count(self, closed: int) -> int:
        """Issues in a closed set."""
        return sum(len(group) for n, group in enumerate(self.groups) if closed >> n & 1)

    def _point(self, closed: int) -> Floats:
        """All issues of a closed set weighing the same, and no other anything, (J,)."""
        point = np.zeros(self.n_issues)
        inside = [j for n, group in enumerate(self.groups) if closed >> n & 1 for j in group]
        point[inside] = 1.0 / max(len(inside), 1)
        return point

    def _smaller(self, closed: int) -> list[tuple[int, float]]:
        """Closed sets with one group less, and the share of the chains that runs through each."""
        sets = [closed & ~(1 << n) for n in range(len(self.groups)) if closed >> n & 1]
        volumes = [(one, self.chains[one]) for one in sets if one in self.chains]
        total = sum(volume for _, volume in volumes)
        return [(one, volume / total) for one, volume in volumes]

    def _taken(self, closed: int, which: float) -> tuple[int, float]:
        """The smaller set that ``which`` falls on, and where in its share it falls."""
        smaller = self._smaller(closed)
        for one, share in smaller:
            if which < share:
                return one, which / share
            which -= share
        return smaller[-1][0], 0.5  # a rounding error past the end

    def _connected(self, closed: int) -> bool:
        """Whether a set is not empty and does not fall into parts that are closed themselves."""
        parts = [self.above[n] for n in range(len(self.groups)) if closed >> n & 1]
        if not parts:
            return False
        reached, grew = parts[0], True
        while grew:
            touching = [part for part in parts if part & reached and part & ~reached]
            grew = bool(touching)
            for part in touching:
                reached |= part
        return reached == closed


def weight_order(
    n_issues: int,
    more_important: Iterable[tuple[int, int]] = (),
    alike: Iterable[Sequence[int]] = (),
    *,
    issues: Iterable[int] | None = None,
) -> WeightOrder:
    """What is known of weights.

    Args:
        n_issues: J.
        more_important: pairs of issues, the one that matters more first.
        alike: issues that matter the same.
        issues: those that matter at all; None: every one.

    Raises:
        ProblemError: an issue there is not, or importance runs in a circle.
    """
    pairs, tied = list(more_important), [tuple(group) for group in alike]
    mattering = list(range(n_issues) if issues is None else issues)
    for issue in {j for pair in pairs for j in pair} | {j for group in tied for j in group}:
        if issue not in mattering:
            raise ProblemError(f"importance: no issue {issue} among those that matter")
    groups = [group for group in tied if group]
    groups += [(j,) for j in mattering if not any(j in group for group in tied)]
    place = {j: n for n, group in enumerate(groups) for j in group}
    graph: dict[int, set[int]] = {n: set() for n in range(len(groups))}
    for more, less in pairs:
        graph[place[less]].add(place[more])
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise ProblemError(f"importance runs in a circle: {error.args[1]}") from None
    above = [0] * len(groups)
    for n in order:
        above[n] = 1 << n
        for higher in graph[n]:
            above[n] |= above[higher]
    return WeightOrder(n_issues, tuple(groups), tuple(above))
