"""Numbers that name a class of the coding rules."""

from servanda.scenario.coding import apply_coding, coded_classes

CLASSES = coded_classes(
    {
        "patience": {
            "means": "patience",
            "classes": {
                "ordinary": {"value": "8%/year", "low": "5%/year", "high": "13%/year", "when": "x"}
            },
        },
        "unseen": {"means": "months", "classes": {"present": {"whole": 1, "when": "y"}}},
    }
)


def test_value_and_range_come_from_the_class_and_the_class_stays() -> None:
    raw = {"actors": {"a": {"discount": {"coded": "patience.ordinary", "note": "why"}}}}
    changed, complaints = apply_coding(raw, CLASSES)
    assert complaints == []
    assert changed["actors"]["a"]["discount"] == {
        "value": "8%/year",
        "low": "5%/year",
        "high": "13%/year",
        "coded": "patience.ordinary",
        "note": "why",
    }
    assert raw["actors"]["a"]["discount"] == {"coded": "patience.ordinary", "note": "why"}


def test_a_whole_number_takes_the_place_of_its_class() -> None:
    changed, complaints = apply_coding(
        {"steps": [{"seen-after": {"coded": "unseen.present"}}]}, CLASSES
    )
    assert changed == {"steps": [{"seen-after": 1}]}
    assert complaints == []


def test_an_unknown_class_and_a_number_beside_one_are_both_said() -> None:
    raw = {
        "a": {"coded": "patience.ordinery"},
        "b": {"coded": "patience.ordinary", "value": 0.1},
    }
    _, complaints = apply_coding(raw, CLASSES)
    assert [(one.path, one.nearest) for one in complaints] == [
        ("a.coded", "patience.ordinary"),
        ("b.coded", ""),
    ]
    assert "takes its value from the coding rules" in complaints[1].rule
