"""The answer about talks while fighting as tables."""

from __future__ import annotations

import numpy as np

from servanda.brief.document import Table, tabled
from servanda.brief.strikes_tables import tables_of_strikes
from servanda.brief.talks_words import REMOVED
from servanda.brief.words import capital, package_line
from servanda.charts.names import Names, brief
from servanda.charts.numbers import exact_percent, percent, points, signed
from servanda.results.talks_answer import SEEN, SideAtPresent, TalksAnswer, TalksCase

MONTHS = (1, 3, 6, 12, 24, 36, 60, 120, 240)
"""Months shown, as far as they are looked at."""

MOST_SHOWN = 8
"""Deals shown, the likeliest first."""

LEAST_SHOWN = 0.005
"""Chance of being signed below which a deal is not shown."""


def tables_of_talks(found: TalksAnswer, names: Names) -> list[Table]:
    """By month; what is signed; what each side would accept; one cause removed at a time."""
    tables = [
        _by_month(found, names),
        _signed(found, names),
        _sides(found, names),
        _causes(found),
        *(tables_of_strikes(found.strikes, names) if found.strikes else []),
        _early(found, names),
    ]
    return [table for table in tables if table.rows]


def _by_month(found: TalksAnswer, names: Names) -> Table:
    solution = found.solution
    last = len(solution.fighting) - 1
    a, b = (brief(names.actor(side.actor), 14) for side in found.sides)
    rows = []
    for month in sorted({*(m for m in MONTHS if m < last), last}):
        agreed = solution.agreement[:month].sum()
        beaten = (solution.given_way + solution.yielded + solution.absorbed)[:month].sum(axis=0)
        shares = (agreed, solution.fighting[month], *beaten, solution.frozen[:month].sum())
        rows.append((str(month), *(_share(float(one)) for one in shares)))
    heads = (
        "after months",
        "agreed#",
        "fighting on#",
        f"{a} gives way#",
        f"{b} gives way#",
        "frozen#",
    )
    return tabled("What has become of the war", heads, rows)


def _signed(found: TalksAnswer, names: Names) -> Table:
    chances = found.signed
    order = [n for n in np.argsort(-chances, kind="stable").tolist() if chances[n] >= LEAST_SHOWN]
    rows = []
    for number in order[:MOST_SHOWN]:
        deal = found.deals[number]
        at = np.flatnonzero(found.solution.signed[:, :, number].sum(axis=1) > SEEN)
        rows.append(
            (str(deal.index), _share(float(chances[number])), str(at[0]), package_line(deal, names))
        )
    return tabled("What is signed", ("deal", "chance#", "first in month#", "package"), rows)


def _sides(found: TalksAnswer, names: Names) -> Table:
    sides = found.sides
    own = (sides[0].expects, 1.0 - sides[1].expects)
    rows = (
        ("fighting and talking on is worth", *(points(side.least) for side in sides)),
        ("fighting on without talks", *(points(side.walking_out) for side in sides)),
        ("being at the table is worth", *(points(side.at_table) for side in sides)),
        ("talks add", *(signed(side.at_table - side.walking_out) for side in sides)),
        ("deals refused", *(f"{side.refuses} of {len(found.deals)}" for side in sides)),
        ("best deal it can have", *(_best(found, side) for side in sides)),
        ("next move of the line its own", *(percent(share) for share in own)),
    )
    return tabled(
        "What each side would accept now, in its own beliefs (value points)",
        ("", *(f"{names.actor(side.actor)}#" for side in sides)),
        rows if found.front else rows[:-1],
    )


def _best(found: TalksAnswer, side: SideAtPresent) -> str:
    if side.best is None or side.gains is None:
        return "none"
    return f"{found.deals[side.best].index} ({signed(side.gains)})"


def _causes(found: TalksAnswer) -> Table:
    rows = [("as it is", *_case(found.case))]
    rows += [
        (capital(f"if {REMOVED[one.cause]}"), *_case(one))
        if one.applies
        else (capital(f"if {REMOVED[one.cause]}"), "", "", "", "as it is")
        for one in found.without
    ]
    heads = ("one thing changed", "deals#", "signed now#", "first month#", "agreed in all#")
    return tabled("Why not now: one cause removed at a time", heads, rows)


def _early(found: TalksAnswer, names: Names) -> Table:
    """Issues and value that could be settled alone, beside those of the likeliest deal."""
    sides = [side.actor for side in found.sides]
    rows = [
        (
            one.track,
            f"{len(one.answers)} of {one.issues}",
            *(signed(one.gains[side]) if side in one.gains else "" for side in sides),
            ", ".join(names.option(issue, option) for issue, option in one.answers.items())
            or "nothing",
        )
        for one in found.early
    ]
    if found.deals and found.signed.max() > SEEN:
        deal = found.deals[int(np.argmax(found.signed))]
        count = sum(one.issues for one in found.early)
        gains = (signed(deal.gains[side]) if side in deal.gains else "" for side in sides)
        rows.append(("all", f"{count} of {count}", *gains, f"for comparison: deal {deal.index}"))
    heads = ("track", "issues settled#", *(f"{names.actor(side)}#" for side in sides), "answers")
    return tabled(
        "What could be settled alone while the war goes on (points above fighting on)", heads, rows
    )


def _case(one: TalksCase) -> tuple[str, str, str, str]:
    first = "never" if one.first_month is None else str(one.first_month)
    return str(one.deals), _share(one.signed_now), first, _share(one.agreed)


def _share(value: float) -> str:
    """A computed chance; rounding is not read as certainty."""
    return exact_percent(round(value, 12))
