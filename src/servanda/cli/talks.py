"""``servanda talks``: when the sides would sign what while fighting goes on, and why not now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from servanda.cli.chart_folder import check_folder, file_stem, write_charts
from servanda.cli.options import (
    LARGEST_SEED,
    MOST_DRAWS,
    changes_options,
    charts_options,
    json_option,
    quiet_option,
    scenario_argument,
    threads_option,
    whole_number,
)
from servanda.cli.progress import Progress
from servanda.cli.screen import day, say, say_json, say_tables, say_text, screen_table

if TYPE_CHECKING:
    from servanda.charts.names import Names
    from servanda.results.talks_answer import TalksAnswer
    from servanda.results.talks_rounds import RoundsAnswer


@click.command()
@scenario_argument
@changes_options
@click.option(
    "--rounds",
    is_flag=True,
    help="Round by round: what is tabled, what refusals teach, why each stays.",
)
@click.option(
    "--draws",
    callback=whole_number(1, MOST_DRAWS),
    metavar="N",
    help="With --rounds: draws that the answers are weighed against.  [default: 100]",
)
@click.option(
    "--seed",
    callback=whole_number(0, LARGEST_SEED),
    metavar="S",
    help="With --rounds: same seed, same answer.  [default: 1]",
)
@charts_options
@threads_option
@quiet_option
@json_option
def talks(
    scenario: str,
    changes: tuple[str, ...],
    variant: str,
    rounds: bool,
    draws: int | None,
    seed: int | None,
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
    from servanda.brief.words import CONDITIONAL
    from servanda.charts.names import Names

    if not rounds and (draws, seed) != (None, None):
        raise click.UsageError("--draws and --seed go with --rounds; without it nothing is drawn.")
    read = workbench.read(scenario, variant=variant, changes=changes)
    check_folder(folder)
    progress = Progress(quiet=quiet)
    given = {"draws": draws, "seed": seed}
    drawn = {name: number for name, number in given.items() if number is not None}
    ask: Callable[..., Any] = workbench.talks_rounds if rounds else workbench.talks
    with progress:
        found = ask(
            read,
            threads=threads,
            progress=progress.show,
            variant=variant,
            changes=changes,
            **drawn,
        )
    if as_json:
        say_json(found.to_dict())
    else:
        say(f"{read.title} · as of {day(read.as_of)} · at the central values")
        (_say_rounds if rounds else _say_talks)(found, Names(read))
        say(CONDITIONAL)
    if folder is not None:
        draw = workbench.rounds_charts if rounds else workbench.talks_charts
        write_charts(folder, draw(found, read, ending), file_stem(scenario, variant), quiet=quiet)


def _say_talks(found: TalksAnswer, names: Names) -> None:
    from servanda.brief.talks_tables import tables_of_talks
    from servanda.brief.talks_words import talks_sentences

    for sentence in talks_sentences(found, names):
        say_text(sentence)
    say()
    say_tables([screen_table(table) for table in tables_of_talks(found, names)])


def _say_rounds(found: RoundsAnswer, names: Names) -> None:
    from servanda.brief.rounds_tables import tables_of_rounds
    from servanda.brief.rounds_words import rounds_sentences

    for sentence in rounds_sentences(found, names):
        say_text(sentence)
    say()
    say_tables([screen_table(table) for table in tables_of_rounds(found, names)])
