"""Records of monthly changes of control."""

import re

import pytest

from servanda.errors import NotFoundError, ScenarioError
from servanda.files.dynamics import read_record, shipped_records

(NAME,) = shipped_records()


def broken(tmp_path, *changes: tuple[str, str]) -> str:
    text = shipped_records()[NAME].read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_record_that_ships() -> None:
    record = read_record(NAME)
    assert (record.months[0], record.months[-1], len(record.months)) == ("2024-08", "2026-01", 18)
    assert record.months[record.fitted] == "2025-07"
    assert sum(record.changes[5:17]) == pytest.approx(4333, abs=1)  # the year 2025
    for change, parts in zip(record.changes, record.parts, strict=True):
        assert sum(parts.values()) == pytest.approx(change, abs=60)  # a few other places


def test_a_record_of_ones_own(tmp_path) -> None:
    path = broken(tmp_path, ("change: 363.5", "change: -12"), ("fronts: 5", "fronts: 3"))
    record = read_record(path)
    assert (record.changes[0], record.fronts) == (-12.0, 3)


def test_all_that_is_wrong_is_said_at_once(tmp_path) -> None:
    path = broken(
        tmp_path,
        ("fronts: 5", "fronts: 0"),
        ("error: 10", "error: -1"),
        ("2024-10: {change: 502.8", "2024-10: {change: much"),
        ("2025-01: {change", "2025-13: {change"),
        ("gains: land", "gain: land"),
        ("2025-03: {change", "2025-03: {chance: 1, change"),
        ("source: deepstate-figures", "source: deepstate-figure"),
        ("{2024-10: 610", "{2023-10: 610"),
    )
    with pytest.raises(ScenarioError) as caught:
        read_record(path)
    said = str(caught.value)
    for words in ("fronts", "error", "2024-10", "2025-13", "Did you mean 'gains'", "'chance'"):
        assert words in said
    assert "Did you mean 'deepstate-figures'" in said
    assert "names a month that the record has not" in said
    assert re.search(r"mine\.yaml:\d+:\d+", said)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("calibrate: [2024-08, 2025-06]", "calibrate: [2024-09, 2025-06]", "begins after"),
        ("score: [2025-07, 2026-01]", "score: [2025-07, 2026-02]", "first and the last"),
        ("score: [2025-07, 2026-01]", "score: [2025-09, 2026-01]", "begins after"),
        ("  2024-11: {", "  2024-12: {", "twice"),
    ],
)
def test_months_must_follow_one_another(tmp_path, old, new, words) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_record(broken(tmp_path, (old, new)))
    assert words in str(caught.value) or "follow" in str(caught.value)


def test_no_such_record_names_the_nearest() -> None:
    with pytest.raises(NotFoundError, match=NAME):
        read_record(NAME[:-1])
