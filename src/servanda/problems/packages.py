"""Packages: what could be agreed, what it is worth to each actor, and what stands in its way.

There are J issues; issue j has ``n_options[j]`` options. A **package** K takes one option of every
issue. Packages are numbered in mixed radix with the last issue fastest, so with 2 and 3 options
package 4 is (1, 1). The value of K, fully implemented, to actor i is ::

    u_i(K) = constant_i + Σ_j contribution[j, K_j, i] + Σ_{links l that match K} link_values[l, i]

A **pattern** is one bitmask of options per issue; it matches K when the bit of K_j is set on every
issue j. All ones mean "any option". "Never X without Y" is the pattern {X} on one issue and the
complement of {Y} on another. Exclusions (never on the table), red lines (each with an owner),
links and interactions are all patterns.

Gates, in this order (Putnam 1988 calls what is left the win-set):

1. red lines on content: no red line matches K;
2. individual rationality: ``u_i(K) >= reservation_i`` for every actor with a veto;
3. ratification: the leader of a willing actor signs iff
   ``P·u_i + (1-P)·reservation_i - (1-P_i)·failure_cost_i - (1-δ_i)·audience_cost_i(K)`` is at least
   ``reservation_i``, where P is the joint probability of all domestic gates, P_i that of its own,
   each gate g passing with ``Φ((s_g - threshold_g)/noise_g)`` and
   ``s_g = logistic(constant_g + Σ_j effects[g, j, K_j] + Σ interactions that match K)``;
4. implementable and 5. efficient are asked by ``servanda.solvers.funnel``.

An example with one issue, two options and two actors:

>>> import numpy as np
>>> problem = PackageProblem(
...     actors=("a", "b"),
...     issues=("land",),
...     options=(("keep", "give"),),
...     n_options=np.array([2]),
...     contribution=np.array([[[10.0, 0.0], [0.0, 10.0]]]),
...     constant=np.zeros(2),
...     reservation=np.array([0.0, 4.0]),
... )
>>> problem.n_packages, problem.named(1)
(2, {'land': 'give'})

References: Putnam (1988), International Organization 42(3); Iida (1993), Journal of Conflict
Resolution 37(3).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servanda.errors import ProblemError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
MaskArray = NDArray[np.uint64]
BoolArray = NDArray[np.bool_]

TOLERANCE = 1e-9
"""Value points. The one tolerance of the package side: ``gain >= -TOLERANCE`` passes, and two
packages whose values differ by no more for any actor are one point of the frontier."""

ANY_OPTION = np.uint64(0xFFFFFFFFFFFFFFFF)
"""A pattern's entry on an issue it does not look at."""

MOST_OPTIONS = 64
"""Options an issue can have: the width of a pattern's entry."""


def _floats() -> FloatArray:
    return np.empty(0, dtype=np.float64)


def _masks() -> MaskArray:
    return np.empty(0, dtype=np.uint64)


def _ints() -> IntArray:
    return np.empty(0, dtype=np.int64)


def _bools() -> BoolArray:
    return np.empty(0, dtype=np.bool_)


class PatternTables(NamedTuple):
    """All patterns of a problem in the form the kernels walk, issue by issue.

    Patterns stand in 64-bit words, each class in words of its own: exclusions, red lines, links,
    interactions. A walk through the issues keeps ``mask & match[j, option]``; a pattern is decided
    at the last issue it looks at.

    Attributes
    ----------
        words: (5,) int, where each class begins; the last is the number of words W.
        match: (J, O, W) uint64, bit set when the pattern allows that option.
        closes: (J, W) uint64, bit set when the pattern is decided at that issue.
        link_start, link_order: (J+1,), (L,) int, links decided at each issue.
        interaction_start, interaction_order: (J+1,), (G·I,) int, the same, flat over gates.
    """

    words: IntArray
    match: MaskArray
    closes: MaskArray
    link_start: IntArray
    link_order: IntArray
    interaction_start: IntArray
    interaction_order: IntArray


