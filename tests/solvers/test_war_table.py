"""The war table: direct wars, read through an interpolation whose error is held here."""

import numpy as np
import pytest

from scenarios import A, B, build, random_raw, random_scenario
from servanda.files.read import read_scenario
from servanda.problems.agreement import agreement, world_states
from servanda.problems.from_scenario import translate
from servanda.problems.parameters import central, draws
from servanda.problems.translation import NOBODY, SIDE_A, SIDE_B
from servanda.problems.war_binding import WarWorlds, bind_war, outbreaks, war_worlds
from servanda.solvers.audiences import fit_audiences
from servanda.solvers.war_table import CLOCKS, KNOTS, WarTable, interpolation
from servanda.solvers.war_value import war_values


def some_worlds(translation, rng, count):
    """Worlds in which a war could start: some packages, half carried out, some promises kept."""
    found = []
    for _ in range(count):
        chosen = [int(rng.integers(len(options))) for options in translation.issues.options]
        deal = agreement(translation, chosen)
        state = np.array([int(rng.integers(deal.full + 1))], np.int64)
        world = world_states(translation, deal, state)
        promises = int(rng.integers(1 << len(translation.guarantees.names)))
        taker = int(rng.integers(3))
        found.append(war_worlds(translation, world, world.in_force & promises, taker))
    fields = ("start", "fortified", "aside", "level_at", "honoured")
    return WarWorlds(**{f: np.concatenate([getattr(one, f) for one in found]) for f in fields})


def one_world(worlds, n):
    fields = ("start", "fortified", "aside", "level_at", "honoured")
    return WarWorlds(**{f: getattr(worlds, f)[n : n + 1] for f in fields})


def directly(bound, worlds, clocks, tolerance=1e-9):
    """W of every actor in its own beliefs, (D, W, T, A), each clock by its own war."""
    values, _ = war_values(bound.settings, outbreaks(bound, worlds, clocks), tolerance=tolerance)
    actors = len(bound.group)
    table = values.reshape(bound.draws, bound.groups, len(worlds.start), len(clocks), actors)
    return np.moveaxis(table[:, bound.group, :, :, np.arange(actors)], 0, -1)


@pytest.mark.parametrize("seed", range(6))
def test_values_are_those_of_direct_wars_world_by_world(seed):
    translation = translate(random_scenario(seed))
    bound = bind_war(translation, draws(translation.parameters, seed=seed, first=0, count=3))
    worlds = some_worlds(translation, np.random.default_rng(seed), 8)
    table = WarTable(bound, tolerance=1e-9)
    early = table.rows(one_world(worlds, 3))
    before = table.values(early)
    rows = table.rows(worlds)
    assert rows[3] == early[0]
    assert np.array_equal(table.values(early), before)
    assert len(table) == len(np.unique(worlds.keys, axis=0))
    at_knots = [int(np.flatnonzero(knot == CLOCKS)[0]) for knot in KNOTS]
    found = table.values(rows)[:, :, at_knots]
    for n in range(len(rows)):
        alone = directly(bound, one_world(worlds, n), KNOTS)
        assert found[:, n] == pytest.approx(alone[:, 0], abs=1e-10)
    assert table.error <= 1e-9 * (found.max() - found.min()) * 10


def interpolation_error(translation, theta, worlds):
    bound = bind_war(translation, theta)
    table = WarTable(bound, tolerance=1e-9)
    return np.abs(table.values(table.rows(worlds)) - directly(bound, worlds, CLOCKS))


def test_between_the_knots_the_geneva_case_is_right_to_a_tenth_of_a_point():
    scenario = read_scenario("geneva-2026")
    translation = translate(scenario, fit_audiences(scenario)[1])
    params = translation.parameters
    worlds = some_worlds(translation, np.random.default_rng(0), 20)
    assert interpolation_error(translation, central(params), worlds).max() < 0.02
    error = interpolation_error(translation, draws(params, seed=1, first=0, count=40), worlds)
    assert error.max() < 0.2
    assert np.quantile(error, 0.999) < 0.07
    assert error.mean() < 0.004


def test_between_the_knots_random_cases_are_right_but_for_kinks():
    worst = []
    for seed in range(40):
        translation = translate(random_scenario(seed))
        worlds = some_worlds(translation, np.random.default_rng(seed), 4)
        theta = draws(translation.parameters, seed=seed, first=0, count=3)
        worst.append(interpolation_error(translation, theta, worlds).max())
    assert np.median(worst) < 0.02
    assert max(worst) < 0.7  # where a rate that a pause has set back reaches its cap or 0


