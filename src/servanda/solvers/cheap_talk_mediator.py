"""Which mediators are believed? Only those who care enough for the side they speak to.

A mediator has a signal of how much side 2 minds war, and says what it is, which costs nothing. Side
1 then makes the demand that suits it best. The mediator values side 1's share at b per unit and war
at -c_M. It tells the truth when no other message is better for it after any signal, given that
messages are believed; each comparison is linear in b, so the credible ones are an interval. One
that wants peace alone would always say that side 2 is resolute.

Source: Kydd (2003), Which side are you on? Bias, credibility, and mediation, AJPS 47(4); the
reduced form with any number of types and signals is derived here.
"""

import numpy as np
from numpy.typing import ArrayLike

from servanda.errors import ProblemError
from servanda.results.delay import MediatorCredibility
from servanda.solvers.screening import checked_types, refused, screening_offer


def cheap_talk_mediator(
    win: float, cost: float, costs: ArrayLike, beliefs: ArrayLike, war_cost: float
) -> MediatorCredibility:
    """Biases at which a mediator tells the truth, and what side 1 demands when it does.

    Args:
        win, cost: side 1's chance of winning a war, and what war costs it.
        costs: (K,) what war costs each type of side 2.
        beliefs: (S, K) probability of each type after each signal.
        war_cost: what war costs the mediator.
    """
    rows = np.asarray(beliefs, float)
    if rows.ndim != 2 or not len(rows):
        raise ProblemError("beliefs: a row of probabilities for each signal wanted")
    if not (np.isfinite(war_cost) and war_cost >= 0):
        raise ProblemError(f"war_cost: {war_cost}; 0 or more wanted")
    offers = [screening_offer(win, cost, costs, row) for row in rows]
    demands = [one.demand for one in offers]
    accepts = np.clip(win + checked_types(win, costs, rows[0])[0], 0.0, 1.0)
    low, high = -np.inf, np.inf
    for signal, row in enumerate(rows):
        wars = [refused(accepts, row, demand) for demand in demands]
        shares = [(1 - war) * demand + war * win for war, demand in zip(wars, demands, strict=True)]
        for other in range(len(rows)):
            share = shares[signal] - shares[other]
            war = war_cost * (wars[signal] - wars[other])
            # truth is best when b·share >= war
            if share > 0:
                low = max(low, war / share)
            elif share < 0:
                high = min(high, war / share)
            elif war > 0:
                low = np.inf
    credible = low <= high and low < np.inf
    return MediatorCredibility(
        demands=tuple(demands),
        wars=tuple(one.war for one in offers),
        follows=len(set(demands)) > 1,
        least_bias=float(low) if credible else None,
        most_bias=float(high) if credible else None,
    )
