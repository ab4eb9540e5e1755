"""Histories: what is wrong with a problem is said at once, and odd problems are no errors."""

from dataclasses import replace

import numpy as np
import pytest

from servanda.errors import ProblemError
from servanda.kernels import history_arrays as arrays
from servanda.problems.histories_game import histories_game
from servanda.problems.talks import talks_game
from servanda.results.history_codes import Outcome, Phase
from servanda.solvers.histories import simulate_histories, simulate_policies
from servanda.solvers.talks_game import solve_talks

TALKS = talks_game(months=4, positions=3, start=1, tempo=0.5, discount=0.99, deals=[[6, 4], [4, 6]])
SOLUTION = solve_talks(TALKS)


def game(**given):
    return histories_game(TALKS, SOLUTION, **given)


def complaint(**given):
    with pytest.raises(ProblemError) as found:
        game(**given)
    return str(found.value)


def test_names_are_those_of_the_numbers_that_the_kernel_writes():
    assert len(Outcome) == arrays.N_OUTCOMES
    assert len(Phase) == arrays.N_PHASES
    for one in Outcome:
        name = {"DIVIDED": "SUM_DIVIDED"}.get(one.name, one.name)
        assert getattr(arrays, name) == one
    names = ("AT_WAR", "IN_TRUCE", "VOTING", "IMPLEMENTING", "PEACE")
    names += ("ALL_FROZEN", "AT_WAR_AGAIN", "DECIDED")
    for one, name in zip(Phase, names, strict=True):
        assert getattr(arrays, name) == one
        assert one.name in name


@pytest.mark.parametrize("horizon", [0, -3, 2401, 1.5, "ten", True, None])
def test_a_horizon_is_a_whole_number_of_months(horizon):
    assert complaint(horizon=horizon).startswith(f"horizon: {horizon}, wanted a whole number")


def test_every_fault_is_said_at_once():
    said = complaint(
        horizon=0,
        passes=1.5,
        gates=1,
        hazard=[0.7, 0.7],
        step_fails=-0.1,
        flow=np.nan,
        ratify_months=-1,
        plan_of=3,
        war_after=0,
        truces=2,
        truce_starts=0.6,
        truce_breaks=[0.9, 0.9],
        truce_tempo=2,
        lasts=False,
    )
    for part in (
        "horizon: 0",
        "plans.passes: wanted from 0 to 1",
        "plans.hazard: probabilities sum to 1.4, above 1",
        "plans.step_fails: wanted from 0 to 1",
        "plans.flow: wanted finite numbers",
        "plans.ratify_months: -1, wanted at least 0",
        "plan_of: 3, wanted at most 0",
        "plans.war_after: 0, wanted at most -1",
        "truces.starts: probabilities sum to 1.2, above 1",
        "truces.breaks: probabilities sum to 1.8, above 1",
        "truces.tempo: wanted from 0 to 1",
        "plans.lasts: a month must pass",
    ):
        assert part in said


def test_shapes_are_said_with_what_is_wanted():
    assert complaint(hazard=[[0.1, 0.2, 0.3]], flow=np.zeros(3)) == (
        "hazard: shape (1, 3) does not broadcast to (1, 1, 2); "
        "flow: shape (3,) does not broadcast to (1, 1, 2)"
    )
    assert complaint(moments=0, rows=-1, gates=1.5) == (
        "rows: -1, wanted a whole number from 0; moments: 0, wanted a whole number from 1; "
        "gates: 1.5, wanted a whole number from 0"
    )
    with pytest.raises(ProblemError, match=r"chosen: shape \(4, 5, 3, 2\), wanted \(4, 5, 3, 3\)"):
        replace(game(), chosen=SOLUTION.chosen[..., :2])
    with pytest.raises(ProblemError, match=r"plan_of: wanted whole numbers"):
        replace(game(), plan_of=np.full((3, 2), -0.5))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"seed": 1.0}, "seed: 1.0, wanted a whole number from 0"),
        ({"seed": -1}, "seed: -1,"),
        ({"seed": 2**64}, "seed: 18446744073709551616,"),
        ({"seed": "7"}, "seed: '7',"),
        ({"seed": None}, "seed: None,"),
        ({"seed": 1, "count": -1}, "count: -1, wanted a whole number, not negative"),
        ({"seed": 1, "policy": 0.5}, "policy: 0.5, wanted a whole number, not negative"),
        ({"seed": 1, "first": True}, "first: True, wanted a whole number, not negative"),
    ],
)
def test_seeds_and_counts_are_whole_numbers(given, said):
    with pytest.raises(ProblemError) as found:
        simulate_histories(game(), **({"count": 1} | given))
    assert said in str(found.value)


def test_all_of_seed_and_counts_at_once():
    with pytest.raises(ProblemError) as found:
        simulate_policies(lambda _: game(), -1, -2, seed=-3)
    assert str(found.value) == (
        "policies: -1, wanted a whole number, not negative; histories: -2, wanted a whole number, "
        "not negative; seed: -3, wanted a whole number from 0 to 2^64 - 1"
    )
    with pytest.raises(ProblemError, match="policies: 0, wanted at least 1"):
        simulate_policies(lambda _: game(), 0, 5, seed=1)


def test_no_history_is_an_answer():
    found = simulate_histories(game(), 0, seed=1)
    assert found.count == 0
    assert found.phases.sum() == 0


def test_a_line_that_stands_still_and_certain_beliefs_are_no_fault():
    talks = talks_game(
        months=5, positions=4, start=2, tempo=0.0, mean=[1, 0, 0.5], weight=np.inf, discount=0.99
    )
    found = simulate_histories(histories_game(talks, solve_talks(talks)), 100, seed=1)
    assert (found.line_at_end == 2).all()
    assert found.line[0, :, 2].tolist() == [100] * 121


def test_arrays_are_not_copied_and_cannot_be_written():
    problem = game()
    assert np.shares_memory(problem.chosen, SOLUTION.chosen)
    assert np.shares_memory(problem.refusal, SOLUTION.refusal)
    with pytest.raises(ValueError, match="read-only"):
        problem.plans.hazard[0, 0, 0] = 1
    SOLUTION.chosen.flags.writeable = True  # the caller's own array stays as it was
