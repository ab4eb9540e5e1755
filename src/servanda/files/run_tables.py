"""What came of a run, written into its folder: ``summary.json``, tables as CSV and as Parquet."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from io import BytesIO, StringIO
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.files.runs import Run
from servanda.files.tables import guarded
from servanda.files.write import write_atomic
from servanda.results.encode import to_plain

Columns = Mapping[str, Sequence[Any] | NDArray[Any]]
"""Columns of equal length: texts, numbers or flags."""


def write_summary(run: Run, summary: Mapping[str, Any], tables: Mapping[str, Columns]) -> None:
    """Write what a finished run found; what stood there before is replaced file by file.

    Args:
        run: open.
        summary: plain, as JSON can hold it.
        tables: name of the file, without its ending, to columns.  Parquet is written beside CSV
            where pyarrow is installed.

    Raises:
        NotWrittenError: the disk is full, or the folder may not be written.
    """
    text = json.dumps(dict(summary), indent=2, ensure_ascii=False, allow_nan=False)
    write_atomic(run.folder / "summary.json", text + "\n")
    for name, columns in tables.items():
        listed = {title: np.asarray(column).tolist() for title, column in columns.items()}
        write_atomic(run.folder / f"{name}.csv", _csv_text(listed))
        if find_spec("pyarrow") is not None:
            write_atomic(run.folder / f"{name}.parquet", _parquet_bytes(listed))


def columns_of(rows: Sequence[Any]) -> dict[str, list[Any]]:
    """Columns of answers that are alike: fields of fields are joined by dots, lists by commas."""
    flat = [_flat(to_plain(row)) for row in rows]
    titles = dict.fromkeys(title for row in flat for title in row)
    return {title: [row.get(title) for row in flat] for title in titles}


def _flat(plain: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in plain.items():
        if isinstance(value, Mapping):
            found |= {f"{name}.{inner}": cell for inner, cell in _flat(value).items()}
        else:
            found[name] = ", ".join(map(str, value)) if isinstance(value, list) else value
    return found


def _csv_text(columns: Mapping[str, list[Any]]) -> str:
    stream = StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([guarded(title) for title in columns])
    cells = ([_cell(value) for value in column] for column in columns.values())
    writer.writerows(zip(*cells, strict=True))
    return stream.getvalue()


def _cell(value: Any) -> str:
    """Numbers to their last digit; what is unknown is empty."""
    if isinstance(value, str):
        return guarded(value)
    if value is None or (isinstance(value, float) and isnan(value)):
        return ""
    return str(value)


def _parquet_bytes(columns: Mapping[str, list[Any]]) -> bytes:
    import pyarrow
    from pyarrow import parquet

    sink = BytesIO()
    parquet.write_table(pyarrow.table(dict(columns)), sink, compression="zstd")
    return sink.getvalue()
