"""A scenario without a war: what each gets without a deal is said, and little else may be."""

from copy import deepcopy
from typing import Any

import numpy as np
import pytest

from scenarios import build
from servanda import workbench
from servanda.errors import ProblemError, ScenarioError
from servanda.problems.from_scenario import translate
from servanda.problems.package_binding import package_problem
from servanda.problems.parameters import central
from servanda.scenario.build import build_scenario
from servanda.solvers.reservation import without_a_deal

RAW: dict[str, Any] = {
    "title": "Two neighbours and a well",
    "as-of": "2026-01-01",
    "actors": {
        "hill": {"name": "Hill", "role": "other", "discount": 0},
        "dale": {"name": "Dale", "role": "other", "discount": 0.1},
        "guest": {"name": "Guest", "role": "mediator", "signs": False, "discount": 0},
    },
    "issues": {
        "well": {
            "question": "Who draws first?",
            "track": "economic",
            "weight": {"hill": 0.6, "dale": 0.4},
            "options": {
                "hill": {"value": {"hill": 100, "dale": 0}},
                "turns": {"value": {"hill": 70, "dale": 60}},
            },
        },
        "path": {
            "question": "Who mends the path?",
            "track": "economic",
            "weight": {"hill": 0.4, "dale": 0.6},
            "options": {
                "both": {"value": {"hill": 50, "dale": 50}},
                "dale": {"value": {"hill": 100, "dale": 0}, "status-quo": True},
            },
        },
    },
    "reservation": {"hill": 40, "dale": {"value": 20, "believed": {"dale": 25}}},
}


def complaints(**changes: Any) -> list[tuple[str, str]]:
    raw = deepcopy(RAW) | changes
    return [(one.path, one.rule) for one in build_scenario(raw)[1]]


def test_it_passes_the_check_with_or_without_a_status_quo() -> None:
    assert complaints() == []


def test_its_packages_are_weighed_against_what_is_said() -> None:
    translation = translate(build(RAW))
    theta = central(translation.parameters)
    reservation = without_a_deal(translation, theta, threads=1)
    assert reservation[0, :2].tolist() == [40.0, 25.0]  # each in its own beliefs
    assert np.isnan(reservation[0, 2])
    problem = package_problem(translation, theta, reservation[0], [], [])
    turns_and_both = problem.number((1, 0))
    worth = problem.contribution[[0, 1], list(problem.chosen(turns_and_both))].sum(axis=0)
    assert worth[:2] == pytest.approx([0.6 * 70 + 0.4 * 50, 0.4 * 60 + 0.6 * 50])
    assert problem.parties.tolist() == [0, 1]


def test_what_needs_a_war_says_so() -> None:
    scenario = build(RAW)
    with pytest.raises(ScenarioError, match=r"war: .* has none"):
        workbench.analyse(scenario, draws=1)
    with pytest.raises(ProblemError, match="no war"):
        _ = translate(scenario).fighting


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        ({"reservation": {}}, "war", "is missing"),
        ({"reservation": {"hill": 1}}, "reservation", "nothing of 'dale'"),
        (
            {"reservation": {"hill": 1, "dale": 1, "dal": 1}},
            "reservation.dal",
            "no actor 'dal'",
        ),
        (
            {"steps": {"mend": {"serves": ["path.both", "well.turns"]}}},
            "steps",
            "means nothing without a war",
        ),
        (
            {"actors": RAW["actors"] | {"dale": RAW["actors"]["dale"] | {"role": "belligerent"}}},
            "actors.dale.role",
            "there is no war",
        ),
        ({"parcels": {"x": {"name": "x", "held-by": "demilitarised"}}}, "parcels", "without a war"),
    ],
)
def test_what_cannot_stand_without_a_war(changes: dict[str, Any], path: str, words: str) -> None:
    assert any(where == path and words in rule for where, rule in complaints(**changes))


def test_a_war_that_is_badly_written_is_not_also_missing() -> None:
    raw = deepcopy(RAW) | {"war": 3}
    assert {one.path for one in build_scenario(raw)[1]} == {"war"}
