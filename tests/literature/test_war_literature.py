"""Wars and guarantees of the literature: shipped solvers on problems built from inputs.

The data lie beside this file under a path that is their citation.
"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from servanda.problems.war import MONTHS_PER_BATTLE, costly_lottery, gamblers_ruin
from servanda.solvers.bargaining_range import bargaining_range
from servanda.solvers.credibility import credibility, stake_needed
from servanda.solvers.war_outlook import war_outlook
from servanda.solvers.war_value import war_values

HERE = Path(__file__).parent


def cases(path):
    rows = json.loads((HERE / path).read_text(encoding="utf-8"))
    return [pytest.param(row["inputs"], row["outputs"], row["tol"], id=row["id"]) for row in rows]


def battles(outlook):
    return outlook.expected_months / MONTHS_PER_BATTLE


@pytest.mark.parametrize(("inputs", "expected", "tol"), cases("jcr/smith2004/forts.json"))
def test_smith_stam_2004_forts_all_alike(inputs, expected, tol):
    outlook = war_outlook(*gamblers_ruin([inputs["p"]] * (inputs["N"] - 1), inputs["X"]))
    assert outlook.ultimate_gives_way[1] == pytest.approx(expected["P_win"], abs=tol)
    assert battles(outlook) == pytest.approx(expected["E_battles"], abs=tol)


@pytest.mark.parametrize(("inputs", "expected", "tol"), cases("jcr/smith2004/forts-not-alike.json"))
def test_fortified_parcels_birth_and_death_chain(inputs, expected, tol):
    win = inputs["p_by_state"]
    starts = range(1, len(win) + 1)
    outlooks = [war_outlook(*gamblers_ruin(win, start)) for start in starts]
    found = [outlook.ultimate_gives_way[1] for outlook in outlooks]
    assert found == pytest.approx(expected["P_win_from_each"], abs=tol)
    months = [battles(outlook) for outlook in outlooks]
    assert months == pytest.approx(expected["E_battles"], abs=tol)


@pytest.mark.parametrize(("inputs", "expected", "tol"), cases("books/feller1968/inconclusive.json"))
def test_feller_1968_inconclusive_battles_only_take_longer(inputs, expected, tol):
    war, outbreak = gamblers_ruin([inputs["p"]] * (inputs["N"] - 1), inputs["X"])
    outlook = war_outlook(replace(war, tempo=[[1 - inputs["s"]]]), outbreak)
    assert outlook.ultimate_gives_way[1] == pytest.approx(expected["P_win"], abs=tol)
    assert battles(outlook) == pytest.approx(expected["E_periods"], abs=tol)


@pytest.mark.parametrize(("inputs", "expected", "tol"), cases("jcr/wittman1979/optimism.json"))
def test_wittman_1979_optimism_closes_the_range(inputs, expected, tol):
    believed = {
        side: war_outlook(*gamblers_ruin([inputs[side]] * (inputs["N"] - 1), inputs["X"]))
        for side in ("pA", "pB")
    }
    a, b = believed["pA"], believed["pB"]
    assert a.ultimate_gives_way[1] == pytest.approx(expected["P_A"], abs=tol)
    assert b.ultimate_gives_way[1] == pytest.approx(expected["P_B"], abs=tol)
    found = bargaining_range(
        a.ultimate_gives_way[1] - inputs["KA"] * battles(a),
        b.ultimate_gives_way[0] - inputs["KB"] * battles(b),
    )
    assert found.exists == expected["settle"]
    # The case states the ends as they are, also where they cross.
    assert [found.low, found.high] == pytest.approx([expected["lo"], expected["hi"]], abs=tol)


@pytest.mark.parametrize(("inputs", "expected", "tol"), cases("jcr/wittman1979/optimism.json"))
def test_wittman_1979_in_normalised_values_of_hardly_impatient_sides(inputs, expected, tol):
    delta = 1 - 1e-9
    ends = []
    for side, p, cost in ((0, inputs["pA"], inputs["KA"]), (1, inputs["pB"], inputs["KB"])):
        war, outbreak = gamblers_ruin([p] * (inputs["N"] - 1), inputs["X"])
        # Summed costs per battle are normalised ones per month over 1 - delta.
        monthly = cost / MONTHS_PER_BATTLE / (1 - delta)
        war = replace(
            war,
            discount=[[delta, delta]],
            cost=[[[monthly, 0, np.inf]] * 2],
            imposed=[[[0, 1], [1, 0]]],
        )
        ends.append(war_values(war, outbreak, tolerance=1e-14)[0][0, side])
    found = bargaining_range(*ends)
    assert [found.low, found.high] == pytest.approx([expected["lo"], expected["hi"]], abs=1e-5)


@pytest.mark.parametrize(
    ("inputs", "expected", "tol"), cases("international-organization/fearon1995/range.json")
)
def test_fearon_1995_bargaining_range(inputs, expected, tol):
    war, outbreak = costly_lottery(inputs["p"], (inputs["cA"], inputs["cB"]))
    values, _ = war_values(war, outbreak)
    found = bargaining_range(*values[0])
    assert found.low == pytest.approx(expected["lo"], abs=tol)
    assert found.high == pytest.approx(expected["hi"], abs=tol)
    # Whoever makes the only offer takes the whole range.
    assert found.high == pytest.approx(expected["A_tioli"], abs=tol)
    assert found.low == pytest.approx(expected["B_tioli"], abs=tol)


@pytest.mark.parametrize(("inputs", "expected", "tol"), cases("derived/guarantor.json"))
def test_guarantor_who_weighs_cost_against_interest_and_stake(inputs, expected, tol):
    interest, ceiling = inputs["b"], inputs["C"]
    if "g" in expected:
        assert credibility(interest, inputs["R"], ceiling) == pytest.approx(expected["g"])
        needed = stake_needed(0.75, interest, ceiling)
        assert needed == pytest.approx(expected["R_for_075"])
    else:
        needed = stake_needed(inputs["g_star"], interest, ceiling)
        assert needed == pytest.approx(expected["R_min"])
        assert credibility(interest, needed, ceiling) == pytest.approx(inputs["g_star"])
