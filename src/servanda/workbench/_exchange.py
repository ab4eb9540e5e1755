"""Scenarios from other programs' files, and files for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servanda.errors import ExchangeError, NotFoundError

if TYPE_CHECKING:
    from servanda.files.genius import Scaling
    from servanda.scenario.model import Scenario


def import_files(
    files: Sequence[Path], *, as_of: date, scaling: Scaling = "genius", title: str = ""
) -> Imported:
    """Make a scenario from GENIUS, GeniusWeb, CSV or Parquet files, or from a folder of them.

    Args:
        files: a domain and its profiles, or one table of packages.
        as_of: the day of the scenario.
        scaling: how GENIUS evaluations are read.
        title: of the scenario; the name of the domain when left out.

    Raises:
        ExchangeError: the files cannot be used; carries all complaints.
    """
    from servanda.files.exchange import gather
    from servanda.files.genius import read_genius
    from servanda.files.geniusweb import read_geniusweb
    from servanda.scenario.build import build_scenario
    from servanda.scenario.from_preferences import raw_scenario

    kind, paths = gather(files)
    if kind.name == "genius":
        preferences = read_genius(paths, scaling=scaling)
    elif kind.name == "geniusweb":
        preferences = read_geniusweb(paths)
    else:
        from servanda.files.tables import read_csv, read_parquet
        from servanda.problems.preferences import preferences_of_table

        read_table = read_csv if kind.name == "csv" else read_parquet
        preferences = preferences_of_table(read_table(paths[0]), name=paths[0].stem)
    raw = raw_scenario(preferences, title=title or preferences.name, as_of=as_of)
    scenario, complaints = build_scenario(raw)
    if scenario is None or complaints:
        raise ExchangeError(complaints)
    return Imported(scenario, raw, kind.title, preferences.notes)


def export_files(scenario: Scenario, *, to: str, name: str) -> Exported:
    """The package side of a scenario as files of another program.

    Args:
        scenario: a checked scenario, variant and changes already applied.
        to: genius, geniusweb, csv or parquet.
        name: of the domain; a table is called after it.

    Raises:
        NotFoundError: no such format.
        ProblemError: more packages than a table holds.
    """
    from servanda.files.exchange import FORMATS
    from servanda.files.genius import genius_files
    from servanda.files.geniusweb import geniusweb_files
    from servanda.files.tables import csv_text, parquet_bytes
    from servanda.problems.from_scenario import translate
    from servanda.problems.package_binding import package_problem
    from servanda.problems.parameters import central
    from servanda.problems.preferences import package_table, preferences_of
    from servanda.problems.ranked_binding import ranked_packages
    from servanda.problems.ranked_packages import central_reading
    from servanda.scenario.from_preferences import labels
    from servanda.scenario.losses import losses
    from servanda.solvers.reservation import without_a_deal

    if to not in FORMATS:
        raise NotFoundError("format", to, FORMATS)
    kind, names = FORMATS[to], labels(scenario)
    translation = translate(scenario)
    theta = central(translation.parameters)
    reservation = without_a_deal(translation, theta, threads=None)[0]
    problem = package_problem(translation, theta, reservation, [], [])
    if scenario.rankings:
        problem = central_reading(ranked_packages(scenario, translation, theta, problem))
    rescaled: tuple[str, ...] = ()
    if kind.whole:
        table = package_table(problem, names)
        content = csv_text(table).encode() if to == "csv" else parquet_bytes(table)
        files = {f"{name}{kind.ending}": content}
    else:
        preferences, changed = preferences_of(translation, theta, problem, names, name=name)
        write = genius_files if to == "genius" else geniusweb_files
        files = {file: text.encode() for file, text in write(preferences).items()}
        rescaled = tuple(one.sentence for one in changed)
    lost = losses(scenario, whole=kind.whole, bid=to == "geniusweb")
    return Exported(files, lost, rescaled)


@dataclass(frozen=True)
class Imported:
    """A scenario made from other programs' files.

    Attributes:
        scenario: it passes the check.
        raw: the same as a file says it.
        format: what the files were.
        notes: what was decided on the way, each a sentence.
    """

    scenario: Scenario
    raw: dict[str, Any]
    format: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Exported:
    """Files for other programs.

    Attributes:
        files: name to content.
        lost: what the scenario says and the files do not, each a sentence.
        rescaled: actors whose values had to be put on another scale, each a sentence.
    """

    files: dict[str, bytes]
    lost: tuple[str, ...]
    rescaled: tuple[str, ...]
