"""What would make a kept deal likelier: which numbers, moved how far, by whom."""

from __future__ import annotations

from collections.abc import Iterable

from servanda.brief.document import Block, Figure, Line, Paragraph, Section, Table, tabled
from servanda.brief.words import path_cell, quoted
from servanda.charts.effort import effort_chart
from servanda.charts.levers import levers_chart
from servanda.charts.names import Names, listed
from servanda.charts.numbers import percent
from servanda.results.levers import Lever, Levers, Moved, Reach
from servanda.results.significant import significant

MOST_LEVERS = 20
"""Levers listed; the answer itself has them all."""
Z90 = 1.645
"""Standard errors to either side of a 90 % interval."""


def levers_section(found: Levers, names: Names) -> Section:
    """The finding, the levers computed again, several together, and all effects."""
    blocks: list[Block] = [Paragraph(one, "finding") for one in lever_sentences(found, names)]
    if found.reaches:
        blocks.append(Paragraph(computed_again(found), "note"))
    if found.levers:
        caption = "Share of the draws with a kept deal when a number moves by one spread or two."
        blocks.append(Figure(levers_chart(found, names.scenario), caption))
    if found.frontier:
        caption = "The strongest levers one after the other, each moved by one spread."
        blocks.append(Figure(effort_chart(found, names.scenario), caption))
    blocks += [table for table in tables_of_levers(found, names) if table.rows]
    return Section("levers", "What would change it", tuple(blocks))


def lever_sentences(found: Levers, names: Names) -> list[str]:
    """What reaches the target alone, what together, or what comes nearest."""
    if not found.levers:
        return ["No number of the scenario is uncertain, so no lever can be measured."]
    if found.share >= found.target:
        return [
            f"As things stand some deal is kept in {percent(found.share)} of the draws, which is "
            f"the target of {percent(found.target)} or more already."
        ]
    said = [*_alone(found, names), *_several(found, names)]
    return said or ["No lever was computed again."]


def _alone(found: Levers, names: Names) -> list[str]:
    by_path = {lever.path: lever for lever in found.levers}
    enough = [one for one in found.reaches if one.spreads is not None]
    if enough:
        nearest = min(enough, key=lambda one: one.spreads or 0.0)
        return [
            f"Levers that alone bring a kept deal to {percent(found.target)} of the draws: "
            f"{len(enough)} of {len(found.reaches)} computed again. The nearest is "
            f"{_moved(by_path[nearest.path], names, nearest.change)}."
        ]
    if not found.reaches:
        return []
    best = max(found.reaches, key=_most)
    return [
        f"No lever alone brings a kept deal to {percent(found.target)} of the draws. The strongest "
        f"is {_moved(by_path[best.path], names)}: {percent(_most(best))}."
    ]


def _most(one: Reach) -> float:
    return max(move.share for move in one.tried)


def _moved(lever: Lever, names: Names, change: float | None = None) -> str:
    """A lever moved the way that helps, how far where that is known, and who can do it."""
    who = f" (who can: {listed(map(names.actor, lever.who), 'or')})" if lever.who else ""
    head, _, key = lever.path.partition(".")
    line = names.scenario.red_lines.get(key.removesuffix(".holds"))
    if head == "red-lines" and line is not None:
        done = "kept to for certain" if lever.up else "lifted"
        return f"the red line of {names.actor(line.by)} {quoted(line.says)} {done}"
    far = f" by {significant(abs(change), 2)}" if change is not None else ""
    return f"{names.path(lever.path)}, {'raised' if lever.up else 'lowered'}{far}{who}"


def _several(found: Levers, names: Names) -> list[str]:
    by_path = {lever.path: lever for lever in found.levers}
    reached = [move for move in found.frontier if move.share >= found.target]
    move = reached[0] if reached else (found.frontier[-1] if found.frontier else None)
    if move is None or len(move.paths) < 2:
        return []
    first, second = (_moved(by_path[path], names) for path in move.paths[:2])
    return [
        f"The {len(move.paths)} strongest together bring it to {percent(move.share)}, beginning "
        f"with {first}, and {second}."
    ]


