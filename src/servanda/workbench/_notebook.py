"""Answers in a notebook: shown as tables and charts when they are the last line of a cell.

IPython is told the names of the classes, so that nothing is imported before an answer is shown.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from servanda.workbench._common import ASKED

if TYPE_CHECKING:
    from servanda.scenario.model import Scenario

SHOWN = {
    "Analysis": "servanda.results.analysis",
    "AnswerMap": "servanda.results.answer_map",
    "Comparison": "servanda.results.comparison",
    "Deals": "servanda.results.deals",
    "Diagnosis": "servanda.results.diagnosis",
    "HistoriesAnswer": "servanda.results.histories_answer",
    "Inverse": "servanda.results.inverse",
    "Levers": "servanda.results.levers",
    "OrderAnswer": "servanda.results.order_answer",
    "PressureDesign": "servanda.results.pressure_design",
    "RoundsAnswer": "servanda.results.talks_rounds",
    "Scenario": "servanda.scenario.model",
    "Sensitivity": "servanda.results.sensitivity",
    "TalksAnswer": "servanda.results.talks_answer",
}
"""Classes that show themselves, with their modules."""


def register(shell: Any) -> None:
    """Tell an IPython shell how answers are shown."""
    formatters = shell.display_formatter.formatters
    for name, module in SHOWN.items():
        formatters["text/html"].for_type_by_name(module, name, as_html)
        formatters["text/plain"].for_type_by_name(module, name, _as_text)


def as_html(answer: Any, scenario: Scenario | None = None) -> str:
    """Tables and charts of an answer, as a fragment of HTML that asks for nothing outside itself.

    Args:
        answer: a scenario, or the answer to one of the workbench's questions.
        scenario: whose names are printed; when left out, the one with the answer's digest among
            those read or asked about before.
    """
    from servanda.brief.display import render_answer

    origin = getattr(answer, "origin", None)  # a scenario has none
    known = scenario or (ASKED.get(origin.digest) if origin else answer)
    if known is None:
        return f"<p>{escape(_said(answer))}</p>"
    return render_answer(answer, known)


def _said(answer: Any) -> str:
    origin = answer.origin
    return (
        f"{type(answer).__name__} about “{origin.title}”, scenario {origin.digest}. Read that "
        "scenario and show this again for tables and charts."
    )


def _as_text(answer: Any, printer: Any, _: bool) -> None:
    """One line; an answer written out in full would be as long as a book."""
    about = answer.origin.title if hasattr(answer, "origin") else answer.title
    printer.text(f"<{type(answer).__name__}: {about}>")
