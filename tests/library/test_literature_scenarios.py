"""The two literature scenarios say what their papers say, and are short."""

import numpy as np
import pytest

from servanda.files.read import LIBRARY, read_scenario
from servanda.problems.agreement import agreement, peace_flows
from servanda.problems.from_scenario import translate
from servanda.problems.parameters import central
from servanda.problems.war_binding import bind_war
from servanda.solvers.collapse import reservation_values
from servanda.solvers.orders import order_deal
from servanda.solvers.war_table import WarTable

A_MINUTE = 115
"""Lines that can be read in about a minute."""


def table_of(name: str, variant: str = "") -> WarTable:
    translation = translate(read_scenario(name, variant=variant))
    return WarTable(bind_war(translation, central(translation.parameters)))


@pytest.mark.parametrize("name", ["fearon-1995-pie", "two-step-territory-and-guarantee"])
def test_it_is_read_in_a_minute(name: str) -> None:
    text = (LIBRARY / "literature" / name / "scenario.yaml").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= A_MINUTE


def shares_both_prefer(variant: str) -> list[str]:
    table = table_of("fearon-1995-pie", variant)
    reservation = reservation_values(table)[0]
    translation = table.bound.translation
    options = translation.issues.options[0]
    preferred = []
    for number, name in enumerate(options):
        deal = agreement(translation, [number])
        value = peace_flows(translation, deal, table.bound.own, np.array([deal.full]))[0, 0]
        if (value >= reservation).all():
            preferred.append(name)
    return preferred


def test_fearon_1995_range_of_shares_both_prefer_to_war() -> None:
    # [p - cA, p + cB] = [0.6 - 0.2, 0.6 + 0.15], of which the tenths are 0.4 to 0.7
    assert shares_both_prefer("") == ["share-40", "share-50", "share-60", "share-70"]


def test_fearon_1995_war_values() -> None:
    values = reservation_values(table_of("fearon-1995-pie"))[0]
    np.testing.assert_allclose(values, [60.0 - 20.0, 40.0 - 15.0], atol=0.1)


def test_fearon_1995_optimism_leaves_no_share() -> None:
    # A expects 90 - 20, B expects 60 - 15: together more than the pie of 100
    assert shares_both_prefer("optimism") == []


def margins(variant: str = "") -> dict[str, float]:
    scenario = read_scenario("two-step-territory-and-guarantee", variant=variant)
    table = table_of("two-step-territory-and-guarantee", variant)
    deal = agreement(table.bound.translation, [1, 1])
    found = order_deal(table, 0, deal, [], dict(scenario.orders)).searches
    return {name: search.plan.margin for name, search in found.items() if search and search.plan}


def test_fearon_1996_powell_2006_order_decides_whether_land_against_a_guarantee_is_kept() -> None:
    found = margins()
    assert found["territory-first"] < -1.0
    assert found["guarantee-first"] > 1.0
    assert found["both-at-once"] > 1.0


def test_a_promise_nobody_believes_keeps_no_order() -> None:
    assert max(margins("no-promise").values()) < 0.0
