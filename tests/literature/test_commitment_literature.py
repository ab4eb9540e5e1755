"""Worked examples of commitment over time: shipped solvers on problems built from the inputs.

The data lie beside this file under a path that is their citation.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from servanda.problems.implementation_game import implementation_game
from servanda.solvers.bargaining_range import bargaining_range
from servanda.solvers.corridor import corridor
from servanda.solvers.gradualism import largest_gradual_path
from servanda.solvers.power_shift import division_path, fewest_shifts
from servanda.solvers.relational_contract import relational_contract, sustainable_effort
from servanda.solvers.salami_tactics import concession_path
from servanda.solvers.tranches import smallest_tranches

HERE = Path(__file__).parent


def cases(path):
    table = json.loads((HERE / path).read_text(encoding="utf-8"))
    return [
        pytest.param(row["inputs"], row["outputs"], row["tolerance"], id=row["id"])
        for row in table["cases"]
    ]


@pytest.mark.parametrize(
    ("given", "expected", "tolerance"), cases("derived/corridor/corridor.json")
)
def test_corridor_of_land_and_deployment(given, expected, tolerance):
    def problem_at(land, deployed):
        def attack(done):
            p = given["p0"] + given["dp"] * land * ("land" in done)
            return [p - given["a"] * given["g"] * deployed]

        return implementation_game(
            ["R"],
            ["land"],
            discount=0.9,
            flow=lambda done: [given["theta"]],
            attack=attack,
        )

    found = corridor(problem_at, [0.0, 0.5, 1.0], plan=["land"])
    wanted = [expected["tau_max_at_0"], expected["tau_max_at_half"], expected["tau_max_at_1"]]
    assert found.largest == pytest.approx(wanted, abs=tolerance)
    assert corridor(problem_at, [0.5]).largest == pytest.approx(wanted[1:2], abs=tolerance)


@pytest.mark.parametrize(
    ("given", "expected", "tolerance"),
    cases("international-organization/powell2006/speed.json"),
)
def test_fewest_shifts_of_power(given, expected, tolerance):
    def war(p):
        return p * (1 - given["D"]), (1 - p) * (1 - given["D"])

    found = fewest_shifts(war, given["p0"], given["pN"], given["delta"])
    assert found.steps == expected["n_min"]
    # The same from the other side: power that falls as fast.
    mirrored = fewest_shifts(lambda p: war(p)[::-1], given["p0"], given["pN"], given["delta"])
    assert mirrored.steps == expected["n_min"]


@pytest.mark.parametrize(
    ("given", "expected", "tolerance"), cases("apsr/powell2004/inefficiency.json")
)
def test_no_division_keeps_the_peace(given, expected, tolerance):
    def war(p):
        return p * (1 - given["D"]), (1 - p) * (1 - given["D"])

    path = [war(given["p_t"]), war(given["p_next"])]
    assert division_path(path, given["delta"]).exists != expected["inefficient"]
    borne = fewest_shifts(war, given["p_t"], given["p_next"], given["delta"]).steps == 1
    assert borne != expected["inefficient"]
    furthest = fewest_shifts(war, given["p_t"], 1.0, given["delta"]).positions[1]
    assert furthest == pytest.approx(expected["shift_limit"], abs=tolerance)


@pytest.mark.parametrize(
    ("given", "expected", "tolerance"),
    [
        *cases("international-organization/fearon1995/preventive.json"),
        *cases("international-organization/fearon1995/preventive-flow-costs.json"),
    ],
)
def test_preventive_war_before_a_shift_of_power(given, expected, tolerance):
    once = "lhs" in expected
    cost = given["cB"] * (1 - given["delta"] if once else 1)

    def war(p):
        # The riser makes every offer, so it will have all but what war is worth to the other.
        other = 1 - p - cost
        return 1 - other, other

    found = fewest_shifts(war, given["p1"], given["p2"], given["delta"])
    assert (found.steps != 1) == expected["war"]
    furthest = fewest_shifts(war, given["p1"], 1.0, given["delta"]).positions[1]
    assert furthest == pytest.approx(expected["p2_threshold"], abs=tolerance)


@pytest.mark.parametrize(
    ("given", "expected", "tolerance"),
    cases("international-organization/fearon1995/preemptive.json"),
)
def test_who_strikes_first_has_the_better_odds(given, expected, tolerance):
    found = bargaining_range(given["p_first"] - given["cA"], 1 - given["p_second"] - given["cB"])
    assert [found.low, found.high] == pytest.approx([expected["lo"], expected["hi"]], abs=tolerance)
    assert bool(found.exists) == expected["exists"]


def war_for_what_it_shifts(power, costs, delta):
    return lambda x: [
        power(x) - costs[0] * (1 - delta),
        1 - power(x) - costs[1] * (1 - delta),
    ]


@pytest.mark.parametrize(
    ("given", "expected", "tolerance"), cases("working-papers/fearon1996/salami.json")
)
def test_land_that_gives_power_goes_piece_by_piece(given, expected, tolerance):
    def power(x):
        return given["p_intercept"] + given["p_slope"] * x

    war = war_for_what_it_shifts(power, (given["cB"], given["cB"]), given["delta"])
    found = concession_path(lambda x: [x, 1 - x], war, given["x0"], given["delta"])
    assert found.positions[:5] == pytest.approx(expected["path5"], abs=tolerance)
    assert found.limit == pytest.approx(expected["fixed_point"], abs=tolerance)
    assert not found.blocked
    assert not found.war


@pytest.mark.parametrize(
    ("given", "expected", "tolerance"), cases("working-papers/fearon1996/fortress.json")
)
def test_a_fortress_may_stop_the_path_and_bring_war(given, expected, tolerance):
    def power(x):
        return given["pH"] if x > given["k"] else given["pL"]

    war = war_for_what_it_shifts(power, (given["cA"], given["cB"]), given["delta"])
    found = concession_path(lambda x: [x, 1 - x], war, given["k"], given["delta"])
    assert bool(found.positions) == expected["B_concedes"]
    assert found.blocked != expected["B_concedes"]
    assert found.war == expected["war"]


@pytest.mark.parametrize(
    ("given", "expected", "tolerance"), cases("restud/lockwood2002/gradualism.json")
)
def test_gradual_contributions(given, expected, tolerance):
    found = largest_gradual_path(
        lambda own, other: given["b"] * other - given["a"] * own, given["delta"]
    )
    assert found.contributions[:5] == pytest.approx(expected["path5"], abs=tolerance)
    assert found.limit == pytest.approx(expected["limit"], abs=tolerance)
    added = np.diff([0, *found.contributions[:12]])
    assert added[1:] / added[:-1] == pytest.approx(np.full(11, expected["ratio"]), abs=tolerance)


@pytest.mark.parametrize(
    ("given", "expected", "tolerance"),
    cases("software/relational-contracts/vulnerability.json"),
)
def test_effort_kept_up_by_what_could_be_lost(given, expected, tolerance):
    vulnerable = given["vul"]
    efforts = np.round(np.linspace(0, 1, 11), 1)
    one, other, hurt = np.meshgrid(efforts, efforts, [0.0, vulnerable], indexing="ij")
    first = other - one**2 / 2 - hurt
    second = one - other**2 / 2
    # The second player's actions: an effort, with or without the hurt.
    payoffs = np.stack([first, second]).reshape(2, len(efforts), 2 * len(efforts))
    found = relational_contract(payoffs, given["delta"])
    assert efforts[found.actions[0]] == pytest.approx(expected["e_grid"], abs=tolerance)
    assert efforts[found.actions[1] // 2] == pytest.approx(expected["e_grid"], abs=tolerance)
    assert sum(found.punishments) == pytest.approx(-vulnerable, abs=tolerance)
    continuous = sustainable_effort(
        lambda e: 2 * e - e**2, lambda e: 2 * e, -vulnerable, given["delta"], most=4.0
    )
    assert continuous.largest == pytest.approx(expected["e_cont"], abs=tolerance)


@pytest.mark.parametrize(("given", "expected", "tolerance"), cases("schelling-1960/tranches.json"))
def test_reciprocal_handovers_divided_by_the_planner(given, expected, tolerance):
    def problem_at(tranches):
        def attack(done):
            shift = given["a"] * (done.share("U hands over") - done.share("R hands over"))
            return {"R": given["w0R"] + shift, "U": given["w0U"] - shift}

        return implementation_game(
            ["R", "U"],
            ["U hands over", "R hands over"],
            discount=0.9,
            owners={"U hands over": "U", "R hands over": "R"},
            flow=lambda done: {"R": given["T_R"], "U": given["T_U"]},
            attack=attack,
            tranches=tranches,
        )

    plan = ["U hands over", "R hands over"]
    found = smallest_tranches(problem_at, dict.fromkeys(plan, 6), plan=plan)
    kept = {str(n): margin >= -1e-9 for n, margin in enumerate(found.together, start=1)}
    assert kept == expected["feasible_by_n"]
    assert max(found.smallest.values()) == expected["n_min"]
