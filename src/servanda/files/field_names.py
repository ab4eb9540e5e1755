"""Which fields a mapping read from a file may have, and must."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from servanda.errors import Complaint, nearest_name


def unknown_fields(
    said: Mapping[Any, Any], fields: Sequence[str], path: str = ""
) -> Iterator[Complaint]:
    """Complaints about fields there are none of, each with the nearest; ``path`` stands before."""
    for key in said:
        if key not in fields:
            near = nearest_name(str(key), fields)
            yield Complaint(f"{path}{key}", f"no such field '{key}'.", nearest=near)


def missing_fields(said: Mapping[Any, Any], required: Sequence[str]) -> Iterator[Complaint]:
    """Complaints about fields that are not there."""
    for key in required:
        if key not in said:
            yield Complaint(key, "is missing.")
