"""What a plan under noise is like from one moment to the next, for histories to walk.

The chance solver follows a plan exactly, over all political conditions at once. Here the same is
written as hazards: at each decision moment that the plan reaches, the chance of each breach, of a
step that fails, and what is worth what to whom, the conditions averaged as the analyst expects them
to be by then. Walking these gives every ending its exact chance.

Where one condition is possible, the last moment, after which nothing changes, stands for all later
ones; where there are several, moments go on to the horizon.

Source: the hazards are those of `servanda.solvers.chance_plan`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.kernels import chance as kernel
from servanda.kernels import chance_arrays as arrays
from servanda.kernels.chance_breach import after_breach
from servanda.problems.chance import ChanceDraws, ChanceProblem, LogitNoise, single_chance_draw
from servanda.results.plan import BreachKind, Constraint
from servanda.solvers.chance_plan import (
    HORIZON,
    lay_out_chance,
    moves_of,
    play_once,
)
from servanda.solvers.plan import Plan

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class PlanMoments:
    """A plan as Q moments, with K ways of breach; A actors, L temptations, R conditions.

    Attributes:
        ways: (K,) actor, and the kind of breach. way_actor: (K,) the actor, as a number.
        stages: how many there are. stage: (Q,) the one under way; ``stages`` once all is done.
        lasts: (Q,) whether a month passes. fights: (Q,) whether there is fighting in it.
        hazard: (Q, K) chance of a breach. step_fails: (Q,) that a step fails at the end.
        flow: (Q, A) to each actor, one-off costs included.
        after: (Q, K, A) value to each actor for ever after that breach; 0 where it has no chance.
        failed: (Q, A) value for ever after a step that failed, likewise.
        constraint: (Q, K) number of the likeliest such temptation in ``constraints``; -1: none.
        constraints: (L) every temptation of the plan.
        start: (A,) value at the beginning. state: (Q,) bitmask of the steps done.
        share: (Q, R) chance of each political condition if the moment is reached.
        breaches: each that has a chance: moment, temptation, and (R,) the chance of it in each
            condition, which add up to ``hazard``.
        reached: (L,) bitmask of the state after it. attack: (L,) whether it is one.
        quiet: (L,) months of quiet when it comes to light.
        quiet_at_end: (Q,) months of quiet when the stage ends.
    """

    ways: tuple[tuple[str, BreachKind], ...]
    way_actor: Integers
    stages: int
    stage: Integers
    lasts: Flags
    fights: Flags
    hazard: Floats
    step_fails: Floats
    flow: Floats
    after: Floats
    failed: Floats
    constraint: Integers
    constraints: tuple[Constraint, ...]
    start: Floats
    state: Integers
    share: Floats
    breaches: tuple[tuple[int, int, Floats], ...]
    reached: Integers
    attack: Flags
    quiet: Floats
    quiet_at_end: Floats


def plan_moments(
    game: ChanceProblem,
    plan: Plan,
    *,
    noise: LogitNoise | None = None,
    horizon: int = HORIZON,
    numbers: ChanceDraws | None = None,
) -> PlanMoments:
    """Moments of a plan, and the chance of every ending at each.

    Args:
        game, plan, noise: as in `servanda.solvers.chance_plan.evaluate_with_chance`.
        horizon: months from signature that matter.
        numbers: of one draw, in place of the problem's own.

    Raises:
        ProblemError: the plan cannot be read, or the horizon is negative.
    """
    if horizon < 0:
        raise ProblemError(f"horizon: {horizon} months; must not be negative")
    layout = lay_out_chance(game, plan)
    path, numbers = layout.path, numbers or single_chance_draw(game)
    moved = moves_of(game.dates, numbers)
    mode = kernel.EXACT if noise is None else kernel.NOISY
    played = play_once(layout, numbers, moved, noise, mode, horizon)
    drawn = {name: getattr(numbers, name)[0] for name in arrays.Game._fields[:-1]}
    one_draw = arrays.Game(**drawn, move=moved[0])
    moments = list(_walk(path, one_draw, played, horizon))
    actors = game.problem.actors
    ways = sorted({(actors.index(one.actor), one.kind) for one in layout.constraints})
    Q, K, A = len(moments), len(ways), len(actors)
    hazard, after = np.zeros((Q, K)), np.zeros((Q, K, A))
    constraint = np.full((Q, K), -1)
    for q, moment in enumerate(moments):
        likeliest = np.zeros(K)
        for line, chances, worth in moment.breaches:
            chance = chances.sum()
            one = layout.constraints[line]
            k = ways.index((actors.index(one.actor), one.kind))
            hazard[q, k] += chance
            after[q, k] += chances @ worth
            if chance > likeliest[k]:
                likeliest[k], constraint[q, k] = chance, line
    np.divide(after, hazard[..., None], out=after, where=hazard[..., None] > 0)
    places = [moment.place for moment in moments]
    return PlanMoments(
        ways=tuple((actors[actor], kind) for actor, kind in ways),
        way_actor=np.array([actor for actor, _ in ways], dtype=np.int64),
        stages=len(path.mask),
        stage=path.stage[places],
        lasts=~path.instant[places],
        fights=path.fighting[places] & ~path.instant[places],
        hazard=hazard,
        step_fails=np.array([moment.step_fails for moment in moments]),
        flow=np.array([moment.flow for moment in moments]),
        after=after,
        failed=np.array([moment.failed for moment in moments]),
        constraint=constraint,
        constraints=layout.constraints,
        start=played.value[0, 0],
        state=game.problem.states[path.row[places]],
        share=np.array([moment.share for moment in moments]),
        breaches=tuple(
            (q, line, chances)
            for q, moment in enumerate(moments)
            for line, chances, _ in moment.breaches
        ),
        reached=game.problem.states[path.lines[:, arrays.REACHED]],
        attack=path.lines[:, arrays.IS_ATTACK] == 1,
        quiet=_quiet(game, path.lines[:, arrays.KNOT], path.weight),
        quiet_at_end=np.append(_quiet(game, path.fail_knot, path.fail_weight), 0.0)[
            path.stage[places]
        ],
    )


@dataclass(frozen=True, eq=False)
class _Moment:
    """One moment, if the plan reaches it: its place in the layout, and what may happen.

    Breaches are a temptation, and by condition its chance, (R,), and the value of what follows to
    every actor, (R, A).
    """

    place: int
    share: Floats
    breaches: list[tuple[int, Floats, Floats]]
    step_fails: float
    flow: Floats
    failed: Floats


def _walk(
    path: arrays.Path, one: arrays.Game, played: kernel.Outcome, horizon: int
) -> Iterator[_Moment]:
    P, R, A = played.value.shape
    now = np.eye(R)[0]
    p, calendar, view = 0, 0, A
    while True:
        breaks = played.breaks[p]
        breaches = list(_breaches(path, one, played, p, now))
        stays = now * np.clip(1.0 - breaks.sum(axis=1), 0.0, None)
        survives = stays / stays.sum() if stays.sum() > 0.0 else now
        flow = np.zeros(A)
        if not path.instant[p]:
            flow = survives @ one.flows[:, path.row[p]] - path.fighting[p] * one.fighting_cost
        k = path.stage[p]
        if path.first[p] and k < len(path.mask):
            flow = flow - _of_steps(one.costs, path.mask[k]).sum(axis=0)
        if not path.instant[p]:
            at = min(calendar + 1, one.move.shape[1] - 1)
            survives = survives @ one.move[view, at]
            calendar += 1
        fails, failed = 0.0, np.zeros(A)
        if path.last[p]:
            fails = 1.0 - float(_of_steps(one.passes.T, path.mask[k])[:, view].prod())
            knot, weight = path.fail_knot[k], path.fail_weight[k]
            worth = one.failed[:, path.row[p], knot]
            if weight > 0.0:
                worth = worth + weight * (one.failed[:, path.row[p], knot + 1] - worth)
            failed = survives @ worth
        yield _Moment(p, now, breaches, fails, flow, failed)
        now = survives
        if p == P - 1 and (R == 1 or calendar > horizon):
            return
        p = min(p + 1, P - 1)


def _breaches(
    path: arrays.Path, game: arrays.Game, played: kernel.Outcome, p: int, now: Floats
) -> Iterator[tuple[int, Floats, Floats]]:
    """Each actor's best breach in each condition: which, its chance, and what follows is worth."""
    R, A = len(now), len(game.discount)
    lines = np.arange(path.begin[p], path.begin[p + 1])
    for i in range(A):
        own = lines[path.lines[lines, arrays.ACTOR] == i]
        chance = now * played.breaks[p, :, i]
        some = np.flatnonzero(chance)
        if not len(some):
            continue
        best = own[played.breach[own].argmax(axis=0)]
        for line in np.unique(best[some]).tolist():
            worth = np.zeros((R, A))
            after_breach(path, game, line, p, 0, A, worth)
            yield line, np.where(best == line, chance, 0.0), worth


def _quiet(game: ChanceProblem, knot: Integers, weight: Floats) -> Floats:
    """Months of quiet between two knots of the clock."""
    clocks = game.problem.clocks
    after = clocks[np.minimum(knot + 1, len(clocks) - 1)]
    found: Floats = clocks[knot] + weight * (after - clocks[knot])
    return found


def _of_steps(table: Floats, mask: int) -> Floats:
    """Rows of a table of steps that are in a stage."""
    return table[[j for j in range(len(table)) if (mask >> j) & 1]]
