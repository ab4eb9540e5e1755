"""Compute every figure that the page on the order of steps at Geneva quotes, and draw its pictures.

    python tools/make_order_figures.py

writes tests/library/geneva_order_figures.json, the phrases the page must contain with the case's
digest, and docs/_static/order_*.png. It takes some minutes. A test compares the page with the file
and the file with the case. When the case changes, run this and write what it prints into the page.
"""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

from servanda import workbench
from servanda.brief.chart_files import chart_file
from servanda.brief.order_charts import charts_of_order
from servanda.charts.guarantee_window import interval_words
from servanda.charts.names import Names
from servanda.charts.numbers import percent, points, signed, span
from servanda.results.order_answer import OrderAnswer
from servanda.version import VERSION

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "explanation" / "case_geneva_order.md"
FIGURES = ROOT / "tests" / "library" / "geneva_order_figures.json"
PICTURES = ROOT / "docs" / "_static"
CASE, DEAL, TREATY = "geneva-2026", "609531", "us-treaty"
ASKED = ("best", "territory-first", "guarantees-first", "both-at-once")
DRAWN = {"draws": "order_draws", "roadmap": "order_roadmap", f"window-{TREATY}": "order_window"}

Quotes = dict[str, str]


def plain(text: str) -> str:
    """Spaces of one kind, and one at a time."""
    return " ".join(text.replace("\u00a0", " ").split())


def compute() -> OrderAnswer:
    """The orders the page is about, with the types of parties."""
    scenario = workbench.read(CASE)
    return workbench.order(scenario, package=DEAL, compare=ASKED, also=("sincerity",))


def quotes(found: OrderAnswer) -> Quotes:
    """Phrases by key."""
    return {**_orders(found), **_guarantee(found), **_pause(found), **_sincerity(found)}


def central_quotes(found: OrderAnswer) -> Quotes:
    """Those that need no draws."""
    return {
        f"margin-{one.id}": f"{one.name}: {signed(one.plan.margin)}"
        for one in found.orders
        if one.plan is not None
    }


def _orders(found: OrderAnswer) -> Quotes:
    return central_quotes(found) | {
        f"row-{one.id}": f"| {one.name} | {signed(one.plan.margin)} | "
        f"{span(one.margin.low, one.margin.high, signed)} | {percent(one.self_enforcing)} | "
        f"{one.plan.months} |"
        for one in found.orders
        if one.plan is not None and one.margin is not None
    }


def _guarantee(found: OrderAnswer) -> Quotes:
    treaty = next(one for one in found.credibilities if one.guarantee == TREATY)
    lines = {
        "needed": f"the least that any order needs is {percent(treaty.needed or 0.0)}",
        "assessed": f"assessed at {percent(treaty.assessed.central)} "
        f"({span(treaty.assessed.low, treaty.assessed.high, percent)} over the draws)",
    }
    for one in found.orders:
        for window in one.windows:
            if window.guarantee == TREATY:
                lines[f"window-{one.id}"] = f"{one.name}: {interval_words(window.intervals)}"
    return lines


def _pause(found: OrderAnswer) -> Quotes:
    """What attacking is worth to whom it tempts most in territory first, as the pause goes on."""
    names = Names(workbench.read(CASE))
    order = next(one for one in found.orders if one.id == "territory-first")
    assert order.plan is not None
    link = order.plan.weakest_link
    assert link is not None
    at = link.constraint
    same = [
        one
        for one in order.plan.constraints
        if (one.constraint.actor, one.constraint.kind) == (at.actor, at.kind)
        and one.constraint.stage <= at.stage
    ]
    first = same[0]
    return {
        "pause": f"{names.actor(at.actor)}’s value of resuming the fighting goes from "
        f"{points(first.breach)} at signature to {points(link.breach)} in month {at.plan_month}, "
        f"against {points(link.keep)} for keeping the plan",
    }


def _sincerity(found: OrderAnswer) -> Quotes:
    names = Names(workbench.read(CASE))
    view = found.depth.sincerity if found.depth else None
    if view is None:
        return {}
    lines = {"hidden": f"carried through with probability {view.play.carried_through:.2f}"}
    for ranked in view.tests:
        rows = []
        for one in ranked.tests:
            worth = sum(w for who, w in one.worth.items() if who != ranked.actor)
            rows.append(
                f"| {names.actor(ranked.actor)} | {names.step(one.step)} | {one.bits:.2f} | "
                f"{percent(one.unmasked)} | {signed(worth)} |"
            )
        for place, row in enumerate(list(dict.fromkeys(rows))[:3]):
            lines[f"test-{ranked.actor}-{place + 1}"] = row
    return lines


def main() -> None:
    """Write the file and the pictures, and print what the page must say."""
    scenario, found = workbench.read(CASE), compute()
    said = {
        "scenario": workbench.digest(scenario),
        "version": VERSION,
        "quotes": {key: plain(text) for key, text in quotes(found).items()},
        "central": {key: plain(text) for key, text in central_quotes(found).items()},
    }
    FIGURES.write_text(json.dumps(said, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    smaller = runpy.run_path(str(ROOT / "tools" / "make_readme_picture.py"))["smaller"]
    charts: dict[str, Any] = charts_of_order(found, scenario)
    for name, file in DRAWN.items():
        picture = chart_file(charts[name], scenario.title, "png")
        (PICTURES / f"{file}.png").write_bytes(smaller(picture))
    page = plain(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else ""
    for key, text in said["quotes"].items():
        print("  " if text in page else "! ", key, "  ", text)
    print("digest", said["scenario"])


if __name__ == "__main__":
    main()
