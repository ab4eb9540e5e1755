"""Orders of one package against all of them, and the red lines on order they keep or break."""

import numpy as np
import pytest

from scenarios import A, build, random_raw
from servanda.errors import ProblemError
from servanda.problems.agreement import agreement
from servanda.problems.from_scenario import translate
from servanda.problems.parameters import central
from servanda.problems.war_binding import bind_war
from servanda.scenario.steps import NamedOrder
from servanda.solvers import near_orders
from servanda.solvers import package_game as package_game_module
from servanda.solvers.orders import (
    BEST,
    FREE,
    best_margin,
    held_at_centre,
    lines_broken,
    order_deal,
    pairs_of,
    tagged,
)
from servanda.solvers.package_game import package_game
from servanda.solvers.plan import Stage, as_plan, evaluate_plan
from servanda.solvers.war_table import WarTable
from twins.agreement_by_definition import packages, steps_of
from twins.plan_by_definition import all_orders
from twins.test_agreement_twin import chosen

NAMED = {
    "land-first": NamedOrder(name="Land first", first=("territory",), then=("promise",)),
    "promise-first": NamedOrder(name="Promise first", first=("promise",), then=("territory",)),
    "both": NamedOrder(name="Both at once", together=("territory", "promise")),
    "nowhere": NamedOrder(name="Of steps that nobody takes", together=("unheard-of",)),
}


class Case:
    def __init__(self, seed, most=5):
        raw = random_raw(seed, certain=True)
        raw["red-lines"]["isle-last"] = {
            "by": "lowland",
            "says": "Everything else after the quiet.",
            "do": ["tag.territory", "tag.promise"],
            "only-after": ["quiet"],
            "holds": 0.9,
        }
        self.scenario = build(raw)
        self.translation = translate(self.scenario)
        theta = central(self.translation.parameters)
        self.table = WarTable(bind_war(self.translation, theta), threads=1)
        rng = np.random.default_rng(seed)
        found = [p for p in packages(self.scenario) if 2 <= len(steps_of(self.scenario, p)) <= most]
        found.sort(key=lambda p: -len(steps_of(self.scenario, p)))
        self.package = found[rng.integers(min(4, len(found)))]
        self.deal = agreement(self.translation, chosen(self.scenario, self.package))
        self.steps = steps_of(self.scenario, self.package)
        self.game = package_game(self.table, self.deal)

    def meant(self, names):
        wanted = set(names)
        return [
            n
            for n in self.steps
            if wanted & {n, *(f"tag.{tag}" for tag in self.scenario.steps[n].tags)}
        ]

    def stage_of(self, plan):
        return {self.steps[j]: k for k, stage in enumerate(plan) for j in stage.steps}

    def breaks(self, plan, name):
        """Whether an order breaks a red line on order, from its words."""
        line, at = self.scenario.red_lines[name], self.stage_of(plan)
        acts, before = self.meant(line.do), self.meant(line.only_after)
        if acts and not before:
            return True
        return any(at[first] >= at[act] for act in acts for first in before if first != act)

    def keeps_order(self, plan, named):
        at = self.stage_of(plan)
        tags = {n: set(self.scenario.steps[n].tags) for n in self.steps}
        first = [n for n in self.steps if tags[n] & set(named.first)]
        then = [n for n in self.steps if tags[n] & set(named.then)]
        return all(at[one] < at[other] for one in first for other in then if one != other)


@pytest.fixture(scope="module", params=range(10))
def case(request):
    return Case(request.param)


def best_of(game, plans):
    return max((evaluate_plan(game, plan).margin for plan in plans), default=None)


def margin(found, name):
    return None if found.searches[name] is None else found.searches[name].margin


def test_a_deal_with_too_many_orders_gets_a_good_one(case, monkeypatch):
    held = held_at_centre(case.translation)
    best = best_margin(case.table, case.deal, held)
    few = len(case.deal.steps) * 2 + 1
    monkeypatch.setattr(package_game_module, "MOST_STATES", few)
    monkeypatch.setattr(near_orders, "SETS", few)
    found = best_margin(case.table, case.deal, held)
    assert (found is None) == (best is None)
    if best is not None:
        assert found.margin <= best.margin + 1e-9
        assert found.bound >= best.margin - 1e-9
        assert set(lines_broken(case.translation, case.deal, found.plan)).isdisjoint(held)


