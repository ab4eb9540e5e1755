"""Worked examples of sequencing: shipped solvers on games built from each case's inputs.

The data lie beside this file under a path that is their citation.
"""

import json
from itertools import permutations
from pathlib import Path

import pytest

from servanda.problems.implementation_game import implementation_game
from servanda.results.plan import SearchStatus
from servanda.solvers.best_order import best_order
from servanda.solvers.guarantee_window import (
    guarantee_window,
    scan_guarantee,
    smallest_credibility,
)
from servanda.solvers.plan import evaluate_plan
from servanda.solvers.risk_dominance import risk_dominance

HERE = Path(__file__).parent


def cases(path, key=None):
    table = json.loads((HERE / path).read_text(encoding="utf-8"))
    return [
        pytest.param(row["inputs"], row["outputs"], row["tolerance"], id=row["id"])
        for row in table["cases"]
        if key is None or key in row["outputs"]
    ]


# ---------------------------------------------------------------- territory and a guarantee

TERRITORY = "derived/sequencing/territory-and-guarantee.json"


def territory_and_guarantee(given, g):
    """U hands over a parcel that strengthens R; a third party's guarantee protects U."""
    conditional = given["mode"] == "conditional"

    def flow(done):
        moved = given["dx"] * ("T" in done)
        start, dividend = given["x0"], given["peace_dividend"]
        return {"R": start + dividend + moved, "U": 1 - start + dividend - moved}

    def attack(done):
        p = given["pT"] if "T" in done else given["p0"]
        honoured = g * ("G" in done)
        helped = 0 if conditional else given["b"] * honoured  # void where U is the breaker
        return {
            "R": p - given["c"] - given["a"] * honoured,
            "U": 1 - p - given["c"] + helped,
        }

    return implementation_game(
        ["R", "U"],
        ["T", "G"],
        discount=given["delta"],
        months=1,
        owners={"T": "U"},
        flow=flow,
        attack=attack,
        delay={"T": given["ver"]},
        gain={"T": given.get("cheat", 0.0)},
        joint=[(("T", "G"), True)],
    )


ORDERS = {"T_then_G": ["T", "G"], "G_then_T": ["G", "T"], "together": [("T", "G")]}


@pytest.mark.parametrize(("given", "expected", "tolerance"), cases(TERRITORY, "g_interval"))
def test_territory_and_guarantee_window(given, expected, tolerance):
    plan = ORDERS[given["order"]]
    window = guarantee_window(
        territory_and_guarantee(given, 0), territory_and_guarantee(given, 1), plan
    )
    scan = scan_guarantee(lambda g: territory_and_guarantee(given, g), plan)
    if expected["g_interval"] is None:
        assert window.empty
        assert scan.intervals == ()
    else:
        assert [window.low, window.high] == pytest.approx(expected["g_interval"], abs=tolerance)
        found = [(one.low, one.high) for one in scan.intervals]
        assert found == [pytest.approx(expected["g_interval"], abs=tolerance)]


@pytest.mark.parametrize(("given", "expected", "tolerance"), cases(TERRITORY, "slack"))
def test_territory_and_guarantee_slack_under_late_verification(given, expected, tolerance):
    game = territory_and_guarantee(given, given["g"])
    found = evaluate_plan(game, ORDERS[given["order"]])
    # A discounted sum is the normalised value over (1 - delta).
    assert found.margin / (1 - given["delta"]) == pytest.approx(expected["slack"], abs=tolerance)
    assert found.weakest_link.constraint.actor == "U"


# ---------------------------------------------------------------- five unlike steps


def five_steps(given, g):
    names = given["steps"]

    def terminal(_):
        return [
            base + sum(parts)
            for base, parts in zip(given["base"], (given["fR"], given["fU"]), strict=True)
        ]

    def attack(done):
        p = given["p0"] + sum(d for d, name in zip(given["dp"], names, strict=True) if name in done)
        guaranteed = g * ("G" in done)
        helped = 0 if given["conditional"] else given["bU"] * guaranteed
        return [
            p - given["c"][0] - given["aR"] * guaranteed,
            1 - p - given["c"][1] + helped,
        ]

    actors = ["R", "U"]
    owners = {
        name: None if who is None else actors[who]
        for name, who in zip(names, given["owner"], strict=True)
    }
    return implementation_game(
        actors, names, discount=0.9, owners=owners, flow=terminal, attack=attack
    )


FIVE = "derived/sequencing/five-steps.json"


