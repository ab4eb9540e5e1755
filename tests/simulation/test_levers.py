"""Levers of a scenario with a closed form, who can move what, and what cannot be asked."""

import pytest
from scipy import stats

from one_cause import scenario
from servanda import workbench
from servanda.errors import ProblemError
from servanda.results.levers import Lever, Moved
from servanda.simulation.levers import the_way_that_helps
from servanda.simulation.who_moves import who_moves

DRAWS = 400
TREATY = "issues.peace.options.treaty.value.north"
CHANGES = {TREATY: {"value": 45, "low": 35, "high": 55, "shape": "normal"}}
"""The treaty is kept iff its value to the north is above what fighting on is worth, less land."""


def _threshold() -> float:
    """Where the north begins to prefer the treaty, in standard deviations of its value."""
    reservation = workbench.analyse(scenario(CHANGES), draws=2).reservations[0].value.central
    return (reservation - 1.0 - 45.0) / (10.0 / stats.norm.ppf(0.95))


def test_effect_and_move_equal_the_closed_form() -> None:
    found = workbench.levers(scenario(CHANGES), draws=DRAWS, target=0.5)
    away = _threshold()
    spread = stats.norm.ppf(0.95)
    lever = found.levers[0]
    assert (lever.path, lever.up, lever.spread, lever.who) == (TREATY, True, 10.0, ("north",))
    assert lever.effect == pytest.approx(spread * stats.norm.pdf(away), abs=4 * lever.error)
    assert found.share == pytest.approx(stats.norm.sf(away), abs=0.06)
    assert found.base == found.share  # one deal with one order
    (reach, *_) = found.reaches
    assert reach.path == TREATY
    assert reach.tried[0].share == pytest.approx(stats.norm.sf(away - spread), abs=0.06)
    assert reach.spreads is not None
    assert reach.change == pytest.approx(10.0 * reach.spreads)
    assert 0.0 < reach.spreads < 1.0


def test_a_move_in_the_scenario_does_what_the_lever_says() -> None:
    moved = {TREATY: {"value": 55, "low": 45, "high": 65, "shape": "normal"}}
    found = workbench.levers(scenario(CHANGES), draws=DRAWS)
    there = workbench.analyse(scenario(moved), draws=DRAWS)
    assert found.reaches[0].tried[0].share == there.likelihood.probability


def test_numbers_that_no_deal_rests_on_are_no_levers_and_have_no_influence() -> None:
    share = {"value": 0.3, "low": 0.1, "high": 0.5}
    campaign = {"name": "Strikes", "costs": {"south": share}, "exhaustion": {"south": share}}
    case = scenario(CHANGES | {"strikes.north": campaign})
    asked = (workbench.levers(case, draws=40).levers, workbench.sensitivity(case, draws=40).numbers)
    for rows in asked:
        paths = [one.path for one in rows]
        assert TREATY in paths
        assert [path for path in paths if path.startswith("strikes.")] == []
    influence = {one.path: one.influence for one in workbench.analyse(case, draws=40).assumptions}
    assert influence[TREATY] > 0.0
    assert influence["strikes.north.costs.south"] == 0.0
    assert influence["strikes.north.exhaustion.south"] == 0.0


SHARES = {
    ("right", True): 0.7,
    ("wrong", True): 0.3,
    ("wrong", False): 0.8,
    ("neither", True): 0.4,
    ("neither", False): 0.2,
    ("line", False): 0.3,
}
"""Share with a kept deal when a lever moves up, or down."""


class Known:
    """Stands in for what is computed again."""

    base = 0.5

    def all_moved(self, groups: list[list[Lever]]) -> list[Moved]:
        return [Moved((one.path,), 1.0, SHARES[one.path, one.up]) for (one,) in groups]


def test_a_lever_that_hurts_is_tried_the_other_way() -> None:
    levers = [
        Lever(path, "points", (), 0.0, spread, up, 0.1, 0.05, {"ratification": 0.2})
        for path, spread, up in (
            ("right", 1.0, True),
            ("wrong", 1.0, True),
            ("neither", 1.0, True),
            ("line", None, False),
        )
    ]
    found, moved = the_way_that_helps(Known(), levers)  # type: ignore[arg-type]
    assert [(one.path, one.up, one.effect) for one in found] == [
        ("right", True, 0.1),
        ("wrong", False, -0.1),
        ("neither", True, 0.1),
        ("line", False, 0.1),
    ]
    assert [moved[one].share for one in found] == [0.7, 0.8, 0.4, 0.3]
    assert found[1].gates == {"ratification": -0.2}


def test_a_red_line_that_may_hold_is_settled_and_needs_a_part_of_the_way() -> None:
    line = {"by": "south", "says": "No treaty.", "never": ["peace.treaty"], "holds": 0.8}
    found = workbench.levers(scenario({"red-lines": {"never": line}}), draws=DRAWS, target=0.6)
    lever, reach = found.levers[0], found.reaches[0]
    assert (lever.path, lever.up, lever.who) == ("red-lines.never.holds", False, ("south",))
    assert lever.effect == pytest.approx(1.0 - found.share)
    assert reach.tried[0].share == 1.0
    part = (0.6 - found.share) / (1.0 - found.share)
    assert reach.change == pytest.approx(-0.8 * part)
    assert "red-lines.never.holds" in found.message


def test_threads_do_not_matter() -> None:
    read = scenario(CHANGES)
    one, two = (workbench.levers(read, draws=50, threads=n) for n in (1, 2))
    assert one.to_dict() == two.to_dict()


def test_where_nothing_is_uncertain_there_is_no_lever() -> None:
    found = workbench.levers(scenario({"war.costs.north": 6}), draws=4)
    assert (found.levers, found.reaches, found.pair, found.frontier) == ((), (), None, ())
    assert "No number of the scenario is uncertain" in found.message


@pytest.mark.parametrize("target", [0.0, 1.0, -3.0, float("nan")])
def test_a_target_that_is_no_probability(target: float) -> None:
    with pytest.raises(ProblemError, match="target"):
        workbench.levers(scenario(), target=target)


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("guarantees.treaty.credibility", ("guarantor",)),
        ("guarantees.treaty.credibility.believed.rival", ("rival",)),
        ("red-lines.territory-first.holds", ("rival",)),
        ("war.exhaustion.holder.now", ("holder",)),
        ("war.imposed.holder.rival", ("rival",)),
        ("actors.rival.discount", ("rival",)),
        ("issues.land.weight.holder", ("holder",)),
        ("steps.demilitarise-belt.gain.rival", ("rival",)),
        ("parcels.belt.fortification", ()),
        ("war.decisiveness", ()),
    ],
)
def test_who_can_move_what(tmp_path, path: str, who: tuple[str, ...]) -> None:
    from scenario_files import TEXT, write

    assert who_moves(workbench.read(write(tmp_path, TEXT)), path) == who