def test_best_and_named_orders_are_the_best_of_all_orders(case):
    lines = [name for name, line in case.scenario.red_lines.items() if line.do]
    held = held_at_centre(case.translation)
    names = case.translation.red_lines.names
    assert [names[n] for n in held] == [
        name for name in lines if case.scenario.red_lines[name].holds.value >= 0.5
    ]
    found = order_deal(case.table, 7, case.deal, held, NAMED)
    every = list(all_orders(case.game))
    assert margin(found, FREE) == pytest.approx(best_of(case.game, every), abs=1e-9)

    def honouring(wanted):
        return best_of(
            case.game, [p for p in every if not any(case.breaks(p, name) for name in wanted)]
        )

    expected = honouring([names[n] for n in held])
    assert margin(found, BEST) == (expected and pytest.approx(expected, abs=1e-9))
    alone = best_margin(case.table, case.deal, held)
    assert (alone and alone.margin) == margin(found, BEST)
    for actor in {case.scenario.red_lines[name].by for name in lines}:
        own = [name for name in lines if case.scenario.red_lines[name].by == actor]
        expected = honouring(own)
        assert margin(found, f"of-{actor}") == (expected and pytest.approx(expected, abs=1e-9))
    for name in ("land-first", "promise-first"):
        both = [tagged(case.translation, case.deal, [t]) for t in ("territory", "promise")]
        expected = None
        if all(both):
            expected = best_of(case.game, [p for p in every if case.keeps_order(p, NAMED[name])])
        assert margin(found, name) == (expected and pytest.approx(expected, abs=1e-9))
        assert (name in found.reasons) == (found.searches[name] is None)
    assert found.searches["nowhere"] is None
    assert found.reasons["nowhere"]


def test_steps_exchanged_at_once_form_one_verified_stage(case):
    found = order_deal(case.table, 7, case.deal, (), NAMED)
    members = tagged(case.translation, case.deal, ["territory", "promise"])
    best = None
    if len(members) > 1:
        together = Stage(tuple(members), verified=True)
        free = [j for j in range(case.game.n_steps) if j not in members]
        candidates = []
        for plan in all_orders(case.game):
            stages = [stage for stage in plan if not set(stage.steps) & set(members)]
            if sorted(j for stage in stages for j in stage.steps) != free:
                continue
            candidates += [
                (*stages[:place], together, *stages[place:]) for place in range(len(stages) + 1)
            ]
        values = []
        for plan in dict.fromkeys(candidates):
            try:
                values.append(evaluate_plan(case.game, plan).margin)
            except ProblemError:
                continue  # prerequisites
        best = max(values, default=None)
    assert margin(found, "both") == (best and pytest.approx(best, abs=1e-9))


def test_red_lines_that_orders_break_are_found_in_every_order(case):
    names = case.translation.red_lines.names
    lines = [n for n, name in enumerate(names) if case.scenario.red_lines[name].do]
    for plan in list(all_orders(case.game))[:40]:
        evaluation = evaluate_plan(case.game, plan)
        broken = lines_broken(case.translation, case.deal, evaluation)
        assert broken == tuple(n for n in lines if case.breaks(plan, names[n]))
        again = evaluate_plan(case.game, as_plan(evaluation))
        assert (again.stages, again.margin) == (evaluation.stages, evaluation.margin)
        for n in lines:
            pairs = pairs_of(case.translation, case.deal, [n])
            at = case.stage_of(plan)
            kept = pairs is not None and all(
                at[case.steps[one]] < at[case.steps[other]] for one, other in pairs
            )
            assert kept == (n not in broken)


def test_an_act_without_what_it_must_follow_cannot_be_ordered():
    raw = random_raw(0, certain=True)
    raw["red-lines"] = {
        "land-last": {
            "by": A,
            "says": "Land after the treaty.",
            "do": ["tag.territory"],
            "only-after": ["sign-treaty"],
        }
    }
    scenario = build(raw)
    translation = translate(scenario)
    package = {issue: next(iter(item.options)) for issue, item in scenario.issues.items()}
    deal = agreement(translation, chosen(scenario, {**package, "land": "handed-over"}))
    assert pairs_of(translation, deal, [0]) is None
    table = WarTable(bind_war(translation, central(translation.parameters)))
    found = order_deal(table, 0, deal, [0])
    assert found.searches[BEST] is None
    assert "red line" in found.reasons[BEST]
    assert found.searches[FREE] is not None
    assert best_margin(table, deal, [0]) is None
