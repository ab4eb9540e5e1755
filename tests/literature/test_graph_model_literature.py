"""Conflicts as graphs from the literature: the shipped solver on models built from the inputs.

The data lie beside this file under a path that is their citation.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from servanda.problems.graph_model import GraphModel, matrix_game
from servanda.solvers.graph_model import graph_stability

HERE = Path(__file__).parent
LETTERS = {
    "nash": "nash",
    "gmr": "general",
    "smr": "symmetric",
    "seq": "sequential",
    "sseq": "symmetric sequential",
}


def cases(path):
    rows = json.loads((HERE / path).read_text(encoding="utf-8"))
    return [pytest.param(row["inputs"], row["outputs"], id=row["id"]) for row in rows]


@pytest.mark.parametrize(("given", "expected"), cases("books/fang1993/dilemmas.json"))
def test_fang_hipel_kilgour_1993_two_by_two(given, expected):
    row, column = (np.array(one).reshape(2, 2).T for one in given["payoffs"])
    found = graph_stability(matrix_game(["row", "column"], [["C", "D"], ["C", "D"]], [row, column]))
    number = {"C C": 0, "D C": 1, "C D": 2, "D D": 3}
    for short, states in expected.items():
        assert sorted(number[name] for name in found.equilibria[LETTERS[short]]) == states


@pytest.mark.parametrize(("given", "expected"), cases("books/fang1993/elmira.json"))
def test_fang_hipel_kilgour_1993_elmira(given, expected):
    moves, rank = np.zeros((3, 9, 9), bool), np.zeros((3, 9))
    for i, (actor, pairs) in enumerate(given["moves"].items()):
        for before, after in pairs:
            moves[i, before - 1, after - 1] = True
        for place, state in enumerate(given["from best to worst"][actor]):
            rank[i, state - 1] = -place
    states = tuple(str(number) for number in range(1, 10))
    found = graph_stability(GraphModel(tuple(given["moves"]), states, moves, rank))
    for concept, stay in expected.items():
        assert found.equilibria[concept] == tuple(map(str, stay))
