"""A brief as one HTML file that asks for nothing outside itself.

Every text of the scenario reaches the page through Jinja's escaping, or inside the JSON of a
chart where ``<``, ``>`` and ``&`` are written as escapes, so that no name can end a script. The
page's own policy forbids everything that is not in the file; unsafe-eval is what Vega needs to run.
"""

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import altair as alt
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from servanda.brief.document import (
    Bullets,
    Code,
    Facts,
    Figure,
    Folded,
    Paragraph,
    Strong,
    Table,
)
from servanda.brief.sections import sections
from servanda.brief.words import CONDITIONAL, day
from servanda.charts.names import clean
from servanda.charts.numbers import count
from servanda.results.analysis import Analysis, Origin
from servanda.scenario.model import Scenario

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src data:; font-src data:"
)
LICENCES = (
    "This file carries Vega, Vega-Lite and Vega-Embed (copyright University of Washington "
    "Interactive Data Lab and contributors, BSD 3-Clause License) and a subset of the font Inter "
    "(copyright The Inter Project Authors, SIL Open Font License 1.1). Full notices stand in the "
    "NOTICE file of Servanda."
)
RANGE = re.compile(r"([\d%])–(?=\d)")
KINDS = {
    "paragraph": Paragraph,
    "bullets": Bullets,
    "facts": Facts,
    "table": Table,
    "figure": Figure,
    "folded": Folded,
    "strong": Strong,
    "code": Code,
}


def render_html(
    analysis: Analysis, scenario: Scenario, answers: Mapping[str, Any] | None = None
) -> str:
    """The whole page; ``answers`` are further ones, by the question's name."""
    return (
        page_environment()
        .get_template("brief.html")
        .render(
            title=clean(analysis.origin.title),
            as_of=day(analysis.origin.as_of),
            conditional=CONDITIONAL,
            readers=sections(analysis, scenario, answers),
            footer=footer(analysis.origin),
            licences=LICENCES,
            policy=POLICY,
            style=Markup(font_faces() + _part("brief.css")),
            script=Markup(_part("brief.js")),
            bundle=Markup(script_bundle()),
            charts=_Charts(),
        )
    )


def footer(origin: Origin) -> str:
    """What identifies the run, in one line."""
    said = [
        f"Scenario {origin.digest}",
        f"Servanda {origin.version}",
        f"seed {origin.seed}",
        f"{count(origin.draws)} draws",
    ]
    if origin.variant:
        said.append(f"variant {clean(origin.variant)}")
    said += [f"changed {clean(change)}" for change in origin.changes]
    return " · ".join(said)


class _Charts:
    """The charts of a page, collected while it is written."""

    def __init__(self) -> None:
        self._specs: list[dict[str, Any]] = []

    def place(self, chart: alt.LayerChart) -> Markup:
        """Keep a chart, and leave a place in the page where the script draws it."""
        self._specs.append(chart.to_dict())
        number, height = len(self._specs) - 1, chart.height
        return Markup(
            f'<div class="chart" data-chart="{number}" style="min-height: {height}px"></div>'
        )

    def json(self) -> Markup:
        """All of them, inert inside a script element."""
        return inert_json(self._specs)


def inert_json(value: Any) -> Markup:
    """JSON that cannot end the element it stands in, whatever its texts say."""
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for char in "<>&'":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)


@cache
def script_bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed in one script, made once a process."""
    import vl_convert

    bundle: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return bundle.replace("</script", "<\\/script").replace("<!--", "<\\!--")


@cache
def font_faces() -> str:
    """The shipped font, inside the page."""
    folder = files("servanda.charts") / "fonts"
    faces = []
    for weight, name in ((400, "Inter-Regular.woff2"), (700, "Inter-Bold.woff2")):
        data = b64encode((folder / name).read_bytes()).decode("ascii")
        faces.append(
            f"@font-face{{font-family:Inter;font-weight:{weight};"
            f"src:url(data:font/woff2;base64,{data}) format('woff2')}}"
        )
    return "\n".join(faces) + "\n"


def _part(name: str) -> str:
    return (files("servanda.brief") / "page" / name).read_text(encoding="utf-8")


@cache
def page_environment() -> Environment:
    """Templates in which every text is escaped, and a name nobody knows is a fault."""
    environment = Environment(
        loader=FunctionLoader(_part),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        finalize=_unbroken,
    )
    for name, kind in KINDS.items():
        environment.tests[name] = lambda value, kind=kind: isinstance(value, kind)
    return environment


def _unbroken(value: Any) -> Any:
    """Keep a range such as 21–27 on one line."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return RANGE.sub("\\1–\u2060", value)
    return value
