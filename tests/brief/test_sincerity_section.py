"""The brief's section on tests of sincerity."""

from pathlib import Path

import pytest

from servanda import workbench
from servanda.brief.document import plain
from servanda.brief.sections import sections
from servanda.brief.sincerity import MOST_TESTS
from servanda.files.results import load_result, save_result
from servanda.results.analysis import Analysis


@pytest.fixture(scope="module")
def geneva():
    scenario = workbench.read("geneva-2026")
    return scenario, workbench.analyse(scenario, draws=2)


def section(analysis, scenario):
    made = [one for _, group in sections(analysis, scenario) for one in group]
    found = [one for one in made if one.anchor == "sincerity"]
    return found[0] if found else None


def test_small_steps_are_ranked_for_every_party_with_types(geneva):
    scenario, analysis = geneva
    assert analysis.sincerity is not None
    assert [one.actor for one in analysis.sincerity.tests] == ["ukraine", "russia"]
    tables = [block for block in section(analysis, scenario).blocks if hasattr(block, "rows")]
    assert [table.caption.split(",")[0] for table in tables] == [
        "Small steps put first to test Ukraine",
        "Small steps put first to test Russia",
    ]
    bits = [one.bits for ranked in analysis.sincerity.tests for one in ranked.tests[:MOST_TESTS]]
    shown = [row.cells[1] for table in tables for row in table.rows]
    assert [f"{value:.2f}" for value in bits] == [plain(cell) for cell in shown]


def test_it_is_saved_with_the_rest(geneva, tmp_path: Path):
    _, analysis = geneva
    again = load_result(save_result(analysis, tmp_path / "analysis.npz"))
    assert isinstance(again, Analysis)
    assert again.to_dict() == analysis.to_dict()


def test_nothing_is_said_where_no_types_are_hidden():
    scenario = workbench.read("two-step-territory-and-guarantee")
    analysis = workbench.analyse(scenario, draws=2)
    assert analysis.sincerity is None
    assert section(analysis, scenario) is None
