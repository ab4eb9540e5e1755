"""Deals that may be offered in histories, and the orders of steps each may be carried out in.

They are looked for once, at the central values and over the draws of the policies: packages that
would be kept at the centre, those that pass the first gates by most in some draw, and those that
pass them most often. Which of them is on the table in a draw, in which order, and what it is worth
there, is for `servanda.simulation.policies` to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from servanda.results.packages import FunnelDraws
from servanda.scenario.model import Scenario
from servanda.simulation.centre import Centre, look_at_centre
from servanda.simulation.ensemble import funnel_draws, take_draws
from servanda.simulation.package_orders import order_all
from servanda.simulation.progress import Progress
from servanda.simulation.translated import translated
from servanda.solvers.plan import Stage, as_plan

MOST = 32
"""Packages whose orders are searched."""


@dataclass(frozen=True)
class Candidate:
    """A package and the orders of steps that were found for it.

    Attributes:
        package: its number.
        plans: the stages of each order.
    """

    package: int
    plans: tuple[tuple[Stage, ...], ...]

    def to_plain(self) -> dict[str, Any]:
        """As JSON could hold it."""
        plans = [[[list(one.steps), one.verified] for one in plan] for plan in self.plans]
        return {"package": self.package, "plans": plans}

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Candidate:
        """What `to_plain` has given."""
        plans = tuple(
            tuple(Stage(tuple(steps), verified) for steps, verified in plan)
            for plan in plain["plans"]
        )
        return cls(plain["package"], plans)


def find_candidates(
    scenario: Scenario, *, seed: int, draws: int, threads: int | None, progress: Progress
) -> tuple[Candidate, ...]:
    """The packages to be offered, best first; none where no package has an order of steps.

    Args:
        scenario: a checked scenario with a war.
        seed, draws: which draws of θ the policies are of.
        threads, progress: as everywhere.
    """
    translation = translated(scenario, progress=progress)
    centre = look_at_centre(scenario, translation, threads=threads, progress=progress)
    drawn = take_draws(translation, seed=seed, count=draws, threads=threads, progress=progress)
    progress("packages over the draws", 0.0)
    gates = funnel_draws(centre.every_line, translation, drawn, threads)
    wanted = promising(centre, gates)[:MOST]
    ordered = order_all(centre, wanted, threads=threads, progress=progress)
    return tuple(
        Candidate(one.package, tuple(dict.fromkeys(as_plan(plan) for plan in one.plans.values())))
        for one in ordered
        if one.plans
    )


def promising(centre: Centre, gates: FunnelDraws) -> list[int]:
    """Packages kept at the centre, best of some draw, acceptable most often, nearest of some.

    Those nearest pass no gate unpressed; pressure, or a line that moves, may make them acceptable.
    """
    kept = [deal.index for deal in centre.funnel.tested if deal.kept]
    often = gates.most_often(MOST).tolist()
    near = [one.deal.index for one in centre.funnel.nearest]
    return list(
        dict.fromkeys([*kept, *_by_count(gates.best), *near, *_by_count(gates.nearest), *often])
    )


def _by_count(numbers: np.ndarray) -> list[int]:
    """Numbers that are not negative, the most frequent first."""
    found, counts = np.unique(numbers[numbers >= 0], return_counts=True)
    return [int(one) for one in found[np.argsort(-counts, kind="stable")]]
