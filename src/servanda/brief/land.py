"""Land: a schematic map, and what changes hands."""

from servanda.brief.document import (
    Block,
    Figure,
    Folded,
    Paragraph,
    Section,
    Table,
    TableRow,
    columns,
)
from servanda.brief.words import in_series
from servanda.charts.names import Names
from servanda.charts.numbers import count
from servanda.charts.territory_map import CAPTION, parcel_places, territory_map
from servanda.results.analysis import Analysis, ParcelChange

NAMED = 6
"""Parcels named in the sentence at most."""

LEGEND = (
    "The thicker the rim, the stronger the fortification; pale marks are outside the computation; "
    "a dashed outline changes hands under the deal in focus. Lines join neighbours; marks are "
    "sized by area."
)


def land_section(analysis: Analysis, names: Names) -> Section:
    """Close-up of the fronts, the whole theatre when it is much larger, and a table."""
    scenario = names.scenario
    title = "Who holds what, and what changes hands"
    if not scenario.parcels:
        return Section("land", title, ())
    blocks: list[Block] = [Paragraph(changes_sentence(analysis, names))]
    legend = f"{shapes_sentence(names)} {LEGEND}"
    close = close_up(names)
    if parcel_places(scenario):
        if close:
            blocks.append(
                Figure(territory_map(analysis.land, scenario, close), f"{CAPTION} {legend}")
            )
            blocks.append(
                Figure(
                    territory_map(analysis.land, scenario, quiet=close),
                    f"The whole theatre; the parcels above without their numbers. {CAPTION}",
                )
            )
        else:
            blocks.append(Figure(territory_map(analysis.land, scenario), f"{CAPTION} {legend}"))
    blocks.append(Folded("The parcels, by their numbers on the map", (_table(analysis, names),)))
    return Section("land", title, tuple(blocks))


def changes_sentence(analysis: Analysis, names: Names) -> str:
    """How many parcels change hands, from whom to whom."""
    changes = [one for one in analysis.land if one.after != one.before]
    if not changes:
        return "No parcel changes hands under the deal in focus."
    return (
        f"{count(len(changes))} of {count(len(names.scenario.parcels))} parcels change hands under "
        f"the deal in focus: {_changes(changes, names)}."
    )


def shapes_sentence(names: Names) -> str:
    """Which shape on the map is whose."""
    a, b = names.side("a"), names.side("b")
    return f"Hexagon, circle, square: held by {a}, by {b}, by neither."


def _changes(changes: list[ParcelChange], names: Names) -> str:
    """From whom to whom; few parcels by name, with their numbers on the map."""
    groups: dict[tuple[str, str], list[str]] = {}
    numbers = {key: number for number, key in enumerate(names.scenario.parcels, start=1)}
    for one in changes:
        name = f"{names.parcel(one.parcel)} ({numbers[one.parcel]})"
        groups.setdefault((one.before, one.after), []).append(name)
    few = len(changes) <= NAMED
    return "; ".join(
        f"{in_series(parcels) if few else count(len(parcels))} "
        f"from {names.actor(before)} to {names.actor(after)}"
        for (before, after), parcels in groups.items()
    )


def close_up(names: Names) -> list[str]:
    """Parcels on the fronts with their neighbours, when the rest lies far around them."""
    scenario = names.scenario
    fronts = {parcel for front in scenario.fronts.values() for parcel in front.parcels}
    ties = {
        other
        for one in fronts
        if one in scenario.parcels
        for other in scenario.parcels[one].neighbours
    }
    near = [key for key in scenario.parcels if key in fronts | ties]
    whole, part = parcel_places(scenario), parcel_places(scenario, near)
    if not part or len(part) == len(whole):
        return []

    def extent(numbers: list[float]) -> float:
        return max(numbers) - min(numbers)

    wide = max(extent([p.x for p in whole]), extent([p.y for p in whole]))
    narrow = max(extent([p.x for p in part]), extent([p.y for p in part]))
    return near if wide > 1.8 * narrow else []


def _table(analysis: Analysis, names: Names) -> Table:
    after = {one.parcel: one.after for one in analysis.land}
    rows = []
    for number, (key, parcel) in enumerate(names.scenario.parcels.items(), start=1):
        then = after.get(key, parcel.held_by)
        rows.append(
            TableRow(
                (
                    str(number),
                    names.parcel(key),
                    names.actor(parcel.held_by),
                    names.actor(then) if then != parcel.held_by else "unchanged",
                    f"{parcel.fortification.value:.0f}",
                    count(parcel.area) if parcel.area else "–",
                    count(parcel.population) if parcel.population else "–",
                ),
                marked=then != parcel.held_by,
            )
        )
    return Table(
        "Held by: control on the ground, not title.",
        columns(
            "No.",
            "Parcel",
            "Held by",
            "After the deal",
            "Fortification, 0–5#",
            "Area, km²#",
            "People before the war#",
        ),
        tuple(rows),
    )
