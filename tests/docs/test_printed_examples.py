"""What the pages print is what happens.

Every ``console`` block is run: a line ``$ servanda ...`` is a command, the lines below it must
occur in its output (``...`` stands for anything). It must end with exit code 0, or with the one an
HTML comment before the block states: ``<!-- exit: 2 -->``. Commands of one page share a new, empty
folder and follow one another. Every ``python`` block with ``>>>`` is a doctest; the blocks of one
page share their names.
"""

import doctest
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "README.md",
    *(path for path in sorted((ROOT / "docs").rglob("*.md")) if "_build" not in path.parts),
]
FENCE = re.compile(
    r"(?:<!--\s*exit:\s*(?P<exit>\d+)\s*-->\s*)?"
    r"^(?P<ticks>`{3,}|:{3,})\{?(?P<language>[\w-]+)\}?[^\n]*\n(?P<body>.*?)^(?P=ticks)\s*$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    language: str
    body: str
    line: int
    exit_code: int


def blocks(text: str) -> list[Block]:
    return [
        Block(
            language=found["language"],
            body=found["body"],
            line=text.count("\n", 0, found.start("body")),
            exit_code=int(found["exit"] or 0),
        )
        for found in FENCE.finditer(text)
    ]


def commands(body: str) -> list[tuple[str, list[str]]]:
    """Each command of a console block with the lines printed below it."""
    found: list[tuple[str, list[str]]] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found and found[-1][0].endswith("\\"):
            found[-1] = (found[-1][0][:-1] + line.strip(), [])
        elif found and line.strip():
            found[-1][1].append(line)
    return [entry for entry in found if entry[0].startswith("servanda")]


def occurs(printed: str, output: str) -> bool:
    """Whether a printed line is in the output, spaces counting as one and ... as anything."""
    parts = [re.escape(" ".join(part.split())) for part in printed.split("...")]
    return any(re.search(".*".join(parts), " ".join(line.split())) for line in output.splitlines())


def _run(command: str, folder: Path) -> tuple[int, str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    run = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=folder,
        env={**os.environ, "PATH": path, "COLUMNS": "120", "NO_COLOR": "1", "TERM": "dumb"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=300,
    )
    return run.returncode, run.stdout


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def _pages_with(language: str, sign: str) -> list[Path]:
    return [
        page
        for page in PAGES
        if any(
            block.language == language and sign in block.body
            for block in blocks(page.read_text(encoding="utf-8"))
        )
    ]


@pytest.mark.parametrize("page", _pages_with("console", "$ servanda"), ids=_name)
def test_printed_commands_do_what_the_page_says(page: Path, tmp_path: Path) -> None:
    for block in blocks(page.read_text(encoding="utf-8")):
        if block.language != "console":
            continue
        for command, printed in commands(block.body):
            place = f"{_name(page)}:{block.line}: {command}"
            code, output = _run(command, tmp_path)
            assert code == block.exit_code, f"{place}\nexit code {code}\n{output}"
            missing = [line for line in printed if not occurs(line, output)]
            assert not missing, f"{place}\nnot in the output: {missing}\n{output}"


@pytest.mark.parametrize("page", _pages_with("python", ">>>"), ids=_name)
def test_printed_python_is_true(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    parser = doctest.DocTestParser()
    names: dict[str, object] = {"__name__": "__main__"}
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    for block in blocks(page.read_text(encoding="utf-8")):
        if block.language == "python" and ">>>" in block.body:
            test = parser.get_doctest(block.body, names, _name(page), _name(page), block.line)
            runner.run(test, out=report.append, clear_globs=False)
            names = test.globs
    assert runner.summarize(verbose=False).failed == 0, "".join(report)


PAGE = """
```console
$ servanda list
geneva-2026 ... talks
two lines
$ other thing
```

<!-- exit: 2 -->
```console
$ servanda check \\
    wrong.yaml
```

```python
>>> 1 + 1
2
```
"""


def test_the_reader_of_pages_itself() -> None:
    first, second, third = blocks(PAGE)
    assert commands(first.body) == [("servanda list", ["geneva-2026 ... talks", "two lines"])]
    assert commands(second.body) == [("servanda check wrong.yaml", [])]
    assert [first.exit_code, second.exit_code, third.exit_code] == [0, 2, 0]
    assert third.body == ">>> 1 + 1\n2\n"
    assert occurs("geneva-2026 ... talks", "  geneva-2026    The Geneva talks, 2026\n")
    assert not occurs("two lines", "two\nlines")
