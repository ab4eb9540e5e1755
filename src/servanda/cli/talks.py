"""``servanda talks``: when the sides would sign what while fighting goes on, and why not now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from servanda.cli.chart_folder import check_folder, file_stem, write_charts
from servanda.cli.options import (
    changes_options,
    charts_options,
    json_option,
    scenario_argument,
    threads_option,
)
from servanda.cli.progress import Progress
from servanda.cli.screen import day, say, say_json, say_tables, say_text

if TYPE_CHECKING:
    from servanda.results.talks_answer import TalksAnswer
    from servanda.scenario.model import Scenario


@click.command()
@scenario_argument
@changes_options
@charts_options
@threads_option
@click.option("--quiet", is_flag=True, help="No progress on stderr.")
@json_option
def talks(
    scenario: str,
    changes: tuple[str, ...],
    variant: str,
    folder: Path | None,
    ending: str,
    threads: int | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Talks while fighting: when the sides would sign what, and why not now.

    Each month somebody makes an offer, the others answer, and without agreement a month of war
    follows, from which both sides learn. What can be offered are the deals that pass every gate.
    Each side signs what is worth at least as much to it as fighting and talking on, in its own
    beliefs. At the central values; what is approximated is said in the documentation.
    """
    from servanda import workbench

    read = workbench.read(scenario, variant=variant, changes=changes)
    check_folder(folder)
    progress = Progress(quiet=quiet)
    with progress:
        found = workbench.talks(
            read, threads=threads, progress=progress.show, variant=variant, changes=changes
        )
    if as_json:
        say_json(found.to_dict())
    else:
        _say(found, read)
    if folder is not None:
        charts = workbench.talks_charts(found, read, ending)
        write_charts(folder, charts, file_stem(scenario, variant), quiet=quiet)


def _say(found: TalksAnswer, scenario: Scenario) -> None:
    from servanda.brief.talks_words import talks_sentences
    from servanda.brief.words import CONDITIONAL
    from servanda.charts.names import Names
    from servanda.cli.talks_tables import tables_of_talks

    names = Names(scenario)
    say(f"{scenario.title} · as of {day(scenario.as_of)} · at the central values")
    for sentence in talks_sentences(found, names):
        say_text(sentence)
    say()
    say_tables(tables_of_talks(found, names))
    say(CONDITIONAL)
