"""What all tests share: a cache that is never stale, chance that repeats, and a browser."""

import os
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Before anything imports numba, and also when pytest is called without make.
os.environ["NUMBA_CACHE_DIR"] = str(
    runpy.run_path(str(ROOT / "tools" / "kernel_digest.py"))["cache_folder"]()
)

import hypothesis  # noqa: E402
from hypothesis.configuration import set_hypothesis_home_dir  # noqa: E402

from browser import Browser, find_chromium  # noqa: E402

set_hypothesis_home_dir(ROOT / ".cache" / "hypothesis")
hypothesis.settings.register_profile("servanda", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("servanda")

BROWSER_NOT_RUN = (
    "browser checks not run: no Chromium on this machine (SERVANDA_REQUIRE_BROWSER=1 requires one)"
)


@pytest.fixture(autouse=True)
def page_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text is printed as wide as a page, also where pytest's workers say how wide their own is."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture(scope="session")
def root() -> Path:
    """The top folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; `browser.open_page(path, width, height)` gives a page to look at."""
    chromium = find_chromium()
    if chromium is None:
        if os.environ.get("SERVANDA_REQUIRE_BROWSER"):
            pytest.fail("SERVANDA_REQUIRE_BROWSER is set, and no Chromium is on this machine")
        pytest.skip(BROWSER_NOT_RUN)
    with Browser(chromium) as running:
        yield running
