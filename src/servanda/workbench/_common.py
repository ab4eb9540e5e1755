"""What every question has in common: where an answer comes from, progress, charts as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

from servanda.errors import Complaint, ScenarioError
from servanda.simulation.progress import Progress, quiet
from servanda.version import VERSION

if TYPE_CHECKING:
    from altair import LayerChart

    from servanda.results.analysis import Origin
    from servanda.scenario.model import Scenario

__all__ = [
    "DRAWS",
    "Progress",
    "SEED",
    "chart_files",
    "digest",
    "must_be_kept",
    "origin_of",
    "quiet",
    "read",
]

DRAWS, SEED = 500, 1
"""How many draws, from which seed, unless said otherwise."""


def read(name_or_file: str, *, variant: str = "", changes: Sequence[str] = ()) -> Scenario:
    """Read and check a scenario that ships, or stands in a file."""
    from servanda.files.read import read_scenario

    return read_scenario(name_or_file, variant=variant, changes=changes)


def digest(scenario: Scenario) -> str:
    """Twelve characters that change whenever anything that the scenario says does.

    What stands at its default is left out, so a language that grows leaves the digest as it is.
    """
    text = scenario.model_dump_json(by_alias=True, exclude_defaults=True)
    return blake2b(text.encode(), digest_size=6).hexdigest()


def origin_of(
    scenario: Scenario, draws: int, seed: int, variant: str, changes: Sequence[str]
) -> Origin:
    from servanda.results.analysis import Origin

    return Origin(
        title=scenario.title,
        as_of=scenario.as_of.isoformat(),
        digest=digest(scenario),
        version=VERSION,
        seed=seed,
        draws=draws,
        variant=variant,
        changes=tuple(changes),
    )


def must_be_kept(scenario: Scenario) -> None:
    """Complain where nobody could be asked whether a deal would be kept."""
    complaints = []
    if scenario.war is None:
        rule = "is missing. Whether a deal is kept is weighed against fighting on."
        complaints.append(Complaint("war", rule))
    if not scenario.steps:
        complaints.append(Complaint("steps", "is missing. There is nothing that could be kept."))
    if complaints:
        raise ScenarioError(complaints)


def chart_files(charts: Mapping[str, LayerChart], title: str, ending: str) -> dict[str, bytes]:
    from servanda.brief.chart_files import chart_file

    return {f"{name}.{ending}": chart_file(chart, title, ending) for name, chart in charts.items()}
