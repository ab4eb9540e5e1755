"""The war's front process held against a record: fitted to its first months, scored on the rest.

The procedure is that of docs/design/validating_the_front.md.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from servanda.errors import Complaint, ScenarioError
from servanda.files.dynamics import FrontRecord
from servanda.files.read import read_scenario
from servanda.problems.front_process import FrontProcess, areas_around, front_process
from servanda.results.dynamics import (
    AHEAD,
    FRONT,
    MAP,
    MEAN,
    RESTLESS,
    SUM,
    WALK,
    WINDOW,
    Dynamics,
    DynamicsBand,
    DynamicsForecaster,
)
from servanda.solvers.front_process import PROBABILITIES, front_forecast, front_posterior
from servanda.solvers.interval_score import interval_score
from servanda.solvers.naive_forecasts import constant_mean, random_walk

Floats = NDArray[np.float64]

OTHER_FRONTS = (2, 10, 20)
"""Numbers of fronts that are tried beside the record's."""

Progress = Callable[[str, float], None]


def hold_against(record: FrontRecord, progress: Progress) -> Dynamics:
    """Fit the war's forecasters and the naive ones to a record and score them."""
    area, variation = _parcels(record.map)
    fit = record.changes[: record.fitted]
    process = partial(front_process, record.fronts, error=record.error, variation=variation)
    processes = {
        MAP: process(area),
        FRONT: process(areas_around(fit)),
        RESTLESS: process(areas_around(fit), restless=True),
    }
    forecasters, learned, loss = [], {}, {}
    for number, (name, one) in enumerate(processes.items()):
        progress(name, number / (len(processes) + 1))
        found, believed = _of_the_war(record, name, one)
        forecasters += found
        now = front_forecast(one, believed)
        learned[name], loss[name] = now.learned, now.loss
    forecasters += _naive(record, WALK, random_walk)
    forecasters += _naive(record, MEAN, constant_mean)
    progress("other numbers of fronts", 1 - 1 / (len(processes) + 1))
    others = {}
    for fronts in OTHER_FRONTS:
        other = front_process(fronts, areas_around(fit), error=record.error, variation=variation)
        ahead = _of_the_war(record, FRONT, other, tasks=(AHEAD,))[0][0]
        others[fronts] = (ahead.score_50, ahead.score_90)
    progress("done", 1.0)
    changes = np.array(record.changes)
    return Dynamics(
        title=record.title,
        unit=record.unit,
        gains=record.gains,
        months=record.months,
        changes=record.changes,
        fitted=record.fitted,
        parcels=(area, variation),
        forecasters=tuple(
            sorted(forecasters, key=lambda one: (AHEAD, WINDOW, SUM).index(one.task))
        ),
        learned=learned,
        loss=loss,
        correlation=float(np.corrcoef(changes[:-1], changes[1:])[0, 1]),
        unrelated=float(1.96 / np.sqrt(len(changes))),
        other_fronts=others,
        second=record.second,
    )


def _parcels(name_or_file: str) -> tuple[float, float]:
    """Mean area and coefficient of variation of the parcels on a map's fronts."""
    scenario = read_scenario(name_or_file)
    names = [parcel for front in scenario.fronts.values() for parcel in front.parcels]
    areas = np.array([scenario.parcels[name].area or 0.0 for name in names], float)
    if not len(areas) or not (areas > 0).all():
        rule = f"'{name_or_file}' has no fronts whose parcels all have an area."
        raise ScenarioError([Complaint("map", rule)])
    return float(areas.mean()), float(areas.std() / areas.mean())


def _of_the_war(
    record: FrontRecord,
    name: str,
    process: FrontProcess,
    tasks: tuple[str, ...] = (AHEAD, WINDOW, SUM),
) -> tuple[list[DynamicsForecaster], Floats]:
    """Its forecasts for each task, and what it believes after the fitted months."""
    beliefs = front_posterior(process, record.changes)
    fitted = beliefs[record.fitted]
    scored = range(record.fitted, len(record.changes))

    def bands(task: str) -> list[tuple[float, ...]]:
        if task == AHEAD:
            return [front_forecast(process, beliefs[month]).quantiles for month in scored]
        if task == WINDOW:
            return [front_forecast(process, fitted).quantiles] * len(scored)
        return [
            front_forecast(process, fitted, together + 1).quantiles
            for together in range(len(scored))
        ]

    return [_scored(record, name, task, np.array(bands(task))) for task in tasks], fitted


def _naive(
    record: FrontRecord,
    name: str,
    forecast: Callable[[Floats, int, tuple[float, ...]], tuple[Floats, Floats]],
) -> list[DynamicsForecaster]:
    changes = np.array(record.changes)
    scored = range(record.fitted, len(changes))
    ahead = [forecast(changes[:month], 1, PROBABILITIES)[0][0] for month in scored]
    alone, together = forecast(changes[: record.fitted], len(scored), PROBABILITIES)
    bands = {AHEAD: np.array(ahead), WINDOW: alone, SUM: together}
    return [_scored(record, name, task, one) for task, one in bands.items()]


def _scored(record: FrontRecord, name: str, task: str, bands: Floats) -> DynamicsForecaster:
    seen = np.array(record.changes[record.fitted :])
    seen = np.cumsum(seen) if task == SUM else seen
    low_90, low_50, _, high_50, high_90 = bands.T
    return DynamicsForecaster(
        name=name,
        task=task,
        bands=tuple(
            DynamicsBand(month, tuple(band.tolist()), float(what))
            for month, band, what in zip(record.months[record.fitted :], bands, seen, strict=True)
        ),
        inside_50=int(((low_50 <= seen) & (seen <= high_50)).sum()),
        inside_90=int(((low_90 <= seen) & (seen <= high_90)).sum()),
        score_50=float(interval_score(low_50, high_50, seen, 0.5).mean()),
        score_90=float(interval_score(low_90, high_90, seen, 0.9).mean()),
    )
