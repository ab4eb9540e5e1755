"""The talks of a scenario round by round."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from servanda.problems.agreement import agreement, peace_flows
from servanda.problems.packages import TOLERANCE
from servanda.problems.parameters import Floats
from servanda.problems.war_binding import BoundWar
from servanda.results.analysis import Origin
from servanda.results.early_harvest import EarlyHarvest
from servanda.results.packages import Deal
from servanda.results.rounds import Change, Met, Round, TabledOffer, TrackGround
from servanda.results.talks_rounds import DeadlineSeen, RoundsAnswer
from servanda.scenario.model import Scenario
from servanda.scenario.months import first_month_after, months_later
from servanda.simulation.participation import why_each_stays
from servanda.simulation.progress import Progress
from servanda.simulation.rejections import what_answers_teach
from servanda.simulation.talks_setting import issues_by_track
from servanda.simulation.talks_solved import solved_talks
from servanda.simulation.talks_table import TalksTable, deals_on_table
from servanda.solvers.rounds import likeliest_rounds, rounds_by_month


def rounds_of_scenario(
    scenario: Scenario, origin: Origin, *, threads: int | None, progress: Progress
) -> RoundsAnswer:
    """What is tabled round by round, what the answers teach, and why each stays."""
    talks = solved_talks(scenario, threads=threads, progress=progress)
    table, game = talks.table, talks.game
    rounds = likeliest_rounds(game, talks.solution)
    flows = _flows(table.centre.table.bound)
    a, b, mediator = speakers(table)
    return RoundsAnswer(
        origin=origin,
        day=scenario.as_of,
        front=talks.front,
        places=game.positions,
        start=game.start,
        sides=(a, b),
        mediator=mediator,
        deals=table.deals,
        deadlines=_deadlines(table),
        ground=_ground(table, flows, talks.early),
        offers=_offers(table, rounds, flows),
        by_month=rounds_by_month(game, talks.solution),
        teaches=what_answers_teach(table, rounds, origin, threads=threads, progress=progress),
        stay=why_each_stays(table, progress),
    )


def speakers(table: TalksTable) -> tuple[str, str, str]:
    """Who makes the offers: for a, for b, as the mediator ("" for nobody)."""
    actors = table.centre.translation.actors
    mediator = "" if table.mediator is None else actors.names[table.mediator]
    return actors.names[actors.speaker[0]], actors.names[actors.speaker[1]], mediator


def _deadlines(table: TalksTable) -> tuple[DeadlineSeen, ...]:
    scenario, found = table.scenario, []
    on_table = deals_on_table(table)
    for name, deadline in table.settings.deadlines.items():
        month = first_month_after(scenario.as_of, deadline.day)
        before = on_table[month - 1] if month else np.ones(len(table.deals), bool)
        gone = np.flatnonzero(before & ~on_table[month])
        found.append(
            DeadlineSeen(
                name=name,
                day=deadline.day,
                month=month,
                gone=tuple(table.deals[number].index for number in gone.tolist()),
                lapses=deadline.lapses,
                silences=deadline.silences,
            )
        )
    return tuple(sorted(found, key=lambda one: one.day))


def _offers(
    table: TalksTable, rounds: Sequence[Round], flows: Sequence[Floats]
) -> tuple[TabledOffer, ...]:
    found: list[TabledOffer] = []
    names, before = speakers(table), None
    for one in rounds:
        deal = None if one.deal is None else table.deals[one.deal]
        answering = [s for s in (0, 1) if deal is not None and s != one.who]
        found.append(
            TabledOffer(
                round=one,
                day=months_later(table.scenario.as_of, one.month),
                actor="" if one.who is None else names[one.who],
                package=None if deal is None else deal.index,
                first=deal is not None and before is None,
                changes=_changes(table.scenario, before, deal),
                met=tuple(_met(table, deal, flows, s, one.short[s]) for s in answering if deal),
            )
        )
        before = deal or before
    return tuple(found)


def _changes(scenario: Scenario, before: Deal | None, deal: Deal | None) -> tuple[Change, ...]:
    if before is None or deal is None:
        return ()
    return tuple(
        Change(issue, scenario.issues[issue].track, before.options[issue], option)
        for issue, option in deal.options.items()
        if before.options[issue] != option
    )


def _met(table: TalksTable, deal: Deal, flows: Sequence[Floats], side: int, short: float) -> Met:
    """What an offer gives one side of what it would choose, issue by issue."""
    chosen = table.centre.problem.chosen(deal.index)
    given = np.array([flow[option, side] for flow, option in zip(flows, chosen, strict=True)])
    worst = np.array([flow[:, side].min() for flow in flows])
    best = np.array([flow[:, side].max() for flow in flows])
    total = float((best - worst).sum())
    share = float((given - worst).sum()) / total if total > 0 else 1.0
    met = int((given >= best - TOLERANCE).sum())
    return Met(speakers(table)[side], met, share, short)


def _flows(bound: BoundWar) -> list[Floats]:
    """Peace flow to the two sides if one issue alone is answered, for each issue (O, 2)."""
    translation = bound.translation
    status_quo = translation.issues.status_quo.tolist()
    sides, found = list(translation.actors.speaker), []
    for issue, options in enumerate(translation.issues.options):
        flows = []
        for option in range(len(options)):
            deal = agreement(translation, [*status_quo[:issue], option, *status_quo[issue + 1 :]])
            done = np.array([deal.full], np.int64)
            flows.append(peace_flows(translation, deal, bound.own, done)[0, 0, sides])
        found.append(np.array(flows))
    return found


def _ground(
    table: TalksTable, flows: Sequence[Floats], early: Sequence[EarlyHarvest]
) -> tuple[TrackGround, ...]:
    """Issues open to agreement and what hangs on them, by track."""
    issues = table.centre.translation.issues
    spread = np.array([np.ptp(flow, axis=0) for flow in flows])
    total = spread.sum(axis=0)
    stake = np.divide(spread, total, out=np.zeros_like(spread), where=total > 0).mean(axis=1)
    overlap = np.array(
        [_both_gain(flow - flow[now]) for flow, now in zip(flows, issues.status_quo, strict=True)]
    )
    settled = {name for one in early for name in one.answers}
    alone = np.array([name in settled for name in issues.names])
    return tuple(
        TrackGround(
            track=track,
            issues=len(at),
            stake=float(stake[at].sum()),
            overlap=int(overlap[at].sum()),
            overlap_stake=float(stake[at] @ overlap[at]),
            alone=int(alone[at].sum()),
            alone_stake=float(stake[at] @ alone[at]),
        )
        for track, at in issues_by_track(table.scenario).items()
    )


def _both_gain(gains: Floats) -> bool:
    """Whether some answer is better for both than how things stand; gains (O, 2)."""
    return bool((gains > TOLERANCE).all(axis=1).any())
