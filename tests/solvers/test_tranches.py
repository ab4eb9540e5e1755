"""Fewest tranches: Schelling's reciprocal handovers, plans in rounds, and scenarios."""

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios import A, B, build, changed, random_raw
from servanda.errors import ProblemError
from servanda.problems.agreement import agreement
from servanda.problems.from_scenario import translate
from servanda.problems.implementation_game import implementation_game
from servanda.problems.parameters import central
from servanda.problems.tranches import parts_of
from servanda.problems.war_binding import bind_war
from servanda.solvers.best_order import best_order
from servanda.solvers.orders import deal_in_tranches
from servanda.solvers.plan import evaluate_plan
from servanda.solvers.tranches import in_rounds, smallest_tranches
from servanda.solvers.war_table import WarTable
from twins import agreement_by_definition as peace
from twins.test_agreement_twin import chosen

BOTH = {"north's": 12, "south's": 12}
"""At most so many parts."""


def handovers(shift, slack, *, verified=False):
    """Each hands over what shifts the value of war; all else is paid at the end."""

    def problem_at(tranches):
        def attack(done):
            ahead = shift * (done.share("south's") - done.share("north's"))
            return {"north": 50 - slack[0] + ahead, "south": 50 - slack[1] - ahead}

        return implementation_game(
            ["north", "south"],
            ["south's", "north's"],
            discount=0.9,
            owners={"south's": "south", "north's": "north"},
            flow=lambda done: [50, 50],
            attack=attack,
            tranches=tranches,
            joint=[(("south's", "north's"), True)] if verified else [],
        )

    return problem_at


SHIFTS = st.integers(1, 40).map(float)
SLACKS = st.integers(4, 40).map(float)


@settings(max_examples=15, deadline=None)
@given(SHIFTS, SLACKS, SLACKS)
def test_as_many_tranches_as_shift_over_slack(shift, north, south):
    found = smallest_tranches(handovers(shift, (north, south)), BOTH)
    wanted = math.ceil(shift / max(north, south))
    assert found.exact
    assert max(found.smallest.values()) == wanted
    assert found.margin >= 0
    in_turn = smallest_tranches(handovers(shift, (north, south)), BOTH, plan=["south's", "north's"])
    assert max(in_turn.smallest.values()) == math.ceil(shift / north)


@settings(max_examples=15, deadline=None)
@given(SHIFTS, SLACKS, SLACKS)
def test_more_parts_of_reciprocal_handovers_never_hurt(shift, north, south):
    """At the end of a handover that shifts value both ways alike; not true of any step."""
    found = smallest_tranches(handovers(shift, (north, south)), {"north's": 5, "south's": 5})
    assert all(b >= a - 1e-9 for a, b in pairwise(found.together))


@settings(max_examples=15, deadline=None)
@given(SHIFTS, SLACKS, SLACKS)
def test_no_step_could_have_a_part_fewer(shift, north, south):
    problem_at = handovers(shift, (north, south))
    found = smallest_tranches(problem_at, BOTH)
    for name, count in found.smallest.items():
        if count > 1:
            fewer = {**found.smallest, name: count - 1}
            assert best_order(problem_at(fewer)).margin < 0


def test_the_same_question_has_the_same_answer():
    problem_at = handovers(30.0, (10.0, 10.0))
    one, other = smallest_tranches(problem_at, BOTH), smallest_tranches(problem_at, BOTH)
    assert one.to_dict() == other.to_dict()


def test_a_verified_exchange_of_like_parts_shifts_nothing():
    found = best_order(handovers(30.0, (10.0, 10.0), verified=True)({"north's": 3, "south's": 3}))
    assert found.plan.order == (
        ("south's 1/3", "north's 1/3"),
        ("south's 2/3", "north's 2/3"),
        ("south's 3/3", "north's 3/3"),
    )
    assert found.margin == pytest.approx(10)


def test_what_cannot_be_reached_is_said_with_the_best_there_is():
    found = smallest_tranches(handovers(30.0, (10.0, 10.0)), {"north's": 2, "south's": 2})
    assert found.smallest is None
    assert found.margin == pytest.approx(-5)
    assert found.together == pytest.approx((-20, -5))
    assert found.helps == pytest.approx({"north's": 15, "south's": 15})
    assert found.reason == (
        "No division reaches 0 points; the best is -5.00 points, with north's in 2 parts."
    )
    enough = smallest_tranches(handovers(30.0, (40.0, 10.0)), {"north's": 2})
    assert enough.smallest == {"north's": 1}
    assert enough.reason == "Whole steps reach 0 points: 10.00."


