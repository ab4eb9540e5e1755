"""Which orderings of an actor turn round when one of its preferences is moved."""

from __future__ import annotations

from servanda.scenario.model import Scenario


def reversals(scenario: Scenario, path: str, to: float) -> tuple[str, ...]:
    """Orderings that a move reverses, as ``better before > worse before``.

    The value of an answer is set beside the actor's values of the other answers to the question,
    the weight of a question beside its weights of the others; anything else orders nothing.

    Args:
        scenario: its central values.
        path: of the number moved.
        to: where it goes.
    """
    match path.split("."):
        case ["issues", issue, "options", option, "value", actor]:
            options = scenario.issues[issue].options
            values = {
                name: entry.value[actor].value
                for name, entry in options.items()
                if actor in entry.value
            }
            return _turned(values, option, to)
        case ["issues", issue, "weight", actor]:
            weights = {
                name: entry.weight[actor].value
                for name, entry in scenario.issues.items()
                if actor in entry.weight
            }
            return _turned(weights, issue, to)
    return ()


def _turned(before: dict[str, float], moved: str, to: float) -> tuple[str, ...]:
    start = before[moved]
    found = []
    for name, other in before.items():
        if name != moved and (start - other) * (to - other) < 0:
            first, second = (moved, name) if start > other else (name, moved)
            found.append(f"{first} > {second}")
    return tuple(found)
