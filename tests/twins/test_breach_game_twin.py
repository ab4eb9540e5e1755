"""The exported game, read back from its text and solved, against the margins of the plan."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.errors import ProblemError
from servanda.files.efg import efg_text
from servanda.problems.implementation_game import implementation_game
from servanda.results.extensive import Chance, Decision, ExtensiveGame, Outcome
from servanda.solvers import breach_game as module
from servanda.solvers.breach_game import breach_game
from servanda.solvers.plan import evaluate_plan
from twins.extensive_by_text import read, solve
from twins.plan_by_definition import all_orders, random_problem


@st.composite
def games(draw):
    """A random game with every feature on or off, and one of its plans."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sizes = draw(st.integers(1, 4)), draw(st.integers(1, 3)), draw(st.integers(1, 4))
    problem = random_problem(rng, sizes[0], sizes[1], knots=sizes[2])
    plans = list(all_orders(problem))
    return problem, plans[int(rng.integers(len(plans)))]


@settings(max_examples=150)
@given(games())
def test_the_file_solved_by_itself_says_whether_the_plan_is_kept(game):
    problem, plan = game
    found = evaluate_plan(problem, plan)
    tree = read(efg_text(breach_game(problem, plan)))
    payoffs, kept = solve(tree.root)
    # a margin within rounding of the tolerance may fall either way in another unit
    if abs(found.margin) > 1e-7:
        assert kept == found.self_enforcing
    if kept:
        assert payoffs == pytest.approx(found.values[0].tolist(), abs=1e-9)


@settings(max_examples=60)
@given(games())
def test_every_breach_is_in_the_file_with_its_margin_discounted_to_signature(game):
    problem, plan = game
    found = evaluate_plan(problem, plan)
    tree = read(efg_text(breach_game(problem, plan)))
    written, node = [], tree.root
    while "children" in node:
        actor = node["player"] - 1
        keeping = found.values[0][actor]
        written += [keeping - leaf["payoffs"][actor] for leaf in node["children"][1:]]
        node = node["children"][0]
    assert node["payoffs"] == pytest.approx(found.values[0].tolist(), abs=1e-9)
    reached = min(
        (one.constraint.clock for one in found.constraints if one.constraint.stage == len(plan)),
        default=0,
    )
    expected = []
    for one in found.constraints:
        at = one.constraint
        after = at.clock - reached if at.stage == len(plan) else 0
        months = at.plan_month + after
        discount = problem.discount[problem.actors.index(at.actor)]
        expected.append(discount**months * one.margin)
    assert sorted(written) == pytest.approx(sorted(expected), abs=1e-9)


def land_and_guarantee(**changed):
    """One side hands over land, the other's promise is backed by a guarantee."""
    return implementation_game(
        ["north", "south"],
        ["land", "guarantee"],
        discount=0.99,
        owners={"land": "south", "guarantee": None},
        flow=lambda done: {"north": 50 + 10 * ("land" in done), "south": 45},
        attack=lambda done: {
            "north": 45 + 20 * ("land" in done) - 30 * ("guarantee" in done),
            "south": 30,
        },
        **{"months": 6, **changed},
    )


def test_land_first_is_broken_in_the_file_and_guarantee_first_is_not():
    game = land_and_guarantee()
    for order, kept in ((["land", "guarantee"], False), (["guarantee", "land"], True)):
        tree = read(efg_text(breach_game(game, order)))
        assert tree.players == ["north", "south"]
        assert tree.title == ", ".join(order)
        assert solve(tree.root)[1] is kept


def test_a_tree_too_large_to_open_is_refused_in_words(monkeypatch):
    monkeypatch.setattr(module, "MOST_NODES", 40)
    with pytest.raises(ProblemError, match="at most 40 are written; a plan with fewer months"):
        breach_game(land_and_guarantee(), ["land", "guarantee"])


def test_labels_keep_to_what_both_programs_read():
    game = ExtensiveGame(
        'Łódź "twice" \\ in\na line – “so”',
        ("é", "b"),
        (
            Chance("luck", ("heads", "tails"), (0.25, 0.75)),
            Decision("after heads", 1, ("keep", "leave")),
            Outcome("kept", (1e-7, -2.5)),
            Outcome("left", (0.1, 3.0)),
            Outcome("lost", (1e22, -0.0)),
        ),
    )
    text = efg_text(game, 'a "comment"')
    assert text.isascii()
    assert "e-" not in text.split("\n", 2)[2].replace("leave", "")
    tree = read(text)
    assert tree.title == "U+0141odz 'twice' / in a line - 'so'"
    assert tree.comment == "a 'comment'"
    assert tree.players == ["e", "b"]
    payoffs, kept = solve(tree.root)
    assert not kept
    assert payoffs == pytest.approx([0.25 * 0.1 + 0.75e22, 0.25 * 3.0])
    assert tree.root["children"][0]["children"][0]["payoffs"] == [1e-7, -2.5]
