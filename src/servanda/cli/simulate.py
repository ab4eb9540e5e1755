"""``servanda simulate``: many histories of the war, of what is signed, of what becomes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from servanda.cli.chart_folder import file_stem
from servanda.cli.options import (
    LARGEST_SEED,
    changes_options,
    on_option,
    run_option,
    scenario_argument,
    seed_option,
    table_option,
    threads_option,
    whole_number,
)
from servanda.cli.outputs import Outputs, View, answering, give, output_options
from servanda.cli.run_folder import notice
from servanda.cli.screen import day, say, say_tables, say_text, screen_table

if TYPE_CHECKING:
    from servanda.results.histories_answer import HistoriesAnswer
    from servanda.scenario.model import Scenario

MOST_HISTORIES, MOST_POLICIES, MOST_YEARS = 100_000_000, 10_000, 50


@click.command()
@scenario_argument
@click.option(
    "--histories",
    callback=whole_number(1, MOST_HISTORIES),
    default="10000",
    show_default=True,
    metavar="N",
    help="How many histories, shared out over the policies.",
)
@seed_option
@click.option(
    "--policies",
    callback=whole_number(1, MOST_POLICIES),
    default="64",
    show_default=True,
    metavar="K",
    help="How many draws of all uncertain numbers; in each the talks are solved.",
)
@click.option(
    "--policy-seed",
    callback=whole_number(0, LARGEST_SEED),
    default="1",
    show_default=True,
    metavar="S",
    help="Of those draws; --seed is that of chance in the histories.",
)
@click.option(
    "--years",
    callback=whole_number(1, MOST_YEARS),
    default="10",
    show_default=True,
    metavar="Y",
    help="How long each history is followed.",
)
@changes_options
@table_option
@run_option
@on_option
@threads_option
@output_options
def simulate(
    scenario: str,
    histories: int,
    seed: int,
    policies: int,
    policy_seed: int,
    years: int,
    changes: tuple[str, ...],
    variant: str,
    table: Path | None,
    run: Path | None,
    on: str,
    threads: int | None,
    out: Outputs,
) -> None:
    """Histories: when something is signed, whether it is kept, who breaks it at which step.

    In each of K draws of what is uncertain the talks are solved and what follows each signature is
    worked out; then chance decides, month by month, N times. What chance leaves open and what the
    assumptions leave open are said apart. What is approximated is said in the documentation.
    """
    from servanda import workbench
    from servanda.files.read import short_name
    from servanda.files.row_tables import check_table

    read = workbench.read(scenario, variant=variant, changes=changes)
    if table is not None:
        check_table(table)
    with answering(out, run, table=table, on=None if on == "threads" else on) as progress:
        found = workbench.simulate(
            read,
            name=short_name(scenario),
            histories=histories,
            seed=seed,
            policies=policies,
            policy_seed=policy_seed,
            years=years,
            on=on,
            threads=threads,
            run=run,
            table=table,
            notice=notice,
            progress=progress,
            variant=variant,
            changes=changes,
        )
    give(out, HISTORIES, found, read, stem=file_stem(scenario, variant))


def _say(found: HistoriesAnswer, scenario: Scenario) -> None:
    from servanda.brief.history_tables import COLUMNS, tables_of_histories
    from servanda.brief.history_words import history_sentences, story_sentences
    from servanda.brief.words import CONDITIONAL
    from servanda.charts.names import Names

    names, summary = Names(scenario), found.summary
    kinds = "policy" if summary.policies == 1 else "policies"
    say(
        f"{scenario.title} · as of {day(scenario.as_of)} · {summary.histories:,} histories, "
        f"seed {found.seed} · {summary.policies} {kinds}, seed {found.origin.seed}"
    )
    for sentence in history_sentences(found, names):
        say_text(sentence)
    say()
    say_tables([screen_table(table) for table in tables_of_histories(found, names)])
    say_text(COLUMNS)
    say()
    for story in found.stories:
        say_text(" ".join(story_sentences(story, found, names, scenario.as_of)))
        say()
    say(CONDITIONAL)


HISTORIES = View(_say, "history_charts")
