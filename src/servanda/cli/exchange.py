"""``servanda import`` and ``servanda export``: from and to the files of other programs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from servanda.cli.options import changes_options, json_option, scenario_argument
from servanda.cli.screen import say, say_json, say_text
from servanda.errors import ScenarioError

SCALINGS = ("genius", "by-maximum", "as-written")
FORMATS = ("genius", "geniusweb", "csv", "parquet")


def a_day(_: click.Context, parameter: click.Parameter, value: str | None) -> date:
    """A day, today when none is given."""
    if value is None:
        return date.today()
    try:
        return date.fromisoformat(value)
    except ValueError:
        rule = "is not a day, written as 2026-02-18."
        raise click.BadParameter(rule, param=parameter) from None


@click.command("import")
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Where to write the scenario.  [default: NAME.yaml here]",
)
@click.option(
    "--scaling",
    type=click.Choice(SCALINGS),
    default="genius",
    show_default=True,
    help="How GENIUS evaluations are read: divided by their issue's maximum when any exceeds 1 "
    "(genius), always (by-maximum), or never (as-written).",
)
@click.option("--title", default="", metavar="TEXT", help="Title of the scenario.")
@click.option(
    "--as-of", metavar="DAY", callback=a_day, help="Day of the scenario.  [default: today]"
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@json_option
def import_files(
    files: tuple[Path, ...],
    output: Path | None,
    scaling: str,
    title: str,
    as_of: date,
    force: bool,
    as_json: bool,
) -> None:
    """Make a scenario from a GENIUS or GeniusWeb domain with its profiles, or from a table.

    FILE is a domain or a profile (.xml, .json), a table of packages and values (.csv, .parquet), or
    a folder of them. The scenario says what each party wants and what it gets without a deal, and
    passes the check; it has no war and no steps.
    """
    from typing import cast, get_args

    from servanda import workbench
    from servanda.files.genius import Scaling
    from servanda.files.write import check_writable, dump_plain, identifier, write_atomic

    assert scaling in get_args(Scaling)
    if output is not None:
        check_writable(output, overwrite=force)
    try:
        made = workbench.import_files(
            files, as_of=as_of, scaling=cast(Scaling, scaling), title=title
        )
    except ScenarioError as error:
        if as_json:
            complaints = [vars(complaint) for complaint in error.complaints]
            say_json({"good": False, "complaints": complaints})
        raise
    scenario = made.scenario
    target = output or Path(f"{identifier(scenario.title) or 'scenario'}.yaml")
    written = write_atomic(target, dump_plain(made.raw), overwrite=force)
    packages = 1
    for issue in scenario.issues.values():
        packages *= len(issue.options)
    if as_json:
        say_json(
            {
                "good": True,
                "complaints": [],
                "written": str(written),
                "format": made.format,
                "title": scenario.title,
                "actors": list(scenario.actors),
                "issues": len(scenario.issues),
                "packages": packages,
                "notes": list(made.notes),
            }
        )
        return
    say(f"read: {made.format}")
    say(f"{len(scenario.actors)} actors, {len(scenario.issues)} issues, {packages:,} packages")
    for note in made.notes:
        say_text(f"note: {note}")
    say(f"written: {target}")
    say(f"next: servanda check {target}")


@click.command("export")
@scenario_argument
@changes_options
@click.option(
    "--format",
    "to",
    type=click.Choice(FORMATS),
    required=True,
    help="The format of the files.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder to write them in; made if its parent is there.  [default: NAME-FORMAT here]",
)
@click.option("--force", is_flag=True, help="Replace files that are there.")
@json_option
def export_files(
    scenario: str,
    changes: tuple[str, ...],
    variant: str,
    to: str,
    output: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Write the package side of a scenario as files of another program.

    genius and geniusweb hold issues, weights and evaluations, and have to leave out much of a
    scenario; csv and parquet list every package with its value to every actor. What is left out is
    said.
    """
    from servanda import workbench
    from servanda.files.read import short_name
    from servanda.files.write import write_folder

    read = workbench.read(scenario, variant=variant, changes=changes)
    name = short_name(scenario)
    made = workbench.export_files(read, to=to, name=name)
    folder = output or Path(f"{name}-{to}")
    written = write_folder(folder, made.files, overwrite=force)
    if as_json:
        say_json(
            {
                "written": [str(path) for path in written],
                "lost": list(made.lost),
                "rescaled": list(made.rescaled),
            }
        )
        return
    for path in made.files:
        say(f"written: {folder / path}")
    if made.rescaled:
        say("On another scale, which changes no choice:")
    for line in made.rescaled:
        say(f"  {line}")
    if made.lost:
        say("Not in these files:")
    for line in made.lost:
        say(f"  {line}")
