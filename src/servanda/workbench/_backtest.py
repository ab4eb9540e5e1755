"""Forecasts of the past, scored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from servanda.workbench._common import SEED, Progress, chart_files, quiet

if TYPE_CHECKING:
    from servanda.results.backtest import Backtest

BACKTEST_DRAWS = 200
"""Draws of the coded ranges of each case of the past, unless said otherwise."""


def backtest(
    folder: Path | None = None,
    *,
    draws: int = BACKTEST_DRAWS,
    seed: int = SEED,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Backtest:
    """Forecast agreements of the past from what was known on the day, and score the forecasts.

    Args:
        folder: one case, or a folder of cases; those that ship when left out.
        draws: how many draws of the coded ranges.
        seed: of the draws.
        threads: at most this many; as many as there are processors when left out.
        progress: called with what is being done and how much of it, 0 to 1.

    Raises:
        ScenarioError: a case does not hold together; carries the complaints about all.
        NotFoundError: no such folder, or no case in it.
    """
    from servanda.files.past_cases import past_cases
    from servanda.files.read import coding_rules
    from servanda.simulation.backtest import backtest_cases, noise_of

    return backtest_cases(
        past_cases(folder),
        noise_of(coding_rules()),
        draws=draws,
        seed=seed,
        threads=threads,
        progress=progress or quiet,
    )


def backtest_charts(found: Backtest, ending: str) -> dict[str, bytes]:
    """Charts of a back-test as files: name to content.

    Args:
        found: the back-test.
        ending: html, svg or png.
    """
    from servanda.charts.calibration import calibration_chart
    from servanda.charts.forecasts import forecasts_chart

    charts = {"forecasts": forecasts_chart(found), "calibration": calibration_chart(found)}
    return chart_files(charts, "Forecasts of past agreements", ending)
