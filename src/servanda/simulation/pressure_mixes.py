"""How deals stand under a mix of instruments: kept without pressure, beyond it, or while it lasts.

Pressure lowers what refusing is worth, and until it lapses what going back on a deal is worth, by
as much as it takes off fighting on today (stated approximation). Guarantees move the margins
themselves. A fund pays whoever is short.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from servanda.files.runs import Arrays, Run
from servanda.problems.parameters import Floats
from servanda.problems.war_binding import bind_war
from servanda.results.plan import PlanMargins
from servanda.scenario.model import Scenario
from servanda.simulation.deal_pool import Pool, View, pool_of
from servanda.simulation.diagnosis import forbidden, terms_of
from servanda.simulation.ensemble import (
    CHUNK,
    TOLERANCE,
    Draws,
    Flags,
    order_margins,
    reservations,
    stages_of,
)
from servanda.simulation.kept import digest, in_chunks
from servanda.simulation.pressure_instruments import FUND, GUARANTEES, PRESSURE, Tool
from servanda.simulation.progress import Progress
from servanda.solvers.lasting_deals import Lasting, Left, lasting_deals
from servanda.solvers.war_table import WarTable

MOST_ORDERS = 12
"""Orders counted: that many as things stand, and with all instruments, which together keep a deal
in most of the draws in which any does."""

Levels = tuple[float, ...]
"""Share of each instrument used."""


@dataclass(frozen=True, eq=False)
class Count:
    """What a mix brings in every draw, (D,): how the best deal ends, and the room it leaves."""

    inside: Flags
    outlasting: Flags
    lapsing: Flags
    room: Floats

    @property
    def kept(self) -> Flags:
        return self.inside | self.outlasting


@dataclass
class Bench:
    """Everything a mix is counted from."""

    scenario: Scenario
    view: View
    pool: Pool
    tools: tuple[Tool, ...]
    allowed: Flags
    threads: int | None
    progress: Progress
    run: Run | None
    left: dict[Levels, Left]
    relief: dict[Levels, Floats]

    def count(self, levels: Levels) -> Count:
        """How the deals stand under a mix, over the draws."""
        found = self.ends(levels)
        inside, outlasting, lapsing = (
            np.asarray(ends.any(axis=1)) for ends in (found.inside, found.outlasting, found.lapsing)
        )
        best = np.where(self.allowed, found.room, -inf).max(axis=1, initial=-inf)
        return Count(inside, outlasting & ~inside, lapsing & ~outlasting & ~inside, best)

    def ends(self, levels: Levels) -> Lasting:
        """What becomes of every order under a mix."""
        funds = [
            (level * tool.points, tool.reaches)
            for tool, level in zip(self.tools, levels, strict=True)
            if tool.says.id.startswith(FUND)
        ]
        signs = self.view.ground.translation.actors.signs
        return lasting_deals(self._left(levels), self._relief(levels), signs, self.allowed, funds)

    def _left(self, levels: Levels) -> Left:
        """Values and margins with the guarantees as the mix has them; each once."""
        key = self._key(levels, GUARANTEES)
        if key not in self.left:
            self.left[key] = self._computed(levels)
        return self.left[key]

    def _relief(self, levels: Levels) -> Floats:
        """What pressure takes off fighting on for each actor, (D, A); each mix of it once."""
        key = self._key(levels, PRESSURE)
        if key not in self.relief:
            drawn, translation = self.view.drawn, self.view.ground.translation
            relief = np.zeros_like(drawn.reservation)
            for actor, name in enumerate(translation.actors.names):
                on = [
                    (tool, level)
                    for tool, level in zip(self.tools, key, strict=True)
                    if level > 0 and tool.says.on == (name,)
                ]
                if on:
                    theta = self._pressed(on)
                    worth = reservations(translation, theta, threads=self.threads)
                    relief[:, actor] = drawn.reservation[:, actor] - worth[:, actor]
            self.relief[key] = relief
        return self.relief[key]

    def _pressed(self, on: Sequence[tuple[Tool, float]]) -> Floats:
        """Draws with a share of the threatened changes carried out."""
        translation = self.view.ground.translation
        theta = self.view.drawn.theta.copy()
        params = translation.parameters
        for tool, level in on:
            key = tool.says.id.removeprefix(PRESSURE)
            for path in self.scenario.pressure[key].changes:
                new = theta[:, params.index(f"pressure.{key}.changes.{path}")].copy()
                about = params.index(path)
                for entry in {*params.believed[:, about].tolist(), about}:
                    theta[:, entry] += level * (new - theta[:, entry])
        return theta

    def _key(self, levels: Levels, kind: str) -> Levels:
        """The levels of one kind of instrument; the others at nothing."""
        return tuple(
            level if tool.says.id.startswith(kind) else 0.0
            for tool, level in zip(self.tools, levels, strict=True)
        )

    def _computed(self, levels: Levels) -> Left:
        ground, drawn = self.view.ground, self.view.drawn
        params = ground.translation.parameters
        theta = drawn.theta.copy()
        for tool, level in zip(self.tools, levels, strict=True):
            if tool.says.id.startswith(GUARANTEES):
                entries = list(tool.entries)
                theta[:, entries] = np.clip(
                    theta[:, entries] + level * tool.to,
                    params.lower[entries],
                    params.upper[entries],
                )
        moved = replace(self.view, drawn=Draws(theta, drawn.reservation, drawn.lines_held))
        return _left(self.pool, moved, self._lapses(), self.threads, self.progress, self.run)

    def _lapses(self) -> Floats:
        """Months until the first pressure on each actor is gone, (A,); infinite where none is."""
        names = self.view.ground.translation.actors.names
        months = np.full(len(names), inf)
        for tool in self.tools:
            if tool.says.lapses is not None:
                months[tool.reaches] = np.minimum(months[tool.reaches], tool.says.lapses)
        return months


def bench_of(
    scenario: Scenario,
    view: View,
    pool: Pool,
    tools: tuple[Tool, ...],
    threads: int | None,
    progress: Progress,
    run: Run | None = None,
) -> Bench:
    """The orders that matter out of the pool, ready to be counted."""

    def of(orders: Pool, left: dict[Levels, Left]) -> Bench:
        allowed = ~forbidden(orders, view)
        return Bench(scenario, view, orders, tools, allowed, threads, progress, run, left, {})

    whole = of(pool, {})
    nothing, everything = (tuple(share for _ in tools) for share in (0.0, 1.0))
    chosen: dict[int, None] = {}
    for levels in dict.fromkeys((nothing, everything)):
        found = whole.ends(levels)
        for ends in (found.outlasting, found.lapsing):
            chosen |= dict.fromkeys(_covering(ends, found.room))
    kept = sorted(chosen)
    left = {key: one.only(np.array(kept, np.int64)) for key, one in whole.left.items()}
    return of(_some(view, pool, kept), left)


def _covering(ends: Flags, room: Floats) -> list[int]:
    """Orders that together end well in most draws in which any does, then those with most room."""
    chosen: list[int] = []
    covered = np.zeros(len(ends), bool)
    for _ in range(min(MOST_ORDERS, ends.shape[1])):
        gains = (ends & ~covered[:, np.newaxis]).sum(axis=0)
        best = int(gains.argmax())
        if not gains[best]:
            break
        chosen.append(best)
        covered |= ends[:, best]
    if not ends.shape[1]:
        return []
    return list(dict.fromkeys([*chosen, int(np.median(room, axis=0).argmax())]))


def _some(view: View, pool: Pool, orders: Sequence[int]) -> Pool:
    """A pool of some orders of another, in the same order."""
    ordered = []
    for place, one in enumerate(pool.ordered):
        names = list(one.plans)
        first = int((pool.package_of < place).sum())
        own = [names[n - first] for n in orders if pool.package_of[n] == place]
        if own:
            plans = one.plans
            ordered.append(
                replace(one, searches={}, reasons={}, given={name: plans[name] for name in own})
            )
    return pool_of(view.ground, ordered)


def _left(
    pool: Pool,
    view: View,
    lapses: Floats,
    threads: int | None,
    progress: Progress,
    run: Run | None,
) -> Left:
    """What every order of a pool leaves each actor in every draw."""
    drawn = view.drawn
    terms = terms_of(view, [], pool)
    total, n_actors = drawn.reservation.shape

    def part(first: int, count: int) -> Arrays:
        bound = bind_war(view.ground.translation, drawn.theta[first : first + count])
        table = WarTable(bound, tolerance=TOLERANCE, threads=threads)
        found = []
        for place, one in enumerate(pool.ordered):
            share = (first + count * place / len(pool.ordered)) / total
            progress("orders over the draws", share, total)
            found += [_by_time(plan, lapses) for plan in order_margins(table, one).values()]
        shape = (len(found), 3, count, n_actors)
        start, early, late = np.array(found).reshape(shape).transpose(1, 2, 0, 3)
        return {"start": start, "early": early, "late": late}

    rests_on = [drawn.theta, lapses, stages_of(pool.ordered)]
    step = f"left-{digest(rests_on)[:12]}"  # asked for with other guarantees and other orders
    parts = list(in_chunks(step, part, total, CHUNK, run, rests_on))
    start, early, late = (
        np.concatenate([one[name] for one in parts]) for name in ("start", "early", "late")
    )
    worth = np.minimum(terms.values[:, pool.package_of], start)
    signing = worth - drawn.reservation[:, np.newaxis] - terms.costs[:, pool.package_of]
    return Left(signing, early, late)


def _by_time(found: PlanMargins, lapses: Floats) -> tuple[Floats, Floats, Floats]:
    """Values at the start, and smallest margins before and after pressure lapses, (D, A) each."""
    early = np.full_like(found.values_at_start, inf)
    late = early.copy()
    last = max((one.stage for one in found.constraints), default=0)
    reached = min((one.clock for one in found.constraints if one.stage == last), default=0.0)
    for column, one in enumerate(found.constraints):
        actor = found.actors.index(one.actor)
        ended = one.clock - reached if one.stage == last else 0.0  # later knots come later
        part = early if one.plan_month + ended < lapses[actor] else late
        np.minimum(part[:, actor], found.constraint_margins[:, column], out=part[:, actor])
    return found.values_at_start, early, late
