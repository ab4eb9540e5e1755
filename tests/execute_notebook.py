"""Run a notebook with this interpreter, whatever kernels are installed, and write it with outputs.

    python tests/execute_notebook.py docs/tutorials/notebook.ipynb done.ipynb

It runs in the folder of the second file. A program of its own, so that what the kernel's client
leaves open when it ends is not held against the tests.
"""

import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient

SECONDS = 300
"""Most a cell may take, also where kernels are compiled first."""


def execute(source: Path, target: Path) -> None:
    with TemporaryDirectory(prefix="servanda-notebook-") as folder:
        kernel = Path(folder) / "kernels" / "here" / "kernel.json"
        kernel.parent.mkdir(parents=True)
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        said = {"argv": command, "display_name": "Here", "language": "python"}
        kernel.write_text(json.dumps(said), encoding="utf-8")
        os.environ |= {
            "JUPYTER_PATH": folder,
            "JUPYTER_RUNTIME_DIR": f"{folder}/runtime",
            "IPYTHONDIR": f"{folder}/ipython",
        }
        notebook = nbformat.read(source, as_version=4)
        place = {"metadata": {"path": str(target.parent)}}
        client = NotebookClient(notebook, kernel_name="here", timeout=SECONDS, resources=place)
        client.execute()
    nbformat.write(notebook, target)


if __name__ == "__main__":
    execute(Path(sys.argv[1]), Path(sys.argv[2]).resolve())
