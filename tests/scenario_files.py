"""A small scenario to break in every way, and what is said about it."""

from copy import deepcopy
from pathlib import Path

from servanda.errors import Complaint, ScenarioError
from servanda.files.read import read_scenario
from servanda.files.write import template
from servanda.files.yaml_tree import parse_yaml

TEXT = template("Talks in the uplands")
RAW = parse_yaml(TEXT, "uplands.yaml").value


def changed(changes: dict[str, object]) -> dict:
    """The template's values with some of them changed; None removes a key."""
    raw = deepcopy(RAW)
    for path, value in changes.items():
        node = raw
        *parents, last = path.split(".")
        for key in parents:
            node = node[int(key)] if isinstance(node, list) else node.setdefault(key, {})
        if isinstance(node, list):
            node[int(last)] = value
        elif value is None:
            del node[last]
        else:
            node[last] = value
    return raw


def write(folder: Path, text: str | bytes, name: str = "uplands.yaml") -> str:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return str(path)


def edited(*pairs: tuple[str, str], text: str = TEXT) -> str:
    """The template with each first text replaced by the second; each must occur."""
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def complaints_of(file: str, **options) -> tuple[Complaint, ...]:
    """What reading says; empty when all is well."""
    try:
        read_scenario(file, **options)
    except ScenarioError as error:
        return error.complaints
    return ()


def place_of(text: str, words: str) -> tuple[int, int]:
    """Line and column at which `words` begin."""
    start = text.index(words)
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
