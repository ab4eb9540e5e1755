"""Talks while fighting in the literature: the talks game on problems built from inputs."""

import json
from pathlib import Path

import numpy as np
import pytest

from servanda.problems.talks import talks_game
from servanda.solvers.talks_game import fought_out, solve_talks

HERE = Path(__file__).parent
WON = [[0, 1], [1, 0]]  # whoever reaches the other's last fort has all


def cases(path):
    rows = json.loads((HERE / path).read_text(encoding="utf-8"))
    return [pytest.param(row["inputs"], row["outputs"], row["tol"], id=row["id"]) for row in rows]


def forts(given, **more):
    """A line of forts; every month one is fought for, and each side pays for the battle."""
    return talks_game(
        positions=given["N"] + 1,
        start=given["X"],
        tempo=1.0,
        absorbing=True,
        absorbed=WON,
        **more,
    )


@pytest.mark.parametrize(("given", "expected", "tol"), cases("jcr/smith2004/offers.json"))
def test_smith_stam_2004_offers_between_battles(given, expected, tol):
    prior = [(given["aA"], given["bA"]), (given["aB"], given["bB"])]

    def talks(months):
        return solve_talks(
            fought_out(
                forts(
                    given,
                    months=months,
                    mean=[*(a / (a + b) for a, b in prior), given["p_true"]],
                    weight=[*(a + b for a, b in prior), np.inf],
                    month=[-given["KA"], -given["KB"]],
                    pie=1.0,
                    recognised=[1, 0, 0],
                    yields=0.0,
                    yielded=WON,
                )
            )
        )

    found = talks(given["T"])
    value = found.start_values(given["X"])
    assert value == pytest.approx((expected["V_A0"], expected["V_B0"]), abs=tol)
    assert ("settle" if found.first_month == 0 else "fight") == expected["first"]
    assert found.divided.sum() == pytest.approx(expected["P_settle"], abs=tol)
    assert found.absorbed.sum(axis=0) == pytest.approx(
        [expected["P_B_conquers"], expected["P_A_conquers"]], abs=tol
    )
    assert found.expected_months == pytest.approx(expected["E_battles"], abs=tol)
    assert found.ending_value[0] == pytest.approx(expected["E_share_A"], abs=tol)
    assert talks(60).start_values(given["X"]) == pytest.approx(expected["V_T60"], abs=tol)


@pytest.mark.parametrize(("given", "expected", "tol"), cases("jcr/smith2004/learning-forts.json"))
def test_smith_stam_2004_a_war_of_learning(given, expected, tol):
    a, b = given["a"], given["b"]
    game = forts(given, months=600, mean=a / (a + b), weight=a + b, recognised=0.0)
    found = solve_talks(game)
    assert found.absorbed[:, 1].sum() == pytest.approx(expected["P_win"], abs=tol)
    assert found.expected_months == pytest.approx(expected["E_battles"], abs=tol)


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("econometrica/yildiz2003/optimism.json")
)
def test_yildiz_2003_optimism_delays_only_near_the_end(given, expected, tol):
    p1, p2 = given["p1_own"], given["p2_own"]
    believed = np.array([[p1, 1 - p1, 0], [1 - p2, p2, 0], [0.5, 0.5, 0]])
    game = talks_game(
        months=given["T"],
        discount=given["delta"],
        pie=1.0,
        recognised=believed[:, np.newaxis],
    )
    found = solve_talks(game)
    waiting = [t for t in range(given["T"]) if found.chosen[t, 0, 0, 0] == -1]
    assert found.first_month == expected["settle_date"]
    assert waiting == expected["waiting_dates"]
    values = found.start_values(0)
    assert values == pytest.approx((expected["V1"], expected["V2"]), abs=tol)
    assert sum(values) == pytest.approx(expected["S0"], abs=tol)


@pytest.mark.parametrize(("given", "expected", "tol"), cases("ajps/wagner2000/talks-and-war.json"))
def test_wagner_2000_offers_in_turn_while_fighting(given, expected, tol):
    delta, months = given["delta"], 1_000
    turns = np.zeros((3, months, 3))
    turns[:, ::2, 0] = turns[:, 1::2, 1] = 1
    game = talks_game(
        months=months,
        discount=delta,
        month=[(1 - delta) * given["w1"], (1 - delta) * given["w2"]],
        gives_way=[given["q"] * (1 - given["p"]), given["q"] * given["p"]],
        imposed=WON,
        recognised=turns,
        pie=1.0,
    )
    found = solve_talks(game)
    assert found.values[0, 0, 0, 0] == pytest.approx(expected["x"], abs=tol)
    assert found.values[1, 0, 0, 0] == pytest.approx(expected["y"], abs=tol)
