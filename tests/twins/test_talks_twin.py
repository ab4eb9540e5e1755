"""The talks game against its definition, on random small games."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.twins.talks_by_definition import solve

from servanda.problems.talks import talks_game
from servanda.solvers.talks_game import solve_talks


def random_game(rng):
    M, F, C = (int(rng.integers(*one)) for one in ((1, 7), (1, 6), (0, 6)))
    absorbing = rng.random(2) < 0.4 if F > 3 else np.zeros(2, bool)
    start = int(rng.integers(1, F - 1)) if F > 3 else int(rng.integers(0, F))
    who = rng.dirichlet([1, 1, 1, 0.3], size=(3, M))[..., :3]
    out = rng.dirichlet([0.3, 0.3, 5], size=(3, M, F))[..., :2]
    dice = rng.spawn(1)[0]  # of their own, so that strikes leave all other numbers as they are
    L = int(dice.integers(1, 4))
    return talks_game(
        months=M,
        positions=F,
        start=start,
        discount=rng.uniform(0.7, 1, 2),
        mean=rng.random(3),
        weight=np.where(rng.random(3) < 0.3, np.inf, rng.uniform(0.5, 12, 3)),
        odds=rng.uniform(0.4, 2.5, (M, F)),
        tempo=rng.random((M, F)),
        absorbing=absorbing,
        absorbed=rng.uniform(0, 10, (2, 2)),
        month=rng.uniform(-1, 2, (M, F, 2)),
        gives_way=out,
        levels=L,
        strikes=dice.uniform(-0.3, 0.3, (M, 2, L, 2)),
        wear=random_wear(dice, out, L),
        imposed=rng.uniform(0, 10, (2, 2)),
        freeze=rng.uniform(0, 0.2, (3, M)),
        frozen=rng.uniform(0, 8, (F, 2)),
        recognised=who,
        deals=rng.uniform(0, 10, (F, C, 2)),
        open=rng.random((M, F, C)) < 0.8,
        pie=np.where(rng.random(F) < 0.5, np.nan, rng.uniform(4, 14, F)),
        yields=np.where(rng.random(2) < 0.3, rng.uniform(0, 4, 2), -np.inf),
        yielded=rng.uniform(0, 10, (2, 2)),
        last=rng.uniform(0, 8, (M + 1, F, 2)),
    )


def random_wear(rng, out, levels):
    """Between taking all of the other's chance to give way, and half of what is left above both."""
    room = (1 - out.sum(axis=-1, keepdims=True)) / 2
    return rng.uniform(-out[..., ::-1, np.newaxis], room[..., np.newaxis], (*out.shape, levels))


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32))
def test_values_and_dates_are_those_of_the_definition(seed):
    game = random_game(np.random.default_rng(seed))
    found = solve_talks(game)
    values, agreement, struck = solve(game)
    assert found.start_values(game.start) == pytest.approx(values, abs=1e-9)
    assert found.agreement == pytest.approx(agreement, abs=1e-9)
    assert found.struck == pytest.approx(np.array(struck), abs=1e-9)
    ended = (
        found.agreement.sum()
        + found.yielded.sum()
        + found.given_way.sum()
        + found.frozen.sum()
        + found.absorbed.sum()
    )
    assert ended + found.fighting[-1] == pytest.approx(1)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_common_beliefs_and_a_divisible_stake_end_the_war_at_once(seed):
    """Fighting costs something, nobody gains by waiting, everybody believes the same."""
    rng = np.random.default_rng(seed)
    M, F = int(rng.integers(2, 12)), int(rng.integers(3, 9))
    flow = rng.random(F)
    discount = rng.uniform(0.8, 0.99)
    game = talks_game(
        months=M,
        positions=F,
        start=F // 2,
        discount=discount,
        mean=rng.random(),
        weight=rng.uniform(1, 20),
        tempo=rng.random(F),
        month=(1 - discount) * (np.stack([flow, 1 - flow], axis=-1) - rng.uniform(0.05, 0.3, 2)),
        recognised=rng.dirichlet([1, 1, 1]),
        pie=1.0,
        last=np.stack([flow, 1 - flow], axis=-1) - 0.1,
    )
    assert solve_talks(game).agreement[0] == pytest.approx(1)
