"""Worked examples on trust and aims: shipped solvers on games built from each case's inputs.

The data lie beside this file under a path that is their citation.
"""

import json
from pathlib import Path

import pytest

from servanda.problems.implementation_game import implementation_game
from servanda.problems.sincerity import sincerity_problem
from servanda.solvers.guarantee_window import guarantee_window
from servanda.solvers.plan import evaluate_plan
from servanda.solvers.trust_threshold import trust_threshold

HERE = Path(__file__).parent


def cases(path):
    table = json.loads((HERE / path).read_text(encoding="utf-8"))
    return [
        pytest.param(row["inputs"], row["outputs"], row["tolerance"], id=row["id"])
        for row in table["cases"]
    ]


def assurance(given):
    """One exchange; an untrustworthy partner would rather be the only one not to cooperate."""
    exchange = ("one's part", "partner's part")

    def game(who):
        greed = given["R"] + 1.0 if who["partner"] == "untrustworthy" else given["T"]

        return implementation_game(
            ["one", "partner"],
            exchange,
            discount=0.9,
            owners=dict(zip(exchange, ["one", "partner"], strict=True)),
            belligerent=[],
            flow=lambda done: [given["R"]] * 2,
            attack=lambda done: [given["P"]] * 2,
            renege=lambda done: [given["T"], greed] if done else [given["P"]] * 2,
            joint=[(exchange, False)],
        )

    def suffered(who, breaker, done, clock):
        return [given["S"] if done else given["P"]] * 2

    problem = sincerity_problem(
        {"partner": {"trustworthy": 0.5, "untrustworthy": 0.5}}, game, reneged=suffered
    )
    return problem, [exchange]


@pytest.mark.parametrize(("given", "expected", "tol"), cases("books/kydd2005/trust.json"))
def test_kydd_2005_threshold_of_trust(given, expected, tol):
    problem, plan = assurance(given)
    found = trust_threshold(problem, plan, "partner", "trustworthy")
    assert found.probability == pytest.approx(expected["threshold"], abs=tol)
    assert found.breaks_below["one"].kind == "shirk"


def claim(given, size, aim):
    """A challenger that values no more than its aim may fight for a claim."""
    return implementation_game(
        ["challenger"],
        ["claim"],
        discount=0.9,
        flow=lambda done: [0.0],
        attack=lambda done: [given["p"] * min(size, aim) - given["c"]],
    )


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("international-theory/schultz2019/limited-aims.json")
)
def test_schultz_goemans_2019_limited_aims(given, expected, tol):
    # For a challenger without limit the war value is linear in the size of the claim.
    peace = guarantee_window(claim(given, 0.0, 1.0), claim(given, 1.0, 1.0), ["claim"])
    assert peace.high == pytest.approx(expected["y_min"], abs=tol)
    limited = evaluate_plan(claim(given, 1.0, given["aim"]), ["claim"])
    assert limited.weakest_link.breach == pytest.approx(expected["war_value"], abs=tol)
    assert limited.self_enforcing is not expected["credible"]
