"""Write a game in extensive form as an ``.efg`` file, for Gambit and OpenSpiel.

The format is Gambit's ("The extensive game (.efg) file format", version 2): a prologue, then one
line a node, depth first. Every node is an information set of its own, numbered for each player
from 1; every end of the game is an outcome of its own, numbered from 1; ``0`` is "no outcome".
Labels stand in double quotes. Numbers are decimal fractions that read back as the same double.

>>> from servanda.results.extensive import Decision, ExtensiveGame, Outcome
>>> ends = (Outcome("kept", (2.0, 1.0)), Outcome("broken", (0.5, 0.0)))
>>> print(
...     efg_text(
...         ExtensiveGame("One step", ("a", "b"), (Decision("start", 0, ("keep", "attack")), *ends))
...     ),
...     end="",
... )
EFG 2 R "One step" { "a" "b" }
""
<BLANKLINE>
p "start" 1 1 "start" { "keep" "attack" } 0
t "" 1 "kept" { 2.0, 1.0 }
t "" 2 "broken" { 0.5, 0.0 }
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal

from servanda.results.extensive import Chance, Decision, ExtensiveGame, Outcome


def efg_text(game: ExtensiveGame, comment: str = "") -> str:
    """The game as the text of an ``.efg`` file."""
    head = f"EFG 2 R {_quoted(game.title)} {{ {_all(game.players)} }}"
    return "\n".join([head, _quoted(comment), "", *_lines(game)]) + "\n"


def _lines(game: ExtensiveGame) -> Iterator[str]:
    numbered = [0] * (len(game.players) + 1)
    outcomes = 0
    for node in game.nodes:
        if isinstance(node, Outcome):
            outcomes += 1
            payoffs = ", ".join(_number(one) for one in node.payoffs)
            yield f't "" {outcomes} {_quoted(node.name)} {{ {payoffs} }}'
            continue
        player = node.player + 1 if isinstance(node, Decision) else 0
        numbered[player] += 1
        name = _quoted(node.name)
        if isinstance(node, Chance):
            pairs = zip(node.moves, node.probabilities, strict=True)
            moves = " ".join(f"{_quoted(move)} {_number(chance)}" for move, chance in pairs)
            yield f"c {name} {numbered[0]} {name} {{ {moves} }} 0"
        else:
            yield f"p {name} {player} {numbered[player]} {name} {{ {_all(node.moves)} }} 0"


def _all(labels: Iterable[str]) -> str:
    return " ".join(_quoted(label) for label in labels)


_PLAIN = str.maketrans({"\\": "/", "–": "-", "—": "-"} | dict.fromkeys('"“”„‘’', "'"))
"""OpenSpiel reads no escaped quote, and Gambit doubles backslashes."""


def _quoted(text: str) -> str:
    """A label that both programs read: ASCII, with neither quote nor backslash inside.

    Accents are left off, other letters written as U+0416.
    """
    bare = unicodedata.normalize("NFKD", " ".join(text.split()).translate(_PLAIN))
    kept = (_ascii(char) for char in bare if not unicodedata.combining(char))
    return f'"{"".join(kept)}"'


def _ascii(char: str) -> str:
    return char if char.isascii() and char.isprintable() else f"U+{ord(char):04X}"


def _number(value: float) -> str:
    """The shortest decimal fraction that reads back as the same double, without an exponent."""
    return f"{Decimal(repr(float(value))):f}"
