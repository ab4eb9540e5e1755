"""From what parties want to a scenario that passes the check, with names kept."""

from datetime import date

import pytest
from hypothesis import given, settings

from exchange_files import wishes
from servanda.errors import ExchangeError
from servanda.problems.packages import MOST_OPTIONS as MOST_IN_PROBLEMS
from servanda.scenario.build import build_scenario
from servanda.scenario.from_preferences import identifiers, labels, raw_scenario
from servanda.scenario.model import Scenario
from servanda.scenario.preferences import MOST_OPTIONS, Linked, Preferences, Profile

DAY = date(2026, 1, 1)


def scenario_of(preferences: Preferences) -> Scenario:
    raw = raw_scenario(preferences, title="Title", as_of=DAY)
    scenario, complaints = build_scenario(raw)
    assert complaints == []
    assert scenario is not None
    return scenario


def pair(**more: object) -> Preferences:
    buyer = Profile(
        "Buyer 1",
        {"Unit price": 0.75, "2nd": 0.25},
        {"Unit price": {"low": 1.0, "high": 0.4}, "2nd": {"价格": 0.5, "no!": 1.0}},
        reservation=0.3,
        discount=0.8,
    )
    seller = Profile(
        "Селлер",
        {"Unit price": 1.5, "2nd": 0.5},
        {"Unit price": {"low": 0.0, "high": 1.0}, "2nd": {"价格": 0.0, "no!": 0.2}},
        reservation=0.1,
    )
    issues = {"Unit price": ("low", "high"), "2nd": ("价格", "no!")}
    return Preferences("Shop", issues, (buyer, seller), **more)


def test_names_become_identifiers_and_stay_as_names() -> None:
    scenario = scenario_of(pair())
    assert list(scenario.actors) == ["buyer-1", "party"]
    assert list(scenario.issues) == ["unit-price", "issue-2nd"]
    assert list(scenario.issues["issue-2nd"].options) == ["option", "no"]
    found = labels(scenario)
    assert found.actors == ("Buyer 1", "Селлер")
    assert found.issues == ("Unit price", "2nd")
    assert found.options == (("low", "high"), ("价格", "no!"))


def test_points_weights_reservation_and_discount() -> None:
    scenario = scenario_of(pair())
    price = scenario.issues["unit-price"]
    assert price.options["high"].value["buyer-1"].value == 40.0
    assert price.weight["buyer-1"].value == 0.75
    assert price.weight["party"].value == 0.75  # 1.5 of 2, and its values twice as large
    assert price.options["high"].value["party"].value == 200.0
    assert {name: one.value for name, one in scenario.reservation.items()} == {
        "buyer-1": 30.0,
        "party": 10.0,
    }
    assert scenario.actors["buyer-1"].discount.value == 0.25  # 1 / 0.8 - 1
    assert "read as one year" in scenario.actors["buyer-1"].note
    assert scenario.actors["party"].discount.value == 0.0


def test_links_and_exclusions() -> None:
    link = Linked({"Unit price": ("low",), "2nd": ("价格", "no!")}, {"Buyer 1": 0.1})
    gone = Linked({"Unit price": ("high",), "2nd": ("no!",)})
    scenario = scenario_of(pair(links=(link,), excluded=(gone,)))
    assert [one.options for one in scenario.links.values()] == [
        ("unit-price.low", "issue-2nd.option"),
        ("unit-price.low", "issue-2nd.no"),
    ]
    assert scenario.links["link-1"].value["buyer-1"].value == 10.0
    assert scenario.exclusions["exclusion-1"].options == ("unit-price.high", "issue-2nd.no")


def test_a_reservation_bid_that_all_share_is_the_status_quo() -> None:
    shared = pair()
    bid = {"Unit price": "high", "2nd": "no!"}
    profiles = [
        Profile(one.actor, one.weights, one.evaluations, 0.1, bid) for one in shared.profiles
    ]
    scenario = scenario_of(Preferences("Shop", shared.issues, tuple(profiles)))
    assert scenario.issues["unit-price"].options["high"].status_quo
    assert scenario.issues["issue-2nd"].options["no"].status_quo


def test_a_party_of_whom_nothing_is_said_has_no_veto() -> None:
    shared = pair()
    silent = Profile("Guest", *list(vars(shared.profiles[0]).values())[1:3])
    scenario = scenario_of(Preferences("Shop", shared.issues, (*shared.profiles, silent)))
    assert not scenario.actors["guest"].signs
    assert "guest" not in scenario.reservation


def test_what_no_scenario_can_say() -> None:
    shared = pair()
    alone = Preferences("Shop", shared.issues, shared.profiles[:1])
    options = tuple(f"o{n}" for n in range(MOST_OPTIONS + 1))
    wide = Profile("a", {"x": 1.0}, {"x": dict.fromkeys(options, 0.5)}, reservation=0.0)
    many = Preferences("Shop", {"x": options}, (wide, wide))
    mute = [Profile(one.actor, one.weights, one.evaluations) for one in shared.profiles]
    linked = pair(links=(Linked({}, {}),) * 1001)
    for preferences, words in (
        (alone, "two parties at least"),
        (many, "65 options; a scenario's issue can have 64"),
        (Preferences("Shop", shared.issues, tuple(mute)), "without a deal; add a row"),
        (linked, "1,001 links"),
    ):
        with pytest.raises(ExchangeError, match=words):
            raw_scenario(preferences, title="t", as_of=DAY)
    assert MOST_OPTIONS == MOST_IN_PROBLEMS


def test_a_discount_that_is_too_steep_ends_where_the_language_does() -> None:
    shared = pair()
    steep = [
        Profile(one.actor, one.weights, one.evaluations, 0.1, discount=0.01)
        for one in shared.profiles
    ]
    scenario = scenario_of(Preferences("Shop", shared.issues, tuple(steep)))
    assert scenario.actors["buyer-1"].discount.value == 10.0


def test_identifiers_are_apart() -> None:
    found = identifiers(["A", "a!", "a-2", "1", "", "é", "e"], "option")
    assert len(set(found.values())) == 7
    assert found["é"] == "e"
    assert found["1"] == "option-1"


@settings(max_examples=60)
@given(wishes())
def test_any_wishes_pass_the_check_and_keep_their_names(preferences: Preferences) -> None:
    found = labels(scenario_of(preferences))
    assert found.actors == tuple(one.actor for one in preferences.profiles)
    assert found.issues == tuple(preferences.issues)
    assert found.options == tuple(preferences.issues.values())
