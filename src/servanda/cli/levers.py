"""``servanda levers``: which quantities, moved how far and by whom, make a kept deal likelier."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from servanda.cli.chart_folder import file_stem
from servanda.cli.options import (
    changes_options,
    draws_options,
    run_option,
    scenario_argument,
)
from servanda.cli.outputs import Outputs, View, answering, give, output_options
from servanda.cli.run_folder import notice
from servanda.cli.screen import say, say_drawn, say_tables, say_text, screen_table
from servanda.errors import printable, shortened

if TYPE_CHECKING:
    from servanda.results.levers import Levers
    from servanda.scenario.model import Scenario


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
@draws_options
@run_option
@output_options
def levers(
    scenario: str,
    changes: tuple[str, ...],
    variant: str,
    target: float,
    draws: int,
    seed: int,
    threads: int | None,
    run: Path | None,
    out: Outputs,
) -> None:
    """What would make a kept deal likelier: which numbers, moved how far, and who can move them.

    Effects of all numbers come from one set of draws; the ten largest are moved in these draws and
    everything is computed again.
    """
    from servanda import workbench
    from servanda.files.read import short_name

    read = workbench.read(scenario, variant=variant, changes=changes)
    with answering(out, run) as progress:
        found = workbench.levers(
            read,
            name=short_name(scenario),
            target=target,
            draws=draws,
            seed=seed,
            threads=threads,
            progress=progress,
            variant=variant,
            changes=changes,
            run=run,
            notice=notice,
        )
    give(out, LEVERS, found, read, stem=file_stem(scenario, variant))


def _say(found: Levers, scenario: Scenario) -> None:
    from servanda.brief.levers import computed_again, tables_of_levers
    from servanda.charts.names import Names

    say_drawn(scenario, found.origin)
    say_text(found.message)
    if found.reaches:
        say_text(computed_again(found))
    say()
    tables = tables_of_levers(found, Names(scenario))
    say_tables([screen_table(table) for table in tables if table.rows])


LEVERS = View(_say, "lever_charts")
