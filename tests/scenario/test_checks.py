"""Every rule that spans more than one field can fail, and says where and what."""

from dataclasses import dataclass

import pytest

from scenario_files import RAW, changed
from servanda.scenario.build import build_scenario
from servanda.scenario.checks import CHECKS
from servanda.scenario.evidence import ledger
from servanda.scenario.model import Scenario


@dataclass(frozen=True)
class Case:
    """A change to a good scenario, and the complaint that must come of it."""

    check: str
    changes: dict[str, object]
    path: str
    words: str


OPEN = {"name": "Public", "of": "holder", "noise": 0.05, "baseline": 0}
ASKED = {
    "name": "Public",
    "of": "holder",
    "noise": 0.05,
    "polls": {
        "one": {
            "asks": ["land.handed-over", "guarantee.treaty"],
            "accept": 30,
            "reject": 50,
            "sample": 1000,
            "date": "2025-12",
        }
    },
}
SHARES = {"land.handed-over": 0.5, "land.demilitarised": 1, "guarantee.treaty": 1}
STEPS = "steps.leave-belt"
CREDIBLE = "guarantees.treaty.credibility"
LATER = "2026-05-01"
TURN = {"name": "Turn", "of": "guarantor", "changes": {CREDIBLE: 0.1}}

STRUCK = {"name": "Strikes on bridges", "costs": {"rival": 0.2}}

TYPE = {"of": "holder", "name": "open to terms", "prior": 0.5}

