"""Two scenarios compared: the answers of both, and what each change between them does.

Deals are looked for in both scenarios; from then on the deals and orders are the same whatever is
taken over, and so are the draws, so that answers differ by the changes alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import blake2b
from itertools import pairwise

import numpy as np

from servanda.errors import ProblemError
from servanda.files.runs import Run
from servanda.problems.parameters import Floats
from servanda.problems.translation import Translation
from servanda.results.analysis import Origin
from servanda.results.comparison import (
    KEPT,
    MARGIN,
    WAR,
    AtCentre,
    Change,
    Comparison,
    DealChange,
    Effects,
    InputDifference,
)
from servanda.results.packages import FunnelStatus
from servanda.scenario.change_groups import Group, change_groups, scenario_between
from servanda.scenario.differences import (
    UNREAD,
    Difference,
    Raw,
    bare,
    differences,
    plain,
    said,
    sharing_sources,
)
from servanda.scenario.model import Scenario
from servanda.simulation.analysis import Found, find_focus
from servanda.simulation.bring_back import bring_back
from servanda.simulation.ensemble import (
    CandidateDraws,
)
from servanda.simulation.levers import covering
from servanda.simulation.progress import Progress
from servanda.simulation.shared import shared_work
from servanda.simulation.side_answers import options_of, side_answers
from servanda.simulation.standing import (
    GATES,
    NamedDeal,
    Standing,
    departures,
    named_deals,
    standing,
)
from servanda.simulation.standing import KEPT as PASSED
from servanda.simulation.translated import translated
from servanda.solvers.shapley import Shapley, sets_asked, shapley

MOST_ORDERS = 12
"""Orders of each scenario that are computed for every set of changes: those that together keep a
deal in most of the draws in which any does, ..."""

NEAREST = 3
"""... and the best order of so many deals beside, should none be kept."""

MOST_EXACT, SAMPLED = 6, 5
"""Changes up to which every set of them is computed; orders sampled, both ways, beyond that."""

NOT_IN_MARGINS = {
    *UNREAD,
    *("red-lines", "audiences", "orders", "pressure", "talks", "types", "politics"),
}
"""Sections on which neither the war nor the margins of a given order depend."""

Team = frozenset[int]
"""Changes taken over, by number."""


@shared_work()
def comparison_of_scenarios(
    before: Scenario,
    after: Scenario,
    origins: tuple[Origin, Origin],
    order: Sequence[str],
    *,
    threads: int | None,
    progress: Progress,
    run: Run | None = None,
) -> Comparison:
    """What differs, what that does to each answer, and which change does what.

    Args:
        before, after: with a war and steps.
        origins: of each; the draws and the seed are the same.
        order: beginnings of paths of changes that come first, step by step.
        threads, progress: as everywhere.
        run: where chunks of draws are kept.

    Raises:
        NotFoundError: nothing that differs begins as ``order`` says.
        ProblemError: nobody acts in both.
    """
    if not before.actors.keys() & after.actors.keys():
        raise ProblemError(
            "the two scenarios have no actor in common: no answer of one is one of the other"
        )
    differing = differences(before, after)
    raw = plain(before), plain(after)
    ready = sharing_sources(raw[0], raw[1]), sharing_sources(raw[1], raw[0])
    moving = [one for one in differing if one.moves_numbers]
    groups, grouped = change_groups(*ready, moving, _teams, order)
    found = [
        _found(before, origins[0], threads, progress, run, "candidates-before"),
        _found(after, origins[1], threads, progress, run, "candidates-after"),
    ]
    deals = _deals(found)
    stands = Stands(before, after, ready, groups, deals, origins[0], threads, progress, run)
    stands.all_of(_teams(len(groups)))
    everything = frozenset(range(len(groups)))
    effects = [_effects(stands, answer) for answer in _answers(stands)]
    changed = _deal_changes(deals, stands(frozenset()), stands(everything))
    compared = _compared(found, stands)
    side = partial(side_answers, compared=compared, threads=threads, progress=progress, run=run)
    return Comparison(
        before=side(before, found[0], origins[0], stands=stands(frozenset()), step="orders-before"),
        after=side(after, found[1], origins[1], stands=stands(everything), step="orders-after"),
        differences=tuple(_input(one) for one in differing),
        changes=tuple(
            Change(one.label, tuple(part.path for part in one.differences)) for one in groups
        ),
        grouped=grouped,
        exact=len(groups) <= MOST_EXACT,
        effects=tuple(effects),
        deals=tuple(change for _, change in changed),
        at_centre=_at_centre(found),
        bring_back=bring_back(
            changed,
            groups,
            stands(everything),
            lambda one: stands(everything - {one}),
            after,
            seed=origins[0].seed,
            threads=threads,
            progress=progress,
            run=run,
        ),
        compared=compared,
        orders_looked_at=sum(len(deal.orders) for deal in deals),
        sets=len(stands.known),
    )


def _teams(count: int) -> tuple[Team, ...]:
    """Every set of changes that will be asked for: by Shapley, step by step, and undone one by one.

    They are the same, reversed, when the two scenarios change places.
    """
    asked = dict.fromkeys(sets_asked(count, orders=SAMPLED, most_exact=MOST_EXACT))
    everything = frozenset(range(count))
    asked |= dict.fromkeys(frozenset(range(one)) for one in range(count + 1))
    asked |= dict.fromkeys(everything - {one} for one in range(count))
    return tuple(asked)


def _found(
    scenario: Scenario,
    origin: Origin,
    threads: int | None,
    progress: Progress,
    run: Run | None,
    step: str,
) -> Found:
    return find_focus(
        scenario,
        translated(scenario),
        origin,
        threads=threads,
        progress=progress,
        run=run,
        step=step,
    )


def _deals(found: Sequence[Found]) -> tuple[NamedDeal, ...]:
    """Deals and orders that keep something in either scenario, and those nearest to it."""
    chosen: list[tuple[Translation, CandidateDraws]] = []
    for one in found:
        covers, _ = covering(one.candidates, MOST_ORDERS)
        chosen += [(one.centre.translation, deal) for deal in covers]
        often = sorted(
            one.candidates, key=lambda deal: -float((deal.acceptable & deal.kept).mean())
        )
        for deal in often[:NEAREST]:
            if deal.orders:
                best = max(deal.orders, key=lambda o: (o.kept.mean(), np.median(o.margins.margins)))
                chosen.append((one.centre.translation, with_order(deal, best.id)))
    return named_deals(chosen)


def with_order(deal: CandidateDraws, name: str) -> CandidateDraws:
    """A deal with one of its orders alone."""
    given = {name: deal.ordered.plans[name]}
    return replace(deal, ordered=replace(deal.ordered, searches={}, reasons={}, given=given))


# ---------------------------------------------------------------- sets of changes


@dataclass
class Stands:
    """The deals in the first scenario with any set of changes taken over; every one once."""

    before: Scenario
    after: Scenario
    raw: tuple[Raw, Raw]
    groups: tuple[Group, ...]
    deals: tuple[NamedDeal, ...]
    origin: Origin
    threads: int | None
    progress: Progress
    run: Run | None = None
    known: dict[Team, Standing] = field(default_factory=dict)

    def __call__(self, team: Team) -> Standing:
        if team not in self.known:
            self._compute([team])
        return self.known[team]

    def all_of(self, teams: Sequence[Team]) -> None:
        """Compute many sets at the same time; those that share their wars one after the other."""
        alike: dict[str, list[Team]] = {}
        for team in teams:
            alike.setdefault(_key(self.scenario(team)), []).append(team)
        with ThreadPoolExecutor(self.threads or os.cpu_count()) as pool:
            for done, _ in enumerate(pool.map(self._compute, alike.values())):
                self.progress("changes taken over", (done + 1) / len(alike))

    def _compute(self, teams: Sequence[Team]) -> None:
        """Sets whose wars and margins are the same; that of the first does for all."""
        first = None
        for team in teams:
            found = standing(
                self.scenario(team),
                self.deals,
                self.origin,
                threads=self.threads,
                known=first,
                run=self.run,
                step="changes-" + ("-".join(map(str, sorted(team))) or "none"),
            )
            first = first or found
            end = len(team) in {0, len(self.groups)}
            self.known[team] = found if end else replace(found, candidates=())

    def scenario(self, team: Team) -> Scenario:
        """The first scenario with a set of changes taken over; the second itself with all."""
        if len(team) == len(self.groups):
            return self.after if self.groups else self.before
        return scenario_between(*self.raw, [self.groups[one] for one in sorted(team)])


def _key(scenario: Scenario) -> str:
    """Digest of what wars and margins depend on."""
    raw = plain(scenario)
    kept = {name: bare(raw[name]) for name in raw if name not in NOT_IN_MARGINS}
    return blake2b(repr(kept).encode(), digest_size=16).hexdigest()


# ---------------------------------------------------------------- effects


def _answers(stands: Stands) -> list[tuple[str, str, Callable[[Standing], Floats]]]:
    """The answers that every set of changes has: name, unit, and the answer in every draw."""
    shared = [name for name in stands.before.actors if name in stands.after.actors]
    asked: list[tuple[str, str, Callable[[Standing], Floats]]] = [
        (KEPT, "share", lambda one: one.kept.astype(float)),
        (MARGIN, "points", lambda one: one.margin),
    ]
    for name in shared:
        asked.append((f"{WAR}{name}", "points", partial(_fighting_on, actor=name)))
    ends = stands(frozenset()), stands(frozenset(range(len(stands.groups))))
    return [one for one in asked if all(np.isfinite(one[2](end)).all() for end in ends)]


def _fighting_on(one: Standing, actor: str) -> Floats:
    return one.fighting_on(actor)


def _effects(stands: Stands, asked: tuple[str, str, Callable[[Standing], Floats]]) -> Effects:
    answer, unit, of = asked
    count = len(stands.groups)

    def worth(team: Team) -> float:
        return float(of(stands(team)).mean())

    path = [of(stands(frozenset(range(one)))) for one in range(count + 1)]
    steps = [after - before for before, after in pairwise(path)]
    parts = shapley(worth, count, orders=SAMPLED, most_exact=MOST_EXACT) if count else _NOBODY
    return Effects(
        answer=answer,
        unit=unit,
        before=float(path[0].mean()),
        after=float(path[-1].mean()),
        error=_error(path[-1] - path[0]),
        steps=tuple(float(step.mean()) for step in steps),
        step_errors=tuple(_error(step) for step in steps),
        shares=tuple(parts.shares.tolist()),
        share_errors=tuple(parts.errors.tolist()),
    )


_NOBODY = Shapley(np.zeros(0), np.zeros(0), exact=True)


def _error(change: Floats) -> float:
    return float(change.std() / np.sqrt(len(change)))


# ---------------------------------------------------------------- deals


def _deal_changes(
    deals: Sequence[NamedDeal], before: Standing, after: Standing
) -> list[tuple[int, DealChange]]:
    """Every deal with its place, the largest change first."""
    rows = []
    for place, deal in enumerate(deals):
        one, other = before.gates[:, place], after.gates[:, place]
        lost, won = (one == PASSED) & (other != PASSED), (other == PASSED) & (one != PASSED)
        stopped = other[lost] if lost.sum() >= won.sum() else one[won]
        counts = np.bincount(stopped, minlength=PASSED)
        gate = int(counts.argmax())
        share = float(counts[gate] / max(len(stopped), 1))
        rows.append(
            (
                place,
                DealChange(
                    options=dict(deal.options),
                    before=float((one == PASSED).mean()),
                    after=float((other == PASSED).mean()),
                    error=_error((other == PASSED).astype(float) - (one == PASSED)),
                    gate=GATES[gate] if len(stopped) else "",
                    gate_share=share,
                ),
            )
        )
    return sorted(rows, key=lambda row: -abs(row[1].after - row[1].before))


def _at_centre(found: Sequence[Found]) -> AtCentre | None:
    """Packages through the first three gates at the central values, matched by their answers."""
    if any(one.centre.funnel.status is FunnelStatus.TOO_MANY for one in found):
        return None
    before, after = (
        {
            departures(one.centre.translation, one.centre.problem.chosen(number))
            for number in one.centre.funnel.survivors.tolist()
        }
        for one in found
    )
    return AtCentre(len(before), len(after), len(before - after), len(after - before))


def _compared(found: Sequence[Found], stands: Stands) -> dict[str, str]:
    """The deal whose orders are compared: in focus in the first scenario, if the second has it."""
    focus = [options_of(one.centre.translation, one.focus) for one in found]
    issues = stands.after.issues
    there = all(
        name in issues and option in issues[name].options for name, option in focus[0].items()
    )
    return focus[0] if there else focus[1]


def _input(one: Difference) -> InputDifference:
    return InputDifference(
        path=one.path,
        kind=one.kind,
        before=said(one.old),
        after=said(one.new),
        unit=one.unit,
        sources_before=one.sources(one.old),
        sources_after=one.sources(one.new),
    )
