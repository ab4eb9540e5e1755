"""Compute every figure that the page on the Geneva case quotes, and say which it quotes wrongly.

    python tools/make_case_figures.py

writes tests/library/geneva_figures.json: the phrases that the page must contain, word by word, with
the scenario's digest. It repeats the whole analysis about twenty times and takes some minutes.
A test compares the page with the file, the file with the scenario, and works out anew what stands
at the central values. When the case changes, run this and write what it prints into the page.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from servanda import workbench
from servanda.brief.words import signed_band
from servanda.charts.numbers import count, months, percent, points, signed, span
from servanda.problems.agreement import Agreement, agreement, peace_flows
from servanda.problems.from_scenario import translate
from servanda.problems.package_binding import content_lines, lines_held, package_problem
from servanda.problems.parameters import central
from servanda.problems.translation import Translation
from servanda.problems.war_binding import bind_war
from servanda.results.analysis import Analysis, OrderView
from servanda.results.ratification import SupportFit
from servanda.scenario.model import Scenario
from servanda.simulation.war_views import war_views
from servanda.solvers.audiences import fit_audiences
from servanda.solvers.collapse import collapse, credibilities, reservation_values
from servanda.solvers.funnel import deal_of, funnel
from servanda.solvers.orders import best_margin, held_at_centre
from servanda.solvers.war_table import WarTable
from servanda.version import VERSION

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "explanation" / "case_geneva_2026.md"
README = ROOT / "README.md"
FIGURES = ROOT / "tests" / "library" / "geneva_figures.json"
CASE = "geneva-2026"
UKRAINE, RUSSIA = 0, 1

Quotes = dict[str, str]


def plain(text: str) -> str:
    """Spaces of one kind, and one at a time."""
    return " ".join(text.replace("\u00a0", " ").split())


# --- at the central values ---------------------------------------------------------------------

FOCUS = {
    "donetsk": "zone-one-sided",
    "other-lines": "footholds-exchanged",
    "guarantees": "ratified-treaty",
    "alliance": "no-accession",
    "force-cap": "cap-800",
    "ceasefire": "watched-by-the-sides",
    "energy-truce": "mutual",
    "plant": "ukraine-and-us",
    "sanctions": "staged",
    "prisoners": "all-for-all",
    "ballot": "referendum",
}
"""The deal in focus, less its answers that are the status quo; the runs hold that it is."""

RULE = {**FOCUS, "donetsk": "line-as-it-is", "ceasefire": "us-led", "plant": "consortium"}
TURNED_DOWN = {
    "line as it is, treaty": {"other-lines": "freeze"},
    "line as it is, executive commitment, de facto recognition": {
        "other-lines": "freeze",
        "guarantees": "executive",
        "recognition": "de-facto",
    },
    "zone, both withdraw, treaty, footholds given up": {"donetsk": "zone-mutual"},
    "the same, other lines frozen, de facto recognition": {
        "donetsk": "zone-mutual",
        "other-lines": "freeze",
        "recognition": "de-facto",
    },
    "zone, Ukraine withdraws, treaty, footholds given up": {"donetsk": "zone-one-sided"},
    "zone, Ukraine withdraws, executive commitment, de facto recognition": {
        "donetsk": "zone-one-sided",
        "other-lines": "freeze",
        "guarantees": "executive",
        "recognition": "de-facto",
    },
    "handed over, treaty, footholds given up": {"donetsk": "cession"},
    "handed over, executive commitment, footholds given up": {
        "donetsk": "cession",
        "guarantees": "executive",
    },
}


@dataclass(frozen=True)
class Central:
    """The case at its central values, ready to be asked."""

    scenario: Scenario
    translation: Translation
    fit: SupportFit
    table: WarTable
    reservation: np.ndarray

    def deal(self, **changed: str) -> Agreement:
        """The deal in focus with some answers changed."""
        answers = {**FOCUS, **{issue.replace("_", "-"): to for issue, to in changed.items()}}
        return self.package(answers)

    def package(self, answers: dict[str, str]) -> Agreement:
        """A package, by the answers that differ from the status quo."""
        issues = self.translation.issues
        chosen = [
            issues.options[n].index(answers[name]) if name in answers else int(before)
            for n, (name, before) in enumerate(zip(issues.names, issues.status_quo, strict=True))
        ]
        return agreement(self.translation, chosen)

    def gains(self, deal: Agreement) -> np.ndarray:
        """What each actor has of a package when all is done, less its value of fighting on."""
        own = self.table.bound.own
        full = np.array([deal.full])
        return peace_flows(self.translation, deal, own, full)[0, 0] - self.reservation

    def attack(self, deal: Agreement, done: Iterable[str], treaty: float | None = None) -> float:
        """Russia's value of an attack with some steps done, right after the guns fell silent."""
        names = self.translation.steps.names
        state = np.array([deal.bits([names.index(step) for step in done])])
        believed = credibilities(self.translation, self.table.bound.own)
        if treaty is not None:
            believed = believed.copy()
            believed[:, :, self.translation.guarantees.names.index("us-treaty")] = treaty
        return float(collapse(self.table, deal, state, believed).attack[0, 0, 0, RUSSIA])

    def support(self, *options: str) -> float:
        """Share of the Ukrainian public, of those who take a side, everything else as it is."""
        logit = self.fit.constant + sum(
            self.fit.effects[self.fit.options.index(one)]
            for one in options
            if one in self.fit.options
        )
        audience = self.scenario.audiences[self.fit.audience]
        for number, name in enumerate(self.fit.interactions):
            if set(audience.interactions[name].options) <= set(options):
                logit += self.fit.interaction_values[number]
        return float(1.0 / (1.0 + np.exp(-logit)))


