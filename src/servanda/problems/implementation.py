"""The implementation problem: in which order of steps would an agreement be kept?

Definition. n steps lead from the status quo ∅ to the agreement K = {0..n-1}; a state C ⊆ K is the
set of completed steps, written as a bitmask. A *stage* B ⊆ K∖C is a step, or several exchanged
together; it lasts as long as its longest step, d months, and takes effect at its end. In state C
actor i receives u_i(C) a month, less its fighting cost while no ceasefire step is done. Payoffs
are normalised, ``(1-δ)·Σ δ^t u_t``, so that::

    V_i(K) = u_i(K)
    V_i(C) = (1-δ_i^d)·u_i(C) - (1-δ_i)·c_B,i + δ_i^d·V_i(C∪B)

Any actor may breach. An attack by i in C after t months of quiet is worth W_i(C, i; t); any other
breach of its own, once it has come to light, Z_i(C, i; t). A plan is self-enforcing when nobody
ever does better by breaching; the constraints are listed in `servanda.solvers.plan`.

In ten lines, one side hands over land and the other's promise is backed by a guarantee::

    game = implementation_game(
        ["north", "south"],
        ["land", "guarantee"],
        discount=0.99,
        months=6,
        owners={"land": "south", "guarantee": None},
        flow=lambda done: {"north": 50 + 10 * ("land" in done), "south": 45},
        attack=lambda done: {
            "north": 45 + 20 * ("land" in done) - 30 * ("guarantee" in done),
            "south": 30,
        },
    )

Sources: Fearon, J. (1998), Commitment problems and the spread of ethnic conflict; Powell, R.
(2006), War as a commitment problem, International Organization 60(1); Walter, B. (2002),
Committing to Peace.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.errors import NotFoundError, ProblemError
from servanda.problems.tranches import Done, parts_of

TOLERANCE = 1e-9
"""Value points below which a margin counts as a tie; ties keep their word."""

MAX_STEPS = 62
"""A state is one signed 64-bit integer."""

MAX_MONTHS = 12_000
"""Longest month count a step, a delay or a clock may carry (a thousand years)."""

NO_DEADLINE = -1
"""In place of the month by which a step must be complete."""

STATE_LIMIT = 2_000_000
"""Most states that `implementation_game` fills by calling Python functions."""

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
Payoff = Sequence[float] | Mapping[str, float] | Floats


@dataclass(frozen=True, eq=False)
class ImplementationProblem:
    """The order game as arrays: n steps, A actors, S states, T clock knots.

    All arrays are checked, copied and made read-only; a fault raises ProblemError.

    Attributes:
        actors: A labels, in the order of every actor axis.
        steps: n labels; step j is bit ``1 << j`` of a state.
        discount: (A,) monthly discount factor, strictly between 0 and 1.
        belligerent: (A,) who can attack.
        months: (n,) how long a step takes, whole months, 0 for at once.
        owners: (n, A) whose step it is; a step may have no owner, then nobody can cheat or shirk
            in it.
        requires: (n,) bitmask of the steps that must be done before this one starts.
        costs: (n, A) one-off cost in points at the start of the stage, counted ``(1-δ)·c``.
        delay: (n, A) months for which an actor's cheating on the step, or undoing it, stays
            undetected.
        gain: (n, A) points a month gained while that stays undetected.
        reversible: (n, A) who can undo the step once it is done.
        ceasefire: (n,) steps that stop the fighting; where none does, signature stops it.
        fighting_cost: (A,) points a month taken off the flow while fighting goes on.
        stages: (bitmask, verified) of every stage that may be used.
        states: (S,) bitmasks, ascending, of the states for which tables exist.
        flows: (S, A) u_i(C), points a month.
        clocks: (T,) whole months of quiet, ascending from 0; tables are linear between knots and
            constant after the last.
        attack: (S, T, A) W_i(C, i; t), read for belligerents.
        renege: (S, T, A) Z_i(C, i; t), read for belligerents, owners and those who can undo.
        deadline: (n,) month since signature by which a step must be complete, negative for none.
            A plan that misses one is not admissible.
    """

    actors: tuple[str, ...]
    steps: tuple[str, ...]
    discount: Floats
    belligerent: Booleans
    months: Integers
    owners: Booleans
    requires: Integers
    costs: Floats
    delay: Integers
    gain: Floats
    reversible: Booleans
    ceasefire: Booleans
    fighting_cost: Floats
    stages: tuple[tuple[int, bool], ...]
    states: Integers
    flows: Floats
    clocks: Floats
    attack: Floats
    renege: Floats
    deadline: Integers = field(default_factory=lambda: np.array(NO_DEADLINE))

    def __post_init__(self) -> None:
        _freeze_arrays(self)
        _check(self)

    @property
    def n_steps(self) -> int:
        """How many steps lead to the agreement."""
        return len(self.steps)

    @property
    def full(self) -> int:
        """Bitmask of the agreement K."""
        return (1 << len(self.steps)) - 1

    @property
    def ceasefire_mask(self) -> int:
        """Bitmask of the steps that stop the fighting, 0 when signature does."""
        return mask_of(np.flatnonzero(self.ceasefire).tolist())

    def fighting(self, state: int) -> bool:
        """Whether fighting goes on in a state."""
        return self.ceasefire_mask != 0 and not state & self.ceasefire_mask

    def state_row(self, state: int) -> int:
        """Row of a state in the tables; ProblemError where no table covers it."""
        row = int(np.searchsorted(self.states, state))
        if row == len(self.states) or int(self.states[row]) != state:
            raise ProblemError(
                f"states: no table for the state {self.name_state(state)}; it is reached by the "
                "plan, by undoing one of its steps or by shirking a joint stage"
            )
        return row

    def name_state(self, state: int) -> str:
        """A state in words, as in ``{land, guarantee}``."""
        return "{" + ", ".join(self.steps[j] for j in steps_of(state)) + "}"

    def stage_months(self, stage: int) -> int:
        """Duration of a stage: the longest of its steps."""
        return max((int(self.months[j]) for j in steps_of(stage)), default=0)

    def owned(self, stage: int, actor: int) -> int:
        """Bitmask of the steps of a stage that an actor owns, B_i."""
        return mask_of([j for j in steps_of(stage) if self.owners[j, actor]])


@dataclass(frozen=True, eq=False)
class PayoffDraws:
    """The uncertain numbers of an implementation problem, D draws of them.

    The order of rows is that of the problem's ``states``; everything else (steps, months, owners,
    delays, clocks) is the problem's own. Arrays are not copied.

    Attributes:
        discount: (D, A).
        costs: (D, n, A).
        gain: (D, n, A).
        fighting_cost: (D, A).
        flows: (D, S, A).
        attack: (D, S, T, A).
        renege: (D, S, T, A).
    """

    discount: Floats
    costs: Floats
    gain: Floats
    fighting_cost: Floats
    flows: Floats
    attack: Floats
    renege: Floats

    def __post_init__(self) -> None:
        for name in _DRAW_FIELDS:
            value = np.ascontiguousarray(getattr(self, name), dtype=np.float64)
            object.__setattr__(self, name, value)
        lengths = {name: len(getattr(self, name)) for name in _DRAW_FIELDS}
        if len(set(lengths.values())) != 1:
            raise ProblemError(f"draws: arrays differ in their number of draws: {lengths}")

    @property
    def n_draws(self) -> int:
        """How many draws there are."""
        return len(self.discount)


_DRAW_FIELDS = ("discount", "costs", "gain", "fighting_cost", "flows", "attack", "renege")


def single_draw(problem: ImplementationProblem) -> PayoffDraws:
    """The problem's own numbers as one draw (views, nothing is copied)."""
    return PayoffDraws(**{name: getattr(problem, name)[None] for name in _DRAW_FIELDS})


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


