"""Tables too long for memory: rows are written as they come, and the file appears when all have."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from numpy.typing import NDArray

from servanda.errors import NotInstalledError, NotWrittenError
from servanda.files.tables import guarded
from servanda.files.write import check_writable, put_in_place, reason

Columns = Mapping[str, NDArray[Any]]
Write = Callable[[Columns], None]

ENDINGS = (".csv", ".parquet")


def check_table(target: Path) -> None:
    """Complain before any work is done about a table that could not be written afterwards.

    Raises:
        NotWrittenError: of another ending, or at such a place.
        NotInstalledError: Parquet, without pyarrow.
    """
    if target.suffix not in ENDINGS:
        raise NotWrittenError(str(target), "a table ends in .csv or .parquet")
    check_writable(target)
    if target.suffix == ".parquet":
        _pyarrow()


@contextmanager
def row_table(target: Path) -> Iterator[Write]:
    """A table to which columns of further rows are added; all must have the same titles.

    Raises:
        NotWrittenError: the disk is full, or the place may not be written; what stood there stays.
    """
    check_table(target)
    kind = _csv if target.suffix == ".csv" else _parquet
    place = target.resolve()
    try:
        with NamedTemporaryFile(dir=place.parent, prefix=".servanda-", delete=False) as file:
            beside = Path(file.name)
            try:
                with kind(file) as write:
                    yield write
                put_in_place(file, place)
            except BaseException:
                with suppress(OSError):
                    beside.unlink()
                raise
    except OSError as error:
        raise NotWrittenError(str(target), reason(error)) from error


@contextmanager
def _csv(file: Any) -> Iterator[Write]:
    text = TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    titled = False

    def write(columns: Columns) -> None:
        nonlocal titled
        if not titled:
            writer.writerow(columns)
            titled = True
        cells = [_cells(column) for column in columns.values()]
        writer.writerows(zip(*cells, strict=True))

    yield write
    text.flush()
    text.detach()


def _cells(column: NDArray[Any]) -> list[Any]:
    values = column.tolist()
    return [guarded(value) for value in values] if column.dtype.kind == "U" else values


@contextmanager
def _parquet(file: Any) -> Iterator[Write]:
    pyarrow, parquet = _pyarrow()
    opened: list[Any] = []

    def write(columns: Columns) -> None:
        table = pyarrow.table(dict(columns))
        if not opened:
            opened.append(parquet.ParquetWriter(file, table.schema, compression="zstd"))
        opened[0].write_table(table)

    yield write
    for writer in opened:
        writer.close()


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise NotInstalledError("Parquet", "pyarrow", "parquet") from error
    return pyarrow, pyarrow.parquet