def at_centre() -> Central:
    """Read and translate the case."""
    scenario = workbench.read(CASE)
    fits, blocks = fit_audiences(scenario)
    translation = translate(scenario, blocks)
    table = WarTable(bind_war(translation, central(translation.parameters)), threads=1)
    return Central(scenario, translation, fits[0], table, reservation_values(table)[0])


def central_quotes(case: Central) -> Quotes:
    """Phrases that need no draws."""
    return {
        **_values_of_war(case),
        **_calibration(case),
        **_turned_down(case),
        **_attacks(case),
        **_pressure(case),
        **_public(case),
        **_packages(case),
    }


def _values_of_war(case: Central) -> Quotes:
    views = {view.believer: view.outlook for view in war_views(case.translation)}
    own, seen = case.reservation, views[""].value
    lines = {
        who: [float(views[who].line[k, 12] @ np.arange(12)) for k in (0, 1)]
        for who in ("", "ukraine", "russia")
    }
    return {
        "values-of-war": f"Ukraine {points(own[0])}, Russia {points(own[1])}; in the analyst's: "
        f"{points(seen[0])} and {points(seen[1])}",
        "sum-of-war": f"together {points(own[0] + own[1])} in their own beliefs, "
        f"{points(seen[0] + seen[1])} in the analyst's",
        "how-long": f"{months(views[''].expected_months)} in the analyst's view, "
        f"{months(views['ukraine'].expected_months)} in Ukraine's, "
        f"{months(views['russia'].expected_months)} in Russia's",
        "who-gives-way": "; ".join(
            f"{label} {percent(views[who].ultimate_gives_way[0])}, "
            f"{percent(views[who].ultimate_gives_way[1])}, {percent(views[who].ultimate_frozen)}"
            for who, label in (("", "analyst"), ("ukraine", "Ukraine"), ("russia", "Russia"))
        ),
        "line-in-a-year": "; ".join(
            f"{label} {north:.1f} and {south:.1f}"
            for label, (north, south) in zip(
                ("analyst", "Ukraine", "Russia"), lines.values(), strict=True
            )
        ),
    }


def _calibration(case: Central) -> Quotes:
    def taken(believer: str, month: int) -> str:
        view = next(v for v in war_views(case.translation) if v.believer == believer)
        return percent(float(view.outlook.line[0, month, 0] * view.outlook.line[1, month, 0]))

    return {
        "rest-of-donetsk": f"if fighting goes on: {taken('', 18)} by August 2027, "
        f"{taken('', 34)} by December 2028 (Ukraine's beliefs: {taken('ukraine', 48)} after four "
        f"years; Russia's: {taken('russia', 18)} by August 2027)",
    }