@dataclass(frozen=True, eq=False)
class PackageProblem:
    """Packages, their values and their gates, as read-only arrays with labels.

    J issues, O most options of an issue, A actors, L links, E exclusions, F red lines, G domestic
    gates, I most interactions of a gate. Arrays left out are empty. Options beyond
    ``n_options[j]`` are ignored wherever they stand.

    Attributes
    ----------
        actors: (A,) names, in the scenario's order.
        issues: (J,) names.
        options: (J,) tuples of names; ``len(options[j]) == n_options[j]``.
        n_options: (J,) int, each 1 to 64.
        contribution: (J, O, A) points, value of each option to each actor, weights and land in it.
        constant: (A,) points, what no option changes.
        reservation: (A,) points, what each actor gets without a deal; NaN = no veto.
        links: (L, J) patterns.
        link_values: (L, A) points, added to each actor when the link matches.
        exclusions: (E, J) patterns of packages that are not on the table at all.
        red_lines: (F, J) patterns.
        red_line_owner: (F,) int, index of the actor whose line it is.
        red_line_labels: (F,) words.
        audiences: (G,) names of the domestic gates.
        support_constant: (G,) logits.
        support_effects: (G, J, O) logits.
        interactions: (G, I, J) patterns; a row of zeros never matches and pads.
        interaction_values: (G, I) logits.
        threshold: (G,) share of acceptance the gate needs.
        noise: (G,) standard deviation of the vote around support, share; 0 = a sharp threshold.
        audience_actor: (G,) int, the actor whose leader faces this audience.
        failure_cost: (A,) points on the value scale (normalised), lost when the own gate fails.
        audience_cost: (J, O, A) one-off points at signature; counts ``(1 - discount)`` times.
        discount: (A,) monthly discount factor in (0, 1]; needed when audience costs are given.
        gates_before: (G,) bool; False: that gate is a step of the plan and not applied here.
    """

    actors: tuple[str, ...]
    issues: tuple[str, ...]
    options: tuple[tuple[str, ...], ...]
    n_options: IntArray
    contribution: FloatArray
    constant: FloatArray
    reservation: FloatArray
    links: MaskArray = field(default_factory=_masks)
    link_values: FloatArray = field(default_factory=_floats)
    exclusions: MaskArray = field(default_factory=_masks)
    red_lines: MaskArray = field(default_factory=_masks)
    red_line_owner: IntArray = field(default_factory=_ints)
    red_line_labels: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    support_constant: FloatArray = field(default_factory=_floats)
    support_effects: FloatArray = field(default_factory=_floats)
    interactions: MaskArray = field(default_factory=_masks)
    interaction_values: FloatArray = field(default_factory=_floats)
    threshold: FloatArray = field(default_factory=_floats)
    noise: FloatArray = field(default_factory=_floats)
    audience_actor: IntArray = field(default_factory=_ints)
    failure_cost: FloatArray = field(default_factory=_floats)
    audience_cost: FloatArray = field(default_factory=_floats)
    discount: FloatArray = field(default_factory=_floats)
    gates_before: BoolArray = field(default_factory=_bools)

    def __post_init__(self) -> None:
        _freeze_and_check(self)

    @property
    def n_packages(self) -> int:
        """Product of the options, exclusions not yet taken out; exact however large."""
        size = 1
        for count in self.n_options.tolist():
            size *= int(count)
        return size

    @property
    def parties(self) -> IntArray:
        """Indices of the actors with a veto (a finite reservation value), (n,) int."""
        return np.flatnonzero(~np.isnan(self.reservation)).astype(np.int64)

    @cached_property
    def tables(self) -> PatternTables:
        """Patterns in the form the kernels walk, laid out on first use."""
        return pattern_tables(self)

    def chosen(self, package: int) -> tuple[int, ...]:
        """Option of each issue in a package, by its number."""
        if not 0 <= package < self.n_packages:
            raise ProblemError(f"package {package}: must be 0 to {self.n_packages - 1}")
        options: list[int] = []
        for count in reversed(self.n_options.tolist()):
            package, option = divmod(package, int(count))
            options.append(option)
        return tuple(reversed(options))

    def number(self, chosen: Sequence[int]) -> int:
        """Number of the package with these options, one per issue."""
        if len(chosen) != len(self.issues):
            raise ProblemError(
                f"package of {len(chosen)} options; there are {len(self.issues)} issues"
            )
        package = 0
        for issue, (option, count) in enumerate(zip(chosen, self.n_options.tolist(), strict=True)):
            if not 0 <= option < count:
                raise ProblemError(f"option {option} of issue {issue}: must be 0 to {count - 1}")
            package = package * int(count) + int(option)
        return package

    def named(self, package: int) -> dict[str, str]:
        """Issue to option, in names, of a package."""
        return {
            issue: names[option]
            for issue, names, option in zip(
                self.issues, self.options, self.chosen(package), strict=True
            )
        }


