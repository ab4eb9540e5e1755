"""Rounds of talks against their definition, on random small games."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.twins.rounds_by_definition import course, refused, states, tabled
from tests.twins.talks_by_definition import solve
from tests.twins.test_talks_twin import random_game

from servanda.solvers.rounds import likeliest_rounds, rounds_by_month, state_chances, tabled_deals
from servanda.solvers.talks_game import solve_talks


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32))
def test_rounds_are_those_of_the_definition(seed):
    game = random_game(np.random.default_rng(seed))
    solved = solve_talks(game)
    found = [
        (
            one.month,
            one.moves,
            one.position,
            3 if one.who is None else one.who,
            -1 if one.deal is None else one.deal,
            one.signed,
        )
        for one in likeliest_rounds(game, solved)
    ]
    wanted = [
        (m, n, f, who, max(deal, -1) if deal <= -3 else deal, signed)
        for m, n, f, who, deal, signed in course(game, solved)
    ]
    assert found == wanted


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_states_and_offers_are_those_of_the_definition(seed):
    game = random_game(np.random.default_rng(seed))
    solved = solve_talks(game)
    chance, offers = state_chances(game, solved), tabled_deals(game, solved)
    for m, there in enumerate(states(game, solved, refused(game, solved))):
        assert chance[m].sum() == pytest.approx(sum(there.values()), abs=1e-12)
        for (n, f), mass in there.items():
            assert chance[m, n, f] == pytest.approx(mass, abs=1e-12)
            for who in range(3 if m < game.months else 0):
                assert offers[m, n, f, who] == tabled(game, solved, m, n, f, who)[0]
    assert chance.sum(axis=1) == pytest.approx(solved.line, abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 1))
def test_states_in_a_sides_beliefs_are_those_of_an_analyst_who_shares_them(seed, side):
    game = random_game(np.random.default_rng(seed))
    alike = {
        name: np.array([*getattr(game, name)[:2], getattr(game, name)[side]])
        for name in ("mean", "weight", "gives_way", "wear", "freeze", "recognised")
    }
    shared = replace(game, **alike)
    found = state_chances(game, solve_talks(game), side)
    assert found == pytest.approx(state_chances(shared, solve_talks(shared)), abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_expected_rounds_add_up_to_the_solution(seed):
    game = random_game(np.random.default_rng(seed))
    solved = solve_talks(game)
    found = rounds_by_month(game, solved)
    assert found.going_on == pytest.approx(solved.fighting[:-1], abs=1e-12)
    assert found.signed.sum(axis=1) == pytest.approx(solve(game)[1], abs=1e-9)
    assert (found.signed <= found.offered + 1e-12).all()
    assert (found.offered.sum(axis=1) <= found.going_on + 1e-12).all()
    assert not (found.short < 0).any()
    assert found.least[0] == pytest.approx(solved.refusal[0, 0, game.start])


def test_a_refused_offer_is_one_its_maker_would_sign():
    for seed in range(60):
        game = random_game(np.random.default_rng(seed))
        for one in likeliest_rounds(game, solve_talks(game)):
            if one.who in (0, 1) and one.deal is not None and not one.signed:
                assert one.short[one.who] <= 1e-12
                assert one.short[1 - one.who] > 0
