"""What the answers along one course of the talks teach about the sides that gave them.

What a side would sign is not known for certain: the draws hold what it may be. In each draw the
talks are solved anew, with that draw's war, deals and red lines, so each draw says how far an offer
is from the least that its answerer accepts in that month. Who makes offers, how fast battles
teach, and what is tabled are those of the central values. That an actor tabled something teaches
as well; that is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

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
from servanda.results.rejections import AnswerTeaches, LineTested, RejectionsTeach
from servanda.results.rounds import Round
from servanda.scenario.months import months_later
from servanda.simulation.ensemble import CHUNK, TOLERANCE, Progress, order_margins, reservations
from servanda.simulation.talks_table import (
    TalksTable,
    lapsing,
    talks_problem,
    war_by_month,
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
    translation = table.centre.translation
    theta = draws(translation.parameters, seed=origin.seed, first=0, count=origin.draws)
    every = [*content_lines(translation), *order_lines(translation)]
    held = lines_held(translation, theta, every)
    crossed = _crossed(table)
    gain, least = np.zeros((2, len(answers), len(theta)))
    if answers:
        values = _deals_over_draws(table, theta, threads)
        for k, (worth, refusal) in enumerate(
            _games(table, theta, values, held, crossed, threads, progress)
        ):
            for t, (one, side) in enumerate(answers):
                least[t, k] = refusal[one.month, one.moves, one.position, side]
                gain[t, k] = worth[one.position, one.deal, side] - least[t, k]
    own = _owned(table, every)
    for t, (one, side) in enumerate(answers):
        gain[t, (held & crossed[one.deal] & own[side]).any(axis=1)] = -np.inf
    return _taught(table, origin, answers, (gain, least), (held, crossed, own, every))


def _taught(
    table: TalksTable,
    origin: Origin,
    answers: Sequence[tuple[Round, int]],
    numbers: tuple[Floats, Floats],
    lines: tuple[Flags, Flags, Flags, list[int]],
) -> RejectionsTeach:
    gain, least = numbers
    held, crossed, own, every = lines
    translation = table.centre.translation
    names = [translation.actors.names[actor] for actor in translation.actors.speaker]
    equal = np.full(len(held), 1.0 / len(held))
    signed = [one.short[side] <= 0.0 for one, side in answers]
    try:
        found = learn_from_answers(equal, gain, signed, misjudged=MISJUDGED)
    except ProblemError as error:
        raise ProblemError(f"{error}; more draws may hold one (--draws)") from None
    tested = np.zeros(len(every), bool)
    for one, side in answers:
        tested |= crossed[one.deal] & own[side]

    def quantiles(t: int, weights: Floats) -> tuple[float, float, float]:
        low, middle, high = weighted_quantiles(least[t], weights, LEVELS)
        return float(low), float(middle), float(high)

    return RejectionsTeach(
        draws=len(held),
        misjudged=MISJUDGED,
        answers=tuple(
            AnswerTeaches(
                month=one.month,
                day=months_later(table.scenario.as_of, one.month),
                actor=names[side],
                package=table.deals[one.deal or 0].index,
                signed=signed[t],
                chance=float(found.chance[t]),
                bits=float(found.bits[t]),
                prior=quantiles(t, equal),
                before=quantiles(t, found.weights[t]),
                after=quantiles(t, found.weights[t + 1]),
            )
            for t, (one, side) in enumerate(answers)
        ),
        bits=found.total_bits,
        effective=float(found.effective[-1]),
        lines=tuple(
            LineTested(
                red_line=translation.red_lines.names[line],
                actor=translation.actors.names[int(translation.red_lines.by[line])],
                prior=float(equal @ held[:, place]),
                posterior=float(found.weights[-1] @ held[:, place]),
            )
            for place, line in enumerate(every)
            if tested[place]
        ),
    )


def _owned(table: TalksTable, lines: Sequence[int]) -> Flags:
    """Which red lines are a side's own, (2, lines)."""
    translation = table.centre.translation
    of = translation.actors.side[translation.red_lines.by[list(lines)]]
    return np.array([of == side for side in (0, 1)])


def _crossed(table: TalksTable) -> Flags:
    """Which red lines each deal would cross if they were real ones, (C, lines)."""
    centre = table.centre
    translation, found = centre.translation, []
    for deal in table.deals:
        chosen = centre.every_line.chosen(deal.index)
        broken = (
            lines_broken(translation, agreement(translation, chosen), deal.plan)
            if deal.plan
            else ()
        )
        order = [line in broken for line in order_lines(translation)]
        found.append([*matched(centre.every_line.red_lines, chosen).tolist(), *order])
    count = len(content_lines(translation)) + len(order_lines(translation))
    return np.array(found, bool).reshape(len(table.deals), count)


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
    table: TalksTable,
    theta: Floats,
    deals: Sequence[Sequence[Deal]],
    held: Flags,
    crossed: Flags,
    threads: int | None,
    progress: Progress,
) -> Iterator[tuple[Floats, Floats]]:
    """Values of the deals (F, C, 2) and the least accepted (M, M + 1, F, 2), draw by draw."""
    centre, scenario = table.centre, table.scenario
    translation = centre.translation
    for k in range(len(theta)):
        progress("what answers teach", k / len(theta))
        row = theta[k : k + 1]
        wars = WarTable(bind_war(translation, row), tolerance=TOLERANCE, threads=threads)
        war = war_by_month(
            scenario, translation, row, table.front, table.settings.months, lapsing(scenario)
        )
        drawn = replace(table, centre=replace(centre, table=wars), war=war, deals=tuple(deals[k]))
        game = talks_problem(drawn)
        real = (crossed & held[k]).any(axis=1)
        game = replace(game, open=game.open & ~real)
        yield game.deals, solve_talks(game).refusal
