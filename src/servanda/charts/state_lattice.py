"""Every order at once, for few steps: sets of completed steps, and the stages between them."""

from collections.abc import Mapping, Sequence

import altair as alt

from servanda.charts.names import Names, brief
from servanda.charts.numbers import signed
from servanda.charts.theme import ACCENT, BAND, INK, MUTED, Row, finish, table
from servanda.results.plan import PlanEvaluation
from servanda.results.state_lattice import LatticeEdge, StateLattice
from servanda.scenario.model import Scenario

LEVEL = 92
"""Pixels between sets that differ by a step."""

MOST_LABELS = 16
"""Stages whose margin is written beside them; with more only the plan's are."""

SURE, LOST = "nobody gains by a breach", "somebody gains by a breach"

State = frozenset[str]


def state_lattice_chart(
    lattice: StateLattice, plan: PlanEvaluation, scenario: Scenario
) -> alt.LayerChart:
    """Dots: sets of steps, nothing done at the top; lines: stages; thick: the plan's path.

    The number beside a stage is its smallest margin in the best order that takes it. Dashed
    stages are those in which somebody would gain by a breach.
    """
    names = Names(scenario)
    places = _places(lattice.states)
    path = _path(plan)
    edges = [_edge(one, places, path, names) for one in lattice.edges]
    if len(edges) > MOST_LABELS:
        edges = [{**one, "margin": one["margin"] if one["on"] else ""} for one in edges]
    dots = [_dot(state, places, path, lattice, names) for state in lattice.states]
    x = alt.X("x", type="quantitative", axis=None, scale=alt.Scale(domain=[-0.12, 1.12]))
    y = alt.Y("y", type="quantitative", axis=None, scale=alt.Scale(domain=[_bottom(places), -0.35]))
    base = alt.Chart(table(edges))
    kept = alt.StrokeDash(
        "kept",
        type="nominal",
        title=None,
        scale=alt.Scale(domain=[SURE, LOST], range=[[1, 0], [5, 4]]),
        legend=alt.Legend(symbolSize=500, columns=1, labelLimit=300),
    )

    def lines(on: bool) -> alt.Chart:
        chosen = base.transform_filter(f"datum.on === {'true' if on else 'false'}")
        mark = chosen.mark_rule(
            color=INK if on else MUTED, strokeWidth=4 if on else 1.3, opacity=1 if on else 0.8
        )
        drawn: alt.Chart = mark.encode(
            x=x,
            y=y,
            x2=alt.X2("x2"),
            y2=alt.Y2("y2"),
            strokeDash=kept,
            tooltip=[alt.Tooltip("said", type="nominal", title="stage")],
        )
        return drawn

    def text(data: alt.Data, field: str, hue: str, dy: int = 0) -> list[alt.Chart]:
        chart = alt.Chart(data)
        rim = chart.mark_text(fontSize=11, dy=dy, stroke="white", strokeWidth=4, strokeJoin="round")
        marks = (rim, chart.mark_text(fontSize=11, dy=dy, color=hue))
        shown = alt.Text(field, type="nominal")
        mx, my = (alt.X("mx", type="quantitative"), alt.Y("my", type="quantitative"))
        return [mark.encode(x=mx, y=my, text=shown) for mark in marks]

    circles = alt.Chart(table(dots)).mark_circle(size=130, opacity=1)
    numbers = table(one for one in edges if one["margin"])
    return finish(
        lines(False),
        lines(True),
        circles.encode(x=x, y=y, color=alt.Color("hue", type="nominal", scale=None)),
        *text(numbers, "margin", ACCENT),
        *text(table(dots[:-1]), "label", INK, dy=-14),
        *text(table(dots[-1:]), "label", INK, dy=18),
        description=f"{len(lattice.states)} sets of completed steps, {len(edges)} stages between "
        f"them, {lattice.orders} orders. " + "; ".join(str(one["said"]) for one in edges) + ".",
        height=int(LEVEL * (max(len(state) for state in lattice.states) + 0.6)),
    )


def _places(states: Sequence[State]) -> dict[State, tuple[float, float]]:
    """Where each set stands: across by its turn among those of its size, down by its size."""
    rows: dict[int, list[State]] = {}
    for state in states:
        rows.setdefault(len(state), []).append(state)
    return {
        state: ((n + 0.5) / len(row), float(size))
        for size, row in rows.items()
        for n, state in enumerate(row)
    }


def _bottom(places: Mapping[State, tuple[float, float]]) -> float:
    return max(y for _, y in places.values()) + 0.3


def _path(plan: PlanEvaluation) -> list[tuple[State, State, bool]]:
    """Sets before and after each stage of the plan, and whether it is verified."""
    before: State = frozenset()
    path = []
    for stage in plan.stages:
        after = before | set(stage.steps)
        path.append((before, after, stage.verified))
        before = after
    return path


def _edge(
    edge: LatticeEdge,
    places: Mapping[State, tuple[float, float]],
    path: Sequence[tuple[State, State, bool]],
    names: Names,
) -> Row:
    before, after = edge.before, edge.before | set(edge.steps)
    (x, y), (x2, y2) = places[before], places[after]
    margin = edge.stage_margin
    steps = " + ".join(names.step(step) for step in edge.steps)
    said = steps + (" (verified)" if edge.verified else "")
    kept = margin is None or margin >= -1e-9
    shown = "" if margin is None else signed(margin)
    share = 0.36  # nearer to where lines begin than to where they cross
    return {
        "x": x,
        "y": y,
        "x2": x2,
        "y2": y2,
        "mx": x + share * (x2 - x),
        "my": y + share * (y2 - y),
        "on": (before, after, edge.verified) in path,
        "kept": SURE if kept else LOST,
        "margin": shown,
        "said": f"{said} after {_words(before, names)}: {shown or 'nobody could breach'}",
    }


def _dot(
    state: State,
    places: Mapping[State, tuple[float, float]],
    path: Sequence[tuple[State, State, bool]],
    lattice: StateLattice,
    names: Names,
) -> Row:
    x, y = places[state]
    on = not state or any(state == after for _, after, _ in path)
    left = frozenset(lattice.steps) - state
    label = _words(state, names) if len(state) <= len(left) else f"all but {_words(left, names)}"
    label = label if left else "everything done"
    wide = sum(len(one) == len(state) for one in lattice.states)
    return {
        "x": x,
        "y": y,
        "mx": x,
        "my": y,
        "hue": INK if on else BAND,
        "label": brief(label, max(12, 76 // wide)),
    }


def _words(state: State, names: Names) -> str:
    return ", ".join(sorted(names.step(step) for step in state)) or "nothing done"
