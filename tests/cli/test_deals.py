"""`servanda deals`: gates, solutions, overlap and obstacles on stdout, charts in a folder."""

import json
from pathlib import Path

import pytest

from large_scenarios import large_raw, write_large
from scenario_files import TEXT, edited, write
from servanda import workbench
from servanda.cli.main import run


def test_what_passes_and_what_each_solution_would_choose(capsys) -> None:
    assert run(["deals", "fearon-1995-pie", "--quiet"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "At least one package passes every gate." in out
    assert "nash                   7     +20.0     +15.0" in out
    assert "share-40 (1), share-50 (1), share-60 (1)" in out
    assert "Smallest sets of gates" not in out


def test_when_nothing_passes_what_stands_in_the_way_and_what_closes_the_gap(capsys) -> None:
    asked = ["deals", "fearon-1995-pie", "--variant", "optimism", "--quiet"]
    assert run([*asked, "--fund", "aid=5:state-a", "--fund", "frozen assets=100"]) == 0
    out, _ = capsys.readouterr()
    assert "No package passes red lines, rationality and ratification." in out
    assert "state-b would rather have no deal       4" in out
    assert "state-a would rather have no deal; state-b would rather have no deal" in out
    assert "Smallest payment" in out
    assert run(asked) == 0
    assert "Smallest payment" not in capsys.readouterr().out  # neither can pay the other


def test_json_says_the_same(capsys) -> None:
    assert run(["deals", "fearon-1995-pie", "--json", "--quiet"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["funnel"]["status"] == "found"
    assert said["win_sets"]["all_accept"] == 4
    assert said["obstacles"]["status"] == "none"
    assert said["certified"] is None
    assert {one["deal"]["options"]["pie"] for one in said["solutions"]} == {"share-60"}
    assert said["reservations"] == pytest.approx({"state-a": 40, "state-b": 25}, abs=0.1)


@pytest.mark.parametrize("ending", ["svg", "png", "html"])
def test_charts_are_files_that_need_nothing_else(ending: str, tmp_path: Path, capsys) -> None:
    folder = tmp_path / "charts"  # not there yet
    asked = ["deals", "fearon-1995-pie", "--charts", str(folder), "--format", ending]
    assert run(asked) == 0
    names = {path.name for path in folder.iterdir()}
    assert names == {
        f"fearon-1995-pie-{chart}.{ending}" for chart in ("funnel", "frontier", "solutions")
    }
    assert capsys.readouterr().err.count("chart: ") == 3
    content = (folder / f"fearon-1995-pie-frontier.{ending}").read_bytes()
    if ending == "png":
        assert content.startswith(b"\x89PNG")
        return
    text = content.decode("utf-8")
    assert "font-family:Inter" in text
    assert "State A" in text
    assert not [
        one for one in ("src=", 'href="http', "@import") if one in text.split("<script>")[0]
    ]


def test_a_title_cannot_end_the_page(tmp_path: Path) -> None:
    path = write(tmp_path, edited(('"Talks in the uplands"', '"</script><b>x"'), text=TEXT))
    read = workbench.read(path)
    found = workbench.deals(read)
    pages = workbench.deal_charts(found, read, "html")
    assert pages
    for page in pages.values():
        text = page.decode("utf-8")
        assert "<b>x" not in text
        assert text.count("</script>") == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--fund", "aid"], "is not NAME=POINTS"),
        (["--fund", "aid=-3"], "is not NAME=POINTS"),
        (["--fund", "aid=3:state-c"], "no actor 'state-c'"),
        (["--format", "pdf"], "'pdf' is not one of"),
        (["--charts", "/no/such/folder"], "there is no folder"),
        (["--threads", "0"], "'0' is not from 1"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: list[str], words: str, capsys) -> None:
    assert run(["deals", "fearon-1995-pie", "--quiet", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_a_space_too_large_to_enumerate_is_certified(tmp_path: Path, capsys, monkeypatch) -> None:
    from servanda.solvers import funnel, part_sums

    monkeypatch.setattr(funnel, "ENUMERATION_LIMIT", 5)
    monkeypatch.setattr(part_sums, "MOST_SUMS", 4)
    assert run(["deals", "two-step-territory-and-guarantee", "--quiet", "--json"]) == 0
    small = json.loads(capsys.readouterr().out)
    assert small["certified"] is None
    assert run(["deals", "fearon-1995-pie", "--quiet"]) == 0
    out = capsys.readouterr().out
    assert "undominated points of 12 packages" in out
    assert "nash" in out
    assert run(["deals", "fearon-1995-pie", "--quiet", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["win_sets"] is None
    assert said["certified"]["exact"]
    chosen = {one["name"]: one["deal"]["options"]["pie"] for one in said["solutions"]}
    assert chosen["nash"] == chosen["egalitarian"] == "share-60"


def test_a_space_that_nobody_can_enumerate_and_no_deal_in_it(tmp_path: Path, capsys) -> None:
    """Forty matters of five answers, three parties, red lines; each holds out for 75 points."""
    file = write_large(tmp_path, n_issues=40, n_options=5, without=75.0)
    assert run(["deals", file, "--quiet", "--fund", "aid=50"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "no package of 9.09e+27 gives anybody more than" in out
    assert "No package passes; these are the smallest sets of gates" in out.replace("\n", " ")
    assert "dale would rather have no deal" in out
    assert "in all, on deal #" in out
    assert "issue-39" in out  # what a deal says, since its number says nothing


def test_more_gates_than_can_be_counted_are_asked_all_the_same(tmp_path: Path, capsys) -> None:
    """Few packages, and 64 red lines besides what three actors want and would sign."""
    raw = large_raw(n_issues=8, n_options=2)
    line = raw["red-lines"]["line-0"]
    raw["red-lines"] = {f"line-{n}": line | {"says": f"Never, and {n}."} for n in range(64)}
    assert run(["deals", write(tmp_path, json.dumps(raw)), "--quiet", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["win_sets"] is None
    assert said["obstacles"]["status"] in {"none", "blocked"}


def test_a_scenario_without_a_war_asks_no_order() -> None:
    pie = workbench.read("fearon-1995-pie")
    without = pie.model_copy(update={"war": None, "reservation": {}, "steps": {}}, deep=True)
    found = workbench.deals(without)
    assert found.funnel.gate("implementable") is None
    assert found.funnel.packages == 12
    assert found.solutions == ()  # nobody has a veto
