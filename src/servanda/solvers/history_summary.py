"""What many histories say together, taken in lot by lot: memory does not grow with their number.

A lot is counted (`tally_histories`) and the counts are added up (`join_tallies`); what is kept for
each policy are its counts by month, and of single histories how many ended alike in the same
months, with the first such one, to be told as an example.

* The **interval** of a share treats policies as clusters: histories of one policy share its
  assumptions, so that as many of them say less than their number (Kish 1965, the design effect).
  It is that of Wilson (1927) for as many independent histories as would say as much.
* The **peace kept** for t months is the product-limit estimate of Kaplan and Meier (1958), as the
  horizon cuts some peaces short; its interval is that of a share among the peaces still watched.
* **Chance apart from ignorance**: the variance of an outcome is its mean variance within a policy
  and the variance of the policies' shares (law of total variance). The second, less what chance
  alone makes the shares of few histories differ by, is due to the draws.

Sources: Wilson, E. B. (1927), JASA 22; Kaplan, E. and Meier, P. (1958), JASA 53; Kish, L. (1965),
Survey Sampling; on peace as a duration, Fortna, V. P. (2004), Peace Time.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.results.histories import NEVER, HistoryDraws
from servanda.results.history_codes import Outcome, Phase
from servanda.results.history_summary import (
    LEVELS,
    EndingClass,
    HistorySummary,
    Shares,
    TypicalHistory,
)

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

SURE = 1.959963984540054
"""Standard normal quantile of a 95 % interval."""

KEPT = frozenset({Outcome.KEPT, Outcome.DIVIDED})
BROKEN = frozenset({Outcome.BROKEN_BY_WAR, Outcome.BROKEN_AND_POCKETED, Outcome.STEP_FAILED})

STEP = 2.0**-24
"""In value points, what sums of values are counted in."""

MOST_ALIKE = 200_000
"""Kinds of histories held before equal ones are put together."""


@dataclass(frozen=True, eq=False)
class HistoryTally:
    """Histories counted: P policies, H months, C deals. Tallies are joined, never changed.

    Attributes:
        policies: (P,) numbers. count: (P,) histories of each.
        phases: (P, H + 1, 8). outcomes: (P, 14). signed: (P, H + 1) in each month.
        deals: (P, C). broke, watched: (P, H + 1) peaces in force that ended t months later, and
            that still stood t months later when the horizon came.
        line: (H + 1, F). struck: (H, 2, L) months of the first war by level of strikes.
        worth: (P, 2) sums of values, counted in steps of `STEP` so that they add up in any order.
        alike: (U, 8) outcome, deal, by, stage, gate, the two months, how many.
        first: (U, 2) policy and number of the first one of each kind.
    """

    policies: Counts
    count: Counts
    phases: Counts
    outcomes: Counts
    signed: Counts
    deals: Counts
    broke: Counts
    watched: Counts
    line: Counts
    struck: Counts
    worth: Counts
    alike: Counts
    first: Counts


def summarise_histories(parts: Iterable[HistoryDraws]) -> HistorySummary:
    """All histories together, read lot by lot, in any order of lots.

    Raises:
        ProblemError: there are none, or lots differ in their horizon, positions or levels.
    """
    held: list[HistoryTally] = []
    for part in parts:
        held = add_tally(held, tally_histories(part))
    if not sum(tally.count.sum() for tally in held):
        raise ProblemError("histories: none to summarise")
    return summary_of(join_tallies(held))


def summary_of(tally: HistoryTally) -> HistorySummary:
    """The summary of histories that have been counted."""
    N, P, H = int(tally.count.sum()), len(tally.policies), tally.phases.shape[1] - 1
    some = tally.count > 0
    count = tally.count[some]
    by_phase = tally.phases[some]
    at_war = by_phase[:, :, [Phase.WAR, Phase.TRUCE, Phase.VOTING]].sum(axis=2)
    in_peace = by_phase[:, :, [Phase.IMPLEMENTING, Phase.PEACE]].sum(axis=2)
    before = np.cumsum(tally.signed[some], axis=1) - tally.signed[some]
    means = STEP * tally.worth[some] / count[:, np.newaxis]
    endings = _endings(tally, N)
    return HistorySummary(
        histories=N,
        policies=P,
        horizon=H,
        at_war=_shares(at_war, count),
        agreed=_shares(before, count),
        in_peace=_shares(in_peace, count),
        kept=_durations(tally.broke, tally.watched),
        outcomes=_shares(tally.outcomes[some], count),
        deals=_shares(tally.deals[some], count),
        phases=by_phase.sum(axis=0) / N,
        line=_line(tally.line),
        struck=tally.struck / N,
        months_to_agreement=_quantiles(tally.signed.sum(axis=0)),
        value=STEP * tally.worth.sum(axis=0) / N,
        value_spread=np.quantile(means, [0.05, 0.95], axis=0).T,
        endings=tuple(endings),
        kept_history=_typical(tally, endings, lambda outcome: outcome in KEPT),
        broken_history=_typical(tally, endings, lambda outcome: outcome in BROKEN),
        unsigned_history=_typical(tally, endings, lambda outcome: outcome not in KEPT | BROKEN),
    )


# ---------------------------------------------------------------- counting


def tally_histories(draws: HistoryDraws) -> HistoryTally:
    """Count a lot of histories."""
    policies = np.unique(np.concatenate([draws.policies, draws.policy]))
    place = np.searchsorted(policies, draws.policy)
    P, H = len(policies), draws.horizon

    def counted(column: NDArray[Any], size: int, chosen: NDArray[np.bool_]) -> Counts:
        flat = np.bincount(place[chosen] * size + column[chosen], minlength=P * size)
        return flat.reshape(P, size)

    in_force = draws.in_force != NEVER
    ended = in_force & (draws.broken != NEVER)
    lasted = np.where(ended, draws.broken, H) - draws.in_force
    everyone = np.ones(draws.count, bool)
    phases = np.zeros((P, H + 1, len(Phase)), np.int64)
    np.add.at(phases, np.searchsorted(policies, draws.policies), draws.phases)
    worth = np.zeros((P, 2), np.int64)
    np.add.at(
        worth, place, np.rint(np.stack([draws.value_a, draws.value_b], -1) / STEP).astype(int)
    )
    kinds, first = _alike(draws)
    return HistoryTally(
        policies=policies.astype(np.int64),
        count=np.bincount(place, minlength=P),
        phases=phases,
        outcomes=counted(draws.outcome, len(Outcome), everyone),
        signed=counted(draws.agreed, H + 1, draws.agreed != NEVER),
        deals=counted(draws.deal, int(draws.deal.max(initial=-1)) + 1, draws.deal != NEVER),
        broke=counted(lasted, H + 1, ended),
        watched=counted(lasted, H + 1, in_force & ~ended),
        line=draws.line.sum(axis=0, dtype=np.int64),
        struck=draws.struck.sum(axis=0, dtype=np.int64),
        worth=worth,
        alike=kinds,
        first=first,
    )


def join_tallies(tallies: Sequence[HistoryTally]) -> HistoryTally:
    """Counts added up; the same in any order.

    Raises:
        ProblemError: they differ in their horizon, positions or levels.
    """
    if len({(tally.line.shape, tally.struck.shape) for tally in tallies}) > 1:
        raise ProblemError("histories: lots differ in their horizon, positions or levels")
    policies, place = np.unique(
        np.concatenate([tally.policies for tally in tallies]), return_inverse=True
    )
    most_deals = max(tally.deals.shape[1] for tally in tallies)
    deals = [np.pad(t.deals, ((0, 0), (0, most_deals - t.deals.shape[1]))) for t in tallies]

    def added(parts: Sequence[Counts]) -> Counts:
        total = np.zeros((len(policies), *parts[0].shape[1:]), np.int64)
        np.add.at(total, place, np.concatenate(parts))
        return total

    kinds, first = _put_together(
        np.concatenate([tally.alike for tally in tallies]),
        np.concatenate([tally.first for tally in tallies]),
    )
    by_policy = ("count", "phases", "outcomes", "signed", "broke", "watched", "worth")
    return HistoryTally(
        policies=policies,
        deals=added(deals),
        line=np.sum([tally.line for tally in tallies], axis=0),
        struck=np.sum([tally.struck for tally in tallies], axis=0),
        alike=kinds,
        first=first,
        **{name: added([getattr(tally, name) for tally in tallies]) for name in by_policy},
    )


def add_tally(held: Sequence[HistoryTally], tally: HistoryTally) -> list[HistoryTally]:
    """Tallies and one more; joined once the later ones hold as many kinds as the first."""
    together = [*held, tally]
    later = sum(len(one.alike) for one in together[1:])
    if later > max(MOST_ALIKE, len(together[0].alike)):
        return [join_tallies(together)]
    return together


def _alike(draws: HistoryDraws) -> tuple[Counts, Counts]:
    last = np.where(draws.ended != NEVER, draws.ended, draws.completed)
    last = np.where(draws.broken != NEVER, draws.broken, last)
    key = (draws.outcome, draws.deal, draws.by, draws.stage, draws.voted_down_by)
    rows = np.stack([*key, draws.agreed, last, np.ones_like(last)], axis=-1)
    return _put_together(rows, np.stack([draws.policy, draws.number], axis=-1))


def _put_together(rows: NDArray[Any], first: NDArray[Any]) -> tuple[Counts, Counts]:
    """Kinds once each, in order, with how many and the first of each."""
    by_number = np.lexsort((first[:, 1], first[:, 0]))
    rows, first = rows[by_number].astype(np.int64), first[by_number].astype(np.int64)
    low = rows.min(axis=0, initial=0)
    spans = rows.max(axis=0, initial=0) - low + 1
    code = np.ravel_multi_index(tuple((rows - low)[:, :-1].T), tuple(spans[:-1]))
    _, index, inverse = np.unique(code, return_index=True, return_inverse=True)  # rows take longer
    count = np.zeros(len(index), np.int64)
    np.add.at(count, inverse, rows[:, -1])
    return np.column_stack([rows[index, :-1], count]), first[index]


# ---------------------------------------------------------------- reading the counts


def _shares(counted: Counts, count: Counts) -> Shares:
    """Of counts (P, X) among (P,)."""
    number = np.broadcast_to(count[:, np.newaxis], counted.shape)
    return _bands(counted.sum(axis=0) / count.sum(), counted / number, number)


def _durations(broke: Counts, watched: Counts) -> Shares:
    """Product-limit estimates of (P, H + 1) peaces: all together, and each policy's own."""
    starts = (broke + watched).sum(axis=1, keepdims=True)
    known = starts - (np.cumsum(watched, axis=1) - watched)
    return _bands(
        _product_limit(broke.sum(axis=0), watched.sum(axis=0)),
        _product_limit(broke, watched),
        known,
    )


