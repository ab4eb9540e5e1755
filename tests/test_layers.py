"""Who may know whom: the contracts of pyproject.toml, and no way round them by the face."""

import subprocess
import sys
from pathlib import Path

import grimp


def test_import_contracts_are_kept(root: Path) -> None:
    lint = Path(sys.executable).parent / "lint-imports"
    run = subprocess.run(
        [lint, "--cache-dir", ".cache/import-linter"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_nothing_inside_imports_the_face(root: Path) -> None:
    graph = grimp.build_graph("servanda", cache_dir=str(root / ".cache" / "grimp"))
    assert graph.find_modules_that_directly_import("servanda") == set()


def test_the_library_holds_no_code(root: Path) -> None:
    library = root / "src" / "servanda" / "library"
    code = [path for path in library.rglob("*.py") if path != library / "__init__.py"]
    assert code == []
