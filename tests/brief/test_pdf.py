"""The first page on paper: one A4 sheet, whatever a scenario calls its parts."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from brief.answers import sample_answers, sample_levers
from brief.sample import no_deal_sample, sample_analysis, sample_scenario
from servanda.brief.page_one import page_one
from servanda.brief.pdf import render_pdf
from servanda.charts.names import Names
from servanda.charts.numbers import percent
from servanda.results.analysis import Analysis
from servanda.scenario.model import Scenario

A4 = (595.3, 841.9)
MARKUP = '#panic("x") $ \\ * _a_ <b> @c // `d` #{'


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def called(scenario: Scenario, name: str) -> Scenario:
    """The same scenario with every part called so."""

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: renamed(item) for key, item in value.items()}
        named = {
            field: name
            for field in ("name", "title", "question", "says", "publisher")
            if getattr(value, field, None)
        }
        return value.model_copy(update=named)

    parts = ("actors", "parcels", "fronts", "issues", "steps", "guarantees", "audiences", "orders")
    new = {part: renamed(getattr(scenario, part)) for part in (*parts, "red_lines", "sources")}
    new["issues"] = {
        key: issue.model_copy(update={"options": renamed(issue.options)})
        for key, issue in new["issues"].items()
    }
    return scenario.model_copy(update={"title": name, **new})


def analysed(scenario: Scenario) -> Analysis:
    found = sample_analysis(scenario)
    return replace(found, caveats=tuple(f"{scenario.title}. {one}" for one in found.caveats))


def test_it_is_one_sheet_of_vectors_in_the_shipped_font() -> None:
    scenario = sample_scenario()
    pdf = render_pdf(sample_analysis(scenario), scenario, sample_answers())
    assert pages(pdf) == 1
    box = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert box is not None
    assert tuple(map(float, box.groups())) == pytest.approx(A4, abs=0.1)
    assert re.search(rb"/Subtype\s*/Image", pdf) is None
    fonts = set(re.findall(rb"/BaseFont\s*/[A-Z]{6}\+([\w-]+)", pdf))
    assert {font.removesuffix(b"-Identity-H") for font in fonts} == {
        b"Inter-Regular",
        b"Inter-Bold",
    }


def test_it_is_dated_as_the_scenario_and_the_same_every_time() -> None:
    scenario = sample_scenario()
    first, second = (render_pdf(sample_analysis(scenario), scenario) for _ in range(2))
    assert first == second
    assert b"/CreationDate(D:20260218" in first


def test_a_name_is_never_read_as_markup() -> None:
    scenario = called(sample_scenario(), MARKUP)
    pdf = render_pdf(analysed(scenario), scenario, sample_answers())
    assert pages(pdf) == 1
    title = re.search(rb'<dc:title>.*?<rdf:li xml:lang="[^"]*">(.*?)</rdf:li>', pdf, re.DOTALL)
    assert title is not None
    assert unescape(title[1].decode()) == MARKUP


@pytest.mark.parametrize("times", [1, 4, 30])
@pytest.mark.parametrize("name", ["Überwälder Confédération ", "W" * 40, "Долина и Річка "])
def test_long_names_do_not_make_a_second_page(name: str, times: int) -> None:
    scenario = called(sample_scenario(), (name * times).strip())
    assert pages(render_pdf(analysed(scenario), scenario, sample_answers())) == 1


@pytest.mark.parametrize("hostile", [False, True])
def test_without_a_deal_an_order_or_land(hostile: bool) -> None:
    scenario = sample_scenario(hostile=hostile)
    assert pages(render_pdf(no_deal_sample(scenario), scenario)) == 1
    bare = scenario.model_copy(update={"parcels": {}, "fronts": {}})
    analysis = replace(sample_analysis(scenario), land=(), orders=(), assumptions=())
    assert pages(render_pdf(analysis, bare)) == 1


def test_what_the_sheet_says() -> None:
    scenario = sample_scenario()
    sheet = page_one(sample_analysis(scenario), Names(scenario), {"levers": sample_levers()})
    assert [picture.title for picture in sheet.figures] == [
        "Packages left after each gate",
        "How firmly each order of steps holds",
    ]
    assert sheet.land is not None
    assert "no endorsement of any claim" in sheet.land.note
    assert sheet.orders is not None
    rows = [[str(cell) for cell in row.cells] for row in sheet.orders.rows]
    assert [row[0] for row in rows] == ["Best order found", "Territory first", "Guarantees first"]
    assert rows[0][3] == "Riverlands, in month 2, during “Guarantee ratified”: resume fighting"
    assert rows[1][5] == "Uplands"
    assert "credibility, raised by 0.37 (who can: League)" in str(sheet.change[0].line)
    assert len(sheet.caveats) == 3
    assert sheet.peace is None


def test_histories_say_whether_a_signed_peace_stands_five_years_on() -> None:
    scenario = sample_scenario()
    answers = {"histories": sample_answers()["histories"]}
    peace = page_one(sample_analysis(scenario), Names(scenario), answers).peace
    assert peace is not None
    share = percent(answers["histories"].summary.in_peace.share[60])
    assert "Under these assumptions, a signed peace that stands 5 years from now" in peace.line
    assert f"{share} of 9,800 histories" in peace.line


def test_levers_that_do_not_reach_the_target_are_said_to_fall_short() -> None:
    scenario = sample_scenario()
    answers = {"levers": sample_levers(enough=False)}
    said = page_one(sample_analysis(scenario), Names(scenario), answers).change[0].line
    assert "No lever alone brings a kept deal to 50" in str(said)
    assert "guarantee “Treaty of the League”: credibility, raised" in str(said)
