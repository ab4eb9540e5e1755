"""What a plan shows of who is sincere: who would breach where, what is learned, what that saves."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from servanda.results.encode import to_plain
from servanda.results.plan import Constraint

Beliefs = dict[str, dict[str, float]]
"""Actor to type to probability, for the actors that may be of several types."""


class Separation(StrEnum):
    """What a stage, or an offer, does to the types of one actor still possible."""

    POOLING = "pooling"
    SEPARATING = "separating"
    KNOWN = "known"

    @property
    def sentence(self) -> str:
        """What it means, in one sentence."""
        return _SEPARATION[self]


_SEPARATION = {
    Separation.POOLING: "All types still possible act alike, so nothing is learned.",
    Separation.SEPARATING: "Types act differently, so the act shows something of the type.",
    Separation.KNOWN: "Only one type is still possible.",
}


@dataclass(frozen=True)
class TypeBreach:
    """A type that would breach in a stage.

    Attributes:
        actor, type: who.
        constraint: when and how.
        keep: expected value of keeping instead, from that month on.
        breach: expected value of the breach, from that month on.
    """

    actor: str
    type: str
    constraint: Constraint
    keep: float
    breach: float


@dataclass(frozen=True)
class StageSincerity:
    """One stage of a plan, given that everybody has kept it so far.

    Attributes:
        stage: its index; the number of stages stands for the end.
        steps: what is done in it.
        reached: probability that the plan gets so far.
        kept: probability that it is kept, given that.
        before, after: what the others believe, at its start and once it has been kept.
        separation: per actor of several types.
        breaches: the types that would breach.
        bits: per actor of several types, the expected reduction in entropy about its type through
            what is seen in the stage.
        saved: per actor expected points, valued in the month of the breach, because those types
            breach now and not at the best moment later; to those other than the one who breaches.
        sets: how many sets of breaching types would be consistent, at most in any of its months.
    """

    stage: int
    steps: tuple[str, ...]
    reached: float
    kept: float
    before: Beliefs
    after: Beliefs
    separation: dict[str, Separation]
    breaches: tuple[TypeBreach, ...]
    bits: dict[str, float]
    saved: dict[str, float]
    sets: int

    def to_dict(self) -> dict[str, Any]:
        """The stage as plain values."""
        plain: dict[str, Any] = to_plain(self)
        return plain


@dataclass(frozen=True)
class SincerityPlay:
    """How a plan is played when types are hidden.

    Attributes:
        order: labels of the steps, stage by stage.
        found: whether a pure equilibrium exists.
        reason: why not ("" where it does).
        stages: the stages that may be reached, and the end.
        carried_through: probability that nobody ever breaches.
        values: per actor its expected value at the start.
        by_type: per actor and type its expected value at the start.
    """

    order: tuple[tuple[str, ...], ...]
    found: bool
    reason: str
    stages: tuple[StageSincerity, ...]
    carried_through: float
    values: dict[str, float]
    by_type: dict[str, dict[str, float]]

    def to_dict(self) -> dict[str, Any]:
        """The play as plain values."""
        plain: dict[str, Any] = to_plain(self)
        return plain


@dataclass(frozen=True)
class OfferedTest:
    """A test offered to one actor before the plan begins.

    Attributes:
        actor: who is asked.
        found: whether some pure answer of its types is consistent.
        reason: why not ("" where one is).
        refusing: the types that refuse.
        separation: whether the answer itself tells types apart.
        accepted: probability that the test is accepted.
        after_acceptance, after_refusal: what the others then believe of this actor.  Where an
            answer is never given, belief stays at the prior.
        gain: per type, what refusing would bring it more than accepting.
        with_test, without_test: play after either answer.
        values: per actor its expected value before the answer.
        answers: how many sets of refusing types are consistent.
    """

    actor: str
    found: bool
    reason: str
    refusing: tuple[str, ...]
    separation: Separation
    accepted: float
    after_acceptance: dict[str, float]
    after_refusal: dict[str, float]
    gain: dict[str, float]
    with_test: SincerityPlay | None
    without_test: SincerityPlay | None
    values: dict[str, float]
    answers: int

    def to_dict(self) -> dict[str, Any]:
        """The offer as plain values."""
        plain: dict[str, Any] = to_plain(self)
        return plain


@dataclass(frozen=True)
class SincerityTest:
    """A step put first, as a test of one actor, beside the plan without that test.

    Attributes:
        step: what is put first.
        order: the plan with it first.
        without: what it is compared with: the plan as it was, or, where that begins with this very
            step, the plan with the step as late as its prerequisites allow.
        play: how the plan with the test is played.
        bits: what the test itself shows of the actor's type.
        unmasked: probability that the actor shows itself in the test by a breach.
        value: per actor, expected value with the test.
        worth: per actor, that less its expected value without.
        others: `value` added up over all but the actor tested; tests are ranked by it.
        saves: part of the others' worth from profiles in which the plan without is broken.
        costs: the rest, from those in which it is kept; negative means that the test costs.
        offer: what accepting and refusing the test would say.
    """

    step: str
    order: tuple[tuple[str, ...], ...]
    without: tuple[tuple[str, ...], ...]
    play: SincerityPlay
    bits: float
    unmasked: float
    value: dict[str, float]
    worth: dict[str, float]
    others: float
    saves: float
    costs: float
    offer: OfferedTest

    def to_dict(self) -> dict[str, Any]:
        """The test as plain values."""
        plain: dict[str, Any] = to_plain(self)
        return plain


@dataclass(frozen=True)
class RankedTests:
    """Steps that could come first as a test of one actor's sincerity, the best first.

    Attributes:
        actor: who is tested.
        play: how the plan is played as it was.
        tests: by what the others expect with the test first; ties in the order of steps.
        left_out: step to why it could not be tried.
    """

    actor: str
    play: SincerityPlay
    tests: tuple[SincerityTest, ...]
    left_out: dict[str, str]

    def to_dict(self) -> dict[str, Any]:
        """The ranking as plain values."""
        plain: dict[str, Any] = to_plain(self)
        return plain


@dataclass(frozen=True)
class TrustThreshold:
    """How likely an actor must be of one type for a plan to be carried through by all others.

    Attributes:
        actor, type: whose sincerity is asked for.
        probability: smallest belief from which on the plan is kept by everybody else, as far as the
            grid shows; None where not even certainty will do.
        breaks_below: what the others would do just below it: actor to the breach.
        resolution: distance of the beliefs first looked at.
    """

    actor: str
    type: str
    probability: float | None
    breaks_below: dict[str, Constraint]
    resolution: float

    def to_dict(self) -> dict[str, Any]:
        """The threshold as plain values."""
        plain: dict[str, Any] = to_plain(self)
        return plain


@dataclass(frozen=True)
class SincerityView:
    """Sincerity in one order of steps of one package.

    Attributes:
        play: how the order is played when types are hidden.
        tests: for each actor of several types, the steps that could come first, ranked.
    """

    play: SincerityPlay
    tests: tuple[RankedTests, ...]

    def to_dict(self) -> dict[str, Any]:
        """The view as plain values."""
        plain: dict[str, Any] = to_plain(self)
        return plain