def computed_again(found: Levers) -> str:
    """How far the answer goes."""
    return (
        f"Of {len(found.levers)} numbers some effects below are chance; what is computed again "
        f"is not. That was done for the few orders that keep a deal in {100 * found.base:.0f} % of "
        "the draws; after a move other deals may do better, so shares are lower bounds."
    )


def tables_of_levers(found: Levers, names: Names) -> list[Table]:
    """Levers computed again, several together, and the effect of every number."""
    return [
        _again(found, names),
        _cheapest(found, names),
        _together(found),
        _effects(found, names),
    ]


def _again(found: Levers, names: Names) -> Table:
    by_path = {lever.path: lever for lever in found.levers}
    return tabled(
        f"Moved in the draws and computed again, to reach {100 * found.target:.0f} %",
        ("number", "move", "by one#", "by two#", "needed", "who can"),
        (_reach_row(one, by_path[one.path], found, names) for one in found.reaches),
    )


def _reach_row(one: Reach, lever: Lever, found: Levers, names: Names) -> tuple[Line, ...]:
    shares = [f"{100 * move.share:.0f} %" for move in one.tried]
    needed = "too far"
    if found.base >= found.target:
        needed = ""
    elif one.spreads is not None and lever.spread is None:
        needed = significant(one.change or 0.0, 2, sign=True)
    elif one.spreads is not None:
        needed = f"{significant(one.change or 0.0, sign=True)} ({one.spreads:.1f} spreads)"
    return (
        path_cell(one.path, names),
        _way(lever),
        shares[0],
        shares[1] if len(shares) > 1 else "",
        needed,
        names.actors(lever.who),
    )


def _way(lever: Lever) -> str:
    if lever.spread is None:
        return "holds" if lever.up else "lifted"
    return f"{'up' if lever.up else 'down'} {significant(lever.spread)}"


def _cheapest(found: Levers, names: Names) -> Table:
    """The two that reach the target with least effort."""
    title, rows = "", list[tuple[Line, ...]]()
    if found.cheapest is not None:
        title = (
            f"Cheapest pair: {found.cheapest.effort:.2f} spreads, kept in "
            f"{100 * found.cheapest.share:.0f} %"
        )
        by_path = {lever.path: lever for lever in found.levers}
        rows = [
            (
                path_cell(one.path, names),
                significant(one.change, sign=True),
                f"{one.spreads:.2f}",
                names.actors(by_path[one.path].who),
            )
            for one in found.cheapest.moves
        ]
    return tabled(title, ("number", "by#", "spreads#", "who can"), rows)


def _together(found: Levers) -> Table:
    moves: list[tuple[str, Moved]] = [
        (f"the first {len(move.paths)}" if len(move.paths) > 1 else "the first", move)
        for move in found.frontier
    ]
    if found.pair is not None:
        moves.append(("best pair", found.pair))
    return tabled(
        "Several moved by one spread each",
        ("which", "kept#", "numbers"),
        ((name, f"{100 * move.share:.0f} %", " + ".join(move.paths)) for name, move in moves),
    )


def _effects(found: Levers, names: Names) -> Table:
    rows: Iterable[tuple[Line, ...]] = (
        (
            path_cell(lever.path, names),
            _way(lever),
            f"{100 * lever.effect:+.0f} ± {100 * Z90 * lever.error:.0f}",
            _points(lever.gates["individual-rationality"]),
            _points(lever.gates["ratification"]),
        )
        for lever in found.levers[:MOST_LEVERS]
    )
    return tabled(
        "Effect of one spread on the share of draws (points), from the draws already taken",
        ("number", "move", "kept (90 %)#", "all gain#", "ratified#"),
        rows,
    )


def _points(share: float) -> str:
    return f"{round(100 * share) + 0:+d}"
