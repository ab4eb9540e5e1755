"""What stands in the way most: the gate that most often leaves nothing, and what it consists of."""

from dataclasses import dataclass

from servanda.brief.document import Line
from servanda.brief.guarantees import in_deal
from servanda.brief.words import (
    breach_phrase,
    breach_sentence,
    capital,
    of_draws,
    order_name,
    package_line,
    quoted,
    sentence,
    when,
)
from servanda.charts.names import Names, listed
from servanda.charts.numbers import count, exact_percent, percent, points
from servanda.results.analysis import Analysis, Credibility, OrderView
from servanda.results.packages import Funnel, FunnelStatus, GateCount

KEPT = "implementable"
SMALL = 0.02
"""A share of draws too small to speak of what stands in the way."""


@dataclass(frozen=True)
class Obstacle:
    """The gate that stops most, a sentence about it, and further sentences."""

    gate: str
    headline: str
    details: tuple[Line, ...]
    lead: str = "What stands in the way most"


def main_obstacle(analysis: Analysis, names: Names) -> Obstacle:
    """Find the gate at which most draws lose their last package."""
    funnel = analysis.funnel
    if funnel.status in {FunnelStatus.TOO_MANY, FunnelStatus.NONE_ON_THE_TABLE}:
        return Obstacle("", funnel.message, ())
    gate, lost = _worst_gate(analysis)
    if lost < SMALL and funnel.status.has_deal:
        return _nothing(analysis, names)
    headline, details = {
        "red-lines": _red_lines,
        "individual-rationality": _rationality,
        "ratification": _ratification,
        KEPT: _order,
    }[gate](analysis, names)
    return Obstacle(gate, headline, (*details, *_nearest(analysis, names)))


def _worst_gate(analysis: Analysis) -> tuple[str, float]:
    """The gate with the largest loss over the draws; at a tie, the one that decides the centre."""
    lost: dict[str, float] = {}
    before = 0.0
    for gate in analysis.gates:
        if gate.gate in {"red-lines", "individual-rationality", "ratification"}:
            lost[gate.gate] = gate.empty - before
            before = gate.empty
    lost[KEPT] = 1.0 - analysis.likelihood.probability - before
    empty_now = [gate.gate for gate in analysis.funnel.gates if gate.remaining == 0]
    if empty_now and empty_now[0] in lost:
        lost[empty_now[0]] += 1e-9
    worst = max(lost, key=lambda gate: lost[gate])
    return worst, lost[worst]


def _nothing(analysis: Analysis, names: Names) -> Obstacle:
    """Almost every draw has a deal: what would break it first."""
    best = next((one for one in analysis.orders if one.plan is not None), None)
    weakest = best.plan.weakest_link if best is not None and best.plan is not None else None
    lead = "What comes nearest to breaking it"
    if best is None or best.plan is None or weakest is None:
        return Obstacle("", "Nobody could gain by breaking the deal in focus.", (), lead)
    return Obstacle("", breach_sentence(weakest, best.plan, names), (), lead)


def _loss(analysis: Analysis, gate: str) -> str:
    empty = next((one.empty for one in analysis.gates if one.gate == gate), None)
    if empty is None:
        return ""
    return of_draws(empty, analysis.origin.draws)


def _red_lines(analysis: Analysis, names: Names) -> tuple[str, list[Line]]:
    headline = (
        f"The red lines contradict each other: in {_loss(analysis, 'red-lines')} "
        "no package respects them all."
    )
    row = _stops_most(analysis.funnel.red_lines)
    if row is None:
        return headline, []
    _, line = names.red_line(row.label, row.actor)
    says = quoted(line.says if line else row.label)
    return headline, [
        f"Alone, the red line of {names.actor(row.actor)} {says} stops "
        f"{count(row.killed_alone)} packages that nothing else would stop."
    ]


def _rationality(analysis: Analysis, names: Names) -> tuple[str, list[Line]]:
    headline = (
        f"In {_loss(analysis, 'individual-rationality')} no package within the red lines is better "
        "than fighting on for everyone who has to sign."
    )
    row = _stops_most(analysis.funnel.rationality)
    if row is None:
        return headline, []
    return headline, [
        f"{capital(names.actor(row.actor))} refuses most often: by its own beliefs it does better "
        f"by fighting on than under {count(row.killed_first)} of the packages that reach it."
    ]


def _ratification(analysis: Analysis, names: Names) -> tuple[str, list[Line]]:
    headline = (
        f"In {_loss(analysis, 'ratification')} no package that would be better than fighting on "
        "could also be signed and ratified."
    )
    passes = analysis.focus.deal.pass_probability
    details: list[Line] = []
    if passes:
        gate = min(passes, key=lambda one: passes[one])
        details.append(
            f"The consent least sure for the deal in focus is that of {names.audience(gate)}: "
            f"{percent(passes[gate])}."
        )
    row = _stops_most(analysis.funnel.ratification)
    if row is not None:
        details.append(
            f"The leadership of {names.actor(row.actor)} is the one that would most often not sign "
            f"({count(row.killed_first)} packages at the central values)."
        )
    return headline, details


