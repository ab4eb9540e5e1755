"""Wars that come again: month by month they are the war that the war table values."""

from typing import Any

import numpy as np
import pytest

from one_cause import scenario
from servanda.problems.from_scenario import translate
from servanda.problems.histories import WarsAgain
from servanda.problems.parameters import Floats, central
from servanda.problems.talks_binding import worlds_along
from servanda.problems.war_binding import bind_view, bind_war, outbreaks
from servanda.problems.wars_again import wars_again
from servanda.solvers.war_value import war_values

QUIET = np.array([0.0, 3.0, 24.0, 120.0])
LONG = 2_000
"""Months after which nothing counts any more."""

WARS: dict[str, dict[str, Any]] = {
    "plain": {},
    "rearmed": {
        "war.rearmament": {"north": {"gain": 0.9, "months": 6}},
        "war.rearmament-decay": 0.03,
    },
    "drifting": {
        "war.exhaustion.north": {"now": 0.01, "drift": 0.001, "cap": 0.05},
        "war.costs.south": {"now": 6, "drift": 0.2, "cap": 20},
        "war.freeze": {"now": 0.01},
        "war.months-so-far": 24,
        "war.memory": 12,
    },
    "fortified": {
        "parcels.hill.fortification": 3,
        "parcels.hill.exposure": 0.05,
        "war.fortification-effect": 0.4,
    },
}


@pytest.mark.parametrize("name", WARS)
def test_month_by_month_they_are_worth_what_the_table_says(name: str) -> None:
    translation = translate(scenario(WARS[name]))
    theta = central(translation.parameters)
    own, view = bind_war(translation, theta), bind_view(translation, theta)
    worlds = worlds_along(translation, 0)
    exact, _ = war_values(own.settings, outbreaks(own, worlds, QUIET))
    values = exact.reshape(len(worlds.start), len(QUIET), 2)  # all believe the same
    for knot, quiet in enumerate(QUIET):
        again = wars_again(own, view, worlds, np.full(len(worlds.start), quiet), 0, LONG)
        for war in range(len(worlds.start)):
            assert again.start[war] == war
            found = worth(again, war, own.settings.discount[0], own.settings.imposed[0])
            assert found == pytest.approx(values[war, knot], abs=1e-4)


def worth(wars: WarsAgain, war: int, discount: Floats, imposed: Floats) -> Floats:
    """Value to both sides, by backward induction over its months."""
    value = wars.month[war, -1] / (1.0 - discount)
    for t in range(wars.tempo.shape[1] - 1, -1, -1):
        up = wars.tempo[war, t] * wars.chance[war, t]
        down = wars.tempo[war, t] * (1.0 - wars.chance[war, t])
        up[-1] = down[0] = 0.0
        moves = np.diag(1.0 - up - down) + np.diag(up[:-1], 1) + np.diag(down[1:], -1)
        stands = (1.0 - wars.freeze[war, t]) * value + wars.freeze[war, t] * wars.frozen[war]
        out = wars.gives_way[war, t]
        ends = out @ imposed
        goes_on = (1.0 - out.sum(axis=1))[:, np.newaxis] * (moves @ stands)
        value = wars.month[war, t] + discount * (ends + goes_on)
    found: Floats = value[wars.start[war]]
    return found
