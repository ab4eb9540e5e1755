"""``servanda levers``: which quantities, moved how far and by whom, make a kept deal likelier."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from servanda.cli.brief import Progress
from servanda.cli.chart_folder import check_folder, file_stem, write_charts
from servanda.cli.options import (
    changes_options,
    charts_options,
    draws_options,
    json_option,
    scenario_argument,
)
from servanda.cli.screen import Table, day, say, say_json, say_tables, say_text
from servanda.errors import printable, shortened

if TYPE_CHECKING:
    from servanda.results.levers import Lever, Levers, Moved, Reach
    from servanda.scenario.model import Scenario

MOST_LEVERS = 20
"""Levers listed; --json has them all."""


def _share(_: click.Context, parameter: click.Parameter, value: str) -> float:
    """A probability strictly between 0 and 1, as 0.5 or 50%."""
    text = value.strip()
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0.0 < share < 1.0:
        shown = printable(shortened(value, 40))
        raise click.BadParameter(f"'{shown}' is not a share between 0 and 1.", param=parameter)
    return share


@click.command()
@scenario_argument
@changes_options
@click.option(
    "--target",
    default="0.5",
    show_default=True,
    callback=_share,
    metavar="P",
    help="Probability of a kept deal to be reached.",
)
@charts_options
@draws_options
@click.option("--quiet", is_flag=True, help="No progress on stderr.")
@json_option
def levers(
    scenario: str,
    changes: tuple[str, ...],
    variant: str,
    target: float,
    folder: Path | None,
    ending: str,
    draws: int,
    seed: int,
    threads: int | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """What would make a kept deal likelier: which numbers, moved how far, and who can move them.

    Effects of all numbers come from one set of draws; the ten largest are moved in these draws and
    everything is computed again.
    """
    from servanda import workbench

    read = workbench.read(scenario, variant=variant, changes=changes)
    check_folder(folder)
    progress = Progress(quiet=quiet)
    with progress:
        found = workbench.levers(
            read,
            target=target,
            draws=draws,
            seed=seed,
            threads=threads,
            progress=progress.show,
            variant=variant,
            changes=changes,
        )
    if as_json:
        say_json(found.to_dict())
    else:
        _say(found, read)
    if folder is not None:
        charts = workbench.lever_charts(found, read, ending)
        write_charts(folder, charts, file_stem(scenario, variant), quiet=quiet)


def _say(found: Levers, scenario: Scenario) -> None:
    origin = found.origin
    say(
        f"{scenario.title} · as of {day(scenario.as_of)} · "
        f"{origin.draws:,} draws, seed {origin.seed}"
    )
    say_text(found.message)
    if found.reaches:
        say_text(
            f"Of {len(found.levers)} numbers some effects below are chance; what is computed again "
            "is not. "
            f"That was done for the few orders that keep a deal in {100 * found.base:.0f} % of "
            "the draws; after a move other deals may do better, so shares are lower bounds."
        )
    say()
    tables = [_again(found), _cheapest(found), _together(found), _effects(found)]
    say_tables([table for table in tables if table.rows])


def _again(found: Levers) -> Table:
    by_path = {lever.path: lever for lever in found.levers}
    rows = tuple(_reach_row(one, by_path[one.path], found) for one in found.reaches)
    columns = ("number", "move", "by one", "by two", "needed", "who can")
    title = f"Moved in the draws and computed again, to reach {100 * found.target:.0f} %"
    return Table(title, columns, rows, (2, 3))


def _reach_row(one: Reach, lever: Lever, found: Levers) -> tuple[str, ...]:
    shares = [f"{100 * move.share:.0f} %" for move in one.tried]
    needed = "too far"
    if found.base >= found.target:
        needed = ""
    elif one.spreads is not None and lever.spread is None:
        needed = f"{one.change:+.2g}"
    elif one.spreads is not None:
        needed = f"{one.change:+.3g} ({one.spreads:.1f} spreads)"
    return (
        one.path,
        _way(lever),
        shares[0],
        shares[1] if len(shares) > 1 else "",
        needed,
        ", ".join(lever.who),
    )


def _way(lever: Lever) -> str:
    if lever.spread is None:
        return "holds" if lever.up else "lifted"
    return f"{'up' if lever.up else 'down'} {lever.spread:.3g}"


def _cheapest(found: Levers) -> Table:
    """The two that reach the target with least effort."""
    title, rows = "", tuple[tuple[str, ...], ...]()
    if found.cheapest is not None:
        title = (
            f"Cheapest pair: {found.cheapest.effort:.2f} spreads, "
            f"kept in {100 * found.cheapest.share:.0f} %"
        )
        by_path = {lever.path: lever for lever in found.levers}
        rows = tuple(
            (one.path, f"{one.change:+.3g}", f"{one.spreads:.2f}", ", ".join(by_path[one.path].who))
            for one in found.cheapest.moves
        )
    return Table(title, ("number", "by", "spreads", "who can"), rows, (1, 2))


def _together(found: Levers) -> Table:
    moves: list[tuple[str, Moved]] = [
        (f"the first {len(move.paths)}" if len(move.paths) > 1 else "the first", move)
        for move in found.frontier
    ]
    if found.pair is not None:
        moves.append(("best pair", found.pair))
    rows = tuple(
        (name, f"{100 * move.share:.0f} %", " + ".join(move.paths)) for name, move in moves
    )
    return Table("Several moved by one spread each", ("which", "kept", "numbers"), rows, (1,))


def _effects(found: Levers) -> Table:
    rows = tuple(
        (
            lever.path,
            _way(lever),
            f"{100 * lever.effect:+.0f} ± {100 * 1.645 * lever.error:.0f}",
            _points(lever.gates["individual-rationality"]),
            _points(lever.gates["ratification"]),
        )
        for lever in found.levers[:MOST_LEVERS]
    )
    columns = ("number", "move", "kept (90 %)", "all gain", "ratified")
    title = "Effect of one spread on the share of draws (points), from the draws already taken"
    return Table(title, columns, rows, (2, 3, 4))


def _points(share: float) -> str:
    return f"{round(100 * share) + 0:+d}"
