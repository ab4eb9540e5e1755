"""What would make a kept deal likelier."""

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
    from servanda.results.levers import Levers
    from servanda.scenario.model import Scenario


def levers(
    scenario: Scenario,
    *,
    name: str = "",
    target: float = 0.5,
    draws: int = DRAWS,
    seed: int = SEED,
    threads: int | None = None,
    progress: Progress | None = None,
    variant: str = "",
    changes: Sequence[str] = (),
    run: Path | None = None,
    notice: Notice = unheard,
) -> Levers:
    """Which uncertain quantities, moved how far and by whom, make a kept deal likelier.

    Args:
        scenario: a checked scenario, variant and changes already applied, with a war and steps.
        name: what the scenario is called, for files made of the answer when a run has gone on.
        target: probability of a kept deal to be reached, between 0 and 1.
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
        ProblemError: the target is no probability, or there are fewer than two draws.
    """
    from servanda.simulation.levers import levers_of_scenario

    must_be_kept(scenario)
    if not 0.0 < target < 1.0:
        raise ProblemError(f"target: {target} is not between 0 and 1")
    if draws < 2:
        raise ProblemError("draws: effects take at least two")
    origin = origin_of(scenario, draws, seed, variant, changes)
    options = {
        "name": name,
        "target": target,
        "draws": draws,
        "seed": seed,
        "variant": variant,
        "changes": list(changes),
    }
    with run_folder(run, "levers", [scenario], options, notice) as kept:
        found = levers_of_scenario(
            scenario, origin, target, threads=threads, progress=progress or quiet, run=kept
        )
        keep_summary(kept, found, levers=found.levers)
    return found


def lever_charts(found: Levers, scenario: Scenario, ending: str) -> dict[str, bytes]:
    """Charts of levers as files: name to content.

    Args:
        found: the answer.
        scenario: whose names are printed.
        ending: html, svg or png.
    """
    from servanda.charts.effort import effort_chart
    from servanda.charts.levers import levers_chart

    charts = {"levers": levers_chart(found, scenario)} if found.levers else {}
    if found.frontier:
        charts["effort"] = effort_chart(found, scenario)
    return chart_files(charts, scenario.title, ending)
