"""How wide the columns of a table are on a screen, and where long texts break.

>>> print(folded("war.exhaustion.rival.now", 16))
war.exhaustion.
rival.now
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

BETWEEN = 3
"""Blanks between columns."""


def column_widths(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    numbers: Sequence[int],
    available: int,
) -> list[int]:
    """As wide as the texts where they fit; else the widest give way, without breaking a word.

    Where that is not enough identifiers break at their dots, and only then anything anywhere. The
    first column, which holds what one types, and numbers stay whole as long as possible.
    """
    columns = [[heading, *(row[at] for row in rows)] for at, heading in enumerate(headings)]
    widths = [_longest(_lines(column)) for column in columns]
    whole = [
        _longest([*heading.split(), *(_lines(cells) if at in numbers else _words(cells))])
        for at, (heading, *cells) in enumerate(columns)
    ]
    pieces = [
        width if at in numbers else _longest(p for word in _words(column) for p in _pieces(word))
        for at, (column, width) in enumerate(zip(columns, whole, strict=True))
    ]
    for least in ([widths[0], *whole[1:]], pieces, [1] * len(widths)):
        while sum(widths) + BETWEEN * (len(widths) - 1) > available:
            loose = [at for at, width in enumerate(widths) if width > least[at]]
            if not loose:
                break
            widths[max(loose, key=lambda at: widths[at])] -= 1
    return widths


def folded(text: str, width: int) -> str:
    """The text with words too long for the width broken at their dots."""
    return re.sub(r"\S+", lambda found: _broken(found[0], width), text)


def _broken(word: str, width: int) -> str:
    lines = [""]
    for piece in _pieces(word) if _longest([word]) > width else [word]:
        if lines[-1] and _longest([lines[-1] + piece]) > width:
            lines.append("")
        lines[-1] += piece
    return "\n".join(lines)


def _pieces(word: str) -> list[str]:
    return re.findall(r"[^.]*\.|[^.]+", word)


def _words(texts: Sequence[str]) -> list[str]:
    return [word for text in texts for word in text.split()]


def _lines(texts: Sequence[str]) -> list[str]:
    return [line for text in texts for line in text.split("\n")]


def _longest(texts: Iterable[str]) -> int:
    """In cells of the terminal, of which some scripts take two a letter."""
    from rich.cells import cell_len

    return max((cell_len(text) for text in texts), default=1) or 1
