"""What a profile must say, whatever file it stands in: every rule, every complaint at once.

A reader of a format fills drafts, which keep the place of everything; :func:`assemble` holds them
against one another and gives :class:`~servanda.scenario.preferences.Preferences`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import fsum, isfinite

from servanda.errors import Complaint, ExchangeError, nearest_name, shortened
from servanda.files.yaml_tree import Place
from servanda.scenario.checks import WEIGHT_TOLERANCE
from servanda.scenario.preferences import Preferences, Profile

_DECIMAL = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,4})?")
_LONGEST = 60


@dataclass
class DomainDraft:
    """Issues and options as a file lists them."""

    name: str
    place: Place
    issues: dict[str, dict[str, Place]] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)


@dataclass
class ProfileDraft:
    """A profile as a file lists it; numbers with their places."""

    actor: str
    place: Place
    places: dict[str, Place] = field(default_factory=dict)
    option_places: dict[tuple[str, str], Place] = field(default_factory=dict)
    weights: dict[str, tuple[float, Place]] = field(default_factory=dict)
    evaluations: dict[str, dict[str, tuple[float, Place]]] = field(default_factory=dict)
    reservation: float | None = None
    reservation_package: dict[str, tuple[str, Place]] = field(default_factory=dict)
    discount: float = 1.0


class Complaints:
    """Complaints as they are found."""

    def __init__(self) -> None:
        self.found: list[Complaint] = []

    def add(self, place: Place, path: Iterable[str], rule: str, nearest: str = "") -> None:
        """One complaint; the path is names joined by dots."""
        shown = ".".join(short(part) for part in path) or "(file)"
        self.found.append(
            Complaint(shown, rule, place.file, place.line, place.column, nearest=nearest)
        )

    def unknown(self, place: Place, path: Sequence[str], kind: str, known: Iterable[str]) -> None:
        """A name that the domain does not have."""
        near = nearest_name(path[-1], known)
        self.add(place, path, f"the domain has no {kind} '{short(path[-1])}'.", near)

    def raise_if_any(self) -> None:
        """Raise them all, in reading order."""
        if self.found:
            listed = dict.fromkeys(self.found)
            raise ExchangeError(sorted(listed, key=lambda one: (one.file, one.line, one.column)))


def short(name: str) -> str:
    """A name for a message."""
    return shortened(name, _LONGEST)


def read_number(text: str) -> float | None:
    """A finite number, or None."""
    stripped = text.strip()
    if len(stripped) > 400 or not _DECIMAL.fullmatch(stripped):
        return None
    number = float(stripped)
    return number if isfinite(number) else None


def assemble(
    domain: DomainDraft,
    profiles: Sequence[ProfileDraft],
    complaints: Complaints,
    notes: Sequence[str] = (),
) -> Preferences:
    """Hold profiles against the domain and one another.

    Raises:
        ExchangeError: with every complaint, those found before included.
    """
    if not domain.issues:
        complaints.add(domain.place, (), "there are no issues")
    for issue, options in domain.issues.items():
        if not options:
            complaints.add(domain.places[issue], (issue,), "has no options")
    said = list(notes)
    seen: dict[str, str] = {}
    for draft in profiles:
        if draft.actor in seen:
            rule = f"a second profile of this name; the first is in {seen[draft.actor]}"
            complaints.add(draft.place, (draft.actor,), rule)
        seen.setdefault(draft.actor, draft.place.file)
        _check(domain, draft, complaints)
        total = fsum(number for number, _ in draft.weights.values())
        if abs(total - 1.0) > WEIGHT_TOLERANCE and total > 0:
            said.append(
                f"The weights of '{short(draft.actor)}' sum to {total:.6g}, not to 1; its "
                "utilities are what the file's numbers give, and nothing was divided."
            )
    complaints.raise_if_any()
    return Preferences(
        name=domain.name,
        issues={issue: tuple(options) for issue, options in domain.issues.items()},
        profiles=tuple(_profile(domain, draft) for draft in profiles),
        notes=tuple(said),
    )


def _profile(domain: DomainDraft, draft: ProfileDraft) -> Profile:
    """The profile in the domain's order."""
    return Profile(
        actor=draft.actor,
        weights={issue: draft.weights[issue][0] for issue in domain.issues},
        evaluations={
            issue: {option: draft.evaluations[issue][option][0] for option in options}
            for issue, options in domain.issues.items()
        },
        reservation=draft.reservation,
        reservation_package={
            issue: draft.reservation_package[issue][0]
            for issue in domain.issues
            if issue in draft.reservation_package
        },
        discount=draft.discount,
    )


def _check(domain: DomainDraft, draft: ProfileDraft, complaints: Complaints) -> None:
    unknown = [name for name in {**draft.places, **draft.weights} if name not in domain.issues]
    for issue in unknown:
        where = draft.places.get(issue) or draft.weights[issue][1]
        complaints.unknown(where, (issue,), "issue", domain.issues)
    for issue, options in domain.issues.items():
        place = draft.places.get(issue)
        if place is None:
            if not any(nearest_name(name, [issue]) for name in unknown):  # said already
                rule = f"the profile of '{short(draft.actor)}' says nothing of this issue"
                complaints.add(draft.place, (issue,), rule)
            continue
        if issue not in draft.weights:
            complaints.add(place, (issue,), "has no weight")
        _check_evaluations(issue, options, draft, complaints)
    for issue, (number, place) in draft.weights.items():
        if number < 0:
            complaints.add(place, (issue,), f"the weight {number:g} is negative")
    known = [number for number, _ in draft.weights.values()]
    if known and not any(known) and all(issue in draft.weights for issue in domain.issues):
        complaints.add(draft.place, (draft.actor,), "all its weights are 0")
    for issue, (option, place) in draft.reservation_package.items():
        if issue not in domain.issues:
            complaints.unknown(place, (issue,), "issue", domain.issues)
        elif option not in domain.issues[issue]:
            complaints.unknown(place, (issue, option), "option", domain.issues[issue])


def _check_evaluations(
    issue: str, options: dict[str, Place], draft: ProfileDraft, complaints: Complaints
) -> None:
    found = draft.evaluations.get(issue, {})
    unknown = [option for option in found if option not in options]
    for option in unknown:
        complaints.unknown(found[option][1], (issue, option), "option", options)
    for option in options:
        if option not in found:
            if not any(nearest_name(name, [option]) for name in unknown):
                rule = f"has no evaluation in the profile of '{short(draft.actor)}'"
                place = draft.option_places.get((issue, option), draft.places[issue])
                complaints.add(place, (issue, option), rule)
        elif found[option][0] < 0:
            number, place = found[option]
            complaints.add(place, (issue, option), f"the evaluation {number:g} is negative")
