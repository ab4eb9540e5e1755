"""Levers of a scenario: effects from the draws already taken, the largest computed again.

The effect of every quantity on the probability of a kept deal comes from one ensemble by
reweighting it. The largest are then moved in the same draws and wars, gates and orders computed
again, for the few orders that keep a deal in nearly all the draws in which any does.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations

import numpy as np

from servanda.files.runs import Arrays, Run
from servanda.problems.package_binding import lines_held, order_lines
from servanda.problems.parameters import CHANCE, Floats, Parameters, draws, moves_deals
from servanda.problems.translation import Translation
from servanda.results.analysis import Origin
from servanda.results.levers import FARTHEST, Lever, Levers, Moved, Reach
from servanda.scenario.model import Scenario
from servanda.simulation.analysis import Found, find_focus
from servanda.simulation.ensemble import (
    CHUNK,
    CandidateDraws,
    Draws,
    Flags,
    candidates_over_draws,
    judged_again,
    reservations,
    stages_of,
)
from servanda.simulation.kept import in_chunks
from servanda.simulation.lever_pairs import PAIRS, RUNS, cheapest_pair
from servanda.simulation.progress import Progress, quiet
from servanda.simulation.translated import translated
from servanda.simulation.who_moves import who_moves
from servanda.solvers.reweighting import normal_scores, slopes

AGAIN = 10
"""Levers computed again."""

FAR = 5
"""Levers moved farther where one spread does not reach the target: those that then bring most."""

MOST_ORDERS = 6
"""Orders computed again."""

TOGETHER = 5
"""Levers moved together in the frontier."""

PAIRED = 3
"""Levers of which every pair is tried."""

MOST_MOVES = 2 * AGAIN + FAR + PAIRED + TOGETHER - 2 + PAIRS * RUNS
"""Moves computed again, at most; for the progress shown."""

GATES = ("red-lines", "individual-rationality", "ratification")


def levers_of_scenario(
    scenario: Scenario,
    origin: Origin,
    target: float,
    *,
    threads: int | None,
    progress: Progress,
    run: Run | None = None,
) -> Levers:
    """Effects of every uncertain quantity, and how far the largest must be moved.

    Args:
        scenario: with a war and steps.
        origin: how many draws, from which seed.
        target: probability of a kept deal to be reached.
        threads, progress: as everywhere.
        run: where chunks of draws are kept.
    """
    translation = translated(scenario, progress=progress)
    found = find_focus(scenario, translation, origin, threads=threads, progress=progress, run=run)
    happens = _any_kept(found.candidates)
    levers = _levers(scenario, translation.parameters, found, happens)
    again = Again(translation, found, origin.seed, threads, progress, run)
    largest, alone = the_way_that_helps(again, levers[:AGAIN])
    levers[:AGAIN] = largest
    largest = list(largest)
    largest.sort(key=lambda one: -alone[one].share)
    far = [one for one in largest if one.spread and alone[one].share < target][:FAR]
    farther = dict(zip(far, again.all_moved([[one] for one in far], FARTHEST), strict=True))
    help_again = [one for one in largest if alone[one].share > again.base]
    pairs = again.all_moved([list(pair) for pair in combinations(help_again[:PAIRED], 2)])
    frontier = again.all_moved(
        [help_again[:count] for count in range(1, min(TOGETHER, len(help_again)) + 1)]
    )
    tried = {
        lever: [alone[lever], *([farther[lever]] if lever in farther else [])] for lever in largest
    }
    anchors = {
        lever: {0.0: again.base, **{move.spreads: move.share for move in tried[lever]}}
        for lever in help_again
    }
    cheapest = None
    if again.base < target:
        cheapest = cheapest_pair(anchors, target, origin.draws, again.shares)
    reaches = [_reach(again.base, lever, tried[lever], target) for lever in largest]
    return Levers(
        origin=origin,
        target=target,
        share=float(happens.mean()),
        base=again.base,
        levers=tuple(levers),
        reaches=tuple(reaches),
        pair=max(pairs, key=lambda move: move.share, default=None),
        cheapest=cheapest,
        frontier=tuple(frontier),
    )


def the_way_that_helps(again: Again, levers: list[Lever]) -> tuple[list[Lever], dict[Lever, Moved]]:
    """Levers moved by one spread; of those that this hurts, the other way where that is better.

    The direction from the draws already taken is that of an estimate, which may be chance.
    """
    moved = again.all_moved([[one] for one in levers])
    hurt = {
        one: replace(one, up=not one.up, effect=-one.effect, gates=_negative(one.gates))
        for one, there in zip(levers, moved, strict=True)
        if one.spread is not None and there.share < again.base
    }
    back = dict(zip(hurt, again.all_moved([[other] for other in hurt.values()]), strict=True))
    found = [
        (hurt[one], back[one]) if one in back and back[one].share > there.share else (one, there)
        for one, there in zip(levers, moved, strict=True)
    ]
    return [one for one, _ in found], dict(found)


def _negative(gates: dict[str, float]) -> dict[str, float]:
    return {name: 0.0 - gate for name, gate in gates.items()}


def _any_kept(candidates: Sequence[CandidateDraws]) -> Flags:
    happens: Flags = np.any([one.acceptable & one.kept for one in candidates], axis=0)
    return happens


# ---------------------------------------------------------------- effects from one ensemble


def _levers(scenario: Scenario, params: Parameters, found: Found, happens: Flags) -> list[Lever]:
    """Every quantity that varies and that a deal can rest on, the largest effect first."""
    theta = found.drawn.theta
    outcomes = [happens, *(found.gates.remaining > 0).T]
    scores = normal_scores(theta)
    by_outcome = [slopes(scores, outcome) for outcome in outcomes]
    rows = []
    for entry in np.flatnonzero((np.ptp(theta, axis=0) > 0) & moves_deals(params)).tolist():
        chance = params.shape[entry] == CHANCE
        if chance:
            effects = [_settled(theta[:, entry] > 0.5, outcome) for outcome in outcomes]
        else:
            effects = [(float(slope[entry]), float(error[entry])) for slope, error in by_outcome]
        (effect, error), *gates = effects
        sign = 1.0 if effect >= 0 else -1.0
        rows.append(
            Lever(
                path=params.paths[entry],
                unit=params.unit[entry],
                who=who_moves(scenario, params.paths[entry]),
                value=float(params.value[entry]),
                spread=None if chance else float(params.high[entry] - params.low[entry]) / 2,
                up=effect >= 0,
                effect=abs(effect),
                error=error,
                gates={
                    name: sign * gate + 0.0 for name, (gate, _) in zip(GATES, gates, strict=True)
                },
            )
        )
    return sorted(rows, key=lambda row: -row.effect)


def _settled(holds: Flags, happens: Flags) -> tuple[float, float]:
    """Gain of settling what may hold or not, with the sign of the way that helps, and its error."""
    share = happens.mean()
    sides = [(happens[holds].mean() - share, holds.sum(), 1.0)]
    sides.append((happens[~holds].mean() - share, (~holds).sum(), -1.0))
    gain, count, sign = max(sides, key=lambda side: side[0])
    return float(sign * gain), float(
        np.sqrt(share * (1.0 - share) * (1.0 / count - 1.0 / len(holds)))
    )


# ---------------------------------------------------------------- computed again


class Again:
    """Moves levers in the draws and computes a few orders again; every move once."""

    def __init__(
        self,
        translation: Translation,
        found: Found,
        seed: int,
        threads: int | None,
        progress: Progress,
        run: Run | None,
    ) -> None:
        self.translation, self.found, self.seed = translation, found, seed
        self.threads, self.progress, self.run = threads, progress, run
        self.covering, self.base = covering(found.candidates)
        self.known: dict[frozenset[tuple[str, bool, float]], float] = {}

    def all_moved(self, groups: Sequence[Sequence[Lever]], spreads: float = 1.0) -> list[Moved]:
        """Each group of levers moved together by so many spreads, groups at the same time."""
        shares = self.shares([[(lever, spreads) for lever in group] for group in groups])
        return [
            Moved(tuple(lever.path for lever in group), spreads, share)
            for group, share in zip(groups, shares, strict=True)
        ]

    def shares(self, groups: Sequence[Sequence[tuple[Lever, float]]]) -> list[float]:
        """Share of draws with a kept deal, each group of levers moved by its own distances."""

        def share(moves: Sequence[tuple[Lever, float]]) -> float:
            asked = frozenset((lever.path, lever.up, far) for lever, far in moves)
            if asked not in self.known:
                self.known[asked] = self._share(moves)
            return self.known[asked]

        with ThreadPoolExecutor(self.threads or os.cpu_count()) as pool:
            return list(pool.map(share, groups))

    def _share(self, moves: Sequence[tuple[Lever, float]]) -> float:
        self.progress("levers moved", min(len(self.known) / MOST_MOVES, 1.0))
        if not self.covering:
            return 0.0
        theta = self.found.drawn.theta.copy()
        for lever, spreads in moves:
            move(self.translation.parameters, theta, lever, spreads, self.seed)
        translation, problem = self.translation, self.found.centre.every_line
        held = lines_held(translation, theta, order_lines(translation))
        if all(
            lever.path.startswith("red-lines.") for lever, _ in moves
        ):  # no war, no margin moves
            drawn = Draws(theta, self.found.drawn.reservation, held)
            return float(_any_kept(judged_again(problem, translation, drawn, self.covering)).mean())
        ordered = [one.ordered for one in self.covering]

        def part(first: int, count: int) -> Arrays:
            rows = slice(first, first + count)
            worth = reservations(translation, theta[rows], threads=self.threads)
            again = candidates_over_draws(
                problem,
                translation,
                Draws(theta[rows], worth, held[rows]),
                ordered,
                threads=self.threads,
                progress=quiet,
            )
            return {"kept": _any_kept(again)}

        step = "moved-" + "+".join(
            sorted(f"{one.path}-{'up' if one.up else 'down'}-{far:g}" for one, far in moves)
        )
        rests_on = [theta, stages_of(ordered)]
        parts = in_chunks(step, part, len(theta), CHUNK, self.run, rests_on)
        return float(np.concatenate([one["kept"] for one in parts]).mean())


def move(params: Parameters, theta: Floats, lever: Lever, spreads: float, seed: int) -> None:
    """Move one quantity in every draw, in place.

    What may hold or not is settled; by less than one spread, it goes that part of the way to being
    settled, and the draws in which it holds thin out or fill up.
    """
    entry = params.index(lever.path)
    if lever.spread is None:
        chance = lever.value + min(spreads, 1.0) * (float(lever.up) - lever.value)
        arguments = params.arguments.copy()
        arguments[entry, 0] = chance
        there = replace(params, arguments=arguments)
        theta[:, entry] = draws(there, seed=seed, first=0, count=len(theta))[:, entry]
        return
    change = (1.0 if lever.up else -1.0) * spreads * lever.spread
    theta[:, entry] = np.clip(theta[:, entry] + change, params.lower[entry], params.upper[entry])


def _reach(base: float, lever: Lever, tried: Sequence[Moved], target: float) -> Reach:
    """How far a lever must go, between the moves tried."""
    before, at = base, 0.0
    for one in tried:
        if one.share >= target > before:
            spreads = at + (one.spreads - at) * (target - before) / (one.share - before)
            change = spreads * (lever.room if lever.spread is None else lever.spread)
            return Reach(lever.path, tuple(tried), spreads, change if lever.up else -change)
        before, at = one.share, one.spreads
    return Reach(lever.path, tuple(tried), None, None)


def covering(
    candidates: Sequence[CandidateDraws], most: int = MOST_ORDERS
) -> tuple[list[CandidateDraws], float]:
    """A few orders that keep a deal in most draws in which any does, and that share of draws."""
    left = [
        (place, order.id, one.acceptable & order.kept)
        for place, one in enumerate(candidates)
        for order in one.orders
    ]
    chosen: dict[int, list[str]] = {}
    covered = np.zeros(len(candidates[0].acceptable), bool)
    for _ in range(most):
        place, order, kept = max(
            left, key=lambda row: (row[2] & ~covered).sum(), default=(0, "", covered)
        )
        if not order or not (kept & ~covered).any():
            break
        chosen.setdefault(place, []).append(order)
        covered |= kept
    deals = []
    for place, names in chosen.items():
        one = candidates[place]
        given = {name: one.ordered.plans[name] for name in names}
        ordered = replace(one.ordered, searches={}, reasons={}, given=given)
        kept_orders = tuple(order for name in names for order in one.orders if order.id == name)
        deals.append(replace(one, ordered=ordered, orders=kept_orders))
    return deals, float(covered.mean())
