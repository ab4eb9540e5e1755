"""Would types as coded keep a plan when nobody can know them? One plan, many draws.

What is asked of each actor's type as coded is whether it would ever rather breach, and what the
plan is worth to it at the start, while the other types it and the others may be do what is best for
them.  Those are played as in `servanda.solvers.type_equilibrium`: perfect Bayesian equilibrium in
pure strategies over (month, types still possible), the types as coded held to keeping.  With no
negative margin that is an equilibrium without holding them.

Sources: Kydd, A. (2005), Trust and Mistrust in International Relations, chs. 2 and 7; Fearon, J.
(1995), Rationalist explanations for war, International Organization 49(3), 390-401.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import combinations, product
from math import isinf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.kernels.type_arrays import WITHHELD, Months, Payoffs, Types, Ways
from servanda.kernels.type_play import play_kernel
from servanda.problems.implementation import Floats, ImplementationProblem, PayoffDraws
from servanda.problems.sincerity import MOST_PROFILES
from servanda.results.plan import BreachKind
from servanda.solvers.plan import (
    Plan,
    PlanLayout,
    Temptation,
    knot_of,
    plan_layout,
)
from servanda.solvers.type_months import (
    Decision,
    decisions,
    rank_of,
    state_at,
    withheld_by_several,
)


@dataclass(frozen=True, eq=False)
class TypeDraws:
    """The game of a plan with hidden types over D draws, P profiles of types in each.

    Attributes:
        game: steps, owners, months, delays, clocks and states; its payoffs are not read.
        payoffs: D·P rows, the profiles of a draw together, in the order of `itertools.product`
            over types, the last actor fastest.
        attacked, reneged: (D·P, S, T, A, A) who breaches, then whose value; diagonals are not read.
        count: (A,) how many types each actor may be.
        coded: (A,) which of them it is taken for.
        prior: (D, A + 1, G) of each observer, the analyst last, over the types of all actors.
    """

    game: ImplementationProblem
    payoffs: PayoffDraws
    attacked: Floats
    reneged: Floats
    count: tuple[int, ...]
    coded: tuple[int, ...]
    prior: Floats

    def __post_init__(self) -> None:
        profiles = int(np.prod(self.count))
        if profiles > MOST_PROFILES:
            raise ProblemError(f"types: {profiles} profiles of types; at most {MOST_PROFILES}")
        wanted = profiles * len(self.prior)
        if len(self.attacked) != wanted or self.payoffs.n_draws != wanted:
            raise ProblemError(f"draws: {self.payoffs.n_draws} rows of payoffs, wanted {wanted}")


@dataclass(frozen=True, eq=False)
class TypePlay:
    """What a plan leaves the types as coded, over D draws.

    Attributes:
        start: (D, A) value at the start, in expectation over the others' types as each believes.
        margin: (D, A) the least by which keeping is better than a breach, in any month reached
            while all keep; infinite where nothing tempts.  Both are minus infinity where the other
            types have no equilibrium in pure strategies.
    """

    start: Floats
    margin: Floats


@dataclass(frozen=True, eq=False)
class TypedLayout:
    """What of a plan with types does not depend on payoffs."""

    months: Months
    ways: Ways


def typed_layout(game: ImplementationProblem, plan: Plan) -> TypedLayout:
    """The months of a plan and the ways to breach in them.

    Args:
        game: with the states of `servanda.solvers.type_months.typed_states`; its payoffs are not
            read.
        plan: as in `servanda.solvers.plan.evaluate_plan`.
    """
    layout = plan_layout(game, plan)
    months = tuple(decisions(layout))
    ways, together = _ways(game, layout, months)
    return TypedLayout(_months(game, layout, months, together), ways)


def play_over_draws(draws: TypeDraws, laid: TypedLayout) -> TypePlay:
    """Play a plan in every draw.

    Args:
        draws: game, payoffs, types and priors.
        laid: the plan, laid out for the same game.
    """
    payoffs = {one.name: getattr(draws.payoffs, one.name) for one in fields(draws.payoffs)}
    start, margin = play_kernel(
        laid.months,
        laid.ways,
        Payoffs(
            **payoffs,
            attacked=np.ascontiguousarray(draws.attacked),
            reneged=np.ascontiguousarray(draws.reneged),
        ),
        _types(draws),
    )
    return TypePlay(start, margin)


def expected(count: Sequence[int], coded: Sequence[int], prior: Floats, values: Floats) -> Floats:
    """What each actor expects of values by profile, (D, P, A), being of its type as coded: (D, A).

    Args:
        count, coded, prior: as in `TypeDraws`.
        values: the profiles in the order there.
    """
    first = np.concatenate([[0], np.cumsum(count)])
    profiles = np.array(list(product(*(range(one) for one in count))), np.int64)
    found = np.empty((len(prior), len(count)))
    for i in range(len(count)):
        others = [j for j in range(len(count)) if j != i]
        chance = prior[:, i, profiles[:, others] + first[others]].prod(axis=2)
        chance = chance * (profiles[:, i] == coded[i])
        found[:, i] = (chance * values[:, :, i]).sum(axis=1)
    return found


# ---------------------------------------------------------------- as arrays


def _types(draws: TypeDraws) -> Types:
    first = np.concatenate([[0], np.cumsum(draws.count)])
    actor = np.repeat(np.arange(len(draws.count)), draws.count)
    coded = first[:-1] + np.array(draws.coded)
    hidden = [g for g in range(len(actor)) if g not in coded]
    bit = np.full(len(actor), -1, np.int64)
    bit[hidden] = np.arange(len(hidden))
    sets = [
        sum(1 << int(one) for one in some)
        for size in range(len(hidden) + 1)
        for some in combinations(range(len(hidden)), size)
    ]
    profiles = list(product(*(range(count) for count in draws.count)))
    game = draws.game
    return Types(
        of=np.array(profiles, np.int64).reshape(len(profiles), len(draws.count)) + first[:-1],
        actor=actor,
        bit=bit,
        coded=coded,
        prior=np.ascontiguousarray(draws.prior, np.float64),
        sets=np.array(sets, np.int64),
        owned=np.array([game.owned(game.full, i) for i in range(len(game.actors))], np.int64),
    )


def _months(
    game: ImplementationProblem,
    layout: PlanLayout,
    months: Sequence[Decision],
    together: Sequence[int],
) -> Months:
    states = [state_at(layout, one.point) for one in months]
    costs = [layout.stages[one.point][0] if one.starts else 0 for one in months]
    by = [[layout.temptations[at].actor for at in one.breaches] for one in months]
    actors = range(len(game.actors))
    single = np.cumsum([0, *(own.count(i) for own in by for i in actors)])
    begins = np.arange(len(months))[:, np.newaxis] * len(actors) + np.arange(len(actors) + 1)
    return Months(
        row=np.array([game.state_row(state) for state in states], np.int64),
        fighting=np.array([game.fighting(state) for state in states], np.bool_),
        length=np.array([-1 if isinf(one.length) else one.length for one in months], np.int64),
        starts=np.array(costs, np.int64),
        first=single[begins],
        together=single[-1] + np.cumsum([0, *together]),
    )


def _ways(
    game: ImplementationProblem, layout: PlanLayout, months: Sequence[Decision]
) -> tuple[Ways, list[int]]:
    """Every way to breach; and how many ways of withholding together each month has."""
    single, joint, counts = [], [], []
    for number, month in enumerate(months):
        here = sorted((layout.temptations[at] for at in month.breaches), key=lambda one: one.actor)
        single += [(number, 1 << one.actor, one) for one in here]
        several = list(_together(game, layout, here))
        joint += [(number, breakers, one) for breakers, one in several]
        counts.append(len(several))
    lines = [_line(game, layout, *one) for one in [*single, *joint]]
    columns = list(zip(*lines, strict=True)) or [()] * len(Ways._fields)
    dtype = {"attack": np.bool_, "fighting": np.bool_, "weight": np.float64}
    found: dict[str, NDArray[Any]] = {
        name: np.array(column, dtype.get(name, np.int64))
        for name, column in zip(Ways._fields, columns, strict=True)
    }
    return Ways(**found), counts


def _together(
    game: ImplementationProblem, layout: PlanLayout, here: Sequence[Temptation]
) -> Iterator[tuple[int, Temptation]]:
    """Ways in which several withhold their parts of one exchange, with the actors' bits."""
    withheld = [one for one in here if rank_of(one.kind) == WITHHELD]
    for size in range(2, len(withheld) + 1):
        for some in combinations(withheld, size):
            bits = sum(1 << one.actor for one in some)
            yield bits, withheld_by_several(game, layout, some)


def _line(
    game: ImplementationProblem,
    layout: PlanLayout,
    month: int,
    breakers: int,
    found: Temptation,
) -> tuple[float, ...]:
    """One row of `Ways`, field by field."""
    rank = rank_of(found.kind)
    knot, weight = knot_of(game.clocks, found.exposed_clock)
    begins = found.point < len(layout.stages) and found.month == 0
    unseen = rank == WITHHELD or found.hidden > 0
    return (
        month,
        breakers,
        rank,
        found.kind in {BreachKind.ATTACK, BreachKind.END_ATTACK},
        game.state_row(found.reached),
        game.fighting(found.reached),
        found.steps,
        found.hidden,
        found.lead,
        knot,
        weight,
        layout.stages[found.point][0] if begins and unseen else 0,
    )
