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
    "must_have_a_war",
    "origin_of",
    "quiet",
    "read",
]

DRAWS, SEED = 500, 1
"""How many draws, from which seed, unless said otherwise."""

MOST_REMEMBERED = 16
ASKED: dict[str, Scenario] = {}
"""Scenarios read or asked about, by digest: a notebook shows an answer with their names."""


def read(name_or_file: str, *, variant: str = "", changes: Sequence[str] = ()) -> Scenario:
    """Read and check a scenario that ships, or stands in a file."""
    from servanda.files.read import read_scenario

    scenario = read_scenario(name_or_file, variant=variant, changes=changes)
    remember(scenario, digest(scenario))
    return scenario


def digest(scenario: Scenario) -> str:
    """Twelve characters that change whenever anything that the scenario says does.

    What stands at its default is left out, so a language that grows leaves the digest as it is.
    """
    text = scenario.model_dump_json(by_alias=True, exclude_defaults=True)
    return blake2b(text.encode(), digest_size=6).hexdigest()


def remember(scenario: Scenario, key: str) -> None:
    """Keep a scenario by its digest; the oldest is forgotten when there are many."""
    ASKED[key] = scenario
    while len(ASKED) > MOST_REMEMBERED:
        del ASKED[next(iter(ASKED))]


def origin_of(
    scenario: Scenario, draws: int, seed: int, variant: str, changes: Sequence[str]
) -> Origin:
    from servanda.results.analysis import Origin

    key = digest(scenario)
    remember(scenario, key)
    return Origin(
        title=scenario.title,
        as_of=scenario.as_of.isoformat(),
        digest=key,
        version=VERSION,
        seed=seed,
        draws=draws,
        variant=variant,
        changes=tuple(changes),
    )


def must_be_kept(*scenarios: Scenario) -> None:
    """Complain where nobody could be asked whether a deal would be kept, and say what can be."""
    must_have_a_war("Whether a deal is kept is weighed against fighting on.", *scenarios)
    rule = (
        "'{}' has none. There is nothing that could be kept, or put in an order. "
        "servanda deals, servanda talks and servanda brief do without."
    )
    complaints = [Complaint("steps", rule.format(one.title)) for one in scenarios if not one.steps]
    if complaints:
        raise ScenarioError(complaints)


def must_have_a_war(why: str, *scenarios: Scenario) -> None:
    """Complain about scenarios without a war, and say what can be asked of them instead.

    Without a war there are no steps either, so nothing more is said.
    """
    complaints = [
        Complaint("war", f"'{one.title}' has none. {why} {_without_a_war(one)}")
        for one in scenarios
        if one.war is None
    ]
    if complaints:
        raise ScenarioError(complaints)


def _without_a_war(scenario: Scenario) -> str:
    if scenario.rankings:
        return (
            "Of its rankings, servanda deals says what follows: which deals all would accept, "
            "which are efficient, and in how many readings."
        )
    return (
        "Without one, servanda deals says which deals all would accept, what each bargaining "
        "solution would choose, and what stands in the way."
    )


def chart_files(charts: Mapping[str, LayerChart], title: str, ending: str) -> dict[str, bytes]:
    from servanda.brief.chart_files import chart_file

    return {f"{name}.{ending}": chart_file(chart, title, ending) for name, chart in charts.items()}
