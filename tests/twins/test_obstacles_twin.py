"""Win-sets and obstacles against their definitions, set by set, on random small problems."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.errors import ProblemError
from servanda.problems.packages import TOLERANCE, PackageProblem
from servanda.results.obstacles import ObstacleStatus
from servanda.solvers import minimal_sets, row_tally, win_set
from servanda.solvers import obstacles as solver
from servanda.solvers.funnel import funnel
from servanda.solvers.side_payment import Fund, side_payments
from twins.packages_by_definition import evaluate, on_the_table, random_problem

SEEDS = st.integers(0, 2**32 - 1)


def by_definition(problem):
    """Every package on the table with the places of the rows it fails, and the rows' owners."""
    table = [evaluate(problem, *package) for package in on_the_table(problem)]
    actors = range(len(problem.actors))
    owners = [*problem.red_line_owner.tolist(), *actors, *actors]
    return table, [{n for n, failed in enumerate(p.rows) if failed} for p in table], owners


def room_by_definition(problem, package):
    """What each actor could give away and still be willing and sign: by bisection of its value."""

    def content(given_away):
        shifted = with_constant(problem, problem.constant - given_away)
        looked = evaluate(shifted, package.index, problem.chosen(package.index))
        return [not (u or s) for u, s in zip(looked.unwilling, looked.unsigned, strict=True)]

    room = np.zeros(len(problem.actors))
    for i in problem.parties:
        low, high = -1e4, 1e4

        def with_less(points, i=i):
            less = np.zeros(len(problem.actors))
            less[i] = points
            return content(less)[i]

        if not with_less(low):
            room[i] = -math.inf
            continue
        for _ in range(80):
            middle = (low + high) / 2
            low, high = (middle, high) if with_less(middle) else (low, middle)
        room[i] = low
    return room


def with_constant(problem, constant):
    from dataclasses import replace

    return replace(problem, constant=constant)


def minimal(sets):
    return {frozenset(s) for s in sets if not any(t < s for t in sets)}


def places(problem, rows):
    """Names of rows back to places."""
    tally = row_tally.rows_of(problem)[0]
    return [frozenset(tally.index(row) for row in named) for named in rows]


@given(SEEDS)
@settings(max_examples=50, deadline=None)
def test_corrections_and_conflicts_are_all_the_minimal_ones(seed):
    problem = random_problem(np.random.default_rng(seed))
    table, failed, owners = by_definition(problem)
    found = solver.obstacles(problem, most=10_000)
    if not table:
        assert found.status is ObstacleStatus.NOTHING_ON_THE_TABLE
        return
    if set() in failed:
        assert found.status is ObstacleStatus.NONE
        assert not found.corrections
        return
    assert found.status is ObstacleStatus.BLOCKED
    n_rows = len(owners)
    opens = [
        set(lifted)
        for size in range(min(n_rows, 4) + 1)
        for lifted in itertools.combinations(range(n_rows), size)
        if any(rows <= set(lifted) for rows in failed)
    ]
    by_size = {s for s in minimal(opens) if len(s) <= 3}
    listed = places(problem, [one.rows for one in found.corrections])
    assert {s for s in listed if len(s) <= 3} == by_size
    assert len(set(listed)) == len(listed) == found.n_corrections
    for one, lifted in zip(found.corrections, listed, strict=True):
        opened = [p for p, rows in zip(table, failed, strict=True) if rows == lifted]
        assert one.opens == len(opened)
        assert one.deal.index in {p.index for p in opened}
    conflicting = [
        set(held)
        for size in range(min(n_rows, 3) + 1)
        for held in itertools.combinations(range(n_rows), size)
        if all(rows & set(held) for rows in failed)
    ]
    listed = places(problem, found.conflicts)
    assert {s for s in listed if len(s) <= 2} == {s for s in minimal(conflicting) if len(s) <= 2}
    for held in listed:  # together they leave nothing, and each is needed for that
        assert all(rows & held for rows in failed)
        assert all(any(not rows & (held - {row}) for rows in failed) for row in held)


