"""What may stand at a path: models, collections and fields, read off the annotations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from servanda.scenario.issues import OptionRef
from servanda.scenario.model import Scenario
from servanda.scenario.quantity import Quantity, kebab


def fields_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Fields by the name they have in a file."""
    return {kebab(name): field for name, field in model.model_fields.items()}


def model_at(path: Sequence[str]) -> type[BaseModel] | None:
    """The model whose fields stand at ``path``; None where no fields stand."""
    return model_in(annotation_at(path))


def field_at(path: Sequence[str]) -> FieldInfo | None:
    """The field at ``path``; None where an entry of a collection stands, or nothing."""
    model = model_at(path[:-1]) if path else None
    return fields_of(model).get(path[-1]) if model else None


def description_at(path: Sequence[str]) -> str:
    """What the field at ``path`` is, from its docstring."""
    field = field_at(path)
    return (field.description or "") if field else ""


def annotation_at(path: Sequence[str]) -> Any:
    """The type of what stands at ``path``; None when nothing may stand there."""
    annotation: Any = Scenario
    for part in path:
        annotation = inside(annotation, part)
    return annotation


def inside(annotation: Any, part: str) -> Any:
    """The type of what stands at key or index ``part`` of something of type ``annotation``."""
    model = model_in(annotation)
    if model is not None:
        field = fields_of(model).get(part)
        return field.annotation if field else None
    for branch in branches(annotation):
        origin, arguments = get_origin(branch), get_args(branch)
        if origin is dict:
            return arguments[1]
        if origin in (tuple, list):
            return arguments[0]
    return None


def model_in(annotation: Any) -> type[BaseModel] | None:
    """The model among the alternatives of a type."""
    for branch in branches(annotation):
        if isinstance(branch, type) and issubclass(branch, BaseModel):
            return branch
    return None


def branches(annotation: Any) -> Iterable[Any]:
    """The alternatives of a type, without None and without their metadata."""
    while hasattr(annotation, "__metadata__"):
        annotation = annotation.__origin__
    if get_origin(annotation) in (Union, UnionType):
        for branch in get_args(annotation):
            if branch is not type(None):
                yield from branches(branch)
    elif annotation is not None:
        yield annotation


def stand_in(annotation: Any) -> Any:
    """Some value of the type, to stand where a value is missing while the rest is checked."""
    if annotation == OptionRef:
        return "missing.missing"
    first: Any = next(iter(branches(annotation)), None)
    model = model_in(first)
    if model is Quantity:
        return 0.5  # within the range of every kind of number
    if model is not None:
        return {
            name: stand_in(field.annotation)
            for name, field in fields_of(model).items()
            if field.is_required()
        }
    origin = get_origin(first)
    if origin is Literal:
        return get_args(first)[0]
    if origin is dict:
        return {}
    if origin in (tuple, list):
        return []
    return {str: "missing", int: 1, float: 1.0, bool: False, date: "2000-01-01"}.get(first)
