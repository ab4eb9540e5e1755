"""An answer about deals as tables, one function for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from servanda.cli.screen import Table

if TYPE_CHECKING:
    from servanda.results.deals import Deals
    from servanda.results.obstacles import Obstacles, Row, WinSets
    from servanda.results.packages import Deal

MOST_DEALS = 12
"""Efficient deals listed; more are counted."""

MOST_SETS = 8
"""Sets of gates listed; more are counted."""

MOST_SHOWN = 4
"""Deals that lifting gates would open, shown issue by issue where their numbers are too long."""


LONGEST = 10**9
"""A larger number of a package says nothing to a reader: deals are counted as they come up."""


def tables_of_deals(found: Deals) -> list[Table]:
    """Tables that have rows, in the order in which one asks."""
    tables = [*_gates(found), *_solutions(found), *_efficient(found)]
    if found.win_sets:
        tables += _win_sets(found.win_sets)
    tables += _obstacles(found.obstacles, _names(found))
    return [table for table in tables if table.rows]


def _names(found: Deals) -> dict[int, str]:
    """What each deal is called: the number of its package, or #1, #2 where that is too long."""
    ways = found.obstacles
    deals = [one.deal for one in found.solutions if one.deal]
    deals += [one.deal for one in ways.corrections] + [one.deal for one in ways.nearest]
    deals += [ways.payment.deal] if ways.payment else []
    indices = list(dict.fromkeys(deal.index for deal in deals))
    if all(index < LONGEST for index in indices):
        return {index: f"{index}" for index in indices}
    return {index: f"#{place}" for place, index in enumerate(indices, 1)}


def _gates(found: Deals) -> Iterator[Table]:
    funnel = found.funnel
    rows = [("on the table", f"{funnel.packages:,}", "", "")] if funnel.gates else []
    for gate in funnel.gates:
        alone = f"{gate.killed_alone:,}" if gate.gate not in {"implementable", "efficient"} else ""
        rows.append((gate.label, f"{gate.remaining:,}", f"{gate.killed_first:,}", alone))
    columns = ("gate", "left", "stops first", "stops alone")
    yield Table("From all packages to those left", columns, tuple(rows), (1, 2, 3))


def _solutions(found: Deals) -> Iterator[Table]:
    parties, names = tuple(found.reservations), _names(found)
    rows = []
    for one in found.solutions:
        if one.deal is None:
            rows.append((one.name, "", *("" for _ in parties)))
        else:
            gains = (_signed(one.deal.gains[actor]) for actor in parties)
            rows.append((one.name, names[one.deal.index], *gains))
    columns = ("solution", "deal", *parties)
    right = tuple(range(1, 2 + len(parties)))
    yield Table("Bargaining solutions, gains in points over no deal", columns, tuple(rows), right)
    chosen = {one.deal.index: one.deal for one in found.solutions if one.deal}
    if chosen:
        yield _contents(list(chosen.values()), names)


def _contents(deals: Sequence[Deal], names: dict[int, str]) -> Table:
    """Issue by issue what each deal says."""
    rows = [(issue, *(deal.options[issue] for deal in deals)) for issue in deals[0].options]
    columns = ("issue", *(f"deal {names[deal.index]}" for deal in deals))
    return Table("What they say", columns, tuple(rows))


def _efficient(found: Deals) -> Iterator[Table]:
    parties, funnel = tuple(found.reservations), found.funnel
    rows = [
        (
            f"{deal.index}",
            *(_signed(deal.gains[actor]) for actor in parties),
            "" if deal.margin is None else _signed(deal.margin),
            f"{shared:,}",
        )
        for deal, shared in zip(
            funnel.efficient[:MOST_DEALS], funnel.shared[:MOST_DEALS], strict=True
        )
    ]
    more = (
        f", {MOST_DEALS} of {len(funnel.efficient):,}" if len(rows) < len(funnel.efficient) else ""
    )
    columns = ("deal", *parties, "margin of the order", "packages alike")
    yield Table(
        f"Efficient deals{more}, gains in points over no deal",
        columns,
        tuple(rows),
        tuple(range(len(columns))),
    )


