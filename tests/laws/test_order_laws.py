"""Laws of orders of implementation, each with the limits inside which it is true."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.problems.implementation import ImplementationProblem
from servanda.problems.state_sets import mask_of, steps_of
from servanda.solvers.best_order import best_order
from servanda.solvers.guarantee_window import guarantee_window
from servanda.solvers.plan import Stage, evaluate_plan
from twins.plan_by_definition import all_orders, random_problem

NOISE = 1e-8


@st.composite
def games(draw, most_steps=4, knots=4, **switch):
    """A small random game with a plan for it; everything follows from one seed."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    problem = random_problem(
        rng,
        draw(st.integers(1, most_steps)),
        draw(st.integers(1, 3)),
        draw(st.integers(1, knots)),
        **switch,
    )
    plans = list(all_orders(problem))
    return problem, plans[int(rng.integers(len(plans)))], rng


laws = settings(max_examples=40)


@laws
@given(games())
def test_raising_a_terminal_value_raises_the_margin(game):
    problem, plan, rng = game
    flows = problem.flows.copy()
    flows[-1, rng.integers(len(problem.actors))] += rng.uniform(0, 10)
    better = replace(problem, flows=flows)
    assert evaluate_plan(better, plan).margin >= evaluate_plan(problem, plan).margin - NOISE
    assert best_order(better).margin >= best_order(problem).margin - NOISE


@laws
@given(games(frozen=False))
def test_raising_a_war_value_lowers_the_margin_where_collapse_is_war(game):
    problem, plan, rng = game
    attack = problem.attack + rng.uniform(0, 5, problem.attack.shape)
    worse = replace(problem, attack=attack, renege=attack)
    assert evaluate_plan(worse, plan).margin <= evaluate_plan(problem, plan).margin + NOISE
    assert best_order(worse).margin <= best_order(problem).margin + NOISE


@laws
@given(games(frozen=True))
def test_raising_the_value_of_ones_own_attack_lowers_the_margin(game):
    problem, plan, rng = game
    worse = replace(problem, attack=problem.attack + rng.uniform(0, 5, problem.attack.shape))
    assert evaluate_plan(worse, plan).margin <= evaluate_plan(problem, plan).margin + NOISE


@laws
@given(games(frozen=False, belligerent=1.0))
def test_a_conditional_guarantee_that_does_at_g_does_at_more(game):
    problem, plan, rng = game
    # Void where its protected side breaks: it lowers others' collapse and raises nobody's.
    attack = problem.attack - rng.uniform(0, 12, problem.attack.shape)
    window = guarantee_window(problem, replace(problem, attack=attack, renege=attack), plan)
    assert window.high == 1
    assert window.high_binding is None


def with_dummy(problem):
    """One more step: at once, nobody's, free, changing nothing."""
    n, S = problem.n_steps, 1 << problem.n_steps
    assert len(problem.states) == S

    def row(array, value):
        return np.concatenate([array, np.full((1, *array.shape[1:]), value, dtype=array.dtype)])

    return replace(
        problem,
        steps=(*problem.steps, "dummy"),
        months=row(problem.months, 0),
        requires=row(problem.requires, 0),
        ceasefire=row(problem.ceasefire, False),
        stages=(*problem.stages, (1 << n, False)),
        states=np.arange(2 * S),
        flows=np.concatenate([problem.flows, problem.flows]),
        attack=np.concatenate([problem.attack, problem.attack]),
        renege=np.concatenate([problem.renege, problem.renege]),
        **{
            name: row(getattr(problem, name), 0)
            for name in ("owners", "costs", "delay", "gain", "reversible")
        },
    )


@laws
@given(games(most_steps=3))
def test_a_step_that_does_nothing_changes_nothing(game):
    problem, plan, rng = game
    wider = with_dummy(problem)
    # Not last: while a step is left one can still walk away from it, and collapse may be frozen.
    at = int(rng.integers(len(plan)))
    longer = [*plan[:at], Stage((problem.n_steps,)), *plan[at:]]
    margin = evaluate_plan(problem, plan).margin
    assert np.isclose(evaluate_plan(wider, longer).margin, margin, atol=NOISE) or margin == np.inf
    best = best_order(problem).margin
    assert np.isclose(best_order(wider).margin, best, atol=NOISE) or best == np.inf


