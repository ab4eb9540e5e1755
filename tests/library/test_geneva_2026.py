"""The Geneva case keeps its own rules: evidence, dates, order of parties, land, size."""

import math
import re
from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from servanda.files.read import LIBRARY, read_scenario
from servanda.scenario.land import DEMILITARISED
from servanda.scenario.model import Scenario
from servanda.scenario.walk import Entry, quantities

FOLDER = LIBRARY / "cases" / "geneva-2026"
PARTIES = ["ukraine", "russia", "united-states", "europeans"]


@pytest.fixture(scope="module")
def case() -> Scenario:
    return read_scenario("geneva-2026")


def said(case: Scenario) -> Iterator[Entry]:
    """Every number the case says, the language's own defaults left out."""
    return (entry for entry in quantities(case) if not entry.default)


def is_definition(entry: Entry) -> bool:
    """Numbers that are neither evidence nor judgement but fix a scale or a meaning.

    0 and 100 anchor the values of an issue's answers; an instrument is off at 0 and on at 1; a
    weight of 0 says that the question is counted elsewhere; ``holds`` is itself a probability,
    judged by the analyst, so it carries its uncertainty in its value.
    """
    path, value = entry.path, entry.quantity.value
    if re.fullmatch(r"issues\.[^.]+\.options\.[^.]+\.value\.[^.]+", path):
        return value in {0.0, 100.0}
    if re.fullmatch(r"(instruments\.[^.]+\.level|steps\.[^.]+\.sets\.[^.]+)", path):
        return value in {0.0, 1.0}
    if re.fullmatch(r"issues\.[^.]+\.weight\.[^.]+", path):
        return value == 0.0 and entry.quantity.note != ""
    return entry.kind.name == "chance"


def test_no_number_lacks_both_source_and_range(case: Scenario) -> None:
    bare = [
        entry.path
        for entry in said(case)
        if not entry.quantity.sources and entry.quantity.certain and not is_definition(entry)
    ]
    assert bare == []


def test_a_number_without_source_says_that_it_is_judgement(case: Scenario) -> None:
    silent = [
        entry.path
        for entry in said(case)
        if not entry.quantity.sources
        and not entry.quantity.certain
        and not entry.believer  # a belief is the judgement of how far an actor sees it otherwise
        and not entry.quantity.note.startswith("judgement")
    ]
    assert silent == []


def test_every_red_line_has_a_source(case: Scenario) -> None:
    assert [name for name, line in case.red_lines.items() if not line.sources] == []


def test_nothing_is_later_than_the_second_day_of_the_round(case: Scenario) -> None:
    assert case.as_of == date(2026, 2, 18)
    dates = [source.date for source in case.sources.values()]
    dates += [poll.date for audience in case.audiences.values() for poll in audience.polls.values()]
    last = case.as_of.isoformat()
    assert [text for text in dates if text[: len(last)] > last] == []


def test_parties_stand_in_the_order_of_the_case(case: Scenario) -> None:
    assert list(case.actors) == PARTIES
    tables = [issue.weight for issue in case.issues.values()]
    tables += [option.value for issue in case.issues.values() for option in issue.options.values()]
    for table in tables:
        assert list(table) == [party for party in PARTIES if party in table]


def test_wording_takes_no_side() -> None:
    loaded = re.compile(
        r"\b(aggress\w*|occupier\w*|regime|liberat\w+|terror\w*|puppet\w*|nazi\w*|invad\w*|"
        r"special military operation|capitulat\w*|surrender\w*|annexed)\b",
        re.IGNORECASE,
    )
    found = {
        f"{path.name}: {match.group()}"
        for path in FOLDER.glob("*.yaml")
        for match in loaded.finditer(path.read_text(encoding="utf-8"))
    }
    assert found == set()


# --- land --------------------------------------------------------------------------------------


def share_of(case: Scenario, parcel: str) -> float:
    """Percentage under Russian control on 17 February 2026, as the parcel's note gives it."""
    match = re.search(r"([\d.]+) % under Russian control", case.parcels[parcel].note)
    assert match, parcel
    return float(match.group(1))


def kilometres(first: tuple[float, float], second: tuple[float, float]) -> float:
    north, east = first[0] - second[0], first[1] - second[1]
    return 111.2 * math.hypot(north, east * math.cos(math.radians(48.6)))


def test_a_parcel_is_held_by_the_side_with_the_larger_share(case: Scenario) -> None:
    for front in case.fronts.values():
        for name in front.parcels:
            expected = "russia" if share_of(case, name) > 50.0 else "ukraine"
            assert case.parcels[name].held_by == expected, name


def test_parcels_of_a_front_stand_in_order_of_share_then_of_distance(case: Scenario) -> None:
    on_fronts = [name for front in case.fronts.values() for name in front.parcels]
    far_side = [case.parcels[n].at for n in on_fronts if case.parcels[n].held_by == "russia"]

    def depth(name: str) -> tuple[float, float]:
        at = case.parcels[name].at
        assert at is not None
        return share_of(case, name), -min(kilometres(at, other) for other in far_side if other)

    for front in case.fronts.values():
        assert list(front.parcels) == sorted(front.parcels, key=depth)
    assert [len(front.parcels) for front in case.fronts.values()] == [11, 11]


