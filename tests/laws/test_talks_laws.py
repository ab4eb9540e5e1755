"""Laws of talks while fighting, on random small games.

That common beliefs and a divisible stake end a war at once stands with the definition of the game.
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.problems.talks import talks_game
from servanda.solvers.talks_game import solve_talks
from twins.test_talks_twin import random_game

laws = settings(max_examples=60, deadline=None)
SEEDS = st.integers(0, 2**32)


def without_pie(seed):
    """A random game in which value cannot be handed over point for point."""
    rng = np.random.default_rng(seed)
    game = random_game(rng)
    return replace(game, pie=np.full(len(game.pie), np.nan)), rng


@laws
@given(SEEDS, st.floats(0.2, 5.0), st.floats(-10.0, 10.0), st.integers(0, 1))
def test_one_sides_scale_decides_nothing(seed, scale, shift, side):
    game, _ = without_pie(seed)
    changed = {}
    for name in ("absorbed", "imposed", "frozen", "deals", "yielded", "last"):
        changed[name] = getattr(game, name).copy()
        changed[name][..., side] = scale * changed[name][..., side] + shift
    month, yields = game.month.copy(), game.yields.copy()
    month[..., side] = scale * month[..., side] + (1 - game.discount[side]) * shift
    strikes = game.strikes.copy()
    strikes[..., side] *= scale
    yields[side] = scale * yields[side] + shift
    one = solve_talks(game)
    # What the mediator maximises stays: a scale is no reason to table another deal.
    other = solve_talks(replace(game, month=month, strikes=strikes, yields=yields, **changed))
    assert other.agreement == pytest.approx(one.agreement, abs=1e-9)
    assert np.array_equal(other.chosen, one.chosen)
    assert other.values[..., side] == pytest.approx(
        scale * one.values[..., side] + shift, abs=1e-7, nan_ok=True
    )
    assert other.values[..., 1 - side] == pytest.approx(one.values[..., 1 - side], nan_ok=True)


@laws
@given(SEEDS)
def test_which_side_is_called_a_does_not_matter(seed):
    game, _ = without_pie(seed)
    other_way = [1, 0, 2]
    mirrored = replace(
        game,
        start=len(game.frozen) - 1 - game.start,
        discount=game.discount[::-1],
        mean=1 - game.mean[other_way],
        weight=game.weight[other_way],
        odds=1 / game.odds[:, ::-1],
        tempo=game.tempo[:, ::-1],
        absorbing=game.absorbing[::-1],
        absorbed=game.absorbed[::-1, ::-1],
        month=game.month[:, ::-1, ::-1],
        gives_way=game.gives_way[other_way][:, :, ::-1, ::-1],
        strikes=game.strikes[:, ::-1, :, ::-1],
        wear=game.wear[other_way][:, :, ::-1, ::-1],
        imposed=game.imposed[::-1, ::-1],
        freeze=game.freeze[other_way],
        frozen=game.frozen[::-1, ::-1],
        recognised=game.recognised[other_way][..., other_way],
        deals=game.deals[::-1, :, ::-1],
        open=game.open[:, ::-1],
        mediator=game.mediator[::-1],
        yields=game.yields[::-1],
        yielded=game.yielded[::-1, ::-1],
        last=game.last[:, ::-1, ::-1],
    )
    one, other = solve_talks(game), solve_talks(mirrored)
    assert other.agreement == pytest.approx(one.agreement, abs=1e-9)
    assert other.signed == pytest.approx(one.signed[:, ::-1], abs=1e-9)
    assert other.start_values(mirrored.start) == pytest.approx(
        one.start_values(game.start)[::-1], abs=1e-9
    )


@laws
@given(SEEDS)
def test_a_deal_that_one_side_would_never_sign_changes_nothing(seed):
    game, rng = without_pie(seed)
    F, C = game.deals.shape[:2]
    worst = np.min([np.nanmin(solve_talks(game).values[..., side]) for side in (0, 1)])
    bad = np.full((F, 1, 2), worst - 100.0)
    bad[:, :, rng.integers(2)] = 1_000.0
    wider = replace(
        game,
        deals=np.concatenate([game.deals, bad], axis=1),
        open=np.concatenate([game.open, np.ones((game.months, F, 1), bool)], axis=2),
        mediator=np.concatenate([game.mediator, np.full((F, 1), 1e6)], axis=1),
    )
    one, other = solve_talks(game), solve_talks(wider)
    assert other.signed[..., :C] == pytest.approx(one.signed)
    assert not other.signed[..., C:].any()
    assert np.array_equal(other.values, one.values, equal_nan=True)


def expecting_much(optimism, weight, months=60, positions=11):
    """Whoever takes the other's last fort has all; each month costs; the stake can be divided."""
    discount = 0.98
    return talks_game(
        months=months,
        positions=positions,
        start=positions // 2,
        discount=discount,
        mean=[0.5 + optimism, 0.5 - optimism, 0.5],
        weight=weight,
        tempo=1.0,
        absorbing=[True, True],
        absorbed=[[0.0, 1.0], [1.0, 0.0]],
        month=(1 - discount) * np.full((months, positions, 2), -0.5),
        recognised=[0.5, 0.5, 0.0],
        pie=1.0,
    )


@laws
@given(st.floats(0.0, 0.45), st.floats(0.0, 0.45), st.floats(1.0, 20.0))
def test_optimism_never_hastens_agreement(one, other, weight):
    less, more = sorted((one, other))
    first = [
        solve_talks(expecting_much(optimism, weight)).agreement[0] for optimism in (less, more)
    ]
    assert first[0] >= first[1] - 1e-9


def test_optimism_delays_the_less_the_more_battles_teach():
    """Smith and Stam (2004), Slantchev (2003): fighting ends a disagreement that talk cannot."""
    common = solve_talks(expecting_much(0.0, 4.0))
    assert common.agreement[0] == pytest.approx(1.0)
    found = [solve_talks(expecting_much(0.3, weight)) for weight in (2.0, 4.0, 10.0, np.inf)]
    assert [one.agreement[0] for one in found] == [0.0] * 4
    war = [one.expected_months for one in found]
    assert all(less < more for less, more in pairwise(war))
    assert found[0].agreement.sum() == pytest.approx(1.0, abs=1e-6)  # before an end is reached
    assert found[-1].agreement[:40].sum() == 0.0  # who cannot learn never signs in time
