"""Between packages as arrays and what parties want: values survive the way there and back."""

from datetime import date
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange_files import wishes
from scenarios import random_scenario
from servanda.errors import ExchangeError, ProblemError
from servanda.problems.from_scenario import translate
from servanda.problems.package_binding import package_problem
from servanda.problems.packages import PackageProblem, pattern
from servanda.problems.parameters import central
from servanda.problems.preferences import package_table, preferences_of, preferences_of_table
from servanda.results.package_table import PackageTable
from servanda.scenario.build import build_scenario
from servanda.scenario.from_preferences import Labels, labels, raw_scenario
from servanda.scenario.model import Scenario
from servanda.scenario.preferences import Preferences
from servanda.solvers.reservation import without_a_deal


def bound(scenario: Scenario) -> tuple:
    translation = translate(scenario)
    theta = central(translation.parameters)
    reservation = without_a_deal(translation, theta, threads=1)[0]
    return translation, theta, package_problem(translation, theta, reservation, [], [])


def imported(preferences: Preferences) -> Scenario:
    raw = raw_scenario(preferences, title="t", as_of=date(2026, 1, 1))
    scenario, complaints = build_scenario(raw)
    assert complaints == []
    return scenario


def table_of(scenario: Scenario) -> PackageTable:
    return package_table(bound(scenario)[2], labels(scenario))


def worth(table: PackageTable) -> dict[tuple, list[float]]:
    """Each package by the names of its options, with its values."""
    return {
        tuple(
            (issue, names[code])
            for issue, names, code in zip(table.issues, table.options, row, strict=True)
        ): values
        for row, values in zip(table.chosen.tolist(), table.values.tolist(), strict=True)
    }


@settings(max_examples=40)
@given(wishes())
def test_wishes_survive_the_way_through_a_scenario(preferences: Preferences) -> None:
    scenario = imported(preferences)
    back, rescaled = preferences_of(*bound(scenario), labels(scenario), name=preferences.name)
    assert rescaled == ()
    assert back.issues == preferences.issues
    for one, other in zip(back.profiles, preferences.profiles, strict=True):
        assert one.actor == other.actor
        assert one.weights == pytest.approx(other.weights, abs=1e-9)
        assert one.reservation == pytest.approx(other.reservation, abs=1e-9)
        assert one.discount == pytest.approx(max(other.discount, 1 / 11), abs=1e-9)
        for issue, options in other.evaluations.items():
            assert one.evaluations[issue] == pytest.approx(options, abs=1e-9)


@settings(max_examples=15)
@given(wishes())
def test_the_table_of_a_scenario_is_what_the_wishes_say(preferences: Preferences) -> None:
    table = table_of(imported(preferences))
    listed = worth(table)
    for options in product(*preferences.issues.values()):
        package = dict(zip(preferences.issues, options, strict=True))
        expected = [100 * profile.utility(package) for profile in preferences.profiles]
        assert listed[tuple(package.items())] == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("seed", range(12))
def test_a_table_of_a_scenario_with_war_gives_the_same_values(seed: int) -> None:
    """Land, guarantees, links and all: a table is whole."""
    table = table_of(random_scenario(seed))
    again = table_of(imported(preferences_of_table(table, name="t")))
    ours, theirs = worth(table), worth(again)
    assert ours.keys() == theirs.keys()
    for package, values in ours.items():
        assert theirs[package] == pytest.approx(values, abs=1e-6)
    said = ~np.isnan(table.reservation)
    assert again.reservation[said] == pytest.approx(table.reservation[said])


@pytest.mark.parametrize("seed", range(8))
def test_rescaled_utilities_change_no_choice(seed: int) -> None:
    scenario = random_scenario(seed)
    translation, theta, problem = bound(scenario)
    found, rescaled = preferences_of(translation, theta, problem, labels(scenario), name="n")
    scales = {one.actor: (one.zero, one.unit) for one in rescaled}
    parts = problem.contribution
    for actor, profile in enumerate(found.profiles):
        zero, unit = scales.get(profile.actor, (0.0, 100.0))
        assert sum(profile.weights.values()) == pytest.approx(1.0)
        assert all(0 <= e <= 1 for row in profile.evaluations.values() for e in row.values())
        for chosen in product(*(range(int(n)) for n in problem.n_options)):
            package = {
                issue: options[option]
                for (issue, options), option in zip(found.issues.items(), chosen, strict=True)
            }
            sum_of_parts = problem.constant[actor] + sum(
                parts[issue, option, actor] for issue, option in enumerate(chosen)
            )
            assert zero + unit * profile.utility(package) == pytest.approx(sum_of_parts)
        if profile.reservation is not None:
            assert zero + unit * profile.reservation == pytest.approx(problem.reservation[actor])


# --- tables that are not sums --------------------------------------------------------------------


def problem_of(seed: int, **more: object) -> PackageProblem:
    rng = np.random.default_rng(seed)
    counts = [3, 4, 3, 2]
    part = rng.normal(0, 5, (4, 4, 2)).round(2)
    for issue, count in enumerate(counts):
        part[issue, count:] = 0
    return PackageProblem(
        actors=("hill", "dale"),
        issues=("w", "x", "y", "z"),
        options=tuple(tuple(f"o{o}" for o in range(count)) for count in counts),
        n_options=np.array(counts),
        contribution=part,
        constant=np.array([3.0, -7.0]),
        reservation=np.array([0.0, 1.0]),
        **more,
    )


