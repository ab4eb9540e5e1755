"""Certified bounds on the margin at signature from weighted sums of the actors' values.

For weights w ≥ 0 the largest ``Σ w_i·V_i`` over all orders is a plain dynamic program over pairs.
At signature everybody's temptation meets, so with margins of m the weighted sum of what they need
may not exceed it: an upper bound on m, a Lagrangian dual whose minimum over w prices out how
far orders, mixed freely, could reconcile the actors. Its minimum is found by cutting planes.

Sources: Geoffrion, A. (1974), Lagrangean relaxation for integer programming, Mathematical
Programming Study 2; Kelley, J. (1960), The cutting-plane method for solving convex programs,
SIAM Journal 8(4).
"""

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from servanda.kernels.order_graph import Graph
from servanda.kernels.order_sums import Sums, largest_sums, level_at_signature

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

CUTS = 30
"""Most dynamic programs run for one bound."""

CLOSE = 0.01
"""Points from the smallest bound at which the search for weights ends."""

REMEMBERED = 6
"""Weights kept for the relaxation, those with the smallest bounds."""


@dataclass(frozen=True, eq=False)
class SignatureBound:
    """The best bound found, the weights behind it and the orders met on the way.

    Attributes:
        bound: no order has a larger margin at signature; infinite where nothing tempts there.
        weights: (W, A) the weights with the smallest bounds, best first, each summing to 1.
        orders: edges of the orders with the largest weighted sums.
    """

    bound: float
    weights: Floats
    orders: tuple[Integers, ...]


def signature_bound(graph: Graph, sums: Sums) -> SignatureBound:
    """Minimise the bound over weights."""
    A = graph.share.shape[1]
    tempted = np.array([_tempted(graph, i) for i in range(A)])
    if not tempted.any():
        _, edges = largest_sums(graph, sums, np.full(A, 1.0 / A))
        return SignatureBound(inf, np.zeros((0, A)), (edges,))
    weight = tempted / tempted.sum()
    tried: list[tuple[float, Floats]] = []
    orders: list[Integers] = []
    margins: list[Floats] = []
    for _ in range(CUTS):
        largest, edges = largest_sums(graph, sums, weight)
        tried.append((float(level_at_signature(graph, sums, weight, largest)), weight))
        orders.append(edges)
        margins.append(np.where(tempted, _first_margins(graph, edges), 0.0))
        weight, lowest = _next_weights(np.array(margins), tempted)
        if lowest > min(one for one, _ in tried) - CLOSE:
            break
    tried.sort(key=lambda one: one[0])
    kept = np.array([weight for _, weight in tried[:REMEMBERED]])
    return SignatureBound(tried[0][0], kept, tuple(orders))


def _tempted(graph: Graph, i: int) -> bool:
    """Whether actor i could breach at every first stage."""
    A = graph.share.shape[1]
    edges = np.arange(graph.first[0], graph.last[0])
    return bool((graph.line[edges * A + i + 1] > graph.line[edges * A + i]).all())


def _first_margins(graph: Graph, edges: Integers) -> Floats:
    """Each actor's smallest margin in the first stage of an order."""
    A = graph.share.shape[1]
    value = _values(graph, edges[1:])
    found = np.full(A, inf)
    for i in range(A):
        at = slice(graph.line[edges[0] * A + i], graph.line[edges[0] * A + i + 1])
        found[i] = (graph.slope[at] * value[i] + graph.intercept[at]).min(initial=inf)
    return found


def _next_weights(margins: Floats, tempted: NDArray[np.bool_]) -> tuple[Floats, float]:
    """Weights at which the largest weighted margin of the orders so far is smallest, and that."""
    from scipy.optimize import linprog

    K, A = margins.shape
    found = linprog(
        np.append(np.zeros(A), 1.0),
        A_ub=np.hstack([margins, -np.ones((K, 1))]),
        b_ub=np.zeros(K),
        A_eq=np.append(np.ones(A), 0.0)[np.newaxis],
        b_eq=[1.0],
        bounds=[*((0.0, 1.0 if one else 0.0) for one in tempted), (None, None)],
    )
    if found.x is None:
        raise AssertionError(f"weights on a simplex always exist: {found.message}")
    weight = np.maximum(found.x[:A], 0.0)
    return weight / weight.sum(), float(found.x[A])


def nash_bound(graph: Graph, sums: Sums, reservation: Floats) -> float:
    """No order gives the signatories a larger product of gains over their reservation values.

    For weights w with ``Σ w_i·x_i ≤ b`` over all orders, ``Π x_i ≤ (b/k)^k / Π w_i`` for the k
    signatories (arithmetic and geometric mean). The weights are those of the best mixture of
    orders so far, ``w_i = 1/x_i``, mixed anew after each order (Cover 1984).

    Args:
        graph, sums: orders still possible.
        reservation: (A,), NaN for those who do not sign.
    """
    signs = ~np.isnan(reservation)
    k = int(signs.sum())
    gain = np.where(signs, 1.0, 0.0)
    best = inf
    met: list[Floats] = []
    for _ in range(CUTS):
        weight = gain / gain.sum()
        largest, edges = largest_sums(graph, sums, weight)
        b = float(largest[0]) - float((weight * np.where(signs, reservation, 0.0)).sum())
        if b <= 0.0:
            return 0.0
        logarithm = k * np.log(b / k) - np.log(weight[signs]).sum()
        best = min(best, float(np.exp(min(logarithm, 700.0))))
        met.append((_values(graph, edges) - reservation)[signs])
        mixed = _mixture(np.array(met))
        gain = np.zeros(len(signs))
        gain[signs] = 1.0 / np.maximum(mixed, 1e-9 * max(1.0, float(mixed.max())))
    return best


def _values(graph: Graph, edges: Integers) -> Floats:
    """Values at signature of an order."""
    value = graph.end_value
    for e in edges[::-1]:
        value = graph.offset[e] + graph.share[e] * value
    return value


def _mixture(gains: Floats) -> Floats:
    """Gains (k,) of the mixture of orders (K, k) with the largest product, losses counted as 0."""
    gains = np.maximum(gains, 1e-12)
    share = np.full(len(gains), 1.0 / len(gains))
    for _ in range(200):
        share = share * (gains / (share @ gains)).mean(axis=1)
    mixed: Floats = share @ gains
    return mixed
