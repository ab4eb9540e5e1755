"""Strikes as a choice: what holds of any talks in which the sides choose how hard."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.twins.test_talks_twin import random_game

from servanda.problems.talks import talks_game
from servanda.solvers.talks_game import solve_talks
from servanda.solvers.war_after_talks import fought_on

SEEDS = st.integers(0, 2**32)


def with_strikes(game, strikes, wear):
    return replace(game, strikes=strikes, wear=wear)


def reached(found):
    """States that talks and war can stand in: month, moves, position."""
    return ~np.isnan(found.refusal[..., 0])


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.integers(0, 1))
def test_what_only_costs_the_striker_is_never_chosen(seed, side):
    rng = np.random.default_rng(seed)
    game = random_game(rng)
    M, F, L = game.months, game.positions, 4
    strikes, wear = np.zeros((M, 2, L, 2)), np.zeros((3, M, F, 2, L))
    strikes[:, side, 1:, side] = -rng.uniform(0.01, 1, (M, L - 1))
    strikes[:, side, 1:, 1 - side] = -rng.uniform(0, 1, (M, L - 1))  # harm is no gain
    found = solve_talks(with_strikes(game, strikes, wear))
    assert (found.striking == 0).all()
    none = solve_talks(with_strikes(game, strikes[:, :, :1], wear[..., :1]))
    assert np.array_equal(found.values, none.values, equal_nan=True)


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.integers(0, 1))
def test_what_is_free_and_tires_the_other_is_done_to_the_full(seed, side):
    """Where the other's giving way is worth more than anything else that may come."""
    rng = np.random.default_rng(seed)
    game = random_game(rng)
    M, F, L = game.months, game.positions, 3
    imposed = game.imposed.copy()
    imposed[1 - side, side] = 1_000.0
    room = (1 - game.gives_way.sum(axis=-1)) / 2
    strikes, wear = np.zeros((M, 2, L, 2)), np.zeros((3, M, F, 2, L))
    wear[..., side, :] = np.linspace(0.1, 1, L) * room[..., np.newaxis]
    found = solve_talks(replace(game, imposed=imposed, strikes=strikes, wear=wear))
    ends = np.zeros(F, bool)
    ends[[0, -1]] = game.absorbing
    assert (found.striking[reached(found) & ~ends][:, side] == L - 1).all()


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_a_side_gets_more_by_its_choice_than_by_any_other_in_that_month(seed):
    """Held at another level in the first month alone, it expects no more from a refusal."""
    game = random_game(np.random.default_rng(seed))
    found = solve_talks(game)
    for side in range(2):
        for level in range(game.levels):
            strikes, wear = game.strikes.copy(), game.wear.copy()
            strikes[0, side] = strikes[0, side, level]
            wear[:, 0, :, side] = wear[:, 0, :, side, level, np.newaxis]
            held = solve_talks(with_strikes(game, strikes, wear))
            if (game.yields > -np.inf).any():
                continue
            mine = found.refusal[0, 0, game.start, side]
            assert held.refusal[0, 0, game.start, side] <= mine + 1e-9


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_campaigns_with_one_level_are_months_of_war_like_any_other(seed):
    rng = np.random.default_rng(seed)
    game = random_game(rng)
    one = with_strikes(game, game.strikes[:, :, :1], game.wear[..., :1])
    none = replace(
        one,
        month=one.month + one.strikes[:, :, 0].sum(axis=1)[:, np.newaxis],
        gives_way=one.gives_way + one.wear[..., ::-1, 0],
        strikes=np.zeros_like(one.strikes),
        wear=np.zeros_like(one.wear),
    )
    with_one, without = solve_talks(one), solve_talks(none)
    assert with_one.values == pytest.approx(without.values, abs=1e-12, nan_ok=True)
    assert with_one.given_way == pytest.approx(without.given_way, abs=1e-12)
    assert fought_on(replace(one, discount=[0.9, 0.9])).last == pytest.approx(
        fought_on(replace(none, discount=[0.9, 0.9])).last, abs=1e-12
    )


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_relabelling_the_sides_permutes_the_answer(seed):
    game = random_game(np.random.default_rng(seed))
    swap, line = [1, 0], slice(None, None, -1)
    believers = [1, 0, 2]
    mirrored = replace(
        game,
        start=game.positions - 1 - game.start,
        discount=game.discount[swap],
        mean=1 - game.mean[believers],
        weight=game.weight[believers],
        odds=1 / game.odds[:, line],
        tempo=game.tempo[:, line],
        absorbing=game.absorbing[swap],
        absorbed=game.absorbed[swap][:, swap],
        month=game.month[:, line][..., swap],
        gives_way=game.gives_way[believers][:, :, line][..., swap],
        strikes=game.strikes[:, swap][..., swap],
        wear=game.wear[believers][:, :, line][..., swap, :],
        imposed=game.imposed[swap][:, swap],
        freeze=game.freeze[believers],
        frozen=game.frozen[line][:, swap],
        recognised=game.recognised[believers][..., [1, 0, 2]],
        deals=game.deals[line][..., swap],
        open=game.open[:, line],
        mediator=game.mediator[line],
        pie=game.pie[line],
        yields=game.yields[swap],
        yielded=game.yielded[swap][:, swap],
        last=game.last[:, line][..., swap],
    )
    found, other = solve_talks(game), solve_talks(mirrored)
    assert other.start_values(mirrored.start) == pytest.approx(
        found.start_values(game.start)[::-1], abs=1e-9
    )
    assert other.agreement == pytest.approx(found.agreement, abs=1e-9)
    assert other.struck == pytest.approx(found.struck[:, swap], abs=1e-9)


