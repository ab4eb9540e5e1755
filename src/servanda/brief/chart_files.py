"""A chart as a file of its own: SVG, PNG, or a page that asks for nothing outside itself."""

import re
from functools import cache
from html import escape
from importlib.resources import as_file, files
from io import BytesIO, StringIO

import altair as alt

from servanda.brief.html import LICENCES, POLICY, font_faces, inert_json, script_bundle
from servanda.charts.names import clean

ENDINGS = ("html", "svg", "png")
WIDTH = 640
"""Pixels, where a file has no page to fill."""


def chart_file(chart: alt.LayerChart, title: str, ending: str) -> bytes:
    """The chart as the content of a file with this ending (html, svg or png)."""
    if ending == "html":
        return _page(chart, title).encode("utf-8")
    if ending == "svg":
        # the letters travel with the file
        with_font = f"\\g<0><style>{font_faces()}</style>"
        return re.sub(r"<svg[^>]*>", with_font, chart_svg(chart, WIDTH), count=1).encode("utf-8")
    _know_the_font()
    drawn = BytesIO()
    chart.properties(width=WIDTH, background="white").save(drawn, format="png", scale_factor=2)
    return drawn.getvalue()


def chart_svg(chart: alt.LayerChart, width: int) -> str:
    """The chart drawn so many pixels wide; its letters are those of the shipped font."""
    _know_the_font()
    text = StringIO()
    chart.properties(width=width, background="white").save(text, format="svg")
    return text.getvalue()


@cache
def _know_the_font() -> None:
    """Tell the renderer where the shipped font is; without it letters would be missing."""
    import vl_convert

    with as_file(files("servanda.charts") / "fonts") as folder:
        vl_convert.register_font_directory(str(folder.resolve()))


def _page(chart: alt.LayerChart, title: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(clean(title))}</title>\n"
        f"<style>\n{font_faces()}body{{font-family:Inter,sans-serif;margin:1.5rem;"
        "max-width:60rem}#chart{width:100%}</style>\n"
        f"<!-- {escape(LICENCES)} -->\n</head>\n<body>\n<h1>{escape(clean(title))}</h1>\n"
        f'<div id="chart"></div>\n<script>{script_bundle()}</script>\n'
        f'<script>vegaEmbed("#chart", {inert_json(chart.to_dict())}, '
        '{actions: false, renderer: "svg"});</script>\n</body>\n</html>\n'
    )
