"""What follows a breach: snap-back, war or a frozen state, as each actor values it (model.md §7).

For a breaker b in state C, after what snaps back,

- an **attack** brings war, ``W_i(C, b; t)``, guarantees in force honoured with the credibility
  that i gives them, void where they are conditional and b is whom they protect;
- **any other breach** leaves the war going on where fighting has not stopped: there is no peace to
  freeze.  Where it has, war comes at once iff some belligerent would rather fight, now or after
  more months of quiet, than live with the frozen state (ties freeze); else the frozen state stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import product
from typing import NamedTuple

import numpy as np

from servanda.kernels.aftermath import add_aftermath
from servanda.problems.agreement import (
    Agreement,
    WorldStates,
    peace_flows,
    still_fighting,
    world_states,
)
from servanda.problems.gather import monthly_discount
from servanda.problems.parameters import Floats, Integers
from servanda.problems.translation import AUTOMATIC, NOBODY, WITH_CHANCE, Flags, Translation
from servanda.problems.war_binding import war_worlds
from servanda.solvers.war_table import CLOCKS, WarTable

TIE = 1e-9
"""Value points within which fighting and freezing are equal, and the state freezes."""


NO_BREAKER = -1
"""In place of a breaker when an agreement ends without anybody's breach."""


@dataclass(frozen=True)
class Collapse:
    """Values of breaches in N states.

    Attributes:
        attack: (D, N, T, A) to actor i when i itself attacks (NaN for non-belligerents).
        renege: (D, N, T, A) to actor i after its own breach of another kind.
    """

    attack: Floats
    renege: Floats


def collapse(
    table: WarTable, deal: Agreement, states: Integers, credibility: Floats | None = None
) -> Collapse:
    """Values of every actor's own breaches in the given states at every clock.

    Args:
        table: the war table of the draws.
        deal: the package under way.
        states: (N,) bitmasks.
        credibility: (D, A, G) probability that each actor gives to each guarantee being honoured;
            that of the scenario when left out.  A table of one draw serves many credibilities.
    """
    bound = table.bound
    translation = bound.translation
    believed = credibilities(translation, bound.own) if credibility is None else credibility
    shape = (len(believed), len(states), len(CLOCKS), len(translation.actors.names))
    attack, renege = np.full(shape, np.nan), np.zeros(shape)
    for breaker in range(shape[3]):
        for chance, left in snap_backs(translation, deal, bound.own, states, breaker):
            war = wars(table, deal, left, breaker, believed)
            weight = chance[:, :, breaker, np.newaxis]
            after = _aftermath(table, deal, left, breaker, war)
            renege[..., breaker] += weight * after
            if translation.actors.belligerent[breaker]:
                known = np.nan_to_num(attack[..., breaker])
                attack[..., breaker] = known + weight * war.values[..., breaker][:, war.of]
    return Collapse(attack, renege)


def collapse_for_all(
    table: WarTable, deal: Agreement, states: Integers, credibility: Floats | None = None
) -> Collapse:
    """The same values to everybody: (D, N, T, A, A), who breaches, then whose value.

    Attacks of those who cannot attack are filled with their other breaches.
    """
    bound = table.bound
    translation = bound.translation
    believed = credibilities(translation, bound.own) if credibility is None else credibility
    actors = len(translation.actors.names)
    shape = (len(believed), len(states), len(CLOCKS), actors, actors)
    attack, renege = np.zeros(shape), np.zeros(shape)
    for breaker in range(actors):
        for chance, left in snap_backs(translation, deal, bound.own, states, breaker):
            war = wars(table, deal, left, breaker, believed)
            frozen, breaks_out = war_or_frozen(table, deal, left, breaker, war)
            attacks = bool(translation.actors.belligerent[breaker])
            found = (chance, war.values, war.of, frozen, breaks_out)
            add_aftermath(attack, renege, breaker, attacks, *found)
    return Collapse(attack, renege)


