"""Talks while fighting: offers month by month, and war until one is accepted.

Definition. Two sides, a and b, fight over a line with F positions and talk. In month m = 0..M-1, at
position f after n moves of the line:

1. somebody is recognised to make an offer: a, b, the mediator, or nobody;
2. the offer is one of C candidate deals that are on the table in that month at that position, or a
   division of a sum of value points. It is accepted if it is worth at least as much to the
   answerer as what follows a refusal. The mediator's needs both sides;
3. without agreement, each side chooses one of L levels at which it strikes this month;
4. then a month of war: each side receives ``month[m, f]``; side s gives way with probability
   ``gives_way``; else the line moves with probability ``tempo[m, f]``, towards b with the chance
   below; then it freezes with probability ``freeze[m]``. A level l of side s adds
   ``strikes[m, s, l]`` to what each side receives and ``wear[m, f, s, l]`` to the probability that
   the *other* side gives way;
5. the next month is discounted by δ. After month M-1 the ``last`` values are paid.

What nobody knows is the chance p that a *move of the line* is a's. Believer i holds a Beta belief
with mean μ_i and weight w_i; after u of n moves went a's way its mean is ``(w μ + u)/(w + n)``. As
the line records every move, u = (n + f - start)/2. Land is not alike: the odds of a move at f are
those of p times ``odds[m, f]``, while counts update as if it were 1, which is an approximation
unless all are.

**Strikes** are chosen after a refusal, so that no level can be promised or threatened with. As what
the two campaigns do adds up, level l is worth to side s, beside what it cannot change,

    strikes[m, s, l, s] + δ_s wear[s, m, f, s, l] (imposed[other, s] - A_s)

with A_s what the month's end is worth to it if nobody gives way. The other's level is no part of
this: the best level is a dominant action, so the month has one equilibrium in pure strategies, also
between sides that disagree. Ties go to restraint, the first level. With L = 1 there is no choice.

Believers are a, b and the analyst. A side's values use its own beliefs; what the other side will do
is predicted with the other's (disagreement is common knowledge).

Sources: Wagner, R. H. (2000), Bargaining and War, AJPS 44(3); Slantchev, B. (2003), The principle
of convergence in wartime negotiations, APSR 97(4); Smith, A. and Stam, A. (2004), Bargaining and
the nature of war, JCR 48(6); Yildiz, M. (2003), Bargaining without a common prior, Econometrica
71(3). On strikes as bargaining: Schelling, T. (1966), Arms and Influence; Slantchev, B. (2003), The
power to hurt, APSR 97(1).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servanda.errors import ProblemError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SIDE_A, SIDE_B, MEDIATOR = 0, 1, 2
"""Who may make an offer; also the believers, the analyst in the mediator's place."""

MOST_MONTHS, MOST_POSITIONS, MOST_DEALS, MOST_LEVELS = 2_400, 4_000, 20_000, 100


