"""``servanda brief``: analyse a scenario, print a summary, write one HTML page, or a sheet."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from servanda.cli.options import (
    changes_options,
    draws_options,
    json_option,
    quiet_option,
    scenario_argument,
)
from servanda.cli.outputs import check_save, keep, save_option
from servanda.cli.progress import Progress
from servanda.cli.screen import say_json, screen_width

if TYPE_CHECKING:
    from servanda.scenario.model import Scenario


@click.command()
@scenario_argument
@changes_options
@draws_options
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Where to write the page.  [default: NAME-brief.html here]",
)
@click.option("--pdf", is_flag=True, help="Write the first page as one A4 sheet, too.")
@click.option(
    "--with",
    "besides",
    metavar="QUESTION,...",
    default="",
    help="Answer these, too: why, levers, pressure, inverse, sensitivity, talks, rounds, "
    "histories.",
)
@click.option("--full", is_flag=True, help="Answer every one that can be asked of the scenario.")
@click.option(
    "--from",
    "saved",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Take an answer saved earlier instead of computing it, also that of a brief itself; may "
    "be repeated.",
)
@save_option
@quiet_option
@json_option
def brief(
    scenario: str,
    changes: tuple[str, ...],
    variant: str,
    draws: int,
    seed: int,
    threads: int | None,
    output: Path | None,
    pdf: bool,
    besides: str,
    full: bool,
    saved: tuple[Path, ...],
    save: Path | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Analyse a scenario: print the answer, and write a brief as one HTML page.

    The page asks for nothing outside itself. The answer depends on the scenario, the changes, the
    number of draws and the seed, and on nothing else. Answers to further questions are those of
    their own commands, and share the work they have in common.
    """
    from servanda import workbench
    from servanda.files.read import short_name
    from servanda.files.write import write_atomic

    read = workbench.read(scenario, variant=variant, changes=changes)
    name = "-".join(part for part in (short_name(scenario), variant, "brief") if part)
    targets = _targets(output or Path(f"{name}.html"), pdf=pdf)
    check_save(save)
    asked = _asked(besides)
    answers = dict(workbench.saved_answer(path, read) for path in saved)
    progress = Progress(quiet=quiet)

    from servanda.brief import render_terminal

    how: dict[str, Any] = {
        "draws": draws,
        "seed": seed,
        "threads": threads,
        "progress": progress.show,
        "variant": variant,
        "changes": changes,
    }
    with progress, workbench.shared_work():
        analysis = answers.pop("analysis", None) or workbench.analyse(read, **how)
        left_out = _ask(asked, read, answers, how, full=full)
        progress.show("writing the brief", 1.0)
        pages: list[str | bytes] = [workbench.brief(analysis, read, answers)]
        pages += [workbench.brief_pdf(analysis, read, answers)] if pdf else []
    if save is not None:
        keep(analysis, save, quiet=quiet)
    for one, page in zip(targets, pages, strict=True):
        write_atomic(one, page)
    if as_json:
        more = {question: answer.to_dict() for question, answer in answers.items()}
        say_json({**analysis.to_dict(), **({"answers": more} if more else {})})
    else:
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        text = render_terminal(analysis, read, screen_width(), colour=colour)
        click.echo(text.rstrip("\n"))  # its words are cleaned where it is made
    if not quiet:
        for line in [*left_out, *(f"brief: {one}" for one in targets)]:
            click.echo(line, err=True)


def _targets(page: Path, *, pdf: bool) -> list[Path]:
    """The page, and the sheet beside it; both can be written."""
    from servanda.files.write import check_writable

    if page.suffix == ".pdf":
        rule = "is where the page is written, as .html; --pdf writes the sheet beside it."
        raise click.BadParameter(rule, param_hint="'--output'")
    targets = [page, *([page.with_suffix(".pdf")] if pdf else [])]
    for one in targets:
        check_writable(one)
    return targets


def _asked(besides: str) -> list[str]:
    """Questions of a list with commas, each once."""
    from servanda.errors import NotFoundError
    from servanda.workbench import BESIDES

    asked = list(dict.fromkeys(one.strip() for one in besides.split(",") if one.strip()))
    for question in asked:
        if question not in BESIDES:
            raise NotFoundError("question", question, BESIDES)
    return asked


def _ask(
    asked: list[str],
    scenario: Scenario,
    answers: dict[str, Any],
    how: dict[str, Any],
    *,
    full: bool,
) -> list[str]:
    """Add the answers that are not there yet; say which of a full brief could not be had."""
    from servanda import workbench
    from servanda.errors import ServandaError

    left_out = []
    for question in workbench.BESIDES if full else asked:
        if question in answers:
            continue
        try:
            answers[question] = workbench.ask(question, scenario, **how)
        except ServandaError as error:
            if question in asked:
                raise
            left_out.append(f"left out, {question}: {error}")
    return left_out
