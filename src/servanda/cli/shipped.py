"""``servanda list``: the scenarios that ship."""

from __future__ import annotations

import click

from servanda.cli.options import json_option
from servanda.cli.screen import Table, say_json, say_tables


@click.command("list")
@json_option
def list_shipped(as_json: bool) -> None:
    """List the scenarios that ship, with title and one line each."""
    from servanda.files.read import read_scenario, shipped

    rows = []
    for name, path in shipped().items():
        scenario = read_scenario(name)
        kind = path.parent.parent.name
        line = scenario.summary.split(". ")[0].strip().rstrip(".")
        rows.append((name, kind, scenario.title, scenario.as_of.isoformat(), line))
    if as_json:
        keys = ("name", "kind", "title", "as-of", "summary")
        say_json([dict(zip(keys, row, strict=True)) for row in rows])
    else:
        columns = ("name", "kind", "title", "as of", "in a line")
        say_tables([Table("Scenarios that ship", columns, tuple(rows))])
