"""From plain values to a checked scenario, with every complaint gathered in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from servanda.errors import Complaint, nearest_name
from servanda.scenario.checks import complaints_about
from servanda.scenario.model import Scenario
from servanda.scenario.quantity import Quantity, kebab

ROUNDS = 5
"""How often faulty parts are set aside so that the rest is checked in the same go."""


def build_scenario(raw: Mapping[str, Any]) -> tuple[Scenario | None, list[Complaint]]:
    """Validate plain values.

    Returns:
        The scenario (None when its structure is broken beyond setting parts aside) and all
        complaints; the scenario is good only when there are none.
    """
    remaining = deepcopy(dict(raw))
    complaints: list[Complaint] = []
    for _ in range(ROUNDS):
        try:
            scenario = Scenario.model_validate(remaining)
        except ValidationError as error:
            found = error.errors(include_url=False, include_context=True)
            complaints += _plain_words(found, remaining)
            if not _set_aside(found, remaining):
                return None, _once(complaints)
        else:
            return scenario, _once(complaints + complaints_about(scenario))
    return None, _once(complaints)


def _once(complaints: Sequence[Complaint]) -> list[Complaint]:
    return list(dict.fromkeys(complaints))


def _plain_words(errors: Sequence[Any], raw: Any) -> list[Complaint]:
    result = []
    for error in errors:
        path = _path(error["loc"], raw, missing=error["type"] == "missing")
        result.append(_complaint(error, path))
    return result


def _path(loc: Sequence[Any], raw: Any, *, missing: bool) -> tuple[str, ...]:
    """The location in the file: validators and union branches that are not keys are left out."""
    path: list[str] = []
    node = raw
    for number, part in enumerate(loc):
        last = number == len(loc) - 1
        if isinstance(node, dict) and str(part) in node:
            path.append(str(part))
            node = node[str(part)]
        elif isinstance(node, list) and isinstance(part, int) and part < len(node):
            path.append(str(part))
            node = node[part]
        elif missing and last:
            path.append(str(part))
    return tuple(path)


def _complaint(error: Any, path: tuple[str, ...]) -> Complaint:
    kind, value = error["type"], error.get("input")
    text = _shown(value)
    dotted = ".".join(path) or "(file)"
    if kind == "extra_forbidden":
        fields = _fields_at(path[:-1])
        nearest = nearest_name(path[-1], fields)
        known = "" if nearest else f" Fields here: {', '.join(fields)}."
        return Complaint(dotted, f"no such field '{path[-1]}'.{known}", value=text, nearest=nearest)
    if kind == "missing":
        return Complaint(dotted, f"is missing. {_description(path)}".strip())
    if kind == "value_error":
        rule = str(error["ctx"]["error"])
    elif kind == "string_pattern_mismatch":
        rule = f"'{text}' is not a name of this kind (lower-case letters, digits, hyphens)"
    elif kind in ("float_type", "float_parsing", "int_type", "int_parsing", "int_from_float"):
        rule = f"{text} is not a {'whole ' if kind.startswith('int') else ''}number"
    elif kind == "literal_error":
        expected = str(error["ctx"]["expected"])
        names = [name.strip(" '") for name in expected.replace(" or ", ",").split(",")]
        nearest = nearest_name(str(value), names)
        return Complaint(dotted, f"'{text}' is not one of {expected}.", value=text, nearest=nearest)
    elif kind == "model_type":
        rule = f"{text} stands where a mapping of fields is expected"
    else:
        rule = f"{text}: {error['msg'][0].lower()}{error['msg'][1:]}"
    return Complaint(dotted, f"{rule}. {_description(path)}".strip(), value=text)


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _set_aside(errors: Sequence[Any], raw: Any) -> bool:
    """Remove what was complained about; False when something required is missing."""
    removed = False
    for error in errors:
        if error["type"] == "missing":
            return False
        path = _path(error["loc"], raw, missing=False)
        node = raw
        for part in path[:-1]:
            node = node[int(part)] if isinstance(node, list) else node.get(part, {})
        if not path:
            return False
        if isinstance(node, dict) and path[-1] in node:
            del node[path[-1]]
            removed = True
        elif isinstance(node, list):
            node[int(path[-1])] = None
            if path[-1].isdigit() and all(item is None for item in node):
                node.clear()
            else:
                node[:] = [item for item in node if item is not None]
            removed = True
    return removed


def _fields_at(path: Sequence[str]) -> list[str]:
    model = _model_at(path)
    return [kebab(name) for name in model.model_fields] if model else []


def _description(path: Sequence[str]) -> str:
    """What the field at ``path`` is, from its docstring."""
    model = _model_at(path[:-1])
    if model is None or not path:
        return ""
    for name, field in model.model_fields.items():
        if kebab(name) == path[-1]:
            return field.description or ""
    return ""


def _model_at(path: Sequence[str]) -> type[BaseModel] | None:
    """The model whose fields stand at ``path``."""
    annotation: Any = Scenario
    for part in path:
        model = _model_in(annotation)
        origin = get_origin(_unwrapped(annotation))
        if origin is dict:
            annotation = get_args(_unwrapped(annotation))[1]
        elif origin in (tuple, list):
            annotation = get_args(_unwrapped(annotation))[0]
        elif model is not None:
            fields = {kebab(name): field for name, field in model.model_fields.items()}
            if part not in fields:
                return None
            annotation = fields[part].annotation
        else:
            return None
    return _model_in(annotation)


def _unwrapped(annotation: Any) -> Any:
    while hasattr(annotation, "__metadata__"):
        annotation = annotation.__origin__
    if get_origin(annotation) in (Union, UnionType):
        for branch in get_args(annotation):
            if branch is not type(None):
                return _unwrapped(branch)
    return annotation


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if annotation is None:
        return None
    plain = _unwrapped(annotation)
    if isinstance(plain, type) and issubclass(plain, BaseModel):
        return plain
    if get_origin(annotation) in (Union, UnionType) and Quantity in get_args(annotation):
        return Quantity
    return None