def named(problem: PackageProblem) -> Labels:
    return Labels(problem.actors, problem.issues, problem.options)


def test_an_additive_table_needs_no_links() -> None:
    table = package_table(problem_of(1), named(problem_of(1)))
    found = preferences_of_table(table, name="t")
    assert found.links == found.excluded == ()
    for package, values in worth(table).items():
        utilities = [profile.utility(dict(package)) for profile in found.profiles]
        assert utilities == pytest.approx(values)


@pytest.mark.parametrize("seed", range(5))
def test_links_and_exclusions_are_found_as_they_were_meant(seed: int) -> None:
    links = np.array([pattern(4, {0: [1], 1: [2]}), pattern(4, {1: [3], 2: [0]})])
    gone = np.array([pattern(4, {0: [2], 2: [1]}), pattern(4, {0: [0], 1: [0], 2: [2]})])
    problem = problem_of(
        seed, links=links, link_values=np.array([[4.0, -2.0], [0.0, 3.0]]), exclusions=gone
    )
    found = preferences_of_table(package_table(problem, named(problem)), name="t")
    assert [(dict(one.options), dict(one.values)) for one in found.links] == [
        ({"w": ("o1",), "x": ("o2",)}, {"hill": pytest.approx(4), "dale": pytest.approx(-2)}),
        ({"x": ("o3",), "y": ("o0",)}, {"dale": pytest.approx(3)}),
    ]
    assert [dict(one.options) for one in found.excluded] == [
        {"w": ("o2",), "y": ("o1",)},
        {"w": ("o0",), "x": ("o0",), "y": ("o2",)},
    ]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.2, 1.0))
def test_any_small_table_comes_back_as_it_was(seed: int, share: float) -> None:
    """Values without any structure, and packages missing anywhere: links and exclusions say it."""
    rng = np.random.default_rng(seed)
    counts = rng.integers(2, 4, rng.integers(2, 4)).tolist()
    size = int(np.prod(counts))
    rows = np.sort(rng.choice(size, max(int(share * size), 1), replace=False))
    chosen = np.stack(np.unravel_index(rows, counts), axis=1)
    used = [np.unique(column, return_inverse=True) for column in chosen.T]
    table = PackageTable(
        issues=tuple(f"i{n}" for n in range(len(counts))),
        options=tuple(tuple(f"o{o}" for o in found) for found, _ in used),
        actors=("a", "b"),
        chosen=np.stack([codes.reshape(-1) for _, codes in used], axis=1),
        values=rng.normal(0, 10, (len(rows), 2)).round(3),
        reservation=np.array([1.0, 2.0]),
    )
    again = worth(table_of(imported(preferences_of_table(table, name="t"))))
    assert again.keys() == worth(table).keys()
    for package, values in worth(table).items():
        assert again[package] == pytest.approx(values, abs=1e-6)


def test_what_takes_too_much_to_say() -> None:
    rng = np.random.default_rng(0)
    counts = [8, 8, 8, 8]
    chosen = np.stack(np.unravel_index(np.arange(4096), counts), axis=1)

    def table(rows: object, values: np.ndarray, options: list[int]) -> PackageTable:
        return PackageTable(
            issues=tuple("wxyz"),
            options=tuple(tuple(f"o{o}" for o in range(count)) for count in options),
            actors=("a", "b"),
            chosen=chosen[rows],
            values=values,
            reservation=np.zeros(2),
        )

    noise = rng.normal(0, 1, (4096, 2))
    with pytest.raises(ExchangeError, match="values are not sums over issues"):
        preferences_of_table(table(slice(None), noise, counts), name="t")
    half = rng.random(4096) < 0.5
    with pytest.raises(ExchangeError, match="more than 1,000 exclusions"):
        preferences_of_table(table(half, np.zeros((int(half.sum()), 2)), counts), name="t")
    with pytest.raises(ExchangeError, match="has to list the packages, not a sample"):
        preferences_of_table(table(slice(None), noise, [8, 8, 8, 100_000]), name="t")
    wide = problem_of(0)
    huge = PackageProblem(
        actors=wide.actors,
        issues=tuple(f"i{n}" for n in range(30)),
        options=(("a", "b", "c", "d"),) * 30,
        n_options=np.full(30, 4),
        contribution=np.zeros((30, 4, 2)),
        constant=wide.constant,
        reservation=wide.reservation,
    )
    with pytest.raises(ProblemError, match="1,152,921,504,606,846,976 packages; a table holds"):
        package_table(huge, named(huge))


def test_an_actor_to_whom_nothing_matters() -> None:
    flat = PackageTable(
        issues=("i",),
        options=(("a", "b"),),
        actors=("a", "b"),
        chosen=np.array([[0], [1]]),
        values=np.array([[5.0, 1.0], [5.0, 2.0]]),
        reservation=np.array([5.0, 0.0]),
    )
    again = table_of(imported(preferences_of_table(flat, name="t")))
    assert again.values.tolist() == [[5.0, 1.0], [5.0, 2.0]]
