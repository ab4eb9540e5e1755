"""Two scenarios compared: what differs, what that does to each answer, change by change."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from servanda.results.analysis import Band, GateShare, Origin, Window
from servanda.results.encode import to_plain
from servanda.results.significant import significant

KEPT, MARGIN, WAR = "kept", "margin", "war:"
"""Answers: share of draws with a kept deal, largest margin of an order, value of fighting on."""

SHARE = 0.005
"""What rounds to a whole percentage of the draws."""

CHANCE = 1.645
"""Standard errors within which chance alone would keep a difference nine times in ten."""


@dataclass(frozen=True)
class InputDifference:
    """One thing the two scenarios say otherwise.

    Attributes:
        path: where it stands.
        kind: number, red line, option, step, poll, land ...; wording where it moves no number.
        before, after: in words; a number with its range.
        unit: of a number, in words; "" for anything else.
        sources_before, sources_after: identifiers of the sources of each.
    """

    path: str
    kind: str
    before: str
    after: str
    unit: str
    sources_before: tuple[str, ...]
    sources_after: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """Differences taken over together.

    Attributes:
        label: what they are called.
        paths: of the differences.
    """

    label: str
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Effects:
    """What each change does to one answer; changes in the order they were taken over.

    Attributes:
        answer: ``kept``, ``margin`` or ``war:ACTOR``.
        unit: "share" or "points".
        before, after: mean over the draws in each scenario.
        error: standard error of their difference; the draws are the same.
        steps: what each change adds to those before it.
        step_errors: standard errors of that.
        shares: the part of each by Shapley, whatever the order.
        share_errors: standard errors of sampling orders; 0 where every set was computed.
    """

    answer: str
    unit: str
    before: float
    after: float
    error: float
    steps: tuple[float, ...]
    step_errors: tuple[float, ...]
    shares: tuple[float, ...]
    share_errors: tuple[float, ...]

    @property
    def total(self) -> float:
        """After less before."""
        return self.after - self.before

    @property
    def reached(self) -> tuple[float, ...]:
        """The answer after each change, those before it included."""
        return tuple(accumulate(self.steps, initial=self.before))[1:]


@dataclass(frozen=True)
class DealChange:
    """One deal in both scenarios.

    Attributes:
        options: issue to option.
        before, after: share of the draws in which it passes every gate and some order is kept.
        error: standard error of the difference; the draws are the same.
        gate: of the draws in which it is kept in one and not the other, the gate that most often
            stops it there: "missing", "red-lines", "individual-rationality", "ratification",
            "red-lines-on-order" or "implementable"; "" where there are none.
        gate_share: the share of those draws.
    """

    options: dict[str, str]
    before: float
    after: float
    error: float
    gate: str
    gate_share: float

    @property
    def fate(self) -> str:
        """died, born, rarer, likelier, or the same as far as the draws can tell (at 90 %)."""
        if self.before > 0.0 == self.after:
            return "died"
        if self.after > 0.0 == self.before:
            return "born"
        if abs(self.after - self.before) <= CHANCE * self.error:
            return "the same"
        return "rarer" if self.after < self.before else "likelier"


@dataclass(frozen=True)
class AtCentre:
    """Packages that pass red lines, rationality and ratification at the central values.

    Attributes:
        before, after: how many in each scenario.
        died, born: how many in the first only, in the second only.
    """

    before: int
    after: int
    died: int
    born: int


@dataclass(frozen=True)
class Remedy:
    """One change back, made in the second scenario.

    Attributes:
        path: of the change undone, or of the lever moved.
        undone: whether it is one of the changes undone.
        spreads: how far in units of the quantity's own spread; None where it has none.
        change: the same in its own unit, with its sign; None likewise.
        share: of the draws in which the deal is kept then.
    """

    path: str
    undone: bool
    spreads: float | None
    change: float | None
    share: float


@dataclass(frozen=True)
class BringBack:
    """What brings back the deal that lost most.

    Attributes:
        options: issue to option.
        before, after: share of draws in which it is kept in each scenario.
        tried: single changes, the cheapest that restores it first, then by the share they bring.
        restored: whether the first of them makes it at least as frequent as before.
    """

    options: dict[str, str]
    before: float
    after: float
    tried: tuple[Remedy, ...]
    restored: bool


@dataclass(frozen=True)
class OrderSummary:
    """One order of the deal compared.

    Attributes:
        id, name: as in a brief.
        months: from signature to the last step.
        margin: over the draws.
        kept: share of the draws in which it is self-enforcing.
        broken_by, broken_how: who is most often tempted to break it, and how; "" for nobody.
        broken: share of the draws in which that temptation is too large.
        windows: credibilities of each guarantee at which it is kept.
    """

    id: str
    name: str
    months: int
    margin: Band
    kept: float
    broken_by: str
    broken_how: str
    broken: float
    windows: tuple[Window, ...]


@dataclass(frozen=True)
class TalksSummary:
    """Talks while fighting, at the central values: as in `servanda talks`."""

    signed_now: float
    first_month: int | None
    median_month: int | None
    agreed: float


@dataclass(frozen=True)
class SideAnswers:
    """The answers of one of the two scenarios.

    Attributes:
        origin: where they came from.
        passed: gate to how many packages are left at the central values.
        gates: packages left by each gate over the draws.
        fighting_on: actor to the value of fighting on.
        focus: issue to option of the deal in focus.
        orders: of the deal compared, best first; empty where it does not exist here.
        talks: None where there is no line that moves.
    """

    origin: Origin
    passed: dict[str, int]
    gates: tuple[GateShare, ...]
    fighting_on: dict[str, Band]
    focus: dict[str, str]
    orders: tuple[OrderSummary, ...]
    talks: TalksSummary | None


@dataclass(frozen=True)
class Comparison:
    """Two scenarios compared.

    Attributes:
        before, after: each scenario's answers.
        differences: all that they say otherwise.
        changes: the differences that move numbers, in groups, in the order they were taken over.
        grouped: by what they had to be taken together: "", "entry" or "section".
        exact: whether shares come from every set of changes.
        effects: of the changes on each answer, that on a kept deal first.
        deals: every deal looked at, the largest change first.
        at_centre: all packages at the central values, by name; None where they are too many.
        bring_back: None where no deal became rarer.
        compared: issue to option of the deal whose orders are compared.
        orders_looked_at: of these deals, the same whatever is taken over.
        sets: how many sets of changes were computed.
    """

    before: SideAnswers
    after: SideAnswers
    differences: tuple[InputDifference, ...]
    changes: tuple[Change, ...]
    grouped: str
    exact: bool
    effects: tuple[Effects, ...]
    deals: tuple[DealChange, ...]
    at_centre: AtCentre | None
    bring_back: BringBack | None
    compared: dict[str, str]
    orders_looked_at: int
    sets: int

    @property
    def origin(self) -> Origin:
        """That of the second scenario, which the comparison is about."""
        return self.after.origin

    @property
    def kept(self) -> Effects:
        """Effects on the share of draws with a kept deal."""
        return self.effects[0]

    def with_fate(self, fate: str) -> tuple[DealChange, ...]:
        """Deals that died, were born ..."""
        return tuple(deal for deal in self.deals if deal.fate == fate)

    @property
    def message(self) -> str:
        """The finding in a few sentences."""
        kept, number = self.kept, len(self.changes)
        if not number:
            words = len(self.differences)
            same = (
                f"They differ in {_counted(words, 'wording')} and in no number"
                if words
                else "Nothing differs"
            )
            return f"{same}. Some deal is kept in {_percent(kept.after)} of the draws of both."
        said = [f"{_counted(number, 'change')}."]
        error = 100 * CHANCE * kept.error
        said.append(
            f"Some deal is kept in {_percent(kept.before)} of the draws before and in "
            f"{_percent(kept.after)} after, a difference of {100 * kept.total + 0.0:+.1f} "
            f"percentage points ± {error:.1f} (90 %)."
        )
        if kept.error == 0.0 == kept.total:
            said.append("It is kept in the same draws.")
        elif abs(100 * kept.total) <= error:
            said.append("That is within what chance alone could do.")
        if number > 1:
            most = max(range(number), key=lambda n: abs(kept.shares[n]))
            if abs(kept.shares[most]) >= SHARE:
                said.append(
                    f"The largest part, {100 * kept.shares[most]:+.1f} percentage points "
                    f"whatever the order, is that of {self.changes[most].label}."
                )
        died, born = len(self.with_fate("died")), len(self.with_fate("born"))
        said.append(
            f"Of {_counted(len(self.deals), 'deal')} looked at {died} died (kept in no draw any "
            f"more) and {born} {'was' if born == 1 else 'were'} born (kept in some draw for the "
            "first time)."
        )
        return " ".join([*said, *self._back()])

    def _back(self) -> list[str]:
        back = self.bring_back
        if back is None:
            return []
        # to undo the only change is to have the first scenario again, which says nothing
        tried = [one for one in back.tried if len(self.changes) > 1 or not one.undone]
        if not tried:
            return []
        first = tried[0]
        what = f"undoing {first.path}"
        if not first.undone and first.spreads is None:
            what = f"{first.path.removesuffix('.holds')} not held"
        elif not first.undone:
            what = f"moving {first.path} by {significant(first.change or 0.0, 2, sign=True)}"
        if first.share >= back.before:
            return [
                f"The deal that lost most, from {_percent(back.before)} to {_percent(back.after)}, "
                f"comes back by one change: {what} makes it {_percent(first.share)}."
            ]
        return [
            f"Of the single changes tried none brings the deal that lost most, now kept in "
            f"{_percent(back.after)}, back to {_percent(back.before)}; {what} brings it to "
            f"{_percent(first.share)}."
        ]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = {"message": self.message, **to_plain(self)}
        for deal, one in zip(plain["deals"], self.deals, strict=True):
            deal["fate"] = one.fate
        for effects, found in zip(plain["effects"], self.effects, strict=True):
            effects["total"], effects["reached"] = found.total, list(found.reached)
        return plain


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
