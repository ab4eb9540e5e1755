"""Fit every audience of a scenario that has polls."""

from __future__ import annotations

from servanda.problems.parameters import FittedBlock
from servanda.problems.polls import fitted_block, support_problem
from servanda.results.ratification import SupportFit
from servanda.scenario.model import Scenario
from servanda.solvers.support import fit_support


def fit_audiences(scenario: Scenario) -> tuple[tuple[SupportFit, ...], tuple[FittedBlock, ...]]:
    """The fits, and the entries of θ they give."""
    fits = tuple(
        fit_support(support_problem(scenario, name))
        for name, audience in scenario.audiences.items()
        if audience.polls
    )
    return fits, tuple(fitted_block(scenario, fit) for fit in fits)
