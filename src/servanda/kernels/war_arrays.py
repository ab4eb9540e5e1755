"""Arrays of the war for the compiler, and how its loops are compiled."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Integers = NDArray[np.int64]

Flags = NDArray[np.bool_]

Index = int | np.int64

compiled = njit(cache=True, nogil=True, error_model="numpy")


class SettingArrays(NamedTuple):
    """The arrays of `servanda.problems.war.WarSettings`, in its order."""

    discount: Floats
    flow: Floats
    land: Floats
    size: Integers
    tempo: Floats
    initiative: Floats
    decisiveness: Floats
    defence: Floats
    exposure: Floats
    absorbing: Flags
    rearm_gain: Floats
    rearm_months: Floats
    rearm_decay: Floats
    exhaustion: Floats
    cost: Floats
    freeze: Floats
    imposed: Floats
    war_months: Floats
    memory: Floats


class OutbreakArrays(NamedTuple):
    """The arrays of `servanda.problems.war.Outbreaks`, in its order."""

    setting: Integers
    start: Integers
    fortified: Flags
    strength: Floats
    exhaustion_factor: Floats
    cost_factor: Floats
    cost_extra: Floats
    flow_extra: Floats
    tempo_factor: Floats
    quiet: Floats
