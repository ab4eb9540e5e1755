"""The page on the order of steps at Geneva quotes a recorded run, of the case as it is."""

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from servanda import workbench

ANEW = "run: python tools/make_order_figures.py, and write into the page what it prints"


@pytest.fixture(scope="module")
def tool(root: Path) -> dict[str, Any]:
    return runpy.run_path(str(root / "tools" / "make_order_figures.py"))


@pytest.fixture(scope="module")
def figures(tool: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(tool["FIGURES"].read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def page(tool: dict[str, Any]) -> str:
    return str(tool["plain"](tool["PAGE"].read_text(encoding="utf-8")))


def test_the_page_quotes_every_figure_of_the_shipped_case(
    figures: dict[str, Any], page: str
) -> None:
    digest = workbench.digest(workbench.read("geneva-2026"))
    assert figures["scenario"] == digest, ANEW
    assert f"digest `{digest}`" in page
    missing = {
        key: text
        for key, text in figures["quotes"].items()
        if not key.startswith("margin-") and text not in page
    }
    assert missing == {}, ANEW


def test_margins_at_the_central_values_come_out_again(
    tool: dict[str, Any], figures: dict[str, Any]
) -> None:
    found = workbench.order(
        workbench.read(tool["CASE"]), package=tool["DEAL"], compare=tool["ASKED"], draws=2
    )
    again = {key: tool["plain"](text) for key, text in tool["central_quotes"](found).items()}
    assert again == figures["central"], ANEW


def test_the_pictures_are_there(tool: dict[str, Any], page: str) -> None:
    for file in tool["DRAWN"].values():
        assert f"_static/{file}.png" in page
        assert (tool["PICTURES"] / f"{file}.png").read_bytes().startswith(b"\x89PNG")
