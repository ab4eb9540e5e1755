"""A scenario as readable tables, one function for each section."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from servanda.cli.screen import Table

if TYPE_CHECKING:
    from servanda.scenario.issues import Issue, RedLine
    from servanda.scenario.model import Scenario
    from servanda.scenario.quantity import Quantity
    from servanda.scenario.steps import Step
    from servanda.scenario.war import HazardTrend, Trend


def tables_of(scenario: Scenario, sections: Sequence[str]) -> list[Table]:
    """Tables of the sections asked for (all when none is), without those that are empty."""
    asked = sections or tuple(SECTIONS)
    return [
        table
        for name, make in SECTIONS.items()
        if name in asked
        for table in make(scenario)
        if table.rows
    ]


def _actors(scenario: Scenario) -> Iterable[Table]:
    rows = [
        (
            name,
            actor.name,
            actor.role,
            actor.side or "",
            "yes" if actor.signs else "no",
            _quantity(actor.discount),
        )
        for name, actor in scenario.actors.items()
    ]
    columns = ("actor", "name", "role", "side", "signs", "discount a year")
    yield Table("Actors", columns, tuple(rows))


def _land(scenario: Scenario) -> Iterable[Table]:
    fronts = {parcel: name for name, front in scenario.fronts.items() for parcel in front.parcels}
    rows = [
        (
            name,
            parcel.name,
            parcel.held_by,
            fronts.get(name, ""),
            _quantity(parcel.fortification),
            _by_actor(parcel.worth),
        )
        for name, parcel in scenario.parcels.items()
        if not parcel.background
    ]
    columns = ("parcel", "name", "held by", "front", "fortification", "worth")
    yield Table("Land (held describes control, never title)", columns, tuple(rows))


def _issues(scenario: Scenario) -> Iterable[Table]:
    for name, issue in scenario.issues.items():
        actors = _actors_of(scenario, issue)
        weights = (
            "weight",
            "",
            *(f"{issue.weight[a].value:.3g}" if a in issue.weight else "" for a in actors),
        )
        options = [
            (
                f"{name}.{key}",
                (option.name or key.replace("-", " "))
                + (" (status quo)" if option.status_quo else ""),
                *(_quantity(option.value[a]) if a in option.value else "" for a in actors),
            )
            for key, option in issue.options.items()
        ]
        yield Table(
            f"{issue.question} ({issue.track})",
            ("option", "answer", *actors),
            (weights, *options),
            tuple(range(2, 2 + len(actors))),
        )


def _actors_of(scenario: Scenario, issue: Issue) -> list[str]:
    named = {
        *issue.weight,
        *(actor for option in issue.options.values() for actor in option.value),
    }
    return [actor for actor in scenario.actors if actor in named]


def _red_lines(scenario: Scenario) -> Iterable[Table]:
    rows = [
        (name, line.by, line.says, _condition(line), _quantity(line.holds))
        for name, line in scenario.red_lines.items()
    ]
    columns = ("red line", "by", "in neutral words", "read as", "holds")
    yield Table("Red lines", columns, tuple(rows))


def _condition(line: RedLine) -> str:
    if line.never:
        without = f" without {' or '.join(line.without)}" if line.without else ""
        return f"never {' with '.join(line.never)}{without}"
    return f"{', '.join(line.do)} only after {', '.join(line.only_after)}"


def _steps(scenario: Scenario) -> Iterable[Table]:
    rows = [
        (
            name,
            step.name or name.replace("-", " "),
            " + ".join(step.by),
            str(step.months),
            "\n".join(step.requires),
            ", ".join(step.reversible_by) or "nobody",
        )
        for name, step in scenario.steps.items()
    ]
    columns = ("step", "name", "by", "months", "requires", "reversible by")
    yield Table("Steps", columns, tuple(rows), (3,))
    effects = [
        (name, "\n".join(step.serves), "\n".join(_effects(step)))
        for name, step in scenario.steps.items()
    ]
    yield Table("What the steps do", ("step", "carries out", "changes"), tuple(effects))


def _effects(step: Step) -> list[str]:
    found = ["fighting stops"] if step.ceasefire else []
    found += [f"{parcel} to {holder}" for parcel, holder in step.moves.items()]
    found += [f"{instrument} to {_quantity(level)}" for instrument, level in step.sets.items()]
    found += [f"brings {guarantee}" for guarantee in step.brings]
    return found


def _orders(scenario: Scenario) -> Iterable[Table]:
    rows = [
        (
            name,
            order.name,
            " + ".join(order.together)
            if order.together
            else f"{' + '.join(order.first)}, then {' + '.join(order.then)}",
            ", ".join(order.by),
        )
        for name, order in scenario.orders.items()
    ]
    yield Table("Orders of steps people speak of", ("order", "name", "tags", "by"), tuple(rows))


def _guarantees(scenario: Scenario) -> Iterable[Table]:
    rows = [
        (
            name,
            one.name,
            one.by,
            one.protects,
            one.form,
            "yes" if one.conditional else "no",
            _quantity(one.credibility) if one.credibility else "derived",
        )
        for name, one in scenario.guarantees.items()
    ]
    columns = ("guarantee", "name", "by", "protects", "form", "conditional", "credibility")
    yield Table("Guarantees", columns, tuple(rows))


def _audiences(scenario: Scenario) -> Iterable[Table]:
    rows = [
        (
            name,
            one.name,
            one.of,
            _quantity(one.threshold),
            str(len(one.polls)),
            one.step or "at signature",
        )
        for name, one in scenario.audiences.items()
    ]
    columns = ("audience", "name", "of", "threshold", "polls", "asked")
    yield Table("Publics and bodies whose consent is needed", columns, tuple(rows), (4,))


def _rankings(scenario: Scenario) -> Iterable[Table]:
    rows = []
    for name, said in scenario.rankings.items():
        rows += [(name, issue, _in_order(ranking)) for issue, ranking in said.options.items()]
        if said.importance:
            rows.append((name, "importance of issues", _in_order(said.importance)))
        rows += [
            (name, "importance of issues", f"{issue} > {one}")
            for issue, less in said.more_important.items()
            for one in less
        ]
        if said.refuses_below:
            rows.append((name, "refuses below", ", ".join(said.refuses_below.values())))
    yield Table("Rankings, best first", ("actor", "of", "order"), tuple(rows))


def _in_order(ranking: Sequence[Sequence[str]]) -> str:
    return " > ".join(" = ".join(names) for names in ranking)


def _war(scenario: Scenario) -> Iterable[Table]:
    war = scenario.war
    if war is None:
        said = [(name, _quantity(value)) for name, value in scenario.reservation.items()]
        yield Table("Without a deal", ("actor", "what it gets"), tuple(said), (1,))
        return
    actors = [name for name in scenario.actors if name in {*war.costs, *war.exhaustion}]
    rows = [
        (
            name,
            _quantity(war.strength[name]) if name in war.strength else "",
            _trend(war.costs[name]) if name in war.costs else "",
            _trend(war.exhaustion[name]) if name in war.exhaustion else "",
        )
        for name in actors
    ]
    columns = ("actor", "strength", "cost a month", "gives way, a month")
    yield Table("If the war goes on", columns, tuple(rows))
    imposed = [(f"{loser} gives way", _by_actor(values)) for loser, values in war.imposed.items()]
    yield Table("If one gives way", ("case", "what each gets"), tuple(imposed))


def _variants(scenario: Scenario) -> Iterable[Table]:
    rows = [
        (name, one.note, "; ".join(f"{path} = {value}" for path, value in one.set.items()))
        for name, one in scenario.variants.items()
    ]
    yield Table("Variants", ("variant", "stands for", "changes"), tuple(rows))


def _sources(scenario: Scenario) -> Iterable[Table]:
    rows = [
        (name, one.title, one.publisher, one.date, one.kind, one.certainty)
        for name, one in scenario.sources.items()
    ]
    columns = ("source", "title", "publisher", "date", "kind", "certainty")
    yield Table("Sources", columns, tuple(rows))


def _quantity(quantity: Quantity) -> str:
    """``0.45 (0.2–0.7; rival 0.3)``: value, range, and who believes otherwise."""
    more = []
    if quantity.low is not None and quantity.high is not None:
        dash = "–" if quantity.low >= 0 else " to "
        more.append(f"{quantity.low:.3g}{dash}{quantity.high:.3g}")
    more += [f"{actor} {belief.value:.3g}" for actor, belief in quantity.believed.items()]
    return f"{quantity.value:.3g}" + (f" ({'; '.join(more)})" if more else "")


def _trend(trend: Trend | HazardTrend) -> str:
    text = _quantity(trend.now)
    if trend.cap is not None:
        text += f", {trend.drift.value:+.3g} a month up to {_quantity(trend.cap)}"
    return text


def _by_actor(values: dict[str, Quantity]) -> str:
    return ", ".join(f"{actor} {_quantity(value)}" for actor, value in values.items())


SECTIONS: dict[str, Callable[[Scenario], Iterable[Table]]] = {
    "actors": _actors,
    "land": _land,
    "issues": _issues,
    "red-lines": _red_lines,
    "steps": _steps,
    "orders": _orders,
    "guarantees": _guarantees,
    "audiences": _audiences,
    "rankings": _rankings,
    "war": _war,
    "variants": _variants,
    "sources": _sources,
}
