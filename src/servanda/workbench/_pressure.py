"""What a mediator's instruments can do for a deal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path
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
from servanda.workbench._runs import Notice, keep_summary, run_folder, unheard

if TYPE_CHECKING:
    from servanda.results.pressure_design import PressureDesign
    from servanda.scenario.model import Scenario

PRESSURE_DRAWS = 200
"""Draws, unless said otherwise: every mix of instruments is counted over them."""


def pressure(
    scenario: Scenario,
    *,
    name: str = "",
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
    run: Path | None = None,
    notice: Notice = unheard,
) -> PressureDesign:
    """What each instrument adds, what of it lapses, and the best mix for an effort.

    Args:
        scenario: a checked scenario, variant and changes already applied, with a war and steps.
        name: what the scenario is called, for files made of the answer when a run has gone on.
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
        run: a folder that keeps what is computed, so that the same question goes on there.
        notice: called with what is to be known about the run.

    Raises:
        RunError: the folder holds something else.
        ScenarioError: there is no war, or no step.
        NotFoundError: no such instrument or actor.
        ProblemError: a budget, cost or fund that is negative; too many instruments; too few draws.
    """
    from servanda.simulation.pressure_design import design_of_scenario

    must_be_kept(scenario)
    faults = []
    if budget is not None and not 0 <= budget < float("inf"):
        faults.append(f"budget: {budget} is not a number of at least 0")
    paid = {fund: (points, tuple(to)) for fund, (points, to) in (funds or {}).items()}
    amounts = {fund: points for fund, (points, _) in paid.items()}
    for priced, amount in {**(costs or {}), **amounts}.items():
        if not isfinite(amount) or amount < 0:
            faults.append(f"{priced}: {amount} is not a number of at least 0")
    if draws < 2:
        faults.append("draws: gains take at least two")
    if faults:
        raise ProblemError("; ".join(faults))
    origin = origin_of(scenario, draws, seed, variant, changes)
    options = {
        "name": name,
        "budget": budget,
        "funds": {fund: [points, list(to)] for fund, (points, to) in paid.items()},
        "costs": dict(costs or {}),
        "instruments": list(instruments),
        "draws": draws,
        "seed": seed,
        "variant": variant,
        "changes": list(changes),
    }
    with run_folder(run, "pressure", [scenario], options, notice) as kept:
        found = design_of_scenario(
            scenario,
            origin,
            budget,
            paid,
            costs or {},
            instruments,
            threads=threads,
            progress=progress or quiet,
            run=kept,
        )
        keep_summary(kept, found, additions=found.additions, frontier=found.frontier)
    return found


def pressure_charts(found: PressureDesign, scenario: Scenario, ending: str) -> dict[str, bytes]:
    """Charts of a pressure design as files: name to content.

    Args:
        found: the answer.
        scenario: whose names are printed.
        ending: html, svg or png.
    """
    from servanda.brief.pressure import charts_of_pressure

    return chart_files(charts_of_pressure(found, scenario), scenario.title, ending)
