"""Tables written row by row: whole or not at all."""

import csv
from pathlib import Path

import numpy as np
import pytest

from servanda.errors import NotWrittenError
from servanda.files.row_tables import row_table

LOTS = [
    {"name": np.array(["one", "=2+2"]), "number": np.array([1, 2])},
    {"name": np.array(["three"]), "number": np.array([3])},
]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_lots_become_rows_in_their_order(ending: str, tmp_path: Path) -> None:
    target = tmp_path / f"rows.{ending}"
    with row_table(target) as write:
        for lot in LOTS:
            write(lot)
        assert not target.exists()
    if ending == "csv":
        rows = list(csv.DictReader(target.read_text().splitlines()))
        assert [row["name"] for row in rows] == ["one", "'=2+2", "three"]  # no formula
        assert [row["number"] for row in rows] == ["1", "2", "3"]
    else:
        parquet = pytest.importorskip("pyarrow.parquet")
        assert parquet.read_table(target).column("number").to_pylist() == [1, 2, 3]
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_what_stood_there_stays_when_the_work_fails(tmp_path: Path) -> None:
    target = tmp_path / "rows.csv"
    target.write_text("before")
    with pytest.raises(KeyError), row_table(target) as write:
        write({"name": LOTS[0]["nowhere"]})
    assert target.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_a_full_disk_is_said() -> None:
    with pytest.raises(NotWrittenError, match="cannot write"), row_table(Path("/proc/rows.csv")):
        pass


def test_other_endings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotWrittenError, match="a table ends in"):
        row_table(tmp_path / "rows.xlsx").__enter__()
