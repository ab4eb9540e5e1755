"""Shapley values against closed forms, and what defines them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.solvers.shapley import MOST_EXACT, sets_asked, shapley


def test_gloves() -> None:
    def pairs(team: frozenset[int]) -> float:  # player 0 has a left glove, 1 and 2 a right one
        return float(0 in team and len(team) > 1)

    assert shapley(pairs, 3).shares == pytest.approx([2 / 3, 1 / 6, 1 / 6])


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=MOST_EXACT))
def test_in_an_additive_game_each_gets_its_own(worths: list[float]) -> None:
    found = shapley(lambda team: sum(worths[n] for n in team), len(worths))
    assert found.exact
    assert found.shares == pytest.approx(np.array(worths), abs=1e-9)


@given(st.integers(0, 2**31), st.integers(2, 5))
def test_shares_sum_to_the_whole_and_useless_players_get_nothing(seed: int, players: int) -> None:
    rng = np.random.default_rng(seed)
    worth = {n: float(rng.normal()) for n in range(1 << (players - 1))}

    def of(team: frozenset[int]) -> float:  # the last player changes nothing
        return worth[sum(1 << n for n in team if n < players - 1)]

    shares = shapley(of, players).shares
    everyone = of(frozenset(range(players)))
    assert shares.sum() == pytest.approx(everyone - of(frozenset()))
    assert shares[-1] == pytest.approx(0.0)


@given(st.integers(0, 2**31), st.permutations(range(4)))
def test_relabelling_players_relabels_shares(seed: int, label: list[int]) -> None:
    worth = np.random.default_rng(seed).normal(size=16)

    def of(team: frozenset[int]) -> float:
        return float(worth[sum(1 << n for n in team)])

    shares = shapley(of, 4).shares
    relabelled = shapley(lambda team: of(frozenset(label[n] for n in team)), 4).shares
    assert relabelled == pytest.approx(shares[label])


def test_sampled_orders_come_near_and_repeat() -> None:
    players = MOST_EXACT + 3

    def majority(team: frozenset[int]) -> float:
        return float(len(team) > players / 2)

    found = shapley(majority, players, seed=3)
    assert not found.exact
    assert np.all(np.abs(found.shares - 1 / players) <= 4 * found.errors + 1e-12)
    assert found.shares.sum() == pytest.approx(1.0)
    again = shapley(majority, players, seed=3)
    assert again.shares.tolist() == found.shares.tolist()


@given(st.integers(1, 5), st.integers(1, 4), st.integers(0, 6))
def test_the_sets_asked_for_are_those_said_beforehand(
    players: int, orders: int, exact: int
) -> None:
    asked: set[frozenset[int]] = set()

    def worth(team: frozenset[int]) -> float:
        asked.add(team)
        return float(len(team) ** 2)

    shapley(worth, players, orders=orders, most_exact=exact)
    assert asked == set(sets_asked(players, orders=orders, most_exact=exact))


@given(st.integers(0, 2**31), st.integers(1, 6), st.integers(0, 6))
def test_going_from_all_to_nothing_turns_every_sign(seed: int, players: int, exact: int) -> None:
    """Sampled or not: each order is gone through both ways."""
    rng = np.random.default_rng(seed)
    worths = rng.normal(size=1 << players)
    everyone = frozenset(range(players))

    def there(team: frozenset[int]) -> float:
        return float(worths[sum(1 << n for n in team)])

    forth = shapley(there, players, orders=3, most_exact=exact)
    back = shapley(lambda team: there(everyone - team), players, orders=3, most_exact=exact)
    assert back.shares == pytest.approx(-forth.shares)
