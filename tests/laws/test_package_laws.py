"""What must hold of every funnel, and what a package problem refuses."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.errors import ProblemError
from servanda.problems.packages import (
    ANY_OPTION,
    PackageDraws,
    PackageProblem,
    never_without,
    pattern,
)
from servanda.results.packages import FunnelStatus, Implementable
from servanda.solvers import funnel as solver
from servanda.solvers.funnel_draws import candidate_gates, funnel_over_draws
from twins.packages_by_definition import matches, random_problem

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS)
@settings(max_examples=40)
def test_relabelling_actors_permutes_the_answer(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    order = rng.permutation(len(problem.actors))
    place = np.argsort(order)
    relabelled = replace(
        problem,
        actors=tuple(problem.actors[i] for i in order),
        contribution=problem.contribution[:, :, order],
        constant=problem.constant[order],
        reservation=problem.reservation[order],
        link_values=problem.link_values[:, order],
        red_line_owner=place[problem.red_line_owner],
        audience_actor=place[problem.audience_actor],
        failure_cost=problem.failure_cost[order],
        audience_cost=problem.audience_cost[:, :, order],
        discount=problem.discount[order],
    )
    plain, other = solver.funnel(problem), solver.funnel(relabelled)
    assert other.survivors.tolist() == plain.survivors.tolist()
    assert [gate.remaining for gate in other.gates] == [gate.remaining for gate in plain.gates]
    assert {d.index for d in other.efficient} == {d.index for d in plain.efficient}
    alone = {row.actor: row.killed_alone for row in plain.rationality}
    assert {row.actor: row.killed_alone for row in other.rationality} == alone


@given(SEEDS, st.sampled_from([0.25, 4.0]), st.integers(-20, 20))
@settings(max_examples=40)
def test_one_actors_scale_leaves_feasibility_and_frontier(seed, scale, shift):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    i = int(rng.integers(len(problem.actors)))
    changed = {name: getattr(problem, name).copy() for name in SCALED}
    for array in changed.values():
        array[..., i] *= scale
    changed["constant"][i] += shift
    changed["reservation"][i] += shift
    plain, other = solver.funnel(problem), solver.funnel(replace(problem, **changed))
    assert other.survivors.tolist() == plain.survivors.tolist()
    assert {d.index for d in other.efficient} == {d.index for d in plain.efficient}
    if plain.efficient and len(problem.parties):
        before = solver.settle(problem, plain)
        after = solver.settle(replace(problem, **changed), other)
        for name in ("nash", "kalai-smorodinsky"):
            chosen = plain.efficient[before[name].index]
            moved = other.efficient[after[name].index]
            if before[name].ties == 1:
                assert moved.index == chosen.index


SCALED = (
    "contribution",
    "constant",
    "reservation",
    "link_values",
    "failure_cost",
    "audience_cost",
)


@given(SEEDS)
@settings(max_examples=40)
def test_a_gate_lifted_never_loses_a_package(seed):
    problem = random_problem(np.random.default_rng(seed))
    plain = set(solver.funnel(problem).survivors.tolist())
    no_lines = replace(
        problem,
        red_lines=np.zeros((0, len(problem.issues)), dtype=np.uint64),
        red_line_owner=np.zeros(0, dtype=int),
        red_line_labels=(),
    )
    lifted = solver.funnel(no_lines)
    assert plain <= set(lifted.survivors.tolist())
    # what only red lines stop is what lifting all of them opens
    alone = solver.funnel(problem).gates[0].killed_alone
    assert len(lifted.survivors) - len(plain) == alone
    for actor, row in enumerate(solver.funnel(problem).rationality):
        reservation = problem.reservation.copy()
        reservation[actor] = np.nan
        freed = solver.funnel(replace(problem, reservation=reservation))
        assert plain <= set(freed.survivors.tolist())
        assert len(freed.survivors) - len(plain) >= row.killed_alone


@given(SEEDS, st.floats(0, 5))
@settings(max_examples=30)
def test_a_better_outside_option_never_opens_a_package(seed, more):
    problem = random_problem(np.random.default_rng(seed))
    raised = replace(problem, reservation=problem.reservation + more)
    assert set(solver.funnel(raised).survivors.tolist()) <= set(
        solver.funnel(problem).survivors.tolist()
    )


@given(SEEDS)
@settings(max_examples=30)
def test_numbers_names_and_options_agree(seed):
    problem = random_problem(np.random.default_rng(seed))
    for package in range(problem.n_packages):
        chosen = problem.chosen(package)
        assert problem.number(chosen) == package
        names = [problem.options[j][o] for j, o in enumerate(chosen)]
        assert list(problem.named(package).values()) == names


@given(SEEDS)
@settings(max_examples=20)
def test_results_are_plain_and_inputs_stay(seed):
    problem = random_problem(np.random.default_rng(seed))
    before = {k: np.array(v, copy=True) for k, v in vars(problem).items() if k not in NAMES}
    found = solver.funnel(problem, lambda _n, _o: Implementable(1.0, problem.constant + 99), 3)
    json.dumps(found.to_dict(), allow_nan=False)
    draws = PackageDraws(problem)
    json.dumps(funnel_over_draws(draws).to_dict(), allow_nan=False)
    json.dumps(candidate_gates(draws, [0]).to_dict(), allow_nan=False)
    for name, array in before.items():
        np.testing.assert_array_equal(getattr(problem, name), array)
        assert not getattr(problem, name).flags.writeable


NAMES = {"actors", "issues", "options", "red_line_labels", "audiences"}


def small(**changed):
    given_ = {
        "actors": ("a", "b"),
        "issues": ("land", "guarantee"),
        "options": (("line", "cede"), ("none", "treaty")),
        "n_options": np.array([2, 2]),
        "contribution": np.array([[[0.0, 0.0], [-4.0, 6.0]], [[0.0, 0.0], [5.0, -3.0]]]),
        "constant": np.array([0.0, 0.0]),
        "reservation": np.array([0.0, 0.0]),
    }
    return PackageProblem(**{**given_, **changed})


def test_never_one_without_the_other():
    row = never_without(2, option=(0, 1), without=(1, 1))
    matched = [k for k in [(0, 0), (0, 1), (1, 0), (1, 1)] if matches(row, k)]
    assert matched == [(1, 0)]
    assert (pattern(2, {}) == ANY_OPTION).all()


def test_more_than_64_patterns_are_all_seen():
    lines = np.tile(pattern(2, {0: [1], 1: [0]}), (70, 1))
    lines[69] = pattern(2, {0: [0], 1: [1]})
    found = solver.funnel(
        small(
            reservation=np.full(2, np.nan),
            red_lines=lines,
            red_line_owner=np.zeros(70, dtype=int),
            red_line_labels=tuple(map(str, range(70))),
        )
    )
    assert found.survivors.tolist() == [0, 3]
    assert [row.killed_first for row in found.red_lines] == [1] + [0] * 68 + [1]
    assert [row.killed_alone for row in found.red_lines] == [0] * 69 + [1]


def test_what_is_kept_must_also_be_worth_signing_at_the_start():
    """Gate 4: a margin alone is not enough when the way there costs more than no deal."""
    problem = small()
    poor = solver.funnel(problem, lambda _n, _o: Implementable(5.0, np.array([-1.0, 1.0])))
    assert poor.status is FunnelStatus.NONE_KEPT
    assert poor.nearest_kept.margin == 5.0
    nothing = solver.funnel(problem, lambda _n, _o: Implementable(float("nan"), np.zeros(2)))
    assert nothing.status is FunnelStatus.NONE_KEPT
    kept = solver.funnel(problem, lambda _n, _o: Implementable(0.0, np.zeros(2)))
    assert kept.status is FunnelStatus.FOUND
    assert [deal.options for deal in kept.efficient] == [{"land": "cede", "guarantee": "treaty"}]


def test_a_gate_that_is_a_step_of_the_plan_is_not_applied_here():
    audience = {
        "audiences": ("public",),
        "support_constant": np.array([-5.0]),
        "threshold": np.array([0.5]),
        "noise": np.array([0.05]),
        "audience_actor": np.array([0]),
        "failure_cost": np.array([10.0, 0.0]),
    }
    before = solver.funnel(small(**audience))
    assert before.status is FunnelStatus.NONE_ACCEPTABLE
    assert before.ratification[0].killed_alone == 2
    later = solver.funnel(small(**audience, gates_before=np.array([False])))
    assert later.survivors.tolist() == [0, 3]
    assert later.efficient[0].pass_probability == {}
    assert later.efficient[0].support["public"] < 0.01


def test_a_space_too_large_to_enumerate_is_an_answer():
    issues = tuple(f"issue-{j}" for j in range(60))
    problem = PackageProblem(
        actors=("a",),
        issues=issues,
        options=(("x", "y"),) * 60,
        n_options=np.full(60, 2),
        contribution=np.zeros((60, 2, 1)),
        constant=np.zeros(1),
        reservation=np.zeros(1),
    )
    found = solver.funnel(problem)
    assert found.status is FunnelStatus.TOO_MANY
    assert found.space == 2**60
    json.dumps(found.to_dict(), allow_nan=False)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"n_options": np.array([2, 65])}, "n_options: each must be 1 to 64"),
        ({"n_options": np.array([2, 3])}, "options: one name per option"),
        ({"constant": np.zeros(3)}, "constant: shape (3,); must be (2,)"),
        ({"constant": np.array([0.0, np.nan])}, "constant: must be finite"),
        ({"reservation": np.array([0.0, np.inf])}, "reservation: must be finite, or NaN"),
        ({"red_lines": pattern(2, {0: [1]})[None]}, "red_line_owner: shape (0,); must be (1,)"),
        (
            {
                "red_lines": pattern(2, {0: [1]})[None],
                "red_line_owner": np.array([7]),
                "red_line_labels": ("x",),
            },
            "red_line_owner: must be the index of an actor, 0 to 1",
        ),
        ({"audience_cost": np.ones((2, 2, 2))}, "discount: needed where audience costs"),
        ({"discount": np.array([1.0, 1.5])}, "discount: must be in (0, 1]"),
        ({"failure_cost": np.array([-1.0, 0.0])}, "failure_cost: must not be negative"),
        ({"contribution": np.zeros((2, 2))}, "contribution: shape (2, 2); must be (2, 2, 2)"),
        ({"support_constant": np.zeros(1)}, "audiences: 0 names for 1 gates"),
    ],
)
def test_what_is_no_package_problem_is_said(changed, words):
    with pytest.raises(ProblemError) as error:
        small(**changed)
    assert words in str(error.value)


def test_all_complaints_come_at_once():
    with pytest.raises(ProblemError) as error:
        small(constant=np.zeros(3), discount=np.array([0.0, 1.0]))
    assert "constant" in str(error.value)
    assert "discount" in str(error.value)


def test_draws_must_agree():
    with pytest.raises(ProblemError, match="must agree"):
        PackageDraws(small(), constant=np.zeros((3, 2)), reservation=np.zeros((2, 2)))
    with pytest.raises(ProblemError, match="must be the same in all draws"):
        PackageDraws(small(), reservation=np.full((2, 2), np.nan))
