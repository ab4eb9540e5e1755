"""From central values and draws to the labelled answers of an analysis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from servanda.problems.agreement import Agreement, world_states
from servanda.problems.package_binding import order_lines
from servanda.problems.parameters import Floats, moves_deals
from servanda.problems.translation import NOBODY, Translation
from servanda.results.analysis import (
    Analysis,
    Assumption,
    Band,
    BrokenConstraint,
    DealView,
    GateShare,
    Likelihood,
    OrderView,
    Origin,
    ParcelChange,
    Solution,
)
from servanda.results.likelihood import likelihood_word
from servanda.results.packages import Deal, FunnelDraws
from servanda.results.plan import PlanEvaluation
from servanda.scenario.evidence import ledger
from servanda.scenario.land import DEMILITARISED
from servanda.scenario.model import Scenario
from servanda.simulation.centre import Centre, Ground
from servanda.simulation.ensemble import CandidateDraws, Draws, OrderDraws
from servanda.simulation.guarantee_views import credibility_views, windows
from servanda.simulation.war_views import reservation_views, war_views
from servanda.solvers.egalitarian import egalitarian
from servanda.solvers.kalai_smorodinsky import kalai_smorodinsky
from servanda.solvers.nash import nash
from servanda.solvers.orders import BEST, FREE, OrderedDeal
from servanda.solvers.package_values import deal_of

Flags = NDArray[np.bool_]

WITHIN = 0.90
"""Coverage of the interval around a share of draws."""

MOST_BROKEN = 6
"""Temptations listed for each order."""


def assemble(
    scenario: Scenario,
    origin: Origin,
    centre: Centre,
    drawn: Draws,
    gates: FunnelDraws,
    focus: CandidateDraws,
    others: Sequence[CandidateDraws],
    *,
    threads: int | None,
) -> Analysis:
    """Everything a brief says."""
    translation = centre.translation
    everyone = (focus, *others)
    kept_deal = np.any([one.acceptable & one.kept for one in everyone], axis=0)
    assumptions = assumptions_of(scenario, translation, drawn, focus)
    views = sorted(
        (deal_view(centre, one) for one in others), key=lambda view: (-view.both, -view.acceptable)
    )
    orders = order_views(scenario, centre, focus)
    return Analysis(
        origin=origin,
        likelihood=likelihood(kept_deal, assumptions),
        caveats=(*scenario.caveats, *_method_caveats(origin, everyone)),
        war=war_views(translation),
        reservations=reservation_views(scenario, translation, drawn, threads=threads),
        funnel=centre.funnel,
        gates=gate_shares(gates, kept_deal),
        focus=deal_view(centre, focus),
        focus_reason=_focus_reason(focus),
        deals=tuple(views),
        solutions=solutions(centre),
        orders=orders,
        credibilities=credibility_views(
            translation, centre.table, drawn, focus.ordered, centre.held
        ),
        land=land_changes(translation, focus.ordered.deal),
        assumptions=assumptions,
        candidates=sum(len(one.orders) for one in everyone),
    )


def band(central: float, values: NDArray[np.float64] | NDArray[np.int64]) -> Band:
    """A number at the central values with its 5 %, 50 % and 95 % points over the draws."""
    low, median, high = np.percentile(values, [5.0, 50.0, 95.0])
    return Band(float(central), float(low), float(median), float(high))


def likelihood(happens: Flags, assumptions: Sequence[Assumption]) -> Likelihood:
    """A share of draws with its interval, its word, and how good the evidence is."""
    count, hits = len(happens), int(happens.sum())
    edge = (1.0 - WITHIN) / 2
    low, high = (  # Jeffreys
        float(stats.beta.ppf(point, hits + 0.5, count - hits + 0.5)) for point in (edge, 1.0 - edge)
    )
    share = hits / count
    confidence, reason = _confidence(assumptions)
    return Likelihood(
        probability=share,
        low=low if hits else 0.0,
        high=high if hits < count else 1.0,
        word=likelihood_word(share),
        confidence=confidence,
        confidence_reason=reason,
    )


def _confidence(assumptions: Sequence[Assumption]) -> tuple[str, str]:
    """How good the evidence is: how much of what moves the answer rests on sources."""
    weight = np.array([one.influence for one in assumptions])
    sourced = np.array([bool(one.sources) for one in assumptions])
    total = float(weight.sum())
    if total == 0:
        return "low", "no number here has a range, so nothing shows which of them matters"
    share = float(weight[sourced].sum()) / total
    grade = "high" if share >= 0.8 else "moderate" if share >= 0.5 else "low"
    reason = (
        f"{100 * share:.0f} % of the influence on the result lies with numbers that cite a source, "
        "the rest with the analyst’s judgement"
    )
    return grade, reason


def deal_view(centre: Ground, one: CandidateDraws) -> DealView:
    """One deal over the draws."""
    plans = one.ordered.plans
    deal = _deal(centre, one.ordered, plans.get(BEST) or plans.get(FREE))
    gains = {
        name: band(deal.gains.get(name, float("nan")), one.gains[:, actor])
        for actor, name in enumerate(centre.translation.actors.names)
        if name in deal.gains
    }
    return DealView(
        deal=deal,
        gains=gains,
        acceptable=float(one.acceptable.mean()),
        kept=float(one.kept.mean()),
        both=float((one.acceptable & one.kept).mean()),
    )


def _deal(centre: Ground, ordered: OrderedDeal, plan: PlanEvaluation | None) -> Deal:
    deal = deal_of(centre.problem, ordered.package)
    values = None
    if plan is not None:
        values = {
            name: float(value) for name, value in zip(plan.actors, plan.values[0], strict=True)
        }
    return Deal(
        index=deal.index,
        options=deal.options,
        values=deal.values,
        gains=deal.gains,
        support=deal.support,
        pass_probability=deal.pass_probability,
        signing_slack=deal.signing_slack,
        margin=plan.margin if plan else None,
        values_at_start=values,
        kept=plan.self_enforcing if plan else None,
        plan=plan,
    )


def order_views(
    scenario: Scenario,
    centre: Ground,
    focus: CandidateDraws,
    more: Sequence[OrderName] = (),
) -> tuple[OrderView, ...]:
    """The best order first, then the best without red lines on order, the named ones, and more."""
    ordered = focus.ordered
    over_draws = {order.id: order for order in focus.orders}
    names = [
        OrderName(BEST, "Best order found"),
        OrderName(FREE, "Best order if no red line on order held"),
        *(OrderName(key, order.name, order.by) for key, order in scenario.orders.items()),
        *more,
    ]
    views = []
    for one in names:
        plan, found = ordered.plans.get(one.id), over_draws.get(one.id)
        if one.id == FREE and _same_plan(plan, ordered.plans.get(BEST)):
            continue
        if plan is None or found is None:
            views.append(_missing(one, ordered.reasons.get(one.id, "")))
        else:
            views.append(_order_view(centre, ordered, one, plan, found))
    return tuple(views)


@dataclass(frozen=True)
class OrderName:
    """What an order is called, and who asks for it."""

    id: str
    name: str
    asked_by: tuple[str, ...] = ()


def _same_plan(one: PlanEvaluation | None, other: PlanEvaluation | None) -> bool:
    return one is not None and other is not None and one.order == other.order


def _missing(one: OrderName, reason: str) -> OrderView:
    return OrderView(
        id=one.id,
        name=one.name,
        asked_by=one.asked_by,
        plan=None,
        reason=reason or "No such order exists.",
        status="",
        bound=float("nan"),
        self_enforcing=0.0,
        breaks_red_lines=(),
        margin=None,
        broken=(),
        windows=(),
    )


def _order_view(
    centre: Ground, ordered: OrderedDeal, one: OrderName, plan: PlanEvaluation, found: OrderDraws
) -> OrderView:
    lines = order_lines(centre.translation)
    search = ordered.searches.get(one.id)
    return OrderView(
        id=one.id,
        name=one.name,
        asked_by=one.asked_by,
        plan=plan,
        reason="",
        status=search.status.value if search else "given",
        bound=search.bound if search else float("nan"),
        self_enforcing=float(found.margins.self_enforcing.mean()),
        breaks_red_lines=tuple(
            centre.translation.red_lines.names[lines[place]] for place in found.breaks
        ),
        margin=band(plan.margin, found.margins.margins),
        broken=_broken(plan, found),
        windows=windows(centre.table, ordered, plan),
    )


def _broken(plan: PlanEvaluation, found: OrderDraws) -> tuple[BrokenConstraint, ...]:
    """What breaks a plan, most often first; of each actor and kind only the most frequent."""
    shares = (found.margins.constraint_margins < -1e-9).mean(axis=0)
    listed: dict[tuple[str, str], BrokenConstraint] = {}
    for column in np.argsort(-shares, kind="stable").tolist():
        if shares[column] == 0.0:
            break
        at_centre = plan.constraints[column]
        who = (at_centre.constraint.actor, at_centre.constraint.kind.value)
        listed.setdefault(who, BrokenConstraint(at_centre, float(shares[column])))
    return tuple(listed.values())[:MOST_BROKEN]


def gate_shares(gates: FunnelDraws, kept_deal: Flags) -> tuple[GateShare, ...]:
    """How many packages each gate leaves over the draws, and how often none."""
    words = ("red-lines", "individual-rationality", "ratification")
    labels = ("red lines", "better than fighting on, for all", "could be ratified")
    shares = [
        GateShare(
            gate=gate,
            label=label,
            remaining=band(float(np.median(gates.remaining[:, n])), gates.remaining[:, n]),
            empty=float((gates.remaining[:, n] == 0).mean()),
        )
        for n, (gate, label) in enumerate(zip(words, labels, strict=True))
    ]
    kept = kept_deal.astype(float)
    shares.append(
        GateShare(
            gate="implementable",
            label="kept in some order looked at",
            remaining=band(float(np.median(kept)), kept),
            empty=float(1.0 - kept.mean()),
        )
    )
    return tuple(shares)


def solutions(centre: Centre) -> tuple[Solution, ...]:
    """Bargaining solutions among the packages that pass every gate at the central values."""
    left = [deal for deal in centre.funnel.tested if deal.kept]
    actors = centre.translation.actors.names
    values = np.array([[deal.values[name] for name in actors] for deal in left])
    values = values.reshape(len(left), len(actors))
    point = np.where(centre.translation.actors.signs, centre.reservation, np.nan)
    found = []
    for name, solve in (
        ("Nash", nash),
        ("Kalai-Smorodinsky", kalai_smorodinsky),
        ("Egalitarian", egalitarian),
    ):
        settlement = solve(values, point)
        chosen = None if settlement.index is None else left[settlement.index]
        found.append(Solution(name, settlement, chosen))
    return tuple(found)


def land_changes(translation: Translation, deal: Agreement) -> tuple[ParcelChange, ...]:
    """Every parcel before and after a deal."""
    after = world_states(translation, deal, np.array([deal.full], np.int64)).holder[0]
    speakers = [translation.actors.names[speaker] for speaker in translation.actors.speaker]
    names = {0: speakers[0], 1: speakers[1], NOBODY: DEMILITARISED}
    land = translation.land
    return tuple(
        ParcelChange(name, names[int(land.holder[n])], names[int(after[n])])
        for n, name in enumerate(land.names)
    )


def assumptions_of(
    scenario: Scenario, translation: Translation, drawn: Draws, focus: CandidateDraws
) -> tuple[Assumption, ...]:
    """Every number, the most influential first."""
    params = translation.parameters
    rests_on = {number.path: number.sources for number in ledger(scenario).numbers}
    influence = np.where(moves_deals(params), influences(drawn.theta, _room(focus)), 0.0)
    believed: dict[int, dict[str, float]] = {}
    strongest = influence.copy()
    for entry, about in enumerate(params.about.tolist()):
        if about != entry:
            believed.setdefault(about, {})[params.believer[entry]] = float(params.value[entry])
            strongest[about] = max(strongest[about], influence[entry])
    rows = [
        Assumption(
            path=path,
            value=float(params.value[n]),
            low=None if np.isnan(params.low[n]) else float(params.low[n]),
            high=None if np.isnan(params.high[n]) else float(params.high[n]),
            unit=params.unit[n],
            believed=believed.get(n, {}),
            sources=rests_on.get(path, params.sources[n]),
            note=params.note[n],
            default=bool(params.default[n]),
            influence=float(strongest[n]),
        )
        for n, path in enumerate(params.paths)
        if params.about[n] == n
    ]
    return tuple(sorted(rows, key=lambda row: -row.influence))


def influences(theta: Floats, room: Floats) -> Floats:
    """How strongly each quantity moves what decides whether the deal in focus comes about, (P,).

    ``room`` (D, n) is what each party gains and the best margin of an order; the smallest decides.
    The influence is the squared rank correlation with each of them, weighted by the share of draws
    in which it is the smallest, less what chance alone would give with so many draws.
    """
    decides = np.bincount(np.argmin(room, axis=1), minlength=room.shape[1]) / len(room)
    total = np.zeros(theta.shape[1])
    for column, share in enumerate(decides.tolist()):
        if share > 0:
            by_chance = 1.0 / max(len(room) - 1, 1)
            squared = rank_correlation(theta, room[:, column]) ** 2
            total += share * np.maximum(squared - by_chance, 0.0)
    return total


def rank_correlation(theta: Floats, outcome: Floats) -> Floats:
    """Spearman correlation of every column with the outcome; 0 where nothing varies, (P,)."""
    ranks = stats.rankdata(theta, axis=0)
    ranks -= ranks.mean(axis=0)
    target = stats.rankdata(outcome)
    target -= target.mean()
    spread = np.sqrt((ranks**2).sum(axis=0) * (target**2).sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation: Floats = np.where(spread > 0, target @ ranks / spread, 0.0)
    return correlation


def _room(focus: CandidateDraws) -> Floats:
    """Gains of those who must sign, and the best margin of an order looked at, (D, n)."""
    signatories = ~np.isnan(focus.gains).any(axis=0)
    columns = [focus.gains[:, signatories]]
    if focus.orders:
        columns.append(np.max([o.margins.margins for o in focus.orders], axis=0)[:, np.newaxis])
    return np.concatenate(columns, axis=1)


def _method_caveats(origin: Origin, everyone: Sequence[CandidateDraws]) -> tuple[str, ...]:
    orders = sum(len(one.orders) for one in everyone)
    return (
        f"Orders of steps were searched at the central values for {len(everyone)} packages and "
        f"{orders} orders then evaluated in all {origin.draws} draws; a deal outside this list "
        "may do better in some draws, so shares of kept deals are lower bounds.",
        "Parties disagree openly about prospects; private information is represented only as far "
        "as it is written as a belief.",
    )


def _focus_reason(focus: CandidateDraws) -> str:
    both = float((focus.acceptable & focus.kept).mean())
    if both > 0:
        return "the deal that passes every gate in the largest share of draws"
    if float(focus.acceptable.mean()) > 0:
        return "acceptable in some draws, though no order looked at is then kept"
    return "the nearest deal: none is acceptable to all in any draw"
