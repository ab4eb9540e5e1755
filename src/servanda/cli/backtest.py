"""``servanda backtest``: what the tool would have said of past agreements, and what happened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from servanda.charts.numbers import percent
from servanda.cli.options import (
    draws_option,
    seed_option,
    threads_option,
)
from servanda.cli.outputs import Outputs, View, answering, give, output_options
from servanda.cli.screen import Table, say, say_tables, say_text

if TYPE_CHECKING:
    from servanda.results.backtest import Backtest, CaseForecast


@click.command()
@click.argument("cases", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@draws_option(200, "Draws of the coded ranges of each case.")
@seed_option
@threads_option
@output_options
def backtest(
    cases: Path | None,
    draws: int,
    seed: int,
    threads: int | None,
    out: Outputs,
) -> None:
    """Forecast agreements of the past from what was known on the day, and score the forecasts.

    Without DIR, the seven cases that ship. DIR is a folder with scenario.yaml, agreed.yaml and
    outcome.yaml, or a folder of such folders. For each case: would the agreement be ratified, be
    carried through in the order it sets, and hold ten years; where it would break; and what
    happened. The scores stand beside those of naive forecasters.
    """
    from servanda import workbench

    with answering(out) as progress:
        found = workbench.backtest(
            cases, draws=draws, seed=seed, threads=threads, progress=progress
        )
    give(out, BACKTEST, found, stem="backtest")


def _say(found: Backtest) -> None:
    say_tables([_forecasts(found), _orders(found), _scores(found), _noise(found)])
    say("Another order of the same steps (central values)")
    for case in found.cases:
        say_text(f"- {_better(case)}")
    say()
    say("What became of them")
    for case in found.cases:
        say_text(f"- {case.title} ({case.name}): {case.note}")
    say()
    say_text(
        "A handful of cases, coded by people who know how they went on, shows whether the tool is "
        f"absurd; it cannot show that it is right. {found.draws} draws of the coded ranges, seed "
        f"{found.seed}. Conditional on the coding, not a forecast."
    )


BACKTEST = View(_say, "backtest_charts")


def _forecasts(found: Backtest) -> Table:
    rows = []
    for case in found.cases:
        for number, one in enumerate(case.forecasts):
            rows.append(
                (
                    case.name if number == 0 else "",
                    one.event,
                    percent(one.probability),
                    f"{percent(one.low)} to {percent(one.high)}",
                    "yes" if one.happened else "no",
                )
            )
    columns = ("case", "event", "forecast", "coded ranges", "happened")
    return Table("What was forecast, and what happened", columns, tuple(rows), (2, 3))


def _orders(found: Backtest) -> Table:
    rows = [
        (
            case.name,
            f"{case.margin:+.1f}",
            percent(case.self_enforcing),
            case.breaks_at or "–",
            percent(case.ends_there) if case.breaks_at else "",
            "there" if case.broke_at and case.broke_at == case.breaks_at else case.broke_at or "–",
        )
        for case in found.cases
    ]
    columns = ("case", "margin", "kept in", "likeliest end", "chance", "it ended")
    return Table("The order that was agreed", columns, tuple(rows), (1, 2, 4))


def _better(case: CaseForecast) -> str:
    """An order that would have been completed more often, in a sentence."""
    if case.better == case.order or case.better_probability <= case.agreed_probability + 0.005:
        return f"{case.name}: no order was found that would be completed more often."
    order = ", ".join(" with ".join(stage) for stage in case.better)
    rise = f"from {percent(case.agreed_probability)} to {percent(case.better_probability)}"
    return f"{case.name}: the chance of completion rises {rise} with {order}."


def _scores(found: Backtest) -> Table:
    rows = [
        (
            one.event,
            one.forecaster,
            str(one.cases),
            f"{one.brier:.3f}",
            f"{one.brier_low:.3f}–{one.brier_high:.3f}" if one.forecaster == "servanda" else "",
            f"{one.log:.3f}",
        )
        for one in found.scores
    ]
    columns = ("event", "forecaster", "forecasts", "Brier", "its range", "log score")
    return Table("Scores (smaller is better)", columns, tuple(rows), (2, 3, 4, 5))


def _noise(found: Backtest) -> Table:
    rows = [(name, f"{value:.3f}") for name, value in found.noise.items()]
    return Table("If parties erred otherwise", ("noise", "Brier, all events"), tuple(rows), (1,))
