"""Scenarios to test on: random small ones with everything in them, and how to read one plainly.

``random_raw(seed)`` gives plain values as a file would; ``random_scenario(seed)`` the scenario
built from them, checked.  ``Numbers`` reads a scenario's numbers by path, for one draw and one
believer, and shares nothing with the translation but the list of paths.
"""

from copy import deepcopy
from typing import Any

import numpy as np
from hypothesis import strategies as st

from servanda.problems.parameters import central
from servanda.scenario.build import build_scenario
from servanda.scenario.model import Scenario

A, B, KEEPER = "upland", "lowland", "keeper"


def build(raw: dict[str, Any]) -> Scenario:
    """A scenario from plain values; fails on any complaint."""
    scenario, complaints = build_scenario(raw)
    assert scenario is not None
    assert not complaints, [f"{one.path}: {one.rule}" for one in complaints]
    return scenario


def random_scenario(seed: int, **switches: bool) -> Scenario:
    return build(random_raw(seed, **switches))


def scenarios(**switches: bool) -> st.SearchStrategy[Scenario]:
    """Hypothesis strategy over random scenarios."""
    return st.integers(0, 10_000).map(lambda seed: random_scenario(seed, **switches))


class Dice:
    """Random numbers as a scenario says them."""

    def __init__(self, seed: int, *, certain: bool) -> None:
        self.rng = np.random.default_rng(seed)
        self.sure = certain

    def chance(self, probability: float) -> bool:
        return bool(self.rng.random() < probability)

    def between(self, low: float, high: float) -> float:
        return round(float(self.rng.uniform(low, high)), 4)

    def pick(self, *items: Any) -> Any:
        return items[int(self.rng.integers(len(items)))]

    def number(self, low: float, high: float, who: tuple[str, ...] = (A, B, KEEPER)) -> Any:
        """A number in [low, high]: plain, or with spread, or seen otherwise by somebody."""
        value = self.between(low, high)
        if self.chance(0.5):
            return value
        said: dict[str, Any] = {"value": value}
        if not self.sure and self.chance(0.6):
            said |= {
                "low": round(value - 0.3 * (value - low) - 1e-4, 6),
                "high": round(value + 0.3 * (high - value) + 1e-4, 6),
                "shape": self.pick("uniform", "triangular", "normal"),
            }
            said["low"] = max(said["low"], low)
            if said["low"] >= said["high"] or said["low"] > value:
                said = {"value": value}
        if self.chance(0.4):
            said["believed"] = {self.pick(*who): self.between(low, high)}
        return said

    def weights(self, count: int) -> list[float]:
        raw = self.rng.dirichlet(np.ones(count)).round(4)
        raw[-1] = round(1.0 - raw[:-1].sum(), 4)
        return [max(float(weight), 0.0) for weight in raw]


def random_raw(
    seed: int,
    *,
    certain: bool = False,
    guarantees: bool = True,
    terms: bool = True,
    audience: bool = True,
    ally: bool | None = None,
    ceasefire: bool | None = None,
) -> dict[str, Any]:
    """A random scenario as plain values; ``certain`` leaves out spreads (beliefs stay)."""
    dice = Dice(seed, certain=certain)
    has_ally = dice.chance(0.3) if ally is None else ally
    stops = dice.chance(0.5) if ceasefire is None else ceasefire
    actors = [A, B, KEEPER, *(["friend"] if has_ally else [])]
    raw: dict[str, Any] = {
        "servanda": 1,
        "title": f"Random {seed}",
        "as-of": "2026-01-01",
        "actors": _actors(dice, actors),
        "instruments": _instruments(dice, actors),
        **_land(dice, actors),
        "war": _war(dice, actors),
    }
    _issues(dice, raw, actors, guarantees=guarantees, stops=stops)
    if "isle" not in raw["issues"]:
        del raw["parcels"]["isle"]
    if not any("promise" in step.get("tags", []) for step in raw["steps"].values()):
        del raw["red-lines"]["land-last"]
    if guarantees:
        raw["guarantees"] = _guarantees(dice, actors, terms=terms)
    if audience:
        raw["audiences"] = _audience(dice)
    return raw


