"""Histories of a scenario: what becomes of the war, and of what is signed to end it.

Every history belongs to a policy, which is one draw of all that is uncertain: chance within a
policy and what is not known about the world stay apart. Policies are dear and histories cheap: an
engine computes policies chunk by chunk, and walks the histories of each as it comes in. Only counts
are kept of them. Where histories are few they are walked in this process, which takes less than
sending and keeping them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.files.runs import Arrays, Run, load_chunk, save_chunk
from servanda.results.analysis import Origin
from servanda.results.histories_answer import HistoriesAnswer, Story
from servanda.results.history_summary import TypicalHistory
from servanda.scenario.model import Scenario
from servanda.simulation.candidates import Candidate, find_candidates
from servanda.simulation.engines import THREADS, Job, chunks, in_order, open_engine
from servanda.simulation.history_chunks import Counted, history_tasks, joined, read_chunk
from servanda.simulation.history_story import story_of
from servanda.simulation.policies import Policy, histories_problem
from servanda.simulation.policy_chunks import policy_chunk, setting_in, specification, unpacked
from servanda.simulation.progress import Progress
from servanda.simulation.talks_strikes import courses_of_strikes
from servanda.solvers.histories import simulate_histories
from servanda.solvers.history_summary import summary_of

CHUNK = 4
"""Policies computed at once."""

MANY = 1_000_000
"""Histories that are worth sending to an engine, and keeping: some five seconds of one core."""

DOING = "policies, and their histories"

HELD = 512
"""Policies held until the end for the stories; one of later ones is computed again for its own."""


@dataclass(frozen=True)
class Asked:
    """What is asked.

    Attributes:
        histories: how many.
        seed: of what chance decides in them.
        months: that they are followed.
    """

    histories: int
    seed: int
    months: int


Listen = Callable[[Mapping[str, NDArray[Any]]], None]
"""Called with columns of histories, chunk by chunk, in order."""


def histories_of_scenario(
    scenario: Scenario,
    origin: Origin,
    asked: Asked,
    *,
    on: str,
    threads: int | None,
    run: Run | None,
    progress: Progress,
    listen: Listen | None = None,
) -> HistoriesAnswer:
    """Histories of a checked scenario with a war.

    Args:
        scenario: variant and changes already applied.
        origin: its seed and draws are those of the policies.
        asked: how many histories, from which seed, how long.
        on, threads: the engine.
        run: keeps candidates, policies, and the counts of many histories; None to keep nothing.
        progress: as everywhere.
        listen: given every history.
    """
    candidates = _candidates(scenario, origin, run, threads, progress)
    given = specification(scenario, candidates, seed=origin.seed, months=asked.months)
    setting = setting_in(given)
    held: dict[int, NDArray[np.uint8]] = {}

    def policy(number: int) -> Policy:
        if number not in held:
            held.update({number: policy_chunk(given, number, 1)[str(number)]})
        return unpacked(held[number])

    def story(stands_for: str, typical: TypicalHistory | None) -> Iterator[Story]:
        if typical is not None:
            number, one = typical.policy, policy(typical.policy)
            game = histories_problem(setting, one, seed=origin.seed, number=number)
            walked = simulate_histories(
                game, 1, seed=asked.seed, policy=number, first=typical.number
            )
            yield story_of(stands_for, typical, walked, setting, one)

    total = _count(given, origin, asked, held, on, threads, run, progress, listen)
    progress("putting it together", 0.0)
    summary = summary_of(total.tally)
    translation = setting.ground.translation
    actors, land = translation.actors, translation.land
    problem, talks = setting.ground.every_line, policy(0).talks
    return HistoriesAnswer(
        origin=origin,
        seed=asked.seed,
        front="" if setting.front is None else land.front_names[setting.front],
        places=talks.positions,
        start=talks.start,
        sides=(actors.names[actors.speaker[0]], actors.names[actors.speaker[1]]),
        gates=translation.audiences.names,
        deals=tuple(problem.named(one.package) for one in candidates),
        packages=tuple(one.package for one in candidates),
        summary=summary,
        breaks=tuple(replace(one, share=count / summary.histories) for one, count in total.breaks),
        truces=total.truces / summary.histories,
        strikes=courses_of_strikes(scenario, translation, summary.struck),
        stories=(
            *story("kept", summary.kept_history),
            *story("broken", summary.broken_history),
            *story("unsigned", summary.unsigned_history),
        ),
    )


def _count(
    given: Mapping[str, Any],
    origin: Origin,
    asked: Asked,
    held: dict[int, NDArray[np.uint8]],
    on: str,
    threads: int | None,
    run: Run | None,
    progress: Progress,
    listen: Listen | None,
) -> Counted:
    """All histories, counted as their policies come in; the first policies are put into ``held``.

    Rows are never kept: writing one takes longer than walking its history again.
    """
    job = Job(
        name="policies",
        work="servanda.simulation.policy_chunks:policy_chunk",
        specification=given,
        total=origin.draws,
        chunk=CHUNK,
    )
    few = asked.histories < MANY
    here = open_engine(THREADS, threads) if few and on != THREADS else None
    with open_engine(on, threads) as engine, here or nullcontext(engine) as walkers:
        tasks = history_tasks(
            given,
            _noted(chunks(job, engine, run=run), held),
            policies=origin.draws,
            histories=asked.histories,
            seed=asked.seed,
            rows=listen is not None,
        )
        keep = None if few or listen is not None else run
        return joined(_heard(in_order(tasks, walkers, keep), asked.histories, progress, listen))


def _noted(parts: Iterator[Arrays], held: dict[int, NDArray[np.uint8]]) -> Iterator[Any]:
    """Policies one by one; the first ones are held."""
    for arrays in parts:
        for number in sorted(map(int, arrays)):
            if number < HELD:
                held[number] = arrays[str(number)]
            yield arrays[str(number)]


def _heard(
    parts: Iterator[Arrays], total: int, progress: Progress, listen: Listen | None
) -> Iterator[Counted]:
    """Counts of chunks; whoever listens is given their rows."""
    done = 0
    progress(DOING, 0.0, total)
    for arrays in parts:
        counted, rows = read_chunk(arrays)
        if listen is not None:
            listen(rows)
        done += int(counted.tally.count.sum())
        progress(DOING, done / total, total)
        yield counted


def _candidates(
    scenario: Scenario, origin: Origin, run: Run | None, threads: int | None, progress: Progress
) -> tuple[Candidate, ...]:
    """The deals that may be offered, from the run folder where they were found before."""
    said = f"{origin.digest}|{origin.seed}|{origin.draws}".encode()
    label = f"candidates@{blake2b(said, digest_size=16).hexdigest()}"
    stored = load_chunk(run, label, 0) if run is not None else None
    if stored is not None:
        plain = json.loads(stored["candidates"].tobytes())
        return tuple(Candidate.from_plain(one) for one in plain)
    found = find_candidates(
        scenario, seed=origin.seed, draws=origin.draws, threads=threads, progress=progress
    )
    if run is not None:
        text = json.dumps([one.to_plain() for one in found])
        save_chunk(run, label, 0, {"candidates": np.frombuffer(text.encode(), np.uint8)})
    return found
