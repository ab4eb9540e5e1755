"""The plan kernel, the search and the windows against their definitions, on small random games."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from servanda.kernels.order_neighbours import MARGIN, improve_order
from servanda.kernels.order_sums import largest_sums, sums_on
from servanda.problems.implementation import TOLERANCE, PayoffDraws
from servanda.problems.state_sets import mask_of, needed_states, steps_of
from servanda.results.plan import Objective, SearchStatus
from servanda.solvers import best_order as search
from servanda.solvers import guarantee_window as window_search
from servanda.solvers.best_order import before_pairs, best_order
from servanda.solvers.guarantee_window import (
    guarantee_window,
    mix,
    scan_guarantee,
    smallest_credibility,
)
from servanda.solvers.order_game import lay_out
from servanda.solvers.plan import Stage, evaluate_plan, plan_margins, plan_states
from twins.plan_by_definition import (
    all_orders,
    dividing_problem,
    margins,
    play,
    random_problem,
    values,
)

BLOCKS = range(6)
GAMES_PER_BLOCK = 170
"""A thousand games in all, with every feature of exact play switched on and off by chance."""


def games(block, count=GAMES_PER_BLOCK, most_steps=4, **switch):
    rng = np.random.default_rng([2026, block])
    for _ in range(count):
        yield (
            random_problem(
                rng,
                int(rng.integers(1, most_steps + 1)),
                int(rng.integers(1, 4)),
                int(rng.integers(1, 5)),
                **switch,
            ),
            rng,
        )


def as_given(evaluation):
    return [Stage(one, verified) for one, verified in in_order(evaluation)]


def in_order(evaluation):
    return [(tuple(map(int_of, s.steps)), s.verified) for s in evaluation.stages]


def int_of(label):
    return int(label[1:])


@pytest.mark.parametrize("block", BLOCKS)
def test_plan_by_definition_and_as_game_tree(block):
    for problem, rng in games(block, count=60):
        plans = list(all_orders(problem))
        for at in rng.choice(len(plans), min(2, len(plans)), replace=False):
            plan = plans[at]
            found = evaluate_plan(problem, plan)
            slow = margins(problem, plan)
            assert found.margin == pytest.approx(min(slow, default=np.inf), abs=1e-9)
            assert found.values[0] == pytest.approx(values(problem, plan)[0], abs=1e-9)
            at_root, kept = play(problem, plan, TOLERANCE)
            assert found.self_enforcing == kept
            if kept:
                assert found.values[0] == pytest.approx(at_root, abs=1e-9)


@pytest.mark.parametrize("block", BLOCKS)
def test_best_order_is_the_best_of_all_orders(block):
    for problem, _ in games(block, deadlines=block % 2 == 1):
        found = best_order(problem)
        tried = [evaluate_plan(problem, plan) for plan in all_orders(problem)]
        if not tried:
            assert found.status == SearchStatus.NO_ORDER
            continue
        best = max(one.margin for one in tried)
        assert found.status == SearchStatus.EXACT
        assert found.margin == pytest.approx(best, abs=2 * TOLERANCE)
        tied = [one for one in tried if one.margin >= best - TOLERANCE]
        first = min(tied, key=lambda one: (one.months, in_order(one)))
        assert in_order(found.plan) == in_order(first)
        assert found.self_enforcing == any(one.self_enforcing for one in tried)
        _, kept = play(problem, as_given(found.plan), TOLERANCE)
        assert found.self_enforcing == kept
        assert found.plan.admissible


@pytest.mark.parametrize("block", BLOCKS)
def test_the_best_order_by_other_objectives_is_the_best_of_all_orders(block):
    for problem, rng in games(block, count=40, deadlines=block % 2 == 1):
        tried = [evaluate_plan(problem, plan) for plan in all_orders(problem)]
        if not tried:
            continue
        floor = float(rng.choice([0.0, -5.0, np.median([one.margin for one in tried]), -np.inf]))
        asked = [one for one in tried if one.margin >= floor - TOLERANCE]
        quick = best_order(problem, objective=Objective.MONTHS, floor=floor)
        if asked:
            fewest = min(asked, key=lambda one: (one.months, in_order(one)))
            assert quick.status == SearchStatus.EXACT
            assert quick.value == quick.bound == quick.plan.months == fewest.months
            assert in_order(quick.plan) == in_order(fewest)
        else:
            assert quick.status == SearchStatus.NONE_MEETS
            assert quick.plan is None

        signatories = problem.actors[: int(rng.integers(1, len(problem.actors) + 1))]
        middle = np.median([one.values[0] for one in tried], axis=0)
        reservation = {name: middle[i] - rng.uniform(-1, 4) for i, name in enumerate(signatories)}
        fair = best_order(problem, objective="nash-product", floor=floor, reservation=reservation)
        products = [product(one, reservation) for one in asked]
        best = max((one for one in products if one is not None), default=None)
        if best is None:
            assert fair.status == SearchStatus.NONE_MEETS
            assert fair.plan is None
        else:
            assert fair.status == SearchStatus.EXACT
            assert fair.value == pytest.approx(best, abs=1e-7, rel=1e-7)
            assert product(fair.plan, reservation) == pytest.approx(fair.value)
            assert fair.margin >= floor - 2 * TOLERANCE


def product(evaluation, reservation):
    """The product of the signatories' gains; None where one of them would rather not sign."""
    gains = [
        evaluation.values[0][evaluation.actors.index(name)] - value
        for name, value in reservation.items()
    ]
    return None if min(gains) < -1e-9 else float(np.prod(np.maximum(gains, 0.0)))


