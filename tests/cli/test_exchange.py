"""From other programs' files to a scenario and back, by the command line."""

import json
from pathlib import Path
from typing import get_args

import pytest

from exchange_files import BUYER, BUYER_UTILITIES, TABLE, genius_folder, web_folder
from servanda import export_files, import_files
from servanda.cli import exchange
from servanda.cli.main import run
from servanda.errors import NotFoundError
from servanda.files.exchange import FORMATS
from servanda.files.genius import Scaling
from servanda.files.read import read_scenario
from servanda.files.tables import read_csv


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with files of every kind."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "110")
    genius_folder(tmp_path / "shop")
    web_folder(tmp_path / "web")
    (tmp_path / "land.csv").write_text(TABLE, encoding="utf-8")
    return tmp_path


def test_the_choices_are_those_there_are() -> None:
    assert get_args(Scaling) == exchange.SCALINGS
    assert tuple(FORMATS) == exchange.FORMATS


@pytest.mark.parametrize("scaling", exchange.SCALINGS)
def test_a_genius_folder_becomes_a_scenario_that_passes_check(
    here: Path, capsys, scaling: str
) -> None:
    assert run(["import", "shop", "--output", "s.yaml", "--scaling", scaling]) == 0
    out = capsys.readouterr().out
    assert "read: GENIUS XML" in out
    assert "2 actors, 2 issues, 4 packages" in out
    assert ("divided by their maximum" in out) == (scaling != "as-written")
    assert run(["check", "s.yaml"]) == 0
    assert "No complaints." in capsys.readouterr().out
    assert run(["export", "s.yaml", "--format", "csv", "--output", "out"]) == 0
    table = read_csv(here / "out" / "s.csv")
    points = 1.0 if scaling == "as-written" else 100.0
    assert table.values[:, 0] == pytest.approx(
        [points * utility for utility in BUYER_UTILITIES[scaling]]
    )
    assert table.reservation == pytest.approx([0.3 * points, 0.25 * points])


@pytest.mark.parametrize("what", ["shop", "web", "land.csv"])
@pytest.mark.parametrize("to", exchange.FORMATS)
def test_every_format_goes_into_every_other(here: Path, capsys, what: str, to: str) -> None:
    if to == "parquet":
        pytest.importorskip("pyarrow")
    assert run(["import", what, "--output", "s.yaml", "--as-of", "2026-01-01"]) == 0
    assert run(["export", "s.yaml", "--format", to]) == 0
    assert "written: s-" in capsys.readouterr().out
    assert run(["import", f"s-{to}", "--output", "again.yaml", "--as-of", "2026-01-01"]) == 0
    if to == "geniusweb" and what != "web":  # it has no reservation values
        return
    before, after = read_scenario("s.yaml"), read_scenario("again.yaml")
    assert after.actors.keys() == before.actors.keys()
    assert after.issues.keys() == before.issues.keys()
    if what != "land.csv" or FORMATS[to].whole:  # rescaled otherwise
        for name, value in before.reservation.items():
            assert after.reservation[name].value == pytest.approx(value.value)


