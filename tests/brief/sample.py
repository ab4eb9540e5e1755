"""A small made-up scenario and a made-up analysis of it: what a brief is developed against.

Nothing here is computed; the numbers only have to fit each other. With ``hostile=True`` the names
try to break out of the page.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from servanda.results.analysis import (
    Analysis,
    Assumption,
    Band,
    BrokenConstraint,
    Credibility,
    DealView,
    GateShare,
    Likelihood,
    OrderView,
    Origin,
    ParcelChange,
    Reservation,
    Solution,
    WarView,
    Window,
)
from servanda.results.likelihood import likelihood_word
from servanda.results.packages import (
    Deal,
    Funnel,
    FunnelStatus,
    GateCount,
    NearDeal,
    Settlement,
    SettlementStatus,
)
from servanda.results.plan import (
    BreachKind,
    Constraint,
    ConstraintMargin,
    PlanEvaluation,
    StageEvaluation,
)
from servanda.results.war import WarOutlook
from servanda.scenario.model import Scenario

SCRIPT = "<script>alert(1)</script>"
BREAK_OUT = "</script><img src=x onerror=alert(2)>"
LONG = "Ѓорноречје-Überwälder Confédération ناحية\u202e of the Seven Long-Named Valleys & “Quotes”"
ACTORS = ("uplands", "rivers", "broker", "league")

PLACES: dict[str, tuple[str, float, float, float, int]] = {
    "ridge": ("Ridge", 48.87, 37.58, 313, 5),
    "gate": ("Gate / Old Bridge", 48.73, 37.58, 311, 5),
    "mill": ("Mill", 48.62, 37.53, 221, 4),
    "ford": ("Ford", 48.51, 37.69, 301, 3),
    "weir": ("Weir", 48.83, 37.83, 378, 0),
    "marsh": ("Marsh", 49.00, 37.80, 312, 2),
    "hill": ("Long Hill and its Terraces", 48.63, 37.85, 379, 1),
    "plain": ("Plain", 48.39, 37.83, 463, 0),
}
HELD = {"ridge": "uplands", "gate": "uplands", "mill": "uplands", "ford": "uplands"}
TIES = {
    "ridge": ["gate", "weir", "marsh"],
    "gate": ["mill", "weir", "hill"],
    "mill": ["ford", "hill"],
    "ford": ["hill", "plain"],
    "weir": ["marsh", "hill"],
    "hill": ["plain"],
}


def sample_scenario(*, hostile: bool = False) -> Scenario:
    """Two belligerents, a mediator, a guarantor, eight parcels and two far away."""
    parcels: dict[str, Any] = {
        key: {
            "name": name,
            "held-by": HELD.get(key, "demilitarised" if key == "weir" else "rivers"),
            "fortification": fortification,
            "worth": {"uplands": 2, "rivers": 2},
            "at": [latitude, longitude],
            "area": area,
            "neighbours": TIES.get(key, []),
        }
        for key, (name, latitude, longitude, area, fortification) in PLACES.items()
    }
    parcels["coast"] = {
        "name": "Coast",
        "held-by": "rivers",
        "at": [46.5, 33.75],
        "area": 18839,
        "background": True,
    }
    parcels["isle"] = {"name": "Isle", "held-by": "uplands", "at": [47.5, 34.6], "area": 64}
    raw: dict[str, Any] = {
        "title": SCRIPT if hostile else "Land and a guarantee",
        "as-of": "2026-02-18",
        "summary": "Two sides fight over a belt of towns; a league may guarantee a peace.",
        "actors": {
            "uplands": {
                "name": LONG if hostile else "Uplands",
                "short": "UP",
                "role": "belligerent",
                "side": "a",
                "discount": "5%/year",
            },
            "rivers": {
                "name": SCRIPT if hostile else "Riverlands",
                "short": "RI",
                "role": "belligerent",
                "side": "b",
                "discount": "5%/year",
            },
            "broker": {"name": "Broker", "role": "mediator", "discount": "5%/year", "signs": False},
            "league": {"name": "League", "role": "guarantor", "discount": "5%/year"},
        },
        "sources": {
            "survey": {
                "title": BREAK_OUT if hostile else "A survey of fronts",
                "publisher": "Institute of Lines",
                "date": "2026-01-15",
                "url": "javascript:alert(3)" if hostile else "https://example.org/survey",
                "kind": "research",
                "certainty": "medium",
            },
            "speech": {
                "title": "Speech of the head of the delegation",
                "publisher": "Riverlands press service",
                "date": "2026-02-17",
                "kind": "party",
                "certainty": "high",
            },
        },
        "audiences": {
            "assembly": {
                "name": "Assembly of the Uplands",
                "of": "uplands",
                "threshold": 0.5,
                "noise": 0.05,
            }
        },
        "parcels": parcels,
        "fronts": {
            "axis": {
                "name": "Main axis",
                "parcels": ["ridge", "gate", "mill", "ford", "weir", "marsh", "hill", "plain"],
                "tempo": 0.2,
            }
        },
        "issues": {
            "land": {
                "question": "Who holds the belt?",
                "track": "political",
                "weight": {"uplands": 0.6, "rivers": 0.7},
                "options": {
                    "line-as-it-is": {"status-quo": True},
                    "demilitarised": {"name": BREAK_OUT if hostile else "demilitarised zone"},
                    "handed-over": {},
                },
            },
            "guarantee": {
                "question": "What happens if war returns?",
                "track": "military",
                "weight": {"uplands": 0.4, "rivers": 0.3},
                "options": {"none": {"status-quo": True}, "treaty": {"name": "ratified treaty"}},
            },
        },
        "red-lines": {
            "no-gift": {
                "by": "uplands",
                "says": SCRIPT if hostile else "No land is handed over without a treaty",
                "never": ["land.handed-over"],
                "without": ["guarantee.treaty"],
                "holds": {"value": 0.8, "low": 0.6, "high": 0.9},
                "sources": ["speech"],
            },
            "land-first": {
                "by": "rivers",
                "says": "The fighting stops only after the withdrawal",
                "do": ["ceasefire"],
                "only-after": ["withdraw"],
                "holds": 0.6,
            },
        },
        "steps": {
            "ceasefire": {
                "name": "Ceasefire, monitors",
                "by": ["uplands", "rivers"],
                "serves": ["land.demilitarised"],
                "months": 1,
                "ceasefire": True,
                "tags": ["territory"],
            },
            "ratify": {
                "name": "Guarantee ratified",
                "by": ["league"],
                "serves": ["guarantee.treaty"],
                "months": 3,
                "brings": ["treaty"],
                "tags": ["guarantee"],
            },
            "withdraw": {
                "name": SCRIPT if hostile else "Withdrawal from the belt",
                "by": ["uplands"],
                "serves": ["land.demilitarised"],
                "months": 2,
                "moves": {"ford": "demilitarised", "mill": "demilitarised"},
                "tags": ["territory"],
            },
            "prisoners": {
                "by": ["uplands", "rivers"],
                "serves": ["land.demilitarised"],
                "months": 0,
            },
        },
        "orders": {
            "territory-first": {
                "name": "Territory first",
                "first": ["territory"],
                "then": ["guarantee"],
                "by": ["rivers"],
            },
            "guarantees-first": {
                "name": "Guarantees first",
                "first": ["guarantee"],
                "then": ["territory"],
                "by": ["uplands"],
            },
        },
        "guarantees": {
            "treaty": {
                "name": BREAK_OUT if hostile else "Treaty of the League",
                "by": "league",
                "protects": "uplands",
                "form": "treaty",
                "credibility": {
                    "value": 0.45,
                    "low": 0.2,
                    "high": 0.7,
                    "believed": {"rivers": 0.3},
                    "sources": ["survey"],
                },
            }
        },
        "war": {
            "strength": {"uplands": 1, "rivers": 1.2},
            "costs": {"uplands": 12, "rivers": 9},
            "exhaustion": {"uplands": "1%/month", "rivers": "0.8%/month"},
            "imposed": {
                "uplands": {"uplands": 10, "rivers": 70},
                "rivers": {"uplands": 70, "rivers": 10},
            },
        },
    }
    return Scenario.model_validate(raw)


def sample_analysis(scenario: Scenario) -> Analysis:
    """An analysis that found a deal which is unlikely to be kept."""
    deal = _deal(7, "demilitarised", "treaty", kept=True, margin=2.2)
    other = _deal(9, "handed-over", "treaty", kept=True, margin=0.4, shift=-2.0)
    best = _order(
        "best",
        "Best order found",
        (),
        [("ceasefire", "prisoners"), ("ratify",), ("withdraw",)],
        2.2,
        0.61,
        window=((0.41, 1.0),),
    )
    orders = (
        best,
        _order(
            "territory-first",
            scenario.orders["territory-first"].name,
            ("rivers",),
            [("ceasefire", "withdraw"), ("ratify",)],
            -3.4,
            0.0,
            window=(),
            breaks=("no-gift",),
        ),
        _order(
            "guarantees-first",
            scenario.orders["guarantees-first"].name,
            ("uplands",),
            [("ratify",), ("ceasefire", "withdraw")],
            0.3,
            0.44,
            window=((0.44, 0.9),),
            breaks=("land-first",),
        ),
        OrderView(
            id="both-at-once",
            name="Both at once, verified",
            asked_by=(),
            plan=None,
            reason="No exchange in the scenario joins these steps.",
            status="",
            bound=float("nan"),
            self_enforcing=0.0,
            breaks_red_lines=(),
            margin=None,
            broken=(),
            windows=(),
        ),
    )
    gains = {"uplands": 6.0, "rivers": 12.4, "league": -0.3}
    focus = DealView(
        deal=deal,
        gains={actor: Band(gain, gain - 6, gain + 0.5, gain + 7) for actor, gain in gains.items()},
        acceptable=0.38,
        kept=0.61,
        both=0.24,
    )
    return Analysis(
        origin=Origin(
            title=scenario.title,
            as_of=scenario.as_of.isoformat(),
            digest="3f9ac21b",
            version="0.1.0",
            seed=1,
            draws=500,
            variant="",
            changes=("guarantees.treaty.credibility=0.45",),
        ),
        likelihood=Likelihood(
            0.24,
            0.21,
            0.27,
            likelihood_word(0.24),
            "moderate",
            "Most numbers about the front have a source; beliefs about stamina are judgement.",
        ),
        caveats=(
            "Positions are those stated in public.",
            "Land is worth the same to an actor in war and in peace.",
            "The front is one line of eight parcels.",
            "A fourth limit, for further down.",
        ),
        war=tuple(
            WarView(believer, _outlook(*rates))
            for believer, rates in (
                ("", (0.012, 0.010)),
                ("uplands", (0.008, 0.016)),
                ("rivers", (0.020, 0.006)),
            )
        ),
        reservations=tuple(
            Reservation(
                actor,
                40.0 + n,
                Band(30.0 + n, 22.0, 30.5, 39.0),
                Band(24.0, 18.0, 25.0, 33.0) if actor == "uplands" else None,
                ("aid",) if actor == "uplands" else (),
            )
            for n, actor in enumerate(ACTORS)
        ),
        funnel=_funnel(deal, other),
        gates=(
            GateShare("red-lines", "red lines", Band(10_204, 6_000, 10_300, 22_000), 0.0),
            GateShare(
                "individual-rationality", "better than no deal", Band(1_911, 0, 1_700, 4_100), 0.12
            ),
            GateShare("ratification", "leaders would sign", Band(402, 0, 300, 1_200), 0.31),
        ),
        focus=focus,
        focus_reason="It passes every gate at the central values and is kept in most draws.",
        deals=(replace(focus, deal=other, acceptable=0.2, kept=0.3, both=0.08),),
        solutions=(
            _solution("nash", deal),
            _solution("kalai-smorodinsky", other),
            _solution("egalitarian", None),
        ),
        orders=orders,
        credibilities=(Credibility("treaty", Band(0.45, 0.2, 0.45, 0.7), {"rivers": 0.3}, 0.41),),
        land=tuple(
            ParcelChange(
                key,
                parcel.held_by,
                "demilitarised" if key in {"ford", "mill"} else parcel.held_by,
            )
            for key, parcel in scenario.parcels.items()
        ),
        assumptions=_assumptions(),
        candidates=12,
    )


def no_deal_sample(scenario: Scenario) -> Analysis:
    """An analysis that found nothing: no package is acceptable, and no order exists."""
    full = sample_analysis(scenario)
    near = NearDeal(full.focus.deal, (scenario.red_lines["no-gift"].says,), {"rivers": 4.2})
    funnel = replace(
        full.funnel,
        status=FunnelStatus.NONE_ACCEPTABLE,
        gates=tuple(
            replace(gate, remaining=0 if gate.gate != "red-lines" else 40)
            for gate in full.funnel.gates[:3]
        ),
        survivors=np.empty(0, dtype=np.int64),
        tested=(),
        efficient=(),
        shared=(),
        nearest=(near,),
        kills_most_alone="individual-rationality",
    )
    return replace(
        full,
        likelihood=replace(
            full.likelihood, probability=0.0, low=0.0, high=0.006, word=likelihood_word(0.0)
        ),
        caveats=(),
        war=(),
        reservations=(),
        funnel=funnel,
        gates=tuple(
            replace(gate, remaining=Band(0, 0, 0, 0), empty=1.0 if number else 0.0)
            for number, gate in enumerate(full.gates)
        ),
        focus=replace(full.focus, gains={}, acceptable=0.0, kept=0.0, both=0.0),
        focus_reason="",
        deals=(),
        solutions=(),
        orders=(),
        credibilities=(replace(full.credibilities[0], needed=None),),
        land=(),
        assumptions=(),
        candidates=0,
    )


def _deal(
    index: int, land: str, guarantee: str, *, kept: bool, margin: float, shift: float = 0.0
) -> Deal:
    gains = {"uplands": 6.0 + shift, "rivers": 12.4 - shift, "league": -0.3}
    return Deal(
        index=index,
        options={"land": land, "guarantee": guarantee},
        values={actor: 30.0 + gain for actor, gain in gains.items()},
        gains=gains,
        support={"assembly": 0.56},
        pass_probability={"assembly": 0.88},
        signing_slack={"uplands": 2.0, "rivers": 5.0},
        margin=margin,
        values_at_start={actor: 29.0 + gain for actor, gain in gains.items()},
        kept=kept,
    )


def _order(
    identifier: str,
    name: str,
    asked_by: tuple[str, ...],
    stages: list[tuple[str, ...]],
    margin: float,
    share: float,
    *,
    window: tuple[tuple[float, float], ...],
    breaks: tuple[str, ...] = (),
) -> OrderView:
    lengths = {"ceasefire": 1, "ratify": 3, "withdraw": 2, "prisoners": 0}
    owners = {
        "ceasefire": ("uplands", "rivers"),
        "prisoners": ("uplands", "rivers"),
        "ratify": ("league",),
        "withdraw": ("uplands",),
    }
    built, start = [], 0
    for number, steps in enumerate(stages):
        months = max(lengths[step] for step in steps)
        built.append(
            StageEvaluation(
                steps=steps,
                verified=len(steps) > 1,
                start_month=start,
                months=months,
                clock=float(start),
                owners=tuple(dict.fromkeys(one for step in steps for one in owners[step])),
                smallest_margins={
                    "uplands": margin + 4 - number,
                    "rivers": margin + (0 if number == 1 else 3 + number),
                    "broker": None,
                    "league": margin + 6,
                },
            )
        )
        start += months
    weakest = ConstraintMargin(
        Constraint(1, 1, 2, 2.0, "rivers", BreachKind.ATTACK, ""), 30.0 + margin, 30.0, margin
    )
    ending = ConstraintMargin(
        Constraint(len(stages), 0, 0, 24.0, "uplands", BreachKind.END_UNDO, "withdraw"),
        38.0,
        30.0,
        8.0,
    )
    plan = PlanEvaluation(
        actors=ACTORS,
        stages=tuple(built),
        end_margins={"uplands": 8.0, "rivers": 6.0, "broker": None, "league": None},
        values=np.zeros((len(stages) + 1, len(ACTORS))),
        constraints=(weakest, ending),
        weakest=0,
        margin=margin,
        months=start,
        self_enforcing=margin >= 0,
    )
    return OrderView(
        id=identifier,
        name=name,
        asked_by=asked_by,
        plan=plan,
        reason="",
        status="exact",
        bound=margin,
        self_enforcing=share,
        breaks_red_lines=breaks,
        margin=Band(margin, margin - 4, margin - 0.3, margin + 5),
        broken=(BrokenConstraint(weakest, 0.34), BrokenConstraint(ending, 0.05)),
        windows=(Window("treaty", window, "rivers" if window else "", "uplands"),),
    )


def _outlook(a: float, b: float, months: int = 180, parcels: int = 8) -> WarOutlook:
    t = np.arange(months + 1)
    fighting = (1 - a - b) ** t
    over = 1 - fighting
    line = np.zeros((1, months + 1, parcels + 1))
    for month in t:
        middle = 4 - month * (a - b)
        weights = np.exp(-0.5 * ((np.arange(parcels + 1) - middle) / (0.2 + month**0.5 / 6)) ** 2)
        line[0, month] = weights / weights.sum()
    return WarOutlook(
        value=np.array([30.0 + 400 * (b - a), 31.0 + 400 * (a - b), 20.0, 25.0]),
        bound=1e-6,
        months=t,
        fighting=fighting,
        gives_way=np.stack([over * a / (a + b), over * b / (a + b)], axis=1),
        frozen=np.zeros(months + 1),
        line=line,
        line_unconditional=line,
        expected_months=1 / (a + b),
        expected_months_bound=0.0,
        ultimate_gives_way=np.array([a, b]) / (a + b),
        ultimate_frozen=0.0,
        ultimate_bound=0.0,
    )


def _funnel(deal: Deal, other: Deal) -> Funnel:
    def gate(name: str, label: str, left: int, first: int, alone: int) -> GateCount:
        return GateCount(name, label, "", left, first, alone, deal)

    def row(name: str, label: str, actor: str, first: int, alone: int) -> GateCount:
        return GateCount(name, label, actor, 1000, first, alone)

    ir, rat = "individual-rationality", "ratification"
    return Funnel(
        status=FunnelStatus.FOUND,
        actors=ACTORS,
        issues=("land", "guarantee"),
        space=93_312,
        packages=93_312,
        gates=(
            gate("red-lines", "red lines", 10_204, 83_108, 350),
            gate(ir, "better than no deal for all", 1_911, 8_293, 900),
            gate(rat, "leaders would sign", 402, 1_509, 20),
            gate("implementable", "kept in some order", 37, 365, 0),
            gate("efficient", "efficient", 9, 28, 0),
        ),
        red_lines=(
            row("red-lines", "no-gift", "uplands", 60_000, 350),
            row("red-lines", "land-first", "rivers", 23_108, 0),
        ),
        rationality=tuple(
            row(ir, actor, actor, n, n // 3)
            for actor, n in zip(ACTORS, (5_000, 3_200, 0, 93), strict=True)
        ),
        ratification=tuple(
            row(rat, actor, actor, n, n // 9)
            for actor, n in zip(ACTORS, (1_500, 9, 0, 0), strict=True)
        ),
        kills_most="red-lines",
        kills_most_alone="individual-rationality",
        survivors=np.arange(402),
        tested=(deal, other),
        untested=3,
        budget=40,
        efficient=(deal, other),
        shared=(1, 2),
        nearest=(),
        nearest_kept=None,
        tolerance=1e-9,
    )


def _solution(name: str, deal: Deal | None) -> Solution:
    status = SettlementStatus.SETTLED if deal else SettlementStatus.NO_GAIN
    values = np.array([36.0, 42.4, np.nan, 25.0]) if deal else np.empty(0)
    return Solution(
        name,
        Settlement(
            name,
            status,
            0 if deal else None,
            values,
            values - 30,
            np.array([1.0]),
            1,
            np.full(4, 30.0),
        ),
        deal,
    )


def _assumptions() -> tuple[Assumption, ...]:
    named = (
        Assumption(
            "guarantees.treaty.credibility",
            0.45,
            0.2,
            0.7,
            "a share between 0 and 1",
            {"rivers": 0.3},
            ("survey",),
            "",
            default=False,
            influence=0.31,
        ),
        Assumption(
            "war.exhaustion.rivers.now",
            0.008,
            0.004,
            0.012,
            "a probability a month",
            {"rivers": 0.003},
            (),
            "judgement",
            default=False,
            influence=0.22,
        ),
        Assumption(
            "war.costs.uplands.now",
            12.0,
            None,
            None,
            "value points",
            {},
            (),
            "",
            default=False,
            influence=0.0,
        ),
    )
    more = tuple(
        Assumption(
            f"parcels.{key}.worth.{actor}",
            2.0,
            1.0,
            3.0,
            "value points",
            {},
            ("survey", "speech"),
            "",
            default=False,
            influence=0.02,
        )
        for key in PLACES
        for actor in ("uplands", "rivers")
    )
    default = Assumption(
        "war.initiative", 0.5, None, None, "a share between 0 and 1", {}, (), "", True, 0.0
    )
    return (*named[:2], *more, named[2], default)