def _actors(dice: Dice, actors: list[str]) -> dict[str, Any]:
    rate = lambda: dice.between(0.02, 0.2)  # noqa: E731
    found: dict[str, Any] = {
        A: {"name": "Upland", "role": "belligerent", "side": "a", "discount": rate()},
        B: {"name": "Lowland", "role": "belligerent", "side": "b", "discount": rate()},
        KEEPER: {
            "name": "Keeper",
            "role": "guarantor",
            "signs": dice.chance(0.4),
            "discount": rate(),
        },
    }
    if dice.chance(0.5):
        found[KEEPER]["stands-with"] = dice.pick("a", "b")
    if "friend" in actors:
        found["friend"] = {
            "name": "Friend",
            "role": "belligerent",
            "side": dice.pick("a", "b"),
            "discount": rate(),
        }
    for name in (A, B):
        found[name]["failure-cost"] = dice.between(0.0, 50.0)
    return found


def _land(dice: Dice, actors: list[str]) -> dict[str, Any]:
    parcels: dict[str, Any] = {}

    def parcel(name: str, holder: str) -> str:
        parcels[name] = {
            "name": name,
            "held-by": holder,
            "fortification": dice.number(0.0, 4.0),
            "worth": {actor: dice.number(0.5, 8.0) for actor in actors if dice.chance(0.9)},
            "exposure": dice.number(0.0, 0.03),
        }
        return name

    long = [parcel("a1", A), parcel("a2", A)]
    if dice.chance(0.5):
        long.insert(0, parcel("a0", A))
    long.append(parcel("b1", B))
    fronts = {"long": {"name": "Long", "parcels": long, "tempo": dice.number(0.05, 0.6)}}
    if dice.chance(0.5):
        short = [parcel("c1", A), parcel("c2", B)]
        fronts["short"] = {"name": "Short", "parcels": short, "tempo": dice.number(0.05, 0.6)}
        if dice.chance(0.3):
            fronts["short"]["ends"] = "absorb"
    parcel("isle", dice.pick(A, B))
    parcels["map"] = {"name": "Hills on the map", "held-by": A, "background": True}
    return {"parcels": parcels, "fronts": fronts}


def _instruments(dice: Dice, actors: list[str]) -> dict[str, Any]:
    return {
        "aid": {
            "name": "Aid",
            "level": dice.number(0.3, 1.0),
            "strength": {A: dice.number(0.0, 0.5)},
            "exhaustion": {B: dice.number(-0.3, 0.3)},
        },
        "truce": {
            "name": "Truce on energy sites",
            "level": dice.between(0.0, 0.4),
            "costs": {actor: dice.number(-0.6, 0.2) for actor in actors[:2]},
            "exhaustion": {A: dice.number(-0.5, 0.0)},
            "tempo": dice.number(-0.5, 0.2),
        },
    }


def _war(dice: Dice, actors: list[str]) -> dict[str, Any]:
    def trend(low: float, high: float, drift: float) -> dict[str, Any]:
        now = dice.between(low, high)
        said = {"now": dice.number(low, high), "drift": dice.number(0.0, drift)}
        return {**said, "cap": round(now + high, 4)}

    return {
        "initiative": dice.number(0.2, 0.8),
        "decisiveness": dice.number(0.5, 2.0),
        "strength": {A: dice.number(0.5, 1.5), B: dice.number(0.5, 1.5)},
        "fortification-effect": dice.number(0.1, 1.0),
        "rearmament": {
            side: {"gain": dice.number(0.0, 0.6), "months": dice.number(6.0, 30.0)}
            for side in (A, B)
            if dice.chance(0.8)
        },
        "rearmament-decay": dice.number(0.01, 0.1),
        "costs": {
            actor: trend(2.0, 12.0, 0.2) if dice.chance(0.5) else dice.number(0.5, 12.0)
            for actor in actors
        },
        "exhaustion": {A: trend(0.005, 0.05, 0.001), B: dice.number(0.005, 0.05)},
        "freeze": dice.number(0.0, 0.03),
        "imposed": {
            A: {actor: dice.number(0.0, 90.0) for actor in actors},
            B: {actor: dice.number(0.0, 90.0) for actor in actors},
        },
        "months-so-far": dice.number(0.0, 60.0),
        "memory": dice.number(10.0, 40.0),
        "demilitarised-to-breaker": dice.number(0.2, 0.9),
        "demilitarised-worth": dice.number(0.2, 0.9),
    }


