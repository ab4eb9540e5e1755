"""The scenario's war for many draws and believers, and the wars that could start in a world.

A **setting** is one draw as one group of actors sees it; actors with the same beliefs about land,
fronts, instruments, guarantees and the war share a group.  A **world** is where the line stands,
what is fortified, how high every instrument stands and which guarantees are honoured; everything
a war's start can differ in, apart from the months of quiet before it.

Strengths, hazards, costs and tempo in a scenario are those with every instrument at level 0; an
instrument with effect e multiplies them by ``1 + e·level``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from servanda.problems.agreement import WorldStates, land_flows
from servanda.problems.gather import monthly_discount, own_beliefs, take, take_own
from servanda.problems.parameters import Floats, Integers
from servanda.problems.translation import NOBODY, SIDE_A, SIDE_B, Translation
from servanda.problems.war import Outbreaks, WarSettings

Number = TypeVar("Number", np.float64, np.int64, np.bool_)

_SEEN_ALIKE = ("war.", "fronts.", "parcels.", "instruments.", "guarantees.", "politics.")


@dataclass(frozen=True)
class BoundWar:
    """Settings of D draws x B groups of believers, ordered draw by draw.

    Attributes:
        translation: the scenario.
        settings: S = D·B settings.
        theta: (S, P) what each setting believes.
        own: (D, A, P) what each actor believes.
        group: (A,) group of each actor.
    """

    translation: Translation
    settings: WarSettings
    theta: Floats
    own: Floats
    group: Integers

    @property
    def groups(self) -> int:
        """How many groups of believers there are."""
        return int(self.group.max()) + 1

    @property
    def draws(self) -> int:
        """How many draws there are."""
        return len(self.own)


@dataclass(frozen=True)
class WarWorlds:
    """W worlds in which a war could start.

    Attributes:
        start: (W, K) parcels side a holds on each front.
        fortified: (W, K, P) whether the works of each parcel still stand.
        aside: (W, L) holder of parcels that stand on no front (-1 for those that do).
        level_at: (W, I) where instrument levels stand in θ.
        honoured: (W,) bitmask of the guarantees that act.
    """

    start: Integers
    fortified: Integers
    aside: Integers
    level_at: Integers
    honoured: Integers

    @property
    def keys(self) -> Integers:
        """(W, width) one row of integers a world; equal rows are the same world."""
        count = len(self.start)
        parts = (
            self.start,
            self.fortified.reshape(count, -1),
            self.aside,
            self.level_at,
            self.honoured.reshape(count, 1),
        )
        return np.concatenate([np.asarray(part, np.int64) for part in parts], axis=1)


def bind_war(translation: Translation, theta: Floats) -> BoundWar:
    """Bind draws θ (D, P), every actor with its own beliefs."""
    return _bind(translation, own_beliefs(translation.parameters, theta), _groups(translation))


def rebind_war(bound: BoundWar, own: Floats) -> BoundWar:
    """The same draws with other beliefs (D, A, P), held by the same groups."""
    return _bind(bound.translation, own, bound.group)


def bind_view(translation: Translation, theta: Floats) -> BoundWar:
    """Bind draws θ (D, P) as one believer sees them: everybody's numbers are that believer's."""
    actors = len(translation.actors.names)
    own = np.repeat(theta[:, np.newaxis], actors, axis=1)
    return _bind(translation, own, np.zeros(actors, np.int64))


def _bind(translation: Translation, own: Floats, group: Integers) -> BoundWar:
    representatives = [int(np.flatnonzero(group == g)[0]) for g in range(int(group.max()) + 1)]
    seen = own[:, representatives].reshape(-1, own.shape[2])
    repeat = len(representatives)
    fighting, land = translation.fighting, translation.land
    settings = WarSettings(
        discount=np.repeat(monthly_discount(own, translation.actors.discount_at), repeat, axis=0),
        flow=np.repeat(_flow_aside(translation, own), repeat, axis=0),
        land=_front_values(translation, seen),
        size=land.size,
        tempo=take(seen, land.tempo_at),
        initiative=take(seen, fighting.initiative_at),
        decisiveness=take(seen, fighting.decisiveness_at),
        defence=_defence(translation, seen),
        exposure=_exposure(translation, seen),
        absorbing=land.absorbing,
        rearm_gain=take(seen, fighting.rearm_at[:, 0]),
        rearm_months=take(seen, fighting.rearm_at[:, 1], 12.0),
        rearm_decay=take(seen, fighting.rearm_decay_at),
        exhaustion=_trend(seen, fighting.exhaustion_at, 1.0),
        cost=_trend(seen, fighting.cost_at, np.inf),
        freeze=_trend(seen, fighting.freeze_at, 1.0),
        imposed=take(seen, fighting.imposed_at),
        war_months=take(seen, fighting.months_at),
        memory=take(seen, fighting.memory_at),
    )
    return BoundWar(translation, settings, seen, own, group)


def war_worlds(
    translation: Translation, states: WorldStates, honoured: Integers, fallen_to: int
) -> WarWorlds:
    """The worlds in which war starts from the given states.

    Args:
        translation: the scenario.
        states: who holds what, levels, guarantees in force; N of them.
        honoured: (N,) bitmask of the guarantees that act.
        fallen_to: who takes demilitarised parcels: SIDE_A, SIDE_B, or NOBODY for the side that
            held them before.
    """
    land = translation.land
    empty = states.holder == NOBODY
    taker = land.holder if fallen_to == NOBODY else np.full(len(land.holder), fallen_to)
    holder = np.where(empty, taker, states.holder)
    on_front = land.order >= 0
    places = np.maximum(land.order, 0)
    start = ((holder[:, places] == SIDE_A) & on_front).sum(axis=2)
    fortified = (~empty[:, places] & on_front).astype(np.int64)
    aside = np.where(land.front >= 0, -1, holder)
    return WarWorlds(start, fortified, aside, states.level_at, honoured)


def outbreaks(bound: BoundWar, worlds: WarWorlds, clocks: Floats) -> Outbreaks:
    """Every setting x world x months of quiet, in this order, the last fastest."""
    translation = bound.translation
    shape = (len(bound.theta), len(worlds.start), len(clocks))

    def spread(array: NDArray[Number], axes: str) -> NDArray[Number]:
        return _spread(array, axes, shape)

    return Outbreaks(
        setting=spread(np.arange(shape[0], dtype=np.int64), "s"),
        start=spread(worlds.start, "w"),
        fortified=spread(worlds.fortified.astype(np.bool_), "w"),
        strength=spread(_strength(bound, worlds), "sw"),
        exhaustion_factor=spread(_exhaustion(bound, worlds), "sw"),
        cost_factor=spread(_cost_factor(bound, worlds), "sw"),
        cost_extra=spread(_cost_extra(bound, worlds), "sw"),
        flow_extra=spread(_flow_extra(bound, worlds), "sw"),
        tempo_factor=spread(_effect(bound, worlds, translation.instruments.tempo_at), "sw"),
        quiet=spread(np.asarray(clocks, float), "c"),
    )


def _spread(array: NDArray[Number], axes: str, shape: tuple[int, ...]) -> NDArray[Number]:
    """Repeat an array over the axes it lacks: s(etting), w(orld), c(lock)."""
    index = tuple(slice(None) if axis in axes else np.newaxis for axis in "swc")
    inner: tuple[int, ...] = array.shape[len(axes) :]
    return np.broadcast_to(array[index], (*shape, *inner)).reshape(math.prod(shape), *inner)


def _groups(translation: Translation) -> Integers:
    """Actors that see land, instruments, guarantees and the war alike share a number."""
    params = translation.parameters
    alike = [n for n, path in enumerate(params.paths) if path.startswith(_SEEN_ALIKE)]
    _, group = np.unique(params.believed[:, alike], axis=0, return_inverse=True)
    return np.asarray(group, np.int64).reshape(-1)


def _trend(theta: Floats, at: Integers, no_cap: float) -> Floats:
    """(now, drift, cap); a cap below the present value, or none, stops an upward drift at once."""
    now, drift = np.minimum(take(theta, at[..., 0]), no_cap), take(theta, at[..., 1])
    cap = np.where(at[..., 2] >= 0, take(theta, at[..., 2]), now)
    return np.stack([now, drift, np.minimum(np.maximum(cap, now), no_cap)], axis=-1)


def _flow_aside(translation: Translation, own: Floats) -> Floats:
    """Status-quo flow apart from land on fronts, (D, A)."""
    issues = translation.issues
    numbers = np.arange(len(issues.names))
    weight = take_own(own, issues.weight_at)
    value = take_own(own, issues.value_at[numbers, issues.status_quo])
    flow: Floats = (weight * value).sum(axis=1)
    for link, pairs in enumerate(issues.link_options):
        if all(option == issues.status_quo[issue] for issue, option in pairs):
            flow = flow + take_own(own, issues.link_value_at[link])
    return flow + _land_aside(translation, own, translation.land.holder[np.newaxis])[:, 0]


def _land_aside(translation: Translation, own: Floats, holder: Integers) -> Floats:
    """Worth of the parcels that stand on no front, (D, N, A), given who holds them (N, L)."""
    off_front = np.where(translation.land.front >= 0, -2, holder)
    return land_flows(translation, own, off_front)


def _front_values(translation: Translation, theta: Floats) -> Floats:
    """Worth of each front to each actor when a holds its first f parcels, (S, K, P+1, A)."""
    land, stands = translation.land, translation.actors.stands_with
    on_front = (land.order >= 0)[..., np.newaxis]
    worth = np.where(on_front, take(theta, land.worth_at[np.maximum(land.order, 0)]), 0.0)
    for_a, for_b = worth * (stands == SIDE_A), worth * (stands == SIDE_B)
    edge = np.zeros_like(worth[:, :, :1])
    gained = np.concatenate([edge, np.cumsum(for_a, axis=2)], axis=2)
    lost = np.concatenate([np.cumsum(for_b[:, :, ::-1], axis=2)[:, :, ::-1], edge], axis=2)
    total: Floats = gained + lost
    return total


def _defence(translation: Translation, theta: Floats) -> Floats:
    """Multiplier of each parcel by defender, (S, K, P, 2): only its builder can use the works."""
    land = translation.land
    places = np.maximum(land.order, 0)
    level = np.where(land.order >= 0, take(theta, land.fortification_at[places]), 0.0)
    effect = take(theta, translation.fighting.fortification_effect_at)
    multiplier = 1.0 + effect[:, np.newaxis, np.newaxis] * level
    builder = land.holder[places]
    sides = [np.where(builder == side, multiplier, 1.0) for side in (SIDE_A, SIDE_B)]
    return np.stack(sides, axis=-1)


def _exposure(translation: Translation, theta: Floats) -> Floats:
    """Monthly chance that a side gives way because of what it has lost, (S, K, P+1, 2).

    Losses add up as independent hazards: ``1 - Π over lost parcels (1 - exposure)``.
    """
    land = translation.land
    places = np.maximum(land.order, 0)
    hazard = np.where(land.order >= 0, take(theta, land.exposure_at[places]), 0.0)
    holder = land.holder[places]
    stay_a = np.where(holder == SIDE_A, 1.0 - hazard, 1.0)
    stay_b = np.where(holder == SIDE_B, 1.0 - hazard, 1.0)
    edge = np.ones_like(hazard[:, :, :1])
    beyond = np.cumprod(stay_a[:, :, ::-1], axis=2)[:, :, ::-1]
    behind = np.cumprod(stay_b, axis=2)
    a = 1.0 - np.concatenate([beyond, edge], axis=2)
    b = 1.0 - np.concatenate([edge, behind], axis=2)
    return np.stack([a, b], axis=-1)


def _effect(bound: BoundWar, worlds: WarWorlds, effect_at: Integers) -> Floats:
    """Product over instruments of 1 + effect·level, (S, W, ...)."""
    effect = take(bound.theta, effect_at)[:, np.newaxis]
    level = take(bound.theta, worlds.level_at)
    level = level.reshape(*level.shape, *[1] * (effect_at.ndim - 1))
    product: Floats = np.maximum(1.0 + effect * level, 0.0).prod(axis=2)
    return product


def _strength(bound: BoundWar, worlds: WarWorlds) -> Floats:
    """(S, W, 2)."""
    guarantees = bound.translation.guarantees
    base = take(bound.theta, bound.translation.fighting.strength_at)[:, np.newaxis]
    strength = base * _effect(bound, worlds, bound.translation.instruments.strength_at)
    for number in range(len(guarantees.names)):
        acts = (worlds.honoured >> number & 1).astype(float)
        added = take(bound.theta, guarantees.strength_at[number])
        factor = 1.0 + added[:, np.newaxis] * acts
        strength[..., int(guarantees.protects[number])] *= factor
    return np.maximum(strength, 1e-9)


def _exhaustion(bound: BoundWar, worlds: WarWorlds) -> Floats:
    """(S, W, 2)."""
    guarantees = bound.translation.guarantees
    factor = _effect(bound, worlds, bound.translation.instruments.exhaustion_at)
    for number in range(len(guarantees.names)):
        acts = (worlds.honoured >> number & 1).astype(float)
        cut = take(bound.theta, guarantees.exhaustion_cut_at[number])
        factor[..., int(guarantees.protects[number])] *= 1.0 - cut[:, np.newaxis] * acts
    return factor


def _cost_factor(bound: BoundWar, worlds: WarWorlds) -> Floats:
    """(S, W, A)."""
    return _effect(bound, worlds, bound.translation.instruments.cost_at)


def _cost_extra(bound: BoundWar, worlds: WarWorlds) -> Floats:
    """Costs of guarantees that act, to the attacker and to the guarantor, (S, W, A)."""
    translation = bound.translation
    guarantees, side = translation.guarantees, translation.actors.side
    extra = np.zeros((len(bound.theta), len(worlds.start), len(side)))
    for number in range(len(guarantees.names)):
        acts = (worlds.honoured >> number & 1).astype(float)[:, np.newaxis]
        attacker = side == 1 - guarantees.protects[number]
        cost = take(bound.theta, guarantees.attacker_cost_at[number])
        extra += cost[:, np.newaxis, np.newaxis] * acts * attacker
        guarantor = np.arange(len(side)) == guarantees.by[number]
        cost = take(bound.theta, guarantees.honour_cost_at[number])
        extra += cost[:, np.newaxis, np.newaxis] * acts * guarantor
    return extra


def _flow_extra(bound: BoundWar, worlds: WarWorlds) -> Floats:
    """What land away from the fronts is worth more than in the status quo, (S, W, A)."""
    translation = bound.translation
    now = _land_aside(translation, bound.own, translation.land.holder[np.newaxis])
    then = _land_aside(translation, bound.own, worlds.aside)
    return np.repeat(then - now, bound.groups, axis=0)
