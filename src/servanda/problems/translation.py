"""A scenario in integers: the value objects of the translator.

A :class:`Translation` holds no numbers of the scenario, only *where they stand* in θ
(:mod:`servanda.problems.parameters`): an array named ``..._at`` holds indices into θ, -1 where the
scenario says nothing.  Binding a draw is gathering ``theta[..., at]``; the other files of this
package do that for their problem.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.problems.parameters import Integers, Parameters

Flags = NDArray[np.bool_]

SIDE_A, SIDE_B, NOBODY = 0, 1, 2
"""Who holds a parcel; NOBODY is demilitarised."""

KEPT, AUTOMATIC, WITH_CHANCE = 0, 1, 2
"""Whether a step snaps back after a breach."""


@dataclass(frozen=True)
class Actors:
    """A actors.  ``side``: 0, 1 or -1; ``stands_with``: side whose land counts, -1 none."""

    names: tuple[str, ...]
    side: Integers
    stands_with: Integers
    signs: Flags
    discount_at: Integers
    failure_cost_at: Integers
    reservation_at: Integers
    """(A,) what each gets without a deal, where it is said; -1 where it follows from the war."""
    speaker: tuple[int, int]
    """Who speaks for each side, -1 when there is no war."""

    @property
    def belligerent(self) -> Flags:
        """(A,) who fights."""
        belligerent: Flags = self.side >= 0
        return belligerent


@dataclass(frozen=True)
class Land:
    """L parcels inside the computation, K fronts of at most P parcels."""

    names: tuple[str, ...]
    holder: Integers
    """(L,) at the start."""
    worth_at: Integers
    """(L, A)."""
    fortification_at: Integers
    exposure_at: Integers
    front_names: tuple[str, ...]
    front: Integers
    """(L,) front a parcel stands on, -1 none."""
    place: Integers
    """(L,) its place on the front."""
    order: Integers
    """(K, P) parcels in order from side a's rear, -1 padding."""
    size: Integers
    """(K,)."""
    tempo_at: Integers
    absorbing: Flags
    """(K, 2)."""


@dataclass(frozen=True)
class Instruments:
    """I instruments; effects at level 1."""

    names: tuple[str, ...]
    level_at: Integers
    strength_at: Integers
    """(I, 2) by side."""
    exhaustion_at: Integers
    """(I, 2) by side."""
    cost_at: Integers
    """(I, A)."""
    tempo_at: Integers


@dataclass(frozen=True)
class Issues:
    """J issues of at most O options."""

    names: tuple[str, ...]
    options: tuple[tuple[str, ...], ...]
    status_quo: Integers
    """(J,) index of the status-quo option, -1 when none is said."""
    weight_at: Integers
    """(J, A)."""
    value_at: Integers
    """(J, O, A)."""
    link_options: tuple[tuple[tuple[int, int], ...], ...]
    """Per link its (issue, option) pairs."""
    link_value_at: Integers
    """(links, A)."""
    exclusions: tuple[tuple[tuple[int, int], ...], ...]


@dataclass(frozen=True)
class Steps:
    """M steps of the whole scenario; a package uses some of them."""

    names: tuple[str, ...]
    months: Integers
    by_month: Integers
    """(M,) month since signature by which it must be complete, NO_DEADLINE for none."""
    owners: Flags
    """(M, A)."""
    requires: tuple[tuple[int, ...], ...]
    moves: tuple[tuple[tuple[int, int], ...], ...]
    """Per step (parcel, new holder)."""
    sets: tuple[tuple[tuple[int, int], ...], ...]
    """Per step (instrument, index of the new level in θ)."""
    brings: tuple[tuple[int, ...], ...]
    ceasefire: Flags
    cost_at: Integers
    """(M, A)."""
    reversible: Flags
    """(M, A)."""
    snap: Integers
    """(M,) KEPT, AUTOMATIC or WITH_CHANCE."""
    snap_at: Integers
    snap_by: Flags
    """(M, A)."""
    delay: Integers
    """(M,) months an owner's cheating stays undetected."""
    gain_at: Integers
    """(M, A)."""
    serves: tuple[tuple[tuple[int, int, float], ...], ...]
    """Per step (issue, option, share of that option)."""
    tags: tuple[tuple[str, ...], ...]
    passes_at: Integers
    """(M,) probability of success, -1 where none is said."""
    exchanges: tuple[tuple[tuple[int, ...], bool], ...]
    """Steps that may be exchanged in one stage, and whether it is verified."""
    tranches: Integers
    """(M,) into how many parts a step may be divided."""
    of: Integers
    """(M,) the step of the scenario that this is, or is a part of."""
    fraction: NDArray[np.float64]
    """(M,) which share of that step it is."""


