"""Histories of one policy, walked month by month with numbers that each month draws for itself.

The numbers of month h of history j are Philox at the counter (j, h, purpose, part) and the key
(seed, policy): the same whatever else is walked. A month is counted, in ``phases`` and ``line``, by
what its beginning finds. Serial; what each part of a history does to it stands in ``row``.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from servanda.kernels.draws import philox_four
from servanda.kernels.history_codes import Outcome, Phase
from servanda.kernels.talks import DIVIDED, NONE, YIELDED_A, Talks, chance_of_a, wins_of_a

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Counts = NDArray[np.int32]
Flags = NDArray[np.bool_]

# Purposes of numbers, in the counter.
WAR, VOTE, PLAN = np.uint64(0), np.uint64(1), np.uint64(2)

# Columns of a row, in the order of `results.histories.HistoryDraws`.
(
    OUTCOME,
    AGREED,
    DEAL,
    SIGNED_AT,
    VOTED_DOWN_BY,
    IN_FORCE,
    COMPLETED,
    ENDED,
    BROKEN,
    BY,
    WAY,
    STAGE,
    MOMENT,
    WAR_AGAIN,
    AGAIN_ENDED,
    LINE_AT_END,
    MONTHS,
    TRUCES,
) = range(18)
N_COLUMNS = 18

# The compiler knows numbers, not names.
STILL_FIGHTING = int(Outcome.STILL_FIGHTING)
A_GAVE_WAY, B_GAVE_WAY = int(Outcome.A_GAVE_WAY), int(Outcome.B_GAVE_WAY)
LOW_END, HIGH_END = int(Outcome.LOW_END), int(Outcome.HIGH_END)
FROZEN = int(Outcome.FROZEN)
A_GAVE_IN, B_GAVE_IN = int(Outcome.A_GAVE_IN), int(Outcome.B_GAVE_IN)
SUM_DIVIDED, AWAITING_VOTE = int(Outcome.DIVIDED), int(Outcome.AWAITING_VOTE)
KEPT, STEP_FAILED = int(Outcome.KEPT), int(Outcome.STEP_FAILED)
BROKEN_BY_WAR = int(Outcome.BROKEN_BY_WAR)
BROKEN_AND_POCKETED = int(Outcome.BROKEN_AND_POCKETED)

AT_WAR, IN_TRUCE, VOTING = int(Phase.WAR), int(Phase.TRUCE), int(Phase.VOTING)
IMPLEMENTING, PEACE = int(Phase.IMPLEMENTING), int(Phase.PEACE)
ALL_FROZEN, AT_WAR_AGAIN = int(Phase.FROZEN), int(Phase.WAR_AGAIN)
DECIDED = int(Phase.DECIDED)

N_OUTCOMES, N_PHASES = len(Outcome), len(Phase)


class Plans(NamedTuple):
    """Plan rows for the compiler; names and shapes as in the problem, but for ``reach``."""

    passes: Floats
    ratify_months: Integers
    stages: Integers
    stage: Integers
    lasts: Flags
    fights: Flags
    reach: Floats  # (R, Q, K) running sum of the hazards
    step_fails: Floats
    flow: Floats
    war_after: Integers
    pocketed: Floats
    failed: Floats


class Wars(NamedTuple):
    """Wars that may follow, for the compiler; names and shapes as in the problem."""

    start: Integers
    tempo: Floats
    chance: Floats
    gives_way: Floats
    freeze: Floats
    month: Floats
    frozen: Floats


class Lulls(NamedTuple):
    """Truces for the compiler; names and shapes as in the problem."""

    starts: Floats
    breaks: Floats
    month: Floats
    tired: Floats
    tempo: Floats


class Policy(NamedTuple):
    """One policy and what follows, for the compiler; names and shapes as in the problem."""

    g: Talks
    chosen: NDArray[np.int16]
    refusal: Floats
    plan_of: Integers
    way_actor: Integers
    plans: Plans
    wars: Wars
    truces: Lulls
    now: Floats  # (H + 1, 2) what a value of that month is worth in month 0


class Tally(NamedTuple):
    """Counts by month that histories add to."""

    line: Counts  # (H + 1, F)
    phases: Counts  # (H + 1, N_PHASES)


class Source(NamedTuple):
    """Where the numbers of one history come from."""

    history: np.uint64
    seed: np.uint64
    policy: np.uint64


@njit(cache=True, nogil=True)
def walk_histories(
    p: Policy,
    seed: np.uint64,
    policy: np.uint64,
    first: int,
    rows: Counts,
    worth: Floats,
    line: Counts,
    phases: Counts,
) -> None:
    """Walk histories ``first``, ``first + 1``, ... of one policy.

    Parameters
    ----------
    p : the policy; the horizon H is in ``p.now``.
    seed, policy : key of the numbers.
    rows : (N, N_COLUMNS) out. worth : (N, 2) out, value to the two sides.
    line : (H + 1, F) in and out. phases : (H + 1, N_PHASES) in and out.
    """
    tally = Tally(line, phases)
    rows[:] = -1
    worth[:] = 0.0
    for j in range(rows.shape[0]):
        source = Source(np.uint64(first + j), seed, policy)
        row, value = rows[j], worth[j]
        row[MONTHS] = 0
        row[TRUCES] = 0
        tally.phases[0, AT_WAR] += 1
        tally.line[0, p.g.start] += 1
        h, n, f, agreed = _first_war(p, source, True, 0, 0, p.g.start, row, value, tally)
        if agreed >= 0:
            h = _vote(p, source, h, f, agreed, row, value, tally)
            if row[VOTED_DOWN_BY] >= 0:
                _first_war(p, source, False, h, n, f, row, value, tally)
            elif row[IN_FORCE] >= 0:
                _peace(p, source, h, f, agreed, row, value, tally)


@njit(cache=True, nogil=True)
def _first_war(
    p: Policy,
    source: Source,
    talks: bool,
    h: int,
    n: int,
    f: int,
    row: Counts,
    value: Floats,
    tally: Tally,
) -> tuple[int, int, int, int]:
    """War, and talks while they go on: month, moves, line and the deal signed, or no deal."""
    g, H = p.g, len(p.now) - 1
    M = g.tempo.shape[0]
    truce = NONE
    while h < H:
        m = min(h, M - 1)
        offer, quiet, ending, move = philox_four(
            source.history, np.uint64(h), WAR, np.uint64(0), source.seed, source.policy
        )
        if talks and h < M:
            agreed, who = _agreed(g, p.chosen[m, n, f], m, offer)
            if agreed != NONE:
                if agreed >= 0:
                    row[AGREED], row[DEAL], row[SIGNED_AT] = h, agreed, f
                else:
                    _over_at_the_table(p, h, n, f, agreed, who, row, value, tally)
                return h, n, f, agreed
        held = truce
        truce = _truce(p.truces, m, held, quiet)
        if truce >= 0 and truce != held:
            row[TRUCES] += 1
        out_a, out_b, tempo = g.gives_way[2, m, f, 0], g.gives_way[2, m, f, 1], g.tempo[m, f]
        for i in range(2):
            value[i] += p.now[h, i] * g.month[m, f, i]
        if truce >= 0:
            out_a *= p.truces.tired[truce, 0]
            out_b *= p.truces.tired[truce, 1]
            tempo *= p.truces.tempo[truce]
            for i in range(2):
                value[i] += p.now[h, i] * p.truces.month[truce, i]
        chance = chance_of_a(g.mean[2], g.weight[2], g.odds[m, f], wins_of_a(n, f, g.start), n)
        step, what = _fight(g, f, out_a, out_b, tempo, chance, g.freeze[2, m], ending, move)
        n += abs(step)
        f += step
        h += 1
        row[MONTHS] += 1
        if what != STILL_FIGHTING:
            row[OUTCOME], row[ENDED] = what, h
            _war_over(p, h, f, what, g.frozen, row, value, tally)
            return h, n, f, NONE
        tally.phases[h, AT_WAR if truce < 0 else IN_TRUCE] += 1
        tally.line[h, f] += 1
    row[OUTCOME], row[LINE_AT_END] = STILL_FIGHTING, f
    _goes_on(p, g.month[min(H, M - 1), f], value)
    return h, n, f, NONE


@njit(cache=True, nogil=True, inline="always")
def _agreed(g: Talks, chosen: NDArray[np.int16], m: int, offer: float) -> tuple[int, int]:
    """What is agreed this month, if anything, and who offered it. A side gives in without offer."""
    if chosen[0] <= YIELDED_A:
        return int(chosen[0]), NONE
    for who in range(3):
        offer -= g.recognised[2, m, who]
        if offer < 0.0:
            return int(chosen[who]), who
    return NONE, NONE


@njit(cache=True, nogil=True, inline="always")
def _truce(truces: Lulls, m: int, truce: int, quiet: float) -> int:
    """The truce this month: the one that held unless it is ended, or a new one, or none."""
    if truce >= 0:
        ended = truces.breaks[truce, m, 0] + truces.breaks[truce, m, 1]
        return NONE if quiet < ended else truce
    for t in range(len(truces.tempo)):
        quiet -= truces.starts[t, m]
        if quiet < 0.0:
            return t
    return NONE


@njit(cache=True, nogil=True, inline="always")
def _fight(
    g: Talks,
    f: int,
    out_a: float,
    out_b: float,
    tempo: float,
    chance: float,
    ice: float,
    ending: float,
    move: float,
) -> tuple[int, int]:
    """How the line moves in a month of war, and how the war ends, if it does."""
    F = g.tempo.shape[1]
    out = out_a + out_b
    if ending < out:
        return 0, A_GAVE_WAY if ending < out_a else B_GAVE_WAY
    step = 0
    up = tempo * chance if f < F - 1 else 0.0
    down = tempo * (1.0 - chance) if f > 0 else 0.0
    if move < up:
        step = 1
        if g.absorbing[1] and f + 1 == F - 1:
            return step, HIGH_END
    elif move < up + down:
        step = -1
        if g.absorbing[0] and f - 1 == 0:
            return step, LOW_END
    # what is left of the number that nobody gave way by decides whether the war freezes
    return step, FROZEN if ending < out + (1.0 - out) * ice else STILL_FIGHTING


@njit(cache=True, nogil=True)
def _vote(
    p: Policy, source: Source, h: int, f: int, deal: int, row: Counts, value: Floats, tally: Tally
) -> int:
    """Months of war until the vote, and the vote. The month in which it comes."""
    g, H = p.g, len(p.now) - 1
    M = g.tempo.shape[0]
    plan = p.plan_of[f, deal]
    wait = p.plans.ratify_months[plan] if plan >= 0 else 0
    for _ in range(wait):
        if h == H:
            break
        for i in range(2):
            value[i] += p.now[h, i] * g.month[min(h, M - 1), f, i]
        row[MONTHS] += 1
        h += 1
        tally.phases[h, VOTING] += 1
    row[LINE_AT_END] = f
    if h == H:
        row[OUTCOME] = AWAITING_VOTE
        _goes_on(p, g.month[min(H, M - 1), f], value)
        return h
    gates = p.plans.passes.shape[1] if plan >= 0 else 0
    for gate in range(gates):
        numbers = philox_four(
            source.history,
            np.uint64(h),
            VOTE,
            np.uint64(gate // 4),
            source.seed,
            source.policy,
        )
        if numbers[gate % 4] >= p.plans.passes[plan, gate]:
            row[VOTED_DOWN_BY] = gate
            return h
    row[IN_FORCE] = h
    return h


@njit(cache=True, nogil=True)
def _peace(
    p: Policy, source: Source, h: int, f: int, deal: int, row: Counts, value: Floats, tally: Tally
) -> None:
    """The plan, carried out until it is broken or the horizon is reached."""
    H = len(p.now) - 1
    plan = p.plan_of[f, deal]
    if plan < 0:
        row[OUTCOME], row[COMPLETED] = KEPT, h
        _for_ever(p, h, p.g.deals[f, deal], value)
        _rest(tally, h + 1, PEACE)
        return
    plans = p.plans
    _, Q, K = plans.reach.shape
    q, instants = 0, 0
    if plans.stage[plan, 0] == plans.stages[plan]:
        row[COMPLETED] = h
    while h < H:
        breach, failure, _, _ = philox_four(
            source.history, np.uint64(h), PLAN, np.uint64(instants), source.seed, source.policy
        )
        if K > 0 and breach < plans.reach[plan, q, K - 1]:
            way = np.searchsorted(plans.reach[plan, q], breach, side="right")
            _breach(p, source, h, plan, q, way, row, value, tally)
            return
        for i in range(2):
            flow = (1.0 - p.g.discount[i]) * plans.flow[plan, q, i]
            value[i] += p.now[h, i] * flow
        takes_month = plans.lasts[plan, q]
        instants = 0 if takes_month else instants + 1
        if takes_month:
            h += 1
            row[MONTHS] += plans.fights[plan, q]
        if failure < plans.step_fails[plan, q]:
            row[OUTCOME], row[BROKEN] = STEP_FAILED, h
            row[STAGE], row[MOMENT] = plans.stage[plan, q], q
            _for_ever(p, h, plans.failed[plan, q], value)
            _rest(tally, h if takes_month else h + 1, ALL_FROZEN)
            return
        q = min(q + 1, Q - 1)
        if row[COMPLETED] < 0 and plans.stage[plan, q] == plans.stages[plan]:
            row[COMPLETED] = h
        if takes_month:
            tally.phases[h, PEACE if row[COMPLETED] >= 0 else IMPLEMENTING] += 1
    row[OUTCOME] = KEPT
    _for_ever(p, H, plans.flow[plan, Q - 1], value)


@njit(cache=True, nogil=True)
def _breach(
    p: Policy,
    source: Source,
    h: int,
    plan: int,
    q: int,
    way: int,
    row: Counts,
    value: Floats,
    tally: Tally,
) -> None:
    """A breach, which is put up with or brings war again."""
    row[BROKEN], row[BY], row[WAY] = h, p.way_actor[way], way
    row[STAGE], row[MOMENT] = p.plans.stage[plan, q], q
    war = p.plans.war_after[plan, q, way]
    if war < 0:
        row[OUTCOME] = BROKEN_AND_POCKETED
        _for_ever(p, h, p.plans.pocketed[plan, q, way], value)
        _rest(tally, h + 1, ALL_FROZEN)
        return
    row[OUTCOME], row[WAR_AGAIN] = BROKEN_BY_WAR, war
    wars, H = p.wars, len(p.now) - 1
    L, f, begin = wars.tempo.shape[1], wars.start[war], h
    while h < H:
        since = min(h - begin, L - 1)
        _, _, ending, move = philox_four(
            source.history, np.uint64(h), WAR, np.uint64(0), source.seed, source.policy
        )
        for i in range(2):
            value[i] += p.now[h, i] * wars.month[war, since, f, i]
        step, what = _fight(
            p.g,
            f,
            wars.gives_way[war, since, f, 0],
            wars.gives_way[war, since, f, 1],
            wars.tempo[war, since, f],
            wars.chance[war, since, f],
            wars.freeze[war, since],
            ending,
            move,
        )
        f += step
        h += 1
        row[MONTHS] += 1
        if what != STILL_FIGHTING:
            row[AGAIN_ENDED] = h
            _war_over(p, h, f, what, wars.frozen[war], row, value, tally)
            return
        tally.phases[h, AT_WAR_AGAIN] += 1
    row[LINE_AT_END] = f
    _goes_on(p, wars.month[war, min(H - begin, L - 1), f], value)


@njit(cache=True, nogil=True)
def _over_at_the_table(
    p: Policy,
    h: int,
    n: int,
    f: int,
    agreed: int,
    who: int,
    row: Counts,
    value: Floats,
    tally: Tally,
) -> None:
    """The war is over at the beginning of a month: a side gives in, or a sum is divided."""
    g = p.g
    row[LINE_AT_END], row[ENDED] = f, h
    if agreed == DIVIDED:
        row[OUTCOME], row[AGREED], row[SIGNED_AT] = SUM_DIVIDED, h, f
        least = p.refusal[h, n, f]
        gained = g.pie[f] - least[0] - least[1]
        for i in range(2):
            extra = gained / 2.0 if who == 2 else (gained if who == i else 0.0)
            value[i] += p.now[h, i] * (least[i] + extra)
        _rest(tally, h + 1, PEACE)
        return
    loser = 0 if agreed == YIELDED_A else 1
    row[OUTCOME] = A_GAVE_IN if loser == 0 else B_GAVE_IN
    _for_ever(p, h, g.yielded[loser], value)
    _rest(tally, h + 1, DECIDED)


@njit(cache=True, nogil=True)
def _war_over(
    p: Policy, h: int, f: int, what: int, frozen: Floats, row: Counts, value: Floats, tally: Tally
) -> None:
    """The war, the first or the next, has ended of itself: what follows for ever."""
    row[LINE_AT_END] = f
    if what == FROZEN:
        _for_ever(p, h, frozen[f], value)
    elif what == A_GAVE_WAY or what == B_GAVE_WAY:
        _for_ever(p, h, p.g.imposed[what - A_GAVE_WAY], value)
    else:
        _for_ever(p, h, p.g.absorbed[what - LOW_END], value)
    _rest(tally, h, ALL_FROZEN if what == FROZEN else DECIDED)


@njit(cache=True, nogil=True, inline="always")
def _for_ever(p: Policy, h: int, worth: Floats, value: Floats) -> None:
    for i in range(2):
        value[i] += p.now[h, i] * worth[i]


@njit(cache=True, nogil=True, inline="always")
def _goes_on(p: Policy, month: Floats, value: Floats) -> None:
    """After the horizon every month is like this; nothing is added where nobody discounts."""
    for i in range(2):
        if p.g.discount[i] < 1.0:
            value[i] += p.now[-1, i] * month[i] / (1.0 - p.g.discount[i])


@njit(cache=True, nogil=True, inline="always")
def _rest(tally: Tally, h: int, phase: int) -> None:
    """From the beginning of month h on nothing changes."""
    for later in range(h, len(tally.phases)):
        tally.phases[later, phase] += 1
