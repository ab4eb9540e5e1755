"""What follows from rankings as tables."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from servanda.cli.screen import Table

if TYPE_CHECKING:
    from servanda.results.ordinal import FromRankings

MOST_DEALS = 12
"""Deals listed; more are counted."""

MOST_CHOSEN = 3
"""Deals listed for a solution."""

ONE_READING = (
    "The rest is for one reading of the rankings, the middle of all that agree: weights are "
    "rank-order centroids, places of a ranking lie evenly apart. It is a reading and not data: "
    "points below are as good as this choice."
)

_WORDS = {"certain": "yes", "open": "depends", "never": "no", "unsettled": "not known"}


def tables_of_rankings(found: FromRankings) -> list[Table]:
    """Tables that have rows."""
    return [table for table in _tables(found) if table.rows]


def _tables(found: FromRankings) -> Iterator[Table]:
    if not found.compared:
        return
    counted = {f"accepted by {name}": one for name, one in found.acceptance.items()}
    counted |= {"accepted by all": found.all_accept, "efficient among these": found.efficient}
    rows = [
        (name, f"{one.certain:,}", f"{one.open:,}", f"{one.never:,}")
        for name, one in counted.items()
    ]
    columns = ("packages", "whatever the numbers", "for some numbers", "for none")
    yield Table("From rankings alone", columns, tuple(rows), (1, 2, 3))
    parties = tuple(found.acceptance)
    listed = found.deals[:MOST_DEALS]
    more = f", {len(listed)} of {len(found.deals):,}" if len(listed) < len(found.deals) else ""
    deals = tuple(
        (
            f"{deal.index}",
            ", ".join(deal.options.values()),
            *(_WORDS[deal.accepted[actor]] for actor in parties),
            _WORDS[deal.efficient],
            f"{deal.share_accepted:.0%}",
            f"{deal.share_efficient:.0%}",
        )
        for deal in listed
    )
    heads = ("deal", "says", *parties, "efficient", "all accept", "and efficient")
    yield Table(
        f"Deals that may be accepted by all and efficient{more}; shares of the readings",
        heads,
        deals,
        (0, len(heads) - 2, len(heads) - 1),
    )
    shares = [
        (
            one.name,
            ", ".join(
                f"{deal} ({share:.0%})" for deal, share in islice(one.chosen.items(), MOST_CHOSEN)
            ),
            f"{one.no_deal:.0%}",
        )
        for one in found.shares
    ]
    yield Table(
        "What each solution would choose: deals, by share of the readings",
        ("solution", "deals", "no deal"),
        tuple(shares),
        (2,),
    )
