"""An answer over two numbers at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
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
from servanda.workbench._runs import Notice, keep_summary, plan_given, run_folder, unheard

if TYPE_CHECKING:
    from servanda.results.answer_map import AnswerMap
    from servanda.scenario.model import Scenario

MAP_DRAWS, MAP_POINTS = 20, 15
"""Draws of the other numbers at each point of a map, and points of each number."""

MOST_POINTS = 101


def answer_map(
    scenario: Scenario,
    first: str,
    second: str,
    *,
    name: str = "",
    deal: str = "",
    order: str = "",
    plan: Path | Mapping[str, str] | None = None,
    points: int = MAP_POINTS,
    draws: int = MAP_DRAWS,
    seed: int = SEED,
    threads: int | None = None,
    progress: Progress | None = None,
    variant: str = "",
    changes: Sequence[str] = (),
    run: Path | None = None,
    notice: Notice = unheard,
) -> AnswerMap:
    """Where a deal is kept in one order as two numbers vary.

    Args:
        scenario: a checked scenario, variant and changes already applied, with a war and steps.
        first, second: paths of numbers, moved between the ends of their ranges; or between others,
            as in ``war.initiative=0.2..0.6``.
        name: what the scenario is called; a plan that says it is for another is refused.
        deal: as the package of `servanda.workbench.order`; the deal in focus when left out.
        order: identifier of an order of its steps; the best when left out.
        plan: a plan file instead, or its name and text.
        points: of each number.
        draws: of all other numbers at each point, for shares; the same at every point.
        seed: of the draws; the same seed gives the same answer, whatever the threads.
        threads: at most this many; as many as there are processors when left out.
        progress: called with what is being done and how much of it, 0 to 1.
        variant, changes: what was applied, to be remembered in the answer.
        run: a folder that keeps what is computed, so that the same question goes on there.
        notice: called with what is to be known about the run.

    Raises:
        RunError: the folder holds something else.
        ScenarioError: there is no war or no step; a plan, a package or a number that cannot be.
        NotFoundError: no such deal, order or file.
        ProblemError: too few points, or the deal has no order of steps.
    """
    from servanda.simulation.answer_map import map_of_scenario
    from servanda.simulation.deal_asked import Question

    must_be_kept(scenario)
    if not 2 <= points <= MOST_POINTS:
        raise ProblemError(f"points: {points} is not from 2 to {MOST_POINTS}")
    origin = origin_of(scenario, draws, seed, variant, changes)
    written = plan_given(plan)
    asked = Question(name, deal, (written,) if written else (), (order,) if order else ())
    options = {
        "first": first,
        "second": second,
        "name": name,
        "deal": deal,
        "order": order,
        "plan": asdict(written) if written else None,
        "points": points,
        "draws": draws,
        "seed": seed,
        "variant": variant,
        "changes": list(changes),
    }
    with run_folder(run, "map", [scenario], options, notice) as kept:
        found = map_of_scenario(
            scenario,
            origin,
            asked,
            (first, second),
            points,
            threads=threads,
            progress=progress or quiet,
            run=kept,
        )
        keep_summary(kept, found, points=found.rows)
    return found


def map_charts(found: AnswerMap, scenario: Scenario, ending: str) -> dict[str, bytes]:
    """Charts of a map as files: name to content.

    Args:
        found: the answer.
        scenario: whose names are printed.
        ending: html, svg or png.
    """
    from servanda.brief.answer_map import charts_of_map

    return chart_files(charts_of_map(found, scenario), scenario.title, ending)
