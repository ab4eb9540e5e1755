"""Which numbers the answer rests on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from servanda.errors import ProblemError
from servanda.workbench._common import (
    DRAWS,
    SEED,
    Progress,
    chart_files,
    must_be_kept,
    origin_of,
    quiet,
)
from servanda.workbench._runs import Notice, keep_summary, run_folder, unheard

if TYPE_CHECKING:
    from servanda.results.sensitivity import Sensitivity
    from servanda.scenario.model import Scenario

FEWEST_FOR_SHARES = 40
"""Draws below which shares of variance say nothing."""


def sensitivity(
    scenario: Scenario,
    *,
    name: str = "",
    order: str = "",
    draws: int = DRAWS,
    seed: int = SEED,
    threads: int | None = None,
    progress: Progress | None = None,
    variant: str = "",
    changes: Sequence[str] = (),
    run: Path | None = None,
    notice: Notice = unheard,
) -> Sensitivity:
    """Which uncertain numbers the variance of the answer comes from.

    Args:
        scenario: a checked scenario, variant and changes already applied, with a war and steps.
        name: what the scenario is called, for files made of the answer when a run has gone on.
        order: identifier of an order of the package in focus, whose margin is asked about; the
            best when left out.
        draws: how many draws of the uncertain quantities; at least 40.
        seed: of the draws; the same seed gives the same answer, whatever the threads.
        threads: at most this many; as many as there are processors when left out.
        progress: called with what is being done and how much of it, 0 to 1.
        variant, changes: what was applied, to be remembered in the answer.
        run: a folder that keeps what is computed, so that the same question goes on there.
        notice: called with what is to be known about the run.

    Raises:
        RunError: the folder holds something else.
        ScenarioError: there is no war, or no step.
        NotFoundError: no such order of the package in focus.
        ProblemError: too few draws.
    """
    from servanda.simulation.sensitivity import sensitivity_of_scenario

    must_be_kept(scenario)
    if draws < FEWEST_FOR_SHARES:
        raise ProblemError(f"draws: shares of variance take at least {FEWEST_FOR_SHARES}")
    origin = origin_of(scenario, draws, seed, variant, changes)
    options = {
        "name": name,
        "order": order,
        "draws": draws,
        "seed": seed,
        "variant": variant,
        "changes": list(changes),
    }
    with run_folder(run, "sensitivity", [scenario], options, notice) as kept:
        found = sensitivity_of_scenario(
            scenario, origin, order, threads=threads, progress=progress or quiet, run=kept
        )
        keep_summary(kept, found, numbers=found.numbers, designed=found.designed)
    return found


def sensitivity_charts(found: Sensitivity, scenario: Scenario, ending: str) -> dict[str, bytes]:
    """Charts of shares of variance as files: name to content.

    Args:
        found: the answer.
        scenario: whose names are printed.
        ending: html, svg or png.
    """
    from servanda.charts.sensitivity import sensitivity_chart

    if not found.designed:
        return {}
    charts = {"sensitivity": sensitivity_chart(found, scenario)}
    return chart_files(charts, scenario.title, ending)
