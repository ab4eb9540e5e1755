"""``servanda list``: the scenarios that ship, and the coding rules."""

from __future__ import annotations

import click

from servanda.cli.options import json_option
from servanda.cli.screen import Table, say_json, say_tables


@click.command("list")
@click.option("--coding", is_flag=True, help="List the coding rules instead, class by class.")
@json_option
def list_shipped(coding: bool, as_json: bool) -> None:
    """List the scenarios that ship, with title and one line each."""
    if coding:
        _list_coding(as_json)
    else:
        _list_scenarios(as_json)


def _list_coding(as_json: bool) -> None:
    from servanda.files.read import coding_rules

    rules = coding_rules().values()
    if as_json:
        say_json([vars(one) for one in rules])
        return
    tables: dict[str, list[tuple[str, ...]]] = {}
    titles = {}
    for one in rules:
        group = one.name.partition(".")[0]
        titles[group] = f"{group}: {one.means}"
        number = {"value": one.number} if isinstance(one.number, int) else one.number
        numbers = (str(number.get(key, "")) for key in ("value", "low", "high"))
        tables.setdefault(group, []).append((one.name, *numbers, one.when))
    columns = ("coded", "value", "low", "high", "when")
    say_tables([Table(titles[group], columns, tuple(rows)) for group, rows in tables.items()])


def _list_scenarios(as_json: bool) -> None:
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
        short = tuple((name, day, title) for name, _, title, day, _ in rows)
        say_tables([Table("Scenarios that ship", ("name", "as of", "title"), short)])
