"""Would this order of steps be kept? Every temptation of a plan, and its weakest link.

A plan is self-enforcing when in every month of every stage no actor does better by one breach
(subgame perfection by the one-shot-deviation principle). In state C, month s of a stage B of d
months, t months of quiet, actor i keeps while V_i(C, s), the value of carrying on, is at least:

============  =========================================================  =========================
kind          value of the breach                                        whose
============  =========================================================  =========================
attack        W_i(C; t)                                                  belligerents
walk-away     Z_i(C; t)                                                  belligerents, and owners
                                                                         of any remaining step
cheat         (1-δ^v)(u(C) + gain) + δ^v Z_i(C; t+v)                     owners of a step of B,
                                                                         unless B is verified
undo          (1-δ^v)(u(C∖j) + gain) + δ^v Z_i(C∖j; t+v)                 who can reverse done step j
shirk         (1-δ^(d-s)) u(C) + δ^(d-s) X_i, X_i the value of           owners of a part B_i of an
              (1-δ^v)(u(C') + gain) + δ^v Z_i(C'; t'+v)                  unverified joint stage,
              in C' = C∪B∖B_i, t' the clock at the stage's end           other than all of it
end-attack    W_i(K; t) at the clock reached and at every later knot     belligerents
end-undo      as undo, at the clock reached and every later knot         who can reverse step j
============  =========================================================  =========================

Choices where the model page leaves room:

* Shirking is decided at any month of the stage and shows only when the exchange takes place, so
  both sides wait for the stage's end; with d = 0 this is the model's formula word for word. A
  shirker at month 0 saves the stage's cost. What it withholds comes to light with the first of its
  steps to be detected (the shortest delay), and it enjoys the gains of all of them meanwhile.
* Undetected months are quiet months when the state then reached is quiet. While fighting goes on
  the clock stands at 0. Undoing the ceasefire itself keeps the months of quiet had so far: both
  sides have re-armed for that long.
* Flows while a breach is hidden bear the fighting cost of the state then reached.
* After completion, a hidden undoing begun at any moment comes to light at some clock; since tables
  are linear between knots it is enough to look at the clock reached and at each later knot.
* A prerequisite must be done before the stage begins; the same stage does not do.

Sources: Fearon (1998); Powell (2006); Abreu, D. (1988), On the theory of infinitely repeated games
with discounting, Econometrica 56(2) (one-shot deviations); Telser, L. (1980), A theory of
self-enforcing agreements, Journal of Business 53(1).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from servanda.errors import NotFoundError, ProblemError
from servanda.kernels import plan_margins as kernel
from servanda.problems.implementation import (
    TOLERANCE,
    ImplementationProblem,
    PayoffDraws,
    single_draw,
)
from servanda.problems.state_sets import mask_of, steps_of
from servanda.results.plan import (
    BreachKind,
    Constraint,
    ConstraintMargin,
    MissedDeadline,
    PlanEvaluation,
    PlanMargins,
    StageEvaluation,
)

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Stage:
    """One stage of a plan with its exchange stated: (steps, verified)."""

    steps: tuple[int | str, ...]
    verified: bool = False


StageLike = int | str | Sequence[int | str] | Stage
Plan = Sequence[StageLike]


def evaluate_plan(problem: ImplementationProblem, plan: Plan) -> PlanEvaluation:
    """Evaluate a plan: values, every constraint with both sides, margin and weakest link.

    Args:
        problem: the game.
        plan: the stages in order; each a step (index or label), several steps, or a `Stage`.
            Whether an exchange is verified is looked up in the problem's stages, the first that
            fits; a joint stage not declared there must be given as a `Stage`.
    """
    layout = plan_layout(problem, plan)
    values, keep, breach = _run(layout, single_draw(problem))
    margins = keep[0] - breach[0]
    weakest = int(margins.argmin()) if len(margins) else -1
    margin = float(margins[weakest]) if len(margins) else inf
    constraints = tuple(
        ConstraintMargin(one, float(k), float(b), float(k - b))
        for one, k, b in zip(layout.constraints, keep[0], breach[0], strict=True)
    )
    per_point = _smallest_by_point(problem.actors, constraints, len(layout.stages))
    stages = tuple(
        StageEvaluation(
            steps=tuple(problem.steps[j] for j in steps_of(mask)),
            verified=verified,
            start_month=int(layout.start_month[k]),
            months=int(layout.months[k]),
            clock=float(layout.clock[k]),
            owners=_owners(problem, mask),
            smallest_margins=per_point[k],
        )
        for k, (mask, verified) in enumerate(layout.stages)
    )
    return PlanEvaluation(
        actors=problem.actors,
        stages=stages,
        end_margins=per_point[-1],
        values=values[0],
        constraints=constraints,
        weakest=weakest,
        margin=margin,
        months=int(layout.start_month[-1]),
        self_enforcing=margin >= -TOLERANCE,
        missed=_missed(problem, layout),
    )


def as_plan(evaluation: PlanEvaluation) -> tuple[Stage, ...]:
    """The stages of an evaluated plan, to be evaluated again elsewhere."""
    return tuple(Stage(stage.steps, stage.verified) for stage in evaluation.stages)


def plan_margins(problem: ImplementationProblem, draws: PayoffDraws, plan: Plan) -> PlanMargins:
    """The margins of one plan in every draw; the same numbers as `evaluate_plan`, in one loop.

    Args:
        problem: steps, owners, months, delays, clocks and states; its payoffs are not read.
        draws: payoffs, rows in the order of the problem's states.
        plan: as in `evaluate_plan`.
    """
    layout = plan_layout(problem, plan)
    _check_draws(problem, draws)
    values, keep, breach = _run(layout, draws)
    margins = keep - breach
    if margins.shape[1]:
        weakest = margins.argmin(axis=1).astype(np.int64)
        smallest = margins[np.arange(len(margins)), weakest]
    else:
        weakest = np.full(draws.n_draws, -1, dtype=np.int64)
        smallest = np.full(draws.n_draws, inf)
    return PlanMargins(
        actors=problem.actors,
        constraints=layout.constraints,
        margins=smallest,
        weakest=weakest,
        values_at_start=values[:, 0, :],
        constraint_margins=margins,
        self_enforcing=smallest >= -TOLERANCE,
    )


def plan_states(problem: ImplementationProblem, plan: Plan) -> Integers:
    """States whose tables a plan reads, ascending; the problem need not have them."""
    stages = read_plan(problem, plan)
    found = {problem.full}
    state = 0
    for mask, verified in stages:
        found.add(state)
        found.update(state & ~(1 << j) for j in steps_of(state) if problem.reversible[j].any())
        if not verified:
            for i in range(len(problem.actors)):
                own = problem.owned(mask, i)
                if own not in {0, mask}:
                    found.add(state | (mask & ~own))
        state |= mask
    found.update(state & ~(1 << j) for j in steps_of(state) if problem.reversible[j].any())
    return np.array(sorted(found), dtype=np.int64)


def read_plan(problem: ImplementationProblem, plan: Plan) -> tuple[tuple[int, bool], ...]:
    """A plan as (bitmask, verified), checked: every step once, after its prerequisites."""
    stages: list[tuple[int, bool]] = []
    done = 0
    for given in plan:
        mask, verified = read_stage(problem, given)
        if mask & done:
            raise ProblemError(f"plan: {problem.name_state(mask & done)} occurs twice")
        for j in steps_of(mask):
            missing = int(problem.requires[j]) & ~done
            if missing:
                raise ProblemError(
                    f"plan: '{problem.steps[j]}' begins before its prerequisites "
                    f"{problem.name_state(missing)} are done"
                )
        done |= mask
        stages.append((mask, verified))
    if done != problem.full:
        raise ProblemError(f"plan: {problem.name_state(problem.full & ~done)} is missing")
    return tuple(stages)


# ---------------------------------------------------------------- the layout of a plan


@dataclass(frozen=True)
class PlanLayout:
    """What of a plan does not depend on payoffs; see `plan_margins_kernel` for the arrays."""

    stages: tuple[tuple[int, bool], ...]
    start_month: Integers
    clock: Integers
    months: Integers
    masks: Integers
    rows: Integers
    fighting: NDArray[np.bool_]
    constraints: tuple[Constraint, ...]
    temptations: tuple["Temptation", ...]
    table: Integers
    knot_weight: Floats
    longest: int


def plan_layout(problem: ImplementationProblem, plan: Plan) -> PlanLayout:
    """List the constraints of a plan and where each finds its numbers."""
    stages = read_plan(problem, plan)
    m = len(stages)
    months = [problem.stage_months(mask) for mask, _ in stages]
    states, clock = [0], [0]
    for (mask, _), duration in zip(stages, months, strict=True):
        clock.append(0 if problem.fighting(states[-1]) else clock[-1] + duration)
        states.append(states[-1] | mask)
    start = np.concatenate([[0], np.cumsum(months)]).astype(np.int64)
    constraints: list[Constraint] = []
    listed = tuple(temptations(problem, stages, states, clock, months))
    lines: list[list[int]] = []
    weights: list[float] = []
    longest = max(months)
    for found in listed:
        constraints.append(
            Constraint(
                stage=found.point,
                month=found.month,
                plan_month=int(start[found.point]) + found.month,
                clock=float(found.clock),
                actor=problem.actors[found.actor],
                kind=found.kind,
                step=" + ".join(problem.steps[j] for j in steps_of(found.steps)),
            )
        )
        knot, weight = knot_of(problem.clocks, found.exposed_clock)
        remaining = -1 if found.month == 0 else months[found.point] - found.month
        line = [0] * kernel.N_COLUMNS
        line[kernel.POINT] = found.point
        line[kernel.REMAINING] = remaining
        line[kernel.ACTOR] = found.actor
        line[kernel.LEAD] = found.lead
        line[kernel.REACHED] = problem.state_row(found.reached)
        line[kernel.REACHED_FIGHTING] = int(problem.fighting(found.reached))
        line[kernel.HIDDEN] = found.hidden
        line[kernel.STEPS] = found.steps
        line[kernel.IS_ATTACK] = int(found.kind in {BreachKind.ATTACK, BreachKind.END_ATTACK})
        line[kernel.KNOT] = knot
        lines.append(line)
        weights.append(weight)
        longest = max(longest, found.hidden)
    return PlanLayout(
        stages=stages,
        start_month=start,
        clock=np.array(clock, dtype=np.int64),
        months=np.array(months, dtype=np.int64),
        masks=np.array([mask for mask, _ in stages], dtype=np.int64),
        rows=np.array([problem.state_row(state) for state in states], dtype=np.int64),
        fighting=np.array([problem.fighting(state) for state in states]),
        constraints=tuple(constraints),
        temptations=listed,
        table=np.array(lines, dtype=np.int64).reshape(len(lines), kernel.N_COLUMNS),
        knot_weight=np.array(weights, dtype=np.float64),
        longest=longest if m else 0,
    )


def knot_of(clocks: Floats, clock: float) -> tuple[int, float]:
    """Lower knot and weight of the next one; constant after the last knot."""
    knot = int(np.searchsorted(clocks, clock, side="right")) - 1
    if knot >= len(clocks) - 1:
        return len(clocks) - 1, 0.0
    return knot, float((clock - clocks[knot]) / (clocks[knot + 1] - clocks[knot]))


@dataclass(frozen=True)
class Temptation:
    """A breach as the game has it; the fields that name it are those of `Constraint`.

    Attributes:
        point: index of the stage; the number of stages stands for the end.
        reached: the state after the breach.
        exposed_clock: months of quiet when it comes to light.
        steps: bitmask of the steps cheated on, undone or withheld.
        hidden: months until it comes to light.
        lead: months in the stage's state before it takes effect.
    """

    point: int
    month: int
    clock: float
    actor: int
    kind: BreachKind
    reached: int
    exposed_clock: float
    steps: int = 0
    hidden: int = 0
    lead: int = 0


def temptations(
    problem: ImplementationProblem,
    stages: Sequence[tuple[int, bool]],
    states: Sequence[int],
    clock: Sequence[int],
    months: Sequence[int],
) -> Iterator[Temptation]:
    """Every constraint in the order stage, month, actor, kind; then the end."""
    for k, (stage, verified) in enumerate(stages):
        state = states[k]
        quiet = not problem.fighting(state)
        for s in range(max(months[k], 1)):
            t = clock[k] + s if quiet else 0
            for i in range(len(problem.actors)):
                yield from _open_breaches(problem, k, s, t, i, state)
                if not verified:
                    for j in steps_of(problem.owned(stage, i)):
                        hidden = int(problem.delay[j, i])
                        # With no delay cheating is walking away, which is listed already.
                        if hidden:
                            exposed = t + hidden if quiet else 0
                            yield Temptation(
                                k, s, t, i, BreachKind.CHEAT, state, exposed, 1 << j, hidden
                            )
                yield from _undoings(problem, k, s, t, i, state, BreachKind.UNDO)
                own = problem.owned(stage, i)
                if not verified and own not in {0, stage}:
                    reached = state | (stage & ~own)
                    hidden = min(int(problem.delay[j, i]) for j in steps_of(own))
                    exposed = clock[k + 1] + (0 if problem.fighting(reached) else hidden)
                    lead = months[k] - s
                    yield Temptation(
                        k, s, t, i, BreachKind.SHIRK, reached, exposed, own, hidden, lead
                    )
    yield from _end(problem, len(stages), states[-1], clock[-1])


def _open_breaches(
    problem: ImplementationProblem, k: int, s: int, t: float, i: int, state: int
) -> Iterator[Temptation]:
    if problem.belligerent[i]:
        yield Temptation(k, s, t, i, BreachKind.ATTACK, state, t)
    if problem.belligerent[i] or problem.owned(problem.full & ~state, i):
        yield Temptation(k, s, t, i, BreachKind.WALK_AWAY, state, t)


def _undoings(
    problem: ImplementationProblem, k: int, s: int, t: float, i: int, state: int, kind: BreachKind
) -> Iterator[Temptation]:
    for j in steps_of(state):
        if problem.reversible[j, i]:
            reached = state & ~(1 << j)
            hidden = int(problem.delay[j, i])
            exposed = t + (0 if problem.fighting(reached) else hidden)
            yield Temptation(k, s, t, i, kind, reached, exposed, 1 << j, hidden)


def _end(problem: ImplementationProblem, m: int, state: int, clock: float) -> Iterator[Temptation]:
    later = [float(knot) for knot in problem.clocks if knot > clock]
    for i in range(len(problem.actors)):
        if problem.belligerent[i]:
            for t in [float(clock), *later]:
                yield Temptation(m, 0, t, i, BreachKind.END_ATTACK, state, t)
        for first in _undoings(problem, m, 0, clock, i, state, BreachKind.END_UNDO):
            yield first
            for knot in later:
                if knot > first.exposed_clock:
                    begun = knot - (first.exposed_clock - clock)
                    yield Temptation(
                        m, 0, begun, i, first.kind, first.reached, knot, first.steps, first.hidden
                    )


# ---------------------------------------------------------------- reading and running


def read_stage(problem: ImplementationProblem, given: StageLike) -> tuple[int, bool]:
    """One stage as (bitmask, verified); prerequisites are not looked at."""
    if isinstance(given, Stage):
        return mask_of(step_index(problem, one) for one in given.steps), given.verified
    names = [given] if isinstance(given, (int, str, np.integer)) else list(given)
    mask = mask_of(step_index(problem, one) for one in names)
    if not mask:
        raise ProblemError("plan: a stage without steps")
    for declared, verified in problem.stages:
        if declared == mask:
            return mask, verified
    if mask & (mask - 1):
        raise ProblemError(
            f"plan: {problem.name_state(mask)} is no declared joint stage; give it as a Stage "
            "with its verification"
        )
    return mask, False


def step_index(problem: ImplementationProblem, given: int | str) -> int:
    """Index of a step given by index or label."""
    if isinstance(given, str):
        if given not in problem.steps:
            raise NotFoundError("step", given, problem.steps)
        return problem.steps.index(given)
    if not 0 <= given < problem.n_steps:
        raise ProblemError(f"plan: step {given}; steps are 0 to {problem.n_steps - 1}")
    return int(given)


def _missed(problem: ImplementationProblem, layout: PlanLayout) -> tuple[MissedDeadline, ...]:
    """Deadlines missed, in the order of the plan."""
    return tuple(
        MissedDeadline(problem.steps[j], int(end), int(problem.deadline[j]))
        for (mask, _), end in zip(layout.stages, layout.start_month[1:], strict=True)
        for j in steps_of(mask)
        if 0 <= problem.deadline[j] < end
    )


def _check_draws(problem: ImplementationProblem, draws: PayoffDraws) -> None:
    own = single_draw(problem)
    for name in ("discount", "costs", "gain", "fighting_cost", "flows", "attack", "renege"):
        found, wanted = getattr(draws, name).shape[1:], getattr(own, name).shape[1:]
        if found != wanted:
            raise ProblemError(f"draws.{name}: shape {found} after the draw axis, wanted {wanted}")


def _run(layout: PlanLayout, draws: PayoffDraws) -> tuple[Floats, Floats, Floats]:
    values, keep, breach = kernel.plan_margins_kernel(
        layout.rows,
        layout.fighting,
        layout.months,
        layout.masks,
        layout.table,
        layout.knot_weight,
        layout.longest,
        draws.discount,
        draws.costs,
        draws.gain,
        draws.fighting_cost,
        draws.flows,
        draws.attack,
        draws.renege,
    )
    return values, keep, breach


def _owners(problem: ImplementationProblem, mask: int) -> tuple[str, ...]:
    return tuple(name for i, name in enumerate(problem.actors) if problem.owned(mask, i))


def _smallest_by_point(
    actors: tuple[str, ...], constraints: Sequence[ConstraintMargin], m: int
) -> list[dict[str, float | None]]:
    found: list[dict[str, float | None]] = [dict.fromkeys(actors) for _ in range(m + 1)]
    for one in constraints:
        at = found[one.constraint.stage]
        before = at[one.constraint.actor]
        if before is None or one.margin < before:
            at[one.constraint.actor] = one.margin
    return found
