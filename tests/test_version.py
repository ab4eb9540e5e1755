"""The version is the same wherever it is said."""

import re
import tomllib
from pathlib import Path

from servanda.version import VERSION


def test_version_agrees_everywhere(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = (root / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert project["version"] == VERSION
    assert re.search(r"^version: (.+)$", citation, re.MULTILINE).group(1) == VERSION
    assert re.search(r"^## (\d+\.\d+\.\d+)", changelog, re.MULTILINE).group(1) == VERSION
