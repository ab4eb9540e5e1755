"""What follows a signature as arrays: nothing of the plan's chances is lost on the way."""

import numpy as np
import pytest

from one_cause import scenario
from servanda.problems.agreement import agreement
from servanda.problems.from_scenario import translate
from servanda.problems.histories import POCKETED
from servanda.problems.parameters import central
from servanda.problems.war_binding import bind_war
from servanda.solvers.breach_outcomes import BreachOutcomes
from servanda.solvers.package_chance import NOISE, package_chance
from servanda.solvers.package_game import bare_game
from servanda.solvers.package_histories import SignedDeal, after_signatures, nothing_signed
from servanda.solvers.plan import plan_states
from servanda.solvers.plan_moments import plan_moments
from servanda.solvers.war_table import WarTable

PLAN = ("vote", "sign")
GUARANTEED = {
    "actors.friend": {"name": "Friend", "role": "guarantor", "signs": False, "discount": "5%/year"},
    "issues.peace.weight.friend": 1.0,
    "issues.peace.options.none.value.friend": 50,
    "issues.peace.options.treaty.value.friend": 50,
    "war.costs.friend": 0,
    "war.imposed.north.friend": 50,
    "war.imposed.south.friend": 50,
    "guarantees.pledge": {
        "name": "Pledge",
        "form": "treaty",
        "by": "friend",
        "protects": "north",
        "adds-strength": 0.8,
        "credibility": 0.3,
    },
    "steps.vote": {
        "by": ["north"],
        "serves": ["peace.treaty"],
        "months": 2,
        "passes": 0.6,
    },
    "steps.sign.brings": ["pledge"],
}


@pytest.fixture(scope="module")
def signed() -> SignedDeal:
    translation = translate(scenario(GUARANTEED))
    theta = central(translation.parameters)
    table = WarTable(bind_war(translation, theta))
    deal = agreement(translation, [1])
    plan = [name for name in PLAN if name in bare_game(table, deal).steps]
    states = plan_states(bare_game(table, deal), plan)
    game = package_chance(table, theta, deal, states)
    chain = plan_moments(game, plan, noise=NOISE, horizon=60)
    outcomes = BreachOutcomes(table, theta, deal, states)
    return SignedDeal(chain, outcomes, np.zeros(0), positions=(0, 1))


def test_chances_of_breach_and_failure_are_those_of_the_plan(signed: SignedDeal) -> None:
    after = after_signatures([signed], 0, 0)
    chain, rows = signed.chain, after.rows
    named = np.array([way.actor != "" for way in after.ways])
    for row in range(2):
        assert rows.hazard[row][:, named].sum(axis=1) == pytest.approx(chain.hazard.sum(axis=1))
        stands = 1.0 - chain.hazard.sum(axis=1)
        ends = rows.hazard[row][:, ~named].sum(axis=1) + stands * rows.step_fails[row]
        assert ends == pytest.approx(stands * chain.step_fails)


def test_a_guarantee_is_honoured_as_often_as_it_is_credible(signed: SignedDeal) -> None:
    after = after_signatures([signed], 0, 0)
    done = after.rows.stage[0] == after.rows.stages[0]
    attacks = np.array([(way.actor, way.kind) == ("south", "end-attack") for way in after.ways])
    honoured = np.array([bool(way.honoured) for way in after.ways])
    hazard = after.rows.hazard[0][done]
    share = hazard[:, attacks & honoured].sum() / hazard[:, attacks].sum()
    assert share == pytest.approx(0.3)
    breaker = np.array([way.actor == "north" for way in after.ways])
    assert hazard[:, breaker & honoured].sum() == 0.0  # conditional: void for whom it protects


def test_a_new_war_starts_at_the_line_of_the_signature(signed: SignedDeal) -> None:
    after = after_signatures([signed], 0, 0)
    for row, position in enumerate(signed.positions):
        wars = np.unique(after.rows.war_after[row])
        wars = wars[wars != POCKETED]
        assert len(wars)
        assert set(after.worlds.start[wars, 0].tolist()) == {position}


def test_without_a_signature_there_are_no_rows(signed: SignedDeal) -> None:
    after = nothing_signed(signed.outcomes.table.bound.translation)
    assert after.rows.hazard.shape == (0, 1, 0)
    assert len(after.worlds.start) == len(after.quiet) == 0