def test_neighbours_are_mutual_and_everything_has_a_place(case: Scenario) -> None:
    for name, parcel in case.parcels.items():
        assert parcel.at is not None, name
        for other in parcel.neighbours:
            assert name in case.parcels[other].neighbours, (name, other)


def test_land_is_a_sensible_part_of_what_is_at_stake(case: Scenario) -> None:
    on_fronts = [name for front in case.fronts.values() for name in front.parcels]
    for party, least, most in [("ukraine", 15, 30), ("russia", 15, 30), ("europeans", 3, 10)]:
        total = sum(case.parcels[name].worth[party].value for name in on_fronts)
        assert least <= total <= most, party
    assert sum(case.parcels[name].area or 0.0 for name in on_fronts) == pytest.approx(7773, abs=15)


def test_pace_of_the_line_matches_the_sources(case: Scenario) -> None:
    """Expected net change at the present line, against 190 to 221 km2 a month in Donetsk."""
    war = case.war

    def strength(party: str) -> float:
        helped = [
            1.0 + item.strength[party].value * item.level.value
            for item in case.instruments.values()
            if party in item.strength
        ]
        return float(war.strength[party].value * math.prod(helped))

    ratio = (strength("russia") / strength("ukraine")) ** war.decisiveness.value
    loss = 0.0
    for front in case.fronts.values():
        held = [name for name in front.parcels if case.parcels[name].held_by == "ukraine"]
        works = [case.parcels[held[-1]], case.parcels[front.parcels[len(held)]]]
        ahead, behind = (1 + war.fortification_effect.value * p.fortification.value for p in works)
        taken = (1 - war.initiative.value) * ratio / (ratio + ahead)
        regained = war.initiative.value / (1 + behind * ratio)
        loss += front.tempo.value * (taken - regained)
    mean_area = 7773 / 22
    assert 180 < loss * mean_area < 230


# --- size --------------------------------------------------------------------------------------


def packages(case: Scenario) -> int:
    """Packages that the exclusions leave."""
    names = list(case.issues)
    ruled_out = [
        {ref.split(".")[0]: ref.split(".")[1] for ref in item.options}
        for item in case.exclusions.values()
    ]
    touched = sorted({issue for rule in ruled_out for issue in rule}, key=names.index)
    left = sum(
        not any(all(chosen[i] == option for i, option in rule.items()) for rule in ruled_out)
        for chosen in (
            dict(zip(touched, options, strict=True))
            for options in product(*(case.issues[issue].options for issue in touched))
        )
    )
    return left * math.prod(len(case.issues[i].options) for i in names if i not in touched)


def test_package_space_is_of_the_size_the_page_states(case: Scenario) -> None:
    assert packages(case) == 209_664


def test_a_full_package_has_a_searchable_number_of_steps(case: Scenario) -> None:
    most = 0
    for chosen in product(
        *(issue.options for issue in case.issues.values() if len(issue.options) > 2)
    ):
        wide = [name for name, issue in case.issues.items() if len(issue.options) > 2]
        refs = {f"{issue}.{option}" for issue, option in zip(wide, chosen, strict=True)}
        refs |= {
            f"{name}.{option}"
            for name, issue in case.issues.items()
            if name not in wide
            for option in issue.options
        }
        most = max(most, sum(bool(refs & set(step.serves)) for step in case.steps.values()))
    assert 10 <= most <= 16


def test_who_withdraws_leaves_what_it_holds(case: Scenario) -> None:
    for name, step in case.steps.items():
        for parcel, to in step.moves.items():
            assert case.parcels[parcel].held_by in step.by, (name, parcel)
            assert to == DEMILITARISED or to not in step.by, (name, parcel)


def test_a_dozen_quantities_are_seen_differently(case: Scenario) -> None:
    assert len({entry.of for entry in said(case) if entry.of}) >= 12


@pytest.mark.parametrize(
    "variant", ["", "treaty-believed", "aid-stops", "footholds-exchanged", "orders-open"]
)
def test_every_variant_is_a_scenario(variant: str) -> None:
    assert read_scenario("geneva-2026", variant=variant).title


def test_the_page_states_the_size_that_the_case_has(case: Scenario, root: Path) -> None:
    page = (root / "docs" / "explanation" / "case_geneva_2026.md").read_text(encoding="utf-8")
    numbers = list(said(case))
    sourced = sum(bool(entry.quantity.sources) for entry in numbers)
    ranged = sum(not entry.quantity.certain for entry in numbers)
    disagreed = len({entry.of for entry in numbers if entry.of})
    options = sum(len(issue.options) for issue in case.issues.values())
    on_content = sum(bool(line.never) for line in case.red_lines.values())
    for text in [
        f"{packages(case):,} after what excludes one another",
        f"{len(case.issues)} issues, {options} options",
        f"| steps | {len(case.steps)}, ",
        f"{on_content} on content, {len(case.red_lines) - on_content} on order",
        f"{len(numbers)}, of which {sourced} rest on a source of their own, {ranged} have a range",
        f"{disagreed} are seen differently",
    ]:
        assert text in page
