"""What many histories say together: how long the war lasts, how surely a peace is kept, and why."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.results.encode import to_plain
from servanda.results.history_codes import Outcome

Floats = NDArray[np.float64]

YEARS = (1, 2, 5, 10)
"""After how many years a peace is looked at."""

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles of the line and of the months to an agreement."""


@dataclass(frozen=True, eq=False)
class Shares:
    """Probabilities, with what chance and what ignorance leave open about them; arrays (X,).

    Attributes:
        share: of the histories.
        low, high: 95 % interval of what the same count over other draws of the policies would find.
        draws_low, draws_high: 5 % and 95 % quantile of the policies' own shares: one policy is one
            state of the world, and which one holds is not known. Where the policies have few
            histories each, chance widens this too.
        due_to_draws: part of the variance of a single outcome that knowing the policy would
            remove, from 0 (all is chance) to 1; NaN where nothing varies or there is one policy.
    """

    share: Floats
    low: Floats
    high: Floats
    draws_low: Floats
    draws_high: Floats
    due_to_draws: Floats

    def at(self, which: int) -> dict[str, float | None]:
        """One of them as plain values."""
        return {name: to_plain(float(array[which])) for name, array in vars(self).items()}


@dataclass(frozen=True)
class EndingClass:
    """Histories that ended alike.

    Attributes:
        outcome: how.
        deal: what was signed; -1 for nothing. by: who broke it. stage: of the plan then.
        voted_down_by: the gate that stopped the deal. -1 for nobody and none.
        share: of all histories.
    """

    outcome: Outcome
    deal: int
    by: int
    stage: int
    voted_down_by: int
    share: float


@dataclass(frozen=True)
class TypicalHistory:
    """A history that stands for many: of the largest class, the one whose months are the usual.

    Its months are those of signature and of what came last (completion, breach, or the end of the
    war without a deal); it is the one nearest the medians of its class, the first of equals.

    Attributes:
        policy, number: which; walked again alone, it can be told month by month.
        ending: its class.
        agreed, last: its two months; -1 for never.
    """

    policy: int
    number: int
    ending: EndingClass
    agreed: int
    last: int


@dataclass(frozen=True, eq=False)
class HistorySummary:
    """Histories of all policies taken together: N histories, P policies, H months.

    Curves are at the beginning of months 0 to H.

    Attributes:
        histories, policies, horizon: N, P, H.
        at_war: nothing has ended the first war: (H + 1,).
        agreed: a deal has been signed before: (H + 1,).
        in_peace: a signed peace stands, done or being carried out: (H + 1,).
        kept: a peace in force stands t months later, t = 0..H: product-limit estimate, as the
            horizon cuts peaces short: (H + 1,).
        outcomes: each `Outcome`: (14,).
        deals: each deal is signed, by its number: (C,).
        phases: (H + 1, 8) share in each phase.
        line: (H + 1, 5) quantiles of the line of those at war, at `LEVELS`; NaN where nobody is.
        struck: (H, 2, L) share of the histories that fight a month of the first war with a's, b's
            strikes at a level.
        months_to_agreement: (5,) quantiles of those who sign; NaN where nobody does.
        value: (2,) mean value to the two sides.
        value_spread: (2, 2) 5 % and 95 % quantile of the policies' means, by side.
        endings: classes of histories, the largest first.
        kept_history, broken_history, unsigned_history: what is typical of histories whose peace is
            kept, whose plan breaks or fails, and that come to no peace; None where there are none.
    """

    histories: int
    policies: int
    horizon: int
    at_war: Shares
    agreed: Shares
    in_peace: Shares
    kept: Shares
    outcomes: Shares
    deals: Shares
    phases: Floats
    line: Floats
    struck: Floats
    months_to_agreement: Floats
    value: Floats
    value_spread: Floats
    endings: tuple[EndingClass, ...]
    kept_history: TypicalHistory | None
    broken_history: TypicalHistory | None
    unsigned_history: TypicalHistory | None

    @property
    def years(self) -> tuple[int, ...]:
        """Those of `YEARS` that the horizon reaches."""
        return tuple(year for year in YEARS if 12 * year <= self.horizon)

    def peace_at(self, year: int) -> dict[str, float | None]:
        """Chance that a signed peace stands that many years from now."""
        return self.in_peace.at(12 * year)

    def kept_for(self, year: int) -> dict[str, float | None]:
        """Chance that a peace in force still stands that many years later."""
        return self.kept.at(12 * year)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        plain["endings"] = [
            to_plain(one) | {"outcome": one.outcome.name.lower()} for one in self.endings
        ]
        plain["peace_at"] = {year: self.peace_at(year) for year in self.years}
        plain["kept_for"] = {year: self.kept_for(year) for year in self.years}
        return plain
