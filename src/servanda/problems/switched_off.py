"""A translation with one feature switched off; everything else stays as it is.

Used to ask what stands between the parties and a deal: the same draws, once with and once without.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from servanda.problems.parameters import Integers
from servanda.problems.translation import Translation


def beliefs_differ(translation: Translation) -> bool:
    """Whether any actor sees any quantity otherwise than the analyst."""
    believed = translation.parameters.believed
    return bool((believed != np.arange(believed.shape[1])).any())


def common_beliefs(translation: Translation) -> Translation:
    """Every actor sees the world as the analyst does: θ^i = θ."""
    params = translation.parameters
    own = np.tile(np.arange(len(params.paths)), (len(params.actors), 1))
    return replace(translation, parameters=replace(params, believed=own))


def without_audiences(translation: Translation, gates: Collection[int]) -> Translation:
    """These audiences consent to everything, and conceding costs their leaders nothing."""
    old = translation.audiences
    stay = [gate for gate in range(len(old.names)) if gate not in gates]
    place = {gate: number for number, gate in enumerate(stay)}
    kept = [n for n, gate in enumerate(old.interaction_gate.tolist()) if gate in place]

    def rows(array: Integers) -> Integers:
        return array[np.array(stay, np.int64)]

    audiences = replace(
        old,
        names=tuple(old.names[gate] for gate in stay),
        of=rows(old.of),
        threshold_at=rows(old.threshold_at),
        noise_at=rows(old.noise_at),
        step=rows(old.step),
        baseline_at=rows(old.baseline_at),
        effect_at=rows(old.effect_at),
        cost_at=rows(old.cost_at),
        interactions=tuple(old.interactions[n] for n in kept),
        interaction_gate=np.array([place[int(old.interaction_gate[n])] for n in kept], np.int64),
    )
    return replace(translation, audiences=audiences)
