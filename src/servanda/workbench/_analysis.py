"""The whole analysis of a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from servanda.workbench._common import DRAWS, SEED, Progress, must_have_a_war, origin_of, quiet

if TYPE_CHECKING:
    from servanda.results.analysis import Analysis
    from servanda.scenario.model import Scenario


def analyse(
    scenario: Scenario,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    threads: int | None = None,
    progress: Progress | None = None,
    variant: str = "",
    changes: Sequence[str] = (),
) -> Analysis:
    """Value of fighting on, packages through their gates, orders of steps, over many draws.

    Args:
        scenario: a checked scenario, variant and changes already applied.
        draws: how many draws of the uncertain quantities.
        seed: of the draws; the same seed gives the same answer, whatever the threads.
        threads: at most this many; as many as there are processors when left out.
        progress: called with what is being done and how much of it, 0 to 1.
        variant, changes: what was applied, to be remembered in the answer.

    Raises:
        ScenarioError: the scenario has no war to weigh a deal against.
    """
    must_have_a_war("A brief weighs deals against fighting on.", scenario)
    from servanda.simulation.analysis import analyse_scenario

    origin = origin_of(scenario, draws, seed, variant, changes)
    return analyse_scenario(scenario, origin, threads=threads, progress=progress or quiet)
