"""The sheet every solver hands in: what it is, before how it works."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from typing import Any


class Promise(Enum):
    """What a solver's answer always satisfies; each is tested as an axiom over the catalogue."""

    INDIVIDUALLY_RATIONAL = "Every party gets at least its disagreement value."
    PARETO_EFFICIENT = "No other package dominates the answer."
    SYMMETRIC = "Relabelling the parties relabels the answer."
    SCALE_INVARIANT = "A positive affine change of one party's scale does not move the answer."
    TRANSLATION_INVARIANT = "Adding a constant to one party's values does not move the answer."
    INDEPENDENT = "Taking away packages that were not chosen does not move the answer."
    EQUITABLE = "Both sides get the same by their own measure."
    ENVY_FREE = "No side would rather have the other's share."
    EQUILIBRIUM = "No side gains by another offer or another answer."
    BEST = "Nothing else on the list is better by the measure stated."
    CERTIFIED = "Nothing left out is better than what is listed by more than is stated."
    MINIMAL = "Nothing smaller would do."
    DETERMINISTIC = "The same problem gives the same answer, whatever the threads or chunks."


@dataclass(frozen=True)
class SolverInfo:
    """What a solver answers, needs and promises, and where it comes from.

    Attributes
    ----------
        name: as typed on the command line.
        title: as printed.
        kind: solvers of one kind take and return the same, as "bargaining solution".
        question: what it answers, in one sentence ending with a question mark.
        needs: what must be known to ask it.
        promises: what its answer always satisfies.
        source: reference.
        module, function: where it lives, as text, so that listing solvers loads none of them.
    """

    name: str
    title: str
    kind: str
    question: str
    needs: tuple[str, ...]
    promises: tuple[Promise, ...]
    source: str
    module: str
    function: str

    def resolve(self) -> Callable[..., Any]:
        """Load the solver's module and return its function."""
        solver: Callable[..., Any] = getattr(import_module(self.module), self.function)
        return solver
