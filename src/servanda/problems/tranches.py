"""Tranches: a divisible step carried out part by part, each part a step of its own.

A step in n parts is done part 1 first, part n last; each takes its months divided by n, rounded up,
and carries a share 1/n of its costs and of what cheating gains. Who owns it, who can undo it and
how late cheating is seen hold for every part. A part counts only while those before it stand, so
undoing part k undoes whatever came after it as well; what is gained meanwhile in secret is counted
for that one part. What a step does as a whole, such as to stop the fighting, it does with its last.

Schelling, T. (1960), The Strategy of Conflict: a bargain is safer cut into small steps.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from servanda.errors import NotFoundError, ProblemError

Integers = NDArray[np.int64]

MOST_PARTS = 62
"""A state is one signed 64-bit integer."""


@dataclass(frozen=True)
class Parts:
    """How n steps fall into m parts, in the order of the steps.

    Attributes:
        steps: n labels.
        names: m labels; that of a whole step is its own.
        of: (m,) index of the step.
        number: (m,) which of its parts, from 1.
        count: (m,) how many parts that step has.
    """

    steps: tuple[str, ...]
    names: tuple[str, ...]
    of: Integers
    number: Integers
    count: Integers

    @cached_property
    def last(self) -> Integers:
        """(n,) the last part of every step."""
        return np.flatnonzero(self.number == self.count)

    @cached_property
    def is_last(self) -> NDArray[np.bool_]:
        """(m,) whether the step is done with this part."""
        whole: NDArray[np.bool_] = self.number == self.count
        return whole

    @cached_property
    def labels(self) -> tuple[tuple[str, ...], ...]:
        """What each part adds to the labels done: its own, and with the last the step's."""
        ends = [self.steps[step] for step in self.of.tolist()]
        return tuple(
            (name, end) if last else (name,)
            for name, end, last in zip(self.names, ends, self.is_last.tolist(), strict=True)
        )

    def months(self, months: Integers) -> Integers:
        """(m,) months of every part, from (n,) those of the steps: divided, rounded up."""
        each = months[self.of]
        divided: Integers = np.where(self.count > 1, -(-each // self.count), each)
        return divided

    def needed(self, requires: Sequence[Iterable[int]]) -> list[tuple[int, ...]]:
        """Parts that each part needs: the one before it, else all of what its step needs."""
        return [
            (part - 1,)
            if number > 1
            else tuple(int(self.last[other]) for other in requires[self.of[part]])
            for part, number in enumerate(self.number.tolist())
        ]

    def together(self, steps: Iterable[int]) -> list[tuple[int, ...]]:
        """The stages in which steps exchanged together come: as many as the least divided has.

        Alike steps go part by part; of a step with more parts, the latest that is due by then.
        """
        members = list(steps)
        first = self.last[members] - self.count[self.last[members]] + 1
        counts = self.count[self.last[members]]
        rounds = int(counts.min(initial=MOST_PARTS))
        return [tuple((first + -(-counts * (k + 1) // rounds) - 1).tolist()) for k in range(rounds)]

    def counted(self, states: Integers) -> Integers:
        """States (N,) without the parts that stand on a part undone."""
        counted = states.copy()
        for part in np.flatnonzero(self.number > 1).tolist():
            stands = counted >> (part - 1) & 1
            counted &= ~((1 - stands) << part)
        return counted

    def done(self, states: Integers) -> list["Done"]:
        """What payoff functions are told about each state."""
        return [Done(self, state) for state in self.counted(states).tolist()]


class Done(frozenset[str]):
    """Steps done: ``"land" in done`` once all of it is, ``done.share("land")`` before that.

    Single parts are in it too, as ``"land 1/4"``.
    """

    parts: Parts
    state: int

    def __new__(cls, parts: Parts, state: int) -> "Done":
        """From a state in which every part stands on those before it."""
        labels = (parts.labels[part] for part in range(len(parts.names)) if state >> part & 1)
        done = super().__new__(cls, chain.from_iterable(labels))
        done.parts, done.state = parts, state
        return done

    def share(self, step: str) -> float:
        """Share of a step that is done, 0 to 1."""
        if step not in self.parts.steps:
            raise NotFoundError("step", step, self.parts.steps)
        parts = np.flatnonzero(self.parts.of == self.parts.steps.index(step)).tolist()
        return sum(self.state >> part & 1 for part in parts) / len(parts)


def parts_of(steps: Sequence[str], tranches: Mapping[str, int] | None) -> Parts:
    """The parts of all steps, in their order.

    Args:
        steps: labels.
        tranches: into how many parts a step is divided; the others stay whole.
    """
    wanted = dict(tranches or {})
    for name, count in wanted.items():
        if name not in steps:
            raise NotFoundError("step", name, steps)
        if not 1 <= count <= MOST_PARTS:
            raise ProblemError(f"tranches: '{name}' in {count} parts; 1 to {MOST_PARTS} wanted")
    counts = [wanted.get(name, 1) for name in steps]
    names = [part for name, n in zip(steps, counts, strict=True) for part in part_names(name, n)]
    return Parts(
        steps=tuple(steps),
        names=tuple(names),
        of=np.repeat(np.arange(len(counts)), counts),
        number=np.array([k for n in counts for k in range(1, n + 1)], np.int64),
        count=np.repeat(np.array(counts, np.int64), counts),
    )


def part_names(step: str, count: int) -> tuple[str, ...]:
    """Labels of the parts of a step, as in ``land 1/4``; its own where it stays whole."""
    if count == 1:
        return (step,)
    return tuple(f"{step} {k}/{count}" for k in range(1, count + 1))
