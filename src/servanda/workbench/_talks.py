"""Talks while fighting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from servanda.workbench._common import (
    SEED,
    Progress,
    chart_files,
    must_have_a_war,
    origin_of,
    quiet,
)

if TYPE_CHECKING:
    from servanda.results.talks_answer import TalksAnswer
    from servanda.results.talks_rounds import RoundsAnswer
    from servanda.scenario.model import Scenario

FIGHTING = "These are talks between sides that fight on until they sign."


def talks(
    scenario: Scenario,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
    variant: str = "",
    changes: Sequence[str] = (),
) -> TalksAnswer:
    """Talks while fighting, at the central values: when the sides would sign what, why not now.

    Args:
        scenario: a checked scenario, variant and changes already applied, with a war.
        threads: at most this many; as many as there are processors when left out.
        progress: called with what is being done and how much of it, 0 to 1.
        variant, changes: what was applied, to be remembered in the answer.

    Raises:
        ScenarioError: the scenario has no war beside which talks could go on.
    """
    must_have_a_war(FIGHTING, scenario)
    from servanda.simulation.talks import talks_of_scenario

    origin = origin_of(scenario, 0, 0, variant, changes)
    return talks_of_scenario(scenario, origin, threads=threads, progress=progress or quiet)


def talks_rounds(
    scenario: Scenario,
    *,
    draws: int = 100,
    seed: int = SEED,
    threads: int | None = None,
    progress: Progress | None = None,
    variant: str = "",
    changes: Sequence[str] = (),
) -> RoundsAnswer:
    """Talks round by round: what is tabled, what refusals teach, why each stays.

    Args:
        scenario: a checked scenario, variant and changes already applied, with a war.
        draws: states of the world that the answers are weighed against.
        seed: same seed, same answer.
        threads: at most this many; as many as there are processors when left out.
        progress: called with what is being done and how much of it, 0 to 1.
        variant, changes: what was applied, to be remembered in the answer.

    Raises:
        ScenarioError: the scenario has no war beside which talks could go on.
    """
    must_have_a_war(FIGHTING, scenario)
    from servanda.simulation.rounds import rounds_of_scenario

    origin = origin_of(scenario, draws, seed, variant, changes)
    return rounds_of_scenario(scenario, origin, threads=threads, progress=progress or quiet)


def rounds_charts(found: RoundsAnswer, scenario: Scenario, ending: str) -> dict[str, bytes]:
    """Charts of an answer about rounds as files: name to content.

    Args:
        found: the answer.
        scenario: whose names are printed.
        ending: html, svg or png.
    """
    from servanda.brief.rounds_charts import charts_of_rounds

    return chart_files(charts_of_rounds(found, scenario), scenario.title, ending)


def talks_charts(found: TalksAnswer, scenario: Scenario, ending: str) -> dict[str, bytes]:
    """Charts of an answer about talks as files: name to content.

    Args:
        found: the answer.
        scenario: whose names are printed.
        ending: html, svg or png.
    """
    from servanda.brief.talks_charts import charts_of_talks

    return chart_files(charts_of_talks(found, scenario), scenario.title, ending)
