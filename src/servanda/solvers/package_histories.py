"""Histories over packages: what follows each signature in one draw, as arrays of the histories.

A deal signed with the line at a position is carried out by its order of steps. Who breaks it in
which month, and how, has the chances of `servanda.solvers.plan_moments`; what follows is drawn from
`servanda.solvers.breach_outcomes`. Approximations, beside theirs:

* The rates at which a plan is broken, and whether war follows, are those at the present line. What
  land is worth to those who then hold it, and where a new war starts, are those of the line at
  which it was signed.
* A breach is told in the month in which it is committed, and war follows in the same month, though
  it may come to light later; the months of quiet before the war are those until it comes to light.
* A failed step after which somebody would rather fight brings war at the beginning of its last
  month.
* Guarantees of limited term are taken to stay in force.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from servanda.problems.agreement import Agreement, land_flows, world_states
from servanda.problems.histories import POCKETED, PlanRows
from servanda.problems.parameters import Floats, Integers
from servanda.problems.talks_binding import holders_along, present_world
from servanda.problems.translation import NOBODY, Translation
from servanda.problems.war_binding import WarWorlds, war_worlds
from servanda.results.breach_ways import STEP_FAILED, BreachWay
from servanda.solvers.breach_outcomes import BreachOutcome, BreachOutcomes
from servanda.solvers.collapse import NO_BREAKER, world_steps
from servanda.solvers.plan_moments import PlanMoments

QUIET = np.array([0.0, 3, 6, 9, 12, 18, 24, 36, 48, 72, 120])
"""Months of quiet before a new war, of which the nearest is taken."""


@dataclass(frozen=True, eq=False)
class SignedDeal:
    """A deal as it is carried out in one draw.

    Attributes:
        chain: its order of steps, moment by moment.
        outcomes: what may follow a breach of it.
        passes: (G,) chance that each gate lets it through.
        positions: of the line at which it may be signed.
    """

    chain: PlanMoments
    outcomes: BreachOutcomes
    passes: Floats
    positions: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class AfterSignature:
    """What follows signatures in one draw.

    Attributes:
        rows: one for every deal and position, deal by deal.
        ways: (K) what each way of breach is.
        actors: (K,) who breaches; the number of actors for nobody.
        worlds: in which wars may start again, W of them.
        quiet: (W,) months of quiet before each.
    """

    rows: PlanRows
    ways: tuple[BreachWay, ...]
    actors: Integers
    worlds: WarWorlds
    quiet: Floats


def after_signatures(deals: Sequence[SignedDeal], draw: int, front: int | None) -> AfterSignature:
    """Rows of a histories problem for every deal that may be signed; at least one.

    Args:
        deals: of tables of the same draws.
        draw: which.
        front: whose line moves; None where none does.
    """
    translation = deals[0].outcomes.table.bound.translation
    found = [(one, list(_endings(one, draw)), _stops(one, draw)) for one in deals]
    known = dict.fromkeys(ending.way for _, endings, _ in found for ending in endings)
    number = {way: place for place, way in enumerate(known)}
    lines = _lines(translation, front)
    worlds, rows = _Worlds(lines), []
    for one, endings, stops in found:
        land = _Land(one, draw, lines)
        for position in one.positions:
            rows.append(_row(one, endings, stops, number, land, worlds, position))
    moments = max(len(row["stage"]) for row in rows)
    nobody = len(translation.actors.names)
    return AfterSignature(
        rows=PlanRows(
            **{name: np.stack([_lasting(row, name, moments) for row in rows]) for name in rows[0]}
        ),
        ways=tuple(_named(translation, way) for way in known),
        actors=np.array(
            [nobody if way.actor == NO_BREAKER else way.actor for way in known], np.int64
        ),
        worlds=worlds.all(),
        quiet=np.array([world.quiet for world in worlds.known]),
    )


def nothing_signed(translation: Translation) -> AfterSignature:
    """Where no deal may be signed at any position."""
    shapes = {
        "passes": (0, len(translation.audiences.names)),
        "ratify_months": (0,),
        "stages": (0,),
        "hazard": (0, 1, 0),
        "war_after": (0, 1, 0),
        "pocketed": (0, 1, 0, 2),
        "flow": (0, 1, 2),
        "failed": (0, 1, 2),
    }
    rows: dict[str, Any] = {
        name: np.zeros(shapes.get(name, (0, 1))) for name in PlanRows.__dataclass_fields__
    }
    worlds = _Worlds([translation]).all()
    return AfterSignature(PlanRows(**rows), (), np.zeros(0, np.int64), worlds, np.zeros(0))


# ---------------------------------------------------------------- how a plan may end


class _Way(NamedTuple):
    """A way of breach; outcomes of the same breach are told apart by their number."""

    actor: int
    kind: str
    step: str
    war: bool
    honoured: int
    outcome: int


class _Ending(NamedTuple):
    """A plan that ends at a moment in a way, with its chance if it stands as the moment begins."""

    moment: int
    way: _Way
    chance: float
    quiet: float
    outcome: BreachOutcome


def _endings(one: SignedDeal, draw: int) -> Iterator[_Ending]:
    """Every breach with everything that may follow it, and failures after which there is war."""
    chain = one.chain
    names = one.outcomes.table.bound.translation.actors.names
    broken = np.zeros(len(chain.stage))
    for moment, line, chance in chain.breaches:
        said = chain.constraints[line]
        actor, quiet = names.index(said.actor), float(chain.quiet[line])
        after = one.outcomes.after(
            draw, actor, int(chain.reached[line]), quiet, attack=bool(chain.attack[line])
        )
        for number, outcome in enumerate(after):
            share = float(chance @ outcome.chance)
            broken[moment] += share
            way = _Way(actor, said.kind, said.step, outcome.war, outcome.honoured, number)
            yield _Ending(moment, way, share, quiet, outcome)
    for moment, outcome in _failures(one, draw):
        if outcome.war:
            fails = (1.0 - broken[moment]) * chain.step_fails[moment]
            share = float(fails * (chain.share[moment] @ outcome.chance))
            way = _Way(NO_BREAKER, STEP_FAILED, "", True, outcome.honoured, 0)
            yield _Ending(moment, way, share, float(chain.quiet_at_end[moment]), outcome)


def _stops(one: SignedDeal, draw: int) -> dict[int, Floats]:
    """Moments at whose end a step may fail without war, and what it is then worth, (A,)."""
    return {moment: one.frozen for moment, one in _failures(one, draw) if not one.war}


def _failures(one: SignedDeal, draw: int) -> Iterator[tuple[int, BreachOutcome]]:
    chain = one.chain
    for moment in np.flatnonzero(chain.step_fails).tolist():
        state, quiet = int(chain.state[moment]), float(chain.quiet_at_end[moment])
        for outcome in one.outcomes.after(draw, NO_BREAKER, state, quiet, attack=False):
            yield moment, outcome


def _named(translation: Translation, way: _Way) -> BreachWay:
    guarantees = translation.guarantees.names
    return BreachWay(
        actor="" if way.actor == NO_BREAKER else translation.actors.names[way.actor],
        kind=way.kind,
        step=way.step,
        war=way.war,
        honoured=tuple(name for g, name in enumerate(guarantees) if way.honoured >> g & 1),
    )


# ---------------------------------------------------------------- where the line stands


def _lines(translation: Translation, front: int | None) -> list[Translation]:
    """The scenario with the line of the front at each position."""
    return [
        replace(translation, land=replace(translation.land, holder=holder))
        for holder in holders_along(translation, front)
    ]


class _Land:
    """What land adds to the two sides' flows when a deal was signed with the line elsewhere."""

    def __init__(self, one: SignedDeal, draw: int, lines: Sequence[Translation]) -> None:
        bound = one.outcomes.table.bound
        self._deal, self._lines = one.outcomes.deal, lines
        self._now, self._own = bound.translation, bound.own[draw : draw + 1]
        self._known: dict[tuple[int, int], Floats] = {}

    def more(self, state: int, position: int) -> Floats:
        """Points a month, (2,), in a state of the deal."""
        if (state, position) not in self._known:
            there, here = (self._worth(one, state) for one in (self._lines[position], self._now))
            self._known[state, position] = there - here
        return self._known[state, position]

    def _worth(self, translation: Translation, state: int) -> Floats:
        world = world_states(translation, self._deal, np.array([state]))
        flows = land_flows(translation, self._own, world.holder)[0, 0]
        found: Floats = flows[list(translation.actors.speaker)]
        return found


