"""Steps in parts: names, months, exchanges; a scenario against one with its parts written out."""

import copy

import numpy as np
import pytest

from scenarios import KEEPER, A, build, changed, random_raw
from servanda.errors import NotFoundError, ProblemError
from servanda.problems.agreement import agreement
from servanda.problems.from_scenario import translate
from servanda.problems.implementation_game import implementation_game
from servanda.problems.parameters import central
from servanda.problems.scenario_tranches import in_tranches
from servanda.problems.tranches import parts_of
from servanda.problems.war_binding import bind_war
from servanda.scenario.build import build_scenario
from servanda.solvers.package_game import package_game
from servanda.solvers.war_table import WarTable
from twins import agreement_by_definition as peace
from twins.test_agreement_twin import chosen

ARRAYS = (
    "months",
    "owners",
    "requires",
    "costs",
    "delay",
    "gain",
    "reversible",
    "ceasefire",
    "stages",
    "states",
    "flows",
    "attack",
    "renege",
)


def handover(**more):
    return implementation_game(
        ["north", "south"],
        ["land", "relief"],
        **{
            "discount": 0.9,
            "months": {"land": 5, "relief": 1},
            "owners": {"land": "south", "relief": "north"},
            "costs": {"land": {"south": 8.0}},
            "gain": {"land": {"south": 4.0}},
            "delay": {"land": 2},
            "tranches": {"land": 4, "relief": 2},
            "flow": lambda done: [50 + 10 * done.share("land"), 50 + 10 * done.share("relief")],
            "attack": lambda done: [40 + 10 * ("land" in done), 40],
            **more,
        },
    )


def test_a_step_in_parts_is_that_many_steps_in_their_order():
    game = handover()
    assert game.steps == (
        "land 1/4",
        "land 2/4",
        "land 3/4",
        "land 4/4",
        "relief 1/2",
        "relief 2/2",
    )
    assert game.months.tolist() == [2, 2, 2, 2, 1, 1]
    assert game.requires.tolist() == [0, 1, 2, 4, 0, 16]
    assert game.costs[:, 1].tolist() == [2, 2, 2, 2, 0, 0]
    assert game.gain[:, 1].tolist() == [1, 1, 1, 1, 0, 0]
    assert game.delay[:, 1].tolist() == [2, 2, 2, 2, 0, 0]
    assert len(game.states) == 5 * 3
    flows = {int(state): row.tolist() for state, row in zip(game.states, game.flows, strict=True)}
    assert flows[0b000011] == [55, 50]
    assert flows[0b011111] == [60, 55]
    attack = {int(state): row[0, 0] for state, row in zip(game.states, game.attack, strict=True)}
    assert attack[0b000111] == 40
    assert attack[0b001111] == 50


def test_what_a_step_does_as_a_whole_it_does_with_its_last_part():
    game = handover(ceasefire=["land"], requires={"relief": "land"})
    assert game.ceasefire.tolist() == [False, False, False, True, False, False]
    assert game.requires.tolist() == [0, 1, 2, 4, 8, 16]


def test_like_parts_go_together():
    def stages(**counts):
        game = handover(tranches=counts, joint=[(("land", "relief"), True)])
        verified = [mask for mask, checked in game.stages if checked]
        return [game.name_state(mask) for mask in verified]

    assert stages(land=2, relief=2) == ["{land 1/2, relief 1/2}", "{land 2/2, relief 2/2}"]
    assert stages(land=4, relief=2) == ["{land 2/4, relief 1/2}", "{land 4/4, relief 2/2}"]
    assert stages(land=3) == ["{land 3/3, relief}"]
    assert stages() == ["{land, relief}"]


def test_undoing_a_part_undoes_what_came_after_it():
    game = handover(reversible={"land": "south"})
    flows = {int(state): row[0] for state, row in zip(game.states, game.flows, strict=True)}
    assert flows[0b001111] == 60
    assert flows[0b001110] == 50
    assert flows[0b001101] == 52.5


