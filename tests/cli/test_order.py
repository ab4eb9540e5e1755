"""`servanda order`: orders side by side, one in full, plans read and written, files for others."""

import json
from pathlib import Path

import pytest

from scenario_files import TEXT, edited, write
from servanda import workbench
from servanda.brief.order_charts import charts_of_order
from servanda.cli.main import run
from twins.extensive_by_text import read as read_efg
from twins.extensive_by_text import solve

NAME = "two-step-territory-and-guarantee"
ASKED = ["order", NAME, "--package", "3", "--draws", "40", "--quiet"]


@pytest.fixture(scope="module")
def answer():
    return workbench.order(workbench.read(NAME), name=NAME, package="3", draws=40)


def test_orders_side_by_side_and_the_best_in_full(capsys) -> None:
    assert run(ASKED) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "Deal 3 (asked for as 3): handed over and treaty." in out
    for line in ("territory-first   Territory first      −3.6", "No order does better."):
        assert line in out
    assert "both-at-once      The same order as best." in out
    assert "1     Hand over + Guarantee" in out
    assert "How credible each guarantee is" in out
    assert "The smallest repairs" not in out  # the best order is kept


def test_a_broken_order_says_where_it_breaks_and_what_would_mend_it(capsys) -> None:
    assert run([*ASKED, "--compare", "territory-first,best"]) == 0
    out = capsys.readouterr().out
    assert "guarantee-first" not in out.split("Territory first, stage by stage")[0]
    assert "First breach. At month 2 Revisionist would gain 3.64 points" in out
    assert "reorder" in out
    assert "Most robust of 2 plans is best" in out


