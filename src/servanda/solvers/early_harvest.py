"""Early harvest: what could be settled in one track alone, while the war goes on.

A partial agreement answers some issues of a track and leaves all else as it is. It stands on its
own if it crosses no red line that the status quo does not, and everybody who has to sign gains by
it while fighting on; then nobody has reason to leave it as a whole. What it brings is

- what its answers are worth, counted for good, and
- what it changes in the war through instruments, as a truce on some targets does: the war is
  valued anew with the levels it sets.

Answers that move land, bring guarantees or stop the fighting are no part of it: with them the war
would be another. Nor are those whose steps wait for others that are not in it. An exclusion counts
where all it names is answered: the others speak of whole packages. Whether a side could gain by
keeping only the other's half is a question of the order of steps, and is not asked here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from math import prod

import numpy as np

from servanda.errors import ProblemError
from servanda.problems.agreement import agreement, peace_flows, world_states
from servanda.problems.packages import TOLERANCE, PackageProblem, matched
from servanda.problems.parameters import Floats
from servanda.problems.translation import NOBODY, Translation
from servanda.problems.war_binding import war_worlds
from servanda.results.early_harvest import EarlyHarvest
from servanda.solvers.war_table import WarTable

MOST_PARTIAL = 20_000
"""Partial agreements of a track looked at, at most."""


def early_harvest(
    table: WarTable, packages: PackageProblem, tracks: Mapping[str, Sequence[int]]
) -> tuple[EarlyHarvest, ...]:
    """The best partial agreement of each track.

    Args:
        table: wars, read at its first draw.
        packages: red lines, and who has to sign.
        tracks: name to the issues of each, as indices.

    Raises:
        ProblemError: a track has more than MOST_PARTIAL partial agreements.
    """
    return tuple(_of_track(table, packages, name, issues) for name, issues in tracks.items())


def gains_while_fighting(table: WarTable, chosen: Sequence[int]) -> Floats:
    """What a partial agreement brings every actor above fighting on without it, (A,)."""
    translation, own = table.bound.translation, table.bound.own
    nothing = translation.issues.status_quo.tolist()
    flows, wars = [], []
    for options in (chosen, nothing):
        deal = agreement(translation, options)
        done = np.array([deal.full], np.int64)
        flows.append(peace_flows(translation, deal, own, done)[0, 0])
        states = world_states(translation, deal, done)
        worlds = war_worlds(translation, states, np.zeros(1, np.int64), NOBODY)
        wars.append(table.values(table.rows(worlds))[0, 0, 0])
    gains: Floats = flows[0] - flows[1] + wars[0] - wars[1]
    return gains


def partial_agreements(
    translation: Translation, packages: PackageProblem, name: str, issues: Sequence[int]
) -> list[list[int]]:
    """Options of every issue in each partial agreement of a track that could stand on its own.

    Red lines and gains are not asked.
    """
    status_quo = translation.issues.status_quo.tolist()
    answers = [_answers(translation, issue) for issue in issues]
    count = prod(len(one) for one in answers)
    if count > MOST_PARTIAL:
        raise ProblemError(
            f"track '{name}': {count:,} partial agreements, at most {MOST_PARTIAL:,}"
        )
    found = []
    for options in product(*answers):
        chosen = list(status_quo)
        for issue, option in zip(issues, options, strict=True):
            chosen[issue] = option
        if chosen == status_quo or _excluded(packages, chosen, status_quo):
            continue
        if _complete(translation, chosen):
            found.append(chosen)
    return found


def _of_track(
    table: WarTable, packages: PackageProblem, name: str, issues: Sequence[int]
) -> EarlyHarvest:
    translation = table.bound.translation
    status_quo = translation.issues.status_quo.tolist()
    before = lines_crossed(packages, status_quo)
    found: list[tuple[list[int], Floats]] = []
    for chosen in partial_agreements(translation, packages, name, issues):
        if lines_crossed(packages, chosen) - before:
            continue
        gains = gains_while_fighting(table, chosen)
        if (gains[packages.parties] >= -TOLERANCE).all():
            found.append((chosen, gains))
    best = max(found, key=lambda one: _worth(one[1][packages.parties]), default=None)
    names = translation.issues
    return EarlyHarvest(
        track=name,
        issues=len(issues),
        open_to_it=sum(len(_answers(translation, issue)) > 1 for issue in issues),
        answers={
            names.names[issue]: names.options[issue][best[0][issue]]
            for issue in issues
            if best[0][issue] != status_quo[issue]
        }
        if best
        else {},
        gains={packages.actors[i]: float(best[1][i]) for i in packages.parties.tolist()}
        if best
        else {},
        possible=len(found),
    )


def _answers(translation: Translation, issue: int) -> list[int]:
    """Options of an issue that leave land, guarantees and the fighting as they are."""
    steps, status_quo = translation.steps, translation.issues.status_quo.tolist()
    found = []
    for option in range(len(translation.issues.options[issue])):
        chosen = list(status_quo)
        chosen[issue] = option
        taken = agreement(translation, chosen).steps.tolist()
        if option == status_quo[issue] or not any(
            steps.moves[step] or steps.brings[step] or steps.ceasefire[step] for step in taken
        ):
            found.append(option)
    return found


def _complete(translation: Translation, chosen: Sequence[int]) -> bool:
    """Whether every step that waits for others finds one of them in the agreement."""
    steps = agreement(translation, chosen).steps.tolist()
    waits = [translation.steps.requires[step] for step in steps]
    return all(not before or set(before) & set(steps) for before in waits)


def lines_crossed(packages: PackageProblem, chosen: Sequence[int]) -> set[int]:
    """Red lines crossed, by number."""
    return set(np.flatnonzero(matched(packages.red_lines, chosen)).tolist())


def _excluded(packages: PackageProblem, chosen: Sequence[int], status_quo: Sequence[int]) -> bool:
    """Whether answers given exclude each other; what is left open is no part of it."""
    given = np.array(chosen) != np.array(status_quo)
    every = (np.uint64(1) << packages.n_options.astype(np.uint64)) - np.uint64(1)
    about = (packages.exclusions & every) != every
    return bool((matched(packages.exclusions, chosen) & (given | ~about).all(axis=1)).any())


def _worth(gains: Floats) -> tuple[float, float]:
    """The smallest gain first, then the sum."""
    return float(gains.min()), float(gains.sum())
