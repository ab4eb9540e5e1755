"""Histories by their definition: one after another in plain Python, with NumPy's own generator."""

from math import isinf, prod

import numpy as np

WAR, VOTE, PLAN = 0, 1, 2

NEVER = (
    *("agreed", "deal", "line_at_signing", "voted_down_by", "in_force", "completed", "ended"),
    *("broken", "by", "way", "stage", "moment", "war_again", "war_again_ended", "line_at_end"),
)
"""What may never be in a history."""


class Walker:
    """One history: what it draws, and what becomes of it."""

    def __init__(self, problem, seed, policy, number):
        self.p, self.key = problem, [seed, 0x486973746F72 + policy]
        self.number = number
        self.value = [0.0, 0.0]
        self.phase = {0: "WAR"}
        self.line = {0: problem.talks.start}
        self.struck = []
        self.row = dict.fromkeys(NEVER, -1)
        self.row |= {"policy": policy, "number": number, "months_of_war": 0, "truces": 0}

    def draws(self, month, purpose, part=0):
        counter = sum(
            word << (64 * place) for place, word in enumerate((self.number, month, purpose, part))
        )
        words = np.random.Philox(key=self.key, counter=(counter - 1) % 2**256).random_raw(4)
        return [(int(word >> np.uint64(11)) + 0.5) / 2**53 for word in words]

    def get(self, month, worth):
        """Something of value to the two sides in a month."""
        for i in (0, 1):
            self.value[i] += self.p.talks.discount[i] ** month * worth[i]

    def go_on_for_ever(self, month_of_war):
        for i in (0, 1):
            delta = self.p.talks.discount[i]
            if delta < 1:
                self.value[i] += delta**self.p.horizon * month_of_war[i] / (1 - delta)

    def stay(self, since, phase):
        for month in range(since, self.p.horizon + 1):
            self.phase[month] = phase


def walk(problem, seed, policy, number):
    """Columns of one history by name, phase and line by month, (month, side, level) struck."""
    walker = Walker(problem, seed, policy, number)
    outcome = first_war(walker, 0, 0, problem.talks.start, talks=True)
    row = walker.row | {"outcome": outcome}
    row["value_a"], row["value_b"] = walker.value
    return row, walker.phase, walker.line, walker.struck


