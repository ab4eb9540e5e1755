"""The first page: the answer, how good the evidence is, what to doubt, and the key figures."""

from servanda.brief.document import Block, Bullets, Fact, Facts, Line, Paragraph, Section
from servanda.brief.obstacle import main_obstacle
from servanda.brief.words import evidence_line, likelihood_line, orders_line, signed_band
from servanda.charts.names import Names, clean
from servanda.charts.numbers import count, months, percent
from servanda.results.analysis import Analysis

CAVEATS = 3


def answer_section(analysis: Analysis, names: Names) -> Section:
    """Three sentences, the evidence apart from them, and the first caveats."""
    blocks: list[Block] = [Paragraph(line, "finding") for line in answer_lines(analysis, names)]
    blocks.append(Paragraph(evidence_line(analysis.likelihood)))
    caveats: tuple[Line, ...] = tuple(clean(one) for one in analysis.caveats[:CAVEATS])
    if caveats:
        blocks += [Paragraph("Before relying on it:", "note"), Bullets(caveats, numbered=True)]
    blocks.append(key_figures(analysis))
    summary = clean(names.scenario.summary)
    if summary:
        blocks.append(Paragraph(summary, "note"))
    return Section("answer", "The answer", tuple(blocks))


def answer_lines(analysis: Analysis, names: Names) -> tuple[Line, Line, Line]:
    """How likely a deal is, which order would be kept, what stands in the way."""
    likelihood = likelihood_line(analysis.likelihood)
    obstacle = main_obstacle(analysis, names)
    if analysis.funnel.status.has_deal:
        middle = orders_line(analysis)
    else:
        middle = f"At the central values there is none: {_lower_first(analysis.funnel.message)}"
    return likelihood, middle, f"{obstacle.lead}: {_lower_first(obstacle.headline)}"


def key_figures(analysis: Analysis) -> Facts:
    """The numbers a reader will ask for first."""
    funnel, likelihood = analysis.funnel, analysis.likelihood
    draws = analysis.origin.draws
    facts = [
        Fact("a kept deal", percent(likelihood.probability), f"{likelihood.word}, {draws:,} draws"),
        Fact("packages on the table", count(funnel.packages), _left(analysis)),
    ]
    best = next((one for one in analysis.orders if one.plan is not None), None)
    if best is not None and best.plan is not None:
        facts.append(
            Fact(
                "best order kept",
                percent(best.self_enforcing),
                f"{months(best.plan.months)}, {len(best.plan.stages)} stages",
            )
        )
        if best.margin is not None:
            shown = signed_band(best.margin)
            centre, _, rest = shown.partition(" (")
            facts.append(Fact("its margin, points", centre, f"draws {rest.rstrip(')')}"))
    if analysis.war:
        facts.append(
            Fact(
                "if the war goes on",
                months(analysis.war[0].outlook.expected_months),
                "expected, as assessed",
            )
        )
    if analysis.assumptions:
        unsourced = sum(1 for one in analysis.assumptions if not one.sources)
        facts.append(
            Fact("assumptions", count(len(analysis.assumptions)), f"{count(unsourced)} unsourced")
        )
    return Facts(tuple(facts))


def _left(analysis: Analysis) -> str:
    gates = analysis.funnel.gates
    return f"{count(gates[-1].remaining)} left after every gate" if gates else "none looked at"


def _lower_first(text: str) -> str:
    """Joined to a sentence: lower-case unless the first word is a name or an abbreviation."""
    first = text.split(" ", 1)[0]
    common = {"The", "No", "In", "On", "A", "Nobody", "Packages", "Every", "There", "At", "Weakest"}
    return text[:1].lower() + text[1:] if first in common else text
