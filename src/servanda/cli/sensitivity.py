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
    quiet_option,
    run_option,
    scenario_argument,
)
from servanda.cli.progress import Progress
from servanda.cli.run_folder import notice, stays_in
from servanda.cli.screen import (
    say,
    say_conditional,
    say_drawn,
    say_json,
    say_tables,
    say_text,
    screen_table,
)

if TYPE_CHECKING:
    from servanda.results.sensitivity import Sensitivity
    from servanda.scenario.model import Scenario


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
@quiet_option
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
    from servanda.brief.sensitivity import tables_of_sensitivity
    from servanda.charts.names import Names

    say_drawn(scenario, found.origin)
    say_text(found.message)
    say_text("Deal: " + ", ".join(f"{issue}={option}" for issue, option in found.options.items()))
    say()
    tables = tables_of_sensitivity(found, Names(scenario))
    say_tables([screen_table(table) for table in tables if table.rows])
    say_conditional()
