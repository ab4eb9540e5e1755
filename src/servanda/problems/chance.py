"""The implementation problem with chance on its path.

Definition. To the game of `servanda.problems.implementation` three kinds of chance are added.

* **Steps that may fail.** Step j succeeds with probability p_j once it has been carried out (a vote
  is won, a parliament agrees). A stage in which one fails does not take effect at all; the plan
  ends in the state C before it without anybody's breach, which is worth F_i(C; t).
* **Regimes.** A political condition, such as the government of a guarantor, is a Markov chain: from
  one month to the next by a fixed matrix, and into some months (an election) by another one in its
  place. Every regime has its own flows and collapse values. Today's is the first.
* **Noise.** At rate φ a month each actor reconsiders; it then breaches with the logit probability
  ``1/(1 + e^(λ·margin))``, the margin being that of its best breach. Actors are competing risks.

Each actor has its own probabilities of what may happen; the analyst's own come after theirs.

Sources: Iida, K. (1993), When and how do domestic constraints matter?, Journal of Conflict
Resolution 37(3) (ratification that may fail); McKelvey, R. and Palfrey, T. (1998), Quantal response
equilibria for extensive form games, Experimental Economics 1 (the logit choice).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.errors import NotFoundError, ProblemError
from servanda.problems.implementation import (
    MAX_MONTHS,
    Floats,
    ImplementationProblem,
    Payoff,
    PayoffDraws,
)
from servanda.problems.state_sets import steps_of

Integers = NDArray[np.int64]

NOW = "as now"
"""The name of today's political condition where it is given none."""

ROUNDING = 1e-9
"""How far probabilities may be from summing to one."""


@dataclass(frozen=True)
class LogitNoise:
    """How parties err.

    Attributes:
        hazard: φ, how often a month each actor reconsiders; not negative.
        precision: λ, per value point; not negative. 0 is a fair coin, and the larger, the more
            surely the better side is chosen.
    """

    hazard: float
    precision: float

    def __post_init__(self) -> None:
        for name in ("hazard", "precision"):
            number = getattr(self, name)
            if not (np.isfinite(number) and number >= 0.0):
                raise ProblemError(f"noise.{name}: {number} must be finite and not negative")


@dataclass(frozen=True, eq=False)
class ChanceProblem:
    """An implementation problem with chance: R regimes, V = A + 1 views, J dated changes.

    All arrays are checked, copied and made read-only; a fault raises ProblemError. Payoffs of the
    implementation problem itself are not read, those here are.

    Attributes:
        problem: steps, owners, months, delays, clocks, states, discount, costs and gains.
        regimes: R labels; the first is that of today.
        flows: (R, S, A) u_i(C).
        attack: (R, S, T, A, A) value to the last actor of an attack by the one before it.
        renege: (R, S, T, A, A) the same for any other breach, once it has come to light.
        failed: (R, S, T, A) value F_i(C; t) when a step fails in state C.
        passes: (V, n) probability that a step succeeds, in the view of each actor, then the
            analyst's.
        monthly: (V, R, R) transitions from one month to the next; rows sum to 1.
        dates: (J,) months since signature, ascending from 1, into which another matrix leads.
        dated: (V, J, R, R) these matrices.
    """

    problem: ImplementationProblem
    regimes: tuple[str, ...]
    flows: Floats
    attack: Floats
    renege: Floats
    failed: Floats
    passes: Floats
    monthly: Floats
    dates: Integers
    dated: Floats

    def __post_init__(self) -> None:
        complaints: list[str] = []
        object.__setattr__(self, "regimes", tuple(self.regimes))
        for name, shape in _shapes(self).items():
            kind = np.int64 if name == "dates" else np.float64
            array: NDArray[Any] = np.array(getattr(self, name), dtype=kind)
            if array.shape != shape:
                complaints.append(f"{name}: shape {array.shape}, wanted {shape}")
            elif not np.isfinite(array).all():
                complaints.append(f"{name}: must be finite")
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        complaints += [] if complaints else _complaints(self)
        if complaints:
            raise ProblemError("; ".join(complaints))


