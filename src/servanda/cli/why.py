"""``servanda why``: what stands between the parties and a kept deal."""

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
from servanda.cli.screen import say, say_drawn, say_json, say_tables, say_text, screen_table

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
@charts_options
@draws_options
@run_option
@quiet_option
@json_option
def why(
    scenario: str,
    changes: tuple[str, ...],
    variant: str,
    causes: tuple[str, ...],
    folder: Path | None,
    ending: str,
    draws: int,
    seed: int,
    threads: int | None,
    run: Path | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Why no deal is kept yet: causes switched off alone and in pairs, over the same draws.

    CAUSE is beliefs, types, commitment, stakes, pressure, gate:AUDIENCE or red-lines:ACTOR. For
    each: in which share of the draws some deal would be kept without it, and its part of what all
    bring.
    """
    from servanda import workbench

    read = workbench.read(scenario, variant=variant, changes=changes)
    check_folder(folder)
    progress = Progress(quiet=quiet)
    with stays_in(run), progress:
        found = workbench.why(
            read,
            causes=causes,
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
        charts = workbench.diagnosis_charts(found, read, ending)
        write_charts(folder, charts, file_stem(scenario, variant), quiet=quiet)


def show(found: Diagnosis, scenario: Scenario, *, as_json: bool) -> None:
    """Print the answer, for people or for a program."""
    if as_json:
        say_json(found.to_dict())
    else:
        _say(found, scenario)


def _say(found: Diagnosis, scenario: Scenario) -> None:
    from servanda.brief.why import looked_at, tables_of_why

    say_drawn(scenario, found.origin)
    say_text(found.message)
    say_text(looked_at(found))
    say()
    say_tables([screen_table(table) for table in tables_of_why(found)])
