"""``servanda show``: a scenario as readable tables."""

from __future__ import annotations

import click

from servanda.cli.options import changes_options, json_option, scenario_argument
from servanda.cli.screen import day, say, say_json, say_tables, say_text
from servanda.cli.tables import SECTIONS, tables_of
from servanda.errors import NotFoundError


def known_sections(
    _: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    """Sections by name."""
    for value in values:
        if value not in SECTIONS:
            raise click.BadParameter(
                str(NotFoundError("section", value, SECTIONS)), param=parameter
            )
    return values


@click.command()
@scenario_argument
@changes_options
@click.option(
    "--section",
    "sections",
    multiple=True,
    callback=known_sections,
    metavar="SECTION",
    help=f"Only this section; may be repeated. One of {', '.join(SECTIONS)}.",
)
@json_option
def show(
    scenario: str,
    changes: tuple[str, ...],
    variant: str,
    sections: tuple[str, ...],
    as_json: bool,
) -> None:
    """Show a scenario as readable tables.

    The first column holds the identifiers by which --set and the file itself name things. A
    number is followed by its range and by what an actor believes it to be, where that differs.
    """
    from servanda.files.read import read_scenario
    from servanda.files.write import plain_scenario

    read = read_scenario(scenario, variant=variant, changes=changes)
    tables = tables_of(read, sections)
    if as_json:
        say_json(
            {
                "scenario": plain_scenario(read),
                "tables": [
                    {
                        "title": table.title,
                        "columns": list(table.columns),
                        "rows": [list(row) for row in table.rows],
                    }
                    for table in tables
                ],
            }
        )
        return
    if not sections:
        say(f"{read.title} · as of {day(read.as_of)}")
        if read.summary:
            say_text(read.summary)
        for caveat in read.caveats:
            say_text(f"Caveat: {caveat}")
        say()
    say_tables(tables)
