"""Run folders of questions: what is asked, so that the same question can go on later."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servanda.errors import RunError
from servanda.workbench._common import digest

if TYPE_CHECKING:
    from servanda.files.plans import PlanFile
    from servanda.files.runs import Manifest, Run
    from servanda.scenario.model import Scenario

Notice = Callable[[str], None]


def unheard(text: str) -> None:
    """A notice that nobody reads."""


@contextmanager
def run_folder(
    folder: Path | None,
    kind: str,
    scenarios: Sequence[Scenario],
    options: Mapping[str, Any],
    notice: Notice = unheard,
    free: tuple[str, ...] = (),
) -> Iterator[Run | None]:
    """Keep what is computed in a folder while a question is answered; nowhere without one.

    Args:
        folder: new, empty, or of the same question about the same scenarios.
        kind: of question.
        scenarios: those asked about, variants and changes already applied.
        options: arguments, plain, with which the question is asked again when the run goes on.
        notice: called with what the user should know, such as a damaged chunk.
        free: names of options that may be others each time, as they change no chunk that is kept;
            what the scenario is called (``name``) always may.

    Raises:
        RunError: something else stands there, or somebody is writing there; nothing is changed.
        NotWrittenError: the folder cannot be made or written.
    """
    if folder is None:
        yield None
        return
    from servanda.files.runs import Manifest, Subject, open_run
    from servanda.simulation.versions import versions

    manifest = Manifest(
        kind=kind,
        scenarios=tuple(
            Subject(
                title=one.title,
                digest=digest(one),
                says=one.model_dump(mode="json", by_alias=True, exclude_unset=True),
            )
            for one in scenarios
        ),
        options=dict(options),
        versions=versions(),
        free=("name", *free),
    )
    with open_run(folder, manifest, notice) as run:
        yield run


def plan_given(plan: Path | Mapping[str, str] | None) -> PlanFile | None:
    """A plan file, read; or as a run has kept it."""
    from servanda.files.plans import PlanFile, plan_file

    if plan is None:
        return None
    return PlanFile(**plan) if isinstance(plan, Mapping) else plan_file(plan)


def keep_summary(kept: Run | None, found: Any, **tables: Sequence[Any]) -> None:
    """Write what was found into the folder: all of it as JSON, some of it as tables."""
    if kept is not None:
        from servanda.files.run_tables import columns_of, write_summary

        named = {name: columns_of(rows) for name, rows in tables.items() if rows}
        write_summary(kept, found.to_dict(), named)


def scenarios_of_run(manifest: Manifest, folder: Path) -> tuple[Scenario, ...]:
    """The scenarios a run is about, as they were when it began.

    Raises:
        RunError: one of them is not the scenario the manifest says it is.
    """
    from servanda.scenario.build import build_scenario

    found = []
    for subject in manifest.scenarios:
        scenario, complaints = build_scenario(subject.says)
        if scenario is None or complaints or digest(scenario) != subject.digest:
            raise RunError(str(folder), "a scenario in its run.json is damaged")
        found.append(scenario)
    return tuple(found)