@dataclass(frozen=True)
class Guarantees:
    """G guarantees."""

    names: tuple[str, ...]
    by: Integers
    protects: Integers
    """(G,) side."""
    conditional: Flags
    credibility_at: Integers
    derived_at: Integers
    """(G, 3) interest, stake, ceiling."""
    strength_at: Integers
    attacker_cost_at: Integers
    exhaustion_cut_at: Integers
    honour_cost_at: Integers
    in_force_cost_at: Integers
    """(G, A)."""
    term: NDArray[np.float64]
    """(G,) months, infinity when unlimited."""
    follows: Integers


@dataclass(frozen=True)
class Fighting:
    """The war's own quantities."""

    initiative_at: int
    decisiveness_at: int
    strength_at: Integers
    """(2,)."""
    fortification_effect_at: int
    rearm_at: Integers
    """(2, 2) gain, months."""
    rearm_decay_at: int
    cost_at: Integers
    """(A, 3) now, drift, cap."""
    exhaustion_at: Integers
    """(2, 3)."""
    freeze_at: Integers
    """(3,)."""
    imposed_at: Integers
    """(2, A)."""
    months_at: int
    memory_at: int
    to_breaker_at: int
    demilitarised_worth_at: int


@dataclass(frozen=True)
class RedLines:
    """F red lines: on content as forbidden options without a remedy, on order as step pairs."""

    names: tuple[str, ...]
    by: Integers
    holds_at: Integers
    never: tuple[tuple[tuple[int, int], ...], ...]
    without: tuple[tuple[tuple[int, int], ...], ...]
    do: tuple[tuple[int, ...], ...]
    only_after: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Audiences:
    """Domestic gates."""

    names: tuple[str, ...]
    of: Integers
    threshold_at: Integers
    noise_at: Integers
    step: Integers
    """(gates,) the step that is the vote, -1 when it comes before the start."""
    baseline_at: Integers
    effect_at: Integers
    """(gates, J, O)."""
    interactions: tuple[tuple[tuple[tuple[int, int], ...], int], ...]
    """Per interaction its (issue, option) pairs and where its value stands."""
    interaction_gate: Integers
    cost_at: Integers
    """(gates, J, O)."""


@dataclass(frozen=True)
class Politics:
    """Changes of government."""

    names: tuple[str, ...]
    month: Integers
    """(changes,) months after signature, -1 when no date is said."""
    chance_at: Integers
    hazard_at: Integers
    changes: tuple[tuple[tuple[int, int], ...], ...]
    """Per change (index of what changes in θ, index of what it becomes)."""
    credibility_only: Flags
    """(changes,) nothing changes but how credible guarantees are."""


@dataclass(frozen=True)
class Translation:
    """A scenario in integers."""

    parameters: Parameters
    actors: Actors
    land: Land
    instruments: Instruments
    issues: Issues
    steps: Steps
    guarantees: Guarantees
    war: Fighting | None
    """None when the scenario says what each gets without a deal instead of a war."""
    red_lines: RedLines
    audiences: Audiences
    politics: Politics

    @property
    def fighting(self) -> Fighting:
        """The war, for what cannot do without one."""
        if self.war is None:
            raise ProblemError("the scenario has no war, and this asks what fighting on is worth")
        return self.war