def _product_limit(broke: Counts, watched: Counts) -> Floats:
    """Chance to stand t months later; NaN once nobody is left to watch, unless all were broken."""
    there = np.flip(np.cumsum(np.flip(broke + watched, -1), -1), -1)
    at_risk = there - watched
    stays = 1.0 - broke / np.maximum(at_risk, 1)
    earlier = np.concatenate([np.ones((*stays.shape[:-1], 1)), stays[..., :-1]], axis=-1)
    stands = np.cumprod(earlier, axis=-1)
    found: Floats = np.where((there > 0) | (stands == 0.0), stands, np.nan)
    return found


def _bands(share: Floats, own: Floats, number: Counts) -> Shares:
    """Intervals and spread of shares (X,), from the policies' own (P, X) among ``number``."""
    found = np.full((5, len(share)), np.nan)
    for x in np.flatnonzero(~np.isnan(share)):
        here = (number[:, x] > 0) & ~np.isnan(own[:, x])
        found[:, x] = _band(float(share[x]), own[here, x], number[here, x])
    return Shares(share, *found)


def _band(share: float, own: Floats, number: Counts) -> tuple[float, float, float, float, float]:
    low, high = _wilson(share, _independent(share, own, number))
    spread_low, spread_high = np.quantile(own, [0.05, 0.95])
    return low, high, float(spread_low), float(spread_high), _due_to_draws(share, own, number)


