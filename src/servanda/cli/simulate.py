"""``servanda simulate``: many histories of the war, of what is signed, of what becomes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from servanda.cli.chart_folder import check_folder, file_stem, write_charts
from servanda.cli.options import (
    LARGEST_SEED,
    changes_options,
    charts_options,
    json_option,
    on_option,
    run_option,
    scenario_argument,
    seed_option,
    threads_option,
    whole_number,
)
from servanda.cli.progress import Progress
from servanda.cli.run_folder import notice, stays_in
from servanda.cli.screen import day, say, say_json, say_tables, say_text, screen_table

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
@charts_options
@click.option(
    "--table",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write every history as a row of this file, .csv or .parquet.",
)
@run_option
@on_option
@threads_option
@click.option("--quiet", is_flag=True, help="No progress on stderr.")
@json_option
def simulate(
    scenario: str,
    histories: int,
    seed: int,
    policies: int,
    policy_seed: int,
    years: int,
    changes: tuple[str, ...],
    variant: str,
    folder: Path | None,
    ending: str,
    table: Path | None,
    run: Path | None,
    on: str,
    threads: int | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Histories: when something is signed, whether it is kept, who breaks it at which step.

    In each of K draws of what is uncertain the talks are solved and what follows each signature is
    worked out; then chance decides, month by month, N times. What chance leaves open and what the
    assumptions leave open are said apart. What is approximated is said in the documentation.
    """
    from servanda import workbench
    from servanda.files.row_tables import check_table

    read = workbench.read(scenario, variant=variant, changes=changes)
    check_folder(folder)
    if table is not None:
        check_table(table)
    progress = Progress(quiet=quiet)
    with stays_in(run), progress:
        found = workbench.simulate(
            read,
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
            progress=progress.show,
            variant=variant,
            changes=changes,
        )
    show(found, read, as_json=as_json)
    if folder is not None:
        charts = workbench.history_charts(found, read, ending)
        write_charts(folder, charts, file_stem(scenario, variant), quiet=quiet)


def show(found: HistoriesAnswer, scenario: Scenario, *, as_json: bool) -> None:
    """Print an answer about histories."""
    if as_json:
        say_json(found.to_dict())
        return
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
