"""Who can move a quantity, by where it stands."""

from __future__ import annotations

from servanda.scenario.model import Scenario

BELIEVED = ".believed."


def who_moves(scenario: Scenario, path: str) -> tuple[str, ...]:
    """Identifiers of the actors who can move the quantity at ``path``.

    A belief is moved by whoever holds it; what names an actor, by that actor; a guarantee by its
    guarantor; a red line by who holds it; an audience by the leaders who need it; a step by its
    owners; pressure by who presses; an instrument by the mediators. The rest (land, battles) is
    moved by nobody in particular.
    """
    path, _, believer = path.partition(BELIEVED)
    if believer:
        return (believer.partition(".")[0],)
    section, *rest = path.split(".")
    item = rest[0] if rest else ""
    if section == "guarantees":
        return (scenario.guarantees[item].by,)
    if section == "red-lines":
        return (scenario.red_lines[item].by,)
    if section == "audiences":
        return (scenario.audiences[item].of,)
    if section == "pressure":
        return (scenario.pressure[item].by,)
    if section == "instruments":
        return tuple(key for key, actor in scenario.actors.items() if actor.role == "mediator")
    if section == "steps" and rest[1:2] != ["costs"] and rest[1:2] != ["gain"]:
        return tuple(scenario.steps[item].by)
    if section in {"actors", "issues", "links", "war", "steps"}:
        return tuple(one for one in rest if one in scenario.actors)[-1:]
    return ()
