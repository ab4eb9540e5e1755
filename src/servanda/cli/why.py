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
    run_option,
    scenario_argument,
)
from servanda.cli.progress import Progress
from servanda.cli.run_folder import notice, stays_in
from servanda.cli.screen import Table, day, say, say_json, say_tables, say_text

if TYPE_CHECKING:
    from servanda.results.diagnosis import Diagnosis
    from servanda.scenario.model import Scenario

MOST_PAIRS = 12
"""Pairs listed; --json has them all."""


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
@click.option("--quiet", is_flag=True, help="No progress on stderr.")
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

    CAUSE is beliefs, commitment, stakes, pressure, gate:AUDIENCE or red-lines:ACTOR. For each: in
    which share of the draws some deal would be kept without it, and its part of what all bring.
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
    origin = found.origin
    say(
        f"{scenario.title} · as of {day(scenario.as_of)} · "
        f"{origin.draws:,} draws, seed {origin.seed}"
    )
    say_text(found.message)
    say_text(
        f"Looked at: {found.packages} packages, {found.orders} orders of steps, the same whatever "
        "is switched off; other deals may do better, so every share is a lower bound."
    )
    say()
    say_tables([_causes(found), _meanings(found), *_pairs(found)])


def _causes(found: Diagnosis) -> Table:
    rows = [("none", f"{100 * found.as_it_is:.0f} %", "", "")]
    rows += [
        (
            one.cause.id,
            f"{100 * one.share:.0f} %",
            f"{_more(one.gain)} ± {100 * 1.645 * one.error:.0f}",
            _more(one.shapley),
        )
        for one in found.causes
    ]
    rows.append(("all of them", f"{100 * found.all_off:.0f} %", "", ""))
    return Table(
        "A deal is kept in this share of the draws when a cause is switched off",
        ("off", "kept", "gain (90 %)", "its part of all"),
        tuple(rows),
        (1, 2, 3),
    )


def _meanings(found: Diagnosis) -> Table:
    rows = tuple((one.cause.id, one.cause.off, one.cause.source) for one in found.causes)
    return Table("What switching off means", ("off", "then", "source"), rows)


def _pairs(found: Diagnosis) -> list[Table]:
    rows = tuple(
        (
            f"{one.first} + {one.second}",
            f"{100 * one.share:.0f} %",
            _more(one.gain),
            _more(one.together),
        )
        for one in found.pairs[:MOST_PAIRS]
    )
    columns = ("off", "kept", "gain", "beyond the two alone")
    title = "Two at a time, the most telling first"
    return [Table(title, columns, rows, (1, 2, 3))] if rows else []


def _more(share: float) -> str:
    """Percentage points more or less; nothing has no sign of its own."""
    return f"{round(100 * share) + 0:+d}"
