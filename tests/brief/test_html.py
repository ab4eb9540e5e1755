"""The HTML brief: complete, one file, and inert whatever the names of a scenario say."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from brief.answers import sample_answers
from brief.sample import no_deal_sample, sample_analysis, sample_scenario
from browser import Browser
from servanda.brief import render_html
from servanda.brief.html import POLICY, inert_json

ORDER = (
    "The answer",
    "What stands in the way most",
    "Red lines",
    "From all packages to those that could be kept",
    "What each side gets against fighting on",
    "Which deal a fair division would choose",
    "The order of steps",
    "Orders people speak of, beside the best one",
    "How credible the guarantees would have to be",
    "Who holds what, and what changes hands",
    "If the war goes on, as each side believes it",
    "Assumptions, most influential first",
    "Sources",
    "The steps, as coded",
    "Settings, searches and limits",
    "How to get this brief again",
)


class Reader(HTMLParser):
    """What a page is made of: its elements with their attributes, and the text people see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.scripts: list[str] = []
        self._inside: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.text += " " if tag in {"td", "th", "dd", "li", "p"} else ""
        if tag in {"script", "style"}:
            self._inside.append(tag)
            self.scripts += [""] if tag == "script" else []

    def handle_endtag(self, tag: str) -> None:
        if self._inside and tag == self._inside[-1]:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.text += data.replace("\u2060", "")
        elif self._inside[-1] == "script":
            self.scripts[-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]


def page(*, hostile: bool = False, deal: bool = True, besides: bool = False) -> str:
    scenario = sample_scenario(hostile=hostile)
    answers = sample_answers() if besides else {}
    return render_html((sample_analysis if deal else no_deal_sample)(scenario), scenario, answers)


def test_the_sections_stand_in_the_order_in_which_they_are_read() -> None:
    found = re.findall(r'<section id="[a-z-]+">\s*<h2>(.*?)</h2>', page())
    assert tuple(found) == ORDER


def test_further_answers_have_their_sections_and_the_command_asks_for_them() -> None:
    titles = re.findall(r'<section id="[a-z-]+">\s*<h2>(.*?)</h2>', page(besides=True))
    further = {
        "How often some deal is kept, answer by answer",
        "Why no deal is kept yet",
        "What would change it",
        "Talks while fighting",
        "The talks round by round",
        "What may become of it",
        "What has changed, and what that does",
        "What outsiders can do",
        "What would have to be true",
        "Where two numbers decide",
        "Which assumptions deserve research first",
    }
    assert set(titles) - set(ORDER) == further
    assert [one for one in titles if one not in further] == list(ORDER)
    asked = "--with why,levers,sensitivity,talks,rounds,histories,pressure,inverse"
    assert f"{asked} --from compare.npz --from map.npz" in page(besides=True)


def test_the_parts_say_for_whom_they_are() -> None:
    assert re.findall(r'<p class="reader">(.*?)</p>', page()) == [
        "For the analyst",
        "For the auditor",
    ]


def test_the_first_page_says_answer_evidence_and_caveats() -> None:
    text = Reader(page()).text.replace("\u00a0", " ")
    assert "As of 18 February 2026" in text
    assert "is unlikely (24 %; 90 % interval 21–27 %)" in text
    assert "Evidence: moderate." in text
    assert "best order of steps found for the deal in focus is kept in 61 % of the draws" in text
    assert "“Territory first” in <1 % and “Guarantees first” in 44 %" in text
    assert text.index("Positions are those stated in public.") < text.rindex("Red lines")
    assert text.count("Conditional on its assumptions, not a forecast.") == 2
    assert "Scenario 3f9ac21b · Servanda 0.1.0 · seed 1 · 500 draws" in text


def test_no_number_carries_three_decimals() -> None:
    text = Reader(page()).text
    assert re.findall(r"\d\.\d{3,}", text) == []


def test_the_page_has_its_policy_first_and_asks_for_nothing_outside() -> None:
    reader = Reader(page())
    assert reader.all("meta")[1] == {"http-equiv": "Content-Security-Policy", "content": POLICY}
    assert [attrs for attrs in reader.all("script") if "src" in attrs] == []
    assert [attrs["href"] for attrs in reader.all("link")] == ["data:,"]
    assert reader.all("img") == reader.all("iframe") == reader.all("object") == []


def test_every_source_link_has_its_place() -> None:
    reader = Reader(page())
    places = {attrs["id"] for _, attrs in reader.elements if "id" in attrs}
    links = {str(attrs["href"])[1:] for attrs in reader.all("a") if str(attrs["href"])[0] == "#"}
    assert links <= places
    assert {"source-survey", "source-speech", "number-guarantees.treaty.credibility"} <= places


def test_hostile_names_are_text_and_nothing_else() -> None:
    tame, hostile = Reader(page()), Reader(page(hostile=True))
    assert "<script>alert(1)</script>" in hostile.text
    assert len(hostile.all("script")) == len(tame.all("script")) == 3
    assert hostile.all("img") == []
    assert [one for _, one in hostile.elements if any(key.startswith("on") for key in one)] == []
    assert "javascript:alert(3)" not in [attrs.get("href") for attrs in hostile.all("a")]
    assert "\u202e" not in hostile.text
    json.loads(hostile.scripts[0])


def test_json_for_a_script_cannot_end_it() -> None:
    nasty = ["</script><!--", "a & b", "\u2028"]
    text = str(inert_json(nasty))
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == nasty


def test_when_there_is_no_deal_that_is_the_finding() -> None:
    text = Reader(page(deal=False)).text.replace("\u00a0", " ")
    assert "There is almost no chance (<1 %; 90 % interval up to 1 %) of a deal" in text
    assert "At the central values there is none: no package passes red lines" in text
    assert "in >99 % of the 500 draws no package within the red lines is better" in text
    assert "crosses 1 red line and is 4.2 points short for Riverlands" in text
    assert "No order of steps was found" in text


def test_two_briefs_of_the_same_analysis_are_the_same() -> None:
    assert page() == page()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("kind", ["tame", "hostile", "no deal", "besides"])
def test_in_a_browser(kind: str, width: int, browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "brief.html"
    text = page(hostile=kind == "hostile", deal=kind != "no deal", besides=kind == "besides")
    path.write_text(text, encoding="utf-8")
    view = browser.open_page(path, width=width, height=900)
    view.wait_for("document.documentElement.dataset.charts === 'done'")
    assert view.errors == []
    assert view.requests_leaving == []
    charts = view.evaluate("document.querySelectorAll('[data-chart]').length")
    assert charts == {"no deal": 3, "besides": 35}.get(kind, 12)
    drawn = view.evaluate(
        "[...document.querySelectorAll('[data-chart]')].map("
        "one => one.querySelectorAll('svg .role-mark path, svg .role-mark text').length)"
    )
    assert min(drawn) > 0
    assert view.evaluate("document.documentElement.scrollWidth") == width
    assert view.evaluate("document.querySelectorAll('img').length") == 0
    assert view.evaluate("document.fonts.check('12px Inter')") is True
    view.close()


def test_on_paper_everything_is_open(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "brief.html"
    path.write_text(page(), encoding="utf-8")
    view = browser.open_page(path, width=800)
    view.wait_for("document.documentElement.dataset.charts === 'done'")
    view.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert view.evaluate("[...document.querySelectorAll('details')].every(one => one.open)")
    view.close()
