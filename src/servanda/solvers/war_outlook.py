"""How does a war go: how long, who gives way by when, where do the lines stand?

One war is followed month by month with the same loops that value it, until it is over with
certainty up to `REMAINDER`, so that "who gives way in the end" and "how many months" are answers
with a bound and not sums that stop at the last month shown.
"""

import numpy as np

from servanda.errors import ProblemError
from servanda.kernels import war as kernel
from servanda.problems.war import Outbreaks, WarSettings
from servanda.results.war import WarOutlook
from servanda.solvers.war_value import HORIZON, MOST_MONTHS, arrays_of, war_values

REMAINDER = 1e-12
"""Probability of still being at war at which the ultimate chances are taken."""


def war_outlook(
    settings: WarSettings, outbreaks: Outbreaks, *, months: int = 120, horizon: int = HORIZON
) -> WarOutlook:
    """Follow the one war of ``outbreaks``, the first ``months`` of it month by month."""
    values, bound = war_values(settings, outbreaks, horizon=horizon, threads=1)  # checks both
    S, K, width, _ = settings.land.shape
    if (S, len(outbreaks)) != (1, 1):
        raise ProblemError(
            f"an outlook follows one war in one setting, not {len(outbreaks)} wars in {S}"
        )
    if months < 0:
        raise ProblemError(f"months is {months}; it must be >= 0")
    fighting, frozen = np.empty(months + 1), np.empty(months + 1)
    gives_way = np.empty((months + 1, 2))
    line, line_unconditional = np.zeros((2, K, months + 1, width))
    ultimate = np.empty(6)
    kernel.war_months(
        *arrays_of(settings, outbreaks),
        REMAINDER,
        horizon,
        MOST_MONTHS,
        fighting,
        gives_way,
        frozen,
        line,
        line_unconditional,
        ultimate,
    )
    return WarOutlook(
        value=values[0],
        bound=float(bound[0]),
        months=np.arange(months + 1),
        fighting=fighting,
        gives_way=gives_way,
        frozen=frozen,
        line=line,
        line_unconditional=line_unconditional,
        expected_months=float(ultimate[4]) if np.isfinite(ultimate[5]) else np.inf,
        expected_months_bound=float(ultimate[5]),
        ultimate_gives_way=ultimate[:2],
        ultimate_frozen=float(ultimate[2]),
        ultimate_bound=float(ultimate[3]),
    )
