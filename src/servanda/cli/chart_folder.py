"""Charts of an answer, written into a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click


def check_folder(folder: Path | None) -> None:
    """Complain before anything is computed where charts could not be written."""
    from servanda.files.write import check_writable

    if folder is not None:  # made when only its parent is there, as `servanda export` does
        check_writable(folder / "chart" if folder.is_dir() else folder)


def file_stem(scenario: str, variant: str) -> str:
    """What files made of a scenario and a variant of it are called."""
    from servanda.files.read import short_name

    return joined(short_name(scenario), variant)


def joined(name: str, variant: str) -> str:
    """A scenario's name and a variant of it, as one."""
    return "-".join(part for part in (name, variant) if part)


def write_charts(folder: Path, charts: Mapping[str, bytes], stem: str, *, quiet: bool) -> None:
    """Write charts under a common name, and say where."""
    from servanda.files.write import write_folder

    files = {f"{stem}-{file}": content for file, content in charts.items()}
    write_folder(folder, files, overwrite=True)
    if not quiet:
        for file in files:
            click.echo(f"chart: {folder / file}", err=True)