CASES = [
    Case("_numbers_in_range", {CREDIBLE: 1.7}, CREDIBLE, "1.7 is outside [0, 1]"),
    Case("_numbers_in_range", {f"{CREDIBLE}.high": 1.7}, f"{CREDIBLE}.high", "1.7 is outside"),
    Case("_numbers_in_range", {f"{CREDIBLE}.high": None}, CREDIBLE, "low is given without high"),
    Case("_numbers_in_range", {f"{CREDIBLE}.low": None}, CREDIBLE, "high is given without low"),
    Case("_numbers_in_range", {f"{CREDIBLE}.low": 0.7}, f"{CREDIBLE}.low", "is not below high"),
    Case("_numbers_in_range", {f"{CREDIBLE}.value": 0.9}, f"{CREDIBLE}.value", "is not between"),
    Case(
        "_numbers_in_range", {f"{CREDIBLE}.believed.rival": -1}, f"{CREDIBLE}.believed.rival", "["
    ),
    Case(
        "_numbers_in_range",
        {f"{CREDIBLE}.believed.rival": {"value": 0.3, "believed": {"holder": 0.2}}},
        f"{CREDIBLE}.believed.rival.believed",
        "a belief about a belief",
    ),
    Case(
        "_numbers_in_range",
        {"parcels.belt.worth.holder": {"value": 1, "low": 0, "high": 2, "shape": "lognormal"}},
        "parcels.belt.worth.holder.low",
        "above 0, as lognormal needs",
    ),
    Case(
        "_numbers_in_range",
        {"parcels.belt.worth.holder": {"value": 1, "low": 0.5, "high": 2, "shape": "beta"}},
        "parcels.belt.worth.holder.shape",
        "strictly between 0 and 1",
    ),
    Case(
        "_numbers_in_range",
        {"parcels.belt.worth.holder": {"value": 1, "shape": "normal"}},
        "parcels.belt.worth.holder.shape",
        "needs low and high",
    ),
    Case("_numbers_in_range", {"war.costs.holder": -1}, "war.costs.holder.now", "-1 is below 0"),
    Case("_names_known", {f"{STEPS}.by": ["holdr"]}, f"{STEPS}.by.0", "no actor 'holdr'"),
    Case("_names_known", {f"{STEPS}.requires": ["x"]}, f"{STEPS}.requires.0", "no step 'x'"),
    Case("_names_known", {f"{STEPS}.moves.bellt": "rival"}, f"{STEPS}.moves.bellt", "no parcel"),
    Case("_names_known", {f"{STEPS}.moves.belt": "guarantor"}, f"{STEPS}.moves.belt", "no holder"),
    Case("_names_known", {f"{STEPS}.sets": {"aid": 1}}, f"{STEPS}.sets.aid", "no instrument 'aid'"),
    Case("_names_known", {f"{CREDIBLE}.sources": ["x"]}, f"{CREDIBLE}.sources.0", "no source 'x'"),
    Case(
        "_names_known",
        {"red-lines.guarantee-first.do": ["tag.territori"]},
        "red-lines.guarantee-first.do.0",
        "no step or tag 'tag.territori'",
    ),
    Case(
        "_names_known",
        {"red-lines.no-land-without-guarantee.never": ["land.handed-ovre"]},
        "red-lines.no-land-without-guarantee.never.0",
        "no option 'land.handed-ovre'",
    ),
    Case(
        "_names_known",
        {"orders.territory-first.first": ["land"]},
        "orders.territory-first.first.0",
        "no tag 'land'",
    ),
    Case(
        "_names_known",
        {"guarantees.treaty.protects": "guarantor"},
        "guarantees.treaty.protects",
        "no belligerent 'guarantor'",
    ),
    Case("_names_known", {"war.imposed.holder.nobody": 1}, "war.imposed.holder.nobody", "no actor"),
    Case(
        "_political_changes_may_come",
        {"politics.turn": {**TURN, "hazard": 0.01, "changes": {"guarantees.treaty.term": 3}}},
        "politics.turn.changes.guarantees.treaty.term",
        "no quantity",
    ),
    Case(
        "_political_changes_may_come",
        {"politics.turn": {**TURN, "hazard": 0.01, "changes": {"actors.holder.discount": 0.1}}},
        "politics.turn.changes.actors.holder.discount",
        "no quantity",
    ),
    Case(
        "_political_changes_may_come",
        {"politics.turn": {**TURN, "hazard": 0.01, "changes": {CREDIBLE: 3}}},
        f"politics.turn.changes.{CREDIBLE}",
        "3 is outside [0, 1]",
    ),
    Case("_political_changes_may_come", {"politics.turn": TURN}, "politics.turn", "never comes"),
    Case(
        "_political_changes_may_come",
        {"politics.turn": {**TURN, "month": 3}},
        "politics.turn",
        "month is given without chance",
    ),
    Case(
        "_political_changes_may_come",
        {"politics.turn": {**TURN, "chance": 0.3}},
        "politics.turn",
        "chance is given without month",
    ),
    Case(
        "_political_changes_may_come",
        {"politics": {f"turn-{n}": {**TURN, "hazard": 0.01} for n in range(5)}},
        "politics",
        "5 changes, each with or without the others; at most 4",
    ),
    Case(
        "votes_pass_one_way",
        {"audiences.public": {**OPEN, "step": "leave-belt"}, f"{STEPS}.passes": 0.5},
        f"{STEPS}.passes",
        "is the vote of 'public'",
    ),
    Case(
        "_changed_paths_known",
        {"pressure.aid": {"by": "guarantor", "on": "holder", "changes": {"war.cost.holder": 3}}},
        "pressure.aid.changes.war.cost.holder",
        "no quantity 'war.cost.holder'",
    ),
    Case(
        "_changed_paths_known",
        {"pressure.aid": {"by": "guarantor", "on": "holder", "changes": {CREDIBLE: 3}}},
        f"pressure.aid.changes.{CREDIBLE}",
        "3 is outside [0, 1]",
    ),
    Case("_sides", {"actors.guarantor.side": "a"}, "actors.guarantor.side", "only a belligerent"),
    Case("_sides", {"actors.rival.side": None}, "actors.rival.side", "names its side"),
    Case("_sides", {"actors.rival.side": "a"}, "actors", "no belligerent on side b"),
    Case("_sides", {"actors.rival.stands-with": "a"}, "actors.rival.stands-with", "its own side"),
    Case("_sides", {"actors.holder.signs": False, "actors.rival.signs": False}, "actors", "nobody"),
    Case(
        "war_speaks_for_both_sides",
        {
            "actors.ally": {"name": "Ally", "role": "belligerent", "side": "a", "discount": 0.05},
            "instruments.aid": {"name": "Aid", "level": 1, "strength": {"holder": 1, "ally": 1}},
        },
        "instruments.aid.strength",
        "one belligerent speaks for side a; found holder, ally",
    ),
    Case(
        "war_speaks_for_both_sides",
        {"war.costs.rival.cap": 0.1},
        "war.costs.rival.cap",
        "below what it caps",
    ),
    Case("war_speaks_for_both_sides", {"war.strength.rival": None}, "war.strength", "of side b"),
    Case("war_speaks_for_both_sides", {"war.imposed.holder": None}, "war.imposed", "of side a"),
    Case("war_speaks_for_both_sides", {"war.costs.rival.cap": None}, "war.costs.rival.cap", "cap"),
    Case(
        "strikes_hold_together",
        {
            "actors.ally": {"name": "Ally", "role": "belligerent", "side": "a", "discount": 0.05},
            "strikes": {"holder": STRUCK, "ally": STRUCK},
        },
        "strikes.ally",
        "side a has a campaign already, under 'holder'",
    ),
    Case(
        "strikes_hold_together",
        {"strikes": {"holder": STRUCK | {"levels": [0, 0.5]}}},
        "strikes.holder.levels",
        "holds 1, which is as now",
    ),
    Case(
        "strikes_hold_together",
        {"strikes": {"holder": STRUCK | {"levels": [1]}}},
        "strikes.holder.levels",
        "at least one other intensity",
    ),
    Case(
        "strikes_hold_together",
        {"strikes": {"holder": STRUCK | {"levels": [1, 0.5, 0]}}},
        "strikes.holder.levels",
        "rises from one intensity to the next",
    ),
    Case(
        "strikes_hold_together",
        {"strikes": {"holder": STRUCK | {"levels": [-1, 1]}}},
        "strikes.holder.levels",
        "from 0 to 100",
    ),
    Case(
        "strikes_hold_together",
        {
            "actors.ally": {"name": "Ally", "role": "belligerent", "side": "a", "discount": 0.05},
            "strikes": {"rival": {"name": "Strikes", "costs": {"ally": 0.1}}},
        },
        "strikes.rival.costs.ally",
        "the talks are between holder and rival",
    ),
    Case(
        "strikes_hold_together",
        {"war.costs.rival": None, "strikes": {"holder": STRUCK}},
        "strikes.holder.costs.rival",
        "costs 'rival' nothing",
    ),
    Case(
        "strikes_hold_together",
        {"strikes": {"holder": STRUCK | {"exhaustion": {"holder": 0.1}}}},
        "strikes.holder.exhaustion.holder",
        "tire the other side",
    ),
    Case(
        "strikes_hold_together",
        {
            "actors.ally": {"name": "Ally", "role": "belligerent", "side": "a", "discount": 0.05},
            "strikes": {"rival": STRUCK | {"exhaustion": {"ally": 0.1}}},
        },
        "strikes.rival.exhaustion.ally",
        "nothing says how soon 'ally' gives way",
    ),
    Case(
        "strikes_hold_together",
        {"strikes": {"holder": {"name": "Strikes", "costs": {}}}},
        "strikes.holder",
        "does nothing",
    ),
    Case(
        "strikes_hold_together",
        {
            "strikes": {
                "holder": {"name": "Strikes", "costs": {"rival": 0.7}},
                "rival": {"name": "Strikes", "costs": {"rival": 0.4}},
            }
        },
        "strikes.holder.costs.rival",
        "make 1.1 of what the war costs 'rival'",
    ),
    Case(
        "talks_hold_together",
        {"talks": {"offers": {"holder": 0.7, "rival": 0.5}}},
        "talks.offers",
        "at most 1",
    ),
    Case(
        "talks_hold_together",
        {
            "actors.ally": {"name": "Ally", "role": "belligerent", "side": "a", "discount": 0.05},
            "talks": {"offers": {"holder": 0.2, "ally": 0.2}},
        },
        "talks.offers",
        "one belligerent speaks for side a; found holder, ally",
    ),
    Case(
        "talks_hold_together",
        {
            "actors.one": {"name": "One", "role": "mediator", "discount": 0},
            "actors.two": {"name": "Two", "role": "mediator", "discount": 0},
            "talks": {"offers": {"one": 0.2, "two": 0.2}},
        },
        "talks.offers",
        "one third party mediates; found one, two",
    ),
    Case(
        "deadlines_hold_together",
        {"talks": {"deadlines": {"may": {"day": "2020-05-01", "silences": ["rival"]}}}},
        "talks.deadlines.may.day",
        "has passed",
    ),
    Case(
        "deadlines_hold_together",
        {"talks": {"deadlines": {"may": {"day": "2099-05-01", "silences": ["rival"]}}}},
        "talks.deadlines.may.day",
        "give talks more months",
    ),
    Case(
        "deadlines_hold_together",
        {"talks": {"deadlines": {"may": {"day": LATER}}}},
        "talks.deadlines.may",
        "changes nothing",
    ),
    Case(
        "deadlines_hold_together",
        {"talks": {"deadlines": {"may": {"day": LATER, "closes": ["land.line-as-it-is"]}}}},
        "talks.deadlines.may.closes.0",
        "cannot go off the table",
    ),
    Case(
        "deadlines_hold_together",
        {
            "pressure.aid": {
                "by": "guarantor",
                "on": "holder",
                "changes": {CREDIBLE: 0.1},
                "lapses": 1,
            },
            "talks": {"deadlines": {"may": {"day": LATER, "lapses": ["aid"]}}},
        },
        "talks.deadlines.may.lapses.0",
        "lapses by itself after 1 months",
    ),
    Case(
        "deadlines_hold_together",
        {"talks": {"deadlines": {"may": {"day": LATER, "silences": ["guarantor"]}}}},
        "talks.deadlines.may.silences.0",
        "makes no offers",
    ),
    Case(
        "_names_known",
        {"talks": {"deadlines": {"may": {"day": LATER, "lapses": ["aid"]}}}},
        "talks.deadlines.may.lapses.0",
        "no pressure 'aid'",
    ),
    Case(
        "_names_known",
        {"talks": {"cover": {"nobody": 1}}},
        "talks.cover.nobody",
        "no actor 'nobody'",
    ),
    Case(
        "fronts_are_lines",
        {"fronts.axis.parcels": ["plain", "belt"]},
        "fronts.axis.parcels.1",
        "stands behind a parcel of side b",
    ),
    Case(
        "fronts_are_lines",
        {"fronts.axis.parcels": ["belt", "belt"]},
        "fronts.axis.parcels.1",
        "already stands on front 'axis'",
    ),
    Case(
        "fronts_are_lines",
        {"parcels.plain.held-by": "demilitarised"},
        "fronts.axis.parcels.1",
        "nobody holds 'plain'",
    ),
    Case(
        "fronts_are_lines",
        {"parcels.plain.background": True},
        "fronts.axis.parcels.1",
        "marked background",
    ),
    Case(
        "parcels_reachable",
        {"parcels.hill": {"name": "Hill", "held-by": "rival"}},
        "parcels.hill",
        "no front and no step",
    ),
    Case(
        "parcels_reachable",
        {"parcels.belt.background": True},
        "parcels.belt.background",
        "a step moves it",
    ),
    Case(
        "one_issue_moves_a_parcel",
        {"steps.ratify-guarantee.moves": {"belt": "rival"}},
        "steps.ratify-guarantee.moves.belt",
        "issue 'land' moves already",
    ),
    Case(
        "_issues_have_one_status_quo",
        {"issues.land.options.line-as-it-is.status-quo": False},
        "issues.land.options",
        "found none",
    ),
    Case(
        "_weights_sum",
        {"issues.land.weight.holder": 0.4},
        "issues.land.weight.holder",
        "sum to 0.900",
    ),
    Case(
        "audiences_can_be_asked",
        {
            "audiences.public": {
                **OPEN,
                "effects": {
                    "land.handed-over": {"value": 0, "parent": "land.demilitarised"},
                    "land.demilitarised": {"value": 0, "parent": "land.handed-over"},
                },
            }
        },
        "audiences.public.effects.land.handed-over.parent",
        "in a circle",
    ),
    *(
        Case("polls_are_fitted", {"audiences.public": {**ASKED, **given}}, path, "is fitted")
        for given, path in (
            ({"baseline": 0.2}, "audiences.public.baseline"),
            (
                {"effects": {"land.handed-over": {"value": -1}, "guarantee.treaty": {}}},
                "audiences.public.effects.land.handed-over.value",
            ),
            (
                {
                    "effects": {"land.handed-over": {}, "guarantee.treaty": {}},
                    "interactions": {
                        "both": {"options": ["land.handed-over", "guarantee.treaty"], "value": 1}
                    },
                },
                "audiences.public.interactions.both.value",
            ),
        )
    ),
    Case(
        "_options_have_steps",
        {"issues.land.options.shared": {}},
        "issues.land.options.shared",
        "no step leads",
    ),
    Case(
        "_options_have_steps",
        {"steps": {}},
        "issues.land.options.handed-over",
        "no step leads",
    ),
    Case(
        "_options_have_steps",
        {f"{STEPS}.serves": ["land.line-as-it-is", "land.handed-over"]},
        f"{STEPS}.serves",
        "is the status quo",
    ),
    Case(
        "_shares_sum",
        {"steps.ceasefire.serves": SHARES},
        "steps.ceasefire.serves.land.handed-over",
        "or none",
    ),
    Case(
        "_shares_sum",
        {"steps.ceasefire.serves": SHARES, f"{STEPS}.serves": {"land.handed-over": 1}},
        "steps.ceasefire.serves.land.handed-over",
        "sum to 1.500",
    ),
    Case(
        "_shares_sum",
        {"steps.ceasefire.serves": {**SHARES, "land.handed-over": 2}},
        "steps.ceasefire.serves.land.handed-over",
        "outside [0, 1]",
    ),
    Case(
        "_no_cycle_of_prerequisites",
        {"steps.ceasefire.requires": ["leave-belt"]},
        "steps.ceasefire.requires",
        "in a circle",
    ),
    Case("_owners_act", {f"{STEPS}.gain": {"rival": 1}}, f"{STEPS}.gain.rival", "does not own"),
    Case(
        "_owners_act", {f"{STEPS}.snap-back": "automatic"}, f"{STEPS}.snap-back", "who would undo"
    ),
    Case(
        "parcels_stay_whole",
        {"steps.leave-belt.tranches": 24},
        "steps.leave-belt.tranches",
        "a parcel is never divided",
    ),
    Case(
        "_deadlines_can_be_met",
        {f"{STEPS}.months": 6, f"{STEPS}.by-month": 5},
        f"{STEPS}.by-month",
        "takes 6 months",
    ),
    Case("_guarantees_are_whole", {CREDIBLE: None}, "guarantees.treaty", "credibility or derived"),
    Case(
        "_guarantees_are_whole",
        {"steps.ratify-guarantee.brings": []},
        "guarantees.treaty",
        "no step brings it",
    ),
    Case(
        "_guarantees_are_whole",
        {"guarantees.treaty.follows": "treaty"},
        "guarantees.treaty.follows",
        "follow itself",
    ),
    Case(
        "_red_lines_say_one_thing",
        {"red-lines.guarantee-first.do": []},
        "red-lines.guarantee-first",
        "either on content",
    ),
    Case(
        "audiences_can_be_asked",
        {"audiences.public": {"name": "Public", "of": "holder", "noise": 0.05}},
        "audiences.public",
        "needs polls",
    ),
    Case(
        "audiences_can_be_asked",
        {"audiences.public": {**OPEN, "effects": {"land.handed-over": {}}}},
        "audiences.public.effects.land.handed-over",
        "needs a value",
    ),
    Case(
        "audiences_can_be_asked",
        {
            "audiences.public": {
                **OPEN,
                "polls": {
                    "may": {
                        "asks": ["land.handed-over"],
                        "accept": 70,
                        "reject": 60,
                        "sample": 1000,
                        "date": "2025-05",
                    }
                },
            }
        },
        "audiences.public.polls.may",
        "sum to 130 %",
    ),
    Case("war_or_reservation", {"war": None}, "war", "is missing"),
    Case("war_or_reservation", {"reservation.holder": 3}, "reservation", "with a war"),
    Case(
        "_changed_paths_known",
        {"types.open": {**TYPE, "changes": {"actors.holder.discont": 0.1}}},
        "types.open.changes.actors.holder.discont",
        "no quantity",
    ),
    Case(
        "_changed_paths_known",
        {
            "types.open": {
                **TYPE,
                "changes": {"actors.holder.discount": {"value": 0.1, "believed": {"rival": 0.2}}},
            }
        },
        "types.open.changes.actors.holder.discount.believed.rival",
        "no belief of its own",
    ),
    Case("_types_are_whole", {"types.open": TYPE}, "types.open", "the only type"),
    Case(
        "_types_are_whole",
        {"types.open": {**TYPE, "prior": {"value": 0.5, "believed": {"rival": 0.8}}}}
        | {"types.closed": TYPE},
        "types.open.prior",
        "to rival the priors of the types of 'holder' sum to 1.3",
    ),
    Case(
        "_types_are_whole",
        {f"types.kind-{number}": {**TYPE, "prior": 0.1} for number in range(10)},
        "types",
        "at most 8",
    ),
    Case(
        "_named_orders_say_one_thing",
        {"orders.territory-first.then": []},
        "orders.territory-first",
        "either first",
    ),
    Case(
        "rankings_hold_together",
        {"rankings": {"holder": {"options": {"land": ["unchanged"]}}}},
        "rankings",
        "a war is weighed in numbers",
    ),
]