def after_failure(
    table: WarTable, deal: Agreement, states: Integers, credibility: Floats | None = None
) -> Floats:
    """Value to everybody when a plan ends in a state without anybody's breach, (D, N, T, A).

    Nothing snaps back and no guarantee is voided. The state stays as it is, or war follows where
    some belligerent would rather fight, or where fighting has not stopped.
    """
    bound = table.bound
    believed = credibilities(bound.translation, bound.own) if credibility is None else credibility
    war = wars(table, deal, states, NO_BREAKER, believed)
    frozen, breaks_out = war_or_frozen(table, deal, states, NO_BREAKER, war)
    value: Floats = np.where(
        breaks_out[..., np.newaxis], war.values[:, war.of], frozen[:, :, np.newaxis]
    )
    return value


def credibilities(translation: Translation, own: Floats) -> Floats:
    """Probability that each actor gives to each guarantee being honoured, (D, A, G).

    Given, or derived: honoured iff its cost, uniform up to a ceiling, is at most interest + stake.
    For one that follows another this is the probability given that the other is honoured.
    """
    guarantees = translation.guarantees
    result = np.zeros((*own.shape[:2], len(guarantees.names)))
    for number in range(len(guarantees.names)):
        place = int(guarantees.credibility_at[number])
        if place >= 0:
            result[..., number] = own[..., place]
        else:
            interest, stake, ceiling = (own[..., at] for at in guarantees.derived_at[number])
            result[..., number] = np.clip((interest + stake) / ceiling, 0.0, 1.0)
    return result


def honoured_sets(
    translation: Translation, believed: Floats, in_force: int
) -> Iterator[tuple[int, Floats]]:
    """Which of the guarantees in force act, with the probability each actor gives it, (D, A)."""
    numbers = [g for g in range(len(translation.guarantees.names)) if in_force >> g & 1]
    follows = translation.guarantees.follows
    for acts in product((False, True), repeat=len(numbers)):
        honoured = sum(1 << g for g, act in zip(numbers, acts, strict=True) if act)
        chance = np.ones(believed.shape[:2])
        for g, act in zip(numbers, acts, strict=True):
            leader = int(follows[g])
            led = leader < 0 or honoured >> leader & 1
            probability = believed[..., g] if led else np.zeros(believed.shape[:2])
            chance = chance * (probability if act else 1.0 - probability)
        if np.any(chance > 0.0):
            yield honoured, chance


def void_for(translation: Translation, breaker: int) -> int:
    """Guarantees that a breach by this actor voids: conditional ones that protect its side."""
    if breaker == NO_BREAKER:
        return 0
    guarantees = translation.guarantees
    side = translation.actors.side[breaker]
    void = guarantees.conditional & (guarantees.protects == side) & (side >= 0)
    return int(sum(1 << g for g in np.flatnonzero(void).tolist()))


def snap_backs(
    translation: Translation, deal: Agreement, own: Floats, states: Integers, breaker: int
) -> Iterator[tuple[Floats, Integers]]:
    """What is left after snap-back: probability to each actor (D, N, A), and the states (N,)."""
    steps = translation.steps
    by_other = [s for s in deal.steps if np.delete(steps.snap_by[s], breaker).any()]
    left = states & ~deal.bits([s for s in by_other if steps.snap[s] == AUTOMATIC])
    # All parts of a step snap back together.
    uncertain: dict[int, list[int]] = {}
    for s in by_other:
        if steps.snap[s] == WITH_CHANCE:
            uncertain.setdefault(int(steps.of[s]), []).append(int(s))
    for undone in product((False, True), repeat=len(uncertain)):
        chance = np.ones((len(own), len(states), own.shape[1]))
        gone = 0
        for parts, undo in zip(uncertain.values(), undone, strict=True):
            probability = own[:, np.newaxis, :, steps.snap_at[parts[0]]]
            has = (left & deal.bits(parts) != 0)[:, np.newaxis]
            happens = probability if undo else 1.0 - probability
            chance = chance * np.where(has, happens, 0.0 if undo else 1.0)
            gone |= deal.bits(parts) if undo else 0
        if np.any(chance > 0.0):
            yield chance, left & ~gone


