"""Rounds of talks by their definition: what would be tabled at a state, and one course of it."""


def tabled(p, found, m, n, f, who):
    """The deal tabled (-1 for none, -2 for a division), and whether it is signed."""
    least = found.refusal[m, n, f]
    if found.chosen[m, n, f, who] != -1:
        return int(found.chosen[m, n, f, who]), True
    options = []
    for c in range(p.deals.shape[1]):
        if not p.open[m, f, c]:
            continue
        short = [max(least[i] - p.deals[f, c, i], 0) for i in (0, 1)]
        if who == 2:
            options.append((sum(short), -p.mediator[f, c], c))
        elif short[who] <= 1e-12:
            options.append((short[1 - who], -p.deals[f, c, who], c))
    return (min(options)[2], False) if options else (-1, False)


def up_chance(p, m, n, f):
    """The analyst's chance that the next move is a's."""
    wins = (n + f - p.start) // 2
    mean = p.mean[2]
    if p.weight[2] != float("inf"):
        mean = (p.weight[2] * mean + wins) / (p.weight[2] + n)
    odds = p.odds[m, f] * mean
    return odds / (odds + 1 - mean)


def states(p, found, goes_on):
    """Chances of (moves, position) by month; ``goes_on`` is the share that the talks leave."""

    def tired(m, n, f):
        levels = found.striking[m, n, f]
        return p.gives_way[2, m, f].sum() + sum(p.wear[2, m, f, s, levels[s]] for s in (0, 1))

    now = {(0, p.start): 1.0}
    for m in range(p.months):
        yield now
        after = {}
        for (n, f), mass in now.items():
            left = mass * goes_on(m, n, f)
            left *= (1 - tired(m, n, f)) * (1 - p.freeze[2, m])
            up = p.tempo[m, f] * up_chance(p, m, n, f) if f < p.positions - 1 else 0.0
            down = p.tempo[m, f] * (1 - up_chance(p, m, n, f)) if f > 0 else 0.0
            for share, to in (
                (1 - up - down, (n, f)),
                (0 if p.absorbing[1] and f + 1 == p.positions - 1 else up, (n + 1, f + 1)),
                (0 if p.absorbing[0] and f - 1 == 0 else down, (n + 1, f - 1)),
            ):
                if left * share > 0:
                    after[to] = after.get(to, 0.0) + left * share
        now = after
    yield now


def refused(p, found):
    """Share of the months at a state after which the talks go on, if they get there."""

    def goes_on(m, n, f):
        if found.chosen[m, n, f, 0] <= -3:
            return 0.0
        signs = sum(p.recognised[2, m, who] for who in range(3) if found.chosen[m, n, f, who] != -1)
        return max(1 - signs, 0.0)

    return goes_on


def course(p, found):
    """(month, moves, position, who, deal, signed) along one course."""
    alone = list(states(p, found, lambda *_: 1.0))
    n, f, claims = 0, p.start, [0.0] * 4
    for m in range(p.months):
        if found.fighting[m] <= 1e-12 or not alone[m].get((n, f)):
            return
        shares = list(p.recognised[2, m])
        claims = [c + s for c, s in zip(claims, [*shares, 1 - sum(shares)], strict=True)]
        who = claims.index(max(claims))
        claims[who] -= 1
        deal, signed = (-1, False) if who == 3 else tabled(p, found, m, n, f, who)
        gives_in = found.chosen[m, n, f, 0] <= -3
        yield m, n, f, who, deal, signed and not gives_in
        if signed or gives_in:
            return
        up = up_chance(p, m, n, f)
        near = [(n, f)]
        if p.tempo[m, f] > 0 and up > 0 and f < p.positions - 1:
            near.append((n + 1, f + 1))
        if p.tempo[m, f] > 0 and up < 1 and f > 0:
            near.append((n + 1, f - 1))
        n, f = max(near, key=lambda one: alone[m + 1].get(one, 0.0))
