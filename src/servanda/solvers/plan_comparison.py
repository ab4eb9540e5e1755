"""Several plans over the same draws: which is kept most often, and which is never far from best?

All plans see the same draws, so that differences between them are differences of order and not of
luck. A plan's regret in a draw is the best margin among the plans there less its own. The most
robust plan is the one that is self-enforcing most often, of equals the one of least mean regret;
it need not be the one with the largest margin at the central values.

Source: Savage, L. (1951), The theory of statistical decision, Journal of the American Statistical
Association 46 (regret).
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.problems.implementation import TOLERANCE, ImplementationProblem, PayoffDraws
from servanda.results.plan import BreachKind, PlanMargins
from servanda.results.plan_comparison import LEVELS, PlanComparison, PlanRecord, Weakness
from servanda.solvers.plan import Plan, evaluate_plan, plan_margins

Floats = NDArray[np.float64]


def compare_plans(
    problem: ImplementationProblem, draws: PayoffDraws, plans: Mapping[str, Plan]
) -> PlanComparison:
    """Compare plans by name over draws of all payoffs; the problem's own are the central values.

    Args:
        problem: the game at the central values.
        draws: payoffs, rows in the order of the problem's states.
        plans: name to plan, as in `servanda.solvers.plan.evaluate_plan`.
    """
    margins = {name: plan_margins(problem, draws, plan) for name, plan in plans.items()}
    centre = {name: evaluate_plan(problem, plan).margin for name, plan in plans.items()}
    return compare_margins(margins, centre)


def compare_margins(
    margins: Mapping[str, PlanMargins], at_centre: Mapping[str, float] | None = None
) -> PlanComparison:
    """Compare plans whose margins over common draws are known.

    Args:
        margins: name to margins, all over the same draws.
        at_centre: name to smallest margin at the central values.
    """
    names = list(margins)
    if len({len(one.margins) for one in margins.values()}) != 1:
        raise ProblemError("plans: at least one, and all over the same draws, wanted")
    table = np.stack([margins[name].margins for name in names], axis=1)  # (D, P)
    regret = _regret(table)
    records = tuple(
        PlanRecord(
            name=name,
            probability=margins[name].probability,
            margins=dict(zip(LEVELS, _quantiles(table[:, p], LEVELS), strict=True)),
            at_centre=None if at_centre is None else at_centre[name],
            weaknesses=_weaknesses(margins[name]),
            regret_mean=float(regret[:, p].mean()),
            regret_90=_quantiles(regret[:, p], (0.9,))[0],
            regret_most=float(regret[:, p].max()),
        )
        for p, name in enumerate(names)
    )
    with np.errstate(invalid="ignore"):  # infinite where nobody can breach
        beats = (table[:, :, np.newaxis] > table[:, np.newaxis] + TOLERANCE).mean(axis=0)
    robust = min(records, key=lambda one: (-one.probability, one.regret_mean))
    best = None if at_centre is None else max(names, key=lambda name: at_centre[name])
    return PlanComparison(len(table), records, beats, robust.name, best)


def _regret(table: Floats) -> Floats:
    best = table.max(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        regret: Floats = np.where(table == best, 0.0, best - table)
    return regret


def _quantiles(values: Floats, levels: tuple[float, ...]) -> list[float]:
    """Quantiles that are values themselves, so that infinite margins do no harm."""
    found: list[float] = np.quantile(values, levels, method="inverted_cdf").tolist()
    return found


def _weaknesses(found: PlanMargins) -> tuple[Weakness, ...]:
    groups: dict[tuple[int, str, BreachKind, str], list[int]] = {}
    for column, one in enumerate(found.constraints):
        groups.setdefault((one.stage, one.actor, one.kind, one.step), []).append(column)
    broken = found.constraint_margins < -TOLERANCE
    failing = ~found.self_enforcing
    listed = [
        Weakness(
            actor=actor,
            kind=kind,
            step=step,
            stage=stage,
            broken=float(broken[:, columns].any(axis=1).mean()),
            first=float((failing & np.isin(found.weakest, columns)).mean()),
        )
        for (stage, actor, kind, step), columns in groups.items()
    ]
    listed = [one for one in listed if one.broken > 0.0]
    return tuple(sorted(listed, key=lambda one: (-one.broken, -one.first)))  # stable
