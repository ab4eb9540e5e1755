"""Strikes as a choice in a small scenario: what each chooses, what restraint and a truce change."""

from typing import Any

import numpy as np
import pytest

from one_cause import scenario
from servanda import workbench
from servanda.brief.strikes_words import strikes_sentences
from servanda.charts.names import Names
from servanda.results.strikes import StrikesAnswer
from servanda.scenario.model import Scenario
from servanda.simulation.policies import histories_problem, policies_in, setting_of
from servanda.solvers.histories import simulate_histories


def campaign(own: float = 0.05, other: float = 0.3, tires: float = 0.3, **more: Any) -> Any:
    """Of both sides: what it costs them, what it costs who is struck, how much it tires."""
    return {
        striker: {
            "name": f"Strikes of the {striker}",
            "levels": [0, 0.5, 1, 1.5],
            "costs": {striker: own, struck: other},
            "exhaustion": {struck: tires},
            **more,
        }
        for striker, struck in (("north", "south"), ("south", "north"))
    }


def at_war(strikes: Any, **more: Any) -> Scenario:
    """Nobody makes an offer, so the war goes on."""
    return scenario({"talks": {"offers": {"north": 0}}, "strikes": strikes} | more)


def told(found: StrikesAnswer | None, built: Scenario) -> str:
    assert found is not None
    return " ".join(strikes_sentences(found, Names(built)))


def test_both_strike_though_both_would_rather_that_neither_did() -> None:
    built = at_war(campaign())
    found = workbench.talks(built).strikes
    assert found is not None
    for side, rest in ((0, found.alone_a), (1, found.alone_b)):
        assert found.sides[side].now == 1.5
        assert np.nanmin(found.sides[side].by_month) == pytest.approx(1.5)
        assert found.gains(found.both)[side] > 0.1
        assert found.gains(rest)[side] < -0.1
    assert "the prisoner's dilemma" in told(found, built)


def test_what_costs_more_than_it_brings_is_left() -> None:
    built = at_war(campaign(own=0.6, tires=0.01))
    found = workbench.talks(built).strikes
    assert found is not None
    assert [side.now for side in found.sides] == [0.0, 0.0]
    assert found.gains(found.both) == pytest.approx((0.0, 0.0), abs=1e-9)
    assert "More would not pay" in told(found, built)


def test_the_reason_given_for_an_intensity_is_the_one_chosen_by() -> None:
    for strikes in (campaign(), campaign(own=0.4, tires=0.05), campaign(own=0.2, tires=0.02)):
        found = workbench.talks(at_war(strikes)).strikes
        assert found is not None
        for side in found.sides:
            best = max(one.worth for one in side.levels)
            chosen = next(one for one in side.levels if one.level == side.now)
            assert chosen.worth == pytest.approx(best, abs=1e-12)
            assert sum(one.share for one in side.levels) == pytest.approx(1.0)


def test_strikes_change_no_answer_but_those_of_the_talks_and_what_follows() -> None:
    with_, without = (
        workbench.deals(scenario({"strikes": strikes}), draws=20) for strikes in (campaign(), {})
    )
    told = [found.to_dict() | {"origin": None} for found in (with_, without)]
    assert told[0] == told[1]


def test_a_campaign_whose_only_choice_is_as_now_in_effect_changes_nothing() -> None:
    """Striking costs and tires nobody: talks are what they are without the section."""
    idle = campaign(own=0.0, other=0.0, tires=0.0)
    with_, without = workbench.talks(at_war(idle)), workbench.talks(at_war({}))
    assert without.strikes is None
    assert np.array_equal(with_.solution.fighting, without.solution.fighting)
    assert np.array_equal(with_.solution.values, without.solution.values, equal_nan=True)


def test_a_truce_in_force_leaves_nothing_to_choose() -> None:
    truce = {"name": "Truce on depots", "level": 1, "costs": {"north": -0.3, "south": -0.3}}
    stopped = {"stopped-by": "truce"}
    built = at_war(campaign(**stopped), instruments={"truce": truce})
    found = workbench.talks(built)
    without = workbench.talks(at_war({}, instruments={"truce": truce}))
    assert "Truce on depots is in force" in told(found.strikes, built)
    assert np.array_equal(found.solution.values, without.solution.values, equal_nan=True)


def test_neither_striking_is_asked_among_the_causes() -> None:
    found = workbench.talks(at_war(campaign()))
    assert [one.cause for one in found.without][-1] == "strikes"
    assert "strikes" not in {one.cause for one in workbench.talks(at_war({})).without}


def test_threats_can_change_what_strikes_do() -> None:
    """South's campaign tires north only while the threat is carried out."""
    strikes = campaign(own=0.1)
    strikes["south"]["exhaustion"]["north"] = 0.0
    pressed = {
        "actors.patron": {"name": "Patron", "role": "mediator", "signs": False, "discount": 0.05},
        "issues.peace.weight.patron": 1.0,
        "issues.peace.options.none.value.patron": 50,
        "issues.peace.options.treaty.value": {"north": 47, "south": 47, "patron": 50},
        "war.costs.patron": 0,
        "war.imposed.north.patron": 50,
        "war.imposed.south.patron": 50,
        "pressure": {
            "arms": {
                "by": "patron",
                "on": "north",
                "changes": {"strikes.south.exhaustion.north": 0.5},
                "lapses": 6,
            }
        },
    }
    found = workbench.talks(at_war(strikes, **pressed)).strikes
    assert found is not None
    assert np.array_equal(found.sides[1].by_month, [1.5] * 6 + [0.0] * 54)


def test_histories_strike_as_the_talks_of_their_policies_do() -> None:
    found = workbench.simulate(at_war(campaign()), histories=200, policies=2, years=2)
    assert [one.actor for one in found.strikes] == ["north", "south"]
    assert [one.mean for one in found.strikes] == [1.5, 1.5]
    table = found.tables()["by-month"]
    assert np.nanmean(table["strikes_north"]) == 1.5
    assert len(table["strikes_north"]) == 25


def test_a_truce_in_a_history_stops_what_its_instrument_stops() -> None:
    """Of two campaigns the truce stops one."""
    strikes = campaign()
    strikes["north"]["stopped-by"] = "truce"
    pause = {
        "instruments": {"truce": {"name": "Truce", "level": 0, "costs": {"south": -0.3}}},
        "issues.truce": {
            "question": "Do strikes stop?",
            "track": "military",
            "weight": {"north": 0.0, "south": 0.0},
            "options": {
                "none": {"status-quo": True, "value": {"north": 50, "south": 50}},
                "mutual": {"value": {"north": 50, "south": 50}},
            },
        },
        "steps.pause": {"serves": ["truce.mutual"], "sets": {"truce": 1}},
    }
    built = at_war(strikes, **pause)
    setting = setting_of(built, [], 24)
    (policy,) = policies_in(setting, seed=1, first=0, count=1)
    assert policy.truces.stops.tolist() == [[True, False]]
    game = histories_problem(setting, policy, seed=1, number=0)
    walked = simulate_histories(game, 2_000, seed=1)
    north, south = walked.struck[0].sum(axis=(0, 2))
    assert (walked.truces > 0).any()
    assert north < south
