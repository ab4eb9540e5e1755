"""A path means the same in complaints, in --set and in the parameter vector."""

from pathlib import Path

import pytest

from scenario_files import TEXT, complaints_of, edited, place_of, write
from servanda.errors import NotFoundError, ServandaError
from servanda.files.read import read_scenario, shipped
from servanda.problems.parameters import parameters


@pytest.fixture
def uplands(tmp_path: Path) -> str:
    return write(tmp_path, TEXT)


def value(file: str, path: str, *changes: str) -> float:
    params = parameters(read_scenario(file, changes=changes))
    return float(params.value[params.index(path)])


@pytest.mark.parametrize(
    ("change", "path", "number"),
    [
        ("war.costs.holder=13", "war.costs.holder.now", 13),
        ("war.costs.holder.now=13", "war.costs.holder.now", 13),
        ("war.costs.holder.now.value=9", "war.costs.holder.now", 9),
        ("war.costs.holder.value=9", "war.costs.holder.now", 9),
        ("war.costs.rival.drift=0.2", "war.costs.rival.drift", 0.2),
        ("guarantees.treaty.credibility=0.8", "guarantees.treaty.credibility", 0.8),
        ("guarantees.treaty.credibility.value=0.6", "guarantees.treaty.credibility", 0.6),
        ("guarantees.treaty.credibility=80%", "guarantees.treaty.credibility", 0.8),
        (
            "guarantees.treaty.credibility.believed.rival=0.1",
            "guarantees.treaty.credibility.believed.rival",
            0.1,
        ),
        (
            "guarantees.treaty.adds-strength.believed.rival=0.1",
            "guarantees.treaty.adds-strength.believed.rival",
            0.1,
        ),
        ("war.initiative=0.7", "war.initiative", 0.7),
        ("war.freeze.now=0.02", "war.freeze.now", 0.02),
        ("war.freeze=2%/month", "war.freeze.now", 0.02),
        ("actors.holder.failure-cost=3", "actors.holder.failure-cost", 3),
        ("parcels.belt.at.0=48.9", "parcels.belt.fortification", 3),
    ],
)
def test_set(uplands: str, change: str, path: str, number: float) -> None:
    assert value(uplands, path, change) == pytest.approx(number)


def test_a_plain_number_replaces_the_whole_quantity(uplands: str) -> None:
    plain = read_scenario(uplands, changes=["guarantees.treaty.credibility=0.8"])
    assert plain.guarantees["treaty"].credibility.certain
    moved = read_scenario(uplands, changes=["guarantees.treaty.credibility.value=0.6"])
    assert moved.guarantees["treaty"].credibility.high == 0.7


def test_set_of_words_lists_and_several_at_once(uplands: str) -> None:
    read = read_scenario(
        uplands,
        changes=[
            "guarantees.treaty.form=troops",
            "guarantees.treaty.conditional=false",
            "fronts.axis.parcels.0=belt",
            "steps.leave-belt.months=4",
            "title=Talks, again",
            "war.costs.holder.now.low=2",
            "issues.land.weight.holder=0.4",
            "issues.guarantee.weight.holder=0.6",
        ],
    )
    assert read.guarantees["treaty"].form == "troops"
    assert not read.guarantees["treaty"].conditional
    assert read.steps["leave-belt"].months == 4
    assert read.title == "Talks, again"
    assert read.war.costs["holder"].now.low == 2


