"""Cases of the literature on rankings."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from servanda.problems.packages import PackageProblem
from servanda.problems.ranked_packages import ranked_problem
from servanda.problems.weight_orders import weight_order
from servanda.solvers.fallback_bargaining import fallback_bargaining
from servanda.solvers.ordinal_efficiency import ordinal_efficiency

HERE = Path(__file__).parent


def cases(path):
    rows = json.loads((HERE / path).read_text(encoding="utf-8"))
    return [pytest.param(row["inputs"], row["outputs"], row["tol"], id=row["id"]) for row in rows]


def in_line(count):
    return weight_order(count, [(j, j + 1) for j in range(count - 1)])


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("management-science/barron1996/centroids.json")
)
def test_barron_1996_centroids(given, expected, tol):
    assert in_line(given["issues"]).centroid == pytest.approx(expected["weights"], abs=tol)


@pytest.mark.parametrize(("given", "expected", "tol"), cases("gdn/brams2001/minimax.json"))
def test_brams_2001_unanimous_fallback_is_minimax(given, expected, tol):
    treaties = ["".join(one) for one in itertools.product("01", repeat=3)]
    distance = np.array(
        [
            [
                sum(a != b for a, b in zip(treaty, own, strict=True))
                for own in given["first_choices"]
            ]
            for treaty in treaties
        ]
    )
    found = fallback_bargaining(-distance)
    assert [treaties[n] for n in found.packages] == expected["treaties"]
    assert distance[found.packages].max() == expected["largest_distance"] + tol


@pytest.mark.parametrize(
    ("given", "expected", "tol"), cases("theory-and-decision/brams2003/three-items.json")
)
def test_brams_2003_divisions_efficient_for_every_or_some_numbers(given, expected, tol):
    items, people = given["items"], ("Alice", "George")
    numbers = PackageProblem(
        actors=people,
        issues=tuple(items),
        options=(people,) * len(items),
        n_options=np.full(len(items), 2),
        contribution=np.zeros((len(items), 2, 2)),
        constant=np.zeros(2),
        reservation=np.zeros(2),
    )
    places = (
        [items.index(one) for one in given["Alice"]],
        [items.index(one) for one in given["George"]],
    )
    problem = ranked_problem(
        numbers,
        rank={(i, j): [int(i != 0), int(i != 1)] for i in range(2) for j in range(len(items))},
        weights=[weight_order(len(items), list(itertools.pairwise(order))) for order in places],
    )
    divisions = np.arange(numbers.n_packages)
    answer = ordinal_efficiency(problem, divisions)
    said = {}
    for n in divisions.tolist():
        got = {who: [i for i, to in numbers.named(n).items() if to == who] for who in people}
        name = ", ".join(f"{who} {' '.join(has) or 'nothing'}" for who, has in got.items())
        said[name] = (
            "for every" if answer.necessary[n] else "for some" if answer.possible[n] else "for none"
        )
    assert {name: said[name] for name in expected} == expected
    assert not answer.unsettled.any()
    assert tol == 0