class Wars(NamedTuple):
    """Wars that breaches in N states bring: values of the W distinct ones, and which is whose."""

    values: Floats
    """(D, W, T, A)."""
    of: Integers
    """(N,)."""


def wars(
    table: WarTable,
    deal: Agreement,
    states: Integers,
    breaker: int,
    believed: Floats,
    expired: int = 0,
) -> Wars:
    """W of every actor after a breach, over honoured guarantees and empty land.

    Only steps that move land, set instruments or bring guarantees change the world a war starts
    in, so states are grouped by those before any war is looked up.
    """
    translation = table.bound.translation
    distinct, inverse = np.unique(states & world_steps(translation, deal), return_inverse=True)
    world = world_states(translation, deal, distinct)
    acting = world.in_force & ~void_for(translation, breaker) & ~expired
    result = np.zeros((len(believed), len(distinct), len(CLOCKS), believed.shape[1]))
    for in_force in np.unique(acting).tolist():
        here = np.flatnonzero(acting == in_force)
        part = WorldStates(world.holder[here], world.level_at[here], acting[here])
        for honoured, chance in honoured_sets(translation, believed, in_force):
            for taker, share in _takers(table, part, breaker):
                worlds = war_worlds(translation, part, np.full(len(here), honoured), taker)
                values = table.values(table.rows(worlds))
                weight = (chance * share)[:, np.newaxis, np.newaxis]
                result[:, here] += weight * values
    return Wars(result, inverse.reshape(-1))


def world_steps(translation: Translation, deal: Agreement) -> int:
    """Bitmask of the package's steps that change the world a war would start in."""
    steps = translation.steps
    changing = [
        s for s in deal.steps.tolist() if steps.moves[s] or steps.sets[s] or steps.brings[s]
    ]
    return deal.bits(changing)


def _takers(table: WarTable, states: WorldStates, breaker: int) -> list[tuple[int, Floats]]:
    """Who takes demilitarised land when war starts, with its probability to each actor (D, A)."""
    translation = table.bound.translation
    own = table.bound.own
    certain = np.ones(own.shape[:2])
    side = NO_BREAKER if breaker == NO_BREAKER else int(translation.actors.side[breaker])
    if side < 0 or not (states.holder == NOBODY).any():
        return [(NOBODY, certain)]
    chance = own[..., translation.fighting.to_breaker_at]
    return [(side, chance), (NOBODY, certain - chance)]


def _aftermath(table: WarTable, deal: Agreement, left: Integers, breaker: int, war: Wars) -> Floats:
    """Value to the breaker after a breach other than an attack, (D, N, T)."""
    frozen, breaks_out = war_or_frozen(table, deal, left, breaker, war)
    fought = war.values[..., breaker][:, war.of]
    value: Floats = np.where(breaks_out, fought, frozen[:, :, np.newaxis, breaker])
    return value


def war_or_frozen(
    table: WarTable, deal: Agreement, left: Integers, breaker: int, war: Wars
) -> tuple[Floats, Flags]:
    """Value of the frozen state (D, N, A), and whether war breaks out instead (D, N, T)."""
    wants, frozen = frozen_or_war(table, deal, left, breaker, war)
    fighting = still_fighting(table.bound.translation, deal, left)[np.newaxis, :, np.newaxis]
    anybody = reduce(np.logical_or, np.moveaxis(wants, 3, 0))  # faster than over the short axis
    return frozen, anybody | fighting


