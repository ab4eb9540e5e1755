"""Agent quantal response on a tree of perfect information, for comparison with game solvers.

Every decision is a logit choice between its moves, whose values already include what everybody
later does by the same rule, ::

    P(move) = e^(λ·value) / Σ e^(λ·value of every move)

so one pass backward finds it; λ grows to the subgame-perfect play. Plans in time use the rate a
month of `servanda.solvers.chance_plan`, not this form, in which each decision errs alike however
short the month is.

Source: McKelvey, R. and Palfrey, T. (1998), Quantal response equilibria for extensive form games,
Experimental Economics 1: 9-41.
"""

import numpy as np

from servanda.errors import ProblemError
from servanda.problems.implementation import Floats
from servanda.results.extensive import Chance, ExtensiveGame, Outcome


def quantal_response(game: ExtensiveGame, precision: float) -> dict[str, tuple[float, ...]]:
    """Probability of every move, by the name of its decision.

    Args:
        game: nodes depth first.
        precision: λ, per point of payoff; finite and not negative.

    >>> from servanda.results.extensive import Decision, ExtensiveGame, Outcome
    >>> kept, broken = Outcome("kept", (3.0,)), Outcome("broken", (1.0,))
    >>> game = ExtensiveGame("one", ("a",), (Decision("d", 0, ("keep", "breach")), kept, broken))
    >>> round(quantal_response(game, 0.5)["d"][0], 3)  # 1/(1 + e^(-0.5·2))
    0.731
    """
    if not (np.isfinite(precision) and precision >= 0.0):
        raise ProblemError(f"precision: {precision} must be finite and not negative")
    found: dict[str, tuple[float, ...]] = {}
    done: list[Floats] = []  # values of subtrees, the first child of the next node on top
    for node in reversed(game.nodes):
        if isinstance(node, Outcome):
            done.append(np.array(node.payoffs))
            continue
        values = np.array([done.pop() for _ in node.moves])
        if isinstance(node, Chance):
            chances = np.array(node.probabilities)
        else:
            lead = precision * (values[:, node.player] - values[:, node.player].max())
            chances = np.exp(lead) / np.exp(lead).sum()
            found[node.name] = tuple(chances.tolist())
        done.append(chances @ values)
    return dict(reversed(found.items()))
