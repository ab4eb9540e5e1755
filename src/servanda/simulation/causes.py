"""The causes a scenario states: what can be switched off, and what the literature calls it."""

from __future__ import annotations

from servanda.problems.hidden_types import hidden_types
from servanda.problems.switched_off import beliefs_differ
from servanda.problems.translation import Translation
from servanda.results.diagnosis import Cause
from servanda.scenario.model import Scenario

BELIEFS, TYPES, COMMITMENT, STAKES = "beliefs", "types", "commitment", "stakes"
PRESSURE = "pressure"
GATE, RED_LINES = "gate:", "red-lines:"


def causes_of(scenario: Scenario, translation: Translation) -> tuple[Cause, ...]:
    """Every cause of which the scenario says something, in the order of the literature."""
    causes = []
    if beliefs_differ(translation):
        causes.append(
            Cause(
                BELIEFS,
                "unequal beliefs",
                "Every actor sees the world as the analyst does.",
                "Fearon (1995), 390-401; Smith and Stam (2004)",
            )
        )
    types = hidden_types(scenario, translation.parameters).any
    if types:
        causes.append(
            Cause(
                TYPES,
                "private types",
                "Everybody knows every actor to be as the scenario's main text describes it.",
                "Fearon (1995), 390-401; Kydd (2005)",
            )
        )
    causes += [
        Cause(
            COMMITMENT,
            "promises that do not bind",
            "What is signed is carried out: nobody as the main text describes it can breach."
            if types
            else "What is signed is carried out: no breach is possible.",
            "Fearon (1995), 401-409; Powell (2006)",
        ),
        Cause(
            STAKES,
            "indivisible stakes",
            "Those who sign may pay one another, point for point, while the plan is kept.",
            "Fearon (1995), 389-390; Powell (2006), 176-180",
        ),
    ]
    audiences = translation.audiences.names
    causes += [
        Cause(
            GATE + name,
            f"consent ({scenario.audiences[name].name})",
            "This audience consents to everything, and its leaders lose nothing by conceding.",
            "Putnam (1988); Iida (1993)",
        )
        for name in audiences
    ]
    owners = {int(owner) for owner in translation.red_lines.by}
    causes += [
        Cause(
            RED_LINES + name,
            f"red lines ({scenario.actors[name].name})",
            "This actor holds none of its red lines, on content or on order.",
            "Putnam (1988)",
        )
        for number, name in enumerate(translation.actors.names)
        if number in owners
    ]
    if scenario.pressure:
        causes.append(
            Cause(
                PRESSURE,
                "the absence of pressure",
                "All pressure the scenario names is carried out on whoever refuses.",
                "Beardsley (2008)",
            )
        )
    return tuple(causes)
