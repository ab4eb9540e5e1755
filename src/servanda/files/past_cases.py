"""Cases of the past: a folder each, with what was known on the day, the agreement and the outcome.

``scenario.yaml`` is what was known, ``agreed.yaml`` the plan that the agreement itself sets, and
``outcome.yaml`` what became of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from servanda.errors import Complaint, NotFoundError, ScenarioError
from servanda.files.outcomes import Outcome, read_outcome
from servanda.files.plans import read_plan
from servanda.files.read import read_scenario, shipped
from servanda.scenario.model import Scenario
from servanda.scenario.planned import PlannedOrder

PARTS = ("scenario.yaml", "agreed.yaml", "outcome.yaml")
MOST_CASES = 1_000


@dataclass(frozen=True)
class PastCase:
    """A case of the past.

    Attributes:
        name: of its folder.
        scenario: what was known on the day.
        agreed: the package and the order of the agreement.
        outcome: what became of it.
    """

    name: str
    scenario: Scenario
    agreed: PlannedOrder
    outcome: Outcome


def past_cases(folder: Path | None = None) -> tuple[PastCase, ...]:
    """The cases that ship, or those of a folder (one case, or a folder of cases), by day.

    Raises:
        NotFoundError: there is no such folder, or no case in it.
        ScenarioError: some case does not hold together; carries the complaints about all.
    """
    cases, complaints = [], []
    for place in _folders(folder):
        missing = [part for part in PARTS if not (place / part).is_file()]
        if missing:
            rule = f"has no {' and no '.join(missing)}; a case has {', '.join(PARTS)}"
            complaints.append(Complaint(place.name, rule, value=str(place)))
            continue
        try:
            cases.append(_read(place))
        except ScenarioError as error:
            complaints += [_in_folder(one, place.name) for one in error.complaints]
    if complaints:
        raise ScenarioError(complaints)
    return tuple(sorted(cases, key=lambda one: (one.scenario.as_of, one.name)))


def _folders(folder: Path | None) -> list[Path]:
    if folder is None:
        ships = {path.parent for path in shipped().values()}
        return sorted(place for place in ships if (place / PARTS[2]).is_file())
    if not folder.is_dir():
        raise NotFoundError("folder", str(folder), ())
    if any((folder / part).is_file() for part in PARTS):
        return [folder.resolve()]
    inside = sorted(place for place in folder.iterdir() if place.is_dir())[: MOST_CASES + 1]
    places = [place for place in inside if any((place / part).is_file() for part in PARTS)]
    if not places:
        raise NotFoundError("folder with cases", str(folder), ())
    if len(places) > MOST_CASES:
        rule = f"has more than {MOST_CASES:,} cases"
        raise ScenarioError([Complaint(folder.name, rule)])
    return places


def _read(place: Path) -> PastCase:
    scenario = read_scenario(str(place))
    steps = tuple(scenario.steps)
    complaints: list[Complaint] = []
    agreed = outcome = None
    try:
        agreed = read_plan(place / PARTS[1], scenario, place.name, _no_named_deals)
    except ScenarioError as error:
        complaints += error.complaints
    try:
        outcome = read_outcome(place / PARTS[2], steps)
    except ScenarioError as error:
        complaints += error.complaints
    if scenario.war is None:
        rule = "is missing. Whether an agreement is kept is weighed against fighting on."
        complaints.append(Complaint("war", rule, PARTS[0], 1, 1))
    if complaints or agreed is None or outcome is None:
        raise ScenarioError(complaints)
    return PastCase(place.name, scenario, agreed, outcome)


def _no_named_deals(name: str) -> Mapping[str, str]:
    rule = "names no package; an agreement of the past lists its answers, issue by issue"
    raise ScenarioError([Complaint("package", rule, value=name, file=PARTS[1], line=1, column=1)])


def _in_folder(complaint: Complaint, name: str) -> Complaint:
    return replace(complaint, file=f"{name}/{complaint.file}" if complaint.file else name)
