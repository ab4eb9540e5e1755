"""The page on the back-test shows what was computed from the cases and the rules as they are."""

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from servanda import workbench
from servanda.files.read import shipped

ANEW = "run: python tools/make_backtest_page.py"


@pytest.fixture(scope="module")
def tool(root: Path) -> dict[str, Any]:
    return runpy.run_path(str(root / "tools" / "make_backtest_page.py"))


@pytest.fixture(scope="module")
def figures(tool: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(tool["FIGURES"].read_text(encoding="utf-8"))
    return found


def test_figures_are_of_the_cases_and_rules_as_they_are(tool, figures) -> None:
    assert figures["digests"] == tool["digests"](), ANEW


def test_the_page_shows_the_figures(tool, figures) -> None:
    page = tool["PAGE"].read_text(encoding="utf-8")
    assert tool["filled"](page, figures) == page, ANEW


def test_the_page_quotes_the_score(tool, figures) -> None:
    page = tool["PAGE"].read_text(encoding="utf-8")
    ours = {
        one["event"]: one["brier"] for one in figures["scores"] if one["forecaster"] == "servanda"
    }
    row = " | ".join(
        f"{ours[event]:.3f}" for event in ("ratified", "carried through", "held ten years", "all")
    )
    assert f"| as corrected | {row} |" in page


def test_the_pictures_are_there(tool) -> None:
    for name in ("forecasts", "calibration"):
        assert (
            (tool["PICTURES"] / f"backtest-{name}.svg")
            .read_text(encoding="utf-8")
            .startswith("<svg")
        )


def test_one_case_comes_out_again(figures) -> None:
    """Draws of a case do not depend on the other cases."""
    found = workbench.backtest(shipped()["minsk-2015"].parent, draws=figures["draws"])
    (said,) = [one for one in figures["cases"] if one["name"] == "minsk-2015"]
    for mine, theirs in zip(found.cases[0].forecasts, said["forecasts"], strict=True):
        assert mine.probability == pytest.approx(theirs["probability"], abs=2e-6), ANEW


def test_the_library_page_shows_every_shipped_scenario(root: Path) -> None:
    page = (root / "docs" / "reference" / "library.md").read_text(encoding="utf-8")
    for name in shipped():
        assert f"### `{name}`" in page
    pictures = {
        path.stem.removeprefix("library-") for path in (root / "docs/_static").glob("library-*.svg")
    }
    assert set(shipped()) - pictures == {"fearon-1995-pie", "well-by-rank"}  # they have no steps
    for name in pictures:
        assert f"_static/library-{name}.svg" in page
