"""The implementation game of one package: tables of flows and breach values for the order search.

At the central values it covers every state an order can reach; over many draws only the states of
given plans, which is what makes hundreds of draws cheap.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from servanda.errors import ProblemError
from servanda.problems.agreement import (
    Agreement,
    counted,
    fighting_costs,
    peace_flows,
    still_fighting,
    world_states,
)
from servanda.problems.gather import monthly_discount, take_own
from servanda.problems.implementation import ImplementationProblem, PayoffDraws
from servanda.problems.parameters import Floats, Integers
from servanda.problems.state_sets import needed_states
from servanda.solvers.collapse import (
    Collapse,
    collapse,
    collapse_for_all,
    credibilities,
    value_of_completion,
)
from servanda.solvers.plan import Plan, plan_states
from servanda.solvers.war_table import CLOCKS, WarTable

MOST_STATES = 60_000
"""Sets of completed steps beyond which a package is not searched."""


def package_game(
    table: WarTable, deal: Agreement, credibility: Floats | None = None
) -> ImplementationProblem:
    """The game at the first draw of the table, over all states that orders can reach.

    Args:
        table: the war table.
        deal: a package with at least one step.
        credibility: (D, A, G) instead of the scenario's.

    Raises:
        ProblemError: prerequisites leave more than MOST_STATES sets of steps.
    """
    states = _states(table, deal)
    return _problem(table, deal, states, payoff_draws(table, deal, states, credibility))


def has_table(table: WarTable, deal: Agreement) -> bool:
    """Whether the package has few enough sets of steps to search them all."""
    try:
        _states(table, deal)
    except ProblemError:
        return False
    return True


def _states(table: WarTable, deal: Agreement) -> Integers:
    steps = table.bound.translation.steps
    return needed_states(
        deal.requires,
        stages(table, deal),
        steps.owners[deal.steps],
        steps.reversible[deal.steps],
        limit=MOST_STATES,
    )


def game_over_draws(
    table: WarTable, deal: Agreement, states: Integers, credibility: Floats | None = None
) -> tuple[ImplementationProblem, PayoffDraws]:
    """The game over every draw of the table, for the given states only (those of some plans)."""
    draws = payoff_draws(table, deal, states, credibility)
    return _problem(table, deal, states, draws), draws


def game_for_all(
    table: WarTable, deal: Agreement, states: Integers
) -> tuple[ImplementationProblem, PayoffDraws, Collapse]:
    """The same with what everybody gets from each actor's breach; own values are its diagonal."""
    breach = collapse_for_all(table, deal, states)
    own = Collapse(*(np.einsum("dntii->dnti", values) for values in (breach.attack, breach.renege)))
    draws = payoff_draws(table, deal, states, breach=own)
    return _problem(table, deal, states, draws), draws, breach


def bare_game(table: WarTable, deal: Agreement) -> ImplementationProblem:
    """The game with the table of its last state alone: enough to say which states a plan reads."""
    return game_over_draws(table, deal, np.array([deal.full], np.int64))[0]


def plan_game(table: WarTable, deal: Agreement, plans: Sequence[Plan]) -> ImplementationProblem:
    """The game at the first draw of the table, over the states that some plans read."""
    game = bare_game(table, deal)
    states = np.unique(np.concatenate([plan_states(game, plan) for plan in plans]))
    return game_over_draws(table, deal, states)[0]


def payoff_draws(
    table: WarTable,
    deal: Agreement,
    states: Integers,
    credibility: Floats | None = None,
    breach: Collapse | None = None,
) -> PayoffDraws:
    """Flows and breach values in the given states (N,), for every draw; the latter may be known."""
    bound = table.bound
    translation = bound.translation
    states = counted(translation, deal, states)
    fraction = translation.steps.fraction[deal.steps][:, np.newaxis]
    believed = credibilities(translation, bound.own) if credibility is None else credibility
    level_at = translation.instruments.level_at[np.newaxis]
    price = fighting_costs(translation, bound.own, level_at)[:, 0]
    flows = peace_flows(translation, deal, bound.own, states)
    flows -= _dearer_fighting(table, deal, states, price)
    flows = np.repeat(flows, len(believed) // len(flows), axis=0)
    complete = np.flatnonzero(states == deal.full)
    if complete.size and np.isfinite(translation.guarantees.term).any():
        flows[:, complete[0]] = value_of_completion(table, deal, believed)
    breach = breach or collapse(table, deal, states, believed)
    own = np.broadcast_to(bound.own, (len(believed), *bound.own.shape[1:]))
    return PayoffDraws(
        discount=monthly_discount(own, translation.actors.discount_at),
        costs=fraction * take_own(own, translation.steps.cost_at[deal.steps]),
        gain=fraction * take_own(own, translation.steps.gain_at[deal.steps]),
        fighting_cost=np.broadcast_to(price, (len(believed), price.shape[1])),
        flows=flows,
        attack=np.nan_to_num(breach.attack),
        renege=breach.renege,
    )


def _dearer_fighting(table: WarTable, deal: Agreement, states: Integers, price: Floats) -> Floats:
    """How much more than now a month costs while fighting goes on, (D, N, A).

    Steps that move instruments change it: less under a truce on some targets.
    """
    translation = table.bound.translation
    fighting = still_fighting(translation, deal, states)
    level_at = world_states(translation, deal, states).level_at
    then = fighting_costs(translation, table.bound.own, level_at)
    return fighting[np.newaxis, :, np.newaxis] * (then - price[:, np.newaxis])


def stages(table: WarTable, deal: Agreement) -> tuple[tuple[int, bool], ...]:
    """Stages the search may use: every step alone, and the exchanges the scenario declares."""
    steps = table.bound.translation.steps
    single = [(1 << k, False) for k in range(len(deal.steps))]
    joint = [(deal.bits(members), verified) for members, verified in steps.exchanges]
    return (*single, *((mask, verified) for mask, verified in joint if mask.bit_count() > 1))


def _problem(
    table: WarTable, deal: Agreement, states: Integers, draws: PayoffDraws
) -> ImplementationProblem:
    translation = table.bound.translation
    steps = translation.steps
    used = deal.steps
    actors = len(translation.actors.names)
    return ImplementationProblem(
        actors=translation.actors.names,
        steps=tuple(steps.names[step] for step in used.tolist()),
        discount=draws.discount[0],
        belligerent=translation.actors.belligerent,
        months=steps.months[used],
        owners=steps.owners[used],
        requires=deal.requires,
        costs=draws.costs[0],
        delay=np.repeat(steps.delay[used][:, np.newaxis], actors, axis=1),
        gain=draws.gain[0],
        reversible=steps.reversible[used],
        ceasefire=steps.ceasefire[used],
        fighting_cost=draws.fighting_cost[0],
        stages=stages(table, deal),
        states=states,
        flows=draws.flows[0],
        clocks=CLOCKS,
        attack=draws.attack[0],
        renege=draws.renege[0],
        deadline=steps.by_month[used],
    )
