"""``servanda order``: in which order steps would be kept, and where each order would break."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servanda.cli.chart_folder import file_stem
from servanda.cli.options import (
    changes_options,
    draws_options,
    scenario_argument,
)
from servanda.cli.outputs import Outputs, View, answering, give, output_options
from servanda.cli.screen import day, say, say_tables, say_text
from servanda.errors import printable, shortened

if TYPE_CHECKING:
    from servanda.results.order_answer import OrderAnswer
    from servanda.scenario.model import Scenario

ENDINGS = (".efg", ".csv", ".ics")


def read_day(_: click.Context, parameter: click.Parameter, value: str | None) -> date | None:
    """A day written as 2026-02-18."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        shown = printable(shortened(value, 40))
        rule = f"'{shown}' is not a day, written as 2026-02-18."
        raise click.BadParameter(rule, param=parameter) from None


def read_names(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, ...]:
    """Names with commas between."""
    return tuple(one.strip() for one in (value or "").split(",") if one.strip())


def read_exports(
    _: click.Context, parameter: click.Parameter, values: tuple[Path, ...]
) -> tuple[Path, ...]:
    """Files whose endings say what to write."""
    for value in values:
        if value.suffix not in ENDINGS:
            shown = printable(shortened(str(value), 60))
            rule = f"'{shown}' does not end in {', '.join(ENDINGS)}."
            raise click.BadParameter(rule, param=parameter)
    return values


@click.command()
@scenario_argument
@click.option(
    "--package",
    default="",
    metavar="DEAL",
    help="A number, 'focus', 'status-quo' or a solution, and options that differ "
    "(7,land=line-as-it-is); or all options.  [default: that of the plan, or the deal in "
    "focus]",
)
@click.option(
    "--plan",
    "plans",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="A plan to look at beside the others; the first is shown in full. May be repeated.",
)
@click.option(
    "--compare",
    callback=read_names,
    metavar="ORDER,...",
    help="Only these orders, the first in full: best, free, of-ACTOR, one the scenario names, "
    "plan-1.",
)
@click.option(
    "--also",
    callback=read_names,
    metavar="QUESTION,...",
    help="What takes longer: beliefs (as each side sees it), sincerity (of hidden types, and "
    "which small step tests it), tranches.",
)
@click.option(
    "--objective",
    "objectives",
    callback=read_names,
    metavar="NAME,...",
    help="Look for the best order by another objective too: nash-product, fewest-months (of those "
    "that are kept), completion (the likeliest to be carried through).",
)
@changes_options
@draws_options
@click.option(
    "--save-plan",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the order shown in full as a plan to edit.",
)
@click.option(
    "--export",
    "exports",
    type=click.Path(path_type=Path),
    multiple=True,
    callback=read_exports,
    metavar="FILE",
    help="Write the order shown in full: .csv or .ics as a roadmap, .efg as a game for Gambit "
    "and OpenSpiel. May be repeated.",
)
@click.option(
    "--from",
    "signed",
    callback=read_day,
    metavar="DAY",
    help="Day of signature, for roadmaps.  [default: the scenario's day]",
)
@output_options
def order(
    scenario: str,
    package: str,
    plans: tuple[Path, ...],
    compare: tuple[str, ...],
    also: tuple[str, ...],
    objectives: tuple[str, ...],
    changes: tuple[str, ...],
    variant: str,
    draws: int,
    seed: int,
    threads: int | None,
    save_plan: Path | None,
    exports: tuple[Path, ...],
    signed: date | None,
    out: Outputs,
) -> None:
    """In which order the steps of a deal would be kept, and where each order would break.

    The best order, those people speak of, each side's own and any plan you write, with the margin
    of each, its weakest link, how often it is kept over the draws, and how credible its guarantees
    have to be. One of them stage by stage. A margin is what the actor tempted most would lose by
    its best breach, in value points; below 0 the breach pays.
    """
    from servanda import workbench
    from servanda.files.read import short_name
    from servanda.files.write import check_writable, write_atomic

    read = workbench.read(scenario, variant=variant, changes=changes)
    name = short_name(scenario)
    for path in (*exports, *([save_plan] if save_plan else [])):
        check_writable(path)
    with answering(out) as progress:
        found = workbench.order(
            read,
            name=name,
            package=package,
            plans=plans,
            compare=compare,
            also=also,
            objectives=objectives,
            draws=draws,
            seed=seed,
            threads=threads,
            progress=progress,
            variant=variant,
            changes=changes,
        )
    stem = file_stem(scenario, variant)
    give(out, ORDER, found, read, stem=stem)
    made: dict[Path, Callable[[], bytes]] = {}
    for path in exports:
        made[path] = lambda path=path: workbench.export_order(  # type: ignore[misc]
            found, read, path.suffix, name=stem, signed=signed
        )
    if save_plan is not None:
        made[save_plan] = lambda: workbench.save_plan(found, read, name=name)
    for path, content in made.items():
        write_atomic(path, content())
        _tell(f"written: {path}", quiet=out.quiet)
    if any(path.suffix in {".csv", ".ics"} for path in exports) and signed is None:
        _tell(
            f"days count from {day(read.as_of)}, the scenario's; --from says another",
            quiet=out.quiet,
        )


def _say(found: OrderAnswer, scenario: Scenario) -> None:
    from servanda.brief.words import CONDITIONAL, package_line
    from servanda.charts.names import Names
    from servanda.charts.numbers import percent
    from servanda.cli.order_depth import parts_in_depth
    from servanda.cli.order_tables import (
        search_lines,
        tables_of_guarantees,
        tables_of_orders,
        tables_of_plan,
    )

    names, deal = Names(scenario), found.deal
    say(
        f"{scenario.title} · as of {day(scenario.as_of)} · {found.origin.draws:,} draws, seed "
        f"{found.origin.seed}"
    )
    say_text(f"Deal {deal.deal.index} ({found.reason}): {package_line(deal.deal, names)}.")
    say_text(f"All would sign it in {percent(deal.acceptable)} of the draws.")
    say()
    say_tables(tables_of_orders(found, names))
    for line in search_lines(found):
        say_text(line)
    say()
    say_tables(tables_of_plan(found, names))
    say_tables(tables_of_guarantees(found, names))
    for part in parts_in_depth(found, names):
        if isinstance(part, str):
            say_text(part)
            say()
        elif part.rows:
            say_tables([part])
    say(CONDITIONAL)


ORDER = View(_say, "order_charts")


def _tell(text: str, *, quiet: bool) -> None:
    if not quiet:
        click.echo(printable(text), err=True)