def needed_states(
    requires: Integers,
    stages: Iterable[tuple[int, bool]],
    owners: Booleans,
    reversible: Booleans,
    *,
    limit: int = STATE_LIMIT,
) -> Integers:
    """Every state that some plan, some undoing or some shirking reaches: (S,) bitmasks, ascending.

    Args:
        requires: (n,) bitmask of prerequisites.
        stages: (bitmask, verified) of the stages in use.
        owners: (n, A).
        reversible: (n, A).
        limit: stop with a ProblemError beyond this many closed sets.
    """
    stages = tuple(stages)
    closed = closed_sets(requires, [mask for mask, _ in stages], limit=limit)
    found = [closed]
    for j in np.flatnonzero(reversible.any(axis=1)).tolist():
        found.append(closed[(closed >> j) & 1 == 1] & ~np.int64(1 << j))
    for stage, verified in stages:
        members = steps_of(stage)
        if verified or len(members) < 2:
            continue
        before = mask_of(steps_of(int(np.bitwise_or.reduce(requires[members]))))
        open_to = closed[(closed & stage == 0) & (closed & before == before)]
        for i in range(owners.shape[1]):
            own = mask_of([j for j in members if owners[j, i]])
            if own not in {0, stage}:
                found.append(open_to | (stage & ~own))
    return distinct(np.concatenate(found))