def _turned_down(case: Central) -> Quotes:
    found = {}
    for number, (label, answers) in enumerate(TURNED_DOWN.items()):
        gain = case.gains(case.package({**RULE, **answers}))
        found[f"turned-down-{number}"] = (
            f"{label} | {signed(gain[UKRAINE])} | {signed(gain[RUSSIA])}"
        )
    return found


def _attacks(case: Central) -> Quotes:
    deal = case.deal()
    quiet, zone = ["energy-truce", "cease-fire"], "withdraw-ukraine"
    before, after = case.attack(deal, quiet), case.attack(deal, [*quiet, zone])
    kept = case.attack(deal, [*quiet, "ratify-treaty"])
    both = case.attack(deal, [*quiet, "ratify-treaty", zone])
    sure = case.attack(deal, [*quiet, "ratify-treaty", zone], treaty=1.0)
    ceded = case.deal(donetsk="cession")
    belt = case.attack(ceded, ["cease-fire", "hand-over"])
    worth = peace_flows(case.translation, deal, case.table.bound.own, np.array([deal.full]))
    return {
        "attack-line-and-belt": f"present line {points(before)}, with the belt in hand "
        f"{points(belt)}",
        "attack-from-zone": f"without a guarantee {points(after)}, with the treaty surely honoured "
        f"{points(sure)}, at the 0.40 it believes {points(both)}",
        "shift-without": f"from {before:.1f} to {after:.1f} points",
        "shift-with": f"from {kept:.1f} to {both:.1f}",
        "keeping": f"Keeping the completed deal is worth {worth[0, 0, RUSSIA]:.1f} points to it",
    }


def _pressure(case: Central) -> Quotes:
    from servanda.simulation.war_views import under_pressure

    params = central(case.translation.parameters)
    calm = _better_than_war(case, case.reservation)
    found: Quotes = {}
    for key in ("us-on-ukraine", "sanctions-on-russia"):
        changed = under_pressure(case.scenario, case.translation, params, (key,))
        pressed = reservation_values(WarTable(bind_war(case.translation, changed), threads=1))[0]
        left = _better_than_war(case, pressed)
        found[f"pressure-{key}"] = (
            f"Ukraine {points(case.reservation[0])} to {points(pressed[0])}, Russia "
            f"{points(case.reservation[1])} to {points(pressed[1])}; packages better than war for "
            f"all {count(len(calm))} to {count(len(left))}, of which {count(len(left - calm))} "
            "would no longer be when it lapses"
        )
    return found


def _better_than_war(case: Central, reservation: np.ndarray) -> set[int]:
    return set(_survivors(case, reservation, gates=2))


def _survivors(case: Central, reservation: np.ndarray, *, gates: int) -> list[int]:
    """Packages within the red lines held, better than war; with three gates also ratifiable."""
    theta = central(case.translation.parameters)
    lines = content_lines(case.translation)
    held = lines_held(case.translation, theta, lines)[0]
    counted = [line for line, real in zip(lines, held, strict=True) if real]
    names = [case.translation.red_lines.names[line] for line in counted]
    problem = package_problem(case.translation, theta, reservation, counted, names)
    if gates == 2:
        problem = _without_gates(problem)
    return [int(package) for package in funnel(problem).survivors]


def _without_gates(problem: Any) -> Any:
    from dataclasses import replace

    return replace(
        problem,
        threshold=np.zeros_like(problem.threshold),
        noise=np.zeros_like(problem.noise),
        audience_cost=np.zeros_like(problem.audience_cost),
    )


