"""What becomes of a war and of what is signed to end it: the answer about a scenario."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from servanda.results.analysis import Origin
from servanda.results.encode import to_plain
from servanda.results.histories import Phase
from servanda.results.history_summary import LEVELS, HistorySummary
from servanda.results.strikes import CampaignCourse


@dataclass(frozen=True)
class PlanBreak:
    """One way in which signed deals end before their time.

    Attributes:
        actor: who breaks it; "" where a step fails without anybody's breach.
        kind: of breach (`servanda.results.plan.BreachKind`), or "step-failed".
        step: the step cheated on, undone or withheld; "" where it concerns none.
        stage: steps under way, joined by " + "; "" once all are done.
        war: whether war follows.
        share: of all histories.
    """

    actor: str
    kind: str
    step: str
    stage: str
    war: bool
    share: float


@dataclass(frozen=True)
class StoryEvent:
    """Something that happens in a history.

    Attributes:
        month: counted from the scenario's date.
        what: "signed", "voted-down", "done" (a stage), "completed", "broken", "step-failed",
            "war-ended" (the first war, without a deal), "war-again-ended", "horizon".
        actor: who does it; "" for nobody.
        steps: those concerned, by identifier.
        kind: of breach; how a war ends (`servanda.results.histories.Outcome`, in lower case).
        war: whether war follows a breach.
        honoured: guarantees that act in it.
    """

    month: int
    what: str
    actor: str = ""
    steps: tuple[str, ...] = ()
    kind: str = ""
    war: bool = False
    honoured: tuple[str, ...] = ()


@dataclass(frozen=True)
class Story:
    """One history as events.

    Attributes:
        stands_for: "kept", "broken" or "unsigned".
        share: of all histories that ended as it did.
        policy, number: which it is.
        deal: position among the deals; -1 where none was signed.
        line_at_signing, line_at_end: parcels held by side a; -1 where nothing was signed.
        events: in order.
        months_of_war: months with fighting.
        truces: how many were agreed.
    """

    stands_for: str
    share: float
    policy: int
    number: int
    deal: int
    line_at_signing: int
    line_at_end: int
    events: tuple[StoryEvent, ...]
    months_of_war: int
    truces: int


@dataclass(frozen=True, eq=False)
class HistoriesAnswer:
    """Histories of a scenario, summed up.

    Attributes:
        origin: where it came from; its draws are the policies.
        seed: of the histories.
        front: the front whose line moves; "" where none does.
        places, start: positions of its line, and the one at present.
        sides: who decides for the sides a, b.
        gates: audiences, by number.
        deals: what could be offered: issue to option, by number.
        packages: their numbers as packages.
        summary: of all histories.
        breaks: how signed deals end before their time, the most frequent first.
        truces: share of the histories with a truce.
        strikes: how hard each side strikes that has a campaign.
        stories: typical histories.
    """

    origin: Origin
    seed: int
    front: str
    places: int
    start: int
    sides: tuple[str, str]
    gates: tuple[str, ...]
    deals: tuple[dict[str, str], ...]
    packages: tuple[int, ...]
    summary: HistorySummary
    breaks: tuple[PlanBreak, ...]
    truces: float
    strikes: tuple[CampaignCourse, ...]
    stories: tuple[Story, ...]

    @property
    def signed(self) -> list[int]:
        """Deals that were signed in some history, the most frequent first."""
        share = self.summary.deals.share
        return [int(one) for one in np.argsort(-share, kind="stable") if share[one] > 0.0]

    def tables(self) -> dict[str, dict[str, Any]]:
        """Tables of the summary: name to columns."""
        found = self.summary
        curves = {"at_war": found.at_war, "agreed": found.agreed, "in_peace": found.in_peace}
        months: dict[str, Any] = {"month": np.arange(found.horizon + 1)}
        for name, curve in curves.items():
            months |= {f"{name}_{part}": array for part, array in vars(curve).items()}
        months |= {f"phase_{phase.name.lower()}": found.phases[:, phase] for phase in Phase}
        months |= {
            f"line_{round(100 * level)}": found.line[:, place] for place, level in enumerate(LEVELS)
        }
        months |= {f"strikes_{one.actor}": np.append(one.by_month, np.nan) for one in self.strikes}
        deals = {
            "package": [self.packages[one] for one in self.signed],
            "share": found.deals.share[self.signed],
            **{
                issue: [self.deals[one][issue] for one in self.signed]
                for issue in (self.deals[0] if self.deals else {})
            },
        }
        breaks = {
            name: [getattr(one, name) for one in self.breaks]
            for name in PlanBreak.__dataclass_fields__
        }
        return {"by-month": months, "deals": deals, "breaks": breaks}

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(
            {name: value for name, value in vars(self).items() if name != "summary"}
        )
        return plain | {"summary": self.summary.to_dict()}
