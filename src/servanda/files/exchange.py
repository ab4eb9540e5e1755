"""Which format files are in, by their names, and what each format keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from servanda.errors import Complaint, ExchangeError, NotFoundError


@dataclass(frozen=True)
class Format:
    """A file format of other programs.

    Attributes:
        name: by which one asks for it.
        ending: of its files.
        title: as people call it.
        whole: True when packages are listed one by one, with links and exclusions worked in.
    """

    name: str
    ending: str
    title: str
    whole: bool


FORMATS = {
    one.name: one
    for one in (
        Format("genius", ".xml", "GENIUS XML", whole=False),
        Format("geniusweb", ".json", "GeniusWeb JSON", whole=False),
        Format("csv", ".csv", "table of packages (CSV)", whole=True),
        Format("parquet", ".parquet", "table of packages (Parquet)", whole=True),
    )
}
MOST_FILES = 200


def gather(paths: Sequence[Path]) -> tuple[Format, list[Path]]:
    """The format of some files and the files themselves; a folder stands for those in it.

    Raises:
        NotFoundError: there is no such file or folder, or nothing in a folder that could be read.
        ExchangeError: several formats at once, several tables, or too many files.
    """
    endings = {one.ending: one for one in FORMATS.values()}
    files: list[Path] = []
    for path in paths:
        files += _inside(path, tuple(endings)) if _is_folder(path) else [path]
    files = list(dict.fromkeys(files))
    found = {file.suffix.lower() for file in files}
    complaints = [
        Complaint(
            "(file)",
            f"a name that ends in {', '.join(endings)} says what it is; this one does not",
            file=str(file),
            line=1,
            column=1,
        )
        for file in files
        if file.suffix.lower() not in endings
    ]
    if not complaints and len(found) > 1:
        rule = f"files of several formats ({', '.join(sorted(found))}); name those of one"
        complaints.append(Complaint("(files)", rule))
    if not complaints and len(files) > 1 and endings[next(iter(found))].whole:
        rule = f"{len(files)} tables; a scenario is made from one"
        complaints.append(Complaint("(files)", rule))
    if len(files) > MOST_FILES:
        complaints = [
            Complaint("(files)", f"{len(files):,} files; at most {MOST_FILES} are read together")
        ]
    if complaints:
        raise ExchangeError(complaints)
    return endings[next(iter(found))], files


def _is_folder(path: Path) -> bool:
    try:
        if not path.exists():
            raise NotFoundError("file or folder", str(path), ())
        return path.is_dir()
    except (OSError, ValueError) as error:
        raise NotFoundError("file or folder", str(path), ()) from error


def _inside(folder: Path, endings: tuple[str, ...]) -> list[Path]:
    found = [
        path
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in endings and path.is_file() and not path.name.startswith(".")
    ]
    if not found:
        listed = ", ".join(endings)
        raise ExchangeError([Complaint(str(folder), f"holds no file that ends in {listed}")])
    return found
