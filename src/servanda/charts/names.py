r"""What a scenario calls its parts, made safe to print.

Control characters, and the invisible ones that reverse the direction of writing, are taken out:
a name is data and must not move what stands around it. Escaping is left to whoever prints.

>>> clean("Up\u202elands \x1b[31m")
'Uplands [31m'
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from servanda.scenario.issues import RedLine
from servanda.scenario.land import DEMILITARISED
from servanda.scenario.model import Scenario

HIDDEN = {"Cc", "Cf", "Co", "Cs"}
JOINERS = "\u200c\u200d"
"""Invisible, but some scripts cannot be written without them."""

SINGULAR = {
    "actors": "actor",
    "audiences": "audience",
    "instruments": "instrument",
    "parcels": "parcel",
    "fronts": "front",
    "issues": "issue",
    "links": "link",
    "red-lines": "red line",
    "steps": "step",
    "guarantees": "guarantee",
    "pressure": "pressure",
    "strikes": "campaign",
}


def clean(text: str) -> str:
    """One line of visible text."""
    kept = (
        " " if char.isspace() else char
        for char in text
        if char.isspace() or char in JOINERS or unicodedata.category(char) not in HIDDEN
    )
    return " ".join("".join(kept).split())


def spaced(identifier: str) -> str:
    """An identifier as words."""
    return clean(identifier.replace("-", " ").replace("_", " "))


def brief(text: str, letters: int = 30) -> str:
    """Cut to so many letters, where a chart has no room for more; between words, if there are.

    >>> brief("No guarantee enters into force"), brief("Constantinople", 10)
    ('No guarantee enters into force', 'Constanti…')
    >>> brief("No guarantee enters into force", 20)
    'No guarantee enters…'
    """
    if len(text) <= letters:
        return text
    cut = text[: letters - 1]
    words = cut if text[letters - 1] == " " else cut.rpartition(" ")[0]
    return (words if len(words) > letters // 2 else cut).rstrip(" ,;:.") + "…"


def listed(words: Iterable[str], last: str = "and") -> str:
    """``a, b and c``."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def in_words(text: str, said: Mapping[str, str]) -> str:
    """A text with words for the labels in it; what it quotes stays as it was said.

    >>> in_words("war.costs.north hurts north (“no to north”).", {"north": "the North"})
    'war.costs.north hurts the North (“no to north”).'
    """
    labels = "|".join(re.escape(one) for one in sorted(said, key=len, reverse=True))
    if not labels:
        return text
    found = re.compile(rf"“[^”]*”|(?<![\w.-])({labels})(?![\w-]|\.\w)")
    return found.sub(lambda match: said[match[1]] if match[1] else match[0], text)


class Names:
    """Printed names by identifier; what the scenario does not know is printed as words."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def spoken(self, sentence: str) -> str:
        """A sentence by a solver, which knows labels alone, with the names of what they label."""
        scenario = self.scenario
        said = {
            **{one: f"“{self.step(one)}”" for one in scenario.steps},
            **{one: self.guarantee(one) for one in scenario.guarantees},
            **{one: self.actor(one) for one in scenario.actors},
        }
        return in_words(sentence, said)

    def actor(self, identifier: str) -> str:
        if identifier == DEMILITARISED:
            return "demilitarised"
        known = self.scenario.actors.get(identifier)
        return clean(known.name) if known else spaced(identifier)

    def short(self, identifier: str) -> str:
        known = self.scenario.actors.get(identifier)
        if known and known.short:
            return clean(known.short)
        if identifier == DEMILITARISED:
            return "DMZ"
        return self.actor(identifier)[:3]

    def actors(self, identifiers: Iterable[str]) -> str:
        return listed(self.actor(one) for one in identifiers)

    def believer(self, identifier: str) -> str:
        return self.actor(identifier) if identifier else "the analyst"

    def step(self, label: str) -> str:
        """A step, or several joined by " + "."""
        return " + ".join(self._step(one) for one in label.split(" + ")) if label else ""

    def _step(self, identifier: str) -> str:
        known = self.scenario.steps.get(identifier)
        return clean(known.name) if known and known.name else spaced(identifier).capitalize()

    def issue(self, identifier: str) -> str:
        known = self.scenario.issues.get(identifier)
        return clean(known.question) if known else spaced(identifier)

    def option(self, issue: str, option: str) -> str:
        known = self.scenario.issues.get(issue)
        answer = known.options.get(option) if known else None
        return clean(answer.name) if answer and answer.name else spaced(option)

    def guarantee(self, identifier: str) -> str:
        known = self.scenario.guarantees.get(identifier)
        return clean(known.name) if known else spaced(identifier)

    def instrument(self, identifier: str) -> str:
        known = self.scenario.instruments.get(identifier)
        return clean(known.name) if known else spaced(identifier)

    def parcel(self, identifier: str) -> str:
        known = self.scenario.parcels.get(identifier)
        return clean(known.name) if known else spaced(identifier)

    def front(self, identifier: str) -> str:
        known = self.scenario.fronts.get(identifier)
        return clean(known.name) if known else spaced(identifier)

    def audience(self, identifier: str) -> str:
        known = self.scenario.audiences.get(identifier)
        return clean(known.name) if known else spaced(identifier)

    def side(self, side: str) -> str:
        """The belligerents of side a or b."""
        on_it = [key for key, actor in self.scenario.actors.items() if actor.side == side]
        return self.actors(on_it) or f"side {side}"

    def red_line(self, label: str, actor: str = "") -> tuple[str, RedLine | None]:
        """Identifier and entry of the red line a result labels by identifier or by its words."""
        lines: Mapping[str, RedLine] = self.scenario.red_lines
        if label in lines:
            return label, lines[label]
        for identifier, line in lines.items():
            if line.says == label and actor in {"", line.by}:
                return identifier, line
        return label, None

    def path(self, path: str) -> str:
        """Where a number stands, in words: ``guarantee Treaty: credibility``."""
        head, *rest = path.split(".")
        if head not in SINGULAR or not rest:
            return ": ".join([spaced(head), self._rest(rest)] if rest else [spaced(head)])
        known = getattr(self.scenario, head.replace("-", "_"), {})
        entry = known.get(rest[0])
        name = clean(getattr(entry, "name", "") or "") if entry is not None else ""
        if head == "issues" and entry is not None:
            name = self.issue(rest[0])
        if head == "red-lines" and entry is not None:
            name = brief(clean(entry.says), 60)
        lead = f"{SINGULAR[head]} “{name or spaced(rest[0])}”"
        return f"{lead}: {self._rest(rest[1:])}" if len(rest) > 1 else lead

    def _rest(self, parts: list[str]) -> str:
        actors = self.scenario.actors
        words = [
            self.actor(one) if one in actors else spaced(one)
            for one in parts
            if one not in {"now", "options"}
        ]
        return ", ".join(words)