@dataclass(frozen=True, eq=False)
class ChanceDraws:
    """The uncertain numbers of a problem with chance, D draws of them; arrays are not copied.

    Attributes:
        discount: (D, A).
        costs: (D, n, A).
        gain: (D, n, A).
        fighting_cost: (D, A).
        flows: (D, R, S, A).
        attack: (D, R, S, T, A, A).
        renege: (D, R, S, T, A, A).
        failed: (D, R, S, T, A).
        passes: (D, V, n).
        monthly: (D, V, R, R).
        dated: (D, V, J, R, R).
    """

    discount: Floats
    costs: Floats
    gain: Floats
    fighting_cost: Floats
    flows: Floats
    attack: Floats
    renege: Floats
    failed: Floats
    passes: Floats
    monthly: Floats
    dated: Floats

    def __post_init__(self) -> None:
        for name in DRAWN:
            value = np.ascontiguousarray(getattr(self, name), dtype=np.float64)
            object.__setattr__(self, name, value)
        lengths = {name: len(getattr(self, name)) for name in DRAWN}
        if len(set(lengths.values())) != 1:
            raise ProblemError(f"draws: arrays differ in their number of draws: {lengths}")

    @property
    def n_draws(self) -> int:
        """How many draws there are."""
        return len(self.discount)


OWN = ("discount", "costs", "gain", "fighting_cost")
CHANCED = ("flows", "attack", "renege", "failed", "passes", "monthly", "dated")
DRAWN = (*OWN, *CHANCED)


def single_chance_draw(game: ChanceProblem) -> ChanceDraws:
    """The problem's own numbers as one draw (views, nothing is copied)."""
    own = {name: getattr(game.problem, name)[None] for name in OWN}
    return ChanceDraws(**own, **{name: getattr(game, name)[None] for name in CHANCED})


def chance_draws(game: ChanceProblem, draws: PayoffDraws) -> ChanceDraws:
    """Draws of payoffs in one regime, with the problem's own chances in every draw.

    What others get from somebody's breach, and what follows a failed step, are taken from the
    draws by the same defaults as in `chance_game`.
    """
    if len(game.regimes) != 1:
        raise ProblemError(f"draws: of one regime, but the problem has {len(game.regimes)}")
    belligerent = game.problem.belligerent
    after = [
        _for_everybody(one, other, belligerent)
        for one, other in zip(draws.attack, draws.renege, strict=True)
    ]
    fighting = np.array([game.problem.fighting(int(s)) for s in game.problem.states])
    frozen = draws.flows - fighting[:, None] * draws.fighting_cost[:, None, :]
    knots = (1, 1, len(game.problem.clocks), 1)
    count = (draws.n_draws, 1, 1)
    return ChanceDraws(
        **{name: getattr(draws, name) for name in OWN},
        flows=draws.flows[:, None],
        attack=np.array([one for one, _ in after])[:, None],
        renege=np.array([other for _, other in after])[:, None],
        failed=np.tile(frozen[:, :, None], knots)[:, None],
        passes=np.tile(game.passes, count),
        monthly=np.tile(game.monthly, (*count, 1)),
        dated=np.tile(game.dated, (*count, 1, 1)),
    )


def chance_game(
    problem: ImplementationProblem,
    *,
    passes: Mapping[str, float] | None = None,
    failed: Callable[[frozenset[str]], Payoff] | None = None,
    regimes: Mapping[str, ImplementationProblem] | None = None,
    hazards: Mapping[tuple[str, str], float] | None = None,
    dated: Mapping[int, Mapping[tuple[str, str], float]] | None = None,
    name: str = NOW,
) -> ChanceProblem:
    """Add chance to an implementation problem.

    Args:
        problem: the game in today's regime.
        passes: probability that a step succeeds; 1 where it is left out.
        failed: F(C) for a frozenset of step labels; left out, the state stays as it is for good.
        regimes: name to the game in another regime; only its flows and collapse values are read.
        hazards: (from, to) to probability a month.
        dated: month since signature to the probabilities with which it changes the regime, in
            place of the monthly ones.
        name: of today's regime.

    Everybody has the same probabilities. When an actor attacks, the others get what an attack of
    their own is worth to them then; after other breaches, what such a breach of their own is
    worth. Give arrays (`dataclasses.replace`) where it matters who breaks the peace.
    """
    games = {name: problem, **(regimes or {})}
    for label, other in games.items():
        for field in ("actors", "steps", "states", "clocks"):
            if not np.array_equal(getattr(other, field), getattr(problem, field)):
                raise ProblemError(f"regimes: '{label}' differs from '{name}' in its {field}")
    index = {label: r for r, label in enumerate(games)}
    views = len(problem.actors) + 1
    won = np.ones(problem.n_steps)
    for step, chance in (passes or {}).items():
        if step not in problem.steps:
            raise NotFoundError("step", step, problem.steps)
        won[problem.steps.index(step)] = chance
    dates = sorted(dated or {})
    at_date = [_matrix((dated or {})[month], index) for month in dates]
    pairs = [_for_everybody(one.attack, one.renege, problem.belligerent) for one in games.values()]
    return ChanceProblem(
        problem=problem,
        regimes=tuple(games),
        flows=np.array([one.flows for one in games.values()]),
        attack=np.array([attack for attack, _ in pairs]),
        renege=np.array([renege for _, renege in pairs]),
        failed=np.array([_after_failure(one, failed) for one in games.values()]),
        passes=np.tile(won, (views, 1)),
        monthly=np.tile(_matrix(hazards or {}, index), (views, 1, 1)),
        dates=np.array(dates, dtype=np.int64),
        dated=np.tile(np.array(at_date).reshape(-1, len(games), len(games)), (views, 1, 1, 1)),
    )