def _win_sets(found: WinSets) -> Iterator[Table]:
    rows = [(actor, f"{count:,}") for actor, count in found.accepts.items()]
    rows.append(("all", f"{found.all_accept:,}"))
    yield Table("Packages each would accept", ("actor", "accepts"), tuple(rows), (1,))
    if found.all_accept:
        options = [
            (
                issue,
                ", ".join(f"{name} ({held:,})" for name, held in counts.items() if held),
                ", ".join(name for name, held in counts.items() if not held),
            )
            for issue, counts in found.open_options.items()
        ]
        columns = ("issue", "still open (in so many packages)", "closed")
        yield Table("The range still open", columns, tuple(options))
    lines = [
        (
            cost.line.actor,
            cost.line.label,
            f"{cost.stops:,}",
            f"{cost.stops_alone:,}",
            ", ".join(f"{actor} {_signed(gain)}" for actor, gain in cost.gain.items() if gain > 0),
        )
        for cost in found.red_lines
    ]
    heads = ("actor", "red line", "break it", "only it stops", "best gain would rise by")
    yield Table("What each red line costs", heads, tuple(lines), (2, 3))


def _obstacles(found: Obstacles, names: dict[int, str]) -> Iterator[Table]:
    corrections = [
        (_rows(one.rows), "" if one.opens is None else f"{one.opens:,}", names[one.deal.index])
        for one in found.corrections[:MOST_SETS]
    ]
    more = ""
    if found.n_corrections is None:
        more = f", the first {len(corrections)}"
    elif len(corrections) < found.n_corrections:
        more = f", {len(corrections)} of {found.n_corrections:,}"
    yield Table(
        "Smallest sets of gates whose lifting opens a deal" + more,
        ("lift", "opens", "such as deal"),
        tuple(corrections),
        (1, 2),
    )
    conflicts = [(_rows(one),) for one in found.conflicts[:MOST_SETS]]
    yield Table("What cannot all be kept together", ("gates",), tuple(conflicts))
    if found.corrections or found.conflicts:
        nearest = [
            (
                near.actor,
                names[near.deal.index],
                f"{near.lacks:.1f}" if near.lacks < 1e6 else "no payment would do",
                "; ".join(near.own_lines),
                _rows(near.others),
            )
            for near in found.nearest
        ]
        columns = ("actor", "deal", "points it lacks", "own red lines broken", "others refuse by")
        yield Table("Nearest to each actor's acceptance", columns, tuple(nearest), (1, 2))
    if found.payment:
        paid = found.payment
        moves = [(actor, _signed(points)) for actor, points in paid.receives.items() if points]
        moves += [(fund, _signed(-points)) for fund, points in paid.from_funds.items() if points]
        moves.append((f"in all, on deal {names[paid.deal.index]}", f"{paid.total:.1f}"))
        yield Table("Smallest payment", ("that closes the gap", "receives"), tuple(moves), (1,))
    shown = [one.deal for one in found.corrections[:MOST_SHOWN]]
    shown += [found.payment.deal] if found.payment else []
    if any(names[deal.index].startswith("#") for deal in shown):  # else the number says which
        yield _contents(list({deal.index: deal for deal in shown}.values()), names)


def _rows(rows: Sequence[Row]) -> str:
    """Gates in words: a red line by its own, else the actor and which gate."""
    words = {
        "individual-rationality": "would rather have no deal",
        "ratification": "would not sign",
    }
    return "; ".join(
        f"{row.actor}: “{row.label}”"
        if row.gate == "red-lines"
        else f"{row.actor} {words[row.gate]}"
        for row in rows
    )


def _signed(points: float) -> str:
    return f"{points:+.1f}"
