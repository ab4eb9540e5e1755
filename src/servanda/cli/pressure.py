"""``servanda pressure``: what a mediator's instruments add, what lapses, the best mix."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servanda.cli.chart_folder import check_folder, file_stem, write_charts
from servanda.cli.deals import Money, read_funds
from servanda.cli.options import (
    MOST_DRAWS,
    changes_options,
    charts_options,
    json_option,
    scenario_argument,
    seed_option,
    threads_option,
    whole_number,
)
from servanda.cli.progress import Progress
from servanda.cli.screen import Table, day, say, say_json, say_tables, say_text
from servanda.errors import printable, shortened

if TYPE_CHECKING:
    from servanda.results.pressure_design import Mix, PressureDesign
    from servanda.scenario.model import Scenario


def _amount(text: str, parameter: click.Parameter) -> float:
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not isfinite(found) or found < 0:
        shown = printable(shortened(text, 40))
        raise click.BadParameter(f"'{shown}' is not a number of at least 0.", param=parameter)
    return found


def _budget(_: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    return None if value is None else _amount(value.strip(), parameter)


def _costs(
    _: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> dict[str, float]:
    costs = {}
    for value in values:
        name, equals, amount = value.rpartition("=")
        if not equals or not name:
            shown = printable(shortened(value, 60))
            raise click.BadParameter(f"'{shown}' is not INSTRUMENT=EFFORT.", param=parameter)
        costs[name.strip()] = _amount(amount.strip(), parameter)
    return costs


@click.command()
@scenario_argument
@changes_options
@click.option(
    "--budget",
    callback=_budget,
    metavar="B",
    help="Effort that may be spent.  [default: as much as all together take]",
)
@click.option(
    "--cost",
    "costs",
    multiple=True,
    callback=_costs,
    metavar="INSTRUMENT=EFFORT",
    help="Effort that all of an instrument takes; may be repeated.  [default: how far it moves a "
    "number, in that number's own spread]",
)
@click.option(
    "--fund",
    "funds",
    multiple=True,
    callback=read_funds,
    metavar="NAME=POINTS[:ACTOR,...]",
    help="Money that may pay those who lack something, such as assets or relief; may be repeated, "
    "drawn on in turn.  [default: one for all who sign]",
)
@click.option(
    "--instrument",
    "instruments",
    multiple=True,
    metavar="INSTRUMENT",
    help="Look only at this one; may be repeated.  [default: all]",
)
@charts_options
@click.option(
    "--draws",
    callback=whole_number(2, MOST_DRAWS),
    default="200",
    show_default=True,
    metavar="N",
    help="How many draws of all uncertain numbers.",
)
@seed_option
@threads_option
@click.option("--quiet", is_flag=True, help="No progress on stderr.")
@json_option
def pressure(
    scenario: str,
    changes: tuple[str, ...],
    variant: str,
    budget: float | None,
    costs: dict[str, float],
    funds: Money,
    instruments: tuple[str, ...],
    folder: Path | None,
    ending: str,
    draws: int,
    seed: int,
    threads: int | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """What a mediator's instruments add, what of it lapses, who bears it, and the best mix.

    INSTRUMENT is pressure:KEY (a threat the scenario states), guarantees:ACTOR (what an actor
    guarantees is believed more) or fund:NAME (payments). A deal that somebody signs under pressure
    alone may not be kept once the pressure lapses; both are counted.
    """
    from servanda import workbench

    read = workbench.read(scenario, variant=variant, changes=changes)
    check_folder(folder)
    progress = Progress(quiet=quiet)
    with progress:
        found = workbench.pressure(
            read,
            budget=budget,
            funds=funds,
            costs=costs,
            instruments=instruments,
            draws=draws,
            seed=seed,
            threads=threads,
            progress=progress.show,
            variant=variant,
            changes=changes,
        )
    if as_json:
        say_json(found.to_dict())
    else:
        _say(found, read)
    if folder is not None:
        charts = workbench.pressure_charts(found, read, ending)
        write_charts(folder, charts, f"{file_stem(scenario, variant)}-pressure", quiet=quiet)


def _say(found: PressureDesign, scenario: Scenario) -> None:
    origin = found.origin
    say(
        f"{scenario.title} · as of {day(scenario.as_of)} · "
        f"{origin.draws:,} draws, seed {origin.seed}"
    )
    say_text(found.message)
    say_text(
        f"Looked at: {found.packages} packages, {found.orders} orders of steps, the same in each "
        f"of {found.mixes:,} mixes; other deals may do better, so every share is a lower bound."
    )
    say()
    if found.instruments:
        say_tables([_instruments(found), _additions(found), _frontier(found), _burdens(found)])


def _instruments(found: PressureDesign) -> Table:
    rows = tuple(
        (
            one.id,
            one.does,
            ", ".join(one.by) or "outside",
            ", ".join(one.on),
            f"{one.effort:.1f}",
            one.measured,
            "" if one.lapses is None else f"{one.lapses}",
        )
        for one in found.instruments
    )
    columns = ("instrument", "all of it", "by", "on", "effort", "in", "lapses (months)")
    return Table("Instruments", columns, rows, (4, 6))


def _additions(found: PressureDesign) -> Table:
    rows = [("nothing", *_shares(found.as_it_is), "", "")]
    rows += [
        (
            one.instrument,
            *_shares(one.alone),
            f"{100 * one.gain + 0.0:+.1f} ± {164.5 * one.error:.1f}",
            f"{100 * one.last + 0.0:+.1f}",
        )
        for one in found.additions
    ]
    rows.append(("all of them", *_shares(found.everything), "", ""))
    columns = (
        "alone",
        "kept",
        "no pressure",
        "outlasts",
        "lapses",
        "room",
        "gain (90 %)",
        "last in",
    )
    title = (
        "Each alone, all of it: share of the draws with a deal kept, without any pressure or "
        "outlasting it, and with one that lapses; room in points"
    )
    return Table(title, columns, tuple(rows), (1, 2, 3, 4, 5, 6, 7))


def _shares(mix: Mix) -> tuple[str, ...]:
    shares = (mix.kept, mix.inside, mix.outlasting, mix.lapsing)
    room = f"{mix.room:+.1f}" if isfinite(mix.room) and abs(mix.room) < 1e4 else "none"
    return (*(f"{100 * share:.1f} %" for share in shares), room)


def _frontier(found: PressureDesign) -> Table:
    rows = tuple(
        (
            f"{mix.effort:.1f}",
            *_shares(mix)[:4],
            ", ".join(f"{100 * level:.0f} % {name}" for name, level in mix.levels.items())
            or "nothing",
        )
        for mix in found.frontier
    )
    columns = ("effort", "kept", "no pressure", "outlasts", "lapses", "best mix")
    return Table("The best mix for more and more effort", columns, rows, (0, 1, 2, 3, 4))


def _burdens(found: PressureDesign) -> Table:
    rows = tuple(
        (one.id, actor, f"{points:+.2f}", one.burden_is)
        for one in found.instruments
        for actor, points in one.burden.items()
    )
    columns = ("instrument", "borne by", "points", "what")
    return Table("Who bears all of it (value points; minus is gained)", columns, rows, (2,))
