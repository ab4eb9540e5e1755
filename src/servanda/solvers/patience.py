"""How patient must parties be for cooperation to keep itself up?

In a repeated exchange with voluntary payments more patience never undoes what less can keep up, so
there is a smallest discount factor at which a profile of actions holds. Where a game is the same
from either side no payments are needed, and it is that of grim trigger strategies.

Sources: Friedman, J. (1971), A non-cooperative equilibrium for supergames, Review of Economic
Studies 38(1); with payments as in `servanda.solvers.relational_contract`.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from servanda.errors import ProblemError
from servanda.solvers.relational_contract import profiles_kept

PRECISION = 1e-12
"""Width to which the discount factor is closed in on."""

MOST = 1.0 - 1e-6
"""Who needs more patience than this counts as in need of more than there is."""


def patience_needed(payoffs: ArrayLike, actions: Sequence[int]) -> float | None:
    """Smallest discount factor per period at which a profile can be kept up; None where none does.

    Args:
        payoffs: (n, m_1, ..., m_n) flow to each of n players for each of their actions.
        actions: the profile.

    >>> dilemma = [[[0.6, -0.2], [1.0, 0.2]], [[0.6, 1.0], [-0.2, 0.2]]]
    >>> round(patience_needed(dilemma, (0, 0)), 6)
    0.5
    """
    table, profile = np.asarray(payoffs, float), tuple(actions)
    if len(profile) != table.ndim - 1 or any(
        not 0 <= action < size for action, size in zip(profile, table.shape[1:], strict=True)
    ):
        raise ProblemError(f"actions: {list(profile)}; one action of each player wanted")

    def kept(discount: float) -> bool:
        return bool(profiles_kept(table, discount)[profile])

    fails, holds = 0.0, MOST
    if kept(fails):
        return 0.0
    if not kept(holds):
        return None
    while holds - fails > PRECISION:
        middle = (fails + holds) / 2
        fails, holds = (fails, middle) if kept(middle) else (middle, holds)
    return holds
