"""``servanda inverse``: what would have to be true for a named deal to be signed and kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from servanda.cli.chart_folder import file_stem
from servanda.cli.options import (
    changes_options,
    deal_options,
    draws_options,
    one_order,
    run_option,
    scenario_argument,
)
from servanda.cli.outputs import Outputs, View, answering, give, output_options
from servanda.cli.run_folder import notice
from servanda.cli.screen import say, say_drawn, say_tables, say_text, screen_table

if TYPE_CHECKING:
    from servanda.results.inverse import Inverse
    from servanda.scenario.model import Scenario


@click.command()
@scenario_argument
@deal_options
@changes_options
@draws_options
@run_option
@output_options
def inverse(
    scenario: str,
    deal: str,
    order: str,
    plan: Path | None,
    changes: tuple[str, ...],
    variant: str,
    draws: int,
    seed: int,
    threads: int | None,
    run: Path | None,
    out: Outputs,
) -> None:
    """What would have to be true for a deal to be signed, ratified and kept.

    First what fails as things stand, condition by condition. Then the numbers (values, weights,
    credibilities, costs, beliefs) each of which alone would mend it, how far each has to move, and
    the cheapest change of several together where no single one does. Numbers move while all others
    stand at their central values; shares of draws say what is left of it when all are uncertain.
    """
    from servanda import workbench
    from servanda.files.read import short_name

    one_order(order, plan)
    read = workbench.read(scenario, variant=variant, changes=changes)
    with answering(out, run) as progress:
        found = workbench.inverse(
            read,
            name=short_name(scenario),
            deal=deal,
            order=order,
            plan=plan,
            draws=draws,
            seed=seed,
            threads=threads,
            progress=progress,
            variant=variant,
            changes=changes,
            run=run,
            notice=notice,
        )
    give(out, INVERSE, found, read, stem=file_stem(scenario, variant))


def _say(found: Inverse, scenario: Scenario) -> None:
    from servanda.brief.inverse_tables import tables_of_inverse
    from servanda.charts.names import Names

    say_drawn(scenario, found.origin)
    chosen = ", ".join(f"{issue}={option}" for issue, option in found.options.items())
    say_text(f"Deal {found.package} ({found.reason}): {chosen}")
    say_text(found.message)
    say()
    say_tables([screen_table(one) for one in tables_of_inverse(found, Names(scenario))])


INVERSE = View(_say, "inverse_charts")
