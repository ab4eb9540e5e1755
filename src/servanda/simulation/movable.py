"""Which numbers of a scenario may move in an inverse analysis, in which units, how far."""

from __future__ import annotations

import numpy as np

from servanda.problems.least_change import LeastChangeProblem
from servanda.problems.parameters import CHANCE, Floats, Parameters, central, moves_deals
from servanda.problems.translation import Flags
from servanda.scenario.quantity import POSITIVE, YEARLY
from servanda.simulation.deal_conditions import DealConditions, condition_margins, unread
from servanda.solvers.war_table import TOLERANCE as FINE

FARTHEST = 5.0
"""Spreads beyond which no number is moved."""

WORST, BEST_VALUE = 0.0, 100.0
"""Ends of the scale on which an actor values the answers to a question."""

TENTH = 0.1
"""Of a number, in place of its spread, where no number of its kind has a range."""


def movable(params: Parameters, conditions: DealConditions) -> LeastChangeProblem:
    """Every number that may move, all others at their central values.

    What is above 0 goes down to a tenth of itself (without impatience a war never ends), and the
    value of an answer stays on its scale.
    """
    start = central(params)[0]
    spread = _spreads(params)
    stays = _stays(params, conditions)
    floor = np.where(
        np.isin(params.unit, [POSITIVE.unit, YEARLY.unit]), TENTH * start, params.lower
    )
    value = np.array([".options." in path and ".value." in path for path in params.paths])
    floor, ceiling = np.where(value, WORST, floor), np.where(value, BEST_VALUE, params.upper)
    lower = np.where(stays, start, np.maximum(floor, start - FARTHEST * spread))
    upper = np.where(stays, start, np.minimum(ceiling, start + FARTHEST * spread))
    return LeastChangeProblem(
        margins=lambda rows: condition_margins(conditions, rows, tolerance=FINE),
        start=start,
        spread=spread,
        lower=np.minimum(lower, start),
        upper=np.maximum(upper, start),
    )


def _spreads(params: Parameters) -> Floats:
    """Half of the range of every number, (P,); where none is stated, as wide as of numbers like it.

    That is the median ratio of spread to value among numbers with the same unit; where none of them
    has a range, a tenth of the number. A number at 0 counts as 1.
    """
    spread = (params.high - params.low) / 2.0
    size = np.where(params.value == 0.0, 1.0, np.abs(params.value))
    stated = np.isfinite(spread) & (spread > 0)
    units = np.array(params.unit)
    for entry in np.flatnonzero(~stated).tolist():
        alike = stated & (units == units[entry]) & (params.value != 0.0)
        ratio = np.median(spread[alike] / size[alike]) if alike.any() else TENTH
        spread[entry] = ratio * size[entry]
    return spread


def _stays(params: Parameters, conditions: DealConditions) -> Flags:
    """Entries that do not move: what may hold or not, what nobody said, what is not read."""
    stays = (params.shape == CHANCE) | params.default
    idle = sorted(unread(conditions) - {-1})
    stays[idle] = True
    stays[conditions.translation.red_lines.holds_at] = True
    stays |= ~moves_deals(params)
    return np.asarray(stays, dtype=np.bool_)
