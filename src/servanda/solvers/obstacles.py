"""What stands in the way when no package passes: the smallest sets of gates to lift, and more.

Every package fails a set of single gates (red lines, actors' rationality, actors' ratification).

- A **correction** is a minimal set of gates whose lifting opens a package. Lifting S opens exactly
  the packages whose failed set lies in S, so the corrections are the minimal sets among those that
  occur: enumeration is exact, and needs no search.
- A **conflict** is a minimal set of gates that no package passes together. It has to meet the
  failed set of every package, so conflicts are the minimal transversals of the corrections (Reiter
  1987; Berge 1989, by multiplying one correction at a time). Past a stated number the search stops,
  and the smallest conflict is found by HiGHS instead.
- For each actor the package **nearest** to its acceptance: others' acceptance comes first, then its
  own red lines, then the points it lacks.
- The smallest **payment**, in points, that makes all accept a package that breaks no red line. Only
  packages whose room (what each actor can spare, or lacks) is undominated need be looked at: with
  more room for somebody and no less for anybody no payment is larger.

References: Reiter (1987), A theory of diagnosis from first principles, Artificial Intelligence
32(1); Berge (1989), Hypergraphs: Combinatorics of Finite Sets.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from servanda.problems.packages import TOLERANCE, PackageProblem
from servanda.results.obstacles import (
    ClosingPayment,
    Correction,
    NearestToActor,
    Obstacles,
    ObstacleStatus,
)
from servanda.solvers.funnel import ENUMERATION_LIMIT
from servanda.solvers.linear_obstacles import linear_obstacles
from servanda.solvers.minimal_sets import (
    minimal_sets,
    minimal_transversals,
    smallest_transversal,
)
from servanda.solvers.package_values import deal_of
from servanda.solvers.pareto import pareto_front
from servanda.solvers.row_tally import MOST_ROWS, RowTally, rooms, rows_failed_by, tally_rows
from servanda.solvers.side_payment import Fund, side_payments

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def obstacles(
    problem: PackageProblem,
    *,
    limits: Sequence[float] | None = None,
    funds: Sequence[Fund] = (),
    most: int = 20,
    tolerance: float = TOLERANCE,
    threads: int | None = None,
) -> Obstacles:
    """What stands in the way of a deal.

    Parameters
    ----------
        problem: packages, values, gates.
        limits: (A,) points each actor can pay at most; None: no limit but what it gains.
        funds: money from outside, those named first are drawn on first.
        most: corrections and conflicts to list, at most.
        tolerance: points; a gain of at least minus this is accepted.
        threads: how many; None: as many as there are cores. The answer does not depend on it.

    When some package passes, there is nothing to correct; what is nearest is still reported. Spaces
    too large to enumerate, or with more gates than a word has bits, are asked by integer program.
    """
    n_rows = len(problem.red_lines) + 2 * len(problem.actors)
    if problem.n_packages > ENUMERATION_LIMIT or n_rows > MOST_ROWS:
        return linear_obstacles(problem, limits=limits, funds=funds, most=most, tolerance=tolerance)
    tally = tally_rows(problem, tolerance=tolerance, threads=threads)
    if not tally.packages:
        return Obstacles(ObstacleStatus.NOTHING_ON_THE_TABLE, (), 0, (), 0, (), None)
    nearest = _nearest(problem, tally, tolerance)
    if 0 in tally.sets:
        return Obstacles(ObstacleStatus.NONE, (), 0, (), 0, nearest, None)
    minimal = minimal_sets(tally.sets)
    place = {bits: number for number, bits in enumerate(tally.sets)}
    ordered = sorted(minimal, key=lambda bits: (bits.bit_count(), tally.lacks[place[bits]], bits))
    conflicts = minimal_transversals(minimal)
    listed = conflicts if conflicts is not None else [smallest_transversal(minimal)]
    return Obstacles(
        status=ObstacleStatus.BLOCKED,
        corrections=tuple(
            Correction(
                rows=tally.named(bits),
                opens=int(tally.counts[place[bits]]),
                deal=deal_of(problem, int(tally.best[place[bits]])),
            )
            for bits in ordered[:most]
        ),
        n_corrections=len(minimal),
        conflicts=tuple(tally.named(bits) for bits in listed[:most]),
        n_conflicts=None if conflicts is None else len(conflicts),
        nearest=nearest,
        payment=closing_payment(problem, limits, funds, tolerance=tolerance, threads=threads),
    )


def closing_payment(
    problem: PackageProblem,
    limits: Sequence[float] | None = None,
    funds: Sequence[Fund] = (),
    *,
    tolerance: float = TOLERANCE,
    threads: int | None = None,
) -> ClosingPayment | None:
    """Smallest side payment that makes all accept some package without red lines broken.

    None: no payment within the limits and funds does.
    """
    packages = np.empty(0, dtype=np.int64)
    room = np.empty((0, len(problem.actors)))
    for numbers, part in rooms(problem, tolerance=tolerance, threads=threads):
        together = np.concatenate([room, part])
        kept = pareto_front(together, 0.0).indices  # no tolerance: the least lack is exact
        packages, room = np.concatenate([packages, numbers])[kept], together[kept]
    if not len(packages) or not len(problem.parties):
        return None
    base = np.where(np.isnan(problem.reservation), np.nan, 0.0)
    paid = side_payments(room, base, limits=limits, funds=funds, tolerance=tolerance)
    if paid.cheapest is None:
        return None
    return ClosingPayment(
        deal=deal_of(problem, int(packages[paid.cheapest])),
        total=float(paid.needed[paid.cheapest]),
        receives={problem.actors[i]: float(paid.payment[i]) for i in problem.parties},
        from_funds={
            fund.name: float(drawn) for fund, drawn in zip(funds, paid.from_funds, strict=True)
        },
    )


def _nearest(
    problem: PackageProblem, tally: RowTally, tolerance: float
) -> tuple[NearestToActor, ...]:
    """For each actor with a veto, the package nearest to its acceptance."""
    out = []
    for i in problem.parties.tolist():
        package = int(tally.near[i])
        deal = deal_of(problem, package)
        failed = rows_failed_by(problem, package, tolerance) or 0
        own = [row.label for row in tally.named(failed & tally.owned[i] & tally.red)]
        out.append(
            NearestToActor(
                actor=problem.actors[i],
                deal=deal,
                lacks=float(tally.near_lacks[i]),
                own_lines=tuple(own),
                others=tally.named(failed & ~tally.owned[i]),
            )
        )
    return tuple(out)
