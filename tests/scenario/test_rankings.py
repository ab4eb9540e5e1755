"""Rankings in a scenario: what may be said, what is complained about, what is answered."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scenario_files import write
from scenarios import build
from servanda import workbench
from servanda.cli.main import run
from servanda.files.write import plain_scenario
from servanda.problems.from_scenario import translate
from servanda.problems.package_binding import package_problem
from servanda.problems.parameters import central
from servanda.problems.ranked_binding import ranked_packages
from servanda.problems.ranked_packages import RankedProblem
from servanda.problems.weight_orders import WeightOrder
from servanda.results.ordinal import FromRankings
from servanda.scenario.build import build_scenario
from servanda.solvers.reservation import without_a_deal

RAW: dict[str, Any] = {
    "title": "Two neighbours and a well",
    "as-of": "2026-01-01",
    "actors": {
        "hill": {"name": "Hill", "role": "other", "discount": 0},
        "dale": {"name": "Dale", "role": "other", "discount": 0},
    },
    "issues": {
        "well": {
            "question": "Who draws first?",
            "track": "economic",
            "options": {"hill": {}, "turns": {}, "dale": {}},
        },
        "path": {
            "question": "Who mends the path?",
            "track": "economic",
            "options": {"hill": {}, "both": {}, "dale": {}},
        },
        "fence": {
            "question": "Where does the fence stand?",
            "track": "political",
            "options": {
                "moved": {"value": {"dale": 100}},
                "as-it-is": {"value": {"dale": 40}},
            },
        },
    },
    "rankings": {
        "hill": {
            "options": {
                "well": ["hill", "turns", "dale"],
                "path": ["dale", "both", "hill"],
                "fence": ["as-it-is", "moved"],
            },
            "importance": ["well", ["path", "fence"]],
            "refuses-below": {"well": "turns", "path": "both", "fence": "moved"},
        },
        "dale": {
            "options": {"well": ["dale", "turns", "hill"], "path": [["hill", "both"], "dale"]},
            "more-important": {"path": ["fence"]},
        },
    },
    "reservation": {"dale": 30},
}


def with_changes(**changes: Any) -> dict[str, Any]:
    """RAW with values put at paths whose dots are written as __ and hyphens as _."""
    raw = deepcopy(RAW)
    for path, value in changes.items():
        *parents, last = path.replace("__", ".").replace("_", "-").split(".")
        node = raw
        for key in parents:
            node = node.setdefault(key, {})
        if value is None:
            del node[last]
        else:
            node[last] = value
    return raw


def ranked(raw: dict[str, Any]) -> RankedProblem:
    scenario = build(raw)
    translation = translate(scenario)
    theta = central(translation.parameters)
    reservation = without_a_deal(translation, theta, threads=1)[0]
    problem = package_problem(translation, theta, reservation, [], [])
    return ranked_packages(scenario, translation, theta, problem)


def test_it_becomes_arrays() -> None:
    problem = ranked(RAW)
    assert problem.rank[0, 0].tolist() == [0, 1, 2]
    assert problem.rank[1, 1].tolist() == [0, 0, 1]
    assert problem.rank[1, 2, :2].tolist() == [-1, -1]
    assert problem.value[1, 2, :2].tolist() == [1.0, 0.4]
    assert problem.floor.tolist() == [[1, 1, 0], [-1, -1, -1]]
    hill, dale = problem.weights
    assert isinstance(hill, WeightOrder)
    assert isinstance(dale, WeightOrder)
    # Hill: the well alone, or all alike; Dale: nothing is known of the well's weight
    assert hill.corners.tolist() == [[1, 0, 0], pytest.approx([1 / 3] * 3)]
    assert dale.corners.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0.5, 0.5]]


def test_it_is_written_as_it_is_read() -> None:
    again = build(plain_scenario(build(RAW)))
    assert again == build(RAW)


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        ({"rankings__hil": {}}, "rankings.hil", "no actor 'hil'"),
        (
            {"rankings__hill__options__well": ["hill", "trns", "dale"]},
            "rankings.hill.options.well.1",
            "no option 'trns'",
        ),
        (
            {"rankings__hill__options__well": ["hill", "dale"]},
            "rankings.hill.options.well",
            "leaves out 'turns'",
        ),
        (
            {"rankings__hill__options__well": ["hill", ["turns", "hill"], "dale"]},
            "rankings.hill.options.well",
            "'hill' stands in it 2 times",
        ),
        ({"rankings__hill__options__moat": ["x"]}, "rankings.hill.options.moat", "no issue"),
        (
            {"rankings__hill__options__well": "hill"},
            "rankings.hill.options.well",
            "a list is expected",
        ),
        (
            {"issues__well__options__hill": {"value": {"hill": 3}}},
            "issues.well.options.hill.value.hill",
            "give one or other",
        ),
        ({"issues__well__weight": {"hill": 1}}, "issues.well.weight.hill", "give one or other"),
        (
            {"issues__path__weight": {"dale": 1}, "rankings__dale__more_important": None},
            "rankings.dale.options.well",
            "no weight",
        ),
        (
            {"rankings__hill__importance": ["wells"]},
            "rankings.hill.importance.0",
            "no issue 'wells'",
        ),
        (
            {"rankings__hill__options__path": None},
            "rankings.hill.importance",
            "nothing is said of how 'hill'",
        ),
        (
            {"rankings__hill__more_important": {"path": ["well"]}},
            "rankings.hill.more-important",
            "runs in a circle",
        ),
        (
            {"rankings__hill__more_important": {"path": ["fence"]}},
            "rankings.hill.more-important",
            "runs in a circle",
        ),
        (
            {"rankings__hill__more_important": {"path": ["fense"]}},
            "rankings.hill.more-important.path",
            "no issue 'fense'",
        ),
        (
            {"rankings__hill__refuses_below": {"well": "turns", "path": "both"}},
            "rankings.hill.refuses-below",
            "says nothing of 'fence'",
        ),
        (
            {"rankings__hill__refuses_below__well": "turn"},
            "rankings.hill.refuses-below.well",
            "no option 'turn'",
        ),
        ({"reservation__hill": 3}, "reservation.hill", "give one or other"),
        ({"rankings__hill__refuses_below": None}, "reservation", "says nothing of 'hill'"),
    ],
)
def test_what_does_not_hold_together(changes: dict[str, Any], path: str, words: str) -> None:
    found = [(one.path, one.rule) for one in build_scenario(with_changes(**changes))[1]]
    assert any(where == path and words in rule for where, rule in found), found


def test_terminal_says_what_can_be_concluded_and_what_not(tmp_path: Path, capsys) -> None:
    file = write(tmp_path, json.dumps(RAW), "well.yaml")
    assert run(["deals", file, "--quiet", "--draws", "60"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "From rankings alone: it can be concluded that of 18 packages" in out
    assert "these have no meaning without numbers" in out
    assert "60 consistent readings (seed 1)" in out
    assert "It is a reading and not data" in out
    assert run(["show", file, "--section", "rankings"]) == 0
    assert "well > path = fence" in capsys.readouterr().out
    assert run(["deals", "fearon-1995-pie", "--quiet"]) == 0
    assert "rankings" not in capsys.readouterr().out


def test_json_holds_the_same_and_depends_on_the_seed_alone(tmp_path: Path, capsys) -> None:
    file = write(tmp_path, json.dumps(RAW), "well.yaml")
    said = []
    for options in (["--threads", "1"], ["--threads", "2"], ["--seed", "2"]):
        assert run(["deals", file, "--quiet", "--json", "--draws", "60", *options]) == 0
        said.append(json.loads(capsys.readouterr().out))
    assert said[0] == said[1]
    found, other = said[0]["rankings"], said[2]["rankings"]
    assert found["efficient"] == other["efficient"]
    assert found["shares"] != other["shares"]
    assert found["cannot"]
    for one in found["shares"]:
        assert sum(one["chosen"].values()) + one["no_deal"] == pytest.approx(1.0)
    assert said[0]["origin"]["draws"] == 60
    assert {deal["efficient"] for deal in found["deals"]} <= {"certain", "open", "unsettled"}


def numbers_and_rankings() -> tuple[dict[str, Any], dict[str, Any]]:
    """A scenario in numbers, and one that says the same by rankings of two options each."""
    in_numbers = deepcopy(RAW)
    del in_numbers["rankings"], in_numbers["issues"]["path"]
    in_numbers["issues"]["well"]["options"] = {
        "hill": {"value": {"hill": 100, "dale": 0}},
        "dale": {"value": {"hill": 0, "dale": 100}},
    }
    in_numbers["issues"]["fence"]["options"] = {
        "moved": {"value": {"hill": 0, "dale": 100}},
        "as-it-is": {"value": {"hill": 100, "dale": 0}},
    }
    for issue, hill, dale in (("well", 0.7, 0.4), ("fence", 0.3, 0.6)):
        in_numbers["issues"][issue]["weight"] = {"hill": hill, "dale": dale}
    in_numbers["reservation"] = {"hill": 30, "dale": 30}
    in_order = deepcopy(in_numbers)
    for issue in in_order["issues"].values():
        for option in issue["options"].values():
            del option["value"]
    in_order["rankings"] = {
        "hill": {
            "options": {"well": ["hill", "dale"], "fence": ["as-it-is", "moved"]},
            "refuses-below": {"well": "dale", "fence": "as-it-is"},
        },
        "dale": {"options": {"well": ["dale", "hill"], "fence": ["moved", "as-it-is"]}},
    }
    del in_order["reservation"]["hill"]
    return in_numbers, in_order


def test_where_rankings_leave_nothing_open_the_answer_is_that_of_the_numbers() -> None:
    """With numbers for weights and two options an issue, an order says all."""
    first, second = (workbench.deals(build(raw), draws=20) for raw in numbers_and_rankings())
    known = second.rankings
    assert first.rankings is None
    assert known is not None
    assert second.funnel.survivors.tolist() == first.funnel.survivors.tolist()
    assert second.reservations == pytest.approx(first.reservations)
    for one, other in zip(first.solutions, second.solutions, strict=True):
        assert one.deal is not None
        assert other.deal is not None
        assert other.deal.index == one.deal.index
        assert other.deal.gains == pytest.approx(one.deal.gains)
        share = next(share for share in known.shares if share.name == one.name)
        assert share.chosen == {one.deal.index: 1.0}
    assert known.all_accept.open == known.efficient.open == 0
    assert known.all_accept.certain == len(first.funnel.survivors)
    assert known.fallback is not None


def test_fallback_bargaining_is_concluded_where_an_order_of_packages_follows() -> None:
    """One issue: the ranking of its options is that of the packages."""
    raw = deepcopy(RAW)
    del raw["issues"]["path"], raw["issues"]["fence"], raw["reservation"]
    raw["rankings"] = {
        "hill": {
            "options": {"well": ["hill", "turns", "dale"]},
            "refuses-below": {"well": "dale"},
        },
        "dale": {
            "options": {"well": ["dale", "turns", "hill"]},
            "refuses-below": {"well": "hill"},
        },
    }
    known = workbench.deals(build(raw), draws=20).rankings
    assert known is not None
    assert known.fallback == (1,)
    assert "leads to deal 1" in known.message
    assert known.efficient.certain == 3


def test_too_many_packages_are_not_compared_and_it_is_said(monkeypatch) -> None:
    from servanda.simulation import rankings

    monkeypatch.setattr(rankings, "MOST_PACKAGES", 3)
    known = workbench.deals(build(RAW), draws=5).rankings
    assert known is not None
    assert "more than 3 would have to be compared" in known.message
    assert known.deals == ()
    monkeypatch.setattr(rankings, "MOST_ENUMERATED", 3)
    known = workbench.deals(build(RAW), draws=5).rankings
    assert known is not None
    assert "too many to go through" in known.message
    assert known.shares == ()


def test_a_space_that_cannot_be_numbered_is_answered() -> None:
    raw = deepcopy(RAW)
    del raw["reservation"]
    raw["issues"] = {
        f"issue-{n}": {
            "question": "Which?",
            "track": "economic",
            "options": {"one": {}, "two": {}, "three": {}},
        }
        for n in range(45)
    }
    ranking = ["one", "two", "three"]
    for name in ("hill", "dale"):
        raw["rankings"][name] = {
            "options": dict.fromkeys(raw["issues"], ranking),
            "importance": list(raw["issues"]),
            "refuses-below": dict.fromkeys(raw["issues"], "two"),
        }
    found = workbench.deals(build(raw), draws=5)
    assert found.certified is not None
    assert found.rankings is not None
    assert f"{3**45:,} packages, which are too many" in found.rankings.message
    assert "Shares" not in found.rankings.message


def test_nothing_left_and_nobody_with_a_veto_are_answers() -> None:
    line = {
        "by": "hill",
        "says": "Nothing at all",
        "never": ["fence.moved"],
    }
    other = line | {"never": ["fence.as-it-is"]}
    known = workbench.deals(
        build(RAW | {"red-lines": {"one": line, "two": other}}), draws=5
    ).rankings
    assert known is not None
    assert known.compared == 0
    assert {share.no_deal for share in known.shares} == {1.0}
    actors = {name: one | {"signs": False} for name, one in RAW["actors"].items()}
    actors["guest"] = {"name": "Guest", "role": "mediator", "discount": 0}
    guest = workbench.deals(
        build(RAW | {"actors": actors, "reservation": {"guest": 0}}), draws=5
    ).rankings
    assert guest is not None
    assert guest.all_accept.certain == guest.compared == 18
    assert list(guest.acceptance) == ["guest"]


def test_ratification_is_asked_in_every_reading() -> None:
    """An audience that refuses what moves the fence, and a leader who pays for a lost vote."""
    audience = {
        "name": "Hill's farmers",
        "of": "hill",
        "noise": 0.02,
        "baseline": 4,
        "effects": {"fence.moved": {"value": -12}},
    }
    actors = RAW["actors"] | {"hill": RAW["actors"]["hill"] | {"failure-cost": 5}}
    free, bound = (
        workbench.deals(build(RAW | {"actors": actors, "audiences": who}), draws=60).rankings
        for who in ({}, {"farmers": audience})
    )
    assert free is not None
    assert bound is not None
    assert "only the shares ask" in bound.message
    assert free.acceptance == bound.acceptance

    def shares(found: FromRankings, fence: str) -> list[float]:
        return sorted(one.share_accepted for one in found.deals if one.options["fence"] == fence)

    assert max(shares(free, "moved")) > 0.5
    assert max(shares(bound, "moved")) == 0
    assert shares(bound, "as-it-is") == pytest.approx(shares(free, "as-it-is"))


def test_every_chart_says_that_it_is_of_one_reading() -> None:
    scenario = build(RAW)
    pages = workbench.deal_charts(workbench.deals(scenario, draws=5), scenario, "svg")
    assert len(pages) == 3
    assert all("One reading of the rankings" in page.decode() for page in pages.values())


def test_export_says_that_numbers_stand_for_rankings() -> None:
    for to in ("csv", "genius"):
        made = workbench.export_files(build(RAW), to=to, name="well")
        assert any("one reading and not data" in one for one in made.lost)
    table = workbench.export_files(build(RAW), to="csv", name="well").files["well.csv"].decode()
    values = np.array([row.split(",")[3:] for row in table.splitlines()[1:]], float)
    assert values.max() <= 100
    assert len(np.unique(values[:, 0])) > 5


@pytest.mark.parametrize("arity", [3, 4])
def test_links_of_any_arity_count_in_every_answer(arity: int, monkeypatch) -> None:
    """A link of all issues: it decides what is chosen, listed or built from parts."""
    from servanda.solvers import funnel

    issues = {
        f"issue-{n}": {
            "question": "Which?",
            "track": "economic",
            "weight": {"hill": 1 / arity, "dale": 1 / arity},
            "options": {
                "one": {"value": {"hill": 100, "dale": 0}},
                "two": {"value": {"hill": 0, "dale": 100}},
                "three": {"value": {"hill": 45, "dale": 45}},
            },
        }
        for n in range(arity)
    }
    raw = deepcopy(RAW) | {
        "issues": issues,
        "rankings": {},
        "reservation": {"hill": 40, "dale": 40},
        "links": {
            "all": {
                "options": [f"issue-{n}.three" for n in range(arity)],
                "value": {"hill": 30, "dale": 30},
            }
        },
    }
    wanted = dict.fromkeys(issues, "three")
    found = workbench.deals(build(raw))
    monkeypatch.setattr(funnel, "ENUMERATION_LIMIT", 5)
    built = workbench.deals(build(raw))
    assert built.certified is not None
    for answer in (found, built):
        for one in answer.solutions:
            assert one.deal is not None
            assert one.deal.options == wanted
            assert one.deal.values == pytest.approx({"hill": 75, "dale": 75})
    # and with rankings beside it
    for n in range(arity):
        for option in raw["issues"][f"issue-{n}"]["options"].values():
            del option["value"]["hill"]
    raw["rankings"] = {
        "hill": {"options": {name: ["one", "three", "two"] for name in issues}},
    }
    monkeypatch.undo()
    known = workbench.deals(build(raw), draws=100).rankings
    assert known is not None
    best = next(share for share in known.shares if share.name == "nash")
    last = sum(2 * 3**n for n in range(arity))  # the third option of every issue
    assert max(best.chosen, key=lambda deal: best.chosen[deal]) == last