@pytest.mark.parametrize("objective", [Objective.NASH, Objective.MONTHS])
def test_other_objectives_out_of_budget_are_bounded_by_the_exact_ones(objective, monkeypatch):
    rng = np.random.default_rng(21)
    statuses = set()
    for k in range(24):
        problem = dividing_problem(rng, 7, 3) if k % 2 else random_problem(rng, 5, 3, 2, joint=True)
        given = {"objective": objective, "floor": float(best_order(problem).margin - 2.0)}
        if not np.isfinite(given["floor"]):
            continue
        if objective == Objective.NASH:
            given["reservation"] = dict(zip(problem.actors, [40.0, 42.0, 44.0], strict=True))
        with monkeypatch.context() as patched:
            exact = best_order(problem, **given)
            patched.setattr(search, "TRIALS", 1)
            short = best_order(problem, budget=1, **given)
        statuses.add(short.status)
        if exact.plan is None:
            assert short.plan is None
        elif objective == Objective.MONTHS:
            assert short.bound <= exact.value
            assert short.plan is None or short.value >= exact.value
        else:
            assert short.bound >= exact.value - 1e-6
            assert short.plan is None or short.value <= exact.value + 1e-6
    assert SearchStatus.BOUNDED in statuses


@pytest.mark.parametrize("joint", [True, False])
def test_weighted_sums_bound_those_of_all_orders(joint):
    rng = np.random.default_rng(31)
    for _ in range(40):
        problem = random_problem(rng, 4, 3, 3, joint=joint, ceasefire=False)
        game = lay_out(problem)
        weights = rng.random(3)
        sums = sums_on(game.graph, problem.discount, game.highest)
        largest, edges = largest_sums(game.graph, sums, weights)
        tried = [evaluate_plan(problem, plan).values[0] @ weights for plan in all_orders(problem)]
        assert largest[0] >= max(tried) - 1e-9
        reached = [game.stages[b] for b in game.graph.stage[edges]]
        behind = [Stage(tuple(steps_of(mask)), verified) for mask, verified in reached]
        assert evaluate_plan(problem, behind).values[0] @ weights <= largest[0] + 1e-9
        if not joint:  # every way to a pair is as long: the sum is exact
            assert largest[0] == pytest.approx(max(tried), abs=1e-9)


@pytest.mark.parametrize("trials", [0, 200])
def test_the_local_search_scores_orders_by_their_smallest_margin(trials):
    rng = np.random.default_rng(32)
    for _ in range(30):
        problem = random_problem(rng, 4, 2, 3, joint=True)
        game = lay_out(problem)
        alone = np.array([game.stages.index((1 << j, False)) for j in range(4)])
        masks = np.array([mask for mask, _ in game.stages])
        plan = next(all_orders(problem))
        start = np.array([game.stages.index((mask_of(s.steps), s.verified)) for s in plan])
        nobody = np.full(2, np.nan)
        found, score = improve_order(
            game.graph, masks, alone, start, MARGIN, -np.inf, nobody, trials, 1.0, 5
        )
        order = [Stage(tuple(steps_of(game.stages[b][0])), game.stages[b][1]) for b in found]
        assert score == pytest.approx(evaluate_plan(problem, order).margin, abs=1e-9)
        assert score >= evaluate_plan(problem, plan).margin - 1e-9


