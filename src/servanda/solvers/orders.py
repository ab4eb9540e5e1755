"""Orders of steps for one package: the best, those people speak of, the red lines they break."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from servanda.errors import ProblemError
from servanda.problems.agreement import Agreement, agreement, red_line_order
from servanda.problems.implementation import ImplementationProblem
from servanda.problems.package_binding import order_lines
from servanda.problems.scenario_tranches import divisible, in_tranches
from servanda.problems.translation import Translation
from servanda.results.plan import OrderSearch, PlanEvaluation
from servanda.results.tranches import TrancheSearch
from servanda.scenario.steps import NamedOrder
from servanda.solvers.best_order import best_order
from servanda.solvers.near_orders import best_order_nearby
from servanda.solvers.package_game import has_table, package_game
from servanda.solvers.plan import Stage
from servanda.solvers.tranches import smallest_tranches
from servanda.solvers.war_table import WarTable

Pairs = tuple[tuple[int, int], ...]

LABELS = 60_000
"""Labels a search may remember before it turns from exact to bounded."""

BEST, FREE = "best", "free"
"""The best order that honours the red lines held, and the best of all."""


@dataclass(frozen=True)
class OrderedDeal:
    """A package with the orders looked at.

    Attributes:
        package: its number.
        deal: its steps.
        problem: its game at the central values; None where there is nothing to carry out.
        searches: identifier to search; None in place of one that cannot exist.
        reasons: identifier to why there is none.
        given: identifier to a plan that was not searched for but given.
    """

    package: int
    deal: Agreement
    problem: ImplementationProblem | None
    searches: dict[str, OrderSearch | None]
    reasons: dict[str, str]
    given: dict[str, PlanEvaluation] = field(default_factory=dict)

    @property
    def plans(self) -> dict[str, PlanEvaluation]:
        """Every order that exists, by identifier: those found, then those given."""
        found = {
            name: search.plan
            for name, search in self.searches.items()
            if search is not None and search.plan is not None
        }
        return {**found, **self.given}


def order_deal(
    table: WarTable,
    package: int,
    deal: Agreement,
    held: Sequence[int],
    named: Mapping[str, NamedOrder] | None = None,
    *,
    budget: int = LABELS,
) -> OrderedDeal:
    """Search the orders of one package at the central values.

    Args:
        table: of the central values.
        package: its number.
        deal: its steps.
        held: red lines on order that the best order must honour (indices of all red lines).
        named: orders people speak of, by identifier.
        budget: labels each search may remember.
    """
    translation = table.bound.translation
    problem = package_game(table, deal)
    searches: dict[str, OrderSearch | None] = {}
    reasons: dict[str, str] = {}

    searched: dict[frozenset[tuple[int, int]], OrderSearch] = {}

    def record(name: str, pairs: Iterable[tuple[int, int]] | None, why: str) -> None:
        searches[name] = None
        if pairs is not None:
            asked = frozenset(pairs)
            if asked not in searched:
                searched[asked] = best_order(problem, required_before=sorted(asked), budget=budget)
            searches[name] = searched[asked] if searched[asked].plan is not None else None
        if searches[name] is None:
            reasons[name] = why

    record(FREE, (), "Prerequisites leave no order of these steps.")
    record(BEST, pairs_of(translation, deal, held), "No order honours every red line on order.")
    for actor in sorted({int(translation.red_lines.by[line]) for line in order_lines(translation)}):
        own = [n for n in order_lines(translation) if translation.red_lines.by[n] == actor]
        name = translation.actors.names[actor]
        record(f"of-{name}", pairs_of(translation, deal, own), "")
    for name, order in (named or {}).items():
        if order.together:
            together = tagged(translation, deal, order.together)
            if len(together) < 2:
                searches[name], reasons[name] = None, "The deal has no such steps to exchange."
                continue
            stage = Stage(tuple(together), verified=True)
            found = best_order(problem, together=[stage], budget=budget)
            searches[name] = found if found.plan is not None else None
            if found.plan is None:
                reasons[name] = "Prerequisites keep these steps from being exchanged at once."
        else:
            first = tagged(translation, deal, order.first)
            then = tagged(translation, deal, order.then)
            if not first or not then:
                searches[name], reasons[name] = None, "The deal has no steps of one of these kinds."
                continue
            pairs = tuple((one, other) for one in first for other in then if one != other)
            record(name, pairs, "Prerequisites rule this order out.")
    return OrderedDeal(package, deal, problem, searches, reasons)


def unordered_deal(package: int, deal: Agreement) -> OrderedDeal:
    """A package in which no order can be searched: it has no steps, or too many orders."""
    why = "This deal has no steps to put in an order."
    if len(deal.steps):
        why = "This deal has too many orders to search."
    return OrderedDeal(package, deal, None, {BEST: None, FREE: None}, {BEST: why, FREE: why})


def best_margin(
    table: WarTable, deal: Agreement, held: Sequence[int], *, budget: int = LABELS
) -> OrderSearch | None:
    """The best order that honours the red lines held; None where there is none.

    Of a deal with more than MOST_STATES sets of steps, a good order near others.
    """
    pairs = pairs_of(table.bound.translation, deal, held)
    if pairs is None:
        return None
    requires = deal.requires.copy()
    for first, then in pairs:
        requires[then] |= 1 << first
    asked = replace(deal, requires=requires)
    if has_table(table, asked):
        found = best_order(package_game(table, asked), budget=budget)
    else:
        found = best_order_nearby(
            lambda narrowed: package_game(table, replace(deal, requires=narrowed)),
            requires,
            budget=budget,
        )
    return found if found.plan is not None else None


def deal_in_tranches(
    table: WarTable,
    deal: Agreement,
    held: Sequence[int] = (),
    *,
    target: float = 0.0,
    budget: int = LABELS,
) -> TrancheSearch:
    """The fewest parts of a package's divisible steps with which its best order is kept.

    Args:
        table: of the central values.
        deal: a package with at least one step.
        held: red lines on order that must be honoured; none of them may be impossible to honour.
        target: margin wanted, value points.
        budget: labels each search may remember.
    """
    translation = table.bound.translation

    def problem_at(parts: Mapping[str, int]) -> ImplementationProblem:
        split = in_tranches(translation, parts)
        divided = agreement(split, deal.chosen)
        game = package_game(table.of(split), divided)
        pairs = pairs_of(split, divided, held)
        if pairs is None:
            raise ProblemError("red lines: one of those held can be honoured in no order")
        requires = game.requires.copy()
        for first, then in pairs:
            requires[then] |= 1 << first
        return replace(game, requires=requires)

    return smallest_tranches(
        problem_at,
        divisible(translation, deal.steps.tolist()),
        target=target,
        search=partial(best_order, budget=budget),
    )


def pairs_of(translation: Translation, deal: Agreement, lines: Iterable[int]) -> Pairs | None:
    """Precedence pairs that red lines on order ask of a package; None where one cannot be met."""
    pairs: list[tuple[int, int]] = []
    for line in lines:
        asked = red_line_order(translation, deal, line)
        if asked is None:
            return None
        pairs += asked
    return tuple(dict.fromkeys(pairs))


def lines_broken(
    translation: Translation, deal: Agreement, plan: PlanEvaluation
) -> tuple[int, ...]:
    """Red lines on order that a plan does not honour, as indices of all red lines."""
    return lines_broken_by(translation, deal, plan.order)


def lines_broken_by(
    translation: Translation, deal: Agreement, order: Iterable[Iterable[str]]
) -> tuple[int, ...]:
    """The same for the steps of each stage."""
    names = {translation.steps.names[step]: k for k, step in enumerate(deal.steps.tolist())}
    stage_of = {names[step]: number for number, stage in enumerate(order) for step in stage}
    broken = []
    for line in order_lines(translation):
        asked = red_line_order(translation, deal, line)
        if asked is None or any(stage_of[first] >= stage_of[act] for first, act in asked):
            broken.append(line)
    return tuple(broken)


def tagged(translation: Translation, deal: Agreement, tags: Iterable[str]) -> list[int]:
    """Positions of the package's steps that carry one of these tags."""
    wanted = set(tags)
    return [
        k
        for k, step in enumerate(deal.steps.tolist())
        if wanted & set(translation.steps.tags[step])
    ]


def held_at_centre(translation: Translation) -> list[int]:
    """Red lines on order that are at least as likely as not to be real ones."""
    value = translation.parameters.value
    return [n for n in order_lines(translation) if value[translation.red_lines.holds_at[n]] >= 0.5]