def first_war(w, h, n, f, talks):
    p, g, H = w.p, w.p.talks, w.p.horizon
    truce, levels = None, p.striking[min(h, g.months - 1), n, f]
    campaigns = g.levels > 1 or g.strikes.any() or g.wear.any()
    while h < H:
        m = min(h, g.months - 1)
        offer, quiet, ending, move = w.draws(h, WAR)
        if talks and h < g.months:
            deal, who = offered(p, m, n, f, offer)
            if deal in (-3, -4):
                w.row |= {"ended": h, "line_at_end": f}
                w.get(h, g.yielded[-3 - deal])
                w.stay(h + 1, "DECIDED")
                return "A_GAVE_IN" if deal == -3 else "B_GAVE_IN"
            if deal == -2:
                w.row |= dict.fromkeys(("agreed", "in_force", "completed"), h)
                w.row |= {"line_at_signing": f, "line_at_end": f}
                least = p.refusal[h, n, f]
                over = g.pie[f] - sum(least)
                share = [0.5, 0.5] if who == 2 else [1 - who, who]
                w.get(h, [least[i] + share[i] * over for i in (0, 1)])
                w.stay(h + 1, "PEACE")
                return "DIVIDED"
            if deal >= 0:
                w.row |= {"agreed": h, "deal": deal, "line_at_signing": f}
                return vote(w, h, n, f, deal)
        tired, slowed = (1, 1), 1
        if truce is not None:
            if quiet < sum(p.truces.breaks[truce, m]):
                truce = None
        else:
            truce = pick(p.truces.starts[:, m], quiet)
            w.row["truces"] += truce is not None
        w.get(h, g.month[m, f])
        if truce is not None:
            tired, slowed = p.truces.tired[truce], p.truces.tempo[truce]
            w.get(h, p.truces.month[truce])
        mean = g.mean[2]
        if not isinf(g.weight[2]):
            mean = (g.weight[2] * mean + (n + f - g.start) // 2) / (g.weight[2] + n)
        chance = g.odds[m, f] * mean / (g.odds[m, f] * mean + 1 - mean)
        if h < g.months:
            levels = p.striking[m, n, f]
        out = list(g.gives_way[2, m, f])
        for side, level in enumerate(levels.tolist()):
            if campaigns and (truce is None or not p.truces.stops[truce, side]):
                w.struck.append((h, side, level))
                w.get(h, g.strikes[m, side, level])
                out[1 - side] += g.wear[2, m, f, side, level]
        out = [out[i] * tired[i] for i in (0, 1)]
        to, over = fight(w, f, out, g.tempo[m, f] * slowed, chance, g.freeze[2, m], ending, move)
        n, f, h = n + abs(to - f), to, h + 1
        w.row["months_of_war"] += 1
        if over:
            w.row["ended"] = h
            war_over(w, h, f, over, g.frozen)
            return over
        w.phase[h] = "WAR" if truce is None else "TRUCE"
        w.line[h] = f
    w.row["line_at_end"] = f
    last = min(H, g.months) - 1
    struck = sum(g.strikes[last, side, level] for side, level in enumerate(levels.tolist()))
    w.go_on_for_ever(g.month[min(H, g.months - 1), f] + struck)
    return "STILL_FIGHTING"


def offered(p, m, n, f, number):
    if p.chosen[m, n, f, 0] in (-3, -4):
        return int(p.chosen[m, n, f, 0]), None
    who = pick(p.talks.recognised[2, m], number)
    return (-1, None) if who is None else (int(p.chosen[m, n, f, who]), who)


def pick(chances, number):
    """Which of several that exclude each other a number falls on; None beyond them."""
    return next((k for k, end in enumerate(np.cumsum(chances)) if number < end), None)


def fight(w, f, out, tempo, chance, ice, ending, move):
    """Where the line goes, and what ends the war."""
    absorbing, last = w.p.talks.absorbing, w.p.talks.positions - 1
    gone = pick(out, ending)
    if gone is not None:
        return f, ("A_GAVE_WAY", "B_GAVE_WAY")[gone]
    up = tempo * chance if f < last else 0
    down = tempo * (1 - chance) if f > 0 else 0
    to = f + {0: 1, 1: -1, None: 0}[pick([up, down], move)]
    if to > f and absorbing[1] and to == last:
        return to, "HIGH_END"
    if to < f and absorbing[0] and to == 0:
        return to, "LOW_END"
    return to, "FROZEN" if ending < sum(out) + (1 - sum(out)) * ice else None


def war_over(w, h, f, over, frozen):
    w.row["line_at_end"] = f
    g = w.p.talks
    worth = {
        "A_GAVE_WAY": g.imposed[0],
        "B_GAVE_WAY": g.imposed[1],
        "LOW_END": g.absorbed[0],
        "HIGH_END": g.absorbed[1],
        "FROZEN": frozen[f],
    }
    w.get(h, worth[over])
    w.stay(h, "FROZEN" if over == "FROZEN" else "DECIDED")


def vote(w, h, n, f, deal):
    p, g, H = w.p, w.p.talks, w.p.horizon
    plan = int(p.plan_of[f, deal])
    w.row["line_at_end"] = f
    if plan < 0:
        w.row |= {"in_force": h, "completed": h}
        w.get(h, g.deals[f, deal])
        w.stay(h + 1, "PEACE")
        return "KEPT"
    for _ in range(p.plans.ratify_months[plan]):
        if h < H:
            w.get(h, g.month[min(h, g.months - 1), f])
            w.row["months_of_war"] += 1
            h += 1
            w.phase[h] = "VOTING"
    if h == H:
        w.go_on_for_ever(g.month[min(H, g.months - 1), f])
        return "AWAITING_VOTE"
    for gate, passes in enumerate(p.plans.passes[plan]):
        if w.draws(h, VOTE, gate // 4)[gate % 4] >= passes:
            w.row["voted_down_by"] = gate
            return first_war(w, h, n, f, talks=False)
    w.row["in_force"] = h
    return peace(w, h, plan)


def peace(w, h, plan):
    p, H = w.p, w.p.horizon
    last = p.plans.lasts.shape[1] - 1
    q = instants = 0
    while True:
        done = p.plans.stage[plan, q] == p.plans.stages[plan]
        if done and w.row["completed"] < 0:
            w.row["completed"] = h
        if h > w.row["in_force"] and not instants:
            w.phase[h] = "IMPLEMENTING" if w.row["completed"] < 0 else "PEACE"
        if h == H:
            w.get(H, p.plans.flow[plan, last])
            return "KEPT"
        breach, failure, *_ = w.draws(h, PLAN, instants)
        way = pick(p.plans.hazard[plan, q], breach)
        if way is not None:
            return broken(w, h, plan, q, way)
        w.get(h, [(1 - p.talks.discount[i]) * p.plans.flow[plan, q, i] for i in (0, 1)])
        month = h
        if p.plans.lasts[plan, q]:
            h, instants = h + 1, 0
            w.row["months_of_war"] += int(p.plans.fights[plan, q])
        else:
            instants += 1
        if failure < p.plans.step_fails[plan, q]:
            w.row |= {"broken": month, "stage": p.plans.stage[plan, q], "moment": q}
            w.get(h, p.plans.failed[plan, q])
            w.stay(month + 1, "FROZEN")
            return "STEP_FAILED"
        q = min(q + 1, last)


def broken(w, h, plan, q, way):
    p, wars, H = w.p, w.p.wars, w.p.horizon
    w.row |= {"broken": h, "by": p.way_actor[way], "way": way}
    w.row |= {"stage": p.plans.stage[plan, q], "moment": q}
    war = int(p.plans.war_after[plan, q, way])
    if war < 0:
        w.get(h, p.plans.pocketed[plan, q, way])
        w.stay(h + 1, "FROZEN")
        return "BROKEN_AND_POCKETED"
    w.row["war_again"] = war
    f, begin, L = int(wars.start[war]), h, wars.tempo.shape[1]
    while h < H:
        at = war, min(h - begin, L - 1)
        *_, ending, move = w.draws(h, WAR)
        w.get(h, wars.month[at][f])
        f, over = fight(
            w,
            f,
            wars.gives_way[at][f],
            wars.tempo[at][f],
            wars.chance[at][f],
            wars.freeze[at],
            ending,
            move,
        )
        h += 1
        w.row["months_of_war"] += 1
        if over:
            w.row["war_again_ended"] = h
            war_over(w, h, f, over, wars.frozen[war])
            return "BROKEN_BY_WAR"
        w.phase[h] = "WAR_AGAIN"
    w.row["line_at_end"] = f
    w.go_on_for_ever(wars.month[war, min(H - begin, L - 1), f])
    return "BROKEN_BY_WAR"


def kept_for(problem, plan, months):
    """Chance that a plan in force still stands after so many months, by its hazards."""
    stands, q, last = 1.0, 0, problem.plans.lasts.shape[1] - 1
    while months > 0:
        stands *= 1 - problem.plans.hazard[plan, q].sum()
        stands *= 1 - problem.plans.step_fails[plan, q]
        months -= bool(problem.plans.lasts[plan, q])
        q = min(q + 1, last)
    return stands


def passes(problem, plan):
    """Chance that a deal is let through by every gate."""
    return prod(problem.plans.passes[plan].tolist())
