"""Where a plan first breaks, and the smallest change of each kind that would mend it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from servanda.results.encode import to_plain
from servanda.results.plan import ConstraintMargin, PlanEvaluation


@dataclass(frozen=True)
class Aftermath:
    """What follows a breach once it has come to light.

    Attributes:
        war: probability that war follows at once, as the breacher sees it; 1 after an attack.
        begun_by: belligerents who would then rather fight than live with what is left.
        undone: steps that snap back, or may.
        values: what each actor gets from then on, value points, each in its own beliefs.
    """

    war: float
    begun_by: tuple[str, ...]
    undone: tuple[str, ...]
    values: dict[str, float]

    @property
    def sentence(self) -> str:
        """What follows, in neutral words."""
        if self.war >= 1.0:
            what = "War follows at once"
        elif self.war <= 0.0:
            what = "What has been done stays as it is, and the rest is not carried out"
        else:
            what = f"War follows with probability {self.war:.2f}; else the state is frozen"
        who = f"; {_listed(self.begun_by)} would rather fight" if self.begun_by else ""
        back = f" Undone with it: {_listed(self.undone)}." if self.undone else ""
        values = ", ".join(f"{actor} {value:.2f}" for actor, value in self.values.items())
        return f"{what}{who}.{back} It leaves {values}."


@dataclass(frozen=True)
class FirstBreach:
    """The first moment on a plan's path at which somebody does better by a breach.

    Attributes:
        breach: who, when, how, with both sides; of several at that moment the most tempting.
        gain: points the breacher gains over keeping the plan.
        done: steps done by then.
        left: steps that would then not be carried out (at completion those undone).
        others: further breaches that pay at the same moment, most tempting first.
        aftermath: what follows; None where only the breacher's own value is known.
    """

    breach: ConstraintMargin
    gain: float
    done: tuple[str, ...]
    left: tuple[str, ...]
    others: tuple[ConstraintMargin, ...]
    aftermath: Aftermath | None

    @property
    def sentence(self) -> str:
        """The breach, what it leaves undone and what follows."""
        parts = [self.breach.sentence]
        if self.left:
            parts.append(f"Left undone: {_listed(self.left)}.")
        if self.aftermath is not None:
            parts.append(self.aftermath.sentence)
        return " ".join(parts)

    def to_dict(self) -> dict[str, Any]:
        """The breach as plain values, with its sentence."""
        plain: dict[str, Any] = to_plain(self)
        plain["sentence"] = self.sentence
        return plain


class RepairKind(StrEnum):
    """The ways in which a broken plan can be mended."""

    REORDER = "reorder"
    BEST_ORDER = "best-order"
    EXCHANGE = "exchange"
    LOCK = "lock"
    SNAP_BACK = "snap-back"
    DETECTION = "detection"
    TRANCHES = "tranches"
    GUARANTEE = "guarantee"
    PAYMENT = "payment"

    @property
    def phrase(self) -> str:
        """The repair in a few neutral words."""
        return _REPAIRS[self]


_REPAIRS = {
    RepairKind.REORDER: "Move steps",
    RepairKind.BEST_ORDER: "Take the best order of all",
    RepairKind.EXCHANGE: "Exchange steps under verification",
    RepairKind.LOCK: "Make steps irreversible",
    RepairKind.SNAP_BACK: "Let steps snap back after a breach",
    RepairKind.DETECTION: "Detect a breach sooner",
    RepairKind.TRANCHES: "Divide a step into tranches",
    RepairKind.GUARANTEE: "Make a guarantee as credible as it must be",
    RepairKind.PAYMENT: "Pay for it",
}


@dataclass(frozen=True)
class Change:
    """One thing a repair changes; what does not apply is empty.

    Attributes:
        name: the step or the guarantee concerned; of a payment the last step of the stage from
            whose completion on it is paid.
        by: whose reversal, the reverser, or who pays (an actor or a fund).
        to: who is paid.
        amount: months sooner, number of tranches, credibility, or points a month.
    """

    name: str = ""
    by: str = ""
    to: str = ""
    amount: float = 0.0


@dataclass(frozen=True, eq=False)
class Repair:
    """One kind of repair, as small as it can be.

    Attributes:
        kind: which.
        suffices: whether it alone makes the plan self-enforcing.
        size: how large it is, in its unit; None where none of this kind suffices.
        unit: of the size.
        at_least: certified: nothing of this kind smaller than this suffices; equal to size where
            the smallest is proven; None where nothing is (a single payment is the smallest of
            single ones, months of detection cannot be left out one by one).
        changes: what it changes.
        before: smallest margin of the plan as it stands.
        margin: smallest margin of the plan so mended; where nothing suffices, the largest found
            (minus infinity where nothing could be tried).
        plan: the plan that has this margin; None where nothing could be tried.
        does: what is done, as a clause.
        reason: how far the search got, or why there is none; may be empty where it suffices.
    """

    kind: RepairKind
    suffices: bool
    size: float | None
    unit: str
    at_least: float | None
    changes: tuple[Change, ...]
    before: float
    margin: float
    plan: PlanEvaluation | None
    does: str
    reason: str = ""

    @property
    def sentence(self) -> str:
        """The repair in one or two neutral sentences."""
        if self.suffices:
            does = self.does[:1].upper() + self.does[1:]
            before, after = _points(self.before), _points(self.margin)
            text = f"{does}: the smallest margin goes from {before} to {after}."
            return f"{text} {self.reason}".strip()
        text = f"{self.kind.phrase}: this alone does not suffice."
        if self.plan is not None and self.margin > self.before:
            text += f" The most it reaches is a smallest margin of {_points(self.margin)}"
            text += f" ({self.does})." if self.does else "."
        return f"{text} {self.reason}".strip()

    def to_dict(self) -> dict[str, Any]:
        """The repair as plain values, with its sentence."""
        plain: dict[str, Any] = to_plain(self)
        plain["plan"] = None if self.plan is None else self.plan.to_dict()
        plain["sentence"] = self.sentence
        return plain


def _points(value: float) -> str:
    """Two digits, and no minus before a zero."""
    return f"{round(value, 2) + 0.0:.2f}"


def _listed(names: tuple[str, ...]) -> str:
    """Names as in "a, b and c"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