def frozen_or_war(
    table: WarTable, deal: Agreement, left: Integers, breaker: int, war: Wars
) -> tuple[Flags, Floats]:
    """Who would rather fight than live with the frozen state, (D, N, T, A), and that, (D, N, A)."""
    translation = table.bound.translation
    gone = void_for(translation, breaker)
    frozen = peace_flows(translation, deal, table.bound.own, left, voided=gone)
    wants = np.zeros((len(war.values), len(left), len(CLOCKS), frozen.shape[2]), bool)
    for j in np.flatnonzero(translation.actors.belligerent).tolist():
        best_later = np.maximum.accumulate(war.values[:, :, ::-1, j], axis=2)[:, :, ::-1]
        wants[..., j] = best_later[:, war.of] > frozen[:, :, np.newaxis, j] + TIE
    return wants, frozen


def reservation_values(table: WarTable) -> Floats:
    """W_i of the world as it is, each actor in its own beliefs, (D, A)."""
    translation = table.bound.translation
    now = WorldStates(
        translation.land.holder[np.newaxis],
        translation.instruments.level_at[np.newaxis],
        np.zeros(1, np.int64),
    )
    worlds = war_worlds(translation, now, np.zeros(1, np.int64), NOBODY)
    first: Floats = table.values(table.rows(worlds))[:, 0, 0]
    return first


def value_of_completion(
    table: WarTable, deal: Agreement, credibility: Floats | None = None
) -> Floats:
    """V_i(K), (D, A): the completed package for ever, or until limited guarantees run out.

    After a term of L months the value is ``(1 - δ^L)·u + δ^L·Z`` (model.md §4), Z being the
    package without that guarantee, or war where a belligerent would then rather fight.
    """
    bound = table.bound
    believed = credibilities(bound.translation, bound.own) if credibility is None else credibility
    full = np.array([deal.full], np.int64)
    in_force = int(world_states(bound.translation, deal, full).in_force[0])
    return _until_expiry(table, deal, full, in_force, 0, 0.0, believed)


def _until_expiry(
    table: WarTable,
    deal: Agreement,
    full: Integers,
    in_force: int,
    expired: int,
    month: float,
    believed: Floats,
) -> Floats:
    bound = table.bound
    translation = bound.translation
    flow = peace_flows(translation, deal, bound.own, full, voided=expired)[:, 0]
    if expired:
        flow = _war_if_wanted(table, deal, full, expired, flow, believed)
    left = [g for g in range(len(translation.guarantees.names)) if (in_force & ~expired) >> g & 1]
    terms = {g: float(translation.guarantees.term[g]) for g in left}
    ending = [g for g in left if np.isfinite(terms[g])]
    if not ending:
        return flow
    soonest = min(terms[g] for g in ending)
    gone = expired | sum(1 << g for g in ending if terms[g] == soonest)
    later = _until_expiry(table, deal, full, in_force, gone, soonest, believed)
    discount = monthly_discount(bound.own, translation.actors.discount_at)
    weight = discount ** (soonest - month)
    if not expired:
        return (1.0 - weight) * flow + weight * later
    peace = peace_flows(translation, deal, bound.own, full, voided=expired)[:, 0]
    broken = np.any(flow != peace, axis=1, keepdims=True)
    value: Floats = np.where(broken, flow, (1.0 - weight) * flow + weight * later)
    return value


def _war_if_wanted(
    table: WarTable, deal: Agreement, full: Integers, expired: int, flow: Floats, believed: Floats
) -> Floats:
    """The peace flow, or war where a belligerent prefers it once guarantees ran out, (D, A).

    Where several do, a fair lot decides which of them starts it.
    """
    translation = table.bound.translation
    total, count = np.zeros(believed.shape[:2]), np.zeros((len(believed), 1))
    for j in np.flatnonzero(translation.actors.belligerent).tolist():
        war = np.zeros(believed.shape[:2])
        for chance, left in snap_backs(translation, deal, table.bound.own, full, j):
            war += chance[:, 0] * wars(table, deal, left, j, believed, expired).values[:, 0, -1]
        wants = war[:, j : j + 1] > flow[:, j : j + 1] + TIE
        total += wants * war
        count += wants
    return np.where(count > 0.0, total / np.maximum(count, 1.0), flow)
