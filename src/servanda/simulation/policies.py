"""Policies: in each draw of a scenario, the talks solved and what follows each signature.

A policy is one state of the world: who believes what, what war is like, which red lines are real.
In it the talks go on for as long as histories are followed, over the deals of
`servanda.simulation.offers`; threats are carried out until they lapse; the front that moves is the
one that counts most at the central values. What happens after a signature is worked out for the
deals and positions of the line at which somebody may sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from servanda.problems.campaigns import stopping
from servanda.problems.chance import DRAWN, ChanceDraws, ChanceProblem
from servanda.problems.histories import KEPT_FOR_GOOD, HistoriesProblem, Truces
from servanda.problems.package_binding import package_draws
from servanda.problems.parameters import Floats, Integers, draws
from servanda.problems.talks import TalksProblem
from servanda.problems.talks_binding import main_front
from servanda.problems.translation import Flags, Translation
from servanda.problems.war_binding import bind_view, bind_war
from servanda.problems.wars_again import wars_again
from servanda.scenario.model import Scenario
from servanda.simulation.candidates import Candidate
from servanda.simulation.centre import Ground, stand_at_centre
from servanda.simulation.ensemble import TOLERANCE
from servanda.simulation.offers import Offers, offers_over_draws
from servanda.simulation.progress import quiet
from servanda.simulation.talks_setting import (
    cover_in,
    issues_by_track,
    lapsing,
    offers_in,
    open_deals,
    war_by_month,
    weights_in,
)
from servanda.simulation.translated import translated
from servanda.solvers.breach_outcomes import BreachOutcomes
from servanda.solvers.collapse import reservation_values
from servanda.solvers.package_chance import NOISE, gate_chance, package_chance_draws
from servanda.solvers.package_game import bare_game
from servanda.solvers.package_histories import (
    AfterSignature,
    SignedDeal,
    after_signatures,
    nothing_signed,
)
from servanda.solvers.package_talks import package_talks
from servanda.solvers.plan import plan_states
from servanda.solvers.plan_moments import plan_moments
from servanda.solvers.talks_game import solve_talks
from servanda.solvers.truces import truce_draws, truces_in
from servanda.solvers.war_table import WarTable

WAR_MONTHS = 36
"""Months of a war that has come again, the last of which stands for all later ones."""


@dataclass(frozen=True, eq=False)
class Policy:
    """One policy: M months of talks, F positions, C deals.

    Attributes:
        talks: the game.
        chosen: (M, M + 1, F, 3) what is agreed, as in its solution.
        striking: (M, M + 1, F, 2) how hard a, b strike, likewise.
        plan_of: (F, C) row of what follows a signature, as in `HistoriesProblem`.
        after: what follows signatures.
        truces: that may be agreed, T of them.
        answers: (T) what each of them settles: issue to option.
        orders: (C,) which order of steps each deal has; -1 where it is not on the table.
    """

    talks: TalksProblem
    chosen: NDArray[np.int16]
    striking: NDArray[np.uint8]
    plan_of: Integers
    after: AfterSignature
    truces: Truces
    answers: tuple[dict[str, str], ...]
    orders: Integers


@dataclass(frozen=True, eq=False)
class Setting:
    """What all policies of a scenario have in common.

    Attributes:
        scenario: checked.
        ground: its central values, without any package looked at.
        candidates: deals that may be offered.
        front: whose line moves; None where none does.
        months: that histories are followed.
    """

    scenario: Scenario
    ground: Ground
    candidates: tuple[Candidate, ...]
    front: int | None
    months: int


def setting_of(scenario: Scenario, candidates: Sequence[Candidate], months: int) -> Setting:
    """What all policies of a checked scenario have in common."""
    translation = translated(scenario)
    ground = stand_at_centre(scenario, translation, threads=1, progress=quiet)
    return Setting(scenario, ground, tuple(candidates), main_front(ground.table.bound), months)


def policies_in(setting: Setting, *, seed: int, first: int, count: int) -> list[Policy]:
    """The policies of some draws: ``count`` of them from ``first`` on."""
    translation = setting.ground.translation
    theta = draws(translation.parameters, seed=seed, first=first, count=count)
    table = WarTable(bind_war(translation, theta), tolerance=TOLERANCE, threads=1)
    problem = setting.ground.every_line
    packages = package_draws(problem, translation, theta, reservation_values(table))
    offers = offers_over_draws(table, theta, packages, setting.candidates, setting.front)
    truces = truce_draws(
        table, bind_view(translation, theta), packages, issues_by_track(setting.scenario)
    )
    signed = _Signed(setting, table, theta, offers)
    found = []
    for d in range(count):
        row = theta[d : d + 1]
        talks = _talks(setting, row, offers, d)
        solution = solve_talks(talks)
        signable = solution.signed.sum(axis=0) > 0.0
        deals = signed.deals(d, signable)
        stops = stopping(setting.scenario, translation)
        lulls, which = truces_in(truces, table, d, setting.months, NOISE, stops)
        found.append(
            Policy(
                talks=talks,
                chosen=solution.chosen,
                striking=solution.striking,
                plan_of=_rows_of(signable),
                after=after_signatures(deals, d, setting.front)
                if deals
                else nothing_signed(translation),
                truces=lulls,
                answers=tuple(_answers(translation, truces.chosen[n]) for n in which),
                orders=offers.plan[d],
            )
        )
    return found


def histories_problem(
    setting: Setting, policy: Policy, *, seed: int, number: int
) -> HistoriesProblem:
    """The problem of histories of one policy, with the wars that may come again worked out.

    Args:
        setting: of the scenario.
        policy: of its draw ``number`` from ``seed``.
    """
    translation = setting.ground.translation
    theta = draws(translation.parameters, seed=seed, first=number, count=1)
    own, view = bind_war(translation, theta), bind_view(translation, theta)
    after = policy.after
    return HistoriesProblem(
        talks=policy.talks,
        chosen=policy.chosen,
        refusal=np.zeros((*policy.chosen.shape[:3], 2)),  # read only where a sum is divided
        striking=policy.striking,
        horizon=setting.months,
        plan_of=policy.plan_of,
        way_actor=after.actors,
        plans=after.rows,
        wars=wars_again(own, view, after.worlds, after.quiet, setting.front, WAR_MONTHS),
        truces=policy.truces,
    )


def _rows_of(signable: Flags) -> Integers:
    """Rows of what follows signatures, (F, C), deal by deal."""
    found = np.full(signable.shape, KEPT_FOR_GOOD)
    deal, position = np.nonzero(signable.T)
    found[position, deal] = np.arange(len(deal))
    return found


def _talks(setting: Setting, theta: Floats, offers: Offers, draw: int) -> TalksProblem:
    """The game of one draw, over the deals that are on the table there."""
    scenario, translation = setting.scenario, setting.ground.translation
    shares, mediator = offers_in(scenario, translation, theta, setting.months)
    problem = setting.ground.every_line
    options = [problem.named(one.package) for one in setting.candidates]
    in_time = open_deals(scenario, options, setting.months)
    return package_talks(
        war_by_month(
            scenario, translation, theta, setting.front, setting.months, lapsing(scenario)
        ),
        offers.values[draw],
        speakers=translation.actors.speaker,
        weight=weights_in(scenario, translation, theta),
        offers=shares,
        mediator=mediator,
        open=in_time & offers.on_table[draw],
        cover=cover_in(scenario, translation, theta),
    )


class _Signed:
    """Deals as they are carried out in the draws; what draws share is computed once."""

    def __init__(self, setting: Setting, table: WarTable, theta: Floats, offers: Offers) -> None:
        self._setting, self._table, self._theta, self._offers = setting, table, theta, offers
        self._game = cache(self._game_of)

    def deals(self, draw: int, signable: Flags) -> list[SignedDeal]:
        """Those that may be signed in a draw, (F, C), with their positions."""
        found = []
        for c in np.flatnonzero(signable.any(axis=0)).tolist():
            number = int(self._offers.plan[draw, c])
            plan = self._setting.candidates[c].plans[number]
            game, numbers, outcomes = self._game(c, number)
            horizon = self._setting.months
            one = ChanceDraws(**{name: getattr(numbers, name)[draw : draw + 1] for name in DRAWN})
            chain = plan_moments(game, plan, noise=NOISE, horizon=horizon, numbers=one)
            positions = tuple(np.flatnonzero(signable[:, c]).tolist())
            found.append(SignedDeal(chain, outcomes, self._passes(draw, c), positions))
        return found

    def _game_of(self, c: int, number: int) -> tuple[ChanceProblem, ChanceDraws, BreachOutcomes]:
        deal, plan = self._offers.deals[c], self._setting.candidates[c].plans[number]
        states = plan_states(bare_game(self._table, deal), plan)
        game, numbers = package_chance_draws(self._table, self._theta, deal, states)
        return game, numbers, BreachOutcomes(self._table, self._theta, deal, states)

    def _passes(self, draw: int, c: int) -> Floats:
        """Chance that each gate before the start lets a deal through, (G,)."""
        translation = self._table.bound.translation
        view = self._theta[draw : draw + 1, np.newaxis]
        return np.array(
            [
                1.0
                if step >= 0
                else gate_chance(translation, self._offers.deals[c], view, gate)[0, 0]
                for gate, step in enumerate(translation.audiences.step.tolist())
            ]
        )


def _answers(translation: Translation, chosen: Sequence[int]) -> dict[str, str]:
    """What a partial agreement settles: issue to option."""
    issues = translation.issues
    return {
        name: issues.options[number][option]
        for number, (name, option) in enumerate(zip(issues.names, chosen, strict=True))
        if option != issues.status_quo[number]
    }
