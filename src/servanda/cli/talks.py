"""``servanda talks``: when the sides would sign what while fighting goes on, and why not now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from servanda.cli.chart_folder import file_stem
from servanda.cli.options import (
    LARGEST_SEED,
    MOST_DRAWS,
    changes_options,
    scenario_argument,
    threads_option,
    whole_number,
)
from servanda.cli.outputs import Outputs, View, answering, give, output_options
from servanda.cli.screen import day, say, say_tables, say_text, screen_table

if TYPE_CHECKING:
    from servanda.brief.document import Table
    from servanda.results.talks_answer import TalksAnswer
    from servanda.results.talks_rounds import RoundsAnswer
    from servanda.scenario.model import Scenario


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
@threads_option
@output_options
def talks(
    scenario: str,
    changes: tuple[str, ...],
    variant: str,
    rounds: bool,
    draws: int | None,
    seed: int | None,
    threads: int | None,
    out: Outputs,
) -> None:
    """Talks while fighting: when the sides would sign what, and why not now.

    Each month somebody makes an offer, the others answer, and without agreement a month of war
    follows, from which both sides learn. What can be offered are the deals that pass every gate.
    Each side signs what is worth at least as much to it as fighting and talking on, in its own
    beliefs. At the central values; what is approximated is said in the documentation.
    """
    from servanda import workbench

    if not rounds and (draws, seed) != (None, None):
        raise click.UsageError("--draws and --seed go with --rounds; without it nothing is drawn.")
    read = workbench.read(scenario, variant=variant, changes=changes)
    given = {"draws": draws, "seed": seed}
    drawn = {name: number for name, number in given.items() if number is not None}
    ask: Callable[..., Any] = workbench.talks_rounds if rounds else workbench.talks
    with answering(out) as progress:
        found = ask(
            read,
            threads=threads,
            progress=progress,
            variant=variant,
            changes=changes,
            **drawn,
        )
    view = ROUNDS if rounds else TALKS
    give(out, view, found, read, stem=file_stem(scenario, variant))


def _say_talks(found: TalksAnswer, scenario: Scenario) -> None:
    from servanda.brief.talks_tables import tables_of_talks
    from servanda.brief.talks_words import talks_sentences
    from servanda.charts.names import Names

    names = Names(scenario)
    _say(scenario, talks_sentences(found, names), tables_of_talks(found, names))


def _say_rounds(found: RoundsAnswer, scenario: Scenario) -> None:
    from servanda.brief.rounds_tables import tables_of_rounds
    from servanda.brief.rounds_words import rounds_sentences
    from servanda.charts.names import Names

    names = Names(scenario)
    _say(scenario, rounds_sentences(found, names), tables_of_rounds(found, names))


def _say(scenario: Scenario, sentences: Iterable[str], tables: Sequence[Table]) -> None:
    from servanda.brief.words import CONDITIONAL

    say(f"{scenario.title} · as of {day(scenario.as_of)} · at the central values")
    for sentence in sentences:
        say_text(sentence)
    say()
    say_tables([screen_table(table) for table in tables])
    say(CONDITIONAL)


TALKS = View(_say_talks, "talks_charts")
ROUNDS = View(_say_rounds, "rounds_charts")
