"""The order of steps: the best one as a roadmap, then beside the orders people speak of."""

from servanda.brief.document import (
    Block,
    Bullets,
    Figure,
    Line,
    Paragraph,
    Section,
    Table,
    TableRow,
    columns,
)
from servanda.brief.words import (
    breach_phrase,
    breach_sentence,
    of_draws,
    quoted,
    signed_band,
    stage_name,
    when,
)
from servanda.charts.names import Names, clean
from servanda.charts.numbers import months, percent, points, signed
from servanda.charts.order_margins import order_margins_chart
from servanda.charts.roadmap import roadmap_chart
from servanda.charts.stage_margins import stage_margins_chart
from servanda.results.analysis import Analysis, OrderView
from servanda.results.order_answer import OrderAnswer
from servanda.results.plan import PlanEvaluation, StageEvaluation

MARK = "◀ weakest link"


def roadmap_section(analysis: Analysis, names: Names) -> Section:
    """The best order of steps for the deal in focus."""
    title = "The order of steps"
    order = next((one for one in analysis.orders if one.plan is not None), None)
    if order is None or order.plan is None:
        reasons: tuple[Line, ...] = tuple(
            f"{clean(one.name)}: {clean(one.reason)}" for one in analysis.orders if one.reason
        )
        text = "No order of steps was found for the deal in focus."
        return Section(
            "order", title, (Paragraph(text, "finding"), *([Bullets(reasons)] if reasons else []))
        )
    plan = order.plan
    return Section(
        "order",
        title,
        (
            Paragraph(_lead(order, plan, analysis, names), "finding"),
            Figure(
                roadmap_chart(plan, names.scenario),
                f"{clean(order.name)}, by month since signature; diamonds take effect at once. "
                "The dashed line is the month of the weakest link. A bar in slate has several "
                "owners.",
            ),
            _stage_table(plan, names),
            Figure(
                stage_margins_chart(plan, names.scenario),
                "What each actor would lose by the breach that tempts it most, at the central "
                "values.",
            ),
            *_breaks(order, plan, analysis, names),
        ),
    )


def _lead(order: OrderView, plan: PlanEvaluation, analysis: Analysis, names: Names) -> str:
    kept = (
        "nobody gains by breaking it at the central values"
        if plan.self_enforcing
        else "somebody would gain by breaking it at the central values"
    )
    said = (
        f"{clean(order.name)}: {len(plan.stages)} stages over {months(plan.months)}; {kept}, and "
        f"it is kept in {of_draws(order.self_enforcing, analysis.origin.draws)}."
    )
    weakest = plan.weakest_link
    if weakest is not None:
        said += f" Weakest link: {breach_sentence(weakest, plan, names)}"
    if order.status and order.status != "exact":
        said += (
            f" The search was not exhaustive ({clean(order.status)}): no order can have a margin "
            f"above {points(order.bound)} points."
        )
    return said


def smallest(stage: StageEvaluation) -> tuple[str, float] | None:
    """Who is tempted most in a stage, and its margin."""
    held = {actor: m for actor, m in stage.smallest_margins.items() if m is not None}
    if not held:
        return None
    actor = min(held, key=lambda one: held[one])
    return actor, held[actor]


def _stage_table(plan: PlanEvaluation, names: Names) -> Table:
    weakest = plan.weakest_link
    rows = []
    for number, stage in enumerate(plan.stages):
        least = smallest(stage)
        here = weakest is not None and weakest.constraint.stage == number
        rows.append(
            TableRow(
                (
                    str(number + 1),
                    stage_name(plan, number, names)
                    + (", exchanged under verification" if stage.verified else ""),
                    names.actors(stage.owners),
                    f"{stage.start_month}",
                    f"{stage.months}",
                    signed(least[1]) if least else "–",
                    names.actor(least[0]) if least else "–",
                    MARK if here else "",
                ),
                marked=here,
            )
        )
    end = {actor: m for actor, m in plan.end_margins.items() if m is not None}
    if end:
        actor = min(end, key=lambda one: end[one])
        here = weakest is not None and weakest.constraint.stage >= len(plan.stages)
        rows.append(
            TableRow(
                (
                    "",
                    "after completion, for good",
                    "everyone",
                    f"{plan.months}",
                    "",
                    signed(end[actor]),
                    names.actor(actor),
                    MARK if here else "",
                ),
                marked=here,
            )
        )
    return Table(
        "Stage by stage. The margin is what the actor tempted most would lose by its best breach; "
        "below 0 the breach pays.",
        columns(
            "No.",
            "Stage",
            "By",
            "Starts, month#",
            "Months#",
            "Margin#",
            "Tempted most",
            "Weakest link",
        ),
        tuple(rows),
    )


def _breaks(
    order: OrderView, plan: PlanEvaluation, analysis: Analysis, names: Names
) -> tuple[Block, ...]:
    shown: tuple[Line, ...] = tuple(
        f"{names.actor(one.at_centre.constraint.actor)}, {when(one.at_centre, plan, names)}: would "
        f"gain in {of_draws(one.share, analysis.origin.draws)} if it were to "
        f"{breach_phrase(one.at_centre, names)}."
        for one in order.broken[:5]
        if one.share > 0
    )
    if not shown:
        return ()
    return (Paragraph("What breaks it, most often first:"), Bullets(shown))


def orders_section(analysis: Analysis | OrderAnswer, names: Names) -> Section:
    """Territory first, guarantees first, both at once, beside the best order."""
    title = "Orders people speak of, beside the best one"
    if not analysis.orders:
        return Section("orders", title, ())
    rows = tuple(_order_row(order, names) for order in analysis.orders)
    blocks: list[Block] = [
        Table(
            "Orders of the same deal. Margin: central value, in brackets 5 % to 95 % of the draws.",
            columns(
                "Order",
                "Asked for by",
                "Margin#",
                "Kept in#",
                "Months#",
                "Weakest link",
                "Red lines on order it breaks",
            ),
            rows,
        )
    ]
    drawn = [order for order in analysis.orders if order.margin is not None]
    if drawn:
        blocks.append(
            Figure(
                order_margins_chart(drawn),
                "Right of the line nobody gains by breaking the order: dot, central values; tick, "
                "median; band, 5 % to 95 % of the draws.",
            )
        )
    return Section("orders", title, tuple(blocks))


def _order_row(order: OrderView, names: Names) -> TableRow:
    asked = names.actors(order.asked_by) or "–"
    broken = "; ".join(_red_line_of_order(one, names) for one in order.breaks_red_lines) or "none"
    name = clean(order.name)
    if order.plan is None:
        return TableRow((name, asked, "–", "–", "–", clean(order.reason) or "no such order", "–"))
    weakest = order.plan.weakest_link
    return TableRow(
        (
            name,
            asked,
            signed_band(order.margin) if order.margin else signed(order.plan.margin),
            percent(order.self_enforcing),
            str(order.plan.months),
            breach_sentence(weakest, order.plan, names) if weakest else "nobody could breach",
            broken,
        ),
        marked=order.id == "best",
    )


def _red_line_of_order(identifier: str, names: Names) -> str:
    _, line = names.red_line(identifier)
    if line is None:
        return clean(identifier)
    return f"{names.actor(line.by)}: {quoted(line.says)}"