def _independent(share: float, own: Floats, number: Counts) -> float:
    """How many independent histories would say as much; the policies where none differ."""
    P, N = len(own), float(number.sum())
    if P == 1:
        return N
    variance = P / (P - 1) * float((((number / N) * (own - share)) ** 2).sum())
    return min(N, share * (1.0 - share) / variance) if variance > 0.0 else float(P)


def _wilson(share: float, number: float) -> tuple[float, float]:
    z = SURE**2 / number
    middle = (share + z / 2.0) / (1.0 + z)
    half = np.sqrt(share * (1.0 - share) * z + z**2 / 4.0) / (1.0 + z)
    return float(max(0.0, middle - half)), float(min(1.0, middle + half))


def _due_to_draws(share: float, own: Floats, number: Counts) -> float:
    several = number > 1
    total = share * (1.0 - share)
    if several.sum() < 2 or total <= 0.0:
        return float("nan")
    own, number = own[several], number[several]
    weight = number / number.sum()
    between = weight @ (own - weight @ own) ** 2
    chance = weight @ (own * (1.0 - own) / (number - 1))
    return float(np.clip((between - chance) / total, 0.0, 1.0))


def _line(counted: Counts) -> Floats:
    return np.array([_quantiles(here) for here in counted])


def _quantiles(counted: Counts) -> Floats:
    """At `LEVELS`, of whole numbers counted from 0; NaN where there are none."""
    reached = np.cumsum(counted)
    if not reached[-1]:
        return np.full(len(LEVELS), np.nan)
    found: Floats = np.searchsorted(reached, np.array(LEVELS) * reached[-1]).astype(float)
    return found


