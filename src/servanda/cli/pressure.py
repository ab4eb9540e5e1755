"""``servanda pressure``: what a mediator's instruments add, what lapses, the best mix."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servanda.cli.chart_folder import file_stem
from servanda.cli.deals import Money, read_funds
from servanda.cli.options import (
    changes_options,
    draws_option,
    run_option,
    scenario_argument,
    seed_option,
    threads_option,
)
from servanda.cli.outputs import Outputs, View, answering, give, output_options
from servanda.cli.run_folder import notice
from servanda.cli.screen import say, say_drawn, say_tables, say_text, screen_table
from servanda.errors import printable, shortened

if TYPE_CHECKING:
    from servanda.results.pressure_design import PressureDesign
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
@draws_option(200, "How many draws of all uncertain numbers.", least=2)
@seed_option
@threads_option
@run_option
@output_options
def pressure(
    scenario: str,
    changes: tuple[str, ...],
    variant: str,
    budget: float | None,
    costs: dict[str, float],
    funds: Money,
    instruments: tuple[str, ...],
    draws: int,
    seed: int,
    threads: int | None,
    run: Path | None,
    out: Outputs,
) -> None:
    """What a mediator's instruments add, what of it lapses, who bears it, and the best mix.

    INSTRUMENT is pressure:KEY (a threat the scenario states), guarantees:ACTOR (what an actor
    guarantees is believed more) or fund:NAME (payments). A deal that somebody signs under pressure
    alone may not be kept once the pressure lapses; both are counted.
    """
    from servanda import workbench
    from servanda.files.read import short_name

    read = workbench.read(scenario, variant=variant, changes=changes)
    with answering(out, run) as progress:
        found = workbench.pressure(
            read,
            name=short_name(scenario),
            budget=budget,
            funds=funds,
            costs=costs,
            instruments=instruments,
            draws=draws,
            seed=seed,
            threads=threads,
            progress=progress,
            variant=variant,
            changes=changes,
            run=run,
            notice=notice,
        )
    give(out, PRESSURE, found, read, stem=file_stem(scenario, variant))


def _say(found: PressureDesign, scenario: Scenario) -> None:
    from servanda.brief.pressure_tables import looked_at, tables_of_pressure
    from servanda.charts.names import Names

    say_drawn(scenario, found.origin)
    say_text(found.message)
    say_text(looked_at(found))
    say()
    say_tables([screen_table(one) for one in tables_of_pressure(found, Names(scenario))])


PRESSURE = View(_say, "pressure_charts", "-pressure")
