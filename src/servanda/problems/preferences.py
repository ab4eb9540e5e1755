r"""Between packages as arrays and what parties want as other programs say it.

**Out.** The value of a package is ``u_i(K) = constant_i + Σ_j contribution[j, K_j, i] + links``.
Other programs know weights that sum to 1 and evaluations from 0 to 1.  Where a scenario says just
that (weights that sum to 1, values from 0 to 100, no land and no guarantees), they are its own
weights and its values over 100.  Otherwise the values of that actor are rescaled,

.. math:: U_i(K) = (u_i(K) - a_i) / b_i, \quad a_i = c_i + \sum_j \min_o v_{ijo}, \quad
          b_i = \sum_j (\max_o v_{ijo} - \min_o v_{ijo})

which changes no choice of that actor, and its reservation value with them.

**In.** A table of packages and values is additive when values are sums over issues.  The part of
each option is what changing to it from the first option changes most often, whatever the rest; so
answers that are worth more or less together than apart do not blur the others.  What is left over
becomes links, of two options where most packages with both share it, else of one package.  Options
that never stand together in the table become exclusions, of two, three or all of a package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod

import numpy as np
from numpy.typing import NDArray

from servanda.errors import Complaint, ExchangeError, ProblemError
from servanda.problems.gather import own_beliefs, take_own
from servanda.problems.packages import TOLERANCE, MaskArray, PackageProblem
from servanda.problems.parameters import Floats
from servanda.problems.translation import Translation
from servanda.results.package_table import PackageTable
from servanda.scenario.from_preferences import MOST_LINKS, Labels
from servanda.scenario.preferences import Linked, Preferences, Profile

MOST_ROWS = 1_000_000
"""Packages a table holds."""
MOST_GRID = 5_000_000
"""Packages the options of a table may make, those it leaves out included."""
_WEIGHTS = 0.005
"""How far from 1 the weights of a scenario may sum."""
_NEGLIGIBLE = 1e-8
"""Share of the spread of an actor's values below which a table counts as additive: its numbers are
written with twelve digits."""


@dataclass(frozen=True)
class Rescaling:
    """Utility U of an actor stands for ``zero + unit · U`` value points."""

    actor: str
    zero: float
    unit: float

    @property
    def sentence(self) -> str:
        """It in words."""
        return (
            f"{self.actor}: utility U stands for {self.zero:.6g} + {self.unit:.6g} U value points."
        )


# --- out -----------------------------------------------------------------------------------------


def preferences_of(
    translation: Translation,
    theta: Floats,
    problem: PackageProblem,
    labels: Labels,
    *,
    name: str,
) -> tuple[Preferences, tuple[Rescaling, ...]]:
    """What every actor wants, and whose values had to be rescaled.

    Args:
        translation: the scenario.
        theta: (1, P), the draw that ``problem`` is bound to.
        problem: its packages.
        labels: names to use.
        name: of the domain.
    """
    own = own_beliefs(translation.parameters, theta)
    issues = translation.issues
    weight = take_own(own, issues.weight_at)[0]
    value = take_own(own, issues.value_at)[0]
    discount = (1.0 + take_own(own, translation.actors.discount_at)[0]) ** -1.0
    there = np.arange(value.shape[1])[np.newaxis] < problem.n_options[:, np.newaxis]
    profiles, rescaled = [], []
    for actor, label in enumerate(labels.actors):
        own_weight, own_value, zero, unit = weight[:, actor], value[..., actor], 0.0, 100.0
        plain = _says_so_itself(problem, actor, own_weight, own_value, there)
        evaluation = own_value / 100.0
        if not plain:
            own_weight, evaluation, zero, unit = _rescaled(problem, actor, there)
            rescaled.append(Rescaling(label, zero, unit))
        reservation = (float(problem.reservation[actor]) - zero) / unit
        profiles.append(
            Profile(
                actor=label,
                weights=dict(zip(labels.issues, own_weight.tolist(), strict=True)),
                evaluations={
                    issue: dict(zip(options, row[: len(options)].tolist(), strict=True))
                    for issue, options, row in zip(
                        labels.issues, labels.options, evaluation, strict=True
                    )
                },
                reservation=None if np.isnan(reservation) else _short(reservation),
                reservation_package=_reservation_package(
                    problem, actor, translation.issues.status_quo.tolist(), labels
                ),
                discount=_short(float(discount[actor])),
            )
        )
    preferences = Preferences(
        name=name,
        issues=dict(zip(labels.issues, labels.options, strict=True)),
        profiles=tuple(profiles),
        links=_linked(problem.links, labels, problem.link_values, rescaled),
        excluded=_linked(problem.exclusions, labels),
    )
    return preferences, tuple(rescaled)


def _says_so_itself(
    problem: PackageProblem, actor: int, weight: Floats, value: Floats, there: NDArray[np.bool_]
) -> bool:
    """Whether the scenario's own weights and values give this actor's values."""
    made = weight[:, np.newaxis] * value
    same = np.abs(made - problem.contribution[..., actor])[there] <= TOLERANCE
    fits = (value[there] >= 0.0) & (value[there] <= 100.0)
    return bool(
        same.all()
        and fits.all()
        and (weight >= 0).all()
        and abs(weight.sum() - 1.0) <= _WEIGHTS
        and abs(problem.constant[actor]) <= TOLERANCE
    )


def _rescaled(
    problem: PackageProblem, actor: int, there: NDArray[np.bool_]
) -> tuple[Floats, Floats, float, float]:
    """Weights (J,), evaluations (J, O), and the value points of utility 0 and of one unit."""
    part = problem.contribution[..., actor]
    least = np.where(there, part, np.inf).min(axis=1)
    span = np.where(there, part, -np.inf).max(axis=1) - least
    zero, unit = float(problem.constant[actor] + least.sum()), float(span.sum())
    if unit <= TOLERANCE:  # nothing on the table matters to it
        return np.full(len(span), 1.0 / len(span)), np.zeros_like(part), zero, 1.0
    safe = np.where(span > 0.0, span, 1.0)[:, np.newaxis]
    evaluation = np.clip((part - least[:, np.newaxis]) / safe, 0.0, 1.0)
    return span / unit, np.where(there, evaluation, 0.0), zero, unit


def _reservation_package(
    problem: PackageProblem, actor: int, status_quo: Sequence[int], labels: Labels
) -> dict[str, str]:
    """The status quo, when it is worth just what the actor gets without a deal."""
    if any(option < 0 for option in status_quo) or np.isnan(problem.reservation[actor]):
        return {}
    worth = problem.constant[actor] + sum(
        float(problem.contribution[issue, option, actor]) for issue, option in enumerate(status_quo)
    )
    if abs(worth - problem.reservation[actor]) > 1e-6:
        return {}
    return {
        issue: options[option]
        for issue, options, option in zip(labels.issues, labels.options, status_quo, strict=True)
    }


def _linked(
    patterns: MaskArray,
    labels: Labels,
    values: Floats | None = None,
    rescaled: Sequence[Rescaling] = (),
) -> tuple[Linked, ...]:
    """Patterns in names; their values in the utilities of each actor."""
    unit = {one.actor: one.unit for one in rescaled}
    found = []
    for number, masks in enumerate(patterns):
        options = {}
        for issue, names, mask in zip(labels.issues, labels.options, masks.tolist(), strict=True):
            allowed = tuple(name for bit, name in enumerate(names) if mask >> bit & 1)
            if len(allowed) < len(names):
                options[issue] = allowed
        worth = {}
        if values is not None:
            worth = {
                actor: float(value) / unit.get(actor, 100.0)
                for actor, value in zip(labels.actors, values[number], strict=True)
                if value
            }
        found.append(Linked(options, worth))
    return tuple(found)


def _short(number: float) -> float:
    return float(f"{number:.12g}")


def package_table(problem: PackageProblem, labels: Labels) -> PackageTable:
    """Every package that is on the table, with its value to every actor, links and all.

    Raises:
        ProblemError: there are more than a table holds.
    """
    size = problem.n_packages
    if size > MOST_ROWS:
        raise ProblemError(
            f"{size:,} packages; a table holds at most {MOST_ROWS:,}. The formats genius and "
            "geniusweb list options, not packages, and have no such limit."
        )
    counts = [int(count) for count in problem.n_options]
    values = problem.constant[np.newaxis]
    for issue, count in enumerate(counts):
        part = problem.contribution[issue, :count]
        values = (values[:, np.newaxis] + part[np.newaxis]).reshape(-1, values.shape[1])
    chosen = np.stack(np.unravel_index(np.arange(size), counts), axis=1).astype(np.int64)
    values = values.copy()
    for masks, worth in zip(problem.links, problem.link_values, strict=True):
        values[_matches(masks, chosen)] += worth
    on_table = np.ones(size, bool)
    for masks in problem.exclusions:
        on_table &= ~_matches(masks, chosen)
    return PackageTable(
        issues=labels.issues,
        options=labels.options,
        actors=labels.actors,
        chosen=chosen[on_table],
        values=values[on_table],
        reservation=problem.reservation,
    )


def _matches(masks: MaskArray, chosen: NDArray[np.int64]) -> NDArray[np.bool_]:
    hit = np.ones(len(chosen), bool)
    for issue, mask in enumerate(masks):
        hit &= (mask >> chosen[:, issue].astype(np.uint64) & np.uint64(1)).astype(bool)
    return hit


# --- in ------------------------------------------------------------------------------------------


def preferences_of_table(table: PackageTable, *, name: str) -> Preferences:
    """Weights, values, links and exclusions that give the table's numbers.

    Raises:
        ExchangeError: it would take too many links or exclusions to say what the table says.
    """
    counts = [len(options) for options in table.options]
    size = prod(counts)
    if size > MOST_GRID:
        rule = (
            f"the options make {size:,} packages and the table has {table.n_packages:,}; a table "
            "has to list the packages, not a sample of them"
        )
        raise ExchangeError([Complaint("(packages)", rule)])
    parts, middle = _additive(table, counts)
    sums = middle + sum(part[table.chosen[:, issue]] for issue, part in enumerate(parts))
    left = table.values - sums
    scale = np.abs(table.values).max(axis=0)
    slack = np.maximum(_NEGLIGIBLE * scale, TOLERANCE)
    links = _links(table, left, slack)
    if len(links) > MOST_LINKS:
        odd = int((np.abs(table.values - sums) > slack).any(axis=1).sum())
        worst = float(np.abs(table.values - sums).max())
        rule = (
            f"values are not sums over issues: {odd:,} of {table.n_packages:,} packages are worth "
            f"more or less than their parts, by up to {worst:.3g}, and it would take more than "
            f"{MOST_LINKS:,} links to say so"
        )
        raise ExchangeError([Complaint("(packages)", rule)])
    return Preferences(
        name=name,
        issues=dict(zip(table.issues, table.options, strict=True)),
        profiles=tuple(
            _profile(table, actor, [part[:, actor] for part in parts], float(middle[actor]))
            for actor in range(len(table.actors))
        ),
        links=tuple(links),
        excluded=tuple(_excluded(table, counts)),
        points=1.0,
    )


def _additive(table: PackageTable, counts: Sequence[int]) -> tuple[list[Floats], Floats]:
    """The part of each option (O, A) for every issue, and what all packages share (A,)."""
    actors = len(table.actors)
    grid = np.full((prod(counts), actors), np.nan)
    grid[np.ravel_multi_index(tuple(table.chosen.T), counts)] = table.values
    grid = grid.reshape(*counts, actors)
    parts = [_part(grid, issue) for issue in range(len(counts))]
    left = table.values - sum(part[table.chosen[:, issue]] for issue, part in enumerate(parts))
    return parts, np.array([_usual(column) for column in left.T])


def _part(grid: Floats, issue: int) -> Floats:
    """What each option of an issue usually adds to its first one, whatever the rest, (O, A)."""
    moved = np.moveaxis(grid, issue, 0)
    flat = moved.reshape(moved.shape[0], -1, moved.shape[-1])
    both = ~np.isnan(flat[..., 0]) & ~np.isnan(flat[:1, :, 0])
    part = np.zeros((moved.shape[0], moved.shape[-1]))
    for option in range(1, len(part)):
        rows = both[option]
        for actor in range(part.shape[1]):
            part[option, actor] = _usual(flat[option, rows, actor] - flat[0, rows, actor])
    return part


def _usual(numbers: Floats) -> float:
    """The number that occurs most often, up to the precision of a table; 0 of none."""
    if not len(numbers):
        return 0.0
    step = max(float(np.abs(numbers).max()), 1.0) * 10 * _NEGLIGIBLE
    rounded = np.round(numbers / step)
    found, counts = np.unique(rounded, return_counts=True)
    alike = np.flatnonzero(counts == counts.max())
    most = found[alike[np.argmin(np.abs(found[alike]))]]  # of equals, the nearest to nothing
    return float(np.median(numbers[rounded == most]))


def _links(table: PackageTable, left: Floats, slack: Floats) -> list[Linked]:
    """What is left of the values, pair of options by pair, then package by package.

    ``left`` is changed in place: what a link says is taken out of it.
    """
    found: list[Linked] = []
    for one, other in combinations(range(len(table.issues)), 2):
        odd = (np.abs(left) > slack).any(axis=1)
        if not odd.any():
            return found
        width = len(table.options[other])
        cell = table.chosen[:, one] * width + table.chosen[:, other]
        all_of = np.bincount(cell)
        most = np.flatnonzero(2 * np.bincount(cell[odd], minlength=len(all_of)) >= all_of)
        for number in most.tolist():
            rows = np.flatnonzero(cell == number)
            worth = np.array([_usual(column) for column in left[rows].T])
            worth[np.abs(worth) <= slack] = 0.0
            if worth.any():
                left[rows] -= worth
                found.append(_link(table, {one: number // width, other: number % width}, worth))
    odd = (np.abs(left) > slack).any(axis=1)
    if len(found) + int(odd.sum()) > MOST_LINKS:
        return [*found, *[Linked({})] * MOST_LINKS]
    for row in np.flatnonzero(odd).tolist():
        worth = np.where(np.abs(left[row]) > slack, left[row], 0.0)
        found.append(_link(table, dict(enumerate(table.chosen[row].tolist())), worth))
    return found


def _link(table: PackageTable, chosen: Mapping[int, int], worth: Floats | None = None) -> Linked:
    """These options together, issue number to option number."""
    options = {table.issues[j]: (table.options[j][option],) for j, option in chosen.items()}
    values = {} if worth is None else dict(zip(table.actors, worth.tolist(), strict=True))
    return Linked(options, {actor: value for actor, value in values.items() if value})


def _excluded(table: PackageTable, counts: Sequence[int]) -> list[Linked]:
    """Options that never stand together in the table: pairs, then threes, then whole packages."""
    missing = np.ones(prod(counts), bool)
    missing[np.ravel_multi_index(tuple(table.chosen.T), counts)] = False
    everything = missing.reshape(counts)
    grid = everything.copy()  # missing, and not yet said by an exclusion
    found: list[Linked] = []
    for together in (2, 3):
        for issues in combinations(range(len(counts)), together):
            if not grid.any():
                return found
            others = tuple(issue for issue in range(len(counts)) if issue not in issues)
            new = everything.all(axis=others) & grid.any(axis=others)
            for options in np.argwhere(new).tolist():
                chosen = dict(zip(issues, options, strict=True))
                found.append(_link(table, chosen))
                grid[tuple(chosen.get(issue, slice(None)) for issue in range(len(counts)))] = False
            if len(found) > MOST_LINKS:
                break
    rest = np.argwhere(grid)
    if len(found) + len(rest) > MOST_LINKS:
        rule = (
            f"the options make {missing.size:,} packages and the table has {table.n_packages:,}; "
            f"it would take more than {MOST_LINKS:,} exclusions to say which are left out"
        )
        raise ExchangeError([Complaint("(packages)", rule)])
    found += [_link(table, dict(enumerate(row))) for row in rest.tolist()]
    return found


def _profile(table: PackageTable, actor: int, parts: Sequence[Floats], middle: float) -> Profile:
    """Weights by what is at stake, and values such that their weighted sum is the table's value."""
    least = [float(part.min()) for part in parts]
    spans = [float(part.max()) - low for part, low in zip(parts, least, strict=True)]
    zero, unit = middle + sum(least), sum(spans)
    evaluations = {}
    weights = {}
    for issue, options, part, low, span in zip(
        table.issues, table.options, parts, least, spans, strict=True
    ):
        weights[issue] = span / unit if unit > 0 else 1.0 / len(parts)
        share = (part - low) / span if span > 0 else np.zeros(len(part))
        evaluations[issue] = dict(zip(options, (zero + unit * share).tolist(), strict=True))
    reservation = float(table.reservation[actor])
    return Profile(
        actor=table.actors[actor],
        weights=weights,
        evaluations=evaluations,
        reservation=None if np.isnan(reservation) else reservation,
    )