@pytest.mark.parametrize(
    ("tranches", "error", "says"),
    [
        ({"lend": 2}, NotFoundError, "land"),
        ({"land": 0}, ProblemError, "'land' in 0 parts"),
        ({"land": 62, "relief": 3}, ProblemError, "65 parts; at most 62"),
    ],
)
def test_impossible_parts_are_refused(tranches, error, says):
    with pytest.raises(error, match=says):
        handover(tranches=tranches)


def test_the_share_of_an_unknown_step_brings_the_nearest():
    with pytest.raises(NotFoundError, match="land"):
        handover(flow=lambda done: [done.share("lend"), 0])


# ---------------------------------------------------------------- scenarios

IN_PARTS = {"quiet": 2, "empty-zone": 2, "end-aid": 3, "sign-treaty": 3}


def divisible_raw(seed):
    """Random, but nothing snaps back by chance and no guarantee ends or is voided."""
    raw = random_raw(seed, certain=True, ceasefire=True, terms=False)
    for promise in raw["guarantees"].values():
        promise["conditional"] = False
    for name, count in IN_PARTS.items():
        if name in raw["steps"]:
            step = raw["steps"][name]
            step.pop("reversible-by", None)
            if step.get("snap-back", "automatic") != "automatic":
                step["snap-back"] = "automatic"
            step["tranches"] = count
            step["costs"] = {A: 3.0, KEEPER: 1.5}
    return raw


def divided(said, count):
    """A number, or a mapping down to numbers, divided."""
    if isinstance(said, dict):
        return {key: divided(value, count) for key, value in said.items()}
    return said / count


def written_out(raw):
    """The same scenario with every part a step that the file itself lists."""
    scenario = build(raw)
    counts = {name: raw["steps"][name].get("tranches", 1) for name in raw["steps"]}
    ends = {n: f"{n}-{c}" if c > 1 else n for n, c in counts.items()}
    steps = {}
    for name, step in raw["steps"].items():
        step = copy.deepcopy(step)
        count = step.pop("tranches", 1)
        step["requires"] = [ends[other] for other in step.get("requires", [])]
        if count == 1:
            steps[name] = step
            continue
        parcels = list(step.get("moves", {}).items())
        shares = {ref: peace.share_of(scenario, name, ref) / count for ref in step["serves"]}
        for k in range(1, count + 1):
            part = {**step, "serves": shares, "months": int(np.ceil(step["months"] / count))}
            part["moves"] = {
                parcel: to
                for place, (parcel, to) in enumerate(parcels)
                if place * count // len(parcels) == k - 1
            }
            part["costs"] = {actor: cost / count for actor, cost in step["costs"].items()}
            part["gain"] = divided(step.get("gain", {}), count)
            if k < count:
                for key in ("sets", "brings", "ceasefire"):
                    part.pop(key, None)
            if k > 1:
                part["requires"] = [f"{name}-{k - 1}"]
            steps[f"{name}-{k}"] = part
    swaps = {
        name: {**swap, "steps": [ends[one] for one in swap["steps"]]}
        for name, swap in raw.get("exchanges", {}).items()
    }
    for name, step in steps.items():  # a share must be said by all that serve an answer, or by none
        whole = next((one for one in raw["steps"] if name == one), None)
        if whole is not None:
            step["serves"] = {ref: peace.share_of(scenario, whole, ref) for ref in step["serves"]}
    return {**raw, "steps": steps, "exchanges": swaps}


