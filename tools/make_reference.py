"""Write the reference pages that come from the code: the language, the command line, the cases.

The words are the docstrings of the models, which are also those of the JSON Schema and of the
complaints, the help of the commands, and the data of the published results that tests reproduce.
A test holds that the pages are up to date; say

    python tools/make_reference.py
"""

from __future__ import annotations

import inspect
import json
import textwrap
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import click
from pydantic import BaseModel

from servanda.cli.main import commands
from servanda.files.schema import INCLUDE, kinds
from servanda.scenario.fields import branches, fields_of, model_in
from servanda.scenario.issues import OptionRef
from servanda.scenario.model import Scenario
from servanda.scenario.quantity import Id, Kind, Quantity
from servanda.scenario.rankings import Ranking
from servanda.scenario.references import ITEMS, KEYS
from servanda.scenario.war import HazardTrend, Trend
from servanda.solvers.catalogue import FAMILIES
from servanda.solvers.solver_info import Promise, SolverInfo

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
WIDTH = 110
MADE = "<!-- Made by tools/make_reference.py from the code; change the docstrings there. -->"

CASES = FOLDER.parent.parent / "tests" / "literature"
LEFT_OUT = CASES / "out_of_scope.toml"
MADE_OF_CASES = "<!-- Made by tools/make_reference.py from tests/literature. -->"
LITERATURE = """
What the tests reproduce with shipped solvers: inputs, outputs and tolerance lie as data under
`tests/literature/`, at the path named here. No formula of a source stands in a test; a problem is
built from the inputs and a solver of the catalogue is asked. "Derived for this project" marks cases
that follow from a source's logic and stand in no source.

A family is left out only where its question lies outside what the workbench asks; those stand
[at the end](#left-out), with the reason.
"""

MADE_OF_SHEETS = "<!-- Made by tools/make_reference.py from servanda.solvers.catalogue. -->"
SOLVERS = """
Every solver hands in a sheet: what it answers, what must be known to ask it, what its answer always
satisfies, and where it comes from. Each promise is tested as an axiom, over every solver that makes
it. Solvers take arrays, not scenarios, so each can be used by itself; the function named has a
docstring with shapes and units. [](../how-to/solutions_from_arrays.md) and
[](../how-to/game_from_arrays.md) show how; which of them the results of papers are reproduced with
stands under [published results](literature.md).
"""

INTRODUCTION = """
A scenario is one YAML file (or several, see [include](#include)). Every collection is a mapping
whose keys are **identifiers**: lower-case letters, digits and hyphens, starting with a letter. A
**path** is the keys joined by dots, as in `guarantees.treaty.credibility`; it means the same in a
complaint, in `--set`, and in a brief. An option is written `issue.option`, everywhere.

`servanda new NAME` writes a scenario to start from, `servanda check FILE` says what does not hold
together, and `servanda schema` gives the same words to an editor.
"""

NUMBERS = """
Wherever a number stands you may write it plainly (`0.4`), as a percentage (`40%`), where it is a
rate as a rate (`5%/year`, `1%/month`), or in the long form:

```yaml
credibility: {value: 0.4, low: 0.2, high: 0.7, believed: {rival: 0.25}, sources: [survey]}
```

A rate is kept in the period its kind says; the other period is converted, compounding. A trend (the
costs of war, say) may be written as a plain number, which then does not drift.
"""


def pages() -> dict[Path, str]:
    """Each page with its text."""
    return {
        FOLDER / "scenario.md": scenario_page(),
        FOLDER / "cli.md": command_page(),
        FOLDER / "literature.md": literature_page(),
        FOLDER / "solvers.md": solver_page(),
    }


# --- the scenario language ---------------------------------------------------------------------


def scenario_page() -> str:
    parts = ["# The scenario language", MADE, INTRODUCTION.strip(), "## Numbers", NUMBERS.strip()]
    parts += [_fields(Quantity), "### Kinds of numbers", _kinds()]
    for model in _models(Scenario):
        if model is not Quantity:
            title = "Sections of a scenario" if model is Scenario else _title(model)
            parts += [f"## {title}", _sentence(model), _fields(model)]
            if model is Scenario:
                parts += ["### include", _prose(f"A list of file names. {INCLUDE}")]
    return "\n\n".join(parts) + "\n"


