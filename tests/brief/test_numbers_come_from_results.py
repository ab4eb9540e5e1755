"""Every number a brief prints comes from the result that holds it, or from the scenario.

A brief is made once as it is, and two dozen times with **every** number of the results and of
the scenario moved (and every figure inside their texts, dates and identifiers of runs included).
Whatever is printed at the same place in all of them comes from neither: somebody wrote it into the
page. What may stand there are units and scales, listed below, and the number of a row.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel

import servanda.brief
from brief.answers import sample_answers
from brief.sample import no_deal_sample, sample_analysis, sample_scenario
from servanda.brief import sections
from servanda.brief.document import (
    Block,
    Bullets,
    Facts,
    Figure,
    Folded,
    Paragraph,
    Section,
    Table,
    plain,
)
from servanda.brief.html import footer
from servanda.brief.page_one import page_one
from servanda.brief.sections import Entry
from servanda.charts.names import Names
from servanda.charts.numbers import percent

TIMES = 24
NUMBER = re.compile(r"\d[\d,.]*\d|\d")
SCALES = (
    "90 % interval",
    "95 % confidence",
    "95 % interval",
    "(90 %)",
    "5–95 % range",
    "5 % to 95 %",
    "100 points span",
    "below 0",
    "5 years from now",
    "Fortification, 0–5",
    "after 1 year",
    "after 2 years",
    "after 5 years",
    "within 2 years",
    "within 5 years",
)
"""Units and scales; they stand in the page whatever the results are."""

LABELS = {"No.", "after months", "years"}
"""Heads of columns that number the rows, or say when one looks."""

PHRASES = (
    "; 90",  # % interval, behind a space that does not break
    "beyond the two alone",
    "by two#",
    "cheapest two",
    "nine draws of ten",
    "nine in ten",
    "nine of ten",
    "one spread or two",
    "two numbers",
    "the two sides",
    "these two drawn",
    "two causes",
    "two equally likely types",
)
"""Numbers that say what is shown, and not what was found."""
TRIMMED = {"0", ".0"}
"""Ends of numbers that are cut off when they are printed."""
MESSAGES = (
    "answer_map",
    "comparison",
    "diagnosis",
    "inverse",
    "levers",
    "likelihood",
    "pressure_design",
    "sensitivity",
)
"""Results that say themselves what they found."""

Printed = dict[tuple[Any, ...], str]
"""Where something is printed, and what."""


# --- moving every number -------------------------------------------------------------------------

POSITIONS = {"at", "best", "stage", "weakest"}
"""Fields that say where something stands, and measure nothing."""
COUNTED = {"answers", "parcels", "red_lines_broken", "steps", "tested"}
"""Fields of plain values whose length a brief also prints."""
PAIRS = {"sides"}
"""Fields that always hold two."""
GRIDS = {"margin": 2, "share": 2, "points": 1}
"""Arrays over the same points, with their dimensions: all longer by as much."""
ALONGSIDE = {"changes", "steps", "step_errors", "shares", "share_errors"}
"""Fields with an item for every change: all longer by as much."""
DEALS = {"gone", "index", "package"}
"""Fields with numbers of deals, by which one finds another; all are moved alike."""
SHIFT = 100


@dataclass(frozen=True)
class Moving:
    """Changes every number in a value, by much or by little, and the length of its lists."""

    chance: np.random.Generator
    longer: bool
    wide: bool
    finer: int

    def __call__(self, value: Any, name: str = "") -> Any:
        if isinstance(value, bool | Enum) or value is None or name in POSITIONS:
            return value
        if isinstance(value, BaseModel):
            held = {one: self(getattr(value, one), one) for one in type(value).model_fields}
            return value.model_copy(update=held)
        if is_dataclass(value) and not isinstance(value, type):
            return type(value)(
                **{one.name: self(getattr(value, one.name), one.name) for one in fields(value)}
            )
        if isinstance(value, dict):
            return {key: self(item, name) for key, item in self._more_keys(value, name).items()}
        if isinstance(value, tuple):
            return tuple(self(item, name) for item in self._more_items(value, name))
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, date):
            return value + timedelta(days=int(self.chance.integers(1, 900)))
        if isinstance(value, int) and name in DEALS:
            return value + SHIFT
        if isinstance(value, np.ndarray):
            moved = np.array([self._number(one) for one in value.flat]).reshape(value.shape)
            longer = GRIDS.get(name) == moved.ndim
            return np.pad(moved, (0, self.finer), "edge") if longer else moved
        return self._number(value) if isinstance(value, int | float) else value

    def _number(self, value: Any) -> Any:
        if isinstance(value, int | np.integer):
            return int(
                value + self.chance.integers(1, 4) + abs(value) * self.chance.uniform(0.1, 0.5)
            )
        if 0.0 <= value <= 1.0 and self.wide:
            return float(self.chance.uniform(0.06, 0.94))
        if 0.0 <= value <= 1.0:
            return float(value * self.chance.uniform(0.8, 0.97))
        return float(value * self.chance.uniform(1.15, 1.8))

    def _text(self, text: str) -> str:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return str(date(2000, 1, 1) + timedelta(days=int(self.chance.integers(0, 9000))))
        return re.sub(r"\d", lambda _: str(self.chance.integers(0, 10)), text)

    def _more_keys(self, value: dict[str, Any], name: str) -> dict[str, Any]:
        if not self.longer or name not in COUNTED or not value:
            return value
        first = next(iter(value.values()))
        return {**{f"more-{n}": first for n in range(self.chance.integers(1, 4))}, **value}

    def _more_items(self, value: tuple[Any, ...], name: str) -> tuple[Any, ...]:
        if name in ALONGSIDE and not any(isinstance(one, str | tuple) for one in value):
            return value + value[-1:] * self.finer
        findings = any(is_dataclass(one) for one in value) and name not in PAIRS
        if not self.longer or not (findings or name in COUNTED):
            return value
        if not value:
            return (None,) * int(self.chance.integers(1, 4))
        return value + tuple(one for one in value if self.chance.uniform() < 0.5)


# --- reading what is printed ---------------------------------------------------------------------


def printed(sections: list[Section]) -> Printed:
    found: Printed = {}
    for section in sections:
        found[section.anchor, "title"] = section.title
        for number, block in enumerate(section.blocks):
            found |= {(section.anchor, number, *at): text for at, text in _texts(block)}
    return found


def _texts(block: Block) -> Iterator[tuple[tuple[Any, ...], str]]:
    match block:
        case Paragraph():
            yield (), plain(block.line)
        case Bullets():
            yield from (((n,), plain(item)) for n, item in enumerate(block.items))
        case Facts():
            for n, fact in enumerate(block.items):
                yield (n,), f"{fact.label}: {fact.value}; {fact.note}"
        case Figure():
            yield (), block.caption
        case Folded():
            yield (), block.title
            for n, inner in enumerate(block.blocks):
                yield from (((n, *at), text) for at, text in _texts(inner))
        case Table():
            yield (), block.caption
            yield from ((("head", n), one.title) for n, one in enumerate(block.columns))
            for n, row in enumerate(block.rows):
                for m, cell in enumerate(row.cells):
                    label = block.columns[m].title in LABELS
                    yield (n, m), "" if label else plain(cell)


def numbers(text: str) -> list[str]:
    text = text.replace("\u00a0", " ")
    for scale in SCALES:
        text = text.replace(scale, "")
    return NUMBER.findall(text)


def stays(text: str, place: int, other: str) -> bool:
    """Whether the number at this place of a text is still in another text for the same spot."""
    first, second = numbers(text), numbers(other)
    if NUMBER.sub("#", text) == NUMBER.sub("#", other):
        return first[place] == second[place]
    return first[place] in second


def stale(make: Callable[[Callable[[Any], Any]], Printed], times: int = TIMES) -> list[str]:
    """What is printed whatever the results are; ``make`` prints what it is given to change."""
    base = make(lambda value: value)
    others = [
        make(Moving(np.random.default_rng(seed), seed % 2 == 0, seed % 4 < 2, finer=seed % 5))
        for seed in range(times)
    ]
    return [
        f"{spot}: {number} in “{text}”"
        for spot, text in base.items()
        for place, number in enumerate(numbers(text))
        if all(stays(text, place, other[spot]) for other in others if spot in other)
    ]


@pytest.fixture(autouse=True)
def without_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts are data of their own tests; drawing them would take most of the time."""
    for path in Path(servanda.brief.__file__).parent.glob("*.py"):
        module = import_module(f"servanda.brief.{path.stem}")
        for name in list(vars(module)):
            if name.endswith("_chart") or name == "territory_map":
                monkeypatch.setattr(module, name, lambda *_, **__: None)


