"""Does a scenario hold together?  Every rule that spans more than one field.

Each check is a generator of complaints; ``CHECKS`` is the list, and a test holds that every one
of them can fail.  ``remarks_on`` lists what is worth knowing but stops nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from graphlib import CycleError, TopologicalSorter

from servanda.errors import Complaint, nearest_name
from servanda.scenario.audience_checks import (
    audiences_can_be_asked,
    polls_are_fitted,
    votes_pass_one_way,
)
from servanda.scenario.land import DEMILITARISED
from servanda.scenario.model import Scenario
from servanda.scenario.quantity import Kind, Quantity
from servanda.scenario.ranking_checks import rankings_hold_together
from servanda.scenario.references import (
    TAG,
    option_refs,
    references,
    steps_of_option,
    tags,
)
from servanda.scenario.strikes_checks import strikes_hold_together
from servanda.scenario.talks_checks import deadlines_hold_together, talks_hold_together
from servanda.scenario.walk import quantities
from servanda.scenario.war_checks import (
    fronts_are_lines,
    one_issue_moves_a_parcel,
    parcels_reachable,
    parcels_stay_whole,
    war_or_reservation,
    war_speaks_for_both_sides,
)

WEIGHT_TOLERANCE = 0.005
"""How far an actor's weights may be from summing to 1."""

PRIOR_TOLERANCE = 0.005
"""How far the priors of an actor's types may be from summing to 1."""

MOST_PROFILES = 8
"""Combinations of types that can be looked at."""

CHANGED_BY_POLITICS = ("guarantees.", "instruments.", "war.")
"""Where the quantities stand that a change of government may move."""

MOST_CHANGES = 4
"""Changes of government; every combination of them is a political condition of its own."""

Found = Iterator[Complaint]


def complaints_about(scenario: Scenario) -> Found:
    """Everything that makes the scenario unusable."""
    return (complaint for check in CHECKS for complaint in check(scenario))


def remarks_on(scenario: Scenario) -> list[Complaint]:
    """What is worth knowing but stops nothing: sources nobody cites."""
    return list(_uncited_sources(scenario))


# --- numbers ---------------------------------------------------------------------------------


def _numbers_in_range(scenario: Scenario) -> Found:
    for entry in quantities(scenario):
        yield from _quantity_in_range(entry.path, entry.quantity, entry.kind)
        if entry.of and entry.quantity.believed:
            rule = "a belief about a belief is not allowed"
            yield Complaint(f"{entry.path}.believed", rule)


def _quantity_in_range(path: str, quantity: Quantity, kind: Kind) -> Found:
    for name in ("value", "low", "high"):
        number = getattr(quantity, name)
        fault = kind.fault_of(number) if number is not None else ""
        if fault:
            where = path if name == "value" and quantity.certain else f"{path}.{name}"
            yield Complaint(where, fault, value=f"{number:g}")
    low, high = quantity.low, quantity.high
    if (low is None) != (high is None):
        given, missing = ("low", "high") if high is None else ("high", "low")
        yield Complaint(path, f"{given} is given without {missing}; give both or neither")
    elif low is not None and high is not None:
        if low >= high:
            yield Complaint(f"{path}.low", f"{low:g} is not below high ({high:g})")
        elif not low <= quantity.value <= high:
            rule = f"{quantity.value:g} is not between low ({low:g}) and high ({high:g})"
            yield Complaint(f"{path}.value", rule)
        if quantity.shape == "lognormal" and low <= 0:
            yield Complaint(f"{path}.low", f"{low:g} is not above 0, as lognormal needs")
        if quantity.shape == "beta" and not (0 < low < high < 1):
            yield Complaint(f"{path}.shape", "beta needs low and high strictly between 0 and 1")
    elif quantity.shape is not None:
        yield Complaint(f"{path}.shape", "a shape needs low and high")


# --- names -----------------------------------------------------------------------------------


def _names_known(scenario: Scenario) -> Found:
    known: dict[str, list[str]] = {
        "actor": list(scenario.actors),
        "belligerent": [name for name, actor in scenario.actors.items() if actor.side],
        "source": list(scenario.sources),
        "instrument": list(scenario.instruments),
        "parcel": list(scenario.parcels),
        "step": list(scenario.steps),
        "guarantee": list(scenario.guarantees),
        "option": option_refs(scenario),
        "pressure": list(scenario.pressure),
        "tag": [TAG + tag for tag in tags(scenario)],
    }
    known["holder"] = [*known["belligerent"], DEMILITARISED]
    known["step or tag"] = [*known["step"], *known["tag"]]
    known["bare tag"] = tags(scenario)
    for reference in references(scenario):
        names = known[reference.kind]
        if reference.name not in names:
            kind = reference.kind.removeprefix("bare ")
            yield Complaint(
                reference.path,
                f"no {kind} '{reference.name}'.",
                value=reference.name,
                nearest=nearest_name(reference.name, names),
            )


