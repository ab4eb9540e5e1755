"""Work that stays in this process, in chunks of draws; a run folder, if there is one, keeps them.

For steps of a longer computation: what they work on is in memory already, and threads share the
work within a chunk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np

from servanda.files.runs import Arrays, Run
from servanda.simulation.engines import Engine, Job, chunks

Part = Callable[[int, int], Arrays]
"""Arrays of the draws from ``first``, ``count`` of them."""


def in_chunks(
    name: str, part: Part, total: int, size: int, run: Run | None, rests_on: Sequence[Any] = ()
) -> Iterator[Arrays]:
    """Arrays of every chunk in order, each computed once in a run.

    Args:
        name: of the chunks' files; one step, one name.
        part: computes a chunk.
        total, size: draws, and draws in a chunk.
        run: where chunks are kept; computed each time without one.
        rests_on: arrays, or values whose ``repr`` says them, on which the chunks depend.
    """
    said = {"rests-on": digest(rests_on)} if run is not None else {}
    engine = Engine(lambda _work, _said, first, count: _Later(part, first, count), 1)
    return chunks(Job(name, "", said, total, size), engine, run=run)


@dataclass(frozen=True)
class _Later:
    """A chunk computed when it is asked for."""

    part: Part
    first: int
    count: int

    def result(self) -> Arrays:
        return self.part(self.first, self.count)


def digest(values: Sequence[Any]) -> str:
    """Digest of arrays, and of values whose ``repr`` says them."""
    found = blake2b(digest_size=16)
    for value in values:
        data = value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode()
        found.update(f"{len(data)}|".encode() + data)
    return found.hexdigest()