@given(st.lists(st.integers(1, 255), min_size=1, max_size=8))
def test_three_ways_to_the_smallest_conflict(sets):
    """Multiplied out, by integer programming, and by trying every set."""
    all_of_them = minimal_sets.minimal_transversals(minimal_sets.minimal_sets(sets))
    by_trying = [held for held in range(256) if all(held & one for one in sets)]
    smallest = min(held.bit_count() for held in by_trying)
    assert all_of_them[0].bit_count() == smallest
    found = minimal_sets.smallest_transversal(sets)
    assert found.bit_count() == smallest
    assert all(found & one for one in sets)
    minimal_ones = {h for h in by_trying if not any(g != h and g & h == g for g in by_trying)}
    assert set(all_of_them) == minimal_ones


def test_past_the_limit_one_smallest_conflict_is_given(monkeypatch):
    pairs = [0b11 << 2 * k for k in range(8)]  # 256 minimal transversals
    assert minimal_sets.minimal_transversals(pairs, limit=100) is None
    assert minimal_sets.smallest_transversal(pairs).bit_count() == 8


@given(SEEDS)
@settings(max_examples=30, deadline=None)
def test_what_is_nearest_to_each_actors_acceptance(seed):
    problem = random_problem(np.random.default_rng(seed))
    table, failed, owners = by_definition(problem)
    found = solver.obstacles(problem)
    if not table:
        return
    assert [near.actor for near in found.nearest] == [problem.actors[i] for i in problem.parties]
    n_red = len(problem.red_lines)
    for near in found.nearest:
        actor = problem.actors.index(near.actor)
        ranks = {}
        for package, rows in zip(table, failed, strict=True):
            others = sum(owners[row] != actor for row in rows)
            lines = sum(owners[row] == actor and row < n_red for row in rows)
            ranks[package.index] = (others, lines)
        assert ranks[near.deal.index] == min(ranks.values())
        assert (len(near.others), len(near.own_lines)) == ranks[near.deal.index]
        tied = [p for p in table if ranks[p.index] == min(ranks.values())]
        if len(tied) <= 6:
            lacks = min(max(-room_by_definition(problem, p)[actor], 0.0) for p in tied)
            if lacks < math.inf:
                assert near.lacks == pytest.approx(lacks, abs=1e-6)
            else:  # the definition looks no further
                assert near.lacks >= 1e4 - 100


