"""A mediator's instruments as tables."""

from __future__ import annotations

from math import isfinite

from servanda.brief.document import Code, Line, Table, tabled
from servanda.charts.names import Names, listed
from servanda.charts.numbers import counted
from servanda.charts.pressure_frontier import tool_words
from servanda.results.pressure_design import Mix, PressureDesign


def tables_of_pressure(found: PressureDesign, names: Names) -> list[Table]:
    """The instruments, each alone, the best mix for more and more effort, who bears what."""
    if not found.instruments:
        return []
    tables = [
        _instruments(found, names),
        _additions(found, names),
        _frontier(found, names),
        _burdens(found, names),
    ]
    return [table for table in tables if table.rows]


def looked_at(found: PressureDesign) -> str:
    """How far the answer goes."""
    mixes = f", the same in each of {found.mixes:,} mixes" if found.mixes > 1 else ""
    return (
        f"Looked at: {counted(found.packages, 'package')}, "
        f"{counted(found.orders, 'order of steps', 'orders of steps')}{mixes}; other deals may do "
        "better, so every share is a lower bound."
    )


def _instruments(found: PressureDesign, names: Names) -> Table:
    rows = (
        (
            _tool(one.id, names),
            names.spoken(one.does),
            names.actors(one.by) or "outside",
            names.actors(one.on),
            f"{one.effort:.1f}",
            one.measured,
            "" if one.lapses is None else f"{one.lapses}",
        )
        for one in found.instruments
    )
    heads = ("instrument", "all of it", "by", "on", "effort#", "in", "lapses (months)#")
    return tabled("Instruments", heads, rows)


def _additions(found: PressureDesign, names: Names) -> Table:
    rows: list[tuple[Line, ...]] = [
        ("nothing", *_shares(found.as_it_is), _room(found.as_it_is), "", "")
    ]
    rows += [
        (
            _tool(one.instrument, names),
            *_shares(one.alone),
            _room(one.alone),
            f"{100 * one.gain + 0.0:+.1f} ± {164.5 * one.error:.1f}",
            f"{100 * one.last + 0.0:+.1f}",
        )
        for one in found.additions
    ]
    rows.append(("all of them", *_shares(found.everything), _room(found.everything), "", ""))
    heads = (
        "alone",
        "kept#",
        "no pressure#",
        "outlasts#",
        "lapses#",
        "room#",
        "gain (90 %)#",
        "last in#",
    )
    title = (
        "Each alone, all of it: share of the draws with a deal kept, without any pressure or "
        "outlasting it, and with one that lapses; room in points"
    )
    return tabled(title, heads, rows)


def _shares(mix: Mix) -> tuple[str, ...]:
    shares = (mix.kept, mix.inside, mix.outlasting, mix.lapsing)
    return tuple(f"{100 * share:.1f} %" for share in shares)


def _room(mix: Mix) -> str:
    return f"{mix.room:+.1f}" if isfinite(mix.room) and abs(mix.room) < 1e4 else "none"


def _frontier(found: PressureDesign, names: Names) -> Table:
    rows = ((f"{mix.effort:.1f}", *_shares(mix), _mix(mix, names)) for mix in found.frontier)
    heads = ("effort#", "kept#", "no pressure#", "outlasts#", "lapses#", "best mix")
    return tabled("The best mix for more and more effort", heads, rows)


def _mix(mix: Mix, names: Names) -> Line:
    """A mix in words, and as one would type it."""
    if not mix.levels:
        return "nothing"
    levels = [(f"{100 * level:.0f} %", one) for one, level in mix.levels.items()]
    said = listed(f"{level} of {tool_words(one, names)}" for level, one in levels)
    return (f"{said} ", Code(", ".join(f"{level} {one}" for level, one in levels)))


def _burdens(found: PressureDesign, names: Names) -> Table:
    rows = (
        (_tool(one.id, names), names.actor(actor), f"{points:+.2f}", one.burden_is)
        for one in found.instruments
        for actor, points in one.burden.items()
    )
    heads = ("instrument", "borne by", "points#", "what")
    return tabled("Who bears all of it (value points; minus is gained)", heads, rows)


def _tool(identifier: str, names: Names) -> Line:
    return (f"{tool_words(identifier, names)} ", Code(identifier))
