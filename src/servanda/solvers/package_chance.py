"""The implementation game of one package with the chance that a scenario speaks of.

* A step may fail: with what its ``passes`` says, or, where an audience names it as its vote, with
  that audience's gate for this package, ``Φ((support - threshold)/noise)``.
* Each change of government may come, at its date or by its hazard, independently of the others,
  and stays; every combination of those that have come is a regime. In it the quantities that were
  changed, and with them the value of every war and of every breach, are others.

Actors use their own beliefs about all of these, and the analyst's central values or draws decide
what happens. A war is worth what it is worth under the government of the day it begins.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from scipy.special import expit, ndtr

from servanda.problems.agreement import Agreement
from servanda.problems.chance import CHANCED, NOW, ChanceDraws, ChanceProblem, LogitNoise
from servanda.problems.gather import take
from servanda.problems.implementation import ImplementationProblem, PayoffDraws
from servanda.problems.parameters import Floats, Integers
from servanda.problems.translation import Translation
from servanda.solvers.collapse import after_failure, collapse_for_all, credibilities
from servanda.solvers.package_game import game_over_draws
from servanda.solvers.war_table import WarTable

NOISE = LogitNoise(hazard=0.05, precision=1.0)
"""Judgement: everybody reconsiders every 20 months, and a point of margin makes the odds e to 1."""


def package_chance(
    table: WarTable, theta: Floats, deal: Agreement, states: Integers
) -> ChanceProblem:
    """The game with chance at the first draw of the table.

    Args:
        table: the war table.
        theta: (D, P) the analyst's numbers for the draws of the table.
        deal: a package with at least one step.
        states: (N,) bitmasks, ascending: those of the plans to be evaluated
            (`servanda.solvers.plan.plan_states`), or all that orders can reach.
    """
    return package_chance_draws(table, theta, deal, states)[0]


def package_chance_draws(
    table: WarTable, theta: Floats, deal: Agreement, states: Integers
) -> tuple[ChanceProblem, ChanceDraws]:
    """The game at the first draw, and its numbers in every draw; see `package_chance`."""
    translation = table.bound.translation
    happened = regimes_of(translation)
    problem, payoffs = game_over_draws(table, deal, states)
    tables = [_regime(table, deal, states, which, problem, payoffs) for which in happened]
    flows, attack, renege, failed = (
        np.stack([one[place] for one in tables], axis=1) for place in range(4)
    )
    views = np.concatenate([table.bound.own, theta[:, np.newaxis]], axis=1)
    dates, monthly, dated = _transitions(translation, views, happened)
    draws = ChanceDraws(
        discount=payoffs.discount,
        costs=payoffs.costs,
        gain=payoffs.gain,
        fighting_cost=payoffs.fighting_cost,
        flows=flows,
        attack=attack,
        renege=renege,
        failed=failed,
        passes=passing(translation, deal, views),
        monthly=monthly,
        dated=dated,
    )
    game = ChanceProblem(
        problem=problem,
        regimes=tuple(_name(translation, which) for which in happened),
        dates=dates,
        **{name: getattr(draws, name)[0] for name in CHANCED},
    )
    return game, draws


def has_chance(translation: Translation, deal: Agreement) -> bool:
    """Whether the scenario speaks of any chance on the path of this package."""
    votes = set(translation.audiences.step.tolist()) & set(deal.steps.tolist())
    may_fail = (translation.steps.passes_at[deal.steps] >= 0).any()
    return bool(votes or may_fail or translation.politics.names)


def passing(translation: Translation, deal: Agreement, views: Floats) -> Floats:
    """Probability that each step of the package succeeds, in every view (D, V, P): (D, V, n)."""
    chance = take(views, translation.steps.passes_at[deal.steps], 1.0)
    position = {s: k for k, s in enumerate(deal.steps.tolist())}
    for gate, step in enumerate(translation.audiences.step.tolist()):
        if step in position:
            chance[..., position[step]] *= gate_chance(translation, deal, views, gate)
    return chance


def gate_chance(translation: Translation, deal: Agreement, views: Floats, gate: int) -> Floats:
    """Probability that an audience consents to the package, in every view (D, V, P): (D, V)."""
    over = gate_room(translation, deal, views, gate)
    chance: Floats = ndtr(over / take(views, translation.audiences.noise_at[gate]))
    return chance


def gate_room(translation: Translation, deal: Agreement, views: Floats, gate: int) -> Floats:
    """An audience's support of the package, a share, less what it takes; (D, V, P): (D, V)."""
    audiences = translation.audiences
    logit = take(views, audiences.baseline_at[gate])
    for issue, option in enumerate(deal.chosen):
        logit = logit + take(views, audiences.effect_at[gate, issue, option])
    for number in np.flatnonzero(audiences.interaction_gate == gate).tolist():
        pairs, place = audiences.interactions[number]
        if all(deal.chosen[issue] == option for issue, option in pairs):
            logit = logit + take(views, place)
    over: Floats = expit(logit) - take(views, audiences.threshold_at[gate])
    return over