def closed_sets(requires: Integers, stages: Sequence[int], *, limit: int = STATE_LIMIT) -> Integers:
    """States reachable from ∅ by the stages, each begun after its prerequisites, ascending.

    Args:
        requires: (n,) bitmask of prerequisites.
        stages: bitmasks.
        limit: a ProblemError beyond this many.
    """
    needs = [int(np.bitwise_or.reduce(requires[steps_of(stage)])) for stage in stages]
    frontier = np.zeros(1, dtype=np.int64)
    # A stage of k steps moves a set k levels up; sets are found level by level of stages used.
    seen = frontier
    while len(frontier):
        reached = [
            frontier[(frontier & stage == 0) & (frontier & need == need)] | stage
            for stage, need in zip(stages, needs, strict=True)
        ]
        frontier = distinct(np.concatenate(reached)) if reached else frontier[:0]
        frontier = frontier[~among(frontier, seen)]
        seen = distinct(np.concatenate([seen, frontier]))
        if len(seen) > limit:
            raise ProblemError(
                f"steps: more than {limit} sets of completed steps are possible; add "
                "prerequisites, or compare given plans instead of searching"
            )
    return seen


def distinct(numbers: Integers) -> Integers:
    """Each number once, ascending; faster than NumPy's own on many repeats."""
    ordered = np.sort(numbers)
    return ordered[np.diff(ordered, prepend=-1) > 0]


def among(numbers: Integers, ascending: Integers) -> Booleans:
    """Which of the numbers stand in an ascending list that is not empty."""
    at = np.minimum(np.searchsorted(ascending, numbers), len(ascending) - 1)
    found: Booleans = ascending[at] == numbers
    return found


def mask_of(steps: Iterable[int]) -> int:
    """Bitmask of step indices."""
    mask = 0
    for j in steps:
        mask |= 1 << j
    return mask


def steps_of(mask: int) -> list[int]:
    """Step indices of a bitmask, ascending."""
    return [j for j in range(int(mask).bit_length()) if mask >> j & 1]


# ---------------------------------------------------------------- checks

_SHAPES: dict[str, tuple[str, type]] = {
    "discount": ("A", np.float64),
    "belligerent": ("A", np.bool_),
    "months": ("n", np.int64),
    "owners": ("nA", np.bool_),
    "requires": ("n", np.int64),
    "costs": ("nA", np.float64),
    "delay": ("nA", np.int64),
    "gain": ("nA", np.float64),
    "reversible": ("nA", np.bool_),
    "ceasefire": ("n", np.bool_),
    "fighting_cost": ("A", np.float64),
    "states": ("S", np.int64),
    "flows": ("SA", np.float64),
    "clocks": ("T", np.float64),
    "attack": ("STA", np.float64),
    "renege": ("STA", np.float64),
    "deadline": ("n", np.int64),
}


def _freeze_arrays(problem: ImplementationProblem) -> None:
    object.__setattr__(problem, "actors", tuple(problem.actors))
    object.__setattr__(problem, "steps", tuple(problem.steps))
    stages = tuple((int(mask), bool(verified)) for mask, verified in problem.stages)
    object.__setattr__(problem, "stages", stages)
    if np.all(np.asarray(problem.deadline) < 0):
        object.__setattr__(problem, "deadline", np.full(len(problem.steps), NO_DEADLINE))
    shared: dict[int, NDArray[Any]] = {}  # Z = W stays one array
    for name, (_, kind) in _SHAPES.items():
        given = getattr(problem, name)
        frozen = shared.get(id(given))
        if frozen is None:
            frozen = np.array(given, dtype=kind, order="C")
            if kind is np.int64 and not np.array_equal(frozen, np.asarray(given)):
                raise ProblemError(f"{name}: whole numbers wanted")
            frozen.setflags(write=False)
            shared[id(given)] = frozen
        object.__setattr__(problem, name, frozen)