@laws
@given(games())
def test_relabelling_actors_permutes_the_answer(game):
    problem, plan, rng = game
    order = rng.permutation(len(problem.actors))
    per_actor = ("discount", "belligerent", "owners", "costs", "delay", "gain", "reversible")
    tables = ("fighting_cost", "flows", "attack", "renege")
    turned = replace(
        problem,
        actors=tuple(problem.actors[i] for i in order),
        **{name: getattr(problem, name)[..., order] for name in (*per_actor, *tables)},
    )
    one, other = evaluate_plan(problem, plan), evaluate_plan(turned, plan)
    assert one.margin == other.margin
    assert np.array_equal(one.values[:, order], other.values)
    found, found_turned = best_order(problem), best_order(turned)
    assert found.margin == found_turned.margin
    assert found.plan.order == found_turned.plan.order


def rescaled(problem, scale, shift):
    """The same game with each actor's values in another unit and from another zero, (A,) both."""
    return replace(
        problem,
        flows=problem.flows * scale + shift,
        attack=problem.attack * scale + shift,
        renege=problem.renege * scale + shift,
        costs=problem.costs * scale,
        gain=problem.gain * scale,
        fighting_cost=problem.fighting_cost * scale,
    )


@laws
@given(games())
def test_an_actors_own_scale_does_not_decide_whether_a_plan_is_kept(game):
    problem, plan, rng = game
    A = len(problem.actors)
    scale, shift = np.ones(A), np.zeros(A)
    actor = rng.integers(A)
    scale[actor], shift[actor] = rng.uniform(0.2, 5), rng.uniform(-50, 50)
    one = evaluate_plan(problem, plan)
    other = evaluate_plan(rescaled(problem, scale, shift), plan)
    if abs(one.margin) > 1e-6:
        assert one.self_enforcing == other.self_enforcing
    signs = [np.sign(round(c.margin, 6)) for c in one.constraints]
    assert signs == [
        np.sign(round(c.margin / scale[problem.actors.index(c.constraint.actor)], 6))
        for c in other.constraints
    ]


def remainder(problem, done):
    """The game that is left in a state: its other steps, nothing done yet."""
    left = steps_of(problem.full & ~done)
    place = {j: k for k, j in enumerate(left)}

    def small(mask):
        return mask_of(place[j] for j in steps_of(mask & ~done))

    states = np.arange(1 << len(left))
    rows = [
        problem.state_row(done | mask_of(left[k] for k in steps_of(int(state)))) for state in states
    ]
    return replace(
        problem,
        steps=tuple(problem.steps[j] for j in left),
        requires=np.array([small(int(problem.requires[j])) for j in left]),
        stages=tuple((small(mask), v) for mask, v in problem.stages if not mask & done),
        states=states,
        flows=problem.flows[rows],
        attack=problem.attack[rows],
        renege=problem.renege[rows],
        **{
            name: getattr(problem, name)[left]
            for name in ("months", "owners", "costs", "delay", "gain", "reversible", "ceasefire")
        },
    ), place


@laws
@given(games(knots=1, ceasefire=False, undo=False))
def test_every_suffix_of_a_plan_has_at_least_its_margin(game):
    # Without clocks, and with nothing done that could be undone.
    problem, plan, _ = game
    whole = evaluate_plan(problem, plan)
    done = 0
    for k, stage in enumerate(plan[:-1]):
        done |= mask_of(stage.steps)
        rest, place = remainder(problem, done)
        suffix = [Stage(tuple(place[j] for j in one.steps), one.verified) for one in plan[k + 1 :]]
        found = evaluate_plan(rest, suffix)
        assert found.margin >= whole.margin - NOISE
        assert np.allclose(found.values, whole.values[k + 1 :])


at_once = {"months": False, "costs": False, "terminal_only": True, "ceasefire": False}


@laws
@given(games(**at_once))
def test_merging_two_steps_into_a_verified_exchange_keeps_a_plan_kept(game):
    # Payoffs only at the end.
    problem, plan, rng = game
    if len(plan) < 2:
        return
    k = int(rng.integers(len(plan) - 1))
    merged = Stage(plan[k].steps + plan[k + 1].steps, verified=True)
    together = [*plan[:k], merged, *plan[k + 2 :]]
    if any(int(problem.requires[j]) & mask_of(plan[k].steps) for j in plan[k + 1].steps):
        return
    assert evaluate_plan(problem, together).margin >= evaluate_plan(problem, plan).margin - NOISE


@laws
@given(games(most_steps=3, knots=1, frozen=False, undo=False, delay=False, joint=False, **at_once))
def test_a_free_conditional_guarantee_can_come_first(game):
    # Payoffs only at the end, at once, collapse is war, the guarantor no player.
    problem, plan, rng = game
    wider = with_dummy(problem)
    S = len(problem.states)
    attack = wider.attack.copy()
    attack[S:] -= rng.uniform(0, 10, len(problem.actors))
    guaranteed: ImplementationProblem = replace(wider, attack=attack, renege=attack)
    guarantee = Stage((problem.n_steps,))
    at = int(rng.integers(len(plan) + 1))
    placed = evaluate_plan(guaranteed, [*plan[:at], guarantee, *plan[at:]])
    first = evaluate_plan(guaranteed, [guarantee, *plan])
    if placed.self_enforcing:
        assert first.self_enforcing


