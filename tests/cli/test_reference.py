"""The reference pages say what the code says."""

import re
import runpy
from pathlib import Path

import pytest

from scenario_files import TEXT, complaints_of, edited, write
from servanda.cli.main import commands
from servanda.scenario.fields import fields_of
from servanda.scenario.model import Scenario

ROOT = Path(__file__).resolve().parents[2]
PAGES: dict[Path, str] = runpy.run_path(str(ROOT / "tools" / "make_reference.py"))["pages"]()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_the_page_is_up_to_date(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == PAGES[path], "run: python tools/make_reference.py"


def test_every_command_and_option_stands_in_the_page() -> None:
    page = PAGES[ROOT / "docs" / "reference" / "cli.md"]
    for name, command in commands.commands.items():
        assert f"## servanda {name}\n" in page
        for parameter in command.params:
            if parameter.param_type_name == "option":
                assert f"`{parameter.opts[0]}" in page


def test_every_section_stands_in_the_page() -> None:
    page = PAGES[ROOT / "docs" / "reference" / "scenario.md"]
    assert all(f"`{name}`\n: " in page for name in fields_of(Scenario))


def test_the_mistakes_of_the_tutorial_are_complained_about_as_it_says(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "tutorials" / "first_scenario.md").read_text(encoding="utf-8")
    text = edited(("protects: holder", "protects: holdr"), ("months: 2\n", "months: two\n"))
    assert len(re.findall(r"months: 2$", TEXT, re.MULTILINE)) == 1  # what its sed changes
    assert TEXT.count("protects: holder") == 1
    said = [str(one) for one in complaints_of(write(tmp_path, text, "mistaken.yaml"))]
    assert len(said) == 2
    assert all(line in page for line in said)
