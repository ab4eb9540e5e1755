"""``servanda compare``: what differs between two scenarios, and which difference does what."""

from __future__ import annotations

from pathlib import Path

import click

from servanda.cli.chart_folder import check_folder, file_stem, write_charts
from servanda.cli.options import (
    charts_options,
    draws_option,
    json_option,
    quiet_option,
    seed_option,
    threads_option,
)
from servanda.cli.progress import Progress
from servanda.cli.screen import (
    day,
    say,
    say_conditional,
    say_json,
    say_tables,
    say_text,
    screen_table,
)


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
@charts_options
@draws_option(200, "How many draws of all uncertain numbers, the same for both.", least=2)
@seed_option
@threads_option
@quiet_option
@json_option
def compare(
    before: str,
    after: str | None,
    changes: tuple[str, ...],
    order: tuple[str, ...],
    folder: Path | None,
    ending: str,
    draws: int,
    seed: int,
    threads: int | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Two scenarios: what differs, what that does to each answer, change by change.

    A and B are each a NAME or a FILE, with @VARIANT after it for one of its variants, as in
    geneva-2026@aid-stops. B is A itself, as --set changes it, when left out.
    """
    from servanda import workbench
    from servanda.files.read import name_and_variant

    first, second = name_and_variant(before), name_and_variant(after or before)
    if after is None and not changes:
        raise click.UsageError("nothing to compare with: name B, or change it with --set.")
    one = workbench.read(first[0], variant=first[1])
    other = workbench.read(second[0], variant=second[1], changes=changes)
    check_folder(folder)
    progress = Progress(quiet=quiet)
    with progress:
        found = workbench.compare(
            one,
            other,
            order=order,
            draws=draws,
            seed=seed,
            threads=threads,
            progress=progress.show,
            variants=(first[1], second[1]),
            changes=changes,
        )
    if as_json:
        say_json(found.to_dict())
    else:
        from servanda.brief.comparison_tables import notes_of_comparison, tables_of_comparison
        from servanda.charts.names import Names

        say(f"A {one.title} · as of {day(one.as_of)}{_variant(first[1])}")
        say(f"B {other.title} · as of {day(other.as_of)}{_variant(second[1])}")
        say(f"{draws:,} draws of each, seed {seed}")
        say_text(found.message)
        for note in notes_of_comparison(found):
            say_text(note)
        say()
        say_tables([screen_table(one) for one in tables_of_comparison(found, Names(other))])
        say_conditional()
    if folder is not None:
        charts = workbench.comparison_charts(found, other, ending)
        write_charts(folder, charts, f"{file_stem(*second)}-compared", quiet=quiet)


def _variant(name: str) -> str:
    return f" · variant {name}" if name else ""
