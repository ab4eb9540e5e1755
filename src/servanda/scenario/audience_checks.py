"""Does what a scenario says of its publics and their votes hold together?"""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from servanda.errors import Complaint
from servanda.scenario.model import Scenario
from servanda.scenario.references import is_status_quo

Found = Iterator[Complaint]


def audiences_can_be_asked(scenario: Scenario) -> Found:
    """There are polls, or every value that they would give."""
    for name, audience in scenario.audiences.items():
        path = f"audiences.{name}"
        if not audience.polls and audience.baseline is None:
            yield Complaint(path, "needs polls, or a baseline with the value of every effect")
        if not audience.polls:
            for ref, effect in audience.effects.items():
                if effect.value is None:
                    yield Complaint(f"{path}.effects.{ref}", "needs a value, as there are no polls")
            for key, interaction in audience.interactions.items():
                if interaction.value is None:
                    rule = "needs a value, as there are no polls"
                    yield Complaint(f"{path}.interactions.{key}", rule)
        for key, poll in audience.polls.items():
            if not 0 < poll.accept + poll.reject <= 100.5:
                rule = f"accept and reject sum to {poll.accept + poll.reject:g} %"
                yield Complaint(f"{path}.polls.{key}", rule)
            for ref in poll.asks:
                if ref not in audience.effects and not is_status_quo(scenario, ref):
                    rule = f"'{ref}' is asked about but has no entry in effects"
                    yield Complaint(f"{path}.polls.{key}.asks", rule)
        for ref, effect in audience.effects.items():
            if effect.parent is not None and effect.parent not in audience.effects:
                rule = f"the parent '{effect.parent}' has no entry in effects"
                yield Complaint(f"{path}.effects.{ref}.parent", rule)
        graph = {ref: [e.parent] if e.parent else [] for ref, e in audience.effects.items()}
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            rule = f"parents run in a circle: {' -> '.join(error.args[1])}"
            yield Complaint(f"{path}.effects.{error.args[1][0]}.parent", rule)


def polls_are_fitted(scenario: Scenario) -> Found:
    """What polls speak of is estimated from them, so it cannot be given as well."""
    for name, audience in scenario.audiences.items():
        if not audience.polls:
            continue
        path = f"audiences.{name}"
        asked = [set(poll.asks) for poll in audience.polls.values()]
        parents = {effect.parent for effect in audience.effects.values()}
        if audience.baseline is not None:
            yield Complaint(f"{path}.baseline", "is fitted to the polls; leave it out")
        for ref, effect in audience.effects.items():
            spoken_of = ref in set().union(*asked) or ref in parents or effect.rank is not None
            if effect.value is not None and spoken_of:
                rule = "is fitted, as polls or other effects refer to it; leave the value out"
                yield Complaint(f"{path}.effects.{ref}.value", rule)
        for key, interaction in audience.interactions.items():
            if interaction.value is not None and any(set(interaction.options) <= q for q in asked):
                rule = "is fitted, as a poll asks about it; leave the value out"
                yield Complaint(f"{path}.interactions.{key}.value", rule)


def votes_pass_one_way(scenario: Scenario) -> Found:
    """Whether a vote passes is said once."""
    for name, audience in scenario.audiences.items():
        step = scenario.steps.get(audience.step or "")
        if step is not None and step.passes is not None:
            rule = f"is the vote of '{name}', whose support says how likely it passes"
            yield Complaint(f"steps.{audience.step}.passes", rule)
