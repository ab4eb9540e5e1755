"""Named deals with their orders, put into any scenario that has their answers and steps.

A deal is named by its answers and an order by its steps, so both can be looked for in another
scenario; the draws of two scenarios are the same wherever they say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from servanda.errors import NotFoundError, ProblemError
from servanda.files.runs import Run
from servanda.problems.agreement import Agreement, agreement, chosen_options
from servanda.problems.package_binding import lines_held, order_lines, package_draws
from servanda.problems.parameters import Floats, Integers, draws
from servanda.problems.translation import Translation
from servanda.results.analysis import Origin
from servanda.scenario.model import Scenario
from servanda.simulation.centre import Ground, stand_at_centre
from servanda.simulation.ensemble import (
    CandidateDraws,
    Draws,
    Flags,
    candidates_over_draws,
    judged_again,
    take_draws,
)
from servanda.simulation.progress import quiet
from servanda.simulation.translated import translated
from servanda.solvers.funnel_draws import candidate_gates
from servanda.solvers.orders import OrderedDeal, unordered_deal
from servanda.solvers.package_game import plan_game, stages
from servanda.solvers.plan import Stage, as_plan, evaluate_plan

Order = tuple[Stage, ...]

Answers = tuple[tuple[str, str], ...]
"""(issue, option) where a deal departs from the status quo."""

GATES = (
    *("missing", "red-lines", "individual-rationality", "ratification"),
    *("red-lines-on-order", "implementable"),
)
"""What can stop a deal, in the order asked; its place here is its code, and KEPT when nothing."""

KEPT = len(GATES)


@dataclass(frozen=True)
class NamedDeal:
    """A deal by name.

    Attributes:
        options: (issue, option) where it departs from the status quo.
        orders: of its steps.
    """

    options: Answers
    orders: tuple[Order, ...]


@dataclass(frozen=True, eq=False)
class Standing:
    """How K named deals stand in one scenario, over D draws.

    Attributes:
        ground, drawn: the scenario.
        candidates: (K,) each deal over the draws; None where it does not exist here.
        gates: (D, K) code of the gate that stops each, KEPT for none.
        margin: (D,) largest margin of any order; NaN where there is none.
    """

    ground: Ground
    drawn: Draws
    candidates: tuple[CandidateDraws | None, ...]
    gates: Integers
    margin: Floats

    @property
    def kept(self) -> Flags:
        """Draws in which some deal is kept, (D,)."""
        kept: Flags = (self.gates == KEPT).any(axis=1)
        return kept

    def fighting_on(self, actor: str) -> Floats:
        """Value of fighting on, (D,)."""
        names = self.ground.translation.actors.names
        return self.drawn.reservation[:, names.index(actor)]


def named_deals(found: Iterable[tuple[Translation, CandidateDraws]]) -> tuple[NamedDeal, ...]:
    """Deals and orders of several scenarios by name, each once, in an order of their own."""
    orders: dict[Answers, dict[Order, None]] = {}
    for translation, one in found:
        options = departures(translation, one.ordered.deal.chosen)
        plans = one.ordered.plans.values()
        orders.setdefault(options, {}).update(dict.fromkeys(as_plan(plan) for plan in plans))
    deals = [
        NamedDeal(options, tuple(sorted(known, key=repr))) for options, known in orders.items()
    ]
    return tuple(sorted(deals, key=lambda deal: deal.options))


def departures(translation: Translation, chosen: Sequence[int]) -> Answers:
    """A package by its answers that are not the status quo."""
    issues = translation.issues
    return tuple(
        (name, issues.options[place][chosen[place]])
        for place, name in enumerate(issues.names)
        if chosen[place] != issues.status_quo[place]
    )


def standing(
    scenario: Scenario,
    deals: Sequence[NamedDeal],
    origin: Origin,
    *,
    threads: int | None,
    known: Standing | None = None,
    run: Run | None = None,
    step: str = "standing",
) -> Standing:
    """Deals and their orders in a scenario, over its draws.

    Args:
        scenario: with a war and steps.
        deals: by name.
        origin: how many draws, from which seed.
        threads: for the wars.
        known: the same deals in a scenario that differs in red lines and audiences alone.
        run, step: where chunks of draws are kept, under which name.
    """
    translation = translated(scenario)
    ground = stand_at_centre(scenario, translation, threads=threads, progress=quiet)
    if known is None:
        drawn = take_draws(
            translation, seed=origin.seed, count=origin.draws, threads=threads, progress=quiet
        )
        ordered = [_ordered(ground, deal) for deal in deals]
        there = [one for one in ordered if one is not None]
        found = iter(
            candidates_over_draws(
                ground.every_line,
                translation,
                drawn,
                there,
                threads=threads,
                progress=quiet,
                run=run,
                step=step,
            )
            if there
            else ()
        )
        candidates = tuple(None if one is None else next(found) for one in ordered)
    else:
        theta = draws(translation.parameters, seed=origin.seed, first=0, count=origin.draws)
        held = lines_held(translation, theta, order_lines(translation))
        drawn = Draws(theta, known.drawn.reservation, held)
        before = [one for one in known.candidates if one is not None]
        again = iter(judged_again(ground.every_line, translation, drawn, before) if before else ())
        candidates = tuple(None if one is None else next(again) for one in known.candidates)
    return Standing(
        ground, drawn, candidates, _gates(ground, drawn, candidates), _margin(drawn, candidates)
    )


def _ordered(ground: Ground, named: NamedDeal) -> OrderedDeal | None:
    """A named deal with those of its orders that exist here; None where an answer does not.

    Issues it says nothing of are left as they are.
    """
    translation = ground.translation
    issues = translation.issues
    quo = issues.status_quo.tolist()
    known = dict(zip(issues.names, issues.options, strict=True))
    if any(option not in known.get(issue, ()) for issue, option in named.options):
        return None
    as_it_is = {name: known[name][place] for name, place in zip(known, quo, strict=True)}
    options = {**as_it_is, **dict(named.options)}
    deal = agreement(translation, chosen_options(translation, options))
    package = ground.problem.number(deal.chosen)
    if not len(deal.steps):
        return unordered_deal(package, deal)
    given = {}
    for number, order in enumerate(named.orders):
        if not _declared(ground, deal, order):
            continue
        try:
            given[f"{number}"] = evaluate_plan(plan_game(ground.table, deal, [order]), order)
        except (
            ProblemError,
            NotFoundError,
        ):  # its steps are not those of the deal here, or not in this order
            continue
    return replace(unordered_deal(package, deal), searches={}, reasons={}, given=given)


def _declared(ground: Ground, deal: Agreement, order: Order) -> bool:
    """Whether every exchange of an order is one that the scenario declares."""
    names = [ground.translation.steps.names[step] for step in deal.steps.tolist()]
    known = {
        (frozenset(name for k, name in enumerate(names) if mask >> k & 1), verified)
        for mask, verified in stages(ground.table, deal)
    }
    return all(
        len(stage.steps) == 1 or (frozenset(map(str, stage.steps)), stage.verified) in known
        for stage in order
    )


def _gates(ground: Ground, drawn: Draws, candidates: Sequence[CandidateDraws | None]) -> Integers:
    codes = np.zeros((len(drawn.theta), len(candidates)), np.int64)
    there = [place for place, one in enumerate(candidates) if one is not None]
    if not there:
        return codes
    packages = package_draws(ground.every_line, ground.translation, drawn.theta, drawn.reservation)
    known = [one for one in candidates if one is not None]
    found = candidate_gates(packages, [one.ordered.package for one in known])
    for column, (place, one) in enumerate(zip(there, known, strict=True)):
        stopped = [
            found.red_lines_broken[:, column] > 0,
            ~found.willing[:, column].all(axis=1),
            ~found.signs[:, column].all(axis=1),
            found.acceptable[:, column] & ~one.kept & _against_order(one, drawn),
            found.acceptable[:, column] & ~one.kept,
            found.acceptable[:, column] & one.kept,
        ]
        codes[:, place] = np.select(stopped, range(1, KEPT + 1), 0)
    return codes


def _against_order(one: CandidateDraws, drawn: Draws) -> Flags:
    """Draws in which some order would be kept, but breaks a red line on order held there."""
    found = np.zeros(len(drawn.theta), bool)
    for order in one.orders:
        broken = drawn.lines_held[:, list(order.breaks)].any(axis=1)
        found |= order.margins.self_enforcing & broken
    return found


def _margin(drawn: Draws, candidates: Sequence[CandidateDraws | None]) -> Floats:
    margins = [order.margins.margins for one in candidates if one for order in one.orders]
    if not margins:
        return np.full(len(drawn.theta), np.nan)
    largest: Floats = np.max(margins, axis=0)
    return largest