def test_json_holds_everything(answer, capsys) -> None:
    assert run([*ASKED, "--json", "--also", "beliefs,tranches"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["chosen"] == "best"
    assert [one["id"] for one in said["orders"]] == [one.id for one in answer.orders]
    assert len(said["draws"]["best"]) == 40
    assert said["orders"][0]["plan"]["constraints"]
    assert said["lattice"]["orders"] == 3
    assert said["depth"]["beliefs"]["own"] == 1.0
    assert said["depth"]["tranches"]["reason"]


def test_a_plan_that_is_saved_is_the_same_plan_when_it_is_read(tmp_path: Path, capsys) -> None:
    saved = tmp_path / "plan.yaml"
    assert run([*ASKED, "--compare", "guarantee-first", "--save-plan", str(saved)]) == 0
    capsys.readouterr()
    asked = ["order", NAME, "--plan", str(saved), "--draws", "40", "--json"]
    assert run(asked) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["chosen"] == "plan-1"
    assert said["reason"] == "the package of the plan"
    first, given = (one for one in said["orders"] if one["id"] in {"guarantee-first", "plan-1"})
    assert given["name"] == "Guarantee first"
    assert given["plan"] == first["plan"]
    assert given["margin"] == first["margin"]
    assert run(["check", str(saved)]) == 0
    assert "No complaints" in capsys.readouterr().out


def test_files_for_other_programs(tmp_path: Path, answer, capsys) -> None:
    files = [tmp_path / name for name in ("game.efg", "map.csv", "map.ics")]
    exports = [part for file in files for part in ("--export", str(file))]
    assert run(["order", NAME, "--package", "3", "--draws", "40", *exports]) == 0
    err = capsys.readouterr().err
    assert "days count from 1 January 2006, the scenario's; --from says another" in err
    tree = read_efg(files[0].read_text())
    payoffs, kept = solve(tree.root)
    plan = answer.order.plan
    assert kept
    assert payoffs == pytest.approx(plan.values[0].tolist(), abs=1e-6)
    assert tree.players == ["holder", "revisionist", "guarantor"]
    assert "Hand over,Holder,yes,0,2,,," in files[1].read_text()
    assert b"DTSTART;VALUE=DATE:20060101" in files[2].read_bytes()
    again = tmp_path / "again.csv"
    assert run([*ASKED, "--export", str(again), "--from", "2026-03-01"]) == 0
    assert "2026-03-01,2026-05-01" in again.read_text()


@pytest.mark.parametrize("ending", ["svg", "png", "html"])
def test_charts_are_written(ending: str, tmp_path: Path, capsys) -> None:
    folder = tmp_path / "charts"
    assert run([*ASKED, "--charts", str(folder), "--format", ending]) == 0
    assert {path.name for path in folder.iterdir()} == {
        f"{NAME}-{chart}.{ending}"
        for chart in ("roadmap", "stages", "orders", "draws", "window-treaty", "lattice")
    }


def test_every_chart_says_what_it_shows(answer) -> None:
    charts = charts_of_order(answer, workbench.read(NAME))
    for name, chart in charts.items():
        spec = chart.to_dict()
        assert spec["width"] == "container", name
        assert len(spec["description"]) > 40
        assert "http" not in json.dumps(spec["layer"], allow_nan=False)
    said = charts["lattice"].to_dict()["description"]
    assert "4 sets of completed steps, 5 stages between them, 3 orders" in said
    assert "Guarantee in force after Hand over: −3.6" in said
    assert "Best order found, Both at once: kept in" in charts["draws"].to_dict()["description"]


@pytest.mark.parametrize(
    ("package", "options"),
    [
        ("status-quo,land=handed-over", ("handed-over", "none")),
        ("land=handed-over, guarantee=treaty", ("handed-over", "treaty")),
        ("3,guarantee=none", ("handed-over", "none")),
        ("nash", ("handed-over", "treaty")),
    ],
)
def test_a_deal_is_named_in_many_ways(package: str, options: tuple[str, str]) -> None:
    found = workbench.order(workbench.read(NAME), package=package, draws=5)
    assert tuple(found.deal.deal.options.values()) == options


def test_a_deal_without_steps_is_an_answer(capsys) -> None:
    assert run(["order", NAME, "--package", "status-quo", "--draws", "5", "--quiet"]) == 0
    out = capsys.readouterr().out
    assert "This deal has no steps to put in an order." in out
    assert run(["order", NAME, "--package", "0", "--draws", "5", "--export", "x.efg"]) == 2
    assert "nothing to export" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--package", "4"], "no deal '4'. Known: 0 to 3."),
        (["--package", "best"], "no deal 'best'"),
        (["--package", "land=handed-over"], "says nothing on 'guarantee'; 'status-quo,' in front"),
        (["--package", "3,lnad=x,guarantee"], "no issue 'lnad'. Did you mean 'land'?"),
        (["--package", "3", "--compare", "bset"], "no order 'bset'. Did you mean 'best'?"),
        (["--package", "3", "--also", "belief"], "no question 'belief'"),
        (["--plan", "none.yaml"], "no file 'none.yaml'"),
        (["--export", "plan.pdf"], "does not end in .efg, .csv, .ics"),
        (["--from", "tomorrow"], "is not a day"),
        (["--charts", "/no/such/folder"], "there is no folder"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: list[str], words: str, capsys) -> None:
    assert run(["order", NAME, "--quiet", "--draws", "5", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_plans_for_different_packages_are_not_compared(tmp_path: Path, capsys) -> None:
    text = "servanda-plan: 1\npackage: {land: handed-over, guarantee: %s}\nstages: [%s]\n"
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.write_text(text % ("treaty", "guarantee-in-force, hand-over"))
    other.write_text(text % ("none", "hand-over"))
    assert run(["order", NAME, "--plan", str(one), "--plan", str(other), "--quiet"]) == 2
    assert "this plan is for another package: it differs in guarantee" in capsys.readouterr().err


def test_a_scenario_without_a_war_or_without_steps_is_refused_in_words(
    tmp_path: Path, capsys
) -> None:
    pie = workbench.read("fearon-1995-pie")
    with pytest.raises(Exception, match="nothing that could be kept, or put in an order"):
        workbench.order(pie.model_copy(update={"steps": {}, "orders": {}}))
    without = pie.model_copy(update={"war": None, "steps": {}})
    with pytest.raises(Exception, match="war: 'Bargaining over a pie' has none"):
        workbench.order(without)


def test_it_works_for_the_template_too(tmp_path: Path, capsys) -> None:
    path = write(tmp_path, edited(text=TEXT))
    assert run(["order", path, "--draws", "20", "--quiet"]) == 0
    assert "stage by stage" in capsys.readouterr().out


def test_same_seed_same_answer_whatever_the_threads(answer) -> None:
    again = workbench.order(workbench.read(NAME), name=NAME, package="3", draws=40, threads=1)
    assert json.dumps(again.to_dict()) == json.dumps(answer.to_dict())
