"""A run that is killed twenty times, at random moments, ends in the answer of one that is not.

`servanda simulate` on a shipped case, in a run folder, is killed (SIGKILL) and begun again, twenty
times; the twenty-first is left to end. Each run does, on average, so small a share of the work that
the last kill still leaves some. The answer must be that of the unbroken run to the last digit, the
folders must hold the same chunks to the last byte, and so must tables of every history.
"""

import os
import random
import signal
import subprocess
import sys
import time
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory

KILLS = 20
SHARE = 1.0 / (KILLS + 8)
"""Of the work, done by a run before it is killed, on average."""

CASE = ("two-step-territory-and-guarantee", "--policies", "120", "--quiet", "--threads", "1")
MANY, ROWS = ("--histories", "6000000"), ("--histories", "100000")


def main() -> None:
    dice = random.Random(1)
    with TemporaryDirectory() as place:
        whole, broken = Path(place) / "whole", Path(place) / "broken"
        alone, plain = timed("simulate", *CASE, *MANY, "--json", "--run", str(whole))
        again, _ = timed("resume", str(whole), "--json", "--quiet", "--threads", "1")
        held, lost, during = [chunks(broken)], 0, 0
        for _ in range(KILLS):
            process = servanda("simulate", *CASE, *MANY, "--run", str(broken))
            time.sleep(again + dice.uniform(0.0, 2.0) * SHARE * (alone - again))
            during += process.poll() is None
            process.send_signal(signal.SIGKILL)
            process.communicate()
            held.append(chunks(broken))
            lost += len(held[-2].items() - held[-1].items())
        last, found = timed("resume", str(broken), "--json", "--quiet", "--threads", "1")
        same = plain == found != b"" and chunks(broken) == chunks(whole)
        halves = len(list(broken.rglob(".servanda-*")))
        rows = [Path(place) / "whole.csv", Path(place) / "broken.csv"]
        for folder, table in zip((whole, broken), rows, strict=True):
            timed("simulate", *CASE, *ROWS, "--run", str(folder), "--table", str(table))
        alike = rows[0].read_bytes() == rows[1].read_bytes()
        of = len(chunks(whole))
    print(f"Chunks there before each run: {', '.join(str(len(one)) for one in held)}; of {of}.\n")
    print(
        "| killed at work | left to do after the last kill | lost or changed | halves left ", end=""
    )
    print("| same answer, same chunks | same rows |\n| ---: | ---: | ---: | ---: | --- | --- |")
    print(
        f"| {during} times | {of - len(held[-1])} of {of} chunks | {lost} | {halves} | "
        f"{'yes' if same else 'NO'} | {'yes' if alike else 'NO'} |"
    )
    print(f"\nUnbroken {alone:.1f} s; all chunks there {again:.1f} s; the last run {last:.1f} s.")


def chunks(folder: Path) -> dict[str, str]:
    """Names of whole chunks, and digests of what they hold."""
    found = folder.glob("chunks/[a-z]*.npz")
    return {one.name: blake2b(one.read_bytes()).hexdigest() for one in found}


def timed(*arguments: str) -> tuple[float, bytes]:
    start = time.perf_counter()
    said = servanda(*arguments).communicate()[0]
    return time.perf_counter() - start, said


def servanda(*arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "servanda", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=dict(os.environ))


if __name__ == "__main__":
    main()
