"""Tables of packages: known values, both formats, spreadsheets, and every complaint."""

import builtins
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange_files import NAMES, TABLE
from servanda.errors import Complaint, ExchangeError, NotInstalledError
from servanda.files import tables
from servanda.files.tables import csv_text, parquet_bytes, read_csv, read_parquet
from servanda.results.package_table import PackageTable


def complaints(folder: Path, text: str | bytes) -> tuple[Complaint, ...]:
    path = folder / "t.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ExchangeError) as error:
        read_csv(path)
    return error.value.complaints


def same(one: PackageTable, other: PackageTable) -> bool:
    return (
        one.issues == other.issues
        and one.actors == other.actors
        and [
            [names[code] for names, code in zip(one.options, row, strict=True)]
            for row in one.chosen.tolist()
        ]
        == [
            [names[code] for names, code in zip(other.options, row, strict=True)]
            for row in other.chosen.tolist()
        ]
        and np.allclose(one.values, other.values, rtol=1e-11, atol=1e-300)
        and np.allclose(one.reservation, other.reservation, rtol=1e-11, equal_nan=True)
    )


@pytest.mark.parametrize("content", [TABLE, "\ufeff" + TABLE, TABLE.replace("\n", "\r\n")])
def test_a_known_table(tmp_path: Path, content: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content.encode())
    table = read_csv(path)
    assert table.issues == ("land", "treaty")
    assert table.options == (("line", "ceded"), ("none", "signed"))
    assert table.chosen.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert table.values.tolist() == [[20, 60], [70, 44], [-5, 80], [45, 64]]
    assert table.reservation.tolist() == [31.5, 40.0]


def test_an_actor_without_a_cell_in_the_first_row_has_no_veto(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(TABLE.replace(",,31.5,40", ",,31.5,"), encoding="utf-8")
    assert np.isnan(read_csv(path).reservation[1])


@pytest.mark.parametrize(
    ("change", "line", "path", "words"),
    [
        (("20,60", "20,sixty"), 3, "value:dale", "'sixty' is not a finite number"),
        (("20,60", "20,NaN"), 3, "value:dale", "'NaN' is not a finite number"),
        (("20,60", "20,inf"), 3, "value:dale", "'inf' is not a finite number"),
        (("20,60", "20,1_0"), 3, "value:dale", "'1_0' is not a finite number"),
        (("20,60", "20,١"), 3, "value:dale", "is not a finite number"),
        (("20,60", '"20,5",60'), 3, "value:hill", "'20,5' is not a finite number"),
        (("20,60", "20,"), 3, "value:dale", "has no value"),
        (("20,60", "20,60,3"), 3, "row", "has 5 cells; the header has 4"),
        (("line,none", "line,"), 3, "issue:treaty", "has no option"),
        (("line,signed", "line,none"), 4, "row", "stands in the table already, in line 3"),
        (("line,signed", ","), 4, "row", "a second row without options"),
        (("value:dale", "dale"), 1, "dale", "a column is headed 'issue:NAME' or 'value:ACTOR'"),
        (("value:dale", "value:"), 1, "value:", "a column without a name"),
        (("value:dale", "value:hill"), 1, "value:hill", "a second column of this name"),
    ],
)
def test_a_complaint_names_line_and_column(
    tmp_path: Path, change: tuple[str, str], line: int, path: str, words: str
) -> None:
    found = complaints(tmp_path, TABLE.replace(*change, 1))
    assert [(one.line, one.path) for one in found if words in one.rule] == [(line, path)], found


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "the file is empty"),
        ("issue:land,value:hill\n", "no packages in the table"),
        ("issue:land\nline\n", "no column is headed 'value:ACTOR'"),
        ("value:hill\n3\n", "no column is headed 'issue:NAME'"),
        (b"issue:land,value:hill\nline\xff,3\n", "not UTF-8"),
        ('issue:land,value:hill\n"line,3\n', "not readable as CSV"),
        ("issue:land,value:hill\n" + "x" * 200_000 + ",3\n", "not readable as CSV"),
        (",".join(f"issue:{n}" for n in range(300)) + "\n", "300 columns; at most 200"),
    ],
)
def test_what_is_no_table(tmp_path: Path, content: str | bytes, words: str) -> None:
    (one,) = complaints(tmp_path, content)
    assert words in one.rule


def test_rows_are_counted_and_complaints_end(tmp_path: Path, monkeypatch) -> None:
    wrong = "issue:land,value:hill\n" + "".join(f"o{n},x\n" for n in range(2000))
    assert len(complaints(tmp_path, wrong)) == 1000
    monkeypatch.setattr(tables, "MAX_ROWS", 3)
    assert "more than 3 rows" in complaints(tmp_path, wrong)[0].rule


