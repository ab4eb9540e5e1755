"""How hard each side strikes while it talks, as tables."""

from __future__ import annotations

from servanda.brief.document import Table, tabled
from servanda.charts.names import Names, brief, listed
from servanda.charts.numbers import exact_percent, fine, fine_percent, points, signed
from servanda.results.strikes import RestraintCase, StrikesAnswer


def tables_of_strikes(found: StrikesAnswer, names: Names) -> list[Table]:
    """What each intensity does; what restraint would be worth."""
    tables = [_levels(found, names), _restraint(found, names)]
    return tables if tables[0].rows else []


def _levels(found: StrikesAnswer, names: Names) -> Table:
    rows = [
        (
            f"{brief(names.actor(side.actor), 14)} at {one.level:g}",
            points(one.own),
            points(one.other),
            fine_percent(one.tires),
            fine_percent(one.tires_seen),
            fine(one.worth),
            exact_percent(round(one.share, 12)),
        )
        for side in found.sides
        for one in side.levels
    ]
    heads = (
        "a month of strikes",
        "own cost#",
        "other's cost#",
        "tires the other#",
        "as that sees it#",
        "worth to it#",
        "chosen#",
    )
    title = (
        "How hard each strikes, and why (as now is intensity one; beside a month at its lowest "
        "intensity; costs in points a month, worth in value points)"
    )
    return tabled(title, heads, rows)


def _restraint(found: StrikesAnswer, names: Names) -> Table:
    rows = [
        (
            _rest(case, names),
            *(
                f"{points(value)} ({signed(gain)})" if case.rest else points(value)
                for value, gain in zip(case.values, found.gains(case), strict=True)
            ),
            exact_percent(round(case.signed_now, 12)),
            exact_percent(round(case.agreed, 12)),
            points(case.months),
        )
        for case in (found.chosen, found.both, found.alone_a, found.alone_b)
    ]
    heads = (
        "held to its lowest intensity",
        *(f"{brief(names.actor(side.actor), 14)}#" for side in found.sides),
        "signed now#",
        "agreed in all#",
        "months of war#",
    )
    title = "What restraint for good would be worth: the talks, in each side's own beliefs (points)"
    return tabled(title, heads, rows)


def _rest(case: RestraintCase, names: Names) -> str:
    return listed(names.actor(actor) for actor in case.rest) or "neither, as chosen"
