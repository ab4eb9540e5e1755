"""From plain values to a checked scenario, with every complaint gathered in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from itertools import islice
from typing import Any, Literal, get_origin

from pydantic import ValidationError

from servanda.errors import Complaint, nearest_name, shortened
from servanda.scenario.checks import complaints_about
from servanda.scenario.fields import (
    annotation_at,
    branches,
    description_at,
    field_at,
    fields_of,
    model_at,
    model_in,
    stand_in,
)
from servanda.scenario.model import Scenario
from servanda.scenario.quantity import Quantity

ROUNDS = 5
"""How often faulty parts are set aside so that the rest is checked in the same go."""
MOST_COMPLAINTS = 1000
"""Complaints gathered before giving up on the rest."""
_LONGEST_VALUE = 60

Path = tuple[str, ...]


def build_scenario(raw: Mapping[str, Any]) -> tuple[Scenario | None, list[Complaint]]:
    """Validate plain values.

    Returns:
        The scenario (None when its structure is broken beyond setting parts aside) and all
        complaints; the scenario is good only when there are none.
    """
    remaining = deepcopy(dict(raw))
    aside = _Aside()
    complaints: dict[str, Complaint] = {}  # of the structure: one for each path
    for _ in range(ROUNDS):
        try:
            scenario = Scenario.model_validate(remaining)
        except ValidationError as error:
            found = error.errors(include_url=False, include_context=True)[:MOST_COMPLAINTS]
            for one in found:
                path = _path(one["loc"], remaining, missing=one["type"] == "missing")
                complaint = _complaint(one, path)
                if not aside.explains(complaint):
                    complaints.setdefault(complaint.path, complaint)
            for one in found:
                _set_aside(one, remaining, aside)
        else:
            checked = islice(complaints_about(scenario), MOST_COMPLAINTS)
            more = [complaint for complaint in checked if not aside.explains(complaint)]
            return scenario, [*complaints.values(), *dict.fromkeys(more)]
    return None, list(complaints.values())


_SPOKEN_OF = {
    "actors": ("no actor", "no belligerent", "no holder"),
    "guarantees": ("no guarantee",),
    "instruments": ("no instrument",),
    "issues": ("no option",),
    "parcels": ("no parcel",),
    "sources": ("no source",),
    "steps": ("no step", "no tag"),
    "war": ("means nothing without a war", "a belligerent fights", "is missing"),
}
"""Complaints that follow when a whole section was set aside."""
_RANGE = ("low", "high", "shape")


class _Aside:
    """What was set aside, and which complaints would only repeat that."""

    def __init__(self) -> None:
        self.paths: set[str] = set()
        self.entries: set[str] = set()
        self.names: set[str] = set()

    def explains(self, complaint: Complaint) -> bool:
        path = complaint.path
        if any(path == one or path.startswith(f"{one}.") for one in self.paths):
            return True
        if any(path.startswith(f"{entry}.") for entry in self.entries):
            return True
        if self.names & set(complaint.value.split(".")):
            return True
        for section, words in _SPOKEN_OF.items():
            if section in self.paths and complaint.rule.startswith(words):
                return True
        if "belligerent" in complaint.rule and any(one.startswith("actors.") for one in self.paths):
            return True
        same_number = path.split(".")[-2:]  # a weight set aside leaves the others short of 1
        return "weight" in same_number and any(
            one.split(".")[-2:] == same_number for one in self.paths
        )


def _set_aside(error: Any, raw: Any, aside: _Aside) -> None:
    """Take out what was complained about, or put something in its place that fits."""
    path = _path(error["loc"], raw, missing=error["type"] == "missing")
    if not path:
        return
    node = raw
    for part in path[:-1]:
        child = node[int(part)] if isinstance(node, list) else node.get(part)
        if not isinstance(child, (dict, list)):
            return  # set aside already, together with what it stood in
        node = child
    aside.paths.add(".".join(path))
    key = path[-1]
    if isinstance(node, list):
        node[int(key) : int(key) + 1] = [stand_in(annotation_at(path))]
    elif error["type"] == "extra_forbidden" or "[key]" in error["loc"]:
        node.pop(key, None)
        aside.names.add(key)
    elif _must_stay(path):
        annotation = annotation_at(path)
        node[key] = stand_in(annotation)
        if field_at(path) is None:
            aside.names.add(key)
        if any(get_origin(branch) is Literal for branch in branches(annotation)):
            aside.entries.add(".".join(path[:-1]))
    else:
        node.pop(key, None)
        if key in _RANGE and model_at(path[:-1]) is Quantity:  # a range is whole or is not
            for part in _RANGE:
                node.pop(part, None)


def _must_stay(path: Path) -> bool:
    """True for required fields and for entries that others may name."""
    field = field_at(path)
    if field is not None:
        return field.is_required()
    model = model_in(annotation_at(path))
    return model is not None and len(path) in (2, 4)


def _path(loc: Sequence[Any], raw: Any, *, missing: bool) -> Path:
    """The location in the file: validators and union branches that are not keys are left out."""
    path: list[str] = []
    node = raw
    for number, part in enumerate(loc):
        last = number == len(loc) - 1
        if isinstance(node, dict) and str(part) in node:
            path.append(str(part))
            node = node[str(part)]
        elif isinstance(node, list) and isinstance(part, int) and part < len(node):
            path.append(str(part))
            node = node[part]
        elif missing and last:
            path.append(str(part))
    return tuple(path)


def _complaint(error: Any, path: Path) -> Complaint:
    kind, value = error["type"], error.get("input")
    text = shown(value)
    dotted = ".".join(path) or "(file)"
    if kind == "extra_forbidden":
        model = model_at(path[:-1])
        fields = list(fields_of(model)) if model else []
        nearest = nearest_name(path[-1], fields)
        known = "" if nearest else f" Fields here: {', '.join(fields)}."
        key = shortened(path[-1], _LONGEST_VALUE)
        return Complaint(dotted, f"no such field '{key}'.{known}", value=text, nearest=nearest)
    if kind == "missing":
        return Complaint(dotted, f"is missing. {description_at(path)}".strip())
    if kind == "literal_error":
        expected = str(error["ctx"]["expected"])
        names = [name.strip(" '") for name in expected.replace(" or ", ",").split(",")]
        nearest = nearest_name(str(value), names)
        return Complaint(dotted, f"'{text}' is not one of {expected}.", value=text, nearest=nearest)
    rule = _rule(kind, text, error)
    return Complaint(dotted, f"{rule}. {description_at(path)}".strip(), value=text)


_WORDS = {
    "bool_type": "'{}' is not true or false",
    "date_type": "'{}' is not a day",
    "dict_type": "'{}' stands where a mapping is expected",
    "finite_number": "{} is not a finite number",
    "float_type": "'{}' is not a number",
    "int_type": "'{}' is not a whole number",
    "model_type": "'{}' stands where a mapping of fields is expected",
    "string_pattern_mismatch": "'{}' is not a name of this kind (lower-case letters, digits, "
    "hyphens)",
    "string_type": "'{}' is not text (put it in quotes)",
    "tuple_type": "'{}' stands where a list is expected",
}
_LIMITS = {
    "greater_than": ("gt", "is not above"),
    "greater_than_equal": ("ge", "is below"),
    "less_than_equal": ("le", "is above"),
}


def _rule(kind: str, text: str, error: Any) -> str:
    context = error.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind in _LIMITS:
        key, words = _LIMITS[kind]
        return f"{text} {words} {context[key]:g}"
    if kind in ("too_short", "too_long"):
        least, limit = ("at least", "min_length") if kind == "too_short" else ("", "max_length")
        return " ".join(
            f"has {context['actual_length']} entries, needs {least} {context[limit]}".split()
        )
    if kind in _WORDS:
        return _WORDS[kind].format(text)
    return f"'{text}': {error['msg'][0].lower()}{error['msg'][1:]}"


def shown(value: Any) -> str:
    """A value as a file would write it, cut short."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return shortened("{" + ", ".join(islice(value, 3)) + "}", _LONGEST_VALUE)
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return shortened(str(value), _LONGEST_VALUE)
