"""What months of gains and losses say about the fronts, and what the next months may bring.

A front's month has the characteristic function 1 - τ + τ χ(u) with χ(u) = p ψ(u) + (1-p) ψ(-u) and
ψ that of a parcel's area; n moves have χ(u)^n. Densities and probabilities are inverted from it by
the midpoint rule, so nothing is drawn by chance. Beliefs are Bayes' on the grid of the problem.

Sources: Gil-Pelaez, J. (1951), Note on the inversion theorem, Biometrika 38(3-4), for the
inversion; the process is that of `servanda.problems.front_process`.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaln, gammaln

from servanda.errors import ProblemError
from servanda.problems.front_process import FrontProcess
from servanda.results.dynamics import FrontForecast, Learned

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

PROBABILITIES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Ends of the central bands of 90 % and 50 %, and the median."""

MOST_NODES = 200_000
"""Points at which a characteristic function is taken."""

CUT = 6.0
"""Spreads of the error beyond which the characteristic function counts as nought."""

TINY = 1e-12
"""Densities below this share of the error's are those of the arithmetic."""

NEGLIGIBLE = 1e-12
"""Belief below which an area of a parcel is passed over."""


def front_posterior(process: FrontProcess, changes: ArrayLike) -> Floats:
    """Beliefs before the first month and after each, (n + 1, T, P, G, U).

    Args:
        process: the fronts and what is believed of them at first.
        changes: (n,) area gained less area lost, month by month.
    """
    seen = np.asarray(changes, float)
    if seen.ndim != 1 or not np.isfinite(seen).all():
        raise ProblemError("changes: a row of finite numbers wanted")
    with np.errstate(divide="ignore"):
        logs = [np.log(process.prior)]
    for likelihood in _likelihoods(process, seen):
        logs.append(logs[-1] + np.log(likelihood))
    weights = np.exp([one - one.max() for one in logs])
    found: Floats = weights / weights.sum(axis=(1, 2, 3, 4), keepdims=True)
    return found


def front_forecast(process: FrontProcess, belief: Floats, months: int = 1) -> FrontForecast:
    """What so many months together may bring, and what is believed of the fronts.

    Args:
        process: the fronts.
        belief: (T, P, G, U), one of those of `front_posterior`.
        months: how many.
    """
    if months < 1:
        raise ProblemError(f"months: {months}, wanted 1 or more")
    mean, spread = _moments(process, belief, months)
    nodes, step = _nodes(process, 2 * (abs(mean) + 20 * spread))
    law = _characteristic(process, belief, months, nodes)

    def below(at: Floats) -> Floats:  # Gil-Pelaez (1951)
        waves = np.imag(law * np.exp(-1j * at[:, np.newaxis] * nodes)) / nodes
        chance: Floats = 0.5 - waves.sum(axis=1) * step / np.pi
        return chance

    wanted = np.array(PROBABILITIES)
    low, high = (np.full(len(wanted), mean + side * 20 * spread) for side in (-1, 1))
    for _ in range(44):
        middle = (low + high) / 2
        short = below(middle) < wanted
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    quantiles = (low + high) / 2
    return FrontForecast(
        months=months,
        mean=mean,
        quantiles=tuple(quantiles.tolist()),
        loss=float(np.clip(below(np.zeros(1))[0], 0.0, 1.0)),
        learned=_learned(process, belief),
    )


def _likelihoods(process: FrontProcess, seen: Floats) -> Floats:
    """Density of each month's change in each cell, (n, T, P, G, U)."""
    K, furthest = process.fronts, float(np.abs(seen).max(initial=0.0))
    by_moves = np.empty((K + 1, len(seen), len(process.gain), len(process.parcel)))
    for g, area in enumerate(process.parcel.tolist()):
        nodes, step = _nodes(process, 4 * max(K * area, furthest) + 40 * process.error)
        waves = np.exp(-1j * seen[:, np.newaxis] * nodes) * _damping(process, nodes, 1)
        move = _move(process, area, nodes)
        power = np.ones_like(move)
        for n in range(K + 1):
            by_moves[n, :, :, g] = _real_product(waves, power) * step / np.pi
            power = power * move
    found: Floats = np.einsum("nxpg,ntu->xtpgu", by_moves, _moves(process, 1))
    return np.maximum(found, TINY / process.error)


