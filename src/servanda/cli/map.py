"""``servanda map``: where a deal is kept as two numbers vary."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from servanda.cli.chart_folder import file_stem
from servanda.cli.options import (
    changes_options,
    deal_options,
    draws_option,
    one_order,
    run_option,
    scenario_argument,
    seed_option,
    threads_option,
    whole_number,
)
from servanda.cli.outputs import Outputs, View, answering, give, output_options
from servanda.cli.run_folder import notice
from servanda.cli.screen import say, say_drawn, say_tables, say_text, screen_table

if TYPE_CHECKING:
    from servanda.results.answer_map import AnswerMap
    from servanda.scenario.model import Scenario


@click.command("map")
@scenario_argument
@click.argument("first", metavar="NUMBER")
@click.argument("second", metavar="NUMBER")
@deal_options
@click.option(
    "--points",
    callback=whole_number(2, 101),
    default="15",
    show_default=True,
    metavar="N",
    help="Of each number.",
)
@changes_options
@draws_option(20, "Draws of all other numbers at each point of the map.")
@seed_option
@threads_option
@run_option
@output_options
def answer_map(
    scenario: str,
    first: str,
    second: str,
    deal: str,
    order: str,
    plan: Path | None,
    points: int,
    changes: tuple[str, ...],
    variant: str,
    draws: int,
    seed: int,
    threads: int | None,
    run: Path | None,
    out: Outputs,
) -> None:
    """Where a deal is kept as two numbers vary, all others at their central values or drawn.

    NUMBER is a path, as in guarantees.treaty.credibility, moved between the ends of its range; or
    PATH=LOW..HIGH. The map shows the smallest margin of one order, with the line where it is 0,
    and the share of draws in which all sign the deal and keep it.
    """
    from servanda import workbench
    from servanda.files.read import short_name

    one_order(order, plan)
    read = workbench.read(scenario, variant=variant, changes=changes)
    with answering(out, run) as progress:
        found = workbench.answer_map(
            read,
            first,
            second,
            name=short_name(scenario),
            deal=deal,
            order=order,
            plan=plan,
            points=points,
            draws=draws,
            seed=seed,
            threads=threads,
            progress=progress,
            variant=variant,
            changes=changes,
            run=run,
            notice=notice,
        )
    give(out, MAP, found, read, stem=file_stem(scenario, variant))


def _say(found: AnswerMap, scenario: Scenario) -> None:
    from servanda.brief.map_tables import tables_of_map

    say_drawn(scenario, found.origin)
    chosen = ", ".join(f"{issue}={option}" for issue, option in found.options.items())
    say_text(f"Deal {found.package} ({found.reason}): {chosen}")
    say_text(found.message)
    say()
    say_text(f"Down: {found.first.path}, {found.first.unit}.")
    say_text(f"Across: {found.second.path}, {found.second.unit}.")
    say()
    say_tables([screen_table(one) for one in tables_of_map(found)])


MAP = View(_say, "map_charts")
