"""Sentences that more than one section says, each made from the result that holds its numbers."""

from datetime import date

from servanda.brief.document import Code, Line, Part, Strong
from servanda.charts.names import Names, clean, listed
from servanda.charts.numbers import NO_BREAK, months, percent, points, signed, span
from servanda.results.analysis import Analysis, Band, Likelihood, OrderView
from servanda.results.packages import Deal
from servanda.results.plan import ConstraintMargin, PlanEvaluation

CONDITIONAL = "Conditional on its assumptions, not a forecast."


def day(iso: str) -> str:
    """``18 February 2026``; a text that is no date is printed as it is."""
    try:
        one = date.fromisoformat(iso)
    except ValueError:
        return clean(iso)
    return f"{one.day} {one:%B} {one.year}"


def capital(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]


def band(value: Band) -> str:
    """A number over the draws: the range, then the central value."""
    return f"{points(value.central)} ({span(value.low, value.high)})"


def signed_band(value: Band) -> str:
    """The same for gains and margins."""
    return f"{signed(value.central)} ({span(value.low, value.high, signed)})"


def of_draws(share: float, draws: int) -> str:
    """A share of the draws; how many there are is said where they cannot tell it from 0 or 1."""
    said = percent(share)
    if said[0] in "<>":
        return f"{said} of the {draws:,}{NO_BREAK}draws"
    return f"{said} of the draws"


def likelihood_line(likelihood: Likelihood) -> Line:
    """The answer's first sentence."""
    interval = span(likelihood.low, likelihood.high, percent)
    numbers = f" ({percent(likelihood.probability)}; 90{NO_BREAK}% interval {interval})"
    deal, word = "a deal that all sides could sign and keep", Strong(likelihood.word)
    if word.text.endswith("chance"):  # "almost no chance", "roughly even chance"
        article = "a " if word.text.startswith("roughly") else ""
        return (f"There is {article}", word, f"{numbers} of {deal}.")
    return (f"{capital(deal)} is ", word, f"{numbers}.")


def evidence_line(likelihood: Likelihood) -> Line:
    """How good the evidence is, apart from how likely the outcome is."""
    parts: tuple[Part, ...] = ("Evidence: ", Strong(likelihood.confidence), ".")
    reason = sentence(likelihood.confidence_reason)
    return (*parts, f" {reason}") if reason else parts


def orders_line(analysis: Analysis) -> str:
    """How often each order keeps its word, best first."""
    drawn = [order for order in analysis.orders if order.plan is not None]
    if not drawn:
        return "No order of steps was found for the deal in focus."
    draws = analysis.origin.draws
    best, *others = [order for order in drawn if order.id != "free"] or drawn
    said = f"{_subject(best)} is kept in {of_draws(best.self_enforcing, draws)}"
    rest = [f"{order_name(one)} in {percent(one.self_enforcing)}" for one in others]
    return capital(f"{said}; {listed(rest)}." if rest else f"{said}.")


def _subject(order: OrderView) -> str:
    if order.id == "best":
        return "the best order of steps found for the deal in focus"
    return order_name(order)


def order_name(order: OrderView) -> str:
    """An order inside a sentence."""
    name = clean(order.name)
    if order.id in {"best", "free"}:
        return f"the {name[:1].lower()}{name[1:]}"
    return f"“{name}”"


def path_cell(path: str, names: Names) -> Line:
    """Where a number stands, in words and as one types it; several are joined by " + "."""
    said = " + ".join(names.path(one) for one in path.split(" + "))
    return (f"{said} ", Code(path))


def quoted(text: str) -> str:
    """The scenario's words inside a sentence."""
    return f"“{clean(text).rstrip('.')}”"


def sentence(text: str) -> str:
    """A remark of the scenario or the analysis as a sentence of its own."""
    text = capital(clean(text))
    return text if not text or text.endswith((".", "!", "?", "…")) else f"{text}."


def package_line(deal: Deal, names: Names) -> str:
    """The answers of a package that differ from the status quo."""
    answers = []
    for issue, option in deal.options.items():
        known = names.scenario.issues.get(issue)
        entry = known.options.get(option) if known else None
        if entry is None or not entry.status_quo:
            answers.append(names.option(issue, option))
    return in_series(answers) or "everything stays as it is"


def difference_line(deal: Deal, focus: Deal, names: Names) -> str:
    """In which answers a deal differs from the deal in focus."""
    answers = [
        names.option(issue, option)
        for issue, option in deal.options.items()
        if focus.options.get(issue) != option
    ]
    return f"the deal in focus, but: {in_series(answers)}" if answers else "the deal in focus"


def in_series(items: list[str]) -> str:
    """Short items with commas and an "and"; items that hold commas themselves with semicolons."""
    return "; ".join(items) if any("," in one for one in items) else listed(items)


def stage_name(plan: PlanEvaluation, number: int, names: Names) -> str:
    """The steps of a stage, or the time after completion."""
    if number >= len(plan.stages):
        return "after completion"
    return " + ".join(names.step(step) for step in plan.stages[number].steps)


def breach_phrase(one: ConstraintMargin, names: Names) -> str:
    """What an actor could do, in the infinitive."""
    step = names.step(one.constraint.step)
    return one.constraint.kind.phrase + (f" (“{step}”)" if step else "")


def when(one: ConstraintMargin, plan: PlanEvaluation, names: Names) -> str:
    """At which moment of a plan."""
    constraint, at_end = one.constraint, len(plan.stages)
    if constraint.stage >= at_end:
        reached = min(c.constraint.clock for c in plan.constraints if c.constraint.stage == at_end)
        if constraint.clock <= reached:
            return "on completion"
        return f"{months(constraint.clock - reached)} after completion"
    month = f"in month {constraint.plan_month}" if constraint.plan_month else "at signature"
    first, *others = plan.stages[constraint.stage].steps
    during = f"during “{names.step(first)}”"
    if others:
        during += f" and {len(others)} other step{'s' if len(others) > 1 else ''}"
    return f"{month}, {during}"


def breach_sentence(one: ConstraintMargin, plan: PlanEvaluation, names: Names) -> str:
    """Who could break a plan, when, how, and what it would gain or lose by that."""
    actor = names.actor(one.constraint.actor)
    verb = "gain" if one.margin < 0 else "lose"
    size = points(abs(one.margin))
    return (
        f"{capital(when(one, plan, names))}, {actor} would {verb} {size} points if it were to "
        f"{breach_phrase(one, names)}."
    )
