"""A small reader of .efg text and its solution by backward induction, sharing nothing with ours."""

import re
from dataclasses import dataclass

TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([{}])|([^\s{},"]+)')


@dataclass
class Tree:
    title: str
    players: list
    comment: str
    root: dict


def read(text: str) -> Tree:
    """The whole file as nested nodes; every rule of the format that can be broken is asserted."""
    tokens = [(q, brace, word) for q, brace, word in TOKEN.findall(text)]
    place = 0

    def take(kind: int):
        nonlocal place
        token = tokens[place]
        place += 1
        assert token[kind] or (kind == 0 and token == ("", "", "")), token
        return token[kind]

    def block(read_one):
        assert take(1) == "{"
        found = []
        while tokens[place][1] != "}":
            found.append(read_one())
        take(1)
        return found

    assert [take(2), take(2), take(2)] == ["EFG", "2", "R"]
    title = take(0)
    players = block(lambda: take(0))
    comment = take(0)
    infosets, outcomes, names = {}, set(), set()

    def node():
        kind, name = take(2), take(0)
        if kind == "t":
            number, label = int(take(2)), take(0)
            assert number > 0
            assert number not in outcomes
            assert label
            assert label not in names
            outcomes.add(number)
            names.add(label)
            payoffs = [float(one) for one in block(lambda: take(2))]
            assert len(payoffs) == len(players)
            return {"payoffs": payoffs, "label": label}
        player = int(take(2)) if kind == "p" else 0
        assert 0 <= player <= len(players)
        number, label = int(take(2)), take(0)
        assert (player, number) not in infosets
        infosets[player, number] = label
        if kind == "p":
            moves = block(lambda: take(0))
            chances = None
        else:
            assert kind == "c"
            pairs = block(lambda: (take(0), float(take(2))))
            moves, chances = [move for move, _ in pairs], [chance for _, chance in pairs]
            assert abs(sum(chances) - 1) < 1e-9
        assert len(set(moves)) == len(moves) > 0
        assert all(moves)
        assert int(take(2)) == 0
        return {
            "name": name,
            "player": player,
            "moves": moves,
            "chances": chances,
            "children": [node() for _ in moves],
        }

    root = node()
    assert place == len(tokens)
    for player in range(len(players) + 1):
        numbers = sorted(number for who, number in infosets if who == player)
        assert numbers == list(range(1, len(numbers) + 1))
    return Tree(title, players, comment, root)


def solve(node, tie=1e-9):
    """Payoffs under backward induction and whether the first move is taken everywhere.

    A player leaves its first move only for something better by more than ``tie``.
    """
    if "payoffs" in node:
        return node["payoffs"], True
    found = [solve(child, tie) for child in node["children"]]
    if node["chances"]:
        payoffs = [
            sum(chance * one[0][i] for chance, one in zip(node["chances"], found, strict=True))
            for i in range(len(found[0][0]))
        ]
        return payoffs, all(kept for _, kept in found)
    mine = node["player"] - 1
    best = max(found, key=lambda one: one[0][mine])
    if best[0][mine] > found[0][0][mine] + tie:
        return best[0], False
    return found[0]
