"""A scenario with some of its steps in tranches, for everything that reads a translation.

Beyond what holds for all tranches (:mod:`servanda.problems.tranches`):

- a part carries out its share, 1/n, of every answer that the step serves;
- land moves parcel by parcel, in the order in which the step lists it, as evenly as that goes; a
  parcel is never divided;
- instruments, guarantees and the ceasefire take effect with the last part;
- what snaps back is the step, so all of its parts that are done, with one chance;
- "only after" in a red line means after all parts, for every part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from servanda.errors import NotFoundError, ProblemError
from servanda.problems.tranches import Integers, Parts, parts_of
from servanda.problems.translation import Steps, Translation

Places = tuple[tuple[int, ...], ...]


def in_tranches(translation: Translation, tranches: Mapping[str, int]) -> Translation:
    """The same scenario, its steps divided.

    Args:
        translation: of a scenario whose steps are whole.
        tranches: into how many parts each of these steps is divided, at most as many as it allows.

    Raises:
        ProblemError: more parts than the scenario allows.
    """
    if not tranches:
        return translation
    steps = translation.steps
    most = dict(zip(steps.names, steps.tranches.tolist(), strict=True))
    for name, count in tranches.items():
        if name not in most:
            raise NotFoundError("step", name, steps.names)
        if count > most[name]:
            raise ProblemError(f"tranches: '{name}' in {count} parts; it allows {most[name]}")
    parts = parts_of(steps.names, tranches)
    lines, audiences = translation.red_lines, translation.audiences
    vote = audiences.step
    return replace(
        translation,
        steps=_divided(steps, parts),
        red_lines=replace(
            lines, do=_all(parts, lines.do), only_after=_all(parts, lines.only_after)
        ),
        audiences=replace(audiences, step=np.where(vote >= 0, parts.last[vote], -1)),
    )


def divisible(translation: Translation, steps: Sequence[int]) -> dict[str, int]:
    """Into how many parts each of these steps may be divided, those that stay whole left out."""
    table = translation.steps
    return {table.names[s]: int(table.tranches[s]) for s in steps if table.tranches[s] > 1}


def _divided(steps: Steps, parts: Parts) -> Steps:
    of = parts.of
    by_part = list(zip(of.tolist(), parts.number.tolist(), parts.count.tolist(), strict=True))
    with_last = [(step, number == count) for step, number, count in by_part]
    of_each_step = [field.name for field in fields(steps) if field.name != "exchanges"]
    as_the_step: dict[str, Any] = {name: _rows(getattr(steps, name), of) for name in of_each_step}
    own = {
        "names": parts.names,
        "months": parts.months(steps.months),
        "requires": tuple(parts.needed(steps.requires)),
        "moves": tuple(_share(steps.moves[step], k, n) for step, k, n in by_part),
        "sets": tuple(steps.sets[step] if end else () for step, end in with_last),
        "brings": tuple(steps.brings[step] if end else () for step, end in with_last),
        "ceasefire": steps.ceasefire[of] & parts.is_last,
        "serves": tuple(
            tuple((issue, option, share / n) for issue, option, share in steps.serves[step])
            for step, _, n in by_part
        ),
        "passes_at": np.where(parts.is_last, steps.passes_at[of], -1),
        "exchanges": tuple(
            (stage, verified)
            for members, verified in steps.exchanges
            for stage in parts.together(members)
        ),
        "tranches": np.ones(len(of), np.int64),
        "of": of,
        "fraction": 1.0 / parts.count,
    }
    return replace(steps, **{**as_the_step, **own})


def _rows(of_steps: Any, of: Integers) -> Any:
    """What is said of every step, said of every part."""
    if isinstance(of_steps, tuple):
        return tuple(of_steps[step] for step in of.tolist())
    return of_steps[of]


def _share(
    moves: tuple[tuple[int, int], ...], number: int, count: int
) -> tuple[tuple[int, int], ...]:
    """The parcels that one part of a step moves."""
    return moves[len(moves) * (number - 1) // count : len(moves) * number // count]


def _all(parts: Parts, steps: Places) -> Places:
    """All parts of the steps named."""
    return tuple(tuple(np.flatnonzero(np.isin(parts.of, list(some))).tolist()) for some in steps)
