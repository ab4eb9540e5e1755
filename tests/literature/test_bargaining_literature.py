"""Worked examples of the bargaining literature: shipped solvers on problems built from inputs.

The data lie beside this file under a path that is their citation.
"""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import uniform

from servanda.problems.packages import PackageProblem, pattern
from servanda.problems.war import costly_lottery
from servanda.solvers.bargaining_range import bargaining_range
from servanda.solvers.certainty_equivalent import certainty_equivalent
from servanda.solvers.egalitarian import egalitarian
from servanda.solvers.funnel import funnel, settle
from servanda.solvers.kalai_smorodinsky import kalai_smorodinsky, kalai_smorodinsky_all_outcomes
from servanda.solvers.nash import nash
from servanda.solvers.package_values import values_of
from servanda.solvers.ratification_offer import ratification_offer
from servanda.solvers.war_value import war_values

HERE = Path(__file__).parent


def cases(path):
    rows = json.loads((HERE / path).read_text(encoding="utf-8"))
    return [pytest.param(row["inputs"], row["outputs"], row["tol"], id=row["id"]) for row in rows]


def bargain(actors, options, contribution, reservation, **more):
    """Problem whose options are given by name, issue to tuple."""
    names = tuple(options.values())
    return PackageProblem(
        actors=actors,
        issues=tuple(options),
        options=names,
        n_options=np.array([len(row) for row in names]),
        contribution=contribution,
        constant=more.pop("constant", np.zeros(len(actors))),
        reservation=np.asarray(reservation, dtype=float),
        **more,
    )


def share_problem(reservation_a, reservation_b, **more):
    """A share x of a pie of size 1 for A, in hundredths: x = tens/10 + hundredths/100.

    Eleven hundredths are on offer so that x = 1 exists; elsewhere the eleventh is ruled out, so
    that every share stands there once.
    """
    contribution = np.zeros((2, 11, 2))
    for option in range(11):
        contribution[0, option] = option / 10, -option / 10
        contribution[1, option] = option / 100, -option / 100
    options = {"tens": tuple(map(str, range(10))), "hundredths": tuple(map(str, range(11)))}
    return bargain(
        ("A", "B"),
        options,
        contribution,
        [reservation_a, reservation_b],
        constant=np.array([0.0, 1.0]),
        exclusions=np.array([pattern(2, {0: range(9), 1: [10]})]),
        **more,
    )


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("econometrica/nash1950/bill-and-jack.json")
)
def test_nash_1950_bill_and_jack(given, expected, tol):
    contribution = np.zeros((9, 2, 2))  # option 1: the good changes hands
    for number, (_, owner, bill, jack) in enumerate(given["items"]):
        contribution[number, 1] = (-bill, jack) if owner == "B" else (bill, -jack)
    goods = {item[0]: ("kept", "traded") for item in given["items"]}
    initial = np.array(given["initial"], dtype=float)
    problem = bargain(("Bill", "Jack"), goods, contribution, initial, constant=initial)

    found = funnel(problem)
    answer = settle(problem, found)["nash"]
    deal = found.efficient[answer.index]
    assert list(deal.gains.values()) == pytest.approx(expected["gains"], abs=tol)
    assert math.exp(answer.criterion[0]) == pytest.approx(expected["nash_product"], rel=tol)
    traded = {good for good, choice in deal.options.items() if choice == "traded"}
    assert traded == set(expected["traded"])
    everything = nash(values_of(problem, np.arange(512)), problem.reservation)
    assert everything.index == deal.index


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("econometrica/nash1953/frontiers.json")
)
def test_nash_kalai_smorodinsky_egalitarian_on_a_smooth_frontier(given, expected, tol):
    # 800,001 points, 1.25e-6 apart: half a step moves either value by less than the case's 5e-6
    x = np.linspace(0.0, 1.0, 800_001)
    other = {"u2=1-u1^2": 1 - x**2, "u1=x,u2=sqrt(1-x)": np.sqrt(1 - x)}[given["frontier"]]
    values = np.stack([x, other], axis=1)
    for solver, name in [
        (nash, "nash"),
        (kalai_smorodinsky, "ks"),
        (egalitarian, "egalitarian"),
    ]:
        answer = solver(values, given["d"])
        assert answer.values == pytest.approx(expected[name], abs=tol)


