"""How to get the same brief again."""

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from servanda.brief.document import Code, Paragraph, Section, Table, TableRow, columns
from servanda.charts.names import Names, clean
from servanda.results.analysis import Origin

SAVED = ("compare", "map")
"""Answers that take more than a scenario: they are saved, and taken from a file."""


def reproduce_section(answers: Mapping[str, Any], names: Names) -> Section:
    """The command, and what identifies the run."""
    origin: Origin = answers["analysis"].origin
    besides = [question for question in answers if question != "analysis"]
    return Section(
        "reproduce",
        "How to get this brief again",
        (
            Paragraph(
                (
                    "With Servanda of the version below, and the scenario's file or name for "
                    "SCENARIO: ",
                    Code(command(origin, besides)),
                )
            ),
            Table(
                "The same scenario, version, seed and number of draws give the same brief.",
                columns("What", "Which"),
                tuple(TableRow((what, which)) for what, which in identity(origin)),
            ),
        ),
    )


def command(origin: Origin, besides: Sequence[str] = ()) -> str:
    """The command line, ready for a shell but for the scenario's name."""
    parts = ["servanda", "brief", "SCENARIO"]
    parts += ["--draws", str(origin.draws), "--seed", str(origin.seed)]
    if origin.variant:
        parts += ["--variant", clean(origin.variant)]
    for change in origin.changes:
        parts += ["--set", clean(change)]
    asked = [question for question in besides if question not in SAVED]
    if asked:
        parts += ["--with", ",".join(asked)]
    for question in besides:
        parts += ["--from", f"{question}.npz"] if question in SAVED else []
    return shlex.join(parts)


def identity(origin: Origin) -> list[tuple[str, str]]:
    """What fixes every number of the brief."""
    pairs = [
        ("Scenario digest", origin.digest),
        ("Servanda", origin.version),
        ("Seed", str(origin.seed)),
        ("Draws", f"{origin.draws:,}"),
    ]
    if origin.variant:
        pairs.append(("Variant", clean(origin.variant)))
    pairs += [("Changed", clean(change)) for change in origin.changes]
    return pairs
