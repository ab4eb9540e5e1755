"""Score the tool on agreements of the past: forecast from what was known on the day, then look.

For each case the agreed package and order are evaluated with chance on the path and noise in what
parties do, over draws of the coded ranges. Nothing is fitted, so nothing needs to be left out of
the model; the naive forecasters learn from the other cases only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from servanda.files.outcomes import Outcome
from servanda.files.past_cases import PastCase
from servanda.problems.agreement import Agreement, agreement, chosen_options
from servanda.problems.chance import LogitNoise
from servanda.problems.parameters import Floats, central, draws
from servanda.problems.state_sets import needed_states
from servanda.problems.translation import Translation
from servanda.problems.war_binding import bind_war
from servanda.results.backtest import (
    CARRIED,
    HELD,
    RATIFIED,
    Backtest,
    CaseForecast,
    Forecast,
    Score,
)
from servanda.results.chance import ChanceEvaluation
from servanda.scenario.coding import CodedClass
from servanda.scenario.quantity import HAZARD, parse_number
from servanda.simulation.ensemble import CHUNK, TOLERANCE
from servanda.simulation.progress import Progress
from servanda.simulation.translated import translated
from servanda.solvers.chance_plan import HORIZON, chance_over_draws, evaluate_with_chance
from servanda.solvers.likeliest_order import likeliest_order
from servanda.solvers.package_chance import (
    gate_chance,
    package_chance,
    package_chance_draws,
)
from servanda.solvers.package_game import bare_game, stages
from servanda.solvers.plan import Stage, plan_states
from servanda.solvers.scoring import base_rate, brier, like_cases, log_score
from servanda.solvers.war_table import WarTable

ORDERS = 300
"""Plans looked at for an order that would have been likelier to be carried through."""


@dataclass(frozen=True)
class _Drawn:
    """A case with the probability of each of its events in every draw."""

    forecast: CaseForecast
    chances: dict[str, Floats]


def backtest_cases(
    cases: Sequence[PastCase],
    noise: Mapping[str, LogitNoise],
    *,
    draws: int,
    seed: int,
    threads: int | None,
    progress: Progress,
) -> Backtest:
    """Forecast every case and score the forecasts.

    Args:
        cases: at least one, in the order of their day.
        noise: how parties err; the first is that of the forecasts, the others show how much the
            score depends on it.
        draws, seed: of the coded ranges.
        threads: as many as there are processors when left out.
        progress: called with what is being done and how much of it.
    """
    first, *others = noise.items()
    drawn: list[_Drawn] = []
    varied: dict[str, list[dict[str, Floats]]] = {name: [] for name, _ in others}
    for number, case in enumerate(cases):
        progress(case.scenario.title, number / len(cases))
        found, again = _forecast(case, first[1], dict(others), draws, seed, threads)
        drawn.append(found)
        for name, chances in again.items():
            varied[name].append(chances)
    happened = [_happened(one.forecast) for one in drawn]
    return Backtest(
        cases=tuple(one.forecast for one in drawn),
        scores=tuple(_scores(drawn)),
        noise={
            first[0]: _mean_brier([one.chances for one in drawn], happened),
            **{name: _mean_brier(chances, happened) for name, chances in varied.items()},
        },
        draws=draws,
        seed=seed,
    )


def noise_of(rules: Mapping[str, CodedClass]) -> dict[str, LogitNoise]:
    """How parties err by the coding rules, and the ends of both ranges."""
    hazard, sharpness = (_read(rules[f"noise.{name}"]) for name in ("hazard", "sharpness"))
    return {
        "as the coding rules say": LogitNoise(hazard[1], sharpness[1]),
        "parties reconsider half as often": LogitNoise(hazard[0], sharpness[1]),
        "parties reconsider twice as often": LogitNoise(hazard[2], sharpness[1]),
        "parties see differences half as well": LogitNoise(hazard[1], sharpness[0]),
        "parties see differences twice as well": LogitNoise(hazard[1], sharpness[2]),
    }


def _read(rule: CodedClass) -> tuple[float, float, float]:
    """Low, central and high value of a class."""
    number = rule.number
    if isinstance(number, int):
        return float(number), float(number), float(number)
    low, value, high = (
        float(parse_number(number[key], HAZARD)) for key in ("low", "value", "high")
    )
    return low, value, high


# ---------------------------------------------------------------- one case


def _forecast(
    case: PastCase,
    noise: LogitNoise,
    others: Mapping[str, LogitNoise],
    count: int,
    seed: int,
    threads: int | None,
) -> tuple[_Drawn, dict[str, dict[str, Floats]]]:
    translation = translated(case.scenario)
    deal = agreement(translation, chosen_options(translation, case.agreed.options))
    plan = [Stage(one.steps, bool(one.verified)) for one in case.agreed.stages]
    centre = central(translation.parameters)
    table = WarTable(bind_war(translation, centre), threads=threads)
    states = plan_states(bare_game(table, deal), plan)
    game = package_chance(table, centre, deal, states)
    at_centre = evaluate_with_chance(game, plan, noise=noise)
    theta = draws(translation.parameters, seed=seed, first=0, count=count)
    over = _chances(
        translation, deal, plan, theta, {"": noise, **others}, at_centre.months, threads
    )
    chances, enforcing = over[""]
    ending = _likeliest_before_completion(at_centre)
    every = needed_states(
        deal.requires,
        stages(table, deal),
        translation.steps.owners[deal.steps],
        translation.steps.reversible[deal.steps],
    )
    better = likeliest_order(
        package_chance(table, centre, deal, every), noise=noise, starts=[plan], budget=ORDERS
    )
    found = better.plan
    best = found if found and better.probability > at_centre.carried_through else at_centre
    return _Drawn(
        CaseForecast(
            name=case.name,
            title=case.scenario.title,
            as_of=case.scenario.as_of.isoformat(),
            order=tuple(stage.steps for stage in case.agreed.stages),
            forecasts=tuple(_events(case.outcome, chances)),
            margin=at_centre.margin,
            self_enforcing=float(enforcing.mean()),
            guarantee_first=_guarantee_first(case),
            breaks_at=" + ".join(ending[0]),
            ends_there=ending[1],
            broke_at=case.outcome.broke_at,
            better=best.order,
            better_probability=best.carried_through,
            agreed_probability=at_centre.carried_through,
            note=case.outcome.note,
            sources=case.outcome.sources,
        ),
        chances,
    ), {name: found for name, (found, _) in over.items() if name}


def _chances(
    translation: Translation,
    deal: Agreement,
    plan: Sequence[Stage],
    theta: Floats,
    noise: Mapping[str, LogitNoise],
    lasts: int,
    threads: int | None,
) -> dict[str, tuple[dict[str, Floats], Floats]]:
    """By setting of the noise: the chance of each event in every draw, and who keeps the plan.

    A plan of more than ten years counts as carried through when nothing has ended it by then.
    """
    parts: dict[str, list[tuple[Floats, Floats, Floats]]] = {name: [] for name in noise}
    for first in range(0, len(theta), CHUNK):
        part = theta[first : first + CHUNK]
        table = WarTable(bind_war(translation, part), tolerance=TOLERANCE, threads=threads)
        states = plan_states(bare_game(table, deal), plan)
        game, drawn = package_chance_draws(table, part, deal, states)
        for name, setting in noise.items():
            found = chance_over_draws(game, drawn, plan, noise=setting, threads=threads)
            held = found.held_from_signature
            carried = found.reached[:, -1] if lasts <= HORIZON else held
            parts[name].append((carried, held, found.self_enforcing.astype(float)))
    consent = np.ones(len(theta))
    asked = np.flatnonzero(translation.audiences.step < 0).tolist()
    for gate in asked:
        consent *= gate_chance(translation, deal, theta[:, np.newaxis], gate)[:, 0]
    result = {}
    for name, chunks in parts.items():
        carried, held, enforcing = (np.concatenate(one) for one in zip(*chunks, strict=True))
        chances = {CARRIED: carried, HELD: held}
        result[name] = ({RATIFIED: consent, **chances} if asked else chances, enforcing)
    return result


def _events(outcome: Outcome, chances: Mapping[str, Floats]) -> list[Forecast]:
    happened = {RATIFIED: outcome.ratified, CARRIED: outcome.carried_through, HELD: outcome.held}
    found = []
    for event, chance in chances.items():
        what = happened[event]
        if what is None:
            continue
        low, high = np.percentile(chance, [5.0, 95.0])
        found.append(Forecast(event, float(chance.mean()), float(low), float(high), what))
    return found


def _likeliest_before_completion(found: ChanceEvaluation) -> tuple[tuple[str, ...], float]:
    """Steps of the stage at which the plan most likely ends, with that probability."""
    ends = found.broken[:-1].sum(axis=1) + found.failed
    if not len(ends) or ends.max() <= 0.0:
        return (), 0.0
    return found.order[int(ends.argmax())], float(ends.max())


def _guarantee_first(case: PastCase) -> bool:
    """Whether a guarantee enters into force before anything that moves land or strength."""
    steps = case.scenario.steps
    for stage in case.agreed.stages:
        if any(steps[name].brings for name in stage.steps):
            return True
        if any(steps[name].moves or steps[name].sets for name in stage.steps):
            return False
    return False


# ---------------------------------------------------------------- all of them


def _happened(forecast: CaseForecast) -> dict[str, bool]:
    return {one.event: one.happened for one in forecast.forecasts}


def _scores(drawn: Sequence[_Drawn]) -> list[Score]:
    """Scores of the tool and of the naive forecasters, event by event and for all events."""
    ours: dict[str, list[tuple[Floats, bool]]] = {}
    naive: dict[str, list[tuple[str, Floats, list[bool]]]] = {}
    for event in (RATIFIED, CARRIED, HELD):
        asked = [one for one in drawn if one.forecast.forecast(event)]
        if not asked:
            continue
        happened = [_happened(one.forecast)[event] for one in asked]
        first = [one.forecast.guarantee_first for one in asked]
        ours[event] = [
            (one.chances[event], what) for one, what in zip(asked, happened, strict=True)
        ]
        naive[event] = [
            ("one half", np.full(len(asked), 0.5), happened),
            ("base rate", base_rate(happened), happened),
            ("guarantee first", like_cases(happened, first), happened),
        ]
    scores = []
    for event in (*ours, "all"):
        chosen = list(ours) if event == "all" else [event]
        pairs = [pair for one in chosen for pair in ours[one]]
        scores.append(_score(event, "servanda", [p for p, _ in pairs], [y for _, y in pairs]))
        for number, (name, _, _) in enumerate(naive[chosen[0]]):
            p = np.concatenate([naive[one][number][1] for one in chosen])
            y = [what for one in chosen for what in naive[one][number][2]]
            scores.append(_score(event, name, [np.full(1, one) for one in p], y))
    return scores


def _score(event: str, name: str, chances: Sequence[Floats], happened: Sequence[bool]) -> Score:
    mean = np.array([one.mean() for one in chances])
    in_draws = brier(np.stack(chances, axis=-1), happened).mean(axis=-1)
    low, high = np.percentile(in_draws, [5.0, 95.0])
    return Score(
        event=event,
        forecaster=name,
        cases=len(happened),
        brier=float(brier(mean, happened).mean()),
        log=float(log_score(mean, happened).mean()),
        brier_low=float(low),
        brier_high=float(high),
    )


def _mean_brier(
    chances: Sequence[Mapping[str, Floats]], happened: Sequence[Mapping[str, bool]]
) -> float:
    pairs = [
        (float(found[event].mean()), what)
        for found, asked in zip(chances, happened, strict=True)
        for event, what in asked.items()
    ]
    return float(brier(np.array([p for p, _ in pairs]), [y for _, y in pairs]).mean())