@pytest.mark.parametrize(("given", "expected", "tol"), cases("ijgt/kalai1977/weights.json"))
def test_kalai_1977_weighted_nash_splits_by_weight(given, expected, tol):
    problem = share_problem(given["d1"], given["d2"])
    values = values_of(problem, funnel(problem).survivors)
    weights = [given["weight"], 1 - given["weight"]]
    answer = nash(values, problem.reservation, weights)
    assert answer.values == pytest.approx([expected["x1"], expected["x2"]], abs=tol)


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("international-organization/fearon1995/indivisible.json")
)
def test_fearon_1995_indivisible_stakes(given, expected, tol):
    shares = np.array(given["X"], dtype=float)
    contribution = np.stack([shares, 1 - shares], axis=1)[None]
    reservation = [given["p"] - given["cA"], 1 - given["p"] - given["cB"]]
    options = {"split": tuple(f"A gets {x}" for x in shares)}
    found = funnel(bargain(("A", "B"), options, contribution, reservation))
    assert shares[found.survivors].tolist() == pytest.approx(expected["feasible"], abs=tol)
    assert found.status.has_deal == bool(expected["feasible"])
    if not expected["feasible"]:  # whoever loses is what stands in the way, by 0.4 of the stake
        assert found.kills_most_alone == "individual-rationality"
        assert found.nearest[0].total == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("international-organization/fearon1995/side-payment.json")
)
def test_fearon_1995_side_payment(given, expected, tol):
    """A cession paid for from a fund, in hundredths: which payments leave both willing."""
    steps = round(given["fund"] * 100) + 1
    contribution = np.zeros((2, steps, 2))
    contribution[0, 1] = given["gain_R"], -given["loss_U"]
    contribution[1, :, 0] = -np.arange(steps) / 100
    contribution[1, :, 1] = np.arange(steps) / 100
    options = {"parcel": ("stays", "ceded"), "payment": tuple(map(str, range(steps)))}
    problem = bargain(("R", "U"), options, contribution, [0.0, 0.0])
    chosen = [problem.chosen(int(n)) for n in funnel(problem).survivors]
    payments = [payment / 100 for ceded, payment in chosen if ceded]
    span = [min(payments), max(payments)] if payments else None
    assert span == (expected["s_range"] and pytest.approx(expected["s_range"], abs=tol))


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("international-organization/putnam1988/win-sets.json")
)
def test_putnam_1988_win_sets_and_the_schelling_conjecture(given, expected, tol):
    """Ratifiers are sharp gates: accepted for certain at their share or above, else never."""
    effects = np.zeros((2, 2, 11))
    effects[:, 0, :] = np.outer([1, -1], np.arange(11) / 10)
    effects[:, 1, :] = np.outer([1, -1], np.arange(11) / 100)
    problem = share_problem(
        given["dA"],
        given["dB"],
        audiences=("A at home", "B at home"),
        support_constant=np.array([-given["rA"] + 1e-12, 1 - given["rB"] + 1e-12]),
        support_effects=effects,
        threshold=np.array([0.5, 0.5]),
        noise=np.zeros(2),
        audience_actor=np.array([0, 1]),
        failure_cost=np.array([0.01, 0.01]),  # any cost makes a leader shun a lost vote
    )
    found = funnel(problem)
    shares = values_of(problem, found.survivors)[:, 0]
    assert [shares.min(), shares.max()] == pytest.approx(expected["winset"], abs=tol)
    assert settle(problem, found)["nash"].values[0] == pytest.approx(expected["x"], abs=tol)


