"""A brief as a page of terminal text: the answer, what stops it, the order, the caveats.

The text holds no control sequence unless colour is asked for, and nothing of the scenario is read
as one: names come cleaned, and rich's markup is not interpreted.
"""

from collections.abc import Iterable
from io import StringIO

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from servanda.brief.answer import CAVEATS, answer_lines
from servanda.brief.document import Line, Strong, plain
from servanda.brief.html import footer
from servanda.brief.obstacle import main_obstacle
from servanda.brief.order import smallest
from servanda.brief.words import (
    CONDITIONAL,
    breach_sentence,
    day,
    evidence_line,
    package_line,
    signed_band,
    stage_name,
)
from servanda.charts.names import Names, clean
from servanda.charts.numbers import NO_BREAK, count, percent, signed
from servanda.results.analysis import Analysis, OrderView
from servanda.results.plan import PlanEvaluation
from servanda.scenario.model import Scenario

NARROWEST = 40
GLUE = "\ue000"
"""Stands for a space at which rich must not break; names never hold private characters."""


def render_terminal(
    analysis: Analysis, scenario: Scenario, width: int = 80, *, colour: bool = False
) -> str:
    """The brief in a screen or two of this width; bold and dim where colour is asked for."""
    names = Names(scenario)
    out = StringIO()
    console = Console(
        file=out,
        width=max(width, NARROWEST),
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    parts: list[RenderableType] = [
        *_head(analysis, names),
        *_funnel(analysis),
        *_order(analysis, names),
        *_orders(analysis, names),
        *_gains(analysis, names),
        *_caveats(analysis),
        _glued(footer(analysis.origin), style="dim"),
        _glued(CONDITIONAL, style="dim"),
    ]
    console.print(*parts, sep="\n")
    lines = out.getvalue().replace(GLUE, " ").split("\n")
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"


def _head(analysis: Analysis, names: Names) -> Iterable[RenderableType]:
    origin = analysis.origin
    yield _glued(clean(origin.title), style="bold")
    yield _glued(f"As of {day(origin.as_of)} · {count(origin.draws)} draws, seed {origin.seed}")
    yield Rule(style="dim")
    for line in answer_lines(analysis, names):
        yield _text(line)
    yield _text(evidence_line(analysis.likelihood))
    obstacle = main_obstacle(analysis, names)
    for detail in obstacle.details[:2]:
        yield _item("·", plain(detail))
    yield Text()


def _funnel(analysis: Analysis) -> Iterable[RenderableType]:
    funnel = analysis.funnel
    if not funnel.gates:
        return
    short = {
        "red-lines": "red lines",
        "individual-rationality": "better than fighting on",
        "ratification": "ratifiable",
        "implementable": "kept in some order",
        "efficient": "efficient",
    }
    steps = [f"packages {count(funnel.packages)}"]
    if len(funnel.tested) < len(funnel.survivors):
        short["implementable"] = "kept, as far as tested"
    steps += [f"{short.get(g.gate, g.label)} {count(g.remaining)}" for g in funnel.gates]
    text = _glued(" ▸ ").join(_glued(step.replace(" ", GLUE)) for step in steps)
    yield text
    yield Text()


def _order(analysis: Analysis, names: Names) -> Iterable[RenderableType]:
    order = next((one for one in analysis.orders if one.plan is not None), None)
    yield _labelled("Deal in focus", f"{package_line(analysis.focus.deal, names)}.")
    if order is None or order.plan is None:
        yield Text()
        return
    yield Text()
    yield _stages(order, order.plan, names)
    weakest = order.plan.weakest_link
    if weakest is not None:
        yield _item("◀", breach_sentence(weakest, order.plan, names))
    yield Text()


def _stages(order: OrderView, plan: PlanEvaluation, names: Names) -> Table:
    table = _table((clean(order.name), False), ("owner", False), ("months", True), ("margin", True))
    table.add_column("", no_wrap=True)
    weakest = plan.weakest_link
    for number, stage in enumerate(plan.stages):
        least = smallest(stage)
        table.add_row(
            _glued(f"{number + 1} {stage_name(plan, number, names)}"),
            _glued(names.actors(stage.owners)),
            _glued(str(stage.months)),
            _glued(signed(least[1]) if least else "–"),
            _glued("◀" if weakest is not None and weakest.constraint.stage == number else ""),
        )
    end = [margin for margin in plan.end_margins.values() if margin is not None]
    if end:
        last = weakest is not None and weakest.constraint.stage >= len(plan.stages)
        mark = _glued("◀" if last else "")
        table.add_row(_glued("  after completion"), Text(), Text(), _glued(signed(min(end))), mark)
    return table


def _orders(analysis: Analysis, names: Names) -> Iterable[RenderableType]:
    if not analysis.orders:
        return
    table = _table(
        ("order of steps", False),
        ("kept in", True),
        ("margin (draws)", True),
        ("months", True),
        ("breaks the order of", False),
    )
    for order in analysis.orders:
        lines = (names.red_line(one)[1] for one in order.breaks_red_lines)
        owners = list(dict.fromkeys(line.by for line in lines if line is not None))
        if order.plan is None:
            cells = ["–", "–", "–", clean(order.reason) or "no such order"]
        else:
            margin = signed_band(order.margin) if order.margin else signed(order.plan.margin)
            share = percent(order.self_enforcing)
            cells = [share, margin, str(order.plan.months), names.actors(owners) or "nobody"]
        table.add_row(_glued(clean(order.name)), *(_glued(cell) for cell in cells))
    yield table
    yield Text()


def _gains(analysis: Analysis, names: Names) -> Iterable[RenderableType]:
    gains = analysis.focus.gains
    if not gains:
        return
    table = _table(("against fighting on", False), ("gain, points (draws)", True))
    for actor, gain in gains.items():
        table.add_row(_glued(names.actor(actor)), _glued(signed_band(gain)))
    yield table
    yield Text()


def _caveats(analysis: Analysis) -> Iterable[RenderableType]:
    shown = analysis.caveats[:CAVEATS]
    if not shown:
        return
    yield _glued("Before relying on it", style="bold")
    for number, caveat in enumerate(shown, start=1):
        yield _item(f"{number}", clean(caveat))
    yield Text()


def _table(*heads: tuple[str, bool]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for title, number in heads:
        table.add_column(
            _glued(title), justify="right" if number else "left", no_wrap=number, overflow="fold"
        )
    return table


def _labelled(label: str, text: str) -> Text:
    return _glued(f"{label}: ", style="bold").append(_glued(text, style="not bold"))


def _item(mark: str, text: str) -> RenderableType:
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(_glued(mark), _glued(text))
    return Padding(table, (0, 0, 0, 1))


def _text(line: Line) -> Text:
    if isinstance(line, str):
        return _glued(line)
    text = Text()
    for part in line:
        if isinstance(part, str):
            text.append(_glued(part))
        else:
            text.append(_glued(part.text, "bold" if isinstance(part, Strong) else ""))
    return text


def _glued(text: str, style: str = "") -> Text:
    return Text(text.replace(NO_BREAK, GLUE), style=style)
