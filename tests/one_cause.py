"""Small scenarios in which exactly one cause stands between the parties and a kept deal."""

from copy import deepcopy
from typing import Any

from servanda.scenario.build import build_scenario
from servanda.scenario.model import Scenario

BASE: dict[str, Any] = {
    "servanda": 1,
    "title": "Two sides and one deal",
    "as-of": "2026-01-31",
    "actors": {
        "north": {"name": "North", "role": "belligerent", "side": "a", "discount": "5%/year"},
        "south": {"name": "South", "role": "belligerent", "side": "b", "discount": "5%/year"},
    },
    "parcels": {
        "hill": {"name": "Hill", "held-by": "north", "worth": {"north": 1, "south": 1}},
        "dale": {"name": "Dale", "held-by": "south", "worth": {"north": 1, "south": 1}},
    },
    "fronts": {"line": {"name": "Line", "parcels": ["hill", "dale"], "tempo": 0.1}},
    "issues": {
        "peace": {
            "question": "Is there peace?",
            "track": "political",
            "weight": {"north": 1.0, "south": 1.0},
            "options": {
                "none": {"status-quo": True, "value": {"north": 50, "south": 50}},
                "treaty": {"value": {"north": 60, "south": 60}},
            },
        }
    },
    "steps": {
        "sign": {
            "by": ["north", "south"],
            "serves": ["peace.treaty"],
            "months": 1,
            "ceasefire": True,
        }
    },
    "war": {
        "strength": {"north": 1, "south": 1},
        "costs": {"north": {"value": 6, "low": 5.9, "high": 6.1}, "south": 6},
        "exhaustion": {"north": "1%/month", "south": "1%/month"},
        "imposed": {"north": {"north": 10, "south": 90}, "south": {"north": 90, "south": 10}},
    },
}

SPOILT: dict[str, dict[str, Any]] = {
    "beliefs": {
        "war.exhaustion.north": {"value": "1%/month", "believed": {"south": "20%/month"}},
        "war.exhaustion.south": {"value": "1%/month", "believed": {"north": "20%/month"}},
    },
    "types": {  # each thinks the other likely to prepare under the truce and then to strike
        "types": {
            f"{actor}-{name}": {
                "of": actor,
                "name": name,
                "prior": prior,
                "changes": changes,
            }
            for actor, other in (("north", "south"), ("south", "north"))
            for name, prior, changes in (
                ("content", 0.1, {}),
                (
                    "prepares",
                    0.9,
                    {
                        f"war.rearmament.{actor}.gain": 20.0,
                        f"war.imposed.{other}.{actor}": 400.0,
                    },
                ),
            )
        },
        "issues.peace.options.treaty.value": {"north": 10, "south": 10},
        "parcels.hill.worth": {"north": 60, "south": 60},
        "parcels.dale.worth": {"north": 60, "south": 60},
        "war.rearmament": {actor: {"gain": 0.0, "months": 3} for actor in ("north", "south")},
    },
    "commitment": {"steps.sign.seen-after": 12, "steps.sign.gain": {"south": 500}},
    "stakes": {"issues.peace.options.treaty.value": {"north": 100, "south": 20}},
    "gate:assembly": {
        "actors.north.failure-cost": 50,
        "audiences": {
            "assembly": {"name": "Assembly", "of": "north", "noise": 0.05, "baseline": -3}
        },
    },
    "red-lines:north": {
        "red-lines": {"never": {"by": "north", "says": "No treaty.", "never": ["peace.treaty"]}}
    },
    "pressure": {  # a belligerent that is pressed still breaks the deal when pressure is gone
        "actors.patron": {
            "name": "Patron",
            "role": "mediator",
            "signs": True,
            "discount": "5%/year",
        },
        "issues.peace.weight.patron": 1.0,
        "issues.peace.options.none.value.patron": 50,
        "issues.peace.options.treaty.value": {"north": 49, "south": 49, "patron": 48},
        "war.costs.patron": 0,
        "war.imposed.north.patron": 50,
        "war.imposed.south.patron": 50,
        "pressure": {
            "sanctions": {"by": "north", "on": "patron", "changes": {"war.costs.patron.now": 15}}
        },
    },
}
"""Cause to what is changed in the base so that it alone stops the deal."""


def scenario(changes: dict[str, Any] | None = None) -> Scenario:
    """The base with some values changed, built and checked."""
    raw = deepcopy(BASE)
    for path, value in (changes or {}).items():
        *parents, last = path.split(".")
        node = raw
        for key in parents:
            node = node.setdefault(key, {})
        node[last] = deepcopy(value)
    built, complaints = build_scenario(raw)
    assert built is not None, complaints
    assert not complaints
    return built
