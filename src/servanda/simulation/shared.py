"""Work that several questions about one scenario have in common, done once.

Inside ``with shared_work():`` a function marked ``@shared`` is computed once for the same
arguments; asked again it gives the same answer. Outside, and afterwards, nothing is kept.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from functools import wraps
from typing import Any, ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
Item = TypeVar("Item")

HOW = frozenset({"threads", "progress", "run", "step"})
"""Arguments that say how something is computed; the answer does not depend on them."""

_known: ContextVar[dict[Hashable, tuple[Any, Any]] | None] = ContextVar("known", default=None)
"""What was asked to its arguments, which are kept alive, and its answer."""


@contextmanager
def shared_work() -> Iterator[None]:
    """Questions asked inside share their work; one begun inside another shares with it."""
    if _known.get() is not None:
        yield
        return
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def shared(function: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """Mark a function without side effects whose answer questions share.

    It is to be asked in the thread that began to share, or by `in_sharing_threads`; in any other
    thread it is computed each time.
    """

    @wraps(function)
    def once(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        known = _known.get()
        if known is None:
            return function(*args, **kwargs)
        said = (args, {name: one for name, one in sorted(kwargs.items()) if name not in HOW})
        key = (function, *map(_same, args), *((name, _same(one)) for name, one in said[1].items()))
        if key not in known:
            known[key] = said, function(*args, **kwargs)
        answer: Answer = known[key][1]
        return answer

    return once


def in_sharing_threads(
    work: Callable[[Item], Answer], items: Iterable[Item], threads: int | None
) -> list[Answer]:
    """The work on every item, in order, by threads which share with the one that asks."""
    with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
        begun = [pool.submit(copy_context().run, work, item) for item in items]
        return [one.result() for one in begun]


def _same(value: object) -> Hashable:
    """Plain values are the same when they are equal; anything else when it is the same object."""
    try:
        hash(value)
    except TypeError:
        return id(value)
    return value
