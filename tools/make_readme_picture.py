"""Draw the picture of the README: stage by stage, what each party would lose by breaking the plan.

    python tools/make_readme_picture.py

analyses the Geneva case as `make demo` does and writes docs/_static/readme.png, a chart of the
brief: the best order found for the deal in focus, at the central values.
"""

from __future__ import annotations

import struct
import zlib
from importlib.resources import as_file, files
from pathlib import Path

import vl_convert

from servanda import workbench
from servanda.charts.stage_margins import stage_margins_chart

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "_static" / "readme.png"
WIDTH, SCALE = 780, 2
MARGIN = 10


def smaller(png: bytes) -> bytes:
    """The same picture, its rows compressed as far as zlib can."""
    head, rows, place = png[:8], b"", 8
    before, after = [], []
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        chunk = png[place : place + length + 12]
        if chunk[4:8] == b"IDAT":
            rows += chunk[8:-4]
        else:
            (after if rows else before).append(chunk)
        place += length + 12
    body = b"IDAT" + zlib.compress(zlib.decompress(rows), 9)
    data = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return head + b"".join(before) + data + b"".join(after)


def main() -> None:
    scenario = workbench.read("geneva-2026")
    analysis = workbench.analyse(scenario)
    plan = next(order.plan for order in analysis.orders if order.id == "best")
    assert plan is not None
    chart = stage_margins_chart(plan, scenario).properties(width=WIDTH)
    spec = chart.to_dict()
    spec["background"] = spec["config"]["background"] = "white"
    spec["padding"] = MARGIN
    with as_file(files("servanda.charts") / "fonts") as fonts:
        vl_convert.register_font_directory(str(fonts))
        png = smaller(vl_convert.vegalite_to_png(spec, scale=SCALE))
    PICTURE.write_bytes(png)
    print(f"{PICTURE}: {len(png) / 1000:.0f} kB, {analysis.origin.digest}")


if __name__ == "__main__":
    main()