def regimes_of(translation: Translation) -> list[tuple[bool, ...]]:
    """Every combination of changes of government that have come; none first."""
    return list(product((False, True), repeat=len(translation.politics.names)))


def _name(translation: Translation, which: tuple[bool, ...]) -> str:
    came = [name for name, has in zip(translation.politics.names, which, strict=True) if has]
    return " + ".join(came) or NOW


def _regime(
    table: WarTable,
    deal: Agreement,
    states: Integers,
    which: tuple[bool, ...],
    problem: ImplementationProblem,
    payoffs: PayoffDraws,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Flows, attack, renege and failed in one regime, draws leading."""
    translation, bound = table.bound.translation, table.bound
    politics = translation.politics
    came = np.flatnonzero(which).tolist()
    here, believed = table, credibilities(translation, bound.own)
    flows = payoffs.flows
    if came:
        own = bound.own.copy()
        for change in came:
            for place, becomes in politics.changes[change]:
                own[..., place] = bound.own[..., becomes]
        believed = credibilities(translation, own)
        if not politics.credibility_only[came].all():
            here = table.for_beliefs(own)
        flows = game_over_draws(here, deal, states, believed)[1].flows
    after = collapse_for_all(here, deal, states, believed)
    failed = after_failure(here, deal, states, believed)
    return flows, after.attack, after.renege, failed


def _transitions(
    translation: Translation, views: Floats, happened: list[tuple[bool, ...]]
) -> tuple[Integers, Floats, Floats]:
    """Dates, and transitions from one month to the next and into each of them."""
    politics = translation.politics
    dates = np.unique(politics.month[politics.month >= 0])
    hazard = take(views, politics.hazard_at)
    chance = take(views, politics.chance_at)
    monthly = _independent(hazard, happened)
    at_date = [
        _independent(np.where(politics.month == date, chance, hazard), happened) for date in dates
    ]
    dated = (
        np.stack(at_date, axis=2)
        if at_date
        else np.zeros((*monthly.shape[:2], 0, *monthly.shape[2:]))
    )
    return dates, monthly, dated


def _independent(chance: Floats, happened: list[tuple[bool, ...]]) -> Floats:
    """Changes (..., changes) that come independently and stay, as transitions (..., R, R)."""
    R = len(happened)
    result = np.zeros((*chance.shape[:-1], R, R))
    for r, before in enumerate(happened):
        for q, after in enumerate(happened):
            if any(was and not now for was, now in zip(before, after, strict=True)):
                continue
            probability = np.ones(chance.shape[:-1])
            for change, (was, now) in enumerate(zip(before, after, strict=True)):
                if not was:
                    one = chance[..., change]
                    probability = probability * (one if now else 1.0 - one)
            result[..., r, q] = probability
    return result
