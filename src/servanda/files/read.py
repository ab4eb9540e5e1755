"""Read a scenario file: the only door by which words come in.

``read_scenario`` gives a checked :class:`~servanda.scenario.model.Scenario` or raises one
:class:`~servanda.errors.ScenarioError` that carries every complaint with file, line and column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files as package_files
from pathlib import Path as FilePath
from typing import Any

from servanda.errors import Complaint, NotFoundError, ScenarioError
from servanda.files.yaml_tree import MAX_BYTES, MAX_NODES, Path, Tree, parse_yaml
from servanda.scenario.build import build_scenario
from servanda.scenario.coding import KEY, CodedClass, apply_coding, coded_classes
from servanda.scenario.model import Scenario
from servanda.scenario.variants import apply_changes, apply_variant, changes_of

_PARTS = ("value", "low", "high", "shape")
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
    if not isinstance(tree.value, dict):
        rule = "the file is empty" if tree.value is None else "a scenario is a mapping of sections"
        complaints.append(Complaint(path="(file)", rule=rule))
    said = tree.value if isinstance(tree.value, dict) else {}
    if any(path and path[-1] == KEY for path in tree.keys):
        said, found_coding = apply_coding(said, coding_rules())
        complaints += found_coding
    raw = said
    if variant:
        raw, more = apply_variant(raw, variant)
        complaints += more
    if changes:
        raw, more = apply_changes(raw, changes)
        complaints += more
    scenario, found = build_scenario(raw) if raw else (None, [])
    found = [replace(one, path=_as_written(one.path, tree.places)) for one in found]
    known = {complaint.path for complaint in complaints}
    found = [complaint for complaint in found if complaint.path not in known]
    if variant:
        found = [_of_variant(one, variant, changes_of(said, variant)) for one in found]
    complaints += [_of_change(one, changes) for one in found]
    if not complaints and scenario is not None:
        complaints += _variant_complaints(said, list(scenario.variants))
    if complaints or scenario is None:
        placed = dict.fromkeys(_placed(complaint, tree) for complaint in complaints)
        raise ScenarioError(sorted(placed, key=_reading_order))
    return scenario


def _reading_order(complaint: Complaint) -> tuple[bool, str, int, int]:
    return not complaint.line, complaint.file, complaint.line, complaint.column


def _variant_complaints(said: dict[str, Any], names: list[str]) -> list[Complaint]:
    """Complaints about what each variant would make of a scenario that is itself good."""
    complaints: list[Complaint] = []
    for name in names:
        raw, found = apply_variant(said, name)
        complaints += found
        changes = changes_of(said, name)
        complaints += [_of_variant(one, name, changes) for one in build_scenario(raw)[1]]
    return complaints


def _of_variant(complaint: Complaint, name: str, changes: Mapping[str, Any]) -> Complaint:
    """The complaint at the place in the variant that gave rise to it."""
    cause = _cause(complaint.path, list(changes))
    if cause is None:
        return replace(complaint, rule=f"{complaint.rule} (in variant '{name}')")
    same = complaint.path in (cause, f"{cause}.now")
    rule = complaint.rule if same else f"{complaint.path}: {complaint.rule}"
    return replace(complaint, path=f"variants.{name}.set.{cause}", rule=rule)


def _of_change(complaint: Complaint, changes: Sequence[str]) -> Complaint:
    """The complaint at the ``--set`` that gave rise to it, which stands in no file."""
    cause = _cause(complaint.path, [change.partition("=")[0].strip() for change in changes])
    return replace(complaint, path=f"--set {cause}") if cause is not None else complaint


def _cause(path: str, changed: Sequence[str]) -> str | None:
    """The changed path that a complaint at ``path`` comes of: there, below it, or a part of it."""
    here = _short(path)
    for one in changed:
        there = _short(one)
        parent, _, last = there.rpartition(".")
        siblings = [f"{parent}.{part}" for part in _PARTS] if last in _PARTS else []
        if here in (there, parent, *siblings) or here.startswith(f"{there}."):
            return one
    return None


def _short(path: str) -> str:
    """The path without ``now``, which may be left out where a trend is written in short."""
    return ".".join(part for part in path.split(".") if part != "now")


def find(name_or_file: str) -> FilePath:
    """The file meant by a shipped name or a path."""
    known = shipped()
    if name_or_file in known:
        return known[name_or_file]
    path = FilePath(name_or_file)
    try:
        if path.is_dir() and (path / "scenario.yaml").is_file():
            return path / "scenario.yaml"
        if path.is_file():
            return path
    except (OSError, ValueError):  # a name no file can have
        pass
    raise NotFoundError("scenario or file", name_or_file, known)


def name_and_variant(text: str) -> tuple[str, str]:
    """``NAME@VARIANT`` taken apart; what is a shipped name or a file as it stands has no variant.

    >>> name_and_variant("geneva-2026@aid-stops"), name_and_variant("geneva-2026")
    (('geneva-2026', 'aid-stops'), ('geneva-2026', ''))
    """
    name, at, variant = text.rpartition("@")
    return (name, variant) if at and name and not _is_there(text) else (text, "")


def _is_there(text: str) -> bool:
    try:
        return FilePath(text).exists()
    except (OSError, ValueError):  # a name no file can have
        return False


def short_name(name_or_file: str) -> str:
    """What files made from a scenario are called after: its shipped name, its file or folder."""
    path = find(name_or_file)
    return path.resolve().parent.name if path.name == "scenario.yaml" else path.stem


def shipped() -> dict[str, FilePath]:
    """Scenarios that ship: name to file."""
    return {path.parent.name: path for path in sorted(LIBRARY.glob("*/*/scenario.yaml"))}


@cache
def coding_rules() -> dict[str, CodedClass]:
    """The coding rules that ship: classes by ``group.class``."""
    path = LIBRARY / "coding_rules.yaml"
    return coded_classes(parse_yaml(path.read_text(encoding="utf-8"), path.name).value)


def _load(path: FilePath) -> Tree:
    """Read a file and what it includes into one tree."""
    tree, size = _parse(path, path.name, room=MAX_BYTES)
    if not isinstance(tree.value, dict):
        return tree
    included = tree.value.pop("include", [])
    if not isinstance(included, list) or not all(isinstance(item, str) for item in included):
        tree.complaints.append(Complaint(path="include", rule="is a list of file names"))
        return tree
    seen = {path.resolve()}
    for number, name in enumerate(included):
        target, fault = _included(path.resolve().parent, name, seen)
        if target is None:
            tree.complaints.append(Complaint(path=f"include.{number}", rule=fault))
            continue
        seen.add(target)
        part, more = _parse(target, name, room=MAX_BYTES - size)
        size += more
        _merge(tree, part)
        if tree.nodes > MAX_NODES:
            rule = f"more than {MAX_NODES:,} values in the scenario's files"
            raise ScenarioError([Complaint("(file)", rule, name, line=1, column=1)])
    return tree


def _included(folder: FilePath, name: str, seen: set[FilePath]) -> tuple[FilePath | None, str]:
    """The file to include, or None and why not."""
    try:
        target = (folder / name).resolve()
        if not target.is_relative_to(folder):
            return None, f"'{name}' is outside the scenario's folder"
        if not target.is_file():
            return None, f"there is no file '{name}' in the scenario's folder"
    except (OSError, ValueError, RuntimeError):
        return None, f"'{name}' is not the name of a file"
    if target in seen:
        return None, f"'{name}' is part of the scenario already"
    return target, ""


def _parse(path: FilePath, name: str, *, room: int) -> tuple[Tree, int]:
    """Read one file of at most ``room`` bytes; its size as well."""
    with path.open("rb") as file:
        data = file.read(room + 1)
    if len(data) > room:
        rule = f"the scenario's files have more than {MAX_BYTES:,} bytes"
        raise ScenarioError([Complaint(path="(file)", rule=rule, file=name, line=1, column=1)])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        rule = f"the file is not UTF-8 text (byte {error.start})"
        complaint = Complaint(path="(file)", rule=rule, file=name, line=line, column=column)
        raise ScenarioError([complaint]) from error
    return parse_yaml(text, name), len(data)


def _merge(tree: Tree, part: Tree) -> None:
    """Add an included file's sections; a section may be spread over files, an entry may not."""
    tree.complaints += part.complaints
    tree.nodes += part.nodes
    if not isinstance(part.value, dict):
        place = part.places[()]
        rule = "an included file is a mapping of sections"
        tree.complaints.append(Complaint("(file)", rule, place.file, place.line, place.column))
        return
    if "include" in part.value:
        place = part.keys["include",]
        rule = "only the scenario's own file may include others"
        tree.complaints.append(Complaint("include", rule, place.file, place.line, place.column))
        del part.value["include"]
    for section, content in part.value.items():
        present = tree.value.get(section)
        if present is None:
            tree.value[section] = content
        elif isinstance(present, dict) and isinstance(content, dict):
            for key, item in content.items():
                if key in present:
                    rule = f"'{key}' stands in two files"
                    place = part.keys[section, key]
                    tree.complaints.append(
                        Complaint(f"{section}.{key}", rule, place.file, place.line, place.column)
                    )
                present[key] = item
        else:
            place = part.keys[section,]
            rule = "stands in two files"
            tree.complaints.append(Complaint(section, rule, place.file, place.line, place.column))
    for path, place in part.places.items():
        tree.places.setdefault(path, place)
    for path, place in part.keys.items():
        tree.keys.setdefault(path, place)


def _placed(complaint: Complaint, tree: Tree) -> Complaint:
    """Give a complaint the place of its path, or of the nearest thing above it."""
    if complaint.line:
        return complaint
    if complaint.path.startswith("--set"):
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
    return replace(complaint, file=place.file, line=place.line, column=place.column)


def _as_written(dotted: str, places: Mapping[Path, Any]) -> str:
    """The path in the file: where a trend is written as a plain quantity, ``now`` is not there."""
    path = split_path(dotted, places)
    for number, part in enumerate(path):
        short = (*path[:number], *path[number + 1 :])
        if part == "now" and path[: number + 1] not in places and path[:number] in places:
            return ".".join(short)
    return dotted


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
