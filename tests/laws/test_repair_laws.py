"""Laws of repairs, of comparisons of plans and of bargaining again along a plan."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.problems.implementation import TOLERANCE, single_draw
from servanda.results.plan import BreachKind
from servanda.results.repairs import RepairKind
from servanda.solvers.belief_comparison import compare_beliefs
from servanda.solvers.credibility_scan import scan_best_order
from servanda.solvers.first_breach import first_breach
from servanda.solvers.plan import evaluate_plan, plan_margins
from servanda.solvers.plan_comparison import compare_plans
from servanda.solvers.renegotiation import renegotiation
from servanda.solvers.repairs import smallest_repairs
from twins.plan_by_definition import all_orders, random_problem

NOISE = 1e-8
laws = settings(max_examples=30, deadline=None)


@st.composite
def games(draw, most_steps=3, **switch):
    """A small random game, the end made better by chance, with a plan for it."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    problem = random_problem(rng, draw(st.integers(1, most_steps)), draw(st.integers(1, 3)), 2)
    flows = problem.flows.copy()
    flows[-1] += draw(st.sampled_from([0.0, 3.0, 6.0]))
    problem = replace(problem, flows=flows, **switch)
    plans = list(all_orders(problem))
    return problem, plans[int(rng.integers(len(plans)))], rng


@laws
@given(games())
def test_a_repair_that_suffices_makes_its_plan_kept_and_no_other_does(game):
    problem, plan, _ = game
    before = evaluate_plan(problem, plan)
    found = smallest_repairs(problem, plan)
    assert bool(found) == (not before.self_enforcing)
    for one in found:
        assert one.suffices == (one.plan is not None and one.plan.self_enforcing)
        assert one.suffices == (one.margin >= -TOLERANCE)
        assert one.before == before.margin
        assert one.to_dict()["sentence"] == one.sentence


@laws
@given(games())
def test_repairs_are_the_same_every_time_and_leave_the_game_as_it_was(game):
    problem, plan, _ = game
    names = ("flows", "attack", "renege", "delay", "reversible", "requires", "states")
    before = {name: getattr(problem, name).copy() for name in names}
    one, other = smallest_repairs(problem, plan), smallest_repairs(problem, plan)
    assert [repair.to_dict() for repair in one] == [repair.to_dict() for repair in other]
    renegotiation(problem, plan)
    first_breach(problem, plan)
    compare_plans(problem, single_draw(problem), {"plan": plan})
    scan_best_order(lambda _: problem, points=2)
    assert all(np.array_equal(before[name], getattr(problem, name)) for name in names)


@laws
@given(games())
def test_relabelling_actors_relabels_the_first_breach_and_keeps_the_sizes(game):
    problem, plan, rng = game
    order = rng.permutation(len(problem.actors))
    per_actor = ("discount", "belligerent", "owners", "costs", "delay", "gain", "reversible")
    tables = ("fighting_cost", "flows", "attack", "renege")
    turned = replace(
        problem,
        actors=tuple(problem.actors[i] for i in order),
        **{name: getattr(problem, name)[..., order] for name in (*per_actor, *tables)},
    )
    here, there = first_breach(problem, plan), first_breach(turned, plan)
    assert (here is None) == (there is None)
    if here is None:
        return
    assert abs(here.gain - there.gain) < NOISE
    sized = (RepairKind.REORDER, RepairKind.EXCHANGE, RepairKind.LOCK, RepairKind.PAYMENT)
    sizes = [
        {one.kind: one.size for one in smallest_repairs(at, plan, kinds=sized)}
        for at in (problem, turned)
    ]
    for kind in sized:
        one, other = sizes[0][kind], sizes[1][kind]
        assert (one is None) == (other is None)
        assert one is None or abs(one - other) < 1e-4


@laws
@given(games())
def test_nobody_gains_by_a_breach_before_the_first(game):
    problem, plan, _ = game
    found = first_breach(problem, plan)
    for one in evaluate_plan(problem, plan).constraints:
        at = (one.constraint.stage, one.constraint.month)
        if found is None or at < (found.breach.constraint.stage, found.breach.constraint.month):
            assert one.margin >= -TOLERANCE


@laws
@given(games())
def test_advantages_cancel_and_no_even_split_asks_for_more_than_there_is(game):
    problem, plan, _ = game
    for one in renegotiation(problem, plan).states:
        assert abs(sum(one.advantage.values())) < NOISE
        if all(points >= 0.0 for points in one.surplus.values()):
            for actor, points in one.advantage.items():
                assert points <= one.could_ask[actor] + NOISE


@laws
@given(games())
def test_a_belligerents_surplus_is_its_margin_against_attack(game):
    problem, plan, _ = game
    states = renegotiation(problem, plan).states
    for one in evaluate_plan(problem, plan).constraints:
        at = one.constraint
        now = at.kind == BreachKind.ATTACK or (
            at.kind == BreachKind.END_ATTACK and at.clock == states[-1].clock
        )
        if now and at.month == 0:
            assert abs(states[at.stage].surplus[at.actor] - one.margin) < NOISE


@laws
@given(games())
def test_a_constant_added_to_everything_an_actor_gets_moves_no_surplus(game):
    problem, plan, rng = game
    shift = np.zeros(len(problem.actors))
    shift[rng.integers(len(shift))] = rng.uniform(-40, 40)
    moved = replace(
        problem,
        flows=problem.flows + shift,
        attack=problem.attack + shift,
        renege=problem.renege + shift,
    )
    pairs = zip(renegotiation(problem, plan).states, renegotiation(moved, plan).states, strict=True)
    for one, other in pairs:
        for actor, points in one.surplus.items():
            assert abs(points - other.surplus[actor]) < 1e-6
            assert abs(one.advantage[actor] - other.advantage[actor]) < 1e-6


@laws
@given(games())
def test_one_draw_of_a_comparison_is_the_game_itself(game):
    problem, plan, _ = game
    own = single_draw(problem)
    (one,) = compare_plans(problem, own, {"plan": plan}).plans
    assert one.margins[0.5] == one.at_centre
    assert one.regret_most == 0.0
    assert one.probability == float(evaluate_plan(problem, plan).self_enforcing)
    same = plan_margins(problem, own, plan)
    assert compare_beliefs(same, same).disputed == ()
