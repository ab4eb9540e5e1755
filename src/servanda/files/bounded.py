"""Read a file of another program: only a regular one, only so many bytes, only UTF-8."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from servanda.errors import Complaint, ExchangeError, NotFoundError

MAX_BYTES = 10_000_000
"""Largest XML or JSON file that is read."""
_LONGEST_STEM = 80


def read_bytes(path: Path, *, limit: int = MAX_BYTES) -> bytes:
    """The content of a file; its size is asked for before anything is read.

    Raises:
        NotFoundError: there is no such file.
        ExchangeError: it is not a regular file, or too large.
    """
    check_size(path, limit=limit)
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:  # it grew meanwhile
        refuse(str(path), f"the file has more than {limit:,} bytes")
    return data


def check_size(path: Path, *, limit: int) -> None:
    """Refuse what is no regular file or has more than ``limit`` bytes, without reading it."""
    try:
        there, regular = path.exists(), path.is_file()
        size = path.stat().st_size if regular else 0
    except (OSError, ValueError):  # a name no file can have
        there = regular = False
        size = 0
    if not there:
        raise NotFoundError("file", str(path), ())
    if not regular:
        refuse(str(path), "is not a regular file")
    if size > limit:
        refuse(str(path), f"the file has {size:,} bytes; at most {limit:,} are read")


def decode(data: bytes, file: str) -> str:
    """The text of a file, which must be UTF-8; a byte order mark is left out."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        refuse(file, f"the file is not UTF-8 text (byte {error.start})", line, column)


def refuse(file: str, rule: str, line: int = 1, column: int = 1) -> NoReturn:
    """Give up on a file as a whole."""
    raise ExchangeError([Complaint("(file)", rule, file, line, column)])


def file_stems(names: Sequence[str], *taken: str) -> list[str]:
    """A file name (without its ending) for each name: itself where that is safe everywhere.

    Anything but letters, digits, spaces, hyphens, underscores and dots becomes a hyphen; no two
    are alike, whatever the case of their letters, and none is one of those ``taken``.
    """
    stems: list[str] = []
    used = {name.casefold() for name in taken}
    for name in names:
        safe = "".join(char if char.isalnum() or char in " -_." else "-" for char in name)
        base = safe.strip(" .")[:_LONGEST_STEM] or "party"
        stem, count = base, 1
        while stem.casefold() in used:
            count += 1
            stem = f"{base}-{count}"
        used.add(stem.casefold())
        stems.append(stem)
    return stems
