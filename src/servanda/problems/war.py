"""A war between two sides a and b on several fronts, and what it is worth to everyone.

Front k is an ordered line of N_k parcels; a holds the first f_k of them. In month t of the war,
t = 0, 1, ..., with every rate named below taken at t, or at the horizon when t has passed it:

1. **flow**: actor i receives u_i + extra_i + sum_k land_{k,i}(f_k) - cost_i(t);
2. **exhaustion**: side s gives way with probability 1 - (1 - eta_s(t)) prod_k (1 - x_{s,k}(f_k)),
   the sides independently, and a fair coin decides if both do;
3. **engagements**: on each front, independently, with probability tempo_k one parcel is fought
   over. Side a attacks with probability iota, else b. The attacker s takes it from the defender r
   with probability M_s^g / (M_s^g + h M_r^g) (Hirshleifer 1989), where g is the decisiveness and h
   the defence multiplier of the attacked parcel, 1 where it is not fortified. Otherwise, or when
   the attacker has nothing left to take, the line stays;
4. **ends**: a side pushed back to an absorbing end is beaten (a at f_k = 0, b at f_k = N_k), and a
   fair coin decides if both are. A war that starts on an absorbing end is over before month 0;
5. **freeze**: with probability zeta(t) the war stops without a deal, for good, and from the next
   month on everyone receives the flow of the line as it then stands, free of cost;
6. **discount** by delta_i.

When side s gives way or is beaten, actor i has the normalised value imposed_{s,i} from the next
month on. The value of the war is W_i = (1 - delta_i) E[sum_t delta_i^t flow_{i,t}], normalised so
that a constant flow of one point is worth one point.

Strengths are M_s = strength_s (1 + gain_s (1 - e^(-q / rearm_months_s)) e^(-rearm_decay t)) after q
months of quiet. Rates that drift run on the clock tau = war_months e^(-q / memory) + t: a rate
(now, drift, cap) stands at clip(now + drift (tau - war_months), 0, cap).

A `WarSettings` holds S such wars side by side (one per draw and believer); an `Outbreaks` holds R
wars about to start, each in one of these settings. Axes: S settings, K fronts, P most parcels on
a front, A actors, 2 sides (0 = a, 1 = b). Entries beyond a front's size are never read.

>>> from servanda.problems.war import gamblers_ruin
>>> from servanda.solvers.war_outlook import war_outlook
>>> round(float(war_outlook(*gamblers_ruin([0.6] * 9, start=5)).ultimate_gives_way[1]), 6)
0.883636
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servanda.errors import ProblemError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

MONTHS_PER_BATTLE = 4
"""In `gamblers_ruin` the line moves once in so many months on average."""


@dataclass(frozen=True, eq=False)
class WarSettings:
    """S wars as they could be fought, whoever holds what when they start.

    Arrays are copied and made read-only.

    Attributes
    ----------
    discount : (S, A) monthly discount factor in (0, 1]; at 1 there are chances but no values.
    flow : (S, A) peace flow of the status quo apart from the land on the fronts, points a month.
    land : (S, K, P+1, A) flow from front k's land when a holds f parcels of it.
    size : (K,) int, parcels on each front.
    tempo : (S, K) probability of an engagement in a month.
    initiative : (S,) probability that a is the attacker.
    decisiveness : (S,) exponent of the ratio contest, >= 0.
    defence : (S, K, P, 2) multiplier >= 1 of a fortified parcel when defended by a, by b.
    exposure : (S, K, P+1, 2) monthly probability that a side gives way because of the line.
    absorbing : (K, 2) bool, whether a side pushed back to the end is beaten: a at the low end,
        b at the high end.
    rearm_gain : (S, 2) greatest share a pause adds to strength, > -1.
    rearm_months : (S, 2) months in which a pause brings 63 % of it.
    rearm_decay : (S,) monthly rate at which it is lost in war.
    exhaustion : (S, 2, 3) monthly probability of giving way: now, drift a month, cap.
    cost : (S, A, 3) points a month the war costs: now, drift, cap.
    freeze : (S, 3) monthly probability that the war freezes: now, drift, cap.
    imposed : (S, 2, A) normalised value to each actor when a, or b, gives way.
    war_months : (S,) months the war has lasted so far.
    memory : (S,) months of quiet after which 37 % of them still count.
    """

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

    def __post_init__(self) -> None:
        S, A = _shape_of(self.discount, "discount", 2)
        K, P = _shape_of(self.land, "land", 4)[1], _shape_of(self.land, "land", 4)[2] - 1
        _keep_floats(
            self,
            {
                "discount": (S, A),
                "flow": (S, A),
                "land": (S, K, P + 1, A),
                "tempo": (S, K),
                "initiative": (S,),
                "decisiveness": (S,),
                "defence": (S, K, P, 2),
                "exposure": (S, K, P + 1, 2),
                "rearm_gain": (S, 2),
                "rearm_months": (S, 2),
                "rearm_decay": (S,),
                "exhaustion": (S, 2, 3),
                "cost": (S, A, 3),
                "freeze": (S, 3),
                "imposed": (S, 2, A),
                "war_months": (S,),
                "memory": (S,),
            },
        )
        _keep(self, "size", (K,), np.int64)
        _keep(self, "absorbing", (K, 2), np.bool_)
        _require("size", self.size, (self.size >= 1) & (self.size <= P), f"from 1 to {P}")
        parcels = (np.arange(P) < self.size[:, None])[:, :, None]
        places = (np.arange(P + 1) <= self.size[:, None])[:, :, None]
        for name in ("flow", "imposed"):
            _require(name, getattr(self, name), np.isfinite(getattr(self, name)), "finite")
        _require("land", self.land, np.isfinite(self.land) | ~places, "finite")
        _require(
            "discount", self.discount, (self.discount > 0) & _share(self.discount), "in (0, 1]"
        )
        for name in ("tempo", "initiative"):
            _require(name, getattr(self, name), _share(getattr(self, name)), "in [0, 1]")
        _require("exposure", self.exposure, _share(self.exposure) | ~places, "in [0, 1]")
        _require("decisiveness", self.decisiveness, _positive(self.decisiveness, 0.0), ">= 0")
        _require("defence", self.defence, _positive(self.defence, 1.0) | ~parcels, ">= 1")
        gain = self.rearm_gain
        _require("rearm_gain", gain, (gain > -1) & np.isfinite(gain), "> -1")
        for name in ("rearm_decay", "war_months"):
            _require(name, getattr(self, name), _positive(getattr(self, name), 0.0), ">= 0")
        for name in ("rearm_months", "memory"):
            _require(name, getattr(self, name), _positive(getattr(self, name), 1e-9), "> 0")
        for name in ("exhaustion", "cost", "freeze"):
            path, cap = getattr(self, name)[..., :2], getattr(self, name)[..., 2]
            _require(name, path, np.isfinite(path), "finite")
            _require(f"the cap of {name}", cap, cap >= 0, ">= 0")


@dataclass(frozen=True, eq=False)
class Outbreaks:
    """R wars about to start, each in one of the S settings.

    Arrays are copied and made read-only.

    Attributes
    ----------
    setting : (R,) int, row of the `WarSettings`.
    start : (R, K) int, parcels held by a on each front.
    fortified : (R, K, P) bool; where False the defence multiplier is 1 for both sides.
    strength : (R, 2) base strength times all effects of instruments and guarantees, > 0.
    exhaustion_factor : (R, 2) multiplies a side's probabilities of giving way, >= 0: by
        exhaustion, and by what its line exposes.
    cost_factor : (R, A) multiplies the monthly cost, >= 0.
    cost_extra : (R, A) is added to it; what honouring costs a guarantor goes here.
    flow_extra : (R, A) is added to the peace flow; land away from the fronts that has changed hands
        goes here.
    tempo_factor : (R,) multiplies the probability of an engagement, up to certainty, >= 0.
    quiet : (R,) months of quiet before the outbreak, >= 0; infinity allowed.
    """

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

    def __post_init__(self) -> None:
        R, K, P = _shape_of(self.fortified, "fortified", 3)
        A = _shape_of(self.cost_extra, "cost_extra", 2)[1]
        _keep(self, "setting", (R,), np.int64)
        _keep(self, "start", (R, K), np.int64)
        _keep(self, "fortified", (R, K, P), np.bool_)
        _keep_floats(
            self,
            {
                "strength": (R, 2),
                "exhaustion_factor": (R, 2),
                "cost_factor": (R, A),
                "cost_extra": (R, A),
                "flow_extra": (R, A),
                "tempo_factor": (R,),
                "quiet": (R,),
            },
        )
        strength = self.strength
        _require("setting", self.setting, self.setting >= 0, ">= 0")
        _require("start", self.start, self.start >= 0, ">= 0")
        _require("strength", strength, _positive(strength, 1e-300), "> 0")
        for name in ("exhaustion_factor", "cost_factor", "tempo_factor"):
            _require(name, getattr(self, name), _positive(getattr(self, name), 0.0), ">= 0")
        for name in ("cost_extra", "flow_extra"):
            _require(name, getattr(self, name), np.isfinite(getattr(self, name)), "finite")
        _require("quiet", self.quiet, self.quiet >= 0, ">= 0")

    def __len__(self) -> int:
        return len(self.setting)


def check_together(settings: WarSettings, outbreaks: Outbreaks) -> None:
    """Complain unless the outbreaks are wars in these settings."""
    S, K, width, A = settings.land.shape
    expected, found = (
        (K, width - 1, A),
        (*outbreaks.fortified.shape[1:], outbreaks.cost_extra.shape[1]),
    )
    if expected != found:
        raise ProblemError(
            "settings and outbreaks differ in (fronts, parcels, actors): "
            f"{expected} against {found}"
        )
    _require("setting", outbreaks.setting, outbreaks.setting < S, f"below {S}, the settings given")
    _require("start", outbreaks.start, outbreaks.start <= settings.size, "within its front's size")


def gamblers_ruin(win: Sequence[float], start: int) -> tuple[WarSettings, Outbreaks]:
    """Two sides fight over one front until one of them holds all of it.

    The forts of Smith and Stam (2004), the ruin of Feller (1968, ch. XIV): side a, holding f of
    N = len(win) + 1 parcels, wins the next battle with probability ``win[f - 1]``. The contest and
    its defence multipliers are set so that the line moves with probability 1 / `MONTHS_PER_BATTLE`
    each month wherever it stands, so battles are months divided by that. Nobody discounts and
    nothing else happens: read the chances and months with `war_outlook`. Two actors, a and b.
    """
    up = np.asarray(win, dtype=float)
    _require("win", up, (up > 0) & (up < 1), "in (0, 1)")
    N = len(up) + 1
    # Attacked by either side half the time: ½ / (1 + h) = up / 4, so h = 2 / up - 1 >= 1.
    defence = np.ones((1, 1, N, 2))
    defence[0, 0, 1:, 1] = 2 / up - 1
    defence[0, 0, :-1, 0] = 2 / (1 - up) - 1
    settings = plain_settings([N], actors=2, defence=defence, absorbing=[[True, True]])
    return settings, plain_outbreak(settings, [start])


def costly_lottery(win: float, costs: tuple[float, float]) -> tuple[WarSettings, Outbreaks]:
    """War as in Fearon (1995): a takes a stake of 1 with probability ``win``; each side pays.

    It is over within a month, in which the side that will lose gives way: W_a = win - costs[0] and
    W_b = 1 - win - costs[1]. Costs and stake are present values, so that a monthly discount factor,
    here ½, drops out: the cost of one month is c / (1 - delta), the stake next month 1 / delta.
    """
    if not 0 <= win <= 1:
        raise ProblemError(f"win is {win}; it must be in [0, 1]")
    delta = 0.5
    # One side certainly gives way; if the other does too, the coin must leave a with `win`.
    tired = [min(1.0, 2 * (1 - win)), min(1.0, 2 * win)]
    settings = plain_settings(
        [1],
        actors=2,
        discount=[[delta, delta]],
        exhaustion=[[[share, 0, 1] for share in tired]],
        cost=[[[c / (1 - delta), 0, np.inf] for c in costs]],
        imposed=[[[0, 1 / delta], [1 / delta, 0]]],
    )
    return settings, plain_outbreak(settings, [0])


def plain_settings(size: Sequence[int], actors: int, **given: ArrayLike) -> WarSettings:
    """One setting in which nothing happens but certain, even engagements, nobody discounting.

    ``given`` replaces any array by name; shapes are those of `WarSettings` with S = 1.
    """
    K, P = len(size), max(size, default=1)
    arrays: dict[str, ArrayLike] = {
        "discount": np.ones((1, actors)),
        "flow": np.zeros((1, actors)),
        "land": np.zeros((1, K, P + 1, actors)),
        "size": np.asarray(size),
        "tempo": np.ones((1, K)),
        "initiative": np.full(1, 0.5),
        "decisiveness": np.ones(1),
        "defence": np.ones((1, K, P, 2)),
        "exposure": np.zeros((1, K, P + 1, 2)),
        "absorbing": np.zeros((K, 2), bool),
        "rearm_gain": np.zeros((1, 2)),
        "rearm_months": np.ones((1, 2)),
        "rearm_decay": np.zeros(1),
        "exhaustion": np.zeros((1, 2, 3)),
        "cost": np.zeros((1, actors, 3)),
        "freeze": np.zeros((1, 3)),
        "imposed": np.zeros((1, 2, actors)),
        "war_months": np.zeros(1),
        "memory": np.ones(1),
    }
    return WarSettings(**{**arrays, **given})  # type: ignore[arg-type]


def plain_outbreak(settings: WarSettings, start: Sequence[int], **given: ArrayLike) -> Outbreaks:
    """One war in the first setting: equal strengths, all parcels fortified, no pause before it.

    ``given`` replaces any array by name; shapes are those of `Outbreaks` with R = 1.
    """
    _, K, width, A = settings.land.shape
    arrays: dict[str, ArrayLike] = {
        "setting": np.zeros(1, int),
        "start": [start],
        "fortified": np.ones((1, K, width - 1), bool),
        "strength": np.ones((1, 2)),
        "exhaustion_factor": np.ones((1, 2)),
        "cost_factor": np.ones((1, A)),
        "cost_extra": np.zeros((1, A)),
        "flow_extra": np.zeros((1, A)),
        "tempo_factor": np.ones(1),
        "quiet": np.zeros(1),
    }
    return Outbreaks(**{**arrays, **given})  # type: ignore[arg-type]


def _shape_of(array: ArrayLike, name: str, axes: int) -> tuple[int, ...]:
    shape = np.shape(array)
    if len(shape) != axes:
        raise ProblemError(f"{name} has shape {shape}; it needs {axes} axes")
    return shape


def _keep_floats(problem: object, shapes: dict[str, tuple[int, ...]]) -> None:
    for name, shape in shapes.items():
        _keep(problem, name, shape, np.float64)


def _keep(problem: object, name: str, shape: tuple[int, ...], kind: type[np.generic]) -> None:
    """Replace an array by its own read-only copy of the right kind."""
    given = np.asarray(getattr(problem, name))
    if given.shape != shape:
        raise ProblemError(f"{name} has shape {given.shape}; expected {shape}")
    if given.size and not np.can_cast(given.dtype, kind, "same_kind"):
        raise ProblemError(f"{name} holds {given.dtype}; expected {np.dtype(kind)}")
    array = np.array(given, dtype=kind, order="C")
    array.flags.writeable = False
    object.__setattr__(problem, name, array)


def _share(array: Floats) -> Flags:
    return (array >= 0) & (array <= 1)


def _positive(array: Floats, least: float) -> Flags:
    return (array >= least) & np.isfinite(array)


def _require(name: str, array: NDArray[np.generic], right: Flags, rule: str) -> None:
    if not right.all():
        place = tuple(int(index) for index in np.argwhere(~np.broadcast_to(right, array.shape))[0])
        raise ProblemError(f"{name}{list(place)} is {array[place]}; it must be {rule}")
