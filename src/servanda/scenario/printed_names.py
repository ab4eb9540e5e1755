"""What files for other programs call the actors and steps of a scenario."""

from __future__ import annotations

from servanda.scenario.model import Scenario


def printed_names(scenario: Scenario) -> dict[str, str]:
    """Identifier to printed name of every actor and step; an identifier says itself in words."""
    steps = {
        identifier: step.name or identifier.replace("-", " ").capitalize()
        for identifier, step in scenario.steps.items()
    }
    return {**steps, **{key: actor.name for key, actor in scenario.actors.items()}}
