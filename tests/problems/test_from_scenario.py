"""The translation: every place in θ is the path that the scenario's words mean."""

import numpy as np
import pytest

from scenarios import A, B, build, changed, random_raw, random_scenario
from servanda.files.read import read_scenario
from servanda.problems.from_scenario import translate
from servanda.problems.translation import AUTOMATIC, KEPT, NOBODY, SIDE_A, SIDE_B, WITH_CHANCE
from servanda.solvers.audiences import fit_audiences

SHIPPED = ("geneva-2026", "two-step-territory-and-guarantee", "fearon-1995-pie")
SEEDS = range(12)


def every_scenario():
    for seed in SEEDS:
        yield random_scenario(seed)
    for name in SHIPPED:
        yield read_scenario(name)


@pytest.fixture(scope="module", params=[*SEEDS, *SHIPPED], ids=str)
def pair(request):
    """A scenario with its translation."""
    seed = request.param
    scenario = read_scenario(seed) if isinstance(seed, str) else random_scenario(seed)
    return scenario, translate(scenario, fit_audiences(scenario)[1])


class Places:
    """Compares places in θ with paths."""

    def __init__(self, translation):
        self.paths = translation.parameters.paths

    def are(self, at, expected):
        """Every index in ``at`` stands for the path of the same place in ``expected``."""
        at = np.asarray(at)
        wanted = np.array(expected, dtype=object)
        assert at.shape == wanted.shape
        for place, path in np.ndenumerate(wanted):
            found = self.paths[at[place]] if at[place] >= 0 else None
            assert found == (path if path in self.paths else None), (found, path)


def side_of(scenario, name):
    return {"a": SIDE_A, "b": SIDE_B}[scenario.actors[name].side]


def speakers(scenario):
    """The belligerent in whose name each side's strength is given."""
    return [next(n for n in scenario.war.strength if side_of(scenario, n) == s) for s in (0, 1)]


def test_actors(pair):
    scenario, translation = pair
    actors, names = translation.actors, list(scenario.actors)
    places = Places(translation)
    assert actors.names == tuple(names)
    places.are(actors.discount_at, [f"actors.{n}.discount" for n in names])
    places.are(actors.failure_cost_at, [f"actors.{n}.failure-cost" for n in names])
    for number, (name, actor) in enumerate(scenario.actors.items()):
        side = side_of(scenario, name) if actor.side else -1
        stands = {"a": 0, "b": 1, None: -1}[actor.side or actor.stands_with]
        assert (actors.side[number], actors.stands_with[number]) == (side, stands)
        assert actors.signs[number] == actor.signs
        assert actors.belligerent[number] == (actor.role == "belligerent")
    assert [names[speaker] for speaker in actors.speaker] == speakers(scenario)


def test_land_and_fronts(pair):
    scenario, translation = pair
    land, places = translation.land, Places(translation)
    names = [name for name, parcel in scenario.parcels.items() if not parcel.background]
    assert land.names == tuple(names)
    places.are(
        land.worth_at,
        np.reshape(
            [f"parcels.{n}.worth.{actor}" for n in names for actor in scenario.actors],
            (len(names), len(scenario.actors)),
        ),
    )
    places.are(land.fortification_at, [f"parcels.{n}.fortification" for n in names])
    places.are(land.exposure_at, [f"parcels.{n}.exposure" for n in names])
    places.are(land.tempo_at, [f"fronts.{n}.tempo" for n in scenario.fronts])
    for number, name in enumerate(names):
        holder = scenario.parcels[name].held_by
        code = NOBODY if holder == "demilitarised" else side_of(scenario, holder)
        assert land.holder[number] == code
        on = [
            (k, front.parcels.index(name))
            for k, front in enumerate(scenario.fronts.values())
            if name in front.parcels
        ]
        front, place = on[0] if on else (-1, -1)
        assert (land.front[number], land.place[number]) == (front, place)
        if on:
            assert land.order[front, place] == number
    for k, front in enumerate(scenario.fronts.values()):
        assert land.size[k] == len(front.parcels)
        assert np.all(land.order[k, land.size[k] :] == -1)
        assert land.absorbing[k].tolist() == [front.ends == "absorb"] * 2


def test_instruments(pair):
    scenario, translation = pair
    found, places = translation.instruments, Places(translation)
    for n, (name, item) in enumerate(scenario.instruments.items()):
        base = f"instruments.{name}"
        places.are(found.level_at[n], f"{base}.level")
        places.are(found.tempo_at[n], f"{base}.tempo")
        places.are(found.cost_at[n], [f"{base}.costs.{actor}" for actor in scenario.actors])
        for at, table in ((found.strength_at, "strength"), (found.exhaustion_at, "exhaustion")):
            for side in (0, 1):
                named = [who for who in getattr(item, table) if side_of(scenario, who) == side]
                path = f"{base}.{table}.{named[0]}" if named else "nothing"
                places.are(at[n, side], path)


