"""First breaches and smallest repairs against trying everything, on small random games."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from servanda.problems.implementation import TOLERANCE
from servanda.problems.implementation_game import implementation_game
from servanda.problems.state_sets import mask_of, steps_of
from servanda.results.repairs import RepairKind
from servanda.solvers.detection_delay import detected_sooner, sooner_detection
from servanda.solvers.first_breach import UNDOINGS, first_breach
from servanda.solvers.guarantee_window import mix
from servanda.solvers.nearest_order import nearest_order
from servanda.solvers.plan import Stage, evaluate_plan, plan_states
from servanda.solvers.plan_payment import plan_payment
from servanda.solvers.repairs import smallest_repairs
from servanda.solvers.reversal import locks, snap_backs, with_snap_back
from servanda.solvers.side_payment import Fund
from servanda.solvers.verified_exchange import verified_exchange
from twins import repairs_by_definition as slow
from twins.plan_by_definition import all_orders, random_problem

BLOCKS = range(3)


def broken_plans(block, count=25, most_steps=4, raise_by=0.0, **switch):
    """Games with a plan that somebody breaks; the end is made better so that some can be mended."""
    rng = np.random.default_rng([41, block])
    found = 0
    while found < count:
        problem = random_problem(
            rng, int(rng.integers(2, most_steps + 1)), int(rng.integers(1, 4)), 2, **switch
        )
        flows = problem.flows.copy()
        flows[-1] += raise_by
        problem = replace(problem, flows=flows)
        plans = list(all_orders(problem))
        plan = plans[int(rng.integers(len(plans)))]
        if not evaluate_plan(problem, plan).self_enforcing:
            found += 1
            yield problem, plan, rng


@pytest.mark.parametrize("block", BLOCKS)
def test_the_first_breach_is_the_first_month_in_which_one_pays(block):
    for problem, plan, _ in broken_plans(block):
        found = first_breach(problem, plan)
        stage, month, gains = slow.first_broken_moment(problem, plan)
        assert (found.breach.constraint.stage, found.breach.constraint.month) == (stage, month)
        assert found.gain == pytest.approx(max(gains.values()), abs=1e-9)
        best = max(gains, key=lambda i: gains[i])
        assert found.breach.constraint.actor == problem.actors[best]
        assert set(found.done) == {problem.steps[j] for s in plan[:stage] for j in s.steps}
        assert found.breach.constraint.actor in found.sentence


def test_what_shows_after_a_breach_is_the_state_whose_collapse_was_counted():
    kinds = set()
    for problem, plan, _ in broken_plans(5, count=150):
        told = []

        def remember(actor, state, clock, attack, told=told):
            told.append((actor, state, clock, attack))

        found = first_breach(problem, plan, aftermath=remember)
        one = found.breach.constraint
        (actor, state, clock, attack), *_ = told
        table = (problem.attack if attack else problem.renege)[problem.state_row(state), :, actor]
        collapse = np.interp(clock, problem.clocks, table)
        # The breach is worth the collapse alone, or after hidden months and those of the stage.
        hidden = {"cheat", "undo", "shirk", "end-undo"}
        if one.kind.value not in hidden:
            assert found.breach.breach == pytest.approx(collapse, abs=1e-9)
        else:
            marked = problem.renege.copy()
            marked[problem.state_row(state), :, actor] += 1.0
            raised = evaluate_plan(replace(problem, renege=marked), plan)
            place = [other.constraint for other in raised.constraints].index(one)
            assert raised.constraints[place].breach > found.breach.breach
        kinds.add(one.kind)
    assert len(kinds) >= 5


@pytest.mark.parametrize("block", BLOCKS)
def test_the_nearest_order_moves_the_fewest_stages(block):
    moved = 0
    for problem, plan, _ in broken_plans(block, raise_by=4.0):
        found = nearest_order(problem, plan)
        every = slow.nearest_orders(problem, plan)
        if not every:
            assert found.moves is None
            assert found.impossible
            continue
        moves, swaps, _ = min(every, key=lambda one: one[:2])
        best = max(one[2] for one in every if one[:2] == (moves, swaps))
        assert found.moves == found.at_least == moves
        assert found.plan.margin == pytest.approx(best, abs=1e-9)
        assert found.plan.self_enforcing
        moved += 1
    assert moved >= 3


def test_out_of_tries_the_nearest_order_is_bracketed():
    for problem, plan, _ in broken_plans(1, count=15, raise_by=4.0):
        exact = nearest_order(problem, plan)
        short = nearest_order(problem, plan, tries=1)
        assert short.tried <= 1
        if exact.moves is not None:
            assert short.at_least <= exact.moves
            assert short.moves is None or short.moves >= exact.moves
            if short.moves is not None:
                assert short.plan.self_enforcing


def test_tables_of_one_plan_leave_only_what_they_cover():
    for problem, plan, _ in broken_plans(2, count=10):
        rows = np.searchsorted(problem.states, plan_states(problem, plan))
        narrow = replace(
            problem,
            states=problem.states[rows],
            flows=problem.flows[rows],
            attack=problem.attack[rows],
            renege=problem.renege[rows],
        )
        found = {one.kind: one for one in smallest_repairs(narrow, plan)}
        assert set(found) == set(RepairKind) - {RepairKind.TRANCHES, RepairKind.GUARANTEE}
        whole = {one.kind: one for one in smallest_repairs(problem, plan)}
        for one in found.values():
            # Nothing is certified that the whole tables would refute.
            if one.at_least is not None and whole[one.kind].size is not None:
                assert one.at_least <= whole[one.kind].size
            assert one.suffices == (one.plan is not None and one.plan.self_enforcing)


@pytest.mark.parametrize("block", BLOCKS)
def test_the_smallest_verified_exchange(block):
    mended = 0
    for problem, plan, _ in broken_plans(block, raise_by=4.0):
        found = verified_exchange(problem, plan)
        every = slow.exchanges(problem, plan)
        if not every:
            assert found.plan is None
            continue
        kept = [one for one in every if one[1] >= -TOLERANCE]
        assert found.complete
        if kept:
            size = min(one[0] for one in kept)
            best = max(one[1] for one in kept if one[0] == size)
            assert found.exchanged.bit_count() == size
            assert found.plan.margin == pytest.approx(best, abs=1e-9)
            mended += 1
        else:
            assert found.plan.margin == pytest.approx(max(one[1] for one in every), abs=1e-9)
    assert mended >= 3


@pytest.mark.parametrize("block", BLOCKS)
def test_locks_are_the_fewest_that_end_all_gain_from_undoing(block):
    some = 0
    for problem, plan, _ in broken_plans(block, undo=True, most_steps=3):
        found = locks(problem, plan)
        powers = [tuple(pair) for pair in np.argwhere(problem.reversible).tolist()]

        def tempting(pairs, problem=problem, plan=plan):
            reversible = problem.reversible.copy()
            for step, actor in pairs:
                reversible[step, actor] = False
            evaluation = evaluate_plan(replace(problem, reversible=reversible), plan)
            return any(
                one.constraint.kind in UNDOINGS and one.margin < -TOLERANCE
                for one in evaluation.constraints
            )

        fewest = next(
            n
            for n in range(len(powers) + 1)
            if any(not tempting(chosen) for chosen in combinations(powers, n))
        )
        assert len(found.pairs) == fewest
        assert not tempting(found.pairs)
        some += bool(fewest)
    assert some


@pytest.mark.parametrize("block", BLOCKS)
def test_snap_backs_by_definition_and_the_fewest_that_mend(block):
    mended = 0
    for problem, plan, _ in broken_plans(block, count=12, most_steps=3, raise_by=4.0):
        found = snap_backs(problem, plan)
        pairs = [(j, i) for j in range(problem.n_steps) for i in range(len(problem.actors))]
        singles = []
        for pair in pairs:
            attack, renege = slow.snapped_back(problem, [pair])
            game = with_snap_back(problem, [pair])
            assert np.array_equal(game.attack, attack)
            assert np.array_equal(game.renege, renege)
            singles.append(slow.margin(replace(problem, attack=attack, renege=renege), plan))
        if max(singles) >= -TOLERANCE:
            assert len(found.pairs) == 1
            assert found.plan.margin == pytest.approx(max(singles), abs=1e-8)
            mended += 1
        else:
            both = []
            for two in combinations(pairs, 2):
                attack, renege = slow.snapped_back(problem, two)
                both.append(slow.margin(replace(problem, attack=attack, renege=renege), plan))
            best = max([*both, *singles])
            assert found.plan.self_enforcing == (best >= -TOLERANCE)
            if best >= -TOLERANCE:
                assert len(found.pairs) == 2
    assert mended


@pytest.mark.parametrize("block", BLOCKS)
def test_sooner_detection_mends_and_no_step_can_do_with_less(block):
    mended = 0
    for problem, plan, _ in broken_plans(block, delay=True, undo=True, raise_by=5.0):
        found = sooner_detection(problem, plan)
        if found.plan is None:
            assert not problem.delay.any()
            continue
        if found.plan.self_enforcing:
            assert slow.kept(detected_sooner(problem, found.sooner), plan)
            for step in np.flatnonzero(found.sooner).tolist():
                for months in range(int(found.sooner[step])):
                    less = found.sooner.copy()
                    less[step] = months
                    assert not slow.kept(detected_sooner(problem, less), plan)
            mended += 1
        else:
            for months in range(1, int(problem.delay.max()) + 1):
                uniform = np.full(problem.n_steps, months)
                assert not slow.kept(detected_sooner(problem, uniform), plan)
    assert mended


@pytest.mark.parametrize("block", BLOCKS)
def test_the_smallest_payment(block):
    single = 0
    for problem, plan, rng in broken_plans(block, count=12, most_steps=3, raise_by=3.0):
        found = plan_payment(problem, plan)
        A, m = len(problem.actors), len(plan)
        pairs = [(p, r, k) for p in range(A) for r in range(A) if p != r for k in range(1, m + 1)]

        def paid(payer, receiver, stage, amount, problem=problem, plan=plan):
            flows = slow.paid_flows(problem, plan, payer, receiver, stage, amount)
            return replace(problem, flows=flows)

        mended = problem
        for one in found.payments:
            flows = slow.paid_flows(mended, plan, one.payer, one.receiver, one.stage, one.amount)
            mended = replace(mended, flows=flows)
        assert found.plan.margin == pytest.approx(slow.margin(mended, plan), abs=1e-8)
        assert found.suffices == found.plan.self_enforcing
        if found.suffices and len(found.payments) == 1:
            size = found.payments[0].amount
            for p, r, k in pairs:
                for amount in np.linspace(0.0, 0.999 * size, 6):
                    assert not evaluate_plan(paid(p, r, k, amount), plan).self_enforcing
            single += 1
        elif pairs:
            # No one payment does, of any size; and random sums of payments are no smaller.
            top = sum(one.amount for one in found.payments) if found.suffices else 200.0
            for p, r, k in pairs:
                for amount in np.linspace(0.0, 30.0, 12):
                    assert not evaluate_plan(paid(p, r, k, amount), plan).self_enforcing
            for _ in range(30):
                flows = problem.flows
                shares = rng.dirichlet(np.ones(len(pairs))) * 0.99 * top * rng.random()
                for (p, r, k), amount in zip(pairs, shares, strict=True):
                    changed = replace(problem, flows=flows)
                    flows = slow.paid_flows(changed, plan, p, r, k, amount)
                assert not evaluate_plan(replace(problem, flows=flows), plan).self_enforcing
    assert single


def test_a_fund_pays_where_no_party_can_and_no_more_than_it_holds():
    paid = 0
    for problem, plan, _ in broken_plans(7, count=20, most_steps=3):
        rich = plan_payment(problem, plan, funds=[Fund("reserve", 1000.0)])
        if not rich.suffices:
            continue
        poor = plan_payment(problem, plan, funds=[Fund("reserve", 0.0)])
        nobody = plan_payment(problem, plan)
        assert poor.suffices == nobody.suffices
        drawn = [one for one in rich.payments if one.payer == len(problem.actors)]
        if not poor.suffices:
            assert drawn
        months = np.cumsum([max(int(problem.months[j]) for j in s.steps) for s in plan])
        needed = sum(
            one.amount * problem.discount[one.receiver] ** months[one.stage - 1] for one in drawn
        )
        if drawn and len(rich.payments) == 1:
            exact = plan_payment(problem, plan, funds=[Fund("reserve", needed * 1.001)])
            short = plan_payment(problem, plan, funds=[Fund("reserve", needed * 0.999)])
            assert exact.suffices
            first = exact.payments[0].amount
            assert (
                not short.suffices
                or len(short.payments) > 1
                or (short.payments[0].amount >= first - 1e-9)
            )
            paid += 1
    assert paid


@pytest.mark.parametrize("block", BLOCKS)
def test_the_nearest_credibility_that_mends(block):
    mended = 0
    for problem, plan, rng in broken_plans(block, frozen=False, belligerent=1.0, raise_by=6.0):
        attack = problem.attack - rng.uniform(-2, 12, problem.attack.shape)
        surely = replace(problem, attack=attack, renege=attack)

        def game_at(g, problem=problem, surely=surely):
            return mix(problem, surely, g)

        now = float(rng.uniform(0, 0.3))
        if evaluate_plan(game_at(now), plan).self_enforcing:
            continue
        (found,) = smallest_repairs(
            game_at(now), plan, credibility={"pact": game_at}, assessed={"pact": now},
            kinds=[RepairKind.GUARANTEE],
        )  # fmt: skip
        grid = np.linspace(0, 1, 41)
        held = [g for g in grid if slow.kept(game_at(g), plan)]
        if not found.suffices:
            assert len(held) <= 2
            continue
        assert slow.kept(game_at(found.size), plan)
        away = found.size + np.sign(now - found.size) * 1e-3
        assert not slow.kept(game_at(away), plan)
        nearest = min((abs(g - now) for g in held), default=np.inf)
        assert abs(found.size - now) <= nearest + 1e-9
        assert f"{found.size:.3f}" in found.sentence
        mended += 1
    assert mended


def land_in_tranches(count):
    """Land worth 30 in equal parts, each answered by an equal part of money."""
    steps = [f"{what}-{k}" for k in range(count) for what in ("land", "money")]

    def flow(done):
        land = sum(one.startswith("land") for one in done) / count
        money = sum(one.startswith("money") for one in done) / count
        return {"north": 50 + 30 * land - 20 * money, "south": 50 - 20 * land + 30 * money}

    game = implementation_game(
        ["north", "south"], steps, discount=0.95, months=1, flow=flow,
        owners={one: "south" if one.startswith("land") else "north" for one in steps},
        belligerent=[], attack=flow, renege=flow,
        requires=dict(zip(steps[1:], steps[:-1], strict=True)),
    )  # fmt: skip
    return game, steps


def test_tranches_are_as_few_as_will_do():
    game, plan = land_in_tranches(1)

    def split(step, count):
        assert step == "land-0"
        return land_in_tranches(count)

    (found,) = smallest_repairs(
        game, plan, split=split, divisible=["land-0"], kinds=[RepairKind.TRANCHES]
    )
    tried = {n: evaluate_plan(*land_in_tranches(n)).self_enforcing for n in range(1, 13)}
    assert found.suffices == any(tried.values())
    if found.suffices:
        assert found.size == min(n for n, holds in tried.items() if holds)
    else:
        margins = [evaluate_plan(*land_in_tranches(n)).margin for n in range(2, 13)]
        assert found.margin == pytest.approx(max(margins))


def reapplied(problem, plan, one):
    """The mended game and plan, from what a repair says alone."""
    if one.kind in {RepairKind.REORDER, RepairKind.BEST_ORDER, RepairKind.EXCHANGE}:
        places = [tuple(map(problem.steps.index, stage.steps)) for stage in one.plan.stages]
        checked = [stage.verified for stage in one.plan.stages]
        return problem, [Stage(*both) for both in zip(places, checked, strict=True)]
    if one.kind == RepairKind.LOCK:
        reversible = problem.reversible.copy()
        for change in one.changes:
            reversible[problem.steps.index(change.name), problem.actors.index(change.by)] = False
        return replace(problem, reversible=reversible), plan
    if one.kind == RepairKind.SNAP_BACK:
        pairs = [(problem.steps.index(c.name), problem.actors.index(c.by)) for c in one.changes]
        attack, renege = slow.snapped_back(problem, pairs)
        return replace(problem, attack=attack, renege=renege), plan
    if one.kind == RepairKind.DETECTION:
        delay = problem.delay.copy()
        for change in one.changes:
            row = problem.steps.index(change.name)
            delay[row] = np.maximum(delay[row] - int(change.amount), 0)
        return replace(problem, delay=delay), plan
    assert one.kind == RepairKind.PAYMENT
    named = [" with ".join(problem.steps[j] for j in sorted(s.steps)) for s in plan]
    for change in one.changes:
        flows = slow.paid_flows(
            problem, plan, problem.actors.index(change.by), problem.actors.index(change.to),
            named.index(change.name) + 1, change.amount,
        )  # fmt: skip
        problem = replace(problem, flows=flows)
    return problem, plan


@pytest.mark.parametrize("block", BLOCKS)
def test_every_repair_reported_mends_the_plan_when_applied_again(block):
    sufficient = set()
    for problem, plan, _ in broken_plans(block, delay=True, undo=True, raise_by=3.0):
        before = slow.margin(problem, plan)
        for one in smallest_repairs(problem, plan):
            assert one.before == pytest.approx(before, abs=1e-9)
            assert one.sentence
            if one.plan is None:
                assert not one.suffices
                assert one.reason
                continue
            game, mended = reapplied(problem, plan, one)
            assert slow.margin(game, mended) == pytest.approx(one.margin, abs=1e-7)
            assert one.suffices == (one.plan.margin >= -TOLERANCE)
            if one.at_least is not None and one.size is not None:
                assert one.at_least == one.size
            if one.kind != RepairKind.BEST_ORDER:
                assert one.suffices == (one.size is not None)
            if one.suffices:
                sufficient.add(one.kind)
    assert len(sufficient) >= 4


def test_a_plan_that_is_kept_needs_no_repair():
    rng = np.random.default_rng(3)
    seen = 0
    while seen < 10:
        problem = random_problem(rng, 3, 2)
        plan = next(all_orders(problem))
        if evaluate_plan(problem, plan).self_enforcing:
            assert smallest_repairs(problem, plan) == ()
            assert first_breach(problem, plan) is None
            seen += 1


def test_the_exchange_named_is_a_verified_stage_of_the_plan():
    problem, plan, _ = next(broken_plans(0, count=1, raise_by=4.0))
    found = verified_exchange(problem, plan)
    (stage,) = [
        one
        for one in found.plan.stages
        if mask_of(problem.steps.index(name) for name in one.steps) == found.exchanged
    ]
    assert stage.verified
    assert len(stage.steps) == len(steps_of(found.exchanged))
