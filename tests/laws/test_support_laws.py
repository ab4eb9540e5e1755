"""What must hold of every support fit."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from servanda.errors import ProblemError
from servanda.problems.ratification import SupportProblem
from servanda.results.ratification import SupportStatus
from servanda.solvers.support import draw_support, fit_support
from twins.test_support_twin import random_support

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS, st.floats(1.1, 20))
@settings(max_examples=40)
def test_more_answers_move_the_fit_toward_a_poll(seed, factor):
    rng = np.random.default_rng(seed)
    problem = random_support(rng)
    poll = int(rng.integers(len(problem.polls)))
    sample = problem.sample.copy()
    sample[poll] *= factor
    before = fit_support(problem).residuals[poll]
    after = fit_support(replace(problem, sample=sample)).residuals[poll]
    assert abs(after.residual) <= abs(before.residual) + 1e-7
    assert after.residual * before.residual >= -1e-12


@given(SEEDS)
@settings(max_examples=40)
def test_support_is_monotone_in_rank_in_the_fit_and_in_every_draw(seed):
    rng = np.random.default_rng(seed)
    problem = random_support(rng)
    fit = fit_support(problem)
    size = 1 + len(fit.options) + len(fit.interactions)
    drawn = draw_support(fit, rng.normal(size=(50, size)))
    for effects in (fit.effects[None], drawn[:, 1 : 1 + len(fit.options)]):
        for option, (above, sign) in enumerate(zip(fit.parent, fit.direction, strict=True)):
            parent = effects[:, above] if above >= 0 else 0.0
            assert (sign * (effects[:, option] - parent) >= -1e-12).all()


@given(SEEDS)
@settings(max_examples=20)
def test_a_tight_spread_gives_the_parents_effect(seed):
    problem = random_support(np.random.default_rng(seed))
    spread = problem.spread.copy()
    spread[-1] = 1e-5
    fit = fit_support(replace(problem, spread=spread, unpolled_spread=0.0))
    above = fit.parent[-1]
    assert fit.effects[-1] == pytest.approx(fit.effects[above] if above >= 0 else 0.0, abs=1e-4)


@given(SEEDS)
@settings(max_examples=20)
def test_an_option_never_polled_sits_at_its_parent_with_the_spread_stated(seed):
    problem = random_support(np.random.default_rng(seed))
    design = problem.design.copy()
    design[:, -1] = 0
    problem = replace(problem, design=design, unpolled_spread=2.0)
    fit = fit_support(problem)
    assert fit.never_polled[-1]
    assert fit.steps[-1] == pytest.approx(0.0, abs=1e-12)
    place = len(fit.options)
    assert fit.step_covariance[place, place] == pytest.approx(4.0)


@given(SEEDS)
@settings(max_examples=20)
def test_the_order_of_polls_does_not_matter(seed):
    rng = np.random.default_rng(seed)
    problem = random_support(rng)
    order = rng.permutation(len(problem.polls))
    shuffled = replace(
        problem,
        polls=tuple(problem.polls[n] for n in order),
        **{
            name: getattr(problem, name)[order]
            for name in (
                "design",
                "accept",
                "reject",
                "sample",
                "interaction_design",
                "design_effect",
            )
        },
    )
    np.testing.assert_allclose(
        fit_support(shuffled).effects, fit_support(problem).effects, atol=1e-8
    )


def test_wider_noise_leaves_a_wider_spread():
    problem = random_support(np.random.default_rng(3))
    sure = fit_support(replace(problem, between_polls=0.0))
    unsure = fit_support(replace(problem, between_polls=0.5))
    crowded = fit_support(replace(problem, design_effect=problem.design_effect * 2))
    assert (unsure.standard_deviation >= sure.standard_deviation - 1e-9).all()
    assert (crowded.standard_deviation >= sure.standard_deviation - 0.05).all()


def test_draws_have_the_mean_and_spread_of_the_fit():
    problem = random_support(np.random.default_rng(5))
    free = replace(
        problem,
        direction=np.zeros(len(problem.options), dtype=int),
        interaction_direction=np.zeros(1, dtype=int),
    )
    fit = fit_support(free)
    normals = np.random.default_rng(1).normal(size=(20_000, 2 + len(fit.options)))
    drawn = draw_support(fit, normals)
    centre = np.concatenate([[fit.constant], fit.effects, fit.interaction_values])
    np.testing.assert_allclose(drawn.mean(axis=0), centre, atol=0.05)
    np.testing.assert_allclose(np.cov(drawn.T), fit.covariance, atol=0.08)


def test_without_polls_the_answer_is_what_was_believed_before():
    problem = SupportProblem(
        audience="congress",
        options=("treaty",),
        parent=np.array([-1]),
        spread=np.array([0.5]),
        polls=(),
        design=np.zeros((0, 1)),
        accept=np.zeros(0),
        reject=np.zeros(0),
        sample=np.zeros(0),
    )
    fit = fit_support(problem)
    assert fit.status is SupportStatus.NO_POLLS
    assert (fit.constant, fit.effects.tolist()) == (0.0, [0.0])
    assert expit(fit.constant) == 0.5
    np.testing.assert_allclose(fit.standard_deviation, [3.0, 1.5])
    assert fit.to_dict()["status"] == "no-polls"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"accept": np.array([0.7]), "reject": np.array([0.6])}, "must sum to more than 0"),
        ({"parent": np.array([0])}, "descends from itself"),
        ({"parent": np.array([3])}, "index of an option"),
        ({"spread": np.array([0.0])}, "spread: must be positive"),
        ({"direction": np.array([2])}, "direction: must be -1, 0 or 1"),
        ({"design": np.array([[1.0, 0.0]])}, "design: shape (1, 2); must be (1, 1)"),
        ({"design_effect": np.array([0.5])}, "design_effect: must be at least 1"),
        ({"sample": np.array([np.nan])}, "sample: must be finite"),
        ({"between_polls": -1.0}, "between_polls: must be finite and not negative"),
    ],
)
def test_what_is_no_support_problem_is_said(changed, words):
    given_ = {
        "audience": "public",
        "options": ("cede",),
        "parent": np.array([-1]),
        "spread": np.array([1.0]),
        "polls": ("one",),
        "design": np.array([[1.0]]),
        "accept": np.array([0.4]),
        "reject": np.array([0.5]),
        "sample": np.array([1000.0]),
    }
    with pytest.raises(ProblemError) as error:
        SupportProblem(**{**given_, **changed})
    assert words in str(error.value)
