"""The implementation problem with types: is the other side sincere?

Definition. Actor i may be of several types; which, it alone knows. The others hold a prior, types
of different actors are independent. A type changes payoffs only: flows, what an attack or another
breach is worth to it, gains, costs, patience, and what its breach does to the others. So a problem
with types is one `ImplementationProblem` per **profile** (one type for each actor), equal in all
but payoffs, and two tables of what everybody gets when somebody *else* breaches.

In ten lines, the south may be one that would use a pause to prepare::

    def game(who):
        pause = 20 if who["south"] == "prepares" else 0
        return implementation_game(
            ["north", "south"],
            ["truce", "land"],
            discount=0.99,
            months=3,
            owners={"land": "north"},
            flow=lambda done: 50 + 5 * len(done),
            attack=lambda done: {"north": 40, "south": 40 + pause * ("truce" in done)},
        )


    problem = sincerity_problem({"south": {"keeps its word": 0.7, "prepares": 0.3}}, game)

Sources: Kydd, A. (2005), Trust and Mistrust in International Relations; Spence, M. (1973), Job
market signaling, Quarterly Journal of Economics 87(3); Fearon, J. (1994), Signaling versus the
balance of power and interests, Journal of Conflict Resolution 38(2).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod

import numpy as np

from servanda.errors import NotFoundError, ProblemError
from servanda.problems.implementation import Floats, ImplementationProblem, Integers, Payoff
from servanda.problems.state_sets import steps_of

MOST_PROFILES = 8
"""Profiles of types that a problem may have; what is known can take up to 255 values per actor."""

KNOWN = ""
"""Label of the only type of an actor about whom nothing is hidden."""

Prior = tuple[tuple[float, ...], ...]
"""Per actor the probability of each of its types."""

_SHARED = (
    *("actors", "steps", "belligerent", "months", "owners", "requires", "delay"),
    *("reversible", "ceasefire", "stages", "states", "clocks"),
)


@dataclass(frozen=True, eq=False)
class SincerityProblem:
    """One implementation problem per profile of types: P profiles, A actors.

    Arrays are checked, copied and made read-only; a fault raises ProblemError.

    Attributes:
        types: per actor the labels of its types; (KNOWN,) for one of a single type.
        prior: per actor the probability that the others give to each type.
        games: P games in the order of `itertools.product` over types, the last actor fastest.
        attacked: (P, S, T, A, A) value to the last axis when the fourth attacks in a state at a
            clock; its diagonal is not read.
        reneged: (P, S, T, A, A) likewise after any other breach, once it has come to light.
        held: per observer its own prior, where actors differ in it (they agree to disagree);
            `prior` is then the analyst's, used for what is reported.
    """

    types: tuple[tuple[str, ...], ...]
    prior: Prior
    games: tuple[ImplementationProblem, ...]
    attacked: Floats
    reneged: Floats
    held: tuple[Prior, ...] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "types", tuple(tuple(labels) for labels in self.types))
        object.__setattr__(self, "prior", _floats(self.prior))
        if self.held is not None:
            object.__setattr__(self, "held", tuple(_floats(prior) for prior in self.held))
        object.__setattr__(self, "games", tuple(self.games))
        for name in ("attacked", "reneged"):
            table = np.array(getattr(self, name), dtype=np.float64)
            table.setflags(write=False)
            object.__setattr__(self, name, table)
        _check(self)

    @property
    def actors(self) -> tuple[str, ...]:
        """A labels, in the order of every actor axis."""
        return self.games[0].actors

    @property
    def profiles(self) -> Integers:
        """(P, A) index of each actor's type in each profile."""
        found = list(product(*(range(len(labels)) for labels in self.types)))
        return np.array(found, dtype=np.int64).reshape(len(found), len(self.types))

    @property
    def typed(self) -> tuple[int, ...]:
        """Indices of the actors that may be of several types."""
        return tuple(i for i, labels in enumerate(self.types) if len(labels) > 1)

    def actor_index(self, name: str) -> int:
        """Index of an actor by its label."""
        if name not in self.actors:
            raise NotFoundError("actor", name, self.actors)
        return self.actors.index(name)

    def type_index(self, actor: str, name: str) -> int:
        """Index of one of an actor's types by its label."""
        labels = self.types[self.actor_index(actor)]
        if name not in labels:
            raise NotFoundError("type", name, labels)
        return labels.index(name)

    def prior_of(self, observer: int) -> Prior:
        """The prior that an actor holds; the analyst's for -1."""
        return self.prior if self.held is None or observer < 0 else self.held[observer]

    def with_prior(self, actor: str, prior: Sequence[float]) -> "SincerityProblem":
        """The same problem with another prior about one actor, held by everybody."""
        i = self.actor_index(actor)

        def changed(beliefs: Prior) -> Prior:
            return (*beliefs[:i], tuple(prior), *beliefs[i + 1 :])

        held = None if self.held is None else tuple(changed(one) for one in self.held)
        return replace(self, prior=changed(self.prior), held=held)


After = Callable[[Mapping[str, str], str, frozenset[str], float], Payoff]


