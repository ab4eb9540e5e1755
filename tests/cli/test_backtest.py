"""``servanda backtest`` and ``servanda new --past``."""

import json
import shutil
from pathlib import Path

import pytest

from servanda.cli.main import run
from servanda.files.read import shipped


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> Path:
    monkeypatch.chdir(tmp_path)
    assert run(["new", "two-valleys", "--past"]) == 0
    assert "servanda backtest two-valleys" in capsys.readouterr().out
    return tmp_path / "two-valleys"


def test_a_new_case_passes_check_and_is_scored(case: Path, capsys) -> None:
    assert run(["check", "two-valleys"]) == 0
    assert "No complaints." in capsys.readouterr().out
    assert run(["backtest", "two-valleys", "--draws", "5"]) == 0
    out, err = capsys.readouterr()
    for words in (
        "Two valleys (two-valleys)",
        "carried through",
        "guarantee first",
        "What became of them",
    ):
        assert words in out
    assert "Two valleys" in err  # progress


def test_json_and_charts(case: Path, capsys) -> None:
    assert (
        run(["backtest", "two-valleys", "--draws", "5", "--json", "--quiet", "--charts", "c"]) == 0
    )
    said = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in said["cases"]] == ["two-valleys"]
    assert said["draws"] == 5
    assert {path.name for path in Path("c").iterdir()} == {
        "backtest-forecasts.svg",
        "backtest-calibration.svg",
    }


def test_new_past_does_not_overwrite(case: Path, capsys) -> None:
    (case / "outcome.yaml").write_text("mine", encoding="utf-8")
    assert run(["new", "two-valleys", "--past"]) == 2
    assert "--force replaces it" in capsys.readouterr().err
    assert (case / "outcome.yaml").read_text(encoding="utf-8") == "mine"
    assert run(["new", "two-valleys", "--past", "--force", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Two valleys"


def test_what_is_wrong_is_said_at_once(case: Path, capsys) -> None:
    outcome = case / "outcome.yaml"
    text = outcome.read_text(encoding="utf-8")
    outcome.write_text(text.replace("carried-through: true", "carried-through: perhaps"), "utf-8")
    agreed = case / "agreed.yaml"
    agreed.write_text(agreed.read_text("utf-8").replace("- embassies", "- embasies"), "utf-8")
    assert run(["backtest", "two-valleys"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "'perhaps' is not true or false" in err
    assert "embassies" in err
    assert "3 complaints, nothing was computed" in err


def test_a_case_without_a_war_is_refused(case: Path, capsys) -> None:
    scenario = case / "scenario.yaml"
    text = scenario.read_text("utf-8")
    text = text[: text.index("# ---", text.index("honour-cost"))]
    text = text.replace("actors:\n", "reservation: {north: 20, south: 20}\nactors:\n", 1)
    scenario.write_text(text, "utf-8")
    assert run(["backtest", "two-valleys"]) == 2
    assert "war" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["nowhere"], ["empty"], ["two-valleys", "--draws", "0"]])
def test_what_cannot_be_done(case: Path, capsys, arguments: list[str]) -> None:
    Path("empty").mkdir()
    assert run(["backtest", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert arguments[0] in err or "--draws" in err


def test_coding_rules_are_listed(capsys) -> None:
    assert run(["list", "--coding"]) == 0
    out = capsys.readouterr().out
    assert "patience.ordinary" in out
    assert run(["list", "--coding", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)


def test_a_folder_of_two(tmp_path: Path, capsys) -> None:
    for name in ("minsk-2015", "oslo-1993"):
        shutil.copytree(shipped()[name].parent, tmp_path / name)
    assert run(["backtest", str(tmp_path), "--draws", "2", "--quiet"]) == 0
    out = capsys.readouterr().out
    assert out.index("oslo-1993") < out.index("minsk-2015")


def test_the_folder_one_stands_in(case: Path, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(case)
    assert run(["backtest", ".", "--draws", "2", "--quiet"]) == 0
    assert "two-valleys" in capsys.readouterr().out
