"""The axis of years that charts of histories share."""

import altair as alt

YEAR = 12


def year_axis(horizon: int, *notes: str) -> alt.X:
    """Years from now, with what the marks are; rows carry them as ``year``."""
    last = horizon / YEAR
    step = 1 if last <= 12 else 5
    return alt.X(
        "year",
        type="quantitative",
        title=["years from now", *notes],
        axis=alt.Axis(grid=False, values=list(range(0, int(last) + 1, step)), format="d"),
        scale=alt.Scale(domain=[0, last], nice=False),
    )