def test_issues_and_links(pair):
    scenario, translation = pair
    issues, places = translation.issues, Places(translation)
    for j, (name, issue) in enumerate(scenario.issues.items()):
        places.are(issues.weight_at[j], [f"issues.{name}.weight.{a}" for a in scenario.actors])
        assert issues.options[j] == tuple(issue.options)
        assert issue.options[issues.options[j][issues.status_quo[j]]].status_quo
        for o in range(issues.value_at.shape[1]):
            key = issues.options[j][o] if o < len(issue.options) else "nothing"
            base = f"issues.{name}.options.{key}.value"
            places.are(issues.value_at[j, o], [f"{base}.{a}" for a in scenario.actors])
    for n, (name, link) in enumerate(scenario.links.items()):
        places.are(issues.link_value_at[n], [f"links.{name}.value.{a}" for a in scenario.actors])
        assert refs(translation, issues.link_options[n]) == list(link.options)
    for pairs, exclusion in zip(issues.exclusions, scenario.exclusions.values(), strict=True):
        assert refs(translation, pairs) == list(exclusion.options)


def refs(translation, pairs):
    issues = translation.issues
    return [f"{issues.names[j]}.{issues.options[j][o]}" for j, o in pairs]


def test_steps(pair):
    scenario, translation = pair
    steps, places = translation.steps, Places(translation)
    actors = list(scenario.actors)
    codes = {KEPT: "kept", AUTOMATIC: "automatic", WITH_CHANCE: "chance"}

    def who(flags):
        return {actors[i] for i in np.flatnonzero(flags)}

    for n, (name, step) in enumerate(scenario.steps.items()):
        assert steps.names[n] == name
        assert steps.months[n] == step.months
        assert who(steps.owners[n]) == set(step.by)
        assert [steps.names[m] for m in steps.requires[n]] == list(step.requires)
        held = [
            (translation.land.names[p], "demilitarised" if to == NOBODY else to)
            for p, to in steps.moves[n]
        ]
        assert held == [
            (parcel, to if to == "demilitarised" else side_of(scenario, to))
            for parcel, to in step.moves.items()
        ]
        assert [translation.instruments.names[i] for i, _ in steps.sets[n]] == list(step.sets)
        places.are([at for _, at in steps.sets[n]], [f"steps.{name}.sets.{i}" for i in step.sets])
        assert [translation.guarantees.names[g] for g in steps.brings[n]] == list(step.brings)
        assert steps.ceasefire[n] == step.ceasefire
        places.are(steps.cost_at[n], [f"steps.{name}.costs.{a}" for a in actors])
        places.are(steps.gain_at[n], [f"steps.{name}.gain.{a}" for a in actors])
        assert who(steps.reversible[n]) == set(step.reversible_by)
        assert who(steps.snap_by[n]) == set(step.snap_back_by)
        expected = step.snap_back if step.snap_back in (None, "automatic") else "chance"
        assert codes[steps.snap[n]] == (expected or "kept")
        places.are(steps.snap_at[n], f"steps.{name}.snap-back")
        assert steps.delay[n] == step.seen_after
        assert steps.by_month[n] == (-1 if step.by_month is None else step.by_month)
        assert steps.tags[n] == step.tags
        assert refs(translation, [(j, o) for j, o, _ in steps.serves[n]]) == list(step.serves)
        for (_, _, share), (ref, said) in zip(steps.serves[n], step.serves.items(), strict=True):
            serving = sum(ref in other.serves for other in scenario.steps.values())
            expected = 1 / serving if said is None else said
            assert share == pytest.approx(expected, rel=0.005)  # rounded shares are made to sum
    for (members, verified), exchange in zip(
        steps.exchanges, scenario.exchanges.values(), strict=True
    ):
        assert [steps.names[m] for m in members] == list(exchange.steps)
        assert verified == exchange.verified


def test_guarantees(pair):
    scenario, translation = pair
    found, places = translation.guarantees, Places(translation)
    fields = {
        "credibility_at": "credibility",
        "strength_at": "adds-strength",
        "attacker_cost_at": "costs-attacker",
        "exhaustion_cut_at": "cuts-exhaustion",
        "honour_cost_at": "honour-cost",
    }
    for n, (name, item) in enumerate(scenario.guarantees.items()):
        base = f"guarantees.{name}"
        for field, key in fields.items():
            places.are(getattr(found, field)[n], f"{base}.{key}")
        parts = ("interest", "stake", "ceiling")
        places.are(found.derived_at[n], [f"{base}.derived.{part}" for part in parts])
        places.are(
            found.in_force_cost_at[n], [f"{base}.in-force-cost.{a}" for a in scenario.actors]
        )
        assert translation.actors.names[found.by[n]] == item.by
        assert found.protects[n] == side_of(scenario, item.protects)
        assert found.conditional[n] == item.conditional
        assert found.term[n] == (np.inf if item.term is None else 12 * item.term)
        leader = None if found.follows[n] < 0 else found.names[found.follows[n]]
        assert leader == item.follows


