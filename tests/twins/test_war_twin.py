"""The compiled war against its definition: recursion, linear solve, joint chain, simulation."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.solvers.war_outlook import war_outlook
from servanda.solvers.war_value import war_values
from twins.war_by_definition import (
    beaten,
    joint_chain,
    one_war,
    random_war,
    simulate,
    solve_exactly,
    start_of,
    value_by_recursion,
)

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS, st.integers(0, 9))
@settings(max_examples=40)
def test_values_equal_the_recursion_on_the_joint_chain(seed, horizon):
    war, outbreaks = random_war(np.random.default_rng(seed))
    values, _ = war_values(war, outbreaks, tolerance=1e-13, horizon=horizon)
    r = seed % 2
    slow = value_by_recursion(war, outbreaks, r, months=280, horizon=horizon)
    assert values[r] == pytest.approx(slow, abs=1e-9)


@given(SEEDS)
@settings(max_examples=60)
def test_without_drift_everything_equals_the_linear_solve(seed):
    rng = np.random.default_rng(seed)
    war, outbreaks = random_war(rng, drifts=False)
    war = replace(war, discount=rng.uniform(0.9, 0.9999, war.discount.shape))
    outbreaks = one_war(outbreaks, 0)
    if any(beaten(war, start_of(war, outbreaks, 0))):
        return
    value, months, lost, frozen = solve_exactly(war, outbreaks, 0)
    if months > 1e6:
        return
    values, bound = war_values(war, outbreaks, tolerance=1e-12)
    assert values[0] == pytest.approx(value, abs=1e-8)
    assert bound[0] <= 1e-12
    outlook = war_outlook(war, outbreaks, months=3)
    reached = outlook.ultimate_bound + 1e-10
    assert outlook.ultimate_gives_way == pytest.approx(lost, abs=reached)
    assert outlook.ultimate_frozen == pytest.approx(frozen, abs=reached)
    missing = months - outlook.expected_months
    assert -1e-7 * months <= missing <= outlook.expected_months_bound + 1e-7 * months


@given(SEEDS, st.integers(0, 9))
@settings(max_examples=40)
def test_product_formula_equals_the_joint_chain_month_by_month(seed, horizon):
    war, outbreaks = random_war(np.random.default_rng(seed))
    outbreaks = one_war(outbreaks, 0)
    months = 12
    outlook = war_outlook(war, outbreaks, months=months, horizon=horizon)
    rows = joint_chain(war, outbreaks, 0, months, horizon)
    for t, (on, lost, frozen, line, line_ever) in enumerate(rows):
        assert outlook.fighting[t] == pytest.approx(on, abs=1e-12)
        assert outlook.gives_way[t] == pytest.approx(lost, abs=1e-12)
        assert outlook.frozen[t] == pytest.approx(frozen, abs=1e-12)
        assert outlook.line_unconditional[:, t] == pytest.approx(line_ever, abs=1e-12)
        if on > 1e-9:
            assert outlook.line[:, t] * on == pytest.approx(line, abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_mean_of_a_simulation(seed):
    war, outbreaks = random_war(np.random.default_rng(seed + 20), fronts=2, haste=0.03)
    paths, horizon = 20_000, 9
    values, _ = war_values(war, outbreaks, horizon=horizon)
    outlook = war_outlook(war, one_war(outbreaks, 1), months=249, horizon=horizon)
    rng = np.random.default_rng(seed)
    paid, fought = simulate(war, outbreaks, 1, paths, 250, horizon, rng)
    error = paid.std(axis=0) / np.sqrt(paths)
    assert np.all(np.abs(paid.mean(axis=0) - values[1]) <= 4 * error + 1e-5)
    error = fought.std() / np.sqrt(paths)
    assert abs(np.mean(fought) - outlook.fighting.sum()) <= 4 * error + 1e-5
