r"""Numbers as they are printed: no more digits than the judgement behind them carries.

>>> points(12.6), points(-3.14), signed(3.14)
('13', '−3.1', '+3.1')
>>> percent(0.004), percent(0.243), span(0.18, 0.31, percent)
('<1\xa0%', '24\xa0%', '18–31\xa0%')
"""

from collections.abc import Callable
from math import isfinite

NO_BREAK = "\u00a0"


def points(value: float) -> str:
    """Value points: whole from 10 on, else one decimal."""
    if not isfinite(value):
        return "no limit" if value > 0 else "none"
    text = f"{abs(value):.1f}"
    if float(text) >= 10:
        text = f"{abs(value):,.0f}"
    return text if value >= 0 or float(text.replace(",", "")) == 0 else f"−{text}"


def signed(value: float) -> str:
    """Value points with their sign."""
    text = points(value)
    positive = isfinite(value) and value > 0 and text != "0.0"
    return f"+{text}" if positive else text


def percent(share: float) -> str:
    """A share as a whole percentage; what draws cannot tell from never or always says so."""
    if not isfinite(share):
        return "unknown"
    if share < 0.005:
        return f"<1{NO_BREAK}%"
    if share >= 0.995:
        return f">99{NO_BREAK}%"
    return f"{100 * share:.0f}{NO_BREAK}%"


def exact_percent(share: float) -> str:
    """A share that is stated or computed, not estimated from draws: 0 % and 100 % are possible."""
    if share in {0.0, 1.0}:
        return f"{100 * share:.0f}{NO_BREAK}%"
    return percent(share)


def fine_percent(share: float) -> str:
    """A small change of a probability with two digits, as for what a month adds."""
    return f"{100 * share:.2g}{NO_BREAK}%".replace("-", "−")


def percentage_points(share: float) -> str:
    """The same in words."""
    return f"{100 * share:.2g} percentage points".replace("-", "−")


def fine(value: float) -> str:
    """Small value points with their sign and two digits."""
    return f"{value:+.2g}".replace("-", "−") if value else "0"


def count(number: float) -> str:
    """A number of things."""
    return f"{number:,.0f}"


def counted(number: float, what: str, more: str = "") -> str:
    """So many of something, as in ``1 draw`` and ``2 policies``."""
    return f"{count(number)} {what if number == 1 else more or f'{what}s'}"


def months(number: float) -> str:
    """A duration."""
    if not isfinite(number):
        return "no limit"
    if abs(number - 1) < 1e-9:
        return "1 month"
    return f"{number:.0f} months"


def times(number: int) -> str:
    """How often."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def span(low: float, high: float, say: Callable[[float], str] = points) -> str:
    """A range: en dash between, the unit once; in words when a bound has a sign."""
    first, second = say(low), say(high)
    if first == second:
        return first
    if first.startswith("<") and second.startswith(">"):
        return f"{first} to {second}"
    if first.startswith("<"):
        return f"up to {second}"
    if second.startswith(">"):
        return f"at least {first}"
    if low < 0 or "+" in first + second or "limit" in second or "none" in first:
        return f"{first} to {second}"
    unit = f"{NO_BREAK}%"
    if first.endswith(unit) and second.endswith(unit) and first[0].isdigit():
        first = first.removesuffix(unit)
    return f"{first}–{second}"
