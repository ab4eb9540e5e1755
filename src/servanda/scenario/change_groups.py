"""Differences as groups that can be taken over one without the others.

A new step and the answer that it carries out make sense together alone; so do weights that must
sum to 1. Such differences are found by trying, and taken together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from servanda.errors import NotFoundError
from servanda.scenario.build import build_scenario
from servanda.scenario.differences import Difference, Raw, blend
from servanda.scenario.model import Scenario

MOST_GROUPS = 12
"""Groups beyond which differences are taken together by entry, then by section."""

LENGTHS = {"": None, "entry": 2, "section": 1}
"""How many keys those differences share that are taken together."""

Teams = Callable[[int], Iterable[frozenset[int]]]
"""Sets of so many groups that will be asked for, by number."""

Parts = list[list[Difference]]
Fits = Callable[[Iterable[Difference]], bool]


@dataclass(frozen=True)
class Group:
    """Differences taken over together.

    Attributes:
        label: the path they have in common; several are joined by " + ".
        differences: in the order of the file.
    """

    label: str
    differences: tuple[Difference, ...]


def change_groups(
    old: Raw,
    new: Raw,
    differing: Sequence[Difference],
    asked: Teams,
    order: Sequence[str] = (),
) -> tuple[tuple[Group, ...], str]:
    """Differences in groups that can be taken over in any order.

    Args:
        old, new: the two scenarios as plain values.
        differing: what differs and moves numbers.
        asked: the sets of groups that must each make a scenario.
        order: beginnings of paths; what they name comes first, in this order, the rest as in the
            file.

    Returns:
        The groups, and by what they were taken together: "", "entry" or "section".

    Raises:
        NotFoundError: nothing that differs begins so.
    """
    ordered = _ordered(differing, order)
    gathered = {by: _gathered(ordered, length) for by, length in LENGTHS.items()}
    by = next((by for by, parts in gathered.items() if len(parts) <= MOST_GROUPS), "section")
    joined = _joined(gathered[by], asked, lambda taken: _makes_a_scenario(old, new, taken))
    return tuple(Group(_label(part, by), tuple(part)) for part in joined), by


def scenario_between(old: Raw, new: Raw, taken: Iterable[Group]) -> Scenario:
    """The first scenario with some groups taken over; they must fit together."""
    raw = blend(old, new, [one for group in taken for one in group.differences])
    scenario, complaints = build_scenario(raw)
    if scenario is None or complaints:
        raise ValueError(f"not a scenario: {complaints}")
    return scenario


def _makes_a_scenario(old: Raw, new: Raw, taken: Iterable[Difference]) -> bool:
    scenario, complaints = build_scenario(blend(old, new, taken))
    return scenario is not None and not complaints


def _ordered(differing: Sequence[Difference], order: Sequence[str]) -> list[Difference]:
    left, found = list(differing), []
    for start in order:
        named = [one for one in left if f"{one.path}.".startswith(f"{start.rstrip('.')}.")]
        if not named:
            raise NotFoundError("difference", start, [one.path for one in left])
        found += named
        left = [one for one in left if one not in named]
    return found + left


def _gathered(differing: Sequence[Difference], length: int | None) -> Parts:
    parts: dict[tuple[str, ...], list[Difference]] = {}
    for one in differing:
        parts.setdefault(one.keys[:length], []).append(one)
    return list(parts.values())


def _joined(parts: Parts, asked: Teams, fits: Fits) -> Parts:
    """Parts merged until every set asked for makes a scenario."""
    while True:
        wrong = next((team for team in asked(len(parts)) if not _fit(parts, team, fits)), None)
        if wrong is None:
            return parts
        parts = _merged(parts, wrong, fits)


def _fit(parts: Parts, team: frozenset[int], fits: Fits) -> bool:
    return fits([one for number in sorted(team) for one in parts[number]])


def _merged(parts: Parts, team: frozenset[int], fits: Fits) -> Parts:
    """Join a smallest set that does not fit with the fewest others that make it fit."""
    core = set(team)
    for one in sorted(team):
        if len(core) > 1 and not _fit(parts, frozenset(core - {one}), fits):
            core.discard(one)
    whole = set(range(len(parts)))
    for one in sorted(whole - core, reverse=True):
        if _fit(parts, frozenset(whole - {one}), fits):
            whole.discard(one)
    first = min(whole)
    together = [one for number in sorted(whole) for one in parts[number]]
    kept = [part if number != first else together for number, part in enumerate(parts)]
    return [part for number, part in enumerate(kept) if number == first or number not in whole]


def _label(part: Sequence[Difference], by: str) -> str:
    if len(part) == 1:
        return part[0].path
    names = dict.fromkeys(".".join(one.keys[: LENGTHS[by]]) for one in part)
    return " + ".join(names)
