"""Read and write plans: which steps, in which order, for which package, as small YAML files.

::

    servanda-plan: 1
    title: Guarantee first
    scenario: two-step-territory-and-guarantee    # may be left out
    package: {land: handed-over}                  # or the number or name of a deal
    rest: status-quo                              # every issue not named stays as it is
    stages:
    - guarantee-in-force
    - {steps: [hand-over, ceasefire], verified: true}
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any

from servanda.errors import Complaint, NotFoundError, ScenarioError, nearest_name
from servanda.files.bounded import decode, read_bytes
from servanda.files.write import dump_plain
from servanda.files.yaml_tree import Tree, parse_yaml
from servanda.scenario.model import Scenario
from servanda.scenario.planned import (
    PlannedOrder,
    PlannedStage,
    check_names,
    check_package,
    check_stages,
    settled_stages,
    steps_of_package,
)

VERSION = 1
LARGEST = 200_000
"""Bytes of a plan file; the largest scenarios have a few hundred steps."""

_KEYS = ("servanda-plan", "title", "scenario", "package", "rest", "stages", "note", "sources")
_STATUS_QUO = "status-quo"
_HEAD = "# A plan. Edit it, then: servanda order {name} --plan THIS-FILE\n"

NamedDeal = Callable[[str], Mapping[str, str]]


@dataclass(frozen=True)
class PlanFile:
    """A plan file that was read.

    Attributes:
        name: of the file.
        text: what it says.
    """

    name: str
    text: str


def plan_file(path: FilePath) -> PlanFile:
    """Read a plan file, and no more; :func:`read_plan` makes sense of it.

    Raises:
        NotFoundError: there is no such file.
        ScenarioError: it is too large, or no text.
    """
    return PlanFile(path.name, decode(read_bytes(path, limit=LARGEST), path.name))


def read_plan(
    plan: FilePath | PlanFile, scenario: Scenario, name: str, named_deal: NamedDeal
) -> PlannedOrder:
    """Read a plan and check it against a scenario.

    Args:
        plan: the file, or what was read from it.
        scenario: a checked scenario.
        name: what the scenario is called; a plan that says it is for another is refused.
        named_deal: issue to option of a deal given by number or name; asked for ``""`` where the
            file names no package.

    Raises:
        NotFoundError: there is no such file.
        ScenarioError: it is no plan for this scenario; carries all complaints with their places.
    """
    file = plan if isinstance(plan, PlanFile) else plan_file(plan)
    tree = parse_yaml(file.text, file.name)
    said = tree.value if isinstance(tree.value, dict) else {}
    complaints = [*tree.complaints, *_check_form(tree.value)]
    stages = _stages(said.get("stages"))
    complaints += _check_scenario(said.get("scenario"), name)
    complaints += check_names(scenario, stages)
    options, more = _package(said, scenario, named_deal, wait=bool(complaints))
    complaints += more
    if options is not None:
        complaints += check_stages(scenario, stages, steps_of_package(scenario, options))
    if complaints or options is None:
        placed = dict.fromkeys(_placed(one, tree) for one in complaints)
        raise ScenarioError(sorted(placed, key=lambda one: (one.line, one.column)))
    return PlannedOrder(
        title=str(said.get("title") or FilePath(file.name).stem),
        options=dict(options),
        stages=settled_stages(scenario, stages, steps_of_package(scenario, options)),
        scenario=str(said.get("scenario") or ""),
        note=str(said.get("note") or ""),
        sources=tuple(str(one) for one in said.get("sources") or ()),
    )


def plan_text(plan: PlannedOrder) -> str:
    """A plan as the text of a file; reading it gives an equal plan."""
    said: dict[str, Any] = {"servanda-plan": VERSION, "title": plan.title}
    if plan.scenario:
        said["scenario"] = plan.scenario
    if plan.note:
        said["note"] = plan.note
    if plan.sources:
        said["sources"] = list(plan.sources)
    said["package"] = dict(plan.options)
    said["stages"] = [_stage_as_said(one) for one in plan.stages]
    return _HEAD.format(name=plan.scenario or "NAME") + dump_plain(said)


def is_plan(path: FilePath) -> bool:
    """Whether a file says that it is a plan; a scenario says ``servanda: 1`` instead."""
    try:
        with path.open("rb") as file:
            lines = file.read(LARGEST).splitlines()
    except OSError:
        return False
    return any(line.startswith(b"servanda-plan:") for line in lines)


def scenario_named_in(path: FilePath) -> str:
    """Name of the scenario a plan says it is for, "" where it says none."""
    file = plan_file(path)
    tree = parse_yaml(file.text, file.name)
    said = tree.value if isinstance(tree.value, dict) else {}
    name = said.get("scenario")
    return name if isinstance(name, str) else ""


def _stage_as_said(stage: PlannedStage) -> Any:
    if len(stage.steps) == 1:
        return stage.steps[0] if not stage.verified else _long(stage)
    return _long(stage)


def _long(stage: PlannedStage) -> dict[str, Any]:
    return {"steps": list(stage.steps), "verified": bool(stage.verified)}


def _check_form(value: Any) -> Iterator[Complaint]:
    if not isinstance(value, dict):
        yield Complaint("(file)", "a plan is a mapping with 'servanda-plan: 1', 'stages' and more")
        return
    if value.get("servanda-plan") != VERSION:
        yield Complaint("servanda-plan", f"a plan begins with 'servanda-plan: {VERSION}'")
    for key in value:
        if key not in _KEYS:
            near = nearest_name(key, _KEYS)
            yield Complaint(key, f"no such field; a plan has {', '.join(_KEYS)}.", nearest=near)
    for key in ("title", "scenario", "note"):
        if value.get(key) is not None and not isinstance(value[key], str):
            yield Complaint(key, "is a text")
    if not _texts(value.get("sources") or []):
        yield Complaint("sources", "is a list of texts")
    if value.get("rest") not in (None, _STATUS_QUO):
        yield Complaint("rest", "can only be 'status-quo'")
    yield from _check_stage_forms(value.get("stages"))


def _check_stage_forms(stages: Any) -> Iterator[Complaint]:
    if not isinstance(stages, list) or not stages:
        yield Complaint("stages", "is a list of stages, each a step or a list of steps")
        return
    for number, one in enumerate(stages):
        path = f"stages.{number}"
        if isinstance(one, dict):
            for key in one:
                if key not in ("steps", "verified"):
                    near = nearest_name(key, ("steps", "verified"))
                    rule = "no such field; a stage has steps and verified."
                    yield Complaint(f"{path}.{key}", rule, nearest=near)
            if not isinstance(one.get("verified"), bool):
                yield Complaint(path, "says 'verified: true' or 'verified: false'")
            one = one.get("steps")
        steps = [one] if isinstance(one, str) else one
        if not steps or not _texts(steps):
            yield Complaint(path, "is a step, a list of steps, or {steps: [...], verified: true}")


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _stages(said: Any) -> tuple[PlannedStage, ...]:
    """The stages that can be read; what cannot is complained about elsewhere."""
    found = []
    for one in said if isinstance(said, list) else ():
        verified = None
        if isinstance(one, dict):
            verified = one.get("verified") if isinstance(one.get("verified"), bool) else None
            one = one.get("steps")
        steps = [one] if isinstance(one, str) else one if isinstance(one, list) else []
        found.append(PlannedStage(tuple(str(step) for step in steps), verified))
    return tuple(found)


def _check_scenario(said: Any, name: str) -> Iterator[Complaint]:
    if isinstance(said, str) and said != name:
        rule = f"this plan is for the scenario '{said}', not for '{name}'"
        yield Complaint("scenario", rule, value=said)


def _package(
    said: Mapping[str, Any], scenario: Scenario, named_deal: NamedDeal, *, wait: bool
) -> tuple[dict[str, str] | None, list[Complaint]]:
    """Issue to option; None where the file does not say it well, or it is not worth asking yet."""
    given = said.get("package")
    if isinstance(given, dict):
        return _spelled_out(given, said.get("rest") == _STATUS_QUO, scenario)
    if isinstance(given, bool) or not isinstance(given, (str, int, type(None))):
        rule = "is a mapping of issues to options, or the number or name of a deal"
        return None, [Complaint("package", rule)]
    if given is None and wait:
        return None, []
    try:
        return dict(named_deal("" if given is None else str(given))), []
    except NotFoundError as error:
        return None, [Complaint("package", str(error))]


def _spelled_out(
    given: Mapping[str, Any], rest: bool, scenario: Scenario
) -> tuple[dict[str, str] | None, list[Complaint]]:
    options = {issue: str(option) for issue, option in given.items()}
    complaints = list(check_package(scenario, options))
    for issue, known in scenario.issues.items():
        if issue in options:
            continue
        if rest:
            before = next((key for key, one in known.options.items() if one.status_quo), None)
            if before is not None:
                options[issue] = before
                continue
        rule = f"says nothing on '{issue}'; name an option, or write 'rest: status-quo'"
        complaints.append(Complaint("package", rule))
    if complaints:
        return None, complaints
    return {issue: options[issue] for issue in scenario.issues}, []


def _placed(complaint: Complaint, tree: Tree) -> Complaint:
    """The complaint with its place; a step of a stage in the long form stands one level deeper."""
    if complaint.line:
        return complaint
    path = tuple(complaint.path.split("."))
    if path[0] == "stages" and len(path) == 3 and path not in tree.places:
        deeper = (*path[:2], "steps", path[2])
        path = deeper if deeper in tree.places else path
    if "no such field" in complaint.rule and path in tree.keys:
        place = tree.keys[path]
    else:
        while path not in tree.places:
            path = path[:-1]
        place = tree.places[path]
    if path == ("stages",) and path in tree.keys:  # what is missing has no place of its own
        place = tree.keys[path]
    if path == ("package",) and path in tree.keys:
        place = tree.keys[path]
    return replace(complaint, file=place.file, line=place.line, column=place.column)
