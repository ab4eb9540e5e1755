"""``servanda deals``: which packages pass, which are efficient, what stands in the way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from servanda.cli.chart_folder import file_stem
from servanda.cli.deals_tables import tables_of_deals
from servanda.cli.options import (
    LARGEST_SEED,
    changes_options,
    draws_option,
    scenario_argument,
    threads_option,
    whole_number,
)
from servanda.cli.outputs import Outputs, View, answering, give, output_options
from servanda.cli.ranking_tables import ONE_READING, tables_of_rankings
from servanda.cli.screen import day, say, say_tables, say_text
from servanda.errors import printable, shortened

if TYPE_CHECKING:
    from servanda.results.deals import Deals
    from servanda.scenario.model import Scenario

Money = dict[str, tuple[float, tuple[str, ...]]]
_FUND = re.compile(r"(?P<name>[^=]+)=(?P<amount>[0-9]+(?:\.[0-9]+)?)(?::(?P<reaches>.+))?")


def read_funds(_: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> Money:
    """Funds by name: the points each holds and whom it may be paid to."""
    funds: Money = {}
    for value in values:
        found = _FUND.fullmatch(value.strip())
        if not found:
            shown = printable(shortened(value, 60))
            raise click.BadParameter(
                f"'{shown}' is not NAME=POINTS or NAME=POINTS:ACTOR,ACTOR.", param=parameter
            )
        reaches = tuple(one.strip() for one in (found["reaches"] or "").split(",") if one.strip())
        funds[found["name"].strip()] = (float(found["amount"]), reaches)
    return funds


@click.command()
@scenario_argument
@changes_options
@click.option(
    "--fund",
    "funds",
    multiple=True,
    callback=read_funds,
    metavar="NAME=POINTS[:ACTOR,...]",
    help="Money from outside that may pay those who lose; may be repeated, drawn on in turn.",
)
@draws_option(500, "How many readings of rankings, where the scenario has any.")
@click.option(
    "--seed",
    default="1",
    show_default=True,
    callback=whole_number(0, LARGEST_SEED),
    metavar="S",
    help="Of these readings: same seed, same answer.",
)
@threads_option
@output_options
def deals(
    scenario: str,
    changes: tuple[str, ...],
    variant: str,
    funds: Money,
    draws: int,
    seed: int,
    threads: int | None,
    out: Outputs,
) -> None:
    """Packages at the central values: gates, frontier, solutions, overlap, obstacles.

    Every package is put through red lines, rationality and ratification; the best that pass are
    tested for an order of steps that would be kept. Of what is left: what each bargaining
    solution would choose. When nothing is left: the smallest sets of gates whose lifting opens a
    deal, the package nearest to each actor's acceptance, and the smallest payment that closes
    the gap. The full analysis over all uncertain numbers is `servanda brief`.
    """
    from servanda import workbench

    read = workbench.read(scenario, variant=variant, changes=changes)
    with answering(out) as progress:
        found = workbench.deals(
            read,
            funds=funds,
            draws=draws,
            seed=seed,
            threads=threads,
            progress=progress,
            variant=variant,
            changes=changes,
        )
    give(out, DEALS, found, read, stem=file_stem(scenario, variant))


def _say(found: Deals, scenario: Scenario) -> None:
    say(f"{scenario.title} · as of {day(scenario.as_of)} · at the central values")
    if found.rankings:
        say_text(found.rankings.message)
        say()
        say_tables(tables_of_rankings(found.rankings))
        say_text(ONE_READING)
    if found.certified:
        say_text(f"{found.certified.message} {found.obstacles.message}")
    else:
        say_text(found.funnel.message)
    say()
    say_tables(tables_of_deals(found))


DEALS = View(_say, "deal_charts")
