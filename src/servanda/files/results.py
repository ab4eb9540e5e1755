"""Save a result as one ``.npz`` file, and load it again as the same frozen value.

The file holds a JSON header and one array for every array of the result::

    header    {"servanda-result": 1, "kind": "analysis", "version": "0.1.0", "content": {...}}
    array-0   what {"array": 0} stands for in the content
    ...

The header says what the file holds (``kind``), in which version of this format, and which Servanda
wrote it; a brief can be made from it later without computing anything anew.  Nothing is pickled.
Numbers that JSON does not know are the texts "inf", "-inf" and "nan".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from importlib import import_module
from io import BytesIO
from math import isfinite
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

from servanda.errors import NotFoundError, NotWrittenError, ResultError
from servanda.files.write import check_writable, write_atomic
from servanda.version import VERSION

FORMAT, ENDING = 1, ".npz"
MAX_BYTES = 1_000_000_000
"""Most a file may unpack to."""

KINDS = {
    "analysis": "servanda.results.analysis:Analysis",
    "backtest": "servanda.results.backtest:Backtest",
    "comparison": "servanda.results.comparison:Comparison",
    "deal": "servanda.results.packages:Deal",
    "deals": "servanda.results.deals:Deals",
    "diagnosis": "servanda.results.diagnosis:Diagnosis",
    "dynamics": "servanda.results.dynamics:Dynamics",
    "funnel": "servanda.results.packages:Funnel",
    "histories": "servanda.results.histories_answer:HistoriesAnswer",
    "inverse": "servanda.results.inverse:Inverse",
    "levers": "servanda.results.levers:Levers",
    "map": "servanda.results.answer_map:AnswerMap",
    "order": "servanda.results.order_answer:OrderAnswer",
    "plan": "servanda.results.plan:PlanEvaluation",
    "rounds": "servanda.results.talks_rounds:RoundsAnswer",
    "pressure": "servanda.results.pressure_design:PressureDesign",
    "sensitivity": "servanda.results.sensitivity:Sensitivity",
    "talks": "servanda.results.talks_answer:TalksAnswer",
    "war-outlook": "servanda.results.war:WarOutlook",
}
"""Results that can be saved: kind to where its class is defined."""


def save_result(result: Any, path: Path) -> Path:
    """Write a result to an ``.npz`` file, at once or not at all."""
    kind = _kind_of(result)
    if kind is None:
        raise NotFoundError("kind of result", type(result).__qualname__, KINDS)
    arrays: list[NDArray[Any]] = []
    header = {"servanda-result": FORMAT, "kind": kind, "version": VERSION}
    content = _encoded(result, arrays)
    text = json.dumps({**header, "content": content}, ensure_ascii=False, allow_nan=False)
    named: dict[str, Any] = {f"array-{number}": array for number, array in enumerate(arrays)}
    buffer = BytesIO()
    np.savez_compressed(buffer, header=np.frombuffer(text.encode("utf-8"), np.uint8), **named)
    return write_atomic(path, buffer.getvalue())


def check_place(path: Path) -> None:
    """Complain before anything is computed where a result could not be saved.

    An earlier saved result is replaced; a file of anything else is left alone.

    Raises:
        NotWrittenError: it does not end in .npz, it cannot be written, or something stands there
            that is no saved result.
    """
    if path.suffix != ENDING:
        raise NotWrittenError(str(path), f"a saved answer ends in {ENDING}")
    check_writable(path)
    if path.exists() and not _is_saved(path):
        raise NotWrittenError(str(path), "what stands there is no saved answer; name another file")


def _is_saved(path: Path) -> bool:
    try:
        with np.load(path, allow_pickle=False) as stored:
            return "servanda-result" in json.loads(stored["header"].tobytes())
    except (BadZipFile, OSError, EOFError, ValueError, KeyError, TypeError, AttributeError):
        return False


def packed(value: Any) -> dict[str, NDArray[Any]]:
    """A value made of dataclasses, tuples, dicts, arrays and plain values, as named arrays."""
    arrays: list[NDArray[Any]] = []
    text = json.dumps(_encoded(value, arrays), ensure_ascii=False, allow_nan=False)
    named = {f"array-{number}": array for number, array in enumerate(arrays)}
    return {"content": np.frombuffer(text.encode("utf-8"), np.uint8), **named}


def unpacked(kind: Any, stored: Mapping[str, NDArray[Any]]) -> Any:
    """The value of a type, such as ``list[PlanMargins]``, that :func:`packed` made arrays of."""
    plain = json.loads(stored["content"].tobytes().decode("utf-8"))
    return _decoded(kind, plain, [stored[f"array-{n}"] for n in range(len(stored) - 1)])


def load_result(path: Path) -> Any:
    """Read a saved result.

    Raises:
        NotFoundError: there is no such file.
        ResultError: the file is not a saved result, or one this version cannot read.
    """
    if not path.is_file():
        raise NotFoundError("file", str(path), ())
    saved, arrays = _read(path)
    if not isinstance(saved, dict) or "servanda-result" not in saved:
        raise ResultError(str(path), "not a result saved by Servanda")
    if saved["servanda-result"] != FORMAT or saved.get("kind") not in KINDS:
        found = f"format {saved['servanda-result']!r}, kind {saved.get('kind')!r}"
        raise ResultError(str(path), f"this version reads format {FORMAT}, not {found}")
    try:
        return _decoded(_class_of(saved["kind"]), saved.get("content"), arrays)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
        raise ResultError(str(path), f"its content does not fit: {error}") from error


def _read(path: Path) -> tuple[Any, list[NDArray[Any]]]:
    """Header and arrays of a file; what it unpacks to is bounded before anything is unpacked."""
    try:
        with ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
        if size > MAX_BYTES:
            raise ResultError(str(path), f"it unpacks to more than {MAX_BYTES:,} bytes")
        with np.load(path, allow_pickle=False) as stored:
            if "header" not in stored:
                raise ResultError(str(path), "not a result saved by Servanda")
            saved = json.loads(stored["header"].tobytes().decode("utf-8"))
            arrays = [stored[f"array-{number}"] for number in range(len(stored.files) - 1)]
    except (BadZipFile, OSError, EOFError) as error:
        raise ResultError(str(path), f"not readable as a saved result: {error}") from error
    except (ValueError, KeyError, RecursionError) as error:
        raise ResultError(str(path), f"its header or arrays cannot be read: {error}") from error
    return saved, arrays


def _encoded(value: Any, arrays: list[NDArray[Any]]) -> Any:
    """Plain values for the header; arrays are put aside in ``arrays``."""
    if is_dataclass(value) and not isinstance(value, type):
        hints = _hints(type(value))
        return {
            one.name: _open(getattr(value, one.name), arrays)
            if hints[one.name] is Any
            else _encoded(getattr(value, one.name), arrays)
            for one in fields(value)
        }
    if isinstance(value, Enum):
        return _encoded(value.value, arrays)
    if isinstance(value, np.ndarray):
        arrays.append(value)
        return {"array": len(arrays) - 1}
    if isinstance(value, np.generic):
        return _encoded(value.item(), arrays)
    if isinstance(value, dict):
        return {str(key): _encoded(item, arrays) for key, item in value.items()}
    if isinstance(value, (list, tuple, frozenset, set)):
        return [_encoded(item, arrays) for item in value]
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _open(value: Any, arrays: list[NDArray[Any]]) -> Any:
    """What stands in a field that may hold anything: a result says its kind."""
    kind = _kind_of(value)
    plain = _encoded(value, arrays)
    return {"kind": kind, "content": plain} if kind else plain


def _kind_of(value: Any) -> str | None:
    place = f"{type(value).__module__}:{type(value).__qualname__}"
    return next((kind for kind, known in KINDS.items() if known == place), None)


def _class_of(kind: str) -> Any:
    module, _, name = KINDS[kind].partition(":")
    return getattr(import_module(module), name)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=False)


def _decoded(kind: Any, plain: Any, arrays: list[NDArray[Any]]) -> Any:
    if kind is Any:
        if isinstance(plain, dict) and set(plain) == {"kind", "content"} and plain["kind"] in KINDS:
            return _decoded(_class_of(plain["kind"]), plain["content"], arrays)
        return plain
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        if plain is None and type(None) in arguments:
            return None
        rest = [one for one in arguments if one is not type(None)]
        return _decoded(rest[0], plain, arrays)
    if origin is np.ndarray:
        return _array(arguments, plain, arrays)
    if origin is tuple:
        if arguments[-1] is Ellipsis:
            return tuple(_decoded(arguments[0], item, arrays) for item in plain)
        return tuple(
            _decoded(one, item, arrays) for one, item in zip(arguments, plain, strict=True)
        )
    if origin in (list, frozenset, set):
        return origin(_decoded(arguments[0], item, arrays) for item in plain)
    if origin is dict:
        return {
            _decoded(arguments[0], key, arrays): _decoded(arguments[1], item, arrays)
            for key, item in plain.items()
        }
    return _decoded_plain(kind, plain, arrays)


def _decoded_plain(kind: Any, plain: Any, arrays: list[NDArray[Any]]) -> Any:
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        known = {one.name for one in fields(kind)}
        unknown = set(plain) - known
        if unknown:
            raise ValueError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
        return kind(**{name: _decoded(hints[name], item, arrays) for name, item in plain.items()})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(plain)
    if kind is date:
        return date.fromisoformat(plain)
    if kind in (int, float, str, bool):
        return kind(plain)
    return plain


def _array(arguments: tuple[Any, ...], plain: Any, arrays: list[NDArray[Any]]) -> Any:
    """An array of the annotated type, read-only."""
    scalars = get_args(arguments[1]) if len(arguments) > 1 else ()
    array = np.asarray(arrays[plain["array"]], dtype=scalars[0] if scalars else float)
    array.flags.writeable = False
    return array
