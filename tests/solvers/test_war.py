"""Single wars whose answer can be said beforehand, and what a war at its edges does."""

import json
from dataclasses import replace
from math import inf

import numpy as np
import pytest

from servanda.errors import ProblemError
from servanda.problems.war import costly_lottery, gamblers_ruin, plain_outbreak, plain_settings
from servanda.solvers.bargaining_range import bargaining_range
from servanda.solvers.war_outlook import war_outlook
from servanda.solvers.war_value import war_values

IMPOSED = [[[0.0, 100.0], [80.0, 20.0]]]  # when a gives way, when b does


def war(size=(3,), discount=0.9, **given):
    return plain_settings(size, actors=2, discount=[[discount, discount]], imposed=IMPOSED, **given)


def value(settings, start, **given):
    return war_values(settings, plain_outbreak(settings, start, **given), tolerance=1e-12)[0][0]


def rate(probability):
    return [probability, 0.0, 1.0]


def test_without_an_end_it_is_the_flow_of_the_line():
    stuck = war(tempo=[[0.0]], flow=[[10, 20]], cost=[[[1, 0, 5], [3, 0, 5]]], land=_land(3))
    assert value(stuck, [2]) == pytest.approx([10 + 2 - 1, 20 - 2 - 3])


def test_a_side_that_must_give_way_does_so_after_one_month_of_war():
    settings = war(tempo=[[0.0]], flow=[[10, 20]], exhaustion=[[rate(0), rate(1)]])
    assert value(settings, [1]) == pytest.approx([0.1 * 10 + 0.9 * 80, 0.1 * 20 + 0.9 * 20])


def test_a_fair_coin_decides_when_both_give_way():
    settings = war(tempo=[[0.0]], exhaustion=[[rate(1), rate(1)]])
    assert value(settings, [1]) == pytest.approx([0.9 * 40, 0.9 * 60])
    outlook = war_outlook(settings, plain_outbreak(settings, [1]))
    assert outlook.ultimate_gives_way == pytest.approx([0.5, 0.5])


def test_a_fair_coin_decides_when_both_are_beaten_on_different_fronts():
    settings = war(
        (1, 1),
        tempo=[[1, 1]],
        initiative=[1.0],
        decisiveness=[0.0],  # every attack succeeds with ½
        absorbing=[[False, True], [False, True]],
    )
    assert war_outlook(settings, plain_outbreak(settings, [0, 0])).gives_way[1] == pytest.approx(
        [0, 0.75]
    )
    settings = replace(settings, initiative=[0.5], absorbing=[[True, False], [False, True]])
    # Front 0 falls with ¼ (a beaten), front 1 with ¼ (b beaten), both with 1/16: half of it each.
    assert war_outlook(settings, plain_outbreak(settings, [1, 0])).gives_way[1] == pytest.approx(
        [3 / 16 + 1 / 32] * 2
    )


@pytest.mark.parametrize(("start", "expected"), [(0, [0, 100]), (3, [80, 20])])
def test_a_war_that_starts_on_an_absorbing_end_is_over(start, expected):
    settings = war(absorbing=[[True, True]], flow=[[7, 7]])
    assert value(settings, [start]) == pytest.approx(expected)
    assert war_outlook(settings, plain_outbreak(settings, [start])).expected_months == 0


def test_at_an_end_that_does_not_absorb_nothing_is_left_to_take():
    settings = war(initiative=[1.0], land=_land(3))
    assert value(settings, [3]) == pytest.approx([3, -3])


def test_freezing_keeps_the_line_after_the_months_engagements_and_ends_costs():
    settings = war(
        initiative=[1.0],
        decisiveness=[0.0],
        land=_land(3),
        cost=[[[4, 0, 4], [4, 0, 4]]],
        freeze=[rate(1)],
    )
    month, later = 0.1 * (1 - 4), 0.9 * 1.5  # the line moves up with ½ before it freezes
    assert value(settings, [1])[0] == pytest.approx(month + later)


def test_unfortified_parcels_give_the_defender_nothing():
    settings = war(initiative=[1.0], defence=np.full((1, 1, 3, 2), 3.0), land=_land(3))
    strong, weak = np.ones((1, 1, 3), bool), np.zeros((1, 1, 3), bool)
    moved = [
        war_outlook(settings, plain_outbreak(settings, [1], fortified=walls)).line[0, 1, 2]
        for walls in (strong, weak)
    ]
    assert moved == pytest.approx([1 / 4, 1 / 2])


def test_a_parcel_is_defended_by_whoever_holds_it():
    defence = np.ones((1, 1, 3, 2))
    defence[0, 0, 1] = [3.0, 7.0]  # the middle parcel: for a, for b
    settings = war(defence=defence)
    line = war_outlook(settings, plain_outbreak(settings, [1]), months=1).line[0, 1]
    assert line == pytest.approx([1 / 4, 1 - 1 / 4 - 1 / 16, 1 / 16, 0])
    line = war_outlook(settings, plain_outbreak(settings, [2]), months=1).line[0, 1]
    assert line == pytest.approx([0, 1 / 8, 1 - 1 / 8 - 1 / 4, 1 / 4])


def test_endless_quiet_rearms_fully_and_forgets_the_war():
    settings = war(
        initiative=[1.0],
        rearm_gain=[[1.0, 0.0]],
        rearm_decay=[0.5],
        exhaustion=[[[0.3, 0.01, 1.0], rate(0)]],
        war_months=[20.0],
    )
    outbreak = plain_outbreak(settings, [1], quiet=[inf])
    outlook = war_outlook(settings, outbreak, months=3)
    assert outlook.gives_way[1, 0] == pytest.approx(0.3 - 0.01 * 20)
    assert outlook.gives_way[2, 0] == pytest.approx(0.1 + 0.9 * 0.11)
    assert outlook.line[0, 1, 2] == pytest.approx(2 / 3)
    rearmed = 1 + np.exp(-0.5)
    chance = rearmed / (1 + rearmed)
    assert outlook.line[0, 2, 3] == pytest.approx(2 / 3 * chance)
    assert np.isfinite(outlook.value).all()


