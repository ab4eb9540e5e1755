"""Packages: red lines, the funnel, what each side gets, bargaining solutions."""

from servanda.brief.document import (
    Block,
    Figure,
    Folded,
    Line,
    Link,
    Paragraph,
    Part,
    Section,
    Table,
    TableRow,
    columns,
)
from servanda.brief.words import (
    band,
    capital,
    difference_line,
    of_draws,
    package_line,
    sentence,
    signed_band,
)
from servanda.charts.bargaining_frontier import bargaining_frontier_chart
from servanda.charts.funnel import funnel_chart
from servanda.charts.gains import gains_chart
from servanda.charts.names import Names, clean, listed
from servanda.charts.numbers import count, exact_percent, percent, points, signed, span
from servanda.results.analysis import Analysis, Solution
from servanda.results.packages import Deal
from servanda.scenario.issues import RedLine


def red_lines_section(analysis: Analysis, names: Names) -> Section:
    """Who will not sign without what, and how much that costs."""
    stopped: dict[str, tuple[int, int]] = {}
    for row in analysis.funnel.red_lines:
        identifier, _ = names.red_line(row.label, row.actor)
        stopped[identifier] = (row.killed_alone, row.killed_first)
    rows = []
    actors = list(names.scenario.actors)
    lines = names.scenario.red_lines.items()
    for identifier, line in sorted(lines, key=lambda item: actors.index(item[1].by)):
        alone = stopped.get(identifier)
        rows.append(
            TableRow(
                (
                    names.actor(line.by),
                    _with_sources(clean(line.says), line.sources),
                    _forbids(line, names),
                    _stops(line, alone),
                    _holds(line),
                )
            )
        )
    if not rows:
        return Section("red-lines", "Red lines", ())
    return Section(
        "red-lines",
        "Red lines",
        (
            Table(
                "Conditions without which a party does not sign, as stated. “Stops alone”: "
                "packages that nothing else would stop; lines thought less likely than not to hold "
                "are not counted at the central values. Lines on order are weighed with the orders "
                "of steps.",
                columns("Who", "Line", "What it forbids", "Stops alone#", "How likely it holds#"),
                tuple(rows),
            ),
        ),
    )


def _stops(line: RedLine, stopped: tuple[int, int] | None) -> str:
    if stopped is not None:
        return count(stopped[0])
    return "not counted" if line.never else "on order"


def _forbids(line: RedLine, names: Names) -> str:
    said = []
    if line.never:
        never = listed(_answer(one, names) for one in line.never)
        without = listed((_answer(one, names) for one in line.without), "or")
        said.append(never + (f", without {without}" if without else ", in any package"))
    if line.do:
        first, after = (_steps(part, names) for part in (line.do, line.only_after))
        said.append(f"{first} before {after}")
    return capital("; ".join(said))


def _answer(reference: str, names: Names) -> str:
    issue, _, option = reference.partition(".")
    return f"“{names.option(issue, option)}”"


def _steps(references: tuple[str, ...], names: Names) -> str:
    return listed(
        f"steps tagged “{one.removeprefix('tag.')}”"
        if one.startswith("tag.")
        else f"“{names.step(one)}”"
        for one in references
    )


def _holds(line: RedLine) -> str:
    said = exact_percent(line.holds.value)
    if line.holds.low is None or line.holds.high is None:
        return said
    return f"{said} ({span(line.holds.low, line.holds.high, exact_percent)})"


def _with_sources(text: str, sources: tuple[str, ...]) -> Line:
    return (text, " ", *source_links(sources)) if sources else text


def source_links(sources: tuple[str, ...]) -> tuple[Part, ...]:
    """Short links to the source list."""
    parts: list[Part] = []
    for number, source in enumerate(sources):
        parts += [", "] if number else []
        parts.append(Link(source, f"#source-{source}"))
    return ("[", *parts, "]") if parts else ()


def funnel_section(analysis: Analysis, names: Names) -> Section:
    """From all packages to those that could be kept."""
    funnel = analysis.funnel
    if not funnel.gates:
        return Section("funnel", "From all packages to those that could be kept", ())
    first, last = funnel.packages, funnel.gates[-1].remaining
    said = f"Of {count(first)} packages on the table, {count(last)} pass every gate that was asked."
    excluded = funnel.space - funnel.packages
    if excluded:
        said += f" {count(excluded)} more were ruled out beforehand as not able to stand together."
    blocks: list[Block] = [
        Paragraph(said),
        Figure(
            funnel_chart(funnel, analysis.gates),
            "Packages left after each gate at the central values; the thin lines span 5 % to 95 % "
            "of the draws.",
        ),
    ]
    empties = [
        f"{gate.label} {percent(gate.empty)}"
        for gate in analysis.gates
        if gate.empty > 0 and gate.gate != "implementable"
    ]
    if empties:
        blocks.append(
            Paragraph(
                f"Share of the draws in which nothing is left after: {'; '.join(empties)}.", "note"
            )
        )
    if funnel.untested:
        blocks.append(
            Paragraph(
                f"The order of steps was looked at for {count(len(funnel.tested))} packages; "
                f"{count(funnel.untested)} that could also be efficient stayed untested.",
                "note",
            )
        )
    return Section("funnel", "From all packages to those that could be kept", tuple(blocks))


