"""What a command says when a run stops before its end: how to go on."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from servanda.errors import NotWrittenError, ServandaError, printable

STOPPED = 130


class Stopped(click.ClickException):
    """The user stopped a run; what it has computed stays."""

    exit_code = STOPPED

    def show(self, file: Any = None) -> None:
        click.echo(self.message, err=True)


@contextmanager
def stays_in(folder: Path | None, options: Sequence[str] = ()) -> Iterator[None]:
    """Say how to go on when the user, a full disk or a lost cluster stops the work.

    Args:
        folder: of the run; nothing is said without one.
        options: of ``servanda resume``, that bring what was asked for.
    """
    try:
        yield
    except KeyboardInterrupt:
        if folder is None or not (folder / "run.json").exists():
            raise
        raise Stopped(f"stopped. {_go_on(folder, options)}") from None
    except NotWrittenError as error:
        if folder is None or not (folder / "run.json").exists():
            raise
        raise ServandaError(f"{error}\n{_go_on(folder, options)}") from error


def notice(text: str) -> None:
    """What the user should know about a run, on stderr."""
    click.echo(f"note: {printable(text)}", err=True)


def _go_on(folder: Path, options: Sequence[str]) -> str:
    command = shlex.join(printable(word) for word in ("servanda", "resume", str(folder), *options))
    return f"What is computed stays in the folder. To go on: {command}"
