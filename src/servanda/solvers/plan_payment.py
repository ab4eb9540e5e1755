"""The smallest payments that make a plan self-enforcing.

A payment is a stream of x points a month from one actor, or from a fund, to another actor, paid in
every state in which the steps of the plan's first k stages are all done; it ends with the
agreement, when a breach has come to light. One point paid is one received: a common measure such as
money must exist, and that is an assumption. Payoffs of breaches do not change, so every margin is
linear in the payments::

    margin_c(x) = margin_c(0) + Σ x_(p→r, k)·(slope_(r, k, c) - slope_(p, k, c))

and one unit stream to each actor from each stage gives all slopes. A single payment has a smallest
size in closed form; where no single one will do, a linear program finds several with the smallest
sum. A fund holds an amount, in value points at signature at the recipient's discount.

Source: Fearon, J. (1995), Rationalist explanations for war, International Organization 49(3)
(stakes that can be paid for).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.problems.implementation import (
    TOLERANCE,
    ImplementationProblem,
    PayoffDraws,
    single_draw,
)
from servanda.results.plan import PlanEvaluation
from servanda.solvers.plan import Plan, evaluate_plan, plan_margins, read_plan
from servanda.solvers.playable import narrowed
from servanda.solvers.side_payment import Fund

Floats = NDArray[np.float64]

SLACK = 1e-6
"""Points by which a linear program's margins stay above 0: more than the solver's own error."""


@dataclass(frozen=True)
class Payment:
    """One stream.

    Attributes:
        payer: index of the actor who pays; the number of actors plus k for fund k.
        receiver: index of the actor who is paid.
        stage: paid once the first ``stage`` stages are done; their number stands for completion.
        amount: points a month.
    """

    payer: int
    receiver: int
    stage: int
    amount: float


@dataclass(frozen=True, eq=False)
class PlanPayment:
    """The smallest payments that mend a plan, or those that get nearest.

    Attributes:
        plan: the plan with these payments, evaluated.
        payments: one where one will do; several where only several will; where nothing suffices
            those with the largest smallest margin.
        suffices: whether the plan is then kept.
    """

    plan: PlanEvaluation
    payments: tuple[Payment, ...]
    suffices: bool


def plan_payment(
    problem: ImplementationProblem, plan: Plan, *, funds: Sequence[Fund] = ()
) -> PlanPayment:
    """The smallest payment, or else the smallest sum of payments, that makes a plan kept.

    Among single payments of the same size the one that begins latest, then the first payer.

    Args:
        problem: the game.
        plan: as in `servanda.solvers.plan.evaluate_plan`.
        funds: money from outside; ``amount`` in value points at signature.
    """
    problem = narrowed(problem, plan)
    margins, slopes = _slopes(problem, plan)
    possible = list(_possible(problem, funds, slopes.shape[1]))
    worth = _worth(problem, plan)
    single = _single(possible, margins, slopes, worth, funds)
    if single is not None:
        return _answer(problem, plan, [single])
    amounts, level = _program(possible, margins, slopes, worth, funds, SLACK)
    if amounts is None or level < 0.0:
        amounts, _ = _program(possible, margins, slopes, worth, funds, None)
    if amounts is None:
        return _answer(problem, plan, [])
    found = [
        replace(one, amount=float(x)) for one, x in zip(possible, amounts, strict=True) if x > 0
    ]
    return _answer(problem, plan, found)


def paid(
    problem: ImplementationProblem, plan: Plan, payments: Sequence[Payment]
) -> ImplementationProblem:
    """The game with these payments in its flows."""
    flows = problem.flows.copy()
    for one in payments:
        due = _due(problem, plan, one.stage)
        flows[due, one.receiver] += one.amount
        if one.payer < len(problem.actors):
            flows[due, one.payer] -= one.amount
    return replace(problem, flows=flows)


def _answer(problem: ImplementationProblem, plan: Plan, payments: Sequence[Payment]) -> PlanPayment:
    evaluation = evaluate_plan(paid(problem, plan, payments), plan)
    return PlanPayment(evaluation, tuple(payments), evaluation.self_enforcing)


def _due(problem: ImplementationProblem, plan: Plan, stage: int) -> NDArray[np.bool_]:
    """States in which a stream that begins after so many stages is paid, (S,)."""
    done = sum(mask for mask, _ in read_plan(problem, plan)[:stage])
    due: NDArray[np.bool_] = problem.states & done == done
    return due


def _slopes(problem: ImplementationProblem, plan: Plan) -> tuple[Floats, Floats]:
    """Margins (C,), and what a unit stream to each actor from each stage adds, (A, m, C)."""
    A, m = len(problem.actors), len(read_plan(problem, plan))
    count = A * m + 1
    own = single_draw(problem)
    flows = np.repeat(own.flows, count, axis=0)
    for i in range(A):
        for k in range(m):
            flows[1 + i * m + k, _due(problem, plan, k + 1), i] += 1.0
    draws = PayoffDraws(
        flows=flows,
        **{
            name: np.repeat(getattr(own, name), count, axis=0)
            for name in ("discount", "costs", "gain", "fighting_cost", "attack", "renege")
        },
    )
    found = plan_margins(problem, draws, plan).constraint_margins
    return found[0], (found[1:] - found[0]).reshape(A, m, -1)


def _possible(
    problem: ImplementationProblem, funds: Sequence[Fund], stages: int
) -> Iterator[Payment]:
    A = len(problem.actors)
    for stage in range(stages, 0, -1):
        for payer in range(A + len(funds)):
            reaches = None if payer < A else funds[payer - A].reaches
            for receiver in range(A):
                if receiver != payer and (reaches is None or receiver in reaches):
                    yield Payment(payer, receiver, stage, 0.0)


def _worth(problem: ImplementationProblem, plan: Plan) -> Floats:
    """Value at signature of a unit stream from each stage on to each actor, (A, m)."""
    stages = read_plan(problem, plan)
    months = np.cumsum([problem.stage_months(mask) for mask, _ in stages])
    worth: Floats = problem.discount[:, np.newaxis] ** months
    return worth


def _slope(one: Payment, slopes: Floats) -> Floats:
    gain: Floats = slopes[one.receiver, one.stage - 1]
    return gain - slopes[one.payer, one.stage - 1] if one.payer < len(slopes) else gain


def _single(
    possible: Sequence[Payment],
    margins: Floats,
    slopes: Floats,
    worth: Floats,
    funds: Sequence[Fund],
) -> Payment | None:
    best: Payment | None = None
    for one in possible:
        slope = _slope(one, slopes)
        broken = margins < -TOLERANCE
        if (slope[broken] <= TOLERANCE).any():
            continue
        least = float((-margins[broken] / slope[broken]).max())
        falls = slope < 0.0
        most = float((margins[falls] / -slope[falls]).min(initial=inf))
        if one.payer >= len(slopes):
            most = min(most, _holds(one, funds, slopes) / worth[one.receiver, one.stage - 1])
        if least <= most and (best is None or least < best.amount - TOLERANCE):
            best = replace(one, amount=least)
    return best


def _holds(one: Payment, funds: Sequence[Fund], slopes: Floats) -> float:
    return funds[one.payer - len(slopes)].amount


def _program(
    possible: Sequence[Payment],
    margins: Floats,
    slopes: Floats,
    worth: Floats,
    funds: Sequence[Fund],
    slack: float | None,
) -> tuple[Floats | None, float]:
    """Payments with the smallest sum that leave every margin at ``slack``, or, where that is None,
    those with the largest smallest margin; and that margin.
    """
    from scipy.optimize import linprog

    if not possible or not len(margins):
        return None, -inf
    lines = np.array([_slope(one, slopes) for one in possible]).T  # (C, payments)
    count = len(possible)
    drawn = np.zeros((len(funds), count))
    for n, one in enumerate(possible):
        if one.payer >= len(slopes):
            drawn[one.payer - len(slopes), n] = worth[one.receiver, one.stage - 1]
    held = np.array([fund.amount for fund in funds], dtype=np.float64)
    least = slack is not None  # the last variable is the smallest margin, 0 in the first program
    level = np.full((len(margins), 1), 0.0 if least else 1.0)
    rows = np.block([[-lines, level], [drawn, np.zeros((len(funds), 1))]])
    floor = margins - (slack or 0.0)
    cost = np.r_[np.ones(count), 0.0] if least else np.r_[np.zeros(count), -1.0]
    bounds = [(0.0, None)] * count + [(0.0, 0.0) if least else (None, 0.0)]
    answer = linprog(
        cost, A_ub=rows, b_ub=np.concatenate([floor, held]), bounds=bounds, method="highs-ds"
    )
    if answer.status == 2:  # infeasible
        return None, -inf
    if answer.x is None:
        raise ProblemError(f"payments: the linear program was not solved ({answer.message})")
    amounts: Floats = answer.x[:count]
    return amounts, float(answer.x[count])
