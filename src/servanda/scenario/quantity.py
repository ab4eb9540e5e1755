"""A quantity: one number of a scenario, with how sure we are, who sees it otherwise, and why.

A plain number, a percentage or a rate may stand wherever a quantity may: ``0.4``, ``40%``,
``5%/year``, ``1%/month``.  The long form says the rest::

    credibility: {
        value: 0.4,
        low: 0.2,
        high: 0.7,
        believed: {russia: 0.25},
        sources: [kyiv - diplomats],
    }

``low`` and ``high`` are the 5th and 95th percentiles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import pow
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler, Strict
from pydantic_core import CoreSchema

ID_PATTERN = r"^[a-z][a-z0-9-]*$"
Id = Annotated[str, Field(pattern=ID_PATTERN)]
"""A name inside a scenario: lower-case letters, digits and hyphens, starting with a letter."""

Shape = Literal["uniform", "triangular", "normal", "lognormal", "beta"]


def kebab(name: str) -> str:
    """``held_by`` as it is written in a file: ``held-by``."""
    return name.replace("_", "-")


class Said(BaseModel):
    """Base of everything a scenario says: frozen, no unknown fields, hyphens in files."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        alias_generator=kebab,
        populate_by_name=True,
        allow_inf_nan=False,
    )


class Unread(str):
    """A text that could not be read as a number, on its way to the place it stands at."""

    rule: str


def _number(raw: Any) -> Any:
    if isinstance(raw, Unread):
        raise ValueError(raw.rule)
    if isinstance(raw, bool):
        raise ValueError(f"'{str(raw).lower()}' is not a number")
    return raw


Number = Annotated[float, Strict(), BeforeValidator(_number)]
"""A plain number inside a quantity; texts were read before, by the kind of number."""
Real = Annotated[float, Strict()]
Whole = Annotated[int, Strict()]
Flag = Annotated[bool, Strict()]


class Quantity(Said):
    """A number with its uncertainty, the beliefs that differ from it, and its sources."""

    value: Number
    """The central value."""
    low: Number | None = None
    """5th percentile."""
    high: Number | None = None
    """95th percentile."""
    shape: Shape | None = None
    """Distribution between low and high: uniform, triangular (the default; its mode is the \
value), normal, lognormal or beta (these three are fixed by low and high alone)."""
    believed: dict[Id, Quantity] = Field(default_factory=dict)
    """What an actor believes this number to be, where that differs: actor to quantity."""
    sources: tuple[Id, ...] = ()
    """Identifiers of the sources this number rests on."""
    coded: str = ""
    """Class of the coding rules that gives value, low and high instead, as in patience.ordinary."""
    note: str = ""
    """Why this number, in a sentence; say "judgement" where it is one."""

    @property
    def certain(self) -> bool:
        """True when no spread is given."""
        return self.low is None and self.high is None


@dataclass(frozen=True)
class Kind:
    """What sort of number a field holds: its unit in words and the range it must stay in."""

    name: str
    unit: str
    lower: float = float("-inf")
    upper: float = float("inf")
    rate: Literal["", "year", "month"] = ""
    """For rates: the period in which the number is kept; the other period is converted."""

    def fault_of(self, number: float) -> str:
        """What is wrong with ``number``, as in ``1.7 is outside [0, 1]``; "" when nothing is."""
        if self.lower <= number <= self.upper:
            return ""
        if self.upper == float("inf"):
            return f"{number:g} is below {self.lower:g} ({self.unit})"
        return f"{number:g} is outside [{self.lower:g}, {self.upper:g}] ({self.unit})"

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Mark the place; :mod:`servanda.files.schema` says what may stand there."""
        handler(core)
        return {"kind-of-number": self.name}


_TEXT = re.compile(
    r"^\s*(?P<number>[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?)\s*(?P<percent>%)?"
    r"\s*(/\s*(?P<period>year|month))?\s*$",
    re.ASCII,
)


def parse_number(raw: Any, kind: Kind) -> Any:
    """Turn ``"5%/year"`` into the number ``kind`` keeps; anything else is left as it is."""
    if not isinstance(raw, str):
        return raw
    try:
        return _read(raw, kind)
    except ValueError as error:
        unread = Unread(raw)
        unread.rule = str(error)
        return unread


def _read(raw: str, kind: Kind) -> float:
    shown = raw if len(raw) <= 60 else f"{raw[:57]}..."
    match = _TEXT.match(raw)
    if match is None:
        raise ValueError(f"'{shown}' is not a number, a percentage or a rate")
    number = float(match["number"]) / (100.0 if match["percent"] else 1.0)
    period = match["period"]
    if period is None:
        return number
    if not kind.rate:
        raise ValueError(f"'{shown}' is a rate, but this is {kind.unit}")
    if period == kind.rate:
        return number
    if not -1.0 < number < 1.0:
        raise ValueError(f"'{shown}' cannot be converted to a rate a {kind.rate}")
    if kind.name == "hazard":  # a probability of surviving is what compounds
        return 1.0 - pow(1.0 - number, 1.0 / 12.0)
    return pow(1.0 + number, 12.0 if kind.rate == "year" else 1.0 / 12.0) - 1.0


def _expand(raw: Any, kind: Kind) -> Any:
    """Give the long form of whatever may stand for a quantity."""
    if isinstance(raw, Quantity):
        return raw
    if not isinstance(raw, dict):
        return {"value": parse_number(raw, kind)}
    expanded = dict(raw)
    for key in ("value", "low", "high"):
        if key in expanded:
            expanded[key] = parse_number(expanded[key], kind)
    believed = expanded.get("believed")
    if isinstance(believed, dict):
        expanded["believed"] = {actor: _expand(item, kind) for actor, item in believed.items()}
    return expanded


def _quantity(kind: Kind) -> Any:
    return Annotated[Quantity, kind, BeforeValidator(lambda raw: _expand(raw, kind))]


SHARE = Kind("share", "a share between 0 and 1", 0.0, 1.0)
POINTS = Kind("points", "value points")
POSITIVE = Kind("positive", "a number above 0", 1e-9)
NON_NEGATIVE = Kind("non-negative", "a number of at least 0", 0.0)
HAZARD = Kind("hazard", "a probability a month", 0.0, 1.0, "month")
YEARLY = Kind("yearly", "a rate a year", 0.0, 10.0, "year")
EFFECT = Kind("effect", "a relative change (0.3 is 30 % more, -0.3 is 30 % less)", -1.0)
LOG_ODDS = Kind("log-odds", "log-odds of support", -20.0, 20.0)
LEVEL = Kind("level", "a level from 0 to 5", 0.0, 5.0)
ANY = Kind("any", "a number, of the kind of what it changes")
CHANCE = Kind("chance", "the probability that it holds", 0.0, 1.0)

Share = _quantity(SHARE)
Points = _quantity(POINTS)
Positive = _quantity(POSITIVE)
NonNegative = _quantity(NON_NEGATIVE)
Hazard = _quantity(HAZARD)
Yearly = _quantity(YEARLY)
Effect = _quantity(EFFECT)
LogOdds = _quantity(LOG_ODDS)
Level = _quantity(LEVEL)
Chance = _quantity(CHANCE)
AnyNumber = _quantity(ANY)


def certain(value: float) -> Any:
    """A default that is one certain number."""
    return Field(default_factory=lambda: Quantity(value=value))