def _public(case: Central) -> Quotes:
    answers = {
        "line-as-it-is": "the line as it is",
        "zone-mutual": "a zone from which both withdraw",
        "zone-one-sided": "a zone from which Ukraine withdraws",
        "cession": "handed over",
    }
    said = "; ".join(
        f"{label} {percent(case.support(f'donetsk.{answer}', 'guarantees.none'))} without, "
        f"{percent(case.support(f'donetsk.{answer}', 'guarantees.ratified-treaty'))} with"
        for answer, label in answers.items()
    )
    focus = case.support(*(f"{issue}.{option}" for issue, option in FOCUS.items()))
    return {
        "support": said,
        "support-focus": f"support for the deal in focus is {percent(focus)}",
        "support-executive": "handing over with an executive commitment "
        f"{percent(case.support('donetsk.cession', 'guarantees.executive'))}",
    }


def _packages(case: Central) -> Quotes:
    theta = central(case.translation.parameters)
    left = _survivors(case, case.reservation, gates=3)
    everything = package_problem(case.translation, theta, case.reservation, (), ())
    held = [deal_of(everything, package).options for package in left]

    def counted(issue: str, labels: dict[str, str]) -> str:
        shares = [
            f"{label} {count(sum(one[issue] == option for one in held))}"
            for option, label in labels.items()
        ]
        return ", ".join(shares)

    without, force = (
        case.gains(case.deal(ceasefire="us-led", european_force=option))
        for option in ("none", "multinational")
    )
    orders = held_at_centre(case.translation)
    no_truce = best_margin(case.table, case.deal(energy_truce="none"), orders)
    assert no_truce is not None
    return {
        "donetsk-left": counted(
            "donetsk",
            {
                "zone-one-sided": "zone from which Ukraine withdraws",
                "zone-mutual": "zone from which both withdraw",
                "line-as-it-is": "line as it is",
                "cession": "handed over",
            },
        ),
        "assets-left": counted(
            "assets",
            {
                "frozen": "frozen",
                "reparations": "reparations",
                "shared-reconstruction": "shared reconstruction",
            },
        ),
        "guarantees-left": counted(
            "guarantees", {"ratified-treaty": "treaty", "executive": "executive commitment"}
        ),
        "force": f"Russia {signed(without[RUSSIA])} without the force, {signed(force[RUSSIA])} "
        f"with it; Ukraine {signed(without[UKRAINE])} and {signed(force[UKRAINE])}",
        "truce": f"without a truce the best order of the same deal has a margin of "
        f"{signed(no_truce.margin)}",
    }


# --- over the draws ----------------------------------------------------------------------------

VARIANTS = ("orders-open", "treaty-believed", "aid-stops", "footholds-exchanged")

MOST = 5
"""Numbers said to decide most, each tried at both ends of its range."""


def analyse(variant: str = "", changes: tuple[str, ...] = ()) -> Analysis:
    """A whole analysis with the seed and the draws of the brief."""
    scenario = workbench.read(CASE, variant=variant, changes=changes)
    print("analysing", variant or " ".join(changes)[:70] or "the case", file=sys.stderr)
    return workbench.analyse(scenario, variant=variant, changes=changes)


def run_quotes(case: Central) -> Quotes:
    """Phrases over the draws."""
    base = analyse()
    focus = {
        issue: option
        for issue, option in base.focus.deal.options.items()
        if not case.scenario.issues[issue].options[option].status_quo
    }
    assert focus == FOCUS, f"the deal in focus is now {focus}: change FOCUS and the page"
    return {
        **_answer(base),
        **_orders(base),
        **_treaty_window(base),
        **_variants(),
        **_deciding(case, base),
        **_too_coarse(case),
    }


def _said(analysis: Analysis) -> str:
    one = analysis.likelihood
    return f"{one.word}, {percent(one.probability)} ({span(one.low, one.high, percent)})"


