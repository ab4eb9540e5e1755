"""The JSON Schema of the scenario language, for editors and for other programs.

Made from the models, so that the words are those of the reference page and of the complaints.
The schema knows the shape of a scenario; what spans several fields (names that must exist, weights
that must sum) only ``servanda check`` knows.
"""

from __future__ import annotations

from typing import Any, get_args

from servanda.scenario import quantity
from servanda.scenario.model import Scenario
from servanda.scenario.quantity import ID_PATTERN, Kind, Quantity, Shape, kebab

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NUMBER = r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?"
_IDS: Schema = {"type": "array", "items": {"type": "string", "pattern": ID_PATTERN}}
_CODED: Schema = {
    "type": "object",
    "properties": {"coded": {"type": "string"}, "note": {"type": "string"}},
    "required": ["coded"],
    "additionalProperties": False,
}
INCLUDE = (
    "Further files of the same folder whose sections are added to this one; a section may be "
    "spread over files, an entry may not."
)


def scenario_schema() -> Schema:
    """The schema of a scenario file as an editor can use it, field names as written in files."""
    made = Scenario.model_json_schema(by_alias=True)
    definitions = {name: _tidy(part) for name, part in made.pop("$defs").items()}
    root = _tidy(made)
    for name in ("Trend", "HazardTrend"):  # a plain quantity is a trend that does not drift
        definitions[name] = _or_plain(definitions[name], definitions[name]["properties"]["now"])
    serves = definitions["Step"]["properties"]["serves"]
    references: Schema = {
        "type": "array",
        "items": {"type": "string", "pattern": next(iter(serves["patternProperties"]))},
    }
    definitions["Step"]["properties"]["serves"] = _or_plain(serves, references)
    for kind in kinds():
        definitions[_name(kind)] = _number(kind)
    properties = root.pop("properties")
    properties["include"] = {
        "description": INCLUDE,
        "type": "array",
        "items": {"type": "string"},
    }
    return {
        "$schema": DIALECT,
        "title": "Servanda scenario",
        **{key: value for key, value in root.items() if key != "title"},
        "properties": properties,
        "$defs": dict(sorted(definitions.items())),
    }


def kinds() -> list[Kind]:
    """Every kind of number a field may hold."""
    return [value for value in vars(quantity).values() if isinstance(value, Kind)]


def _name(kind: Kind) -> str:
    return f"number.{kind.name}"


def _tidy(part: Any) -> Any:
    """Point to the kinds of numbers, allow no other keys, drop titles that repeat the key."""
    if isinstance(part, list):
        return [_tidy(item) for item in part]
    if not isinstance(part, dict):
        return part
    if part.get("type") == "integer":  # a class of the coding rules may be a whole number
        described = {"description": part["description"]} if "description" in part else {}
        plain = {key: item for key, item in part.items() if key not in ("title", "description")}
        return {**described, "anyOf": [plain, _CODED]}
    result: Schema = {}
    for key, item in part.items():
        if key == "kind-of-number":
            result["$ref"] = f"#/$defs/number.{item}"
        elif key == "properties":
            result[key] = {name: _tidy(field) for name, field in item.items()}
        elif key != "title":
            result[key] = _tidy(item)
    if "patternProperties" in result:
        result["additionalProperties"] = False
    return result


def _or_plain(long: Schema, short: Schema) -> Schema:
    """Either form, with the description of the long one."""
    plain = {key: value for key, value in short.items() if key != "description"}
    rest = {key: value for key, value in long.items() if key != "description"}
    return {"description": long["description"], "anyOf": [plain, rest]}


def _number(kind: Kind) -> Schema:
    """A number, a text such as ``5%/year``, or the long form with range, beliefs and sources."""
    short = [_plain_number(kind), _text(kind)]
    described = {kebab(name): field.description for name, field in Quantity.model_fields.items()}
    central: Schema = {"anyOf": short}
    percentile: Schema = {"anyOf": [*short, {"type": "null"}]}
    forms: dict[str, Schema] = {
        "value": central,
        "low": percentile,
        "high": percentile,
        "shape": {"enum": [*get_args(Shape), None]},
        "believed": {
            "type": "object",
            "patternProperties": {ID_PATTERN: {"$ref": f"#/$defs/{_name(kind)}"}},
            "additionalProperties": False,
        },
        "sources": _IDS,
        "coded": {"type": "string"},
        "note": {"type": "string"},
    }
    long: Schema = {
        "type": "object",
        "properties": {
            name: {"description": described[name], **form} for name, form in forms.items()
        },
        "anyOf": [{"required": ["value"]}, {"required": ["coded"]}],
        "additionalProperties": False,
    }
    unit = kind.unit[:1].upper() + kind.unit[1:]
    return {
        "description": f"{unit}: a number, a text such as {_example(kind)}, or the long form.",
        "anyOf": [*short, long],
    }


def _plain_number(kind: Kind) -> Schema:
    result: Schema = {"type": "number"}
    if kind.lower > float("-inf"):
        result["minimum"] = kind.lower
    if kind.upper < float("inf"):
        result["maximum"] = kind.upper
    return result


def _text(kind: Kind) -> Schema:
    rate = r"(\s*/\s*(year|month))?" if kind.rate else ""
    return {"type": "string", "pattern": rf"^\s*{_NUMBER}\s*%?{rate}\s*$"}


def _example(kind: Kind) -> str:
    return {"year": "5%/year", "month": "1%/month"}.get(kind.rate, "40%")
