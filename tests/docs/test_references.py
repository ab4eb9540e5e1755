"""Links lead somewhere, and whom the code cites is in the bibliography."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# "Nash (1950)", "(Hirshleifer 1989)", "Mohammad et al. 2020"; names of months are not people.
CITATION = re.compile(
    r"\b(?!(?:Janu|Febru)ary|March|April|May|June|July|August|(?:Sept|Nov|Dec)ember|October)"
    r"([A-Z][A-Za-z\u00c0-\u017f'-]{2,})(?: et al\.)? \(?(1[89]\d\d|20[01]\d|202[0-5])[a-z]?\b"
)
ENTRY = re.compile(r"^\*\*(.+?)\((\d{4})[a-z]?\)\.\*\*", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "benchmarks/README.md"])
def test_links_of_pages_outside_the_documentation(name: str) -> None:
    page = ROOT / name
    text = COMMENT.sub("", page.read_text(encoding="utf-8"))
    assert [link for link in LINK.findall(text) if not (page.parent / link).exists()] == []


def test_every_work_cited_in_the_code_is_in_the_bibliography() -> None:
    bibliography = (ROOT / "docs" / "bibliography.md").read_text(encoding="utf-8")
    known = [(people, year) for people, year in ENTRY.findall(bibliography)]
    missing = {
        f"{surname} ({year}) in {path.relative_to(ROOT)}"
        for path in (ROOT / "src").rglob("*.py")
        for surname, year in CITATION.findall(path.read_text(encoding="utf-8"))
        if not any(surname in people and year == known_year for people, known_year in known)
    }
    assert sorted(missing) == []
