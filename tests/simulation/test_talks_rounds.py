"""Deadlines in the game, and talks of a scenario round by round."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

import servanda
from scenario_files import changed
from servanda import workbench
from servanda.files.yaml_tree import parse_yaml
from servanda.problems.from_scenario import translate
from servanda.scenario.build import build_scenario
from servanda.scenario.issues import RedLine
from servanda.scenario.months import first_month_after
from servanda.scenario.quantity import Quantity
from servanda.simulation.centre import look_at_centre
from servanda.simulation.talks_setting import lapsing
from servanda.simulation.talks_table import deals_on_table, talks_problem, talks_table
from servanda.solvers.talks_game import solve_talks

LAND = "two-step-territory-and-guarantee"
PRESSURE = {
    "by": "guarantor",
    "on": "revisionist",
    "changes": {"war.costs.revisionist.now": 30},
    "lapses": 18,
}


def built(raw):
    scenario, complaints = build_scenario(raw)
    assert complaints == []
    return scenario


def shipped(place):
    file = Path(servanda.__file__).parent / "library" / place / "scenario.yaml"
    return parse_yaml(file.read_text(encoding="utf-8"), place).value


def scenario_with(**talks):
    """Two steps, with talks and pressure."""
    more = {"pressure": {"ban": PRESSURE}, "talks": {"months": 24, **talks}}
    return built(shipped(f"literature/{LAND}") | more)


def table_of(scenario):
    translation = translate(scenario)
    centre = look_at_centre(scenario, translation, threads=1, progress=lambda *_: None)
    return talks_table(scenario, centre)


def test_a_deadline_closes_lapses_and_silences_from_the_first_offer_after_it() -> None:
    scenario = scenario_with(
        offers={"holder": 0.4, "revisionist": 0.3, "guarantor": 0.3},
        deadlines={
            "summer": {"day": "2006-06-30", "lapses": ["ban"], "silences": ["guarantor"]},
            "autumn": {"day": "2006-10-01", "closes": ["guarantee.treaty"]},
        },
    )
    table = table_of(scenario)
    assert lapsing(scenario) == {"ban": 6}
    assert table.offers[5].tolist() == [0.4, 0.3, 0.3]
    assert table.offers[6].tolist() == [0.4, 0.3, 0.0]
    there = deals_on_table(table)
    with_treaty = np.array([deal.options["guarantee"] == "treaty" for deal in table.deals])
    assert there[:10].all()  # the offer of month 9 is made on the last day
    assert (there[10:] == ~with_treaty).all()
    game = talks_problem(table)
    assert (game.open == there[:, np.newaxis]).all()
    undated = talks_problem(table_of(scenario_with()))
    assert game.month[6:] == pytest.approx(undated.month[18:19].repeat(18, axis=0), abs=0.3)
    assert (game.month[0] < game.month[6]).any()


def test_after_the_last_deadline_for_every_deal_nothing_is_signed() -> None:
    scenario = scenario_with(
        offers={"holder": 0.05},
        deadlines={"spring": {"day": "2006-03-15", "closes": ["guarantee.treaty"]}},
    )
    solution = solve_talks(talks_problem(table_of(scenario)))
    assert solution.agreement[:3].sum() > 0
    assert solution.agreement[3:].sum() == 0
    assert first_month_after(scenario.as_of, date(2006, 3, 15)) == 3


def test_cover_lasts_as_long_as_the_talks_and_makes_waiting_dearer_to_give_up() -> None:
    bare, covered = (
        talks_problem(table_of(scenario_with(**more))) for more in ({}, {"cover": {"holder": 12}})
    )
    gained = (covered.month - bare.month)[..., 0] / (1 - bare.discount[0])
    assert gained == pytest.approx(np.full_like(gained, 12))
    assert (covered.month - bare.month)[..., 1].any() == False  # noqa: E712
    assert covered.last.tolist() == bare.last.tolist()
    least = [solve_talks(one).refusal[0, 0, bare.start, 0] for one in (bare, covered)]
    assert least[1] >= least[0]


def test_rounds_teach_and_hold_together() -> None:
    found = workbench.talks_rounds(workbench.read("minsk-2015"), draws=12)
    again = workbench.talks_rounds(workbench.read("minsk-2015"), draws=12, threads=1)
    assert found.to_dict() == again.to_dict()
    months = [one.round.month for one in found.offers]
    assert months == list(range(len(months)))
    assert [one.round.signed for one in found.offers[:-1]] == [False] * (len(months) - 1)
    refused = [one for one in found.offers if one.refused_by]
    assert refused
    assert all(one.met[0].short == pytest.approx(max(one.round.short)) for one in refused)
    answers = [(one.round.month, met.actor) for one in found.offers for met in one.met]
    assert [(one.month, one.actor) for one in found.teaches.answers] == answers
    assert found.teaches.bits > 0
    assert sum(one.stake for one in found.ground) == pytest.approx(1.0)
    assert all(one.overlap_stake <= one.stake + 1e-12 for one in found.ground)


def test_the_parts_of_staying_add_up_for_every_actor() -> None:
    scenario = scenario_with(cover={"holder": 3, "guarantor": 2}, offers={"holder": 0.02})
    found = workbench.talks_rounds(scenario, draws=3)
    assert [one.actor for one in found.stay] == ["holder", "revisionist", "guarantor"]
    assert [one.threats for one in found.stay] == [(), ("ban",), ()]
    for one in found.stay:
        parts = sum(one.values.parts.values())
        assert parts == pytest.approx(one.values.gain, abs=1e-12, nan_ok=True)
    holder, revisionist, guarantor = (one.values.parts for one in found.stay)
    assert holder["pressure"][0] == holder["cover"][0] == 0.0
    assert revisionist["pressure"][0] > 0
    assert revisionist["pressure"][-1] == pytest.approx(0.0)  # it has lapsed by then
    assert holder["seen"][0] > 0
    assert revisionist["seen"][0] == 0
    assert guarantor["seen"][0] > 0


def test_a_red_line_is_put_to_the_test_by_an_offer_that_crosses_it() -> None:
    """Refusing makes it likelier that the line is a real one; signing rules that out."""
    scenario = workbench.read("minsk-2015")
    plain = workbench.talks_rounds(scenario, draws=40)
    refused = next(one for one in plain.offers if one.refused_by)
    deal = next(one for one in plain.deals if one.index == refused.package)
    crossed = next(
        f"{issue}.{option}"
        for issue, option in deal.options.items()
        if not scenario.issues[issue].options[option].status_quo
    )
    line = RedLine(
        by=refused.refused_by[0], says="not that", never=(crossed,), holds=Quantity(value=0.3)
    )
    lines = {**scenario.red_lines, "put-to-test": line}
    found = workbench.talks_rounds(scenario.model_copy(update={"red_lines": lines}), draws=40)
    (tested,) = [one for one in found.teaches.lines if one.red_line == "put-to-test"]
    assert 0.1 < tested.prior < 0.5
    if any(one.signed for one in found.teaches.answers):
        assert tested.posterior == 0.0
    else:
        assert tested.posterior > tested.prior


def test_the_template_has_rounds_too() -> None:
    scenario = built(changed({}))
    found = workbench.talks_rounds(scenario, draws=3)
    assert found.offers
    assert {one.actor for one in found.stay} == set(scenario.actors)
