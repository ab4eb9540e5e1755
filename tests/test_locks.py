"""The locks pin everything by hash, agree with one another, and name no address."""

import re
import tomllib
from pathlib import Path

import pytest

LOCKS = ("requirements.lock", "requirements-dev.lock")
PEERS = "benchmarks/requirements.lock"


def _pins(text: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;\\]+)", text, re.MULTILINE))


def _name(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower().replace(".", "-").replace("_", "-")


@pytest.mark.parametrize("name", [*LOCKS, PEERS])
def test_every_line_is_a_pin_or_a_hash(root: Path, name: str) -> None:
    text = (root / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line]
    pin = re.compile(r"[a-z0-9-]+==\S+( ; [^\\]+)? \\")
    digest = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert [line for line in lines if not (pin.fullmatch(line) or digest.fullmatch(line))] == []


def test_peers_are_pinned_and_stay_out_of_the_tests(root: Path) -> None:
    """What the literature's values were taken from is what the benchmarks run against."""
    peers = _pins((root / PEERS).read_text(encoding="utf-8"))
    ours = _pins((root / "requirements-dev.lock").read_text(encoding="utf-8"))
    assert (root / f"tests/literature/software/negmas-{peers['negmas']}").is_dir()
    assert "negmas" not in ours


def test_what_is_tested_is_what_is_run(root: Path) -> None:
    run, dev = (_pins((root / name).read_text(encoding="utf-8")) for name in LOCKS)
    assert {name: dev.get(name) for name in run} == run


def test_the_locks_hold_what_the_project_asks_for(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    run, dev = (_pins((root / name).read_text(encoding="utf-8")) for name in LOCKS)
    extras = project["project"]["optional-dependencies"]
    needed = project["project"]["dependencies"] + project["build-system"]["requires"]
    assert [name for name in map(_name, needed) if name not in run] == []
    assert [name for name in map(_name, extras["dev"]) if name not in dev] == []


def test_every_dependency_has_its_reason_in_the_documentation(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = (root / "docs" / "explanation" / "dependencies.md").read_text(encoding="utf-8").lower()
    extras = project["optional-dependencies"]
    names = map(_name, [*project["dependencies"], *extras["dev"], *extras["build"]])
    told = {name.replace("-python", "").replace("jinja2", "jinja") for name in names}
    told = {name.replace("ruamel-yaml", "ruamel.yaml").replace("-parser", "") for name in told}
    assert sorted(name for name in told if name not in page) == []
