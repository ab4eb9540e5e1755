"""All solvers by name, as sheets; a solver's module is loaded only when it is asked for."""

from servanda.errors import NotFoundError
from servanda.solvers.solver_info import Promise, SolverInfo

CATALOGUE: tuple[SolverInfo, ...] = (
    SolverInfo(
        name="funnel",
        title="Funnel of gates",
        kind="package search",
        question="Which packages pass every gate, and what does each gate stop?",
        needs=("values", "reservation values", "gates"),
        promises=(Promise.INDIVIDUALLY_RATIONAL, Promise.PARETO_EFFICIENT, Promise.DETERMINISTIC),
        source="Putnam (1988), International Organization 42(3)",
        module="servanda.solvers.funnel",
        function="funnel",
    ),
    SolverInfo(
        name="pareto",
        title="Pareto frontier",
        kind="frontier",
        question="Which packages leave nobody better off without leaving somebody worse off?",
        needs=("values",),
        promises=(Promise.PARETO_EFFICIENT, Promise.SYMMETRIC, Promise.SCALE_INVARIANT),
        source="Pareto (1906); Kung, Luccio and Preparata (1975), Journal of the ACM 22(4)",
        module="servanda.solvers.pareto",
        function="pareto_front",
    ),
    SolverInfo(
        name="nash",
        title="Nash",
        kind="bargaining solution",
        question="Which package maximises the product of gains over no deal?",
        needs=("values", "disagreement point"),
        promises=(
            Promise.INDIVIDUALLY_RATIONAL,
            Promise.PARETO_EFFICIENT,
            Promise.SYMMETRIC,
            Promise.SCALE_INVARIANT,
            Promise.TRANSLATION_INVARIANT,
            Promise.INDEPENDENT,
            Promise.DETERMINISTIC,
        ),
        source="Nash (1950), Econometrica 18(2); with weights, Kalai (1977), IJGT 6(3)",
        module="servanda.solvers.nash",
        function="nash",
    ),
    SolverInfo(
        name="kalai-smorodinsky",
        title="Kalai–Smorodinsky",
        kind="bargaining solution",
        question="Which package gives all the same share of the most each could hope for?",
        needs=("values", "disagreement point"),
        promises=(
            Promise.INDIVIDUALLY_RATIONAL,
            Promise.PARETO_EFFICIENT,
            Promise.SYMMETRIC,
            Promise.SCALE_INVARIANT,
            Promise.TRANSLATION_INVARIANT,
            Promise.DETERMINISTIC,
        ),
        source="Kalai and Smorodinsky (1975), Econometrica 43(3)",
        module="servanda.solvers.kalai_smorodinsky",
        function="kalai_smorodinsky",
    ),
    SolverInfo(
        name="kalai-smorodinsky-all-outcomes",
        title="Kalai–Smorodinsky, ideal over all outcomes",
        kind="bargaining solution",
        question="The same, when hopes also count packages that somebody would refuse?",
        needs=("values of all packages", "disagreement point"),
        promises=(
            Promise.INDIVIDUALLY_RATIONAL,
            Promise.PARETO_EFFICIENT,
            Promise.SYMMETRIC,
            Promise.SCALE_INVARIANT,
            Promise.TRANSLATION_INVARIANT,
            Promise.DETERMINISTIC,
        ),
        source="Variant of Kalai and Smorodinsky (1975), as in NegMAS (Mohammad et al. 2020)",
        module="servanda.solvers.kalai_smorodinsky",
        function="kalai_smorodinsky_all_outcomes",
    ),
    SolverInfo(
        name="egalitarian",
        title="Egalitarian (lexicographic)",
        kind="bargaining solution",
        question="Which package makes the smallest gain, in points, as large as possible?",
        needs=("values on a common scale", "disagreement point"),
        promises=(
            Promise.INDIVIDUALLY_RATIONAL,
            Promise.PARETO_EFFICIENT,
            Promise.SYMMETRIC,
            Promise.TRANSLATION_INVARIANT,
            Promise.INDEPENDENT,
            Promise.DETERMINISTIC,
        ),
        source="Kalai (1977), Econometrica 45(7); lexicographic form, Chun and Peters (1988)",
        module="servanda.solvers.egalitarian",
        function="egalitarian",
    ),
    SolverInfo(
        name="support",
        title="Support fitted to polls",
        kind="fit",
        question="Which share of an audience would accept a package, given the polls?",
        needs=("polls", "parents or ranks of options"),
        promises=(Promise.DETERMINISTIC,),
        source="Logistic regression with a normal prior; Gelman and Hill (2007), ch. 5 and 14",
        module="servanda.solvers.support",
        function="fit_support",
    ),
)

BARGAINING_SOLUTIONS: tuple[str, ...] = ("nash", "kalai-smorodinsky", "egalitarian")
"""Asked by default of what survives the funnel."""


def find_solver(name: str) -> SolverInfo:
    """Sheet of the solver with this name; NotFoundError names the nearest otherwise."""
    for sheet in CATALOGUE:
        if sheet.name == name:
            return sheet
    raise NotFoundError("solver", name, [sheet.name for sheet in CATALOGUE])
