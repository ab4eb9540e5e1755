"""All solvers by name, as sheets; a solver's module is loaded only when it is asked for."""

from itertools import chain

from servanda.errors import NotFoundError
from servanda.solvers.catalogue.bargaining import SHEETS as BARGAINING
from servanda.solvers.catalogue.commitment import SHEETS as COMMITMENT
from servanda.solvers.catalogue.information import SHEETS as INFORMATION
from servanda.solvers.catalogue.order import SHEETS as ORDER
from servanda.solvers.catalogue.packages import SHEETS as PACKAGES
from servanda.solvers.catalogue.uncertainty import SHEETS as UNCERTAINTY
from servanda.solvers.catalogue.war_and_talks import SHEETS as WAR_AND_TALKS
from servanda.solvers.solver_info import SolverInfo

FAMILIES: dict[str, tuple[SolverInfo, ...]] = {
    "Packages": PACKAGES,
    "Bargaining, offers, payments and pressure": BARGAINING,
    "The order of steps": ORDER,
    "Commitment over time": COMMITMENT,
    "What parties do not know of one another": INFORMATION,
    "War, talks and histories": WAR_AND_TALKS,
    "What an answer rests on": UNCERTAINTY,
}
"""Sheets by what their solvers are about."""

CATALOGUE: tuple[SolverInfo, ...] = tuple(chain.from_iterable(FAMILIES.values()))

BARGAINING_SOLUTIONS: tuple[str, ...] = ("nash", "kalai-smorodinsky", "egalitarian")
"""Asked by default of what survives the funnel."""

EVERY_SOLUTION: tuple[str, ...] = (*BARGAINING_SOLUTIONS, "maximin-gain", "utilitarian")
"""Solutions that need no more than the efficient deals and the reservation values."""


def find_solver(name: str) -> SolverInfo:
    """Sheet of the solver with this name; NotFoundError names the nearest otherwise."""
    for sheet in CATALOGUE:
        if sheet.name == name:
            return sheet
    raise NotFoundError("solver", name, [sheet.name for sheet in CATALOGUE])
