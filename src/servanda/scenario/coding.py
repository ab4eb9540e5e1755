"""Coding rules: numbers of a scenario that name a class instead of a value.

A case coded by hand is only as good as the rule behind each number. ``{coded: patience.ordinary}``
takes value and range from a table that is the same for every case, so that what an analyst judges
is which class fits, by a condition anyone can look up, and never the number.

Sources: King, Keohane and Verba (1994), Designing Social Inquiry (explicit coding rules);
Krippendorff (2018), Content Analysis (agreement between coders).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from servanda.errors import Complaint, nearest_name

Raw = dict[str, Any]

KEY = "coded"
_TAKEN = ("value", "low", "high", "shape")


@dataclass(frozen=True)
class CodedClass:
    """One class of the coding rules.

    Attributes:
        name: ``group.class``.
        means: what the numbers of its group are.
        when: the condition under which it applies.
        number: what stands in its place: value, low and high, or one whole number.
    """

    name: str
    means: str
    when: str
    number: Raw | int


def coded_classes(table: Mapping[str, Any]) -> dict[str, CodedClass]:
    """The classes of a table of coding rules, by ``group.class``."""
    return {one.name: one for one in _classes(table)}


def apply_coding(raw: Raw, classes: Mapping[str, CodedClass]) -> tuple[Raw, list[Complaint]]:
    """Put value and range where a number says ``coded``; the class stays beside them."""
    changed = deepcopy(raw)
    complaints: list[Complaint] = []
    _walk(changed, (), classes, complaints)
    return changed, complaints


def _classes(table: Mapping[str, Any]) -> Iterator[CodedClass]:
    for group, said in table.items():
        for name, entry in said["classes"].items():
            number = {key: value for key, value in entry.items() if key in _TAKEN}
            yield CodedClass(
                f"{group}.{name}", said["means"], entry["when"], entry.get("whole", number)
            )


def _walk(
    node: Any,
    path: tuple[str, ...],
    classes: Mapping[str, CodedClass],
    complaints: list[Complaint],
) -> None:
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, item in list(items):
        if not isinstance(item, (dict, list)):
            continue
        here = (*path, str(key))
        if isinstance(item, dict) and isinstance(item.get(KEY), str):
            node[key] = _filled(item, here, classes, complaints)
        _walk(item, here, classes, complaints)


def _filled(
    item: Raw,
    path: tuple[str, ...],
    classes: Mapping[str, CodedClass],
    complaints: list[Complaint],
) -> Any:
    name = item[KEY]
    where = ".".join((*path, KEY))
    taken = [key for key in _TAKEN if key in item]
    known = classes.get(name)
    if known is None:
        rule = f"'{name}' is no class of the coding rules; servanda list --coding shows them."
        near = nearest_name(name, classes)
        complaints.append(Complaint(where, rule, value=name, nearest=near))
        return {"value": 0, **{key: value for key, value in item.items() if key != KEY}}
    if taken:
        rule = f"a coded number takes its {taken[0]} from the coding rules; say one or the other."
        complaints.append(Complaint(where, rule, value=name))
    if isinstance(known.number, int):
        return known.number
    return {**known.number, **item}
