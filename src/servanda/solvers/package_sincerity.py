"""The problem with types of one package: a game per profile of types from the scenario's wars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from functools import reduce

import numpy as np

from servanda.problems.agreement import Agreement
from servanda.problems.hidden_types import HiddenTypes, prior, theta_by_profile
from servanda.problems.implementation import ImplementationProblem, PayoffDraws
from servanda.problems.parameters import Floats
from servanda.problems.sincerity import SincerityProblem
from servanda.problems.translation import Translation
from servanda.problems.war_binding import bind_war
from servanda.solvers.collapse import collapse_for_all
from servanda.solvers.package_game import game_over_draws
from servanda.solvers.plan import Plan
from servanda.solvers.type_months import typed_states
from servanda.solvers.war_table import WarTable


def package_sincerity(
    translation: Translation,
    types: HiddenTypes,
    theta: Floats,
    deal: Agreement,
    game: ImplementationProblem,
    plans: Sequence[Plan],
    *,
    threads: int | None = None,
) -> SincerityProblem:
    """The game of a package with types, over the states that the given plans reach.

    Args:
        translation: the scenario in integers.
        types: its types of actors.
        theta: one row of θ, (P,).
        deal: the package.
        game: its game without types; steps, owners and stages are read.
        plans: every plan to be played.
    """
    rows = theta_by_profile(types, translation.parameters, theta)
    table = WarTable(bind_war(translation, rows), threads=threads)
    states = reduce(np.union1d, [typed_states(game, plan) for plan in plans])
    first, payoffs = game_over_draws(table, deal, states)
    breach = collapse_for_all(table, deal, states)
    analyst, held = prior(types, translation.parameters, theta)
    return SincerityProblem(
        types=types.labels,
        prior=analyst,
        games=tuple(_game(first, payoffs, draw) for draw in range(len(rows))),
        attacked=breach.attack,
        reneged=breach.renege,
        held=held,
    )


def _game(first: ImplementationProblem, payoffs: PayoffDraws, draw: int) -> ImplementationProblem:
    """The game of one profile: the first one's steps with that row's payoffs."""
    own = {one.name: getattr(payoffs, one.name)[draw] for one in fields(payoffs)}
    return replace(first, **own)