@pytest.mark.parametrize(
    "name",
    ["=1+1", "+1", "-1", "@x", "\tx", " =1", "'", "'=1", "''=1", "＝1", "=cmd|' /C calc'!A0"],
)
def test_a_name_is_no_formula_and_comes_back(tmp_path: Path, name: str) -> None:
    table = PackageTable(
        issues=("land",),
        options=((name, "other"),),
        actors=("hill",),
        chosen=np.array([[0], [1]]),
        values=np.array([[-1.0], [2.0]]),
        reservation=np.array([0.0]),
    )
    text = csv_text(table)
    cell = text.splitlines()[2].strip('"')
    assert cell.startswith("'")
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8", newline="")
    assert read_csv(path).options == ((name, "other"),)


@st.composite
def random_tables(draw: st.DrawFn) -> PackageTable:
    issues = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    options = [draw(st.lists(NAMES, min_size=1, max_size=3, unique=True)) for _ in issues]
    actors = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    counts = [len(names) for names in options]
    size = int(np.prod(counts))
    rows = draw(st.lists(st.integers(0, size - 1), min_size=1, max_size=size, unique=True))
    number = st.floats(-1e9, 1e9, allow_subnormal=False)
    return PackageTable(
        issues=tuple(issues),
        options=tuple(map(tuple, options)),
        actors=tuple(actors),
        chosen=np.stack(np.unravel_index(rows, counts), axis=1),
        values=np.array([[draw(number) for _ in actors] for _ in rows]),
        reservation=np.array([draw(number | st.just(float("nan"))) for _ in actors]),
    )


@settings(max_examples=60)
@given(random_tables())
def test_csv_is_read_as_it_was_written(table: PackageTable) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_text(csv_text(table), encoding="utf-8", newline="")
        assert same(read_csv(path), table)


# --- Parquet -------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(random_tables())
def test_parquet_is_read_as_it_was_written(table: PackageTable) -> None:
    pytest.importorskip("pyarrow")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.parquet"
        path.write_bytes(parquet_bytes(table))
        assert same(read_parquet(path), table)


def parquet_complaints(folder: Path, **columns: list) -> str:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = folder / "t.parquet"
    titled = {name.replace("_", ":"): values for name, values in columns.items()}
    parquet.write_table(pyarrow.table(titled), path)
    with pytest.raises(ExchangeError) as error:
        read_parquet(path)
    return "\n".join(str(one) for one in error.value.complaints)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"issue_land": ["a", "b"], "value_hill": ["1", "2"]}, "value:hill: holds string, not num"),
        ({"issue_land": [1, 2], "value_hill": [1.0, 2.0]}, "issue:land: holds int64, not texts"),
        ({"issue_land": ["a", "b"], "value_hill": [1.0, None]}, "value:hill: has no value"),
        ({"issue_land": ["a", "b"], "value_hill": [1.0, float("inf")]}, "not a finite number"),
        ({"issue_land": ["a", "a"], "value_hill": [1, 2]}, "in the table already, in line 1"),
        ({"issue_land": ["a", "b"], "hill": [1, 2]}, "a column is headed"),
        ({"issue_land": [["a"], ["b"]], "value_hill": [1, 2]}, "not texts"),
    ],
)
def test_parquet_that_is_no_table(tmp_path: Path, columns: dict, words: str) -> None:
    assert words in parquet_complaints(tmp_path, **columns)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + b"\xff" * 100 + b"PAR1", b"x" * 99])
def test_what_is_no_parquet(tmp_path: Path, content: bytes) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path / "t.parquet"
    path.write_bytes(content)
    with pytest.raises(ExchangeError, match="not readable as Parquet"):
        read_parquet(path)


def test_parquet_says_its_size_before_it_is_unpacked(tmp_path: Path, monkeypatch) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "t.parquet"
    long = "x" * 1_000_000  # a thousand times the same megabyte: small as a file
    columns = {"issue:land": [long] * 1000, "value:hill": [1.0] * 1000}
    parquet.write_table(pyarrow.table(columns), path, compression="zstd")
    monkeypatch.setattr(tables, "MAX_ROWS", 100)
    with pytest.raises(ExchangeError, match="1,000 rows; at most 100"):
        read_parquet(path)
    monkeypatch.setattr(tables, "MAX_ROWS", 10_000)
    monkeypatch.setattr(tables, "MAX_UNPACKED", 1000)
    with pytest.raises(ExchangeError, match="bytes once unpacked; at most 1,000"):
        read_parquet(path)


def test_without_the_library_one_is_told_how_to_get_it(tmp_path: Path, monkeypatch) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: object) -> object:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(NotInstalledError, match=r"pip install 'servanda\[parquet\]'"):
        read_parquet(tmp_path / "t.parquet")
