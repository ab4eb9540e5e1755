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

In ten lines (`servanda.problems.implementation_game`), one side hands over land and the other's
promise is backed by a guarantee::

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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.problems.state_sets import mask_of, steps_of

TOLERANCE = 1e-9
"""Value points below which a margin counts as a tie; ties keep their word."""

MAX_STEPS = 62
"""A state is one signed 64-bit integer."""

MAX_MONTHS = 12_000
"""Longest month count a step, a delay or a clock may carry (a thousand years)."""

NO_DEADLINE = -1
"""In place of the month by which a step must be complete."""


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