def _changed_paths_known(scenario: Scenario) -> Found:
    known = {entry.path: entry.kind for entry in quantities(scenario)}
    for section, entries in (("pressure", scenario.pressure), ("types", scenario.types)):
        for name, entry in entries.items():
            yield from _changes_known(known, f"{section}.{name}.changes", entry.changes)
    for name, kind in scenario.types.items():
        for path, quantity in kind.changes.items():
            for believer in quantity.believed:
                if path in known and f"{path}.believed.{believer}" not in known:
                    rule = f"{believer} has no belief of its own about '{path}' that could change"
                    yield Complaint(f"types.{name}.changes.{path}.believed.{believer}", rule)


def _changes_known(known: dict[str, Kind], base: str, changes: dict[str, Quantity]) -> Found:
    for path, quantity in changes.items():
        where = f"{base}.{path}"
        if path not in known:
            nearest = nearest_name(path, known)
            yield Complaint(where, f"no quantity '{path}'.", nearest=nearest)
            continue
        for number in (quantity.value, quantity.low, quantity.high):
            fault = known[path].fault_of(number) if number is not None else ""
            if fault:
                yield Complaint(where, fault, value=f"{number:g}")


def _political_changes_may_come(scenario: Scenario) -> Found:
    known = {
        entry.path: entry.kind
        for entry in quantities(scenario)
        if entry.path.startswith(CHANGED_BY_POLITICS) and not entry.of
    }
    for name, change in scenario.politics.items():
        base = f"politics.{name}"
        yield from _changes_known(known, f"{base}.changes", change.changes)
        if (change.month is None) != (change.chance is None):
            given, missing = ("month", "chance") if change.chance is None else ("chance", "month")
            yield Complaint(base, f"{given} is given without {missing}; give both or neither")
        elif change.month is None and change.hazard.value == 0 and change.hazard.certain:
            yield Complaint(base, "never comes: give month and chance, or a hazard")
    if len(scenario.politics) > MOST_CHANGES:
        rule = f"{len(scenario.politics)} changes, each with or without the others"
        yield Complaint("politics", f"{rule}; at most {MOST_CHANGES}")


def _uncited_sources(scenario: Scenario) -> Found:
    cited = {reference.name for reference in references(scenario) if reference.kind == "source"}
    for name in scenario.sources:
        if name not in cited:
            yield Complaint(f"sources.{name}", "nothing cites this source")


# --- actors and sides ------------------------------------------------------------------------


def _sides(scenario: Scenario) -> Found:
    for name, actor in scenario.actors.items():
        if (actor.role == "belligerent") != (actor.side is not None):
            rule = "a belligerent names its side (a or b), and only a belligerent does"
            yield Complaint(f"actors.{name}.side", rule)
        if actor.side is not None and actor.stands_with is not None:
            yield Complaint(f"actors.{name}.stands-with", "a belligerent stands with its own side")
    for side in ("a", "b"):
        if scenario.war and not any(actor.side == side for actor in scenario.actors.values()):
            yield Complaint("actors", f"no belligerent on side {side}")
    if not any(actor.signs for actor in scenario.actors.values()):
        yield Complaint("actors", "nobody signs; an agreement needs at least one signature")


# --- issues and steps ------------------------------------------------------------------------


def _issues_have_one_status_quo(scenario: Scenario) -> Found:
    for name, issue in scenario.issues.items():
        found = [key for key, option in issue.options.items() if option.status_quo]
        if len(found) > 1 or (scenario.war is not None and not found):
            listed = ", ".join(found) or "none"
            rule = f"needs exactly one option marked status-quo; found {listed}"
            yield Complaint(f"issues.{name}.options", rule)


def _weights_sum(scenario: Scenario) -> Found:
    for actor in scenario.actors:
        weights = {
            name: issue.weight[actor].value
            for name, issue in scenario.issues.items()
            if actor in issue.weight
        }
        total = sum(weights.values())
        if weights and abs(total - 1.0) > WEIGHT_TOLERANCE:
            rule = f"the weights of '{actor}' sum to {total:.3f} over the issues, not to 1"
            yield Complaint(f"issues.{next(iter(weights))}.weight.{actor}", rule)


def _options_have_steps(scenario: Scenario) -> Found:
    if scenario.war is None:
        return
    for name, issue in scenario.issues.items():
        for key, option in issue.options.items():
            serving = steps_of_option(scenario, f"{name}.{key}")
            path = f"issues.{name}.options.{key}"
            if not option.status_quo and not serving:
                yield Complaint(path, "no step leads to this option")
            if option.status_quo and serving:
                yield Complaint(f"steps.{serving[0]}.serves", f"'{name}.{key}' is the status quo")


