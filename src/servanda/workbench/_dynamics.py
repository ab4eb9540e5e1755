"""The war's front process held against a record of what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servanda.workbench._common import Progress, chart_files, quiet

if TYPE_CHECKING:
    from servanda.results.dynamics import Dynamics


def dynamics(record: str = "", *, progress: Progress | None = None) -> Dynamics:
    """Fit the front process to the first months of a record, and score it on the rest.

    Args:
        record: a record that ships, or a file; the first that ships when left out.
        progress: called with what is being done and how much of it, 0 to 1.

    Raises:
        NotFoundError: no such record or file.
        ScenarioError: the record does not hold together; carries all complaints.
    """
    from servanda.files.dynamics import read_record, shipped_records
    from servanda.simulation.dynamics import hold_against

    return hold_against(read_record(record or next(iter(shipped_records()))), progress or quiet)


def dynamics_charts(found: Dynamics, ending: str) -> dict[str, bytes]:
    """Charts of it as files: name to content.

    Args:
        found: the record with its forecasts.
        ending: html, svg or png.
    """
    from servanda.charts.dynamics_fan import dynamics_fan_chart
    from servanda.charts.dynamics_months import dynamics_months_chart

    charts = {"months": dynamics_months_chart(found), "fan": dynamics_fan_chart(found)}
    return chart_files(charts, found.title, ending)
