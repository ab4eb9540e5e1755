"""A mediator's instruments as a design: what each adds, what lapses, the best mix for an effort."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from servanda.results.analysis import Origin
from servanda.results.encode import to_plain

SHARE = 0.005
"""What rounds to a whole percentage of the draws."""


@dataclass(frozen=True)
class Instrument:
    """Something outsiders can do for a deal.

    Attributes:
        id: ``pressure:KEY``, ``guarantees:ACTOR`` or ``fund:NAME``.
        does: what it does in full, in words.
        by: who does it.
        on: whom it presses, protects or pays.
        levels: shares of it that are tried, 0 and 1 among them.
        effort: of all of it.
        measured: what effort is measured in: "spreads", or "as given".
        lapses: months after which it is gone; None where it stays.
        burden: actor to points; see ``burden_is``.
        burden_is: what the points are, in words.
    """

    id: str
    does: str
    by: tuple[str, ...]
    on: tuple[str, ...]
    levels: tuple[float, ...]
    effort: float
    measured: str
    lapses: int | None
    burden: dict[str, float]
    burden_is: str


@dataclass(frozen=True)
class Mix:
    """Some of each instrument.

    Attributes:
        levels: instrument to the share of it used; those not used are left out.
        effort: of all together.
        inside: share of the draws with a deal that is kept without any pressure.
        outlasting: share with no such deal, but one signed under pressure and kept when it is gone.
        lapsing: share with neither, but one signed under pressure and kept while it lasts only.
        room: what the actor left least has to spare in the deal that leaves it most, when pressure
            on it is gone; median over the draws in which red lines allow a deal, points. Minus
            infinity where they never do.
    """

    levels: dict[str, float]
    effort: float
    inside: float
    outlasting: float
    lapsing: float
    room: float

    @property
    def kept(self) -> float:
        """Share of the draws with a deal that is kept to the end."""
        return self.inside + self.outlasting


@dataclass(frozen=True)
class Addition:
    """What one instrument adds.

    Attributes:
        instrument: which.
        alone: all of it and nothing else.
        gain: share of draws with a kept deal then, less that as things stand.
        error: standard error of the gain; the draws are the same.
        last: what all instruments together lose without it.
    """

    instrument: str
    alone: Mix
    gain: float
    error: float
    last: float


@dataclass(frozen=True)
class PressureDesign:
    """What a mediator's instruments can do.

    Attributes:
        origin: where the answer came from.
        instruments: those the scenario states or that were given.
        as_it_is: nothing used.
        everything: all of each.
        additions: of each instrument, the largest gain first.
        frontier: the best mix for more and more effort, each better than the one before.
        budget: effort that may be spent; None for as much as all together.
        best: the best mix within the budget.
        mixes: how many were computed.
        packages, orders: how many deals were looked at.
    """

    origin: Origin
    instruments: tuple[Instrument, ...]
    as_it_is: Mix
    everything: Mix
    additions: tuple[Addition, ...]
    frontier: tuple[Mix, ...]
    budget: float | None
    best: Mix
    mixes: int
    packages: int
    orders: int

    @property
    def message(self) -> str:
        """The finding in a few sentences."""
        said = [
            f"As things stand some deal is kept in {_percent(self.as_it_is.kept)} of the draws."
        ]
        if not self.instruments:
            return f"{said[0]} The scenario states no instrument that outsiders could use."
        first = self.additions[0]
        if first.gain > SHARE:
            said.append(
                f"Alone {first.instrument} adds most: {100 * first.gain:+.0f} percentage points "
                f"± {164.5 * first.error:.0f} (90 %)."
            )
        else:
            said.append("No instrument alone makes a kept deal more frequent.")
        said.append(f"All of them together bring {_percent(self.everything.kept)}.")
        for one in self.additions:
            if one.gain < -max(SHARE, 1.645 * one.error):
                said.append(
                    f"All of {one.instrument} alone makes it rarer, by "
                    f"{100 * abs(one.gain):.0f} percentage points."
                )
        lapsing = [one for one in self.additions if one.alone.lapsing > SHARE]
        for one in lapsing[:2]:
            said.append(
                f"Under {one.instrument} alone a deal is signed in a further "
                f"{_percent(one.alone.lapsing)} that is not kept once it lapses."
            )
        return " ".join([*said, *self._best()])

    def _best(self) -> list[str]:
        within = "" if self.budget is None else f" within an effort of {self.budget:g}"
        if self.best.kept <= self.as_it_is.kept + SHARE:
            return [f"No mix{within} makes a kept deal more frequent."]
        parts = [f"{100 * level:.0f} % of {name}" for name, level in self.best.levels.items()]
        listed = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
        said = (
            f"The best mix{within} is {listed}: a deal is kept in {_percent(self.best.kept)}, for "
            f"an effort of {self.best.effort:.1f}"
        )
        if self.best.outlasting > SHARE:
            said += (
                f"; in {_percent(self.best.outlasting)} somebody signs under pressure what it "
                "would not sign without"
            )
        return [f"{said}."]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = {"message": self.message, **to_plain(self)}
        return plain


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
