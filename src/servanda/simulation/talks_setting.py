"""Who makes offers, how much beliefs weigh and what war is like, in one draw of a scenario."""

from __future__ import annotations

from itertools import pairwise

from servanda.problems.parameters import Floats
from servanda.problems.talks_binding import FrontWar, front_war
from servanda.problems.translation import Translation
from servanda.problems.war_binding import bind_view, bind_war
from servanda.scenario.model import Scenario, Talks
from servanda.simulation.war_views import under_pressure


def offers_in(
    scenario: Scenario, translation: Translation, theta: Floats
) -> tuple[tuple[float, float, float], int | None]:
    """Share of months in which a, b or the mediator makes the offer, and who the mediator is.

    Args:
        scenario, translation: whose talks.
        theta: (1, P) the draw.
    """
    said = scenario.talks.offers if scenario.talks else {}
    if not said:
        return (0.5, 0.5, 0.0), None
    actors, params = translation.actors, translation.parameters
    shares, mediator = [0.0, 0.0, 0.0], None
    for name in said:
        actor = actors.names.index(name)
        side = int(actors.side[actor])
        shares[side if side >= 0 else 2] = float(theta[0, params.index(f"talks.offers.{name}")])
        mediator = actor if side < 0 else mediator
    total = max(1.0, sum(shares))  # shares that are drawn one by one may sum to more
    return (shares[0] / total, shares[1] / total, shares[2] / total), mediator


def weights_in(scenario: Scenario, translation: Translation, theta: Floats) -> tuple[float, float]:
    """How much each side's belief weighs, in moves of the line; ``theta`` is (1, P)."""
    if scenario.talks is None:
        silent = Talks().learning.value
        return silent, silent
    params = translation.parameters
    entry = params.index("talks.learning")
    a, b = (float(theta[0, params.believed[actor, entry]]) for actor in translation.actors.speaker)
    return a, b


def war_in(
    scenario: Scenario,
    translation: Translation,
    theta: Floats,
    front: int | None,
    months: int,
    *,
    pressed: bool,
) -> FrontWar:
    """The war by month; threats are carried out until they lapse, as long as there is no deal."""
    lapses = {key: one.lapses for key, one in scenario.pressure.items()} if pressed else {}
    edges = sorted({0, months, *(month for month in lapses.values() if month < months)})
    regimes = []
    for first, after in pairwise(edges):
        active = tuple(key for key, month in lapses.items() if month > first)
        changed = under_pressure(scenario, translation, theta, active)
        own, view = bind_war(translation, changed), bind_view(translation, changed)
        regimes.append((own, view, after - first))
    return front_war(regimes, front)
