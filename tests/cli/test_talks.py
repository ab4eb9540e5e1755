"""`servanda talks`: when what would be signed, why not now, charts, and bad input."""

import json
from pathlib import Path

import numpy as np
import pytest

import servanda
from scenario_files import TEXT, edited, write
from servanda import workbench
from servanda.brief.talks_charts import charts_of_talks
from servanda.charts.theme import FONT
from servanda.cli.main import run

PIE, LAND = "fearon-1995-pie", "two-step-territory-and-guarantee"


def test_without_optimism_they_sign_at_once(capsys) -> None:
    assert run(["talks", PIE, "--quiet"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "They would sign now, whoever makes the offer." in out
    assert "fighting on without talks 40 25" in " ".join(out.split())


def test_optimism_alone_keeps_them_from_signing(capsys) -> None:
    assert run(["talks", PIE, "--variant", "optimism", "--quiet"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "there is nothing to sign" in out
    assert "They would sign now if both sides believed what the analyst does." in out


def test_json_says_the_same_and_adds_up(capsys) -> None:
    assert run(["talks", LAND, "--quiet", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["front"] == "axis"
    assert said["case"]["signed_now"] == pytest.approx(1.0)
    assert [one["cause"] for one in said["without"]] == [
        "beliefs",
        "learning",
        "pressure",
        "ratification",
        "implementation",
    ]
    months = said["by_month"]
    ended = sum(np.sum(months[name]) for name in ("agreement", "given_way", "absorbed", "frozen"))
    assert ended + np.sum(months["yielded"]) + months["fighting"][-1] == pytest.approx(1.0)
    assert sum(deal["signed"] for deal in said["deals"]) == pytest.approx(said["case"]["agreed"])


def test_whoever_makes_the_offers_has_the_better_of_them(capsys, tmp_path: Path) -> None:
    def values(offers: str) -> dict[str, float]:
        text = Path(servanda.__file__).parent / f"library/literature/{PIE}/scenario.yaml"
        more = f"\ntalks: {{months: 12, learning: 10, offers: {offers}}}\n"
        file = write(tmp_path, text.read_text(encoding="utf-8") + more)
        assert run(["talks", file, "--quiet", "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert len(said["by_month"]["agreement"]) == 12
        return {side["actor"]: side["at_table"] for side in said["sides"]}

    a, b = values("{state-a: 1}"), values("{state-b: 1}")
    assert a["state-a"] > b["state-a"]
    assert a["state-b"] < b["state-b"]


def test_pressure_and_a_mediator_are_part_of_it(tmp_path: Path, capsys) -> None:
    folder = Path(servanda.__file__).parent / f"library/literature/{LAND}"
    more = """
pressure:
  ban: {by: guarantor, on: revisionist, changes: {war.costs.revisionist.now: 30}, lapses: 6}
talks: {months: 24, offers: {holder: 0.4, revisionist: 0.4, guarantor: 0.2}}
"""
    text = (folder / "scenario.yaml").read_text(encoding="utf-8")
    file = write(tmp_path, text + more)
    assert run(["talks", file, "--quiet", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["mediator"] == "guarantor"
    assert said["pressure"] == ["ban"]
    by_cause = {one["cause"]: one for one in said["without"]}
    assert by_cause["pressure"]["applies"]
    dear = {side["actor"]: side["walking_out"] for side in said["sides"]}
    unpressed = text + more[more.index("talks:") :]
    assert run(["talks", write(tmp_path, unpressed), "--quiet", "--json"]) == 0
    cheap = {
        side["actor"]: side["walking_out"] for side in json.loads(capsys.readouterr().out)["sides"]
    }
    assert dear["revisionist"] < cheap["revisionist"]
    assert dear["holder"] == pytest.approx(cheap["holder"])


@pytest.mark.parametrize("ending", ["svg", "png", "html"])
def test_charts_are_written(ending: str, tmp_path: Path, capsys) -> None:
    folder = tmp_path / "charts"
    assert run(["talks", LAND, "--quiet", "--charts", str(folder), "--format", ending]) == 0
    assert {path.name for path in folder.iterdir()} == {
        f"{LAND}-talks-endings.{ending}",
        f"{LAND}-talks-region.{ending}",
    }
    capsys.readouterr()


def test_every_chart_says_what_it_shows() -> None:
    for name in (PIE, LAND):
        scenario = workbench.read(name)
        charts = charts_of_talks(workbench.talks(scenario), scenario)
        assert ("talks-region" in charts) == (name == LAND)
        for chart in charts.values():
            spec = chart.to_dict()
            assert spec["width"] == "container"
            assert len(spec["description"]) > 40
            assert spec["config"]["font"] == FONT
            assert "http" not in json.dumps(spec["layer"], allow_nan=False)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("talks: {months: 0}", "talks.months"),
        ("talks: {months: a year}", "talks.months"),
        ("talks: {learning: 0}", "talks.learning"),
        ("talks: {offers: {nobody: 0.5}}", "no actor 'nobody'"),
        ("talks: {offers: {holder: 1.5}}", "talks.offers.holder"),
    ],
)
def test_bad_input_is_named_with_its_place(more: str, words: str, tmp_path: Path, capsys) -> None:
    file = write(tmp_path, TEXT + "\n" + more + "\n")
    assert run(["talks", file, "--quiet"]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("more", [[], ["--rounds"]])
def test_without_a_war_there_is_nothing_to_talk_beside(more: list[str], capsys) -> None:
    assert run(["talks", "well-by-rank", "--quiet", *more]) == 2
    assert "war" in capsys.readouterr().err


def test_a_line_that_never_moves_stays(tmp_path: Path, capsys) -> None:
    file = write(
        tmp_path, edited(("tempo: {value: 0.15, low: 0.05, high: 0.3, ", "tempo: {value: 0, "))
    )
    assert run(["talks", file, "--quiet", "--json", "--set", "war.initiative=1"]) == 0
    said = json.loads(capsys.readouterr().out)
    stands = np.array(said["by_month"]["line"])
    assert (stands[:, np.arange(stands.shape[1]) != said["start"]] == 0).all()


def test_rounds_say_who_tables_what_and_why_each_stays(capsys) -> None:
    assert run(["talks", "minsk-2015", "--rounds", "--draws", "5", "--quiet"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    for title in (
        "Round by round, as war alone would most likely go; repeats are left out",
        "Deals tabled",
        "Over all courses",
        "Issues open to agreement, and what hangs on them",
        "What each answer teaches",
        "Why each stays",
    ):
        assert title in out
    said = " ".join(out.split())
    assert "Ukraine is the first to table a deal, on 12 February 2015." in said
    assert "Walking out would cost Ukraine" in said
    assert "The end of the talks would cost Normandy format" in said


def test_rounds_as_json_hold_the_same_and_add_up(capsys) -> None:
    args = ["talks", LAND, "--rounds", "--draws", "4", "--seed", "7", "--quiet", "--json"]
    assert run(args) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["origin"]["draws"], said["origin"]["seed"]) == (4, 7)
    assert said["teaches"]["draws"] == 4
    for one in said["stay"]:
        parts = [points[0] for points in one["parts"].values()]
        assert sum(parts) == pytest.approx(one["gain"][0])
    assert said["by_month"]["going_on"][0] == pytest.approx(1.0)
    assert said["offers"][0]["day"] == "2006-01-01"


def test_nothing_to_table_is_an_answer(capsys) -> None:
    assert run(["talks", PIE, "--variant", "optimism", "--rounds", "--draws", "2", "--quiet"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Nothing is tabled" in out
    assert "No answer is given along this course, so none teaches anything." in out
    assert "Walking out would cost State A nothing now" in out


def test_charts_of_rounds_are_written(tmp_path: Path, capsys) -> None:
    args = ["talks", LAND, "--rounds", "--draws", "3", "--charts", str(tmp_path), "--quiet"]
    assert run(args) == 0
    assert {path.name for path in tmp_path.iterdir()} == {
        f"{LAND}-rounds-least.svg",
        f"{LAND}-rounds-stay-holder.svg",
        f"{LAND}-rounds-stay-revisionist.svg",
        f"{LAND}-rounds-stay-guarantor.svg",
    }
    capsys.readouterr()


@pytest.mark.parametrize("option", [["--draws", "5"], ["--seed", "5"]])
def test_draws_without_rounds_are_refused(option: list[str], capsys) -> None:
    assert run(["talks", PIE, "--quiet", *option]) == 2
    assert "go with --rounds" in capsys.readouterr().err


def test_a_deadline_is_shown_and_asked_away(tmp_path: Path, capsys) -> None:
    text = Path(servanda.__file__).parent / f"library/literature/{LAND}/scenario.yaml"
    more = """
talks:
  months: 12
  deadlines:
    autumn: {day: 2006-10-01, closes: [guarantee.treaty], silences: [holder]}
"""
    file = write(tmp_path, text.read_text(encoding="utf-8") + more)
    assert run(["talks", file, "--quiet", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["without"][-1]["cause"] == "deadlines"
    assert said["without"][-1]["agreed"] >= said["case"]["agreed"]
    assert run(["talks", file, "--rounds", "--draws", "2", "--quiet"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "autumn 1 October 2006 10 deals 3; offers by Holder" in out
