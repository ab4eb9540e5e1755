"""The terminal brief: what matters, within the width asked for, and no control sequences."""

import pytest
from rich.cells import cell_len

from brief.sample import no_deal_sample, sample_analysis, sample_scenario
from servanda.brief import render_terminal


def screen(width: int, *, hostile: bool = False, deal: bool = True, colour: bool = False) -> str:
    scenario = sample_scenario(hostile=hostile)
    analysis = (sample_analysis if deal else no_deal_sample)(scenario)
    return render_terminal(analysis, scenario, width, colour=colour)


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("hostile", [False, True])
@pytest.mark.parametrize("deal", [False, True])
def test_lines_keep_to_the_width(width: int, hostile: bool, deal: bool) -> None:
    text = screen(width, hostile=hostile, deal=deal)
    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert all(line == line.rstrip() for line in text.splitlines())


def test_the_answer_comes_first_and_the_order_has_its_weakest_link() -> None:
    lines = screen(120).splitlines()
    assert lines[0] == "Land and a guarantee"
    assert lines[1] == "As of 18 February 2026 · 500 draws, seed 1"
    assert "is unlikely (24 %; 90 % interval 21–27 %)." in lines[3]
    text = "\n".join(lines)
    assert "Evidence: moderate." in text
    weakest = next(line for line in lines if line.endswith("◀"))
    assert weakest.split() == ["2", "Guarantee", "ratified", "League", "3", "+2.2", "◀"]
    assert "packages 93,312 ▸ red lines 10,204 ▸" in text
    assert " 3 The front is one line of eight parcels." in lines
    assert "further down" not in text
    assert lines[-1] == "Conditional on its assumptions, not a forecast."


def test_no_deal_is_said_as_the_finding() -> None:
    text = " ".join(screen(120, deal=False).split())
    assert "There is almost no chance (<1 %; 90 % interval up to 1 %) of a deal" in text
    assert "At the central values there is none" in text


def test_only_colour_brings_control_sequences() -> None:
    assert "\x1b" not in screen(80, hostile=True)
    assert "\x1b[1m" in screen(80, colour=True)
    assert "\u202e" not in screen(80, hostile=True)
