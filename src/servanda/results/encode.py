"""One way from any result to plain values that JSON can hold."""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray


def to_columns(rows: Iterable[Any]) -> dict[str, NDArray[Any]]:
    """Turn rows of a result, all of one class, into arrays by field name, each (n_rows,).

    What is neither number nor text (a band, a list) is an array of objects. Any library of tables
    takes the mapping as it is.

    >>> from servanda.results.analysis import ParcelChange
    >>> to_columns([ParcelChange("belt", "a", "b"), ParcelChange("plain", "b", "b")])["after"]
    array(['b', 'b'], dtype='<U1')
    """
    held = list(rows)
    names = [field.name for field in fields(held[0])] if held else []
    return {name: _column([getattr(row, name) for row in held]) for name in names}


def _column(values: list[Any]) -> NDArray[Any]:
    plain = all(isinstance(one, (str, bool, int, float, np.generic)) for one in values)
    if plain and len({isinstance(one, str) for one in values}) == 1:
        return np.array(values)
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def to_plain(value: Any) -> Any:
    """Turn a result into dicts, lists, strings, numbers and None.

    Arrays become nested lists; numbers that JSON cannot hold (NaN, infinities) become None.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, np.ndarray):
        return to_plain(value.tolist())
    if isinstance(value, np.generic):
        return to_plain(value.item())
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain(item) for item in value]
    if isinstance(value, (frozenset, set)):  # which has no order of its own
        return sorted((to_plain(item) for item in value), key=str)
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    return value
