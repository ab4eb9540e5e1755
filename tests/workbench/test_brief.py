"""What a brief can answer besides its analysis: every question has its section, saved or asked."""

from dataclasses import replace
from pathlib import Path

import pytest

from brief.answers import sample_answers
from brief.sample import sample_analysis, sample_scenario
from servanda import workbench
from servanda.brief.reproduce import SAVED
from servanda.brief.sections import ALL, SECTIONS
from servanda.errors import NotFoundError, ResultError
from servanda.files.results import save_result
from servanda.workbench._brief import KINDS


def test_every_question_has_a_section_and_can_be_saved() -> None:
    held = {*workbench.BESIDES, *SAVED}
    assert len(held) == len(workbench.BESIDES) + len(SAVED)
    assert {entry.needs for entry in SECTIONS} - {"analysis", ALL} == held
    assert set(KINDS.values()) == held | {"analysis"}
    samples = {type(answer).__name__ for answer in sample_answers().values()}
    assert samples | {"Analysis"} == set(KINDS)


def test_a_comparison_is_about_its_second_scenario(tmp_path: Path) -> None:
    before, after = sample_scenario(), sample_scenario(hostile=True)
    found = sample_answers()["compare"]
    origin = replace(found.after.origin, digest=workbench.digest(after))
    found = replace(found, after=replace(found.after, origin=origin))
    path = save_result(found, tmp_path / "compare.npz")
    assert workbench.saved_answer(path, after) == ("compare", found)
    with pytest.raises(ResultError, match=f"about the scenario {origin.digest}"):
        workbench.saved_answer(path, before)


def test_a_question_is_asked_as_by_its_own_name() -> None:
    scenario = workbench.read("fearon-1995-pie")
    asked = workbench.ask("talks", scenario, draws=7, variant="optimism")
    assert asked.to_dict() == workbench.talks(scenario, variant="optimism").to_dict()
    assert asked.origin.variant == "optimism"
    with pytest.raises(NotFoundError, match="Did you mean 'talks'"):
        workbench.ask("talk", scenario)


def test_rounds_and_histories_are_drawn_as_often_as_by_themselves(monkeypatch) -> None:
    scenario = workbench.read("fearon-1995-pie")
    rounds = workbench.ask("rounds", scenario, draws=7, seed=3)
    assert (rounds.origin.draws, rounds.origin.seed) == (100, 3)
    monkeypatch.setattr("servanda.workbench._brief.simulate", lambda _, **how: how)
    heard = print
    how = workbench.ask("histories", scenario, draws=7, seed=3, threads=2, progress=heard)
    assert (how["seed"], how["policy_seed"], how["threads"]) == (3, 3, 2)
    assert how["progress"] is heard
    assert not {"draws", "histories", "policies"} & set(how)


def test_a_saved_answer_has_to_be_about_the_same_scenario(tmp_path: Path) -> None:
    scenario = sample_scenario()
    answer = sample_answers()["why"]
    origin = replace(answer.origin, digest=workbench.digest(scenario))
    here = save_result(replace(answer, origin=origin), tmp_path / "here.npz")
    question, found = workbench.saved_answer(here, scenario)
    assert question == "why"
    assert found.as_it_is == answer.as_it_is
    elsewhere = save_result(answer, tmp_path / "elsewhere.npz")
    with pytest.raises(ResultError, match="about the scenario 3f9ac21b"):
        workbench.saved_answer(elsewhere, scenario)
    analysis = sample_analysis(scenario)
    whole = save_result(replace(analysis, origin=origin), tmp_path / "whole.npz")
    assert workbench.saved_answer(whole, scenario)[0] == "analysis"
    part = save_result(analysis.war[0].outlook, tmp_path / "part.npz")
    with pytest.raises(ResultError, match="of kind WarOutlook"):
        workbench.saved_answer(part, scenario)
