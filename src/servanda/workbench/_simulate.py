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
        on: the engine, as in `servanda.simulation.engines.open_engine`.
        threads: at most this many; as many as there are processors when left out.
        run: a folder that keeps the policies, and counts of very many histories, so that a stopped
            run can go on, and other histories of the same policies cost little.
        table: a file for every history, .csv or .parquet; written anew each time, as a whole.
        notice: called with what the user should know about the run.
        progress: called with what is being done and how much of it, 0 to 1.
        variant, changes: what was applied, to be remembered in the answer.

    Raises:
        ScenarioError: there is no war, or no step.
        ProblemError: a number is not whole, too small or too large; fewer histories than policies.
        RunError: something else stands in the folder.
        EngineError: no such engine, or it cannot be reached.
        NotWrittenError: the folder or the table cannot be written.
    """
    from servanda.files.row_tables import row_table
    from servanda.simulation.histories import Asked, histories_of_scenario

    must_be_kept(scenario)
    numbers = {
        "histories": histories,
        "seed": seed,
        "policies": policies,
        "policy_seed": policy_seed,
        "years": years,
    }
    _check(**numbers)
    options = {"name": name, **numbers, "variant": variant, "changes": list(changes)}
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


def _check(*, histories: int, policies: int, years: int, **seeds: int) -> None:
    from servanda.problems.histories import is_whole

    counts = {"years": years, "policies": policies, "histories": histories}
    complaints = [
        f"{name}: {count!r}, wanted a whole number, at least 1"
        for name, count in counts.items()
        if not is_whole(count) or count < 1
    ]
    complaints += [
        f"{name}: {seed!r}, wanted a whole number from 0 to 2^64 - 1"
        for name, seed in seeds.items()
        if not is_whole(seed) or not 0 <= seed < 2**64
    ]
    if not complaints and histories < policies:
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