@dataclass(frozen=True, eq=False)
class TalksProblem:
    """The game as arrays: M months, F positions, C candidate deals, L levels, sides (a, b).

    Arrays are checked, copied and made read-only; a fault raises ProblemError. The first axis of
    what may be believed is (a, b, analyst).

    Attributes:
        start: position in month 0.
        discount: (2,) monthly discount factor of each side, in (0, 1].
        mean: (3,) μ, expected chance that a move of the line is a's.
        weight: (3,) w, moves that this belief weighs as much as; infinite where it is certain.
        odds: (M, F) factor on the odds of a's at each position.
        tempo: (M, F) probability that the line moves in a month.
        absorbing: (2,) whether the war is over when the line reaches position 0, or F-1.
        absorbed: (2, 2) value to each side when it reaches position 0, or F-1.
        month: (M, F, 2) what a month of war adds to each side's value: (1-δ) times the flow.
        gives_way: (3, M, F, 2) probability that a, or b, gives way; the two exclude each other.
        strikes: (M, 2, L, 2) what a level of a, or b, adds to each side's month.
        wear: (3, M, F, 2, L) what a level of a, or b, adds to the probability that the *other*
            gives way.
        imposed: (2, 2) value to each side when a, or b, gives way.
        freeze: (3, M) probability that the war stops without agreement.
        frozen: (F, 2) value to each side from then on.
        recognised: (3, M, 3) probability that a, b or the mediator makes the offer.
        deals: (F, C, 2) value to each side of signing each deal at each position.
        open: (M, F, C) whether it is on the table.
        mediator: (F, C) what the mediator maximises among the deals both would sign.
        pie: (F,) value points that can be divided freely; NaN where there are none.
        yields: (2,) value at which a side would rather give in; -infinite for never.
        yielded: (2, 2) value to each side when a, or b, gives in.
        last: (M + 1, F, 2) value to each side after the last month, by moves and position.
    """

    start: int
    discount: Floats
    mean: Floats
    weight: Floats
    odds: Floats
    tempo: Floats
    absorbing: Flags
    absorbed: Floats
    month: Floats
    gives_way: Floats
    strikes: Floats
    wear: Floats
    imposed: Floats
    freeze: Floats
    frozen: Floats
    recognised: Floats
    deals: Floats
    open: Flags
    mediator: Floats
    pie: Floats
    yields: Floats
    yielded: Floats
    last: Floats

    def __post_init__(self) -> None:
        M, F = np.shape(self.month)[:2] if np.ndim(self.month) == 3 else (0, 0)
        C = np.shape(self.deals)[1] if np.ndim(self.deals) == 3 else 0
        L = np.shape(self.strikes)[2] if np.ndim(self.strikes) == 4 else 1
        shapes: dict[str, tuple[int, ...]] = {
            "discount": (2,),
            "mean": (3,),
            "weight": (3,),
            "odds": (M, F),
            "tempo": (M, F),
            "absorbing": (2,),
            "absorbed": (2, 2),
            "month": (M, F, 2),
            "gives_way": (3, M, F, 2),
            "strikes": (M, 2, L, 2),
            "wear": (3, M, F, 2, L),
            "imposed": (2, 2),
            "freeze": (3, M),
            "frozen": (F, 2),
            "recognised": (3, M, 3),
            "deals": (F, C, 2),
            "open": (M, F, C),
            "mediator": (F, C),
            "pie": (F,),
            "yields": (2,),
            "yielded": (2, 2),
            "last": (M + 1, F, 2),
        }
        complaints = []
        for name, shape in shapes.items():
            kind = np.bool_ if name in {"absorbing", "open"} else np.float64
            array: NDArray[Any] = np.array(getattr(self, name), dtype=kind, order="C")
            if array.shape != shape:
                complaints.append(f"{name}: shape {array.shape}, wanted {shape}")
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        complaints = complaints or list(_faults(self))
        if complaints:
            raise ProblemError("; ".join(complaints))

    @property
    def months(self) -> int:
        """M."""
        return len(self.month)

    @property
    def positions(self) -> int:
        """F."""
        return int(self.month.shape[1])

    @property
    def levels(self) -> int:
        """L."""
        return int(self.strikes.shape[2])


def _faults(p: TalksProblem) -> list[str]:
    M, F = p.months, p.positions
    found = []
    for name, size, most in (
        ("months", M, MOST_MONTHS),
        ("positions", F, MOST_POSITIONS),
        ("deals", p.deals.shape[1], MOST_DEALS),
        ("levels", p.levels, MOST_LEVELS),
    ):
        if size > most or (size < 1 and name != "deals"):
            found.append(f"{name}: {size}, wanted 1 to {most}")
    if not 0 <= p.start < max(F, 1):
        found.append(f"start: {p.start} is no position from 0 to {F - 1}")
    if not ((p.discount > 0) & (p.discount <= 1)).all():
        found.append(f"discount: {p.discount.tolist()}, wanted above 0 and at most 1")
    if not ((p.mean >= 0) & (p.mean <= 1)).all():
        found.append(f"mean: {p.mean.tolist()}, wanted from 0 to 1")
    if not (p.weight > 0).all():
        found.append(f"weight: {p.weight.tolist()}, wanted above 0; infinite for a certain belief")
    if not ((p.odds > 0) & np.isfinite(p.odds)).all():
        found.append("odds: wanted above 0 and finite")
    for name in ("tempo", "freeze", "gives_way", "recognised"):
        array = getattr(p, name)
        if not ((array >= 0) & (array <= 1)).all():
            found.append(f"{name}: wanted from 0 to 1")
    for name in ("gives_way", "recognised"):
        total = getattr(p, name).sum(axis=-1)
        if total.size and total.max() > 1 + 1e-12:
            found.append(f"{name}: probabilities sum to {total.max():g}, above 1")
    found += _wear_faults(p)
    for name in (
        "month",
        "strikes",
        "absorbed",
        "imposed",
        "frozen",
        "deals",
        "mediator",
        "yielded",
        "last",
    ):
        if not np.isfinite(getattr(p, name)).all():
            found.append(f"{name}: wanted finite numbers")
    if np.isinf(p.pie).any():
        found.append("pie: wanted finite, or NaN where nothing can be divided")
    if np.isnan(p.yields).any() or (p.yields == np.inf).any():
        found.append("yields: wanted a value, or -infinity for never")
    return found


