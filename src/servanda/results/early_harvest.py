"""What could be settled alone, track by track, while the war goes on."""

from dataclasses import dataclass
from typing import Any

from servanda.results.encode import to_plain


@dataclass(frozen=True)
class EarlyHarvest:
    """The partial agreement of one track that is best for whom it serves least.

    Attributes:
        track: political, military, humanitarian or economic.
        issues: how many issues it has.
        open_to_it: how many of them have an answer that leaves land, guarantees and the fighting
            as they are.
        answers: issue to option, the ones settled; empty where nothing would be.
        gains: actor to points above fighting on without it; of those who have to sign.
        possible: how many partial agreements everybody would rather have than not.
    """

    track: str
    issues: int
    open_to_it: int
    answers: dict[str, str]
    gains: dict[str, float]
    possible: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        return plain
