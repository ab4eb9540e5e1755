"""From what parties want to a scenario that says it, and the names it goes by afterwards.

A scenario made so has no war: it says what each party gets without a deal.  Identifiers are made of
the names in the file, which stay as they were in ``name`` and ``question``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from math import fsum
from typing import Any

from servanda.errors import Complaint, ExchangeError, shortened
from servanda.scenario.checks import WEIGHT_TOLERANCE
from servanda.scenario.model import Scenario
from servanda.scenario.preferences import MOST_OPTIONS, Linked, Preferences, Profile

MOST_LINKS = 1000
"""Links and exclusions of a scenario that are made from a table."""
_LONGEST = 60
_LARGEST_RATE = 10.0
"""A yearly discount rate of the scenario language ends here."""

NO_ORDER = (
    "These are wishes alone: nothing is known of how a deal would be carried out, in which order, "
    "or whether it would be kept."
)


def identifier_of(name: str, kind: str) -> str:
    """Lower-case letters, digits and hyphens made of a name; ``kind`` when none is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:_LONGEST].strip("-")
    if not words:
        return kind
    return words if words[0].isalpha() else f"{kind}-{words}"


def identifiers(names: Iterable[str], kind: str) -> dict[str, str]:
    """An identifier for each name, no two alike."""
    found: dict[str, str] = {}
    used: set[str] = set()
    for name in names:
        base = identifier_of(name, kind)
        one, count = base, 1
        while one in used:
            count += 1
            one = f"{base}-{count}"
        used.add(one)
        found[name] = one
    return found


def raw_scenario(preferences: Preferences, *, title: str, as_of: date) -> dict[str, Any]:
    """The scenario as a file would say it.

    Args:
        preferences: at least two profiles.
        title: of the scenario.
        as_of: its day.

    Raises:
        ExchangeError: something in it no scenario can say, or a reservation value is missing.
    """
    complaints = list(_unsayable(preferences))
    if complaints:
        raise ExchangeError(complaints)
    names = _Names(preferences)
    raw: dict[str, Any] = {
        "servanda": 1,
        "title": title,
        "as-of": as_of.isoformat(),
        "summary": f"Imported: {shortened(preferences.name, 200)}. {' '.join(preferences.notes)}",
        "caveats": [NO_ORDER],
        "actors": {names.actors[one.actor]: _actor(one) for one in preferences.profiles},
        "issues": {
            names.issues[issue]: _issue(preferences, names, issue) for issue in preferences.issues
        },
    }
    links = {
        f"link-{number}": {
            "options": refs,
            "value": {
                names.actors[actor]: _points(worth, preferences)
                for actor, worth in link.values.items()
            },
        }
        for number, (link, refs) in enumerate(_spelled(preferences.links, names), start=1)
    }
    if links:
        raw["links"] = links
    exclusions = {
        f"exclusion-{number}": {"options": refs, "note": "Not among the packages of the file."}
        for number, (_, refs) in enumerate(_spelled(preferences.excluded, names), start=1)
    }
    if exclusions:
        raw["exclusions"] = exclusions
    raw["reservation"] = {
        names.actors[one.actor]: _points(one.reservation or 0.0, preferences)
        for one in preferences.profiles
        if one.reservation is not None
    }
    raw["summary"] = raw["summary"].strip()
    return raw


class _Names:
    """Identifiers of everything."""

    def __init__(self, preferences: Preferences) -> None:
        self.actors = identifiers((one.actor for one in preferences.profiles), "party")
        self.issues = identifiers(preferences.issues, "issue")
        self.options = {
            issue: identifiers(options, "option") for issue, options in preferences.issues.items()
        }


