"""An agreement under way: the steps of one package, and the world after each set of them.

A state C is a bitmask over the n steps of the package.  ``w(C)`` is who holds each parcel, the
level of every instrument and the guarantees in force; ``u_i(C)`` the peace flow (model.md §2)::

    u_i(C) = land_i(w(C)) + Σ_j weight_ij [v_ij(status quo) + done_j(C) (v_ij(option) - v_ij(sq))]
             + Σ_links value · min_j done_j(C) - Σ_guarantees in force cost_i
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from servanda.problems.gather import take_own
from servanda.problems.parameters import Floats, Integers
from servanda.problems.translation import NOBODY, Flags, Translation


@dataclass(frozen=True)
class Agreement:
    """One package and its n steps.

    Attributes:
        chosen: (J,) option per issue.
        steps: (n,) index of each step in the scenario; bit k of a state is ``steps[k]``.
        shares: (n, J) how much of the issue's answer each step carries out.
        requires: (n,) bitmask of prerequisites inside the package.
    """

    chosen: tuple[int, ...]
    steps: Integers
    shares: Floats
    requires: Integers

    @property
    def full(self) -> int:
        """The state in which everything is done."""
        return (1 << len(self.steps)) - 1

    def bits(self, steps: Sequence[int] | Integers) -> int:
        """Bitmask of those scenario steps that this package contains."""
        wanted = {int(step) for step in steps}
        return sum(1 << k for k, step in enumerate(self.steps.tolist()) if step in wanted)


def chosen_options(translation: Translation, options: Mapping[str, str]) -> list[int]:
    """The option of every issue as an index, from issue to option by name."""
    issues = translation.issues
    return [issues.options[n].index(options[name]) for n, name in enumerate(issues.names)]


def agreement(translation: Translation, chosen: Sequence[int]) -> Agreement:
    """The agreement that carries out one option of every issue."""
    steps = translation.steps
    issues = len(translation.issues.names)
    used, rows = [], []
    for step, serves in enumerate(steps.serves):
        shares = np.zeros(issues)
        for issue, option, share in serves:
            if chosen[issue] == option:
                shares[issue] = share
        if any(chosen[issue] == option for issue, option, _ in serves):
            used.append(step)
            rows.append(shares)
    bit = {step: 1 << k for k, step in enumerate(used)}
    requires = [sum(bit.get(other, 0) for other in steps.requires[step]) for step in used]
    return Agreement(
        chosen=tuple(int(option) for option in chosen),
        steps=np.array(used, np.int64),
        shares=np.array(rows).reshape(len(used), issues),
        requires=np.array(requires, np.int64),
    )


@dataclass(frozen=True)
class WorldStates:
    """The world in each of N states.

    Attributes:
        holder: (N, L) who holds each parcel.
        level_at: (N, I) where each instrument's level stands in θ.
        in_force: (N,) bitmask of guarantees.
    """

    holder: Integers
    level_at: Integers
    in_force: Integers


def world_states(translation: Translation, deal: Agreement, states: Integers) -> WorldStates:
    """The world after each state's steps; where two touch one thing, the later-listed wins."""
    land, steps = translation.land, translation.steps
    holder = np.tile(land.holder, (len(states), 1))
    level_at = np.tile(translation.instruments.level_at, (len(states), 1))
    in_force = np.zeros(len(states), np.int64)
    for k, step in enumerate(deal.steps.tolist()):
        done = _has(states, k)
        for parcel, to in steps.moves[step]:
            holder[done, parcel] = to
        for instrument, place in steps.sets[step]:
            level_at[done, instrument] = place
        for guarantee in steps.brings[step]:
            in_force[done] |= 1 << guarantee
    return WorldStates(holder, level_at, in_force)


def counted(translation: Translation, deal: Agreement, states: Integers) -> Integers:
    """States (N,) without the parts of steps that stand on a part undone."""
    of = translation.steps.of[deal.steps]
    result = states.copy()
    for k in range(1, len(of)):
        if of[k] == of[k - 1]:
            result &= ~((1 - (result >> (k - 1) & 1)) << k)
    return result


def still_fighting(translation: Translation, deal: Agreement, states: Integers) -> Flags:
    """Whether fighting goes on in each state, (N,): until a step that carries the ceasefire."""
    stops = deal.bits(np.flatnonzero(translation.steps.ceasefire))
    return (states & stops == 0) if stops else np.zeros(len(states), bool)


