"""The one translator: a scenario's words become the integers of a ``Translation`` here, once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from servanda.problems.implementation import NO_DEADLINE
from servanda.problems.parameters import FittedBlock, Integers, Parameters, parameters
from servanda.problems.translation import (
    AUTOMATIC,
    KEPT,
    NOBODY,
    WITH_CHANCE,
    Actors,
    Audiences,
    Fighting,
    Flags,
    Guarantees,
    Instruments,
    Issues,
    Land,
    Politics,
    RedLines,
    Steps,
    Translation,
)
from servanda.scenario.land import DEMILITARISED
from servanda.scenario.model import Scenario
from servanda.scenario.references import steps_meant, steps_of_option


def translate(scenario: Scenario, fitted: tuple[FittedBlock, ...] = ()) -> Translation:
    """Translate a checked scenario.

    Args:
        scenario: the scenario.
        fitted: effects on audiences estimated from the scenario's polls, with paths such as
            ``audiences.public.effects.land.handed-over.value``.
    """
    params = parameters(scenario, fitted)
    look = _Lookup(scenario, params)
    return Translation(
        parameters=params,
        actors=_actors(scenario, look),
        land=_land(scenario, look),
        instruments=_instruments(scenario, look),
        issues=_issues(scenario, look),
        steps=_steps(scenario, look),
        guarantees=_guarantees(scenario, look),
        war=_fighting(scenario, look),
        red_lines=_red_lines(scenario, look),
        audiences=_audiences(scenario, look),
        politics=_politics(scenario, look),
    )


class _Lookup:
    """Where names and paths stand."""

    def __init__(self, scenario: Scenario, params: Parameters) -> None:
        self.params = params
        self.entry = {path: number for number, path in enumerate(params.paths)}
        self.actor = {name: number for number, name in enumerate(scenario.actors)}
        self.side = {
            name: 0 if actor.side == "a" else 1
            for name, actor in scenario.actors.items()
            if actor.side
        }
        self.parcel = {
            name: number
            for number, name in enumerate(
                key for key, parcel in scenario.parcels.items() if not parcel.background
            )
        }
        self.instrument = {name: number for number, name in enumerate(scenario.instruments)}
        self.guarantee = {name: number for number, name in enumerate(scenario.guarantees)}
        self.step = {name: number for number, name in enumerate(scenario.steps)}
        self.issue = {name: number for number, name in enumerate(scenario.issues)}
        self.option = {
            f"{name}.{key}": (self.issue[name], number)
            for name, issue in scenario.issues.items()
            for number, key in enumerate(issue.options)
        }
        self.most_options = max(len(issue.options) for issue in scenario.issues.values())

    def at(self, path: str) -> int:
        """Index of a path in θ, -1 when the scenario does not say it."""
        return self.entry.get(path, -1)

    def by_actor(self, path: str) -> list[int]:
        """Index of ``path.ACTOR`` for every actor."""
        return [self.at(f"{path}.{name}") for name in self.actor]

    def by_side(self, path: str, ending: str = "") -> list[int]:
        """Index of the entry that speaks for each side."""
        found = [-1, -1]
        for name, side in self.side.items():
            place = self.at(f"{path}.{name}{ending}")
            if place >= 0:
                found[side] = place
        return found

    def holder(self, name: str) -> int:
        """Code of a holder."""
        return NOBODY if name == DEMILITARISED else self.side[name]

    def pairs(self, refs: Iterable[str]) -> tuple[tuple[int, int], ...]:
        """(issue, option) of each reference."""
        return tuple(self.option[ref] for ref in refs)

    def who(self, names: Iterable[str]) -> list[bool]:
        """Flag per actor."""
        named = set(names)
        return [name in named for name in self.actor]


def _array(rows: Iterable[object], *tail: int) -> Integers:
    array = np.array(list(rows), np.int64)
    return array.reshape(0, *tail) if array.size == 0 and tail else array


def _flags(rows: Iterable[object], *tail: int) -> Flags:
    array = np.array(list(rows), bool)
    return array.reshape(0, *tail) if array.size == 0 and tail else array


def _actors(scenario: Scenario, look: _Lookup) -> Actors:
    sides = {"a": 0, "b": 1, None: -1}
    speaker = look.by_side("war.strength")
    names = list(look.actor)
    speakers = [
        look.actor[look.params.paths[place].split(".")[-1]] if place >= 0 else -1
        for place in speaker
    ]
    return Actors(
        names=tuple(names),
        side=_array(sides[actor.side] for actor in scenario.actors.values()),
        stands_with=_array(
            sides[actor.side or actor.stands_with] for actor in scenario.actors.values()
        ),
        signs=_flags(actor.signs for actor in scenario.actors.values()),
        discount_at=_array(look.at(f"actors.{name}.discount") for name in names),
        failure_cost_at=_array(look.at(f"actors.{name}.failure-cost") for name in names),
        reservation_at=_array(look.at(f"reservation.{name}") for name in names),
        speaker=(speakers[0], speakers[1]),
    )


def _land(scenario: Scenario, look: _Lookup) -> Land:
    fronts = list(scenario.fronts.values())
    longest = max((len(front.parcels) for front in fronts), default=1)
    order = np.full((len(fronts), longest), -1)
    front_of, place = np.full(len(look.parcel), -1), np.full(len(look.parcel), -1)
    for number, front in enumerate(fronts):
        for position, name in enumerate(front.parcels):
            parcel = look.parcel[name]
            order[number, position] = parcel
            front_of[parcel], place[parcel] = number, position
    names = list(look.parcel)
    return Land(
        names=tuple(names),
        holder=_array(look.holder(scenario.parcels[name].held_by) for name in names),
        worth_at=_array(
            (look.by_actor(f"parcels.{name}.worth") for name in names), len(look.actor)
        ),
        fortification_at=_array(look.at(f"parcels.{name}.fortification") for name in names),
        exposure_at=_array(look.at(f"parcels.{name}.exposure") for name in names),
        front_names=tuple(scenario.fronts),
        front=front_of,
        place=place,
        order=order,
        size=_array(len(front.parcels) for front in fronts),
        tempo_at=_array(look.at(f"fronts.{name}.tempo") for name in scenario.fronts),
        absorbing=_flags(([front.ends == "absorb"] * 2 for front in fronts), 2),
    )


def _instruments(scenario: Scenario, look: _Lookup) -> Instruments:
    names = list(scenario.instruments)
    base = [f"instruments.{name}" for name in names]
    return Instruments(
        names=tuple(names),
        level_at=_array(look.at(f"{path}.level") for path in base),
        strength_at=_array((look.by_side(f"{path}.strength") for path in base), 2),
        exhaustion_at=_array((look.by_side(f"{path}.exhaustion") for path in base), 2),
        cost_at=_array((look.by_actor(f"{path}.costs") for path in base), len(look.actor)),
        tempo_at=_array(look.at(f"{path}.tempo") for path in base),
    )


def _issues(scenario: Scenario, look: _Lookup) -> Issues:
    value_at = np.full((len(look.issue), look.most_options, len(look.actor)), -1)
    for ref, (issue, option) in look.option.items():
        name, key = ref.split(".")
        value_at[issue, option] = look.by_actor(f"issues.{name}.options.{key}.value")
    return Issues(
        names=tuple(look.issue),
        options=tuple(tuple(issue.options) for issue in scenario.issues.values()),
        status_quo=_array(
            next((n for n, option in enumerate(issue.options.values()) if option.status_quo), -1)
            for issue in scenario.issues.values()
        ),
        weight_at=_array(look.by_actor(f"issues.{name}.weight") for name in look.issue),
        value_at=value_at,
        link_options=tuple(look.pairs(link.options) for link in scenario.links.values()),
        link_value_at=_array(
            (look.by_actor(f"links.{name}.value") for name in scenario.links), len(look.actor)
        ),
        exclusions=tuple(look.pairs(item.options) for item in scenario.exclusions.values()),
    )


def _steps(scenario: Scenario, look: _Lookup) -> Steps:
    steps = scenario.steps
    actors = len(look.actor)
    snap = [
        KEPT if s.snap_back is None else AUTOMATIC if s.snap_back == "automatic" else WITH_CHANCE
        for s in steps.values()
    ]
    shares = _shares(scenario)
    return Steps(
        names=tuple(steps),
        months=_array(step.months for step in steps.values()),
        by_month=_array(
            NO_DEADLINE if step.by_month is None else step.by_month for step in steps.values()
        ),
        owners=_flags((look.who(step.by) for step in steps.values()), actors),
        requires=tuple(tuple(look.step[n] for n in step.requires) for step in steps.values()),
        moves=tuple(
            tuple((look.parcel[name], look.holder(to)) for name, to in step.moves.items())
            for step in steps.values()
        ),
        sets=tuple(
            tuple(
                (look.instrument[name], look.at(f"steps.{key}.sets.{name}")) for name in step.sets
            )
            for key, step in steps.items()
        ),
        brings=tuple(tuple(look.guarantee[n] for n in step.brings) for step in steps.values()),
        ceasefire=_flags(step.ceasefire for step in steps.values()),
        cost_at=_array((look.by_actor(f"steps.{name}.costs") for name in steps), actors),
        reversible=_flags((look.who(step.reversible_by) for step in steps.values()), actors),
        snap=_array(snap),
        snap_at=_array(look.at(f"steps.{name}.snap-back") for name in steps),
        snap_by=_flags((look.who(step.snap_back_by) for step in steps.values()), actors),
        delay=_array(step.seen_after for step in steps.values()),
        gain_at=_array((look.by_actor(f"steps.{name}.gain") for name in steps), actors),
        serves=tuple(
            tuple((*look.option[ref], shares[name][ref]) for ref in step.serves)
            for name, step in steps.items()
        ),
        tags=tuple(step.tags for step in steps.values()),
        passes_at=_array(look.at(f"steps.{name}.passes") for name in steps),
        exchanges=tuple(
            (tuple(look.step[name] for name in exchange.steps), exchange.verified)
            for exchange in scenario.exchanges.values()
        ),
        tranches=_array(step.tranches for step in steps.values()),
        of=np.arange(len(steps)),
        fraction=np.ones(len(steps)),
    )


def _shares(scenario: Scenario) -> Mapping[str, Mapping[str, float]]:
    """Share of each option every step carries out: as given, up to rounding, else equal parts."""
    shares: dict[str, dict[str, float]] = {name: {} for name in scenario.steps}
    for name, step in scenario.steps.items():
        for ref, share in step.serves.items():
            serving = [scenario.steps[one].serves[ref] for one in steps_of_option(scenario, ref)]
            if share is None:
                shares[name][ref] = 1.0 / len(serving)
            else:
                shares[name][ref] = share / sum(one or 0.0 for one in serving)
    return shares


def _guarantees(scenario: Scenario, look: _Lookup) -> Guarantees:
    items = scenario.guarantees
    base = [f"guarantees.{name}" for name in items]
    return Guarantees(
        names=tuple(items),
        by=_array(look.actor[item.by] for item in items.values()),
        protects=_array(look.side[item.protects] for item in items.values()),
        conditional=_flags(item.conditional for item in items.values()),
        credibility_at=_array(look.at(f"{path}.credibility") for path in base),
        derived_at=_array(
            (
                [look.at(f"{path}.derived.{part}") for part in ("interest", "stake", "ceiling")]
                for path in base
            ),
            3,
        ),
        strength_at=_array(look.at(f"{path}.adds-strength") for path in base),
        attacker_cost_at=_array(look.at(f"{path}.costs-attacker") for path in base),
        exhaustion_cut_at=_array(look.at(f"{path}.cuts-exhaustion") for path in base),
        honour_cost_at=_array(look.at(f"{path}.honour-cost") for path in base),
        in_force_cost_at=_array(
            (look.by_actor(f"{path}.in-force-cost") for path in base), len(look.actor)
        ),
        term=np.array(
            [np.inf if item.term is None else 12.0 * item.term for item in items.values()]
        ),
        follows=_array(
            -1 if item.follows is None else look.guarantee[item.follows] for item in items.values()
        ),
    )


def _fighting(scenario: Scenario, look: _Lookup) -> Fighting | None:
    war = scenario.war
    if war is None:
        return None

    def trend(path: str) -> list[int]:
        return [look.at(f"{path}.{part}") for part in ("now", "drift", "cap")]

    exhaustion = np.full((2, 3), -1)
    for name in war.exhaustion:
        exhaustion[look.side[name]] = trend(f"war.exhaustion.{name}")
    imposed = np.full((2, len(look.actor)), -1)
    for name in war.imposed:
        imposed[look.side[name]] = look.by_actor(f"war.imposed.{name}")
    gains = look.by_side("war.rearmament", ".gain")
    months = look.by_side("war.rearmament", ".months")
    return Fighting(
        initiative_at=look.at("war.initiative"),
        decisiveness_at=look.at("war.decisiveness"),
        strength_at=_array(look.by_side("war.strength")),
        fortification_effect_at=look.at("war.fortification-effect"),
        rearm_at=_array(zip(gains, months, strict=True)),
        rearm_decay_at=look.at("war.rearmament-decay"),
        cost_at=_array(trend(f"war.costs.{name}") for name in look.actor),
        exhaustion_at=exhaustion,
        freeze_at=_array(trend("war.freeze")),
        imposed_at=imposed,
        months_at=look.at("war.months-so-far"),
        memory_at=look.at("war.memory"),
        to_breaker_at=look.at("war.demilitarised-to-breaker"),
        demilitarised_worth_at=look.at("war.demilitarised-worth"),
    )


def _red_lines(scenario: Scenario, look: _Lookup) -> RedLines:
    lines = scenario.red_lines
    return RedLines(
        names=tuple(lines),
        by=_array(look.actor[line.by] for line in lines.values()),
        holds_at=_array(look.at(f"red-lines.{name}.holds") for name in lines),
        never=tuple(look.pairs(line.never) for line in lines.values()),
        without=tuple(look.pairs(line.without) for line in lines.values()),
        do=tuple(
            tuple(look.step[n] for n in steps_meant(scenario, line.do)) for line in lines.values()
        ),
        only_after=tuple(
            tuple(look.step[n] for n in steps_meant(scenario, line.only_after))
            for line in lines.values()
        ),
    )


def _audiences(scenario: Scenario, look: _Lookup) -> Audiences:
    items = scenario.audiences
    shape = (len(items), len(look.issue), look.most_options)
    effect_at, cost_at = np.full(shape, -1), np.full(shape, -1)
    interactions, gate_of = [], []
    for gate, (name, audience) in enumerate(items.items()):
        for ref in audience.effects:
            effect_at[gate, *look.option[ref]] = look.at(f"audiences.{name}.effects.{ref}.value")
        for ref in audience.costs:
            cost_at[gate, *look.option[ref]] = look.at(f"audiences.{name}.costs.{ref}")
        for key, interaction in audience.interactions.items():
            place = look.at(f"audiences.{name}.interactions.{key}.value")
            interactions.append((look.pairs(interaction.options), place))
            gate_of.append(gate)
    return Audiences(
        names=tuple(items),
        of=_array(look.actor[audience.of] for audience in items.values()),
        threshold_at=_array(look.at(f"audiences.{name}.threshold") for name in items),
        noise_at=_array(look.at(f"audiences.{name}.noise") for name in items),
        step=_array(
            -1 if audience.step is None else look.step[audience.step] for audience in items.values()
        ),
        baseline_at=_array(look.at(f"audiences.{name}.baseline") for name in items),
        effect_at=effect_at,
        interactions=tuple(interactions),
        interaction_gate=_array(gate_of),
        cost_at=cost_at,
    )


def _politics(scenario: Scenario, look: _Lookup) -> Politics:
    items = scenario.politics
    return Politics(
        names=tuple(items),
        month=_array(-1 if item.month is None else item.month for item in items.values()),
        chance_at=_array(look.at(f"politics.{name}.chance") for name in items),
        hazard_at=_array(look.at(f"politics.{name}.hazard") for name in items),
        changes=tuple(
            tuple(
                (look.at(path), look.at(f"politics.{name}.changes.{path}")) for path in item.changes
            )
            for name, item in items.items()
        ),
        credibility_only=_flags(
            all(path.split(".")[2:3] in (["credibility"], ["derived"]) for path in item.changes)
            for item in items.values()
        ),
    )
