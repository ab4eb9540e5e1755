"""Tables of packages and values, as CSV and as Parquet.

One column for each issue, headed ``issue:NAME``, and one for each actor, headed ``value:NAME``; one
row for each package.  A row whose issue cells are all empty says what each actor gets without a
deal (an actor whose cell is empty there has no veto)::

    issue:land,issue:guarantee,value:holder,value:rival
    ,,31.5,40
    line,none,20,60
    line,treaty,70,44

CSV is UTF-8 with commas and decimal points.  A spreadsheet takes a cell that begins with ``=``,
``+``, ``-`` or ``@`` for a formula, so such a text is written behind an apostrophe, and read
without it.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from itertools import islice
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np

from servanda.errors import NotInstalledError, shortened
from servanda.files.bounded import check_size, decode, read_bytes, refuse
from servanda.files.profiles import Complaints, read_number, short
from servanda.files.yaml_tree import Place
from servanda.results.package_table import Floats, Integers, PackageTable

MAX_BYTES = 100_000_000
MAX_ROWS = 1_000_000
MAX_COLUMNS = 200
MAX_UNPACKED = 1_000_000_000
"""Bytes a Parquet file may say its columns have once they are unpacked."""
MOST_COMPLAINTS = 1000

ISSUE, VALUE = "issue:", "value:"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "'")


# --- CSV -----------------------------------------------------------------------------------------


def read_csv(path: Path) -> PackageTable:
    """Read a table from CSV.

    Raises:
        ExchangeError: with everything that is wrong in it.
    """
    file = str(path)
    text = decode(read_bytes(path, limit=MAX_BYTES), file)
    rows, lines = _rows(text, file)
    if not rows:
        refuse(file, "the file is empty")
    header, body, lines = rows[0], rows[1:], lines[1:]
    complaints, width = Complaints(), len(header)
    issues, actors = _columns(header, Place(file, 1, 1), complaints)
    for row, line in zip(body, lines, strict=True):
        if len(row) != width:
            rule = f"has {len(row)} cells; the header has {width}"
            complaints.add(Place(file, line, 1), ("row",), rule)
            _stop_if_many(complaints)
    complaints.raise_if_any()
    columns = list(zip(*body, strict=True)) if body else [() for _ in header]
    coded = [_coded(columns[at]) for at, _ in issues]
    numbers = [
        _numbers(columns[at], lines, file, (f"{VALUE}{name}",), complaints) for at, name in actors
    ]
    return _table(
        [name for _, name in issues],
        coded,
        [name for _, name in actors],
        numbers,
        lines,
        file,
        complaints,
    )


def _rows(text: str, file: str) -> tuple[list[list[str]], list[int]]:
    """Rows that are not empty, and the line each ends in."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        if '"' not in text:  # a line is a row
            rows = list(islice(reader, MAX_ROWS + 3))
            lines = [number for number, row in enumerate(rows, start=1) if row]
            rows = [row for row in rows if row]
        else:
            for row in islice(reader, MAX_ROWS + 3):
                if row:
                    rows.append(row)
                    lines.append(reader.line_num)
    except csv.Error as error:
        refuse(file, f"not readable as CSV: {error}", max(reader.line_num, 1))
    if len(rows) > MAX_ROWS + 2:
        refuse(file, f"more than {MAX_ROWS:,} rows", lines[-1])
    return rows, lines


