"""The smallest repairs of a broken plan, each computed and each checked on the mended plan.

One repair of every kind that applies, in a fixed order: move stages, take the best order of all,
exchange steps under verification, make steps irreversible, let steps snap back, detect breaches
sooner, divide a step into tranches, make a guarantee as credible as it must be, pay. Each is
looked for alone; none found is said with the reason and how far the search got.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from math import inf

import numpy as np

from servanda.errors import ProblemError
from servanda.problems.implementation import ImplementationProblem
from servanda.problems.state_sets import steps_of
from servanda.results.plan import PlanEvaluation
from servanda.results.repairs import Change, Repair, RepairKind
from servanda.solvers.best_order import best_order
from servanda.solvers.detection_delay import sooner_detection
from servanda.solvers.guarantee_window import scan_guarantee
from servanda.solvers.nearest_order import nearest_order
from servanda.solvers.plan import Plan, evaluate_plan, read_plan
from servanda.solvers.plan_payment import plan_payment
from servanda.solvers.playable import named
from servanda.solvers.reversal import Reversal, locks, snap_backs
from servanda.solvers.side_payment import Fund
from servanda.solvers.verified_exchange import verified_exchange

At = Callable[[float], ImplementationProblem]
"""The game at a credibility in [0, 1] of one guarantee."""

Split = Callable[[str, int], tuple[ImplementationProblem, Plan]]
"""The game and the plan with one step divided into so many tranches."""

MOST_TRANCHES = 12
"""Most tranches a step is divided into."""

LABELS = 60_000
"""Labels the search for the best order may remember."""

SCAN = 21
"""Credibilities first looked at; narrower windows may be missed."""


def smallest_repairs(
    problem: ImplementationProblem,
    plan: Plan,
    *,
    credibility: Mapping[str, At] | None = None,
    assessed: Mapping[str, float] | None = None,
    split: Split | None = None,
    divisible: Sequence[str] = (),
    funds: Sequence[Fund] = (),
    kinds: Sequence[RepairKind] = tuple(RepairKind),
    budget: int = LABELS,
) -> tuple[Repair, ...]:
    """One repair of each kind, as small as it can be; none for a plan that is kept already.

    Args:
        problem: the game.
        plan: as in `servanda.solvers.plan.evaluate_plan`.
        credibility: guarantee to the game at a credibility of it, the others held.
        assessed: guarantee to its credibility now: the nearest credibility that suffices is then
            named, else the smallest.
        split: the game and the plan with a step in n tranches.
        divisible: steps that may be divided.
        funds: money from outside, in value points at signature.
        kinds: which repairs to look for.
        budget: labels the search for the best order may remember.
    """
    before = evaluate_plan(problem, plan)
    if before.self_enforcing:
        return ()
    searches: dict[RepairKind, Callable[[], Iterable[Repair]]] = {
        RepairKind.REORDER: lambda: [_move(problem, plan, before)],
        RepairKind.BEST_ORDER: lambda: _best(problem, before, budget),
        RepairKind.EXCHANGE: lambda: [_exchange(problem, plan, before)],
        RepairKind.LOCK: lambda: [_lock(problem, plan, before)],
        RepairKind.SNAP_BACK: lambda: [_snap_back(problem, plan, before)],
        RepairKind.DETECTION: lambda: [_detect(problem, plan, before)],
        RepairKind.TRANCHES: lambda: _divide(split, divisible, before),
        RepairKind.GUARANTEE: lambda: _guarantee(credibility or {}, assessed or {}, plan, before),
        RepairKind.PAYMENT: lambda: [_pay(problem, plan, before, funds)],
    }
    return tuple(one for kind in RepairKind if kind in kinds for one in searches[kind]())


def _move(problem: ImplementationProblem, plan: Plan, before: PlanEvaluation) -> Repair:
    found = nearest_order(problem, plan)
    size = None if found.moves is None else float(found.moves)
    does, reason = "", ""
    if found.plan is not None:
        order = ", ".join(" with ".join(stage) for stage in found.plan.order)
        does = f"in the order {order}" if size is None else f"move {_count(size, 'stage')}: {order}"
    if size is None:
        reason = "No order of these stages is kept."
        if not found.impossible:
            reason = f"None of the {_count(found.tried, 'order')} tried is kept."
    elif found.moves != found.at_least:
        reason = f"Moving fewer than {found.at_least} is certain not to do."
    return _repair(
        RepairKind.REORDER, before, found.plan, "stages moved", size, does, reason,
        at_least=float(found.at_least),
    )  # fmt: skip


def _best(problem: ImplementationProblem, before: PlanEvaluation, budget: int) -> Iterator[Repair]:
    try:
        found = best_order(problem, budget=budget)
    except ProblemError as why:  # tables of this plan alone, or too many sets of steps
        yield _repair(RepairKind.BEST_ORDER, before, None, "", None, "", f"Not searched: {why}.")
        return
    does = ""
    if found.plan is not None:
        order = ", ".join(" with ".join(stage) for stage in found.plan.order)
        does = f"in the order {order}"
    reason = found.status.sentence
    if found.gap:
        reason += f" The bound is {found.bound:.2f}."
    yield _repair(RepairKind.BEST_ORDER, before, found.plan, "", None, does, reason)


def _exchange(problem: ImplementationProblem, plan: Plan, before: PlanEvaluation) -> Repair:
    found = verified_exchange(problem, plan)
    steps = steps_of(found.exchanged)
    names = " with ".join(problem.steps[j] for j in steps)
    does = f"exchange {names} under verification"
    if len(steps) == 1:
        does = f"verify {names}"
    size = float(len(steps)) if found.plan is not None and found.plan.self_enforcing else None
    reason = ""
    if size is None:
        reason = f"{_count(found.tried, 'exchange')} of up to three stages tried."
        if not found.complete:
            reason += " Not all could be: their number, or the tables, forbid it."
    return _repair(
        RepairKind.EXCHANGE, before, found.plan, "steps exchanged", size, does if steps else "",
        reason, [Change(problem.steps[j]) for j in steps],
        at_least=size if found.complete else None,
    )  # fmt: skip


def _lock(problem: ImplementationProblem, plan: Plan, before: PlanEvaluation) -> Repair:
    found = locks(problem, plan)
    does = "; ".join(
        f"make {problem.steps[j]} irreversible for {problem.actors[i]}" for j, i in found.pairs
    )
    reason = "Other breaches pay." if found.pairs else "Nobody gains by undoing a step."
    return _reversal(RepairKind.LOCK, problem, before, found, "powers to undo", does, reason)


def _snap_back(problem: ImplementationProblem, plan: Plan, before: PlanEvaluation) -> Repair:
    found = snap_backs(problem, plan)
    does = "; ".join(
        f"let {problem.actors[i]} undo {problem.steps[j]} after a breach by another"
        for j, i in found.pairs
    )
    reason = "Nor do two together."
    if found.uncovered:
        reason += f" Not looked at, for lack of tables: {', '.join(found.uncovered)}."
    return _reversal(RepairKind.SNAP_BACK, problem, before, found, "snap-backs", does, reason)


def _reversal(
    kind: RepairKind,
    problem: ImplementationProblem,
    before: PlanEvaluation,
    found: Reversal,
    unit: str,
    does: str,
    why_not: str,
) -> Repair:
    kept = found.plan is not None and found.plan.self_enforcing
    size = float(len(found.pairs)) if kept else None
    changes = [Change(problem.steps[j], problem.actors[i]) for j, i in found.pairs]
    reason = "" if kept else why_not
    at_least = None if found.uncovered else size
    return _repair(kind, before, found.plan, unit, size, does, reason, changes, at_least=at_least)


def _detect(problem: ImplementationProblem, plan: Plan, before: PlanEvaluation) -> Repair:
    found = sooner_detection(problem, plan)
    changes = [
        Change(problem.steps[j], amount=float(months))
        for j, months in enumerate(found.sooner.tolist())
        if months
    ]
    listed = ", ".join(f"of {one.name} {_count(one.amount, 'month')} sooner" for one in changes)
    kept = found.plan is not None and found.plan.self_enforcing
    size = sum(one.amount for one in changes) if kept else None
    reason = "" if kept else "No shortening of the delays suffices."
    if found.plan is None:
        reason = "No breach stays undetected for a month."
    return _repair(
        RepairKind.DETECTION, before, found.plan, "months sooner, summed over steps", size,
        f"detect breaches {listed}" if changes else "", reason, changes,
    )  # fmt: skip


def _divide(
    split: Split | None, divisible: Sequence[str], before: PlanEvaluation
) -> Iterator[Repair]:
    for step in divisible if split is not None else ():
        assert split is not None
        best: tuple[PlanEvaluation, int] | None = None
        for count in range(2, MOST_TRANCHES + 1):
            here = evaluate_plan(*split(step, count))
            if best is None or here.margin > best[0].margin:
                best = here, count
            if here.self_enforcing:
                best = here, count
                break
        assert best is not None
        evaluation, count = best
        kept = evaluation.self_enforcing
        yield _repair(
            RepairKind.TRANCHES, before, evaluation, "tranches", float(count) if kept else None,
            f"divide {step} into {count} tranches",
            "" if kept else f"Up to {MOST_TRANCHES} tranches tried.",
            [Change(step, amount=float(count))], at_least=float(count) if kept else None,
        )  # fmt: skip


def _guarantee(
    credibility: Mapping[str, At],
    assessed: Mapping[str, float],
    plan: Plan,
    before: PlanEvaluation,
) -> Iterator[Repair]:
    for name, at in credibility.items():
        game_at = cache(at)
        scan = scan_guarantee(game_at, plan, points=SCAN)
        now = assessed.get(name)
        if not scan.intervals:
            tried = [
                (evaluate_plan(game_at(float(g)), plan), float(g)) for g in np.linspace(0, 1, SCAN)
            ]
            best, g = max(tried, key=lambda one: one[0].margin)
            reason = "No credibility suffices."
        else:
            edges = [edge for one in scan.intervals for edge in (one.low, one.high)]
            g = min(edges) if now is None else min(edges, key=lambda edge: abs(edge - now))
            best, reason = evaluate_plan(game_at(g), plan), ""
        does = f"{name} with a credibility of {g:.3f}"
        if now is not None:
            does += f" instead of {now:.3f}"
        yield _repair(
            RepairKind.GUARANTEE, before, best, "credibility", g if scan.intervals else None,
            does, reason, [Change(name, amount=g)],
        )  # fmt: skip


def _pay(
    problem: ImplementationProblem, plan: Plan, before: PlanEvaluation, funds: Sequence[Fund]
) -> Repair:
    found = plan_payment(problem, plan, funds=funds)
    stages = read_plan(problem, plan)
    payers = (*problem.actors, *(fund.name for fund in funds))
    changes, listed = [], []
    for one in found.payments:
        last = named(problem, stages[one.stage - 1][0])
        payer, receiver = payers[one.payer], problem.actors[one.receiver]
        changes.append(Change(last, payer, receiver, one.amount))
        when = "completion" if one.stage == len(stages) else f"the end of {last}"
        listed.append(f"{payer} pays {receiver} {one.amount:.2f} points a month from {when} on")
    size = sum(one.amount for one in found.payments) if found.suffices else None
    reason = "" if found.suffices else "What one actor needs, the others cannot spare."
    return _repair(
        RepairKind.PAYMENT, before, found.plan, "points a month", size, "; ".join(listed), reason,
        changes,
    )  # fmt: skip


def _repair(
    kind: RepairKind,
    before: PlanEvaluation,
    plan: PlanEvaluation | None,
    unit: str,
    size: float | None,
    does: str,
    reason: str,
    changes: Sequence[Change] = (),
    *,
    at_least: float | None = None,
) -> Repair:
    return Repair(
        kind=kind,
        suffices=plan is not None and plan.self_enforcing,
        size=size,
        unit=unit,
        at_least=at_least,
        changes=tuple(changes),
        before=before.margin,
        margin=-inf if plan is None else plan.margin,
        plan=plan,
        does=does,
        reason=reason,
    )


def _count(number: float, what: str) -> str:
    """A number with its noun: 1 stage, 2 stages."""
    return f"{number:g} {what}{'' if number == 1 else 's'}"
