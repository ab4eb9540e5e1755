"""``servanda sensitivity``: which assumptions the variance of the answer comes from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from servanda.cli.chart_folder import check_folder, file_stem, write_charts
from servanda.cli.options import (
    changes_options,
    charts_options,
    draws_options,
    json_option,
    run_option,
    scenario_argument,
)
from servanda.cli.progress import Progress
from servanda.cli.run_folder import notice, stays_in
from servanda.cli.screen import Table, day, say, say_json, say_tables, say_text

if TYPE_CHECKING:
    from servanda.results.sensitivity import Part, Sensitivity
    from servanda.scenario.model import Scenario

MOST_UNSOURCED = 10
"""Numbers without a source listed; --json has them all."""

MOST_NUMBERS = 15
"""Numbers listed; --json has them all."""


@click.command()
@scenario_argument
@changes_options
@click.option(
    "--order",
    default="",
    metavar="ORDER",
    help="Whose margin is asked about; named as by servanda order.  [default: best]",
)
@charts_options
@draws_options
@run_option
@click.option("--quiet", is_flag=True, help="No progress on stderr.")
@json_option
def sensitivity(
    scenario: str,
    changes: tuple[str, ...],
    variant: str,
    order: str,
    folder: Path | None,
    ending: str,
    draws: int,
    seed: int,
    threads: int | None,
    run: Path | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Which numbers the variance of the answer comes from, and so what deserves research first.

    First-order shares of every number from the draws; for the first eight, first-order and total
    shares by design, all other numbers moving as one.
    """
    from servanda import workbench

    read = workbench.read(scenario, variant=variant, changes=changes)
    check_folder(folder)
    progress = Progress(quiet=quiet)
    with stays_in(run), progress:
        found = workbench.sensitivity(
            read,
            order=order,
            draws=draws,
            seed=seed,
            threads=threads,
            progress=progress.show,
            variant=variant,
            changes=changes,
            run=run,
            notice=notice,
        )
    show(found, read, as_json=as_json)
    if folder is not None:
        charts = workbench.sensitivity_charts(found, read, ending)
        write_charts(folder, charts, file_stem(scenario, variant), quiet=quiet)


def show(found: Sensitivity, scenario: Scenario, *, as_json: bool) -> None:
    """Print the answer, for people or for a program."""
    if as_json:
        say_json(found.to_dict())
    else:
        _say(found, scenario)


def _say(found: Sensitivity, scenario: Scenario) -> None:
    origin = found.origin
    say(
        f"{scenario.title} · as of {day(scenario.as_of)} · "
        f"{origin.draws:,} draws, seed {origin.seed}"
    )
    say_text(found.message)
    say_text("Deal: " + ", ".join(f"{issue}={option}" for issue, option in found.options.items()))
    say()
    tables = (_numbers(found), _designed(found), _to_do(found))
    say_tables([table for table in tables if table.rows])


def _numbers(found: Sensitivity) -> Table:
    rows = tuple(
        (one.path, _share(one.margin), _share(one.kept), one.grade)
        for one in found.numbers[:MOST_NUMBERS]
    )
    title = (
        f"First-order share of the variance, %, from the draws (margin of the order {found.order})"
    )
    columns = ("number", "margin", "kept", "evidence")
    return Table(title, columns, rows, (1, 2))


def _designed(found: Sensitivity) -> Table:
    rows = tuple(
        (one.path or "all other numbers", _share(one.first), _share(one.total))
        for one in found.designed
    )
    title = f"The same margin by design, % ({found.points} base points)"
    return Table(title, ("number", "first order", "total"), rows, (1, 2))


def _to_do(found: Sensitivity) -> Table:
    rows = tuple(
        (
            one.path,
            f"{one.value:.3g}",
            "" if one.spread is None else f"± {one.spread:.2g}",
            _share(one.margin),
            _share(one.kept),
        )
        for one in found.to_do[:MOST_UNSOURCED]
    )
    title = f"To find a source for: {len(found.to_do)} numbers have none, these carry most"
    return Table(title, ("number", "value", "spread", "margin", "kept"), rows, (1, 2, 3, 4))


def _share(part: Part) -> str:
    low, high = (min(max(edge, 0.0), 1.0) for edge in (part.low, part.high))
    return f"{100 * max(part.value, 0.0):.0f} ({100 * low:.0f}-{100 * high:.0f})"
