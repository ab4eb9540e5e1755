"""What a mediator's instruments can do for a deal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING

from servanda.errors import ProblemError
from servanda.workbench._common import (
    SEED,
    Progress,
    chart_files,
    must_be_kept,
    origin_of,
    quiet,
)

if TYPE_CHECKING:
    from servanda.results.pressure_design import PressureDesign
    from servanda.scenario.model import Scenario

PRESSURE_DRAWS = 200
"""Draws, unless said otherwise: every mix of instruments is counted over them."""


def pressure(
    scenario: Scenario,
    *,
    budget: float | None = None,
    funds: Mapping[str, tuple[float, tuple[str, ...]]] | None = None,
    costs: Mapping[str, float] | None = None,
    instruments: Sequence[str] = (),
    draws: int = PRESSURE_DRAWS,
    seed: int = SEED,
    threads: int | None = None,
    progress: Progress | None = None,
    variant: str = "",
    changes: Sequence[str] = (),
) -> PressureDesign:
    """What each instrument adds, what of it lapses, and the best mix for an effort.

    Args:
        scenario: a checked scenario, variant and changes already applied, with a war and steps.
        budget: effort that may be spent; without a limit when left out.
        funds: name to the points it holds and the actors it may be paid to (none named: all who
            sign); one fund of two spreads of fighting on when left out.
        costs: instrument to the effort of all of it; its own spreads when left out.
        instruments: identifiers of those to look at (``pressure:KEY``, ``guarantees:ACTOR``,
            ``fund:NAME``); all when left out.
        draws: how many draws of the uncertain quantities; at least two.
        seed: of the draws; the same seed gives the same answer, whatever the threads.
        threads: at most this many; as many as there are processors when left out.
        progress: called with what is being done and how much of it, 0 to 1.
        variant, changes: what was applied, to be remembered in the answer.

    Raises:
        ScenarioError: there is no war, or no step.
        NotFoundError: no such instrument or actor.
        ProblemError: a budget, cost or fund that is negative; too many instruments; too few draws.
    """
    from servanda.simulation.pressure_design import design_of_scenario

    must_be_kept(scenario)
    faults = []
    if budget is not None and not 0 <= budget < float("inf"):
        faults.append(f"budget: {budget} is not a number of at least 0")
    amounts = {name: points for name, (points, _) in (funds or {}).items()}
    for name, amount in {**(costs or {}), **amounts}.items():
        if not isfinite(amount) or amount < 0:
            faults.append(f"{name}: {amount} is not a number of at least 0")
    if draws < 2:
        faults.append("draws: gains take at least two")
    if faults:
        raise ProblemError("; ".join(faults))
    return design_of_scenario(
        scenario,
        origin_of(scenario, draws, seed, variant, changes),
        budget,
        funds or {},
        costs or {},
        instruments,
        threads=threads,
        progress=progress or quiet,
    )


def pressure_charts(found: PressureDesign, scenario: Scenario, ending: str) -> dict[str, bytes]:
    """Charts of a pressure design as files: name to content.

    Args:
        found: the answer.
        scenario: whose names are printed.
        ending: html, svg or png.
    """
    from servanda.brief.pressure import charts_of_pressure

    return chart_files(charts_of_pressure(found, scenario), scenario.title, ending)