def _models(model: type[BaseModel], seen: list[type[BaseModel]] | None = None) -> Any:
    """The model and all models its fields hold, each after the one that names it first."""
    seen = [] if seen is None else seen
    if model not in seen:
        seen.append(model)
        for annotation in get_type_hints(model, include_extras=True).values():
            for inner in _inner(annotation):
                _models(inner, seen)
    return seen


def _inner(annotation: Any) -> Iterator[type[BaseModel]]:
    for branch in branches(annotation):
        model = model_in(branch)
        if model is not None:
            yield model
        for argument in get_args(branch):
            if argument is not Ellipsis:
                yield from _inner(argument)


def _fields(model: type[BaseModel]) -> str:
    hints = get_type_hints(model, include_extras=True)
    entries = []
    for (alias, field), name in zip(fields_of(model).items(), model.model_fields, strict=True):
        words = _words(hints[name], model.__name__, name)
        need = (
            "required"
            if field.is_required()
            else _default(field.get_default(call_default_factory=True))
        )
        text = f"*{words}{', ' if need else ''}{need}.* {field.description}"
        lines = textwrap.wrap(
            " ".join(text.split()), WIDTH - 2, break_long_words=False, break_on_hyphens=False
        )
        entries.append(f"`{alias}`\n: " + "\n  ".join(lines))
    return "\n\n".join(entries)


def _words(annotation: Any, model: str, field: str) -> str:
    """A type in words."""
    if annotation == Id:
        return _named(ITEMS.get((model, field), "")) or "identifier"
    if annotation == OptionRef:
        return "`issue.option`"
    if annotation == Ranking:
        return "ranking (a list of identifiers, or of lists of them)"
    kind = next(
        (one for one in getattr(annotation, "__metadata__", ()) if isinstance(one, Kind)), None
    )
    if kind is not None:
        return f"number: [{kind.name}](#kinds-of-numbers)"
    plain = annotation.__origin__ if hasattr(annotation, "__metadata__") else annotation
    origin, arguments = get_origin(plain), get_args(plain)
    if origin in (Union, UnionType):
        rest = [one for one in arguments if one is not type(None)]
        return " or ".join(_words(one, model, field) for one in rest)
    if origin is Literal:
        return "one of " + ", ".join(f"`{one}`" for one in arguments)
    if origin is dict:
        key = _named(KEYS.get((model, field), "")) or _words(arguments[0], "", "")
        return f"mapping of {key} to {_words(arguments[1], model, field)}"
    if origin is tuple:
        if arguments[-1] is not Ellipsis:
            return f"list of {len(arguments)} numbers"
        item = _named(ITEMS.get((model, field), "")) or _words(arguments[0], model, field)
        return f"list of {'sources' if field == 'sources' else item}"
    if isinstance(plain, type) and issubclass(plain, BaseModel):
        link = f"[{_title(plain).lower()}](#{_slug(_title(plain))})"
        if plain is Quantity:
            return "[number](#numbers)"
        return f"number or {link}" if plain in (Trend, HazardTrend) else link
    names = {
        str: "text",
        int: "whole number",
        float: "plain number",
        bool: "true or false",
        date: "day, as 2026-02-18",
        Any: "value",
    }
    return names.get(plain, str(plain))


def _named(kind: str) -> str:
    if not kind:
        return ""
    known = {
        "holder": "belligerent or `demilitarised`",
        "bare tag": "tag",
        "step or tag": "step or `tag.NAME`",
        "option": "`issue.option`",
    }
    return known.get(kind, kind)


def _default(value: Any) -> str:
    if isinstance(value, BaseModel):
        quantity = value if isinstance(value, Quantity) else getattr(value, "now", None)
        return f"{quantity.value:g} if not said" if isinstance(quantity, Quantity) else ""
    if value in ("", None, (), {}):
        return ""
    return f"{str(value).lower() if isinstance(value, bool) else value} if not said"


def _title(model: type[BaseModel]) -> str:
    words = "".join(f" {letter}" if letter.isupper() else letter for letter in model.__name__)
    return words.strip().capitalize()


def _slug(title: str) -> str:
    return title.lower().replace(" ", "-")


def _sentence(model: type[BaseModel]) -> str:
    return textwrap.fill(" ".join(inspect.getdoc(model).split()), WIDTH, break_on_hyphens=False)


