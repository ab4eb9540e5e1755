"""Engines: the same keyed kernel work on one thread, two, and two worker processes."""

import json
import os
import time
from collections.abc import Mapping
from functools import lru_cache
from statistics import median
from typing import Any

import numpy as np

from servanda import workbench
from servanda.problems.from_scenario import translate
from servanda.problems.parameters import draws
from servanda.problems.translation import Translation
from servanda.scenario.model import Scenario
from servanda.simulation.engines import Job, chunks, open_engine
from servanda.simulation.ensemble import reservations

CASE, DRAWS, CHUNK, TURNS = "geneva-2026", 3000, 125, 5


def main() -> None:
    scenario = workbench.read(CASE).model_dump(mode="json", by_alias=True, exclude_unset=True)
    job = Job("war", "bench_engines:war", {"scenario": scenario, "seed": 1}, DRAWS, CHUNK)
    places = [("threads", 1), ("threads", 2), ("local:2", 2)]
    times: dict[tuple[str, int], list[float]] = {place: [] for place in places}
    found = {}
    for place in places:
        with open_engine(*place) as engine:
            found[place] = np.concatenate([part["values"] for part in chunks(job, engine)])
    for _ in range(TURNS):  # by turns, so that other work on the machine slows all alike
        for place in places:
            with open_engine(*place) as engine:
                if place[0] != "threads":  # a worker translates the scenario once
                    list(chunks(Job("war", job.work, job.specification, 2 * CHUNK, CHUNK), engine))
                start = time.perf_counter()
                for _part in chunks(job, engine):
                    pass
                times[place].append(time.perf_counter() - start)
    one = times["threads", 1]
    print(
        f"Value of fighting on, {CASE}, {DRAWS:,} draws in chunks of {CHUNK}; load "
        f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n"
    )
    print("| engine | draws a second | times one thread | same numbers |")
    print("| --- | ---: | ---: | --- |")
    for place, taken in times.items():
        ratio = median(first / second for first, second in zip(one, taken, strict=True))
        same = found[place].tobytes() == found["threads", 1].tobytes()
        name = f"{place[0]} ({place[1]})" if place[0] == "threads" else place[0]
        print(
            f"| {name} | {DRAWS / median(taken):,.0f} | {ratio:.2f} | {'yes' if same else 'NO'} |"
        )


def war(specification: Mapping[str, Any], first: int, count: int) -> dict[str, Any]:
    """What each actor gets from fighting on in some draws."""
    translation = translated(json.dumps(specification["scenario"], sort_keys=True))
    theta = draws(translation.parameters, seed=specification["seed"], first=first, count=count)
    return {"values": reservations(translation, theta, threads=1)}


@lru_cache(maxsize=1)
def translated(scenario: str) -> Translation:
    return translate(Scenario.model_validate_json(scenario))


if __name__ == "__main__":
    main()
