"""Worked examples of the literature: lotteries, transfers, divisions, offers, two-level games."""

import json
from pathlib import Path

import numpy as np
import pytest

from servanda.solvers.adjusted_winner import adjusted_winner
from servanda.solvers.alternating_offers import alternating_offers, offers_over_packages
from servanda.solvers.egalitarian_lottery import egalitarian_lottery
from servanda.solvers.kalai_smorodinsky_lottery import kalai_smorodinsky_lottery
from servanda.solvers.lottery import lottery_range
from servanda.solvers.maximin_gain import maximin_gain
from servanda.solvers.mediator_pressure import mediator_pressure
from servanda.solvers.nash import nash
from servanda.solvers.nash_lottery import nash_lottery
from servanda.solvers.ratification_offer import ratification_share
from servanda.solvers.side_payment import side_payments
from servanda.solvers.utilitarian import utilitarian

HERE = Path(__file__).parent
PIE = [[0, 1], [1, 0]]
"""All to B, all to A: their lotteries are the divisions of a pie."""


def cases(path):
    rows = json.loads((HERE / path).read_text(encoding="utf-8"))
    return [pytest.param(row["inputs"], row["outputs"], row["tol"], id=row["id"]) for row in rows]


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("econometrica/nash1953/frontiers.json")
)
def test_solutions_on_the_hull_of_a_smooth_frontier(given, expected, tol):
    """Points on the curve; the Nash point moves by half a step, the others by its square."""

    def curve(n):
        x = np.linspace(0.0, 1.0, n)
        other = {"u2=1-u1^2": 1 - x**2, "u1=x,u2=sqrt(1-x)": np.sqrt(1 - x)}[given["frontier"]]
        return np.stack([x, other], axis=1)

    fine, coarse = curve(400_001), curve(2001)
    assert nash_lottery(fine, given["d"]).values == pytest.approx(expected["nash"], abs=tol)
    shared = kalai_smorodinsky_lottery(coarse, given["d"])
    assert shared.values == pytest.approx(expected["ks"], abs=tol)
    equal = egalitarian_lottery(coarse, given["d"])
    assert equal.values == pytest.approx(expected["egalitarian"], abs=tol)
    total = utilitarian(fine, given["d"])
    assert total.values == pytest.approx(expected["utilitarian"], abs=tol)


@pytest.mark.parametrize(("given", "expected", "tol"), cases("ijgt/kalai1977/weights.json"))
def test_kalai_1977_weighted_split_of_a_pie(given, expected, tol):
    found = nash_lottery(PIE, [given["d1"], given["d2"]], [given["weight"], 1 - given["weight"]])
    assert found.values == pytest.approx([expected["x1"], expected["x2"]], abs=tol)


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("international-organization/fearon1995/indivisible.json")
)
def test_fearon_1995_lots_for_a_stake_that_cannot_be_divided(given, expected, tol):
    reservation = [given["p"] - given["cA"], 1 - given["p"] - given["cB"]]
    found = lottery_range(PIE, reservation)
    assert [found.low[0], found.high[0]] == pytest.approx(expected["lottery"], abs=tol)
    lot = nash_lottery(PIE, reservation)  # accepted before the draw, refused by the loser after it
    assert not lot.holds_after_the_draw
    assert lot.refused.tolist() == [[True, False], [False, True]]


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("international-organization/putnam1988/win-sets.json")
)
def test_putnam_1988_a_tight_ratifier_gets_its_way(given, expected, tol):
    bounds = {"disagreement": [given["dA"], given["dB"]], "least": [given["rA"], given["rB"]]}
    span = lottery_range(PIE, **bounds)
    assert [span.low[0], span.high[0]] == pytest.approx(expected["winset"], abs=tol)
    assert nash_lottery(PIE, **bounds).values[0] == pytest.approx(expected["x"], abs=tol)


@pytest.mark.parametrize(("given", "expected", "tol"), cases("jcr/iida1993/ratifier.json"))
def test_iida_1993_an_offer_to_a_ratifier_of_unknown_demand(given, expected, tol):
    found = ratification_share(given["dA"], given["a"], given["b"])
    assert found.offer == pytest.approx(expected["x"], abs=tol)
    assert found.probability == pytest.approx(expected["pr_ratify"], abs=tol)
    assert found.expected == pytest.approx(expected["EU"], abs=tol)


@pytest.mark.parametrize(("given", "expected", "tol"), cases("books/brams1996/panama.json"))
def test_brams_taylor_1996_panama_canal(given, expected, tol):
    issues = list(given["points"])
    found = adjusted_winner([given["points"][issue] for issue in issues])
    assert found.totals == pytest.approx([expected["US"], expected["Panama"]], abs=tol)
    assert dict(zip(issues, found.shares, strict=True)) == pytest.approx(
        expected["share_US"], abs=tol
    )
    assert issues[found.split] == "land and water"


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("econometrica/rubinstein1982/alternating-offers.json")
)
def test_rubinstein_1982_first_mover_share(given, expected, tol):
    found = alternating_offers([given["d1"], given["d2"]])
    assert found.shares == pytest.approx([expected["x1"], expected["x2"]], abs=tol)
    assert found.second_offer == pytest.approx(expected["y1"], abs=tol)


