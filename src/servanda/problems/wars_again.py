"""Wars that may follow a breach, month by month and position by position, in one draw.

As in `servanda.problems.talks_binding` one front moves and the others stay where they are. What
differs from war to war is where it starts: the line, the works that still stand, the levels of
instruments, the guarantees that are honoured, and the months of quiet in which both sides re-armed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from servanda.problems.histories import WarsAgain
from servanda.problems.talks_binding import SURE
from servanda.problems.war import Outbreaks, WarSettings
from servanda.problems.war_binding import BoundWar, WarWorlds, outbreaks

Floats = NDArray[np.float64]


def wars_again(
    own: BoundWar, view: BoundWar, worlds: WarWorlds, quiet: Floats, front: int | None, months: int
) -> WarsAgain:
    """The wars that would start in some worlds.

    Args:
        own: one draw, each actor in its own beliefs: what a month is worth to the two sides.
        view: the same draw as the analyst sees it: what happens.
        worlds: W of them.
        quiet: (W,) months of quiet before each.
        front: which one moves; None where no line does.
        months: L, of each war; the last stands for all later ones.
    """
    size = 0 if front is None else int(view.settings.size[front])
    there, t = worlds.start.copy(), np.arange(months)
    start = np.zeros(len(quiet), np.int64) if front is None else there[:, front]
    fought = outbreaks(view, worlds, np.zeros(1))
    rise, fall = _contest(view.settings, fought, quiet, front, size, t)
    tired = _gives_way(view.settings, fought, there, quiet, front, size, t)
    sides = [
        _months(own, worlds, side, actor, quiet, front, size, t)
        for side, actor in enumerate(own.translation.actors.speaker)
    ]
    return WarsAgain(
        start=start,
        tempo=rise + fall,
        chance=np.divide(rise, rise + fall, out=np.full_like(rise, 0.5), where=rise + fall > SURE),
        gives_way=tired,
        freeze=np.clip(_rate(view.settings.freeze[0], view.settings, 0, quiet, t), 0.0, 1.0),
        month=np.stack([month for month, _ in sides], axis=-1),
        frozen=np.stack([frozen for _, frozen in sides], axis=-1),
    )


def _contest(
    s: WarSettings,
    o: Outbreaks,
    quiet: Floats,
    front: int | None,
    size: int,
    t: NDArray[np.int64],
) -> tuple[Floats, Floats]:
    """Chance in a month that a, or b, takes the next parcel, (W, L, F) each; 0 at the ends."""
    shape = (len(quiet), len(t), size + 1)
    rise, fall = np.zeros(shape), np.zeros(shape)
    if front is None or not len(quiet):
        return rise, fall
    grown = 1.0 - np.exp(-quiet[:, np.newaxis] / s.rearm_months[0])
    kept = np.exp(-s.rearm_decay[0] * t)[:, np.newaxis]
    strength = o.strength[:, np.newaxis] * (
        1.0 + (s.rearm_gain[0] * grown)[:, np.newaxis] * kept
    )  # (W, L, 2)
    ratio = (strength[..., 0] / strength[..., 1]) ** s.decisiveness[0]
    ratio = ratio[..., np.newaxis]
    fights = np.minimum(1.0, s.tempo[0, front] * o.tempo_factor)[:, np.newaxis, np.newaxis]
    works = o.fortified[:, front, :size, np.newaxis]
    hard = np.where(works, s.defence[0, front, :size], 1.0)[:, np.newaxis]  # (W, 1, size, 2)
    rise[..., :size] = s.initiative[0] * fights / (1.0 + hard[..., 1] / ratio)
    fall[..., 1:] = (1.0 - s.initiative[0]) * fights / (1.0 + hard[..., 0] * ratio)
    return rise, fall


def _gives_way(
    s: WarSettings,
    o: Outbreaks,
    there: NDArray[np.int64],
    quiet: Floats,
    front: int | None,
    size: int,
    t: NDArray[np.int64],
) -> Floats:
    """One side alone, or the coin's choice where both would, (W, L, F, 2)."""
    out = []
    for side in range(2):
        factor = o.exhaustion_factor[:, side, np.newaxis]
        tired = np.clip(factor * _rate(s.exhaustion[0, side], s, 0, quiet, t), 0.0, 1.0)
        holds = np.ones((len(quiet), size + 1))
        for k in range(len(s.size)):
            exposed = 1.0 - np.minimum(1.0, factor * s.exposure[0, k, :, side])
            holds *= _along(exposed, there, k, front, size)
        out.append(1.0 - (1.0 - tired)[..., np.newaxis] * holds[:, np.newaxis])
    a, b = out
    found: Floats = np.stack([a - a * b / 2, b - a * b / 2], axis=-1)
    return found


def _months(
    own: BoundWar,
    worlds: WarWorlds,
    side: int,
    actor: int,
    quiet: Floats,
    front: int | None,
    size: int,
    t: NDArray[np.int64],
) -> tuple[Floats, Floats]:
    """What a month of war adds to one side, (W, L, F), and the flow once it has stopped, (W, F)."""
    s, row = own.settings, int(own.group[actor])
    o = outbreaks(own, worlds, np.zeros(1))
    here = slice(row * len(quiet), (row + 1) * len(quiet))
    flow = s.flow[row, actor] + o.flow_extra[here, actor, np.newaxis]
    frozen = np.repeat(flow, size + 1, axis=1)
    for k in range(len(s.size)):
        land = np.tile(s.land[row, k, :, actor], (len(quiet), 1))
        frozen += _along(land, worlds.start, k, front, size)
    cost = np.clip(_rate(s.cost[row, actor], s, row, quiet, t), 0.0, None)
    price = o.cost_factor[here, actor, np.newaxis] * cost + o.cost_extra[here, actor, np.newaxis]
    month = (1.0 - s.discount[row, actor]) * (frozen[:, np.newaxis] - price[..., np.newaxis])
    return month, frozen


def _along(
    values: Floats, there: NDArray[np.int64], k: int, front: int | None, size: int
) -> Floats:
    """Values by position of front k, (W, P + 1), by position of the front that moves, (W, F)."""
    if k == front:
        return values[:, : size + 1]
    fixed = np.take_along_axis(values, there[:, k, np.newaxis], axis=1)
    return np.repeat(fixed, size + 1, axis=1)


def _rate(path: Floats, s: WarSettings, row: int, quiet: Floats, t: NDArray[np.int64]) -> Floats:
    """A rate (now, drift, cap) in each month of each war, (W, L): a pause sets its clock back."""
    back = s.war_months[row] * (np.exp(-quiet / s.memory[row]) - 1.0)
    found: Floats = np.clip(path[0] + path[1] * (back[:, np.newaxis] + t), 0.0, path[2])
    return found
