"""Why no deal is kept yet: causes switched off alone, in pairs and all, over the same draws.

Packages promising under every cause, pair of causes and all of them are gathered at the central
values and their orders searched; then each is evaluated once in every draw under each set of
beliefs.  What any set of causes leaves is a matter of counting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import combinations

import numpy as np

from servanda.errors import NotFoundError
from servanda.files.runs import Run
from servanda.problems.hidden_types import HiddenTypes, hidden_types
from servanda.problems.package_binding import (
    package_problem,
)
from servanda.problems.packages import PackageProblem
from servanda.problems.parameters import Floats, central
from servanda.problems.switched_off import common_beliefs, without_audiences
from servanda.problems.translation import Translation
from servanda.results.analysis import Origin
from servanda.results.diagnosis import Cause, CausePair, CauseShare, Diagnosis
from servanda.scenario.model import Scenario
from servanda.simulation.analysis import candidate_packages
from servanda.simulation.causes import (
    BELIEFS,
    PRESSURE,
    RED_LINES,
    STAKES,
    TYPES,
    causes_of,
)
from servanda.simulation.centre import Ground, look_at_centre, stand_at_centre
from servanda.simulation.deal_counts import Off, Switches, counting, gates_off, moves_room
from servanda.simulation.deal_pool import (
    Pool,
    View,
    ordered_packages,
    pool_of,
    room_of,
    room_over_draws,
    who_forbids,
)
from servanda.simulation.deals_with_types import kept_with_types
from servanda.simulation.ensemble import (
    Flags,
    funnel_draws,
    take_draws,
)
from servanda.simulation.progress import Progress
from servanda.simulation.shared import shared
from servanda.simulation.translated import translated
from servanda.simulation.war_views import pressed_reservations
from servanda.solvers.shapley import sets_asked, shapley

PROMISING = 2
"""Packages taken up for each set of causes, beside those of the brief."""


def diagnosis_of_scenario(
    scenario: Scenario,
    origin: Origin,
    wanted: Sequence[str],
    *,
    threads: int | None,
    progress: Progress,
    run: Run | None = None,
) -> Diagnosis:
    """Causes switched off by turns in a checked scenario.

    Args:
        scenario: with a war.
        origin: how many draws, from which seed.
        wanted: identifiers of causes; every cause the scenario states when empty.
        threads, progress: as everywhere.
        run: where chunks of draws are kept.

    Raises:
        NotFoundError: no such cause in this scenario.
    """
    translation = translated(scenario, progress=progress)
    causes = _chosen(causes_of(scenario, translation), wanted)
    names = [cause.id for cause in causes]
    switches = _switches(scenario, translation, names, origin, threads, progress, run)
    types = hidden_types(scenario, translation.parameters)
    kept = _counter(switches, types, names, origin, threads, progress, run)

    def share(team: Iterable[int]) -> float:
        return float(kept(frozenset(names[n] for n in team)).mean())

    progress("every set of causes", 0.0)
    parts = shapley(share, len(names), seed=origin.seed)
    as_it_is, base = kept(frozenset()), share(())
    rows = []
    for number, cause in enumerate(causes):
        alone = kept(frozenset([cause.id]))
        change = alone.astype(float) - as_it_is
        rows.append(
            CauseShare(
                cause=cause,
                share=float(alone.mean()),
                gain=float(change.mean()),
                error=float(change.std() / np.sqrt(len(change))),
                shapley=float(parts.shares[number]),
                shapley_error=float(parts.errors[number]),
            )
        )
    pairs = [
        CausePair(
            first=names[i],
            second=names[j],
            share=share((i, j)),
            gain=share((i, j)) - base,
            together=share((i, j)) - share((i,)) - share((j,)) + base,
        )
        for i, j in combinations(range(len(names)), 2)
    ]
    return Diagnosis(
        origin=origin,
        as_it_is=base,
        all_off=share(range(len(names))),
        types_known=float(kept(frozenset([TYPES])).mean()) if types.any else None,
        causes=tuple(sorted(rows, key=lambda row: (-row.gain, -row.shapley))),
        pairs=tuple(sorted(pairs, key=lambda pair: -pair.gain)),
        packages=len(switches.pool.packages),
        orders=len(switches.pool.package_of),
    )


def _chosen(causes: Sequence[Cause], wanted: Sequence[str]) -> list[Cause]:
    known = {cause.id: cause for cause in causes}
    for name in wanted:
        if name not in known:
            raise NotFoundError("cause", name, list(known))
    return [known[name] for name in dict.fromkeys(wanted)] if wanted else list(causes)


# ---------------------------------------------------------------- counting


def _counter(
    switches: Switches,
    types: HiddenTypes,
    names: Sequence[str],
    origin: Origin,
    threads: int | None,
    progress: Progress,
    run: Run | None,
) -> Callable[[Off], Flags]:
    """A count of the draws in which some order of the pool is kept with some causes off, (D,)."""
    counts = counting(switches)
    draws = np.arange(len(switches.held.drawn.theta))

    @cache
    def known(off: Off) -> Flags:
        found = counts(off, switches.rooms[BELIEFS in off], draws).any(axis=1)
        return np.asarray(found, np.bool_)

    if not types.any or not len(switches.pool.package_of):
        return known
    everyone = range(len(names))
    teams = [*sets_asked(len(names), seed=origin.seed), *map(frozenset, combinations(everyone, 2))]
    teams += [frozenset(), *(frozenset([one]) for one in everyone)]
    asked = {frozenset(names[n] for n in team) for team in teams}
    private = kept_with_types(
        switches,
        types,
        counts,
        [off for off in asked if TYPES not in off],
        threads=threads,
        progress=progress,
        run=run,
    )
    return lambda off: known(off - {TYPES}) if TYPES in off else private[off]


# ---------------------------------------------------------------- the pool


def pool_without(
    scenario: Scenario,
    translation: Translation,
    names: Sequence[str],
    origin: Origin,
    threads: int | None,
    progress: Progress,
) -> tuple[View, View, Pool]:
    """The scenario with the beliefs held and with common ones, and deals promising in either.

    Args:
        scenario, translation: with a war and steps.
        names: causes without any of which, or any two, or all, a deal may be promising.
        origin, threads, progress: as everywhere.
    """
    centre = look_at_centre(scenario, translation, threads=threads, progress=progress)
    held = common = _view(scenario, centre, origin, threads=threads, progress=progress)
    if BELIEFS in names:
        alike = common_beliefs(translation)
        ground = stand_at_centre(scenario, alike, threads=threads, progress=progress)
        common = _view(scenario, ground, origin, threads=threads, progress=progress)
    progress("packages over the draws", 0.0)
    gates = funnel_draws(centre.every_line, translation, held.drawn, threads)
    views: dict[int, list[View]] = {}
    for package in candidate_packages(centre, gates):
        views[package] = [held]
    names = [name for name in names if name != TYPES]  # deals are looked for with types known
    for off, packages in _promising(held, common, names).items():
        view = common if BELIEFS in off else held
        for package in packages:
            looked = views.setdefault(package, [])
            if all(view is not one for one in looked):
                looked.append(view)
    pool = pool_of(centre, ordered_packages(views, threads=threads, progress=progress))
    return held, common, pool


def _switches(
    scenario: Scenario,
    translation: Translation,
    names: Sequence[str],
    origin: Origin,
    threads: int | None,
    progress: Progress,
    run: Run | None,
) -> Switches:
    held, common, pool = pool_without(scenario, translation, names, origin, threads, progress)
    room = room_over_draws(
        pool,
        held,
        threads=threads,
        progress=progress,
        what="orders over the draws",
        run=run,
        step="orders",
    )
    if common is held:
        return Switches(held, common, pool, (room, room))
    alike_room = room_over_draws(
        pool,
        common,
        threads=threads,
        progress=progress,
        what="the same with equal beliefs",
        run=run,
        step="equal-beliefs",
    )
    return Switches(held, common, pool, (room, alike_room))


@shared
def _view(
    scenario: Scenario, ground: Ground, origin: Origin, *, threads: int | None, progress: Progress
) -> View:
    translation = ground.translation
    drawn = take_draws(
        translation, seed=origin.seed, count=origin.draws, threads=threads, progress=progress
    )

    def pressed(theta: Floats, reservation: Floats) -> Floats:
        return pressed_reservations(scenario, translation, theta, reservation, threads=threads)

    theta = central(translation.parameters)
    at_rest = pressed(theta, ground.reservation[np.newaxis])[0]
    return View(ground, drawn, (at_rest, pressed(drawn.theta, drawn.reservation)))


def _promising(held: View, common: View, names: Sequence[str]) -> dict[Off, list[int]]:
    """Packages that leave most room at the central values: without, with each, two and all off.

    Room is that of the actor left least; where stakes divide, that of all together.
    """
    singles = [frozenset([name]) for name in names]
    pairs = [one | other for one, other in combinations(singles, 2)]
    asked = dict.fromkeys([frozenset(), *singles, *pairs, frozenset(names)])
    actors = held.ground.translation.actors.names
    blocks = list(who_forbids(held.ground))
    by_problem: dict[Off, list[Off]] = {}
    for off in asked:
        by_problem.setdefault(moves_room(off), []).append(off)
    found: dict[Off, list[int]] = {}
    for moved, group in by_problem.items():
        problem = _without(common if BELIEFS in moved else held, moved)
        best: dict[Off, list[tuple[float, int]]] = {off: [] for off in group}
        for numbers, bits in blocks:
            room = room_of(problem, numbers)
            for off in group:
                mask = sum(1 << n for n, one in enumerate(actors) if RED_LINES + one not in off)
                score = room.sum(axis=1) if STAKES in off else room.min(axis=1)
                score = np.where(bits & mask == 0, score, -np.inf)
                first = np.argsort(-score, kind="stable")[:PROMISING]
                best[off] += [(-float(score[n]), int(numbers[n])) for n in first.tolist()]
        for off in group:
            top = sorted(best[off])[:PROMISING]
            found[off] = [number for shortage, number in top if np.isfinite(shortage)]
    return {off: found[off] for off in asked}


def _without(view: View, off: Off) -> PackageProblem:
    """Packages at the central values without red lines, and without the audiences in ``off``."""
    ground = view.ground
    translation = without_audiences(ground.translation, gates_off(ground.translation, off))
    reservation = view.pressed[0] if PRESSURE in off else ground.reservation
    return package_problem(translation, central(translation.parameters), reservation, [], [])
