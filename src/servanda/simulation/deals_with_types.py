"""In which draws some deal is kept when nobody can know of what type the others are.

Not knowing is taken never to help: a deal counts only where it would with types known.  So a deal
is played with types only in draws in which it then counts, and only until one is found that is
kept; more would not change any answer.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

import numpy as np

from servanda.files.runs import Arrays, Run
from servanda.problems.hidden_types import HiddenTypes, prior, theta_by_profile
from servanda.problems.packages import IntArray
from servanda.problems.parameters import Floats
from servanda.problems.war_binding import bind_war
from servanda.simulation.causes import BELIEFS
from servanda.simulation.deal_counts import Counts, Off, Switches
from servanda.simulation.deal_pool import Pool, Room, View
from servanda.simulation.ensemble import TOLERANCE, Flags, stages_of
from servanda.simulation.kept import in_chunks
from servanda.simulation.progress import Progress
from servanda.solvers.collapse import reservation_values
from servanda.solvers.orders import OrderedDeal
from servanda.solvers.package_game import bare_game, game_for_all, game_over_draws
from servanda.solvers.plan import as_plan
from servanda.solvers.type_draws import (
    TypedLayout,
    TypeDraws,
    expected,
    play_over_draws,
    typed_layout,
)
from servanda.solvers.type_months import typed_states
from servanda.solvers.war_table import WarTable

BLOCK = 64
"""Draws of which the breach values of one package are held in memory at once."""

MOST_DRAWS = 500
"""Draws whose wars with types are held in memory at once."""

Play = Callable[[int, IntArray, IntArray], list[tuple[Floats, Floats]]]
"""Start values and smallest margins, (d, A) each, of some orders of a package in some draws."""

Layouts = tuple[IntArray, list[TypedLayout]]
"""States that the orders of a package read, and each order laid out over them."""


def kept_with_types(
    switches: Switches,
    types: HiddenTypes,
    counts: Counts,
    asked: Sequence[Off],
    *,
    threads: int | None,
    progress: Progress,
    run: Run | None = None,
) -> Mapping[Off, Flags]:
    """Draws in which some deal is kept with types private, (D,), for every set asked.

    Args:
        switches: the pool and what its orders leave each actor with types known.
        types: of the actors.
        counts: which orders count, given what they leave.
        asked: causes switched off, in sets without that of private types.
        threads, progress: as everywhere.
        run: where chunks of draws are kept.
    """
    theta = switches.held.drawn.theta
    sets = sorted(asked, key=lambda off: (len(off), sorted(off)))
    views = list(zip((switches.held, switches.common), switches.rooms, strict=True))
    layouts: dict[int, Layouts] = {}

    def part(first: int, count: int) -> Arrays:
        draws = np.arange(first, first + count)
        kept: dict[Off, Flags] = {}
        for common, (view, room) in enumerate(views):
            own = [off for off in sets if (BELIEFS in off) == common]
            if not own:
                continue
            play = _player(switches.pool, types, view, draws, layouts, threads)
            hidden = _Hidden(switches.pool, room, draws, play, threads)
            for _, same in groupby(own, key=len):
                share = (first + count * len(kept) / len(sets)) / len(theta)
                progress("types that nobody can know", share, len(theta))
                kept |= hidden.kept(list(same), counts)
        return {"kept": np.stack([kept[off] for off in sets], axis=1)}

    rests_on = [theta, stages_of(switches.pool.ordered), [sorted(off) for off in sets]]
    blocks = list(in_chunks("types", part, len(theta), MOST_DRAWS, run, rests_on))
    found = np.concatenate([block["kept"] for block in blocks])
    return {off: found[:, number] for number, off in enumerate(sets)}


class _Hidden:
    """What has been played so far in some draws, under one set of beliefs."""

    def __init__(
        self, pool: Pool, room: Room, draws: IntArray, play: Play, threads: int | None
    ) -> None:
        self.pool, self.draws, self.play, self.threads = pool, draws, play, threads
        self.known = Room(room.start[draws], room.margin[draws])
        nothing = np.full_like(self.known.margin, -np.inf)
        self.room = Room(nothing, nothing.copy())
        self.played = np.zeros(self.known.margin.shape[:2], np.bool_)
        self.promise = self.known.margin.min(axis=2)
        self.first = np.flatnonzero(np.diff(pool.package_of, prepend=-1))

    def kept(self, sets: Sequence[Off], counts: Counts) -> dict[Off, Flags]:
        """Draws in which some order is kept, (d,), playing few more of them than it takes."""
        found: dict[Off, Flags] = {}
        left: dict[Off, IntArray] = {}
        open_to: dict[Off, Flags] = {}
        for off in sets:
            found[off] = np.asarray(counts(off, self.room, self.draws).any(axis=1))
            left[off] = np.flatnonzero(~found[off])
            open_to[off] = counts(off, _part(self.known, left[off]), self.draws[left[off]])
        most = 1
        while True:
            wanted = np.zeros_like(self.played)
            for off in sets:
                open_to[off] &= ~self.played[left[off]]
                still = ~found[off][left[off]] & open_to[off].any(axis=1)
                left[off], open_to[off] = left[off][still], open_to[off][still]
                wanted[left[off]] |= self._promising(left[off], open_to[off], most)
            if not wanted.any():
                return found
            self._play(wanted)
            for off in sets:
                room = _part(self.room, left[off])
                found[off][left[off]] = counts(off, room, self.draws[left[off]]).any(axis=1)
            most *= 2

    def _promising(self, rows: IntArray, open_to: Flags, most: int) -> Flags:
        """In every draw, the open orders of the packages whose best leaves most room."""
        room = np.where(open_to, self.promise[rows], -np.inf)
        by_package = np.maximum.reduceat(room, self.first, axis=1)
        best = np.argsort(-by_package, axis=1, kind="stable")[:, :most]
        chosen = np.zeros(by_package.shape, np.bool_)
        np.put_along_axis(chosen, best, True, axis=1)
        return open_to & chosen[:, self.pool.package_of]

    def _play(self, wanted: Flags) -> None:
        jobs = []
        for place, one in enumerate(self.pool.ordered):
            own = self.first[place] + np.arange(len(one.plans))
            rows = np.flatnonzero(wanted[:, own].any(axis=1))
            orders = np.flatnonzero(wanted[:, own].any(axis=0))
            blocks = (rows[first : first + BLOCK] for first in range(0, len(rows), BLOCK))
            jobs += [(place, block, orders) for block in blocks]
        with ThreadPoolExecutor(self.threads or os.cpu_count()) as pool:
            plays = pool.map(lambda job: self.play(*job), jobs)
            for (place, rows, orders), found in zip(jobs, plays, strict=True):
                for order, (start, margin) in zip(orders + self.first[place], found, strict=True):
                    known = self.known
                    self.room.start[rows, order] = np.minimum(known.start[rows, order], start)
                    self.room.margin[rows, order] = np.minimum(known.margin[rows, order], margin)
                    self.played[rows, order] = True


def _part(room: Room, rows: IntArray) -> Room:
    return Room(room.start[rows], room.margin[rows])


def _player(
    pool: Pool,
    types: HiddenTypes,
    view: View,
    draws: IntArray,
    layouts: dict[int, Layouts],
    threads: int | None,
) -> Play:
    """Plays orders of the pool's packages in some of the draws, which share their wars.

    Whom one fights on against is known as little: starts are counted from that, as expected.
    """
    parameters = view.ground.translation.parameters
    theta = view.drawn.theta[draws]
    by_profile = np.array([theta_by_profile(types, parameters, row) for row in theta])
    profiles = by_profile.shape[1]
    bound = bind_war(view.ground.translation, by_profile.reshape(-1, by_profile.shape[2]))
    table = WarTable(bound, tolerance=TOLERANCE, threads=threads)
    beliefs = np.array([_priors(types, view, row) for row in theta])
    coded = tuple(_as_coded(changes) for changes in types.changes)
    count = tuple(len(labels) for labels in types.labels)
    fighting = reservation_values(table).reshape(len(draws), profiles, -1)
    dearer = view.drawn.reservation[draws] - expected(count, coded, beliefs, fighting)

    def play(place: int, rows: IntArray, orders: IntArray) -> list[tuple[Floats, Floats]]:
        deal = pool.ordered[place].deal
        at = (rows[:, np.newaxis] * profiles + np.arange(profiles)).reshape(-1)
        some = table.only(at)
        if place not in layouts:
            layouts[place] = _laid_out(some, pool.ordered[place])
        states, laid = layouts[place]
        game, payoffs, breach = game_for_all(some, deal, states)
        typed = TypeDraws(
            game=game,
            payoffs=payoffs,
            attacked=breach.attack,
            reneged=breach.renege,
            count=count,
            coded=coded,
            prior=beliefs[rows],
        )
        plays = [play_over_draws(typed, laid[order]) for order in orders.tolist()]
        return [(played.start + dearer[rows], played.margin) for played in plays]

    return play


def _laid_out(table: WarTable, one: OrderedDeal) -> Layouts:
    """States that the orders of a package read, and their layouts; the same in every draw."""
    some = table.only(np.zeros(1, np.int64))
    plans = [as_plan(plan) for plan in one.plans.values()]
    game = bare_game(some, one.deal)
    states = np.unique(np.concatenate([typed_states(game, plan) for plan in plans]))
    game, _ = game_over_draws(some, one.deal, states)
    return states, [typed_layout(game, plan) for plan in plans]


def _priors(types: HiddenTypes, view: View, theta: Floats) -> Floats:
    """(A + 1, G) what each actor, and last the analyst, holds of the types of all."""
    analyst, held = prior(types, view.ground.translation.parameters, theta)
    return np.array([np.concatenate(one) for one in (*held, analyst)])


def _as_coded(changes: Sequence[Sequence[tuple[int, int]]]) -> int:
    """The first type without changes; the first, where all have some."""
    return next((number for number, one in enumerate(changes) if not one), 0)
