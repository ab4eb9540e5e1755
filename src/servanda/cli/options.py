"""Options that several commands share, and what their values may be."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from servanda.errors import printable, shortened

Command = TypeVar("Command", bound=Callable[..., Any])

MOST_DRAWS = 100_000
LARGEST_SEED = 2**63 - 1
MOST_THREADS = 256
_MOST_DIGITS = 30
_WHOLE = re.compile(r"[-+]?[0-9]+")


def whole_number(least: int, most: int) -> Callable[..., int | None]:
    """Read a whole number between bounds; what does not fit is complained about in plain words."""

    def read(_: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
        if value is None:
            return None
        text = value.strip()
        shown = printable(shortened(text, 40))
        if not _WHOLE.fullmatch(text):
            raise click.BadParameter(f"'{shown}' is not a whole number.", param=parameter)
        if len(text) > _MOST_DIGITS or not least <= int(text) <= most:
            rule = f"'{shown}' is not from {least:,} to {most:,}."
            raise click.BadParameter(rule, param=parameter)
        return int(text)

    return read


def scenario_argument(command: Command) -> Command:
    """NAME of a shipped scenario or FILE of one's own."""
    return click.argument("scenario", metavar="NAME|FILE")(command)


def changes_options(command: Command) -> Command:
    """--set and --variant: differences applied before anything is computed."""
    setter = click.option(
        "--set",
        "changes",
        multiple=True,
        metavar="PATH=VALUE",
        help="Change one value, as in war.costs.holder=13; may be repeated.",
    )
    variant = click.option(
        "--variant", default="", metavar="V", help="Apply a named variant first."
    )
    return setter(variant(command))


def json_option(command: Command) -> Command:
    """--json: the same content for a program."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")(
        command
    )


def quiet_option(command: Command) -> Command:
    """--quiet: nothing but the answer."""
    return click.option("--quiet", is_flag=True, help="No progress on stderr.")(command)


def draws_options(command: Command) -> Command:
    """--draws, --seed and --threads: how chance is drawn and the work shared out."""
    draws = draws_option(500, "How many draws of all uncertain numbers.")
    return draws(seed_option(threads_option(command)))


def draws_option(default: int, says: str, *, least: int = 1) -> Callable[[Command], Command]:
    """--draws: how many, and of what."""
    return click.option(
        "--draws",
        callback=whole_number(least, MOST_DRAWS),
        default=str(default),
        show_default=True,
        metavar="N",
        help=says,
    )


def seed_option(command: Command) -> Command:
    """--seed: where draws begin."""
    return click.option(
        "--seed",
        callback=whole_number(0, LARGEST_SEED),
        default="1",
        show_default=True,
        metavar="S",
        help="Same seed, same answer.",
    )(command)


def threads_option(command: Command) -> Command:
    """--threads: how many cores share the work."""
    return click.option(
        "--threads",
        callback=whole_number(1, MOST_THREADS),
        metavar="N",
        help="Processor cores to use; the answer does not depend on it.  [default: all]",
    )(command)


def run_option(command: Command) -> Command:
    """--run: a folder that keeps what is computed."""
    return click.option(
        "--run",
        "run",
        type=click.Path(path_type=Path),
        metavar="FOLDER",
        help="Keep what is computed in this folder, so that servanda resume can go on with it.",
    )(command)


def table_option(command: Command) -> Command:
    """--table: every history as a row."""
    return click.option(
        "--table",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Write every history as a row of this file, .csv or .parquet.",
    )(command)


def on_option(command: Command) -> Command:
    """--on: which engine does the work."""
    return click.option(
        "--on",
        "on",
        default="threads",
        show_default=True,
        metavar="ENGINE",
        help="threads; dask or local:N for worker processes here; tcp://host:port or "
        "tls://host:port of a Dask scheduler. The answer does not depend on it.",
    )(command)


def charts_options(command: Command) -> Command:
    """--charts and --format: pictures of the answer as files."""
    folder = click.option(
        "--charts",
        "folder",
        type=click.Path(path_type=Path),
        metavar="FOLDER",
        help="Write the charts into this folder; it is made when only its parent is there.",
    )
    ending = click.option(
        "--format",
        "ending",
        type=click.Choice(("svg", "png", "html")),
        default="svg",
        show_default=True,
        help="Of the charts; an html file needs no network.",
    )
    return folder(ending(command))


def deal_options(command: Command) -> Command:
    """--deal, --order and --plan: which deal is asked about, and in which order."""
    deal = click.option(
        "--deal",
        default="",
        metavar="DEAL",
        help="A number, 'focus', 'status-quo' or a solution, and options that differ "
        "(7,land=line-as-it-is); or all options.  [default: that of the plan, or the deal in "
        "focus]",
    )
    order = click.option(
        "--order",
        default="",
        metavar="ORDER",
        help="In which order it is to be kept; named as by servanda order.  [default: best]",
    )
    plan = click.option(
        "--plan",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="A plan that says the order.",
    )
    return deal(order(plan(command)))


def one_order(order: str, plan: Path | None) -> None:
    """Complain where both an order and a plan are named."""
    if order and plan is not None:
        raise click.UsageError("either --order or --plan; a plan is an order already.")