def _endings(tally: HistoryTally, N: int) -> list[EndingClass]:
    kinds, inverse = np.unique(tally.alike[:, :5], axis=0, return_inverse=True)
    count = np.zeros(len(kinds), np.int64)
    np.add.at(count, inverse.ravel(), tally.alike[:, -1])
    return [
        EndingClass(Outcome(outcome), deal, by, stage, gate, share=number / N)
        for (outcome, deal, by, stage, gate), number in sorted(
            zip(kinds.tolist(), count.tolist(), strict=True), key=lambda one: (-one[1], one[0])
        )
    ]


def _typical(
    tally: HistoryTally, endings: Sequence[EndingClass], wanted: Callable[[Outcome], bool]
) -> TypicalHistory | None:
    ending = next((one for one in endings if wanted(one.outcome)), None)
    if ending is None:
        return None
    key = [ending.outcome, ending.deal, ending.by, ending.stage, ending.voted_down_by]
    here = (tally.alike[:, :5] == key).all(axis=1)
    rows, first = tally.alike[here], tally.first[here]
    distance = np.zeros(len(rows), np.int64)
    for column in (5, 6):
        order = np.argsort(rows[:, column], kind="stable")
        reached = np.cumsum(rows[order, -1])
        median = rows[order[np.searchsorted(reached, reached[-1] / 2.0)], column]
        distance += np.abs(rows[:, column] - median)
    nearest = np.lexsort((first[:, 1], first[:, 0], distance))[0]
    agreed, last = rows[nearest, 5:7].tolist()
    policy, number = first[nearest].tolist()
    return TypicalHistory(policy, number, ending, agreed, last)
