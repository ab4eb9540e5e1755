"""Drive a headless Chromium over its debugging pipe: no port, no driver, no download.

    browser = Browser(find_chromium())
    page = browser.open_page(Path("brief.html"), width=390, height=844)
    assert page.errors == []
    assert page.requests_leaving == []
    page.evaluate("document.querySelectorAll('svg').length")
    page.screenshot(Path("phone.png"))
    browser.close()

Chromium reads commands from file descriptor 3 and writes answers and events to 4, each a JSON
text that ends in a zero byte (the Chrome DevTools protocol). Names are never resolved, so whatever
a page asks of another machine is seen here and goes nowhere.
"""

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

FLAGS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-sandbox",  # the tests run as root in a container, and open only our own pages
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-default-browser-check",
    "--no-first-run",
)

STAYS_HERE = ("file:", "data:", "blob:", "about:")


def find_chromium() -> str | None:
    """The path of the first Chromium on the machine, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@dataclass(frozen=True)
class Message:
    """What a page said: `level` as Chromium names it, exceptions and blocked loads as 'error'."""

    level: str
    text: str


@dataclass
class Page:
    """One open page, with everything it said and asked for since it was opened."""

    browser: "Browser"
    session: str
    target: str
    console: list[Message] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    loaded: bool = False

    @property
    def errors(self) -> list[str]:
        """Texts of console errors, uncaught exceptions and refused loads."""
        self.browser.settle()
        return [message.text for message in self.console if message.level == "error"]

    @property
    def requests_leaving(self) -> list[str]:
        """Addresses asked for that are not in the page's own file."""
        self.browser.settle()
        return [url for url in self.requests if not url.startswith(STAYS_HERE)]

    def evaluate(self, script: str) -> Any:
        """The value of a JavaScript expression; promises are awaited."""
        answer = self._call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            raise AssertionError(f"{script}: {_exception_text(answer['exceptionDetails'])}")
        return answer["result"].get("value")

    def wait_for(self, script: str, seconds: float = 20.0) -> None:
        """Wait until a JavaScript expression is true."""
        end = time.monotonic() + seconds
        while not self.evaluate(f"Boolean({script})"):
            if time.monotonic() > end:
                raise AssertionError(f"not true after {seconds} s: {script}; said {self.console}")
            time.sleep(0.05)

    def resize(self, width: int, height: int) -> None:
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def screenshot(self, path: Path, *, full_page: bool = False) -> None:
        """Write what is in view, or the whole length of the page, as PNG."""
        clip: dict[str, Any] = {}
        if full_page:
            size = self._call("Page.getLayoutMetrics")["cssContentSize"]
            box = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
            clip = {"clip": box, "captureBeyondViewport": True}
        answer = self._call("Page.captureScreenshot", format="png", **clip)
        path.write_bytes(base64.b64decode(answer["data"]))

    def close(self) -> None:
        self.browser.pages.pop(self.session, None)
        self.browser.call("Target.closeTarget", targetId=self.target)

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self.browser.call(method, session=self.session, **parameters)

    def _hear(self, method: str, event: dict[str, Any]) -> None:
        match method:
            case "Runtime.consoleAPICalled":
                words = (
                    str(part.get("value", part.get("description", ""))) for part in event["args"]
                )
                self.console.append(Message(event["type"], " ".join(words)))
            case "Runtime.exceptionThrown":
                self.console.append(Message("error", _exception_text(event["exceptionDetails"])))
            case "Log.entryAdded":
                entry = event["entry"]
                self.console.append(Message(entry["level"], entry["text"]))
            case "Network.requestWillBeSent":
                self.requests.append(event["request"]["url"])
            case "Network.webSocketCreated":
                self.requests.append(event["url"])
            case "Page.loadEventFired":
                self.loaded = True


class Browser:
    """A running Chromium with a new, empty profile."""

    def __init__(self, chromium: str) -> None:
        self.pages: dict[str, Page] = {}
        self._answers: dict[int, dict[str, Any]] = {}
        self._asked = 0
        self._heard = b""
        self._profile = tempfile.TemporaryDirectory(
            prefix="servanda-browser-", ignore_cleanup_errors=True
        )
        in_read, self._write = os.pipe()
        self._read, out_write = os.pipe()
        # The shell moves the two ends to 3 and 4; they are first put out of each other's way.
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 20) for end in (in_read, out_write)]
        moves = f'exec "$@" 3<&{ends[0]} 4>&{ends[1]}'
        command = [chromium, *FLAGS, f"--user-data-dir={self._profile.name}", "about:blank"]
        self._process = subprocess.Popen(
            ["bash", "-c", moves, "chromium", *command],
            pass_fds=ends,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for end in (in_read, out_write, *ends):
            os.close(end)

    def open_page(self, path: Path, width: int = 1280, height: int = 900) -> Page:
        """Open a local file in a view of that size and wait until it has loaded."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = self.pages[session] = Page(self, session, target)
        page.resize(width, height)
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable", session=session)
        page.console.clear()
        page.requests.clear()
        page.loaded = False
        answer = self.call("Page.navigate", session=session, url=path.resolve().as_uri())
        if answer.get("errorText"):
            raise AssertionError(f"{path}: {answer['errorText']}")
        self._listen(lambda: page.loaded, 60.0, f"{path} did not load")
        return page

    def call(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """Send one command and return its answer; what else arrives meanwhile is kept."""
        self._asked += 1
        asked = self._asked
        message: dict[str, Any] = {"id": asked, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        rest = memoryview(json.dumps(message).encode() + b"\0")
        while rest:
            rest = rest[os.write(self._write, rest) :]
        self._listen(lambda: asked in self._answers, 60.0, f"no answer to {method}")
        answer = self._answers.pop(asked)
        if "error" in answer:
            raise AssertionError(f"{method}: {answer['error']['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    def settle(self, seconds: float = 0.2) -> None:
        """Take in what is still arriving until it has been quiet for so long."""
        while select.select([self._read], [], [], seconds)[0]:
            self._take_in()

    def close(self) -> None:
        try:
            self.call("Browser.close")
            self._process.wait(timeout=20)
        except (AssertionError, OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        os.close(self._write)
        os.close(self._read)
        self._profile.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _listen(self, heard: Callable[[], bool], seconds: float, complaint: str) -> None:
        end = time.monotonic() + seconds
        while not heard():
            left = end - time.monotonic()
            if left <= 0 or not select.select([self._read], [], [], left)[0]:
                raise AssertionError(f"{complaint} in {seconds:.0f} s")
            self._take_in()

    def _take_in(self) -> None:
        block = os.read(self._read, 1 << 20)
        if not block:
            raise AssertionError("the browser has gone")
        *messages, self._heard = (self._heard + block).split(b"\0")
        for text in messages:
            message = json.loads(text)
            if "id" in message:
                self._answers[message["id"]] = message
            elif page := self.pages.get(message.get("sessionId", "")):
                page._hear(message["method"], message["params"])


def _exception_text(details: dict[str, Any]) -> str:
    thrown = details.get("exception", {})
    return str(thrown.get("description") or thrown.get("value") or details["text"])
