"""θ: every quantity of a scenario in one vector.

Entry p of θ is the quantity at ``paths[p]``; beliefs are entries of their own.  A **draw** is a
row θ; a **belief** is a θ too: what actor i thinks the world is like is the same row with i's
beliefs gathered over it, ``theta[..., believed[i]]``.  Nothing below this file knows what an
entry means: problems gather what they need by index.

A draw depends on (seed, k, digest of the path) alone, so adding a quantity, or splitting the
draws over chunks, threads or machines, leaves every other number as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

from servanda.kernels.draws import draw_quantiles
from servanda.scenario.model import Scenario
from servanda.scenario.quantity import Kind, Quantity
from servanda.scenario.walk import quantities

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LOW, HIGH = 0.05, 0.95
"""The percentiles that ``low`` and ``high`` are (model: 5th and 95th)."""

FIXED, UNIFORM, TRIANGULAR, NORMAL, LOGNORMAL, BETA, CHANCE = range(7)
SHAPES = {
    "uniform": UNIFORM,
    "triangular": TRIANGULAR,
    "normal": NORMAL,
    "lognormal": LOGNORMAL,
    "beta": BETA,
}


ASIDE = ("types.", "politics.", "pressure.", "strikes.", "talks.")
"""Sections that other answers read, but not whether a deal is signed and kept in a draw."""


@dataclass(frozen=True)
class Parameters:
    """All quantities of one scenario, P entries, A actors.

    Attributes:
        actors: identifiers, in the scenario's order.
        paths: path of each entry.
        value, low, high: (P,) central value and percentiles (NaN where certain).
        lower, upper: (P,) range the kind of number allows; draws are clipped to it.
        shape: (P,) int, FIXED ... CHANCE.
        arguments: (P, 3) arguments of the shape's quantile function.
        key: (P,) uint64 digest of the path.
        believed: (A, P) entry actor i uses in place of entry p (p itself where it agrees).
        unit: unit of each entry in words.
        default: (P,) bool, True where the language's default stands.
        sources: sources of each entry.
        note: note of each entry.
        believer: identifier of the actor whose belief an entry is ("" for the analyst's).
        about: entry a belief is about; the entry itself otherwise.
        blocks: entries fitted together, with the number of the first of them.
    """

    actors: tuple[str, ...]
    paths: tuple[str, ...]
    value: Floats
    low: Floats
    high: Floats
    lower: Floats
    upper: Floats
    shape: Integers
    arguments: Floats
    key: NDArray[np.uint64]
    believed: Integers
    unit: tuple[str, ...]
    default: NDArray[np.bool_]
    sources: tuple[tuple[str, ...], ...]
    note: tuple[str, ...]
    believer: tuple[str, ...]
    about: Integers
    blocks: tuple[tuple[int, FittedBlock], ...] = ()

    def index(self, path: str) -> int:
        """Entry at ``path`` (KeyError when there is none)."""
        return self._index[path]

    @property
    def _index(self) -> dict[str, int]:
        cached: dict[str, int] | None = self.__dict__.get("_cached_index")
        if cached is None:
            cached = {path: entry for entry, path in enumerate(self.paths)}
            object.__setattr__(self, "_cached_index", cached)
        return cached


@dataclass(frozen=True)
class FittedBlock:
    """Entries estimated together from data: n of them, drawn with the covariance of the fit.

    A draw is ``sums @ reflect(centre + factor @ z)`` with z standard normal, where an element whose
    sign is known is reflected back to it.

    Attributes:
        paths: where the entries stand in θ.
        centre: (n,) estimate of each element.
        factor: (n, n) Cholesky factor of the elements' covariance.
        sign: (n,) sign an element must have; 0 when it may have either.
        sums: (n, n) how the entries add up from the elements.
        unit: in words.
        sources: of all entries.
        note: of all entries.
    """

    paths: tuple[str, ...]
    centre: Floats
    factor: Floats
    sign: Integers
    sums: Floats
    unit: str
    sources: tuple[str, ...]
    note: str

    @property
    def value(self) -> Floats:
        """Central value of every entry, (n,)."""
        return np.asarray(self.sums @ self.centre)

    @property
    def error(self) -> Floats:
        """Standard error of every entry, (n,)."""
        error: Floats = np.sqrt(((self.sums @ self.factor) ** 2).sum(axis=1))
        return error

    def draw(self, normals: Floats) -> Floats:
        """Entries (D, n) from standard normal numbers (D, n)."""
        drawn = self.centre + _row_by_row(normals, self.factor)
        drawn = np.where(self.sign == 0, drawn, self.sign * np.abs(drawn))
        return _row_by_row(drawn, self.sums)


def moves_deals(params: Parameters) -> NDArray[np.bool_]:
    """Which entries whether a deal is signed and kept can rest on, (P,)."""
    return np.array([not path.startswith(ASIDE) for path in params.paths], bool)


def parameters(scenario: Scenario, blocks: tuple[FittedBlock, ...] = ()) -> Parameters:
    """Gather the quantities of ``scenario``, and those fitted to its polls, into one vector."""
    entries = list(quantities(scenario))
    paths = [entry.path for entry in entries] + [path for block in blocks for path in block.paths]
    index = {path: number for number, path in enumerate(paths)}
    count, actors = len(paths), tuple(scenario.actors)
    value, low, high = (np.full(count, np.nan) for _ in range(3))
    lower, upper = np.full(count, -np.inf), np.full(count, np.inf)
    shape, arguments = np.zeros(count, np.int64), np.zeros((count, 3))
    believed = np.tile(np.arange(count), (len(actors), 1))
    about = np.arange(count)
    kinds = {entry.path: entry.kind for entry in entries}
    for number, entry in enumerate(entries):
        quantity = entry.quantity
        value[number] = quantity.value
        kind = kinds.get(entry.path.partition(".changes.")[2], entry.kind)  # of what it changes
        lower[number], upper[number] = kind.lower, kind.upper
        shape[number], arguments[number] = _shape_of(quantity, entry.kind)
        if quantity.low is not None and quantity.high is not None:
            low[number], high[number] = quantity.low, quantity.high
        if entry.of:
            about[number] = index[entry.of]
            believed[actors.index(entry.believer), index[entry.of]] = number
    placed = []
    for block in blocks:
        first = index[block.paths[0]]
        part = slice(first, first + len(block.paths))
        value[part], shape[part], arguments[part, 1] = block.value, NORMAL, 1.0
        low[part] = block.value + stats.norm.ppf(LOW) * block.error
        high[part] = block.value + stats.norm.ppf(HIGH) * block.error
        placed.append((first, block))
    key = np.array([digest_of(path) for path in paths], np.uint64)
    fitted = [block for block in blocks for _ in block.paths]
    default = np.array([entry.default for entry in entries] + [False] * len(fitted))
    for array in (
        *(value, low, high, lower, upper, shape, arguments),
        *(believed, about, key, default),
    ):
        array.flags.writeable = False
    quantity_of = [entry.quantity for entry in entries]
    return Parameters(
        actors=actors,
        paths=tuple(paths),
        value=value,
        low=low,
        high=high,
        lower=lower,
        upper=upper,
        shape=shape,
        arguments=arguments,
        key=key,
        believed=believed,
        unit=tuple([entry.kind.unit for entry in entries] + [block.unit for block in fitted]),
        default=default,
        sources=tuple([q.sources for q in quantity_of] + [block.sources for block in fitted]),
        note=tuple([q.note for q in quantity_of] + [block.note for block in fitted]),
        believer=tuple([entry.believer for entry in entries] + [""] * len(fitted)),
        about=about,
        blocks=tuple(placed),
    )


def central(params: Parameters) -> Floats:
    """θ at the central values, (1, P); what may hold counts when at least as likely as not."""
    theta = params.value.copy()
    chances = params.shape == CHANCE
    theta[chances] = (theta[chances] >= 0.5).astype(float)
    return theta[np.newaxis]


def draws(params: Parameters, *, seed: int, first: int, count: int) -> Floats:
    """Rows ``first`` ... ``first + count - 1`` of the endless matrix of draws, (count, P)."""
    theta = np.empty((count, len(params.paths)))
    draw_quantiles(
        np.uint64(seed),
        np.uint64(first),
        params.key,
        params.value,
        params.shape,
        params.arguments,
        theta,
    )
    _invert_special(params, theta)
    for start, block in params.blocks:
        part = slice(start, start + len(block.paths))
        theta[:, part] = block.draw(theta[:, part])
    return np.clip(theta, params.lower, params.upper, out=theta)


def belief(params: Parameters, theta: Floats, actor: int) -> Floats:
    """What ``actor`` thinks the world of ``theta`` (..., P) is like."""
    return theta[..., params.believed[actor]]


def _row_by_row(rows: Floats, matrix: Floats) -> Floats:
    """``rows @ matrix.T`` in which no row depends, to the last bit, on the rows beside it.

    A matrix product of the library orders its sums by the size of the whole.
    """
    total = np.zeros((len(rows), len(matrix)))
    for k in range(matrix.shape[1]):
        total += rows[:, k, np.newaxis] * matrix[:, k]
    return total


def _invert_special(params: Parameters, theta: Floats) -> None:
    """Turn the uniforms the kernel left for normal, lognormal and beta entries into values."""
    for kind in (NORMAL, LOGNORMAL, BETA):
        columns = np.flatnonzero(params.shape == kind)
        if not columns.size:
            continue
        uniform = theta[:, columns]
        first, second = params.arguments[columns, 0], params.arguments[columns, 1]
        if kind == BETA:
            theta[:, columns] = special.betaincinv(first, second, uniform)
        else:
            normal = first + second * special.ndtri(uniform)
            theta[:, columns] = np.exp(normal) if kind == LOGNORMAL else normal


def _shape_of(quantity: Quantity, kind: Kind) -> tuple[int, tuple[float, float, float]]:
    if kind.name == "chance" and quantity.certain:
        return CHANCE, (quantity.value, 0.0, 0.0)
    if quantity.low is None or quantity.high is None:
        return FIXED, (0.0, 0.0, 0.0)
    low, high = quantity.low, quantity.high
    shape = SHAPES[quantity.shape or "triangular"]
    if shape == UNIFORM:
        width = (high - low) / (HIGH - LOW)
        return shape, (low - LOW * width, width, 0.0)
    if shape == TRIANGULAR:
        return shape, _triangle(low, quantity.value, high)
    spread = stats.norm.ppf(HIGH) - stats.norm.ppf(LOW)
    if shape == NORMAL:
        return shape, ((low + high) / 2, (high - low) / spread, 0.0)
    if shape == LOGNORMAL:
        return shape, (np.log(low * high) / 2, np.log(high / low) / spread, 0.0)
    return shape, _beta(low, high)


def _triangle(low: float, mode: float, high: float) -> tuple[float, float, float]:
    """(left, mode, right) of the triangle with this mode whose 5 % and 95 % points are low, high.

    With w = right - left: (low-left)² = .05 w (mode-left) and (right-high)² = .05 w (right-mode).
    """

    def gap(logs: Floats) -> Floats:
        left, right = low - np.exp(logs[0]), high + np.exp(logs[1])
        width = right - left
        return (
            np.array(
                [
                    (low - left) ** 2 - LOW * width * (mode - left),
                    (right - high) ** 2 - LOW * width * (right - mode),
                ]
            )
            / (high - low) ** 2
        )

    start = np.log(0.2 * (high - low)) * np.ones(2)
    solution = optimize.root(gap, start, tol=1e-12)
    left, right = low - np.exp(solution.x[0]), high + np.exp(solution.x[1])
    return float(left), float(mode), float(right)


def _beta(low: float, high: float) -> tuple[float, float, float]:
    """(a, b) of the beta distribution with these 5 % and 95 % points."""

    def gap(logs: Floats) -> Floats:
        a, b = np.exp(logs)
        points: Floats = special.betaincinv(a, b, np.array([LOW, HIGH])) - np.array([low, high])
        return points

    middle, spread = (low + high) / 2, (high - low) / 3.29
    weight = max(middle * (1 - middle) / spread**2 - 1, 0.5)
    start = np.log([middle * weight, (1 - middle) * weight])
    solution = optimize.root(gap, start, tol=1e-12)
    a, b = np.exp(solution.x)
    return float(a), float(b), 0.0


def digest_of(path: str) -> int:
    """Eight bytes that stand for a path among the keys of draws."""
    return int.from_bytes(blake2b(path.encode(), digest_size=8).digest(), "little")
