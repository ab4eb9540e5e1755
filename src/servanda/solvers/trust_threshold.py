"""How much trust does a plan need? The smallest belief in an actor at which all others keep it.

Beliefs are looked at on a grid and the lowest from which on everybody else keeps is refined by
bisection. In a single unverified exchange it is the threshold of trust of an assurance game: with
payoffs T > P > S and reward R > T a party that wants only security cooperates iff the other is
trustworthy with probability at least ``(P - S) / ((R - T) + (P - S))``.

Source: Kydd, A. (2005), Trust and Mistrust in International Relations, ch. 2.
"""

import numpy as np

from servanda.errors import ProblemError
from servanda.problems.sincerity import SincerityProblem
from servanda.results.plan import Constraint
from servanda.results.sincerity import SincerityPlay, TrustThreshold
from servanda.solvers.plan import Plan
from servanda.solvers.sincerity import play_with_types

RESOLUTION = 64
"""Intervals of belief first looked at."""

PRECISION = 1e-9
"""Width to which the threshold is refined."""


def trust_threshold(
    problem: SincerityProblem, plan: Plan, actor: str, type_: str, *, resolution: int = RESOLUTION
) -> TrustThreshold:
    """How likely an actor must be of a type for everybody else to keep a plan.

    Args:
        problem: games and types; the prior says how the actor's other types share the rest.
        plan: as in `servanda.solvers.plan.evaluate_plan`.
        actor, type_: whose sincerity is asked for.
        resolution: intervals first looked at; a window narrower than one may be missed.

    Raises:
        ProblemError: the actor has one type only.
    """
    chosen = problem.type_index(actor, type_)
    rest = np.delete(np.array(problem.prior[problem.actor_index(actor)]), chosen)
    if not len(rest):
        raise ProblemError(f"types: '{actor}' has one type only, so there is nothing to believe")
    rest = rest / rest.sum() if rest.any() else np.full(len(rest), 1.0 / len(rest))

    def play(probability: float) -> SincerityPlay:
        prior = np.insert((1.0 - probability) * rest, chosen, probability)
        return play_with_types(problem.with_prior(actor, prior.tolist()), plan)

    kept: float | None = None
    broken: float | None = None
    for probability in np.linspace(1.0, 0.0, resolution + 1).tolist():
        if not _kept_by_others(play(probability), actor):
            broken = probability
            break
        kept = probability
    while kept is not None and broken is not None and kept - broken > PRECISION:
        middle = (kept + broken) / 2
        if _kept_by_others(play(middle), actor):
            kept = middle
        else:
            broken = middle
    below = {} if broken is None else _breaches_of_others(play(broken), actor)
    return TrustThreshold(actor, type_, kept, below, 1.0 / resolution)


def _kept_by_others(play: SincerityPlay, actor: str) -> bool:
    return play.found and not _breaches_of_others(play, actor)


def _breaches_of_others(play: SincerityPlay, actor: str) -> dict[str, Constraint]:
    """The first breach of each of the others."""
    found: dict[str, Constraint] = {}
    for stage in play.stages:
        for breach in stage.breaches:
            if breach.actor != actor:
                found.setdefault(breach.actor, breach.constraint)
    return found
