"""``servanda new``: a commented scenario, or a case of the past, to start from."""

from __future__ import annotations

from pathlib import Path

import click

from servanda.cli.options import json_option
from servanda.cli.screen import say, say_json


@click.command()
@click.argument("name")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Where to write it.  [default: NAME.yaml here; with --past the folder NAME]",
)
@click.option("--past", is_flag=True, help="A folder with a case of the past, for backtest.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@json_option
def new(name: str, output: Path | None, past: bool, force: bool, as_json: bool) -> None:
    """Write a commented scenario to start from; NAME becomes its title and file name.

    It has two sides and a guarantor, two issues, a front, steps, a guarantee, a source and a
    variant, and it passes the check as it is. With --past, a folder with what was known on a day,
    the agreed order and the outcome, its numbers coded by the rules that all cases share.
    """
    from servanda.files.write import (
        identifier,
        past_template,
        template,
        write_atomic,
        write_folder,
    )

    title = name.removesuffix(".yaml").strip()
    stem = identifier(title)
    if not title or (output is None and not stem):
        raise click.BadParameter(
            "has no letters a-z or digits to make a file name of; give --output.",
            param_hint="NAME",
        )
    if title == stem:  # an identifier: its words make the title
        title = title.replace("-", " ").capitalize()
    target = output or Path(stem if past else f"{stem}.yaml")
    if past:
        write_folder(target, past_template(title), overwrite=force)
    else:
        write_atomic(target, template(title), overwrite=force)
    if as_json:
        say_json({"title": title, "written": str(target.resolve())})
        return
    say(f"written: {target}")
    say(f"next: change it, then servanda check {target}")
    if past:
        say(f"      and servanda backtest {target}")
