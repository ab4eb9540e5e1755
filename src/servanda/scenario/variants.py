"""Differences applied to a scenario before it is checked: named variants and ``path=value``.

A path is that of a complaint, of the parameter vector or of a report.  Where the file uses a short
form the path may still speak of the long one: with ``costs: {holder: 12}`` in the file, the paths
``war.costs.holder``, ``war.costs.holder.now`` and ``war.costs.holder.now.high`` can all be set.
Fields left at their default can be set; entries that do not exist are never made by a misspelling.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from servanda.errors import Complaint, NotFoundError, nearest_name
from servanda.scenario.fields import branches, fields_of, inside, model_in
from servanda.scenario.model import Scenario
from servanda.scenario.quantity import Quantity
from servanda.scenario.war import TREND_KEYS, HazardTrend, Trend

Raw = dict[str, Any]
_TRENDS = (Trend, HazardTrend)
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,3})?")


def apply_variant(raw: Raw, name: str) -> tuple[Raw, list[Complaint]]:
    """Apply one of the scenario's named variants."""
    variants = raw.get("variants")
    known = variants if isinstance(variants, dict) else {}
    if name not in known:
        raise NotFoundError("variant", name, known)
    changes = changes_of(raw, name)
    return _apply(raw, list(changes.items()), f"variants.{name}.set.")


def changes_of(raw: Mapping[str, Any], name: str) -> dict[str, Any]:
    """What a variant sets, path to value; empty when it is not written as it should be."""
    variant = raw["variants"][name]
    changes = variant.get("set") if isinstance(variant, dict) else None
    return changes if isinstance(changes, dict) else {}


def apply_changes(raw: Raw, changes: Sequence[str]) -> tuple[Raw, list[Complaint]]:
    """Apply ``path=value`` texts.  A plain number given for a quantity replaces all of it."""
    pairs: list[tuple[str, Any]] = []
    complaints: list[Complaint] = []
    for change in changes:
        path, equals, text = change.partition("=")
        if not equals or not path.strip():
            complaints.append(Complaint(path="--set", rule=f"'{change}' is not path=value"))
            continue
        pairs.append((path.strip(), scalar(text.strip())))
    changed, more = _apply(raw, pairs, "--set ")
    return changed, complaints + more


def scalar(text: str) -> Any:
    """A number, true, false, nothing, or the text itself, as a file would be read."""
    if text in ("true", "false"):
        return text == "true"
    if text in ("", "null", "~"):
        return None
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return text


def _apply(raw: Raw, pairs: list[tuple[str, Any]], where: str) -> tuple[Raw, list[Complaint]]:
    changed = deepcopy(raw)
    complaints = []
    for path, value in pairs:
        try:
            _set(changed, path.split("."), value)
        except _NoSuchPathError as error:
            near = nearest_name(path, error.known)
            complaints.append(Complaint(f"{where}{path}", "no such path.", nearest=near))
    return changed, complaints


class _NoSuchPathError(Exception):
    def __init__(self, known: list[str]) -> None:
        super().__init__()
        self.known = known


def _set(raw: Raw, parts: list[str], value: Any) -> None:
    """Set one path in place, walking down the file and its annotations together."""
    if parts[0] == "variants":  # a variant of variants would be checked by nobody
        raise _NoSuchPathError([])
    node: Any = raw
    annotation: Any = Scenario
    start = 0
    while True:
        key, end = _step(node, annotation, parts, start)
        place: Any = int(key) if isinstance(node, list) else key
        below = inside(annotation, key)
        if end == len(parts):
            node[place] = deepcopy(value)
            return
        if isinstance(node, dict) and node.get(key) is None:
            node[key] = _as_it_stands(annotation, key)
        node[place] = _long_form(node[place], below)
        if model_in(below) in _TRENDS and parts[end] in fields_of(Quantity):
            parts = [*parts[:end], "now", *parts[end:]]
        node, annotation, start = node[place], below, end


def _step(node: Any, annotation: Any, parts: list[str], start: int) -> tuple[str, int]:
    """The next key, which may itself contain dots, and where the rest of the path begins."""
    if isinstance(node, dict):
        for end in range(len(parts), start, -1):
            key = ".".join(parts[start:end])
            if key in node:
                return key, end
        model = model_in(annotation)
        fields = list(fields_of(model)) if model else []
        if parts[start] in fields:
            return parts[start], start + 1
        below = model_in(inside(annotation, parts[start]))
        entry_of_numbers = below in (Quantity, *_TRENDS)
        if model is None and annotation is not None and (below is None or entry_of_numbers):
            return ".".join(parts[start:]), len(parts)  # a new entry; the checks know its name
        known = [*fields, *(str(key) for key in node)]
    elif isinstance(node, list):
        if parts[start].isascii() and parts[start].isdigit() and int(parts[start]) < len(node):
            return parts[start], start + 1
        known = [str(number) for number in range(len(node))]
    else:
        known = []
    before, after = parts[:start], parts[start + 1 :]
    raise _NoSuchPathError([".".join([*before, name, *after]) for name in known])


def _as_it_stands(annotation: Any, key: str) -> Any:
    """What a field holds when the file does not say it."""
    model = model_in(annotation)
    field = fields_of(model).get(key) if model else None
    default = field.get_default(call_default_factory=True) if field else PydanticUndefined
    if isinstance(default, Quantity):
        return {"value": default.value}
    if isinstance(default, BaseModel):
        return default.model_dump(by_alias=True, exclude_unset=True)
    return {}


def _long_form(value: Any, annotation: Any) -> Any:
    """The long form of what may be said in short."""
    model = model_in(annotation)
    if model in _TRENDS and not (isinstance(value, dict) and value.keys() & TREND_KEYS):
        return {"now": value} if value != {} else value
    if model is Quantity and not isinstance(value, (dict, list)):
        return {"value": value}
    if isinstance(value, list) and any(get_origin(one) is dict for one in branches(annotation)):
        return dict.fromkeys((item for item in value if isinstance(item, str)), None)
    return value
