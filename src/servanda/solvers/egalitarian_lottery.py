"""Egalitarian solution on lotteries: equal expected gains, in points.

On the convex set of expected values this is Kalai's proportional solution with equal shares; where
equal gains leave somebody room to gain at nobody's cost the next smallest gain is raised, and so
on. Points must mean the same to all parties.

References: Kalai (1977), Proportional solutions, Econometrica 45(7); Chun and Peters (1988), The
lexicographic egalitarian solution, Cahiers du CERO 30.
"""

from numpy.typing import ArrayLike

from servanda.problems.packages import TOLERANCE
from servanda.results.bargaining import LotterySettlement
from servanda.solvers.lottery import (
    acceptable,
    equal_shares,
    hull_of,
    lottery_settled,
    no_lottery,
)


def egalitarian_lottery(
    values: ArrayLike,
    disagreement: ArrayLike,
    *,
    least: ArrayLike | None = None,
    tolerance: float = TOLERANCE,
) -> LotterySettlement:
    """Lottery with the largest smallest expected gain, then the next smallest, and so on.

    Parameters
    ----------
        values: (N, A) points, on a scale common to the parties.
        disagreement: (A,) points; NaN for an actor that is not a party.
        least: (A,) points each must expect besides; NaN: no such demand. None: none for all.
        tolerance: points; a gain of at least minus this is rational.

    >>> egalitarian_lottery([[9, 1], [2, 5]], [0, 0]).values.round(6).tolist()
    [3.909091, 3.909091]
    """
    name = "egalitarian-lottery"
    everything = hull_of(values, disagreement, least, tolerance)
    hull = acceptable(everything, tolerance)
    if hull is None:
        return no_lottery(name, everything.disagreement)
    mixture, gains = equal_shares(hull, 1.0 / hull.scale)
    return lottery_settled(name, hull, mixture, gains, 0.0)
