"""What one can do with Servanda, a few lines each.  Start reading here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

from servanda.errors import Complaint, ScenarioError
from servanda.version import VERSION

if TYPE_CHECKING:
    from servanda.results.analysis import Analysis
    from servanda.scenario.model import Scenario

Progress = Callable[[str, float], None]

DRAWS, SEED = 500, 1
"""How many draws, from which seed, unless said otherwise."""


def read(name_or_file: str, *, variant: str = "", changes: Sequence[str] = ()) -> Scenario:
    """Read and check a scenario that ships, or stands in a file."""
    from servanda.files.read import read_scenario

    return read_scenario(name_or_file, variant=variant, changes=changes)


def analyse(
    scenario: Scenario,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    threads: int | None = None,
    progress: Progress | None = None,
    variant: str = "",
    changes: Sequence[str] = (),
) -> Analysis:
    """Value of fighting on, packages through their gates, orders of steps, over many draws.

    Args:
        scenario: a checked scenario, variant and changes already applied.
        draws: how many draws of the uncertain quantities.
        seed: of the draws; the same seed gives the same answer, whatever the threads.
        threads: at most this many; as many as there are processors when left out.
        progress: called with what is being done and how much of it, 0 to 1.
        variant, changes: what was applied, to be remembered in the answer.

    Raises:
        ScenarioError: the scenario has no war to weigh a deal against.
    """
    if scenario.war is None:
        rule = (
            "is missing. An analysis weighs a deal against fighting on, and asks who would keep it."
        )
        raise ScenarioError([Complaint("war", rule)])
    from servanda.results.analysis import Origin
    from servanda.simulation.analysis import analyse_scenario

    origin = Origin(
        title=scenario.title,
        as_of=scenario.as_of.isoformat(),
        digest=digest(scenario),
        version=VERSION,
        seed=seed,
        draws=draws,
        variant=variant,
        changes=tuple(changes),
    )
    return analyse_scenario(
        scenario, origin, threads=threads, progress=progress or (lambda *_: None)
    )


def brief(analysis: Analysis, scenario: Scenario) -> str:
    """A self-contained HTML page that says what an analysis found."""
    from servanda.brief import render_html

    return render_html(analysis, scenario)


def digest(scenario: Scenario) -> str:
    """Twelve characters that change whenever anything in the scenario does."""
    text = scenario.model_dump_json(by_alias=True)
    return blake2b(text.encode(), digest_size=6).hexdigest()
