"""Numbers of any size with so many digits, never as powers of ten.

>>> significant(0.000075), significant(24130), significant(-0.4251, 2), significant(3, sign=True)
('0.000075', '24100', '-0.43', '+3')
"""

from decimal import Decimal
from math import isfinite


def significant(value: float, digits: int = 3, *, sign: bool = False) -> str:
    """Rounded to significant digits, with trailing noughts left out; infinities as they are."""
    if not isfinite(value):
        return f"{value}"
    rounded = Decimal(f"{value:.{digits}g}")
    return f"{rounded:{'+' if sign else ''}f}"