# ---------------------------------------------------------------- wars that come again


class _World(NamedTuple):
    """Where a war comes again; the deal by the options chosen."""

    chosen: tuple[int, ...]
    position: int
    left: int
    honoured: int
    taker: int
    quiet: float


class _Worlds:
    """The distinct worlds so far, numbered."""

    def __init__(self, lines: Sequence[Translation]) -> None:
        self.known: dict[_World, int] = {}
        self._lines = lines
        self._deals: dict[tuple[int, ...], Agreement] = {}

    def number(self, deal: Agreement, position: int, ending: _Ending) -> int:
        """Number of the world in which the war after an ending begins."""
        self._deals[deal.chosen] = deal
        outcome = ending.outcome
        left = outcome.left & world_steps(self._lines[position], deal)
        quiet = float(QUIET[np.abs(QUIET - ending.quiet).argmin()])
        world = _World(deal.chosen, position, left, outcome.honoured, outcome.taker, quiet)
        return self.known.setdefault(world, len(self.known))

    def all(self) -> WarWorlds:
        """Every world, in the order of their numbers."""
        parts = [self._world(one) for one in self.known]
        now = present_world(self._lines[0])
        some = parts or [war_worlds(self._lines[0], now, np.zeros(1, np.int64), NOBODY)]
        joined = {
            name: np.concatenate([getattr(part, name) for part in some])[: len(parts)]
            for name in WarWorlds.__dataclass_fields__
        }
        return WarWorlds(**joined)

    def _world(self, one: _World) -> WarWorlds:
        line = self._lines[one.position]
        state = world_states(line, self._deals[one.chosen], np.array([one.left]))
        return war_worlds(line, state, np.array([one.honoured]), one.taker)


