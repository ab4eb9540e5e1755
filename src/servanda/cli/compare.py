"""``servanda compare``: what differs between two scenarios, and which difference does what."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from servanda.cli.chart_folder import file_stem
from servanda.cli.options import (
    draws_option,
    run_option,
    seed_option,
    threads_option,
)
from servanda.cli.outputs import Outputs, View, answering, give, output_options
from servanda.cli.run_folder import notice
from servanda.cli.screen import day, say, say_tables, say_text, screen_table

if TYPE_CHECKING:
    from servanda.results.comparison import Comparison
    from servanda.scenario.model import Scenario


@click.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="[B]", required=False)
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="PATH=VALUE",
    help="Change one value of B, as in war.costs.holder=13; may be repeated.",
)
@click.option(
    "--order",
    multiple=True,
    metavar="PATH",
    help="Differences that come first, step by step, by the beginning of their path; may be "
    "repeated.  [default: in the order of the file]",
)
@draws_option(200, "How many draws of all uncertain numbers, the same for both.", least=2)
@seed_option
@threads_option
@run_option
@output_options
def compare(
    before: str,
    after: str | None,
    changes: tuple[str, ...],
    order: tuple[str, ...],
    draws: int,
    seed: int,
    threads: int | None,
    run: Path | None,
    out: Outputs,
) -> None:
    """Two scenarios: what differs, what that does to each answer, change by change.

    A and B are each a NAME or a FILE, with @VARIANT after it for one of its variants, as in
    geneva-2026@aid-stops. B is A itself, as --set changes it, when left out.
    """
    from servanda import workbench
    from servanda.files.read import name_and_variant, short_name

    first, second = name_and_variant(before), name_and_variant(after or before)
    if after is None and not changes:
        raise click.UsageError("nothing to compare with: name B, or change it with --set.")
    one = workbench.read(first[0], variant=first[1])
    other = workbench.read(second[0], variant=second[1], changes=changes)
    with answering(out, run) as progress:
        found = workbench.compare(
            one,
            other,
            name=short_name(second[0]),
            order=order,
            draws=draws,
            seed=seed,
            threads=threads,
            progress=progress,
            variants=(first[1], second[1]),
            changes=changes,
            run=run,
            notice=notice,
        )
    give(out, COMPARISON, found, one, other, stem=file_stem(*second))


def _say(found: Comparison, before: Scenario, after: Scenario) -> None:
    from servanda.brief.comparison_tables import notes_of_comparison, tables_of_comparison
    from servanda.charts.names import Names

    for letter, scenario, side in (("A", before, found.before), ("B", after, found.after)):
        variant = f" · variant {side.origin.variant}" if side.origin.variant else ""
        say(f"{letter} {scenario.title} · as of {day(scenario.as_of)}{variant}")
    say(f"{found.origin.draws:,} draws of each, seed {found.origin.seed}")
    say_text(found.message)
    for note in notes_of_comparison(found):
        say_text(note)
    say()
    say_tables([screen_table(one) for one in tables_of_comparison(found, Names(after))])


COMPARISON = View(_say, "comparison_charts", "-compared")