@pytest.mark.parametrize(("given", "expected", "tolerance"), cases(FIVE))
def test_five_steps(given, expected, tolerance):
    orders = list(permutations(range(5)))

    def kept(g):
        game = five_steps(given, g)
        return [order for order in orders if evaluate_plan(game, order).self_enforcing]

    counts = {g: len(kept(float(g))) for g in expected["n_feasible_by_g"]}
    assert counts == expected["n_feasible_by_g"]
    at_half = kept(0.5)
    guarantee = given["steps"].index("G")
    positions = {
        place: sum(order.index(guarantee) == int(place) for order in at_half)
        for place in expected["guarantee_position_counts_at_half"]
    }
    assert positions == expected["guarantee_position_counts_at_half"]

    best = best_order(five_steps(given, 0.5))
    assert best.status == SearchStatus.EXACT
    assert best.margin == pytest.approx(expected["best_slack_at_half"], abs=tolerance)
    found = [given["steps"].index(name) for (name,) in best.plan.order]
    assert found == expected["best_order_at_half"]
    assert best.plan.values[-1] == pytest.approx(expected["T"], abs=tolerance)

    none, full = five_steps(given, 0), five_steps(given, 1)
    windows = [guarantee_window(none, full, order) for order in orders]
    assert sum(not window.empty for window in windows) == expected["orders_with_some_g"]
    of_best = guarantee_window(none, full, expected["best_order_at_half"])
    assert of_best.low == pytest.approx(expected["g_star_best"], abs=tolerance)
    over_all = smallest_credibility(none, full)
    assert over_all.status == SearchStatus.EXACT
    assert over_all.credibility == pytest.approx(expected["bottleneck"], abs=tolerance)


# ---------------------------------------------------------------- partition


@pytest.mark.parametrize(
    ("given", "expected", "tolerance"), cases("derived/sequencing/partition.json")
)
def test_order_as_partition(given, expected, tolerance):
    increments = {f"a{k}": a for k, a in enumerate(given["a"])}
    increments |= {"back0": -given["B"], "back1": -given["B"]}

    def attack(done):
        level = sum(increments[name] for name in done)
        return {"above": level, "below": -level}

    game = implementation_game(
        ["above", "below"],
        list(increments),
        discount=0.9,
        flow=lambda done: {"above": given["B"], "below": 0},
        attack=attack,
    )
    found = best_order(game)
    assert found.status == SearchStatus.EXACT
    assert found.self_enforcing == expected["feasible"]


# ---------------------------------------------------------------- tranches


TRANCHES = "schelling-1960/tranches.json"


def handovers_in_tranches(given, n):
    names = [f"{who}{k}" for k in range(n) for who in "UR"]

    def attack(done):
        ahead = sum(name[0] == "U" for name in done) - sum(name[0] == "R" for name in done)
        shift = given["a"] / n * ahead
        return {"R": given["w0R"] + shift, "U": given["w0U"] - shift}

    return implementation_game(
        ["R", "U"],
        names,
        discount=0.9,
        owners={name: name[0] for name in names},
        requires=dict(zip(names[1:], names, strict=False)),
        flow=lambda done: {"R": given["T_R"], "U": given["T_U"]},
        attack=attack,
    )


@pytest.mark.parametrize(("given", "expected", "tolerance"), cases(TRANCHES))
def test_reciprocal_handovers_in_tranches(given, expected, tolerance):
    found = {
        n: best_order(handovers_in_tranches(given, int(n))).self_enforcing
        for n in expected["feasible_by_n"]
    }
    assert found == expected["feasible_by_n"]
    assert min(int(n) for n, holds in found.items() if holds) == expected["n_min"]


# ---------------------------------------------------------------- an exchange at risk


@pytest.mark.parametrize(
    ("given", "expected", "tolerance"), cases("harsanyi-selten-1988/joint-exchange.json")
)
def test_joint_exchange_risk_dominance(given, expected, tolerance):
    # Where one alone has moved, the other receives X and the one that moved S.
    left = {
        frozenset(): given["W"],
        frozenset(["first"]): [given["S"][0], given["X"][1]],
        frozenset(["second"]): [given["X"][0], given["S"][1]],
        frozenset(["first", "second"]): given["W"],
    }
    game = implementation_game(
        ["one", "two"],
        ["first", "second"],
        discount=0.9,
        owners={"first": "one", "second": "two"},
        flow=lambda done: given["V"],
        attack=lambda done: left[done],
        joint=[(("first", "second"), False)],
    )
    plan = [("first", "second")]
    (stage,) = risk_dominance(game, plan)
    assert (stage.keep, stage.shirk) == (tuple(given["V"]), tuple(given["X"]))
    assert (stage.suffer, stage.neither) == (tuple(given["S"]), tuple(given["W"]))
    assert stage.keeping_is_equilibrium == expected["do_do_NE"]
    assert stage.nobody_moving_is_equilibrium == expected["no_no_NE"]
    assert stage.keeping_risk_dominates == expected["do_risk_dominant"]
    assert evaluate_plan(game, plan).self_enforcing == expected["do_do_NE"]


# ---------------------------------------------------------------- deterrence


@pytest.mark.parametrize(("given", "expected", "tolerance"), cases("powell-1990/deterrence.json"))
def test_deterrence_by_a_promise_that_may_not_be_kept(given, expected, tolerance):
    def opponent(punished):
        return implementation_game(
            ["opponent"],
            ["agreement"],
            discount=0.9,
            flow=lambda done: [given["D"]],
            attack=lambda done: [given["P"] if punished else given["T"]],
        )

    window = guarantee_window(opponent(False), opponent(True), ["agreement"])
    assert window.low == pytest.approx(expected["g_min"], abs=tolerance)
    assert window.high == 1