def sincerity_problem(
    types: Mapping[str, Mapping[str, float]],
    game: Callable[[Mapping[str, str]], ImplementationProblem],
    *,
    attacked: After | None = None,
    reneged: After | None = None,
) -> SincerityProblem:
    """Build a problem with types from a function that gives the game of each profile.

    Args:
        types: actor to type to prior probability; actors left out have one known type.
        game: called with actor to type, for the actors in types.
        attacked: what each gets, called with (actor to type, who attacks, steps done, clock); the
            attacker's own entry is not read.  By default each gets what an attack of its own would
            bring, or any other breach of its own where it cannot attack.
        reneged: likewise after another breach; by default what its own would bring.
    """
    chosen = [
        dict(zip(types, labels, strict=True))
        for labels in product(*(types[actor] for actor in types))
    ]
    if len(chosen) > MOST_PROFILES:
        raise ProblemError(f"types: {len(chosen)} profiles of types; at most {MOST_PROFILES}")
    by_names = {tuple(who.values()): game(who) for who in chosen}
    actors = next(iter(by_names.values())).actors
    for actor in types:
        if actor not in actors:
            raise NotFoundError("actor", actor, actors)
    labels = tuple(tuple(types[actor]) if actor in types else (KNOWN,) for actor in actors)
    games, profiles = [], []
    for profile in product(*labels):
        who = {actor: label for actor, label in zip(actors, profile, strict=True) if label}
        games.append(by_names[tuple(who[actor] for actor in types)])
        profiles.append(who)
    return SincerityProblem(
        types=labels,
        prior=tuple(tuple(types[a].values()) if a in types else (1.0,) for a in actors),
        games=tuple(games),
        attacked=_after(games, profiles, attacked, own_attack),
        reneged=_after(games, profiles, reneged, lambda one: one.renege),
    )


def own_attack(game: ImplementationProblem) -> Floats:
    """(S, T, A) what an attack of its own would bring each; another breach where it cannot."""
    return np.where(game.belligerent, game.attack, game.renege)


def _after(
    games: Sequence[ImplementationProblem],
    profiles: Sequence[Mapping[str, str]],
    given: After | None,
    own: Callable[[ImplementationProblem], Floats],
) -> Floats:
    actors = games[0].actors
    tables = []
    for game, who in zip(games, profiles, strict=True):
        table = np.repeat(own(game)[:, :, np.newaxis], len(actors), axis=2)
        if given is not None:
            for row, state in enumerate(game.states.tolist()):
                done = frozenset(game.steps[j] for j in steps_of(state))
                for knot, clock in enumerate(game.clocks.tolist()):
                    for b, breaker in enumerate(actors):
                        table[row, knot, b] = _in_order(given(who, breaker, done, clock), actors)
        tables.append(table)
    return np.array(tables)


def _in_order(given: Payoff, actors: tuple[str, ...]) -> Floats:
    if isinstance(given, Mapping):
        for name in given:
            if name not in actors:
                raise NotFoundError("actor", name, actors)
        return np.array([given.get(name, np.nan) for name in actors], dtype=np.float64)
    return np.asarray(given, dtype=np.float64)


def _floats(prior: Prior) -> Prior:
    return tuple(tuple(float(one) for one in given) for given in prior)


def _check(problem: SincerityProblem) -> None:
    if not problem.games:
        raise ProblemError("games: none given")
    first = problem.games[0]
    count = len(first.actors)
    if len(problem.types) != count:
        raise ProblemError(f"types: {len(problem.types)} actors; {count} wanted")
    if problem.held is not None and len(problem.held) != count:
        raise ProblemError(f"held: {len(problem.held)} priors; {count} wanted, one per observer")
    for actor, labels in zip(first.actors, problem.types, strict=True):
        if not labels or len(set(labels)) != len(labels):
            raise ProblemError(f"types: '{actor}' wants one or more types, each named once")
    for name, prior in (("prior", problem.prior), *(("held", one) for one in problem.held or ())):
        _check_prior(problem, name, prior)
    wanted = prod(len(labels) for labels in problem.types)
    if wanted > MOST_PROFILES:
        raise ProblemError(f"types: {wanted} profiles of types; at most {MOST_PROFILES}")
    if len(problem.games) != wanted:
        raise ProblemError(f"games: {len(problem.games)} for {wanted} profiles of types")
    for game in problem.games[1:]:
        for name in _SHARED:
            if not np.array_equal(getattr(game, name), getattr(first, name)):
                raise ProblemError(f"games: types change payoffs only, but they differ in {name}")
    shape = (wanted, len(first.states), len(first.clocks), count, count)
    others = ~np.eye(count, dtype=bool)
    for name in ("attacked", "reneged"):
        table = getattr(problem, name)
        if table.shape != shape:
            raise ProblemError(f"{name}: shape {table.shape}, wanted {shape}")
        read = first.belligerent if name == "attacked" else np.ones(count, dtype=bool)
        bad = ~np.isfinite(table) & others & read[:, np.newaxis]
        if bad.any():
            breaker, receiver = np.argwhere(bad)[0][-2:].tolist()
            raise ProblemError(
                f"{name}: what '{first.actors[receiver]}' gets after a breach by "
                f"'{first.actors[breaker]}' is no finite number"
            )


def _check_prior(problem: SincerityProblem, name: str, prior: Prior) -> None:
    if len(prior) != len(problem.types):
        raise ProblemError(f"{name}: beliefs about {len(prior)} actors, not {len(problem.types)}")
    for actor, labels, given in zip(problem.actors, problem.types, prior, strict=True):
        beliefs = np.array(given)
        if len(given) != len(labels) or not ((beliefs >= 0) & (beliefs <= 1)).all():
            raise ProblemError(f"{name}: one probability per type of '{actor}' wanted, got {given}")
        if abs(beliefs.sum() - 1.0) > 1e-9:
            raise ProblemError(f"{name}: that about '{actor}' sums to {beliefs.sum():g}, not to 1")
