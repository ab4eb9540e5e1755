"""Numbers that name a class of the coding rules."""

from pathlib import Path

import pytest

from servanda.errors import ScenarioError
from servanda.files.read import coding_rules, read_scenario
from servanda.scenario.coding import apply_coding
from servanda.scenario.evidence import ledger
from tests.scenario_files import TEXT

BEFORE = "rival: {name: Rival, role: belligerent, side: b, discount: 5%/year}"


def written(folder: Path, discount: str) -> str:
    assert BEFORE in TEXT
    path = folder / "coded.yaml"
    path.write_text(TEXT.replace(BEFORE, BEFORE.replace("5%/year", discount)), encoding="utf-8")
    return str(path)


def test_a_class_gives_value_and_range(tmp_path: Path) -> None:
    file = written(tmp_path, "{coded: patience.hurried, note: a vote is near}")
    found = read_scenario(file).actors["rival"].discount
    assert (found.value, found.low, found.high) == (0.15, 0.09, 0.25)
    assert (found.coded, found.note) == ("patience.hurried", "a vote is near")
    assert [one.coded for one in ledger(read_scenario(file)).numbers if one.coded] == [
        "patience.hurried"
    ]


@pytest.mark.parametrize(
    ("said", "rule", "nearest"),
    [
        ("{coded: patience.huried}", "is no class of the coding rules", "patience.hurried"),
        ("{coded: patience.hurried, value: 0.1}", "takes its value from the coding rules", ""),
        ("{coded: patience.hurried, high: 0.5}", "takes its high from the coding rules", ""),
    ],
)
def test_complaints_stand_at_the_class(tmp_path: Path, said: str, rule: str, nearest: str) -> None:
    with pytest.raises(ScenarioError) as error:
        read_scenario(written(tmp_path, said))
    (complaint,) = error.value.complaints
    assert complaint.path == "actors.rival.discount.coded"
    assert rule in complaint.rule
    assert complaint.nearest == nearest
    assert complaint.line == 1 + TEXT[: TEXT.index(BEFORE)].count("\n")


def test_a_whole_number_is_put_in_its_place() -> None:
    raw, complaints = apply_coding({"seen-after": {"coded": "unseen.limited"}}, coding_rules())
    assert raw == {"seen-after": 3}
    assert complaints == []


def test_a_belief_may_be_coded() -> None:
    said = {"x": {"coded": "guarantee.treaty", "believed": {"b": {"coded": "guarantee.words"}}}}
    raw, _ = apply_coding(said, coding_rules())
    assert raw["x"]["believed"]["b"]["value"] == 0.15
    assert said["x"]["believed"]["b"] == {"coded": "guarantee.words"}  # what was read stays


def test_something_called_coded_is_left_alone() -> None:
    said = {"actors": {"coded": {"name": "Coded"}}}
    assert apply_coding(said, coding_rules()) == (said, [])


def test_every_class_is_a_range_around_its_value_and_says_when() -> None:
    from servanda.scenario.quantity import HAZARD, YEARLY, parse_number

    assert len(coding_rules()) > 60
    for one in coding_rules().values():
        assert one.when
        assert one.means
        if isinstance(one.number, int) or set(one.number) == {"value"}:
            continue
        kind = YEARLY if "year" in str(one.number["value"]) else HAZARD
        low, value, high = (parse_number(one.number[key], kind) for key in ("low", "value", "high"))
        assert low <= value <= high, one.name
        assert low < high, one.name