def test_the_war(pair):
    scenario, translation = pair
    war, places = translation.fighting, Places(translation)
    parts = ("now", "drift", "cap")
    two = speakers(scenario)
    for at, key in (
        (war.initiative_at, "initiative"),
        (war.decisiveness_at, "decisiveness"),
        (war.fortification_effect_at, "fortification-effect"),
        (war.rearm_decay_at, "rearmament-decay"),
        (war.months_at, "months-so-far"),
        (war.memory_at, "memory"),
        (war.to_breaker_at, "demilitarised-to-breaker"),
        (war.demilitarised_worth_at, "demilitarised-worth"),
    ):
        places.are(at, f"war.{key}")
    places.are(war.strength_at, [f"war.strength.{n}" for n in two])
    places.are(war.rearm_at, [[f"war.rearmament.{n}.{p}" for p in ("gain", "months")] for n in two])
    places.are(war.cost_at, [[f"war.costs.{a}.{p}" for p in parts] for a in scenario.actors])
    places.are(war.exhaustion_at, [[f"war.exhaustion.{n}.{p}" for p in parts] for n in two])
    places.are(war.freeze_at, [f"war.freeze.{p}" for p in parts])
    places.are(war.imposed_at, [[f"war.imposed.{n}.{a}" for a in scenario.actors] for n in two])


def test_red_lines(pair):
    scenario, translation = pair
    lines, places = translation.red_lines, Places(translation)

    def meant(names):
        wanted = set(names)
        return [
            name
            for name, step in scenario.steps.items()
            if wanted & {name, *(f"tag.{tag}" for tag in step.tags)}
        ]

    for n, (name, line) in enumerate(scenario.red_lines.items()):
        assert translation.actors.names[lines.by[n]] == line.by
        places.are(lines.holds_at[n], f"red-lines.{name}.holds")
        assert refs(translation, lines.never[n]) == list(line.never)
        assert refs(translation, lines.without[n]) == list(line.without)
        names = translation.steps.names
        assert [names[s] for s in sorted(lines.do[n])] == meant(line.do)
        assert [names[s] for s in sorted(lines.only_after[n])] == meant(line.only_after)


def test_audiences(pair):
    scenario, translation = pair
    found, places = translation.audiences, Places(translation)
    issues = translation.issues
    for n, (name, item) in enumerate(scenario.audiences.items()):
        base = f"audiences.{name}"
        assert translation.actors.names[found.of[n]] == item.of
        places.are(found.threshold_at[n], f"{base}.threshold")
        places.are(found.noise_at[n], f"{base}.noise")
        places.are(found.baseline_at[n], f"{base}.baseline")
        step = None if found.step[n] < 0 else translation.steps.names[found.step[n]]
        assert step == item.step
        for j, options in enumerate(issues.options):
            for o, key in enumerate(options):
                ref = f"{issues.names[j]}.{key}"
                effect = f"{base}.effects.{ref}.value"
                places.are(found.effect_at[n, j, o], effect)
                places.are(found.cost_at[n, j, o], f"{base}.costs.{ref}")
        own = [
            (refs(translation, pairs), at)
            for (pairs, at), gate in zip(found.interactions, found.interaction_gate, strict=True)
            if gate == n
        ]
        assert [pairs for pairs, _ in own] == [list(i.options) for i in item.interactions.values()]
        places.are(
            [at for _, at in own], [f"{base}.interactions.{k}.value" for k in item.interactions]
        )


def test_trailing_options_of_short_issues_are_nowhere():
    for scenario in every_scenario():
        issues = translate(scenario, fit_audiences(scenario)[1]).issues
        for j, options in enumerate(issues.options):
            assert np.all(issues.value_at[j, len(options) :] == -1)


def test_each_side_is_spoken_for_whatever_the_order_in_the_file():
    raw = random_raw(2, ally=False)
    war = dict(raw["war"])
    war["strength"] = dict(reversed(war["strength"].items()))
    war["exhaustion"] = dict(reversed(war["exhaustion"].items()))
    translation = translate(build(changed(raw, {"war": war})))
    names = [translation.parameters.paths[at] for at in translation.fighting.strength_at]
    assert names == [f"war.strength.{A}", f"war.strength.{B}"]
