"""The margin of one order, and the share of draws with a kept deal, over two numbers at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from servanda.errors import (
    Complaint,
    ProblemError,
    ScenarioError,
    nearest_name,
    shortened,
)
from servanda.problems.package_binding import lines_held, order_lines
from servanda.problems.parameters import CHANCE, Floats, Parameters, central
from servanda.problems.translation import Translation
from servanda.results.analysis import Origin
from servanda.results.answer_map import AnswerMap, Axis
from servanda.scenario.model import Scenario
from servanda.simulation.centre import Ground
from servanda.simulation.deal_asked import Question, deal_asked, order_asked
from servanda.simulation.ensemble import (
    CandidateDraws,
    Draws,
    candidates_over_draws,
    joined,
    reservations,
    take_draws,
)
from servanda.simulation.progress import Progress
from servanda.simulation.shared import shared_work
from servanda.simulation.translated import translated
from servanda.solvers.orders import BEST, OrderedDeal
from servanda.solvers.zero_contour import zero_contour

ROWS = 2000
"""Rows of θ evaluated at once."""

RANGE = re.compile(r"(?P<path>[^=]+)=(?P<low>[^=]+?)\.\.(?P<high>[^=]+)")
"""``PATH=LOW..HIGH``."""


@shared_work()
def map_of_scenario(
    scenario: Scenario,
    origin: Origin,
    asked: Question,
    over: tuple[str, str],
    points: int,
    *,
    threads: int | None,
    progress: Progress,
) -> AnswerMap:
    """An answer of a checked scenario over two of its numbers.

    Args:
        scenario: with a war and steps.
        origin: how many draws of the other numbers, from which seed.
        asked: the deal (``package``), and a plan or the identifier of an order (``compare``).
        over: the two numbers, as ``PATH`` or ``PATH=LOW..HIGH``.
        points: of each.
        threads, progress: as everywhere.

    Raises:
        ScenarioError: no war, no steps, no such package or number, a number without a range.
        NotFoundError: no such deal or order.
        ProblemError: the deal has no order of steps.
    """
    translation = translated(scenario, progress=progress)
    first, second = _axes(translation.parameters, over, points)
    deal = deal_asked(scenario, origin, asked, threads=threads, progress=progress)
    ground, ordered = deal.ground, deal.ordered
    name, plan = order_asked(ordered, asked)
    if plan is None:
        raise ProblemError(f"no order to look at: {ordered.reasons.get(name or BEST, '')}")
    one = replace(ordered, searches={}, reasons={}, given={name: plan})
    drawn = take_draws(
        translation, seed=origin.seed, count=origin.draws, threads=threads, progress=progress
    )
    entries = [translation.parameters.index(axis.path) for axis in (first, second)]
    cells = np.array([(x, y) for x in first.points.tolist() for y in second.points.tolist()])

    def looked(theta: Floats, what: str) -> CandidateDraws:
        return _judged(ground, one, theta, threads, progress, what)

    def on_grid(theta: Floats, what: str) -> CandidateDraws:
        rows = np.repeat(theta[np.newaxis], len(cells), axis=0)
        rows[:, :, entries] = cells[:, np.newaxis]
        return looked(rows.reshape(-1, theta.shape[1]), what)

    centre = central(translation.parameters)
    at_centre = on_grid(centre, "the map at the central values")
    margin = at_centre.orders[0].margins.margins.reshape(points, points)
    over_draws = on_grid(drawn.theta, "the map over the draws")
    kept = (over_draws.acceptable & over_draws.kept).reshape(len(cells), -1)
    now, drawn_now = looked(centre, "as it is"), looked(drawn.theta, "as it is")
    return AnswerMap(
        origin=origin,
        package=ordered.package,
        options=dict(deal.options),
        reason=deal.reason,
        order=name,
        first=first,
        second=second,
        margin=margin,
        share=kept.mean(axis=1).reshape(points, points),
        contour=tuple(zero_contour(first.points, second.points, margin)),
        margin_now=float(now.orders[0].margins.margins[0]),
        share_now=float((drawn_now.acceptable & drawn_now.kept).mean()),
    )


def _axes(params: Parameters, over: Sequence[str], points: int) -> tuple[Axis, Axis]:
    """The two numbers with where to look at them; every complaint at once."""
    complaints, axes = list[Complaint](), list[Axis]()
    for text in over:
        found = _axis(params, text, points)
        if isinstance(found, Axis):
            axes.append(found)
        else:
            complaints.append(found)
    if len(axes) == len(over) and axes[0].path == axes[1].path:
        complaints.append(Complaint(axes[0].path, "is named twice; a map takes two numbers"))
    if complaints:
        raise ScenarioError(complaints)
    return axes[0], axes[1]


def _axis(params: Parameters, text: str, points: int) -> Axis | Complaint:
    """One number with where to look at it, or what is wrong with it."""
    said = RANGE.fullmatch(text.strip())
    path = said["path"].strip() if said else text.strip()
    if path not in params.paths:
        near = nearest_name(path.partition("=")[0], params.paths)
        return Complaint(shortened(path, 80), "no number of the scenario.", nearest=near)
    entry = params.index(path)
    low, high = float(params.low[entry]), float(params.high[entry])
    if said:
        try:
            low, high = float(said["low"]), float(said["high"])
        except ValueError:
            return Complaint(path, f"'{said['low']}..{said['high']}' is not LOW..HIGH")
    if params.shape[entry] == CHANCE:
        rule = "may hold or not, and nothing is between; --set it to 0 and to 1 instead"
        return Complaint(path, rule)
    if not np.isfinite([low, high]).all():
        return Complaint(path, f"has no range; say one, as in {path}=LOW..HIGH")
    if not params.lower[entry] <= low < high <= params.upper[entry]:
        return Complaint(path, f"{low:g}..{high:g} is no range of {params.unit[entry]}")
    grid = np.linspace(low, high, points)
    return Axis(path, params.unit[entry], float(params.value[entry]), float(low), float(high), grid)


def _judged(
    ground: Ground,
    one: OrderedDeal,
    theta: Floats,
    threads: int | None,
    progress: Progress,
    what: str,
) -> CandidateDraws:
    """One order of one package at rows of θ, a few thousand at a time."""
    translation: Translation = ground.translation
    parts = []
    for start in range(0, len(theta), ROWS):
        rows = theta[start : start + ROWS]
        progress(what, start / len(theta))
        held = lines_held(translation, rows, order_lines(translation))
        drawn = Draws(rows, reservations(translation, rows, threads=threads), held)
        (found,) = candidates_over_draws(
            ground.every_line, translation, drawn, [one], threads=threads, progress=lambda *_: None
        )
        parts.append(found)
    return _joined(parts)


def _joined(parts: Sequence[CandidateDraws]) -> CandidateDraws:
    """Rows one after the other."""
    first = parts[0]
    (order,) = first.orders
    whole = replace(
        order,
        margins=joined([part.orders[0].margins for part in parts]),
        kept=np.concatenate([part.orders[0].kept for part in parts]),
    )
    return replace(
        first,
        acceptable=np.concatenate([part.acceptable for part in parts]),
        gains=np.concatenate([part.gains for part in parts]),
        orders=(whole,),
    )