def test_rates_stop_drifting_at_the_horizon():
    drifting = war(tempo=[[0.0]], cost=[[[0, 1, 1000], [0, 0, 0]]])
    outbreak = plain_outbreak(drifting, [1])
    values, _ = war_values(drifting, outbreak, tolerance=1e-13, horizon=4)
    expected = -(0.9 * 0.1 * (1 + 2 * 0.9 + 3 * 0.81) + 4 * 0.9**4)
    assert values[0, 0] == pytest.approx(expected)


def test_an_actor_who_does_not_discount_has_chances_but_no_value():
    settings = war(exhaustion=[[rate(0.01), rate(0)]])
    settings = replace(settings, discount=[[1.0, 0.9]])
    values, bound = war_values(settings, plain_outbreak(settings, [1]))
    assert np.isnan(values[0, 0])
    assert np.isfinite(values[0, 1])
    assert bound[0] <= 1e-6
    assert war_outlook(settings, plain_outbreak(settings, [1])).ultimate_gives_way[0] == (
        pytest.approx(1)
    )


def test_a_war_nothing_can_end_is_said_to_last_for_ever():
    settings = war()
    outlook = war_outlook(settings, plain_outbreak(settings, [1]), months=2)
    assert outlook.expected_months == inf
    assert outlook.ultimate_bound == pytest.approx(1)
    plain = outlook.to_dict()
    assert plain["expected_months"] is None
    json.dumps(plain)


def test_a_war_without_fronts_is_one_of_endurance():
    settings = plain_settings([], actors=2, discount=[[0.9, 0.9]], imposed=IMPOSED)
    settings = replace(settings, exhaustion=[[rate(0), rate(0.5)]])
    expected = 0.9 * 0.5 / (1 - 0.9 * 0.5)
    assert value(settings, []) == pytest.approx([80 * expected, 20 * expected])


def test_no_outbreaks_no_values():
    settings, outbreak = gamblers_ruin([0.5], 1)
    none = replace(outbreak, **{name: array[:0] for name, array in vars(outbreak).items()})
    values, bound = war_values(settings, none)
    assert values.shape == (0, 2)
    assert bound.shape == (0,)


@pytest.mark.parametrize("win", [0.0, 0.3, 0.5, 0.8, 1.0])
def test_costly_lottery(win):
    values, bound = war_values(*costly_lottery(win, (0.1, 0.25)))
    assert values[0] == pytest.approx([win - 0.1, 1 - win - 0.25])
    assert bound[0] == 0


def test_a_range_with_no_room_says_what_is_missing():
    found = bargaining_range([0.55, 0.4, 0.2], [0.5, 0.6, 0.9], 1.0)
    assert found.exists.tolist() == [False, True, False]
    assert found.width == pytest.approx([-0.05, 0.0, -0.1])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"discount": [[1.1, 0.9]]}, r"discount\[0, 0\] is 1.1; it must be in \(0, 1\]"),
        ({"tempo": [[1.2]]}, r"tempo\[0, 0\] is 1.2; it must be in \[0, 1\]"),
        ({"tempo": [0.5]}, r"tempo has shape \(1,\); expected \(1, 1\)"),
        ({"defence": np.full((1, 1, 3, 2), 0.5)}, "defence.* is 0.5; it must be >= 1"),
        ({"flow": [[np.nan, 0]]}, "flow.* is nan; it must be finite"),
        ({"exposure": np.full((1, 1, 4, 2), 2.0)}, "exposure"),
        ({"size": [4]}, r"size\[0\] is 4; it must be from 1 to 3"),
        ({"size": [2.5]}, "size holds float64; expected int64"),
        ({"rearm_gain": [[-1.0, 0]]}, "rearm_gain.* > -1"),
        ({"memory": [0.0]}, "memory.* > 0"),
        ({"freeze": [[0.1, 0, -1]]}, "the cap of freeze.* >= 0"),
    ],
)
def test_settings_that_describe_no_war_are_refused_in_words(change, words):
    with pytest.raises(ProblemError, match=words):
        replace(war(), **change)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"start": [[4]]}, r"start\[0, 0\] is 4; it must be within its front's size"),
        ({"setting": [1]}, r"setting\[0\] is 1; it must be below 1"),
        ({"strength": [[1, 0]]}, r"strength\[0, 1\] is 0.0; it must be > 0"),
        ({"quiet": [-1]}, "quiet.* >= 0"),
        (
            {name: np.ones((1, 3)) for name in ("cost_factor", "cost_extra", "flow_extra")},
            "differ in",
        ),
    ],
)
def test_outbreaks_that_do_not_fit_are_refused_in_words(change, words):
    settings = war()
    with pytest.raises(ProblemError, match=words):
        war_values(settings, replace(plain_outbreak(settings, [1]), **change))


def test_an_outlook_follows_one_war():
    settings, outbreak = gamblers_ruin([0.5], 1)
    two = replace(
        outbreak, **{name: np.repeat(array, 2, axis=0) for name, array in vars(outbreak).items()}
    )
    with pytest.raises(ProblemError, match="one war in one setting, not 2 wars in 1"):
        war_outlook(settings, two)


def _land(size):
    """Each parcel is worth a point to the side that holds it, and costs the other one."""
    held = np.arange(size + 1.0)
    return np.stack([held, -held], axis=-1)[None, None]
