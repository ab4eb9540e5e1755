"""Answers show themselves where IPython runs, with the names of the scenario they are about."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter

import servanda
from brief.answers import sample_answers
from brief.sample import SCRIPT, sample_analysis, sample_scenario
from servanda import workbench
from servanda.workbench import _common


class Shell:
    """The part of an IPython shell that is asked for."""

    display_formatter = DisplayFormatter()


@pytest.fixture(autouse=True)
def nothing_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_common, "ASKED", {})
    monkeypatch.setattr("servanda.workbench._notebook.ASKED", _common.ASKED)


def test_ipython_shows_an_answer_by_its_class_alone() -> None:
    scenario = sample_scenario()
    _common.ASKED["3f9ac21b"] = scenario
    workbench.register(Shell)
    for answer in (scenario, sample_analysis(scenario), *sample_answers().values()):
        data, _ = Shell.display_formatter.format(answer)
        assert data["text/html"].count("<h3>") >= 1
        assert data["text/plain"] == f"<{type(answer).__name__}: Land and a guarantee>"


def test_charts_are_pictures_and_no_script_runs() -> None:
    scenario = sample_scenario(hostile=True)
    html = workbench.as_html(sample_analysis(scenario), scenario)
    assert html.count('<img src="data:image/svg+xml;base64,') == 5
    found: list[str] = []
    reader = HTMLParser()
    reader.handle_starttag = lambda tag, attrs: found.append(tag)  # type: ignore[method-assign]
    reader.feed(html)
    assert "script" not in found
    assert SCRIPT not in html
    assert re.findall(r'(?:src|href)="(?!data:|#)[^"]*"', html) == []


def test_without_its_scenario_an_answer_says_which_to_read() -> None:
    said = workbench.as_html(sample_answers()["why"])
    assert "scenario 3f9ac21b. Read that scenario" in said


def test_what_was_read_is_remembered_and_the_oldest_forgotten() -> None:
    scenario = workbench.read("fearon-1995-pie")
    assert _common.ASKED[workbench.digest(scenario)] is scenario
    for number in range(_common.MOST_REMEMBERED):
        _common.remember(scenario, f"{number}")
    assert len(_common.ASKED) == _common.MOST_REMEMBERED
    assert workbench.digest(scenario) not in _common.ASKED


def test_rows_come_out_as_arrays() -> None:
    found = sample_answers()["levers"]
    columns = servanda.to_columns(found.levers)
    assert columns["effect"].dtype == np.float64
    assert columns["effect"].tolist() == [one.effect for one in found.levers]
    assert columns["path"].tolist() == [one.path for one in found.levers]
    assert columns["spread"].tolist() == [None, 0.25, 1.0]
    assert columns["gates"][0] == found.levers[0].gates
    assert servanda.to_columns(()) == {}