def _issues(
    dice: Dice, raw: dict[str, Any], actors: list[str], *, guarantees: bool, stops: bool
) -> None:
    """Two to four issues and the steps that carry their answers out."""
    answers = {
        "land": ["as-it-is", "handed-over", "demilitarised"],
        "pact": ["none", "treaty", "treaty-and-force"],
        "aid": ["goes-on", "ends"],
        "isle": ["stays", "changes-hands"],
    }
    names = ["land"]
    if guarantees:
        names.append("pact")
    names += [name for name in ("aid", "isle") if dice.chance(0.5) or len(names) < 2]
    weights = {actor: dice.weights(len(names)) for actor in actors}
    raw["issues"] = {
        name: {
            "question": f"What about {name}?",
            "track": "political",
            "weight": {actor: weights[actor][number] for actor in actors},
            "options": {
                key: {
                    "value": {actor: dice.number(0.0, 100.0) for actor in actors},
                    **({"status-quo": True} if place == 0 else {}),
                }
                for place, key in enumerate(answers[name])
            },
        }
        for number, name in enumerate(names)
    }
    steps = _steps(dice, raw, guarantees=guarantees, stops=stops)
    raw["steps"] = {
        name: {**step, "serves": served}
        for name, step in steps.items()
        if (served := _only(step["serves"], names))
    }
    for step in raw["steps"].values():
        step["requires"] = [name for name in step.get("requires", []) if name in raw["steps"]]
    pairs = (["leave-first", "sign-treaty"], ["change-isle", "end-aid"])
    raw["exchanges"] = {
        f"swap-{number}": {"steps": pair, "verified": dice.chance(0.5)}
        for number, pair in enumerate(pairs)
        if all(name in raw["steps"] for name in pair)
    }
    raw["links"] = {
        "whole": {
            "options": [f"{names[0]}.{answers[names[0]][1]}", f"{names[1]}.{answers[names[1]][1]}"],
            "value": {actor: dice.number(-10.0, 10.0) for actor in actors},
        },
        "unlike": {
            "options": [f"{names[0]}.{answers[names[0]][0]}", f"{names[1]}.{answers[names[1]][1]}"],
            "value": {A: dice.number(-10.0, 10.0)},
        },
        "as-now": {
            "options": [f"{name}.{answers[name][0]}" for name in names[:2]],
            "value": {B: dice.number(-5.0, 5.0)},
        },
    }
    raw["red-lines"] = {
        "never-both": {
            "by": A,
            "says": "No land without the second question.",
            "never": ["land.handed-over"],
            "without": [f"{names[1]}.{answers[names[1]][1]}"],
            "holds": dice.between(0.2, 1.0),
        },
        "land-last": {
            "by": A,
            "says": "Land is left last.",
            "do": ["tag.territory"],
            "only-after": ["tag.promise"],
            "holds": dice.between(0.2, 1.0),
        },
    }


def _only(serves: dict[str, Any], names: list[str]) -> dict[str, Any]:
    return {ref: share for ref, share in serves.items() if ref.split(".")[0] in names}


