"""What every command does around its computation: where its answer goes, and how it is shown.

A command reads its scenario, computes inside :func:`answering`, and hands what was found to
:func:`give` with the :class:`View` of its question; ``servanda resume`` does the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from itertools import chain
from pathlib import Path
from typing import Any

import click

from servanda.cli.chart_folder import check_folder, write_charts
from servanda.cli.options import Command, charts_options, json_option, quiet_option
from servanda.cli.progress import Progress
from servanda.cli.run_folder import stays_in
from servanda.cli.screen import say_json
from servanda.simulation.progress import Progress as Show


@dataclass(frozen=True)
class Outputs:
    """Where an answer goes.

    Attributes:
        folder: for charts; None where none are wanted.
        ending: of the charts.
        save: a file for the answer itself; None where it is not saved.
        quiet: no progress and no names of files on stderr.
        as_json: for a program, not for people.
    """

    folder: Path | None
    ending: str
    save: Path | None
    quiet: bool
    as_json: bool


@dataclass(frozen=True)
class View:
    """How answers to one question are shown.

    Attributes:
        say: prints one for people; called with the answer and the scenarios it is about.
        charts: the function of `servanda.workbench` that draws it; called with the answer, the
            last of these scenarios, and the ending of the files.
        suffix: of the files' names, behind that of the scenario.
    """

    say: Callable[..., None]
    charts: str
    suffix: str = ""


def output_options(command: Command) -> Callable[..., Any]:
    """--charts, --format, --save, --quiet and --json, as one argument ``out``."""

    @wraps(command)
    def gathered(
        *,
        folder: Path | None,
        ending: str,
        save: Path | None,
        quiet: bool,
        as_json: bool,
        **asked: Any,
    ) -> Any:
        return command(out=Outputs(folder, ending, save, quiet, as_json), **asked)

    return charts_options(save_option(quiet_option(json_option(gathered))))


def save_option(command: Command) -> Command:
    """--save: the answer itself as a file."""
    return click.option(
        "--save",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Save the answer as this .npz file, for servanda brief --from and for Python.",
    )(command)


@contextmanager
def answering(out: Outputs, run: Path | None = None, **more: Any) -> Iterator[Show]:
    """Check where the answer goes, then show how far its computation is.

    When that stops and there is a run folder, the command that goes on is said.

    Args:
        out: where the answer goes.
        run: the run folder.
        more: further options of ``servanda resume`` that were given, by name.
    """
    check_folder(out.folder)
    check_save(out.save)
    progress = Progress(quiet=out.quiet)
    with stays_in(run, again(out, **more)), progress:
        yield progress.show


def check_save(save: Path | None) -> None:
    """Complain before anything is computed where the answer could not be saved."""
    if save is not None:
        from servanda.files.results import check_place

        check_place(save)


def again(out: Outputs, **more: Any) -> list[str]:
    """The options with which ``servanda resume`` brings what was asked for."""
    given = {
        "charts": out.folder,
        "format": out.ending if out.folder is not None else None,
        "save": out.save,
        **more,
    }
    words = [(f"--{name}", str(value)) for name, value in given.items() if value is not None]
    return [*chain.from_iterable(words), *(["--json"] if out.as_json else [])]


def give(out: Outputs, view: View, found: Any, *scenarios: Any, stem: str) -> None:
    """Save an answer, print it, draw it.

    Args:
        out: where it goes.
        view: how it is shown.
        found: the answer.
        scenarios: those it is about.
        stem: what names of charts begin with.
    """
    from servanda import workbench

    if out.save is not None:  # first, so that no closed pipe loses it
        keep(found, out.save, quiet=out.quiet)
    if out.as_json:
        say_json(found.to_dict())
    else:
        view.say(found, *scenarios)
    if out.folder is not None:
        charts = getattr(workbench, view.charts)(found, *scenarios[-1:], out.ending)
        write_charts(out.folder, charts, stem + view.suffix, quiet=out.quiet)


def keep(found: Any, save: Path, *, quiet: bool) -> None:
    """Save an answer, and say where."""
    from servanda.files.results import save_result

    save_result(found, save)
    if not quiet:
        click.echo(f"saved: {save}", err=True)
