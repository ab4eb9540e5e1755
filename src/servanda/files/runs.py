"""Run folders: what a long computation has done so far, so that it can go on after anything.

::

    run.json                      the manifest: what is computed, of which scenarios, by which code
    chunks/histories-000123.npz   one chunk, written at once or not at all, with its checksum
    lock                          held while somebody writes
    summary.json, NAME.csv, NAME.parquet    what came of it

A chunk that is cut short, has a bit turned, or is of another run is no chunk: it is computed again.
"""

from __future__ import annotations

import json
import os
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.errors import NotWrittenError, RunError
from servanda.files.write import write_atomic

Arrays = dict[str, NDArray[Any]]

SCHEMA = 2
MANIFEST, CHUNKS, LOCK = "run.json", "chunks", "lock"
MAX_MANIFEST = 20_000_000
"""Bytes of the largest manifest that is read."""
MAX_CHUNK = 1_000_000_000
"""Bytes of the largest chunk that is read."""
SEAL = 32
"""Bytes of the checksum that stands behind the archive of a chunk."""
_LONGEST = 40
_PLAIN = re.compile(rf"[a-z0-9-]{{1,{_LONGEST}}}")
_BESIDE = ".servanda-"  # what a file is called until it is moved to its place
_OURS = "array-"  # an array may have any name, also one of NumPy's own arguments


@dataclass(frozen=True)
class Subject:
    """A scenario that a run is about.

    Attributes:
        title: for people.
        digest: of it.
        says: all it says, plain; the run goes on without the original file.
    """

    title: str
    digest: str
    says: dict[str, Any]

    def __str__(self) -> str:
        return f"'{self.title}' ({self.digest})"


@dataclass(frozen=True)
class Manifest:
    """What a run folder is a run of.

    Attributes:
        kind: of question, as "histories" or "why".
        scenarios: those asked about, in the order in which they are asked about.
        options: what else the numbers depend on, plain: seed, draws, what was asked.
        versions: of the code that computes.
        schema: of run folders.
        free: names of options that may be others each time, as they change no chunk that is kept.
    """

    kind: str
    scenarios: tuple[Subject, ...]
    options: dict[str, Any]
    versions: dict[str, str]
    schema: int = SCHEMA
    free: tuple[str, ...] = ()

    @property
    def digests(self) -> list[str]:
        """Digests of the scenarios."""
        return [one.digest for one in self.scenarios]

    @property
    def id(self) -> str:
        """Digest of everything the numbers depend on; chunks carry it."""
        options = {name: one for name, one in self.options.items() if name not in self.free}
        said = [self.schema, self.kind, self.digests, options, self.versions["code"]]
        return _digest(json.dumps(said, sort_keys=True).encode())


@dataclass(frozen=True)
class Run:
    """A run folder that is open for writing.

    Attributes:
        folder: where it is.
        manifest: what it is a run of.
        notice: called with what the user should know, such as a damaged chunk.
    """

    folder: Path
    manifest: Manifest
    notice: Callable[[str], None]


# ---------------------------------------------------------------- the folder


@contextmanager
def open_run(
    folder: Path, wanted: Manifest, notice: Callable[[str], None] = lambda _: None
) -> Iterator[Run]:
    """Start a run in a folder that is new or empty, or go on with the same run.

    Args:
        folder: made when only its parent is there.
        wanted: what is to be computed, by the code that is here.
        notice: called with what the user should know.

    Raises:
        RunError: something else stands there, it is a run of something else or of other code, or
            somebody is writing there.  Nothing is changed.
        NotWrittenError: the folder cannot be made or written.
    """
    _check_place(folder)
    try:
        (folder / CHUNKS).mkdir(parents=not folder.exists(), exist_ok=True)
    except (OSError, ValueError) as error:
        raise _refused(folder, error) from error
    with _locked(folder):
        _sweep(folder)
        there = read_manifest(folder) if (folder / MANIFEST).exists() else wanted
        _check_same(folder, there, wanted, notice)
        begun = any((folder / CHUNKS).iterdir())
        if not begun or there.options != wanted.options:
            said = replace(wanted, versions=there.versions if begun else wanted.versions)
            write_atomic(folder / MANIFEST, json.dumps(asdict(said), indent=1) + "\n")
        yield Run(folder, wanted, notice)


def read_manifest(folder: Path) -> Manifest:
    """What a folder is a run of.

    Raises:
        RunError: it is no run folder, or one this version cannot read.
    """
    try:
        with (folder / MANIFEST).open("rb") as file:
            data = file.read(MAX_MANIFEST + 1)
    except OSError as error:
        raise RunError(str(folder), "not the folder of a run: it has no run.json") from error
    try:
        if len(data) > MAX_MANIFEST:
            raise ValueError
        said = json.loads(data)
        schema = said["schema"]
        if schema == SCHEMA:
            subjects = tuple(Subject(**one) for one in said["scenarios"])
            found = Manifest(**{**said, "scenarios": subjects, "free": tuple(said["free"])})
            named = [text for one in subjects for text in (one.title, one.digest)]
            texts = (found.kind, *named, found.versions["code"])
            sections = (*(one.says for one in subjects), found.options, found.versions)
            if all(isinstance(one, str) for one in texts) and all(
                isinstance(one, dict) for one in sections
            ):
                return found
            raise ValueError
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise RunError(str(folder), "its run.json is damaged or of another program") from error
    raise RunError(
        str(folder), f"its run.json is of schema {schema!r}; this version reads {SCHEMA}"
    )


