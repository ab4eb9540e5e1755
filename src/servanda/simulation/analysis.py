"""One whole analysis: central values first, then the draws, then the answers a brief is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from servanda.files.runs import Run
from servanda.problems.agreement import agreement
from servanda.problems.translation import Translation
from servanda.results.analysis import Analysis, Origin
from servanda.results.packages import FunnelDraws
from servanda.results.sincerity import SincerityView
from servanda.scenario.model import Scenario
from servanda.simulation.answers import assemble
from servanda.simulation.centre import Centre, look_at_centre
from servanda.simulation.ensemble import (
    CandidateDraws,
    Draws,
    candidates_over_draws,
    funnel_draws,
    take_draws,
)
from servanda.simulation.package_orders import order_all, order_package
from servanda.simulation.progress import Progress
from servanda.simulation.shared import shared
from servanda.simulation.sincerity_views import sincerity_view, small_steps
from servanda.simulation.translated import translated
from servanda.solvers.orders import BEST, FREE, OrderedDeal, unordered_deal

CANDIDATES = 8
"""Packages whose orders are evaluated in every draw."""


@dataclass(frozen=True)
class Found:
    """What an analysis knows when it has settled on a deal to look at closely.

    Attributes:
        centre: the central values.
        drawn: the draws.
        gates: every package over the draws.
        candidates: packages looked at, with their orders over the draws.
        focus: the one to look at.
    """

    centre: Centre
    drawn: Draws
    gates: FunnelDraws
    candidates: tuple[CandidateDraws, ...]
    focus: CandidateDraws


def analyse_scenario(
    scenario: Scenario, origin: Origin, *, threads: int | None, progress: Progress
) -> Analysis:
    """Analyse a checked scenario; ``origin`` says how many draws and from which seed."""
    translation = translated(scenario, progress=progress)
    found = find_focus(scenario, translation, origin, threads=threads, progress=progress)
    centre, drawn, focus = found.centre, found.drawn, found.focus
    progress("the orders people speak of", 0.0)
    whole = focus_in_full(scenario, found, threads=threads, progress=progress)
    others = [one for one in found.candidates if one is not focus]
    progress("putting it together", 0.0)
    answer = assemble(scenario, origin, centre, drawn, found.gates, whole, others, threads=threads)
    progress("tests of sincerity", 0.0)
    return replace(answer, sincerity=_sincerity(scenario, translation, whole.ordered, threads))


def _sincerity(
    scenario: Scenario, translation: Translation, ordered: OrderedDeal, threads: int | None
) -> SincerityView | None:
    """Small steps of the deal in focus as tests; None without types, or where none is small."""
    plan = ordered.plans.get(BEST) or ordered.plans.get(FREE)
    steps = small_steps(translation, ordered)
    if plan is None or not steps or not scenario.types:
        return None
    return sincerity_view(scenario, translation, ordered, plan, steps=steps, threads=threads)


@shared
def find_focus(
    scenario: Scenario,
    translation: Translation,
    origin: Origin,
    *,
    threads: int | None,
    progress: Progress,
    run: Run | None = None,
    step: str = "candidates",
) -> Found:
    """Packages and their best orders over the draws, and the deal that is kept most often.

    A run keeps the orders over the draws under the step's name.
    """
    centre = look_at_centre(scenario, translation, threads=threads, progress=progress)
    drawn = take_draws(
        translation, seed=origin.seed, count=origin.draws, threads=threads, progress=progress
    )
    progress("packages over the draws", 0.0)
    gates = funnel_draws(centre.every_line, translation, drawn, threads)
    packages = candidate_packages(centre, gates)
    ordered = order_all(centre, packages, threads=threads, progress=progress)
    if not ordered:
        ordered = [_without_orders(centre, packages)]
    candidates = candidates_over_draws(
        centre.every_line,
        translation,
        drawn,
        ordered,
        threads=threads,
        progress=progress,
        run=run,
        step=step,
    )
    return Found(centre, drawn, gates, candidates, max(candidates, key=_promise))


@shared
def focus_in_full(
    scenario: Scenario,
    found: Found,
    *,
    threads: int | None,
    progress: Progress,
    run: Run | None = None,
) -> CandidateDraws:
    """The deal in focus over the draws, the orders people speak of among its orders."""
    centre, focus = found.centre, found.focus.ordered
    in_full = order_package(centre, focus.package, scenario.orders) or focus
    (whole,) = candidates_over_draws(
        centre.every_line,
        centre.translation,
        found.drawn,
        [in_full],
        threads=threads,
        progress=progress,
        run=run,
        step="named-orders",
    )
    return whole


def _promise(one: CandidateDraws) -> tuple[float, float, float, float]:
    """What makes a package the one to look at: it passes every gate in the most draws."""
    both = float((one.acceptable & one.kept).mean())
    margins = [float(np.median(order.margins.margins)) for order in one.orders]
    shortfall = float(np.median(np.nanmin(one.gains, axis=1)))
    best = max(margins, default=-np.inf)
    return both, float(one.acceptable.mean()), min(best, shortfall), -one.ordered.package


def candidate_packages(centre: Centre, gates: FunnelDraws) -> list[int]:
    """Packages to look at closely: kept or tested at the centre, often acceptable or nearest."""
    tested = sorted(
        (deal for deal in centre.funnel.tested if deal.margin is not None),
        key=lambda deal: -(deal.margin or -np.inf),
    )
    kept = [deal.index for deal in tested if deal.kept]
    near = [deal.deal.index for deal in centre.funnel.nearest[:2]]
    often = gates.most_often(CANDIDATES).tolist()
    numbers, counts = np.unique(gates.nearest[gates.nearest >= 0], return_counts=True)
    nearest = numbers[np.argsort(-counts, kind="stable")][:2].tolist()
    wanted = [*kept[:4], *often, *nearest, *[deal.index for deal in tested[:3]], *near]
    return list(dict.fromkeys(int(package) for package in wanted))[: CANDIDATES + 4]


def _without_orders(centre: Centre, packages: list[int]) -> OrderedDeal:
    """The first package wanted, or the status quo, where none has orders that can be searched."""
    status_quo = centre.problem.number(centre.translation.issues.status_quo.tolist())
    package = packages[0] if packages else status_quo
    return unordered_deal(package, agreement(centre.translation, centre.problem.chosen(package)))
