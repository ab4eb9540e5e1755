"""Worked examples of sequencing, asked for repairs: the same cases, read from their data."""

import json

import pytest

from literature.test_order_literature import (
    FIVE,
    HERE,
    ORDERS,
    TERRITORY,
    TRANCHES,
    cases,
    five_steps,
    handovers_in_tranches,
    territory_and_guarantee,
)
from servanda.results.repairs import RepairKind
from servanda.solvers.credibility_scan import scan_best_order
from servanda.solvers.first_breach import first_breach
from servanda.solvers.repairs import smallest_repairs


def window_of(order, mode):
    """The interval the cases state for an order; an exchange of both has one mode only."""
    rows = json.loads((HERE / TERRITORY).read_text(encoding="utf-8"))["cases"]
    return next(
        row["outputs"]["g_interval"]
        for row in rows
        if "g_interval" in row["outputs"]
        and row["inputs"]["order"] == order
        and row["inputs"]["mode"] == mode
    )


@pytest.mark.parametrize("g", [0.1, 0.5, 0.9])
@pytest.mark.parametrize(("given", "expected", "tolerance"), cases(TERRITORY, "g_interval"))
def test_what_mends_territory_first(given, expected, tolerance, g):
    if given["order"] != "T_then_G":
        inside = expected["g_interval"] is not None and (
            expected["g_interval"][0] - tolerance <= g <= expected["g_interval"][1] + tolerance
        )
        found = first_breach(territory_and_guarantee(given, g), ORDERS[given["order"]])
        assert (found is None) == inside
        return
    game = territory_and_guarantee(given, g)
    found = first_breach(game, ["T", "G"])
    assert found.breach.constraint.actor == "R"
    assert found.done == ("T",)
    repairs = {
        one.kind: one
        for one in smallest_repairs(
            game,
            ["T", "G"],
            credibility={"G": lambda g: territory_and_guarantee(given, g)},
            assessed={"G": g},
        )
    }
    assert not repairs[RepairKind.GUARANTEE].suffices  # no credibility does
    if given["mode"] == "unconditional":
        low, high = window_of("together", "unconditional")
        assert repairs[RepairKind.EXCHANGE].suffices == (low <= g <= high)
        assert window_of("G_then_T", "unconditional") is None
        assert not repairs[RepairKind.REORDER].suffices


@pytest.mark.parametrize(("given", "expected", "tolerance"), cases(TRANCHES))
def test_the_fewest_tranches_that_mend_one_handover(given, expected, tolerance):
    def split(step, count):
        assert step == "U0"
        game = handovers_in_tranches(given, count)
        return game, game.steps

    whole = handovers_in_tranches(given, 1)
    (found,) = smallest_repairs(
        whole, whole.steps, split=split, divisible=["U0"], kinds=[RepairKind.TRANCHES]
    )
    assert found.suffices
    assert found.size == expected["n_min"]
    assert found.margin >= -tolerance


@pytest.mark.parametrize(("given", "expected", "tolerance"), cases(FIVE))
def test_the_least_credibility_over_all_orders_of_five_steps(given, expected, tolerance):
    found = scan_best_order(lambda g: five_steps(given, g), precision=tolerance)
    assert found.certain
    assert found.smallest == pytest.approx(expected["bottleneck"], abs=2 * tolerance)
