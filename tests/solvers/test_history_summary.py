"""Summaries of histories against plain counting, and their intervals against known numbers."""

from statistics import median_low

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.errors import ProblemError
from servanda.problems.histories_game import histories_game
from servanda.problems.talks import talks_game
from servanda.results.histories import Outcome, Phase, gather_histories
from servanda.solvers import history_summary
from servanda.solvers.histories import retrace_history, simulate_histories
from servanda.solvers.history_summary import summarise_histories
from servanda.solvers.talks_game import solve_talks
from twins.test_histories_twin import random_histories

BROKEN_OFTEN = 6
"""A random problem in which many a plan is broken."""


def some_histories(seed, policies=3, count=400):
    problem = random_histories(np.random.default_rng(seed))
    return [simulate_histories(problem, count, seed=seed, policy=k) for k in range(policies)]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_curves_and_counts_are_plain_counts(seed):
    parts = some_histories(seed)
    found, rows = summarise_histories(parts), gather_histories(parts)
    N, H = rows.count, rows.horizon
    assert (found.histories, found.policies, found.horizon) == (N, 3, H)
    for month in range(H + 1):
        assert found.agreed.share[month] == pytest.approx(
            ((rows.agreed >= 0) & (rows.agreed < month)).mean()
        )
    for code in Outcome:
        assert found.outcomes.share[code] == pytest.approx((rows.outcome == code).mean())
    for deal, share in enumerate(found.deals.share):
        assert share == pytest.approx((rows.deal == deal).mean())
    assert found.value == pytest.approx([rows.value_a.mean(), rows.value_b.mean()], abs=1e-6)
    assert found.at_war.share[0] == 1.0
    assert (np.diff(found.at_war.share) <= 1e-12).all() or (rows.agreed >= 0).any()
    assert sum(one.share for one in found.endings) == pytest.approx(1)
    own = [(part.outcome == Outcome.KEPT).mean() for part in parts]
    assert found.outcomes.draws_low[Outcome.KEPT] == pytest.approx(np.quantile(own, 0.05))
    for bands in (found.at_war, found.agreed, found.in_peace, found.outcomes, found.deals):
        assert (bands.low <= bands.share + 1e-12).all()
        assert (bands.share <= bands.high + 1e-12).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_the_peace_kept_is_the_product_limit(seed):
    """Kaplan and Meier by their text: at each month, those who break among those still watched."""
    parts = some_histories(seed)
    found, rows = summarise_histories(parts).kept.share, gather_histories(parts)
    peaces = [
        (broken - since, True) if broken >= 0 else (rows.horizon - since, False)
        for since, broken in zip(rows.in_force.tolist(), rows.broken.tolist(), strict=True)
        if since >= 0
    ]
    stands = 1.0
    for month in range(rows.horizon + 1):
        if not any(lasted >= month for lasted, _ in peaces):
            assert found[month] == 0.0 if stands == 0.0 and peaces else np.isnan(found[month])
            continue
        assert found[month] == pytest.approx(stands)
        watched = sum(lasted > month or (lasted == month and broke) for lasted, broke in peaces)
        broke = sum(lasted == month and broke for lasted, broke in peaces)
        stands *= 1 - broke / max(watched, 1)


def test_a_policy_whose_peaces_were_all_broken_still_counts():
    """Of ten policies five keep for good and five break at once: the spread is all or nothing."""
    parts = [
        simulate_histories(broken_at(h), 200, seed=1, policy=k) for k, h in enumerate([0, 1] * 5)
    ]
    kept = summarise_histories(parts).kept
    last = np.flatnonzero(~np.isnan(kept.share))[-1]
    assert kept.share[last] == pytest.approx(0.5)
    assert (kept.draws_low[last], kept.draws_high[last]) == (0.0, 1.0)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_the_typical_history_is_nearest_the_medians_of_the_largest_class(seed):
    parts = some_histories(seed)
    found, rows = summarise_histories(parts), gather_histories(parts)
    kinds = {
        "kept_history": {Outcome.KEPT, Outcome.DIVIDED},
        "broken_history": {
            Outcome.BROKEN_BY_WAR,
            Outcome.BROKEN_AND_POCKETED,
            Outcome.STEP_FAILED,
        },
    }
    kinds["unsigned_history"] = set(Outcome) - set().union(*kinds.values())
    key = list(zip(rows.outcome, rows.deal, rows.by, rows.stage, rows.voted_down_by, strict=True))
    last = np.where(rows.ended >= 0, rows.ended, rows.completed)
    last = np.where(rows.broken >= 0, rows.broken, last)
    for name, outcomes in kinds.items():
        of_kind = [one for one in key if one[0] in outcomes]
        typical = getattr(found, name)
        if not of_kind:
            assert typical is None
            continue
        largest = min(set(of_kind), key=lambda one: (-of_kind.count(one), one))
        here = [k for k, one in enumerate(key) if one == largest]
        middle = [median_low(column[here].tolist()) for column in (rows.agreed, last)]
        nearest = min(
            here, key=lambda k: abs(rows.agreed[k] - middle[0]) + abs(last[k] - middle[1])
        )
        assert (typical.policy, typical.number) == (rows.policy[nearest], rows.number[nearest])
        assert (typical.agreed, typical.last) == (rows.agreed[nearest], last[nearest])
        assert typical.ending.share == pytest.approx(len(here) / rows.count)


