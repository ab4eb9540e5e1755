"""Keyed work for engines and run folders: what each actor gets from fighting on, draw by draw.

``python -m keyed_work FOLDER`` does a job of it in a run folder, to be killed and begun again.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from time import sleep
from typing import Any

import numpy as np

from servanda import workbench
from servanda.errors import NotFoundError
from servanda.files.runs import Arrays
from servanda.problems.from_scenario import translate
from servanda.problems.parameters import draws
from servanda.problems.translation import Translation
from servanda.scenario.model import Scenario
from servanda.simulation.engines import Job, chunks, open_engine
from servanda.simulation.ensemble import reservations

CASE = "two-step-territory-and-guarantee"
TOTAL, CHUNK = 120, 3


def fighting_on(specification: Mapping[str, Any], first: int, count: int) -> Arrays:
    """Draws and reservation values; two pieces of the same number are alike to the last bit."""
    sleep(specification.get("pause", 0.0))
    if first == specification.get("deadly"):
        scar = Path(specification["scar"])
        if not scar.exists():
            scar.write_text("a process died here")
            os._exit(9)
    translation = translated(json.dumps(specification["scenario"], sort_keys=True))
    theta = draws(translation.parameters, seed=specification["seed"], first=first, count=count)
    return {"theta": theta, "reservation": reservations(translation, theta, threads=1)}


def refused(specification: Mapping[str, Any], first: int, count: int) -> Arrays:
    """Work that cannot be done, for a reason that is said."""
    raise NotFoundError("piece", f"{first} of {specification['what']}", ())


@lru_cache(maxsize=4)
def translated(scenario: str) -> Translation:
    return translate(Scenario.model_validate_json(scenario))


def fighting_on_job(total: int = TOTAL, chunk: int = CHUNK, **more: Any) -> Job:
    said = workbench.read(CASE).model_dump(mode="json", by_alias=True, exclude_unset=True)
    specification = {"scenario": said, "seed": 7, **more}
    return Job("fighting-on", "keyed_work:fighting_on", specification, total, chunk)


def whole(job: Job, **how: Any) -> Arrays:
    """All chunks of a job, one after the other."""
    with open_engine(how.pop("on", "threads"), how.pop("threads", 1)) as engine:
        parts = list(chunks(job, engine, **how))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def same(one: Arrays, other: Arrays) -> bool:
    """The same arrays to the last bit."""
    return one.keys() == other.keys() and all(
        one[name].dtype == other[name].dtype
        and one[name].shape == other[name].shape
        and one[name].tobytes() == other[name].tobytes()
        for name in one
    )


if __name__ == "__main__":
    options = {"total": TOTAL, "chunk": CHUNK}
    with workbench.run_folder(
        Path(sys.argv[1]), "fighting-on", [workbench.read(CASE)], options, notice=print
    ) as run:
        whole(fighting_on_job(pause=0.01), threads=2, run=run)