def test_too_many_orders_leave_a_gap_and_no_complaint():
    whole = handovers(30.0, (10.0, 10.0))

    def problem_at(tranches):
        if sum(tranches.values()) > 5:
            raise ProblemError("steps: more than five sets of completed steps are possible")
        return whole(tranches)

    found = smallest_tranches(problem_at, {"north's": 4, "south's": 4})
    assert found.together[2:] == (None, None)
    assert not found.exact
    assert found.smallest is None


def test_in_rounds_every_stage_has_its_next_part_in_turn():
    game = implementation_game(
        ["north", "south"],
        ["truce", "land", "relief", "prisoners"],
        discount=0.9,
        requires={"land": "truce"},
        flow=lambda done: [50, 50],
        attack=lambda done: [40, 40],
        joint=[(("land", "relief"), True)],
    )
    tranches = {"land": 3, "relief": 3, "prisoners": 2}

    def names(plan, tranches):
        parts = parts_of(game.steps, tranches).names
        return [
            " + ".join(parts[part] for part in stage.steps)
            for stage in in_rounds(game, plan, tranches)
        ]

    assert names(["truce", "land", "relief", "prisoners"], tranches) == [
        "truce",
        "land 1/3",
        "relief 1/3",
        "prisoners 1/2",
        "land 2/3",
        "relief 2/3",
        "prisoners 2/2",
        "land 3/3",
        "relief 3/3",
    ]
    assert names(["truce", ("land", "relief"), "prisoners"], {"land": 4, "relief": 2}) == [
        "truce",
        "land 1/4",
        "prisoners",
        "land 2/4 + relief 1/2",
        "land 3/4",
        "land 4/4 + relief 2/2",
    ]


@pytest.mark.parametrize("seed", range(4))
def test_a_package_in_tranches(seed):
    raw = changed(
        random_raw(seed, certain=True),
        {
            **{f"war.costs.{name}": 20.0 for name in (A, B)},
            "steps.empty-zone.tranches": 2,
            "steps.sign-treaty.tranches": 2,
        },
    )
    scenario = build(raw)
    translation = translate(scenario)
    table = WarTable(bind_war(translation, central(translation.parameters)), threads=1)
    wanted = {"land": "demilitarised", "pact": "treaty"}
    package = next(p for p in peace.packages(scenario) if wanted.items() <= p.items())
    deal = agreement(translation, chosen(scenario, package))
    found = deal_in_tranches(table, deal)
    assert set(found.alone) == {"empty-zone", "sign-treaty"}
    assert all(len(margins) == 2 for margins in found.alone.values())
    assert found.plan.margin == found.margin
    assert (found.margin >= -1e-9) == (found.smallest is not None)
    with_lines = deal_in_tranches(table, deal, held=[1])
    assert with_lines.margin <= max(found.margin, *(m for m in found.together)) + 1e-9
    order = [step for stage in with_lines.plan.order for step in stage]
    promises = [k for k, name in enumerate(order) if "sign-treaty" in name or name == "end-aid"]
    land = [k for k, name in enumerate(order) if "zone" in name]
    assert max(promises) < min(land)


def test_a_plan_in_tranches_is_evaluated_as_it_stands():
    problem_at = handovers(30.0, (10.0, 10.0))
    whole = problem_at({})
    found = smallest_tranches(problem_at, BOTH, plan=["south's", "north's"])
    tranches = found.smallest
    again = evaluate_plan(problem_at(tranches), in_rounds(whole, ["south's", "north's"], tranches))
    assert again.margin == found.margin


def test_a_red_line_that_no_order_honours_is_said():
    raw = random_raw(1, certain=True)
    raw["red-lines"]["land-last"]["only-after"] = ["sign-treaty"]
    scenario = build(raw)
    translation = translate(scenario)
    table = WarTable(bind_war(translation, central(translation.parameters)), threads=1)
    wanted = {"land": "demilitarised", "pact": "none"}
    package = next(p for p in peace.packages(scenario) if wanted.items() <= p.items())
    deal = agreement(translation, chosen(scenario, package))
    with pytest.raises(ProblemError, match="can be honoured in no order"):
        deal_in_tranches(table, deal, held=[1])
