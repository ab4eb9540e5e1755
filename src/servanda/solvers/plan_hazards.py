"""One plan under chance, moment by moment: who breaks it at which rate, in one draw.

`servanda.solvers.chance_plan` says what becomes of a plan as a whole. For histories it is laid out
as a chain: at each moment, given that the plan still stands, how likely every temptation is to end
it, how likely a step is to fail, and in which political condition that happens. The chain has the
same chances of every ending in every month; political conditions are averaged out, except that the
chance of a breach is kept apart by the condition in which it comes.
"""

import numpy as np

from servanda.kernels import chance as kernel
from servanda.problems.chance import DRAWN, ChanceDraws, ChanceProblem, Floats, LogitNoise
from servanda.problems.implementation import steps_of
from servanda.results.plan_hazards import PlanHazards
from servanda.solvers.chance_plan import kernel_numbers, lay_out_chance, moves_by_month
from servanda.solvers.plan import Plan


def plan_hazards(
    game: ChanceProblem,
    draws: ChanceDraws,
    draw: int,
    plan: Plan,
    *,
    noise: LogitNoise,
    horizon: int,
) -> PlanHazards:
    """The chain of one plan in one draw, to ``horizon`` months after its beginning.

    Args:
        game: steps, months, states, regimes and dates; its payoffs and chances are not read.
        draws: these, rows in the order of the problem's states.
        draw: which of them.
        plan: as in `servanda.solvers.plan.evaluate_plan`.
        noise: how parties err.
        horizon: months.
    """
    layout = lay_out_chance(game, plan)
    path = layout.path
    one = ChanceDraws(**{name: getattr(draws, name)[draw : draw + 1] for name in DRAWN})
    numbers = kernel_numbers(one, moves_by_month(game.dates, one))
    numbers = kernel.Game(*(array[0] for array in numbers))
    played = kernel.chance_kernel(
        path, numbers, noise.hazard, noise.precision, kernel.NOISY, horizon
    )
    position = _positions(path, horizon)
    share, fails, breaches = _forward(path, numbers, played, position)
    problem = game.problem
    months = ~path.instant[position]
    return PlanHazards(
        start=played.value[0, 0],
        stages=len(layout.order),
        stage=path.stage[position],
        state=problem.states[path.row[position]],
        lasts=months,
        fights=path.fighting[position],
        share=share,
        fails=fails,
        fails_quiet=_failing(problem.clocks, path)[path.stage[position]],
        flow=_flows(path, numbers, position, share),
        constraints=layout.constraints,
        reached=problem.states[path.lines[:, kernel.REACHED]],
        quiet=_quiet(problem.clocks, path.lines[:, kernel.KNOT], path.weight),
        attack=path.lines[:, kernel.IS_ATTACK] == 1,
        moment=np.array([moment for moment, _, _ in breaches], np.int64),
        line=np.array([line for _, line, _ in breaches], np.int64),
        chance=np.array([chance for _, _, chance in breaches]).reshape(-1, len(game.regimes)),
    )


def _positions(path: kernel.Path, horizon: int) -> np.ndarray:
    """The position of the plan at each moment, (Q,); the last one comes ``horizon`` months on."""
    last = len(path.stage) - 1
    found, months, p = [], 0, 0
    while months < horizon or p < last:
        found.append(p)
        months += not path.instant[p]
        p = min(p + 1, last)
    return np.array([*found, last], np.int64)


def _forward(
    path: kernel.Path, game: kernel.Game, played: kernel.Outcome, position: np.ndarray
) -> tuple[Floats, Floats, list[tuple[int, int, Floats]]]:
    """Political conditions given that the plan stands, (Q, R); failures, (Q,); breaches."""
    R, A = played.value.shape[1:]
    analyst = A
    share, fails = np.zeros((len(position), R)), np.zeros(len(position))
    now, months = np.eye(R)[0], 0
    breaches: list[tuple[int, int, Floats]] = []
    for q, p in enumerate(position.tolist()):
        share[q] = now
        found: dict[int, Floats] = {}
        for r, i in zip(*np.nonzero(played.breaks[p]), strict=True):
            line = _best(path, played, p, int(r), int(i))
            chance = found.setdefault(line, np.zeros(R))
            chance[r] = now[r] * played.breaks[p, r, i]
        breaches += [(q, line, chance) for line, chance in found.items()]
        now = now * (1.0 - played.breaks[p].sum(axis=1))
        total = now.sum()
        now = now / total if total > 0.0 else share[q]
        if not path.instant[p]:
            months += 1
            now = now @ game.move[analyst, min(months, game.move.shape[1] - 1)]
        if path.last[p]:
            steps = steps_of(int(path.mask[path.stage[p]]))
            fails[q] = 1.0 - np.prod(game.passes[analyst, list(steps)])
    return share, fails, breaches


def _failing(clocks: Floats, path: kernel.Path) -> Floats:
    """Months of quiet at the end of each stage, and 0 for what comes after the last, (m + 1,)."""
    return np.append(_quiet(clocks, path.fail_knot, path.fail_weight), 0.0)


def _quiet(clocks: Floats, knot: np.ndarray, weight: Floats) -> Floats:
    """Months of quiet when each temptation comes to light, (L,)."""
    after = clocks[np.minimum(knot + 1, len(clocks) - 1)]
    found: Floats = clocks[knot] + weight * (after - clocks[knot])
    return found


def _best(path: kernel.Path, played: kernel.Outcome, p: int, r: int, i: int) -> int:
    """The temptation that an actor takes, the first of equals."""
    lines = np.arange(path.begin[p], path.begin[p + 1])
    own = lines[path.lines[lines, kernel.ACTOR] == i]
    return int(own[np.argmax(played.breach[own, r])])


def _flows(path: kernel.Path, game: kernel.Game, position: np.ndarray, share: Floats) -> Floats:
    """Flow to every actor at each moment, one-off costs included, (Q, A)."""
    flow = np.einsum("qr,rqa->qa", share, game.flows[:, path.row[position]])
    flow = flow - path.fighting[position, np.newaxis] * game.fighting_cost
    flow[path.instant[position]] = 0.0
    for q, p in enumerate(position.tolist()):
        if path.first[p] and path.stage[p] < len(path.mask):
            flow[q] -= game.costs[list(steps_of(int(path.mask[path.stage[p]])))].sum(axis=0)
    found: Floats = flow
    return found
