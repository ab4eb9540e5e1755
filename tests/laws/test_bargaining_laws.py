"""Promises of the catalogue, tested as axioms over every solver that makes them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.errors import NotFoundError, ProblemError
from servanda.results.packages import SettlementStatus
from servanda.solvers.catalogue import BARGAINING_SOLUTIONS, CATALOGUE, find_solver
from servanda.solvers.nash import nash
from servanda.solvers.pareto import pareto_front
from servanda.solvers.solver_info import Promise

SOLUTIONS = [sheet for sheet in CATALOGUE if sheet.kind == "bargaining solution"]
SEEDS = st.integers(0, 2**32 - 1)


def solutions(promise=None):
    sheets = [sheet for sheet in SOLUTIONS if promise is None or promise in sheet.promises]
    return pytest.mark.parametrize("sheet", sheets, ids=lambda sheet: sheet.name)


def random_values(seed, *, parties=None, ties=True):
    """Values on a coarse grid, so that equal gains happen, and a disagreement point."""
    rng = np.random.default_rng(seed)
    n_actors = parties or int(rng.integers(1, 5))
    values = rng.integers(-4, 9, size=(int(rng.integers(1, 40)), n_actors)).astype(float)
    if not ties:
        values = values + rng.normal(0, 0.01, size=values.shape)
    return values, rng.integers(-3, 2, size=n_actors).astype(float), rng


@solutions(Promise.INDIVIDUALLY_RATIONAL)
@given(seed=SEEDS)
@settings(max_examples=50)
def test_nobody_gets_less_than_without_a_deal(sheet, seed):
    values, disagreement, _ = random_values(seed)
    answer = sheet.resolve()(values, disagreement)
    rational = (values >= disagreement).all(axis=1)
    if rational.any():
        assert answer.status is SettlementStatus.SETTLED
        assert rational[answer.index]
        assert (answer.gains >= 0).all()
    else:
        assert answer.status is SettlementStatus.NO_GAIN
        assert answer.index is None


@solutions(Promise.PARETO_EFFICIENT)
@given(seed=SEEDS, absent=st.booleans())
@settings(max_examples=50)
def test_the_answer_is_not_dominated(sheet, seed, absent):
    values, disagreement, _ = random_values(seed)
    if absent and len(disagreement) > 1:  # an actor that is not a party still counts here
        disagreement[0] = np.nan
    answer = sheet.resolve()(values, disagreement)
    if answer.index is not None:
        x = values[answer.index]
        assert not ((values >= x).all(axis=1) & (values > x).any(axis=1)).any()


@solutions(Promise.SYMMETRIC)
@given(seed=SEEDS)
@settings(max_examples=50)
def test_relabelling_parties_relabels_the_answer(sheet, seed):
    values, disagreement, rng = random_values(seed, ties=False)
    order = rng.permutation(len(disagreement))
    plain = sheet.resolve()(values, disagreement)
    relabelled = sheet.resolve()(values[:, order], disagreement[order])
    assert relabelled.index == plain.index


@solutions(Promise.SCALE_INVARIANT)
@given(seed=SEEDS, scale=st.floats(0.1, 10), shift=st.floats(-50, 50))
@settings(max_examples=50)
def test_a_partys_scale_does_not_move_the_answer(sheet, seed, scale, shift):
    values, disagreement, rng = random_values(seed, ties=False)
    party = rng.integers(len(disagreement))
    plain = sheet.resolve()(values, disagreement)
    values[:, party] = values[:, party] * scale + shift
    disagreement[party] = disagreement[party] * scale + shift
    assert sheet.resolve()(values, disagreement).index == plain.index


@solutions(Promise.TRANSLATION_INVARIANT)
@given(seed=SEEDS, shift=st.floats(-50, 50))
@settings(max_examples=50)
def test_a_partys_zero_does_not_move_the_answer(sheet, seed, shift):
    values, disagreement, rng = random_values(seed, ties=False)
    party = rng.integers(len(disagreement))
    plain = sheet.resolve()(values, disagreement)
    values[:, party] += shift
    disagreement[party] += shift
    assert sheet.resolve()(values, disagreement).index == plain.index


@solutions(Promise.INDEPENDENT)
@given(seed=SEEDS)
@settings(max_examples=50)
def test_packages_not_chosen_can_be_taken_away(sheet, seed):
    values, disagreement, rng = random_values(seed)
    answer = sheet.resolve()(values, disagreement)
    if answer.index is None:
        return
    kept = rng.random(len(values)) < 0.5
    kept[answer.index] = True
    fewer = sheet.resolve()(values[kept], disagreement)
    assert np.flatnonzero(kept)[fewer.index] == answer.index


@solutions(Promise.DETERMINISTIC)
@given(seed=SEEDS)
@settings(max_examples=20)
def test_same_question_same_answer_and_inputs_unchanged(sheet, seed):
    values, disagreement, _ = random_values(seed)
    before = values.copy(), disagreement.copy()
    first = sheet.resolve()(values, disagreement).to_dict()
    values.flags.writeable = disagreement.flags.writeable = False
    assert sheet.resolve()(values, disagreement).to_dict() == first
    np.testing.assert_array_equal(values, before[0])
    np.testing.assert_array_equal(disagreement, before[1])


@solutions()
@given(seed=SEEDS)
@settings(max_examples=30)
def test_symmetric_problems_have_an_equal_answer_when_one_exists(sheet, seed):
    """Two parties, a set that is its own mirror image, and equal gains on its frontier."""
    values, _, _ = random_values(seed, parties=2)
    mirrored = np.concatenate([values, values[:, ::-1], [[9.0, 9.0]]])
    assert sheet.resolve()(mirrored, [-5.0, -5.0]).values.tolist() == [9.0, 9.0]


@given(seed=SEEDS)
@settings(max_examples=50)
def test_solutions_of_a_funnel_need_only_the_frontier(seed):
    values, disagreement, _ = random_values(seed, ties=False)
    rational = values[(values >= disagreement).all(axis=1)]
    if not len(rational):
        return
    front = rational[pareto_front(rational).indices]
    for name in BARGAINING_SOLUTIONS:
        solver = find_solver(name).resolve()
        np.testing.assert_array_equal(
            solver(front, disagreement).values, solver(values, disagreement).values
        )


@given(seed=SEEDS)
@settings(max_examples=50)
def test_a_frontier_is_unmoved_by_scales_and_order(seed):
    values, _, rng = random_values(seed)
    front = pareto_front(values)
    scaled = values * rng.uniform(0.5, 2, size=values.shape[1]) + rng.normal(size=values.shape[1])
    np.testing.assert_array_equal(pareto_front(scaled).indices, front.indices)
    columns = rng.permutation(values.shape[1])
    np.testing.assert_array_equal(pareto_front(values[:, columns]).indices, front.indices)
    rows = rng.permutation(len(values))
    points = {tuple(values[n]) for n in front.indices}
    assert {tuple(values[rows][n]) for n in pareto_front(values[rows]).indices} == points


def test_two_losses_never_make_a_nash_gain():
    answer = nash([[-10.0, -10.0], [1.0, 1.0]], [0.0, 0.0])
    assert answer.index == 1
    assert nash([[-10.0, -10.0]], [0.0, 0.0]).status is SettlementStatus.NO_GAIN


def test_nash_weights_shift_the_answer_toward_the_heavier_party():
    values = [[8.0, 2.0], [5.0, 5.0], [2.0, 8.0]]
    assert nash(values, [0, 0]).index == 1
    assert nash(values, [0, 0], [5, 1]).index == 0
    assert nash(values, [0, 0], [0, 1]).index == 2


def test_when_somebody_cannot_gain_the_product_is_of_those_who_can():
    values = [[0.0, 3.0, 3.0], [0.0, 1.0, 9.0], [0.0, 2.0, 5.0]]
    answer = nash(values, [0.0, 0.0, 0.0])
    assert answer.index == 2
    assert answer.ties == 1


@pytest.mark.parametrize(
    ("values", "disagreement", "weights", "words"),
    [
        ([1.0, 2.0], [0.0, 0.0], None, "must be (packages, actors)"),
        ([[1.0, np.nan]], [0.0, 0.0], None, "values: must be finite"),
        ([[1.0, 2.0]], [0.0], None, "disagreement: shape (1,)"),
        ([[1.0, 2.0]], [0.0, np.inf], None, "must be finite, or NaN"),
        ([[1.0, 2.0]], [np.nan, np.nan], None, "at least one actor must be a party"),
        ([[1.0, 2.0]], [0.0, 0.0], [1.0, -1.0], "weights: must be finite, not negative"),
        ([[1.0, 2.0]], [0.0, 0.0], [1.0], "weights: shape (1,)"),
    ],
)
def test_what_is_no_bargaining_problem_is_said(values, disagreement, weights, words):
    with pytest.raises(ProblemError) as error:
        nash(values, disagreement, weights)
    assert words in str(error.value)


def test_every_sheet_names_a_solver_and_fills_every_field():
    assert len({sheet.name for sheet in CATALOGUE}) == len(CATALOGUE)
    for sheet in CATALOGUE:
        assert callable(sheet.resolve())
        assert sheet.question.endswith("?")
        assert sheet.needs
        assert sheet.promises
        assert sheet.source


def test_an_unknown_solver_is_told_the_nearest():
    with pytest.raises(NotFoundError, match="Did you mean 'kalai-smorodinsky'"):
        find_solver("kalai-smorodinski")
