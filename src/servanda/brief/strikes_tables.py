"""How hard each side strikes while it talks, as tables."""

from __future__ import annotations

from servanda.brief.document import Table, tabled
from servanda.charts.names import Names, clean, listed
from servanda.charts.numbers import exact_percent, fine, fine_percent, points, signed
from servanda.results.strikes import RestraintCase, StrikesAnswer


def tables_of_strikes(found: StrikesAnswer, names: Names) -> list[Table]:
    """What each intensity does; what restraint would be worth."""
    tables = [_levels(found, names), _restraint(found, names)]
    return tables if tables[0].rows else []


def _levels(found: StrikesAnswer, names: Names) -> Table:
    rows = [
        (
            f"{names.actor(side.actor)}: {clean(side.name)}" if number == 0 else "",
            f"{one.level:g}",
            points(one.own),
            points(one.other),
            fine_percent(one.tires),
            fine_percent(one.tires_seen),
            fine(one.worth),
            exact_percent(round(one.share, 12)),
        )
        for side in found.sides
        for number, one in enumerate(side.levels)
    ]
    heads = (
        "strikes",
        "intensity#",
        "costs it#",
        "costs the other#",
        "other gives way#",
        "as the other sees it#",
        "worth to it#",
        "chosen#",
    )
    title = (
        "How hard each strikes, and why: a month beside one at its lowest intensity (as now is "
        "intensity 1; costs in points a month, worth in value points)"
    )
    return tabled(title, heads, rows)


def _restraint(found: StrikesAnswer, names: Names) -> Table:
    rows = [
        (
            _rest(case, names),
            *(points(value) for value in case.values),
            *(signed(gain) if case.rest else "" for gain in found.gains(case)),
            exact_percent(round(case.signed_now, 12)),
            exact_percent(round(case.agreed, 12)),
            points(case.months),
        )
        for case in (found.chosen, found.both, found.alone_a, found.alone_b)
    ]
    a, b = (names.actor(side.actor) for side in found.sides)
    heads = (
        "at its lowest intensity for good",
        f"talks worth to {a}#",
        f"to {b}#",
        f"gain of {a}#",
        f"of {b}#",
        "signed now#",
        "agreed in all#",
        "months of war#",
    )
    return tabled("What restraint would be worth, in each side's own beliefs", heads, rows)


def _rest(case: RestraintCase, names: Names) -> str:
    return listed(names.actor(actor) for actor in case.rest) or "neither: as chosen"
