"""Read YAML into plain values with the place of every key, safely and within bounds.

Works on the event stream, so nothing is ever constructed from a tag, aliases are refused before
they can multiply, and reading stops at the first bound that is passed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from servanda.errors import Complaint, ScenarioError

MAX_BYTES = 10_000_000
MAX_NODES = 100_000
MAX_DEPTH = 40

Path = tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """Where something stands in a file; lines and columns start at 1."""

    file: str
    line: int
    column: int


@dataclass
class Tree:
    """Plain values and the place of every path in them."""

    value: Any
    places: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)
    nodes: int = 0


def parse_yaml(text: str, file: str) -> Tree:
    """Read one YAML document.

    Args:
        text: the document.
        file: name used in complaints.

    Returns:
        The tree; its ``complaints`` hold what could be passed over (duplicate keys, tags, NaN).

    Raises:
        ScenarioError: the document cannot be read at all, or passes a bound.
    """
    if len(text) > MAX_BYTES:
        _refuse(file, 1, 1, f"the file has more than {MAX_BYTES:,} characters")
    tree = Tree(value=None, places={(): Place(file, 1, 1)})
    try:
        events = _contents(text)
        first = next(events, None)
        if first is not None:
            builder = _Builder(file, tree, events)
            tree.value = builder.node(first, ())
            tree.nodes = builder.nodes
            extra = next(events, None)
            if extra is not None:
                _refuse(file, *_at(extra), "a second document starts here; one file, one document")
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        _refuse(file, line, column, f"not readable as YAML: {error.problem or error.context}")
    except ReaderError as error:
        line, start = text.count("\n", 0, error.position) + 1, text.rfind("\n", 0, error.position)
        rule = f"a character that no text holds (U+{int(error.character):04X})"
        _refuse(file, line, error.position - start, rule)
    except (ValueError, RecursionError) as error:
        _refuse(file, 1, 1, f"not readable as YAML: {error}")
    return tree


def _refuse(file: str, line: int, column: int, rule: str) -> None:
    raise ScenarioError([Complaint(path="(file)", rule=rule, file=file, line=line, column=column)])


def _contents(text: str) -> Iterator[Any]:
    """Content events only: nodes, mapping and sequence ends, aliases."""
    wanted = (
        AliasEvent,
        ScalarEvent,
        MappingStartEvent,
        MappingEndEvent,
        SequenceStartEvent,
        SequenceEndEvent,
    )
    for event in YAML(typ="safe", pure=True).parse(text):
        if isinstance(event, wanted):
            yield event


def _at(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


class _Builder:
    """Builds plain values from events, counting nodes and depth."""

    def __init__(self, file: str, tree: Tree, events: Iterator[Any]) -> None:
        self.file, self.tree, self.events, self.nodes = file, tree, events, 0

    def node(self, event: Any, path: Path) -> Any:
        line, column = _at(event)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            _refuse(self.file, line, column, f"more than {MAX_NODES:,} values in one file")
        if len(path) > MAX_DEPTH:
            _refuse(self.file, line, column, f"nested more than {MAX_DEPTH} levels deep")
        if isinstance(event, AliasEvent):
            _refuse(self.file, line, column, "aliases (*name) are not allowed; write the value out")
        self.tree.places[path] = Place(self.file, line, column)
        if getattr(event, "anchor", None):
            self._complain(path, line, column, "anchors (&name) are not allowed")
        if event.tag is not None and str(event.tag) not in _PLAIN_TAGS:
            self._complain(
                path, line, column, f"tag '{event.tag}' is not allowed; plain values only"
            )
        if isinstance(event, MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(path)
        return self._scalar(event, path, line, column)

    def _mapping(self, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for event in self.events:
            if isinstance(event, MappingEndEvent):
                break
            line, column = _at(event)
            if not isinstance(event, ScalarEvent):
                _refuse(self.file, line, column, "a key must be a plain word")
            key, here = event.value, (*path, event.value)
            self.nodes += 1
            if key in result:
                self._complain(here, line, column, "this key stands here a second time")
            self.tree.keys[here] = Place(self.file, line, column)
            result[key] = self.node(next(self.events), here)
        return result

    def _sequence(self, path: Path) -> list[Any]:
        result: list[Any] = []
        for event in self.events:
            if isinstance(event, SequenceEndEvent):
                break
            result.append(self.node(event, (*path, str(len(result)))))
        return result

    def _scalar(self, event: ScalarEvent, path: Path, line: int, column: int) -> Any:
        text = event.value
        if event.style is not None:  # quoted or block text stays text
            return text
        value = plain_scalar(text)
        if _NOT_FINITE.match(text) or (isinstance(value, float) and not isfinite(value)):
            self._complain(path, line, column, f"{text[:40]} is not a finite number")
            return 0.0
        return value

    def _complain(self, path: Path, line: int, column: int, rule: str) -> None:
        self.tree.complaints.append(
            Complaint(path=".".join(path), rule=rule, file=self.file, line=line, column=column)
        )


_PLAIN_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("map", "seq", "str", "int", "float")}
_NOT_FINITE = re.compile(r"^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$")
_INTEGER = re.compile(r"^[-+]?\d{1,18}$", re.ASCII)
_DECIMAL = re.compile(r"^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d{1,3})?$", re.ASCII)


def plain_scalar(text: str) -> Any:
    """Resolve an unquoted scalar by the YAML 1.2 core schema (dates stay text)."""
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE"):
        return True
    if text in ("false", "False", "FALSE"):
        return False
    if _INTEGER.match(text):
        return int(text)
    if _DECIMAL.match(text):
        return float(text)
    return text
