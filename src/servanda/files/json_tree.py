"""Read JSON into plain values with the place of every path, within bounds.

Python's own reader keeps no places, lets a key stand twice, and reads ``NaN``; this one does not.
Every number becomes a float.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from math import isfinite
from typing import Any, NoReturn

from servanda.errors import Complaint, shortened
from servanda.files.bounded import decode, refuse
from servanda.files.yaml_tree import Path, Place

MAX_NODES = 200_000
MAX_DEPTH = 40

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}
_NOT_FINITE = ("NaN", "Infinity", "-Infinity")
_STRING = json.JSONDecoder()
_LONGEST_NUMBER = 400


class JsonTree:
    """Plain values of a document; ``complaints`` holds what could be passed over."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.complaints: list[Complaint] = []
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._at: dict[Path, int] = {}
        self._nodes = 0
        self.value, end = self._node(self._skip(0), ())
        end = self._skip(end)
        if end != len(text):
            self._refuse("more text after the end of the document", end)

    def place(self, path: Path) -> Place:
        """Where a path stands, or the nearest thing above it that does."""
        while path not in self._at:
            path = path[:-1]
        line, column = self._line(self._at[path])
        return Place(self.file, line, column)

    def _line(self, index: int) -> tuple[int, int]:
        line = bisect_right(self._starts, index)
        return line, index - self._starts[line - 1] + 1

    def _refuse(self, rule: str, index: int) -> NoReturn:
        refuse(self.file, rule, *self._line(index))

    def _skip(self, index: int) -> int:
        found = _SPACE.match(self.text, index)
        return found.end() if found else index

    def _node(self, index: int, path: Path) -> tuple[Any, int]:
        """The value that begins at ``index``, and where it ends."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._refuse(f"more than {MAX_NODES:,} values in one file", index)
        if len(path) > MAX_DEPTH:
            self._refuse(f"nested more than {MAX_DEPTH} levels deep", index)
        self._at.setdefault(path, index)
        first = self.text[index : index + 1]
        if first == "{":
            return self._object(index, path)
        if first == "[":
            return self._array(index, path)
        if first == '"':
            return self._string(index)
        return self._plain(index, path)

    def _object(self, index: int, path: Path) -> tuple[dict[str, Any], int]:
        result: dict[str, Any] = {}
        index = self._skip(index + 1)
        if self.text[index : index + 1] == "}":
            return result, index + 1
        while True:
            if self.text[index : index + 1] != '"':
                self._refuse("not readable as JSON: a key in quotes is expected", index)
            start = index
            key, index = self._string(index)
            here = (*path, key)
            if key in result:
                line, column = self._line(start)
                rule = "this key stands here a second time"
                shown = shortened(".".join(here), 100)
                self.complaints.append(Complaint(shown, rule, self.file, line, column))
            self._at[here] = start
            index = self._skip(index)
            if self.text[index : index + 1] != ":":
                self._refuse("not readable as JSON: ':' is expected", index)
            result[key], index = self._node(self._skip(index + 1), here)
            index = self._skip(index)
            mark = self.text[index : index + 1]
            if mark == "}":
                return result, index + 1
            if mark != ",":
                self._refuse("not readable as JSON: ',' or '}' is expected", index)
            index = self._skip(index + 1)

    def _array(self, index: int, path: Path) -> tuple[list[Any], int]:
        result: list[Any] = []
        index = self._skip(index + 1)
        if self.text[index : index + 1] == "]":
            return result, index + 1
        while True:
            item, index = self._node(index, (*path, str(len(result))))
            result.append(item)
            index = self._skip(index)
            mark = self.text[index : index + 1]
            if mark == "]":
                return result, index + 1
            if mark != ",":
                self._refuse("not readable as JSON: ',' or ']' is expected", index)
            index = self._skip(index + 1)

    def _string(self, index: int) -> tuple[str, int]:
        try:
            value, end = _STRING.raw_decode(self.text, index)
            value.encode("utf-8")
        except json.JSONDecodeError as error:
            self._refuse(f"not readable as JSON: {error.msg.lower()}", error.pos)
        except UnicodeEncodeError:
            self._refuse("a character that no text holds", index)
        return value, end

    def _plain(self, index: int, path: Path) -> tuple[Any, int]:
        for word, value in _WORDS.items():
            if self.text.startswith(word, index):
                return value, index + len(word)
        for word in _NOT_FINITE:
            if self.text.startswith(word, index):
                return self._not_finite(word, index, path)
        found = _NUMBER.match(self.text, index)
        if found is None:
            self._refuse("not readable as JSON: a value is expected", index)
        text = found[0]
        number = float(text) if len(text) <= _LONGEST_NUMBER else float("inf")
        if not isfinite(number):
            return self._not_finite(text, index, path)
        return number, found.end()

    def _not_finite(self, text: str, index: int, path: Path) -> tuple[float, int]:
        line, column = self._line(index)
        rule = f"{shortened(text, 40)} is not a finite number"
        shown = shortened(".".join(path), 100)
        self.complaints.append(Complaint(shown, rule, self.file, line, column))
        return 0.0, index + len(text)


def parse_json(data: bytes, file: str) -> JsonTree:
    """Read one JSON document, in UTF-8.

    Raises:
        ExchangeError: it cannot be read at all, or passes a bound.
    """
    return JsonTree(decode(data, file), file)
