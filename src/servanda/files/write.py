"""Write files so that a reader never meets half of one, and scenarios as text.

A file is written beside its place under another name and then moved there in one act: when
anything fails on the way, what stood there before still stands there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from importlib.resources import files as package_files
from io import StringIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock
from typing import Any

from pydantic import BaseModel
from ruamel.yaml import YAML

from servanda.errors import NotWrittenError
from servanda.scenario.model import Scenario
from servanda.scenario.quantity import Quantity, kebab

_LONGEST_NAME = 60
_ONE_AT_A_TIME = Lock()


def write_atomic(target: Path, content: str | bytes, *, overwrite: bool = True) -> Path:
    """Put ``content`` at ``target`` at once, or leave everything as it was.

    Returns:
        The absolute path of the file.

    Raises:
        NotWrittenError: there is no such folder, it may not be written, the disk is full, or
            something stands there already and ``overwrite`` is False.
    """
    check_writable(target, overwrite=overwrite)
    data = content.encode("utf-8") if isinstance(content, str) else content
    place = target.resolve()
    try:
        if place.exists() and not place.is_file():  # a pipe or a device takes the text as it comes
            place.write_bytes(data)
        else:
            _replace(place, data)
    except OSError as error:
        raise NotWrittenError(str(target), reason(error)) from error
    return place


def write_folder(folder: Path, files: Mapping[str, bytes], *, overwrite: bool) -> list[Path]:
    """Put files into a folder, made when only its parent is there; all are checked before any.

    Returns:
        The absolute path of each file.

    Raises:
        NotWrittenError: one of them could not be written.
    """
    try:
        if folder.exists() and not folder.is_dir():
            raise NotWrittenError(str(folder), "it is not a folder")
        if folder.is_dir():
            for name in files:
                check_writable(folder / name, overwrite=overwrite)
        else:
            check_writable(folder)
            folder.mkdir()
    except (OSError, ValueError) as error:
        raise NotWrittenError(str(folder), reason(error)) from error
    return [write_atomic(folder / name, data, overwrite=overwrite) for name, data in files.items()]


def check_writable(target: Path, *, overwrite: bool = True) -> None:
    """Complain before any work is done about a place that could not be written afterwards."""
    try:
        place = target.resolve()
        folder = place.parent
        if place.is_dir():
            raise NotWrittenError(str(target), "it is a folder")
        if not folder.is_dir():
            raise NotWrittenError(str(target), f"there is no folder '{folder}'")
        if place.exists() and not overwrite:
            raise NotWrittenError(str(target), "the file exists (--force replaces it)")
        regular = not place.exists() or place.is_file()
        if not os.access(folder if regular else place, os.W_OK):
            raise NotWrittenError(str(target), f"no permission to write in '{folder}'")
    except (OSError, ValueError) as error:
        raise NotWrittenError(str(target), reason(error)) from error


def _replace(place: Path, data: bytes) -> None:
    with NamedTemporaryFile(dir=place.parent, prefix=".servanda-", delete=False) as file:
        beside = Path(file.name)
        try:
            file.write(data)
            put_in_place(file, place)
        except BaseException:
            with suppress(OSError):
                beside.unlink()
            raise


def put_in_place(file: Any, place: Path) -> None:
    """Move a file that has been written beside its place there, in one act; OSError if it fails."""
    file.flush()
    os.fsync(file.fileno())
    beside = Path(file.name)
    mode = place.stat().st_mode & 0o777 if place.exists() else 0o666 & ~_umask()
    beside.chmod(mode)
    beside.replace(place)


def _umask() -> int:
    with _ONE_AT_A_TIME:  # it can only be read by setting it, for all threads
        current = os.umask(0o022)
        os.umask(current)
    return current


def reason(error: Exception) -> str:
    """Why the system refused, as the end of a sentence."""
    text = (error.strerror if isinstance(error, OSError) else "") or str(error)
    return text[:1].lower() + text[1:]


def template(title: str) -> str:
    """A commented scenario to start from: small, complete, and it passes ``check``."""
    return _titled("template.yaml", title)


def past_template(title: str) -> dict[str, bytes]:
    """The files of a case of the past to start from; the folder passes ``check``."""
    parts = ("scenario.yaml", "agreed.yaml", "outcome.yaml")
    return {part: _titled(f"past_template/{part}", title).encode() for part in parts}


def _titled(name: str, title: str) -> str:
    text = package_files("servanda.library").joinpath(name).read_text(encoding="utf-8")
    return text.replace('"TITLE"', _quoted(title), 1)


def _quoted(text: str) -> str:
    """``text`` as a YAML string on one line, whatever stands in it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    shown = (c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped)
    return f'"{"".join(shown)}"'


def identifier(name: str) -> str:
    """A file name made of ``name``: lower-case letters, digits, hyphens ("" when none is left)."""
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return words[:_LONGEST_NAME].strip("-")


def dump_scenario(scenario: Scenario) -> str:
    """The scenario as YAML; reading it gives an equal scenario.  Comments are not kept."""
    return dump_plain(plain_scenario(scenario))


def dump_plain(plain: dict[str, Any]) -> str:
    """Plain values as YAML, in their order."""
    stream = StringIO()
    yaml: Any = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.sort_base_mapping_type_on_output = False
    yaml.width = 100
    yaml.dump(plain, stream)
    return stream.getvalue()


def plain_scenario(scenario: Scenario) -> dict[str, Any]:
    """What the scenario says, as a file would say it, in plain mappings, lists and values."""
    plain: dict[str, Any] = _plain(scenario)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, Quantity) and value.model_fields_set == {"value"}:
        return value.value
    if isinstance(value, BaseModel):
        said = value.model_fields_set
        if isinstance(value, Quantity) and value.coded:
            said = said - {"value", "low", "high", "shape"}  # the coding rules say these
        return {
            kebab(name): _plain(getattr(value, name))
            for name in type(value).model_fields
            if name in said
        }
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
