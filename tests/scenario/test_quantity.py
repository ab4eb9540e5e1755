"""A number may be written in several ways, and means the same in all of them."""

import pytest

from scenario_files import changed
from servanda.scenario.build import build_scenario
from servanda.scenario.quantity import EFFECT, HAZARD, POINTS, SHARE, YEARLY, Kind, parse_number


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("0.4", SHARE, 0.4),
        ("40%", SHARE, 0.4),
        (" 40 % ", SHARE, 0.4),
        (".5", SHARE, 0.5),
        ("-3", POINTS, -3.0),
        ("1e1", POINTS, 10.0),
        ("5%/year", YEARLY, 0.05),
        ("5 % / year", YEARLY, 0.05),
        ("1%/month", YEARLY, 1.01**12 - 1),
        ("1%/month", HAZARD, 0.01),
        ("12%/year", HAZARD, 1 - 0.88 ** (1 / 12)),
        ("0.12/year", HAZARD, 1 - 0.88 ** (1 / 12)),
    ],
)
def test_numbers_as_text(text: str, kind: Kind, number: float) -> None:
    assert parse_number(text, kind) == pytest.approx(number, rel=1e-12)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("actors.holder.discount", "5%/week", "is not a number, a percentage or a rate"),
        ("actors.holder.discount", "five", "is not a number"),
        ("guarantees.treaty.adds-strength", "5%/year", "is a rate, but this is a relative change"),
        ("parcels.belt.exposure", "300%/year", "cannot be converted"),
        ("actors.holder.discount", True, "'true' is not a number"),
        ("actors.holder.discount", None, "is missing"),
        ("actors.holder.discount", [1], "is not a number"),
        ("actors.holder.discount", float("nan"), "is not a finite number"),
        ("actors.holder.discount", float("inf"), "is not a finite number"),
        ("actors.holder.discount", "١٢", "is not a number"),
        ("steps.leave-belt.months", "2", "'2' is not a whole number"),
        ("steps.leave-belt.months", True, "'true' is not a whole number"),
        ("steps.leave-belt.months", 1.5, "is not a whole number"),
        ("steps.leave-belt.months", -1, "-1 is below 0"),
        ("steps.leave-belt.months", 500, "500 is above 120"),
        ("guarantees.treaty.conditional", "yes", "'yes' is not true or false"),
        ("guarantees.treaty.form", "treeaty", "is not one of"),
        ("as-of", 20260131, "is not a day, written as"),
        ("as-of", "2026-02-31", "2026-02-31"),
        ("title", 5, "is not text"),
        ("links.land-for-safety.options", ["land.handed-over"], "has 1 entries, needs at least 2"),
    ],
)
def test_what_is_no_number_day_or_yes(path: str, value: object, words: str) -> None:
    _, complaints = build_scenario(changed({path: value}))
    assert [complaint.path for complaint in complaints] == [path]
    assert words in complaints[0].rule


@pytest.mark.parametrize("part", ["value", "low", "high", "believed.rival"])
def test_a_text_that_is_no_number_is_found_inside_the_long_form(part: str) -> None:
    path = f"guarantees.treaty.credibility.{part}"
    _, complaints = build_scenario(changed({path: "half"}))
    assert [complaint.path for complaint in complaints] == [path]


def test_the_kind_of_a_number_is_told_in_the_complaint() -> None:
    assert EFFECT.fault_of(-2) == (
        "-2 is below -1 (a relative change (0.3 is 30 % more, -0.3 is 30 % less))"
    )
    assert SHARE.fault_of(0.5) == ""
