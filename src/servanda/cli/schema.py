"""``servanda schema``: the JSON Schema of the scenario language, for editors."""

from __future__ import annotations

from pathlib import Path

import click

from servanda.cli.options import json_option
from servanda.cli.screen import say, say_json


@click.command()
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Write to a file instead of stdout.",
)
@json_option
def schema(output: Path | None, as_json: bool) -> None:
    """Print the JSON Schema of the scenario language.

    An editor that knows it completes field names, explains each, and marks what does not fit.
    """
    import json

    from servanda.files.schema import scenario_schema
    from servanda.files.write import write_atomic

    made = scenario_schema()
    if output is None:  # it is JSON with and without --json
        say_json(made)
        return
    text = json.dumps(made, indent=2, ensure_ascii=False) + "\n"
    written = write_atomic(output, text)
    if as_json:
        say_json({"written": str(written)})
    else:
        say(f"written: {output}")