@pytest.mark.parametrize(
    ("change", "path", "words", "nearest"),
    [
        ("war.cost.holder=1", "--set war.cost.holder", "no such path", "war.costs.holder"),
        (
            "guarantees.treety.credibility=1",
            "--set guarantees.treety.credibility",
            "no such path",
            "guarantees.treaty.credibility",
        ),
        (
            "guarantees.treaty.credibility.lwo=1",
            "--set guarantees.treaty.credibility.lwo",
            "no such path",
            "guarantees.treaty.credibility.low",
        ),
        (
            "steps.leave-belt.requires.7=ceasefire",
            "--set steps.leave-belt.requires.7",
            "no such path",
            "steps.leave-belt.requires.0",
        ),
        ("title.x=1", "--set title.x", "no such path", ""),
        ("war=1", "--set war", "stands where a mapping of fields is expected", ""),
        ("variants.firm-guarantee.note=x", "--set variants.firm-guarantee.note", "no such", ""),
        ("nonsense", "--set", "'nonsense' is not path=value", ""),
        ("=1", "--set", "is not path=value", ""),
        ("war.costs.holder=", "--set war.costs.holder", "is not a number", ""),
        ("war.costs.holder=nan", "--set war.costs.holder", "'nan' is not a number", ""),
        ("war.costs.holder=1e999", "--set war.costs.holder", "is not a finite number", ""),
        ("war.costs.holdr=1", "--set war.costs.holdr", "no actor 'holdr'", "holder"),
        (
            "guarantees.treaty.credibility=1.7",
            "--set guarantees.treaty.credibility",
            "1.7 is outside [0, 1]",
            "",
        ),
        (
            "steps.leave-belt.requires.0=ceasefir",
            "--set steps.leave-belt.requires.0",
            "no step 'ceasefir'",
            "ceasefire",
        ),
        ("war.costs.holder.now.low=8", "--set war.costs.holder.now.low", "is not between", ""),
        ("fronts.axis.tempo.low=0.4", "--set fronts.axis.tempo.low", "is not below high", ""),
    ],
)
def test_set_of_what_cannot_be(
    uplands: str, change: str, path: str, words: str, nearest: str
) -> None:
    (complaint, *others) = complaints_of(uplands, changes=[change])
    assert others == []
    assert complaint.path.removesuffix(".now") == path
    assert words in complaint.rule
    assert complaint.nearest == nearest
    assert complaint.line == 0  # it stands in no file


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_quantity_that_ships_can_be_set_by_its_path(name: str) -> None:
    params = parameters(read_scenario(name))
    changes = [
        f"{path}.value={number}"
        for path, number in zip(params.paths, params.value.tolist(), strict=True)
    ]
    again = parameters(read_scenario(name, changes=changes))
    assert again.paths == params.paths
    assert again.value.tolist() == params.value.tolist()


def test_every_quantity_of_the_template_can_be_set_plainly(uplands: str) -> None:
    params = parameters(read_scenario(uplands))
    for path, number in zip(params.paths, params.value.tolist(), strict=True):
        assert value(uplands, path, f"{path}={number}") == number


# --- variants ----------------------------------------------------------------------------------


def test_a_variant_is_applied_before_the_changes(uplands: str) -> None:
    firm = read_scenario(uplands, variant="firm-guarantee")
    assert firm.guarantees["treaty"].credibility.value == 0.8
    path = "guarantees.treaty.credibility"
    both = read_scenario(uplands, variant="firm-guarantee", changes=[f"{path}=0.9"])
    assert both.guarantees["treaty"].credibility.value == 0.9


def test_a_variant_nobody_knows_brings_the_nearest(uplands: str) -> None:
    with pytest.raises(NotFoundError, match="Did you mean 'firm-guarantee'"):
        read_scenario(uplands, variant="firm-guarante")


def test_variants_are_checked_with_the_scenario(tmp_path: Path) -> None:
    old = "      guarantees.treaty.credibility: 0.8\n"
    new = (
        "      guarantees.treaty.credibilty: 0.8\n"
        "      war.costs.holder: -3\n"
        "      issues.land.weight.holder: 0.1\n"
    )
    text = edited((old, new))
    file = write(tmp_path, text)
    found = complaints_of(file)
    where = "variants.firm-guarantee.set."
    assert [one.path for one in found] == [
        f"{where}guarantees.treaty.credibilty",
        f"{where}war.costs.holder",
        f"{where}issues.land.weight.holder",
    ]
    assert [(one.line, one.column) for one in found] == [
        place_of(text, "0.8\n      war"),
        place_of(text, "-3\n      issues"),
        place_of(text, "0.1\n"),
    ]
    assert found[0].nearest == "guarantees.treaty.credibility"
    assert [one.path for one in complaints_of(file, variant="firm-guarantee")] == [
        one.path for one in found
    ]


@pytest.mark.parametrize("variants", ["[a]", "{a: 3}", "{a: {note: x, set: [1]}}", "x"])
def test_variants_that_are_not_written_as_they_should_be(tmp_path: Path, variants: str) -> None:
    text = TEXT.split("variants:")[0] + f"variants: {variants}\n"
    file = write(tmp_path, text)
    assert complaints_of(file)
    with pytest.raises(ServandaError):
        read_scenario(file, variant="a")