def gains_section(analysis: Analysis, names: Names) -> Section:
    """The deal in focus, and what each side gets against fighting on."""
    view, draws = analysis.focus, analysis.origin.draws
    lead = f"The deal in focus: {package_line(view.deal, names)}."
    if not analysis.funnel.status.has_deal:
        lead = f"No package passes every gate. Shown instead, {_lower(lead)}"
    blocks: list[Block] = [Paragraph(lead, "finding")]
    if analysis.focus_reason:
        blocks.append(Paragraph(sentence(analysis.focus_reason)))
    blocks.append(
        Paragraph(
            f"It is acceptable to all in {of_draws(view.acceptable, draws)}; an order looked at is "
            f"kept and honours the red lines on order in {of_draws(view.kept, draws)}; both "
            f"in {of_draws(view.both, draws)}."
        )
    )
    blocks.append(_package_table(view.deal, names))
    if view.gains:
        blocks.append(
            Figure(
                gains_chart(view, names.scenario),
                "Gain over fighting on, each actor in its own beliefs: dot, central values; tick, "
                "median; band, 5 % to 95 % of the draws. Left of the line, fighting on is better.",
            )
        )
    if analysis.reservations:
        blocks.append(_reservation_table(analysis, names))
    if analysis.deals:
        blocks.append(Folded("Further deals, best first", (_deals_table(analysis, names),)))
    return Section("gains", "What each side gets against fighting on", tuple(blocks))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _package_table(deal: Deal, names: Names) -> Table:
    rows = []
    for issue, option in deal.options.items():
        known = names.scenario.issues.get(issue)
        entry = known.options.get(option) if known else None
        as_now = entry is not None and entry.status_quo
        rows.append(
            TableRow(
                (
                    names.issue(issue),
                    names.option(issue, option),
                    "as it is" if as_now else "changes",
                    known.track if known else "",
                ),
                marked=not as_now,
            )
        )
    return Table(
        "The deal in focus, question by question.",
        columns("Question", "Answer", "Against today", "Track"),
        tuple(rows),
    )


def _reservation_table(analysis: Analysis, names: Names) -> Table:
    gains = analysis.focus.gains
    pressed = any(one.pressed for one in analysis.reservations)
    rows = []
    for one in analysis.reservations:
        gain = gains.get(one.actor)
        cells: list[Line] = [
            names.actor(one.actor),
            points(one.peace),
            band(one.value),
            *([band(one.pressed) if one.pressed else "not pressed"] if pressed else []),
            signed_band(gain) if gain else "does not sign",
        ]
        rows.append(TableRow(tuple(cells)))
    heads = ["Actor", "Today, frozen#", "Fighting on#", "Under pressure#", "Gain of the deal#"]
    if not pressed:
        heads.remove("Under pressure#")
    return Table(
        "Value points as each actor sees them itself; in brackets 5 % to 95 % of the draws. 100 "
        "points span an actor's worst to best package.",
        columns(*heads),
        tuple(rows),
    )


def _deals_table(analysis: Analysis, names: Names) -> Table:
    rows = [
        TableRow(
            (
                difference_line(view.deal, analysis.focus.deal, names),
                percent(view.acceptable),
                percent(view.kept),
                percent(view.both),
            )
        )
        for view in analysis.deals
    ]
    return Table(
        "Share of the draws in which each is acceptable to all, kept in an order looked at that "
        "honours the red lines on order, and both.",
        columns("Deal", "Acceptable#", "Kept#", "Both#"),
        tuple(rows),
    )


def solutions_section(analysis: Analysis, names: Names) -> Section:
    """What the classical solutions would choose among what is left."""
    title = "Which deal a fair division would choose"
    settled = [one for one in analysis.solutions if one.deal is not None]
    if not analysis.solutions:
        return Section("solutions", title, ())
    actors = list(dict.fromkeys(a for one in settled if one.deal for a in one.deal.gains))
    focus = analysis.focus.deal
    rows = tuple(_solution_row(one, actors, focus, names) for one in analysis.solutions)
    blocks: list[Block] = [
        Table(
            "Bargaining solutions among the packages left, and each actor's gain over fighting on "
            "in value points.",
            columns("Solution", *(f"{names.actor(a)}#" for a in actors), "Deal"),
            rows,
        )
    ]
    pair = _pair(analysis, names)
    left = [deal for deal in analysis.funnel.efficient if set(pair or ()) <= deal.gains.keys()]
    if pair and len(left) >= 2:
        blocks.append(
            Figure(
                bargaining_frontier_chart(left, settled, pair, names.scenario),
                "Efficient deals by what the two sides gain; the marks are what each solution "
                "would choose.",
            )
        )
    return Section("solutions", title, tuple(blocks))


def _solution_row(one: Solution, actors: list[str], focus: Deal, names: Names) -> TableRow:
    name = capital(clean(one.name).replace("-", " "))
    if one.deal is None:
        return TableRow((name, *("–" for _ in actors), one.settlement.message))
    gains = one.deal.gains
    cells = (signed(gains[actor]) if actor in gains else "–" for actor in actors)
    return TableRow((name, *cells, difference_line(one.deal, focus, names)))


def _pair(analysis: Analysis, names: Names) -> tuple[str, str] | None:
    """One belligerent of each side, both of which sign."""
    sides: dict[str, str] = {}
    for identifier, actor in names.scenario.actors.items():
        if actor.side and actor.signs:
            sides.setdefault(actor.side, identifier)
    return (sides["a"], sides["b"]) if {"a", "b"} <= sides.keys() else None
