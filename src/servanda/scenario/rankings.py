"""Orders where nobody can defend a number: what an actor prefers, best first.

An actor may rank the options of an issue instead of valuing them, rank issues by importance
instead of weighing them, and name the package below which it refuses instead of saying what no deal
is worth.  Rankings and numbers mix: whatever is not ranked may be a number.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from servanda.scenario.quantity import ID_PATTERN, Id, Said


def _as_places(raw: Any) -> Any:
    """Every place as a list: ``[a, [b, c]]`` is ``[[a], [b, c]]``."""
    if not isinstance(raw, (list, tuple)):
        return raw
    return [place if isinstance(place, (list, tuple)) else [place] for place in raw]


_NAME = {"type": "string", "pattern": ID_PATTERN}
_PLACE = {"anyOf": [_NAME, {"type": "array", "items": _NAME}]}

Ranking = Annotated[
    tuple[tuple[Id, ...], ...],
    BeforeValidator(_as_places),
    WithJsonSchema({"type": "array", "items": _PLACE}),
]
"""Names from first to last; those in one place are as good as each other."""


class Rankings(Said):
    """What an actor prefers, where it is known by order alone."""

    options: dict[Id, Ranking] = Field(default_factory=dict)
    """For an issue all its options, best first, as in [a, [b, c], d]: those in inner brackets are \
as good as each other. Instead of value."""
    importance: Ranking = ()
    """Issues, the most important first, those in inner brackets alike; of an issue left out it is \
not known. Instead of weight."""
    more_important: dict[Id, tuple[Id, ...]] = Field(default_factory=dict)
    """An issue, and others that matter less, where issues do not stand in one line."""
    refuses_below: dict[Id, Id] = Field(default_factory=dict)
    """A package, issue to option, that it finds just as good as no deal: it refuses whatever it \
likes less. Instead of reservation."""
    note: str = ""
    """Why this order."""
    sources: tuple[Id, ...] = ()
    """Sources of this entry."""
