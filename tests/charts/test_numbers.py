"""Numbers as they are printed."""

import pytest

from servanda.charts.numbers import (
    count,
    counted,
    exact_percent,
    months,
    percent,
    points,
    signed,
    span,
)

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (9.94, "9.9"),
        (9.96, "10"),
        (12.6, "13"),
        (-3.14, "−3.1"),
        (-12.5, "−12"),
        (-0.04, "0.0"),
        (1234.5, "1,234"),
        (float("inf"), "no limit"),
    ],
)
def test_points_have_one_decimal_below_ten_and_none_from_there(value: float, text: str) -> None:
    assert points(value) == text


def test_signs_are_said_where_they_matter() -> None:
    assert [signed(x) for x in (3.1, 0.01, -3.1)] == ["+3.1", "0.0", "−3.1"]


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "<1"), (0.004, "<1"), (0.006, "1"), (0.243, "24"), (0.994, "99"), (1.0, ">99")],
)
def test_draws_cannot_say_never_or_always(share: float, text: str) -> None:
    assert percent(share) == f"{text}{NBSP}%"


def test_what_is_stated_or_computed_can() -> None:
    assert [exact_percent(p) for p in (0.0, 1e-6, 0.5, 1.0)] == [
        f"{text}{NBSP}%" for text in ("0", "<1", "50", "100")
    ]


def test_ranges_have_an_en_dash_or_words() -> None:
    assert span(18.2, 31.4) == "18–31"
    assert span(-2.0, 3.0) == "−2.0 to 3.0"
    assert span(2.0, 3.0, signed) == "+2.0 to +3.0"
    assert span(0.18, 0.31, percent) == f"18–31{NBSP}%"
    assert span(0.0, 0.02, percent) == f"up to 2{NBSP}%"
    assert span(0.97, 1.0, percent) == f"at least 97{NBSP}%"
    assert span(0.0, 1.0, percent) == f"<1{NBSP}% to >99{NBSP}%"
    assert span(0.0, 0.0, percent) == f"<1{NBSP}%"
    assert span(4.0, 4.01) == "4.0"


def test_counts_and_months() -> None:
    assert counted(1, "draw") == "1 draw"
    assert counted(1200, "draw") == "1,200 draws"
    assert counted(2, "policy", "policies") == "2 policies"
    assert count(93_312) == "93,312"
    assert months(1) == "1 month"
    assert months(45.2) == "45 months"
    assert months(float("inf")) == "no limit"
