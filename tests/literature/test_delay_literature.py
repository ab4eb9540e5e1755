"""Why agreement takes time: shipped solvers on problems built from the inputs."""

import json
from pathlib import Path

import numpy as np
import pytest

from servanda.solvers.attrition import attrition, attrition_over_flows
from servanda.solvers.battle_learning import beta_posterior, type_posterior
from servanda.solvers.cheap_talk_mediator import cheap_talk_mediator
from servanda.solvers.optimal_mediation import optimal_mediation
from servanda.solvers.optimism_delay import learned_hopes, optimism_delay
from servanda.solvers.screening import screening_offer, screening_threshold
from servanda.solvers.war_of_resources import war_of_resources

HERE = Path(__file__).parent


def cases(path):
    rows = json.loads((HERE / path).read_text(encoding="utf-8"))
    return [pytest.param(row["inputs"], row["outputs"], row["tol"], id=row["id"]) for row in rows]


@pytest.mark.parametrize(("given", "expected", "tol"), cases("jcr/smith2004/beliefs.json"))
def test_smith_stam_2004_what_battles_teach(given, expected, tol):
    found = beta_posterior((given["a"], given["b"]), given["w"], given["l"])
    assert [found.wins, found.losses] == pytest.approx(expected["post"], abs=tol)
    assert found.mean == pytest.approx(expected["mean"], abs=tol)


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("apsr/slantchev2003/battle-learning.json")
)
def test_slantchev_2003_learning_who_the_other_is(given, expected, tol):
    prior, wins = given["prior"], given["wins"]
    chances = [given["p_s"], given["p_w"]]
    found = type_posterior([prior, 1 - prior], chances, wins, given["n"] - wins)
    assert found[0] == pytest.approx(expected["posterior"], abs=tol)


@pytest.mark.parametrize(("given", "expected", "tol"), cases("ajps/filson2002/points.json"))
def test_filson_werner_2002_war_of_resources(given, expected, tol):
    found = war_of_resources(given["a"], given["b"], given["p"])
    assert found.chance == pytest.approx(expected["P_A"], abs=tol)


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("econometrica/yildiz2003/optimism.json")
)
def test_yildiz_2003_optimism_that_stays(given, expected, tol):
    own = np.full(given["T"], given["p1_own"]), np.full(given["T"], given["p2_own"])
    found = optimism_delay(*own, given["delta"])
    assert found.first_date == expected["settle_date"]
    assert np.flatnonzero(found.waits).tolist() == expected["waiting_dates"]
    assert found.total == pytest.approx(expected["S0"], abs=tol)
    assert found.values == pytest.approx((expected["V1"], expected["V2"]), abs=tol)


@pytest.mark.parametrize(("given", "expected", "tol"), cases("qje/yildiz2004/waiting.json"))
def test_yildiz_2004_waiting_to_persuade(given, expected, tol):
    each = (given["n"] + given["Delta"]) / 2
    hopes = learned_hopes(each, each, given["n"], given["horizon"])
    found = optimism_delay(*hopes, given["delta"], learning=True)
    assert found.first_date == expected["settle_date"]
    assert found.worth[0] == pytest.approx(expected["Lam0"], abs=tol)


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("international-organization/fearon1998/standoff.json")
)
def test_fearon_1998_a_long_shadow_means_a_long_standoff(given, expected, tol):
    found = attrition_over_flows(given["f_w"], given["f_l"], given["c"], given["r"])
    assert found.hazards == pytest.approx([expected["hazard"]] * 2, abs=tol)
    assert found.expected_duration == pytest.approx(expected["E_delay"], abs=tol)


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("jtb/maynard-smith1974/attrition.json")
)
def test_maynard_smith_1974_attrition(given, expected, tol):
    found = attrition(given["V"], 0.0, given["c"])
    assert found.hazards == pytest.approx([expected["hazard"]] * 2, abs=tol)
    assert found.expected_duration == pytest.approx(expected["E_duration"], abs=tol)
    assert found.values == pytest.approx((0.0, 0.0), abs=tol)


@pytest.mark.parametrize(("given", "expected", "tol"), cases("restud/horner2015/mediation.json"))
def test_horner_morelli_squintani_2015_the_most_peace(given, expected, tol):
    theta, p, q = given["theta"], given["p"], given["q"]
    likely = np.array([q, 1 - q])  # strong, weak
    wins = np.array([[0.5, p], [1 - p, 0.5]])
    found = optimal_mediation(np.outer(likely, likely), theta * np.stack([wins, 1 - wins], axis=-1))
    assert found.peace == pytest.approx(expected["peace_prob"], abs=tol)
    wanted = [[expected["p_HH"], expected["p_HL"]], [expected["p_HL"], expected["p_LL"]]]
    assert found.settles == pytest.approx(np.array(wanted), abs=tol)
    assert found.share[0, 1] == pytest.approx(expected["b"], abs=tol)


@pytest.mark.parametrize(("given", "expected", "tol"), cases("ajps/kydd2003/bias.json"))
def test_kydd_2003_which_side_are_you_on(given, expected, tol):
    right = given["mu"]
    found = cheap_talk_mediator(
        given["p"],
        given["c1"],
        [given["c_low"], given["c_high"]],
        [[1 - right, right], [right, 1 - right]],
        given["cM"],
    )
    assert found.least_bias == pytest.approx(expected["b_star"], abs=tol)
    assert found.follows == expected["side1_follows"]


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("international-organization/fearon1995/screening.json")
)
def test_fearon_1995_risk_against_return(given, expected, tol):
    types = [given["c_low"], given["c_high"]]
    weak = given["pi_weak"]
    found = screening_offer(given["p"], given["cA"], types, [1 - weak, weak])
    threshold = screening_threshold(given["p"], given["cA"], *types)
    assert threshold == pytest.approx(expected["threshold"], abs=tol)
    assert found.demand == pytest.approx(expected["demand"], abs=tol)
    assert found.war == pytest.approx(expected["pr_war"], abs=tol)
    assert found.value == pytest.approx(expected["EU_A"], abs=tol)