def without_chance(game: ChanceProblem) -> ChanceProblem:
    """The same problem when no step fails and the regime stays that of today."""
    still = np.eye(len(game.regimes))
    return replace(
        game,
        passes=np.ones_like(game.passes),
        monthly=np.broadcast_to(still, game.monthly.shape),
        dated=np.broadcast_to(still, game.dated.shape),
    )


def _for_everybody(attack: Floats, renege: Floats, belligerent: NDArray[np.bool_]) -> Any:
    """Own values (S, T, A) as values to all, whoever breaches: (S, T, A, A) twice."""
    actors = attack.shape[-1]
    # what an attack is worth is said for belligerents only
    own = np.where(belligerent, attack, renege)
    return tuple(np.repeat(one[..., None, :], actors, axis=-2) for one in (own, renege))


def _after_failure(
    problem: ImplementationProblem, failed: Callable[[frozenset[str]], Payoff] | None
) -> Floats:
    table = np.empty((len(problem.states), len(problem.clocks), len(problem.actors)))
    for row, state in enumerate(problem.states.tolist()):
        if failed is None:
            fought = problem.fighting_cost if problem.fighting(state) else 0.0
            table[row] = problem.flows[row] - fought
        else:
            given = failed(frozenset(problem.steps[j] for j in steps_of(state)))
            if isinstance(given, Mapping):
                given = [given.get(actor, np.nan) for actor in problem.actors]
            table[row] = np.asarray(given, dtype=np.float64)
    return table


def _matrix(chances: Mapping[tuple[str, str], float], index: Mapping[str, int]) -> Floats:
    """Transitions between regimes; what is not said stays."""
    matrix = np.eye(len(index))
    for (one, other), chance in chances.items():
        for name in (one, other):
            if name not in index:
                raise NotFoundError("regime", name, index)
        matrix[index[one], index[other]] += chance
        matrix[index[one], index[one]] -= chance
    return matrix


def _shapes(game: ChanceProblem) -> dict[str, tuple[int, ...]]:
    A, n = len(game.problem.actors), game.problem.n_steps
    R, S, T = len(game.regimes), len(game.problem.states), len(game.problem.clocks)
    V, J = A + 1, np.size(game.dates)
    return {
        "flows": (R, S, A),
        "attack": (R, S, T, A, A),
        "renege": (R, S, T, A, A),
        "failed": (R, S, T, A),
        "passes": (V, n),
        "monthly": (V, R, R),
        "dates": (J,),
        "dated": (V, J, R, R),
    }


def _complaints(game: ChanceProblem) -> list[str]:
    found = []
    if not game.regimes:
        found.append("regimes: at least one is needed, today's")
    if len(set(game.regimes)) < len(game.regimes):
        found.append("regimes: two have the same name")
    for name in ("passes", "monthly", "dated"):
        array = getattr(game, name)
        if ((array < -ROUNDING) | (array > 1.0 + ROUNDING)).any():
            found.append(f"{name}: probabilities must be between 0 and 1")
    for name in ("monthly", "dated"):
        total = getattr(game, name).sum(axis=-1)
        if (np.abs(total - 1.0) > ROUNDING).any():
            found.append(f"{name}: the probabilities from one regime must sum to 1")
    if (np.diff(game.dates) <= 0).any() or ((game.dates < 1) | (game.dates > MAX_MONTHS)).any():
        found.append(f"dates: must be different months, ascending, from 1 to {MAX_MONTHS}")
    return found
