"""What can go wrong, as one tree.

::

    ServandaError
    ├── ScenarioError      what was said does not hold together (carries every complaint)
    ├── ProblemError       arrays that do not describe a problem (wrong shape, outside its range)
    └── NotFoundError      a name nobody knows (carries the nearest valid names)

A computation that finds nothing is an answer with a reason, never one of these.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


class ServandaError(Exception):
    """Root of everything Servanda raises on purpose; doors turn it into exit code 2."""


@dataclass(frozen=True)
class Complaint:
    """One thing wrong, where it stands, and what would be right.

    Attributes:
        path: keys joined by dots, as in ``guarantees.treaty.credibility.high``.
        rule: what was broken, with the offending value, in one sentence.
        file: name of the file, as the user gave it ("" when the scenario came from memory).
        line: first line is 1; 0 when unknown.
        column: first column is 1; 0 when unknown.
        value: the offending value as text ("" when there is none).
        nearest: the nearest valid name ("" when there is none).
    """

    path: str
    rule: str
    file: str = ""
    line: int = 0
    column: int = 0
    value: str = ""
    nearest: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}  " if self.line else ""
        hint = f" Did you mean '{self.nearest}'?" if self.nearest else ""
        return f"{place}{self.path}: {self.rule}{hint}"


class ScenarioError(ServandaError):
    """A scenario that cannot be used, with all its complaints at once."""

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        self.complaints = tuple(complaints)
        count = len(self.complaints)
        noun = "complaint" if count == 1 else "complaints"
        lines = [str(complaint) for complaint in self.complaints]
        super().__init__("\n".join([*lines, f"{count} {noun}, nothing was computed."]))


class ProblemError(ServandaError):
    """Arrays that do not describe a problem."""


class NotFoundError(ServandaError):
    """A name nobody knows."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        self.nearest = nearest_name(name, self.known)
        hint = f" Did you mean '{self.nearest}'?" if self.nearest else ""
        options = ", ".join(self.known) if self.known else "none"
        super().__init__(f"no {kind} '{name}'.{hint} Known: {options}.")


def nearest_name(name: str, known: Iterable[str]) -> str:
    """The known name closest to ``name``, or "" when none is close."""
    matches = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return matches[0] if matches else ""
