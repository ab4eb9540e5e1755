"""``servanda why``: what stands between the parties and a kept deal."""

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
    from servanda.results.diagnosis import Diagnosis
    from servanda.scenario.model import Scenario


@click.command()
@scenario_argument
@changes_options
@click.option(
    "--cause",
    "causes",
    multiple=True,
    metavar="CAUSE",
    help="Switch off only this one; may be repeated.  [default: every cause the scenario states]",
)
@draws_options
@run_option
@output_options
def why(
    scenario: str,
    changes: tuple[str, ...],
    variant: str,
    causes: tuple[str, ...],
    draws: int,
    seed: int,
    threads: int | None,
    run: Path | None,
    out: Outputs,
) -> None:
    """Why no deal is kept yet: causes switched off alone and in pairs, over the same draws.

    CAUSE is beliefs, commitment, stakes, pressure, gate:AUDIENCE or red-lines:ACTOR. For each: in
    which share of the draws some deal would be kept without it, and its part of what all bring.
    """
    from servanda import workbench
    from servanda.files.read import short_name

    read = workbench.read(scenario, variant=variant, changes=changes)
    with answering(out, run) as progress:
        found = workbench.why(
            read,
            name=short_name(scenario),
            causes=causes,
            draws=draws,
            seed=seed,
            threads=threads,
            progress=progress,
            variant=variant,
            changes=changes,
            run=run,
            notice=notice,
        )
    give(out, DIAGNOSIS, found, read, stem=file_stem(scenario, variant))


def _say(found: Diagnosis, scenario: Scenario) -> None:
    from servanda.brief.why import looked_at, tables_of_why

    say_drawn(scenario, found.origin)
    say_text(found.message)
    say_text(looked_at(found))
    say()
    say_tables([screen_table(table) for table in tables_of_why(found)])


DIAGNOSIS = View(_say, "diagnosis_charts")
