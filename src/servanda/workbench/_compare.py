"""Two scenarios compared."""

from __future__ import annotations

from collections.abc import Sequence
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
    from servanda.results.comparison import Comparison
    from servanda.scenario.model import Scenario

COMPARE_DRAWS = 200
"""Draws of each scenario, unless said otherwise: every set of changes is computed over them."""


def compare(
    before: Scenario,
    after: Scenario,
    *,
    name: str = "",
    order: Sequence[str] = (),
    draws: int = COMPARE_DRAWS,
    seed: int = SEED,
    threads: int | None = None,
    progress: Progress | None = None,
    variants: Sequence[str] = ("", ""),
    changes: Sequence[str] = (),
    run: Path | None = None,
    notice: Notice = unheard,
) -> Comparison:
    """What differs between two scenarios, what that does to each answer, change by change.

    Args:
        before, after: checked scenarios, variants and changes already applied, with a war and
            steps.
        name: what the second is called, for files made of the answer when a run has gone on.
        order: beginnings of paths of the changes that come first, step by step; the others follow
            in the order of the file.
        draws: how many draws of the uncertain quantities; the same for both.
        seed: of the draws; the same seed gives the same answer, whatever the threads.
        threads: at most this many; as many as there are processors when left out.
        progress: called with what is being done and how much of it, 0 to 1.
        variants, changes: what was applied to each, and to the second, to be remembered.
        run: a folder that keeps what is computed, so that the same question goes on there.
        notice: called with what is to be known about the run.

    Raises:
        RunError: the folder holds something else.
        ScenarioError: there is no war, or no step.
        NotFoundError: nothing that differs begins as ``order`` says.
        ProblemError: fewer than two draws.
    """
    from servanda.simulation.compare import comparison_of_scenarios

    must_be_kept(before, after)
    if draws < 2:
        raise ProblemError("draws: effects take at least two")
    origins = (
        origin_of(before, draws, seed, variants[0], ()),
        origin_of(after, draws, seed, variants[1], changes),
    )
    options = {
        "name": name,
        "order": list(order),
        "draws": draws,
        "seed": seed,
        "variants": list(variants),
        "changes": list(changes),
    }
    with run_folder(run, "compare", [before, after], options, notice) as kept:
        found = comparison_of_scenarios(
            before, after, origins, order, threads=threads, progress=progress or quiet, run=kept
        )
        keep_summary(kept, found, differences=found.differences, deals=found.deals)
    return found


def comparison_charts(found: Comparison, after: Scenario, ending: str) -> dict[str, bytes]:
    """Charts of a comparison as files: name to content.

    Args:
        found: the answer.
        after: the second scenario, whose names are printed.
        ending: html, svg or png.
    """
    from servanda.brief.comparison import charts_of_comparison

    return chart_files(charts_of_comparison(found, after), after.title, ending)