def page(sample: Callable[[Any], Any], change: Callable[[Any], Any]) -> Printed:
    """Everything a brief prints: the page, the sheet and the footer."""
    scenario = sample_scenario()
    analysis, answers = change(sample(scenario)), change(sample_answers())
    scenario = change(scenario)
    made = [one for _, group in sections.sections(analysis, scenario, answers) for one in group]
    return {
        **printed(made),
        **_sheet(page_one(analysis, Names(scenario), answers)),
        ("footer",): footer(analysis.origin),
    }


def _sheet(sheet: Any) -> Printed:
    found: Printed = {
        ("sheet", "likelihood"): plain(sheet.likelihood),
        ("sheet", "peace"): plain(sheet.peace.line) if sheet.peace else "",
        ("sheet", "evidence"): plain(sheet.evidence),
        ("sheet", "deal"): plain(sheet.deal.line),
        ("sheet", "obstacle"): f"{sheet.obstacle.lead}: {sheet.obstacle.headline}",
    }
    for name in ("details", "change", "caveats"):
        for n, one in enumerate(getattr(sheet, name)):
            found["sheet", name, n] = plain(one.line)
    for n, one in enumerate((*sheet.figures, sheet.land)):
        found["sheet", "picture", n] = f"{one.title}: {one.note}" if one else ""
    if sheet.orders:
        found |= {("sheet", "orders", *at): text for at, text in _texts(sheet.orders)}
    return found