def test_an_unconditional_guarantee_may_have_to_come_later():
    # As above, but who is protected has it whoever breaks the peace, and so by its own breach, too.
    rng = np.random.default_rng(11)
    later = 0
    for _ in range(300):
        problem = random_problem(
            rng, 2, 2, 1, frozen=False, undo=False, delay=False, joint=False, **at_once
        )
        wider = with_dummy(problem)
        attack = wider.attack.copy()
        attack[len(problem.states) :] += rng.uniform(0, 10) * np.array([1.0, -1.0])
        guaranteed = replace(wider, attack=attack, renege=attack)
        guarantee, plan = Stage((problem.n_steps,)), next(all_orders(problem))
        first = evaluate_plan(guaranteed, [guarantee, *plan])
        last = evaluate_plan(guaranteed, [*plan, guarantee])
        later += last.self_enforcing and not first.self_enforcing
    assert later


@laws
@given(games(requires=True))
def test_fewer_prerequisites_never_lower_the_best_margin(game):
    problem, _, rng = game
    requires = problem.requires.copy()
    requires[rng.integers(problem.n_steps)] = 0
    freer = replace(problem, requires=requires)
    assert best_order(freer).margin >= best_order(problem).margin - NOISE


@laws
@given(games(knots=1, delay=True))
def test_earlier_detection_never_hurts_where_cheating_pays(game):
    problem, plan, rng = game
    # Cheating pays: hidden months are worth more than any collapse.
    paying = replace(problem, gain=np.full_like(problem.gain, 40.0))
    sooner = replace(paying, delay=np.maximum(paying.delay - rng.integers(0, 4), 0))
    assert evaluate_plan(sooner, plan).margin >= evaluate_plan(paying, plan).margin - NOISE


def test_one_actors_scale_may_decide_which_order_has_the_largest_smallest_margin():
    # Whether a plan is kept does not depend on it; comparing margins between actors does.
    rng = np.random.default_rng(3)
    changed = 0
    for _ in range(50):
        problem = random_problem(rng, 3, 2, 1)
        coarser = rescaled(problem, np.array([0.05, 1.0]), np.zeros(2))
        changed += best_order(coarser).plan.order != best_order(problem).plan.order
    assert changed


def test_more_patience_can_break_a_plan():
    # In general patience does not keep feasibility: here the pause is worth more than its end.
    rng = np.random.default_rng(4)
    broken = 0
    for _ in range(200):
        problem = random_problem(rng, 2, 2, 1, months=True)
        plan = next(all_orders(problem))
        patient = replace(problem, discount=problem.discount**0.25)
        broken += (
            evaluate_plan(problem, plan).self_enforcing
            and not evaluate_plan(patient, plan).self_enforcing
        )
    assert broken


@laws
@given(games())
def test_arrays_are_left_as_they_were(game):
    problem, plan, _ = game
    names = ("flows", "attack", "renege", "costs", "gain", "requires", "states")
    before = {name: getattr(problem, name).copy() for name in names}
    evaluate_plan(problem, plan)
    best_order(problem)
    assert all(np.array_equal(before[name], getattr(problem, name)) for name in names)
    assert not any(getattr(problem, name).flags.writeable for name in names)


@laws
@given(games())
def test_a_later_deadline_never_lowers_the_best_margin(game):
    problem, _, rng = game
    tight = rng.integers(problem.months, problem.months.sum() + 1)
    strict = best_order(replace(problem, deadline=tight))
    looser = best_order(replace(problem, deadline=tight + rng.integers(0, 4)))
    free = best_order(problem)
    assert strict.margin - NOISE <= looser.margin <= free.margin + NOISE
    assert strict.plan is None or strict.plan.admissible


@laws
@given(games())
def test_a_lower_floor_never_takes_longer_and_never_shares_out_less(game):
    problem, _, rng = game
    best = best_order(problem).margin
    if not np.isfinite(best):
        return
    low, high = best - rng.uniform(1, 9), best - rng.uniform(0, 1)
    quick = [best_order(problem, objective="fewest-months", floor=one) for one in (low, high)]
    assert quick[0].value <= quick[1].value
    reservation = dict.fromkeys(problem.actors, -1e3)
    fair = [
        best_order(problem, objective="nash-product", floor=one, reservation=reservation)
        for one in (low, high)
    ]
    assert fair[0].value >= fair[1].value * (1 - 1e-9)
