"""Histories: what may become of a war and of what is signed to end it, month by month.

Definition. A policy is a solved game of talks and what follows each signature in it. From month 0
to the horizon H a history goes through these months, in this order:

**At war**, line at f after n moves, as in `servanda.problems.talks`:

1. while the talks go on, somebody may be recognised to make an offer, and what the policy has
   ``chosen`` there is agreed, or a side gives in. A deal is put to the vote;
2. else a truce that holds may be ended by a or b; without one, one may be agreed. It lasts until it
   is ended, and scales the ``tempo`` of the line and the chances of giving way;
3. each side strikes at the level that the policy has ``striking`` there, unless a truce stops that;
4. side a or b gives way, else the line may move, and then the war may freeze. After the M months of
   the talks the war goes on as in the last of them, strikes too.

**Under a vote.** ``ratify_months`` after signature every gate lets the deal through or does not;
till then there is war and the line stands, and strikes are as in ``month``. Voted down, the war
goes on without talks.

**Carrying out a plan**, row ``plan_of[f, c]``, from one of its Q moments to the next; the last
stands for all later ones. At each, somebody may breach in one of K ways; else it takes a month or
no time; then a step that may fail may do so. A breach is pocketed, or war comes again:

**At war again**, as above but with a war of its own, and without talks or truces.

Values are normalised: a month's flow counts (1-δ)δ^t; what ends a history counts for ever; after H
a plan that stands is worth its last flow for ever, and a war that goes on that of its last month.

Sources: the talks, see `servanda.problems.talks`; the vote, Iida (1993), JCR 37(3); breach by a
logit rate, McKelvey and Palfrey (1998), Experimental Economics 1, worked out in
`servanda.solvers.chance_plan`; peace as a time until war comes again, Walter (2002), Committing to
Peace, and Fortna (2004), Peace Time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.problems.talks import TalksProblem

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

MOST_MONTHS = 2_400
"""Longest horizon."""

KEPT_FOR_GOOD = -1
"""In place of a plan row: the deal is worth what it is worth in the talks, and nobody breaks it."""

POCKETED = -1
"""In place of a war: the breach is put up with."""


@dataclass(frozen=True, eq=False)
class PlanRows:
    """What follows a signature: R rows of Q moments, G gates, K ways of breach.

    Attributes:
        passes: (R, G) chance that a gate lets it through.
        ratify_months: (R,) months from signature to the vote.
        stages: (R,) how many stages the plan has.
        stage: (R, Q) the one under way; as many as there are once all is done.
        lasts: (R, Q) whether a month passes; at the last moment it must.
        fights: (R, Q) whether the fighting goes on, as no ceasefire has taken hold yet.
        hazard: (R, Q, K) chance of a breach in each way; they exclude each other.
        step_fails: (R, Q) chance that a step fails at the end of the moment.
        flow: (R, Q, 2) flow to each side, one-off costs included; times (1-δ) it is what the
            moment adds. At a moment that takes no time only such costs.
        war_after: (R, Q, K) the war that follows, from the same month on; -1: it is pocketed.
        pocketed: (R, Q, K, 2) value to each side for ever after a breach that is pocketed.
        failed: (R, Q, 2) value to each side for ever after a step that failed.
    """

    passes: Floats
    ratify_months: Integers
    stages: Integers
    stage: Integers
    lasts: Flags
    fights: Flags
    hazard: Floats
    step_fails: Floats
    flow: Floats
    war_after: Integers
    pocketed: Floats
    failed: Floats


@dataclass(frozen=True, eq=False)
class WarsAgain:
    """Wars that may follow a breach: W of them, L months since each began, the last for all later.

    What giving way or reaching an end of the line brings is as in the talks.

    Attributes:
        start: (W,) position of the line.
        tempo: (W, L, F) chance that the line moves. chance: (W, L, F) that a move is a's.
        gives_way: (W, L, F, 2) chance that a, or b, gives way; they exclude each other.
        freeze: (W, L) chance that it stops.
        month: (W, L, F, 2) what a month adds to each side's value: (1-δ) times the flow.
        frozen: (W, F, 2) value to each side once it has stopped.
    """

    start: Integers
    tempo: Floats
    chance: Floats
    gives_way: Floats
    freeze: Floats
    month: Floats
    frozen: Floats


@dataclass(frozen=True, eq=False)
class Truces:
    """Truces while the war goes on: T kinds, M months of the talks, the last for all later ones.

    Attributes:
        starts: (T, M) chance that one is agreed in a month without one; they exclude each other.
        breaks: (T, M, 2) chance that a, or b, ends it; they exclude each other.
        month: (T, 2) what a month of it adds to each side's value beside the war's.
        tired: (T, 2) factor on the chance of giving way, from 0 to 1.
        tempo: (T,) factor on the tempo of the line, from 0 to 1.
        stops: (T, 2) whether a's, b's strikes are no choice while it holds, nor add anything.
    """

    starts: Floats
    breaks: Floats
    month: Floats
    tired: Floats
    tempo: Floats
    stops: Flags


@dataclass(frozen=True, eq=False)
class HistoriesProblem:
    """One policy and what follows: M months of talks, F positions, C deals, sides (a, b).

    Arrays are checked and made read-only, those of the solution without a copy; a fault raises
    ProblemError, which names all of them. Nature is the third believer of the talks, the analyst.

    Attributes:
        talks: the game.
        chosen: (M, M + 1, F, 3) what is agreed, by who makes the offer, as in its solution.
        refusal: (M, M + 1, F, 2) value of refusing, likewise.
        striking: (M, M + 1, F, 2) level at which a, or b, strikes, likewise.
        horizon: H, months looked at.
        plan_of: (F, C) row of the plan when a deal is signed at a position; -1: kept for good.
        way_actor: (K,) who breaches in each way.
        plans, wars, truces: what follows, as explained there.
    """

    talks: TalksProblem
    chosen: NDArray[np.int16]
    refusal: Floats
    striking: NDArray[np.uint8]
    horizon: int
    plan_of: Integers
    way_actor: Integers
    plans: PlanRows
    wars: WarsAgain
    truces: Truces

    def __post_init__(self) -> None:
        complaints = []
        for part, shapes in _shapes(self).items():
            holder = getattr(self, part) if part else self
            arrays = {}
            for name, (kind, shape) in shapes.items():
                label = f"{part}.{name}" if part else name
                given = getattr(holder, name)
                arrays[name] = array = _read_only(given, kind)
                if array.shape != shape:
                    complaints.append(f"{label}: shape {array.shape}, wanted {shape}")
                elif kind is np.int64 and not (array == given).all():
                    complaints.append(f"{label}: wanted whole numbers")
            if part:
                object.__setattr__(self, part, replace(holder, **arrays))
            else:
                for name, array in arrays.items():
                    object.__setattr__(self, name, array)
        complaints = [*wrong_horizon(self.horizon), *(complaints or _faults(self))]
        if complaints:
            raise ProblemError("; ".join(complaints))


# ---------------------------------------------------------------- checks


def _shapes(p: HistoriesProblem) -> dict[str, dict[str, tuple[Any, tuple[int, ...]]]]:
    """Kind and shape of every array, by part."""
    M, F, C = p.talks.months, p.talks.positions, p.talks.deals.shape[1]
    R, Q, K = [*np.shape(p.plans.hazard), 0, 0, 0][:3]
    G = np.shape(p.plans.passes)[1] if np.ndim(p.plans.passes) == 2 else 0
    W, L = [*np.shape(p.wars.tempo), 0, 0][:2]
    T = np.size(p.truces.tempo)
    real, whole, flag = np.float64, np.int64, np.bool_
    return {
        "": {
            "chosen": (np.int16, (M, M + 1, F, 3)),
            "refusal": (real, (M, M + 1, F, 2)),
            "striking": (np.uint8, (M, M + 1, F, 2)),
            "plan_of": (whole, (F, C)),
            "way_actor": (whole, (K,)),
        },
        "plans": {
            "passes": (real, (R, G)),
            "ratify_months": (whole, (R,)),
            "stages": (whole, (R,)),
            "stage": (whole, (R, Q)),
            "lasts": (flag, (R, Q)),
            "fights": (flag, (R, Q)),
            "hazard": (real, (R, Q, K)),
            "step_fails": (real, (R, Q)),
            "flow": (real, (R, Q, 2)),
            "war_after": (whole, (R, Q, K)),
            "pocketed": (real, (R, Q, K, 2)),
            "failed": (real, (R, Q, 2)),
        },
        "wars": {
            "start": (whole, (W,)),
            "tempo": (real, (W, L, F)),
            "chance": (real, (W, L, F)),
            "gives_way": (real, (W, L, F, 2)),
            "freeze": (real, (W, L)),
            "month": (real, (W, L, F, 2)),
            "frozen": (real, (W, F, 2)),
        },
        "truces": {
            "starts": (real, (T, M)),
            "breaks": (real, (T, M, 2)),
            "month": (real, (T, 2)),
            "tired": (real, (T, 2)),
            "tempo": (real, (T,)),
            "stops": (flag, (T, 2)),
        },
    }


def _read_only(given: Any, kind: Any) -> NDArray[Any]:
    """The array in its kind and in C order, without a copy where it is so already."""
    array: NDArray[Any] = np.ascontiguousarray(given, dtype=kind).reshape(np.shape(given)).view()
    array.flags.writeable = False
    return array


def _faults(p: HistoriesProblem) -> Iterator[str]:
    plans, wars, truces = p.plans, p.wars, p.truces
    R, Q, _ = plans.hazard.shape
    C = p.talks.deals.shape[1]
    for name, array in (
        ("plans.passes", plans.passes),
        ("plans.hazard", plans.hazard),
        ("plans.step_fails", plans.step_fails),
        ("wars.tempo", wars.tempo),
        ("wars.chance", wars.chance),
        ("wars.gives_way", wars.gives_way),
        ("wars.freeze", wars.freeze),
        ("truces.starts", truces.starts),
        ("truces.breaks", truces.breaks),
        ("truces.tired", truces.tired),
        ("truces.tempo", truces.tempo),
    ):
        if not ((array >= 0) & (array <= 1)).all():
            yield f"{name}: wanted from 0 to 1"
    for name, array, axis in (
        ("plans.hazard", plans.hazard, -1),
        ("wars.gives_way", wars.gives_way, -1),
        ("truces.starts", truces.starts, 0),
        ("truces.breaks", truces.breaks, -1),
    ):
        total = array.sum(axis=axis)
        if total.size and total.max() > 1 + 1e-12:
            yield f"{name}: probabilities sum to {total.max():g}, above 1"
    for name, array in (
        ("plans.flow", plans.flow),
        ("plans.pocketed", plans.pocketed),
        ("plans.failed", plans.failed),
        ("wars.month", wars.month),
        ("wars.frozen", wars.frozen),
        ("truces.month", truces.month),
    ):
        if not np.isfinite(array).all():
            yield f"{name}: wanted finite numbers"
    limits: tuple[tuple[str, NDArray[Any], int, Any], ...] = (
        ("plan_of", p.plan_of, KEPT_FOR_GOOD, R - 1),
        ("way_actor", p.way_actor, 0, None),
        ("plans.ratify_months", plans.ratify_months, 0, None),
        ("plans.stages", plans.stages, 0, None),
        ("plans.stage", plans.stage, 0, plans.stages[:, np.newaxis]),
        ("plans.war_after", plans.war_after, POCKETED, len(wars.start) - 1),
        ("wars.start", wars.start, 0, p.talks.positions - 1),
        ("chosen", p.chosen, -4, C - 1),
        ("striking", p.striking, 0, p.talks.levels - 1),
    )
    for name, whole, least, most in limits:
        if (whole < least).any():
            yield f"{name}: {whole.min()}, wanted at least {least}"
        if most is not None and (whole > most).any():
            yield f"{name}: {whole.max()}, wanted at most {np.max(most)}"
    if R and (Q == 0 or not plans.lasts[:, -1].all()):
        yield "plans.lasts: a month must pass at the last moment of a plan"


def wrong_horizon(horizon: Any) -> Iterator[str]:
    """What is wrong with it, if anything."""
    if not is_whole(horizon) or not 1 <= horizon <= MOST_MONTHS:
        yield f"horizon: {horizon}, wanted a whole number of months from 1 to {MOST_MONTHS}"


def is_whole(number: Any) -> bool:
    """Whether it is a whole number, and no truth value."""
    return isinstance(number, (int, np.integer)) and not isinstance(number, bool)
