"""``servanda dynamics``."""

import json
from pathlib import Path

from servanda.cli.main import run
from servanda.files.dynamics import shipped_records

(NAME,) = shipped_records()


def test_tables_of_the_record_that_ships(capsys) -> None:
    assert run(["dynamics", "--quiet"]) == 0
    out, err = capsys.readouterr()
    for words in ("random walk", "a month ahead", "2025-07", "never title", "hang together"):
        assert words in " ".join(out.split())
    assert err == ""


def test_json_and_charts(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["dynamics", NAME, "--json", "--quiet", "--charts", "c"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert len(said["forecasters"]) == 15
    assert {path.name for path in Path("c").iterdir()} == {
        "dynamics-months.svg",
        "dynamics-fan.svg",
    }


def test_what_cannot_be_done_is_said(tmp_path: Path, capsys) -> None:
    assert run(["dynamics", "nothing-of-the-kind"]) == 2
    assert "record" in capsys.readouterr().err
    text = shipped_records()[NAME].read_text(encoding="utf-8")
    mine = tmp_path / "mine.yaml"
    mine.write_text(text.replace("map: geneva-2026", "map: fearon-1995-pie"), encoding="utf-8")
    assert run(["dynamics", str(mine), "--quiet"]) == 2
    assert "have an area" in capsys.readouterr().err
    mine.write_text(text.replace("error: 10", "error: 0.0001"), encoding="utf-8")
    assert run(["dynamics", str(mine), "--quiet"]) == 2
    assert "too small" in capsys.readouterr().err
