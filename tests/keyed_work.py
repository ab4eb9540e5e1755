"""Keyed work for engines and run folders: what each actor gets from fighting on, draw by draw."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from time import sleep
from typing import Any

from servanda.files.runs import Arrays
from servanda.problems.from_scenario import translate
from servanda.problems.parameters import draws
from servanda.problems.translation import Translation
from servanda.scenario.model import Scenario
from servanda.simulation.engines import Job
from servanda.simulation.ensemble import reservations


def fighting_on(specification: Mapping[str, Any], first: int, count: int) -> Arrays:
    """Draws and reservation values; two pieces of the same number are alike to the last bit."""
    sleep(specification.get("pause", 0.0))
    if first == specification.get("fatal", -1):
        scar = Path(specification["scar"])
        if not scar.exists():
            scar.write_text("a worker died here")
            os._exit(9)
    translation = translated(json.dumps(specification["scenario"], sort_keys=True))
    theta = draws(translation.parameters, seed=specification["seed"], first=first, count=count)
    return {"theta": theta, "reservation": reservations(translation, theta, threads=1)}


@lru_cache(maxsize=4)
def translated(scenario: str) -> Translation:
    return translate(Scenario.model_validate_json(scenario), ())


def fighting_on_job(scenario: Scenario, *, total: int, chunk: int, **more: Any) -> Job:
    said = scenario.model_dump(mode="json", by_alias=True, exclude_unset=True)
    specification = {"scenario": said, "seed": 7, **more}
    return Job("fighting-on", "keyed_work:fighting_on", specification, total, chunk)
