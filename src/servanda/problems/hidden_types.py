"""Types of actors as rows of θ: what each is like, and how likely each is thought to be.

A type is a θ: the same row with the type's changes written over it. They are facts about the world
in which the actor is of that type, so everybody's entries change; where a change carries beliefs of
its own, each actor uses its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from servanda.problems.parameters import Floats, Parameters
from servanda.problems.sincerity import KNOWN, Prior
from servanda.scenario.model import Scenario


@dataclass(frozen=True)
class HiddenTypes:
    """The types of a scenario's actors; an actor without any has the single type KNOWN.

    Attributes:
        labels: per actor the identifiers of its types.
        prior_at: per actor the entry of each type's prior (() where it has one type).
        changes: per actor and type the pairs (entry changed, entry that holds the new value).
    """

    labels: tuple[tuple[str, ...], ...]
    prior_at: tuple[tuple[int, ...], ...]
    changes: tuple[tuple[tuple[tuple[int, int], ...], ...], ...]

    @property
    def any(self) -> bool:
        """Whether some actor is of more than one type."""
        return any(len(labels) > 1 for labels in self.labels)


def hidden_types(scenario: Scenario, params: Parameters) -> HiddenTypes:
    """Read the types of a checked scenario."""
    labels, prior_at, changes = [], [], []
    for actor in scenario.actors:
        own = {name: one for name, one in scenario.types.items() if one.of == actor}
        labels.append(tuple(own) or (KNOWN,))
        prior_at.append(tuple(params.index(f"types.{name}.prior") for name in own))
        changed = [
            tuple(
                (params.index(path), params.index(f"types.{name}.changes.{path}"))
                for path in one.changes
            )
            for name, one in own.items()
        ]
        changes.append(tuple(changed) or ((),))
    return HiddenTypes(tuple(labels), tuple(prior_at), tuple(changes))


def prior(types: HiddenTypes, params: Parameters, theta: Floats) -> tuple[Prior, tuple[Prior, ...]]:
    """The analyst's prior and that of each actor, from one row of θ (P,); they sum to 1."""
    rows = [theta, *(theta[believed] for believed in params.believed)]
    found = [tuple(_normalised(row, entries) for entries in types.prior_at) for row in rows]
    return found[0], tuple(found[1:])


def theta_by_profile(types: HiddenTypes, params: Parameters, theta: Floats) -> Floats:
    """θ of every profile of types, (profiles, P), the last actor's types fastest.

    Args:
        types: of the scenario.
        params: of the scenario.
        theta: one row (P,).
    """
    rows = []
    for profile in product(*types.changes):
        row = theta.copy()
        for changes in profile:
            for entry, new in changes:
                for believed in params.believed:
                    if believed[entry] != entry:
                        row[believed[entry]] = theta[believed[new]]
                row[entry] = theta[new]
        rows.append(row)
    return np.array(rows)


def _normalised(row: Floats, entries: tuple[int, ...]) -> tuple[float, ...]:
    if not entries:
        return (1.0,)
    weights = np.clip(row[list(entries)], 0.0, 1.0)
    total = float(weights.sum())
    return tuple((weights / total if total else np.full(len(entries), 1 / len(entries))).tolist())
