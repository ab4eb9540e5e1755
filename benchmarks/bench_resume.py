"""A run that is killed twenty times, at random moments, ends in the answer of one that is not.

`servanda sensitivity` on a shipped case, in a run folder, is begun, killed (SIGKILL) and begun
again, twenty times; the last time it is left alone. Its answer must be the same to the last digit.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

KILLS = 20
ASKED = ("sensitivity", "oslo-1993", "--draws", "600", "--json", "--quiet", "--threads", "1")


def main() -> None:
    dice = random.Random(1)
    with TemporaryDirectory() as place:
        folder = Path(place) / "run"
        start = time.perf_counter()
        plain = servanda(*ASKED).communicate()[0]
        alone = time.perf_counter() - start
        held: set[str] = set()
        lost = 0
        spent = 0.0
        for _ in range(KILLS):
            process = servanda(*ASKED, "--run", str(folder))
            begun = time.perf_counter()
            time.sleep(dice.uniform(0.1, 0.6) * alone)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            spent += time.perf_counter() - begun
            now = {path.name for path in folder.glob("chunks/[a-z]*.npz")}
            lost += len(held - now)
            held = now
        start = time.perf_counter()
        after = servanda("resume", str(folder), "--json", "--quiet", "--threads", "1").communicate()
        last = time.perf_counter() - start
        chunks = len(list(folder.glob("chunks/[a-z]*.npz")))
        halves = len(list(folder.rglob(".servanda-*")))
    print("| killed | chunks kept before the last run | of | lost | halves left | same answer |")
    print("| ---: | ---: | ---: | ---: | ---: | --- |")
    same = "yes" if after[0] == plain and plain else "NO"
    print(f"| {KILLS} times | {len(held)} | {chunks} | {lost} | {halves} | {same} |")
    print(f"\nUnbroken {alone:.1f} s; killed runs together {spent:.1f} s; the last {last:.1f} s.")


def servanda(*arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "servanda", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=dict(os.environ))


if __name__ == "__main__":
    main()
