"""What becomes of an order of steps when chance has a say? Exact for a given plan.

The path of a plan is a chain of decision months; a political condition (regime) rides on it. In
month s of a stage, in regime r, carrying on is worth to actor i, if nobody breaches that month ::

    K_i(s, r) = (1-δ) u_i(C, r) - [s = 0] (1-δ) c_B,i + δ Σ_r' P(r, r') N_i(r')

with N the value of the month after, or, at the end of the stage, ``p_B V_i(C∪B) + (1-p_B) F_i(C)``,
p_B the probability that no step of the stage fails. What the month is worth depends on the play:

* **comply**: V = K. The temptations are those of `servanda.solvers.plan`, every hidden month of
  theirs with chance in it; the plan is self-enforcing when none pays in any regime that may come
  about (one-shot deviations from the tree with chance in it).
* **exact**: one actor after another breaches as soon as that pays, given what the later ones do,
  by backward induction.
* **noisy**: actor i breaches at the rate ``h_i = φ/(1 + e^(λ·m_i))`` a month, m_i the margin of its
  best breach; nobody does with probability e^(-Σh), else i with probability h_i/Σh (competing
  risks). After a breach there is no more noise.

Choices where the model page leaves room:

* The margin is that of an actor who reconsiders alone: K, in which nobody else breaches in the
  same month, but all may later.
* A stage without duration is one decision and bears the noise of one month, as exact play lets
  everybody decide there too. An empty step therefore changes a noisy plan.
* Several temptations of one actor do not add up: it takes the best. Otherwise a right to undo
  ten small steps would count ten times.
* After completion there is one decision a month, for ever: month by month until the last knot of
  the clock and the last dated change, from then on a fixed point. Of several it is the limit of
  plans in which noise ends after N months.
* As λ grows the noisy answer becomes the exact one where all margins are above 0; where one is
  below, its actor breaches at rate φ and not at once.

Sources: McKelvey, R. and Palfrey, T. (1995), Quantal response equilibria for normal form games,
Games and Economic Behavior 10; (1998), Experimental Economics 1; Iida (1993),
Journal of Conflict Resolution 37(3).
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, inf
from typing import Any

import numpy as np

from servanda.errors import ProblemError
from servanda.kernels import chance as kernel
from servanda.kernels import chance_arrays as arrays
from servanda.problems.chance import (
    DRAWN,
    ChanceDraws,
    ChanceProblem,
    Integers,
    LogitNoise,
    single_chance_draw,
)
from servanda.problems.implementation import TOLERANCE, Floats, ImplementationProblem
from servanda.problems.state_sets import steps_of
from servanda.results.chance import ChanceEvaluation, ChanceMargin, ChanceShares, Ending
from servanda.results.plan import BreachKind, Constraint
from servanda.solvers.plan import Plan, Temptation, knot_of, read_plan, temptations
from servanda.solvers.threads import in_threads, n_workers

HORIZON = 120
"""Months of 'ten years'."""

CHUNK = 64
"""Draws played in one go."""


def evaluate_with_chance(
    game: ChanceProblem, plan: Plan, *, noise: LogitNoise | None = None, horizon: int = HORIZON
) -> ChanceEvaluation:
    """Values, temptations, how far a plan is carried and who ends it, with chance on its path.

    Args:
        game: the problem with chance.
        plan: the stages in order, as in `servanda.solvers.plan.evaluate_plan`.
        noise: how parties err; left out, they play exactly.
        horizon: months after completion, and from signature, for which it should hold.

    Raises:
        ProblemError: the plan cannot be read, or the horizon is negative.
    """
    _check_horizon(horizon)
    layout = lay_out_chance(game, plan)
    numbers = single_chance_draw(game)
    moved = moves_of(game.dates, numbers)
    kept = play_once(layout, numbers, moved, noise, kernel.COMPLY, horizon)
    mode = kernel.EXACT if noise is None else kernel.NOISY
    played = play_once(layout, numbers, moved, noise, mode, horizon)
    exact = tuple(_margins(game, layout, kept))
    weakest = min(exact, key=lambda one: one.margin, default=None)
    margin = inf if weakest is None else weakest.margin
    starts = np.flatnonzero(layout.path.first)
    return ChanceEvaluation(
        actors=game.problem.actors,
        regimes=game.regimes,
        order=layout.order,
        months=layout.months,
        horizon=horizon,
        self_enforcing=margin >= -TOLERANCE,
        margin=margin,
        weakest=weakest,
        margins=exact if noise is None else tuple(_margins(game, layout, played)),
        values=played.value[starts],
        reached=played.reached[starts].sum(axis=1),
        failed=played.failed,
        broken=_broken(game, layout, played.ended),
        endings=_endings(game, layout, played),
        held_from_signature=float(played.held[0]),
        held_after_completion=float(played.held[1]),
        expected_months=float(played.months),
        settled=bool(played.settled and kept.settled),
    )


def chance_over_draws(
    game: ChanceProblem,
    draws: ChanceDraws,
    plan: Plan,
    *,
    noise: LogitNoise | None = None,
    horizon: int = HORIZON,
    threads: int | None = None,
) -> ChanceShares:
    """The same numbers for every draw, in one loop.

    Args:
        game: steps, months, states, regimes and dates; its payoffs and chances are not read.
        draws: these, rows in the order of the problem's states.
        plan, noise, horizon: as in `evaluate_with_chance`.
        threads: how many; None: as many as there are cores. The answer does not depend on it.
    """
    _check_horizon(horizon)
    _check_draws(game, draws)
    layout = lay_out_chance(game, plan)
    mode = kernel.EXACT if noise is None else kernel.NOISY

    def play(start: int) -> list[tuple[Any, ...]]:
        part = slice(start, start + CHUNK)
        numbers = ChanceDraws(**{name: getattr(draws, name)[part] for name in DRAWN})
        moved = moves_of(game.dates, numbers)
        return [
            kernel.chance_over_draws_kernel(
                layout.path,
                _numbers(numbers, moved),
                np.full(numbers.n_draws, noise.hazard if noise else 0.0),
                np.full(numbers.n_draws, noise.precision if noise else 0.0),
                one,
                horizon,
            )
            for one in (kernel.COMPLY, mode)
        ]

    parts = list(in_threads(play, range(0, draws.n_draws, CHUNK), n_workers(threads)))
    margins = np.concatenate([kept[6] for kept, _ in parts])
    reached, broken, failed, start, months, held = (
        np.concatenate([played[place] for _, played in parts]) for place in range(6)
    )
    return ChanceShares(
        actors=game.problem.actors,
        order=layout.order,
        horizon=horizon,
        self_enforcing=margins >= -TOLERANCE,
        margins=margins,
        reached=reached,
        failed=failed,
        broken=broken,
        values_at_start=start,
        held_from_signature=held[:, 0],
        held_after_completion=held[:, 1],
        expected_months=months,
    )


# ---------------------------------------------------------------- the layout of a plan


@dataclass(frozen=True)
class ChanceLayout:
    """What of a plan does not depend on payoffs.

    Attributes:
        path: for the kernel.
        constraints: what each temptation is.
        order: labels of the steps, stage by stage.
        months: from signature to completion.
    """

    path: arrays.Path
    constraints: tuple[Constraint, ...]
    order: tuple[tuple[str, ...], ...]
    months: int


def lay_out_chance(game: ChanceProblem, plan: Plan) -> ChanceLayout:
    """Decision months of a plan and of what follows it, with the temptations of each."""
    problem = game.problem
    stages = read_plan(problem, plan)
    m = len(stages)
    months = [problem.stage_months(mask) for mask, _ in stages]
    states, clock = [0], [0]
    for (mask, _), duration in zip(stages, months, strict=True):
        clock.append(0 if problem.fighting(states[-1]) else clock[-1] + duration)
        states.append(states[-1] | mask)
    start = np.concatenate([[0], np.cumsum(months, dtype=np.int64)])
    # After completion nothing changes any more from this month on.
    last_date = int(game.dates[-1]) if len(game.dates) else 0
    settle = max(ceil(problem.clocks[-1]) - clock[-1], last_date - int(start[-1]), 0)

    where = [(k, s) for k in range(m) for s in range(max(months[k], 1))]
    where += [(m, n) for n in range(settle + 1)]
    number = {place: p for p, place in enumerate(where)}
    listed: list[list[Temptation]] = [[] for _ in where]
    for one in temptations(problem, stages, states, clock, months):
        if one.point < m:
            listed[number[one.point, one.month]].append(one)
    for n in range(settle + 1):
        listed[number[m, n]] += _after_completion(problem, m, n, clock[-1] + n)
    flat = [one for here in listed for one in here]
    knots = [knot_of(problem.clocks, one.exposed_clock) for one in flat]
    fail_at = [knot_of(problem.clocks, t) for t in clock[1:]]
    stage = np.array([k for k, _ in where], dtype=np.int64)
    month = np.array([s for _, s in where], dtype=np.int64)
    long = np.array([*months, 0], dtype=np.int64)[stage]
    path = arrays.Path(
        stage=stage,
        row=np.array([problem.state_row(state) for state in states], dtype=np.int64)[stage],
        fighting=np.array([problem.fighting(state) for state in states])[stage],
        calendar=start[stage] + month,
        first=month == 0,
        last=(stage < m) & (month + 1 >= long),
        instant=(stage < m) & (long == 0),
        mask=np.array([mask for mask, _ in stages], dtype=np.int64),
        fail_knot=np.array([knot for knot, _ in fail_at], dtype=np.int64),
        fail_weight=np.array([weight for _, weight in fail_at], dtype=np.float64),
        begin=np.cumsum([0, *(len(here) for here in listed)], dtype=np.int64),
        lines=np.array(
            [_line(problem, stages, one, knot) for one, (knot, _) in zip(flat, knots, strict=True)],
            dtype=np.int64,
        ).reshape(len(flat), arrays.N_COLUMNS),
        weight=np.array([weight for _, weight in knots], dtype=np.float64),
    )
    constraints = tuple(
        Constraint(
            stage=one.point,
            month=one.month,
            plan_month=int(start[one.point]) + one.month,
            clock=float(one.clock),
            actor=problem.actors[one.actor],
            kind=one.kind,
            step=" + ".join(problem.steps[j] for j in steps_of(one.steps)),
        )
        for one in flat
    )
    order = tuple(tuple(problem.steps[j] for j in steps_of(mask)) for mask, _ in stages)
    return ChanceLayout(path, constraints, order, int(start[-1]))


def _after_completion(
    problem: ImplementationProblem, m: int, n: int, clock: int
) -> Iterator[Temptation]:
    full = problem.full
    for i in range(len(problem.actors)):
        if problem.belligerent[i]:
            yield Temptation(m, n, clock, i, BreachKind.END_ATTACK, full, clock)
        for j in steps_of(full):
            if problem.reversible[j, i]:
                reached, hidden = full & ~(1 << j), int(problem.delay[j, i])
                exposed = clock + (0 if problem.fighting(reached) else hidden)
                yield Temptation(
                    m, n, clock, i, BreachKind.END_UNDO, reached, exposed, 1 << j, hidden
                )


def _line(
    problem: ImplementationProblem,
    stages: tuple[tuple[int, bool], ...],
    one: Temptation,
    knot: int,
) -> list[int]:
    pretended = one.kind in {BreachKind.CHEAT, BreachKind.SHIRK}
    line = [0] * arrays.N_COLUMNS
    line[arrays.ACTOR] = one.actor
    line[arrays.REACHED] = problem.state_row(one.reached)
    line[arrays.REACHED_FIGHTING] = int(problem.fighting(one.reached))
    line[arrays.HIDDEN] = one.hidden
    line[arrays.STEPS] = one.steps
    line[arrays.IS_ATTACK] = int(one.kind in {BreachKind.ATTACK, BreachKind.END_ATTACK})
    line[arrays.KNOT] = knot
    line[arrays.LEAD] = one.lead
    line[arrays.WITHHELD] = int(one.kind is BreachKind.SHIRK)
    line[arrays.OTHERS] = stages[one.point][0] & ~one.steps if pretended else 0
    return line


# ---------------------------------------------------------------- running and reading


def moves_of(dates: Integers, draws: ChanceDraws) -> Floats:
    """Transitions into every month up to the last dated one, (D, V, H, R, R); then the monthly."""
    last = int(dates[-1]) if len(dates) else 0
    moved = np.repeat(draws.monthly[:, :, None], last + 2, axis=2)
    moved[:, :, dates] = draws.dated
    return moved


def _numbers(draws: ChanceDraws, moved: Floats) -> arrays.Game:
    names = arrays.Game._fields[:-1]
    return arrays.Game(**{name: getattr(draws, name) for name in names}, move=moved)


def play_once(
    layout: ChanceLayout,
    draws: ChanceDraws,
    moved: Floats,
    noise: LogitNoise | None,
    mode: int,
    horizon: int,
) -> kernel.Outcome:
    """Play one draw of a plan that has been laid out."""
    game = arrays.Game(*(array[0] for array in _numbers(draws, moved)))
    hazard, precision = (noise.hazard, noise.precision) if noise else (0.0, 0.0)
    outcome: kernel.Outcome = kernel.chance_kernel(
        layout.path, game, hazard, precision, mode, horizon
    )
    return outcome


def _margins(
    game: ChanceProblem, layout: ChanceLayout, played: kernel.Outcome
) -> Iterator[ChanceMargin]:
    """Every temptation in the conditions that may come about in its month."""
    path = layout.path
    for p in range(len(path.stage)):
        for line in range(path.begin[p], path.begin[p + 1]):
            actor = path.lines[line, arrays.ACTOR]
            for r in np.flatnonzero(played.reached[p] > 0.0).tolist():
                keep, breach = float(played.keep[p, r, actor]), float(played.breach[line, r])
                yield ChanceMargin(
                    layout.constraints[line], game.regimes[r], keep, breach, keep - breach
                )


def _broken(game: ChanceProblem, layout: ChanceLayout, ended: Floats) -> Floats:
    broken = np.zeros((len(layout.order) + 1, len(game.problem.actors)))
    for line, chance in enumerate(ended.tolist()):
        constraint = layout.constraints[line]
        broken[constraint.stage, game.problem.actors.index(constraint.actor)] += chance
    return broken


def _endings(
    game: ChanceProblem, layout: ChanceLayout, played: kernel.Outcome
) -> tuple[Ending, ...]:
    total: dict[tuple[int, str, BreachKind | None, str], float] = defaultdict(float)
    for line in np.flatnonzero(played.ended > 0.0).tolist():
        one = layout.constraints[line]
        total[one.stage, one.actor, one.kind, one.step] += float(played.ended[line])
    for stage in np.flatnonzero(played.failed > 0.0).tolist():
        # the analyst's view, which decides what happens
        risky = [
            step
            for step in layout.order[stage]
            if game.passes[-1, game.problem.steps.index(step)] < 1.0
        ]
        total[stage, "", None, " + ".join(risky)] = float(played.failed[stage])
    endings = [
        Ending(
            stage=stage,
            steps=layout.order[stage] if stage < len(layout.order) else (),
            actor=actor,
            kind=kind,
            step=step,
            probability=chance,
        )
        for (stage, actor, kind, step), chance in total.items()
    ]
    return tuple(sorted(endings, key=lambda one: (-one.probability, one.stage)))


def _check_horizon(horizon: int) -> None:
    if horizon < 0:
        raise ProblemError(f"horizon: {horizon} months; must not be negative")


def _check_draws(game: ChanceProblem, draws: ChanceDraws) -> None:
    own = single_chance_draw(game)
    wrong = [
        f"draws.{name}: shape {getattr(draws, name).shape[1:]} after the draw axis, "
        f"wanted {getattr(own, name).shape[1:]}"
        for name in DRAWN
        if getattr(draws, name).shape[1:] != getattr(own, name).shape[1:]
    ]
    if wrong:
        raise ProblemError("; ".join(wrong))