# ---------------------------------------------------------------- one row


def _row(
    one: SignedDeal,
    endings: Sequence[_Ending],
    stops: Mapping[int, Floats],
    number: Mapping[_Way, int],
    land: _Land,
    worlds: _Worlds,
    position: int,
) -> dict[str, Any]:
    """A row of `PlanRows`, by name, as long as its own plan."""
    chain, deal = one.chain, one.outcomes.deal
    speakers = list(one.outcomes.table.bound.translation.actors.speaker)
    Q, K = len(chain.stage), len(number)
    hazard, war_after, pocketed = np.zeros((Q, K)), np.full((Q, K), POCKETED), np.zeros((Q, K, 2))
    step_fails, failed = np.zeros(Q), np.zeros((Q, 2))
    for ending in endings:
        at = ending.moment, number[ending.way]
        hazard[at] += ending.chance
        if ending.outcome.war:
            war_after[at] = worlds.number(deal, position, ending)
        else:
            more = land.more(ending.outcome.left, position)
            pocketed[at] = ending.outcome.frozen[speakers] + more
    for moment, frozen in stops.items():
        step_fails[moment] = chain.step_fails[moment]
        failed[moment] = frozen[speakers] + land.more(int(chain.state[moment]), position)
    more = np.array([land.more(state, position) for state in chain.state.tolist()])
    return {
        "passes": one.passes,
        "ratify_months": np.array(0),
        "stages": np.array(chain.stages),
        "stage": chain.stage,
        "lasts": chain.lasts,
        "fights": chain.fights,
        "hazard": hazard,
        "step_fails": step_fails,
        "flow": chain.flow[:, speakers] + chain.lasts[:, np.newaxis] * more,
        "war_after": war_after,
        "pocketed": pocketed,
        "failed": failed,
    }


def _lasting(row: Mapping[str, Any], name: str, moments: int) -> Any:
    """An array of a row; moments beyond its plan's own are as the last of them."""
    own = len(row["stage"])
    array = row[name]
    if name in {"passes", "ratify_months", "stages"}:
        return array
    return array[np.minimum(np.arange(moments), own - 1)]