@pytest.mark.parametrize(("given", "expected", "tol"), cases("rand/binmore1986/breakdown.json"))
def test_binmore_rubinstein_wolinsky_1986_risk_of_breakdown(given, expected, tol):
    points = [given["b1"], given["b2"]]
    found = alternating_offers([given["d1"], given["d2"]], risk=given["q"], breakdown=points)
    assert found.first_offer == pytest.approx(expected["x"], abs=tol)
    assert found.second_offer == pytest.approx(expected["y"], abs=tol)
    # as the risk falls the shares approach Nash's solution from the breakdown point
    limit = alternating_offers([1, 1], risk=1e-9, breakdown=points)
    assert limit.shares == pytest.approx(nash_lottery(PIE, points).values, abs=1e-8)


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("econometrica/shaked1984/outside-option.json")
)
def test_shaked_sutton_1984_an_option_matters_when_it_beats_waiting(given, expected, tol):
    outside, delta = [given["w1"], given["w2"]], [given["delta"]] * 2
    found = alternating_offers(delta, outside=outside)
    assert found.first_offer == pytest.approx(expected["x"], abs=tol)
    share = np.linspace(0, 1, 2001)
    pie = np.stack([share, 1 - share], axis=1)
    over_list = offers_over_packages(pie, [0, 0], delta, outside=outside, rounds=101)
    assert over_list.gains[0] == pytest.approx(expected["x"], abs=1e-2)


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("international-theory/schultz2019/parcels.json")
)
def test_schultz_goemans_2019_parcels_with_transfers(given, expected, tol):
    worth_a, worth_b = (np.array(given[name]) / sum(given[name]) for name in ("vA", "vB"))
    masks = np.arange(8)
    to_a = (masks[:, None] >> np.arange(3)) & 1
    values = np.stack([to_a @ worth_a, (1 - to_a) @ worth_b], axis=1)
    reservation = [given["p"] - given["cA"], 1 - given["p"] - given["cB"]]
    paid = side_payments(values, reservation)
    assert masks[paid.feasible].tolist() == expected["feasible_with_transfers"]
    assert masks[paid.needed == 0].tolist() == expected["feasible"]


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("international-organization/fearon1995/side-payment.json")
)
def test_fearon_1995_how_much_a_cession_takes(given, expected, tol):
    values = [[given["gain_R"], -given["loss_U"]]]
    found = side_payments(values, [0, 0], limits=[given["fund"], np.inf])
    span = [found.low[0], found.high[0]] if found.feasible[0] else None
    assert span == (expected["s_range"] and pytest.approx(expected["s_range"], abs=tol))


@pytest.mark.parametrize(("given", "expected", "tol"), cases("ajps/beardsley2008/leverage.json"))
def test_beardsley_2008_what_of_a_pressed_range_lasts(given, expected, tol):
    share = np.arange(101) / 100
    values = np.stack([share, 1 - share], axis=1)
    reservation = np.array([given["p"] - given["cA"], 1 - given["p"] - given["cB"]])
    pressure = np.array([given["mA"], given["mB"]])
    found = mediator_pressure(values, reservation, pressure)
    assert [found.low[0], found.high[0]] == pytest.approx([expected["lo"], expected["hi"]], abs=tol)
    durable = [found.durable_low[0], found.durable_high[0]]
    assert durable == pytest.approx(expected["durable"], abs=tol)
    # and over all divisions, not hundredths alone
    span = lottery_range(PIE, reservation - pressure)
    assert [span.low[0], span.high[0]] == pytest.approx([expected["lo"], expected["hi"]], abs=tol)


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("software/negmas-0.16.0/two-party-domains.json")
)
def test_negmas_welfare_and_maximin(given, expected, tol):
    tables = [np.array(t["weights"])[:, None] * np.array(t["values"]) for t in given["tables"]]
    n_issues = len(tables[0])
    chosen = np.stack(np.meshgrid(*[np.arange(3)] * n_issues, indexing="ij"), axis=-1)
    chosen = chosen.reshape(-1, n_issues)
    values = np.stack([t[np.arange(n_issues), chosen].sum(axis=1) for t in tables], axis=1)
    best = utilitarian(values, given["reserved"])
    assert best.values == pytest.approx(expected["max_welfare"][0], abs=tol)
    equal = maximin_gain(values, given["reserved"])
    assert equal.values == pytest.approx(expected["kalai"][0], abs=tol)
    assert nash(values, given["reserved"]).values == pytest.approx(expected["nash"][0], abs=tol)
