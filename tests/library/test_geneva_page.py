"""The page on the Geneva case quotes what was computed, and was computed from the case as it is."""

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from servanda import workbench
from servanda.version import VERSION

ANEW = "run: python tools/make_case_figures.py, and write into the page what it prints"


@pytest.fixture(scope="module")
def tool(root: Path) -> dict[str, Any]:
    return runpy.run_path(str(root / "tools" / "make_case_figures.py"))


@pytest.fixture(scope="module")
def figures(tool: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(tool["FIGURES"].read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def page(tool: dict[str, Any]) -> str:
    return str(tool["plain"](tool["PAGE"].read_text(encoding="utf-8")))


def test_no_figure_is_left_to_be_filled(page: str) -> None:
    assert "to be filled" not in page


def test_figures_are_those_of_the_shipped_case(
    tool: dict[str, Any], figures: dict[str, Any], page: str
) -> None:
    assert figures["scenario"] == workbench.digest(workbench.read("geneva-2026")), ANEW
    assert f"version {VERSION} from the case with digest `{figures['scenario']}`" in page
    assert f"with {figures['draws']} draws and seed {figures['seed']}" in page


@pytest.mark.parametrize("part", ["central", "over-draws"])
def test_the_page_quotes_every_figure(figures: dict[str, Any], page: str, part: str) -> None:
    missing = {
        key: text
        for key, text in figures[part].items()
        if not key.startswith("readme-") and text not in page
    }
    assert missing == {}, ANEW


def test_the_readme_says_the_same(root: Path, figures: dict[str, Any]) -> None:
    text = " ".join((root / "README.md").read_text(encoding="utf-8").split())
    for key in ("readme-best", "readme-deal"):
        assert figures["over-draws"][key] in text, ANEW


def test_figures_at_the_central_values_come_out_again(
    tool: dict[str, Any], figures: dict[str, Any]
) -> None:
    found = tool["central_quotes"](tool["at_centre"]())
    assert {key: tool["plain"](text) for key, text in found.items()} == figures["central"], ANEW
