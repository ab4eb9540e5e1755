"""What a command shows: tables and lines for people, JSON for programs.

Everything a scenario says passes through :func:`servanda.errors.printable` before it reaches the
terminal, so that no text in a file can steer the screen.
"""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from servanda.cli.column_widths import column_widths, folded
from servanda.errors import printable

if TYPE_CHECKING:
    from servanda.brief.document import Table as DocumentTable
    from servanda.results.analysis import Origin
    from servanda.scenario.model import Scenario

PAGE_WIDTH = 110
"""Columns when the output does not go to a terminal."""


@dataclass(frozen=True)
class Table:
    """Rows of texts under a title.

    Attributes:
        title: printed above.
        columns: headings.
        rows: one text for each column; every row begins with the identifier one would type.
        right: columns set flush right.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()


def screen_table(table: DocumentTable) -> Table:
    """A table of a brief; of what has a name and a code, the code, which is what one types."""
    from servanda.brief.document import typed

    return Table(
        table.caption,
        tuple(column.title for column in table.columns),
        tuple(tuple(typed(cell) for cell in row.cells) for row in table.rows),
        tuple(number for number, column in enumerate(table.columns) if column.number),
    )


def screen_width() -> int:
    """Columns to write in: of the terminal, of COLUMNS, or a page."""
    if os.environ.get("COLUMNS", "").isdigit() or sys.stdout.isatty():
        return max(shutil.get_terminal_size((PAGE_WIDTH, 24)).columns, 40)
    return PAGE_WIDTH


def day(when: date) -> str:
    """A date in words, as in 18 February 2026."""
    return f"{when.day} {when:%B %Y}"


def say(text: str = "") -> None:
    """One line (or several) on stdout."""
    click.echo("\n".join(printable(line) for line in text.split("\n")))


def say_text(text: str) -> None:
    """A paragraph on stdout, broken at the width of the screen."""
    for line in textwrap.wrap(printable(text), screen_width(), break_on_hyphens=False):
        click.echo(line)


def say_json(content: Any) -> None:
    """One JSON document on stdout."""
    import json

    click.echo(json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False))


def say_tables(tables: Sequence[Table]) -> None:
    """Tables one below the other, fitted to the screen."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    console = Console(width=screen_width(), highlight=False, force_terminal=colour)
    for table in tables:
        headings = [printable(column) for column in table.columns]
        rows = [[_cell(cell) for cell in row] for row in table.rows]
        widths = column_widths(headings, rows, table.right, screen_width())
        drawn = RichTable(
            title=Text(printable(table.title), style="bold"),
            title_justify="left",
            box=SIMPLE_HEAD,
            pad_edge=False,
            show_edge=False,
        )
        for number, (heading, width) in enumerate(zip(headings, widths, strict=True)):
            drawn.add_column(
                Text(folded(heading, width)),
                justify="right" if number in table.right else "left",
                width=width,
                overflow="fold",
            )
        for row in rows:
            drawn.add_row(*(Text(folded(*cell)) for cell in zip(row, widths, strict=True)))
        with console.capture() as captured:
            console.print(drawn)
        for line in captured.get().splitlines():
            click.echo(line.rstrip())
        click.echo()


def say_conditional() -> None:
    """What every answer ends with."""
    from servanda.brief.words import CONDITIONAL

    say(CONDITIONAL)


def _cell(text: str) -> str:
    return "\n".join(printable(line) for line in text.split("\n"))


def say_drawn(scenario: Scenario, origin: Origin) -> None:
    """What an answer over draws is about, and which draws."""
    from servanda.charts.numbers import counted

    say(
        f"{scenario.title} · as of {day(scenario.as_of)} · "
        f"{counted(origin.draws, 'draw')}, seed {origin.seed}"
    )