def _kinds() -> str:
    rows = ["| kind | what it is | from | to |", "| --- | --- | --- | --- |"]
    for kind in kinds():
        lower = "" if kind.lower == float("-inf") else f"{kind.lower:g}"
        upper = "" if kind.upper == float("inf") else f"{kind.upper:g}"
        rows.append(f"| {kind.name} | {kind.unit} | {lower} | {upper} |")
    return "\n".join(rows)


# --- the command line --------------------------------------------------------------------------


def command_page() -> str:
    context = click.Context(commands, info_name="servanda")
    parts = [
        "# The command line",
        MADE,
        _prose(commands.help or ""),
        "`servanda --version` prints the version, `servanda COMMAND --help` what stands here.",
        _prose(
            "Exit codes: 0 when it is done; 2 when what was asked cannot be done, and stderr says "
            "why; 130 when you stopped it; 1 for a fault of Servanda itself, which "
            "`SERVANDA_TRACEBACK=1` shows in full. When a command fails, no file was written or "
            "changed."
        ),
    ]
    for name in commands.list_commands(context):
        command = commands.commands[name]
        inside = click.Context(command, info_name=name, parent=context)
        parts += [
            f"## servanda {name}",
            f"```text\n{_usage(command, inside)}\n```",
            _prose(command.help or ""),
            _options(command, inside),
        ]
    return "\n\n".join(parts) + "\n"


# --- published results -------------------------------------------------------------------------


def solver_page() -> str:
    parts = ["# Solvers", MADE_OF_SHEETS, SOLVERS.strip(), "## What answers promise"]
    parts += [f"{_promise(one)}\n: {one.value}" for one in Promise]
    for family, sheets in FAMILIES.items():
        parts += [f"## {family}", *map(_sheet, sheets)]
    return "\n\n".join(parts) + "\n"


def _sheet(sheet: SolverInfo) -> str:
    said = [
        sheet.question,
        f"*Needs* {', '.join(sheet.needs)}.",
        f"*Promises* {', '.join(map(_promise, sheet.promises))}.",
        f"*Source* {sheet.source}.",
        f"`{sheet.module}.{sheet.function}`",
    ]
    lines = textwrap.wrap(" ".join(said), WIDTH - 2, break_long_words=False, break_on_hyphens=False)
    return f"**{sheet.title}** (`{sheet.name}`)\n: " + "\n  ".join(lines)


def _promise(promise: Promise) -> str:
    return promise.name.lower().replace("_", " ")


def literature_page() -> str:
    parts = ["# Published results", MADE_OF_CASES, LITERATURE.strip()]
    for path in sorted(CASES.rglob("*.json")):
        table = json.loads(path.read_text(encoding="utf-8"))
        cases = table if isinstance(table, list) else table["cases"]
        source = cases[0]["source"] if isinstance(table, list) else table["source"]
        names = ", ".join(f"`{case['id']}`" for case in cases)
        place = path.relative_to(CASES).as_posix()
        models = list(dict.fromkeys(str(case["model"]) for case in cases if case.get("model")))
        parts += [
            f"## {place.removesuffix('.json')}",
            _prose(f"{source}."),
            *(f"```text\n{textwrap.fill(model, WIDTH)}\n```" for model in models),
            f"Cases: {names}.",
        ]
    parts.append("## Left out")
    for family in tomllib.loads(LEFT_OUT.read_text(encoding="utf-8"))["family"]:
        names = ", ".join(f"`{name}`" for name in family["cases"])
        parts.append(
            _prose(f"**{family['name']}** ({names}): {family['about']}. {family['reason']}")
        )
    return "\n\n".join(parts) + "\n"


def _usage(command: click.Command, context: click.Context) -> str:
    return " ".join([context.command_path, *command.collect_usage_pieces(context)])


def _prose(text: str) -> str:
    paragraphs = inspect.cleandoc(text).split("\n\n")
    return "\n\n".join(
        textwrap.fill(" ".join(one.split()), WIDTH, break_on_hyphens=False) for one in paragraphs
    )


def _options(command: click.Command, context: click.Context) -> str:
    entries = []
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and record[1] and "--help" not in parameter.opts:
            lines = textwrap.wrap(" ".join(record[1].split()), WIDTH - 2, break_on_hyphens=False)
            entries.append(f"`{record[0]}`\n: " + "\n  ".join(lines))
    return "\n\n".join(entries)


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
        print(path)
