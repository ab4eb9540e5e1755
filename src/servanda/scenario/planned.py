"""A plan as somebody writes it down: stages of steps for one package, held to a scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from servanda.errors import Complaint, nearest_name
from servanda.scenario.model import Scenario


@dataclass(frozen=True)
class PlannedStage:
    """One stage.

    Attributes:
        steps: identifiers of the steps exchanged.
        verified: whether the exchange is verified; None where only the scenario says so.
    """

    steps: tuple[str, ...]
    verified: bool | None = None


@dataclass(frozen=True)
class PlannedOrder:
    """A plan for one package.

    Attributes:
        title: as printed.
        options: issue to option, every issue.
        stages: in order; each says whether it is verified.
        scenario: name of the scenario it was written for ("" when not said).
        note: anything a reader must know.
        sources: where the plan comes from, in words.
    """

    title: str
    options: dict[str, str]
    stages: tuple[PlannedStage, ...]
    scenario: str = ""
    note: str = ""
    sources: tuple[str, ...] = ()


def steps_of_package(scenario: Scenario, options: Mapping[str, str]) -> list[str]:
    """Steps that carry a package out, in the scenario's order."""
    chosen = {f"{issue}.{option}" for issue, option in options.items()}
    return [name for name, step in scenario.steps.items() if chosen & set(step.serves)]


def declared_exchange(
    scenario: Scenario, steps: Sequence[str], package: Sequence[str]
) -> bool | None:
    """Whether the first exchange of just these steps is verified; None where none is declared.

    An exchange counts with those of its steps that the package contains.
    """
    for exchange in scenario.exchanges.values():
        if set(exchange.steps) & set(package) == set(steps):
            return bool(exchange.verified)
    return None


def settled_stages(
    scenario: Scenario, stages: Sequence[PlannedStage], package: Sequence[str]
) -> tuple[PlannedStage, ...]:
    """The stages with their verification looked up where the plan leaves it to the scenario."""
    return tuple(
        PlannedStage(one.steps, _verified(scenario, one, package)) for one in stages if one.steps
    )


def _verified(scenario: Scenario, stage: PlannedStage, package: Sequence[str]) -> bool:
    if stage.verified is not None:
        return stage.verified
    return len(stage.steps) > 1 and bool(declared_exchange(scenario, stage.steps, package))


def check_package(scenario: Scenario, options: Mapping[str, str]) -> Iterator[Complaint]:
    """Issues and options the scenario does not know."""
    for issue, option in options.items():
        known = scenario.issues.get(issue)
        if known is None:
            near = nearest_name(issue, scenario.issues)
            yield Complaint(f"package.{issue}", f"no issue '{issue}'.", nearest=near)
        elif option not in known.options:
            rule = f"issue '{issue}' has no option '{option}'."
            near = nearest_name(option, known.options)
            yield Complaint(f"package.{issue}", rule, value=option, nearest=near)


def check_names(scenario: Scenario, stages: Sequence[PlannedStage]) -> Iterator[Complaint]:
    """Steps the scenario does not know, and steps that occur twice."""
    seen: set[str] = set()
    for path, _, step in _each(stages):
        if step not in scenario.steps:
            near = nearest_name(step, scenario.steps)
            yield Complaint(path, f"no step '{step}'.", value=step, nearest=near)
        elif step in seen:
            yield Complaint(path, f"'{step}' occurs a second time.", value=step)
        seen.add(step)


def check_stages(
    scenario: Scenario, stages: Sequence[PlannedStage], package: Sequence[str]
) -> Iterator[Complaint]:
    """What keeps stages from being a plan for a package with these steps."""
    done: set[str] = set()
    for number, stage in enumerate(stages):
        for path, _, step in _each(stages, number):
            if step in package:
                needs = [one for one in scenario.steps[step].requires if one in package]
                missing = [one for one in needs if one not in done]
                if missing:
                    yield Complaint(path, f"'{step}' begins before {_listed(missing)} is done.")
            elif step in scenario.steps:
                rule = f"the package has no step '{step}': it serves {_serves(scenario, step)}."
                yield Complaint(path, rule, value=step)
        open_question = len(stage.steps) > 1 and stage.verified is None
        if open_question and declared_exchange(scenario, stage.steps, package) is None:
            rule = (
                f"the scenario declares no exchange of {_listed(stage.steps)}; say here "
                "whether it is verified: {steps: [...], verified: true}"
            )
            yield Complaint(f"stages.{number}", rule)
        done |= set(stage.steps)
    for step in package:
        if step not in done:
            yield Complaint("stages", f"'{step}' is missing; the package needs it.")


def _each(
    stages: Sequence[PlannedStage], only: int | None = None
) -> Iterator[tuple[str, int, str]]:
    for number, stage in enumerate(stages):
        if only is None or number == only:
            for place, step in enumerate(stage.steps):
                yield f"stages.{number}.{place}", number, step


def _serves(scenario: Scenario, step: str) -> str:
    return _listed([str(one) for one in scenario.steps[step].serves])


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
