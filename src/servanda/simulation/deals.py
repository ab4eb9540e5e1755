"""Packages at the central values: gates, frontier, solutions, win-sets, obstacles."""

from __future__ import annotations

from collections.abc import Mapping

from servanda.errors import NotFoundError
from servanda.problems.package_binding import content_lines, lines_held, package_problem
from servanda.problems.packages import PackageProblem
from servanda.problems.parameters import central
from servanda.problems.ranked_binding import ranked_packages
from servanda.problems.ranked_packages import central_reading
from servanda.problems.translation import Translation
from servanda.results.analysis import Origin, Solution
from servanda.results.deals import Deals
from servanda.results.frontier import CertifiedFrontier
from servanda.results.packages import Deal, Funnel, FunnelStatus
from servanda.scenario.model import Scenario
from servanda.simulation.centre import look_at_centre
from servanda.simulation.progress import Progress
from servanda.simulation.rankings import from_rankings
from servanda.simulation.translated import translated
from servanda.solvers.catalogue import EVERY_SOLUTION, find_solver
from servanda.solvers.funnel import funnel, settle
from servanda.solvers.obstacles import obstacles
from servanda.solvers.reservation import without_a_deal
from servanda.solvers.row_tally import MOST_ROWS
from servanda.solvers.side_payment import Fund
from servanda.solvers.structured_frontier import structured_frontier
from servanda.solvers.win_set import win_sets

Money = tuple[float, tuple[str, ...]]
"""Points a fund holds, and the actors it may be paid to; none named: any."""


def deals_of_scenario(
    scenario: Scenario,
    origin: Origin,
    funds: Mapping[str, Money],
    *,
    threads: int | None,
    progress: Progress,
) -> Deals:
    """Packages of a checked scenario at its central values.

    Rankings are read by their middle for whatever needs numbers; what follows from them alone, and
    from how many of the readings that ``origin`` says, is said beside it.
    """
    money = _funds(scenario, funds)
    translation = translated(scenario, progress=progress)
    ranked = None
    if scenario.war is None:  # nothing to fight over: whether an order is kept is not asked
        problem = _packages(scenario, translation, threads)
        if scenario.rankings:
            theta = central(translation.parameters)
            known = ranked_packages(scenario, translation, theta, problem)
            problem = central_reading(known)
            ranked = from_rankings(
                known, seed=origin.seed, readings=origin.draws, threads=threads, progress=progress
            )
        found = funnel(problem, threads=threads)
    else:
        centre = look_at_centre(scenario, translation, threads=threads, progress=progress)
        problem, found = centre.problem, centre.funnel
    reservations = {
        problem.actors[i]: float(problem.reservation[i]) for i in problem.parties.tolist()
    }
    if found.status is FunnelStatus.TOO_MANY:
        progress("the frontier, built from parts", 0.0)
        certified = structured_frontier(problem, threads=threads)
        solutions = _among_points(problem, certified)
        progress("what stands in the way", 0.0)
        blocked = obstacles(problem, funds=money, threads=threads)
        return Deals(origin, reservations, found, solutions, None, blocked, certified, ranked)
    progress("what stands in the way", 0.0)
    countable = len(problem.red_lines) + 2 * len(problem.actors) <= MOST_ROWS
    return Deals(
        origin=origin,
        reservations=reservations,
        funnel=found,
        solutions=among_efficient(problem, found),
        win_sets=win_sets(problem, threads=threads) if countable else None,
        obstacles=obstacles(problem, funds=money, threads=threads),
        certified=None,
        rankings=ranked,
    )


def _funds(scenario: Scenario, funds: Mapping[str, Money]) -> tuple[Fund, ...]:
    """Funds with actors as places in the scenario's order."""
    names = list(scenario.actors)
    for _, reaches in funds.values():
        for actor in reaches:
            if actor not in names:
                raise NotFoundError("actor", actor, names)
    return tuple(
        Fund(name, amount, tuple(names.index(actor) for actor in reaches) or None)
        for name, (amount, reaches) in funds.items()
    )


def _packages(scenario: Scenario, translation: Translation, threads: int | None) -> PackageProblem:
    """Packages of a scenario without a war, with the red lines held at the central values."""
    theta = central(translation.parameters)
    reservation = without_a_deal(translation, theta, threads=threads)[0]
    lines = content_lines(translation)
    held = lines_held(translation, theta, lines)[0]
    counted = [line for line, is_real in zip(lines, held, strict=True) if is_real]
    labels = [scenario.red_lines[translation.red_lines.names[line]].says for line in counted]
    return package_problem(translation, theta, reservation, counted, labels)


def among_efficient(problem: PackageProblem, found: Funnel) -> tuple[Solution, ...]:
    """What each bargaining solution would choose among the efficient packages."""
    if not len(problem.parties) or not found.efficient:
        return ()
    settled = settle(problem, found, EVERY_SOLUTION)
    return tuple(
        Solution(name, one, None if one.index is None else found.efficient[one.index])
        for name, one in settled.items()
    )


def _among_points(problem: PackageProblem, points: CertifiedFrontier) -> tuple[Solution, ...]:
    """Solutions among the points of a certified frontier; ratification is not asked."""
    if not len(problem.parties) or not len(points.values):
        return ()
    out = []
    for name in EVERY_SOLUTION:
        one = find_solver(name).resolve()(points.values, problem.reservation)
        deal = None
        if one.index is not None:
            chosen = points.chosen[one.index].tolist()
            gains = points.values[one.index] - problem.reservation
            deal = Deal(
                index=problem.number(chosen),
                options=problem.named(problem.number(chosen)),
                values=dict(zip(problem.actors, points.values[one.index].tolist(), strict=True)),
                gains={problem.actors[i]: float(gains[i]) for i in problem.parties.tolist()},
                support={},
                pass_probability={},
                signing_slack={},
            )
        out.append(Solution(name, one, deal))
    return tuple(out)
