"""A problem of histories from a few numbers, for toys without a scenario."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from servanda.errors import ProblemError
from servanda.problems.histories import (
    POCKETED,
    HistoriesProblem,
    PlanRows,
    Truces,
    WarsAgain,
    is_whole,
    wrong_horizon,
)
from servanda.problems.talks import TalksProblem
from servanda.results.talks import TalksSolution


def histories_game(
    talks: TalksProblem,
    solution: TalksSolution,
    *,
    horizon: int = 120,
    rows: int = 1,
    moments: int = 1,
    gates: int = 0,
    truces: int = 0,
    war_months: int = 1,
    plan_of: ArrayLike = 0,
    way_actor: ArrayLike = (0, 1),
    passes: ArrayLike = 1.0,
    ratify_months: ArrayLike = 0,
    stages: ArrayLike = 0,
    stage: ArrayLike = 0,
    lasts: ArrayLike = True,
    fights: ArrayLike = False,
    hazard: ArrayLike = 0.0,
    step_fails: ArrayLike = 0.0,
    flow: ArrayLike = 0.0,
    war_after: ArrayLike = POCKETED,
    pocketed: ArrayLike = 0.0,
    failed: ArrayLike = 0.0,
    war_start: ArrayLike = (),
    war_tempo: ArrayLike = 0.0,
    war_chance: ArrayLike = 0.5,
    war_gives_way: ArrayLike = 0.0,
    war_freeze: ArrayLike = 0.0,
    war_month: ArrayLike = 0.0,
    war_frozen: ArrayLike = 0.0,
    truce_starts: ArrayLike = 0.0,
    truce_breaks: ArrayLike = 0.0,
    truce_month: ArrayLike = 0.0,
    truce_tired: ArrayLike = 1.0,
    truce_tempo: ArrayLike = 1.0,
    truce_stops: ArrayLike = False,
) -> HistoriesProblem:
    """A problem of histories from whatever broadcasts to the shapes of its parts.

    How many ways of breach and wars there are is read from ``way_actor`` and ``war_start``.

    >>> from servanda.problems.talks import talks_game
    >>> from servanda.solvers.histories import simulate_histories
    >>> from servanda.solvers.talks_game import solve_talks
    >>> talks = talks_game(months=12, discount=0.99, month=-1.0, deals=[[60, 40]])
    >>> game = histories_game(talks, solve_talks(talks), hazard=[0.01, 0.0], flow=[60, 40])
    >>> found = simulate_histories(game, 1000, seed=7)
    >>> int(found.agreed.max()), int((found.broken < 0).sum())  # 0.99^120 of them is 299
    (0, 322)
    """
    M, F = talks.months, talks.positions
    C = talks.deals.shape[1]
    complaints = [
        f"{name}: {size}, wanted a whole number from {least}"
        for name, size, least in (
            ("rows", rows, 0),
            ("moments", moments, 1),
            ("gates", gates, 0),
            ("truces", truces, 0),
            ("war_months", war_months, 1),
        )
        if not is_whole(size) or size < least
    ]
    if complaints:
        raise ProblemError("; ".join([*wrong_horizon(horizon), *complaints]))
    R, Q, G, T, L = rows, moments, gates, truces, war_months
    K, W = np.size(way_actor), np.size(war_start)
    wanted: dict[str, tuple[ArrayLike, tuple[int, ...]]] = {
        "plan_of": (plan_of, (F, C)),
        "way_actor": (way_actor, (K,)),
        "passes": (passes, (R, G)),
        "ratify_months": (ratify_months, (R,)),
        "stages": (stages, (R,)),
        "stage": (stage, (R, Q)),
        "lasts": (lasts, (R, Q)),
        "fights": (fights, (R, Q)),
        "hazard": (hazard, (R, Q, K)),
        "step_fails": (step_fails, (R, Q)),
        "flow": (flow, (R, Q, 2)),
        "war_after": (war_after, (R, Q, K)),
        "pocketed": (pocketed, (R, Q, K, 2)),
        "failed": (failed, (R, Q, 2)),
        "war_start": (war_start, (W,)),
        "war_tempo": (war_tempo, (W, L, F)),
        "war_chance": (war_chance, (W, L, F)),
        "war_gives_way": (war_gives_way, (W, L, F, 2)),
        "war_freeze": (war_freeze, (W, L)),
        "war_month": (war_month, (W, L, F, 2)),
        "war_frozen": (war_frozen, (W, F, 2)),
        "truce_starts": (truce_starts, (T, M)),
        "truce_breaks": (truce_breaks, (T, M, 2)),
        "truce_month": (truce_month, (T, 2)),
        "truce_tired": (truce_tired, (T, 2)),
        "truce_tempo": (truce_tempo, (T,)),
        "truce_stops": (truce_stops, (T, 2)),
    }
    arrays = {}
    for name, (given, shape) in wanted.items():
        try:
            arrays[name] = np.broadcast_to(np.asarray(given), shape)
        except ValueError:
            complaints.append(f"{name}: shape {np.shape(given)} does not broadcast to {shape}")
    if complaints:
        raise ProblemError("; ".join([*wrong_horizon(horizon), *complaints]))

    def part(kind: type[Any], prefix: str = "") -> Any:
        return kind(**{name: arrays[prefix + name] for name in kind.__dataclass_fields__})

    return HistoriesProblem(
        talks=talks,
        chosen=solution.chosen,
        refusal=solution.refusal,
        striking=solution.striking,
        horizon=horizon,
        plan_of=arrays["plan_of"],
        way_actor=arrays["way_actor"],
        plans=part(PlanRows),
        wars=part(WarsAgain, "war_"),
        truces=part(Truces, "truce_"),
    )
