"""Further questions about one order as tables and sentences, one function for each question."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from servanda.charts.names import Names
from servanda.charts.numbers import exact_percent, percent, points, signed
from servanda.cli.screen import Table

if TYPE_CHECKING:
    from servanda.results.chance import ChanceEvaluation
    from servanda.results.order_answer import OrderAnswer
    from servanda.results.plan_in_depth import PlanInDepth
    from servanda.results.sincerity import RankedTests

MOST_DISPUTED = 3
"""Temptations seen differently that are listed, the costliest first."""

MOST_TESTS = 5
"""Steps listed as tests of one actor."""

Part = str | Table
"""A paragraph or a table."""


def parts_in_depth(found: OrderAnswer, names: Names) -> Iterator[Part]:
    """Every answer there is, in the order in which one asks."""
    depth = found.depth
    if depth is None:
        return
    yield from _repairs(depth, names)
    yield from _chance(depth, names)
    yield from _guarantees(depth, names)
    yield from _comparison(found)
    yield from _beliefs(depth, names)
    yield from _sincerity(depth, names)
    yield from _tranches(depth, names)
    yield from _renegotiation(depth, names)
    for question, reason in depth.left_out.items():
        yield f"Not answered ({question}): {reason}"


def _repairs(depth: PlanInDepth, names: Names) -> Iterator[Part]:
    if depth.breach is not None:
        yield names.spoken(f"First breach. {depth.breach.sentence}")
    rows = tuple(
        (
            one.kind.value,
            f"{one.size:.3g} {one.unit}" if one.size is not None else "",
            names.spoken(one.sentence),
        )
        for one in sorted(depth.repairs, key=lambda one: not one.suffices)
    )
    heads = ("repair", "size", "what it does")
    yield Table("The smallest repairs, those that suffice first", heads, rows)


def _chance(depth: PlanInDepth, names: Names) -> Iterator[Part]:
    if depth.chance is not None:
        lead = "With votes that may be lost and governments that may change, nobody erring"
        yield _ends(depth.chance, lead, names)
    if depth.noisy is not None:
        lead = "Where parties also err, the less the more they would lose by it"
        yield _ends(depth.noisy, lead, names)


def _ends(chance: ChanceEvaluation, lead: str, names: Names) -> str:
    said = (
        f"{lead}: carried through with probability {chance.carried_through:.2f}, and nothing has "
        f"ended it {chance.horizon / 12:g} years on with probability "
        f"{chance.held_from_signature:.2f}."
    )
    ending = chance.likeliest_ending
    return f"{said} {names.spoken(ending.sentence)}" if ending else said


def _guarantees(depth: PlanInDepth, names: Names) -> Iterator[Part]:
    for one in depth.guarantees:
        yield names.spoken(" ".join(one.sentences))


def _comparison(found: OrderAnswer) -> Iterator[Part]:
    comparison = found.comparison
    if comparison is None or len(comparison.plans) < 2:
        return
    rows = tuple(
        (one.name, percent(one.probability), points(one.regret_mean), points(one.regret_90))
        for one in comparison.plans
    )
    yield comparison.sentence
    yield Table(
        "Orders over the same draws; regret: points short of the best of them",
        ("order", "kept in", "mean regret", "in one of ten at least"),
        rows,
        (1, 2, 3),
    )


def _beliefs(depth: PlanInDepth, names: Names) -> Iterator[Part]:
    beliefs = depth.beliefs
    if beliefs is None:
        return
    seen = ", ".join(f"{names.actor(who)} {percent(s)}" for who, s in depth.seen_by.items())
    yield (
        f"Each in its own beliefs it is kept in {percent(beliefs.own)} of the draws, all in the "
        f"analyst’s in {percent(beliefs.analyst)}" + (f"; as seen by {seen}." if seen else ".")
    )
    rows = tuple(
        (
            names.actor(one.actor),
            percent(one.keeps),
            percent(one.should),
            percent(one.keeps_at_a_cost),
            percent(one.breaks_at_a_cost),
            points(one.cost),
        )
        for one in beliefs.actors
    )
    heads = (
        "actor",
        "keeps it",
        "should, by the analyst",
        "keeps at a cost",
        "breaks at a cost",
        "cost",
    )
    yield Table("Whose belief decides, shares of the draws", heads, rows, (1, 2, 3, 4, 5))
    for one in beliefs.disputed[:MOST_DISPUTED]:
        yield names.spoken(one.sentence)


def _sincerity(depth: PlanInDepth, names: Names) -> Iterator[Part]:
    view = depth.sincerity
    if view is None:
        return
    if view.play.found:
        yield (
            "Where types are hidden the order is carried through with probability "
            f"{view.play.carried_through:.2f}."
        )
    else:
        yield names.spoken(f"Where types are hidden: {view.play.reason}")
    for ranked in view.tests:
        yield _tests(ranked, names)


def _tests(ranked: RankedTests, names: Names) -> Table:
    rows = tuple(
        (
            names.step(one.step),
            f"{one.bits:.2f}",
            exact_percent(one.unmasked),
            points(one.others),
            signed(sum(worth for who, worth in one.worth.items() if who != ranked.actor)),
        )
        for one in ranked.tests[:MOST_TESTS]
    )
    heads = ("step put first", "bits it shows", "unmasked in", "value to others", "worth of it")
    more = f"; {len(ranked.left_out)} could not be tried" if ranked.left_out else ""
    title = f"Small steps that test {names.actor(ranked.actor)}, the best for the others first"
    return Table(f"{title}{more}", heads, rows, (1, 2, 3, 4))


def _tranches(depth: PlanInDepth, names: Names) -> Iterator[Part]:
    found = depth.tranches
    if found is None:
        return
    yield names.spoken(f"Tranches. {found.reason}")
    rows = tuple(
        (names.step(step), f"{len(margins)}", signed(found.helps[step]))
        for step, margins in found.alone.items()
        if step in found.helps
    )
    heads = ("step", "parts at most", "adds to the margin")
    yield Table("What dividing each step alone would add", heads, rows, (1, 2))


def _renegotiation(depth: PlanInDepth, names: Names) -> Iterator[Part]:
    found = depth.renegotiation
    if found is None:
        return
    actors = list(dict.fromkeys(who for one in found.states for who in one.could_ask))
    yield names.spoken(found.sentence)
    rows = tuple(
        (
            names.step(one.after) if one.after else "at signature",
            f"{one.month}",
            *(points(one.could_ask[who]) if who in one.could_ask else "" for who in actors),
            names.actor(one.favoured) if one.favoured else "",
        )
        for one in found.states
    )
    heads = ("after", "month", *(names.actor(who) for who in actors), "favours")
    right = tuple(range(1, 2 + len(actors)))
    yield Table("How much more each could ask for before another breaks off", heads, rows, right)
