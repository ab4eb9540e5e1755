"""Histories of one policy, walked month by month with numbers that each month draws for itself.

The numbers of month h of history j are Philox at the counter (j, h, purpose, part) and the key
(seed, policy): the same whatever else is walked. A month is counted, in ``phases`` and ``line``, by
what its beginning finds. Serial; what each part of a history does to it stands in ``row``.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from servanda.kernels.draws import philox_four
from servanda.kernels.history_arrays import (
    A_GAVE_IN,
    A_GAVE_WAY,
    AGAIN_ENDED,
    AGREED,
    ALL_FROZEN,
    AT_WAR,
    AT_WAR_AGAIN,
    AWAITING_VOTE,
    B_GAVE_IN,
    B_GAVE_WAY,
    BROKEN,
    BROKEN_AND_POCKETED,
    BROKEN_BY_WAR,
    BY,
    COMPLETED,
    DEAL,
    DECIDED,
    ENDED,
    FROZEN,
    HIGH_END,
    IMPLEMENTING,
    IN_FORCE,
    IN_TRUCE,
    KEPT,
    LINE_AT_END,
    LOW_END,
    MEDIATOR,
    MOMENT,
    MONTHS,
    OUTCOME,
    PEACE,
    PLAN,
    SIGNED_AT,
    STAGE,
    STEP_FAILED,
    STILL_FIGHTING,
    SUM_DIVIDED,
    TRUCES,
    VOTE,
    VOTED_DOWN_BY,
    VOTING,
    WAR,
    WAR_AGAIN,
    WAY,
    Counts,
    Floats,
    Front,
    Lulls,
    Plans,
    Record,
    Scale,
    Source,
    Table,
    Wars,
)
from servanda.kernels.talks import DIVIDED, NONE, YIELDED_A, chance_of_a, wins_of_a


@njit(cache=True, nogil=True)
def walk_histories(
    front: Front,
    table: Table,
    truces: Lulls,
    plans: Plans,
    wars: Wars,
    scale: Scale,
    seed: np.uint64,
    policy: np.uint64,
    first: int,
    rows: Counts,
    worth: Floats,
    line: Counts,
    phases: Counts,
    struck: Counts,
) -> None:
    """Walk histories ``first``, ``first + 1``, ... of one policy.

    Parameters
    ----------
    front, table, truces, plans, wars, scale : the policy and what follows; the horizon H is that of
        ``scale.now``.
    seed, policy : key of the numbers.
    rows : (N, N_COLUMNS) out. worth : (N, 2) out, value to the two sides.
    line : (H + 1, F) in and out. phases : (H + 1, N_PHASES) in and out.
    struck : (H, 2, L) in and out, months of the first war by level of a's, b's strikes.
    """
    rows[:] = -1
    worth[:] = 0.0
    for j in range(rows.shape[0]):
        source = Source(np.uint64(first + j), seed, policy)
        row = rows[j]
        record = Record(row, worth[j], line, phases, struck)
        row[MONTHS] = 0
        row[TRUCES] = 0
        phases[0, AT_WAR] += 1
        line[0, front.start] += 1
        start = (0, 0, front.start)
        h, n, f, what, who = _first_war(front, table, truces, scale, source, True, start, record)
        if what == DIVIDED:
            _divided(table, scale, h, n, f, who, record)
        elif what >= 0:
            row[AGREED], row[DEAL], row[SIGNED_AT] = h, what, f
            plan = table.plan_of[f, what]
            if plan >= 0:
                h = _vote(front, plans, scale, source, h, f, plan, record)
                if row[VOTED_DOWN_BY] >= 0:
                    _first_war(front, table, truces, scale, source, False, (h, n, f), record)
                elif row[IN_FORCE] >= 0:
                    _peace(front, plans, wars, scale, source, h, plan, record)
            else:
                row[OUTCOME], row[LINE_AT_END] = KEPT, f
                row[IN_FORCE], row[COMPLETED] = h, h
                _from_now_on(scale, h, table.deals[f, what], PEACE, h + 1, record)


@njit(cache=True, nogil=True)
def _first_war(
    front: Front,
    table: Table,
    truces: Lulls,
    scale: Scale,
    source: Source,
    talks: bool,
    state: tuple[int, int, int],
    record: Record,
) -> tuple[int, int, int, int, int]:
    """War, and talks while they go on: month, moves, line, what is agreed, and who offered it."""
    h, n, f = state
    M, F = front.tempo.shape
    H = len(scale.now) - 1
    row, value = record.row, record.value
    truce, what = NONE, STILL_FIGHTING
    level = _levels(table.striking, min(h, M - 1), n, f)
    while h < H:
        m = min(h, M - 1)
        offer, quiet, ending, move = philox_four(
            source.history, np.uint64(h), WAR, np.uint64(0), source.seed, source.policy
        )
        if talks and h < M:
            agreed, who = _agreed(table.chosen, table.recognised, m, n, f, offer)
            if agreed <= YIELDED_A:
                row[OUTCOME] = A_GAVE_IN if agreed == YIELDED_A else B_GAVE_IN
                row[ENDED], row[LINE_AT_END] = h, f
                _from_now_on(scale, h, scale.ends[row[OUTCOME]], DECIDED, h + 1, record)
                return h, n, f, NONE, NONE
            if agreed != NONE:
                return h, n, f, agreed, who
        held = truce
        truce = _truce(truces.starts, truces.breaks, m, held, quiet)
        out_a, out_b = front.gives_way[m, f, 0], front.gives_way[m, f, 1]
        tempo = front.tempo[m, f]
        for i in range(2):
            value[i] += scale.now[h, i] * front.month[m, f, i]
        if front.campaigns and h < M:  # later as in the last month of the talks
            level = _levels(table.striking, m, n, f)
        for side in range(2):
            if front.campaigns and (truce < 0 or not truces.stops[truce, side]):
                record.struck[h, side, level[side]] += 1
                added = front.wear[m, f, side, level[side]]
                if side == 0:
                    out_b += added
                else:
                    out_a += added
                for i in range(2):
                    value[i] += scale.now[h, i] * front.strikes[m, side, level[side], i]
        if truce >= 0:
            row[TRUCES] += truce != held
            out_a *= truces.tired[truce, 0]
            out_b *= truces.tired[truce, 1]
            tempo *= truces.tempo[truce]
            for i in range(2):
                value[i] += scale.now[h, i] * truces.month[truce, i]
        wins = wins_of_a(n, f, front.start)
        chance = chance_of_a(front.mean, front.weight, front.odds[m, f], wins, n)
        step, what = _fight(
            f,
            F,
            front.low_end,
            front.high_end,
            out_a,
            out_b,
            tempo,
            chance,
            front.freeze[m],
            ending,
            move,
        )
        n += abs(step)
        f += step
        h += 1
        row[MONTHS] += 1
        if what != STILL_FIGHTING:
            row[ENDED] = h
            break
        record.phases[h, AT_WAR if truce < 0 else IN_TRUCE] += 1
        record.line[h, f] += 1
    row[OUTCOME] = what
    if what == STILL_FIGHTING:
        for side in range(2):
            _goes_on(scale, front.strikes[min(H, M) - 1, side, level[side]], value)
    _war_over(scale, h, f, what, front.month[min(H, M - 1), f], front.frozen, record)
    return h, n, f, NONE, NONE


@njit(cache=True, nogil=True, inline="always")
def _levels(striking: NDArray[np.uint8], m: int, n: int, f: int) -> tuple[int, int]:
    """The levels at which a and b strike at a state."""
    return int(striking[m, n, f, 0]), int(striking[m, n, f, 1])


@njit(cache=True, nogil=True, inline="always")
def _agreed(
    chosen: NDArray[np.int16], recognised: Floats, m: int, n: int, f: int, offer: float
) -> tuple[int, int]:
    """What is agreed this month, if anything, and who offered it. A side gives in without offer."""
    if chosen[m, n, f, 0] <= YIELDED_A:
        return int(chosen[m, n, f, 0]), NONE
    for who in range(3):
        offer -= recognised[m, who]
        if offer < 0.0:
            return int(chosen[m, n, f, who]), who
    return NONE, NONE


@njit(cache=True, nogil=True, inline="always")
def _truce(starts: Floats, breaks: Floats, m: int, truce: int, quiet: float) -> int:
    """The truce this month: the one that held unless it is ended, or a new one, or none."""
    if truce >= 0:
        ended = breaks[truce, m, 0] + breaks[truce, m, 1]
        return NONE if quiet < ended else truce
    for t in range(starts.shape[0]):
        quiet -= starts[t, m]
        if quiet < 0.0:
            return t
    return NONE


@njit(cache=True, nogil=True, inline="always")
def _fight(
    f: int,
    F: int,
    low_end: bool,
    high_end: bool,
    out_a: float,
    out_b: float,
    tempo: float,
    chance: float,
    ice: float,
    ending: float,
    move: float,
) -> tuple[int, int]:
    """How the line moves in a month of war, and how the war ends, if it does."""
    out = out_a + out_b
    if ending < out:
        return 0, A_GAVE_WAY if ending < out_a else B_GAVE_WAY
    step = 0
    up = tempo * chance if f < F - 1 else 0.0
    down = tempo * (1.0 - chance) if f > 0 else 0.0
    if move < up:
        step = 1
        if high_end and f + 1 == F - 1:
            return step, HIGH_END
    elif move < up + down:
        step = -1
        if low_end and f - 1 == 0:
            return step, LOW_END
    # what is left of the number that nobody gave way by decides whether the war freezes
    return step, FROZEN if ending < out + (1.0 - out) * ice else STILL_FIGHTING


@njit(cache=True, nogil=True)
def _vote(
    front: Front,
    plans: Plans,
    scale: Scale,
    source: Source,
    h: int,
    f: int,
    plan: int,
    record: Record,
) -> int:
    """Months of war until the vote, and the vote. The month in which it comes."""
    M, H = front.tempo.shape[0], len(scale.now) - 1
    row, value = record.row, record.value
    for _ in range(plans.ratify_months[plan]):
        if h == H:
            break
        for i in range(2):
            value[i] += scale.now[h, i] * front.month[min(h, M - 1), f, i]
        row[MONTHS] += 1
        h += 1
        record.phases[h, VOTING] += 1
    row[LINE_AT_END] = f
    if h == H:
        row[OUTCOME] = AWAITING_VOTE
        _goes_on(scale, front.month[min(H, M - 1), f], value)
        return h
    for gate in range(plans.passes.shape[1]):
        numbers = philox_four(
            source.history,
            np.uint64(h),
            VOTE,
            np.uint64(gate // 4),
            source.seed,
            source.policy,
        )
        if numbers[gate % 4] >= plans.passes[plan, gate]:
            row[VOTED_DOWN_BY] = gate
            return h
    row[IN_FORCE] = h
    return h


@njit(cache=True, nogil=True)
def _peace(
    front: Front,
    plans: Plans,
    wars: Wars,
    scale: Scale,
    source: Source,
    h: int,
    plan: int,
    record: Record,
) -> None:
    """The plan, carried out until it is broken or the horizon is reached."""
    row, value = record.row, record.value
    H = len(scale.now) - 1
    _, Q, K = plans.reach.shape
    q, instants = 0, 0
    if plans.stage[plan, 0] == plans.stages[plan]:
        row[COMPLETED] = h
    while h < H:
        breach, failure, _, _ = philox_four(
            source.history, np.uint64(h), PLAN, np.uint64(instants), source.seed, source.policy
        )
        if K > 0 and breach < plans.reach[plan, q, K - 1]:
            row[BROKEN], row[STAGE], row[MOMENT] = h, plans.stage[plan, q], q
            way = 0
            while breach >= plans.reach[plan, q, way]:
                way += 1
            row[BY], row[WAY] = plans.actor[way], way
            war = plans.war_after[plan, q, way]
            if war >= 0:
                row[OUTCOME], row[WAR_AGAIN] = BROKEN_BY_WAR, war
                _war_again(front, wars, scale, source, h, war, record)
            else:
                row[OUTCOME] = BROKEN_AND_POCKETED
                worth = plans.pocketed[plan, q, way]
                _from_now_on(scale, h, worth, ALL_FROZEN, h + 1, record)
            return
        for i in range(2):
            flow = (1.0 - scale.discount[i]) * plans.flow[plan, q, i]
            value[i] += scale.now[h, i] * flow
        month, takes_month = h, plans.lasts[plan, q]
        instants = 0 if takes_month else instants + 1
        if takes_month:
            h += 1
            row[MONTHS] += plans.fights[plan, q]
        if failure < plans.step_fails[plan, q]:
            row[OUTCOME], row[BROKEN] = STEP_FAILED, month
            row[STAGE], row[MOMENT] = plans.stage[plan, q], q
            _from_now_on(scale, h, plans.failed[plan, q], ALL_FROZEN, month + 1, record)
            return
        q = min(q + 1, Q - 1)
        if row[COMPLETED] < 0 and plans.stage[plan, q] == plans.stages[plan]:
            row[COMPLETED] = h
        if takes_month:
            record.phases[h, PEACE if row[COMPLETED] >= 0 else IMPLEMENTING] += 1
    row[OUTCOME] = KEPT
    for i in range(2):
        value[i] += scale.now[H, i] * plans.flow[plan, Q - 1, i]


@njit(cache=True, nogil=True)
def _war_again(
    front: Front, wars: Wars, scale: Scale, source: Source, h: int, war: int, record: Record
) -> None:
    """The war that follows a breach."""
    row, value = record.row, record.value
    H, (_, L, F) = len(scale.now) - 1, wars.tempo.shape
    f, begin, what = wars.start[war], h, STILL_FIGHTING
    while h < H:
        since = min(h - begin, L - 1)
        _, _, ending, move = philox_four(
            source.history, np.uint64(h), WAR, np.uint64(0), source.seed, source.policy
        )
        for i in range(2):
            value[i] += scale.now[h, i] * wars.month[war, since, f, i]
        step, what = _fight(
            f,
            F,
            front.low_end,
            front.high_end,
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
            break
        record.phases[h, AT_WAR_AGAIN] += 1
    month = wars.month[war, min(H - begin, L - 1), f]
    _war_over(scale, h, f, what, month, wars.frozen[war], record)


@njit(cache=True, nogil=True)
def _war_over(
    scale: Scale, h: int, f: int, what: int, month: Floats, frozen: Floats, record: Record
) -> None:
    """What follows a war, the first or the next, once it has ended, or at the horizon."""
    record.row[LINE_AT_END] = f
    if what == STILL_FIGHTING:
        _goes_on(scale, month, record.value)
    elif what == FROZEN:
        _from_now_on(scale, h, frozen[f], ALL_FROZEN, h, record)
    else:
        _from_now_on(scale, h, scale.ends[what], DECIDED, h, record)


@njit(cache=True, nogil=True)
def _divided(table: Table, scale: Scale, h: int, n: int, f: int, who: int, record: Record) -> None:
    """A sum is divided, which is all there is to do."""
    row = record.row
    row[OUTCOME], row[AGREED], row[SIGNED_AT] = SUM_DIVIDED, h, f
    row[IN_FORCE], row[COMPLETED], row[LINE_AT_END] = h, h, f
    worth = table.refusal[h, n, f].copy()
    gained = table.pie[f] - worth[0] - worth[1]
    if who == MEDIATOR:
        worth += gained / 2.0
    else:
        worth[who] += gained
    _from_now_on(scale, h, worth, PEACE, h + 1, record)


@njit(cache=True, nogil=True)
def _from_now_on(
    scale: Scale, h: int, worth: Floats, phase: int, later: int, record: Record
) -> None:
    """A value for ever from month h on, and a phase from the beginning of month ``later`` on."""
    for i in range(2):
        record.value[i] += scale.now[h, i] * worth[i]
    for month in range(later, len(record.phases)):
        record.phases[month, phase] += 1


@njit(cache=True, nogil=True)
def _goes_on(scale: Scale, month: Floats, value: Floats) -> None:
    """After the horizon every month is like this; nothing is added where nobody discounts."""
    for i in range(2):
        if scale.discount[i] < 1.0:
            value[i] += scale.now[-1, i] * month[i] / (1.0 - scale.discount[i])