def _real_product(one: Complexes, other: Complexes) -> Floats:
    """Real part of one times the other, over their last axes; no bit depends on the threads."""
    same = np.einsum("xu,pu->xp", one.real.copy(), other.real.copy())
    found: Floats = same - np.einsum("xu,pu->xp", one.imag.copy(), other.imag.copy())
    return found


def _characteristic(process: FrontProcess, belief: Floats, months: int, nodes: Floats) -> Complexes:
    """Of the change over the months, all that is not known averaged over, (N,)."""
    weight = np.einsum("tpgu,ntu->npg", belief, _moves(process, months))
    total = np.zeros(len(nodes), complex)
    for g, area in enumerate(process.parcel.tolist()):
        if weight[:, :, g].sum() < NEGLIGIBLE:
            continue
        move = _move(process, area, nodes)
        inner = np.zeros_like(move)
        for n in range(len(weight) - 1, -1, -1):
            inner = inner * move + weight[n, :, g, np.newaxis]
        total += inner.sum(axis=0)
    return np.asarray(total * _damping(process, nodes, months), np.complex128)


def _move(process: FrontProcess, area: float, nodes: Floats) -> Complexes:
    """χ of one move for every p, (P, N)."""
    v = process.variation**2
    gain = np.exp(1j * nodes * area) if v == 0 else (1 - 1j * nodes * area * v) ** (-1 / v)
    p = process.gain[:, np.newaxis]
    found: Complexes = p * gain + (1 - p) * np.conj(gain)
    return found


def _damping(process: FrontProcess, nodes: Floats, months: int) -> Floats:
    """The error's share in the characteristic function; each month has its own."""
    found: Floats = np.exp(-months * (process.error * nodes) ** 2 / 2)
    return found


def _moves(process: FrontProcess, months: int) -> Floats:
    """Probability of n moves in all over the months, (K months + 1, T, U)."""
    K = process.fronts
    n = np.arange(K + 1)[:, np.newaxis, np.newaxis]
    t, r = process.tempo[:, np.newaxis], np.maximum(process.unrest, 1e-9)
    a, b = t * (1 - r) / r, (1 - t) * (1 - r) / r
    ways = gammaln(K + 1) - gammaln(n + 1) - gammaln(K - n + 1)
    steady = np.exp(ways) * t**n * (1 - t) ** (K - n)
    mixed = np.exp(ways + betaln(n + a, K - n + b) - betaln(a, b))
    one: Floats = np.where(process.unrest > 0, mixed, steady)
    found = one
    for _ in range(months - 1):
        longer = np.zeros((len(found) + K, *one.shape[1:]))
        for more in range(K + 1):
            longer[more : more + len(found)] += found * one[more]
        found = longer
    return found


def _moments(process: FrontProcess, belief: Floats, months: int) -> tuple[float, float]:
    """Mean and spread of the change over the months."""
    K, s = process.fronts, process.parcel[:, np.newaxis]
    t = process.tempo[:, np.newaxis, np.newaxis, np.newaxis]
    p = process.gain[:, np.newaxis, np.newaxis]
    moves, drift = K * t, (2 * p - 1) * s
    apart = K * t * (1 - t) * (1 + (K - 1) * process.unrest)
    within = moves * (s**2 * (1 + process.variation**2) - drift**2) + apart * drift**2
    each = months * moves * drift
    mean = float((belief * each).sum())
    spread = (belief * (months * (within + process.error**2) + (each - mean) ** 2)).sum()
    return mean, float(np.sqrt(spread))


def _nodes(process: FrontProcess, period: float) -> tuple[Floats, float]:
    """Midpoints in (0, CUT / σ) so dense that nothing within the period is counted twice."""
    step = float(2 * np.pi / period)
    count = int(np.ceil(CUT / process.error / step))
    if count > MOST_NODES:
        raise ProblemError(
            f"error: {process.error:g} is too small beside changes of up to {period / 2:,.0f}; "
            "give areas in a larger unit, or a larger error"
        )
    return np.asarray((np.arange(count) + 0.5) * step, np.float64), step


def _learned(process: FrontProcess, belief: Floats) -> Learned:
    """Means of what is believed."""
    tempo = float((belief.sum(axis=(1, 2, 3)) * process.tempo).sum())
    return Learned(
        tempo=tempo,
        moves=process.fronts * tempo,
        gain=float((belief.sum(axis=(0, 2, 3)) * process.gain).sum()),
        parcel=float((belief.sum(axis=(0, 1, 3)) * process.parcel).sum()),
        unrest=float((belief.sum(axis=(0, 1, 2)) * process.unrest).sum()),
    )
