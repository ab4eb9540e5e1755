"""Why there is no kept deal yet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

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
    from servanda.results.diagnosis import Diagnosis
    from servanda.scenario.model import Scenario


def why(
    scenario: Scenario,
    *,
    name: str = "",
    causes: Sequence[str] = (),
    draws: int = DRAWS,
    seed: int = SEED,
    threads: int | None = None,
    progress: Progress | None = None,
    variant: str = "",
    changes: Sequence[str] = (),
    run: Path | None = None,
    notice: Notice = unheard,
) -> Diagnosis:
    """What stands between the parties and a kept deal: causes switched off alone and in pairs.

    Args:
        scenario: a checked scenario, variant and changes already applied, with a war and steps.
        name: what the scenario is called, for files made of the answer when a run has gone on.
        causes: identifiers of those to switch off (``beliefs``, ``commitment``, ``stakes``,
            ``pressure``, ``gate:AUDIENCE``, ``red-lines:ACTOR``); all the scenario states when
            left out.
        draws: how many draws of the uncertain quantities.
        seed: of the draws; the same seed gives the same answer, whatever the threads.
        threads: at most this many; as many as there are processors when left out.
        progress: called with what is being done and how much of it, 0 to 1.
        variant, changes: what was applied, to be remembered in the answer.
        run: a folder that keeps what is computed, so that the same question goes on there.
        notice: called with what is to be known about the run.

    Raises:
        RunError: the folder holds something else.
        ScenarioError: there is no war, or no step.
        NotFoundError: no such cause in this scenario.
    """
    from servanda.simulation.diagnosis import diagnosis_of_scenario

    must_be_kept(scenario)
    origin = origin_of(scenario, draws, seed, variant, changes)
    options = {
        "name": name,
        "causes": list(causes),
        "draws": draws,
        "seed": seed,
        "variant": variant,
        "changes": list(changes),
    }
    with run_folder(run, "why", [scenario], options, notice) as kept:
        found = diagnosis_of_scenario(
            scenario, origin, causes, threads=threads, progress=progress or quiet, run=kept
        )
        keep_summary(kept, found, causes=found.causes, pairs=found.pairs)
    return found


def diagnosis_charts(found: Diagnosis, scenario: Scenario, ending: str) -> dict[str, bytes]:
    """Charts of a diagnosis as files: name to content.

    Args:
        found: the answer.
        scenario: whose title is printed.
        ending: html, svg or png.
    """
    from servanda.charts.cause_pairs import cause_pairs_chart
    from servanda.charts.causes import causes_chart

    charts = {"causes": causes_chart(found)}
    if found.pairs:
        charts["cause-pairs"] = cause_pairs_chart(found)
    return chart_files(charts, scenario.title, ending)
