"""Whole analyses: the same for any threads and chunks, and an answer whatever the scenario."""

import json

import numpy as np
import pytest

from scenarios import KEEPER, A, B, build, changed, random_raw, random_scenario
from servanda.results.encode import to_plain
from servanda.scenario.model import Scenario
from servanda.scenario.quantity import Id
from servanda.scenario.steps import Step
from servanda.simulation import ensemble
from servanda.simulation.analysis import CANDIDATES
from servanda.workbench import analyse, brief, digest

DRAWS = 40


def text(scenario, **options):
    """An analysis as text: equal texts are equal to the last bit."""
    return json.dumps(to_plain(analyse(scenario, **{"draws": DRAWS, "seed": 1, **options})))


def lively(seed):
    """A scenario in which some packages are acceptable and some orders are kept."""
    cheap = {f"war.costs.{name}": {"value": 25, "low": 10, "high": 40} for name in (A, B)}
    return build(changed(random_raw(seed), cheap))


@pytest.mark.parametrize("seed", [5, 7])
def test_threads_and_chunks_change_nothing_and_the_seed_does(seed, monkeypatch):
    scenario = lively(seed)
    usual = text(scenario, threads=1)
    assert text(scenario, threads=2) == usual
    for chunk in (7, 125):
        monkeypatch.setattr(ensemble, "CHUNK", chunk)
        assert text(scenario, threads=2) == usual
    assert text(scenario, seed=2, threads=1) != usual


def test_more_draws_begin_with_the_same_ones():
    scenario = lively(2)
    few, many = (
        ensemble.take_draws(
            _translation(scenario), seed=4, count=count, threads=1, progress=lambda *_: None
        )
        for count in (10, 300)
    )
    assert np.array_equal(few.theta, many.theta[:10])
    assert np.array_equal(few.reservation, many.reservation[:10])


def _translation(scenario):
    from servanda.problems.from_scenario import translate

    return translate(scenario)


def test_an_analysis_says_where_it_comes_from_and_how_far_it_is():
    scenario, told = lively(5), []
    found = analyse(
        scenario,
        draws=DRAWS,
        seed=9,
        threads=1,
        progress=lambda what, share, of=0: told.append((what, share)),
        variant="v",
        changes=["a=1"],
    )
    origin = found.origin
    assert (origin.seed, origin.draws, origin.variant, origin.changes) == (9, DRAWS, "v", ("a=1",))
    assert origin.digest == digest(scenario)
    assert digest(scenario) != digest(lively(7))
    assert all(0.0 <= share <= 1.0 for _, share in told)
    assert len({what for what, _ in told}) > 4
    assert len(found.deals) <= CANDIDATES + 4


def without(raw, *sections):
    return {key: value for key, value in raw.items() if key not in sections}


BASE = random_raw(3)
NO_LAND = without(BASE, "fronts", "parcels")
NO_LAND["steps"] = {
    name: {key: value for key, value in step.items() if key != "moves"}
    for name, step in BASE["steps"].items()
}
NO_INSTRUMENTS = without(BASE, "instruments")
NO_INSTRUMENTS["steps"] = {
    name: {key: value for key, value in step.items() if key != "sets"}
    for name, step in BASE["steps"].items()
}
ANSWERS = {name: list(issue["options"]) for name, issue in BASE["issues"].items()}
NOTHING_ON_THE_TABLE = {
    f"exclusions.{one}-{other}": {"options": [f"land.{one}", f"pact.{other}"], "note": "No."}
    for one in ANSWERS["land"]
    for other in ANSWERS["pact"]
}
HIGH = {f"war.imposed.{A}.{B}": 1e4, f"war.imposed.{B}.{A}": 1e4}
FORBIDDEN = {
    f"red-lines.never-{answer}": {"by": B, "says": "Never.", "never": [f"land.{answer}"]}
    for answer in ANSWERS["land"]
}
PRESSED = {
    "pressure.aid": {
        "by": KEEPER,
        "on": A,
        "changes": {
            "instruments.aid.level": 0.1,
            "war.initiative": {"value": 0.9, "low": 0.3, "high": 1, "shape": "normal"},
        },
    }
}
ODD = {
    "as it is": BASE,
    "without audiences": without(BASE, "audiences"),
    "without red lines": without(BASE, "red-lines"),
    "without links": without(BASE, "links"),
    "without exchanges": without(BASE, "exchanges"),
    "without guarantees": random_raw(3, guarantees=False),
    "without land": NO_LAND,
    "without instruments": NO_INSTRUMENTS,
    "with pressure beyond what can be": changed(BASE, PRESSED),
    "war better than any deal": changed(BASE, HIGH),
    "every answer forbidden": changed(BASE, FORBIDDEN),
    "no package left": changed(BASE, NOTHING_ON_THE_TABLE),
}