def test_json_says_what_was_done(here: Path, capsys) -> None:
    assert run(["import", "shop", "--json", "--title", "The shop"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["good"] is True
    assert said["format"] == "GENIUS XML"
    assert said["packages"] == 4
    assert len(said["notes"]) == 2
    assert Path(said["written"]).name == "the-shop.yaml"
    assert run(["export", "the-shop.yaml", "--format", "geniusweb", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    names = [Path(one).name for one in said["written"]]
    assert names == ["domain.json", "buyer.json", "seller.json"]
    assert any("reservation" in one or "without a deal" in one for one in said["lost"])
    (here / "shop" / "buyer.xml").write_text("<x", encoding="utf-8")
    assert run(["import", "shop", "--json"]) == 2
    said = json.loads(capsys.readouterr().out)
    assert said["good"] is False
    assert said["complaints"][0]["file"] == "shop/buyer.xml"


def test_what_a_case_loses_is_said(here: Path, capsys) -> None:
    assert run(["export", "two-step-territory-and-guarantee", "--format", "genius"]) == 0
    out = capsys.readouterr().out
    assert "Not in these files:" in out
    assert "How a deal would be carried out and kept" in out
    assert "The war: one number for each actor is left of it" in out
    assert run(["import", "two-step-territory-and-guarantee-genius", "--output", "x.yaml"]) == 0
    assert run(["check", "x.yaml"]) == 0


def test_from_python(here: Path) -> None:
    from datetime import date

    made = import_files([here / "shop"], as_of=date(2026, 1, 1))
    assert made.scenario.reservation["buyer"].value == 30.0
    files = export_files(made.scenario, to="genius", name="shop").files
    assert set(files) == {"domain.xml", "buyer.xml", "seller.xml"}
    with pytest.raises(NotFoundError, match="Did you mean 'genius'"):
        export_files(made.scenario, to="geniu", name="shop")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["import", "none.xml"], "no file or folder 'none.xml'"),
        (["import", "x" * 5000], "no file or folder"),
        (["import", "shop", "web"], "files of several formats (.json, .xml)"),
        (["import", "land.csv", "land2.csv"], "2 tables; a scenario is made from one"),
        (["import", "notes.txt"], "a name that ends in .xml, .json, .csv, .parquet"),
        (["import", "empty"], "holds no file that ends in"),
        (["import", "shop", "--output", "nowhere/s.yaml"], "there is no folder"),
        (["import", "shop", "--output", "notes.txt"], "--force replaces it"),
        (["import", "shop", "--scaling", "none"], "--scaling"),
        (["import", "shop", "--as-of", "yesterday"], "is not a day"),
        (["import", "shop/buyer.xml"], "a negotiation takes two parties at least; found 1"),
        (["import", "shop/domain.xml"], "no preference profile among the files"),
        (["import", "bad"], "bad/buyer.xml:5:1  Unit price.low: the evaluation -1 is negative"),
        (["import"], "Missing argument"),
        (["export", "fearon-1995-pie", "--format", "xml"], "--format"),
        (["export", "fearon-1995-pie"], "Missing option '--format'"),
        (["export", "fearon-1995-pi", "--format", "csv"], "Did you mean 'fearon-1995-pie'?"),
        (["export", "fearon-1995-pie", "--format", "csv", "--output", "a/b"], "there is no folder"),
        (["export", "fearon-1995-pie", "--format", "csv", "--output", "land.csv"], "not a folder"),
        (["export", "fearon-1995-pie", "--format", "csv", "--output", "full"], "--force replaces"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_written(
    here: Path, capsys, arguments: list[str], words: str
) -> None:
    (here / "land2.csv").write_text(TABLE, encoding="utf-8")
    (here / "notes.txt").write_text("mine", encoding="utf-8")
    (here / "empty").mkdir()
    (here / "full").mkdir()
    (here / "full" / "fearon-1995-pie.csv").write_text("mine", encoding="utf-8")
    genius_folder(here / "bad", buyer=BUYER.replace('evaluation="10"', 'evaluation="-1"'))
    before = {path: path.is_file() and path.read_bytes() for path in here.rglob("*")}
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert "Traceback" not in err
    assert {path: path.is_file() and path.read_bytes() for path in here.rglob("*")} == before


def test_a_space_of_10_to_the_60_is_imported_and_no_table_made_of_it(here: Path, capsys) -> None:
    issues = {f"issue {n}": {"values": ["a", "b", "c", "d"]} for n in range(100)}
    values = {"a": 0, "b": 0.2, "c": 0.5, "d": 1}
    same = {"DiscreteValueSetUtilities": {"valueUtilities": values}}
    profiles = [
        {
            "LinearAdditiveUtilitySpace": {
                "name": name,
                "domain": {"name": "vast", "issuesValues": issues},
                "issueUtilities": dict.fromkeys(issues, same),
                "issueWeights": dict.fromkeys(issues, 0.01),
                "reservationBid": None,
            }
        }
        for name in ("north", "south")
    ]
    web_folder(here / "vast", *profiles)
    assert run(["import", "vast", "--output", "vast.yaml"]) == 0
    assert f"{4**100:,} packages" in capsys.readouterr().out
    assert run(["export", "vast.yaml", "--format", "csv"]) == 2
    assert "a table holds at most 1,000,000" in capsys.readouterr().err
    assert not (here / "vast-csv").exists()
    assert run(["export", "vast.yaml", "--format", "genius"]) == 0


def test_force_replaces(here: Path, capsys) -> None:
    for _ in range(2):
        assert run(["import", "shop", "--output", "s.yaml", "--force"]) == 0
        assert run(["export", "s.yaml", "--format", "csv", "--output", "out", "--force"]) == 0
