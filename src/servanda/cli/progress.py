"""What is being done and how far it is, on stderr."""

from __future__ import annotations

import sys
from collections import deque
from time import monotonic

import click

WINDOW = 20.0
"""Seconds over which the rate is taken; what a resumed run finds done soon no longer counts."""

EVERY = 30.0
"""Seconds between lines of a log."""


class Progress:
    """One line that is rewritten on a terminal, or a log; pieces with their rate and time left."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet
        self.live = sys.stderr.isatty()
        self.last, self.logged = "", 0.0
        self.seen: deque[tuple[float, float]] = deque()

    def show(self, doing: str, share: float, /, of: int = 0) -> None:
        """Say what is being done; its share goes from 0 to 1, ``of`` counts its pieces."""
        if self.quiet:
            return
        now = monotonic()
        if doing != self.last:
            self.seen.clear()
        self.seen.append((now, share))
        while now - self.seen[0][0] > WINDOW and len(self.seen) > 2:
            self.seen.popleft()
        if self.live:
            text = f"{doing} {self._counted(share, of)}" if of else f"{doing} {share:4.0%}"
            click.echo(f"\r\x1b[2K{text}", err=True, nl=False)
        elif doing != self.last:
            click.echo(f"{doing} ...", err=True)
            self.logged = now
        elif of and now - self.logged > EVERY:
            click.echo(f"{doing} {self._counted(share, of)}", err=True)
            self.logged = now
        self.last = doing

    def _counted(self, share: float, of: int) -> str:
        """As in ``1,200 of 10,000 · 410 a second · 21 s left``."""
        text = f"{round(share * of):,} of {of:,}"
        (then, before), (now, _) = self.seen[0], self.seen[-1]
        if now - then < 0.5 or share <= before:
            return text
        rate = (share - before) / (now - then)
        return f"{text} · {_rate(rate * of)} · {_time((1.0 - share) / rate)} left"

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self.live and self.last and not self.quiet:
            click.echo("\r\x1b[2K", err=True, nl=False)


def _rate(a_second: float) -> str:
    if a_second >= 1.0:
        return f"{a_second:,.0f} a second"
    return f"{60.0 * a_second:,.1f} a minute"


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