def pattern(n_issues: int, options: Mapping[int, Iterable[int]]) -> MaskArray:
    """Pattern that matches when every issue named has one of its options, (J,) uint64.

    >>> [int(mask) for mask in pattern(2, {0: [0, 2]})]
    [5, 18446744073709551615]
    """
    masks = np.full(n_issues, ANY_OPTION, dtype=np.uint64)
    for issue, allowed in options.items():
        bits = 0
        for option in allowed:
            bits |= 1 << option
        masks[issue] = np.uint64(bits)
    return masks


def never_without(n_issues: int, option: tuple[int, int], without: tuple[int, int]) -> MaskArray:
    """Pattern of "never this option without that one"; each is (issue, option), (J,) uint64."""
    masks = pattern(n_issues, {option[0]: [option[1]]})
    masks[without[0]] &= ~np.uint64(1 << without[1])
    return masks


def matched(patterns: MaskArray, chosen: Sequence[int]) -> BoolArray:
    """Which patterns (N, J) match a package, (N,)."""
    bits = np.uint64(1) << np.array(chosen, np.uint64)
    found: BoolArray = ((patterns & bits) != 0).all(axis=1)
    return found


@dataclass(frozen=True, eq=False)
class PackageDraws:
    """The same packages under D draws of what is uncertain; patterns and owners stay.

    An array left out keeps the problem's own values in every draw. D is read from the arrays that
    are given; they must agree.

    Attributes
    ----------
        problem: structure and central values.
        contribution: (D, J, O, A). constant: (D, A). link_values: (D, L, A).
        reservation: (D, A); an actor has a veto in all draws or in none.
        support_constant: (D, G). support_effects: (D, G, J, O). interaction_values: (D, G, I).
        threshold: (D, G). noise: (D, G). failure_cost: (D, A). audience_cost: (D, J, O, A).
        discount: (D, A).
        red_line_holds: (D, F) bool, which red lines are real ones in each draw; left out: all.
    """

    problem: PackageProblem
    contribution: FloatArray = field(default_factory=_floats)
    constant: FloatArray = field(default_factory=_floats)
    link_values: FloatArray = field(default_factory=_floats)
    reservation: FloatArray = field(default_factory=_floats)
    support_constant: FloatArray = field(default_factory=_floats)
    support_effects: FloatArray = field(default_factory=_floats)
    interaction_values: FloatArray = field(default_factory=_floats)
    threshold: FloatArray = field(default_factory=_floats)
    noise: FloatArray = field(default_factory=_floats)
    failure_cost: FloatArray = field(default_factory=_floats)
    audience_cost: FloatArray = field(default_factory=_floats)
    discount: FloatArray = field(default_factory=_floats)
    red_line_holds: BoolArray = field(default_factory=_bools)

    def __post_init__(self) -> None:
        names = [n.name for n in fields(self) if n.name not in {"problem", "red_line_holds"}]
        given = {name: np.array(getattr(self, name), dtype=np.float64, order="C") for name in names}
        counts = {array.shape[0] for array in given.values() if array.size}
        complaints = []
        if len(counts) > 1:
            complaints.append(f"draws: arrays have {sorted(counts)} draws; they must agree")
        n_draws = max(counts, default=1)
        for name, array in given.items():
            central = np.asarray(getattr(self.problem, name))
            shape = (n_draws, *central.shape)
            if array.size == 0:
                array = np.broadcast_to(central, shape).copy()
            elif array.shape != shape:
                complaints.append(f"{name}: shape {array.shape}; must be {shape}")
            elif name != "reservation" and not np.isfinite(array).all():
                complaints.append(f"{name}: must be finite in every draw")
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        holds = np.array(self.red_line_holds, dtype=np.bool_)
        lines = (n_draws, len(self.problem.red_lines))
        if holds.size == 0:
            holds = np.ones(lines, dtype=np.bool_)
        elif holds.shape != lines:
            complaints.append(f"red_line_holds: shape {holds.shape}; must be {lines}")
        holds.flags.writeable = False
        object.__setattr__(self, "red_line_holds", holds)
        if not complaints:
            vetoes = ~np.isnan(self.reservation)
            if (vetoes != ~np.isnan(self.problem.reservation)).any():
                complaints.append("reservation: NaN (no veto) must be the same in all draws")
            if np.isinf(self.reservation).any():
                complaints.append("reservation: must be finite, or NaN for no veto")
        if complaints:
            raise ProblemError("; ".join(complaints))

    @property
    def n_draws(self) -> int:
        """D, how many draws."""
        return int(self.contribution.shape[0])


