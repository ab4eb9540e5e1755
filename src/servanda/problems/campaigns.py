"""Campaigns of strikes in one draw: what each intensity adds to a month of war, and to its end.

Costs and chances of giving way in the war are those of the campaigns as they are now, intensity 1.
A campaign that makes the share c of what the war costs somebody takes that to ``1 + c(x - 1)``
times as much at intensity x, and likewise the other side's chance to give way. What two campaigns
do adds up. Where an end is near anyway no campaign can add more than half of what is left to
certainty.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from servanda.problems.parameters import Floats
from servanda.problems.translation import Flags, Translation
from servanda.scenario.model import Scenario
from servanda.scenario.strikes import AS_NOW

ANALYST = 2


@dataclass(frozen=True, eq=False)
class Campaigns:
    """The campaigns of sides (a, b), L intensities each.

    Attributes:
        chosen: (2,) whether a side has a campaign and nothing stops it.
        intensity: (2, L) rising; who has fewer repeats the last.
        cost: (2, 2) share of each side's monthly cost that a's, b's campaign makes, in the beliefs
            of the side that bears it.
        wear: (3, 2) share of the other side's chance of giving way that a's, b's campaign makes, as
            a, b and the analyst believe.
    """

    chosen: Flags
    intensity: Floats
    cost: Floats
    wear: Floats

    @property
    def more(self) -> Floats:
        """How far above now each intensity is, (2, L)."""
        found: Floats = self.intensity - AS_NOW
        return found


def campaigns_in(scenario: Scenario, translation: Translation, theta: Floats) -> Campaigns:
    """The campaigns of one draw; θ is (1, P)."""
    params, speakers = translation.parameters, translation.actors.speaker
    names = [campaign_of(scenario, side) for side in range(2)]
    levels = [scenario.strikes[name].levels if name else (AS_NOW,) for name in names]
    most = max(map(len, levels))
    level_at = translation.instruments.level_at
    chosen = [
        bool(name) and (by < 0 or theta[0, level_at[by]] <= 0.0)
        for name, by in zip(names, stopping(scenario, translation), strict=True)
    ]

    def believed(path: str, of: int | None) -> float:
        entry = params.index(path)
        return float(theta[0, entry if of is None else params.believed[of, entry]])

    cost, wear = np.zeros((2, 2)), np.zeros((3, 2))
    for side in (side for side in range(2) if chosen[side]):
        campaign, base = scenario.strikes[names[side]], f"strikes.{names[side]}"
        for bearer, actor in enumerate(speakers):
            name = translation.actors.names[actor]
            if name in campaign.costs:
                cost[side, bearer] = believed(f"{base}.costs.{name}", actor)
        for name in campaign.exhaustion:
            for believer, of in enumerate((*speakers, None)):
                wear[believer, side] = believed(f"{base}.exhaustion.{name}", of)
    # shares that are drawn one by one may sum to more than 1
    return Campaigns(
        chosen=np.array(chosen),
        intensity=np.array([(*own, *[own[-1]] * (most - len(own))) for own in levels]),
        cost=cost / np.maximum(1.0, cost.sum(axis=0)),
        wear=wear,
    )


def strikes_by_month(campaigns: Campaigns, price: Floats, discount: Floats) -> Floats:
    """What each intensity adds to each side's month, (M, 2, L, 2).

    Args:
        campaigns: of both sides.
        price: (M, 2) what a month of war costs each side as it is now.
        discount: (2,).
    """
    share = campaigns.cost[:, np.newaxis] * campaigns.more[:, :, np.newaxis]
    found: Floats = -((1.0 - discount) * price)[:, np.newaxis, np.newaxis] * share
    return found


def wear_by_month(campaigns: Campaigns, gives_way: Floats) -> Floats:
    """What each intensity adds to the chance that the other gives way, (3, M, F, 2, L).

    Args:
        campaigns: of both sides.
        gives_way: (3, M, F, 2) the chance that a, or b, gives way as it is now.
    """
    other = gives_way[..., ::-1, np.newaxis]
    room = np.maximum(1.0 - gives_way.sum(axis=-1), 0.0)[..., np.newaxis, np.newaxis] / 2.0
    share = campaigns.wear[:, np.newaxis, np.newaxis, :, np.newaxis] * campaigns.more
    found: Floats = np.clip(other * share, -other, room)
    return found


def stopping(scenario: Scenario, translation: Translation) -> tuple[int, int]:
    """The instrument that stops a's, b's campaign; -1 for none."""
    a, b = (
        translation.instruments.names.index(by) if by else -1
        for by in (
            scenario.strikes[name].stopped_by if name else None
            for name in (campaign_of(scenario, side) for side in range(2))
        )
    )
    return a, b


def campaign_of(scenario: Scenario, side: int) -> str:
    """Under whose name the campaign of a (0) or b (1) stands; "" where it has none."""
    own = (name for name in scenario.strikes if scenario.actors[name].side == "ab"[side])
    return next(own, "")
