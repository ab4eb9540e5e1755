"""Campaigns of strikes as arrays: whose beliefs, what stops them, and where they must stop."""

from typing import Any

import numpy as np
import pytest

from one_cause import scenario
from servanda.problems.campaigns import (
    Campaigns,
    campaigns_in,
    stopping,
    strikes_by_month,
    wear_by_month,
)
from servanda.problems.from_scenario import translate
from servanda.problems.parameters import central

NORTH: dict[str, Any] = {
    "name": "Strikes on depots",
    "levels": [0, 1],
    "costs": {"south": {"value": 0.2, "believed": {"south": 0.3, "north": 0.4}}, "north": 0.05},
    "exhaustion": {"south": {"value": 0.25, "believed": {"north": 0.5}}},
    "stopped-by": "truce",
}
SOUTH: dict[str, Any] = {"name": "Strikes on mills", "levels": [0, 0.5, 1, 2], "costs": {}} | {
    "exhaustion": {"north": -0.1}
}
TRUCE: dict[str, Any] = {"name": "Truce", "level": 0, "costs": {"south": -0.2}}


def bound(strikes: dict[str, Any], level: float = 0.0) -> Campaigns:
    built = scenario({"strikes": strikes, "instruments.truce": TRUCE | {"level": level}})
    translation = translate(built)
    return campaigns_in(built, translation, central(translation.parameters))


def test_costs_are_believed_by_who_bears_them_and_wear_by_everybody() -> None:
    found = bound({"north": NORTH, "south": SOUTH})
    assert found.chosen.tolist() == [True, True]
    assert found.cost == pytest.approx(np.array([[0.05, 0.3], [0.0, 0.0]]))
    assert found.wear == pytest.approx(np.array([[0.5, -0.1], [0.25, -0.1], [0.25, -0.1]]))
    assert found.intensity.tolist() == [[0, 1, 1, 1], [0, 0.5, 1, 2]]


def test_without_a_campaign_there_is_one_level_that_adds_nothing() -> None:
    found = bound({})
    assert not found.chosen.any()
    assert found.intensity.tolist() == [[1], [1]]
    assert (strikes_by_month(found, np.ones((3, 2)), np.full(2, 0.9)) == 0).all()
    assert (wear_by_month(found, np.full((3, 3, 4, 2), 0.1)) == 0).all()


def test_an_instrument_in_force_leaves_nothing_to_choose() -> None:
    found = bound({"north": NORTH, "south": SOUTH}, level=0.5)
    assert found.chosen.tolist() == [False, True]
    assert (found.cost[0] == 0).all()
    assert (found.wear[:, 0] == 0).all()
    built = scenario({"strikes": {"north": NORTH}, "instruments.truce": TRUCE})
    assert stopping(built, translate(built)) == (0, -1)


def test_what_is_as_now_adds_nothing_and_the_rest_is_in_proportion() -> None:
    found = bound({"north": NORTH, "south": SOUTH})
    price, discount = np.array([[10.0, 20.0], [12.0, 24.0]]), np.array([0.9, 0.8])
    strikes = strikes_by_month(found, price, discount)
    assert strikes.shape == (2, 2, 4, 2)
    assert strikes[0, 0, 0] == pytest.approx([0.05 * 0.1 * 10, 0.3 * 0.2 * 20])  # what is spared
    assert (strikes[:, 0, 1:] == 0).all()
    gives_way = np.full((3, 2, 5, 2), 0.1)
    wear = wear_by_month(found, gives_way)
    assert wear.shape == (3, 2, 5, 2, 4)
    assert wear[0, 0, 0, 0] == pytest.approx([-0.05, 0, 0, 0])
    assert wear[2, 0, 0, 0] == pytest.approx([-0.025, 0, 0, 0])
    assert wear[2, 0, 0, 1] == pytest.approx([0.01, 0.005, 0, -0.01])


def test_no_campaign_takes_a_probability_out_of_its_range() -> None:
    campaigns = Campaigns(
        chosen=np.ones(2, bool),
        intensity=np.array([[0.0, 50.0], [0.0, 50.0]]),
        cost=np.zeros((2, 2)),
        wear=np.array([[3.0, 3.0], [-3.0, 3.0], [1.0, -3.0]]),
    )
    rng = np.random.default_rng(1)
    gives_way = rng.dirichlet([1, 1, 1], size=(3, 6, 5))[..., :2]
    gives_way[0, 0, 0] = 1.0, 0.0  # sure to end
    wear = wear_by_month(campaigns, gives_way)[..., ::-1, :]
    assert (gives_way[..., np.newaxis] + wear).min() >= -1e-12
    assert (gives_way + wear.max(axis=-1)).sum(axis=-1).max() <= 1 + 1e-12


def test_shares_that_are_drawn_above_all_there_is_are_taken_together_as_all() -> None:
    drawn = NORTH | {"costs": {"south": {"value": 0.5, "low": 0.3, "high": 0.7}}}
    other = SOUTH | {"costs": {"south": {"value": 0.5, "low": 0.3, "high": 0.7}}}
    built = scenario({"strikes": {"north": drawn, "south": other}, "instruments.truce": TRUCE})
    translation = translate(built)
    theta = central(translation.parameters)
    for side, share in (("north", 0.9), ("south", 0.6)):
        theta[0, translation.parameters.index(f"strikes.{side}.costs.south")] = share
    found = campaigns_in(built, translation, theta)
    assert found.cost[:, 1] == pytest.approx([0.6, 0.4])
