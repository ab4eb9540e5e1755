"""Names as they are printed."""

import pytest

from brief.sample import sample_scenario
from servanda.charts.names import Names, brief, clean, listed


def test_names_cannot_move_what_stands_around_them() -> None:
    assert clean("a\u202eb\x1b[2J\nc\u2066d\x00") == "ab[2J cd"
    assert clean("क\u094d\u200dष") == "क\u094d\u200dष"  # a joiner is part of the script


def test_lists_read_as_lists() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(["a", "b"], "or") == "a or b"
    assert brief("Valleys", 4) == "Val…"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("guarantees.treaty.credibility", "guarantee “Treaty of the League”: credibility"),
        ("war.exhaustion.rivers.now", "war: exhaustion, Riverlands"),
        ("war.initiative", "war: initiative"),
        ("issues.land.weight.uplands", "issue “Who holds the belt?”: weight, Uplands"),
        (
            "red-lines.no-gift.holds",
            "red line “No land is handed over without a treaty”: holds",
        ),
        ("steps.no-such-step.months", "step “no such step”: months"),
        ("elsewhere", "elsewhere"),
    ],
)
def test_paths_are_said_in_words(path: str, words: str) -> None:
    assert Names(sample_scenario()).path(path) == words


def test_unknown_identifiers_are_printed_as_words() -> None:
    names = Names(sample_scenario())
    assert names.step("prisoners + ratify") == "Prisoners + Guarantee ratified"
    assert names.actor("far-away-power") == "far away power"
    assert names.actor("demilitarised") == "demilitarised"
    assert names.option("land", "handed-over") == "handed over"
    assert names.side("a") == "Uplands"


def test_red_lines_are_found_by_identifier_or_words() -> None:
    names = Names(sample_scenario())
    says = "No land is handed over without a treaty"
    assert names.red_line("no-gift")[0] == "no-gift"
    assert names.red_line(says, "uplands")[0] == "no-gift"
    assert names.red_line(says, "rivers") == (says, None)
