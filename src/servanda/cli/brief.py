"""``servanda brief``: analyse a scenario, print a summary, write one HTML page."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from servanda.cli.options import changes_options, draws_options, json_option, scenario_argument
from servanda.cli.progress import Progress
from servanda.cli.screen import say_json, screen_width


@click.command()
@scenario_argument
@changes_options
@draws_options
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Where to write the page.  [default: NAME-brief.html here]",
)
@click.option("--quiet", is_flag=True, help="No progress on stderr.")
@json_option
def brief(
    scenario: str,
    changes: tuple[str, ...],
    variant: str,
    draws: int,
    seed: int,
    threads: int | None,
    output: Path | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Analyse a scenario: print the answer, and write a brief as one HTML page.

    The page asks for nothing outside itself. The answer depends on the scenario, the changes, the
    number of draws and the seed, and on nothing else.
    """
    from servanda import workbench
    from servanda.files.read import short_name
    from servanda.files.write import check_writable, write_atomic

    read = workbench.read(scenario, variant=variant, changes=changes)
    name = "-".join(part for part in (short_name(scenario), variant, "brief") if part)
    target = output or Path(f"{name}.html")
    check_writable(target)
    progress = Progress(quiet=quiet)

    from servanda.brief import render_terminal

    with progress:
        analysis = workbench.analyse(
            read,
            draws=draws,
            seed=seed,
            threads=threads,
            progress=progress.show,
            variant=variant,
            changes=changes,
        )
        progress.show("writing the brief", 1.0)
        page = workbench.brief(analysis, read)
    write_atomic(target, page)
    if as_json:
        say_json(analysis.to_dict())
    else:
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        text = render_terminal(analysis, read, screen_width(), colour=colour)
        click.echo(text.rstrip("\n"))  # its words are cleaned where it is made
    if not quiet:
        click.echo(f"brief: {target}", err=True)