# --- the tests -----------------------------------------------------------------------------------


@pytest.mark.parametrize("sample", [sample_analysis, no_deal_sample])
def test_no_number_of_a_brief_stays_when_the_results_move(sample: Callable[[Any], Any]) -> None:
    assert "\n".join(stale(lambda change: page(sample, change))) == ""


def _says(text: Callable[[Any], str]) -> Entry:
    """A section of one sentence."""

    def make(analysis: Any, _: Names) -> Section:
        return Section("said", "Said", (Paragraph(text(analysis)),))

    return Entry(sections.ANALYST, "analysis", make)


@pytest.mark.parametrize(
    "text",
    [
        lambda analysis: "A deal is kept in 24 % of the draws.",
        lambda analysis: f"A deal is kept in {percent(0.24)} of the draws.",
        lambda analysis: f"Of {analysis.origin.draws} draws a deal is kept in 24 %.",
    ],
)
def test_a_number_somebody_wrote_into_a_section_is_found(text, monkeypatch) -> None:
    monkeypatch.setattr(sections, "SECTIONS", (*sections.SECTIONS, _says(text)))
    found = stale(lambda change: page(sample_analysis, change), times=4)
    assert [one.partition(" in ")[0] for one in found if "said" in one] == ["('said', 0): 24"]


def test_a_number_that_comes_from_the_result_is_not(monkeypatch) -> None:
    said = _says(lambda analysis: f"A deal is kept in {percent(analysis.likelihood.probability)}.")
    monkeypatch.setattr(sections, "SECTIONS", (*sections.SECTIONS, said))
    found = stale(lambda change: page(sample_analysis, change), times=4)
    assert [one for one in found if "said" in one] == []


# --- no figure in a template, also where the samples do not lead ----------------------------------

FRAMES = {"chart_files.py", "display.py", "html.py", "pdf.py"}
"""What holds no sentence: addresses, colours, names of fonts."""
WORDS = re.compile(
    r"\d|\b(two|three|four|five|six|seven|eight|nine|ten|twelve|hundred|twice|thrice)\b"
)


def figures_in(source: str) -> list[str]:
    """Texts of a module, without its docstrings, in which a number stands as figure or word."""
    tree = ast.parse(source)
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            silent |= {id(part) for part in ast.walk(node.format_spec)}
    texts = [
        node.value.replace("\u00a0", " ")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent
    ]
    for scale in (*SCALES, *PHRASES):
        texts = [text.replace(scale, "") for text in texts]
    return [text for text in texts if WORDS.search(text) and text not in TRIMMED]


def test_no_template_of_a_brief_holds_a_number() -> None:
    folder = Path(servanda.brief.__file__).parent
    modules = [path for path in folder.glob("*.py") if path.name not in FRAMES]
    modules += [folder.parent / "results" / f"{name}.py" for name in MESSAGES]
    found = {path.name: figures_in(path.read_text(encoding="utf-8")) for path in modules}
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_a_number_in_a_template_is_found() -> None:
    assert figures_in('"""One of 5."""\nsaid = f"kept in {100 * share:.0f} % of 500 draws"') == [
        " % of 500 draws"
    ]
    assert figures_in('said = f"{name} needs three steps"') == [" needs three steps"]
