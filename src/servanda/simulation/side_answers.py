"""The answers of one of two scenarios that are compared."""

from __future__ import annotations

from collections.abc import Mapping

from servanda.files.runs import Run
from servanda.problems.agreement import chosen_options
from servanda.problems.translation import Translation
from servanda.results.analysis import Origin
from servanda.results.comparison import OrderSummary, SideAnswers, TalksSummary
from servanda.scenario.model import Scenario
from servanda.simulation.analysis import Found
from servanda.simulation.answers import band, gate_shares, order_views
from servanda.simulation.ensemble import (
    CandidateDraws,
    candidates_over_draws,
)
from servanda.simulation.package_orders import order_package
from servanda.simulation.progress import Progress
from servanda.simulation.standing import Standing
from servanda.simulation.talks import talks_of_scenario


def side_answers(
    scenario: Scenario,
    found: Found,
    origin: Origin,
    *,
    compared: Mapping[str, str],
    stands: Standing,
    threads: int | None,
    progress: Progress,
    run: Run | None = None,
    step: str = "orders",
) -> SideAnswers:
    """What one scenario says to every question.

    Args:
        scenario: it.
        found: its deals over the draws.
        origin: where the answers come from.
        compared: issue to option of the deal whose orders are compared.
        stands: the deals of both scenarios in it.
        threads, progress: as everywhere.
        run, step: where chunks of draws are kept, under which name.
    """
    centre, drawn = found.centre, found.drawn
    names = centre.translation.actors.names
    return SideAnswers(
        origin=origin,
        passed={gate.gate: gate.remaining for gate in centre.funnel.gates},
        gates=gate_shares(found.gates, stands.kept),
        fighting_on={
            name: band(float(centre.reservation[place]), drawn.reservation[:, place])
            for place, name in enumerate(names)
        },
        focus=options_of(centre.translation, found.focus),
        orders=_orders(scenario, found, compared, threads, progress, run, step),
        talks=_talks(scenario, origin, threads, progress),
    )


def options_of(translation: Translation, one: CandidateDraws) -> dict[str, str]:
    """Issue to option of a deal."""
    issues = translation.issues
    chosen = one.ordered.deal.chosen
    return {name: issues.options[n][chosen[n]] for n, name in enumerate(issues.names)}


def _orders(
    scenario: Scenario,
    found: Found,
    compared: Mapping[str, str],
    threads: int | None,
    progress: Progress,
    run: Run | None,
    step: str,
) -> tuple[OrderSummary, ...]:
    """The best and the named orders of the deal compared; none where it does not exist here."""
    centre = found.centre
    issues = centre.translation.issues
    known = dict(zip(issues.names, issues.options, strict=True))
    if any(option not in known.get(issue, ()) for issue, option in compared.items()):
        return ()
    quo = zip(issues.names, issues.status_quo.tolist(), strict=True)
    as_it_is = {name: known[name][place] for name, place in quo}
    chosen = chosen_options(centre.translation, {**as_it_is, **compared})
    progress("the orders people speak of", 0.0)
    ordered = order_package(centre, centre.problem.number(chosen), scenario.orders)
    if ordered is None:
        return ()
    (whole,) = candidates_over_draws(
        centre.every_line,
        centre.translation,
        found.drawn,
        [ordered],
        threads=threads,
        progress=progress,
        run=run,
        step=step,
    )
    return tuple(
        OrderSummary(
            id=view.id,
            name=view.name,
            months=view.plan.months,
            margin=view.margin,
            kept=view.self_enforcing,
            broken_by=view.broken[0].at_centre.constraint.actor if view.broken else "",
            broken_how=view.broken[0].at_centre.constraint.kind.value if view.broken else "",
            broken=view.broken[0].share if view.broken else 0.0,
            windows=view.windows,
        )
        for view in order_views(scenario, centre, whole)
        if view.plan is not None and view.margin is not None
    )


def _talks(
    scenario: Scenario, origin: Origin, threads: int | None, progress: Progress
) -> TalksSummary | None:
    """Talks while fighting; None where no line moves."""
    if not scenario.fronts:
        return None
    case = talks_of_scenario(scenario, origin, threads=threads, progress=progress).case
    return TalksSummary(case.signed_now, case.first_month, case.median_month, case.agreed)
