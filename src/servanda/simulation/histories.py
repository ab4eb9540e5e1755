"""Histories of a scenario: what becomes of the war, and of what is signed to end it.

Every history belongs to a policy, which is one draw of all that is uncertain: chance within a
policy and what is not known about the world stay apart. Policies are costly and are computed by an
engine, chunk by chunk; a run folder keeps them, so that other histories of the same policies cost
seconds. Histories are walked as the policies come in, and only their counts are kept.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.files.runs import Run, load_chunk, save_chunk
from servanda.results.analysis import Origin
from servanda.results.breach_ways import STEP_FAILED
from servanda.results.histories import NEVER, HistoryDraws, Outcome, gather_histories
from servanda.results.histories_answer import HistoriesAnswer, PlanBreak, Story
from servanda.results.history_summary import TypicalHistory
from servanda.scenario.model import Scenario
from servanda.simulation.candidates import Candidate, find_candidates
from servanda.simulation.engines import Job, chunks, open_engine
from servanda.simulation.history_story import order_of, story_of
from servanda.simulation.policies import Policy, Setting, histories_problem
from servanda.simulation.policy_chunks import setting_in, specification, unpacked
from servanda.simulation.progress import Progress
from servanda.simulation.talks_strikes import courses_of_strikes
from servanda.solvers.histories import LOT, share_of, simulate_histories
from servanda.solvers.history_summary import (
    HistoryTally,
    add_tally,
    join_tallies,
    summary_of,
    tally_histories,
)
from servanda.solvers.threads import in_threads, n_workers

CHUNK = 4
"""Policies computed at once."""


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
"""Called with columns of histories, lot by lot, in order."""


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
        on, threads: the engine that computes policies.
        run: keeps policies and candidates; None to keep nothing.
        progress: as everywhere.
        listen: given every history.
    """
    candidates = _candidates(scenario, origin, run, threads, progress)
    given = specification(scenario, candidates, seed=origin.seed, months=asked.months)
    job = Job(
        name="policies",
        work="servanda.simulation.policy_chunks:policy_chunk",
        specification=given,
        total=origin.draws,
        chunk=CHUNK,
        doing="policies, and their histories",
    )
    setting = setting_in(given)
    kept: dict[int, NDArray[np.uint8]] = {}
    tallies: list[HistoryTally] = []
    counted: Counter[PlanBreak] = Counter()
    in_truce = 0
    with open_engine(on, threads) as engine:
        for arrays in chunks(job, engine, run=run, progress=progress):
            for number in sorted(map(int, arrays)):
                kept[number] = arrays[str(number)]
                policy = unpacked(kept[number])
                walked = _walk(setting, policy, number, origin, asked, n_workers(threads))
                tallies = add_tally(tallies, tally_histories(walked))
                counted.update(_breaks(walked, setting, policy))
                in_truce += int((walked.truces > 0).sum())
                if listen is not None:
                    listen(readable(walked, setting, policy))
    progress("putting it together", 0.0)
    summary = summary_of(join_tallies(tallies))
    translation = setting.ground.translation
    actors, land = translation.actors, translation.land
    problem = setting.ground.every_line

    def story(stands_for: str, typical: TypicalHistory | None) -> Iterator[Story]:
        if typical is not None:
            number, policy = typical.policy, unpacked(kept[typical.policy])
            game = histories_problem(setting, policy, seed=origin.seed, number=number)
            walked = simulate_histories(
                game, 1, seed=asked.seed, policy=number, first=typical.number
            )
            yield story_of(stands_for, typical, walked, setting, policy)

    return HistoriesAnswer(
        origin=origin,
        seed=asked.seed,
        front="" if setting.front is None else land.front_names[setting.front],
        places=policy.talks.positions,
        start=policy.talks.start,
        sides=(actors.names[actors.speaker[0]], actors.names[actors.speaker[1]]),
        gates=translation.audiences.names,
        deals=tuple(problem.named(one.package) for one in candidates),
        packages=tuple(one.package for one in candidates),
        summary=summary,
        breaks=tuple(
            replace(one, share=count / summary.histories) for one, count in counted.most_common()
        ),
        truces=in_truce / summary.histories,
        strikes=courses_of_strikes(scenario, translation, summary.struck),
        stories=(
            *story("kept", summary.kept_history),
            *story("broken", summary.broken_history),
            *story("unsigned", summary.unsigned_history),
        ),
    )


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


def _walk(
    setting: Setting, policy: Policy, number: int, origin: Origin, asked: Asked, workers: int
) -> HistoryDraws:
    """The histories that fall to one policy, in lots over the threads."""
    game = histories_problem(setting, policy, seed=origin.seed, number=number)
    share = share_of(number, origin.draws, asked.histories)
    firsts = range(0, max(share, 1), LOT)

    def walk(first: int) -> HistoryDraws:
        count = min(LOT, share - first)
        return simulate_histories(game, count, seed=asked.seed, policy=number, first=first)

    return gather_histories(in_threads(walk, firsts, workers))


def _breaks(walked: HistoryDraws, setting: Setting, policy: Policy) -> Counter[PlanBreak]:
    """How many plans ended before their time in each way."""
    ended = walked.broken != NEVER
    columns = (walked.deal, walked.way, walked.stage, walked.outcome)
    rows, counts = np.unique(
        np.stack([column[ended] for column in columns], axis=-1), axis=0, return_counts=True
    )
    found: Counter[PlanBreak] = Counter()
    for (deal, way, stage, _), count in zip(rows.tolist(), counts.tolist(), strict=True):
        order = order_of(setting, policy, deal)
        under_way = " + ".join(order[stage]) if stage < len(order) else ""
        said = policy.after.ways[way] if way != NEVER else None
        found[
            PlanBreak(
                actor=said.actor if said else "",
                kind=str(said.kind) if said else STEP_FAILED,
                step=said.step if said else "",
                stage=under_way,
                war=said.war if said else False,
                share=0.0,
            )
        ] += count
    return found


def readable(walked: HistoryDraws, setting: Setting, policy: Policy) -> dict[str, NDArray[Any]]:
    """Columns of histories with names in place of numbers; "" for none, -1 for never."""
    actors = np.array([*setting.ground.translation.actors.names, ""])
    gates = np.array([*setting.ground.translation.audiences.names, ""])
    kinds = np.array([*(str(way.kind) for way in policy.after.ways), ""])
    steps = np.array([*(way.step for way in policy.after.ways), ""])
    outcomes = np.array([outcome.name.lower() for outcome in Outcome])
    packages = np.array([*(one.package for one in setting.candidates), NEVER])
    by = np.where(walked.by == len(actors) - 1, NEVER, walked.by)
    return walked.columns() | {
        "outcome": outcomes[walked.outcome],
        "deal": packages[walked.deal],
        "voted_down_by": gates[walked.voted_down_by],
        "by": actors[by],
        "way": kinds[walked.way],
        "step": steps[walked.way],
    }
