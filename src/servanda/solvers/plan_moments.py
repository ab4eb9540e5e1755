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
from servanda.problems.chance import ChanceProblem, LogitNoise, single_chance_draw
from servanda.results.plan import BreachKind, Constraint
from servanda.solvers.chance_plan import (
    HORIZON,
    ChanceLayout,
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
    """A plan as Q moments, with K ways of breach; A actors.

    Attributes:
        ways: (K,) actor, and the kind of breach. way_actor: (K,) the actor, as a number.
        stages: how many there are. stage: (Q,) the one under way; ``stages`` once all is done.
        lasts: (Q,) whether a month passes. fights: (Q,) whether there is fighting in it.
        hazard: (Q, K) chance of a breach. step_fails: (Q,) that a step fails at the end.
        flow: (Q, A) to each actor, one-off costs included.
        after: (Q, K, A) value to each actor for ever after that breach; 0 where it has no chance.
        failed: (Q, A) value for ever after a step that failed, likewise.
        constraint: (Q, K) number of the likeliest such temptation in ``constraints``; -1: none.
        constraints: every temptation of the plan.
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


def plan_moments(
    game: ChanceProblem, plan: Plan, *, noise: LogitNoise | None = None, horizon: int = HORIZON
) -> PlanMoments:
    """Moments of a plan, and the chance of every ending at each.

    Args:
        game, plan, noise: as in `servanda.solvers.chance_plan.evaluate_with_chance`.
        horizon: months from signature that matter.

    Raises:
        ProblemError: the plan cannot be read, or the horizon is negative.
    """
    if horizon < 0:
        raise ProblemError(f"horizon: {horizon} months; must not be negative")
    layout = lay_out_chance(game, plan)
    moments = list(_walk(game, layout, noise, horizon))
    path = layout.path
    actors = game.problem.actors
    ways = sorted({(actors.index(one.actor), one.kind) for one in layout.constraints})
    Q, K, A = len(moments), len(ways), len(actors)
    hazard, after = np.zeros((Q, K)), np.zeros((Q, K, A))
    constraint = np.full((Q, K), -1)
    for q, moment in enumerate(moments):
        likeliest = np.zeros(K)
        for line, chance, worth in moment.breaches:
            one = layout.constraints[line]
            k = ways.index((actors.index(one.actor), one.kind))
            hazard[q, k] += chance
            after[q, k] += chance * worth
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
    )


@dataclass(frozen=True, eq=False)
class _Moment:
    """One moment, if the plan reaches it: its place in the layout, and what may happen.

    Breaches are a temptation, its chance, and the value of what follows to every actor.
    """

    place: int
    breaches: list[tuple[int, float, Floats]]
    step_fails: float
    flow: Floats
    failed: Floats


def _walk(
    game: ChanceProblem, layout: ChanceLayout, noise: LogitNoise | None, horizon: int
) -> Iterator[_Moment]:
    numbers = single_chance_draw(game)
    moved = moves_of(game.dates, numbers)
    mode = kernel.EXACT if noise is None else kernel.NOISY
    played = play_once(layout, numbers, moved, noise, mode, horizon)
    drawn = {name: getattr(numbers, name)[0] for name in kernel.Game._fields[:-1]}
    one = kernel.Game(**drawn, move=moved[0])
    path, view = layout.path, len(game.problem.actors)
    P, R, A = played.value.shape
    now = np.eye(R)[0]
    p, calendar = 0, 0
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
        yield _Moment(p, breaches, fails, flow, failed)
        now = survives
        if p == P - 1 and (R == 1 or calendar > horizon):
            return
        p = min(p + 1, P - 1)


def _breaches(
    path: kernel.Path, game: kernel.Game, played: kernel.Outcome, p: int, now: Floats
) -> Iterator[tuple[int, float, Floats]]:
    """Each actor's best breach in each condition: which, its chance, and what follows is worth."""
    R, A = len(now), len(game.discount)
    lines = np.arange(path.begin[p], path.begin[p + 1])
    for i in range(A):
        own = lines[path.lines[lines, kernel.ACTOR] == i]
        for r in range(R):
            chance = float(now[r] * played.breaks[p, r, i])
            if chance > 0.0:
                line = int(own[np.argmax(played.breach[own, r])])
                worth = np.zeros((R, A))
                kernel.after_breach(path, game, line, p, 0, A, worth)
                yield line, chance, worth[r]


def _of_steps(table: Floats, mask: int) -> Floats:
    """Rows of a table of steps that are in a stage."""
    return table[[j for j in range(len(table)) if (mask >> j) & 1]]
