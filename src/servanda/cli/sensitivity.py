"""``servanda sensitivity``: which assumptions the variance of the answer comes from."""

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
@draws_options
@run_option
@output_options
def sensitivity(
    scenario: str,
    changes: tuple[str, ...],
    variant: str,
    order: str,
    draws: int,
    seed: int,
    threads: int | None,
    run: Path | None,
    out: Outputs,
) -> None:
    """Which numbers the variance of the answer comes from, and so what deserves research first.

    First-order shares of every number from the draws; for the first eight, first-order and total
    shares by design, all other numbers moving as one.
    """
    from servanda import workbench
    from servanda.files.read import short_name

    read = workbench.read(scenario, variant=variant, changes=changes)
    with answering(out, run) as progress:
        found = workbench.sensitivity(
            read,
            name=short_name(scenario),
            order=order,
            draws=draws,
            seed=seed,
            threads=threads,
            progress=progress,
            variant=variant,
            changes=changes,
            run=run,
            notice=notice,
        )
    give(out, SENSITIVITY, found, read, stem=file_stem(scenario, variant))


def _say(found: Sensitivity, scenario: Scenario) -> None:
    from servanda.brief.sensitivity import tables_of_sensitivity
    from servanda.charts.names import Names

    say_drawn(scenario, found.origin)
    say_text(found.message)
    say_text("Deal: " + ", ".join(f"{issue}={option}" for issue, option in found.options.items()))
    say()
    tables = tables_of_sensitivity(found, Names(scenario))
    say_tables([screen_table(table) for table in tables if table.rows])


SENSITIVITY = View(_say, "sensitivity_charts")