@pytest.mark.parametrize(("given", "expected", "tol"), cases("ajps/beardsley2008/leverage.json"))
def test_beardsley_2008_leverage_widens_the_range_for_a_while(given, expected, tol):
    def span(pressure_a, pressure_b):
        problem = share_problem(
            given["p"] - given["cA"] - pressure_a, 1 - given["p"] - given["cB"] - pressure_b
        )
        shares = values_of(problem, funnel(problem).survivors)[:, 0]
        return [shares.min(), shares.max()]

    pressed = span(given["mA"], given["mB"])
    assert pressed == pytest.approx([expected["lo"], expected["hi"]], abs=tol)
    assert span(0, 0) == pytest.approx(expected["durable"], abs=tol)


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("international-theory/schultz2019/parcels.json")
)
def test_schultz_goemans_2019_parcels(given, expected, tol):
    worth_a, worth_b = (np.array(given[name]) / sum(given[name]) for name in ("vA", "vB"))
    contribution = np.zeros((3, 2, 2))
    contribution[:, 1, 0] = worth_a
    contribution[:, 0, 1] = worth_b
    reservation = [given["p"] - given["cA"], 1 - given["p"] - given["cB"]]
    parcels = {f"parcel {n}": ("to B", "to A") for n in range(3)}
    problem = bargain(("A", "B"), parcels, contribution, reservation)
    found = funnel(problem)

    def masks(packages):
        chosen = [problem.chosen(int(n)) for n in packages]
        return sorted(sum(bit << place for place, bit in enumerate(row)) for row in chosen)

    assert masks(found.survivors) == expected["feasible"]
    # packages at one point stand there once, with how many share it
    points = {tuple(np.round(values_of(problem, np.array([n]))[0], 9)) for n in found.survivors}
    assert len(found.efficient) == len(points)
    assert sum(found.shared) == len(expected["pareto"])


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("software/negmas-0.16.0/two-party-domains.json")
)
def test_negmas_two_party_domains(given, expected, tol):
    tables = [np.array(t["weights"])[:, None] * np.array(t["values"]) for t in given["tables"]]
    contribution = np.stack(tables, axis=2)
    options = {f"issue {j}": ("a", "b", "c") for j in range(len(contribution))}
    problem = bargain(("one", "two"), options, contribution, given["reserved"])
    found = funnel(problem)
    front = sorted([list(deal.values.values()) for deal in found.efficient], reverse=True)
    assert front == [pytest.approx(point, abs=tol) for point in expected["pareto_rational"]]
    answers = settle(problem, found)
    assert answers["nash"].values == pytest.approx(expected["nash"][0], abs=tol)
    # what NegMAS calls kalai is the maximin of gains
    assert answers["egalitarian"].values == pytest.approx(expected["kalai"][0], abs=tol)
    everything = values_of(problem, np.arange(problem.n_packages))
    ideal_over_all = kalai_smorodinsky_all_outcomes(everything, problem.reservation)
    assert ideal_over_all.values == pytest.approx(expected["ks"][0], abs=tol)


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("international-organization/fearon1995/risk-averse.json")
)
def test_fearon_1995_sides_that_mind_risk_or_like_it(given, expected, tol):
    war = war_values(*costly_lottery(given["p"], (given["cA"], given["cB"])))[0][0]
    sure = [
        certainty_equivalent(lambda x, bend=bend: x**bend, value)
        for bend, value in zip((given["a"], given["b"]), war, strict=True)
    ]
    found = bargaining_range(*sure)
    assert [found.low, found.high] == pytest.approx([expected["lo"], expected["hi"]], abs=tol)
    assert bool(found.exists) == expected["exists"]


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("international-organization/fearon1995/risk-return.json")
)
def test_fearon_1995_risk_against_return(given, expected, tol):
    """A demand in thousandths, and the chance that the other's cost is high enough to accept it."""
    demands = np.arange(1001) / 1000
    accepted = uniform(0, given["C"]).sf(demands - given["p"])
    found = ratification_offer(demands, accepted, disagreement=given["p"] - given["cA"])
    assert found.offer == pytest.approx(expected["x"], abs=tol)
    assert 1 - found.probability == pytest.approx(expected["pr_war"], abs=tol)
    assert found.expected == pytest.approx(expected["EU_A"], abs=tol)


@pytest.mark.parametrize(("given", "expected", "tol"), cases("ajps/carter2010/consolidation.json"))
def test_carter_2010_consolidation_deters(given, expected, tol):
    """How far to consolidate, in twentieths up to 3: the challenger stays, the target can bear it.

    Peace is worth nought to both; a war is worth to the challenger what it wins less its cost.
    """
    levels = np.arange(61) / 20
    war = given["p0"] / (1 + given["eta"] * levels) * given["V"] - given["cA"]
    contribution = np.stack([-war, -given["k"] * levels], axis=1)[None]
    problem = bargain(
        ("challenger", "target"),
        {"consolidated": tuple(map(str, levels))},
        contribution,
        [0.0, -given["loss"]],
    )
    found = funnel(problem)
    assert found.status.has_deal == expected["consolidates"]
    cheapest = max(found.efficient, key=lambda deal: deal.values["target"])
    assert float(cheapest.options["consolidated"]) == pytest.approx(expected["f_star"], abs=tol)
    assert -cheapest.values["target"] == pytest.approx(expected["cost"], abs=tol)