def _columns(
    header: Sequence[str], place: Place, complaints: Complaints
) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Issue columns and value columns: number and name."""
    if len(header) > MAX_COLUMNS:
        refuse(place.file, f"{len(header):,} columns; at most {MAX_COLUMNS} are read")
    issues: list[tuple[int, str]] = []
    actors: list[tuple[int, str]] = []
    seen: set[str] = set()
    for number, cell in enumerate(header):
        title = cell.strip()
        kind = next((one for one in (ISSUE, VALUE) if title.startswith(one)), "")
        name = title.removeprefix(kind).strip()
        if not kind:
            rule = f"a column is headed '{ISSUE}NAME' or '{VALUE}ACTOR'"
            complaints.add(place, (title,), rule)
        elif not name:
            complaints.add(place, (title,), "a column without a name")
        elif title in seen:
            complaints.add(place, (title,), "a second column of this name")
        else:
            (issues if kind == ISSUE else actors).append((number, name))
        seen.add(title)
    if not issues and not complaints.found:
        complaints.add(place, ("header",), f"no column is headed '{ISSUE}NAME'")
    if not actors and not complaints.found:
        complaints.add(place, ("header",), f"no column is headed '{VALUE}ACTOR'")
    return issues, actors


def _coded(column: Sequence[str]) -> tuple[list[str], Integers]:
    """Distinct texts in the order they appear, and which one stands in each row; -1 for none."""
    number: dict[str, int] = {"": -1}
    written = {
        cell: number.setdefault(_unguarded(cell), len(number) - 1) for cell in dict.fromkeys(column)
    }
    return list(number)[1:], np.array([written[cell] for cell in column], np.int64)


def _numbers(
    column: Sequence[str],
    lines: Sequence[int],
    file: str,
    path: tuple[str, ...],
    complaints: Complaints,
) -> Floats:
    """Numbers of a column; NaN where the cell is empty."""
    try:
        quick = np.array([float(cell) if cell else np.nan for cell in column])
        together = "".join(column)
        plain = together.isascii() and not any(sign in together for sign in "nN_")
        if plain and not np.isinf(quick).any():
            return quick
    except ValueError:
        pass
    numbers = np.full(len(column), np.nan)
    for row, cell in enumerate(column):
        if not cell.strip():
            continue
        number = read_number(cell)
        if number is None:
            rule = f"'{short(cell)}' is not a finite number"
            complaints.add(Place(file, lines[row], 1), path, rule)
            _stop_if_many(complaints)
            number = 0.0
        numbers[row] = number
    return numbers


def _table(
    issues: Sequence[str],
    coded: Sequence[tuple[list[str], Integers]],
    actors: Sequence[str],
    numbers: Sequence[Floats],
    lines: Sequence[int],
    file: str,
    complaints: Complaints,
) -> PackageTable:
    """Hold the columns against one another."""
    chosen = np.stack([codes for _, codes in coded], axis=1)
    values = np.stack(numbers, axis=1)
    empty = chosen < 0
    without = np.flatnonzero(empty.all(axis=1))
    for row in without[1:]:
        rule = "a second row without options; one says what each gets without a deal"
        complaints.add(Place(file, lines[row], 1), ("row",), rule)
    packages = np.asarray(~empty.all(axis=1))
    partly = np.argwhere(empty & packages[:, np.newaxis])
    for row, issue in partly[:MOST_COMPLAINTS].tolist():
        missing = issues[issue]
        complaints.add(Place(file, lines[row], 1), (f"{ISSUE}{missing}",), "has no option")
    gaps = packages[:, np.newaxis] & np.isnan(values)
    for row, actor in np.argwhere(gaps)[:MOST_COMPLAINTS].tolist():
        complaints.add(Place(file, lines[row], 1), (f"{VALUE}{actors[actor]}",), "has no value")
    _say_twice(chosen, packages, lines, file, complaints)
    if not packages.any():
        complaints.add(Place(file, 1, 1), (), "there are no packages in the table")
    complaints.raise_if_any()
    return PackageTable(
        issues=tuple(issues),
        options=tuple(tuple(names) for names, _ in coded),
        actors=tuple(actors),
        chosen=chosen[packages],
        values=values[packages],
        reservation=values[without[0]] if len(without) else np.full(len(actors), np.nan),
    )


def _say_twice(
    chosen: Integers,
    packages: Any,
    lines: Sequence[int],
    file: str,
    complaints: Complaints,
) -> None:
    """Complain of packages that stand in the table twice."""
    rows = np.flatnonzero(packages)
    _, first, inverse = np.unique(chosen[rows], axis=0, return_index=True, return_inverse=True)
    again = np.flatnonzero(first[inverse.reshape(-1)] != np.arange(len(rows)))
    for row in again[:MOST_COMPLAINTS].tolist():
        before = lines[int(rows[first[inverse.reshape(-1)[row]]])]
        rule = f"this package stands in the table already, in line {before}"
        complaints.add(Place(file, lines[int(rows[row])], 1), ("row",), rule)


def _stop_if_many(complaints: Complaints) -> None:
    if len(complaints.found) >= MOST_COMPLAINTS:
        complaints.raise_if_any()


def csv_text(table: PackageTable) -> str:
    """The table as CSV; numbers to twelve digits."""
    stream = StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([f"{ISSUE}{name}" for name in table.issues] + _value_titles(table))
    if not np.isnan(table.reservation).all():
        writer.writerow([""] * len(table.issues) + [_number_text(x) for x in table.reservation])
    names = [
        np.array([guarded(option) for option in options], object)[table.chosen[:, issue]].tolist()
        for issue, options in enumerate(table.options)
    ]
    numbers = [[_number_text(x) for x in column] for column in table.values.T.tolist()]
    writer.writerows(zip(*names, *numbers, strict=True))
    return stream.getvalue()


def _value_titles(table: PackageTable) -> list[str]:
    return [f"{VALUE}{name}" for name in table.actors]


def _number_text(number: float) -> str:
    return "" if isnan(number) else f"{number:.12g}"


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" \n")[:1] in _FORMULA and text else text


def _unguarded(text: str) -> str:
    if text.startswith("'") and text[1:].lstrip(" \n")[:1] in _FORMULA and len(text) > 1:
        return text[1:]
    return text


# --- Parquet -------------------------------------------------------------------------------------


def _parquet() -> Any:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise NotInstalledError("Parquet", "pyarrow", "parquet") from error
    return pyarrow.parquet


def read_parquet(path: Path) -> PackageTable:
    """Read a table from Parquet; what it says of its size is looked at first.

    Raises:
        NotInstalledError: pyarrow is not here.
        ExchangeError: with everything that is wrong in it.
    """
    parquet = _parquet()
    file = str(path)
    check_size(path, limit=MAX_BYTES)
    complaints = Complaints()
    try:
        titles = _look_at_parquet(parquet, path, complaints)
        issues, actors = _columns(titles, Place(file, 1, 1), complaints)
        complaints.raise_if_any()
        texts = [f"{titles[at]}" for at, _ in issues]
        with parquet.ParquetFile(path, read_dictionary=texts, **_THRIFT) as opened:
            content = opened.read(use_threads=False)
            content.validate(full=True)  # texts are UTF-8, indices inside their dictionaries
    except (
        OSError,
        ValueError,
        TypeError,
        NotImplementedError,
    ) as error:  # pyarrow's own among them
        words = shortened(" ".join(str(error).split()), 120)
        refuse(file, f"not readable as Parquet: {words}")
    coded = [_parquet_codes(content.column(at)) for at, _ in issues]
    numbers = []
    for at, name in actors:
        column = content.column(at).cast("float64").to_numpy(zero_copy_only=False)
        numbers.append(np.asarray(column, np.float64))
        for row in np.flatnonzero(np.isinf(numbers[-1]))[:MOST_COMPLAINTS].tolist():
            rule = f"row {row + 1}: not a finite number"
            complaints.add(Place(file, 1, 1), (f"{VALUE}{name}",), rule)
    lines = range(1, content.num_rows + 1)  # rows, as there are no lines
    return _table(
        [name for _, name in issues],
        coded,
        [name for _, name in actors],
        numbers,
        lines,
        file,
        complaints,
    )


_THRIFT = {"thrift_string_size_limit": 10_000_000, "thrift_container_size_limit": 1_000_000}


def _look_at_parquet(parquet: Any, path: Path, complaints: Complaints) -> list[str]:
    """Column names of a file whose own description keeps within the bounds; types are checked."""
    with parquet.ParquetFile(path, **_THRIFT) as opened:
        about = opened.metadata
        groups = [about.row_group(number) for number in range(about.num_row_groups)]
        unpacked = sum(group.total_byte_size for group in groups)
        if about.num_rows > MAX_ROWS + 1:
            refuse(str(path), f"{about.num_rows:,} rows; at most {MAX_ROWS:,} are read")
        if about.num_columns > MAX_COLUMNS:
            refuse(str(path), f"{about.num_columns:,} columns; at most {MAX_COLUMNS} are read")
        if unpacked > MAX_UNPACKED:
            refuse(
                str(path), f"{unpacked:,} bytes once unpacked; at most {MAX_UNPACKED:,} are read"
            )
        _check_types(opened.schema_arrow, str(path), complaints)
        return [str(name) for name in opened.schema_arrow.names]


def _check_types(schema: Any, file: str, complaints: Complaints) -> None:
    import pyarrow.types as kinds

    for field in schema:
        title, kind = field.name, field.type
        inner = kind.value_type if kinds.is_dictionary(kind) else kind
        texts = kinds.is_string(inner) or kinds.is_large_string(inner)
        numbers = kinds.is_floating(kind) or kinds.is_integer(kind)
        if title.strip().startswith(ISSUE) and not texts:
            complaints.add(Place(file, 1, 1), (title,), f"holds {kind}, not texts")
        if title.strip().startswith(VALUE) and not numbers:
            complaints.add(Place(file, 1, 1), (title,), f"holds {kind}, not numbers")


def _parquet_codes(column: Any) -> tuple[list[str], Integers]:
    """Distinct texts and which one stands in each row, by the dictionary of the column."""
    if not hasattr(column.type, "index_type"):
        column = column.dictionary_encode()
    column = column.unify_dictionaries().combine_chunks()
    names = [str(name) if name is not None else "" for name in column.dictionary.to_pylist()]
    codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    known = {name: number for number, name in enumerate(dict.fromkeys(n for n in names if n))}
    places = np.array([*(known.get(name, -1) for name in names), -1], np.int64)
    codes = places[codes]
    order = [int(code) for code in dict.fromkeys(codes.tolist()) if code >= 0]  # as they appear
    rank = np.full(len(known) + 1, -1, np.int64)
    rank[order] = np.arange(len(order))
    listed = list(known)
    return [listed[code] for code in order], rank[codes]


def parquet_bytes(table: PackageTable) -> bytes:
    """The table as Parquet; numbers as they are.

    Raises:
        NotInstalledError: pyarrow is not here.
    """
    parquet = _parquet()
    import pyarrow

    said = not np.isnan(table.reservation).all()
    columns: dict[str, Any] = {}
    for issue, name in enumerate(table.issues):
        codes = table.chosen[:, issue]
        mask = np.zeros(len(codes) + said, bool)
        if said:
            codes, mask[0] = np.concatenate([[0], codes]), True
        indices = pyarrow.array(codes.astype(np.int32), mask=mask)
        names = pyarrow.array(list(table.options[issue]), "string")
        columns[f"{ISSUE}{name}"] = pyarrow.DictionaryArray.from_arrays(indices, names)
    for actor, title in enumerate(_value_titles(table)):
        column = table.values[:, actor]
        if said:
            column = np.concatenate([table.reservation[actor : actor + 1], column])
        columns[title] = pyarrow.array(column, mask=np.isnan(column))
    sink = BytesIO()
    parquet.write_table(pyarrow.table(columns), sink, compression="zstd")
    return sink.getvalue()
