"""An agreement under way, from the scenario's own words; slow and obvious.

A package is ``{issue: option}``; a state is the set of the names of completed steps.
"""

from dataclasses import dataclass
from itertools import product

from scenarios import Numbers
from servanda.scenario.land import DEMILITARISED
from servanda.scenario.model import Scenario


def packages(scenario: Scenario):
    """Every package, in the order of their numbers."""
    for keys in product(*(issue.options for issue in scenario.issues.values())):
        yield dict(zip(scenario.issues, keys, strict=True))


def status_quo(scenario: Scenario, issue: str) -> str:
    options = scenario.issues[issue].options
    return next(key for key, option in options.items() if option.status_quo)


def steps_of(scenario: Scenario, package: dict[str, str]) -> list[str]:
    """Steps that serve one of the package's answers, as the scenario lists them."""
    answers = {f"{issue}.{option}" for issue, option in package.items()}
    return [name for name, step in scenario.steps.items() if answers & set(step.serves)]


def share_of(scenario: Scenario, step: str, ref: str) -> float:
    said = scenario.steps[step].serves[ref]
    serving = [one.serves[ref] for one in scenario.steps.values() if ref in one.serves]
    return 1.0 / len(serving) if said is None else said / sum(serving)


def done(scenario: Scenario, package: dict[str, str], issue: str, completed: set[str]) -> float:
    """How much of an issue's answer is carried out."""
    ref = f"{issue}.{package[issue]}"
    leading = [name for name, step in scenario.steps.items() if ref in step.serves]
    return min(1.0, sum(share_of(scenario, name, ref) for name in leading if name in completed))


@dataclass(frozen=True)
class World:
    """Who holds each parcel, where each level is said, which guarantees are in force."""

    holder: dict[str, str]
    level: dict[str, str]
    in_force: frozenset[str]


def world(scenario: Scenario, completed: set[str]) -> World:
    holder = {n: parcel.held_by for n, parcel in scenario.parcels.items() if not parcel.background}
    level = {name: f"instruments.{name}.level" for name in scenario.instruments}
    in_force: set[str] = set()
    for name, step in scenario.steps.items():
        if name in completed:
            holder.update(step.moves)
            level.update({item: f"steps.{name}.sets.{item}" for item in step.sets})
            in_force |= set(step.brings)
    return World(holder, level, frozenset(in_force))


def counts_as(scenario: Scenario, actor: str, holder: str) -> bool:
    """Whether the holder's having a parcel is good for this actor."""
    own = scenario.actors[actor]
    stands = own.side or own.stands_with
    return stands is not None and holder in scenario.actors and stands == _side(scenario, holder)


def _side(scenario: Scenario, holder: str) -> str | None:
    return scenario.actors[holder].side


def land(scenario: Scenario, number: Numbers, actor: str, holder: dict[str, str]) -> float:
    total = 0.0
    for name, who in holder.items():
        worth = number(f"parcels.{name}.worth.{actor}")
        if counts_as(scenario, actor, who):
            total += worth
        elif who == DEMILITARISED and counts_as(scenario, actor, scenario.parcels[name].held_by):
            total += number("war.demilitarised-worth") * worth
    return total


def value_of_answers(
    scenario: Scenario, number: Numbers, package: dict[str, str], actor: str, completed: set[str]
) -> float:
    total = 0.0
    for issue, option in package.items():
        base = f"issues.{issue}"
        before = number(f"{base}.options.{status_quo(scenario, issue)}.value.{actor}")
        after = number(f"{base}.options.{option}.value.{actor}")
        share = done(scenario, package, issue, completed)
        total += number(f"{base}.weight.{actor}") * (before + share * (after - before))
    return total


def link_share(
    scenario: Scenario, package: dict[str, str], options: tuple[str, ...], completed: set[str]
) -> float:
    shares = []
    for ref in options:
        issue, option = ref.split(".")
        gone = 0.0
        if package[issue] != status_quo(scenario, issue):
            gone = done(scenario, package, issue, completed)
        if option == status_quo(scenario, issue):
            shares.append(1.0 - gone)
        else:
            shares.append(gone if package[issue] == option else 0.0)
    return min(shares)


def flow(
    scenario: Scenario,
    number: Numbers,
    package: dict[str, str],
    actor: str,
    completed: set[str],
    voided: frozenset[str] = frozenset(),
) -> float:
    """u_i(C) of the model, in the numbers of one believer.

    With a guarantee that is gone goes what the steps that brought it had carried out.
    """
    now = world(scenario, completed)
    brought = {name: set(scenario.steps[name].brings) for name in completed}
    standing = {name for name, brings in brought.items() if not brings or brings - voided}
    total = value_of_answers(scenario, number, package, actor, standing)
    total += land(scenario, number, actor, now.holder)
    for name, link in scenario.links.items():
        share = link_share(scenario, package, link.options, standing)
        total += share * number(f"links.{name}.value.{actor}")
    for name in now.in_force - voided:
        total -= number(f"guarantees.{name}.in-force-cost.{actor}")
    return total
