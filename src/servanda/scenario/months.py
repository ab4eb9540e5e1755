"""Months counted from a day."""

from calendar import monthrange
from datetime import date


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month.

    >>> months_later(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def first_month_after(start: date, day: date) -> int:
    """Number of the first month counted from ``start`` that begins after a day; 0 if all do.

    >>> first_month_after(date(2026, 2, 18), date(2026, 6, 18))
    5
    >>> first_month_after(date(2026, 2, 18), date(2026, 6, 17))
    4
    """
    whole = (day.year - start.year) * 12 + day.month - start.month
    return max(whole + (months_later(start, max(whole, 0)) <= day), 0)
