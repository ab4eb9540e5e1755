"""A scenario's war on its main front, month by month and position by position, for the talks.

The war model knows several fronts; talks while fighting know one line. The front with most land
worth having is the line, and the others stay where they are. Everything else is the war model's:
flows, costs, exhaustion, exposed land, freezing, and the contest for the next parcel.

What a belligerent believes about the next move of the line is taken at the present position; how
much easier or harder the next parcel is elsewhere, and how often the line moves, are the analyst's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from servanda.problems.agreement import WorldStates
from servanda.problems.campaigns import Campaigns, strikes_by_month, wear_by_month
from servanda.problems.translation import NOBODY, SIDE_A, Translation
from servanda.problems.war import Outbreaks, WarSettings
from servanda.problems.war_binding import BoundWar, WarWorlds, outbreaks, war_worlds

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FrontWar:
    """The war of one draw on one front; sides (a, b), believers (a, b, analyst).

    Attributes:
        start: position at present. absorbing: (2,) whether a side pushed back to its end is beaten.
        discount: (2,). mean: (3,) chance that the next move of the line is a's.
        odds, tempo: (M, F). month: (M, F, 2). gives_way: (3, M, F, 2). freeze: (3, M).
        strikes: (M, 2, L, 2). wear: (3, M, F, 2, L). imposed: (2, 2). frozen: (F, 2). As in
            `servanda.problems.talks.TalksProblem`.
    """

    start: int
    absorbing: NDArray[np.bool_]
    discount: Floats
    mean: Floats
    odds: Floats
    tempo: Floats
    month: Floats
    gives_way: Floats
    strikes: Floats
    wear: Floats
    freeze: Floats
    imposed: Floats
    frozen: Floats


def at_rest(war: FrontWar, sides: Iterable[int]) -> FrontWar:
    """The same war in which some sides have nothing to choose but their lowest intensity."""
    strikes, wear = war.strikes.copy(), war.wear.copy()
    for side in sides:
        strikes[:, side] = strikes[:, side, :1]
        wear[..., side, :] = wear[..., side, :1]
    return replace(war, strikes=strikes, wear=wear)


def main_front(bound: BoundWar) -> int | None:
    """The front on which most is at stake to the two speakers, together; None without any."""
    spread = np.zeros(len(bound.translation.land.front_names))
    for actor in bound.translation.actors.speaker:
        land = bound.settings.land[bound.group[actor]]
        for front, size in enumerate(bound.settings.size.tolist()):
            worth = land[front, : size + 1, actor]
            spread[front] += worth.max() - worth.min()
    return int(np.argmax(spread)) if len(spread) else None


def present_world(translation: Translation) -> WorldStates:
    """The world as it is."""
    return WorldStates(
        translation.land.holder[np.newaxis],
        translation.instruments.level_at[np.newaxis],
        np.zeros(1, np.int64),
    )


def worlds_along(translation: Translation, front: int | None) -> WarWorlds:
    """The world as it is, with the line of one front at each position, (F,)."""
    now = war_worlds(translation, present_world(translation), np.zeros(1, np.int64), NOBODY)
    if front is None:
        return now
    places = int(translation.land.size[front]) + 1
    start = np.repeat(now.start, places, axis=0)
    start[:, front] = np.arange(places)
    return WarWorlds(
        start=start,
        fortified=np.repeat(now.fortified, places, axis=0),
        aside=np.repeat(now.aside, places, axis=0),
        level_at=np.repeat(now.level_at, places, axis=0),
        honoured=np.repeat(now.honoured, places),
    )


def holders_along(translation: Translation, front: int | None) -> NDArray[np.int64]:
    """Who holds each parcel with the line of one front at each position, (F, L)."""
    land = translation.land
    if front is None:
        return land.holder[np.newaxis].copy()
    size = int(land.size[front])
    holder = np.tile(land.holder, (size + 1, 1))
    for position in range(size + 1):
        for place, parcel in enumerate(land.order[front, :size].tolist()):
            holder[position, parcel] = SIDE_A if place < position else 1
    return holder


def front_war(
    regimes: list[tuple[BoundWar, BoundWar, Campaigns, int]], front: int | None
) -> FrontWar:
    """The war on one front over the months.

    Args:
        regimes: one after the other, the war as each actor and as the analyst sees it, the
            campaigns of strikes in it, and for how many months it is so; M in all.
        front: which; None where no line moves.
    """
    parts = [_Regime(own, view, campaigns, front) for own, view, campaigns, _ in regimes]
    first, length = parts[0], [months for *_, months in regimes]
    begins = np.cumsum([0, *length[:-1]]).tolist()
    there = first.odds[2, first.start]

    def over_months(name: str) -> Floats:
        pieces = [
            getattr(part, name)(np.arange(begin, begin + months))
            for part, begin, months in zip(parts, begins, length, strict=True)
        ]
        axis = 0 if name in {"month", "strikes"} else 1
        return np.concatenate(pieces, axis=axis)

    return FrontWar(
        start=first.start,
        absorbing=first.absorbing,
        discount=first.discount,
        mean=first.odds[:, first.start] / (1.0 + first.odds[:, first.start]),
        odds=np.concatenate(
            [np.tile(part.odds[2] / there, (n, 1)) for part, n in zip(parts, length, strict=True)]
        ),
        tempo=np.concatenate(
            [np.tile(part.tempo, (n, 1)) for part, n in zip(parts, length, strict=True)]
        ),
        month=over_months("month"),
        gives_way=over_months("gives_way"),
        strikes=over_months("strikes"),
        wear=over_months("wear"),
        freeze=over_months("freeze"),
        imposed=first.imposed,
        frozen=parts[-1].frozen,
    )


SURE = 1e-9
"""Odds are kept this far from those of a certainty."""


class _Regime:
    """The war while nothing changes but the month."""

    def __init__(
        self, own: BoundWar, view: BoundWar, campaigns: Campaigns, front: int | None
    ) -> None:
        self.campaigns = campaigns
        translation = own.translation
        worlds = war_worlds(translation, present_world(translation), np.zeros(1, np.int64), NOBODY)
        speakers = translation.actors.speaker
        self.seen = [
            *((own.settings, outbreaks(own, worlds, np.zeros(1)), own.group[i]) for i in speakers),
            (view.settings, outbreaks(view, worlds, np.zeros(1)), 0),
        ]
        self.speakers, self.front = speakers, front
        self.size = 0 if front is None else int(own.settings.size[front])
        self.start = 0 if front is None else int(worlds.start[0, front])
        self.places = worlds.start[0]
        self.absorbing = np.zeros(2, bool) if front is None else own.settings.absorbing[front]
        contests = [_contest(*one, front, self.size) for one in self.seen]
        rise, fall = (np.array(part) for part in zip(*contests, strict=True))
        self.odds: Floats = np.clip(rise, SURE, None) / np.clip(fall, SURE, None)
        self.tempo: Floats = rise[2] + fall[2]
        sides = [(*self.seen[side], actor) for side, actor in enumerate(speakers)]
        self.discount = np.array([s.discount[row, i] for s, _, row, i in sides])
        self.imposed = np.array([s.imposed[row, :, i] for s, _, row, i in sides]).T
        self.frozen: Floats = np.stack([self._peace(*one) for one in sides], axis=-1)

    def _peace(self, s: WarSettings, o: Outbreaks, row: int, actor: int) -> Floats:
        """Flow of the status quo by position, (F,)."""
        others = sum(
            float(s.land[row, k, self.places[k], actor])
            for k in range(len(s.size))
            if k != self.front
        )
        flow = s.flow[row, actor] + o.flow_extra[row, actor] + others
        if self.front is None:
            return np.array([flow])
        found: Floats = flow + s.land[row, self.front, : self.size + 1, actor]
        return found

    def month(self, months: NDArray[np.int64]) -> Floats:
        """What a month of war adds, (months, F, 2)."""
        parts, prices = [], self._price(months)
        for side, actor in enumerate(self.speakers):
            s, o, row = self.seen[side]
            price = prices[:, side] + o.cost_extra[row, actor]
            flow = self.frozen[:, side] - price[:, np.newaxis]
            parts.append((1.0 - s.discount[row, actor]) * flow)
        return np.stack(parts, axis=-1)

    def _price(self, months: NDArray[np.int64]) -> Floats:
        """What a month of war costs the two sides, guarantees apart, (months, 2)."""
        parts = []
        for side, actor in enumerate(self.speakers):
            s, o, row = self.seen[side]
            parts.append(o.cost_factor[row, actor] * _rate(s.cost[row, actor], months))
        return np.stack(parts, axis=-1)

    def strikes(self, months: NDArray[np.int64]) -> Floats:
        """(months, 2, L, 2)."""
        return strikes_by_month(self.campaigns, self._price(months), self.discount)

    def wear(self, months: NDArray[np.int64]) -> Floats:
        """(3, months, F, 2, L)."""
        return wear_by_month(self.campaigns, self.gives_way(months))

    def freeze(self, months: NDArray[np.int64]) -> Floats:
        """(3, months)."""
        return np.array([np.clip(_rate(s.freeze[row], months), 0, 1) for s, _, row in self.seen])

    def gives_way(self, months: NDArray[np.int64]) -> Floats:
        """(3, months, F, 2): one side alone, or the coin's choice where both would."""
        found = []
        for s, o, row in self.seen:
            out = []
            for side in range(2):
                factor = o.exhaustion_factor[row, side]
                tired = np.clip(factor * _rate(s.exhaustion[row, side], months), 0.0, 1.0)
                exposed = 1.0 - np.minimum(1.0, s.exposure[row, :, :, side] * factor)
                holds = np.ones(self.size + 1)
                for k in range(len(s.size)):
                    here = slice(self.size + 1) if k == self.front else self.places[k]
                    holds = holds * exposed[k, here]
                out.append(1.0 - (1.0 - tired)[:, np.newaxis] * holds)
            a, b = out
            found.append(np.stack([a - a * b / 2, b - a * b / 2], axis=-1))
        return np.array(found)


def _contest(
    s: WarSettings, o: Outbreaks, row: int, front: int | None, size: int
) -> tuple[Floats, Floats]:
    """Chance in a month that a, or b, takes the next parcel, (F,) each, as if there were one."""
    if front is None:
        return np.zeros(1), np.zeros(1)
    ratio = (o.strength[row, 0] / o.strength[row, 1]) ** s.decisiveness[row]
    fights = min(1.0, float(s.tempo[row, front] * o.tempo_factor[row]))
    defence = np.where(o.fortified[row, front, :size, np.newaxis], s.defence[row, front, :size], 1)
    hard_a = np.append(defence[:, 1], 1.0)
    hard_b = np.insert(defence[:, 0], 0, 1.0)
    rise = s.initiative[row] * fights / (1.0 + hard_a / ratio)
    fall = (1.0 - s.initiative[row]) * fights / (1.0 + hard_b * ratio)
    return rise, fall


def _rate(path: Floats, months: NDArray[np.int64]) -> Floats:
    """A rate (now, drift, cap) in each month of the war to come."""
    found: Floats = np.clip(path[0] + path[1] * months, 0.0, path[2])
    return found
