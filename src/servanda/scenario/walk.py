"""Find every quantity of a scenario, with its path and kind.

The order is that of the file's sections and never depends on values, so it also orders the
parameter vector.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel

from servanda.scenario.model import Scenario
from servanda.scenario.quantity import ANY, Kind, Quantity, kebab


@dataclass(frozen=True)
class Entry:
    """A quantity where it stands.

    Attributes:
        path: keys joined by dots.
        quantity: the quantity.
        kind: what sort of number it is.
        default: True when the scenario does not say it and the language's default stands.
        believer: for a belief, the actor who holds it.
        of: for a belief, the path of the quantity it is a belief about.
    """

    path: str
    quantity: Quantity
    kind: Kind
    default: bool = False
    believer: str = ""
    of: str = ""


def quantities(scenario: Scenario) -> Iterator[Entry]:
    """Every quantity of ``scenario``, beliefs right after what they are beliefs about."""
    for entry in _walk(scenario, ANY, "", default=False):
        yield entry
        for actor, belief in entry.quantity.believed.items():
            path = f"{entry.path}.believed.{actor}"
            yield Entry(path, belief, entry.kind, believer=actor, of=entry.path)


def _walk(value: Any, kind: Kind, path: str, *, default: bool) -> Iterator[Entry]:
    if isinstance(value, Quantity):
        yield Entry(path, value, kind, default)
    elif isinstance(value, BaseModel):
        kinds = _field_kinds(type(value))
        for name in type(value).model_fields:
            here = f"{path}.{kebab(name)}" if path else kebab(name)
            silent = default or name not in value.model_fields_set
            yield from _walk(getattr(value, name), kinds[name], here, default=silent)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _walk(item, kind, f"{path}.{key}", default=default)


@cache
def _field_kinds(model: type[BaseModel]) -> dict[str, Kind]:
    kinds = {}
    for name, field in model.model_fields.items():
        found = [item for item in field.metadata if isinstance(item, Kind)]
        kinds[name] = found[0] if found else (_kind_in(field.annotation) or ANY)
    return kinds


def _kind_in(annotation: Any) -> Kind | None:
    """The kind named anywhere inside a type annotation such as ``dict[Id, Points]``."""
    for item in (*getattr(annotation, "__metadata__", ()), *get_args(annotation)):
        if isinstance(item, Kind):
            return item
        found = _kind_in(item)
        if found is not None:
            return found
    return None
