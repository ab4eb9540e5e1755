"""What the answers along one course of the talks teach about the sides that gave them.

What a side would sign is not known for certain: the draws hold what it may be. In each draw the
talks are solved anew, with that draw's war, deals and red lines, so each draw says how far an offer
is from the least that its answerer accepts in that month. Who makes offers, how fast battles
teach, and what is tabled are those of the central values. That an actor tabled something teaches
as well; that is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.problems.agreement import agreement
from servanda.problems.package_binding import (
    content_lines,
    lines_held,
    order_lines,
    package_draws,
)
from servanda.problems.packages import matched
from servanda.problems.parameters import Floats, draws
from servanda.problems.war_binding import bind_war
from servanda.results.analysis import Origin
from servanda.results.packages import Deal
from servanda.results.rejections import AnswerTeaches, Learning, LineTested, RejectionsTeach
from servanda.results.rounds import Round
from servanda.scenario.months import months_later
from servanda.simulation.ensemble import CHUNK, TOLERANCE, order_margins, reservations
from servanda.simulation.progress import Progress
from servanda.simulation.talks_setting import (
    lapsing,
    war_by_month,
)
from servanda.simulation.talks_table import (
    TalksTable,
    talks_problem,
)
from servanda.solvers.funnel_draws import candidate_gates
from servanda.solvers.orders import BEST, OrderedDeal, lines_broken
from servanda.solvers.rejections import learn_from_answers, weighted_quantiles
from servanda.solvers.talks_game import solve_talks
from servanda.solvers.war_table import WarTable

MISJUDGED = 1.0
"""Points by which a side is taken to misjudge what an offer is worth to it."""

LEVELS = (0.05, 0.5, 0.95)

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Lines:
    """L red lines, first those on content, then those on order.

    Attributes:
        at: (L,) as indices of all red lines.
        held: (N, L) real ones in each draw.
        crossed: (C, L) by each deal, if they are.
        own: (2, L) of each side.
    """

    at: list[int]
    held: Flags
    crossed: Flags
    own: Flags


def what_answers_teach(
    table: TalksTable,
    rounds: Sequence[Round],
    origin: Origin,
    *,
    threads: int | None,
    progress: Progress,
) -> RejectionsTeach:
    """Beliefs about what each side would sign, answer by answer."""
    answers = [
        (one, side) for one in rounds if one.deal is not None for side in (0, 1) if side != one.who
    ]
    theta = draws(
        table.centre.translation.parameters, seed=origin.seed, first=0, count=origin.draws
    )
    lines = _lines(table, theta)
    gain, least = np.zeros((2, len(answers), len(theta)))
    games = _games(table, theta, lines, threads, progress) if answers else ()
    for k, (worth, refusal) in enumerate(games):
        for t, (one, side) in enumerate(answers):
            least[t, k] = refusal[one.month, one.moves, one.position, side]
            gain[t, k] = worth[one.position, one.deal, side] - least[t, k]
    for t, (one, side) in enumerate(answers):
        gain[t, (lines.held & lines.crossed[one.deal] & lines.own[side]).any(axis=1)] = -np.inf
    equal, signed = np.full(len(theta), 1.0 / len(theta)), [o.short[s] <= 0.0 for o, s in answers]
    try:
        found = learn_from_answers(equal, gain, signed, misjudged=MISJUDGED)
    except ProblemError as error:
        raise ProblemError(f"{error}; more draws may hold one (--draws)") from None
    return RejectionsTeach(
        draws=len(theta),
        misjudged=MISJUDGED,
        answers=_taught(table, answers, least, found),
        bits=found.total_bits,
        effective=float(found.effective[-1]),
        lines=_tested(table, answers, lines, found),
    )


def _taught(
    table: TalksTable, answers: Sequence[tuple[Round, int]], least: Floats, found: Learning
) -> tuple[AnswerTeaches, ...]:
    def quantiles(t: int, weights: Floats) -> tuple[float, float, float]:
        low, middle, high = weighted_quantiles(least[t], weights, LEVELS)
        return float(low), float(middle), float(high)

    translation = table.centre.translation
    names = [translation.actors.names[actor] for actor in translation.actors.speaker]
    return tuple(
        AnswerTeaches(
            month=one.month,
            day=months_later(table.scenario.as_of, one.month),
            actor=names[side],
            package=table.deals[one.deal or 0].index,
            signed=one.short[side] <= 0.0,
            chance=float(found.chance[t]),
            bits=float(found.bits[t]),
            prior=quantiles(t, found.weights[0]),
            before=quantiles(t, found.weights[t]),
            after=quantiles(t, found.weights[t + 1]),
        )
        for t, (one, side) in enumerate(answers)
    )


def _tested(
    table: TalksTable, answers: Sequence[tuple[Round, int]], lines: _Lines, found: Learning
) -> tuple[LineTested, ...]:
    """Red lines that an offer would have crossed which their holder answered."""
    red_lines, actors = table.centre.translation.red_lines, table.centre.translation.actors
    tested = np.zeros(len(lines.at), bool)
    for one, side in answers:
        tested |= lines.crossed[one.deal] & lines.own[side]
    return tuple(
        LineTested(
            red_line=red_lines.names[lines.at[place]],
            actor=actors.names[int(red_lines.by[lines.at[place]])],
            prior=float(found.weights[0] @ lines.held[:, place]),
            posterior=float(found.weights[-1] @ lines.held[:, place]),
        )
        for place in np.flatnonzero(tested).tolist()
    )


def _lines(table: TalksTable, theta: Floats) -> _Lines:
    centre = table.centre
    translation, crossed = centre.translation, []
    on_order = order_lines(translation)
    for deal in table.deals:
        chosen = centre.every_line.chosen(deal.index)
        steps = agreement(translation, chosen)
        broken = lines_broken(translation, steps, deal.plan) if deal.plan else ()
        content = matched(centre.every_line.red_lines, chosen).tolist()
        crossed.append([*content, *(line in broken for line in on_order)])
    at = [*content_lines(translation), *on_order]
    side = translation.actors.side[translation.red_lines.by[at]]
    return _Lines(
        at=at,
        held=lines_held(translation, theta, at),
        crossed=np.array(crossed, bool).reshape(len(table.deals), len(at)),
        own=np.array([side == 0, side == 1]),
    )


def _deals_over_draws(table: TalksTable, theta: Floats, threads: int | None) -> list[list[Deal]]:
    """The deals as each draw has them, N lists of C: their best order is that of the centre."""
    centre = table.centre
    translation = centre.translation
    names, audiences = translation.actors.names, centre.problem.audiences
    held = reservations(translation, theta, threads=threads)
    packages = package_draws(centre.every_line, translation, theta, held)
    gates = candidate_gates(packages, [deal.index for deal in table.deals])
    start = gates.values.copy()  # that of a deal without steps
    for c, deal in enumerate(table.deals):
        if deal.plan is not None:
            start[:, c] = _starts(table, deal, theta, threads)

    def drawn(k: int, c: int, deal: Deal) -> Deal:
        return replace(
            deal,
            values_at_start=dict(zip(names, start[k, c].tolist(), strict=True)),
            gains={n: float(gates.gains[k, c, names.index(n)]) for n in deal.gains},
            signing_slack={
                n: float(gates.signing_slack[k, c, names.index(n)]) for n in deal.signing_slack
            },
            pass_probability={
                n: float(gates.pass_probability[k, c, audiences.index(n)])
                for n in deal.pass_probability
            },
        )

    return [[drawn(k, c, deal) for c, deal in enumerate(table.deals)] for k in range(len(theta))]


def _starts(table: TalksTable, deal: Deal, theta: Floats, threads: int | None) -> Floats:
    """Value of a deal's order from signature on, to each actor in each draw, (N, A)."""
    translation = table.centre.translation
    steps = agreement(translation, table.centre.problem.chosen(deal.index))
    ordered = OrderedDeal(deal.index, steps, None, {}, {}, given={BEST: deal.plan})
    parts = []
    for first in range(0, len(theta), CHUNK):
        bound = bind_war(translation, theta[first : first + CHUNK])
        wars = WarTable(bound, tolerance=TOLERANCE, threads=threads)
        parts.append(order_margins(wars, ordered)[BEST].values_at_start)
    return np.concatenate(parts)


def _games(
    table: TalksTable, theta: Floats, lines: _Lines, threads: int | None, progress: Progress
) -> Iterator[tuple[Floats, Floats]]:
    """Values of the deals (F, C, 2) and the least accepted (M, M + 1, F, 2), draw by draw."""
    scenario, translation = table.scenario, table.centre.translation
    months, threats = table.settings.months, lapsing(scenario)
    for k, deals in enumerate(_deals_over_draws(table, theta, threads)):
        progress("what answers teach", k / len(theta))
        row = theta[k : k + 1]
        wars = WarTable(bind_war(translation, row), tolerance=TOLERANCE, threads=threads)
        drawn = replace(
            table,
            centre=replace(table.centre, table=wars),
            war=war_by_month(scenario, translation, row, table.front, months, threats),
            deals=tuple(deals),
        )
        game = talks_problem(drawn)
        real = (lines.crossed & lines.held[k]).any(axis=1)
        game = replace(game, open=game.open & ~real)
        yield game.deals, solve_talks(game).refusal
