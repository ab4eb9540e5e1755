"""Import: a GENIUS folder with 10^5 outcomes to a scenario that passes the check.

The time asked for is that of the whole (parsing, checking, writing YAML), under a second. It is
taken in this process and as the command, which starts Python as well.
"""

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from servanda.files.genius import genius_files
from servanda.files.geniusweb import geniusweb_files
from servanda.files.write import dump_plain
from servanda.scenario.preferences import Preferences, Profile
from servanda.workbench import export_files, import_files

REPEATS = 5
DAY = date(2026, 1, 1)


def wishes(issues: int, options: int, actors: int = 2, seed: int = 3) -> Preferences:
    rng = np.random.default_rng(seed)
    listed = {f"Issue {j}": tuple(f"option {o}" for o in range(options)) for j in range(issues)}
    return Preferences(
        name="random",
        issues=listed,
        profiles=tuple(
            Profile(
                actor=f"party {a}",
                weights=dict(zip(listed, rng.dirichlet(np.ones(issues)).tolist(), strict=True)),
                evaluations={
                    issue: dict(zip(names, rng.random(options).round(4).tolist(), strict=True))
                    for issue, names in listed.items()
                },
                reservation=0.3,
            )
            for a in range(actors)
        ),
    )


def times(call: Callable[[], object]) -> list[float]:
    call()
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return sorted(taken)


def line(what: str, outcomes: int, taken: list[float]) -> None:
    count = f"{outcomes:,}" if outcomes < 1e9 else f"{float(outcomes):.0e}"
    print(f"| {what} | {count} | {median(taken):.3f} s | {taken[0]:.3f}–{taken[-1]:.3f} s |")


def in_process(folder: Path) -> Callable[[], object]:
    return lambda: dump_plain(import_files([folder], as_of=DAY).raw)


def command(folder: Path) -> Callable[[], object]:
    target = folder.parent / "out.yaml"
    arguments = ["import", str(folder), "--output", str(target), "--force", "--json"]

    def run() -> None:
        done = subprocess.run(
            [sys.executable, "-m", "servanda", *arguments],
            check=True,
            capture_output=True,
            text=True,
        )
        assert json.loads(done.stdout)["good"]

    return run


def put(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def main() -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print(f"| import of | outcomes | median of {REPEATS} | from–to |")
    print("| --- | ---: | ---: | --- |")
    with TemporaryDirectory() as name:
        place = Path(name)
        few = wishes(issues=5, options=10)
        many = wishes(issues=17, options=2, actors=5)
        folder = put(place / "genius", genius_files(few))
        line("GENIUS, 5 issues of 10, in one process", few.n_packages, times(in_process(folder)))
        line("GENIUS, 5 issues of 10, the command", few.n_packages, times(command(folder)))
        wide = put(place / "wide", genius_files(many))
        line("GENIUS, 17 issues of 2, 5 parties", many.n_packages, times(in_process(wide)))
        vast = put(place / "vast", genius_files(wishes(issues=50, options=20)))
        line("GENIUS, 50 issues of 20", 20**50, times(in_process(vast)))
        web = put(place / "web", geniusweb_files(few))
        line("GeniusWeb, 5 issues of 10", few.n_packages, times(in_process(web)))
        scenario = import_files([folder], as_of=DAY).scenario
        table = put(
            place / "table",
            {"t.csv": export_files(scenario, to="csv", name="t").files["t.csv"].decode()},
        )
        line("CSV, every package in a row", few.n_packages, times(in_process(table)))
        line(
            "(export of that CSV)",
            few.n_packages,
            times(lambda: export_files(scenario, to="csv", name="t")),
        )


if __name__ == "__main__":
    main()
