"""Talks over packages: without offers they are the war, and deals follow the line."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios import random_scenario
from servanda.problems.campaigns import campaigns_in
from servanda.problems.from_scenario import translate
from servanda.problems.parameters import central
from servanda.problems.talks import talks_game
from servanda.problems.talks_binding import front_war, holders_along, main_front
from servanda.problems.war_binding import bind_view
from servanda.solvers.collapse import reservation_values
from servanda.solvers.package_talks import package_talks, war_along
from servanda.solvers.talks_game import solve_talks
from servanda.solvers.war_after_talks import fought_on
from servanda.solvers.war_table import WarTable

HORIZON = 120


def game_without_offers(scenario, months=HORIZON, learning=np.inf):
    """The talks as the analyst sees everything, nobody making an offer."""
    translation = translate(scenario)
    view = bind_view(translation, central(translation.parameters))
    table = WarTable(view)
    front = main_front(view)
    campaigns = campaigns_in(scenario, translation, central(translation.parameters))
    war = front_war([(view, view, campaigns, months)], front)
    return (
        table,
        front,
        package_talks(
            war,
            np.zeros((len(war.frozen), 0, len(translation.actors.names))),
            speakers=translation.actors.speaker,
            weight=(learning, learning),
            offers=(0.0, 0.0, 0.0),
            mediator=None,
        ),
    )


def single_fronts():
    """Random scenarios whose line is one front only, so that the talks hold all of the war."""
    return [seed for seed in range(60) if len(random_scenario(seed).fronts) == 1]


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(single_fronts()))
def test_without_offers_talks_are_worth_what_the_war_is(seed):
    table, front, game = game_without_offers(random_scenario(seed))
    found = solve_talks(game).start_values(game.start)
    speakers = list(table.bound.translation.actors.speaker)
    assert found == pytest.approx(reservation_values(table)[0, speakers], abs=1e-3)
    assert war_along(table, front)[game.start, speakers] == pytest.approx(found, abs=1e-3)


@settings(max_examples=10, deadline=None)
@given(st.sampled_from(single_fronts()))
def test_a_change_of_months_only_moves_where_rates_stop_drifting(seed):
    """With the same regime cut in two nothing changes."""
    scenario = random_scenario(seed)
    translation = translate(scenario)
    theta = central(translation.parameters)
    view, campaigns = bind_view(translation, theta), campaigns_in(scenario, translation, theta)
    front = main_front(view)
    whole, cut = (
        front_war([(view, view, campaigns, months) for months in lengths], front)
        for lengths in ((24,), (10, 14))
    )
    for name in ("odds", "tempo", "month", "gives_way", "strikes", "wear", "freeze", "frozen"):
        assert getattr(cut, name) == pytest.approx(getattr(whole, name))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_fighting_on_after_the_last_month_is_fighting_on_for_long(seed):
    """What follows the last month is worth what many more months without offers are."""
    rng = np.random.default_rng(seed)
    F = int(rng.integers(1, 6))
    fixed = {
        "positions": F,
        "start": int(rng.integers(F)),
        "discount": rng.uniform(0.7, 0.9, 2),
        "mean": rng.random(3),
        "tempo": rng.random(F),
        "odds": rng.uniform(0.5, 2, F),
        "month": rng.random((F, 2)),
        "absorbed": rng.random((2, 2)),
        "absorbing": rng.random(2) < 0.5 if F > 2 else False,
        "gives_way": rng.dirichlet([1, 1, 8])[:2],
        "imposed": rng.random((2, 2)),
        "freeze": rng.random() * 0.1,
        "frozen": rng.random((F, 2)),
        "recognised": 0.0,
    }
    ended = (fixed["start"] == 0, fixed["start"] == F - 1) & np.asarray(fixed["absorbing"])
    if ended.any():
        return
    short = solve_talks(fought_on(talks_game(months=2, **fixed)))
    long = solve_talks(talks_game(months=200, **fixed))
    start = fixed["start"]
    assert short.start_values(start) == pytest.approx(long.start_values(start), abs=1e-6)


def test_the_line_says_who_holds_what():
    scenario = random_scenario(single_fronts()[0])
    translation = translate(scenario)
    along = holders_along(translation, 0)
    held = [
        (row[translation.land.order[0, : translation.land.size[0]]] == 0).sum() for row in along
    ]
    assert held == list(range(len(along)))
    now = int(
        (translation.land.holder[translation.land.order[0, : translation.land.size[0]]] == 0).sum()
    )
    assert along[now].tolist() == translation.land.holder.tolist()
