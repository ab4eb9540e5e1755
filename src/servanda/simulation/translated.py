"""A scenario in integers, with its polls read."""

from __future__ import annotations

from servanda.problems.from_scenario import translate
from servanda.problems.translation import Translation
from servanda.scenario.model import Scenario
from servanda.simulation.progress import Progress, quiet
from servanda.simulation.shared import shared
from servanda.solvers.audiences import fit_audiences


@shared
def translated(scenario: Scenario, *, progress: Progress = quiet) -> Translation:
    """Fit the audiences that have polls, and turn what the scenario says into integers."""
    progress("reading the polls", 0.0)
    _, blocks = fit_audiences(scenario)
    return translate(scenario, blocks)
