"""GeniusWeb profiles: known utilities, round trips, and every complaint with its place."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings

from exchange_files import VALUES, web_folder, web_profile, wishes
from servanda.errors import Complaint, ExchangeError
from servanda.files.geniusweb import geniusweb_files, read_geniusweb
from servanda.scenario.preferences import Preferences

BID = {"price": "high", "delivery": "4 weeks"}


def complaints(folder: Path, *profiles: Any) -> tuple[Complaint, ...]:
    with pytest.raises(ExchangeError) as error:
        read_geniusweb(web_folder(folder, *profiles))
    return error.value.complaints


def test_known_utilities_and_the_reservation_bid(tmp_path: Path) -> None:
    read = read_geniusweb(web_folder(tmp_path))
    buyer, seller = read.profiles
    assert read.name == "shop"
    assert buyer.utility({"price": "low", "delivery": "4 weeks"}) == pytest.approx(0.875)
    assert buyer.reservation_package == BID
    assert buyer.reservation == pytest.approx(0.75 * 0.4 + 0.25 * 0.5)
    assert seller.reservation == pytest.approx(0.75 * 1 + 0.25 * 0.5)


def test_no_reservation_bid_is_0_and_said(tmp_path: Path) -> None:
    profiles = [web_profile(name, 1, 0, reservationBid=None) for name in ("buyer", "seller")]
    read = read_geniusweb(web_folder(tmp_path, *profiles))
    assert [one.reservation for one in read.profiles] == [0.0, 0.0]
    assert len(read.notes) == 2


def test_a_file_of_the_domain_may_stand_beside_the_profiles(tmp_path: Path) -> None:
    domain = {"name": "shop", "issuesValues": VALUES}
    profiles = [web_profile("buyer", 1, 0.4), web_profile("seller", 0.25, 1)]
    assert read_geniusweb(web_folder(tmp_path, domain, *profiles)) == read_geniusweb(
        web_folder(tmp_path / "alone", *profiles)
    )


SPACE = "LinearAdditiveUtilitySpace"
PRICE = {"DiscreteValueSetUtilities": {"valueUtilities": {"low": 1, "high": 0}}}
CASES = [
    ({"issueWeights": {"price": -0.75, "delivery": 0.25}}, "price", "-0.75 is negative"),
    ({"issueWeights": {"price": 0.75}}, "delivery", "has no weight"),
    (
        {"issueWeights": {"price": "a", "delivery": 1}},
        f"{SPACE}.issueWeights.price",
        "is not a number",
    ),
    ({"issueWeights": {"price": 0, "delivery": 0}}, "other", "all its weights are 0"),
    (
        {"issueWeights": {"price": 0.5, "delivery": 0.25, "colour": 0.25}},
        "colour",
        "no issue 'colour'",
    ),
    ({"issueWeights": 3}, f"{SPACE}.issueWeights", "is not a mapping"),
    ({"issueUtilities": {"price": PRICE}}, "delivery", "says nothing of this issue"),
    (
        {"issueUtilities": {"price": PRICE, "delivery": {"NumberValueSetUtilities": {}}}},
        f"{SPACE}.issueUtilities.delivery",
        "only discrete values",
    ),
    (
        {"reservationBid": {"issuevalues": {"price": "high"}}},
        f"{SPACE}.reservationBid",
        "has to be a full bid",
    ),
    (
        {"reservationBid": {"issuevalues": BID | {"price": "hihg"}}},
        "price.hihg",
        "no option 'hihg'",
    ),
    (
        {"reservationBid": {"issuevalues": BID | {"price": 3}}},
        f"{SPACE}.reservationBid.issuevalues.price",
        "is not a text",
    ),
    (
        {"domain": {"name": "shop", "issuesValues": VALUES | {"price": {"values": ["low"]}}}},
        "price",
        "lacks 'high'",
    ),
    (
        {"domain": {"name": "shop", "issuesValues": VALUES | {"price": {"range": {}}}}},
        f"{SPACE}.domain.issuesValues.price",
        "a range of numbers",
    ),
    (
        {"domain": {"name": "shop", "issuesValues": VALUES | {"price": {"values": ["low", 2]}}}},
        f"{SPACE}.domain.issuesValues.price.values.1",
        "is not a text",
    ),
    (
        {"domain": {"name": "shop", "issuesValues": VALUES | {"x": {"values": ["a"]}}}},
        "x",
        "no issue 'x'",
    ),
]


@pytest.mark.parametrize(("change", "path", "words"), CASES)
def test_a_complaint_has_its_path_and_line(
    tmp_path: Path, change: dict[str, Any], path: str, words: str
) -> None:
    found = complaints(tmp_path, web_profile("buyer", 1, 0.4), web_profile("other", 1, 0, **change))
    assert any(one.path == path and words in one.rule and one.line > 0 for one in found), [
        str(one) for one in found
    ]


@pytest.mark.parametrize(
    ("low", "path", "words"),
    [
        (
            1.5,
            f"{SPACE}.issueUtilities.price.DiscreteValueSetUtilities.valueUtilities.low",
            "above 1",
        ),
        (-0.5, "price.low", "negative"),
        (
            None,
            f"{SPACE}.issueUtilities.price.DiscreteValueSetUtilities.valueUtilities.low",
            "is not a number",
        ),
    ],
)
def test_utilities_lie_between_0_and_1(tmp_path: Path, low: Any, path: str, words: str) -> None:
    found = complaints(tmp_path, web_profile("buyer", low, 0.4), web_profile("seller", 0, 1))
    lines = (tmp_path / "profile0.json").read_text(encoding="utf-8").splitlines()
    line = 1 + next(number for number, text in enumerate(lines) if '"low": ' in text)
    assert [(one.path, one.line) for one in found if words in one.rule] == [(path, line)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"PartialAdditive": {}}, "kind PartialAdditive; only LinearAdditive"),
        ({"name": "x"}, "neither a GeniusWeb domain nor a profile"),
        ([1, 2], "neither a GeniusWeb domain nor a profile"),
        ({SPACE: 3}, "is not a mapping"),
        ({SPACE: {"name": "x"}}, "is missing"),
        ({"name": "x", "issuesValues": VALUES}, "no profile among the files"),
        ({"name": "x", "issuesValues": []}, "is not a mapping"),
    ],
)
def test_files_that_are_something_else(tmp_path: Path, content: Any, words: str) -> None:
    assert any(words in one.rule for one in complaints(tmp_path, content))


def test_two_profiles_of_one_name(tmp_path: Path) -> None:
    found = complaints(tmp_path, web_profile("buyer", 1, 0), web_profile("buyer", 0, 1))
    assert any("a second profile of this name" in one.rule for one in found)


@settings(max_examples=60)
@given(wishes(bids=True))
def test_what_is_written_is_read_as_it_was(preferences: Preferences) -> None:
    with TemporaryDirectory() as folder:
        paths = []
        for name, text in geniusweb_files(preferences).items():
            paths.append(Path(folder) / name)
            paths[-1].write_text(text, encoding="utf-8", newline="")
        assert read_geniusweb(paths) == preferences
