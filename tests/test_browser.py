"""The browser helper sees what a page says and what it asks for."""

from pathlib import Path

from browser import Browser

TALKATIVE = """<!doctype html><meta charset="utf-8"><title>talkative</title>
<style>body { margin: 0 } #wide { width: 100%; height: 3000px; background: teal }</style>
<div id="wide"></div>
<img src="https://elsewhere.invalid/picture.png" alt="">
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==" alt="">
<script>console.log("a word", 7); console.error("a complaint");</script>
<script>throw new Error("an accident");</script>
"""

REFUSED = """<!doctype html><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; script-src 'unsafe-inline'">
<script>fetch("https://elsewhere.invalid/").catch(() => { window.refused = true; });</script>
"""

QUIET = """<!doctype html><meta charset="utf-8"><title>quiet</title><p>all is well</p>"""


def _page(folder: Path, text: str) -> Path:
    path = folder / "page.html"
    path.write_text(text, encoding="utf-8")
    return path


def test_errors_and_requests_that_leave_the_page_are_seen(browser: Browser, tmp_path: Path) -> None:
    page = browser.open_page(_page(tmp_path, TALKATIVE))
    assert "a complaint" in page.errors
    assert any("an accident" in text for text in page.errors)
    assert any("ERR_NAME_NOT_RESOLVED" in text for text in page.errors)
    assert "a word 7" in [message.text for message in page.console if message.level == "log"]
    assert page.requests_leaving == ["https://elsewhere.invalid/picture.png"]
    assert any(url.startswith("data:image/gif") for url in page.requests)
    page.close()


def test_requests_refused_by_the_page_s_own_policy_are_errors(
    browser: Browser, tmp_path: Path
) -> None:
    page = browser.open_page(_page(tmp_path, REFUSED))
    page.wait_for("window.refused")
    assert any("Content Security Policy" in text for text in page.errors)
    page.close()


def test_a_quiet_page_has_no_errors_and_stays_at_home(browser: Browser, tmp_path: Path) -> None:
    page = browser.open_page(_page(tmp_path, QUIET))
    assert page.errors == []
    assert page.requests_leaving == []
    assert page.evaluate("document.title") == "quiet"
    page.close()


def test_pictures_have_the_size_asked_for(browser: Browser, tmp_path: Path) -> None:
    page = browser.open_page(_page(tmp_path, TALKATIVE), width=390, height=844)
    assert page.evaluate("[innerWidth, innerHeight]") == [390, 844]
    page.screenshot(tmp_path / "view.png")
    page.screenshot(tmp_path / "whole.png", full_page=True)
    assert _png_size(tmp_path / "view.png") == (390, 844)
    width, height = _png_size(tmp_path / "whole.png")
    assert width == 390
    assert height >= 3000
    page.close()


def _png_size(path: Path) -> tuple[int, int]:
    head = path.read_bytes()[16:24]
    return int.from_bytes(head[:4]), int.from_bytes(head[4:])
