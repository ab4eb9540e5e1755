"""The JSON Schema fits what ships, and refuses what check refuses by its structure."""

import json

import jsonschema
import pytest

from scenario_files import RAW, changed
from servanda.files.read import shipped
from servanda.files.schema import scenario_schema
from servanda.files.yaml_tree import parse_yaml
from servanda.scenario.build import build_scenario

SCHEMA = scenario_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
REQUIRED = {"title", "as-of", "actors", "issues"}


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


@pytest.mark.parametrize("name", sorted(shipped()))
def test_it_fits_what_ships(name: str) -> None:
    folder = shipped()[name].parent
    own = parse_yaml((folder / "scenario.yaml").read_text(encoding="utf-8"), name).value
    for path in [folder / "scenario.yaml", *(folder / one for one in own.get("include", []))]:
        raw = parse_yaml(path.read_text(encoding="utf-8"), path.name).value
        errors = [
            f"{path.name}: {error.json_path}: {error.message}"
            for error in VALIDATOR.iter_errors(raw)
            if not (error.validator == "required" and error.json_path == "$")  # in another file
        ]
        assert errors == []


def test_it_fits_the_template() -> None:
    assert list(VALIDATOR.iter_errors(RAW)) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("actors.rival.namee", "Rival"),
        ("guarantees.treaty.form", "treeaty"),
        ("guarantees.treaty.credibility", 1.7),
        ("guarantees.treaty.credibility.low", "half"),
        ("guarantees.treaty.credibility.lwo", 0.1),
        ("guarantees.treaty.credibility.value", None),
        ("guarantees.treaty.credibility.shape", "flat"),
        ("guarantees.treaty.credibility.believed.rival", 2),
        ("actors.holder.discount", "5%/week"),
        ("guarantees.treaty.adds-strength", "5%/year"),
        ("actors.holder.discount", True),
        ("steps.leave-belt.months", 1.5),
        ("steps.leave-belt.months", "2"),
        ("steps.leave-belt.months", 500),
        ("steps.leave-belt.serves", ["Land"]),
        ("steps.leave-belt.serves", {"land.handed-over": "half"}),
        ("guarantees.treaty.conditional", "yes"),
        ("war.costs.rival.driftt", 1),
        ("war.costs.rival.now", None),
        ("war.costs.holder", "many"),
        ("actors.Ally", {"name": "Ally", "role": "other", "discount": 0}),
        ("actors.guarantor.name", None),
        ("title", 5),
        ("unknown", {}),
    ],
)
def test_it_refuses_what_check_refuses(path: str, value: object) -> None:
    raw = changed({path: value})
    assert build_scenario(raw)[1]
    assert not VALIDATOR.is_valid(raw)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("war.costs.holder", 12),
        ("war.costs.holder", "12"),
        ("war.costs.holder", {"now": {"value": 12, "low": "8", "high": 18}}),
        ("war.exhaustion.holder", "12%/year"),
        ("actors.holder.discount", "0.5 % / month"),
        ("steps.leave-belt.serves", {"land.handed-over": None}),
        ("steps.demilitarise-belt.snap-back-by", ["rival"]),
        ("include", ["more.yaml"]),
    ],
)
def test_it_fits_the_short_forms(path: str, value: object) -> None:
    raw = changed({path: value})
    assert VALIDATOR.is_valid(raw)
    raw.pop("include", None)
    assert build_scenario(raw)[1] == []


def test_every_field_is_described() -> None:
    for name, definition in SCHEMA["$defs"].items():
        parts = definition.get("anyOf", [definition])
        for part in parts:
            for field, content in part.get("properties", {}).items():
                assert content.get("description"), f"{name}.{field}"


def test_required_fields() -> None:
    assert set(SCHEMA["required"]) == REQUIRED


def test_no_mark_of_its_making_is_left() -> None:
    text = json.dumps(SCHEMA)
    assert "kind-of-number" not in text
    assert "#/$defs/Quantity" not in text
