"""``servanda check``: does a scenario hold together, and what does it rest on?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from servanda.cli.options import changes_options, json_option, scenario_argument
from servanda.cli.screen import day, say, say_json
from servanda.errors import ScenarioError

if TYPE_CHECKING:
    from servanda.scenario.evidence import Ledger
    from servanda.scenario.model import Scenario

FIRST = 10
"""How many of a list are shown without --all."""


@click.command()
@scenario_argument
@changes_options
@click.option("--all", "everything", is_flag=True, help="List every number concerned.")
@json_option
def check(
    scenario: str, changes: tuple[str, ...], variant: str, everything: bool, as_json: bool
) -> None:
    """Check a scenario as a whole, and say what it rests on; or check a plan.

    Every complaint is printed at once, with its file, line and column, and the exit code is 2.
    When there is none, the counts are followed by what a reader will ask about: numbers with
    neither source nor range, sources that nothing cites, numbers on which nobody disagrees.
    A plan file is held to the scenario it names.
    """
    from servanda.files.plans import is_plan
    from servanda.files.read import read_scenario
    from servanda.scenario.evidence import ledger

    if is_plan(Path(scenario)):
        _check_plan(Path(scenario), as_json=as_json)
        return
    try:
        read = read_scenario(scenario, variant=variant, changes=changes)
    except ScenarioError as error:
        if as_json:
            complaints = [vars(complaint) for complaint in error.complaints]
            say_json({"good": False, "complaints": complaints})
        raise
    if as_json:
        say_json(_summary(read, ledger(read)))
    else:
        _print(read, ledger(read), everything=everything)


def _check_plan(path: Path, *, as_json: bool) -> None:
    from servanda import workbench

    try:
        scenario, plan = workbench.check_plan(path)
    except ScenarioError as error:
        if as_json:
            complaints = [vars(complaint) for complaint in error.complaints]
            say_json({"good": False, "complaints": complaints})
        raise
    steps = sum(len(stage.steps) for stage in plan.stages)
    if as_json:
        counts = {"stages": len(plan.stages), "steps": steps}
        say_json({"good": True, "complaints": [], "title": plan.title, "counts": counts})
        return
    say(f"{plan.title} · a plan for {scenario.title}")
    say("No complaints.")
    say(f"{len(plan.stages)} stages, {steps} steps")


def _summary(scenario: Scenario, found: Ledger) -> dict[str, Any]:
    return {
        "good": True,
        "complaints": [],
        "title": scenario.title,
        "as-of": scenario.as_of.isoformat(),
        "counts": _counts(scenario) | {"numbers": len(found.numbers)},
        "evidence": {
            "sourced": [number.path for number in found.sourced],
            "ranged": [number.path for number in found.ranged],
            "bare": [number.path for number in found.bare],
            "undisputed": [number.path for number in found.undisputed],
            "uncited-sources": list(found.uncited),
        },
    }


def _counts(scenario: Scenario) -> dict[str, int]:
    packages = 1
    for issue in scenario.issues.values():
        packages *= len(issue.options)
    return {
        "actors": len(scenario.actors),
        "issues": len(scenario.issues),
        "options": sum(len(issue.options) for issue in scenario.issues.values()),
        "packages": packages,
        "steps": len(scenario.steps),
    }


def _print(scenario: Scenario, found: Ledger, *, everything: bool) -> None:
    counts = _counts(scenario)
    say(f"{scenario.title} · as of {day(scenario.as_of)}")
    say("No complaints.")
    say()
    listed = ", ".join(f"{count:,} {word}" for word, count in counts.items())
    say(f"{listed}, {len(found.numbers):,} numbers")
    say(
        f"{len(found.sourced):,} numbers have a source; {len(found.ranged):,} have a range "
        f"and no source; {len(found.bare):,} have neither"
    )
    bare = [f"{number.path} = {number.value:g}" for number in found.bare]
    _list("With neither source nor range", bare, most=None if everything else FIRST)
    warnings = [f"warning: sources.{name}: nothing cites this source" for name in found.uncited]
    _list("Sources", warnings, most=None)
    undisputed = [number.path for number in found.undisputed]
    say(f"On {len(undisputed):,} numbers nobody is said to disagree.")
    if everything:
        _list("Undisputed", undisputed, most=None)


def _list(title: str, lines: list[str], *, most: int | None) -> None:
    if not lines:
        return
    say(f"{title}:")
    for line in lines[:most]:
        say(f"  {line}")
    if most is not None and len(lines) > most:
        say(f"  ... and {len(lines) - most:,} more; --all lists them")
