"""How to get the same brief again."""

import shlex

from servanda.brief.document import Code, Paragraph, Section, Table, TableRow, columns
from servanda.charts.names import Names, clean
from servanda.results.analysis import Analysis, Origin


def reproduce_section(analysis: Analysis, names: Names) -> Section:
    """The command, and what identifies the run."""
    origin = analysis.origin
    return Section(
        "reproduce",
        "How to get this brief again",
        (
            Paragraph(
                (
                    "With Servanda of the version below, and the scenario's file or name for "
                    "SCENARIO: ",
                    Code(command(origin)),
                )
            ),
            Table(
                "The same scenario, version, seed and number of draws give the same brief.",
                columns("What", "Which"),
                tuple(TableRow((what, which)) for what, which in identity(origin)),
            ),
        ),
    )


def command(origin: Origin) -> str:
    """The command line, ready for a shell but for the scenario's name."""
    parts = ["servanda", "brief", "SCENARIO"]
    parts += ["--draws", str(origin.draws), "--seed", str(origin.seed)]
    if origin.variant:
        parts += ["--variant", clean(origin.variant)]
    for change in origin.changes:
        parts += ["--set", clean(change)]
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