def _check(problem: ImplementationProblem) -> None:
    n, A = len(problem.steps), len(problem.actors)
    if not 1 <= n <= MAX_STEPS:
        raise ProblemError(f"steps: {n} steps; 1 to {MAX_STEPS} wanted")
    if A < 1:
        raise ProblemError("actors: none given")
    for kind, labels in (("actors", problem.actors), ("steps", problem.steps)):
        if len(set(labels)) != len(labels):
            raise ProblemError(f"{kind}: a label occurs twice in {labels}")
    lengths = {"n": n, "A": A, "S": problem.states.size, "T": problem.clocks.size}
    for name, (axes, _) in _SHAPES.items():
        wanted = tuple(lengths[axis] for axis in axes)
        found = getattr(problem, name).shape
        if found != wanted:
            raise ProblemError(f"{name}: shape {found}, wanted {wanted} for axes {axes}")
    _check_ranges(problem)
    _check_order(problem)


def _check_ranges(problem: ImplementationProblem) -> None:
    if not ((problem.discount > 0) & (problem.discount < 1)).all():
        raise ProblemError(
            f"discount: {problem.discount.tolist()}; monthly factors strictly between 0 and 1"
        )
    for name in ("months", "delay"):
        values = getattr(problem, name)
        if (values < 0).any() or (values > MAX_MONTHS).any():
            raise ProblemError(f"{name}: between 0 and {MAX_MONTHS} months wanted")
    if (problem.deadline > MAX_MONTHS).any():
        raise ProblemError(f"deadline: at most {MAX_MONTHS} months since signature wanted")
    # Tables are read for those who can attack, own a step or undo one; elsewhere they may be NaN.
    readers = problem.belligerent | problem.owners.any(axis=0) | problem.reversible.any(axis=0)
    read = {
        "costs": problem.costs,
        "gain": problem.gain,
        "fighting_cost": problem.fighting_cost,
        "flows": problem.flows,
        "attack": problem.attack[..., problem.belligerent],
        "renege": problem.renege[..., readers],
    }
    for name, values in read.items():
        if not np.isfinite(values).all():
            raise ProblemError(f"{name}: finite numbers wanted")
    knots = problem.clocks
    if not knots.size or knots[0] != 0 or (np.diff(knots) <= 0).any():
        raise ProblemError(f"clocks: {knots.tolist()}; ascending from 0 wanted")
    if (knots != np.floor(knots)).any() or knots[-1] > MAX_MONTHS:
        raise ProblemError(f"clocks: whole months, at most {MAX_MONTHS}, wanted")


def _check_order(problem: ImplementationProblem) -> None:
    states = problem.states
    if not states.size or (np.diff(states) <= 0).any():
        raise ProblemError("states: distinct bitmasks in ascending order wanted")
    if states[0] < 0 or states[-1] > problem.full:
        raise ProblemError(f"states: bitmasks of {problem.n_steps} steps wanted")
    if not problem.stages:
        raise ProblemError("stages: none given")
    for mask, _ in problem.stages:
        if not 0 < mask <= problem.full:
            raise ProblemError(f"stages: {mask} is no set of the {problem.n_steps} steps")
    if (problem.requires < 0).any() or (problem.requires > problem.full).any():
        raise ProblemError(f"requires: bitmasks of {problem.n_steps} steps wanted")
    done, progress = 0, True
    while progress:
        ready = [
            j
            for j in range(problem.n_steps)
            if not done >> j & 1 and int(problem.requires[j]) & ~done == 0
        ]
        progress = bool(ready)
        done |= mask_of(ready)
    if done != problem.full:
        raise ProblemError(
            f"requires: prerequisites run in a circle: {' -> '.join(_circle(problem, done))}; none "
            "of these steps can ever start"
        )


def _circle(problem: ImplementationProblem, done: int) -> list[str]:
    """Steps each of which waits for the next, the last for the first."""
    step = next(j for j in range(problem.n_steps) if not done >> j & 1)
    way: list[int] = []
    while step not in way:
        way.append(step)
        step = steps_of(int(problem.requires[step]) & ~done)[0]
    return [problem.steps[j] for j in [*way[way.index(step) :], step]]


# ---------------------------------------------------------------- reading generous input


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