def test_a_late_plan_is_reported_and_never_found():
    problem = dividing_problem(np.random.default_rng(3), 3, 2)
    in_time = replace(problem, months=np.array([2, 3, 4]), deadline=np.array([-1, 4, -1]))
    late = evaluate_plan(in_time, [0, 1, 2])
    assert [(one.step, one.month, one.deadline) for one in late.missed] == [("s1", 5, 4)]
    assert late.missed[0].sentence == "s1 is complete in month 5; its deadline is 4."
    assert not late.admissible
    assert best_order(in_time).plan.order[0] == ("s1",)
    never = replace(in_time, deadline=np.array([2, 3, -1]))
    assert best_order(never).status == SearchStatus.NO_ORDER


@pytest.mark.parametrize("block", BLOCKS[:2])
def test_a_search_out_of_budget_is_bounded_by_the_exact_one(block, monkeypatch):
    monkeypatch.setattr(search, "TRIALS", 1)
    statuses = set()
    rng = np.random.default_rng([7, block])
    for k in range(20):
        problem = dividing_problem(rng, 8, 3) if k % 2 else random_problem(rng, 6, 3, 2)
        exact = best_order(problem)
        short = best_order(problem, budget=1)
        statuses.add(short.status)
        assert exact.status == SearchStatus.EXACT
        assert short.margin <= exact.margin + 2 * TOLERANCE
        assert short.bound >= exact.margin - 2 * TOLERANCE
        if np.isfinite(exact.margin):
            assert short.gap == pytest.approx(short.bound - short.margin, abs=1e-12)
    assert SearchStatus.BOUNDED in statuses


def test_best_order_where_values_trade_off():
    rng = np.random.default_rng(8)
    for _ in range(2):
        problem = dividing_problem(rng, 6, 3)
        tried = [evaluate_plan(problem, list(order)).margin for order in permutations(range(6))]
        assert best_order(problem).margin == pytest.approx(max(tried), abs=2 * TOLERANCE)


@pytest.mark.parametrize("block", BLOCKS[:2])
def test_orders_under_extra_constraints(block):
    for problem, _ in games(block, count=40, joint=True):
        if problem.n_steps < 2:
            continue
        found = best_order(problem, required_before=before_pairs(["s1"], ["s0"]))
        obeying = [
            evaluate_plan(problem, plan).margin
            for plan in all_orders(problem)
            if position(plan, 1) < position(plan, 0)
        ]
        assert found.margin == pytest.approx(max(obeying, default=-np.inf), abs=2 * TOLERANCE)
        group = next(mask for mask, _ in problem.stages if mask & (mask - 1))
        together = [j for j in range(problem.n_steps) if group >> j & 1]
        forced = best_order(problem, together=[together])
        joined = [
            evaluate_plan(problem, plan).margin
            for plan in all_orders(problem)
            if any(mask_of(stage.steps) == group for stage in plan)
        ]
        verifications = {verified for mask, verified in problem.stages if mask == group}
        if len(verifications) == 1:
            assert forced.margin == pytest.approx(max(joined, default=-np.inf), abs=2 * TOLERANCE)


def position(plan, step):
    return next(k for k, stage in enumerate(plan) if step in stage.steps)


