"""Histories as keyed work for an engine: some histories of some policies, counted.

What travels to a worker is the policies, as the bytes a run folder keeps of them: they are dear to
compute and small to send. What comes back is counts, which add up to the same sums in any order,
and rows where somebody wants every history.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.files.results import packed as encoded
from servanda.files.results import unpacked as decoded
from servanda.files.runs import Arrays
from servanda.results.breach_ways import STEP_FAILED
from servanda.results.histories import NEVER, HistoryDraws, Outcome
from servanda.results.histories_answer import PlanBreak
from servanda.simulation.engines import Task
from servanda.simulation.history_story import order_of
from servanda.simulation.policies import Policy, Setting, histories_problem
from servanda.simulation.policy_chunks import loosened, setting_in, squeezed, unpacked
from servanda.solvers.histories import LOT, share_of, simulate_histories
from servanda.solvers.history_summary import (
    HistoryTally,
    add_tally,
    join_tallies,
    tally_histories,
)

PARTS = 64
"""Chunks that histories are cut into, where that makes them neither too small nor too large."""

LARGEST = 16 * LOT
"""Histories of a chunk at most: 0.3 seconds of one core, and 30 MB while they are counted."""

TOGETHER = 4
"""Policies of a chunk at most."""

COUNTED = "counted"


@dataclass(frozen=True, eq=False)
class Counted:
    """Some histories, counted.

    Attributes:
        tally: what a summary is made of.
        breaks: ways in which plans ended before their time, without a share, and how often.
        truces: histories with a truce.
    """

    tally: HistoryTally
    breaks: tuple[tuple[PlanBreak, int], ...]
    truces: int


def history_tasks(
    given: Mapping[str, Any],
    packed: Iterable[NDArray[np.uint8]],
    *,
    policies: int,
    histories: int,
    seed: int,
    rows: bool,
) -> Iterator[Task]:
    """Chunks of all histories, policy by policy.

    Args:
        given: the specification of the policies.
        packed: the policies in their order, read as they are needed.
        policies, histories, seed: as asked; the sizes of chunks depend on nothing else.
        rows: whether every history is wanted.
    """
    size = min(max(histories // PARTS, LOT), LARGEST)
    share = share_of(0, policies, histories)  # the first policies have the largest
    together = min(max(size // share, 1), TOGETHER)
    said = json.dumps([given, policies, histories, seed, size, together], sort_keys=True)
    digest = blake2b(said.encode(), digest_size=16).hexdigest()
    label = f"histories-{histories}-{seed}@{digest}"
    asked = {"given": given, "policies": policies, "histories": histories, "seed": seed}
    arriving = iter(packed)
    number = 0
    for first in range(0, policies, together):
        count = min(together, policies - first)
        sent = {str(first + k): next(arriving) for k in range(count)}
        for start in range(0, share, size):
            part = {"packed": sent, "from": start, "most": size, "rows": rows}
            yield Task(label, number, f"{__name__}:history_chunk", asked | part, first, count)
            number += 1


def history_chunk(asked: Mapping[str, Any], first: int, count: int) -> Arrays:
    """Histories of the policies ``first`` to ``first + count - 1``, counted; their rows if wanted.

    Args:
        asked: the specification of a task of `history_tasks`.
    """
    setting = setting_in(asked["given"])
    counted: list[Counted] = []
    rows: list[dict[str, NDArray[Any]]] = []
    for number in range(first, first + count):
        policy = unpacked(asked["packed"][str(number)])
        walked = _walk(asked, setting, policy, number)
        counted.append(_counted(walked, setting, policy))
        if asked["rows"]:
            rows.append(readable(walked, setting, policy))
    every = {
        name: np.concatenate([one[name] for one in rows]) for name in (rows[0] if rows else ())
    }
    return {COUNTED: squeezed(**encoded(joined(counted))), **every}


def read_chunk(arrays: Arrays) -> tuple[Counted, Arrays]:
    """The counts of a chunk, and the rows if there are any."""
    rows = {name: column for name, column in arrays.items() if name != COUNTED}
    return decoded(Counted, loosened(arrays[COUNTED])), rows


def joined(parts: Iterable[Counted]) -> Counted:
    """Counts added up; the same in any order."""
    tallies: Sequence[HistoryTally] = []
    breaks: Counter[PlanBreak] = Counter()
    truces = 0
    for part in parts:
        tallies = add_tally(tallies, part.tally)
        breaks.update(dict(part.breaks))
        truces += part.truces
    often = sorted(breaks.items(), key=lambda one: (-one[1], astuple(one[0])))
    return Counted(join_tallies(tallies), tuple(often), truces)


def _walk(asked: Mapping[str, Any], setting: Setting, policy: Policy, number: int) -> HistoryDraws:
    """Those histories of one policy that are in the chunk; there may be none."""
    share = share_of(number, asked["policies"], asked["histories"])
    return simulate_histories(
        histories_problem(setting, policy, seed=asked["given"]["seed"], number=number),
        max(min(share - asked["from"], asked["most"]), 0),
        seed=asked["seed"],
        policy=number,
        first=asked["from"],
    )


def _counted(walked: HistoryDraws, setting: Setting, policy: Policy) -> Counted:
    breaks = _breaks(walked, setting, policy)
    return Counted(tally_histories(walked), tuple(breaks.items()), int((walked.truces > 0).sum()))


def _breaks(walked: HistoryDraws, setting: Setting, policy: Policy) -> Counter[PlanBreak]:
    """How many plans ended before their time in each way."""
    ended = walked.broken != NEVER
    columns = np.stack([walked.deal, walked.way, walked.stage])[:, ended] - NEVER
    spans = columns.max(axis=1, initial=0) + 1
    kinds, counts = np.unique(np.ravel_multi_index(tuple(columns), spans), return_counts=True)
    rows = np.stack(np.unravel_index(kinds, spans), axis=-1) + NEVER
    found: Counter[PlanBreak] = Counter()
    for (deal, way, stage), count in zip(rows.tolist(), counts.tolist(), strict=True):
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
