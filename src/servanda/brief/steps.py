"""The steps of a scenario as they are coded, for whoever checks what the orders are made of."""

from __future__ import annotations

from servanda.brief.deals import source_links
from servanda.brief.document import Code, Line, Section, Table, TableRow, columns
from servanda.charts.names import Names, listed
from servanda.charts.numbers import months
from servanda.results.analysis import Analysis
from servanda.scenario.steps import Step

HEADS = (
    "Step",
    "By",
    "Takes#",
    "Only after",
    "Brings about",
    "Taken back by",
    "A breach is seen after#",
    "Sources",
)


def steps_section(analysis: Analysis, names: Names) -> Section:
    """Every step: who, how long, after what, with what effect, whether it can be undone."""
    rows = tuple(_row(key, step, names) for key, step in names.scenario.steps.items())
    caption = "Steps as coded; those of the deal in focus are the ones the orders arrange."
    blocks = (Table(caption, columns(*HEADS), rows),) if rows else ()
    return Section("steps", "The steps, as coded", blocks)


def _row(key: str, step: Step, names: Names) -> TableRow:
    cells: tuple[Line, ...] = (
        (f"{names.step(key)} ", Code(key)),
        names.actors(step.by) or "nobody",
        months(step.months) if step.months else "no time",
        listed(names.step(one) for one in step.requires) or "–",
        "; ".join(_effects(step, names)) or "–",
        names.actors(step.reversible_by) or "nobody",
        months(step.seen_after) if step.seen_after else "at once",
        source_links(step.sources) or "–",
    )
    return TableRow(cells)


def _effects(step: Step, names: Names) -> list[str]:
    moved: dict[str, list[str]] = {}
    for parcel, to in step.moves.items():
        moved.setdefault(to, []).append(names.parcel(parcel))
    said = [f"{listed(parcels)}: to {names.actor(to)}" for to, parcels in moved.items()]
    said += [f"guarantee “{names.guarantee(one)}” in force" for one in step.brings]
    said += ["ceasefire"] * step.ceasefire
    return said
