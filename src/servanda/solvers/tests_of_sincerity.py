"""Which small step tests sincerity best, and what would refusing it say?

`offer_test` asks one actor to accept a plan that begins with a test instead of one that does not.
Each of its types accepts or refuses; the others' belief becomes the prior restricted to the types
that gave this answer, and the plan agreed on is played from there. An answer is consistent when no
type would rather give the other; one to which both are worth the same answers as those to which
they are not, and accepts where these part. Of several, the one most likely to accept is taken, then
that in which the fewest types refuse. Belief after an answer that no type gives stays at the prior;
`gain` then shows which type would lose least by giving it (Cho and Kreps 1987).

`rank_tests` puts each step first in turn and ranks them by what the others then expect. What a test
is worth to them is split into what it saves, in profiles where the plan without it would be broken,
and what it costs in the others.

Sources: Kydd, A. (2005), Trust and Mistrust in International Relations, chs. 2 and 7; Kydd (2000),
Trust, reassurance and cooperation, International Organization 54(2); Cho, I.-K. and Kreps, D.
(1987), Signaling games and stable equilibria, QJE 102(2).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from servanda.problems.implementation import TOLERANCE, ImplementationProblem
from servanda.problems.sincerity import SincerityProblem
from servanda.problems.state_sets import steps_of
from servanda.results.sincerity import (
    OfferedTest,
    RankedTests,
    Separation,
    SincerityTest,
)
from servanda.solvers.plan import Plan, Stage, StageLike, read_plan, read_stage
from servanda.solvers.sincerity import broken, play_from, posterior
from servanda.solvers.type_equilibrium import Alive, Node, TypeTree, belief, expected
from servanda.solvers.type_months import typed_plan


def offer_test(
    problem: SincerityProblem, with_test: Plan, without_test: Plan, actor: str
) -> OfferedTest:
    """Offer a test to one actor before the plan begins: who refuses, and what that says.

    Args:
        problem: games, types and prior.
        with_test, without_test: the plans that follow acceptance and refusal.
        actor: who is asked.
    """
    trees = TypeTree(typed_plan(problem, with_test)), TypeTree(typed_plan(problem, without_test))
    return _offer(problem, *trees, problem.actor_index(actor))


def rank_tests(
    problem: SincerityProblem,
    plan: Plan,
    actor: str,
    *,
    steps: Sequence[StageLike] | None = None,
) -> RankedTests:
    """Rank steps as tests of one actor's sincerity, by what the others expect with each first.

    Args:
        problem: games, types and prior.
        plan: the plan as it stands.
        actor: who is tested.
        steps: those to try, alone or several exchanged at once; every declared stage by default.
    """
    i = problem.actor_index(actor)
    trees: dict[Stages, TypeTree] = {}

    def tree(stages: Stages) -> TypeTree:
        if stages not in trees:
            trees[stages] = TypeTree(typed_plan(problem, _as_plan(stages)))
        return trees[stages]

    tests, left_out = [], {}
    for one in candidates(problem.games[0], plan, steps):
        found = one.why_not or _test(problem, tree(one.first), tree(one.without), i, one.name)
        if isinstance(found, str):
            left_out[one.name] = found
        else:
            tests.append(found)
    # Rounded, so that steps that tie keep their order.
    tests.sort(key=lambda test: -round(test.others, 9))
    as_it_was = tree(read_plan(problem.games[0], plan))
    return RankedTests(actor, play_from(as_it_was, as_it_was.at_prior()), tuple(tests), left_out)


@dataclass(frozen=True)
class Candidate:
    """A stage that could come first.

    Attributes:
        name: its steps.
        first, without: the plan with it first, and the one to compare it with.
        why_not: why it cannot come first ("" where it can).
    """

    name: str
    first: "Stages"
    without: "Stages"
    why_not: str

    @property
    def plans(self) -> tuple[tuple[Stage, ...], ...]:
        """Both plans, where it can come first."""
        return () if self.why_not else (_as_plan(self.first), _as_plan(self.without))


def candidates(
    game: ImplementationProblem, plan: Plan, steps: Sequence[StageLike] | None = None
) -> tuple[Candidate, ...]:
    """Stages that `rank_tests` puts first, with the plans it plays for them."""
    stages = read_plan(game, plan)
    found = []
    every = {mask: (mask, verified) for mask, verified in reversed(game.stages)}
    declared = [every[mask] for mask in dict.fromkeys(mask for mask, _ in game.stages)]
    tried = declared if steps is None else [read_stage(game, given) for given in steps]
    for mask, verified in tried:
        name = " + ".join(game.steps[j] for j in steps_of(mask))
        needed = int(np.bitwise_or.reduce(game.requires[steps_of(mask)]))
        first = _with_first(stages, mask, verified)
        without = _as_late_as_possible(game, stages) if first == stages else stages
        why_not = f"It needs {game.name_state(needed)} first." if needed else ""
        found.append(Candidate(name, first, without, why_not))
    return tuple(found)


# ---------------------------------------------------------------- the offer


@dataclass(frozen=True)
class _Answers:
    """One consistent set of refusing types with what follows."""

    refusing: frozenset[int]
    accepted: Node
    refused: Node
    gain: dict[int, float]


def _offer(
    problem: SincerityProblem, accept: TypeTree, refuse: TypeTree, actor: int
) -> OfferedTest:
    prior, labels = accept.at_prior(), problem.types[actor]
    consistent = [
        found
        for refusing in _sets_of(problem, actor, prior[actor])
        for found in [_answers(accept, refuse, actor, prior, refusing)]
        if found is not None
    ]
    name = problem.actors[actor]
    if not consistent:
        reason = "Whichever types are expected to refuse, some type would rather answer otherwise."
        even = dict(zip(labels, problem.prior[actor], strict=True))
        known = Separation.POOLING if len(labels) > 1 else Separation.KNOWN
        return OfferedTest(name, False, reason, (), known, 0.0, even, even, {}, None, None, {}, 0)
    best = consistent[0]
    accepting = prior[actor] - best.refusing or prior[actor]
    refusing = best.refusing or prior[actor]
    chance = sum(problem.prior[actor][t] for t in prior[actor] - best.refusing)
    weights = belief(accept, prior)
    says_no = np.isin(accept.profiles[:, actor], sorted(best.refusing))
    values = np.where(says_no[:, np.newaxis], best.refused.values, best.accepted.values)
    return OfferedTest(
        actor=name,
        found=True,
        reason="",
        refusing=tuple(labels[t] for t in sorted(best.refusing)),
        separation=_separation(prior[actor], best.refusing),
        accepted=float(chance),
        after_acceptance=posterior(problem, actor, accepting),
        after_refusal=posterior(problem, actor, refusing),
        gain={labels[t]: gain for t, gain in sorted(best.gain.items())},
        with_test=play_from(accept, _given(prior, actor, accepting)),
        without_test=play_from(refuse, _given(prior, actor, refusing)),
        values=dict(zip(problem.actors, (weights @ values).tolist(), strict=True)),
        answers=len(consistent),
    )


def _answers(
    accept: TypeTree, refuse: TypeTree, actor: int, prior: Alive, refusing: frozenset[int]
) -> _Answers | None:
    """What follows either answer when exactly these types refuse; None if inconsistent."""
    after_yes = _given(prior, actor, prior[actor] - refusing or prior[actor])
    after_no = _given(prior, actor, refusing or prior[actor])
    accepted, refused = accept.node(0, after_yes), refuse.node(0, after_no)
    if accepted is None or refused is None:
        return None
    gain = {}
    for t in prior[actor]:
        weights = expected(accept, prior, actor, t)
        gain[t] = float(weights @ (refused.values - accepted.values)[:, actor])
    answers = {t in refusing for t in gain if abs(gain[t]) > TOLERANCE}
    for t, more in gain.items():
        wanted = more > TOLERANCE
        if abs(more) <= TOLERANCE:  # as those who care answer; where they part, it accepts
            wanted = answers == {True}
        if wanted != (t in refusing):
            return None
    return _Answers(refusing, accepted, refused, gain)


def _sets_of(
    problem: SincerityProblem, actor: int, types: frozenset[int]
) -> Iterator[frozenset[int]]:
    """Sets of refusing types, those most likely to accept first."""
    prior = problem.prior[actor]
    listed = [
        frozenset(chosen)
        for size in range(len(types) + 1)
        for chosen in combinations(sorted(types), size)
    ]
    return iter(sorted(listed, key=lambda one: (round(sum(prior[t] for t in one), 12), len(one))))


def _given(prior: Alive, actor: int, types: frozenset[int]) -> Alive:
    return (*prior[:actor], types, *prior[actor + 1 :])


def _separation(types: frozenset[int], refusing: frozenset[int]) -> Separation:
    if len(types) == 1:
        return Separation.KNOWN
    return Separation.SEPARATING if refusing and refusing != types else Separation.POOLING


# ---------------------------------------------------------------- one test


def _test(
    problem: SincerityProblem, tree: TypeTree, other: TypeTree, actor: int, step: str
) -> SincerityTest | str:
    """A plan that begins with the test beside one that does not, or why there is no answer."""
    prior = tree.at_prior()
    tested, untested = tree.node(0, prior), other.node(0, prior)
    play, without = play_from(tree, prior), play_from(other, prior)
    if tested is None or untested is None:
        return play.reason or f"In the plan without it: {without.reason}"
    weights = belief(tree, prior)
    others = np.arange(len(problem.actors)) != actor
    difference = (tested.values - untested.values)[:, others].sum(axis=1)
    lost = broken(other, untested)
    first = play.stages[0]
    name = problem.actors[actor]
    shown = {one.type for one in first.breaches if one.actor == name}
    return SincerityTest(
        step=step,
        order=play.order,
        without=without.order,
        play=play,
        bits=first.bits.get(name, 0.0),
        unmasked=float(sum(first.before.get(name, {}).get(one, 1.0) for one in shown)),
        value=play.values,
        worth={one: play.values[one] - without.values[one] for one in problem.actors},
        others=float((weights @ tested.values)[others].sum()),
        saves=float(weights @ (difference * lost)),
        costs=float(weights @ (difference * (1.0 - lost))),
        offer=_offer(problem, tree, other, actor),
    )


Stages = tuple[tuple[int, bool], ...]
"""A plan as (bitmask, verified)."""


def _with_first(stages: Stages, test: int, verified: bool) -> Stages:
    """The stages with some steps taken out of their places and put first, in one stage."""
    rest = [(mask & ~test, known) for mask, known in stages]
    return ((test, verified), *((mask, known) for mask, known in rest if mask))


def _as_late_as_possible(game: ImplementationProblem, stages: Stages) -> Stages:
    """The stages with the first moved back, to just before the first that needs it."""
    first, *rest = stages
    needing = [
        k
        for k, (mask, _) in enumerate(rest)
        if any(int(game.requires[j]) & first[0] for j in steps_of(mask))
    ]
    place = needing[0] if needing else len(rest)
    return (*rest[:place], first, *rest[place:])


def _as_plan(stages: Stages) -> tuple[Stage, ...]:
    return tuple(Stage(tuple(steps_of(mask)), verified) for mask, verified in stages)