@given(SEEDS)
@settings(max_examples=20, deadline=None)
def test_the_smallest_payment_over_all_packages(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    table, failed, _ = by_definition(problem)
    n_actors, n_red = len(problem.actors), len(problem.red_lines)
    limits = rng.integers(0, 9, size=n_actors).astype(float)
    funds = [Fund("frozen assets", float(rng.integers(0, 6)), (0,)), Fund("aid", 1.0)]
    if len(table) > 30 or not len(problem.parties):
        return
    found = solver.closing_payment(problem, limits.tolist(), funds)
    base = np.where(np.isnan(problem.reservation), np.nan, 0.0)
    needed = [math.inf]
    for package, rows in zip(table, failed, strict=True):
        room = room_by_definition(problem, package)
        if np.isfinite(room).all() and not any(row < n_red for row in rows):
            paid = side_payments(room[np.newaxis], base, limits=limits, funds=funds)
            needed.append(float(paid.needed[0]))
    if found is None:
        assert min(needed) == math.inf
    else:
        assert found.total == pytest.approx(min(needed), abs=1e-5)
        drawn = sum(found.from_funds.values())
        assert sum(found.receives.values()) == pytest.approx(drawn, abs=1e-5)


@given(SEEDS)
@settings(max_examples=30, deadline=None)
def test_win_sets_by_definition(seed):
    problem = random_problem(np.random.default_rng(seed))
    table, failed, owners = by_definition(problem)
    found = win_set.win_sets(problem)
    actors = range(len(problem.actors))

    def accepted(*who):
        return [
            p
            for p, rows in zip(table, failed, strict=True)
            if not any(owners[row] in who for row in rows)
        ]

    for a, b in itertools.product(actors, actors):
        assert found.both_accept[a, b] == len(accepted(a, b))
    assert found.accepts == {name: len(accepted(i)) for i, name in enumerate(problem.actors)}
    zone = accepted(*actors)
    assert found.all_accept == len(zone) == len(funnel(problem).survivors)
    for j, issue in enumerate(problem.issues):
        for o, option in enumerate(problem.options[j]):
            held = sum(problem.chosen(p.index)[j] == o for p in zone)
            assert found.open_options[issue][option] == held
    for line, cost in enumerate(found.red_lines):
        alone = [p for p, rows in zip(table, failed, strict=True) if rows == {line}]
        assert cost.stops == sum(line in rows for rows in failed)
        assert cost.stops_alone == len(alone)
        if alone and zone:
            for i in problem.parties:
                rise = max(p.values[i] for p in alone) - max(p.values[i] for p in zone)
                assert cost.gain[problem.actors[i]] == pytest.approx(max(rise, 0.0))
        for j, issue in enumerate(problem.issues):
            new = {problem.chosen(p.index)[j] for p in alone}
            new -= {problem.chosen(p.index)[j] for p in zone}
            names = tuple(problem.options[j][o] for o in sorted(new))
            assert cost.opens.get(issue, ()) == names
    if zone:
        given_deal = zone[0].index
        again = win_set.win_sets(problem, given_deal)
        chosen = problem.chosen(given_deal)
        in_zone = {p.index for p in zone}
        for j, issue in enumerate(problem.issues):
            names = [
                problem.options[j][o]
                for o in range(int(problem.n_options[j]))
                if problem.number([*chosen[:j], o, *chosen[j + 1 :]]) in in_zone
            ]
            assert again.alone_open[issue] == tuple(names)


@given(SEEDS, st.integers(1, 3))
@settings(max_examples=30, deadline=None)
def test_answers_do_not_depend_on_chunks_threads_or_slots(seed, threads):
    problem = random_problem(np.random.default_rng(seed), grid=False)
    whole = solver.obstacles(problem, threads=1).to_dict()
    sets = win_set.win_sets(problem, threads=1).to_dict()
    before = row_tally.CHUNK, row_tally.SLOTS, win_set.CHUNK
    try:
        row_tally.CHUNK, row_tally.SLOTS, win_set.CHUNK = 3, 1, 3
        assert solver.obstacles(problem, threads=threads).to_dict() == whole
        assert win_set.win_sets(problem, threads=threads).to_dict() == sets
    finally:
        row_tally.CHUNK, row_tally.SLOTS, win_set.CHUNK = before


def test_more_gates_than_bits_and_more_packages_than_can_be_seen_are_said():
    def problem(n_lines, n_issues=2):
        return PackageProblem(
            actors=("a", "b"),
            issues=tuple(f"i{j}" for j in range(n_issues)),
            options=(("x", "y"),) * n_issues,
            n_options=np.full(n_issues, 2),
            contribution=np.zeros((n_issues, 2, 2)),
            constant=np.zeros(2),
            reservation=np.ones(2),
            red_lines=np.ones((n_lines, n_issues), dtype=np.uint64),
            red_line_owner=np.zeros(n_lines, dtype=int),
            red_line_labels=tuple(f"line {n}" for n in range(n_lines)),
        )

    with pytest.raises(ProblemError, match="61 and twice 2 actors are 65 gates"):
        win_set.win_sets(problem(61))
    for blocked in (problem(60), problem(61), problem(1, 40)):
        assert solver.obstacles(blocked).status is ObstacleStatus.BLOCKED
    with pytest.raises(ProblemError, match="too many to enumerate"):
        win_set.win_sets(problem(1, 40))


def test_a_deal_outside_the_zone_has_no_options_of_its_own():
    problem = random_problem(np.random.default_rng(5))
    outside = set(range(problem.n_packages)) - set(funnel(problem).survivors.tolist())
    if outside:
        with pytest.raises(ProblemError, match="is not in the zone"):
            win_set.win_sets(problem, min(outside))
    assert TOLERANCE == 1e-9