def test_each_strikes_though_both_would_rather_that_neither_did():
    """Two alike: striking costs 1 and takes 3 from the other; a tenth of a chance is worth 4."""
    strikes = np.zeros((2, 2, 2))  # whose, level, to whom
    strikes[0, 1], strikes[1, 1] = (-1, -3), (-3, -1)
    game = talks_game(
        months=12,
        discount=0.9,
        levels=2,
        strikes=strikes,
        wear=[0.0, 0.1],
        imposed=[[-50, 50], [50, -50]],
    )
    restraint = replace(game, strikes=game.strikes[:, :, :1], wear=game.wear[..., :1])
    chosen, none = solve_talks(game), solve_talks(restraint)
    assert (chosen.striking[reached(chosen)] == 1).all()
    assert chosen.struck[:, :, 1].sum() > 0
    assert none.start_values(0)[0] > chosen.start_values(0)[0]
    assert none.start_values(0)[1] > chosen.start_values(0)[1]


def test_war_after_the_talks_is_the_end_of_long_talks():
    """What is paid after the last month is what very long silent talks are worth."""
    rng = np.random.default_rng(5)
    F, L = 5, 3
    long = talks_game(
        months=400,
        positions=F,
        start=2,
        discount=[0.9, 0.93],
        mean=[0.6, 0.4, 0.5],
        odds=rng.uniform(0.5, 2, F),
        tempo=rng.random(F),
        absorbing=[True, False],
        absorbed=rng.uniform(0, 10, (2, 2)),
        month=rng.uniform(-1, 1, (F, 2)),
        gives_way=rng.dirichlet([0.3, 0.3, 5], size=(3, 1, F))[..., :2],
        levels=L,
        strikes=-rng.uniform(0, 0.3, (2, L, 2)) * [[[0], [1], [2]]],
        wear=np.linspace(0, 0.05, L),
        imposed=[[0, 12], [12, 0]],
        freeze=0.02,
        frozen=rng.uniform(0, 5, (F, 2)),
        recognised=0.0,
    )
    found = solve_talks(long)
    last = fought_on(long).last[0, 2]
    assert last == pytest.approx(found.values[0, 0, 2], abs=1e-6)
    assert len(np.unique(found.striking[reached(found)])) > 1
