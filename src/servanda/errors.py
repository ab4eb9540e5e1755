"""What can go wrong, as one tree.

::

    ServandaError
    ├── ScenarioError      what was said does not hold together (carries every complaint)
    │   └── ExchangeError  a file of another program that cannot be read as what it claims to be
    ├── ProblemError       arrays that do not describe a problem (wrong shape, outside its range)
    ├── NotFoundError      a name nobody knows (carries the nearest valid names)
    ├── ResultError        a file that is not a saved result, or one this version cannot read
    ├── RunError           a folder that is no run, or a run that cannot go on as it is asked to
    ├── EngineError        an engine that cannot be reached, or must not be trusted with the work
    ├── NotInstalledError  something that needs a library which is left out unless asked for
    └── NotWrittenError    a file that could not be written (what stood there still stands there)

A computation that finds nothing is an answer with a reason, never one of these.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

MOST_PRINTED = 100
"""Complaints printed at once; more are counted."""
_LONGEST_PATH = 200
_LONGEST_NAME = 100
_JOINERS = "\u200c\u200d"  # written inside names in Persian and in Indian scripts


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
        place = f"{printable(self.file)}:{self.line}:{self.column}  " if self.line else ""
        hint = f" Did you mean '{self.nearest}'?" if self.nearest else ""
        path = shortened(self.path, _LONGEST_PATH)
        return f"{place}{printable(path)}: {printable(self.rule)}{hint}"


class ScenarioError(ServandaError):
    """A scenario that cannot be used, with all its complaints at once."""

    ending = "nothing was computed"

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        self.complaints = tuple(complaints)
        count = len(self.complaints)
        noun = "complaint" if count == 1 else "complaints"
        lines = [str(complaint) for complaint in self.complaints[:MOST_PRINTED]]
        if count > MOST_PRINTED:
            lines.append(f"... and {count - MOST_PRINTED} more.")
        super().__init__("\n".join([*lines, f"{count} {noun}, {self.ending}."]))


class ExchangeError(ScenarioError):
    """Files of another program that cannot be used, with all their complaints at once."""

    ending = "nothing was written"


class ProblemError(ServandaError):
    """Arrays that do not describe a problem."""


class NotFoundError(ServandaError):
    """A name nobody knows."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        self.nearest = nearest_name(name, self.known)
        hint = f" Did you mean '{self.nearest}'?" if self.nearest else ""
        options = f" Known: {', '.join(self.known)}." if self.known else ""
        shown = printable(shortened(name, _LONGEST_PATH))
        super().__init__(f"no {kind} '{shown}'.{hint}{options}")


class ResultError(ServandaError):
    """A file that is not a saved result, or one this version cannot read."""

    def __init__(self, file: str, reason: str) -> None:
        self.file, self.reason = file, reason
        super().__init__(f"{printable(file)}: {printable(reason)}.")


class RunError(ServandaError):
    """A folder that is no run, or a run that cannot go on as it is asked to."""

    def __init__(self, folder: str, reason: str) -> None:
        self.folder, self.reason = folder, reason
        super().__init__(f"{printable(folder)}: {printable(reason)}.")


class EngineError(ServandaError):
    """An engine that cannot be reached, or whose workers must not be trusted with the work."""


class NotInstalledError(ServandaError):
    """Something that needs a library which is left out unless asked for."""

    def __init__(self, what: str, library: str, extra: str) -> None:
        self.what, self.library, self.extra = what, library, extra
        super().__init__(
            f"{what} needs the library {library}, which is not installed here: "
            f"pip install 'servanda[{extra}]'."
        )


class NotWrittenError(ServandaError):
    """A file that could not be written; what stood there before still stands there."""

    def __init__(self, target: str, reason: str) -> None:
        self.target, self.reason = target, reason
        super().__init__(f"cannot write '{printable(target)}': {printable(reason)}.")


def nearest_name(name: str, known: Iterable[str]) -> str:
    """The known name closest to ``name``, or "" when none is close."""
    if len(name) > _LONGEST_NAME:
        return ""
    close = [other for other in known if abs(len(other) - len(name)) <= len(name)]
    matches = get_close_matches(name, close, n=1, cutoff=0.6)
    return matches[0] if matches else ""


def shortened(text: str, longest: int) -> str:
    """``text``, or its beginning with dots."""
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def printable(text: str) -> str:
    """``text`` with whatever could steer a terminal or reorder a line written out as an escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if _harmless(char) else _escaped(char) for char in text)


def _harmless(char: str) -> bool:
    return char.isprintable() or char in _JOINERS or unicodedata.category(char) == "Zs"


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
