"""Who names whom: every reference from one part of a scenario to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from servanda.scenario.model import Scenario
from servanda.scenario.quantity import kebab

TAG = "tag."
"""Prefix by which a red line on order names a tag instead of a step."""


@dataclass(frozen=True)
class Reference:
    """A name used at ``path`` that must be one of the known names of ``kind``."""

    path: str
    kind: str
    name: str


def option_refs(scenario: Scenario) -> list[str]:
    """All options, written ``issue.option``."""
    return [f"{name}.{key}" for name, issue in scenario.issues.items() for key in issue.options]


def tags(scenario: Scenario) -> list[str]:
    """All tags that steps carry."""
    return list(dict.fromkeys(tag for step in scenario.steps.values() for tag in step.tags))


def steps_of_option(scenario: Scenario, ref: str) -> list[str]:
    """Steps that serve an option, in the scenario's order."""
    return [name for name, step in scenario.steps.items() if ref in step.serves]


def is_status_quo(scenario: Scenario, ref: str) -> bool:
    """Whether an option (written ``issue.option``) is the one that holds without agreement."""
    issue, _, option = ref.partition(".")
    known = scenario.issues.get(issue)
    return known is not None and option in known.options and known.options[option].status_quo


def steps_meant(scenario: Scenario, names: Iterable[str]) -> list[str]:
    """Steps named outright or by ``tag.NAME``."""
    result: list[str] = []
    for name in names:
        if name.startswith(TAG):
            tag = name.removeprefix(TAG)
            result += [key for key, step in scenario.steps.items() if tag in step.tags]
        else:
            result.append(name)
    return list(dict.fromkeys(result))


# Kind of name held by the keys or the items of a field, by model and field.
KEYS = {
    ("Instrument", "strength"): "belligerent",
    ("Instrument", "exhaustion"): "belligerent",
    ("Instrument", "costs"): "actor",
    ("Parcel", "worth"): "actor",
    ("Option", "value"): "actor",
    ("Issue", "weight"): "actor",
    ("Link", "value"): "actor",
    ("Step", "serves"): "option",
    ("Step", "moves"): "parcel",
    ("Step", "sets"): "instrument",
    ("Step", "costs"): "actor",
    ("Step", "gain"): "actor",
    ("Guarantee", "in_force_cost"): "actor",
    ("Audience", "effects"): "option",
    ("Audience", "costs"): "option",
    ("Scenario", "reservation"): "actor",
    ("Scenario", "rankings"): "actor",
    ("War", "strength"): "belligerent",
    ("War", "rearmament"): "belligerent",
    ("War", "costs"): "actor",
    ("War", "exhaustion"): "belligerent",
    ("War", "imposed"): "belligerent",
    ("Scenario", "strikes"): "belligerent",
    ("Strikes", "costs"): "belligerent",
    ("Strikes", "exhaustion"): "belligerent",
    ("Talks", "offers"): "actor",
    ("Talks", "cover"): "actor",
    ("Quantity", "believed"): "actor",
}
ITEMS = {
    ("Parcel", "held_by"): "holder",
    ("Parcel", "neighbours"): "parcel",
    ("Front", "parcels"): "parcel",
    ("Link", "options"): "option",
    ("Exclusion", "options"): "option",
    ("RedLine", "by"): "actor",
    ("RedLine", "never"): "option",
    ("RedLine", "without"): "option",
    ("RedLine", "do"): "step or tag",
    ("RedLine", "only_after"): "step or tag",
    ("Step", "by"): "actor",
    ("Step", "requires"): "step",
    ("Step", "moves"): "holder",
    ("Step", "brings"): "guarantee",
    ("Step", "reversible_by"): "actor",
    ("Step", "snap_back_by"): "actor",
    ("Exchange", "steps"): "step",
    ("Guarantee", "by"): "actor",
    ("Guarantee", "protects"): "belligerent",
    ("Guarantee", "follows"): "guarantee",
    ("Poll", "asks"): "option",
    ("SupportEffect", "parent"): "option",
    ("Interaction", "options"): "option",
    ("Audience", "of"): "actor",
    ("Audience", "step"): "step",
    ("Pressure", "by"): "actor",
    ("Pressure", "on"): "actor",
    ("Strikes", "stopped_by"): "instrument",
    ("Deadline", "closes"): "option",
    ("Deadline", "lapses"): "pressure",
    ("Deadline", "silences"): "actor",
    ("HiddenType", "of"): "actor",
    ("PoliticalChange", "of"): "actor",
    ("NamedOrder", "first"): "bare tag",
    ("NamedOrder", "then"): "bare tag",
    ("NamedOrder", "together"): "bare tag",
    ("NamedOrder", "by"): "actor",
}


def references(scenario: Scenario) -> Iterator[Reference]:
    """Every reference, with the path at which it stands."""
    yield from _walk(scenario, "")


def _walk(value: Any, path: str) -> Iterator[Reference]:
    if isinstance(value, BaseModel):
        model = type(value).__name__
        for field in type(value).model_fields:
            content = getattr(value, field)
            here = f"{path}.{kebab(field)}" if path else kebab(field)
            yield from _names(model, field, content, here)
            yield from _walk(content, here)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _walk(item, f"{path}.{key}")


def _names(model: str, field: str, content: Any, path: str) -> Iterator[Reference]:
    if field == "sources" and isinstance(content, tuple):
        kind: str | None = "source"
    else:
        kind = ITEMS.get((model, field))
    key_kind = KEYS.get((model, field))
    if key_kind and isinstance(content, dict):
        for key, item in content.items():
            yield Reference(f"{path}.{key}", key_kind, key)
            if isinstance(item, dict):  # who gives way, then who gets what
                for inner in item:
                    yield Reference(f"{path}.{key}.{inner}", "actor", inner)
    if kind is None or content is None:
        return
    if isinstance(content, str):
        yield Reference(path, kind, content)
    elif isinstance(content, dict):
        for key, item in content.items():
            yield Reference(f"{path}.{key}", kind, item)
    else:
        for number, item in enumerate(content):
            yield Reference(f"{path}.{number}", kind, item)