def test_a_typical_history_can_be_walked_again_alone():
    problem = random_histories(np.random.default_rng(BROKEN_OFTEN), horizon=12)
    among = simulate_histories(problem, 500, seed=3, policy=4)
    typical = summarise_histories([among]).broken_history
    path = retrace_history(problem, seed=3, policy=typical.policy, number=typical.number)
    assert path.row == among.row(typical.number)
    assert path.row["broken"] == typical.last
    stands = np.isin(path.phases, [Phase.IMPLEMENTING, Phase.PEACE])
    begins = path.row["in_force"]
    assert stands[begins + 1 : typical.last + 1].all()
    assert not stands[typical.last + 1 :].any()
    assert path.line[path.row["agreed"]] == path.row["line_at_signing"]
    assert (path.line[begins + 1 :] == -1).all()


def broken_at(hazard, horizon=60):
    talks = talks_game(months=1, recognised=[1, 0, 0], deals=[[1, 1]], discount=0.99)
    return histories_game(talks, solve_talks(talks), horizon=horizon, hazard=[hazard, 0])


def test_a_single_policys_interval_is_wilsons():
    """10 of 100: 5.5 % to 17.4 % (Newcombe 1998, Statistics in Medicine 17, method 3)."""
    low, high = history_summary._wilson(0.1, 100)
    assert (low, high) == (pytest.approx(0.0552, abs=5e-5), pytest.approx(0.1744, abs=5e-5))
    draws = simulate_histories(broken_at(0.02), 500, seed=1)
    found = summarise_histories([draws])
    kept = found.outcomes.at(Outcome.KEPT)
    assert (kept["low"], kept["high"]) == history_summary._wilson(kept["share"], 500)
    assert kept["due_to_draws"] is None


def test_ignorance_and_chance_are_told_apart():
    """Policies that differ for sure leave nothing to chance; policies alike leave all to it."""
    sure = [
        simulate_histories(broken_at(h), 200, seed=1, policy=k) for k, h in enumerate([0, 1] * 5)
    ]
    kept = summarise_histories(sure).outcomes.at(Outcome.KEPT)
    assert kept["share"] == 0.5
    assert kept["due_to_draws"] == pytest.approx(1.0)
    assert (kept["draws_low"], kept["draws_high"]) == (0.0, 1.0)
    assert kept["high"] - kept["low"] > 0.4  # ten policies say as much as ten coins
    alike = [simulate_histories(broken_at(0.02), 400, seed=1, policy=k) for k in range(40)]
    kept = summarise_histories(alike).outcomes.at(Outcome.KEPT)
    assert kept["due_to_draws"] < 0.01
    assert kept["high"] - kept["low"] < 0.03


def test_the_interval_holds_the_truth_as_often_as_it_says():
    """Policies drawn afresh each time: the mean over policies is inside in about 95 of 100."""
    rng = np.random.default_rng(2)
    inside = 0
    for trial in range(60):
        hazards = rng.choice([0.01, 0.15], 30)
        parts = [
            simulate_histories(broken_at(h, 12), 40, seed=trial, policy=k)
            for k, h in enumerate(hazards)
        ]
        kept = summarise_histories(parts).outcomes.at(Outcome.KEPT)
        truth = np.mean([(1 - h) ** 12 for h in (0.01, 0.15)])
        inside += kept["low"] <= truth <= kept["high"]
    assert 52 <= inside <= 60


def test_years_stop_at_the_horizon():
    found = summarise_histories([simulate_histories(broken_at(0.01), 4000, seed=1)])
    assert found.years == (1, 2, 5)
    for year in found.years:
        assert found.kept_for(year)["share"] == pytest.approx(0.99 ** (12 * year), abs=0.03)
        assert found.peace_at(year) == found.in_peace.at(12 * year)
    plain = found.to_dict()
    assert plain["kept_for"][5]["share"] == found.kept_for(5)["share"]
    assert plain["endings"][0]["outcome"] in {"kept", "broken_and_pocketed"}


def test_counts_are_put_together_when_there_are_many(monkeypatch):
    parts = some_histories(11, policies=5)
    whole = summarise_histories(parts).to_dict()
    monkeypatch.setattr(history_summary, "MOST_ALIKE", 3)
    assert summarise_histories(parts).to_dict() == whole


def test_nothing_to_summarise_and_unlike_lots_are_said():
    with pytest.raises(ProblemError, match="histories: none to summarise"):
        summarise_histories([])
    with pytest.raises(ProblemError, match="histories: none to summarise"):
        summarise_histories([simulate_histories(broken_at(0.1), 0, seed=1)])
    with pytest.raises(ProblemError, match="lots differ in their horizon"):
        summarise_histories([*some_histories(1, 1), *some_histories(3, 1)])


def test_phases_are_shares():
    found = summarise_histories(some_histories(4))
    assert found.phases.shape[1] == len(Phase)
    assert found.phases.sum(axis=1) == pytest.approx(1)