def _order(analysis: Analysis, names: Names) -> tuple[str, list[Line]]:
    drawn = [one for one in analysis.orders if one.plan is not None]
    gaps = [_credibility_gap(one, analysis, names) for one in analysis.credibilities]
    if not drawn:
        reasons = [sentence(f"{one.name}: {one.reason}") for one in analysis.orders if one.reason]
        said = [gap for gap in gaps if gap] + reasons
        return "No order of steps was found for the deal in focus.", list(said)
    said = [*gaps, *_breaks(drawn[0], analysis, names)]
    most = max(one.self_enforcing for one in drawn)
    kept = analysis.focus.kept
    if most - kept > 1.0 - most:  # what breaks most is not a temptation but a line on order
        said = [_lines_on_order(most, analysis), *_lines_broken(drawn[0], names), *said]
    headline, *details = [one for one in said if one] or ["Nobody could gain by breaking the plan."]
    return headline, list(details)


def _lines_on_order(most: float, analysis: Analysis) -> str:
    draws = analysis.origin.draws
    return (
        f"The order of the steps divides the parties: the one kept most often is kept in "
        f"{percent(most)} of the draws, but only in {of_draws(analysis.focus.kept, draws)} is "
        "there one that also honours every red line on order and is worth its start to all who "
        "sign."
    )


def _lines_broken(best: OrderView, names: Names) -> list[str]:
    found = [names.red_line(one)[1] for one in best.breaks_red_lines]
    lines = [f"{names.actor(line.by)} ({quoted(line.says)})" for line in found if line]
    if not lines:
        return []
    return [f"{capital(order_name(best))} goes against red lines of {listed(lines)}."]


def _breaks(best: OrderView, analysis: Analysis, names: Names) -> list[str]:
    if best.plan is None:
        return []
    said = [
        f"{capital(when(one.at_centre, best.plan, names))}, "
        f"{names.actor(one.at_centre.constraint.actor)} would gain in "
        f"{of_draws(one.share, analysis.origin.draws)} if it were to "
        f"{breach_phrase(one.at_centre, names)}."
        for one in best.broken[:2]
        if one.share > 0
    ]
    weakest = best.plan.weakest_link
    if weakest is not None:
        said.append(
            "At the central values the weakest link of the best order is this. "
            + breach_sentence(weakest, best.plan, names)
        )
    return said


def _credibility_gap(one: Credibility, analysis: Analysis, names: Names) -> str:
    """A guarantee that somebody doubts more than the deal can bear; "" when there is none."""
    name = names.guarantee(one.guarantee)
    if not in_deal(one.guarantee, analysis):
        return ""
    if one.needed is None:
        return (
            f"No credibility of the guarantee “{name}” would by itself make an order of this deal "
            "hold."
        )
    doubters = {actor: g for actor, g in one.believed.items() if g < one.needed}
    said = [f"at {exact_percent(g)} by {names.actor(actor)}" for actor, g in doubters.items()]
    if one.assessed.central < one.needed:
        said.append(f"at {exact_percent(one.assessed.central)} in our assessment")
    if not said:
        return ""
    return (
        f"The guarantee “{name}” is believed {listed(said)}; "
        f"an order that holds needs {exact_percent(one.needed)}."
    )


def _nearest(analysis: Analysis, names: Names) -> list[Line]:
    """When nothing passes at the central values: the deal that fails by least."""
    funnel: Funnel = analysis.funnel
    if funnel.status.has_deal:
        return []
    said: list[Line] = []
    if funnel.nearest_kept is not None and funnel.nearest_kept.margin is not None:
        near = funnel.nearest_kept
        said.append(
            f"The nearest deal ({package_line(near, names)}) misses by "
            f"{points(-(near.margin or 0))} points at the weakest link of its best order."
        )
    if funnel.nearest:
        close = funnel.nearest[0]
        why = [
            f"crosses {len(close.red_lines_broken)} red line"
            + ("s" if len(close.red_lines_broken) > 1 else "")
        ] * bool(close.red_lines_broken)
        why += [
            f"is {points(missing)} points short for {names.actor(actor)}"
            for actor, missing in close.shortfall.items()
            if missing > 0
        ]
        said.append(
            f"The package that fails by least ({package_line(close.deal, names)}) "
            f"{listed(why) or 'fails by a hair'}."
        )
    return said


def _stops_most(rows: tuple[GateCount, ...]) -> GateCount | None:
    """The row that alone stops most, or is first to stop most where none stops any alone."""
    stopping = [row for row in rows if row.killed_first or row.killed_alone]
    return max(stopping, key=lambda row: (row.killed_alone, row.killed_first), default=None)