def name(case: Case) -> str:
    return f"{case.check}-{case.path}"


@pytest.mark.parametrize("case", CASES, ids=name)
def test_a_check_fails_where_it_should(case: Case) -> None:
    scenario, complaints = build_scenario(changed(case.changes))
    assert scenario is not None, [str(complaint) for complaint in complaints]
    check = next(check for check in CHECKS if check.__name__ == case.check)
    of_check = [complaint for complaint in check(scenario) if complaint.path == case.path]
    assert any(case.words in complaint.rule for complaint in of_check), list(check(scenario))
    assert any(complaint in complaints for complaint in of_check)


def test_every_check_has_a_case_that_makes_it_fail() -> None:
    assert {check.__name__ for check in CHECKS} == {case.check for case in CASES}


def test_the_template_has_no_complaint() -> None:
    scenario, complaints = build_scenario(RAW)
    assert complaints == []
    assert isinstance(scenario, Scenario)


def test_a_name_nobody_knows_brings_the_nearest() -> None:
    _, complaints = build_scenario(changed({f"{STEPS}.by": ["holdr"]}))
    assert [complaint.nearest for complaint in complaints] == ["holder"]


def test_strikes_name_belligerents_and_an_instrument() -> None:
    aid = {"name": "Aid", "level": 0}
    strikes = {"holdr": STRUCK | {"costs": {"guarantor": 0.1}, "stopped-by": "aids"}}
    _, complaints = build_scenario(changed({"instruments.aid": aid, "strikes": strikes}))
    assert {(one.path, one.nearest) for one in complaints} == {
        ("strikes.holdr", "holder"),
        ("strikes.holdr.costs.guarantor", ""),
        ("strikes.holdr.stopped-by", "aid"),
    }


def test_a_source_nobody_cites_is_a_remark_and_no_complaint() -> None:
    idle = {"title": "t", "publisher": "p", "date": "2025", "kind": "law", "certainty": "high"}
    scenario, complaints = build_scenario(changed({"sources.idle": idle}))
    assert complaints == []
    assert ledger(scenario).uncited == ("idle",)


def test_the_ledger_tells_what_a_number_rests_on() -> None:
    entry = {"red-lines.guarantee-first.holds": 0.7}  # its entry names a source, it does not
    scenario, _ = build_scenario(changed(entry))
    found = ledger(scenario)
    assert {CREDIBLE, "red-lines.guarantee-first.holds"} <= {one.path for one in found.sourced}
    assert "war.exhaustion.rival.now" in {one.path for one in found.ranged}
    assert "actors.holder.discount" in {one.path for one in found.bare}
    assert "war.initiative" not in {one.path for one in found.numbers}  # the language's default
    assert CREDIBLE not in {one.path for one in found.undisputed}
    assert len(found.sourced) + len(found.ranged) + len(found.bare) == len(found.numbers)
