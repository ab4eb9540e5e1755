"""One order of steps in depth: what would mend it, who could ask for more, what chance does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from servanda.results.chance import ChanceEvaluation
from servanda.results.encode import to_plain
from servanda.results.guarantees import GuaranteeReport
from servanda.results.plan_comparison import BeliefComparison
from servanda.results.renegotiation import Renegotiation
from servanda.results.repairs import FirstBreach, Repair
from servanda.results.sincerity import SincerityView
from servanda.results.tranches import TrancheSearch


@dataclass(frozen=True, eq=False)
class PlanInDepth:
    """Further questions about one order; those not asked, or without an answer, are None or empty.

    Attributes:
        breach: where it first breaks; None where it is kept at the central values.
        repairs: the smallest of each kind; empty where it is kept.
        renegotiation: who could ask for more at each of its states.
        guarantees: what each guarantee must be, may be and is.
        chance: with votes that may be lost and governments that may change.
        noisy: the same where parties also err.
        beliefs: its actors' own beliefs beside the analyst's, over the draws.
        seen_by: actor to share of the draws in which it is kept by that actor's own numbers.
        sincerity: who of which type would break it where, and which small step tests that.
        tranches: into how many parts divisible steps would have to be cut.
        left_out: question to why it has no answer here.
    """

    breach: FirstBreach | None
    repairs: tuple[Repair, ...]
    renegotiation: Renegotiation | None
    guarantees: tuple[GuaranteeReport, ...]
    chance: ChanceEvaluation | None
    noisy: ChanceEvaluation | None
    beliefs: BeliefComparison | None
    seen_by: dict[str, float]
    sincerity: SincerityView | None
    tranches: TrancheSearch | None
    left_out: dict[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, with the sentences."""
        return {
            "breach": None if self.breach is None else self.breach.to_dict(),
            "repairs": [one.to_dict() for one in self.repairs],
            "renegotiation": None if self.renegotiation is None else self.renegotiation.to_dict(),
            "guarantees": [one.to_dict() for one in self.guarantees],
            "chance": None if self.chance is None else self.chance.to_dict(),
            "noisy": None if self.noisy is None else self.noisy.to_dict(),
            "beliefs": None if self.beliefs is None else self.beliefs.to_dict(),
            "seen_by": to_plain(self.seen_by),
            "sincerity": None if self.sincerity is None else self.sincerity.to_dict(),
            "tranches": None if self.tranches is None else self.tranches.to_dict(),
            "left_out": to_plain(self.left_out),
        }
