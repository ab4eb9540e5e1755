"""Deals: packages through their gates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from servanda.workbench._common import DRAWS, SEED, Progress, chart_files, origin_of, quiet

if TYPE_CHECKING:
    from servanda.results.deals import Deals
    from servanda.scenario.model import Scenario


def deals(
    scenario: Scenario,
    *,
    funds: Mapping[str, tuple[float, tuple[str, ...]]] | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    threads: int | None = None,
    progress: Progress | None = None,
    variant: str = "",
    changes: Sequence[str] = (),
) -> Deals:
    """Packages at the central values: gates, frontier, solutions, overlap, obstacles.

    Args:
        scenario: a checked scenario, variant and changes already applied.
        funds: name to the points it holds and the actors it may be paid to (none named: any).
        draws, seed: how many readings of rankings, from which seed; where there are rankings.
        threads: at most this many; as many as there are processors when left out.
        progress: called with what is being done and how much of it, 0 to 1.
        variant, changes: what was applied, to be remembered in the answer.
    """
    from servanda.simulation.deals import deals_of_scenario

    drawn = (draws, seed) if scenario.rankings else (0, 0)
    origin = origin_of(scenario, *drawn, variant, changes)
    return deals_of_scenario(
        scenario, origin, funds or {}, threads=threads, progress=progress or quiet
    )


def deal_charts(found: Deals, scenario: Scenario, ending: str) -> dict[str, bytes]:
    """Charts of an answer about deals as files: name to content.

    Args:
        found: the answer.
        scenario: whose names are printed.
        ending: html, svg or png.
    """
    from servanda.brief.deal_charts import charts_of_deals

    return chart_files(charts_of_deals(found, scenario), scenario.title, ending)
