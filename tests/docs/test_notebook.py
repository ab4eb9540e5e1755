"""The tutorial notebook runs from the first cell to the last, and its answers show themselves."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "docs" / "tutorials" / "notebook.ipynb"


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    """The notebook, run in an empty folder."""
    done = tmp_path_factory.mktemp("notebook") / "done.ipynb"
    run = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "execute_notebook.py"), str(NOTEBOOK), str(done)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return nbformat.read(done, as_version=4)


def shown(notebook: nbformat.NotebookNode, starts: str) -> dict[str, str]:
    """What the cell whose last line starts so shows, by kind."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    cell = next(cell for cell in cells if cell.source.splitlines()[-1].startswith(starts))
    (output,) = cell.outputs
    return dict(output.data)


def test_no_output_is_stored() -> None:
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None


@pytest.mark.parametrize(
    ("starts", "words", "charts"),
    [
        ("case", "numbers have a source", 0),
        ("sv.deals", "Efficient deals", 1),
        ("orders", "Orders of the same deal", 4),
        ("sv.why", "As things stand some deal is kept in", 2),
        ("levers", "Effect of one spread on the share of draws", 1),
        ("sv.talks", "What has become of the war", 2),
    ],
)
def test_answers_show_themselves_as_tables_and_charts(
    executed: nbformat.NotebookNode, starts: str, words: str, charts: int
) -> None:
    data = shown(executed, starts)
    assert words in data["text/html"]
    assert "<table>" in data["text/html"]
    assert data["text/html"].count('<img src="data:image/svg+xml;base64,') >= charts
    assert "<script" not in data["text/html"]
    assert len(data["text/plain"]) < 200


def test_numbers_come_out_as_arrays(executed: nbformat.NotebookNode) -> None:
    assert "'best': " in shown(executed, "dict")["text/plain"]
    assert shown(executed, "margins")["text/plain"].startswith("((40,), ")


def test_the_brief_is_written(executed: nbformat.NotebookNode) -> None:
    assert shown(executed, "sorted")["text/plain"] == "['brief.html', 'brief.pdf']"
