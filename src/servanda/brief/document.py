"""What a brief is made of before it is a page: sections of paragraphs, tables and charts.

Text is plain; whoever renders it escapes it. A line is a text or a sequence of parts, some of them
strong or linked.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

import altair as alt


@dataclass(frozen=True)
class Strong:
    """Words that carry the point."""

    text: str


@dataclass(frozen=True)
class Link:
    """Words that lead elsewhere: to ``#anchor`` on the page, or to a public address."""

    text: str
    target: str

    @property
    def safe(self) -> bool:
        """Only anchors and web addresses are followed; anything else is printed as text."""
        return self.target.lower().startswith(("#", "https://", "http://"))


@dataclass(frozen=True)
class Code:
    """Words to be typed or looked up as they stand."""

    text: str


Part = str | Strong | Link | Code
Line = str | tuple[Part, ...]


@dataclass(frozen=True)
class Paragraph:
    """Some sentences; a finding stands out, a note stands back."""

    line: Line
    kind: Literal["plain", "finding", "note"] = "plain"


@dataclass(frozen=True)
class Bullets:
    """A short list."""

    items: tuple[Line, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Fact:
    """A key figure: what, how much, and a word on it."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Facts:
    """A row of key figures."""

    items: tuple[Fact, ...]


@dataclass(frozen=True)
class Column:
    """Head of a table column; numbers are set right."""

    title: str
    number: bool = False


@dataclass(frozen=True)
class TableRow:
    """Cells, an anchor others can link to, and whether the row stands out."""

    cells: tuple[Line, ...]
    anchor: str = ""
    marked: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under heads."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]

    @property
    def widths(self) -> tuple[float, ...]:
        """Least width of each column in letters: room for its words, more for longer texts."""
        made = []
        for number, column in enumerate(self.columns):
            texts = [plain(row.cells[number]) for row in self.rows]
            words = [len(word) for text in [*texts, column.title] for word in text.split(" ")]
            longest = max((len(text) for text in texts), default=0)
            room = min(20, longest) if column.number else min(30, 9 + longest / 6, longest)
            made.append(max(3, min(18, max(words)), room))
        return tuple(made)


@dataclass(frozen=True)
class Figure:
    """A chart with what to see in it."""

    chart: alt.LayerChart
    caption: str


@dataclass(frozen=True)
class Folded:
    """Blocks that open when asked for."""

    title: str
    blocks: tuple["Block", ...]


Block = Paragraph | Bullets | Facts | Table | Figure | Folded


@dataclass(frozen=True)
class Section:
    """A titled part of a brief; without blocks it is left out."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]


def plain(line: Line) -> str:
    """The words alone."""
    if isinstance(line, str):
        return line
    return "".join(part if isinstance(part, str) else part.text for part in line)


def columns(*titles: str) -> tuple[Column, ...]:
    """Heads from titles; one that ends in ``#`` is a column of numbers."""
    return tuple(Column(title.removesuffix("#"), title.endswith("#")) for title in titles)


def tabled(
    caption: str,
    heads: tuple[str, ...],
    rows: Iterable[tuple[Line, ...]],
    right: Collection[int] = (),
) -> Table:
    """A table of plain rows; heads as in :func:`columns`, or with the places of numbers beside."""
    marked = [f"{head}#" if place in right else head for place, head in enumerate(heads)]
    return Table(caption, columns(*marked), tuple(TableRow(cells) for cells in rows))


def typed(line: Line) -> str:
    """What one would type for it: its code where it has one, else its words."""
    code = [part.text for part in line if isinstance(part, Code)]
    return code[0] if code else plain(line)
