"""The ledger of evidence: which numbers have a source, which a range, which neither.

A number rests on its own sources or, when it names none, on those of the entry it stands in (the
poll, the step, the parcel), unless its note says that it is judgement.  Numbers that the scenario
does not say, where the language's default stands, are not counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from servanda.scenario.checks import remarks_on
from servanda.scenario.model import Scenario
from servanda.scenario.quantity import kebab
from servanda.scenario.walk import Entry, quantities


@dataclass(frozen=True)
class Support:
    """What one number rests on.

    Attributes:
        path: where it stands.
        value: its central value.
        unit: in words.
        sources: its own or its entry's.
        ranged: True when it has a range (low and high).
        disputed: True when some actor believes otherwise, or it is itself such a belief.
        coded: the class of the coding rules it was coded by; "" when by none.
    """

    path: str
    value: float
    unit: str
    sources: tuple[str, ...]
    ranged: bool
    disputed: bool
    coded: str = ""


@dataclass(frozen=True)
class Ledger:
    """Every number a scenario says, with its support, and the sources nobody cites."""

    numbers: tuple[Support, ...]
    uncited: tuple[str, ...]

    @property
    def sourced(self) -> tuple[Support, ...]:
        """Numbers with a source."""
        return tuple(number for number in self.numbers if number.sources)

    @property
    def ranged(self) -> tuple[Support, ...]:
        """Numbers without a source that say how unsure they are."""
        return tuple(one for one in self.numbers if one.ranged and not one.sources)

    @property
    def bare(self) -> tuple[Support, ...]:
        """Numbers with neither source nor range: the to-do list."""
        return tuple(one for one in self.numbers if not one.ranged and not one.sources)

    @property
    def undisputed(self) -> tuple[Support, ...]:
        """Numbers on which nobody is said to disagree."""
        return tuple(number for number in self.numbers if not number.disputed)


def ledger(scenario: Scenario) -> Ledger:
    """Gather what every number of ``scenario`` rests on."""
    entries = dict(_sources(scenario, ""))
    numbers = tuple(
        Support(
            path=entry.path,
            value=entry.quantity.value,
            unit=entry.kind.unit,
            sources=entry.quantity.sources or _inherited(entry, entries),
            ranged=not entry.quantity.certain,
            disputed=bool(entry.of or entry.quantity.believed),
            coded=entry.quantity.coded,
        )
        for entry in quantities(scenario)
        if not entry.default
    )
    uncited = tuple(remark.path.removeprefix("sources.") for remark in remarks_on(scenario))
    return Ledger(numbers, uncited)


def _sources(value: Any, path: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Sources of every entry that names any, by path; those of quantities are their own."""
    if isinstance(value, BaseModel):
        named = getattr(value, "sources", ())
        if named and isinstance(named, tuple):
            yield path, named
        for field in type(value).model_fields:
            here = f"{path}.{kebab(field)}" if path else kebab(field)
            yield from _sources(getattr(value, field), here)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _sources(item, f"{path}.{key}")


def _inherited(entry: Entry, entries: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Sources of the nearest entry around a number that does not call itself judgement."""
    if entry.quantity.note.lower().startswith("judgement"):
        return ()
    path = entry.path
    while path:
        path = path.rpartition(".")[0]
        if path in entries:
            return entries[path]
    return ()
