"""GENIUS folders: known utilities in every reading, round trips, and every complaint."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from exchange_files import (
    BUYER,
    BUYER_UTILITIES,
    DOMAIN,
    PACKAGES,
    SELLER,
    genius_folder,
    wishes,
)
from servanda.errors import Complaint, ExchangeError
from servanda.files.genius import SCALINGS, genius_files, read_genius
from servanda.scenario.preferences import Preferences


def complaints(folder: Path, **files: str) -> tuple[Complaint, ...]:
    with pytest.raises(ExchangeError) as error:
        read_genius(genius_folder(folder, **files))
    assert str(error.value).endswith("nothing was written.")
    return error.value.complaints


@pytest.mark.parametrize("scaling", SCALINGS)
def test_known_utilities_in_each_reading(tmp_path: Path, scaling) -> None:
    read = read_genius(genius_folder(tmp_path), scaling=scaling)
    assert read.name == "Shop"
    assert read.issues == {"Unit price": ("low", "high"), "Delivery": ("1 week", "4 weeks")}
    buyer = read.profiles[0]
    found = [buyer.utility(package) for package in PACKAGES]
    assert found == pytest.approx(BUYER_UTILITIES[scaling])
    assert (buyer.actor, buyer.reservation, buyer.discount) == ("buyer", 0.3, 0.8)
    said = any("divided by their maximum" in note for note in read.notes)
    assert said == (scaling != "as-written")


def test_an_issue_whose_evaluations_are_all_0_stays_0(tmp_path: Path) -> None:
    nothing = BUYER.replace('"10"', '"0"').replace('"4"', '"0"')
    for scaling in SCALINGS:
        read = read_genius(genius_folder(tmp_path, buyer=nothing), scaling=scaling)
        assert set(read.profiles[0].evaluations["Unit price"].values()) == {0.0}


def test_what_a_file_leaves_out(tmp_path: Path) -> None:
    bare = BUYER.replace('<reservation value="0.3"/>', "").replace('0.8"/>\n', '0"/>\n', 1)
    bare = bare.replace('<discount_factor value="0.8"/>', '<discount_factor value="0"/>')
    read = read_genius(genius_folder(tmp_path, buyer=bare))
    assert read.profiles[0].reservation == 0.0
    assert read.profiles[0].discount == 1.0
    assert any("no reservation value" in note for note in read.notes)


def test_without_a_domain_the_issues_are_those_of_the_first_profile(tmp_path: Path) -> None:
    read = read_genius(genius_folder(tmp_path, domain=None))
    assert read.issues == {"Unit price": ("low", "high"), "Delivery": ("4 weeks", "1 week")}
    assert any("No domain file" in note for note in read.notes)


def test_weights_that_do_not_sum_to_1_are_kept_and_said(tmp_path: Path) -> None:
    heavy = BUYER.replace('index="1" value="0.75"', 'index="1" value="1.5"')
    read = read_genius(genius_folder(tmp_path, buyer=heavy))
    assert read.profiles[0].utility(PACKAGES[0]) == pytest.approx(1.7)
    assert any("sum to 1.75" in note for note in read.notes)


CASES = [
    (('low" evaluation="10"', 'low"'), 5, "Unit price.low", "no evaluation"),
    (('evaluation="10"', 'evaluation="-1"'), 5, "Unit price.low", "-1 is negative"),
    (('evaluation="10"', 'evaluation="NaN"'), 5, "Unit price.low", "not a finite number"),
    (('evaluation="10"', 'evaluation="1e999"'), 5, "Unit price.low", "not a finite number"),
    (('evaluation="10"', 'evaluation="ten"'), 5, "Unit price.low", "'ten' is not a finite"),
    (('value="low"', 'value="lo"'), 5, "Unit price.lo", "no option 'lo'"),
    (('value="high"', 'value="low"'), 6, "Unit price.low", "a second time"),
    (('name="Delivery"', 'name="Delivry"'), 8, "Delivry", "no issue 'Delivry'"),
    (('name="Delivery"', 'name="Unit price"'), 8, "Unit price", "a second time"),
    (('name="Delivery"', 'name=""'), 8, "(file)", "without a name"),
    (('<issue index="2"', '<issue index="1"'), 8, "Delivery", "already that of 'Unit price'"),
    (
        ('vtype="discrete">\n<item index="2"', 'vtype="integer">\n<item index="2"'),
        8,
        "Delivery",
        "type 'integer'; only discrete",
    ),
    (('index="2" value="0.25"', 'index="2" value="-0.25"'), 12, "Delivery", "-0.25 is negative"),
    (('index="2" value="0.25"', 'index="2" value="inf"'), 12, "weight.2", "not a finite number"),
    (('index="2" value="0.25"', 'index="2"'), 12, "weight.2", "has no value"),
    (('index="2" value="0.25"', 'index="7" value="0.25"'), 12, "weight.7", "which no issue has"),
    (('<weight index="2" value="0.25"/>', ""), 8, "Delivery", "has no weight"),
    (('index="2" value="0.25"', 'index="1" value="0.25"'), 13, "Unit price", "a second weight"),
    (('value="0.3"', 'value="x"'), 16, "reservation", "'x' is not a finite number"),
    (('factor value="0.8"', 'factor value="1.5"'), 15, "discount_factor", "outside [0, 1]"),
    (("<reservation", "<ufun/><reservation"), 16, "(file)", "<ufun> is not part"),
    (
        (
            '<objective index="0" name="any"',
            '<objective index="0" name="any" type="nonlinear" x=""',
        ),
        2,
        "(file)",
        "",
    ),
]


@pytest.mark.parametrize(("change", "line", "path", "words"), CASES)
def test_a_complaint_names_file_line_and_rule(
    tmp_path: Path, change: tuple[str, str], line: int, path: str, words: str
) -> None:
    assert BUYER.count(change[0]) == 1, change[0]
    found = complaints(tmp_path, buyer=BUYER.replace(*change))
    assert any(
        one.file.endswith("buyer.xml")
        and (one.path == path or not words)
        and words in one.rule
        and (one.line == line or not words)
        for one in found
    ), [str(one) for one in found]


def test_the_nearest_name_is_offered(tmp_path: Path) -> None:
    (one,) = complaints(tmp_path, buyer=BUYER.replace('name="Delivery"', 'name="Delivry"'))
    assert one.nearest == "Delivery"


def test_everything_is_complained_about_at_once(tmp_path: Path) -> None:
    found = complaints(
        tmp_path,
        domain=DOMAIN.replace('value="4 weeks"', 'value="1 week"'),
        buyer=BUYER.replace('evaluation="10"', 'evaluation="-1"'),
        seller=SELLER.replace('value="0.75"', 'value="-0.75"') + "<",
    )
    files = [Path(one.file).name for one in found]
    assert set(files) == {"domain.xml", "buyer.xml", "seller.xml"}
    assert files == sorted(files)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"buyer": None, "seller": None}, "no preference profile"),
        ({"other": DOMAIN}, "a second domain"),
        ({"other": "<html/>"}, "neither a GENIUS domain nor a profile"),
        ({"other": "<negotiation_template/>"}, "holds 0 utility spaces"),
        ({"domain": None, "buyer": "<utility_space/>", "seller": None}, "no preference profile"),
        ({"buyer": BUYER.replace("0.25", "0").replace("0.75", "0")}, "all its weights are 0"),
        (
            {
                "buyer": BUYER.replace("<objective", "<objective><objective").replace(
                    "</objective>", "</objective></objective>"
                )
            },
            "an objective inside an objective",
        ),
    ],
)
def test_folders_that_are_no_domain(tmp_path: Path, files: dict[str, str], words: str) -> None:
    assert any(words in one.rule for one in complaints(tmp_path, **files))


def write_and_read(preferences: Preferences) -> Preferences:
    with TemporaryDirectory() as folder:
        paths = []
        for name, text in genius_files(preferences).items():
            paths.append(Path(folder) / name)
            paths[-1].write_text(text, encoding="utf-8", newline="")
        return read_genius(paths)


@settings(max_examples=60)
@given(wishes())
def test_what_is_written_is_read_as_it_was(preferences: Preferences) -> None:
    assert write_and_read(preferences) == preferences
