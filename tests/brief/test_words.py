"""Sentences: the likelihood scale, breaches, obstacles."""

from dataclasses import replace

import pytest

from brief.sample import no_deal_sample, sample_analysis, sample_scenario
from servanda.brief.document import Link, plain
from servanda.brief.obstacle import main_obstacle
from servanda.brief.words import (
    breach_sentence,
    day,
    likelihood_line,
    of_draws,
    orders_line,
    package_line,
    sentence,
)
from servanda.charts.names import Names
from servanda.results.likelihood import SCALE, likelihood_word

SCENARIO = sample_scenario()
NAMES = Names(SCENARIO)
ANALYSIS = sample_analysis(SCENARIO)


def test_likelihood_words_are_those_of_icd_203() -> None:
    middles = (0.03, 0.12, 0.32, 0.5, 0.68, 0.88, 0.97)
    assert tuple(likelihood_word(p) for p in middles) == SCALE


def test_bounds_belong_to_the_step_nearer_to_an_even_chance() -> None:
    assert [likelihood_word(p) for p in (0.05, 0.2, 0.45, 0.55, 0.8, 0.95)] == [
        "very unlikely",
        "unlikely",
        "roughly even chance",
        "roughly even chance",
        "likely",
        "very likely",
    ]
    assert likelihood_word(0.0) == "almost no chance"
    assert likelihood_word(1.0) == "almost certain"


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan")])
def test_what_is_no_probability_has_no_word(p: float) -> None:
    with pytest.raises(ValueError, match="not a probability"):
        likelihood_word(p)


@pytest.mark.parametrize(
    ("p", "start"),
    [
        (0.02, "There is almost no chance (2"),
        (0.24, "A deal that all sides could sign and keep is unlikely (24"),
        (0.5, "There is a roughly even chance (50"),
    ],
)
def test_the_answer_is_grammatical_at_every_step(p: float, start: str) -> None:
    likelihood = replace(ANALYSIS.likelihood, probability=p, word=likelihood_word(p))
    assert plain(likelihood_line(likelihood)).startswith(start)


def test_few_draws_are_named_where_they_cannot_tell() -> None:
    assert of_draws(0.0, 500) == "<1\u00a0% of the 500\u00a0draws"
    assert of_draws(0.3, 500) == "30\u00a0% of the draws"


def test_breaches_are_said_with_the_names_of_the_scenario() -> None:
    plan = ANALYSIS.orders[0].plan
    assert plan is not None
    said = [breach_sentence(one, plan, NAMES) for one in plan.constraints]
    assert said == [
        "In month 2, during “Guarantee ratified”, Riverlands would lose 2.2 points if it were to "
        "resume fighting.",
        "On completion, Uplands would lose 8.0 points if it were to undo a step after completion "
        "(“Withdrawal from the belt”).",
    ]
    losing = replace(plan.constraints[0], margin=-3.4)
    assert "would gain 3.4 points" in breach_sentence(losing, plan, NAMES)


def test_a_package_is_named_by_what_it_changes() -> None:
    deal = ANALYSIS.focus.deal
    assert package_line(deal, NAMES) == "demilitarised zone and ratified treaty"
    unchanged = replace(deal, options={"land": "line-as-it-is", "guarantee": "none"})
    assert package_line(unchanged, NAMES) == "everything stays as it is"


def test_the_obstacle_is_the_gate_that_most_often_leaves_nothing() -> None:
    found = main_obstacle(ANALYSIS, NAMES)
    assert found.gate == "implementable"
    assert "needs 41" in found.headline
    trusted = tuple(replace(one, believed={}) for one in ANALYSIS.credibilities)
    found = main_obstacle(replace(ANALYSIS, credibilities=trusted), NAMES)
    assert found.headline.startswith("In month 2, during “Guarantee ratified”, Riverlands would")
    gates = tuple(
        replace(gate, empty=0.7 if gate.gate == "ratification" else 0.0) for gate in ANALYSIS.gates
    )
    found = main_obstacle(replace(ANALYSIS, gates=gates), NAMES)
    assert found.gate == "ratification"
    assert any("Assembly of the Uplands" in plain(line) for line in found.details)


def test_without_an_obstacle_the_weakest_link_is_named() -> None:
    sure = replace(ANALYSIS.likelihood, probability=1.0)
    gates = tuple(replace(gate, empty=0.0) for gate in ANALYSIS.gates)
    found = main_obstacle(replace(ANALYSIS, likelihood=sure, gates=gates), NAMES)
    assert found.lead == "What comes nearest to breaking it"
    assert "Riverlands would lose 2.2 points" in found.headline


def test_without_a_deal_the_nearest_one_is_named() -> None:
    details = [plain(line) for line in main_obstacle(no_deal_sample(SCENARIO), NAMES).details]
    assert any("crosses 1 red line and is 4.2 points short for Riverlands" in d for d in details)


def test_orders_are_compared_in_one_sentence() -> None:
    assert orders_line(ANALYSIS).startswith("The best order of steps found for the deal in focus")
    assert orders_line(replace(ANALYSIS, orders=())) == (
        "No order of steps was found for the deal in focus."
    )


def test_small_words() -> None:
    assert day("2026-02-18") == "18 February 2026"
    assert day("spring 2026") == "spring 2026"
    assert sentence("the nearest deal") == "The nearest deal."
    assert sentence("") == ""


@pytest.mark.parametrize(
    ("target", "safe"),
    [("#a", True), ("https://x.org", True), ("javascript:alert(1)", False), ("//x", False)],
)
def test_only_anchors_and_web_addresses_are_links(target: str, safe: bool) -> None:
    assert Link("x", target).safe is safe
