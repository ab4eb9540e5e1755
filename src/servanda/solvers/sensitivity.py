"""Global sensitivity: which inputs the variance of an answer comes from.

The **first-order** index of an input is the share of the answer's variance that would go if the
input were known, ``Var(E[y|x]) / Var(y)``; its **total** index is the share that would stay if all
others were known. They differ by what it does together with others.

From draws already taken the first-order index is the share of variance between classes of equal
size, less what chance alone puts there (the analysis of variance's epsilon squared). By design both
come from Saltelli's estimators on a Sobol' sequence, by SciPy.

Sources: Sobol' (2001), Mathematics and Computers in Simulation 55; Saltelli et al. (2010), Computer
Physics Communications 181(2); Plischke, Borgonovo and Smith (2013), European Journal of Operational
Research 226(3) (given data); Kelley (1935), PNAS 21(9) (epsilon squared).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from servanda.errors import ProblemError

Floats = NDArray[np.float64]

WITHIN = 0.90
"""Coverage of the intervals."""

RESAMPLES = 200

SMALLEST_CLASS = 20
"""Draws in a class, at least."""


@dataclass(frozen=True, eq=False)
class Indices:
    """Indices of P inputs with the ends of their intervals, (P,) each."""

    value: Floats
    low: Floats
    high: Floats


def given_data_indices(
    draws: Floats, outcome: Floats, *, resamples: int = RESAMPLES, seed: int = 1
) -> Indices:
    """First-order indices from draws already taken.

    Args:
        draws: (N, P) inputs, drawn independently; at least 40 draws.
        outcome: (N,) the answer in each.
        resamples: of the draws, for the intervals (estimate and 1.645 bootstrap standard errors).
        seed: of the resampling.

    Raises:
        ProblemError: too few draws, or not as many answers.
    """
    count, inputs = draws.shape
    if count < 2 * SMALLEST_CLASS or len(outcome) != count:
        raise ProblemError(
            f"draws: {count} draws and {len(outcome)} answers; as many of each, and at least "
            f"{2 * SMALLEST_CLASS}"
        )
    classes = max(2, min(round(count ** (1 / 3)), count // SMALLEST_CLASS))
    ranks = stats.rankdata(draws, method="average", axis=0)
    member = np.minimum((ranks - 0.5) * classes / count, classes - 1).astype(np.int64)
    flat = (member + classes * np.arange(inputs)).T.ravel()

    def index(weight: Floats) -> Floats:
        """Epsilon squared of every input when draws count so many times."""
        repeated = np.tile(weight, inputs)
        shape = (inputs, classes)
        number = np.bincount(flat, repeated, inputs * classes).reshape(shape)
        total = np.bincount(flat, repeated * np.tile(outcome, inputs), inputs * classes)
        mean = weight @ outcome / count
        spread = float(weight @ (outcome - mean) ** 2)
        if spread == 0.0:
            return np.zeros(inputs)
        filled = np.maximum(number, 1.0)
        between = (number * (total.reshape(shape) / filled - mean) ** 2).sum(axis=1)
        free = (number > 0).sum(axis=1) - 1
        within = (spread - between) / np.maximum(count - 1 - free, 1)
        found: Floats = (between - free * within) / spread
        return found

    value = index(np.ones(count))
    chance = np.random.default_rng(seed)
    again = np.array(
        [
            index(chance.multinomial(count, np.full(count, 1 / count)).astype(float))
            for _ in range(resamples)
        ]
    )
    reach = stats.norm.ppf((1 + WITHIN) / 2) * again.std(axis=0, ddof=1)
    return Indices(value, value - reach, value + reach)


def sobol_indices(
    answer: Callable[[Floats], Floats], inputs: int, *, points: int = 256, seed: int = 1
) -> tuple[Indices, Indices]:
    """First-order and total indices of inputs that are uniform between 0 and 1.

    Args:
        answer: (N, inputs) -> (N,); asked once, for ``points * (inputs + 2)`` rows.
        inputs: how many.
        points: of the sequence, a power of two.
        seed: of its scrambling and of the bootstrap.

    Raises:
        ProblemError: the number of points is no power of two.
    """
    if points < 2 or points & (points - 1):
        raise ProblemError(f"points: {points} is no power of two")
    chance = np.random.default_rng(seed)
    base = stats.qmc.Sobol(2 * inputs, rng=chance).random(points)
    one, other = base[:, :inputs], base[:, inputs:]
    mixed = np.repeat(one[np.newaxis], inputs, axis=0)  # Saltelli's A with one column of B each
    mixed[np.arange(inputs), :, np.arange(inputs)] = other.T
    rows = np.concatenate([one, other, mixed.reshape(-1, inputs)])
    answers = answer(rows).reshape(inputs + 2, points)
    if np.ptp(answers) == 0.0:
        nothing = Indices(np.zeros(inputs), np.zeros(inputs), np.zeros(inputs))
        return nothing, nothing
    value = _saltelli(answers, points)
    again = np.array(
        [
            _saltelli(answers[:, chance.integers(points, size=points)], points)
            for _ in range(RESAMPLES)
        ]
    )
    reach = stats.norm.ppf((1 + WITHIN) / 2) * again.std(axis=0, ddof=1)
    first, total = (Indices(value[n], value[n] - reach[n], value[n] + reach[n]) for n in range(2))
    return first, total


def _saltelli(answers: Floats, points: int) -> Floats:
    """First-order and total indices, (2, inputs), of rows A, B and A with each column of B."""
    centred = answers - answers[:2].mean()
    if np.ptp(centred[:2]) == 0.0:
        return np.zeros((2, len(answers) - 2))
    found = stats.sobol_indices(
        func={
            "f_A": centred[0][np.newaxis],
            "f_B": centred[1][np.newaxis],
            "f_AB": centred[2:, np.newaxis],
        },
        n=points,
    )
    return np.stack([np.ravel(found.first_order), np.ravel(found.total_order)])