@pytest.mark.parametrize("seed", range(10))
def test_a_divided_scenario_is_the_one_with_its_parts_written_out(seed):
    raw = divisible_raw(seed)
    scenario, other = build(raw), build(written_out(raw))
    whole, plain = translate(scenario), translate(other)
    split = in_tranches(whole, {n: c for n, c in IN_PARTS.items() if n in raw["steps"]})
    rows = central(whole.parameters), central(plain.parameters)
    tables = [
        WarTable(bind_war(one, row), tolerance=1e-11, threads=1)
        for one, row in zip((whole, plain), rows, strict=True)
    ]
    compared = 0
    for package in peace.packages(scenario):
        choice = chosen(scenario, package)
        deals = agreement(split, choice), agreement(plain, choice)
        if not len(deals[0].steps):
            continue
        found = package_game(tables[0].of(split), deals[0])
        expected = package_game(tables[1], deals[1])
        assert [name.replace(" ", "-").split("/")[0] for name in found.steps] == list(
            expected.steps
        )
        for name in ARRAYS:
            assert np.asarray(getattr(found, name)) == pytest.approx(
                np.asarray(getattr(expected, name)), abs=1e-9
            ), name
        compared += 1
    assert compared > 3


@pytest.mark.parametrize("seed", range(6))
def test_with_all_parts_done_or_none_it_is_the_whole_step(seed):
    raw = random_raw(seed, certain=True)
    raw["steps"]["empty-zone"] |= {"tranches": 2, "snap-back": 0.5, "snap-back-by": [A]}
    raw["steps"]["sign-treaty"]["tranches"] = 2
    for promise in raw["guarantees"].values():
        promise["conditional"] = True
    scenario = build(raw)
    whole = translate(scenario)
    split = in_tranches(whole, {"empty-zone": 2, "sign-treaty": 2})
    table = WarTable(bind_war(whole, central(whole.parameters)), threads=1)
    wanted = {"land": "demilitarised", "pact": "treaty"}
    package = next(p for p in peace.packages(scenario) if wanted.items() <= p.items())
    choice = chosen(scenario, package)
    before = package_game(table, agreement(whole, choice))
    after = package_game(table.of(split), agreement(split, choice))
    bits = dict.fromkeys(before.steps, 0)
    for place, name in enumerate(after.steps):
        bits[name.split(" ")[0]] |= 1 << place
    for row, state in enumerate(before.states.tolist()):
        done = sum(bits[before.steps[j]] for j in range(before.n_steps) if state >> j & 1)
        other = after.state_row(done)
        for name in ("flows", "attack", "renege"):
            assert getattr(after, name)[other] == pytest.approx(
                getattr(before, name)[row], abs=1e-9
            )
        if done & bits["empty-zone"]:  # undone in its first part, all of it is
            first = bits["empty-zone"] & -bits["empty-zone"]
            undone, nothing = (
                after.state_row(done & ~first),
                after.state_row(done & ~bits["empty-zone"]),
            )
            assert np.array_equal(after.renege[undone], after.renege[nothing])


def test_no_more_parts_than_the_scenario_allows():
    whole = translate(build(divisible_raw(0)))
    with pytest.raises(ProblemError, match="it allows 2"):
        in_tranches(whole, {"quiet": 3})
    with pytest.raises(NotFoundError, match="quiet"):
        in_tranches(whole, {"quite": 2})
    assert in_tranches(whole, {}) is whole


def test_a_parcel_is_never_divided():
    raw = changed(random_raw(1), {"steps.leave-first.tranches": 3})
    _, complaints = build_scenario(raw)
    assert [(one.path, one.value) for one in complaints] == [("steps.leave-first.tranches", "3")]
    assert "a parcel is never divided: at most 1" in complaints[0].rule


def test_parts_know_their_order():
    parts = parts_of(["a", "b"], {"b": 3})
    assert parts.names == ("a", "b 1/3", "b 2/3", "b 3/3")
    assert parts.last.tolist() == [0, 3]
    assert parts.counted(np.array([0b1111, 0b1101, 0b1011, 0b1010])).tolist() == [15, 1, 3, 2]
    assert [sorted(done) for done in parts.done(np.array([0b0111, 0b1110]))] == [
        ["a", "b 1/3", "b 2/3"],
        ["b", "b 1/3", "b 2/3", "b 3/3"],
    ]
