"""Months counted from a day."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from servanda.scenario.months import first_month_after, months_later

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@given(days, days)
def test_the_first_month_after_a_day_is_the_first_that_begins_after_it(start, day):
    month = first_month_after(start, day)
    assert months_later(start, month) > day
    assert month == 0 or months_later(start, month - 1) <= day