def peace_flows(
    translation: Translation,
    deal: Agreement,
    own: Floats,
    states: Integers,
    voided: int = 0,
) -> Floats:
    """u_i(C) for each draw and state, value points.

    Args:
        translation: the scenario.
        deal: the package.
        own: (D, A, P) each actor's beliefs.
        states: (N,) bitmasks.
        voided: bitmask of guarantees that are gone whatever the state; with them goes the value of
            the answers they carried out.

    Returns:
        (D, N, A).
    """
    issues = translation.issues
    world = world_states(translation, deal, states)
    done = _done(deal, states & ~_carried_by(translation, deal, voided))
    weight = take_own(own, issues.weight_at)
    numbers = np.arange(len(deal.chosen))
    before = take_own(own, issues.value_at[numbers, issues.status_quo])
    after = take_own(own, issues.value_at[numbers, list(deal.chosen)])
    flows = (weight * before).sum(axis=1)[:, np.newaxis]
    flows = flows + np.einsum("nj,dja->dna", done, weight * (after - before))
    for link, pairs in enumerate(issues.link_options):
        share = link_share(translation, deal, done, pairs)
        value = take_own(own, issues.link_value_at[link])
        flows = flows + share[np.newaxis, :, np.newaxis] * value[:, np.newaxis]
    flows = flows + land_flows(translation, own, world.holder)
    force = world.in_force & ~voided
    for guarantee in range(len(translation.guarantees.names)):
        cost = take_own(own, translation.guarantees.in_force_cost_at[guarantee])
        flows = flows - _has(force, guarantee)[np.newaxis, :, np.newaxis] * cost[:, np.newaxis]
    return np.asarray(flows, np.float64)


def link_share(
    translation: Translation, deal: Agreement, done: Floats, pairs: Sequence[tuple[int, int]]
) -> Floats:
    """How far the answers of a link hold together in each state, (N,)."""
    share = np.ones(len(done))
    for issue, option in pairs:
        if deal.chosen[issue] == option:
            is_status_quo = option == translation.issues.status_quo[issue]
            held = np.ones(len(done)) if is_status_quo else done[:, issue]
        elif option == translation.issues.status_quo[issue]:
            held = 1.0 - done[:, issue]
        else:
            held = np.zeros(len(done))
        share = np.minimum(share, held)
    return share


def land_flows(translation: Translation, own: Floats, holder: Integers) -> Floats:
    """Worth of the land to each actor, (D, N, A), given who holds it, (N, L)."""
    land = translation.land
    stands = translation.actors.stands_with
    if not land.names:
        return np.zeros((len(own), len(holder), len(stands)))
    worth = take_own(own, land.worth_at)
    kept = own[..., translation.fighting.demilitarised_worth_at]
    mine = holder[..., np.newaxis] == stands
    demilitarised = (holder == NOBODY)[..., np.newaxis] & (land.holder[:, np.newaxis] == stands)
    flows: Floats = np.einsum("nla,dla->dna", mine.astype(float), worth)
    flows += np.einsum("nla,dla,da->dna", demilitarised.astype(float), worth, kept)
    return flows


def fighting_costs(translation: Translation, own: Floats, level_at: Integers) -> Floats:
    """κ_i, what a month of fighting costs now, (D, N, A), at instrument levels ``level_at`` (N, I).

    A cost in a scenario is that with every instrument at level 0.
    """
    effect = take_own(own, translation.instruments.cost_at).transpose(0, 2, 1)[:, :, np.newaxis]
    factor = np.maximum(1.0 + effect * own[:, :, level_at], 0.0).prod(axis=3)
    cost = take_own(own, translation.fighting.cost_at[:, 0])
    costs: Floats = cost[:, np.newaxis] * factor.transpose(0, 2, 1)
    return costs


def red_line_order(
    translation: Translation, deal: Agreement, line: int
) -> tuple[tuple[int, int], ...] | None:
    """Precedence pairs (before, after) as positions in the package that a red line on order asks.

    None when the line cannot be honoured: the package contains the act but nothing it must follow.
    """
    position = {step: k for k, step in enumerate(deal.steps.tolist())}
    acts = [position[s] for s in translation.red_lines.do[line] if s in position]
    before = [position[s] for s in translation.red_lines.only_after[line] if s in position]
    if acts and not before:
        return None
    return tuple((first, act) for act in acts for first in before if first != act)


def _carried_by(translation: Translation, deal: Agreement, guarantees: int) -> int:
    """Bitmask of the steps that did nothing but bring one of these guarantees into force."""
    steps = translation.steps
    only = {
        steps.of[s]
        for s in deal.steps
        if steps.brings[s] and all(guarantees >> g & 1 for g in steps.brings[s])
    }
    return deal.bits([s for s in deal.steps if steps.of[s] in only])


def _done(deal: Agreement, states: Integers) -> Floats:
    """Share of each issue's answer that is carried out, (N, J)."""
    has = (states[:, np.newaxis] >> np.arange(len(deal.steps)) & 1).astype(float)
    done: Floats = np.minimum(has @ deal.shares, 1.0)
    return done


def _has(masks: Integers, bit: int) -> Flags:
    flags: Flags = (masks >> bit & 1).astype(bool)
    return flags
