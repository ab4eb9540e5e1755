"""A schematic map: parcels at their middles, sized by area. Control on the ground, not title.

No outline is drawn, and no claim is endorsed. Kilometres are measured on a flat map around the
middle parcel, with east-west distances shortened by the cosine of the latitude; one kilometre is
as long across as up, however wide the page is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

import altair as alt

from servanda.charts.names import Names
from servanda.charts.numbers import count
from servanda.charts.theme import GRID, INK, NOBODY_HUE, Row, actor_hues, finish, table
from servanda.results.analysis import ParcelChange
from servanda.scenario.land import DEMILITARISED
from servanda.scenario.model import Scenario

KM_PER_DEGREE = 111.2
HEXAGON = "M0,-1L0.866,-0.5L0.866,0.5L0,1L-0.866,0.5L-0.866,-0.5Z"
"""Its area is 0.65 of the square that Vega sizes marks by; a circle's is 0.79."""
SIDE_SHAPES = {"a": HEXAGON, "b": "circle", "": "square"}
FILL = {HEXAGON: 0.65, "circle": 0.785, "square": 1.0}
HEIGHT = 460
CAPTION = "Schematic; control on the ground, not title; no endorsement of any claim."


@dataclass(frozen=True)
class Place:
    """A parcel on the map: its number in the tables, and kilometres east and north."""

    identifier: str
    number: int
    x: float
    y: float
    area: float


def territory_map(
    land: Sequence[ParcelChange],
    scenario: Scenario,
    only: Sequence[str] | None = None,
    quiet: Sequence[str] = (),
) -> alt.LayerChart:
    """Mark: holder by shape and hue; rim: fortification; dashed: what changes hands.

    ``only`` these parcels are drawn, all when None; ``quiet`` ones are drawn small and unnamed.
    """
    places = parcel_places(scenario, only)
    rows = _rows(places, land, scenario, quiet)
    lines = _neighbour_lines(places, scenario)
    x, y = _scales(places)
    layers: list[alt.Chart] = []
    if lines:
        ties = alt.Chart(table(lines)).mark_rule(color=GRID, strokeWidth=2)
        layers.append(
            ties.encode(
                x=x,
                y=y,
                x2=alt.X2("x2"),
                y2=alt.Y2("y2"),
            )
        )
    base = alt.Chart(table(rows))
    px_per_km = "height / (domain('y')[1] - domain('y')[0])"
    drawn = f"max(datum.least, 0.6 * datum.area / datum.fill * pow({px_per_km}, 2))"
    size, outer = alt.ExprRef(drawn), alt.ExprRef(f"1.35 * {drawn} + 90")
    hue = alt.Color("hue", type="nominal", scale=None)
    shape = alt.Shape("shape", type="nominal", scale=None)
    tips = [
        alt.Tooltip(field, type="nominal", title=title)
        for field, title in (
            ("name", "parcel"),
            ("held", "held by"),
            ("after", "after the deal"),
            ("fort", "fortification (0 to 5)"),
            ("km2", "area, km²"),
        )
    ]
    layers += [
        base.transform_filter("datum.changes")
        .mark_point(size=outer, filled=False, stroke=INK, strokeWidth=1.8, strokeDash=[4, 3])
        .encode(x=x, y=y, shape=shape),
        base.mark_point(size=size, filled=True).encode(
            x=x,
            y=y,
            shape=shape,
            color=hue,
            opacity=alt.Opacity("opacity", type="quantitative", scale=None),
            tooltip=tips,
        ),
        base.transform_filter("datum.level > 0")
        .mark_point(size=size, filled=False, opacity=1)
        .encode(
            x=x,
            y=y,
            shape=shape,
            stroke=alt.Stroke("hue", type="nominal", scale=None),
            strokeWidth=alt.StrokeWidth("level", type="quantitative", scale=None),
        ),
        base.mark_text(
            fontWeight="bold", fontSize=12, dy=alt.ExprRef("width > 560 ? -6 : 0")
        ).encode(x=x, y=y, text=alt.Text("number", type="nominal")),
        base.mark_text(
            fontSize=10, dy=7, limit=84, text=alt.ExprRef("width > 560 ? datum.brief : ''")
        ).encode(x=x, y=y),
    ]
    changing = [f"{row['name']}, {row['held']} to {row['after']}" for row in rows if row["changes"]]
    return finish(
        *layers,
        description=f"{CAPTION} {len(rows)} parcels; change hands under the deal in focus: "
        + ("; ".join(changing) or "none")
        + ".",
        height=HEIGHT,
    )


