"""An implementation problem from functions of the steps done: a few lines for a paper's example."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.errors import NotFoundError, ProblemError
from servanda.problems.implementation import (
    MAX_STEPS,
    NO_DEADLINE,
    Booleans,
    Floats,
    ImplementationProblem,
    Integers,
    Payoff,
)
from servanda.problems.state_sets import STATE_LIMIT, mask_of, needed_states
from servanda.problems.tranches import Done, parts_of


def implementation_game(
    actors: Sequence[str],
    steps: Sequence[str],
    *,
    discount: float | Payoff,
    flow: Callable[[Done], Payoff],
    attack: Callable[..., Payoff],
    renege: Callable[..., Payoff] | None = None,
    months: int | Mapping[str, int] | Sequence[int] = 0,
    owners: Mapping[str, str | Sequence[str] | None] | None = None,
    requires: Mapping[str, str | Sequence[str]] | None = None,
    belligerent: Sequence[str] | None = None,
    costs: Any = 0.0,
    delay: Any = 0,
    gain: Any = 0.0,
    reversible: Mapping[str, str | Sequence[str]] | None = None,
    ceasefire: Sequence[str] = (),
    fighting_cost: float | Payoff = 0.0,
    joint: Iterable[tuple[Sequence[str], bool]] = (),
    tranches: Mapping[str, int] | None = None,
    clocks: Sequence[float] | None = None,
    deadlines: Mapping[str, int] | None = None,
) -> ImplementationProblem:
    """Build an implementation problem from names and functions of the steps done.

    Args:
        actors: labels.
        steps: labels.
        discount: monthly discount factor, one for all or one per actor.
        flow: u(C) for the set of step labels done, which also knows the share of a step in
            tranches; a sequence in the order of actors or a mapping.
        attack: W(C) likewise; called with (done, clock) where clocks are given.
        renege: Z(C) likewise; None means that collapse is war, Z = W.
        months: per step.
        owners: owner or owners of each step; None or absent for nobody.
        requires: prerequisite or prerequisites of each step.
        belligerent: who can attack; all actors by default.
        costs, delay, gain: one number, or a number per step, or per step a mapping by actor.
        reversible: who can undo each step once done; absent for nobody.
        ceasefire: the steps that stop the fighting.
        fighting_cost: points a month, one for all or one per actor.
        joint: joint stages that may be used beside the single steps, each with whether the
            exchange is verified.
        tranches: into how many parts a step is divided (:mod:`servanda.problems.tranches`); the
            parts are steps named ``land 1/4`` and so on. In a joint stage like parts go together.
        clocks: knots of quiet months; without them nothing depends on the clock.
        deadlines: months since signature by which steps must be complete.
    """
    actors, steps = tuple(actors), tuple(steps)
    A, n = len(actors), len(steps)
    if n > MAX_STEPS:
        raise ProblemError(f"steps: {n} steps; at most {MAX_STEPS} fit one state")
    step_index = {name: j for j, name in enumerate(steps)}
    actor_index = {name: i for i, name in enumerate(actors)}

    def incidence(given: Mapping[str, Any] | None) -> Booleans:
        table = np.zeros((n, A), dtype=np.bool_)
        for step, names in (given or {}).items():
            for name in _names(names):
                table[_find("step", step, step_index), _find("actor", name, actor_index)] = True
        return table

    parts = parts_of(steps, tranches)
    if len(parts.names) > MAX_STEPS:
        raise ProblemError(f"tranches: {len(parts.names)} parts; at most {MAX_STEPS} fit one state")
    before: list[list[int]] = [[] for _ in steps]
    for step, names in (requires or {}).items():
        for name in _names(names):
            before[_find("step", step, step_index)].append(_find("step", name, step_index))
    requires_masks = np.array([mask_of(needed) for needed in parts.needed(before)], np.int64)
    stages = [(1 << j, False) for j in range(len(parts.names))]
    for names, verified in joint:
        members = [_find("step", s, step_index) for s in names]
        stages += [(mask_of(stage), bool(verified)) for stage in parts.together(members)]

    owner_table, reversible_table = incidence(owners)[parts.of], incidence(reversible)[parts.of]
    states = needed_states(requires_masks, stages, owner_table, reversible_table)
    if len(states) > STATE_LIMIT:
        raise ProblemError(
            f"steps: {len(states)} states to fill; at most {STATE_LIMIT}. Add prerequisites or "
            "pass arrays for the states of the plans to be compared"
        )
    knots = np.asarray([0.0] if clocks is None else clocks, dtype=np.float64)
    done_sets = parts.done(states)
    share = 1.0 / parts.count[:, np.newaxis]

    def over_states(payoff: Callable[..., Payoff]) -> Floats:
        table = np.empty((len(states), len(knots), A))
        for row, done in enumerate(done_sets):
            for k, knot in enumerate(knots):
                value = payoff(done) if clocks is None else payoff(done, float(knot))
                table[row, k] = _vector(value, actors)
        return table

    attack_table = over_states(attack)
    return ImplementationProblem(
        actors=actors,
        steps=parts.names,
        discount=_vector(discount, actors),
        belligerent=np.array([belligerent is None or name in belligerent for name in actors]),
        months=parts.months(_per_step(months, steps)),
        owners=owner_table,
        requires=requires_masks,
        costs=_per_step_and_actor(costs, steps, actors)[parts.of] * share,
        delay=_per_step_and_actor(delay, steps, actors).astype(np.int64)[parts.of],
        gain=_per_step_and_actor(gain, steps, actors)[parts.of] * share,
        reversible=reversible_table,
        ceasefire=np.array([name in ceasefire for name in steps], np.bool_)[parts.of]
        & parts.is_last,
        fighting_cost=_vector(fighting_cost, actors),
        stages=tuple(stages),
        states=states,
        flows=np.array([_vector(flow(done), actors) for done in done_sets]),
        clocks=knots,
        attack=attack_table,
        renege=attack_table if renege is None else over_states(renege),
        deadline=_deadlines(deadlines or {}, step_index)[parts.of],
    )


def _names(given: str | Sequence[str] | None) -> tuple[str, ...]:
    if given is None:
        return ()
    return (given,) if isinstance(given, str) else tuple(given)


def _deadlines(given: Mapping[str, int], step_index: Mapping[str, int]) -> Integers:
    deadline = np.full(len(step_index), NO_DEADLINE, dtype=np.int64)
    for step, month in given.items():
        if month < 0:
            raise ProblemError(f"deadlines: '{step}' by month {month}; 0 or later wanted")
        deadline[_find("step", step, step_index)] = month
    return deadline


def _find(kind: str, name: str, index: Mapping[str, int]) -> int:
    if name not in index:
        raise NotFoundError(kind, name, index)
    return index[name]


def _vector(given: float | Payoff, actors: tuple[str, ...]) -> Floats:
    if isinstance(given, Mapping):
        for name in given:
            if name not in actors:
                raise NotFoundError("actor", name, actors)
        return np.array([given.get(name, np.nan) for name in actors], dtype=np.float64)
    vector = np.asarray(given, dtype=np.float64)
    return np.full(len(actors), float(vector)) if vector.ndim == 0 else vector


def _per_step(given: Any, steps: tuple[str, ...]) -> NDArray[Any]:
    if isinstance(given, Mapping):
        for name in given:
            if name not in steps:
                raise NotFoundError("step", name, steps)
        return np.array([given.get(name, 0) for name in steps])
    values = np.asarray(given)
    return np.full(len(steps), values) if values.ndim == 0 else values


def _per_step_and_actor(given: Any, steps: tuple[str, ...], actors: tuple[str, ...]) -> Floats:
    table = np.zeros((len(steps), len(actors)))
    if isinstance(given, Mapping):
        for step, value in given.items():
            if step not in steps:
                raise NotFoundError("step", step, steps)
            table[steps.index(step)] = np.nan_to_num(_vector(value, actors))
        return table
    values = np.asarray(given, dtype=np.float64)
    table[:] = values[:, None] if values.ndim == 1 else values
    return table
