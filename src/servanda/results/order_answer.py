"""What ``servanda order`` answers: the orders of one package, and one of them in full."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.results.analysis import Credibility, DealView, OrderView, Origin
from servanda.results.encode import to_plain
from servanda.results.plan import OrderSearch
from servanda.results.plan_comparison import PlanComparison
from servanda.results.plan_in_depth import PlanInDepth
from servanda.results.state_lattice import StateLattice


@dataclass(frozen=True, eq=False)
class OrderAnswer:
    """The orders of one package.

    Attributes:
        origin: where the answer came from.
        deal: the package over the draws.
        reason: why this package, in a few words.
        orders: the best first, then those named, each side's own, and plans given.
        chosen: identifier of the order shown in full, "" where there is none.
        search: how far the search for the best order got; None where none was possible.
        draws: identifier of an order to its smallest margin in every draw, (D,).
        credibilities: every guarantee the package brings, assessed, believed and needed.
        lattice: sets of completed steps and the stages between them; None where there are too many.
        lattice_reason: why there is none, "" otherwise.
        comparison: the orders over common draws; None where there is none.
        depth: further questions about the order shown in full; None where there is none.
    """

    origin: Origin
    deal: DealView
    reason: str
    orders: tuple[OrderView, ...]
    chosen: str
    search: OrderSearch | None
    draws: dict[str, NDArray[np.float64]]
    credibilities: tuple[Credibility, ...]
    lattice: StateLattice | None
    lattice_reason: str
    comparison: PlanComparison | None
    depth: PlanInDepth | None

    @property
    def order(self) -> OrderView | None:
        """The order shown in full; None where no order exists."""
        return next((one for one in self.orders if one.id == self.chosen), None)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        plain["deal"]["deal"] = self.deal.deal.to_dict()
        plain["search"] = None if self.search is None else _without_plan(self.search)
        plain["comparison"] = None if self.comparison is None else self.comparison.to_dict()
        plain["depth"] = None if self.depth is None else self.depth.to_dict()
        return plain


def _without_plan(search: OrderSearch) -> dict[str, Any]:
    """The search without the plan, which stands among the orders."""
    plain = search.to_dict()
    del plain["plan"]
    return plain
