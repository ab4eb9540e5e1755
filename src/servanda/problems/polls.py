"""The polls of a scenario's audiences as fitting problems, and fits as entries of θ."""

from __future__ import annotations

import numpy as np

from servanda.problems.parameters import FittedBlock
from servanda.problems.ratification import SupportProblem
from servanda.results.ratification import SupportFit
from servanda.scenario.audiences import Audience
from servanda.scenario.model import Scenario
from servanda.scenario.references import is_status_quo

STEP_SPREAD = 1.0
"""Log-odds by which an answer may differ from its parent before polls are read (judgement)."""

BETWEEN_POLLS = 0.25
"""Log-odds by which polls of one institute differ for reasons outside the model (judgement)."""


def support_problem(scenario: Scenario, name: str) -> SupportProblem:
    """The polls of one audience, with what is believed before reading them."""
    audience = scenario.audiences[name]
    options = fitted_options(scenario, audience)
    parents = [_parent(scenario, audience, ref) for ref in options]
    interactions = [key for key, item in audience.interactions.items() if item.value is None]
    polls = list(audience.polls.values())
    return SupportProblem(
        audience=name,
        options=tuple(options),
        parent=np.array([options.index(p) if p in options else -1 for p, _ in parents], np.int64),
        spread=np.full(len(options), STEP_SPREAD),
        direction=np.array([direction for _, direction in parents], np.int64),
        polls=tuple(audience.polls),
        design=np.array([[float(ref in poll.asks) for ref in options] for poll in polls]),
        accept=np.array([poll.accept / 100.0 for poll in polls]),
        reject=np.array([poll.reject / 100.0 for poll in polls]),
        sample=np.array([float(poll.sample) for poll in polls]),
        interactions=tuple(interactions),
        interaction_design=np.array(
            [
                [
                    float(set(audience.interactions[key].options) <= set(p.asks))
                    for key in interactions
                ]
                for p in polls
            ]
        ),
        between_polls=BETWEEN_POLLS,
    )


def fitted_block(scenario: Scenario, fit: SupportFit) -> FittedBlock:
    """The fit of one audience as entries of θ: its baseline, effects and interactions."""
    audience = scenario.audiences[fit.audience]
    base = f"audiences.{fit.audience}"
    count = len(fit.options)
    sums = np.eye(1 + count + len(fit.interactions))
    for option in range(count):
        above = int(fit.parent[option])
        while above >= 0:
            sums[1 + option, 1 + above] = 1.0
            above = int(fit.parent[above])
    sources = [source for poll in audience.polls.values() for source in poll.sources]
    return FittedBlock(
        paths=(
            f"{base}.baseline",
            *(f"{base}.effects.{ref}.value" for ref in fit.options),
            *(f"{base}.interactions.{key}.value" for key in fit.interactions),
        ),
        centre=np.concatenate([[fit.constant], fit.steps, fit.interaction_values]),
        factor=np.asarray(np.linalg.cholesky(fit.step_covariance), np.float64),
        sign=np.concatenate([[0], fit.direction, fit.interaction_direction]).astype(np.int64),
        sums=sums,
        unit="log-odds of support",
        sources=tuple(dict.fromkeys(sources)),
        note="fitted to the polls of this audience",
    )


def fitted_options(scenario: Scenario, audience: Audience) -> list[str]:
    """Answers whose effect is fitted: not given outright, nor the status quo, which has none."""
    return [
        ref
        for ref, effect in audience.effects.items()
        if effect.value is None and not is_status_quo(scenario, ref)
    ]


def _parent(scenario: Scenario, audience: Audience, ref: str) -> tuple[str | None, int]:
    """The answer another is shrunk toward (None: the status quo), and how support may move.

    A stated parent wins.  Otherwise the neighbour in rank on the side of the status quo is taken,
    passing over answers that state a parent of their own.  Support does not rise with rank.
    """
    effect = audience.effects[ref]
    issue = _issue(ref)
    ranks = {
        name: other.rank
        for name, other in audience.effects.items()
        if _issue(name) == issue and other.rank is not None
    }
    if effect.rank is None:
        return effect.parent, 0
    if effect.parent is not None:
        return effect.parent, _direction(effect.rank, ranks.get(effect.parent))
    usual = next((rank for name, rank in ranks.items() if is_status_quo(scenario, name)), None)
    below = usual is None or usual < effect.rank
    neighbours = {
        name: rank
        for name, rank in ranks.items()
        if audience.effects[name].parent is None and (rank < effect.rank) == below and name != ref
    }
    if not neighbours:
        return None, -1 if below else 1
    nearest = max(neighbours, key=lambda name: neighbours[name] if below else -neighbours[name])
    parent = None if is_status_quo(scenario, nearest) else nearest
    return parent, -1 if below else 1


def _issue(ref: str) -> str:
    return ref.partition(".")[0]


def _direction(rank: int, parent_rank: int | None) -> int:
    if parent_rank is None or rank == parent_rank:
        return 0
    return -1 if rank > parent_rank else 1