def _answer(base: Analysis) -> Quotes:
    empty = [gate.empty for gate in base.gates]
    medians = [count(gate.remaining.median) for gate in base.gates]
    kept = base.focus
    mutual = next(d for d in base.deals if d.deal.options["donetsk"] == "zone-mutual")
    margin = mutual.deal.margin
    assert margin is not None
    passes = kept.deal.pass_probability
    gates = [gate.remaining for gate in base.funnel.gates]
    alone = {gate.gate: gate.killed_alone for gate in base.funnel.gates}
    return {
        "answer": _said(base),
        "readme-deal": f"some deal passes every test in {percent(base.likelihood.probability)}",
        "readme-best": "this order is kept in "
        f"{percent(_order(base, 'best').self_enforcing)} of {base.origin.draws} draws",
        "evidence": f"Evidence: {base.likelihood.confidence}",
        "empty": f"in {percent(empty[0])} of the draws the red lines leave no package, in "
        f"{percent(empty[1])} none is left that is better than fighting on for all, in "
        f"{percent(empty[2])} none that could also be ratified",
        "funnel": f"{count(base.funnel.packages)} packages, {count(gates[0])} within the red "
        f"lines, {count(gates[1])} better than fighting on for all, {count(gates[2])} of these "
        "ratifiable",
        "medians": f"{medians[0]}, {medians[1]} and {medians[2]} in the middle draw",
        "alone": f"the red lines alone stop {count(alone['red-lines'])}, the value of fighting on "
        f"alone {count(alone['individual-rationality'])}",
        "focus": f"acceptable in {percent(kept.acceptable)} of the draws, kept in some order that "
        f"honours the red lines held in {percent(kept.kept)}, both in {percent(kept.both)}",
        "mutual": f"margin {signed(margin)}; acceptable in {percent(mutual.acceptable)} of the "
        f"draws, kept in {percent(mutual.kept)}, both in {percent(mutual.both)}",
        "gates": f"Russian leadership {percent(passes['russian-leadership'])}, Congress "
        f"{percent(passes['us-congress'])}, members of the EU {percent(passes['eu-members'])}",
        "gains": "; ".join(
            f"{label} {signed_band(kept.gains[actor])}"
            for actor, label in (("ukraine", "Ukraine"), ("russia", "Russia"))
        ),
    }


LABELS = {
    "best": "best order found",
    "territory-first": "territory first",
    "withdrawal-before-ceasefire": "withdrawal before the ceasefire",
    "guarantees-first": "guarantees first",
    "both-at-once": "both at once, verified",
}


def _order(analysis: Analysis, name: str) -> OrderView:
    return next(one for one in analysis.orders if one.id == name)


def _orders(base: Analysis) -> Quotes:
    found = {}
    for name, label in LABELS.items():
        order = _order(base, name)
        assert order.plan is not None
        assert order.margin is not None
        found[f"order-{name}"] = (
            f"{label} | {signed_band(order.margin)} | {percent(order.self_enforcing)} | "
            f"{order.plan.months}"
        )
    first = _order(base, "territory-first").plan
    assert first is not None
    weakest = first.weakest_link
    assert weakest is not None
    assert weakest.constraint.actor == "russia"
    found["territory-first-breaks"] = (
        f"in month {weakest.constraint.plan_month} attacking is worth {weakest.breach:.1f} points "
        f"to Russia and going on {weakest.keep:.1f}"
    )
    return found


def _treaty_window(base: Analysis) -> Quotes:
    def intervals(name: str) -> str:
        window = next(w for w in _order(base, name).windows if w.guarantee == "us-treaty")
        said = [f"{low:.2f} to {high:.2f}" for low, high in window.intervals]
        return " and from ".join(said) or "none"

    window = next(w for w in _order(base, "best").windows if w.guarantee == "us-treaty")
    assert (window.binding_low, window.binding_high) == ("russia", "europeans")
    assert intervals("territory-first") == "none"
    undone = [
        one.share
        for one in _order(base, "best").broken
        if one.at_centre.constraint.actor == "europeans"
    ]
    return {
        "window": f"kept from {intervals('best')}",
        "needed": f"some order is kept from {_needed(base):.2f} on",
        "window-undone": f"in {percent(max(undone))} of the draws",
    }


def _needed(base: Analysis) -> float:
    one = next(c for c in base.credibilities if c.guarantee == "us-treaty")
    assert one.needed is not None
    return one.needed


def _variants() -> Quotes:
    found = {}
    for variant in VARIANTS:
        analysis = analyse(variant)
        best, territory = (_kept(_order(analysis, one)) for one in ("best", "territory-first"))
        answers = analysis.focus.deal.options
        found[f"variant-{variant}"] = (
            f"`{variant}` | {_said(analysis)} | {answers['donetsk']}, {answers['guarantees']}, "
            f"recognition {answers['recognition']} | {best} | {territory}"
        )
    return found