@pytest.mark.parametrize("name", ODD)
def test_every_scenario_gets_an_answer(name):
    scenario = build(ODD[name])
    found = analyse(scenario, draws=20, seed=1, threads=1)
    assert 0.0 <= found.likelihood.probability <= 1.0
    assert [one.actor for one in found.reservations] == list(scenario.actors)
    assert set(found.focus.deal.options) == set(scenario.issues)
    assert brief(found, scenario).startswith("<!doctype html>")
    if name in ("war better than any deal", "every answer forbidden", "no package left"):
        assert found.likelihood.probability == 0.0
        assert found.focus.both == 0.0


def test_one_question_with_one_answer_leaves_nothing_to_carry_out():
    raw = without(random_raw(3, guarantees=False), "exchanges", "red-lines", "links", "audiences")
    land = raw["issues"]["land"]
    raw["issues"] = {
        "land": {**land, "options": {"as-it-is": land["options"]["as-it-is"]}, "weight": {}}
    }
    raw["steps"] = {}
    raw["parcels"].pop("isle", None)
    scenario = build(raw)
    found = analyse(scenario, draws=20, seed=1, threads=1)
    assert found.likelihood.probability == 0.0
    assert found.focus.deal.options == {"land": "as-it-is"}
    assert all(order.plan is None for order in found.orders)
    assert "no steps" in found.orders[0].reason
    brief(found, scenario)


def test_what_a_pressure_changes_stays_in_its_range():
    from servanda.problems.parameters import draws, parameters

    params = parameters(build(changed(BASE, PRESSED)))
    entry = params.index("pressure.aid.changes.war.initiative")
    column = draws(params, seed=1, first=0, count=500)[:, entry]
    assert (params.lower[entry], params.upper[entry]) == (0.0, 1.0)
    assert column.max() == 1.0


def test_the_status_quo_without_fighting_counts_its_links():
    raw = changed(BASE, {"links.as-now.value": {A: 7.0, B: 3.0}})
    views = [analyse(build(r), draws=5, seed=1, threads=1).reservations for r in (raw, BASE)]
    now = BASE["links"]["as-now"]["value"]
    assert views[0][0].peace - views[1][0].peace == pytest.approx(7.0 - now.get(A, 0.0))


def test_random_scenarios_are_analysed():
    for seed in (11, 12, 13):
        found = analyse(random_scenario(seed), draws=10, seed=1, threads=1)
        assert found.orders


class LaterStep(Step):
    """A step in a language that has grown."""

    rehearsed: bool = False


class LaterScenario(Scenario):
    """A scenario in a language that has grown."""

    steps: dict[Id, LaterStep]
    mood: str = ""


def test_the_digest_is_of_what_the_file_says_whatever_the_language_could_say():
    raw = random_raw(5)
    grown = LaterScenario.model_validate(raw)
    first = next(iter(grown.steps))
    assert digest(grown) == digest(build(raw))
    said = {**raw["steps"], first: {**raw["steps"][first], "rehearsed": True}}
    assert digest(LaterScenario.model_validate({**raw, "steps": said})) != digest(build(raw))
    assert digest(build({**raw, "title": "Another"})) != digest(build(raw))