@pytest.mark.parametrize(("memory", "months"), [(4.0, 3.0), (4.0, 60.0), (100.0, 3.0), (100, 60)])
def test_pauses_that_act_fast_or_slowly_are_interpolated_too(memory, months):
    worst = []
    for seed in range(8):
        raw = random_raw(seed, certain=True)
        raw["war"]["memory"] = memory
        raw["war"]["rearmament"] = {A: {"gain": 0.6, "months": months}, B: {"gain": 0, "months": 9}}
        translation = translate(build(raw))
        worlds = some_worlds(translation, np.random.default_rng(seed), 4)
        worst.append(
            interpolation_error(translation, central(translation.parameters), worlds).max()
        )
    assert max(worst) < 0.7


def test_the_blend_is_exact_at_knots_and_for_what_no_pause_changes():
    weights = interpolation(translate(random_scenario(0)))
    assert weights.sum(axis=1) == pytest.approx(1.0)
    for k, knot in enumerate(KNOTS):
        row = weights[np.flatnonzero(knot == CLOCKS)[0]]
        assert row == pytest.approx(np.eye(len(KNOTS))[k], abs=1e-12)


# ---------------------------------------------------------------- the worlds wars start in


def front_scenario():
    """Three parcels of A and two of B in a line; the middle can be left, or handed over."""
    raw = random_raw(0, certain=True, ally=False)
    raw["parcels"] = {
        name: {"name": name, "held-by": holder, "worth": {A: 1.0, B: 1.0}, "fortification": 2.0}
        for name, holder in {"p0": A, "p1": A, "p2": A, "p3": B, "p4": B, "isle": A}.items()
    }
    raw["fronts"] = {"line": {"name": "Line", "parcels": [f"p{n}" for n in range(5)], "tempo": 0.3}}
    raw["steps"]["leave-first"]["moves"] = {"p2": B}
    raw["steps"]["leave-rest"]["moves"] = {"p1": B}
    raw["steps"]["empty-zone"]["moves"] = {"p2": "demilitarised", "p3": "demilitarised"}
    raw["issues"]["isle"] = {
        "question": "Whose is the isle?",
        "track": "political",
        "options": {"stays": {"status-quo": True}, "changes-hands": {}},
    }
    for issue in raw["issues"].values():
        issue.pop("weight", None)
    raw["steps"]["change-isle"] = {"serves": {"isle.changes-hands": None}, "moves": {"isle": B}}
    return translate(build(raw))


def worlds_after(translation, options, names, taker):
    chosen = [
        translation.issues.options[j].index(options[issue]) if issue in options else 0
        for j, issue in enumerate(translation.issues.names)
    ]
    deal = agreement(translation, chosen)
    state = deal.bits([translation.steps.names.index(name) for name in names])
    world = world_states(translation, deal, np.array([state], np.int64))
    return war_worlds(translation, world, np.zeros(1, np.int64), taker)


@pytest.mark.parametrize(
    ("steps", "taker", "start", "ruined"),
    [
        ([], NOBODY, 3, []),
        (["leave-first"], NOBODY, 2, []),
        (["leave-first", "leave-rest"], NOBODY, 1, []),
    ],
)
def test_the_line_stands_where_steps_have_moved_it(steps, taker, start, ruined):
    worlds = worlds_after(front_scenario(), {"land": "handed-over"}, steps, taker)
    assert worlds.start.tolist() == [[start]]
    assert np.flatnonzero(~worlds.fortified[0, 0].astype(bool)).tolist() == ruined


@pytest.mark.parametrize(("taker", "start"), [(SIDE_A, 4), (SIDE_B, 2), (NOBODY, 3)])
def test_an_empty_zone_falls_without_its_works_to_the_breaker_or_to_whom_it_was(taker, start):
    worlds = worlds_after(front_scenario(), {"land": "demilitarised"}, ["empty-zone"], taker)
    assert worlds.start.tolist() == [[start]]
    assert np.flatnonzero(worlds.fortified[0, 0] == 0).tolist() == [2, 3]


def test_land_away_from_the_fronts_stays_with_whom_it_went_to():
    translation = front_scenario()
    isle = translation.land.names.index("isle")
    for steps, holder in (([], SIDE_A), (["change-isle"], SIDE_B)):
        worlds = worlds_after(translation, {"isle": "changes-hands"}, steps, NOBODY)
        assert worlds.aside[0, isle] == holder
        assert np.all(np.delete(worlds.aside[0], isle) == -1)
