"""The scenario's packages for given draws: values of answers, red lines, domestic gates."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from servanda.problems.agreement import agreement, land_flows
from servanda.problems.gather import monthly_discount, own_beliefs, take_own
from servanda.problems.packages import (
    MaskArray,
    PackageDraws,
    PackageProblem,
    pattern,
)
from servanda.problems.parameters import Floats, Integers
from servanda.problems.translation import Flags, Translation


def package_problem(
    translation: Translation,
    theta: Floats,
    reservation: Floats,
    lines: Sequence[int],
    labels: Sequence[str],
) -> PackageProblem:
    """Packages at one draw.

    Args:
        translation: the scenario.
        theta: (1, P).
        reservation: (A,) what every actor gets without a deal.
        lines: red lines on content that are to count, as indices of all red lines.
        labels: their words.
    """
    numbers = _numbers(translation, theta, reservation[np.newaxis])
    issues, audiences = translation.issues, translation.audiences
    return PackageProblem(
        actors=translation.actors.names,
        issues=issues.names,
        options=issues.options,
        n_options=np.array([len(options) for options in issues.options], np.int64),
        links=_patterns(
            translation,
            [
                *(_all_of(translation, pairs) for pairs in issues.link_options),
                *(masks for masks, _, _ in _brought_twice(translation)),
            ],
        ),
        exclusions=_patterns(translation, [_all_of(translation, p) for p in issues.exclusions]),
        red_lines=_patterns(translation, [_red_line(translation, line) for line in lines]),
        red_line_owner=translation.red_lines.by[list(lines)],
        red_line_labels=tuple(labels),
        audiences=audiences.names,
        interactions=_interactions(translation),
        audience_actor=audiences.of,
        gates_before=audiences.step < 0,
        **{name: array[0] for name, array in numbers.items()},
    )


def package_draws(
    problem: PackageProblem, translation: Translation, theta: Floats, reservation: Floats
) -> PackageDraws:
    """The same packages over D draws: theta (D, P), reservation (D, A)."""
    holds = theta[:, translation.red_lines.holds_at[content_lines(translation)]] >= 0.5
    return PackageDraws(problem, red_line_holds=holds, **_numbers(translation, theta, reservation))


def content_lines(translation: Translation) -> list[int]:
    """Red lines on content, as indices of all red lines."""
    return [line for line, never in enumerate(translation.red_lines.never) if never]


def order_lines(translation: Translation) -> list[int]:
    """Red lines on order, as indices of all red lines."""
    return [line for line, do in enumerate(translation.red_lines.do) if do]


def lines_held(translation: Translation, theta: Floats, lines: Sequence[int]) -> Flags:
    """Which of these red lines are real ones in each draw, (D, len(lines))."""
    held: Flags = theta[:, translation.red_lines.holds_at[list(lines)]] >= 0.5
    return held


def _numbers(translation: Translation, theta: Floats, reservation: Floats) -> dict[str, Floats]:
    """Every number of a package problem with a leading draw axis."""
    own = own_beliefs(translation.parameters, theta)
    audiences = translation.audiences
    signs = translation.actors.signs
    count = len(audiences.names)
    speaks = own[:, audiences.of]  # the leader's view of its own audience

    def of_gate(at: Integers) -> Floats:
        gates = np.arange(count).reshape(-1, *[1] * (at.ndim - 1))
        found: Floats = np.where(at >= 0, speaks[:, gates, np.maximum(at, 0)], 0.0)
        return found

    return {
        "contribution": _contribution(translation, own),
        "constant": land_flows(translation, own, translation.land.holder[np.newaxis])[:, 0],
        "link_values": _link_values(translation, own),
        "reservation": np.where(signs, reservation, np.nan),
        "support_constant": of_gate(audiences.baseline_at),
        "support_effects": of_gate(audiences.effect_at),
        "interaction_values": _interaction_values(translation, own),
        "threshold": of_gate(audiences.threshold_at),
        "noise": of_gate(audiences.noise_at),
        "failure_cost": take_own(own, translation.actors.failure_cost_at),
        "audience_cost": _audience_cost(translation, own),
        "discount": monthly_discount(own, translation.actors.discount_at),
    }


def _link_values(translation: Translation, own: Floats) -> Floats:
    """(D, L, A)."""
    said = take_own(own, translation.issues.link_value_at)
    cost = take_own(own, translation.guarantees.in_force_cost_at)
    again = [sign * cost[:, guarantee] for _, guarantee, sign in _brought_twice(translation)]
    return np.concatenate([said, *(part[:, np.newaxis] for part in again)], axis=1)


def _brought_twice(translation: Translation) -> list[tuple[MaskArray, int, float]]:
    """Links that take back the cost of a guarantee which answers to several issues bring.

    It is in force once, and every such answer carries its cost: pattern, guarantee, sign of its
    cost (inclusion and exclusion over the issues).
    """
    steps, count = translation.steps, len(translation.issues.names)
    found = []
    for guarantee in range(len(translation.guarantees.names)):
        by_issue: dict[int, set[int]] = {}
        for step, brought in enumerate(steps.brings):
            if guarantee in brought:
                for issue, option, _ in steps.serves[step]:
                    by_issue.setdefault(issue, set()).add(option)
        for size in range(2, len(by_issue) + 1):
            for issues in combinations(sorted(by_issue), size):
                masks = pattern(count, {issue: by_issue[issue] for issue in issues})
                found.append((masks, guarantee, (-1.0) ** size))
    return found


def _contribution(translation: Translation, own: Floats) -> Floats:
    """Value of every option once carried out, (D, J, O, A): weight x value, land, guarantees."""
    issues, land, steps = translation.issues, translation.land, translation.steps
    weight = take_own(own, issues.weight_at)[:, :, np.newaxis]
    total: Floats = weight * take_own(own, issues.value_at)
    before = land_flows(translation, own, land.holder[np.newaxis])[:, 0]
    for issue, options in enumerate(issues.options):
        for option in range(len(options)):
            chosen = issues.status_quo.copy()
            chosen[issue] = option
            holder = land.holder.copy()
            brought: set[int] = set()
            for step in agreement(translation, chosen.tolist()).steps.tolist():
                if all(served != issue for served, _, _ in steps.serves[step]):
                    continue
                for parcel, to in steps.moves[step]:
                    holder[parcel] = to
                brought.update(steps.brings[step])
            if np.any(holder != land.holder):
                after = land_flows(translation, own, holder[np.newaxis])[:, 0]
                total[:, issue, option] += after - before
            for guarantee in brought:
                cost_at = translation.guarantees.in_force_cost_at[guarantee]
                total[:, issue, option] -= take_own(own, cost_at)
    return total


def _audience_cost(translation: Translation, own: Floats) -> Floats:
    """One-off costs to each leader of conceding an option, (D, J, O, A)."""
    audiences = translation.audiences
    shape = (len(own), *translation.issues.value_at.shape)
    total = np.zeros(shape)
    for gate, actor in enumerate(audiences.of.tolist()):
        at = audiences.cost_at[gate]
        total[..., actor] += np.where(at >= 0, own[:, actor, np.maximum(at, 0)], 0.0)
    return total


def _all_of(translation: Translation, pairs: Sequence[tuple[int, int]]) -> MaskArray:
    """Pattern that matches when all of these options are chosen."""
    masks = pattern(len(translation.issues.names), {})
    for issue, option in pairs:
        masks[issue] &= np.uint64(1 << option)
    return masks


def _red_line(translation: Translation, line: int) -> MaskArray:
    """Pattern of what a red line forbids: all it names, and none of the remedies."""
    masks = _all_of(translation, translation.red_lines.never[line])
    for issue, option in translation.red_lines.without[line]:
        masks[issue] &= ~np.uint64(1 << option)
    return masks


def _patterns(translation: Translation, rows: Sequence[MaskArray]) -> MaskArray:
    count = len(translation.issues.names)
    return np.array(rows, np.uint64).reshape(len(rows), count)


def _interactions(translation: Translation) -> MaskArray:
    """Patterns per gate, (G, I, J), padded with rows that never match."""
    audiences = translation.audiences
    per_gate = [
        np.flatnonzero(audiences.interaction_gate == g) for g in range(len(audiences.names))
    ]
    most = max((len(rows) for rows in per_gate), default=0)
    result = np.zeros((len(per_gate), most, len(translation.issues.names)), np.uint64)
    for gate, rows in enumerate(per_gate):
        for place, row in enumerate(rows.tolist()):
            result[gate, place] = _all_of(translation, audiences.interactions[row][0])
    return result


def _interaction_values(translation: Translation, own: Floats) -> Floats:
    """(D, G, I)."""
    audiences = translation.audiences
    per_gate = [
        np.flatnonzero(audiences.interaction_gate == g) for g in range(len(audiences.names))
    ]
    most = max((len(rows) for rows in per_gate), default=0)
    result = np.zeros((len(own), len(per_gate), most))
    for gate, rows in enumerate(per_gate):
        leader = int(audiences.of[gate])
        for place, row in enumerate(rows.tolist()):
            at = audiences.interactions[row][1]
            result[:, gate, place] = own[:, leader, at] if at >= 0 else 0.0
    return result