def pattern_tables(problem: PackageProblem) -> PatternTables:
    """Lay out the patterns of a problem for the kernels."""
    n_issues = len(problem.issues)
    n_most = problem.contribution.shape[1]
    flat = problem.interactions.reshape(-1, n_issues)
    classes = [problem.exclusions, problem.red_lines, problem.links, flat]
    words = np.concatenate([[0], np.cumsum([(len(rows) + 63) // 64 for rows in classes])])
    match = np.zeros((n_issues, n_most, int(words[-1])), dtype=np.uint64)
    closes = np.zeros((n_issues, int(words[-1])), dtype=np.uint64)
    deciding = [_deciding_issue(rows, problem.n_options) for rows in classes]
    for kind, rows in enumerate(classes):
        for number, row in enumerate(rows):
            word = int(words[kind]) + number // 64
            bit = np.uint64(1 << (number % 64))
            closes[deciding[kind][number], word] |= bit
            for issue in range(n_issues):
                for option in range(int(problem.n_options[issue])):
                    if int(row[issue]) >> option & 1:
                        match[issue, option, word] |= bit
    link_start, link_order = _by_issue(deciding[2], n_issues)
    interaction_start, interaction_order = _by_issue(deciding[3], n_issues)
    return PatternTables(
        words.astype(np.int64),
        match,
        closes,
        link_start,
        link_order,
        interaction_start,
        interaction_order,
    )


def _deciding_issue(rows: MaskArray, n_options: IntArray) -> IntArray:
    """Last issue on which each pattern does not allow every option; 0 when there is none."""
    full = np.array([(1 << int(count)) - 1 for count in n_options], dtype=np.uint64)
    looks = (rows & full) != full
    last = looks.shape[1] - 1 - np.argmax(looks[:, ::-1], axis=1)
    return np.where(looks.any(axis=1), last, 0).astype(np.int64)


def _by_issue(deciding: IntArray, n_issues: int) -> tuple[IntArray, IntArray]:
    order = np.argsort(deciding, kind="stable").astype(np.int64)
    start = np.searchsorted(deciding[order], np.arange(n_issues + 1)).astype(np.int64)
    return start, order


def _freeze_and_check(problem: PackageProblem) -> None:
    """Copy every array, read-only, in the right dtype; complain about all that is wrong at once."""
    complaints: list[str] = []
    n_actors, n_issues = len(problem.actors), len(problem.issues)
    object.__setattr__(problem, "actors", tuple(problem.actors))
    object.__setattr__(problem, "issues", tuple(problem.issues))
    object.__setattr__(problem, "options", tuple(tuple(names) for names in problem.options))
    object.__setattr__(problem, "red_line_labels", tuple(problem.red_line_labels))
    object.__setattr__(problem, "audiences", tuple(problem.audiences))
    if not n_actors or not n_issues:
        raise ProblemError("packages: at least one actor and one issue are needed")

    def put(name: str, dtype: type, shape: tuple[int, ...], default: float | None = None) -> None:
        array = _converted(name, getattr(problem, name), dtype, complaints)
        if array.size == 0 and default is not None:
            array = np.full(shape, default, dtype=dtype)
        elif array.size == 0 and 0 in shape:
            array = np.zeros(shape, dtype=dtype)
        elif array.shape != shape:
            complaints.append(f"{name}: shape {array.shape}; must be {shape}")
            array = np.zeros(shape, dtype=dtype)
        if name != "reservation" and dtype is np.float64 and not np.isfinite(array).all():
            complaints.append(f"{name}: must be finite")
        array = np.ascontiguousarray(array)
        array.flags.writeable = False
        object.__setattr__(problem, name, array)

    put("n_options", np.int64, (n_issues,))
    if (problem.n_options < 1).any() or (problem.n_options > MOST_OPTIONS).any():
        complaints.append(f"n_options: each must be 1 to {MOST_OPTIONS}")
    if tuple(len(names) for names in problem.options) != tuple(problem.n_options.tolist()):
        complaints.append("options: one name per option of every issue is needed")
    shape = np.shape(problem.contribution)
    n_most = max(shape[1] if len(shape) == 3 else 0, int(problem.n_options.max(initial=1)))
    n_gates = int(np.size(problem.support_constant))
    interactions = np.shape(problem.interactions)
    n_slots = interactions[1] if len(interactions) == 3 else 0
    put("contribution", np.float64, (n_issues, n_most, n_actors))
    put("constant", np.float64, (n_actors,))
    put("reservation", np.float64, (n_actors,))
    n_links, n_red = len(problem.links), len(problem.red_lines)
    put("links", np.uint64, (n_links, n_issues))
    put("link_values", np.float64, (n_links, n_actors))
    put("exclusions", np.uint64, (len(problem.exclusions), n_issues))
    put("red_lines", np.uint64, (n_red, n_issues))
    put("red_line_owner", np.int64, (n_red,))
    put("support_constant", np.float64, (n_gates,))
    put("support_effects", np.float64, (n_gates, n_issues, n_most), 0.0)
    put("interactions", np.uint64, (n_gates, n_slots, n_issues))
    put("interaction_values", np.float64, (n_gates, n_slots))
    put("threshold", np.float64, (n_gates,))
    put("noise", np.float64, (n_gates,))
    put("audience_actor", np.int64, (n_gates,))
    put("failure_cost", np.float64, (n_actors,), 0.0)
    no_discount = np.size(problem.discount) == 0
    put("audience_cost", np.float64, (n_issues, n_most, n_actors), 0.0)
    put("discount", np.float64, (n_actors,), 1.0)
    put("gates_before", np.bool_, (n_gates,), 1)

    if np.isinf(problem.reservation).any():
        complaints.append("reservation: must be finite, or NaN for no veto")
    if len(problem.red_line_labels) != n_red:
        complaints.append(f"red_line_labels: {len(problem.red_line_labels)} for {n_red} red lines")
    if len(problem.audiences) != n_gates:
        complaints.append(f"audiences: {len(problem.audiences)} names for {n_gates} gates")
    for name in ("red_line_owner", "audience_actor"):
        owner = getattr(problem, name)
        if ((owner < 0) | (owner >= n_actors)).any():
            complaints.append(f"{name}: must be the index of an actor, 0 to {n_actors - 1}")
    if (problem.noise < 0).any():
        complaints.append("noise: must not be negative")
    for name in ("failure_cost", "audience_cost"):
        if (getattr(problem, name) < 0).any():
            complaints.append(f"{name}: must not be negative")
    if ((problem.discount <= 0) | (problem.discount > 1)).any():
        complaints.append("discount: must be in (0, 1]")
    if no_discount and problem.audience_cost.any():
        complaints.append("discount: needed where audience costs are given")
    if complaints:
        raise ProblemError("; ".join(complaints))


def _converted(
    name: str, given: ArrayLike, dtype: type, complaints: list[str]
) -> NDArray[np.generic]:
    """Return a copy in the dtype wanted; numbers that would change by it are a complaint."""
    try:
        array = np.array(given)
        converted: NDArray[np.generic] = array.astype(dtype)
        if array.size and dtype is not np.bool_ and array.dtype.kind in "fiub":
            same = (converted == array) | np.isnan(array)
            if not same.all():
                complaints.append(f"{name}: must be whole numbers")
    except (TypeError, ValueError, OverflowError) as error:
        complaints.append(f"{name}: {error}")
        return np.empty(0, dtype=dtype)
    return converted
