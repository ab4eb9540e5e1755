"""A day, written as 2026-02-18."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator

_WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _as_day(raw: Any) -> Any:
    if isinstance(raw, date) or (isinstance(raw, str) and _WRITTEN.fullmatch(raw)):
        return raw
    raise ValueError(f"'{raw}' is not a day, written as 2026-02-18")


Day = Annotated[date, BeforeValidator(_as_day)]
