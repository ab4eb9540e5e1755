"""What would have to be true for a named deal to be signed, ratified and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
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
from servanda.workbench._runs import Notice, keep_summary, plan_given, run_folder, unheard

if TYPE_CHECKING:
    from servanda.results.inverse import Inverse
    from servanda.scenario.model import Scenario


def inverse(
    scenario: Scenario,
    *,
    name: str = "",
    deal: str = "",
    order: str = "",
    plan: Path | Mapping[str, str] | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    threads: int | None = None,
    progress: Progress | None = None,
    variant: str = "",
    changes: Sequence[str] = (),
    run: Path | None = None,
    notice: Notice = unheard,
) -> Inverse:
    """What would have to be true for a deal to be signed, ratified and kept in one order.

    Args:
        scenario: a checked scenario, variant and changes already applied, with a war and steps.
        name: what the scenario is called; a plan that says it is for another is refused.
        deal: as the package of `servanda.workbench.order`; the deal in focus when left out.
        order: identifier of an order of its steps; the best when left out.
        plan: a plan file instead, or its name and text.
        draws: how many draws of the uncertain quantities, for shares.
        seed: of the draws; the same seed gives the same answer, whatever the threads.
        threads: at most this many; as many as there are processors when left out.
        progress: called with what is being done and how much of it, 0 to 1.
        variant, changes: what was applied, to be remembered in the answer.
        run: a folder that keeps what is computed, so that the same question goes on there.
        notice: called with what is to be known about the run.

    Raises:
        RunError: the folder holds something else.
        ScenarioError: there is no war or no step, a plan or a package does not hold together.
        NotFoundError: no such deal, order or file.
    """
    from servanda.simulation.deal_asked import Question
    from servanda.simulation.inverse import inverse_of_scenario

    must_be_kept(scenario)
    origin = origin_of(scenario, draws, seed, variant, changes)
    written = plan_given(plan)
    asked = Question(name, deal, (written,) if written else (), (order,) if order else ())
    options = {
        "name": name,
        "deal": deal,
        "order": order,
        "plan": asdict(written) if written else None,
        "draws": draws,
        "seed": seed,
        "variant": variant,
        "changes": list(changes),
    }
    with run_folder(run, "inverse", [scenario], options, notice) as kept:
        found = inverse_of_scenario(
            scenario, origin, asked, threads=threads, progress=progress or quiet, run=kept
        )
        keep_summary(kept, found, alone=[one.moves[0] for one in found.alone])
    return found


def inverse_charts(found: Inverse, scenario: Scenario, ending: str) -> dict[str, bytes]:
    """Charts of an inverse analysis as files: name to content.

    Args:
        found: the answer.
        scenario: whose names are printed.
        ending: html, svg or png.
    """
    from servanda.brief.inverse import charts_of_inverse

    return chart_files(charts_of_inverse(found, scenario), scenario.title, ending)
