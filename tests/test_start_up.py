"""Nothing heavy is loaded to say what the commands are."""

import os
import subprocess
import sys

import pytest

HEAVY = (
    "altair",
    "numba",
    "numpy",
    "pydantic",
    "rich",
    "ruamel.yaml",
    "scipy",
    "typst",
    "vl_convert",
)

HELP = """
import sys
from servanda.cli.main import main
try:
    main(["--help"])
except SystemExit as stop:
    assert not stop.code, stop.code
print("loaded:", *sys.modules)
"""


@pytest.mark.parametrize("code", [HELP, 'import sys, servanda; print("loaded:", *sys.modules)'])
def test_help_and_the_face_load_nothing_heavy(code: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=os.environ
    )
    assert run.returncode == 0, run.stderr
    loaded = run.stdout.rpartition("loaded:")[2].split()
    assert "servanda" in loaded
    assert [name for name in HEAVY if name in loaded] == []
