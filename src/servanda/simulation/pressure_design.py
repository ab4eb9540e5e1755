"""Which mix of a mediator's instruments makes a kept deal likelier, and what of it lapses.

Deals promising with and without the instruments are gathered once; every mix of a grid is then
counted over the same orders and draws.

Source: Beardsley (2008), American Journal of Political Science 52(4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import inf, prod

import numpy as np

from servanda.errors import ProblemError
from servanda.files.runs import Run
from servanda.results.analysis import Origin
from servanda.results.pressure_design import Addition, Mix, PressureDesign
from servanda.scenario.model import Scenario
from servanda.simulation import causes
from servanda.simulation.diagnosis import pool_without
from servanda.simulation.ensemble import (
    TIE,
)
from servanda.simulation.pressure_instruments import GUARANTEES, Money, Tool, tools_of
from servanda.simulation.pressure_mixes import Count, Levels, bench_of
from servanda.simulation.progress import Progress
from servanda.simulation.translated import translated

MOST_MIXES = 20_000


def design_of_scenario(
    scenario: Scenario,
    origin: Origin,
    budget: float | None,
    funds: Mapping[str, Money],
    costs: Mapping[str, float],
    wanted: Sequence[str],
    *,
    threads: int | None,
    progress: Progress,
    run: Run | None = None,
) -> PressureDesign:
    """What each instrument adds and what lapses; the best mix for every effort.

    Args:
        scenario: with a war and steps.
        origin: how many draws, from which seed.
        budget: effort that may be spent; None for no limit.
        funds: name to points and actors, in place of the one taken otherwise.
        costs: instrument to the effort of all of it.
        wanted: instruments to look at; all when empty.
        threads, progress: as everywhere.
        run: where chunks of draws are kept.

    Raises:
        NotFoundError: no such instrument or actor.
        ProblemError: too many instruments for every mix to be computed.
    """
    translation = translated(scenario, progress=progress)
    names = [causes.STAKES, causes.COMMITMENT, *([causes.PRESSURE] if scenario.pressure else [])]
    view, _, pool = pool_without(scenario, translation, names, origin, threads, progress)
    tools = tools_of(scenario, view, funds, costs, wanted, threads=threads)
    mixes = prod(len(tool.says.levels) for tool in tools)
    if mixes > MOST_MIXES:
        raise ProblemError(
            f"instruments: {len(tools)} make {mixes:,} mixes, more than {MOST_MIXES:,}; "
            "name those that matter"
        )
    bench = bench_of(scenario, view, pool, tools, threads, progress, run)
    counted = {}
    for number, levels in enumerate(_grid(tools)):
        progress("mixes", number / mixes)
        counted[levels] = bench.count(levels)
    found = {levels: _mix(tools, levels, one) for levels, one in counted.items()}
    nothing, everything = (tuple(share for _ in tools) for share in (0.0, 1.0))
    frontier = _frontier(list(found.values()))
    within = [mix for mix in frontier if budget is None or mix.effort <= budget + TIE]
    return PressureDesign(
        origin=origin,
        instruments=tuple(tool.says for tool in tools),
        as_it_is=found[nothing],
        everything=found[everything],
        additions=_additions(tools, counted, found),
        frontier=frontier,
        budget=budget,
        best=within[-1],
        mixes=mixes,
        packages=len(bench.pool.packages),
        orders=len(bench.pool.package_of),
    )


def _grid(tools: Sequence[Tool]) -> Iterator[Levels]:
    """Every mix; guarantees change slowest, since they take most to compute."""
    slow = sorted(range(len(tools)), key=lambda n: not tools[n].says.id.startswith(GUARANTEES))
    for levels in product(*(tools[n].says.levels for n in slow)):
        by_tool = dict(zip(slow, levels, strict=True))
        yield tuple(by_tool[n] for n in range(len(tools)))


def _frontier(mixes: Sequence[Mix]) -> tuple[Mix, ...]:
    """Each better than all of no more effort: kept more often, or as often and more by itself."""
    found: list[Mix] = []
    for mix in sorted(mixes, key=lambda mix: (mix.effort, *(-part for part in _worth(mix)))):
        if not found or _worth(mix) > _worth(found[-1]):
            found.append(mix)
    return tuple(found)


def _worth(mix: Mix) -> tuple[float, float]:
    return round(mix.kept, 9), round(mix.inside, 9)


def _additions(
    tools: Sequence[Tool], counted: Mapping[Levels, Count], found: Mapping[Levels, Mix]
) -> tuple[Addition, ...]:
    nothing, everything = (tuple(share for _ in tools) for share in (0.0, 1.0))
    rows = []
    for place, tool in enumerate(tools):
        alone = tuple(float(n == place) for n in range(len(tools)))
        without = tuple(float(n != place) for n in range(len(tools)))
        change = counted[alone].kept.astype(float) - counted[nothing].kept
        rows.append(
            Addition(
                instrument=tool.says.id,
                alone=found[alone],
                gain=float(change.mean()),
                error=float(change.std() / np.sqrt(len(change))),
                last=found[everything].kept - found[without].kept,
            )
        )
    return tuple(sorted(rows, key=lambda row: (-row.gain, -row.alone.lapsing)))


def _mix(tools: Sequence[Tool], levels: Levels, count: Count) -> Mix:
    room = count.room[np.isfinite(count.room)]
    return Mix(
        levels={
            tool.says.id: level for tool, level in zip(tools, levels, strict=True) if level > 0
        },
        effort=float(
            sum(tool.says.effort * level for tool, level in zip(tools, levels, strict=True))
        ),
        inside=float(count.inside.mean()),
        outlasting=float(count.outlasting.mean()),
        lapsing=float(count.lapsing.mean()),
        room=float(np.median(room)) if room.size else -inf,
    )