def _check_place(folder: Path) -> None:
    try:
        if folder.exists() and not folder.is_dir():
            raise RunError(str(folder), "is not a folder")
        if not folder.exists():
            if not folder.absolute().parent.is_dir():
                raise NotWrittenError(str(folder), f"there is no folder '{folder.parent}'")
            return
        names = {path.name for path in folder.iterdir()}
    except (OSError, ValueError) as error:
        raise _refused(folder, error) from error
    ours = {name for name in names if name in (CHUNKS, LOCK) or name.startswith(_BESIDE)}
    if MANIFEST not in names and names - ours:
        raise RunError(str(folder), "is not empty and not the folder of a run; name a new one")


def _check_same(
    folder: Path, there: Manifest, wanted: Manifest, notice: Callable[[str], None]
) -> None:
    """Complain about a run of something else; other code is fine while nothing is computed."""
    differs = []
    if there.kind != wanted.kind:
        differs.append(f"it answers '{there.kind}', not '{wanted.kind}'")
    if there.digests != wanted.digests:
        about, asked = (" and ".join(map(str, one.scenarios)) for one in (there, wanted))
        differs.append(f"it is about {about}, not {asked}")
    for name in dict.fromkeys([*there.options, *wanted.options]):
        old, new = there.options.get(name), wanted.options.get(name)
        if there.kind == wanted.kind and old != new and name not in wanted.free:
            differs.append(f"its {name} is {_short(old)}, not {_short(new)}")
    if differs:
        rule = "is another run: " + "; ".join(differs)
        raise RunError(str(folder), f"{rule}. Name another folder; nothing was changed")
    changed = [
        f"{name} {there.versions.get(name)} (here {value})"
        for name, value in wanted.versions.items()
        if there.versions.get(name) != value
    ]
    if not changed or not any((folder / CHUNKS).iterdir()):
        return
    if any(there.versions.get(name) != wanted.versions[name] for name in ("servanda", "code")):
        rule = "was begun by other code, which may give other numbers: " + ", ".join(changed)
        raise RunError(str(folder), f"{rule}. Name another folder; nothing was changed")
    notice("this run was begun with " + ", ".join(changed) + "; last digits may differ")


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder; the system lets go of it when this process ends, however it ends."""
    from fcntl import LOCK_EX, LOCK_NB, flock

    try:
        file = (folder / LOCK).open("a+")
    except OSError as error:
        raise _refused(folder, error) from error
    with file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            who = file.read(200).strip() or "another process"
            raise RunError(str(folder), f"in use by {who}; wait, or stop it first") from error
        except OSError as error:
            raise _refused(folder, error) from error
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}\n")
        file.flush()
        yield


def _sweep(folder: Path) -> None:
    """Remove what a process that was killed had not yet moved to its place."""
    for place in (folder, folder / CHUNKS):
        for left in place.glob(f"{_BESIDE}*"):
            with suppress(OSError):
                left.unlink()


def _refused(folder: Path, error: Exception) -> NotWrittenError:
    text = (error.strerror if isinstance(error, OSError) else "") or str(error)
    return NotWrittenError(str(folder), text[:1].lower() + text[1:])


# ---------------------------------------------------------------- chunks


def save_chunk(run: Run, job: str, number: int, arrays: Arrays) -> None:
    """Write one chunk, at once or not at all.

    Args:
        run: open.
        job: its name and digest, joined by "@", as ``histories@1f0c...``.
        number: of the chunk, from 0.
        arrays: numbers, texts of fixed width or flags; no objects.

    Raises:
        NotWrittenError: the disk is full, or it may not be written; earlier chunks stay.
    """
    buffer = BytesIO()
    np.savez(buffer, allow_pickle=False, **{f"{_OURS}{name}": arrays[name] for name in arrays})
    body = buffer.getvalue()
    seal = _seal(run, job, number, body)
    write_atomic(chunk_path(run.folder, job, number), body + seal)


def load_chunk(run: Run, job: str, number: int) -> Arrays | None:
    """One chunk as it was computed; None when it is not there, damaged, or of another run."""
    path = chunk_path(run.folder, job, number)
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_CHUNK else b""
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _refused(path, error) from error
    body, seal = data[:-SEAL], data[-SEAL:]
    if seal != _seal(run, job, number, body):
        run.notice(f"{path.name} is damaged or of another run, and is computed again")
        return None
    with np.load(BytesIO(body), allow_pickle=False) as stored:
        return {name.removeprefix(_OURS): stored[name] for name in stored.files}


def chunk_path(folder: Path, job: str, number: int) -> Path:
    """Where a chunk stands."""
    name = job.partition("@")[0]
    if not _PLAIN.fullmatch(name):  # as long as it likes, and with any letters
        name = f"{re.sub('[^A-Za-z0-9.]+', '-', name)[:_LONGEST]}-{_digest(name.encode())[:8]}"
    return folder / CHUNKS / f"{name}-{number:06d}.npz"


def _seal(run: Run, job: str, number: int, body: bytes) -> bytes:
    """Digest of a chunk and of what it is a chunk of."""
    key = _digest(f"{run.manifest.id}|{job}|{number}".encode()).encode()
    return blake2b(body, key=key, digest_size=SEAL).digest()


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()
