"""Participation against the talks game by its definition, and its laws."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.twins.talks_by_definition import solve
from tests.twins.test_talks_twin import random_game

from servanda.errors import ProblemError
from servanda.problems.talks import talks_game
from servanda.solvers.participation import outsiders_participation, participation
from servanda.solvers.talks_game import solve_talks


def ladder_of(game, rng):
    """Walking out, then the same with each thing put back; names to games."""
    silent = replace(game, recognised=np.zeros_like(game.recognised))
    dearer = replace(silent, month=silent.month - rng.uniform(0, 1, 2))
    pressed = replace(dearer, odds=silent.odds * rng.uniform(0.3, 1))
    return pressed, {"cover": dearer, "pressure": silent, "deal": game}


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 1))
def test_parts_are_differences_of_the_games_by_definition(seed, side):
    rng = np.random.default_rng(seed)
    walking_out, ladder = ladder_of(random_game(rng), rng)
    found = participation(walking_out, ladder, side)
    worth = [solve(game)[0][side] for game in (walking_out, *ladder.values())]
    assert found.walking_out[0] == pytest.approx(worth[0], abs=1e-9)
    assert found.staying[0] == pytest.approx(worth[-1], abs=1e-9)
    for number, name in enumerate(ladder):
        assert found.parts[name][0] == pytest.approx(worth[number + 1] - worth[number], abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 1))
def test_the_parts_add_up(seed, side):
    rng = np.random.default_rng(seed)
    game = replace(random_game(rng), yields=np.full(2, -np.inf))
    walking_out, ladder = ladder_of(game, rng)
    found = participation(walking_out, ladder, side)
    assert sum(found.parts.values()) == pytest.approx(found.gain, abs=1e-12, nan_ok=True)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 1))
def test_where_nobody_chooses_how_hard_to_strike_a_deal_to_come_is_never_a_loss(seed, side):
    rng = np.random.default_rng(seed)
    game = replace(random_game(rng), yields=np.full(2, -np.inf))
    game = replace(game, strikes=game.strikes[:, :, :1], wear=game.wear[..., :1])
    walking_out, ladder = ladder_of(game, rng)
    found = participation(walking_out, ladder, side)
    reached = np.isfinite(found.gain)
    assert (found.parts["deal"][reached] >= -1e-9).all()
    assert (found.parts["pressure"][reached] >= -1e-9).all()
    assert ((found.chance[reached] >= -1e-9) & (found.chance[reached] <= 1 + 1e-9)).all()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_a_deal_is_worth_the_same_to_a_side_and_to_an_outsider_in_its_place(seed):
    """War worth the same in every month, everybody believing the same."""
    rng = np.random.default_rng(seed)
    M, C = int(rng.integers(1, 8)), int(rng.integers(1, 5))
    discount, war = rng.uniform(0.7, 0.99, 2), rng.uniform(20, 40, 2)
    game = talks_game(
        months=M,
        discount=discount,
        month=(1 - discount) * war,
        last=war,
        deals=rng.uniform(10, 60, (C, 2)),
        recognised=rng.dirichlet([1, 1, 1, 1])[:3],
    )
    solved = solve_talks(game)
    silent = replace(game, recognised=np.zeros_like(game.recognised))
    for side in (0, 1):
        own = participation(silent, {"deal": game}, side)
        seen = outsiders_participation(
            game,
            solved,
            discount=float(discount[side]),
            deals=game.deals[:, :, side],
            war=[war[side]],
        )
        assert seen.gain == pytest.approx(own.gain, abs=1e-9, nan_ok=True)
        assert seen.chance == pytest.approx(own.chance, abs=1e-9, nan_ok=True)
        assert not np.nan_to_num(seen.parts["seen"]).any()


def test_an_outsider_is_paid_for_being_seen_as_long_as_talks_last():
    game = talks_game(months=4, discount=0.9)
    found = outsiders_participation(
        game, solve_talks(game), discount=0.5, deals=np.zeros((1, 0)), war=[3.0], cover=8.0
    )
    assert found.parts["seen"].tolist() == [7.5, 7.0, 6.0, 4.0]
    assert found.walking_out.tolist() == [3.0] * 4


def test_every_fault_is_named():
    game, longer = talks_game(months=2), talks_game(months=3)
    with pytest.raises(ProblemError, match=r"side: 2.*ladder\['deal'\]: other months"):
        participation(game, {"deal": longer}, 2)
    with pytest.raises(ProblemError, match="at least staying itself"):
        participation(game, {}, 0)
    with pytest.raises(ProblemError, match=r"deals, war: shapes \(2, 0\)"):
        outsiders_participation(
            game, solve_talks(game), discount=0.9, deals=np.zeros((2, 0)), war=[0.0]
        )
