"""The brief: further answers beside the analysis, its page, and its first sheet on paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servanda.errors import NotFoundError, ResultError
from servanda.workbench._common import DRAWS, SEED, Progress, digest
from servanda.workbench._inverse import inverse
from servanda.workbench._levers import levers
from servanda.workbench._pressure import pressure
from servanda.workbench._sensitivity import sensitivity
from servanda.workbench._simulate import simulate
from servanda.workbench._talks import talks, talks_rounds
from servanda.workbench._why import why

if TYPE_CHECKING:
    from servanda.results.analysis import Analysis
    from servanda.results.histories_answer import HistoriesAnswer
    from servanda.scenario.model import Scenario


def histories(scenario: Scenario, *, seed: int, **how: Any) -> HistoriesAnswer:
    """Histories of which both the policies and what chance does in them follow from one seed."""
    return simulate(scenario, seed=seed, policy_seed=seed, **how)


DRAWN: dict[str, Callable[..., Any]] = {
    "why": why,
    "levers": levers,
    "pressure": pressure,
    "inverse": inverse,
    "sensitivity": sensitivity,
}
CENTRAL: dict[str, Callable[..., Any]] = {"talks": talks}
SEEDED: dict[str, Callable[..., Any]] = {"rounds": talks_rounds, "histories": histories}
"""Drawn as often as they are by themselves, however many draws the brief has."""
BESIDES = {**DRAWN, **CENTRAL, **SEEDED}
"""Questions a brief can answer besides, by name; each has its section in brief/sections.py."""

KINDS = {
    "Analysis": "analysis",
    "AnswerMap": "map",
    "Comparison": "compare",
    "Diagnosis": "why",
    "HistoriesAnswer": "histories",
    "Inverse": "inverse",
    "Levers": "levers",
    "PressureDesign": "pressure",
    "RoundsAnswer": "rounds",
    "Sensitivity": "sensitivity",
    "TalksAnswer": "talks",
}
"""Which question a saved answer is to, by its class; some can be had saved only, and the analysis
is the brief's own."""


def ask(
    question: str,
    scenario: Scenario,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    threads: int | None = None,
    progress: Progress | None = None,
    variant: str = "",
    changes: Sequence[str] = (),
) -> Any:
    """Answer one of the questions that a brief can hold besides its analysis.

    Args:
        question: its name in :data:`BESIDES`.
        scenario: a checked scenario, variant and changes already applied.
        draws, seed: as for the question itself; one at the central values takes neither,
            one in :data:`SEEDED` the seed alone.
        threads: at most this many; as many as there are processors when left out.
        progress: called with what is being done and how much of it, 0 to 1.
        variant, changes: what was applied, to be remembered in the answer.

    Raises:
        NotFoundError: no such question.
        ScenarioError, ProblemError: it cannot be asked of this scenario, or so.
    """
    if question not in BESIDES:
        raise NotFoundError("question", question, BESIDES)
    how: dict[str, Any] = {
        "threads": threads,
        "progress": progress,
        "variant": variant,
        "changes": changes,
    }
    chance = {"draws": draws} if question in DRAWN else {}
    chance |= {"seed": seed} if question not in CENTRAL else {}
    return BESIDES[question](scenario, **chance, **how)


def saved_answer(path: Path, scenario: Scenario) -> tuple[str, Any]:
    """An answer saved earlier, with the question it is to.

    Raises:
        NotFoundError: there is no such file.
        ResultError: it holds no answer a brief has a section for, or one about another scenario.
    """
    from servanda.files.results import load_result

    found = load_result(path)
    question = KINDS.get(type(found).__name__)
    if question is None:
        raise ResultError(str(path), f"no answer for a brief, but of kind {type(found).__name__}")
    about, here = found.origin.digest, digest(scenario)
    if about != here:
        raise ResultError(str(path), f"about the scenario {about}, and this one is {here}")
    return question, found


def brief(analysis: Analysis, scenario: Scenario, answers: Mapping[str, Any] | None = None) -> str:
    """A self-contained HTML page that says what an analysis found, and further answers."""
    from servanda.brief import render_html

    return render_html(analysis, scenario, answers)


def brief_pdf(
    analysis: Analysis, scenario: Scenario, answers: Mapping[str, Any] | None = None
) -> bytes:
    """The first page of the brief as one A4 sheet."""
    from servanda.brief import render_pdf

    return render_pdf(analysis, scenario, answers)
