"""Graph models: stability against its definitions, and what follows from them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.errors import ProblemError
from servanda.problems.graph_model import GraphModel, matrix_game, options_form
from servanda.results.graph_model import CONCEPTS
from servanda.solvers.graph_model import graph_stability
from twins.graph_by_definition import stays


@st.composite
def conflicts(draw):
    n, S = draw(st.integers(1, 4)), draw(st.integers(1, 7))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    moves = rng.random((n, S, S)) < draw(st.sampled_from([0.15, 0.3, 0.6]))
    moves[:, range(S), range(S)] = False
    rank = rng.integers(0, S, (n, S))  # with ties
    return GraphModel(tuple("abcd"[:n]), tuple(map(str, range(S))), moves, rank)


@given(conflicts())
def test_who_stays_is_what_the_definitions_say(model):
    found = graph_stability(model)
    n, S = model.rank.shape
    moves = [[np.flatnonzero(model.moves[i, s]).tolist() for s in range(S)] for i in range(n)]
    rank = model.rank.tolist()
    for concept in CONCEPTS:
        by_definition = [[stays(concept, i, s, moves, rank) for s in range(S)] for i in range(n)]
        assert found.stable[concept].tolist() == by_definition, concept
        everybody = np.array(by_definition).all(axis=0)
        assert found.equilibria[concept] == tuple(map(str, np.flatnonzero(everybody)))


@given(conflicts())
def test_weaker_concepts_keep_what_stronger_ones_do(model):
    kept = graph_stability(model).stable
    for stronger, weaker in (
        ("nash", "symmetric"),
        ("nash", "symmetric sequential"),
        ("symmetric", "general"),
        ("symmetric sequential", "sequential"),
        ("symmetric sequential", "symmetric"),
        ("sequential", "general"),
    ):
        assert (kept[weaker] | ~kept[stronger]).all()


@given(conflicts(), st.randoms(use_true_random=False))
def test_only_the_order_counts_and_names_do_not(model, random):
    again = graph_stability(GraphModel(model.actors, model.states, model.moves, model.rank**3 - 9))
    order = random.sample(range(len(model.states)), len(model.states))
    mixed = GraphModel(
        model.actors,
        tuple(model.states[s] for s in order),
        model.moves[:, order][:, :, order],
        model.rank[:, order],
    )
    for concept, names in graph_stability(model).equilibria.items():
        assert again.equilibria[concept] == names
        assert set(graph_stability(mixed).equilibria[concept]) == set(names)


def test_options_form_moves_by_ones_own_options_and_not_back():
    model = options_form(
        {"guarantor": ["deploy"], "north": ["withdraw", "attack"]},
        {"guarantor": lambda taken: -("attack" in taken), "north": len},
        feasible=lambda taken: not {"withdraw", "attack"} <= taken,
        irreversible=["withdraw"],
    )
    assert model.states == (
        "-",
        "attack",
        "withdraw",
        "deploy",
        "deploy + attack",
        "deploy + withdraw",
    )
    here = {name: s for s, name in enumerate(model.states)}
    assert model.moves[0, here["-"], here["deploy"]]
    assert model.moves[0, here["deploy"], here["-"]]
    assert model.moves[1, here["-"], here["withdraw"]]
    assert not model.moves[1, here["withdraw"], here["-"]]
    assert not model.moves[:, here["-"], here["deploy + attack"]].any()


def test_a_matrix_game_has_its_nash_equilibria():
    rng = np.random.default_rng(2)
    payoffs = rng.random((3, 2, 3, 2))
    found = graph_stability(matrix_game("abc", [["x", "y"], ["x", "y", "z"], ["x", "y"]], payoffs))
    best = np.stack([one == one.max(axis=i, keepdims=True) for i, one in enumerate(payoffs)])
    names = np.array([f"{a} {b} {c}" for a in "xy" for b in "xyz" for c in "xy"]).reshape(2, 3, 2)
    assert set(found.equilibria["nash"]) == set(names[best.all(axis=0)])


def test_what_is_no_conflict_is_refused_with_all_that_is_wrong():
    with pytest.raises(ProblemError, match=r"actors.*states.*moves.*rank"):
        GraphModel(("a", "a"), ("s", "s"), np.zeros((1, 2, 2)), [[1, 2]])
    with pytest.raises(ProblemError, match="from itself"):
        GraphModel(("a",), ("s",), np.ones((1, 1, 1)), [[1]])
    with pytest.raises(ProblemError, match=r"each name once.*decision maker.*'z'"):
        options_form({"a": ["x"], "b": ["x"]}, {}, irreversible=["z"])
    with pytest.raises(ProblemError, match="payoffs"):
        matrix_game(["a"], [["x"]], [[1, 2]])
