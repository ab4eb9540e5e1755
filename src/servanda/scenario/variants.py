"""Differences applied to a scenario before it is checked: named variants and ``path=value``."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from servanda.errors import Complaint, NotFoundError, nearest_name

Raw = dict[str, Any]


def apply_variant(raw: Raw, name: str) -> tuple[Raw, list[Complaint]]:
    """Apply one of the scenario's named variants."""
    variants = raw.get("variants") or {}
    if name not in variants:
        raise NotFoundError("variant", name, variants)
    changes = variants[name].get("set") if isinstance(variants[name], dict) else None
    return _apply(raw, list((changes or {}).items()), f"variants.{name}.set.")


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
    """A number, true, false, or the text itself."""
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _apply(raw: Raw, pairs: list[tuple[str, Any]], where: str) -> tuple[Raw, list[Complaint]]:
    changed = deepcopy(raw)
    complaints = []
    for path, value in pairs:
        complaint = _set(changed, path, value)
        if complaint:
            complaints.append(
                Complaint(f"{where}{path}", complaint.rule, nearest=complaint.nearest)
            )
    return changed, complaints


def _set(raw: Raw, dotted: str, value: Any) -> Complaint | None:
    """Set one path in place.  The parent must exist, so that a misspelt path is never a new one."""
    parts = dotted.split(".")
    node: Any = raw
    start = 0
    while start < len(parts):
        if isinstance(node, dict):
            for end in range(len(parts), start, -1):
                key = ".".join(parts[start:end])
                if key in node:
                    if end == len(parts):
                        node[key] = value
                        return None
                    node, start = node[key], end
                    break
            else:
                if start == len(parts) - 1:  # a field left at its default; the checks know its name
                    node[parts[start]] = value
                    return None
                known = [".".join([*parts[:start], name]) for name in node]
                return Complaint(dotted, "no such path", nearest=nearest_name(dotted, known))
        elif isinstance(node, list) and parts[start].isdigit() and int(parts[start]) < len(node):
            if start == len(parts) - 1:
                node[int(parts[start])] = value
                return None
            node, start = node[int(parts[start])], start + 1
        elif parts[start:] == ["value"]:
            return _set(raw, ".".join(parts[:start]), value)
        else:
            return Complaint(dotted, "no such path")
    return None
