"""Which assumptions the variance of an answer comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from servanda.results.analysis import Origin
from servanda.results.encode import to_plain

LARGEST = 10
"""Numbers of which it is said how many have no source."""


@dataclass(frozen=True)
class Part:
    """A share of variance with its 90 % interval; the estimate may be a little below 0."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Sensitive:
    """One uncertain number.

    Attributes:
        path: where it stands; a belief is a number of its own.
        unit: in words.
        value: central.
        spread: half of its range; None for what may hold or not.
        sources: what it rests on; empty where it is the analyst's judgement.
        grade: how sure it is that the best of its sources says so: "high", "medium", "low"; "none"
            without any.
        margin: first-order share of the variance of the plan's margin.
        kept: the same for whether any deal looked at is kept.
    """

    path: str
    unit: str
    value: float
    spread: float | None
    sources: tuple[str, ...]
    grade: str
    margin: Part
    kept: Part


@dataclass(frozen=True)
class Designed:
    """First-order and total share of one number by design; path "" for all other numbers as one."""

    path: str
    first: Part
    total: Part


@dataclass(frozen=True)
class Sensitivity:
    """Shares of variance.

    Attributes:
        origin: where the answer came from.
        options: issue to option of the package.
        order: identifier of the order whose margin is asked about; "" where there is none.
        numbers: every uncertain number, the largest share of the margin first.
        designed: the first of these again, by design, with what they do together with others.
        points: base points of the design.
    """

    origin: Origin
    options: dict[str, str]
    order: str
    numbers: tuple[Sensitive, ...]
    designed: tuple[Designed, ...]
    points: int

    @property
    def to_do(self) -> tuple[Sensitive, ...]:
        """Numbers without a source, those that carry most of either answer first."""
        bare = [one for one in self.numbers if not one.sources]
        return tuple(sorted(bare, key=lambda one: -max(one.margin.value, one.kept.value)))

    @property
    def message(self) -> str:
        """The finding in a few sentences."""
        if not self.order:
            return "No order of steps could be evaluated, so no margin varies."
        alone = [one for one in self.designed if one.path]
        if not alone:
            return "No number of the scenario moves the margin."
        first = max(alone, key=lambda one: one.total.value)
        sources = next(one.sources for one in self.numbers if one.path == first.path)
        largest = self.numbers[:LARGEST]
        bare = sum(not one.sources for one in largest)
        rest = max(self.designed[-1].total.value, 0.0)
        return (
            f"What deserves research first is {first.path}: of the variance of the margin of the "
            f"order {self.order} it carries {_percent(first.first.value)} alone and "
            f"{_percent(first.total.value)} with all others, and it "
            f"{'rests on a source' if sources else 'has no source'}. All numbers not singled out "
            f"carry {_percent(rest)} together with the others. Of the {len(largest)} largest from "
            f"the draws {bare} have no source."
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = {
            "message": self.message,
            **to_plain(self),
            "to_do": [one.path for one in self.to_do],
        }
        return plain


def _percent(share: float) -> str:
    return f"{100 * min(max(share, 0.0), 1.0):.0f} %"
