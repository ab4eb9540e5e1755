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
from servanda.files.runs import Arrays, Run
from servanda.problems.package_binding import lines_held, order_lines
from servanda.problems.parameters import CHANCE, Floats, Parameters, central
from servanda.results.analysis import Origin
from servanda.results.answer_map import AnswerMap, Axis
from servanda.scenario.model import Scenario
from servanda.simulation.centre import Ground
from servanda.simulation.deal_asked import Question, deal_asked, order_asked
from servanda.simulation.ensemble import (
    CHUNK,
    Draws,
    Flags,
    candidates_over_draws,
    reservations,
    stages_of,
    take_draws,
)
from servanda.simulation.kept import in_chunks
from servanda.simulation.progress import Progress, quiet
from servanda.simulation.shared import shared_work
from servanda.simulation.translated import translated
from servanda.solvers.orders import BEST, OrderedDeal
from servanda.solvers.zero_contour import zero_contour

DOING = {
    "map-at-centre": "the map at the central values",
    "map-over-draws": "the map over the draws",
    "now-at-centre": "as it is",
    "now-over-draws": "as it is",
}
"""Steps whose chunks are kept, as progress says them."""

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
    run: Run | None = None,
) -> AnswerMap:
    """An answer of a checked scenario over two of its numbers.

    Args:
        scenario: with a war and steps.
        origin: how many draws of the other numbers, from which seed.
        asked: the deal (``package``), and a plan or the identifier of an order (``compare``).
        over: the two numbers, as ``PATH`` or ``PATH=LOW..HIGH``.
        points: of each.
        threads, progress: as everywhere.
        run: where chunks of draws and of points are kept.

    Raises:
        ScenarioError: no such package or number, a number without a range.
        NotFoundError: no such deal or order.
        ProblemError: the deal has no order of steps.
    """
    translation = translated(scenario, progress=progress)
    first, second = _axes(translation.parameters, over, points)
    deal = deal_asked(scenario, origin, asked, threads=threads, progress=progress, run=run)
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

    def looked(theta: Floats, step: str) -> tuple[Floats, Flags]:
        return _judged(ground, one, theta, step, threads, progress, run)

    def on_grid(theta: Floats, step: str) -> tuple[Floats, Flags]:
        rows = np.repeat(theta[np.newaxis], len(cells), axis=0)
        rows[:, :, entries] = cells[:, np.newaxis]
        return looked(rows.reshape(-1, theta.shape[1]), step)

    centre = central(translation.parameters)
    at_centre, _ = on_grid(centre, "map-at-centre")
    margin = at_centre.reshape(points, points)
    _, over_draws = on_grid(drawn.theta, "map-over-draws")
    share = over_draws.reshape(len(cells), -1).mean(axis=1).reshape(points, points)
    margin_now, _ = looked(centre, "now-at-centre")
    _, kept_now = looked(drawn.theta, "now-over-draws")
    return AnswerMap(
        origin=origin,
        package=ordered.package,
        options=dict(deal.options),
        reason=deal.reason,
        order=name,
        first=first,
        second=second,
        margin=margin,
        share=share,
        contour=tuple(zero_contour(first.points, second.points, margin)),
        margin_now=float(margin_now[0]),
        share_now=float(kept_now.mean()),
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
    step: str,
    threads: int | None,
    progress: Progress,
    run: Run | None,
) -> tuple[Floats, Flags]:
    """One order of one package at rows of θ: its margins, and where all sign and keep it, (N,)."""
    translation = ground.translation

    def part(first: int, count: int) -> Arrays:
        rows = theta[first : first + count]
        progress(DOING[step], first / len(theta), len(theta))
        held = lines_held(translation, rows, order_lines(translation))
        drawn = Draws(rows, reservations(translation, rows, threads=threads), held)
        (found,) = candidates_over_draws(
            ground.every_line, translation, drawn, [one], threads=threads, progress=quiet
        )
        (order,) = found.orders
        return {"margins": order.margins.margins, "kept": found.acceptable & order.kept}

    parts = list(in_chunks(step, part, len(theta), CHUNK, run, [theta, stages_of([one])]))
    margins, kept = (np.concatenate([one[name] for one in parts]) for name in ("margins", "kept"))
    return margins, kept
