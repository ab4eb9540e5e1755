"""What differs between two scenarios, as a named list, and scenarios that lie between the two.

Two scenarios are walked together. What stands in both as a number, a poll or a list is compared as
one thing; what stands in only one of them is one difference with all that is in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from servanda.scenario.audiences import Poll
from servanda.scenario.fields import annotation_at, model_in
from servanda.scenario.model import Scenario
from servanda.scenario.quantity import Quantity
from servanda.scenario.walk import quantities

Raw = dict[str, Any]
Keys = tuple[str, ...]

WORDS = {
    *("title", "summary", "caveats", "as-of", "name", "short", "question", "says", "note"),
    *("sources", "coded", "date", "at", "area", "population", "neighbours"),
}
"""Fields that are read by people alone: they move no number."""

UNREAD = {"servanda", "sources", "variants"}
"""Sections that move no number."""

KINDS = {
    "actors": "actor",
    "audiences": "audience",
    "instruments": "instrument",
    "parcels": "land",
    "fronts": "land",
    "issues": "issue",
    "links": "link",
    "exclusions": "exclusion",
    "red-lines": "red line",
    "steps": "step",
    "exchanges": "exchange",
    "orders": "order",
    "guarantees": "guarantee",
    "war": "war",
    "reservation": "number",
    "rankings": "ranking",
    "pressure": "pressure",
    "talks": "talks",
    "types": "type",
    "politics": "politics",
}


@dataclass(frozen=True)
class Difference:
    """One thing that two scenarios say otherwise.

    Attributes:
        keys: where it stands, key by key; a key may itself contain a dot.
        kind: number, option, step, red line, poll ..., or wording where it moves no number.
        old, new: plain values; None where only the other scenario has it.
        unit: of a number, in words; "" for anything else.
    """

    keys: Keys
    kind: str
    old: Any
    new: Any
    unit: str = ""

    @property
    def path(self) -> str:
        """Keys joined by dots."""
        return ".".join(self.keys)

    @property
    def moves_numbers(self) -> bool:
        """Whether an answer can depend on it."""
        return self.kind != "wording"

    def sources(self, value: Any) -> tuple[str, ...]:
        """Identifiers of the sources that the old or the new value rests on."""
        return tuple(value.get("sources", ())) if isinstance(value, dict) else ()


def plain(scenario: Scenario) -> Raw:
    """All a scenario says, in the long form, as plain values that can be built again."""
    raw: Raw = scenario.model_dump(mode="json", by_alias=True)
    return raw


def differences(old: Scenario, new: Scenario) -> tuple[Difference, ...]:
    """What ``new`` says otherwise than ``old``, in the order of the file's sections."""
    units = {one.path: one.kind.unit for scenario in (new, old) for one in quantities(scenario)}
    return tuple(
        Difference(keys, _kind(keys, before, after), before, after, units.get(".".join(keys), ""))
        for keys, before, after in _differing(plain(old), plain(new), ())
    )


def blend(old: Raw, new: Raw, taken: Iterable[Difference]) -> Raw:
    """The first scenario with some of the differences taken over from the second."""
    blended: Raw = _blended(old, new, {one.keys for one in taken}, ())
    return blended


def bare(value: Any) -> Any:
    """A plain value without what is read by people alone."""
    if isinstance(value, dict):
        return {key: bare(item) for key, item in value.items() if key not in WORDS}
    if isinstance(value, list):
        return [bare(item) for item in value]
    return value


def sharing_sources(one: Raw, other: Raw) -> Raw:
    """The first scenario with the sources of the second as well, so that what cites them fits."""
    return {**one, "sources": {**other["sources"], **one["sources"]}}


def said(value: Any) -> str:
    """A plain value in a few words: a number with its range and who believes otherwise."""
    if value is None:
        return "not there"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(said(item) for item in value) or "nothing"
    if not isinstance(value, dict):
        return f"{value:g}" if isinstance(value, float) else str(value)
    if "value" in value and "believed" in value:
        span = "" if value["low"] is None else f" ({value['low']:g} to {value['high']:g})"
        held = [f"{actor}: {said(belief)}" for actor, belief in value["believed"].items()]
        return "; ".join([f"{value['value']:g}{span}", *held])
    if "accept" in value:
        return f"{value['accept']:g} % accept, {value['reject']:g} % reject, of {value['sample']}"
    return str(value.get("name") or value.get("says") or "there")


def _differing(old: Any, new: Any, keys: Keys) -> Iterator[tuple[Keys, Any, Any]]:
    if old == new:
        return
    if _is_one(old, new, keys):
        yield keys, old, new
        return
    for key in _merged(old, new):
        yield from _differing(old.get(key), new.get(key), (*keys, key))


def _is_one(old: Any, new: Any, keys: Keys) -> bool:
    """Whether what stands here is compared as one thing."""
    both = isinstance(old, dict) and isinstance(new, dict)
    return not both or (bool(keys) and model_in(annotation_at(keys)) in (Quantity, Poll))


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The keys of both, those of the first in their order, then those that only the second has."""
    return [*old, *(key for key in new if key not in old)]


def _blended(old: Any, new: Any, taken: set[Keys], keys: Keys) -> Any:
    if keys in taken:
        return new
    if old == new or _is_one(old, new, keys):
        return old
    found = {}
    for key in _merged(old, new):
        value = _blended(old.get(key), new.get(key), taken, (*keys, key))
        stays = key in (new if (*keys, key) in taken else old) or value is not None
        if stays:
            found[key] = value
    return found


def _kind(keys: Keys, old: Any, new: Any) -> str:
    if keys[0] in UNREAD or keys[-1] in WORDS or bare(old) == bare(new):
        return "wording"
    if model_in(annotation_at(keys)) is Quantity:
        return "red line" if keys[-1] == "holds" else "number"
    if keys[0] == "issues" and len(keys) > 2:
        return "option"
    if keys[0] == "audiences" and "polls" in keys:
        return "poll"
    return KINDS.get(keys[0], keys[0])
