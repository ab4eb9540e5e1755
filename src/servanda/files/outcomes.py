"""Read what became of a case: ``outcome.yaml`` beside its ``scenario.yaml``.

The scenario knows nothing later than its day; what happened afterwards is kept apart, so that no
number can be set by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from servanda.errors import Complaint, ScenarioError, nearest_name
from servanda.files.bounded import decode, read_bytes
from servanda.files.field_names import missing_fields, unknown_fields
from servanda.files.yaml_tree import Tree, parse_yaml

NAME = "outcome.yaml"


@dataclass(frozen=True)
class Outcome:
    """What became of an agreement.

    Attributes:
        ratified: every consent asked for before the start was given; None where none was asked.
        carried_through: no owner stopped a step of it for good within ten years.
        held: no return to war between its parties for ten years.
        broke_at: the step at which it stopped; "" where it did not.
        note: in a sentence.
        sources: who says so.
    """

    ratified: bool | None
    carried_through: bool
    held: bool
    broke_at: str
    note: str
    sources: tuple[str, ...]


_FIELDS = ("ratified", "carried-through", "held-ten-years", "broke-at", "note", "sources")
_REQUIRED = ("carried-through", "held-ten-years", "note", "sources")


def read_outcome(path: Path, steps: tuple[str, ...]) -> Outcome:
    """Read an outcome.

    Args:
        path: the file.
        steps: steps of its scenario, one of which ``broke-at`` may name.

    Raises:
        ScenarioError: with every complaint, its line and column.
    """
    tree = parse_yaml(decode(read_bytes(path), path.name), path.name)
    complaints = [*tree.complaints, *(_placed(one, tree) for one in _faults(tree.value, steps))]
    if complaints:
        raise ScenarioError(complaints)
    said = tree.value
    return Outcome(
        ratified=said.get("ratified"),
        carried_through=said["carried-through"],
        held=said["held-ten-years"],
        broke_at=said.get("broke-at", ""),
        note=said["note"],
        sources=tuple(said["sources"]),
    )


def _faults(said: Any, steps: tuple[str, ...]) -> Iterator[Complaint]:
    if not isinstance(said, dict):
        yield Complaint("(file)", "an outcome is a mapping of fields")
        return
    yield from unknown_fields(said, _FIELDS)
    yield from missing_fields(said, _REQUIRED)
    for key in ("carried-through", "held-ten-years", "ratified"):
        value = said.get(key)
        if (
            key in said
            and not isinstance(value, bool)
            and not (key == "ratified" and value is None)
        ):
            yield Complaint(key, f"'{value}' is not true or false.", value=str(value))
    if not isinstance(said.get("note", ""), str):
        yield Complaint("note", "is not text.")
    sources = said.get("sources", [])
    if not isinstance(sources, list) or not all(isinstance(one, str) for one in sources):
        yield Complaint("sources", "is not a list of texts.")
    step = said.get("broke-at", "")
    if step and step not in steps:
        near = nearest_name(str(step), steps)
        yield Complaint("broke-at", f"no step '{step}'.", value=str(step), nearest=near)


def _placed(complaint: Complaint, tree: Tree) -> Complaint:
    place = tree.keys.get((complaint.path,), tree.places[()])
    return replace(complaint, file=place.file, line=place.line, column=place.column)
