"""Sensitivity of a scenario: shares of variance from its draws, and by design for one plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from servanda.errors import NotFoundError
from servanda.files.runs import Arrays, Run
from servanda.problems.parameters import CHANCE, Floats, Parameters, moves_deals
from servanda.problems.translation import Translation
from servanda.problems.war_binding import bind_war
from servanda.results.analysis import Origin
from servanda.results.sensitivity import Designed, Part, Sensitive, Sensitivity
from servanda.scenario.evidence import ledger
from servanda.scenario.model import Scenario
from servanda.simulation.analysis import find_focus, focus_in_full
from servanda.simulation.answers import rank_correlation
from servanda.simulation.ensemble import (
    CHUNK,
    TOLERANCE,
    order_margins,
    stages_of,
)
from servanda.simulation.kept import in_chunks
from servanda.simulation.progress import Progress
from servanda.simulation.translated import translated
from servanda.solvers.orders import BEST, OrderedDeal
from servanda.solvers.package_values import deal_of
from servanda.solvers.sensitivity import Indices, given_data_indices, sobol_indices
from servanda.solvers.war_table import WarTable

POINTS = 256
"""Base points of the design."""

GRADES = ("high", "medium", "low")
"""Certainty of sources, best first."""

DESIGNED = 8
"""Numbers in the design; all others move together, as one more."""


def sensitivity_of_scenario(
    scenario: Scenario,
    origin: Origin,
    order: str,
    *,
    threads: int | None,
    progress: Progress,
    run: Run | None = None,
) -> Sensitivity:
    """Shares of variance of the deal in focus.

    Args:
        scenario: with a war and steps.
        origin: how many draws, from which seed.
        order: identifier of an order of the package in focus; the best when empty.
        threads, progress: as everywhere.
        run: where chunks of draws are kept.

    Raises:
        NotFoundError: no such order.
        ProblemError: too few draws.
    """
    translation = translated(scenario, progress=progress)
    found = find_focus(scenario, translation, origin, threads=threads, progress=progress, run=run)
    centre, drawn = found.centre, found.drawn
    whole = focus_in_full(scenario, found, threads=threads, progress=progress, run=run)
    margins = {one.id: one.margins.margins for one in whole.orders}
    if order and order not in margins:
        raise NotFoundError("order", order, list(margins))
    chosen = order or (BEST if BEST in margins else next(iter(margins), ""))
    progress("shares of variance", 0.0)
    happens = np.any([one.acceptable & one.kept for one in found.candidates], axis=0)
    params = translation.parameters
    varies = np.flatnonzero((np.ptp(drawn.theta, axis=0) > 0) & moves_deals(params))
    theta = drawn.theta[:, varies]
    margin = margins.get(chosen, np.zeros(len(theta)))
    of_margin = given_data_indices(theta, np.clip(margin, -1e6, 1e6), seed=origin.seed)
    of_kept = given_data_indices(theta, happens.astype(float), seed=origin.seed)
    ranked = np.argsort(-of_margin.value, kind="stable")
    evidence = _evidence(scenario, params)
    numbers = tuple(
        Sensitive(
            path=params.paths[entry],
            unit=params.unit[entry],
            value=float(params.value[entry]),
            spread=None
            if params.shape[entry] == CHANCE
            else float(params.high[entry] - params.low[entry]) / 2,
            sources=evidence[entry][0],
            grade=evidence[entry][1],
            margin=_part(of_margin, n),
            kept=_part(of_kept, n),
        )
        for n, entry in zip(ranked.tolist(), varies[ranked].tolist(), strict=True)
    )
    designed: tuple[Designed, ...] = ()
    if chosen and np.ptp(margin) > 0:
        given = {chosen: whole.ordered.plans[chosen]}
        one = replace(whole.ordered, searches={}, reasons={}, given=given)
        monotone = np.argsort(-(rank_correlation(theta, margin) ** 2), kind="stable")
        by_turns = dict.fromkeys(np.stack([ranked, monotone], axis=1).ravel().tolist())
        entries = varies[list(by_turns)[:DESIGNED]].tolist()
        designed = _by_design(
            translation, drawn.theta, one, entries, origin.seed, threads, progress, run
        )
    options = deal_of(centre.problem, whole.ordered.package).options
    return Sensitivity(origin, options, chosen, numbers, designed, POINTS)


def _evidence(scenario: Scenario, params: Parameters) -> list[tuple[tuple[str, ...], str]]:
    """Sources of every entry of θ, and how certain the best of them is."""
    rests_on = {number.path: number.sources for number in ledger(scenario).numbers}
    found = []
    for path, own in zip(params.paths, params.sources, strict=True):
        sources = rests_on.get(path, own)
        grades = {scenario.sources[one].certainty for one in sources if one in scenario.sources}
        found.append((sources, next((one for one in GRADES if one in grades), "none")))
    return found


def _by_design(
    translation: Translation,
    theta: Floats,
    ordered: OrderedDeal,
    entries: list[int],
    seed: int,
    threads: int | None,
    progress: Progress,
    run: Run | None,
) -> tuple[Designed, ...]:
    """Sobol indices of some entries of θ and of all others as one, for the margin of one order.

    An entry takes a quantile of its draws; the others those of one draw, together.
    """
    ordinary = np.sort(theta[:, entries], axis=0)

    def margin(rows: Floats) -> Floats:
        places = np.minimum((rows * len(theta)).astype(np.int64), len(theta) - 1)
        drawn = theta[places[:, -1]]
        for column, entry in enumerate(entries):
            drawn[:, entry] = ordinary[places[:, column], column]

        def part(first: int, count: int) -> Arrays:
            progress("by design", first / len(drawn), len(drawn))
            bound = bind_war(translation, drawn[first : first + count])
            table = WarTable(bound, tolerance=TOLERANCE, threads=threads)
            (found,) = order_margins(table, ordered).values()
            return {"margins": found.margins}

        rests_on = [drawn, stages_of([ordered])]
        parts = in_chunks("by-design", part, len(drawn), CHUNK, run, rests_on)
        return np.concatenate([one["margins"] for one in parts])

    first, total = sobol_indices(margin, len(entries) + 1, points=POINTS, seed=seed)
    paths = [*(translation.parameters.paths[entry] for entry in entries), ""]
    return tuple(Designed(path, _part(first, n), _part(total, n)) for n, path in enumerate(paths))


def _part(found: Indices, n: int) -> Part:
    return Part(float(found.value[n]), float(found.low[n]), float(found.high[n]))
