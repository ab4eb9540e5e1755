"""What brings a deal back that another scenario lost: one change undone, or one lever moved."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from servanda.files.runs import Arrays, Run
from servanda.problems.package_binding import content_lines, lines_held, order_lines
from servanda.problems.parameters import CHANCE, Floats, Parameters
from servanda.results.comparison import BringBack, DealChange, Remedy
from servanda.results.levers import Lever
from servanda.scenario.change_groups import Group
from servanda.scenario.model import Scenario
from servanda.simulation.centre import Ground
from servanda.simulation.ensemble import (
    CHUNK,
    TIE,
    CandidateDraws,
    Draws,
    Flags,
    candidates_over_draws,
    reservations,
    stages_of,
)
from servanda.simulation.kept import in_chunks
from servanda.simulation.levers import move
from servanda.simulation.progress import Progress, quiet
from servanda.simulation.standing import KEPT, Standing
from servanda.simulation.who_moves import who_moves
from servanda.solvers.orders import OrderedDeal
from servanda.solvers.package_values import matching
from servanda.solvers.reweighting import normal_scores, slopes

LEVERS = 6
"""Levers moved, those that move most what the deal falls short of, beside the red lines it
breaks."""

SPREADS = (1.0, 2.0)
"""How far each is moved; farther out the range that was stated says nothing."""

NOT_READ = {"pressure", "talks", "types", "politics"}
"""Sections on which it does not depend whether a deal is kept."""

Undone = Callable[[int], Standing]
"""The second scenario with one change undone."""


def bring_back(
    changed: Sequence[tuple[int, DealChange]],
    groups: Sequence[Group],
    after: Standing,
    undone: Undone,
    scenario: Scenario,
    *,
    seed: int,
    threads: int | None,
    progress: Progress,
    run: Run | None = None,
) -> BringBack | None:
    """Single changes back for the deal that lost most; None where no deal became rarer.

    Args:
        changed: place and fate of every deal, the largest change first.
        groups: the changes.
        after: the deals in the second scenario.
        undone: the same with one change undone.
        scenario: the second scenario.
        seed: of the draws.
        threads, progress: as everywhere.
        run: where chunks of draws are kept.
    """
    lost = [row for row in changed if row[1].fate in {"died", "rarer"}]
    if not lost:
        return None
    place, deal = lost[0]
    progress("what brings it back", 0.0)
    params = after.ground.translation.parameters
    tried = [
        Remedy(
            path=group.label,
            undone=True,
            spreads=_effort(group, params),
            change=None,
            share=float((undone(number).gates[:, place] == KEPT).mean()),
        )
        for number, group in enumerate(groups)
    ]
    one = after.candidates[place]
    if one is not None:
        tried += _moved(scenario, after, one, seed, threads, progress, run)
    tried.sort(key=lambda remedy: _cheapest(remedy, deal))
    return BringBack(
        options=deal.options,
        before=deal.before,
        after=deal.after,
        tried=tuple(tried),
        restored=bool(tried) and tried[0].share >= deal.before,
    )


def _cheapest(remedy: Remedy, deal: DealChange) -> tuple[bool, bool, float, float]:
    """What restores the deal first, numbers by their effort; then what brings most of it back."""
    enough = remedy.share >= deal.before
    effort = remedy.spreads if remedy.spreads is not None else np.inf
    return not enough, enough and remedy.spreads is None, effort if enough else 0.0, -remedy.share


def _effort(group: Group, params: Parameters) -> float | None:
    """How far a change of one number has moved it, in its own spread; None where it has none."""
    if len(group.differences) != 1:
        return None
    one = group.differences[0]
    numbers = [
        side["value"] for side in (one.old, one.new) if isinstance(side, dict) and "value" in side
    ]
    spreads = [
        (side["high"] - side["low"]) / 2
        for side in (one.old, one.new)
        if isinstance(side, dict) and side.get("low") is not None and side["high"] > side["low"]
    ]
    if len(numbers) < 2 or not spreads:
        return None
    return float(abs(numbers[1] - numbers[0]) / max(spreads))


def _moved(
    scenario: Scenario,
    after: Standing,
    one: CandidateDraws,
    seed: int,
    threads: int | None,
    progress: Progress,
    run: Run | None,
) -> list[Remedy]:
    """Levers of one deal, each moved the way that helps."""
    translation, drawn = after.ground.translation, after.drawn
    params = translation.parameters
    found = []
    levers = _levers(scenario, after.ground, drawn, one)
    for number, lever in enumerate(levers):
        progress("what brings it back", number / len(levers))
        for spreads in SPREADS if lever.spread is not None else SPREADS[:1]:
            theta = drawn.theta.copy()
            move(params, theta, lever, spreads, seed)
            step = f"back-{lever.path}-{spreads:g}"
            kept = _kept(after.ground, one.ordered, theta, step, threads, run)
            settled = lever.spread is None
            size = lever.room if lever.spread is None else spreads * lever.spread
            found.append(
                Remedy(
                    path=lever.path,
                    undone=False,
                    spreads=None if settled else spreads,
                    change=size if lever.up else -size,
                    share=float(kept.mean()),
                )
            )
    return found


def _kept(
    ground: Ground,
    ordered: OrderedDeal,
    theta: Floats,
    step: str,
    threads: int | None,
    run: Run | None,
) -> Flags:
    """Rows of θ in which all sign a deal and keep it, (D,)."""
    translation = ground.translation

    def part(first: int, count: int) -> Arrays:
        rows = theta[first : first + count]
        held = lines_held(translation, rows, order_lines(translation))
        again = Draws(rows, reservations(translation, rows, threads=threads), held)
        (found,) = candidates_over_draws(
            ground.every_line, translation, again, [ordered], threads=threads, progress=quiet
        )
        return {"kept": found.acceptable & found.kept}

    parts = in_chunks(step, part, len(theta), CHUNK, run, [theta, stages_of([ordered])])
    return np.concatenate([one["kept"] for one in parts])


def _levers(scenario: Scenario, ground: Ground, drawn: Draws, one: CandidateDraws) -> list[Lever]:
    """Quantities that move most what the deal falls short of, and red lines that it breaks."""
    params = ground.translation.parameters
    room = _shortfall(one)
    slope, error = slopes(normal_scores(drawn.theta), room >= np.median(room))
    varying = np.ptp(drawn.theta, axis=0) > 0
    read = np.array([path.partition(".")[0] not in NOT_READ for path in params.paths])
    numbers = varying & read & (params.shape != CHANCE)
    strongest = np.argsort(np.where(numbers, -np.abs(slope), 0.0), kind="stable")[:LEVERS]
    found = []
    for entry in [*strongest[numbers[strongest]].tolist(), *_lines_broken(ground, drawn, one)]:
        chance = bool(params.shape[entry] == CHANCE)
        path = params.paths[entry]
        spread = None if chance else float(params.high[entry] - params.low[entry]) / 2
        up = not chance and bool(slope[entry] > 0)
        found.append(
            Lever(
                path=path,
                unit=params.unit[entry],
                who=who_moves(scenario, path),
                value=float(params.value[entry]),
                spread=spread,
                up=up,
                effect=float(slope[entry]),
                error=float(error[entry]),
                gates={},
            )
        )
    return found


def _lines_broken(ground: Ground, drawn: Draws, one: CandidateDraws) -> list[int]:
    """Entries of the red lines, held in some draw, that the deal or one of its orders breaks."""
    translation, problem = ground.translation, ground.every_line
    chosen = np.array(one.ordered.deal.chosen)
    content = np.flatnonzero(matching(problem.red_lines, chosen)).tolist()
    lines = [content_lines(translation)[row] for row in content]
    lines += [order_lines(translation)[row] for order in one.orders for row in order.breaks]
    entries = dict.fromkeys(int(translation.red_lines.holds_at[line]) for line in lines)
    return [entry for entry in entries if drawn.theta[:, entry].max() > TIE]


def _shortfall(one: CandidateDraws) -> Floats:
    """What decides whether a deal is kept: the least gain, or the best margin if it is less."""
    parts = [np.nanmin(one.gains, axis=1)]
    if one.orders:
        parts.append(np.max([order.margins.margins for order in one.orders], axis=0))
    smallest: Floats = np.min(parts, axis=0)
    return smallest