def _shares_sum(scenario: Scenario) -> Found:
    for ref in option_refs(scenario):
        steps = steps_of_option(scenario, ref)
        shares = [scenario.steps[step].serves[ref] for step in steps]
        given = [share for share in shares if share is not None]
        where = f"steps.{steps[0]}.serves.{ref}" if steps else ""
        if any(not 0 <= share <= 1 for share in given):
            yield Complaint(where, f"a share of '{ref}' is outside [0, 1]")
        elif given and len(given) != len(shares):
            yield Complaint(where, f"give every step's share of '{ref}', or none")
        elif given and abs(sum(given) - 1.0) > WEIGHT_TOLERANCE:
            yield Complaint(where, f"the shares of '{ref}' sum to {sum(given):.3f}, not to 1")


def _no_cycle_of_prerequisites(scenario: Scenario) -> Found:
    graph = {name: step.requires for name, step in scenario.steps.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        cycle = [str(name) for name in error.args[1]]
        rule = f"prerequisites run in a circle: {' -> '.join(cycle)}"
        yield Complaint(f"steps.{cycle[0]}.requires", rule)


def _owners_act(scenario: Scenario) -> Found:
    for name, step in scenario.steps.items():
        for actor in step.gain:
            if actor not in step.by:
                rule = f"'{actor}' does not own this step, so it cannot cheat on it"
                yield Complaint(f"steps.{name}.gain.{actor}", rule)
        if step.snap_back is not None and not step.snap_back_by:
            yield Complaint(f"steps.{name}.snap-back", "say who would undo it in snap-back-by")


def _deadlines_can_be_met(scenario: Scenario) -> Found:
    for name, step in scenario.steps.items():
        if step.by_month is not None and step.by_month < step.months:
            rule = f"the step takes {step.months} months and cannot be complete by then"
            yield Complaint(f"steps.{name}.by-month", rule)


# --- guarantees, red lines --------------------------------------------------------------------


def _guarantees_are_whole(scenario: Scenario) -> Found:
    brought = {name for step in scenario.steps.values() for name in step.brings}
    for name, guarantee in scenario.guarantees.items():
        path = f"guarantees.{name}"
        if (guarantee.credibility is None) == (guarantee.derived is None):
            yield Complaint(path, "give either credibility or derived")
        if scenario.steps and name not in brought:
            yield Complaint(path, "no step brings it into force")
        if guarantee.follows == name:
            yield Complaint(f"{path}.follows", "a guarantee cannot follow itself")
    graph = {
        name: [guarantee.follows] if guarantee.follows else []
        for name, guarantee in scenario.guarantees.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield Complaint("guarantees", f"follow one another in a circle: {error.args[1]}")


def _red_lines_say_one_thing(scenario: Scenario) -> Found:
    for name, line in scenario.red_lines.items():
        content, order = bool(line.never), bool(line.do and line.only_after)
        if content == order or (line.without and not line.never):
            rule = "is either on content (never, without) or on order (do, only-after)"
            yield Complaint(f"red-lines.{name}", rule)


def _named_orders_say_one_thing(scenario: Scenario) -> Found:
    for name, order in scenario.orders.items():
        pair = bool(order.first and order.then)
        if pair == bool(order.together):
            rule = "is either first ... then ..., or together"
            yield Complaint(f"orders.{name}", rule)


def _types_are_whole(scenario: Scenario) -> Found:
    profiles = 1
    for actor in scenario.actors:
        own = {name: one for name, one in scenario.types.items() if one.of == actor}
        if not own:
            continue
        first = f"types.{next(iter(own))}"
        profiles *= len(own)
        if len(own) == 1:
            yield Complaint(first, f"is the only type of '{actor}'; two or more leave a question")
        for believer in ("", *scenario.actors):
            held = [one.prior.believed.get(believer, one.prior).value for one in own.values()]
            if abs(sum(held) - 1.0) > PRIOR_TOLERANCE:
                whose = f"to {believer} the priors" if believer else "the priors"
                rule = f"{whose} of the types of '{actor}' sum to {sum(held):g}, not to 1"
                yield Complaint(f"{first}.prior", rule)
    if profiles > MOST_PROFILES:
        rule = f"give {profiles} combinations of types; at most {MOST_PROFILES} are looked at"
        yield Complaint("types", rule)


CHECKS: tuple[Callable[[Scenario], Found], ...] = (
    _numbers_in_range,
    _names_known,
    _changed_paths_known,
    _political_changes_may_come,
    _sides,
    war_or_reservation,
    war_speaks_for_both_sides,
    strikes_hold_together,
    talks_hold_together,
    deadlines_hold_together,
    fronts_are_lines,
    parcels_reachable,
    one_issue_moves_a_parcel,
    _issues_have_one_status_quo,
    _weights_sum,
    _options_have_steps,
    _shares_sum,
    _no_cycle_of_prerequisites,
    _owners_act,
    parcels_stay_whole,
    _deadlines_can_be_met,
    _guarantees_are_whole,
    _red_lines_say_one_thing,
    audiences_can_be_asked,
    polls_are_fitted,
    votes_pass_one_way,
    _named_orders_say_one_thing,
    _types_are_whole,
    rankings_hold_together,
)