def parcel_places(scenario: Scenario, only: Sequence[str] | None = None) -> list[Place]:
    """The parcels that have a place, numbered in the scenario's order."""
    placed = [
        (number, identifier, parcel)
        for number, (identifier, parcel) in enumerate(scenario.parcels.items(), start=1)
        if parcel.at is not None and (only is None or identifier in only)
    ]
    if not placed:
        return []
    latitudes = [parcel.at[0] for _, _, parcel in placed if parcel.at]
    middle = (min(latitudes) + max(latitudes)) / 2
    east = KM_PER_DEGREE * cos(radians(middle))
    return [
        Place(
            identifier,
            number,
            east * parcel.at[1],
            KM_PER_DEGREE * parcel.at[0],
            parcel.area or 0.0,
        )
        for number, identifier, parcel in placed
        if parcel.at is not None
    ]


def _rows(
    places: Sequence[Place],
    land: Sequence[ParcelChange],
    scenario: Scenario,
    quiet: Sequence[str],
) -> list[Row]:
    names, hues = Names(scenario), actor_hues(scenario)
    after = {change.parcel: change.after for change in land}
    rows: list[Row] = []
    for place in places:
        parcel = scenario.parcels[place.identifier]
        holder = parcel.held_by
        actor = scenario.actors.get(holder)
        shape = SIDE_SHAPES[(actor.side or "") if actor else ""]
        then = after.get(place.identifier, holder)
        name = names.parcel(place.identifier)
        rows.append(
            {
                "x": place.x,
                "y": place.y,
                "number": "" if place.identifier in quiet else str(place.number),
                "name": name,
                "brief": "" if quiet else re.split(" / | and |, |: ", name)[0],
                "least": 20 if place.identifier in quiet else 220,
                "area": place.area,
                "fill": FILL[shape],
                "km2": count(place.area) if place.area else "not stated",
                "shape": shape,
                "hue": NOBODY_HUE if holder == DEMILITARISED else hues.get(holder, NOBODY_HUE),
                "held": names.actor(holder),
                "after": names.actor(then),
                "changes": then != holder,
                "level": (0.4 if place.identifier in quiet else 1) * parcel.fortification.value,
                "fort": f"{parcel.fortification.value:.0f}",
                "opacity": 0.14 if parcel.background else 0.38,
            }
        )
    return rows


def _neighbour_lines(places: Sequence[Place], scenario: Scenario) -> list[Row]:
    at = {place.identifier: place for place in places}
    pairs = {
        tuple(sorted((one, other)))
        for one in at
        for other in scenario.parcels[one].neighbours
        if other in at and other != one
    }
    return [
        {"x": at[one].x, "y": at[one].y, "x2": at[other].x, "y2": at[other].y}
        for one, other in sorted(pairs)
    ]


def _scales(places: Sequence[Place]) -> tuple[alt.X, alt.Y]:
    """Domains that keep a kilometre as long across as up, at any width."""
    reach = [max(8.0, 0.62 * place.area**0.5) for place in places]
    west = min((p.x - r for p, r in zip(places, reach, strict=True)), default=0.0)
    east = max((p.x + r for p, r in zip(places, reach, strict=True)), default=1.0)
    south = min((p.y - r for p, r in zip(places, reach, strict=True)), default=0.0)
    north = max((p.y + r for p, r in zip(places, reach, strict=True)), default=1.0)
    half_y = f"max({(north - south) / 2}, {(east - west) / 2} * height / width)"
    half_x = f"({half_y}) * width / height"

    def scale(middle: float, half: str) -> alt.Scale:
        return alt.Scale(
            domainMin=alt.ExprRef(f"{middle} - {half}"),
            domainMax=alt.ExprRef(f"{middle} + {half}"),
            nice=False,
            zero=False,
        )

    x = alt.X("x", type="quantitative", axis=None, scale=scale((west + east) / 2, half_x))
    y = alt.Y("y", type="quantitative", axis=None, scale=scale((south + north) / 2, half_y))
    return x, y
