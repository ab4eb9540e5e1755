"""``servanda inverse``: what would have to be true for a named deal to be signed and kept."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servanda.cli.chart_folder import check_folder, file_stem, write_charts
from servanda.cli.options import (
    changes_options,
    charts_options,
    draws_options,
    json_option,
    scenario_argument,
)
from servanda.cli.progress import Progress
from servanda.cli.screen import Table, day, say, say_json, say_tables, say_text

if TYPE_CHECKING:
    from servanda.results.inverse import Inverse, Move, Moves
    from servanda.scenario.model import Scenario


@click.command()
@scenario_argument
@click.option(
    "--deal",
    default="",
    metavar="DEAL",
    help="A number, 'focus', 'status-quo' or a solution, and options that differ "
    "(609531,ceasefire=us-led); or all options.  [default: that of the plan, or the deal in "
    "focus]",
)
@click.option(
    "--order",
    default="",
    metavar="ORDER",
    help="In which order it is to be kept; named as by servanda order.  [default: best]",
)
@click.option(
    "--plan",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A plan that says the order.",
)
@changes_options
@charts_options
@draws_options
@click.option("--quiet", is_flag=True, help="No progress on stderr.")
@json_option
def inverse(
    scenario: str,
    deal: str,
    order: str,
    plan: Path | None,
    changes: tuple[str, ...],
    variant: str,
    folder: Path | None,
    ending: str,
    draws: int,
    seed: int,
    threads: int | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """What would have to be true for a deal to be signed, ratified and kept.

    First what fails as things stand, condition by condition. Then the numbers (values, weights,
    credibilities, costs, beliefs) each of which alone would mend it, how far each has to move, and
    the cheapest change of several together where no single one does. Numbers move while all others
    stand at their central values; shares of draws say what is left of it when all are uncertain.
    """
    from servanda import workbench
    from servanda.files.read import short_name

    if order and plan is not None:
        raise click.UsageError("either --order or --plan; a plan is an order already.")
    read = workbench.read(scenario, variant=variant, changes=changes)
    check_folder(folder)
    progress = Progress(quiet=quiet)
    with progress:
        found = workbench.inverse(
            read,
            name=short_name(scenario),
            deal=deal,
            order=order,
            plan=plan,
            draws=draws,
            seed=seed,
            threads=threads,
            progress=progress.show,
            variant=variant,
            changes=changes,
        )
    if as_json:
        say_json(found.to_dict())
    else:
        _say(found, read)
    if folder is not None:
        charts = workbench.inverse_charts(found, read, ending)
        write_charts(folder, charts, file_stem(scenario, variant), quiet=quiet)


def _say(found: Inverse, scenario: Scenario) -> None:
    origin = found.origin
    say(
        f"{scenario.title} · as of {day(scenario.as_of)} · "
        f"{origin.draws:,} draws, seed {origin.seed}"
    )
    chosen = ", ".join(f"{issue}={option}" for issue, option in found.options.items())
    say_text(f"Deal {found.package} ({found.reason}): {chosen}")
    say_text(found.message)
    say()
    tables = [
        _conditions(found),
        _statements(found),
        *(
            _moves(f"Alone enough for {key}", moves, ())
            for key, moves in found.each.items()
            if not found.alone
        ),
        _moves(
            "Alone enough for every condition",
            [one.moves[0] for one in found.alone],
            [one.share for one in found.alone],
        ),
        *_together(found),
        _turned(found),
    ]
    say_tables([table for table in tables if table.rows])


def _conditions(found: Inverse) -> Table:
    rows = tuple(
        (one.id, "holds" if one.holds else "fails", f"{one.margin:+.1f}", one.sentence)
        for one in (*found.failing, *(one for one in found.conditions if one.holds))
    )
    columns = ("condition", "now", "margin", "in words")
    title = "What must hold, at the central values (value points; of support: points of a hundred)"
    return Table(title, columns, rows, (2,))


def _statements(found: Inverse) -> Table:
    rows = tuple(
        (
            one.id,
            one.kind,
            one.by,
            "" if one.chance is None else f"{100 * one.chance:.0f} %",
            "stands" if one.stands else "opening position",
            one.says,
        )
        for one in found.statements
    )
    columns = ("statement", "kind", "by", "held", "at the centre", "in words")
    return Table("What the deal or its order runs against", columns, rows, (3,))


def _moves(title: str, moves: Iterable[Move], shares: Iterable[float | None]) -> Table:
    listed, of_draws = list(moves), list(shares)
    rows = tuple(
        (
            one.path,
            f"{one.start:.3g}",
            f"{one.to:.3g}",
            f"{one.spreads:+.2f}",
            _range(one),
            ", ".join(one.who),
            *([_share(of_draws[n])] if of_draws else []),
        )
        for n, one in enumerate(listed)
    )
    columns = ("number", "now", "needed", "spreads", "range", "who can")
    last = ("draws",) if of_draws else ()
    return Table(title, (*columns, *last), rows, (1, 2, 3, 6))


def _together(found: Inverse) -> list[Table]:
    tables = []
    if found.joint is not None and not found.alone:
        tables.append(_joint("The cheapest change of fewest numbers", found.joint))
    if found.within is not None and found.within != found.joint:
        tables.append(_joint("The fewest numbers, each inside its range", found.within))
    return tables


def _joint(title: str, joint: Moves) -> Table:
    words = f"{title}: {joint.effort:.2f} spreads in all, {_share(joint.share)} of draws"
    return _moves(words, joint.moves, ())


def _turned(found: Inverse) -> Table:
    """What an actor would have to like, or to care for, the other way round."""
    every = [
        *(one.moves[0] for one in found.alone),
        *(move for moves in found.each.values() for move in moves if not found.alone),
        *(move for one in (found.joint, found.within) if one for move in one.moves),
    ]
    rows = {one.path: (one.path, "; ".join(one.reverses)) for one in every if one.reverses}
    title = "Orderings turned round by such a move (now better > now worse)"
    return Table(title, ("number", "orderings"), tuple(rows.values()))


def _range(one: Move) -> str:
    if one.low is None or one.high is None:
        return "not stated"
    return f"{one.low:.3g} to {one.high:.3g}{'' if one.inside else ': outside'}"


def _share(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.0f} %"
