"""Stability in a graph model by its definitions, with sets and sequences written out."""


def reachable(moves, start, movers, willing=None):
    """States at the end of legal sequences of these movers: nobody twice running."""
    found, seen = set(), set()
    open_ = [(start, None)]
    while open_:
        state, last = open_.pop()
        for j in movers:
            if j == last:
                continue
            for after in moves[j][state]:
                if willing is not None and not willing[j][after] > willing[j][state]:
                    continue
                found.add(after)
                if (after, j) not in seen:
                    seen.add((after, j))
                    open_.append((after, j))
    return found


def stays(concept, i, s, moves, rank):
    others = [j for j in range(len(rank)) if j != i]
    for t in moves[i][s]:
        if rank[i][t] > rank[i][s] and not deterred(concept, i, s, t, moves, rank, others):
            return False
    return True


def deterred(concept, i, s, t, moves, rank, others):
    if concept == "nash":
        return False
    willing = rank if "sequential" in concept else None
    for u in reachable(moves, t, others, willing):
        if rank[i][u] > rank[i][s]:
            continue
        if "symmetric" in concept and any(rank[i][v] > rank[i][s] for v in moves[i][u]):
            continue
        return True
    return False
