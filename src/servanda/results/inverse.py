"""What would have to be true for a named deal to be signed, ratified and kept in one order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from servanda.results.analysis import Origin
from servanda.results.encode import to_plain
from servanda.results.plan import ConstraintMargin
from servanda.results.significant import significant

POINTS, SUPPORT = "value points", "points of support"


@dataclass(frozen=True)
class Condition:
    """One condition at the central values.

    Attributes:
        kind: "signs", "ratified" or "kept".
        who: identifier of the signatory, of the audience, or of who is tempted.
        margin: by how much it holds; it fails below 0.
        unit: of the margin.
        parts: of a signature, what each of its margins is; it signs where all are at least 0.
        link: of keeping, the temptation with the smallest margin; None where there are no steps.
    """

    kind: str
    who: str
    margin: float
    unit: str
    parts: dict[str, float]
    link: ConstraintMargin | None

    @property
    def id(self) -> str:
        """As ``signs:ACTOR``."""
        return f"{self.kind}:{self.who}"

    @property
    def holds(self) -> bool:
        """Whether it holds."""
        return self.margin >= -1e-9

    @property
    def sentence(self) -> str:
        """What it comes to, in words."""
        if self.kind == "signs":
            worst = min(self.parts, key=lambda part: self.parts[part])
            if self.holds:
                return f"{self.who} would sign, with {self.margin:.1f} points to spare."
            return f"{self.who} would not sign: it is {-self.margin:.1f} points short ({worst})."
        if self.kind == "ratified":
            way = "above" if self.holds else "below"
            return (
                f"Support of {self.who} is {abs(self.margin):.1f} percentage points {way} what "
                "it takes."
            )
        if self.link is not None:
            return self.link.sentence
        verb = "lose" if self.holds else "gain"
        return f"{self.who} would {verb} {abs(self.margin):.2f} points if it were to fight on."


@dataclass(frozen=True)
class Statement:
    """Something said that no number short of itself can mend: it would have to go.

    Attributes:
        kind: "red-line", "exclusion", "deadline" or "order".
        id: identifier in the scenario.
        by: who holds it; "" for nobody in particular.
        says: in the scenario's words.
        chance: how likely a red line is to be one; None for the other kinds.
        stands: whether it stands at the central values (a red line at least as likely as not).
    """

    kind: str
    id: str
    by: str
    says: str
    chance: float | None
    stands: bool


@dataclass(frozen=True)
class Move:
    """One number moved.

    Attributes:
        path: where it stands; a belief is a number of its own.
        unit: in words.
        who: identifiers of those who can move it; empty where nobody in particular can.
        start, to: from where to where.
        spread: half of its range; where none is stated, of numbers like it.
        spreads: how far it moves, in these, with its sign.
        low, high: its range; None where none is stated.
        reverses: orderings of an actor that turn round, as "old best > other".
    """

    path: str
    unit: str
    who: tuple[str, ...]
    start: float
    to: float
    spread: float
    spreads: float
    low: float | None
    high: float | None
    reverses: tuple[str, ...]

    @property
    def inside(self) -> bool:
        """Whether it stays within the range stated for it."""
        if self.low is None or self.high is None:
            return False
        room = 1e-6 * self.spread
        return self.low - room <= self.to <= self.high + room


@dataclass(frozen=True)
class Moves:
    """Numbers moved together after which what was asked for holds at the central values.

    Attributes:
        moves: the numbers.
        effort: spreads moved in all.
        share: of the draws in which every condition holds when they are moved there too, and what
            stands in the way has gone; None where it was not counted.
    """

    moves: tuple[Move, ...]
    effort: float
    share: float | None

    @property
    def inside(self) -> bool:
        """Whether every number stays within its range."""
        return all(one.inside for one in self.moves)


@dataclass(frozen=True)
class Short:
    """A condition that is still short where as much as possible was mended."""

    condition: str
    lacking: float


@dataclass(frozen=True)
class Inverse:
    """What would have to be true.

    Attributes:
        origin: where the answer came from.
        package: number of the deal.
        options: issue to option.
        reason: why this deal.
        order: identifier of the order; "" where there is none.
        steps: its stages.
        conditions: at the central values: signatures, audiences, who must keep its word.
        statements: what the deal or the order runs against.
        alone: numbers each of which alone makes every condition hold, the least move first.
        each: of every condition that fails, the numbers that alone mend it, the least move first.
        joint: the cheapest change of fewest numbers; None where none is needed or was found.
        within: the same with every number inside the range stated for it.
        short: conditions still short where none was found.
        within_short: the same inside the ranges.
        share: of the draws in which every condition holds as things stand.
        share_without: the same without the statements that stand.
    """

    origin: Origin
    package: int
    options: dict[str, str]
    reason: str
    order: str
    steps: tuple[tuple[str, ...], ...]
    conditions: tuple[Condition, ...]
    statements: tuple[Statement, ...]
    alone: tuple[Moves, ...]
    each: dict[str, tuple[Move, ...]]
    joint: Moves | None
    within: Moves | None
    short: tuple[Short, ...]
    within_short: tuple[Short, ...]
    share: float
    share_without: float

    @property
    def failing(self) -> tuple[Condition, ...]:
        """Conditions that fail, the worst of each kind first."""
        fail = [one for one in self.conditions if not one.holds]
        kinds = list(dict.fromkeys(one.kind for one in self.conditions))
        return tuple(sorted(fail, key=lambda one: (kinds.index(one.kind), one.margin)))

    @property
    def in_the_way(self) -> tuple[Statement, ...]:
        """Statements that stand at the central values."""
        return tuple(one for one in self.statements if one.stands)

    @property
    def sentences(self) -> list[str]:
        """The finding: how it stands, what fails, what stands against, what would mend it."""
        said = [_now(self)]
        said += [one.sentence for one in self.failing]
        if self.in_the_way:
            said.append(_statements(self.in_the_way))
        if self.failing:
            said.append(_change(self))
        if self.failing or self.in_the_way:
            said.append(_over_draws(self))
        return said

    @property
    def message(self) -> str:
        """The finding in a few sentences."""
        return " ".join(self.sentences)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = {"message": self.message, **to_plain(self)}
        for one, condition in zip(plain["conditions"], self.conditions, strict=True):
            one |= {"id": condition.id, "holds": condition.holds, "sentence": condition.sentence}
        return plain


def _now(found: Inverse) -> str:
    order = f" in the order {found.order}" if found.order else ""
    if not found.failing and not found.in_the_way:
        return (
            f"At the central values the deal would be signed, ratified and kept{order}: no change "
            f"is needed. All holds in {_percent(found.share)} of the draws."
        )
    fails, stand = len(found.failing), len(found.in_the_way)
    many = f"{fails} of {len(found.conditions)} conditions {'fails' if fails == 1 else 'fail'}"
    parts = [many] if fails else []
    if stand:
        parts.append(f"{stand} {'statement stands' if stand == 1 else 'statements stand'} against")
    return (
        f"At the central values the deal would not be signed, ratified and kept{order}: "
        f"{' and '.join(parts)}."
    )


def _statements(stand: tuple[Statement, ...]) -> str:
    listed = "; ".join(
        f"{one.id} (“{one.says.rstrip('.')}”"
        + ("" if one.chance is None else f", held with probability {_percent(one.chance)}")
        + ")"
        for one in stand
    )
    would = "One statement" if len(stand) == 1 else f"{len(stand)} statements"
    return f"{would} would have to go, which nothing else can mend: {listed}."


def _change(found: Inverse) -> str:
    gone = "With that gone, e" if len(found.in_the_way) == 1 else "With these gone, e"
    lead = gone if found.in_the_way else "E"
    if found.alone:
        first = found.alone[0].moves[0]
        said = f"{lead}very condition would hold with {first.path} {_moved(first)}"
        others = len(found.alone) - 1
        if others:
            noun = "number" if others == 1 else "numbers"
            said += f"; {others} other {noun} would do alone"
        inside = any(one.inside for one in found.alone)
        return f"{said}." if inside else f"{said}. {_inside(found)}"
    if found.joint is None:
        names = ", ".join(
            f"{one.condition} by {significant(one.lacking, 2)}" for one in found.short
        )
        return f"No change within bounds was found after which all hold; still short: {names}."
    moves = "; ".join(f"{one.path} {_moved(one)}" for one in found.joint.moves)
    said = (
        f"No number found does it alone. {lead}very condition would hold with "
        f"{len(found.joint.moves)} moved together: {moves}."
    )
    return said if found.joint.inside else f"{said} {_inside(found)}"


def _inside(found: Inverse) -> str:
    """What it takes where no number may leave its range."""
    if found.within is None:
        return "Inside the ranges stated no change was found."
    return f"Inside the ranges stated it takes {len(found.within.moves)} moved together."


def _moved(one: Move) -> str:
    where = "" if one.inside else ", outside its range"
    if one.low is None:
        where = ", for which no range is stated"
    ends = f"from {significant(one.start)} to {significant(one.to)}"
    return f"{ends} ({one.spreads:+.1f} spreads{where})"


def _over_draws(found: Inverse) -> str:
    best = found.alone[0] if found.alone else found.joint
    said = f"Over the draws all holds in {_percent(found.share)} as things stand"
    if found.in_the_way:
        said += f", in {_percent(found.share_without)} without the statements"
    if best is not None and best.share is not None:
        said += f", in {_percent(best.share)} after that change"
    return f"{said}."


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
