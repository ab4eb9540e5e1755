"""Policies as keyed work for an engine, and as bytes that a run folder keeps.

A policy is kept as it was computed, apart from the wars that may come again: those are worked out
anew from the worlds they begin in, which takes little and would fill most of the room.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, fields
from functools import lru_cache
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.files.runs import Arrays
from servanda.problems.histories import PlanRows, Truces
from servanda.problems.talks import TalksProblem
from servanda.problems.war_binding import WarWorlds
from servanda.results.breach_ways import BreachWay
from servanda.scenario.build import build_scenario
from servanda.scenario.model import Scenario
from servanda.simulation.candidates import Candidate
from servanda.simulation.policies import Policy, Setting, policies_in, setting_of
from servanda.solvers.package_histories import AfterSignature

PARTS: dict[str, type[Any]] = {
    "talks": TalksProblem,
    "rows": PlanRows,
    "worlds": WarWorlds,
    "truces": Truces,
}
"""Dataclasses of arrays in a policy."""


def specification(
    scenario: Scenario, candidates: tuple[Candidate, ...], *, seed: int, months: int
) -> dict[str, Any]:
    """What policies depend on, as JSON could hold it."""
    return {
        "scenario": scenario.model_dump(mode="json", by_alias=True, exclude_unset=True),
        "candidates": [one.to_plain() for one in candidates],
        "seed": seed,
        "months": months,
    }


def policy_chunk(given: Mapping[str, Any], first: int, count: int) -> Arrays:
    """Policies ``first`` to ``first + count - 1`` as bytes, by number."""
    setting = setting_in(given)
    found = policies_in(setting, seed=given["seed"], first=first, count=count)
    return {str(first + k): packed(policy) for k, policy in enumerate(found)}


def setting_in(given: Mapping[str, Any]) -> Setting:
    """What all policies of a specification have in common; prepared once."""
    return _setting(json.dumps(dict(given)))  # in its own order, which numbers the packages


@lru_cache(maxsize=4)
def _setting(text: str) -> Setting:
    given = json.loads(text)
    scenario, _ = build_scenario(given["scenario"])
    assert scenario is not None  # it was checked before it was written down
    candidates = [Candidate.from_plain(one) for one in given["candidates"]]
    return setting_of(scenario, candidates, given["months"])


def packed(policy: Policy) -> NDArray[np.uint8]:
    """A policy as bytes."""
    after = policy.after
    parts: dict[str, Any] = {
        "talks": policy.talks,
        "rows": after.rows,
        "worlds": after.worlds,
        "truces": policy.truces,
    }
    arrays = {
        f"{part}.{field.name}": getattr(holder, field.name)
        for part, holder in parts.items()
        for field in fields(holder)
    }
    said = {"ways": [asdict(way) for way in after.ways], "answers": policy.answers}
    return squeezed(
        chosen=policy.chosen,
        striking=policy.striking,
        plan_of=policy.plan_of,
        orders=policy.orders,
        actors=after.actors,
        quiet=after.quiet,
        said=np.frombuffer(json.dumps(said).encode(), np.uint8),
        **arrays,
    )


def unpacked(data: NDArray[np.uint8]) -> Policy:
    """The policy of some bytes."""
    stored = loosened(data)
    parts = {
        part: kind(**{field.name: stored[f"{part}.{field.name}"][()] for field in fields(kind)})
        for part, kind in PARTS.items()
    }
    said = json.loads(stored["said"].tobytes())
    ways = tuple(BreachWay(**way | {"honoured": tuple(way["honoured"])}) for way in said["ways"])
    after = AfterSignature(parts["rows"], ways, stored["actors"], parts["worlds"], stored["quiet"])
    return Policy(
        talks=parts["talks"],
        chosen=stored["chosen"],
        striking=stored["striking"],
        plan_of=stored["plan_of"],
        after=after,
        truces=parts["truces"],
        answers=tuple(said["answers"]),
        orders=stored["orders"],
    )


def squeezed(**arrays: NDArray[Any]) -> NDArray[np.uint8]:
    """Named arrays as few bytes, to be kept or sent."""
    buffer = BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return np.frombuffer(zlib.compress(buffer.getvalue(), 1), np.uint8)


def loosened(data: NDArray[np.uint8]) -> dict[str, NDArray[Any]]:
    """The arrays that :func:`squeezed` was given."""
    with np.load(BytesIO(zlib.decompress(data.tobytes())), allow_pickle=False) as stored:
        return dict(stored)