@pytest.mark.parametrize("block", BLOCKS[:2])
def test_many_draws_at_once_are_many_single_evaluations(block):
    for problem, rng in games(block, count=15):
        plan = next(all_orders(problem))
        varied = [
            replace(
                problem,
                discount=rng.uniform(0.8, 0.99, problem.discount.shape),
                flows=problem.flows + rng.uniform(-1, 1, problem.flows.shape),
                attack=problem.attack + rng.uniform(-1, 1, problem.attack.shape),
                costs=problem.costs * rng.uniform(0, 2),
            )
            for _ in range(5)
        ]
        names = ("discount", "costs", "gain", "fighting_cost", "flows", "attack", "renege")
        draws = PayoffDraws(**{k: np.stack([getattr(one, k) for one in varied]) for k in names})
        found = plan_margins(problem, draws, plan)
        for k, one in enumerate(varied):
            single = evaluate_plan(one, plan)
            assert found.margins[k] == single.margin
            assert found.weakest[k] == single.weakest
            assert found.values_at_start[k].tolist() == single.values[0].tolist()
            assert found.constraint_margins[k].tolist() == [c.margin for c in single.constraints]
            assert found.self_enforcing[k] == single.self_enforcing


@pytest.mark.parametrize("block", BLOCKS[:2])
def test_a_plan_needs_only_the_tables_it_names(block):
    for problem, rng in games(block, count=20):
        plans = list(all_orders(problem))
        plan = plans[rng.integers(len(plans))]
        needed = plan_states(problem, plan)
        everything = needed_states(
            problem.requires, problem.stages, problem.owners, problem.reversible
        )
        assert set(needed.tolist()) <= set(everything.tolist())
        rows = np.searchsorted(problem.states, needed)
        small = replace(
            problem,
            states=needed,
            flows=problem.flows[rows],
            attack=problem.attack[rows],
            renege=problem.renege[rows],
        )
        assert evaluate_plan(small, plan).margin == evaluate_plan(problem, plan).margin


def guaranteed(problem, rng, conditional):
    """The same game with breaches worth less, or for one actor also more, when honoured."""
    low = -1.0 if conditional else -8.0
    shift = rng.uniform(low if not conditional else 0.0, 12.0, problem.attack.shape)
    attack = problem.attack - shift
    return replace(problem, attack=attack, renege=attack)


@pytest.mark.parametrize("conditional", [True, False])
def test_windows_where_linear_are_what_a_scan_finds(conditional):
    for problem, rng in games(11, count=25, most_steps=3, frozen=False):
        other = guaranteed(problem, rng, conditional)
        plan = next(all_orders(problem))
        window = guarantee_window(problem, other, plan)
        scan = scan_guarantee(lambda g, a=problem, b=other: mix(a, b, g), plan, points=21)
        if window.empty:
            assert scan.intervals == ()
        elif window.high - window.low > scan.resolution:
            assert len(scan.intervals) == 1
            assert scan.intervals[0].low == pytest.approx(window.low, abs=1e-5)
            assert scan.intervals[0].high == pytest.approx(window.high, abs=1e-5)
        middle = {actor: (low + high) / 2 for actor, (low, high) in window.by_actor.items()}
        each = all(low <= high for low, high in window.by_actor.values())
        assert window.holds(middle) == each


@pytest.mark.parametrize("conditional", [True, False])
@pytest.mark.parametrize("budget", [400_000, 1])
def test_smallest_credibility_is_the_lowest_window_of_all_orders(conditional, budget, monkeypatch):
    if budget == 1:
        monkeypatch.setattr(window_search, "BEAM", 1)
    for problem, rng in games(12, count=50, frozen=False):
        other = guaranteed(problem, rng, conditional)
        windows = [guarantee_window(problem, other, plan) for plan in all_orders(problem)]
        lowest = min((w.low for w in windows if not w.empty), default=None)
        found = smallest_credibility(problem, other, budget=budget)
        if found.status == SearchStatus.EXACT:
            assert (found.credibility is None) == (lowest is None)
            if lowest is not None:
                assert found.credibility == pytest.approx(lowest, abs=1e-7)
                assert found.plan.margin >= -1e-7
        elif lowest is not None:
            assert found.at_least <= lowest + 1e-7
            assert found.credibility is None or found.credibility >= lowest - 1e-7


def test_stage_given_by_index_label_or_object():
    problem, _ = next(games(3, count=1, joint=False, requires=False))
    n = problem.n_steps
    by_index = evaluate_plan(problem, list(range(n)))
    by_label = evaluate_plan(problem, [(f"s{j}",) for j in range(n)])
    by_stage = evaluate_plan(problem, [Stage((j,)) for j in range(n)])
    assert by_index.margin == by_label.margin == by_stage.margin
