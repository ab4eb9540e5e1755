"""``servanda resume``: go on with a run that was stopped, and say what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any

import click

from servanda.cli.options import (
    json_option,
    on_option,
    quiet_option,
    threads_option,
)
from servanda.cli.progress import Progress
from servanda.cli.run_folder import notice, stays_in
from servanda.errors import NotFoundError, RunError


@dataclass(frozen=True)
class Kind:
    """A question whose runs can go on.

    Attributes:
        ask: the use case, called with the scenario and the options of the manifest.
        show: prints its answer: (answer, scenario, as_json).
        spreads: True where other engines than threads can do it.
    """

    ask: str
    show: str
    spreads: bool = False


KINDS = {
    "histories": Kind("servanda.workbench:simulate", "servanda.cli.simulate:show", spreads=True),
    "levers": Kind("servanda.workbench:levers", "servanda.cli.levers:show"),
    "sensitivity": Kind("servanda.workbench:sensitivity", "servanda.cli.sensitivity:show"),
    "why": Kind("servanda.workbench:why", "servanda.cli.why:show"),
}
"""Every kind of run there is."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="FOLDER")
@on_option
@threads_option
@quiet_option
@json_option
def resume(folder: Path, on: str, threads: int | None, quiet: bool, as_json: bool) -> None:
    """Go on with a run that was stopped, from its folder alone, and print its answer.

    What was computed over the draws is not computed again; the answer is the one an unbroken run
    gives.
    """
    from servanda.files.runs import read_manifest
    from servanda.workbench import scenario_of_run

    manifest = read_manifest(folder)
    if manifest.kind not in KINDS:
        raise NotFoundError("kind of run", manifest.kind, KINDS)
    kind = KINDS[manifest.kind]
    if on != "threads" and not kind.spreads:
        raise RunError(str(folder), f"'{manifest.kind}' runs on threads of this machine only")
    scenario = scenario_of_run(manifest, folder)
    where: dict[str, Any] = {"on": on} if kind.spreads else {}
    ask = _named(kind.ask)
    try:
        signature(ask).bind(scenario, **manifest.options)
    except TypeError as error:
        raise RunError(str(folder), "the options in its run.json are damaged") from error
    progress = Progress(quiet=quiet)
    with stays_in(folder), progress:
        found = ask(
            scenario,
            **manifest.options,
            **where,
            run=folder,
            notice=notice,
            threads=threads,
            progress=progress.show,
        )
    _named(kind.show)(found, scenario, as_json=as_json)


def _named(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