def _unsayable(preferences: Preferences) -> Iterator[Complaint]:
    if len(preferences.profiles) < 2:
        count = len(preferences.profiles)
        yield Complaint("(profiles)", f"a negotiation takes two parties at least; found {count}")
    if not any(one.reservation is not None for one in preferences.profiles):
        yield Complaint(
            "(packages)",
            "nothing says what each gets without a deal; add a row whose issue cells are empty",
        )
    for issue, options in preferences.issues.items():
        if len(options) > MOST_OPTIONS:
            rule = f"has {len(options):,} options; a scenario's issue can have {MOST_OPTIONS}"
            yield Complaint(shortened(issue, _LONGEST), rule)
    many = len(preferences.links) + len(preferences.excluded)
    if many > MOST_LINKS:
        rule = f"{many:,} links and exclusions; at most {MOST_LINKS:,} are written"
        yield Complaint("(packages)", rule)


def _actor(profile: Profile) -> dict[str, Any]:
    rate = min(1.0 / profile.discount - 1.0, _LARGEST_RATE) if profile.discount > 0 else 0.0
    said: dict[str, Any] = {"name": profile.actor, "role": "other"}
    if profile.reservation is None:
        said["signs"] = False
    said["discount"] = _rounded(rate)
    if profile.discount != 1.0:
        said["note"] = (
            f"Discount factor {profile.discount:g} over the whole negotiation in the file, read as "
            "one year."
        )
    return said


def _issue(preferences: Preferences, names: _Names, issue: str) -> dict[str, Any]:
    weights, values = {}, {}
    for profile in preferences.profiles:
        total = fsum(profile.weights.values())
        scale = 1.0 if abs(total - 1.0) <= WEIGHT_TOLERANCE else total
        actor = names.actors[profile.actor]
        weights[actor] = _rounded(profile.weights[issue] / scale)
        values[actor] = {
            option: _points(scale * worth, preferences)
            for option, worth in profile.evaluations[issue].items()
        }
    without = _status_quo(preferences).get(issue)
    options = {}
    for option in preferences.issues[issue]:
        said: dict[str, Any] = {"name": option}
        if option == without:
            said["status-quo"] = True
        said["value"] = {actor: worth[option] for actor, worth in values.items()}
        options[names.options[issue][option]] = said
    return {"question": issue, "track": "political", "weight": weights, "options": options}


def _status_quo(preferences: Preferences) -> Mapping[str, str]:
    """The package that holds without an agreement, when all name the same one."""
    named = [one.reservation_package for one in preferences.profiles]
    return named[0] if named and all(one == named[0] for one in named) else {}


def _spelled(links: Sequence[Linked], names: _Names) -> Iterator[tuple[Linked, list[str]]]:
    """Each link with one option an issue, as ``issue.option``."""
    for link in links:
        for chosen in product(*link.options.values()):
            yield (
                link,
                [
                    f"{names.issues[issue]}.{names.options[issue][option]}"
                    for issue, option in zip(link.options, chosen, strict=True)
                ],
            )


def _points(utility: float, preferences: Preferences) -> float:
    return _rounded(preferences.points * utility)


def _rounded(number: float) -> float:
    """Twelve digits: what a person would have written."""
    return float(f"{number:.12g}") + 0.0


# --- and back ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Labels:
    """Names under which a scenario goes into other programs' files, in its own order."""

    actors: tuple[str, ...]
    issues: tuple[str, ...]
    options: tuple[tuple[str, ...], ...]


def labels(scenario: Scenario) -> Labels:
    """The printed name where the identifier is made of it, otherwise the identifier."""
    return Labels(
        actors=_labels({key: actor.name for key, actor in scenario.actors.items()}, "party"),
        issues=_labels({key: issue.question for key, issue in scenario.issues.items()}, "issue"),
        options=tuple(
            _labels({key: option.name for key, option in issue.options.items()}, "option")
            for issue in scenario.issues.values()
        ),
    )


def _labels(printed: Mapping[str, str], kind: str) -> tuple[str, ...]:
    found = []
    for key, name in printed.items():
        base = identifier_of(name, kind)
        made = name.strip() and re.fullmatch(rf"{re.escape(base)}(-[0-9]+)?", key)
        clean = name.strip().encode("utf-8", "replace").decode()
        found.append(clean if made else key)
    return tuple(found) if len(set(found)) == len(found) else tuple(printed)
