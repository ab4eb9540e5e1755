"""Orders of the steps of packages, searched at the central values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from servanda.errors import ProblemError
from servanda.problems.agreement import agreement
from servanda.problems.packages import PackageProblem
from servanda.scenario.steps import NamedOrder
from servanda.simulation.centre import Ground
from servanda.simulation.progress import Progress
from servanda.simulation.shared import in_sharing_threads, shared
from servanda.solvers.orders import OrderedDeal, order_deal
from servanda.solvers.war_table import WarTable

Named = Mapping[str, NamedOrder]


def order_all(
    ground: Ground, packages: Sequence[int], *, threads: int | None, progress: Progress
) -> list[OrderedDeal]:
    """Orders of some packages; those without steps, or with too many orders, are left out."""
    done = 0

    def order(package: int) -> OrderedDeal | None:
        nonlocal done
        found = order_package(ground, package)
        done += 1
        progress("orders of steps", done / len(packages))
        return found

    found = in_sharing_threads(order, packages, threads)
    return [one for one in found if one is not None]


def order_package(ground: Ground, package: int, named: Named | None = None) -> OrderedDeal | None:
    """Orders of one package; None when it has no steps or too many orders to search."""
    try:
        return searched_orders(ground.table, ground.problem, package, ground.held, named)
    except ProblemError:
        return None


@shared
def searched_orders(
    table: WarTable,
    problem: PackageProblem,
    package: int,
    held: Sequence[int],
    named: Named | None = None,
) -> OrderedDeal | None:
    """Orders of one package; None when it has no steps.

    Args:
        table, problem, held: as in `servanda.simulation.centre.Ground`.
        package: its number.
        named: orders people speak of, by identifier.

    Raises:
        ProblemError: too many orders to search.
    """
    deal = agreement(table.bound.translation, problem.chosen(package))
    if not len(deal.steps):
        return None
    return order_deal(table, package, deal, held, named)
