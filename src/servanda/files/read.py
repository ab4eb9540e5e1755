"""Read a scenario file: the only door by which words come in.

``read_scenario`` gives a checked :class:`~servanda.scenario.model.Scenario` or raises one
:class:`~servanda.errors.ScenarioError` that carries every complaint with file, line and column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files as package_files
from pathlib import Path as FilePath
from typing import Any

from servanda.errors import Complaint, NotFoundError, ScenarioError
from servanda.files.yaml_tree import MAX_BYTES, Path, Place, Tree, parse_yaml
from servanda.scenario.build import build_scenario
from servanda.scenario.model import Scenario
from servanda.scenario.variants import apply_changes, apply_variant

LIBRARY = FilePath(str(package_files("servanda.library")))


def read_scenario(
    name_or_file: str,
    *,
    variant: str = "",
    changes: Sequence[str] = (),
) -> Scenario:
    """Read a scenario that ships (by name) or stands in a file, and check it as a whole.

    Args:
        name_or_file: a name from :func:`shipped`, or the path of a YAML file.
        variant: name of one of the scenario's variants, applied first.
        changes: ``path=value`` texts, applied after the variant.

    Raises:
        NotFoundError: no such name or file.
        ScenarioError: it does not hold together; carries all complaints.
    """
    tree = _load(find(name_or_file))
    complaints = list(tree.complaints)
    raw = tree.value if isinstance(tree.value, dict) else {}
    if not isinstance(tree.value, dict):
        complaints.append(Complaint(path="(file)", rule="a scenario is a mapping of sections"))
    if variant:
        raw, more = apply_variant(raw, variant)
        complaints += more
    if changes:
        raw, more = apply_changes(raw, changes)
        complaints += more
    scenario, more = build_scenario(raw) if raw else (None, [])
    complaints += more
    if complaints or scenario is None:
        first = {complaint.path: complaint for complaint in reversed(complaints)}
        raise ScenarioError([_placed(one, tree) for one in reversed(first.values())])
    return scenario


def find(name_or_file: str) -> FilePath:
    """The file meant by a shipped name or a path."""
    known = shipped()
    if name_or_file in known:
        return known[name_or_file]
    path = FilePath(name_or_file)
    if path.is_dir() and (path / "scenario.yaml").is_file():
        return path / "scenario.yaml"
    if not path.is_file():
        raise NotFoundError("scenario or file", name_or_file, known)
    return path


def short_name(name_or_file: str) -> str:
    """What files made from a scenario are called after: its shipped name, its file or folder."""
    path = find(name_or_file)
    return path.resolve().parent.name if path.name == "scenario.yaml" else path.stem


def shipped() -> dict[str, FilePath]:
    """Scenarios that ship: name to file."""
    return {path.parent.name: path for path in sorted(LIBRARY.glob("*/*/scenario.yaml"))}


def _load(path: FilePath) -> Tree:
    """Read a file and what it includes into one tree."""
    tree = _parse(path, path.name)
    if not isinstance(tree.value, dict):
        return tree
    folder = path.resolve().parent
    included = tree.value.pop("include", [])
    if not isinstance(included, list) or not all(isinstance(item, str) for item in included):
        tree.complaints.append(Complaint(path="include", rule="is a list of file names"))
        return tree
    for number, name in enumerate(included):
        target = (folder / name).resolve()
        if not target.is_relative_to(folder):
            rule = f"'{name}' is outside the scenario's folder"
            tree.complaints.append(Complaint(path=f"include.{number}", rule=rule))
        elif not target.is_file():
            rule = f"there is no file '{name}' in the scenario's folder"
            tree.complaints.append(Complaint(path=f"include.{number}", rule=rule))
        else:
            _merge(tree, _parse(target, name))
    return tree


def _parse(path: FilePath, name: str) -> Tree:
    if path.stat().st_size > MAX_BYTES:
        rule = f"the file has more than {MAX_BYTES:,} bytes"
        raise ScenarioError([Complaint(path="(file)", rule=rule, file=name, line=1, column=1)])
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        rule = f"the file is not UTF-8 text (byte {error.start})"
        complaint = Complaint(path="(file)", rule=rule, file=name, line=1, column=1)
        raise ScenarioError([complaint]) from error
    return parse_yaml(text, name)


def _merge(tree: Tree, part: Tree) -> None:
    """Add an included file's sections; a section may be spread over files, an entry may not."""
    tree.complaints += part.complaints
    if not isinstance(part.value, dict):
        place = part.places.get((), Place("", 0, 0))
        rule = "an included file is a mapping of sections"
        tree.complaints.append(
            Complaint(path="(file)", rule=rule, file=place.file, line=place.line)
        )
        return
    for section, content in part.value.items():
        present = tree.value.get(section)
        if present is None:
            tree.value[section] = content
        elif isinstance(present, dict) and isinstance(content, dict):
            for key, item in content.items():
                if key in present:
                    rule = f"'{key}' stands in two files"
                    place = part.keys.get((section, key), Place("", 0, 0))
                    tree.complaints.append(
                        Complaint(f"{section}.{key}", rule, place.file, place.line, place.column)
                    )
                present[key] = item
        else:
            tree.complaints.append(Complaint(path=section, rule="stands in two files"))
    for path, place in part.places.items():
        tree.places.setdefault(path, place)
    for path, place in part.keys.items():
        tree.keys.setdefault(path, place)


def _placed(complaint: Complaint, tree: Tree) -> Complaint:
    """Give a complaint the place of its path, or of the nearest thing above it."""
    if complaint.line:
        return complaint
    path = split_path(complaint.path, tree.places)
    place = tree.places.get(path)
    key = tree.keys.get(path)
    if place is None:
        while path and path not in tree.keys:
            path = path[:-1]
        place = key = tree.keys.get(path, tree.places.get(()))
    if "no such field" in complaint.rule and key is not None:
        place = key  # the key itself is what is wrong
    if place is None:
        return complaint
    return Complaint(
        path=complaint.path,
        rule=complaint.rule,
        file=place.file,
        line=place.line,
        column=place.column,
        value=complaint.value,
        nearest=complaint.nearest,
    )


def split_path(dotted: str, places: Mapping[Path, Any]) -> Path:
    """Split a dotted path into keys, where a key may itself contain a dot (``issue.option``)."""
    parts = dotted.split(".")
    path: Path = ()
    start = 0
    while start < len(parts):
        for end in range(len(parts), start, -1):
            candidate = (*path, ".".join(parts[start:end]))
            if candidate in places:
                path, start = candidate, end
                break
        else:
            return (*path, *parts[start:])
    return path
