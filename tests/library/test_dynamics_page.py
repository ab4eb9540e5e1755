"""The page on the front against the record shows what comes out today, and says no more."""

import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from servanda import workbench
from servanda.results.dynamics import AHEAD, FRONT, MAP, MEAN, RESTLESS, SUM, WALK, WINDOW

ANEW = "run: python tools/make_dynamics_page.py"


@pytest.fixture(scope="module")
def tool(root: Path) -> dict[str, Any]:
    return runpy.run_path(str(root / "tools" / "make_dynamics_page.py"))


@pytest.fixture(scope="module")
def figures(tool: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(tool["FIGURES"].read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def by_name(figures) -> dict[tuple[str, str], dict[str, Any]]:
    return {(one["name"], one["task"]): one for one in figures["forecasters"]}


def test_the_figures_come_out_again(tool, figures) -> None:
    now, kept = tool["figures_now"](), dict(figures)
    assert now.keys() == kept.keys(), ANEW
    for name in ("months", "changes", "fitted", "second"):
        assert now[name] == kept[name], ANEW
    for mine, theirs in zip(now["forecasters"], kept["forecasters"], strict=True):
        assert (mine["name"], mine["task"]) == (theirs["name"], theirs["task"]), ANEW
        for key in ("inside_50", "inside_90", "score_50", "score_90"):
            assert mine[key] == pytest.approx(theirs[key], abs=0.01), ANEW
    for name in now["learned"]:
        assert now["learned"][name] == pytest.approx(kept["learned"][name], abs=1e-3), ANEW


def test_the_page_shows_the_figures(tool, figures) -> None:
    page = tool["PAGE"].read_text(encoding="utf-8")
    assert tool["filled"](page, figures) == page, ANEW


def test_the_pictures_are_there(tool) -> None:
    for name in ("months", "fan"):
        picture = tool["PICTURES"] / f"dynamics-{name}.svg"
        assert picture.read_text(encoding="utf-8").startswith("<svg")


def test_what_the_page_says_in_words_holds(figures, by_name) -> None:
    front, walk, mean = (
        {task: by_name[name, task] for task in (AHEAD, WINDOW, SUM)} for name in (FRONT, WALK, MEAN)
    )
    assert (front[AHEAD]["inside_50"], front[AHEAD]["inside_90"]) == (5, 7)
    for task in (WINDOW, SUM):
        assert front[task]["score_50"] < walk[task]["score_50"]
        assert front[task]["score_90"] < walk[task]["score_90"]
    assert front[AHEAD]["score_50"] < walk[AHEAD]["score_50"]
    assert front[AHEAD]["score_90"] > walk[AHEAD]["score_90"]
    for task in (AHEAD, WINDOW, SUM):
        for score in ("score_50", "score_90"):
            assert mean[task][score] < front[task][score]
            assert front[task][score] < by_name[RESTLESS, task][score]
    assert {by_name[MAP, task]["inside_50"] for task in (AHEAD, WINDOW, SUM)} == {7}
    assert by_name[MAP, AHEAD]["score_50"] > 1.5 * front[AHEAD]["score_50"]
    assert all(band["quantiles"][2] < band["seen"] for band in front[SUM]["bands"])
    assert all(band["quantiles"][0] < 50 for band in front[AHEAD]["bands"])
    assert min(figures["changes"]) > 130
    assert (round(figures["correlation"], 2), round(figures["unrelated"], 2)) == (0.45, 0.46)


def test_the_record_printed_on_the_page_can_be_read_and_scored(tool, tmp_path: Path) -> None:
    page = tool["PAGE"].read_text(encoding="utf-8")
    (printed,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    path = tmp_path / "valleys.yaml"
    path.write_text(printed, encoding="utf-8")
    found = workbench.dynamics(str(path))
    assert (found.fitted, len(found.changes)) == (4, 6)
    assert {len(one.bands) for one in found.forecasters} == {2}
    for one in found.forecasters:
        for band in one.bands:
            assert list(band.quantiles) == sorted(band.quantiles)
