"""Into how many tranches divisible steps have to be cut for a plan to be kept."""

from dataclasses import dataclass
from typing import Any

from servanda.results.encode import to_plain
from servanda.results.plan import PlanEvaluation


@dataclass(frozen=True)
class TrancheSearch:
    """What dividing steps does to the margin.

    Attributes:
        target: the margin wanted, value points.
        alone: by step, the margin with it in 1, 2, ... parts and all others whole; None where
            there are too many orders to search.
        together: the margin with every divisible step in 1, 2, ... parts, or in as many as it
            allows; None as above.
        smallest: parts of every divisible step with which the target is reached, where no step
            could have one part fewer; None where none of those looked at reaches it.
        plan: with these parts; the best one looked at where none reaches the target.
        margin: of that plan.
        exact: whether every search was exact; else a margin is that of the best plan found.
        reason: in one sentence.
    """

    target: float
    alone: dict[str, tuple[float | None, ...]]
    together: tuple[float | None, ...]
    smallest: dict[str, int] | None
    plan: PlanEvaluation | None
    margin: float
    exact: bool
    reason: str

    @property
    def helps(self) -> dict[str, float]:
        """By step, how many points the best division of it alone adds."""
        return {
            step: max(one for one in margins if one is not None) - margins[0]
            for step, margins in self.alone.items()
            if margins and margins[0] is not None
        }

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        return {**plain, "helps": self.helps}
