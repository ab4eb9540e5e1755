"""Histories of small scenarios: what is known beforehand, and that seeds alone decide."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from one_cause import SPOILT, scenario
from servanda import workbench
from servanda.errors import ProblemError
from servanda.results.histories_answer import HistoriesAnswer
from servanda.scenario.model import Scenario
from servanda.simulation import policy_chunks
from servanda.simulation.candidates import find_candidates
from servanda.simulation.policies import histories_problem, policies_in, setting_of
from servanda.simulation.policy_chunks import packed, policy_chunk, specification, unpacked
from servanda.simulation.progress import quiet
from servanda.solvers.histories import simulate_histories
from servanda.solvers.talks_game import solve_talks

PATRON: dict[str, Any] = {
    "actors.patron": {
        "name": "Patron",
        "role": "mediator",
        "signs": False,
        "discount": "5%/year",
    },
    "issues.peace.weight.patron": 1.0,
    "issues.peace.options.none.value.patron": 50,
    "issues.peace.options.treaty.value": {"north": 47, "south": 47, "patron": 50},
    "war.costs.patron": 0,
    "war.imposed.north.patron": 50,
    "war.imposed.south.patron": 50,
}
SQUEEZE: dict[str, Any] = PATRON | {
    "pressure": {
        f"on-{side}": {
            "by": "patron",
            "on": side,
            "changes": {f"war.costs.{side}.now": 80},
            "lapses": 12,
        }
        for side in ("north", "south")
    }
}


def simulated(changes: dict[str, Any] | None = None, **asked: Any) -> HistoriesAnswer:
    return workbench.simulate(
        scenario(changes), **{"histories": 400, "policies": 2, "years": 2, **asked}
    )


def test_a_deal_that_nobody_would_break_is_signed_at_once_and_kept() -> None:
    found = simulated()
    summary = found.summary
    assert summary.agreed.share[1] == 1.0
    assert summary.in_peace.share[24] == 1.0
    assert found.deals[found.signed[0]] == {"peace": "treaty"}
    assert found.breaks == ()
    (story,) = found.stories
    assert [(event.month, event.what) for event in story.events] == [
        (0, "signed"),
        (1, "done"),
        (1, "completed"),
        (24, "horizon"),
    ]
    assert story.months_of_war == 1  # until the ceasefire, which is the only step


def test_what_is_signed_is_worth_what_histories_make_of_it() -> None:
    """The worth of the deal to the two sides is the mean worth of its histories."""
    risky = {
        "war.rearmament": {"north": {"gain": 0.9, "months": 6}},
        "issues.peace.options.treaty.value": {"north": 52, "south": 52},
    }
    built = scenario(risky)
    setting = _setting(built, 240)
    (policy,) = policies_in(setting, seed=1, first=0, count=1)
    found = simulated(risky, histories=200_000, policies=1, years=20)
    assert found.breaks  # some are broken, so that something is at stake
    expected = policy.talks.deals[policy.talks.start, found.signed[0]]
    assert found.summary.value == pytest.approx(expected, abs=0.2)


def test_a_deal_that_crosses_a_red_line_is_never_signed() -> None:
    found = simulated(SPOILT["red-lines:north"], histories=4_000, policies=1)
    assert found.signed == []
    assert found.summary.in_peace.share.max() == 0.0
    setting = _setting(scenario(SPOILT["red-lines:north"]), 24)
    (policy,) = policies_in(setting, seed=1, first=0, count=1)
    exact = solve_talks(policy.talks).fighting
    error = 4.0 * np.sqrt(exact * (1.0 - exact) / 4_000) + 1e-9
    assert (np.abs(found.summary.at_war.share - exact) <= error).all()


def test_pressure_brings_a_signature_that_fails_when_it_lapses() -> None:
    without = simulated(PATRON, policies=1, years=3)
    pressed = simulated(SQUEEZE, policies=1, years=3)
    assert without.signed == []
    assert pressed.summary.agreed.share[1] == 1.0
    assert pressed.summary.in_peace.share[36] < 0.25
    assert {one.actor for one in pressed.breaks} == {"north", "south"}
    assert all(one.war for one in pressed.breaks)
    assert sum(one.share for one in pressed.breaks) == pytest.approx(
        1.0 - pressed.summary.in_peace.share[36]
    )


def test_a_gate_votes_deals_down_as_often_as_it_says() -> None:
    gate = {
        "audiences": {"assembly": {"name": "Assembly", "of": "north", "noise": 0.1, "baseline": 0}}
    }
    found = simulated(gate, histories=4_000, policies=1)
    down = sum(one.share for one in found.summary.endings if one.voted_down_by == 0)
    assert down == pytest.approx(0.5, abs=0.04)
    assert found.gates == ("assembly",)


def test_a_partial_agreement_comes_and_goes_at_the_rates_of_those_who_err() -> None:
    truce = {
        **SPOILT["red-lines:north"],
        "instruments.lull": {"name": "Lull", "level": 0, "costs": {"north": -0.5, "south": -0.5}},
        "issues.energy": {
            "question": "Are plants spared?",
            "track": "economic",
            "weight": {"north": 0.0, "south": 0.0},
            "options": {
                "no": {"status-quo": True, "value": {"north": 0, "south": 0}},
                "yes": {"value": {"north": 0, "south": 0}},
            },
        },
        "steps.spare": {
            "by": ["north", "south"],
            "serves": ["energy.yes"],
            "sets": {"lull": 1},
            "months": 0,
        },
    }
    setting = setting_of(scenario(truce), [], 24)
    (policy,) = policies_in(setting, seed=1, first=0, count=1)
    assert policy.answers == ({"energy": "yes"},)
    ends = policy.truces.breaks[0, 0]
    assert (ends > 0.0).all()
    assert (ends < 0.025).all()  # both gain: less often than on a coin
    assert policy.truces.starts[0, 0] == pytest.approx(0.05 * np.prod(1.0 - ends / 0.05))
    assert (policy.truces.month > 0.0).all()
    walked = simulate_histories(histories_problem(setting, policy, seed=1, number=0), 2_000, seed=1)
    assert 0.2 < (walked.truces > 0).mean() < 0.4


def test_seeds_alone_decide(tmp_path: Path) -> None:
    asked: dict[str, Any] = {"histories": 3_000, "policies": 6, "years": 1}
    one = simulated(SQUEEZE, threads=1, **asked).to_dict()
    assert simulated(SQUEEZE, threads=2, run=tmp_path / "run", **asked).to_dict() == one
    assert simulated(SQUEEZE, seed=2, **asked).to_dict() != one
    assert simulated(SQUEEZE, on="local:2", **asked).to_dict() == one


def test_policies_do_not_depend_on_what_is_computed_beside_them() -> None:
    built = scenario(SQUEEZE)
    given = specification(built, _candidates(built), seed=1, months=12)
    together = policy_chunk(given, 0, 5)
    alone = policy_chunk(given, 3, 1)
    assert np.array_equal(together["3"], alone["3"])
    policy = unpacked(alone["3"])
    assert np.array_equal(packed(policy), alone["3"])


def test_a_run_keeps_policies_for_other_histories(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "run"
    simulated(SQUEEZE, run=folder)
    fresh = simulated(SQUEEZE, histories=900, seed=9)
    monkeypatch.setattr(policy_chunks, "policies_in", None)  # nothing can be computed any more
    again = simulated(SQUEEZE, histories=900, seed=9, run=folder)
    assert again.to_dict() == fresh.to_dict()
    assert {"summary.json", "by-month.csv", "deals.csv", "breaks.csv"} <= {
        path.name for path in folder.iterdir()
    }


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {"years": 0, "seed": 1.5, "policy_seed": -2},
            "years: 0, wanted a whole number, at least 1; seed: 1.5, wanted a whole number from 0 "
            "to 2^64 - 1; policy_seed: -2, wanted a whole number from 0 to 2^64 - 1",
        ),
        (
            {"histories": 30.5, "policies": "4"},
            "policies: '4', wanted a whole number, at least 1; histories: 30.5, wanted a whole "
            "number, at least 1",
        ),
        ({"histories": 1}, "histories: 1, wanted at least one for each of the 2 policies"),
    ],
)
def test_numbers_that_are_none_are_said_together(
    asked: dict[str, Any], said: str, tmp_path: Path
) -> None:
    with pytest.raises(ProblemError) as raised:
        simulated(run=tmp_path / "run", **asked)
    assert str(raised.value) == said
    assert list(tmp_path.iterdir()) == []


def test_a_front_that_stands_still_and_certain_beliefs_are_no_fault() -> None:
    found = simulated(
        {"fronts.line.tempo": 0, "war.costs.north": 6} | SPOILT["red-lines:north"],
        histories=100,
    )
    assert found.signed == []
    assert (found.summary.line == found.start).all()


def _setting(built: Scenario, months: int) -> Any:
    return setting_of(built, _candidates(built), months)


def _candidates(built: Scenario) -> Any:
    return find_candidates(built, seed=1, draws=1, threads=1, progress=quiet)
