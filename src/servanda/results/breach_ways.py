"""Ways in which a plan ends before its time, by name."""

from dataclasses import dataclass

from servanda.results.plan import BreachKind

STEP_FAILED = "step-failed"
"""In place of a kind of breach where a step fails and the fighting goes on or is taken up again."""


@dataclass(frozen=True)
class BreachWay:
    """One way, in names.

    Attributes:
        actor: who breaks the plan; "" where a step failed.
        kind: a `BreachKind`, or STEP_FAILED.
        step: the step cheated on, undone or withheld; "" where it concerns none.
        war: whether war follows.
        honoured: guarantees that act in that war.
    """

    actor: str
    kind: BreachKind | str
    step: str
    war: bool
    honoured: tuple[str, ...]
