"""Does what a scenario says of the talks hold together?"""

from __future__ import annotations

from collections.abc import Iterator

from servanda.errors import Complaint
from servanda.scenario.model import Scenario


def talks_hold_together(scenario: Scenario) -> Iterator[Complaint]:
    """Complaints about ``talks``."""
    talks = scenario.talks
    if talks is None:
        return
    if scenario.war is None:
        rule = "goes on beside a war, and there is none; leave it out, or say the war"
        yield Complaint("talks", rule)
    total = sum(share.value for share in talks.offers.values())
    if total > 1.0 + 1e-9:
        rule = "shares of months in which somebody makes the offer add up to at most 1"
        yield Complaint("talks.offers", rule, value=f"{total:g}")
    for side in ("a", "b"):
        speakers = [
            name
            for name in talks.offers
            if name in scenario.actors and scenario.actors[name].side == side
        ]
        if len(speakers) > 1:
            rule = f"one belligerent speaks for side {side}; found {', '.join(speakers)}"
            yield Complaint("talks.offers", rule)
    others = [
        name
        for name in talks.offers
        if name in scenario.actors and scenario.actors[name].side is None
    ]
    if len(others) > 1:
        yield Complaint("talks.offers", f"one third party mediates; found {', '.join(others)}")
