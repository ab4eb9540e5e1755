"""Do the rankings of a scenario hold together, with one another and with its numbers?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter

from servanda.errors import Complaint, nearest_name
from servanda.scenario.model import Scenario
from servanda.scenario.rankings import Ranking, Rankings

Found = Iterator[Complaint]


def rankings_hold_together(scenario: Scenario) -> Found:
    """Every complaint about rankings."""
    if scenario.rankings and scenario.war is not None:
        rule = (
            "a war is weighed in numbers, so rankings cannot be set against it; they stand where "
            "the scenario says what each gets without a deal"
        )
        yield Complaint("rankings", rule)
    for actor, said in scenario.rankings.items():
        path = f"rankings.{actor}"
        yield from _options(scenario, actor, said, f"{path}.options")
        yield from _importance(scenario, actor, said, path)
        yield from _floor(scenario, actor, said, f"{path}.refuses-below")


def important_issues(scenario: Scenario, actor: str) -> list[str]:
    """Issues of whose options the actor's ranking or values are said, in the scenario's order."""
    ranked = scenario.rankings[actor].options if actor in scenario.rankings else {}
    return [
        name
        for name, issue in scenario.issues.items()
        if name in ranked or any(actor in option.value for option in issue.options.values())
    ]


def _options(scenario: Scenario, actor: str, said: Rankings, path: str) -> Found:
    weighed = any(actor in issue.weight for issue in scenario.issues.values())
    for name, ranking in said.options.items():
        here, issue = f"{path}.{name}", scenario.issues.get(name)
        if issue is None:
            yield _unknown(here, "issue", name, scenario.issues)
            continue
        yield from _places(ranking, here, "option", issue.options)
        missing = [key for key in issue.options if key not in _named(ranking)]
        if missing:
            rule = f"leaves out {_listed(missing)}; a ranking names every option of its issue"
            yield Complaint(here, rule)
        valued = [key for key, option in issue.options.items() if actor in option.value]
        if valued:
            where = f"issues.{name}.options.{valued[0]}.value.{actor}"
            yield Complaint(where, f"'{actor}' ranks the options of '{name}'; give one or other")
        if weighed and actor not in issue.weight:
            rule = f"no weight: the other issues of '{actor}' are weighed in numbers, this one not"
            yield Complaint(here, rule)


def _importance(scenario: Scenario, actor: str, said: Rankings, path: str) -> Found:
    known = important_issues(scenario, actor)
    yield from _places(said.importance, f"{path}.importance", "issue", scenario.issues)
    named = dict.fromkeys(_named(said.importance), f"{path}.importance")
    for name, others in said.more_important.items():
        here = f"{path}.more-important.{name}"
        for one in (name, *others):
            if one not in scenario.issues:
                yield _unknown(here, "issue", one, scenario.issues)
            named.setdefault(one, here)
    for name, here in named.items():
        if name in scenario.issues and name not in known:
            rule = f"nothing is said of how '{actor}' ranks or values the options of '{name}'"
            yield Complaint(here, rule)
    weighed = [name for name, issue in scenario.issues.items() if actor in issue.weight]
    if named and weighed:
        rule = f"'{actor}' ranks its issues by importance; give one or other"
        yield Complaint(f"issues.{weighed[0]}.weight.{actor}", rule)
    try:
        TopologicalSorter(more_important(said)).prepare()
    except CycleError as error:
        circle = " over ".join(names[0] for names in error.args[1])
        yield Complaint(f"{path}.more-important", f"importance runs in a circle: {circle}")


def more_important(said: Rankings) -> dict[tuple[str, ...], set[tuple[str, ...]]]:
    """Issues of equal importance, each with those that matter more, as said."""
    place = {name: names for names in said.importance for name in names}
    graph: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for higher, lower in zip(said.importance, said.importance[1:], strict=False):
        graph.setdefault(lower, set()).add(higher)
    for name, others in said.more_important.items():
        for other in others:
            graph.setdefault(place.get(other, (other,)), set()).add(place.get(name, (name,)))
    return graph


def _floor(scenario: Scenario, actor: str, said: Rankings, path: str) -> Found:
    package = said.refuses_below
    if not package:
        return
    for name, option in package.items():
        issue = scenario.issues.get(name)
        if issue is None:
            yield _unknown(f"{path}.{name}", "issue", name, scenario.issues)
        elif option not in issue.options:
            yield _unknown(f"{path}.{name}", "option", option, issue.options)
    missing = [name for name in scenario.issues if name not in package]
    if missing:
        rule = f"says nothing of {_listed(missing)}; a package takes one option of every issue"
        yield Complaint(path, rule)
    if actor in scenario.reservation:
        rule = f"'{actor}' says below which package it refuses; give one or other"
        yield Complaint(f"reservation.{actor}", rule)


def _places(ranking: Ranking, path: str, kind: str, known: Iterable[str]) -> Found:
    for number, names in enumerate(ranking):
        for name in names:
            if name not in known:
                yield _unknown(f"{path}.{number}", kind, name, known)
    for name, count in Counter(_named(ranking)).items():
        if count > 1:
            yield Complaint(path, f"'{name}' stands in it {count} times")


def _named(ranking: Ranking) -> list[str]:
    return [name for names in ranking for name in names]


def _unknown(path: str, kind: str, name: str, known: Iterable[str]) -> Complaint:
    nearest = nearest_name(name, known)
    return Complaint(path, f"no {kind} '{name}'.", value=name, nearest=nearest)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