def _wear_faults(p: TalksProblem) -> Iterator[str]:
    if not p.wear.size:
        return
    if not np.isfinite(p.wear).all():
        yield "wear: wanted finite numbers"
        return
    struck = p.gives_way + p.wear.min(axis=-1)[..., ::-1]
    if struck.min() < -1e-12:
        yield f"wear: takes a probability of giving way to {struck.min():g}, below 0"
    total = (p.gives_way + p.wear.max(axis=-1)[..., ::-1]).sum(axis=-1)
    if total.max() > 1 + 1e-12:
        yield f"wear: takes the probabilities of giving way to {total.max():g}, above 1"


def talks_game(
    *,
    months: int,
    positions: int = 1,
    start: int = 0,
    discount: ArrayLike = 1.0,
    mean: ArrayLike = 0.5,
    weight: ArrayLike = np.inf,
    odds: ArrayLike = 1.0,
    tempo: ArrayLike = 0.0,
    absorbing: ArrayLike = False,
    absorbed: ArrayLike = 0.0,
    month: ArrayLike = 0.0,
    gives_way: ArrayLike = 0.0,
    levels: int = 1,
    strikes: ArrayLike = 0.0,
    wear: ArrayLike = 0.0,
    imposed: ArrayLike = 0.0,
    freeze: ArrayLike = 0.0,
    frozen: ArrayLike = 0.0,
    recognised: ArrayLike = (0.5, 0.5, 0.0),
    deals: ArrayLike | None = None,
    open: ArrayLike = True,
    mediator: ArrayLike | None = None,
    pie: ArrayLike = np.nan,
    yields: ArrayLike = -np.inf,
    yielded: ArrayLike = 0.0,
    last: ArrayLike = 0.0,
) -> TalksProblem:
    """A talks problem from whatever broadcasts to the shapes of `TalksProblem`.

    >>> from servanda.solvers.talks_game import solve_talks
    >>> game = talks_game(months=40, discount=0.9, month=[0.02, 0.03], pie=1.0)
    >>> solve_talks(game).first_month  # common beliefs, a divisible stake: at once
    0
    """
    M, F = _size(months, "months"), _size(positions, "positions")
    L = _size(levels, "levels")
    deals = np.zeros((F, 0, 2)) if deals is None else np.asarray(deals, float)
    if deals.ndim < 2 or deals.shape[-1] != 2:
        raise ProblemError(f"deals: shape {deals.shape}, wanted (C, 2) or (F, C, 2)")
    C = deals.shape[-2]
    wanted: dict[str, tuple[ArrayLike, tuple[int, ...]]] = {
        "discount": (discount, (2,)),
        "mean": (mean, (3,)),
        "weight": (weight, (3,)),
        "odds": (odds, (M, F)),
        "tempo": (tempo, (M, F)),
        "absorbing": (absorbing, (2,)),
        "absorbed": (absorbed, (2, 2)),
        "month": (month, (M, F, 2)),
        "gives_way": (gives_way, (3, M, F, 2)),
        "strikes": (strikes, (M, 2, L, 2)),
        "wear": (wear, (3, M, F, 2, L)),
        "imposed": (imposed, (2, 2)),
        "freeze": (freeze, (3, M)),
        "frozen": (frozen, (F, 2)),
        "recognised": (recognised, (3, M, 3)),
        "deals": (deals, (F, C, 2)),
        "open": (open, (M, F, C)),
        "mediator": (deals.sum(axis=-1) if mediator is None else mediator, (F, C)),
        "pie": (pie, (F,)),
        "yields": (yields, (2,)),
        "yielded": (yielded, (2, 2)),
        "last": (last, (M + 1, F, 2)),
    }
    arrays = {}
    complaints = []
    for name, (given, shape) in wanted.items():
        try:
            arrays[name] = np.broadcast_to(np.asarray(given), shape)
        except ValueError:
            complaints.append(f"{name}: shape {np.shape(given)} does not broadcast to {shape}")
    if complaints:
        raise ProblemError("; ".join(complaints))
    return TalksProblem(start=start, **arrays)


def _size(given: int, name: str) -> int:
    most = {"months": MOST_MONTHS, "positions": MOST_POSITIONS, "levels": MOST_LEVELS}[name]
    if (
        isinstance(given, bool)
        or not isinstance(given, (int, np.integer))
        or not 1 <= given <= most
    ):
        raise ProblemError(f"{name}: {given}, wanted a whole number from 1 to {most}")
    return int(given)
