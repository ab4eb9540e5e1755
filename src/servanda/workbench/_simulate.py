"""Histories: what becomes of the war, and of what is signed to end it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from servanda.errors import ProblemError
from servanda.workbench._common import Progress, chart_files, must_be_kept, origin_of, quiet
from servanda.workbench._runs import Notice, run_folder, unheard

if TYPE_CHECKING:
    from servanda.results.histories_answer import HistoriesAnswer
    from servanda.scenario.model import Scenario

HISTORIES, POLICIES, YEARS = 10_000, 64, 10
"""How many histories of how many policies, over how many years, unless said otherwise."""


def simulate(
    scenario: Scenario,
    *,
    name: str = "",
    histories: int = HISTORIES,
    seed: int = 1,
    policies: int = POLICIES,
    policy_seed: int = 1,
    years: int = YEARS,
    on: str = "threads",
    threads: int | None = None,
    run: Path | None = None,
    table: Path | None = None,
    notice: Notice = unheard,
    progress: Progress | None = None,
    variant: str = "",
    changes: Sequence[str] = (),
) -> HistoriesAnswer:
    """Many histories: when something is signed, whether it is kept, who breaks it at which step.

    Args:
        scenario: a checked scenario, variant and changes already applied, with a war and steps.
        name: what the scenario is called, for files made of the answer when a run has gone on.
        histories: how many; at least as many as policies.
        seed: of what chance decides in them.
        policies: draws of the uncertain quantities, in each of which the talks are solved.
        policy_seed: of these draws. The same seeds give the same answer on any engine.
        years: that histories are followed.
        on: the engine that computes policies, as in `servanda.simulation.engines.open_engine`.
        threads: at most this many; as many as there are processors when left out.
        run: a folder that keeps the policies, so that a stopped run can go on, and other histories
            of the same policies cost little.
        table: a file for every history, .csv or .parquet.
        notice: called with what the user should know about the run.
        progress: called with what is being done and how much of it, 0 to 1.
        variant, changes: what was applied, to be remembered in the answer.

    Raises:
        ScenarioError: there is no war, or no step.
        ProblemError: fewer histories than policies, or less than a year.
        RunError: something else stands in the folder.
        EngineError: no such engine, or it cannot be reached.
        NotWrittenError: the folder or the table cannot be written.
    """
    from servanda.files.row_tables import row_table
    from servanda.simulation.histories import Asked, histories_of_scenario

    must_be_kept(scenario)
    _check(histories, policies, years)
    options = {
        "name": name,
        "histories": histories,
        "seed": seed,
        "policies": policies,
        "policy_seed": policy_seed,
        "years": years,
        "variant": variant,
        "changes": list(changes),
    }
    with (
        run_folder(
            run, "histories", [scenario], options, notice=notice, free=("histories", "seed")
        ) as kept,
        row_table(table) if table is not None else nullcontext() as listen,
    ):
        found = histories_of_scenario(
            scenario,
            origin_of(scenario, policies, policy_seed, variant, changes),
            Asked(histories, seed, 12 * years),
            on=on,
            threads=threads,
            run=kept,
            progress=progress or quiet,
            listen=listen,
        )
        if kept is not None:
            from servanda.files.run_tables import write_summary

            write_summary(kept, found.to_dict(), found.tables())
    return found


def _check(histories: int, policies: int, years: int) -> None:
    complaints = []
    if years < 1:
        complaints.append(f"years: {years}, wanted at least 1")
    if policies < 1:
        complaints.append(f"policies: {policies}, wanted at least 1")
    if histories < policies:
        complaints.append(
            f"histories: {histories:,}, wanted at least one for each of the {policies:,} policies"
        )
    if complaints:
        raise ProblemError("; ".join(complaints))


def history_charts(found: HistoriesAnswer, scenario: Scenario, ending: str) -> dict[str, bytes]:
    """Charts of an answer about histories as files: name to content.

    Args:
        found: the answer.
        scenario: whose names are printed.
        ending: html, svg or png.
    """
    from servanda.brief.history_charts import charts_of_histories

    return chart_files(charts_of_histories(found, scenario), scenario.title, ending)
