"""The cheapest pair of levers against shares that are known in closed form."""

import numpy as np
import pytest
from scipy import stats
from scipy.special import expit, logit

from one_cause import scenario
from servanda import workbench
from servanda.results.levers import FARTHEST, Lever
from servanda.simulation.lever_pairs import cheapest_pair

BASE = 0.1


def lever(path: str, spread: float | None = 1.0) -> Lever:
    return Lever(path, "points", (), 0.5, spread, True, 0.1, 0.01, {})


def pair_of(slopes, target: float, together: float = 0.0):
    """Levers whose log-odds add up, and what the first two bring together."""
    levers = [lever(f"n{n}") for n in range(len(slopes))]
    slope = dict(zip(levers, slopes, strict=True))
    asked = []

    def share(moves) -> float:
        odds = logit(BASE) + sum(slope[one] * amount for one, amount in moves)
        if len(moves) == 2 and {one.path for one, _ in moves} == {"n0", "n1"}:
            odds += together * moves[0][1] * moves[1][1]
        return float(expit(odds))

    def shares(groups):
        asked.extend(groups)
        return [share(group) for group in groups]

    anchors = {
        one: {amount: share([(one, amount)]) for amount in (0.0, 0.5, 1.0, 1.5, 2.0)}
        for one in levers
    }
    return cheapest_pair(anchors, target, 500, shares), asked, share


def test_of_two_the_stronger_goes_as_far_as_it_may() -> None:
    """Log-odds 1.0 and 0.5 a spread from 10 % to 45 %: 2 spreads of one, the rest by the other."""
    found, _, _ = pair_of([1.0, 0.5], 0.45)
    assert found is not None
    rest = (logit(0.45) - logit(BASE)) - 2.0 * 1.0
    assert rest < 0  # the stronger alone would do, so the other hardly moves
    found, _, _ = pair_of([0.8, 0.5], 0.45)
    assert found is not None
    rest = (logit(0.45) - logit(BASE)) - FARTHEST * 0.8
    assert [one.path for one in found.moves] == ["n0", "n1"]
    assert [one.spreads for one in found.moves] == pytest.approx([2.0, rest / 0.5], abs=0.06)
    assert found.effort == pytest.approx(FARTHEST + rest / 0.5, abs=0.06)
    assert found.share >= 0.45


def test_the_pair_that_brings_more_together_than_thought_is_corrected() -> None:
    thought, _, _ = pair_of([0.8, 0.8], 0.5)
    found, asked, _ = pair_of([0.8, 0.8], 0.5, together=0.5)
    assert thought is not None
    assert found is not None
    assert len(asked) > 1
    grid = np.linspace(0.05, 2.0, 40)
    first, second = lever("n0"), lever("n1")
    odds = logit(BASE) + 0.8 * np.add.outer(grid, grid) + 0.5 * np.multiply.outer(grid, grid)
    best = np.add.outer(grid, grid)[odds >= 0.0].min()
    assert found.effort < thought.effort - 0.3
    assert found.effort == pytest.approx(best, abs=0.15)
    assert (first.path, second.path) == tuple(one.path for one in found.moves)


def test_where_the_farthest_does_not_reach_it_there_is_none_and_it_was_tried() -> None:
    found, asked, _ = pair_of([0.1, 0.2, 0.3], 0.9)
    assert found is None
    assert asked
    assert all(amount == FARTHEST for group in asked for _, amount in group)


def test_two_sides_that_must_both_be_moved_share_the_way() -> None:
    """Kept iff the treaty is worth enough to both; their values are drawn apart, alike."""
    value = "issues.peace.options.treaty.value"
    wide = {"value": 45, "low": 35, "high": 55, "shape": "normal"}
    read = scenario({f"{value}.north": wide, f"{value}.south": wide})
    found = workbench.levers(read, draws=300, target=0.6)
    reservation = workbench.analyse(read, draws=2).reservations
    sigma = 10.0 / stats.norm.ppf(0.95)
    away = [(one.value.central - 1.0 - 45.0) / sigma for one in reservation]
    assert found.cheapest is not None
    moved = {one.path: one for one in found.cheapest.moves}
    assert set(moved) == {f"{value}.north", f"{value}.south"}
    a, b = (moved[f"{value}.{side}"].spreads * stats.norm.ppf(0.95) for side in ("north", "south"))
    there = stats.norm.sf(away[0] - a) * stats.norm.sf(away[1] - b)
    assert found.cheapest.share >= 0.6
    assert there == pytest.approx(0.6, abs=0.08)
    grid = np.linspace(0.0, 3.0, 601)
    both = np.multiply.outer(stats.norm.sf(away[0] - grid), stats.norm.sf(away[1] - grid))
    least = np.add.outer(grid, grid)[both >= 0.6].min() / stats.norm.ppf(0.95)
    assert found.cheapest.effort == pytest.approx(least, abs=0.25)
    assert moved[f"{value}.north"].change == pytest.approx(10.0 * moved[f"{value}.north"].spreads)


def test_a_part_of_the_way_to_settling_a_red_line_thins_the_draws_in_which_it_holds() -> None:
    line = {"by": "south", "says": "No treaty.", "never": ["peace.treaty"], "holds": 0.8}
    value = "issues.peace.options.treaty.value.north"
    wide = {"value": 45, "low": 35, "high": 55, "shape": "normal"}
    read = scenario({"red-lines": {"never": line}, value: wide})
    found = workbench.levers(read, draws=300, target=0.4)
    assert found.cheapest is not None
    moved = {one.path: one for one in found.cheapest.moves}
    assert set(moved) == {"red-lines.never.holds", value}
    part = moved["red-lines.never.holds"]
    assert -0.8 <= part.change < 0
    assert part.change == pytest.approx(-0.8 * part.spreads)
    open_ = 1.0 - (0.8 + part.change)
    reservation = workbench.analyse(read, draws=2).reservations[0].value.central
    sigma = 10.0 / stats.norm.ppf(0.95)
    north = stats.norm.sf((reservation - 46.0 - moved[value].change) / sigma)
    assert found.cheapest.share == pytest.approx(open_ * north, abs=0.08)
    assert found.cheapest.share >= 0.4
