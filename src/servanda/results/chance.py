"""How far a plan is carried when steps may fail, governments change and parties err."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.results.encode import to_plain
from servanda.results.plan import BreachKind, Constraint

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ChanceMargin:
    """One temptation in one political condition, with both its sides.

    Attributes:
        constraint: who could breach, when, how.
        regime: the political condition.
        keep: value of carrying on, value points.
        breach: value of the breach.
        margin: keep less breach.
    """

    constraint: Constraint
    regime: str
    keep: float
    breach: float
    margin: float


@dataclass(frozen=True)
class Ending:
    """One way in which a plan may end.

    Attributes:
        stage: index of the stage, the number of stages standing for the time after completion.
        steps: labels of the stage's steps; empty after completion.
        actor: who breaches; "" where a step fails without anybody's breach.
        kind: how; None where a step fails.
        step: the step cheated on, undone, withheld or failed.
        probability: of this ending; after completion, within the horizon.
    """

    stage: int
    steps: tuple[str, ...]
    actor: str
    kind: BreachKind | None
    step: str
    probability: float

    @property
    def sentence(self) -> str:
        """The ending in one neutral sentence."""
        where = f"at the stage {' + '.join(self.steps)}" if self.steps else "after completion"
        chance = f"with probability {self.probability:.2f}"
        if self.kind is None:
            return f"The plan ends {where} {chance}, as the step fails without anybody's breach."
        what = self.kind.phrase + (f" ({self.step})" if self.step else "")
        return f"The plan ends {where} {chance}: {self.actor} would {what}."


@dataclass(frozen=True, eq=False)
class ChanceEvaluation:
    """What becomes of a plan.

    Attributes:
        actors: labels, in the order of the actor axis.
        regimes: political conditions, in the order of the regime axis; the first is today's.
        order: labels of the steps, stage by stage.
        months: from signature to completion, if nothing ends the plan.
        horizon: months looked at after completion, and from signature.
        self_enforcing: with exact play, nobody gains by any breach in any condition that may come
            about.
        margin: the smallest margin with exact play; infinite where nobody can breach.
        weakest: the temptation that has it; None where nobody can breach.
        margins: every temptation in every condition. With noise, what carrying on is worth
            includes what noise does later; otherwise it is the worth of a plan that is kept.
        values: (m + 1, R, A) worth to each actor at the start of each stage and on completion.
        reached: (m + 1,) probability that each stage is begun, and that the plan is completed.
        failed: (m,) probability that the plan ends because a step of that stage fails.
        broken: (m + 1, A) probability that it ends by an actor's breach; after completion within
            the horizon.
        endings: ways to end, the likeliest first.
        held_from_signature: probability that nothing has ended it ``horizon`` months on.
        held_after_completion: probability that it is carried through and then holds that long.
        expected_months: months it runs until completion, breach or failure.
        settled: the values after completion were found to full precision.
    """

    actors: tuple[str, ...]
    regimes: tuple[str, ...]
    order: tuple[tuple[str, ...], ...]
    months: int
    horizon: int
    self_enforcing: bool
    margin: float
    weakest: ChanceMargin | None
    margins: tuple[ChanceMargin, ...]
    values: Floats
    reached: Floats
    failed: Floats
    broken: Floats
    endings: tuple[Ending, ...]
    held_from_signature: float
    held_after_completion: float
    expected_months: float
    settled: bool

    @property
    def carried_through(self) -> float:
        """Probability that the plan is carried through."""
        return float(self.reached[-1])

    @property
    def values_at_start(self) -> dict[str, float]:
        """What the plan is worth to each actor at signature."""
        return dict(zip(self.actors, self.values[0, 0].tolist(), strict=True))

    @property
    def likeliest_ending(self) -> Ending | None:
        """How it ends most likely, if it does; None where nothing can end it."""
        return self.endings[0] if self.endings else None

    def to_dict(self) -> dict[str, Any]:
        """The evaluation as plain values, without every single margin."""
        plain: dict[str, Any] = to_plain(self)
        del plain["margins"]
        plain["carried_through"] = self.carried_through
        plain["values_at_start"] = self.values_at_start
        return plain


@dataclass(frozen=True, eq=False)
class ChanceShares:
    """One plan over D draws, with chance in each of them.

    Attributes:
        actors: labels.
        order: labels of the steps, stage by stage.
        horizon: months.
        self_enforcing: (D,) with exact play.
        margins: (D,) smallest margin with exact play.
        reached: (D, m + 1) probability that each stage is begun, and that the plan is completed.
        failed: (D, m) probability that it ends because a step of that stage fails.
        broken: (D, m + 1, A) probability that it ends by an actor's breach.
        values_at_start: (D, A).
        held_from_signature: (D,).
        held_after_completion: (D,).
        expected_months: (D,).
    """

    actors: tuple[str, ...]
    order: tuple[tuple[str, ...], ...]
    horizon: int
    self_enforcing: NDArray[np.bool_]
    margins: Floats
    reached: Floats
    failed: Floats
    broken: Floats
    values_at_start: Floats
    held_from_signature: Floats
    held_after_completion: Floats
    expected_months: Floats

    @property
    def carried_through(self) -> float:
        """Probability that the plan is carried through, over the draws and chance in them."""
        return float(self.reached[:, -1].mean())

    def to_dict(self) -> dict[str, Any]:
        """Means over the draws as plain values."""
        return {
            "actors": list(self.actors),
            "order": [list(steps) for steps in self.order],
            "horizon": self.horizon,
            "draws": len(self.margins),
            "self_enforcing": float(self.self_enforcing.mean()),
            "carried_through": self.carried_through,
            "reached": self.reached.mean(axis=0).tolist(),
            "failed": self.failed.mean(axis=0).tolist(),
            "broken": self.broken.mean(axis=0).tolist(),
            "values_at_start": self.values_at_start.mean(axis=0).tolist(),
            "held_from_signature": float(self.held_from_signature.mean()),
            "held_after_completion": float(self.held_after_completion.mean()),
            "expected_months": float(self.expected_months.mean()),
        }


@dataclass(frozen=True, eq=False)
class LikeliestOrder:
    """The order of steps that is carried through most likely, as far as the search went.

    Attributes:
        plan: the order found, evaluated; None where no order satisfies the prerequisites.
        probability: that it is carried through.
        exact: every order was evaluated; otherwise it is the best found.
        orders: how many orders there are; where not all were evaluated, those that the
            prerequisites allow, or None where they were not counted to the end.
        evaluated: how many plans were evaluated.
        budget: most plans to be evaluated.
    """

    plan: ChanceEvaluation | None
    probability: float
    exact: bool
    orders: int | None
    evaluated: int
    budget: int

    @property
    def sentence(self) -> str:
        """How far the search went, in one sentence."""
        if self.plan is None:
            return "No order of the steps satisfies the prerequisites."
        if self.exact:
            return f"No order has a larger probability: all {self.evaluated} were evaluated."
        return f"The best found among {self.evaluated} plans; there may be a better one."

    def to_dict(self) -> dict[str, Any]:
        """The search as plain values."""
        plain: dict[str, Any] = to_plain(self)
        plain["plan"] = None if self.plan is None else self.plan.to_dict()
        plain["sentence"] = self.sentence
        return plain
