"""``servanda dynamics``: the war's front process held against what happened month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from servanda.cli.outputs import Outputs, View, answering, give, output_options
from servanda.cli.screen import Table, say, say_tables, say_text

if TYPE_CHECKING:
    from servanda.results.dynamics import Dynamics


@click.command()
@click.argument("record", required=False, default="", metavar="[NAME|FILE]")
@output_options
def dynamics(record: str, out: Outputs) -> None:
    """Hold the front of the war model against a record of monthly changes of control.

    Without a record, the one that ships. The process is fitted to the first months and scored on
    the rest by its bands of 50 % and 90 %, beside a random walk and a constant mean.
    """
    from servanda import workbench

    with answering(out) as progress:
        found = workbench.dynamics(record, progress=progress)
    give(out, DYNAMICS, found, stem="dynamics")


def _say(found: Dynamics) -> None:
    say(found.title)
    say_text(
        f"{found.gains}, {found.unit} a month; fitted to {found.months[0]} to "
        f"{found.months[found.fitted - 1]}, scored on {found.months[found.fitted]} to "
        f"{found.months[-1]}. Control on the ground, never title."
    )
    say()
    say_tables([_scores(found), _months(found), _learned(found)])
    say_text(
        f"Correlation of each month with the next: {found.correlation:.2f}. Months that do not "
        f"hang together, as the war model has them, keep below {found.unrelated:.2f} in 19 of 20 "
        "records."
    )


DYNAMICS = View(_say, "dynamics_charts")


def _scores(found: Dynamics) -> Table:
    scored = len(found.changes) - found.fitted
    rows = tuple(
        (
            one.name,
            one.task,
            f"{one.inside_50} of {scored}",
            f"{one.inside_90} of {scored}",
            f"{one.score_50:,.0f}",
            f"{one.score_90:,.0f}",
        )
        for one in found.forecasters
    )
    columns = ("forecaster", "forecasts", "in 50 %", "in 90 %", "score 50 %", "score 90 %")
    return Table(
        f"Months inside the bands, and interval scores ({found.unit}; smaller is better)",
        columns,
        rows,
        (2, 3, 4, 5),
    )


def _months(found: Dynamics) -> Table:
    from servanda.results.dynamics import AHEAD, FRONT, WALK

    ours, walk = (found.forecaster(name, AHEAD).bands for name in (FRONT, WALK))
    rows = tuple(
        (
            mine.month,
            f"{mine.seen:,.0f}",
            *(_band(one.quantiles[1], one.quantiles[3]) for one in (mine, other)),
            *(_band(one.quantiles[0], one.quantiles[4]) for one in (mine, other)),
        )
        for mine, other in zip(ours, walk, strict=True)
    )
    columns = ("month", "happened", "front 50 %", "walk 50 %", "front 90 %", "walk 90 %")
    return Table("A month ahead", columns, rows, (1, 2, 3, 4, 5))


def _learned(found: Dynamics) -> Table:
    rows = tuple(
        (
            name,
            f"{one.moves:.1f}",
            f"{one.gain:.2f}",
            f"{one.parcel:,.0f}",
            f"{one.unrest:.2f}",
            f"{100 * found.loss[name]:.0f} %",
        )
        for name, one in found.learned.items()
    )
    columns = ("forecaster", "moves a month", "gains", "parcel", "unrest", "a month of loss")
    return Table("What the fitted months teach", columns, rows, (1, 2, 3, 4, 5))


def _band(low: float, high: float) -> str:
    return f"{low:,.0f} to {high:,.0f}"
