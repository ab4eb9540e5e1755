"""Why no deal is kept yet: the share of draws with a kept deal, causes switched off by turns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from servanda.results.analysis import Origin
from servanda.results.encode import to_plain

PERCENT = 0.005
"""What rounds to a whole percentage of the draws."""


@dataclass(frozen=True)
class Cause:
    """Something that can stand between the parties and a kept deal.

    Attributes:
        id: as one types it: ``beliefs``, ``types``, ``commitment``, ``stakes``, ``pressure``,
            ``gate:AUDIENCE``, ``red-lines:ACTOR``.
        name: what it is called.
        off: what holds when it is switched off, in a sentence.
        source: the literature it comes from.
    """

    id: str
    name: str
    off: str
    source: str


@dataclass(frozen=True)
class CauseShare:
    """One cause switched off.

    Attributes:
        cause: which.
        share: of the draws in which some deal looked at is then kept.
        gain: that share less the share as things stand.
        error: standard error of the gain; the draws are the same.
        shapley: its part of what switching off all causes brings, over every order in which they
            could be switched off.
        shapley_error: standard error of sampling those orders; 0 where every set was asked.
    """

    cause: Cause
    share: float
    gain: float
    error: float
    shapley: float
    shapley_error: float


@dataclass(frozen=True)
class CausePair:
    """Two causes switched off together.

    Attributes:
        first, second: their identifiers.
        share: of the draws in which some deal looked at is then kept.
        gain: that share less the share as things stand.
        together: that gain less the gains of each alone; positive where one hides behind the other.
    """

    first: str
    second: str
    share: float
    gain: float
    together: float


@dataclass(frozen=True)
class Diagnosis:
    """What stands between the parties and a kept deal.

    Attributes:
        origin: where the answer came from.
        as_it_is: share of the draws with a kept deal, every cause on.
        all_off: the same with every cause off.
        causes: each switched off alone, the largest gain first.
        pairs: each pair, the largest gain first.
        packages, orders: how many were looked at; the same for every row.
        types_known: the share as things stand if everybody knew of what type the others are, as
            in the headline of a brief; None where the scenario states no types.
    """

    origin: Origin
    as_it_is: float
    all_off: float
    causes: tuple[CauseShare, ...]
    pairs: tuple[CausePair, ...]
    packages: int
    orders: int
    types_known: float | None = None

    @property
    def message(self) -> str:
        """The finding in a few sentences."""
        said = [f"As things stand some deal is kept in {_percent(self.as_it_is)} of the draws."]
        if self.types_known is not None:
            said.append(
                "Here nobody can know of what type the others are. With types known, as in the "
                f"headline of a brief, it is {_percent(self.types_known)}."
            )
        first = next(iter(self.causes), None)
        if first is None:
            return (
                f"{' '.join(said)} The scenario states none of the causes that can be switched off."
            )
        if first.gain > PERCENT:
            said.append(
                f"Of single causes, switching off {first.cause.name} opens most: a deal is then "
                f"kept in {_percent(first.share)}."
            )
        else:
            said.append("No cause, switched off alone, opens deals in more of them.")
        for pair in self.pairs[:1]:
            if pair.gain > max(first.gain, 0.0) + PERCENT:
                names = " and ".join(self.cause(one).name for one in (pair.first, pair.second))
                said.append(
                    f"Of two causes, {names} open most: without both, {_percent(pair.share)}."
                )
        for row in self.causes:
            if row.gain < -PERCENT:
                said.append(
                    f"Switching off {row.cause.name} makes a kept deal rarer: "
                    f"{_percent(row.share)}."
                )
        said.append(f"With every cause switched off it is {_percent(self.all_off)}.")
        return " ".join(said)

    def cause(self, identifier: str) -> Cause:
        """The cause of that identifier."""
        return next(one.cause for one in self.causes if one.cause.id == identifier)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = {"message": self.message, **to_plain(self)}
        return plain


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