def _steps(dice: Dice, raw: dict[str, Any], *, guarantees: bool, stops: bool) -> dict[str, Any]:
    isle = raw["parcels"]["isle"]["held-by"]
    first = dice.between(0.2, 0.8)
    steps: dict[str, Any] = {
        "quiet": {
            "by": [A, B],
            "serves": {"land.handed-over": 0.1, "land.demilitarised": None},
            "months": dice.pick(0, 1),
            "ceasefire": stops,
            "sets": {"truce": dice.number(0.5, 1.0)},
            "reversible-by": [B],
            "snap-back": "automatic",
            "snap-back-by": dice.pick([A], [B], [A, B]),
        },
        "leave-first": {
            "by": [A],
            "serves": {"land.handed-over": round(0.9 * first, 6)},
            "months": dice.pick(1, 3),
            "moves": {"a2": B},
            "requires": ["quiet"] if dice.chance(0.5) else [],
            "costs": {A: dice.number(0.0, 5.0)},
            "tags": ["territory"],
        },
        "leave-rest": {
            "by": [A],
            "serves": {"land.handed-over": round(0.9 - round(0.9 * first, 6), 6)},
            "months": 2,
            "moves": {"a1": B},
            "requires": ["leave-first"],
            "tags": ["territory"],
        },
        "empty-zone": {
            "by": [A, B],
            "serves": {"land.demilitarised": None},
            "months": dice.pick(1, 2),
            "moves": {"a2": "demilitarised", "b1": "demilitarised"},
            "reversible-by": [A],
            "seen-after": dice.pick(0, 2),
            "by-month": 600,
            "gain": {B: dice.number(0.0, 4.0)},
            "snap-back": dice.number(0.2, 0.8),
            "snap-back-by": [A],
            "tags": ["territory"],
        },
        "end-aid": {
            "by": [KEEPER],
            "serves": {"aid.ends": None},
            "months": 1,
            "sets": {"aid": dice.number(0.0, 0.3)},
            "snap-back": dice.pick("automatic", dice.number(0.2, 0.9)),
            "snap-back-by": [KEEPER],
            "reversible-by": [KEEPER],
            "tags": ["promise"],
        },
        "change-isle": {
            "by": [isle],
            "serves": {"isle.changes-hands": None},
            "months": 1,
            "moves": {"isle": B if isle == A else A},
        },
    }
    if guarantees:
        steps["sign-treaty"] = {
            "by": [KEEPER],
            "serves": {"pact.treaty": None, "pact.treaty-and-force": 0.5},
            "months": dice.pick(0, 3),
            "brings": ["treaty"],
            "tags": ["promise"],
        }
        steps["send-force"] = {
            "by": [KEEPER],
            "serves": {"pact.treaty-and-force": 0.5},
            "months": 2,
            "brings": ["force"],
            "tags": ["promise"],
        }
    return steps


def _guarantees(dice: Dice, actors: list[str], *, terms: bool) -> dict[str, Any]:
    def promise(**more: Any) -> dict[str, Any]:
        said = {
            "name": "Promise",
            "by": KEEPER,
            "protects": A,
            "form": "treaty",
            "conditional": dice.chance(0.6),
            "adds-strength": dice.number(0.0, 0.8),
            "costs-attacker": dice.number(0.0, 8.0),
            "cuts-exhaustion": dice.number(0.0, 0.6),
            "honour-cost": dice.number(0.0, 8.0),
            "in-force-cost": {B: dice.number(0.0, 5.0), KEEPER: dice.number(0.0, 2.0)},
            **more,
        }
        if terms and dice.chance(0.4):
            said["term"] = dice.pick(1.5, 5.0, 10.0)
        if dice.chance(0.3):
            said["derived"] = {
                "interest": dice.number(0.0, 4.0),
                "stake": dice.number(0.5, 4.0),
                "ceiling": dice.number(4.0, 12.0),
            }
        else:
            said["credibility"] = dice.number(0.1, 0.95)
        return said

    force = {"follows": "treaty"} if dice.chance(0.5) else {}
    protects = dice.pick(A, A, B)
    return {"force": promise(protects=protects, **force), "treaty": promise()}


def _audience(dice: Dice) -> dict[str, Any]:
    return {
        "public": {
            "name": "Public",
            "of": A,
            "noise": 0.05,
            "baseline": dice.number(-1.0, 1.0),
            "effects": {
                "land.handed-over": {"value": dice.number(-2.0, 0.0)},
                "land.demilitarised": {"value": dice.number(-1.0, 0.5)},
            },
            "costs": {"land.handed-over": dice.number(0.0, 20.0)},
        }
    }


def changed(raw: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The same values with some of them replaced; None removes a key."""
    new = deepcopy(raw)
    for path, value in changes.items():
        *parents, last = path.split(".")
        node = new
        for key in parents:
            node = node.setdefault(key, {})
        if value is None:
            node.pop(last, None)
        else:
            node[last] = value
    return new


class Numbers:
    """The numbers of one draw as one believer sees them, by path.

    Args:
        params: of the scenario; its paths only.
        theta: (P,) the draw; the central values when left out.
        believer: identifier of an actor, "" for the analyst.
    """

    def __init__(self, params: Any, theta: Any = None, believer: str = "") -> None:
        row = central(params)[0] if theta is None else theta
        self.table = dict(zip(params.paths, (float(value) for value in row), strict=True))
        self.believer = believer

    def __call__(self, path: str, default: float = 0.0) -> float:
        own = self.table.get(f"{path}.believed.{self.believer}") if self.believer else None
        return own if own is not None else self.table.get(path, default)
