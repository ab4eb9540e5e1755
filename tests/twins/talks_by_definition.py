"""The talks game by its definition: a plain recursion over what is said and what is fought."""

from functools import cache
from itertools import product
from math import inf, isinf, isnan


def solve(p):
    """Values (a, b) at the start, and the analyst's chances: of agreement by month, of each level.

    The last are of a month of war in which a side strikes at a level: month, side, level.
    """
    M, F, levels = p.months, p.positions, range(p.levels)
    deals = range(p.deals.shape[1])

    def up_chance(i, m, n, f):
        wins = (n + f - p.start) // 2
        mean = p.mean[i]
        if not isinf(p.weight[i]):
            mean = (p.weight[i] * mean + wins) / (p.weight[i] + n)
        odds = p.odds[m][f] * mean
        return odds / (odds + 1 - mean)

    def moves(i, m, n, f):
        """Pairs of chance and what the month's fighting ends in."""
        q = up_chance(i, m, n, f)
        up = p.tempo[m][f] * q if f < F - 1 else 0.0
        down = p.tempo[m][f] * (1 - q) if f > 0 else 0.0
        yield 1 - up - down, ("on", n, f)
        if up:
            over = p.absorbing[1] and f + 1 == F - 1
            yield up, ("end", 1) if over else ("on", n + 1, f + 1)
        if down:
            over = p.absorbing[0] and f - 1 == 0
            yield down, ("end", 0) if over else ("on", n + 1, f - 1)

    def out(i, m, f, struck):
        """Chances that a, b give way, as i sees it, when they strike at some levels."""
        by_a, by_b = struck
        a, b = p.gives_way[i, m, f]
        return a + p.wear[i, m, f, 1, by_b], b + p.wear[i, m, f, 0, by_a]

    def fight(i, m, n, f, struck):
        """What a month of war and all that follows is worth to i."""
        out_a, out_b = out(i, m, f, struck)
        total = out_a * p.imposed[0, i] + out_b * p.imposed[1, i]
        for chance, (what, *where) in moves(i, m, n, f):
            if what == "end":
                worth = p.absorbed[where[0], i]
            else:
                ice = p.freeze[i, m]
                worth = (1 - ice) * value(m + 1, *where)[i] + ice * p.frozen[where[1], i]
            total += (1 - out_a - out_b) * chance * worth
        received = p.month[m, f, i] + sum(p.strikes[m, s, struck[s], i] for s in (0, 1))
        return received + p.discount[i] * total

    @cache
    def strike(m, n, f):
        """The levels at which they strike: the first pair at which nobody would rather another."""
        worth = {
            pair: [fight(i, m, n, f, pair) for i in (0, 1)] for pair in product(levels, levels)
        }
        return next(
            (a, b)
            for a, b in worth
            if all(
                worth[a, b][0] >= worth[other, b][0] - 1e-12
                and worth[a, b][1] >= worth[a, other][1] - 1e-12
                for other in levels
            )
        )

    @cache
    def refuse(m, n, f):
        """What refusing is worth to each, and who gives in (None for nobody)."""
        worth = [fight(i, m, n, f, strike(m, n, f)) for i in (0, 1)]
        short = [p.yields[i] - worth[i] for i in (0, 1)]
        for side in (0, 1):
            if short[side] > 0 and short[side] >= short[1 - side]:
                return tuple(p.yielded[side]), side
        return tuple(worth), None

    def agreed(m, n, f, who):
        """What is agreed when somebody makes an offer; None for nothing."""
        least, gives_in = refuse(m, n, f)
        if gives_in is not None:
            return None
        signable = [
            c
            for c in deals
            if p.open[m, f, c] and all(p.deals[f, c, i] >= least[i] - 1e-12 for i in (0, 1))
        ]
        pie = p.pie[f]
        left = -inf if isnan(pie) else pie - least[0] - least[1]
        if who == 2:
            if signable:
                c = max(signable, key=lambda one: (p.mediator[f, one], -one))
                return tuple(p.deals[f, c])
            return tuple(least[i] + left / 2 for i in (0, 1)) if left >= -1e-12 else None
        best, mine = None, least[who] - 1e-12
        if signable:
            c = max(signable, key=lambda one: (p.deals[f, one, who], -one))
            best, mine = tuple(p.deals[f, c]), p.deals[f, c, who]
        rest = least[who] + left
        if rest >= mine and (best is None or rest > mine):
            best = (rest, least[1]) if who == 0 else (least[0], rest)
        return best

    @cache
    def value(m, n, f):
        if m == M:
            return tuple(p.last[n, f])
        if p.absorbing[0] and f == 0:
            return tuple(p.absorbed[0])
        if p.absorbing[1] and f == F - 1:
            return tuple(p.absorbed[1])
        least, _ = refuse(m, n, f)
        found = []
        for i in (0, 1):
            total = (1 - p.recognised[i, m].sum()) * least[i]
            for who in range(3):
                got = agreed(m, n, f, who) or least
                total += p.recognised[i, m, who] * got[i]
            found.append(total)
        return tuple(found)

    agreement = [0.0] * M
    struck = [[[0.0 for _ in levels] for _ in (0, 1)] for _ in range(M)]
    now = {(0, p.start): 1.0}
    for m in range(M):
        after = {}
        for (n, f), mass in now.items():
            left = mass
            if refuse(m, n, f)[1] is not None:
                continue
            for who in range(3):
                if agreed(m, n, f, who) is not None:
                    agreement[m] += mass * p.recognised[2, m, who]
                    left -= mass * p.recognised[2, m, who]
            for side in (0, 1):
                struck[m][side][strike(m, n, f)[side]] += left
            left *= 1 - sum(out(2, m, f, strike(m, n, f)))
            for chance, (what, *where) in moves(2, m, n, f):
                if what == "on":
                    key = tuple(where)
                    after[key] = after.get(key, 0.0) + left * chance * (1 - p.freeze[2, m])
        now = after
    return value(0, 0, p.start), agreement, struck
