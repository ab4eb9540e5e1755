"""``servanda resume``: go on with a run that was stopped, and say what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import Any

import click

from servanda.cli.chart_folder import joined
from servanda.cli.compare import COMPARISON
from servanda.cli.inverse import INVERSE
from servanda.cli.levers import LEVERS
from servanda.cli.map import MAP
from servanda.cli.options import on_option, table_option, threads_option
from servanda.cli.outputs import Outputs, View, answering, give, output_options
from servanda.cli.pressure import PRESSURE
from servanda.cli.run_folder import notice
from servanda.cli.sensitivity import SENSITIVITY
from servanda.cli.simulate import HISTORIES
from servanda.cli.why import DIAGNOSIS
from servanda.errors import NotFoundError, RunError


@dataclass(frozen=True)
class Kind:
    """A question whose runs can go on.

    Attributes:
        ask: the function of `servanda.workbench`, called with the scenarios and the options of the
            manifest.
        view: how its answer is shown.
        takes: options of this command that it takes besides.
    """

    ask: str
    view: View
    takes: tuple[str, ...] = ()


KINDS = {
    "compare": Kind("compare", COMPARISON),
    "histories": Kind("simulate", HISTORIES, takes=("on", "table")),
    "inverse": Kind("inverse", INVERSE),
    "levers": Kind("levers", LEVERS),
    "map": Kind("answer_map", MAP),
    "pressure": Kind("pressure", PRESSURE),
    "sensitivity": Kind("sensitivity", SENSITIVITY),
    "why": Kind("why", DIAGNOSIS),
}
"""Every kind of run there is."""

WITHOUT = {"on": "runs on threads of this machine only", "table": "has no histories to write"}
"""What is said of a kind that does not take an option."""


@click.command()
@click.argument("run", type=click.Path(path_type=Path), metavar="FOLDER")
@table_option
@on_option
@threads_option
@output_options
def resume(run: Path, table: Path | None, on: str, threads: int | None, out: Outputs) -> None:
    """Go on with a run that was stopped, from its folder alone, and print its answer.

    What was computed over the draws is not computed again; the answer, its charts and its table are
    those an unbroken run gives.
    """
    from servanda import workbench
    from servanda.files.row_tables import check_table
    from servanda.files.runs import read_manifest
    from servanda.files.write import identifier

    manifest = read_manifest(run)
    if manifest.kind not in KINDS:
        raise NotFoundError("kind of run", manifest.kind, KINDS)
    kind = KINDS[manifest.kind]
    besides = {"on": None if on == "threads" else on, "table": table}
    given = {name: value for name, value in besides.items() if value is not None}
    for name in given:
        if name not in kind.takes:
            raise RunError(str(run), f"'{manifest.kind}' {WITHOUT[name]}")
    if table is not None:
        check_table(table)
    scenarios = workbench.scenarios_of_run(manifest, run)
    ask: Any = getattr(workbench, kind.ask)
    try:
        signature(ask).bind(*scenarios, **manifest.options)
        name = manifest.options["name"] or identifier(scenarios[-1].title)
    except (TypeError, KeyError) as error:
        raise RunError(str(run), "the options in its run.json are damaged") from error
    with answering(out, run, **given) as progress:
        found = ask(
            *scenarios,
            **manifest.options,
            **given,
            run=run,
            notice=notice,
            threads=threads,
            progress=progress,
        )
    give(out, kind.view, found, *scenarios, stem=joined(name, found.origin.variant))