def _kept(order: OrderView) -> str:
    if order.margin is None:
        return "no such order"
    return f"{signed(order.margin.central)}, {percent(order.self_enforcing)}"


def _deciding(case: Central, base: Analysis) -> Quotes:
    """The numbers with the most influence, and the answer with each at the ends of its range."""
    total = sum(one.influence for one in base.assumptions)
    found = {}
    for number, one in enumerate(base.assumptions[:MOST]):
        assert one.low is not None
        assert one.high is not None
        ends = [
            analyse(changes=_taken_as(case.scenario, one.path, end)) for end in (one.low, one.high)
        ]
        first, second = (percent(end.likelihood.probability) for end in ends)
        found[f"deciding-{number + 1}"] = (
            f"`{one.path}` | {_number(one.path)(one.value)} "
            f"({_number(one.path)(one.low)}–{_number(one.path)(one.high)}) | "
            f"{percent(one.influence / total)} | {first} | {second}"
        )
    return found


def _number(path: str) -> Callable[[float], str]:
    if path.startswith(("war.freeze", "war.exhaustion")):
        return lambda value: f"{100 * value:.1f} %"
    return lambda value: f"{value:g}"


def _taken_as(scenario: Scenario, path: str, value: float) -> tuple[str, ...]:
    """A change that makes a number certain; the other weights of its actor make room for it."""
    parts = path.split(".")
    if parts[0] != "issues" or parts[2] != "weight":
        return (f"{path}={value!r}",)
    _, issue, _, actor = parts
    weights = {name: one.weight[actor].value for name, one in scenario.issues.items()}
    rest = sum(weight for name, weight in weights.items() if name != issue)
    return tuple(
        f"issues.{name}.weight.{actor}="
        f"{value if name == issue else weight * (1.0 - value) / rest!r}"
        for name, weight in weights.items()
        if weight > 0.0
    )


def _too_coarse(case: Central) -> Quotes:
    """Codings that would leave little to learn."""
    lines = case.scenario.red_lines
    order = [name for name, line in lines.items() if not line.never]
    content = [name for name, line in lines.items() if line.never]
    exposed = [name for name, parcel in case.scenario.parcels.items() if parcel.exposure.value > 0]
    tried = {
        "every red line on order taken as certain": _all(order, 1),
        "every red line on content taken as certain": _all(content, 1),
        "no red line at all": _all([*order, *content], 0),
        "losing the belt opens nothing": tuple(f"parcels.{p}.exposure=0" for p in exposed),
        "a war with the guarantor costs 3 points a month": (
            "guarantees.us-treaty.costs-attacker=3",
        ),
        "a war with the guarantor costs 120 points a month": (
            "guarantees.us-treaty.costs-attacker=120",
        ),
        "the treaty is honoured with 0.05 and believed so": (
            "guarantees.us-treaty.credibility=0.05",
        ),
    }
    found = {}
    for number, (label, changes) in enumerate(tried.items()):
        analysis = analyse(changes=changes)
        share = analysis.likelihood.probability
        found[f"coarse-{number}"] = f"{label} | {percent(share) if share else '0 %'}"
    return found


def _all(lines: list[str], holds: int) -> tuple[str, ...]:
    return tuple(f"red-lines.{line}.holds={holds}" for line in lines)


def main() -> None:
    case = at_centre()
    quotes = {
        "scenario": workbench.digest(case.scenario),
        "version": VERSION,
        "seed": workbench.SEED,
        "draws": workbench.DRAWS,
        "central": {key: plain(text) for key, text in central_quotes(case).items()},
        "over-draws": {key: plain(text) for key, text in run_quotes(case).items()},
    }
    FIGURES.write_text(json.dumps(quotes, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    page, readme = (plain(path.read_text(encoding="utf-8")) for path in (PAGE, README))
    for part in ("central", "over-draws"):
        for key, text in quotes[part].items():
            if text not in (readme if key.startswith("readme-") else page):
                print(f"not in the page: {key}: {text}")


if __name__ == "__main__":
    main()
