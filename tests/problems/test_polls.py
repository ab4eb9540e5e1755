"""Polls as a fitting problem, and the fit as entries of θ."""

import numpy as np
import pytest

from scenarios import A, build, changed, random_raw
from servanda.files.read import read_scenario
from servanda.problems.parameters import central, draws, parameters
from servanda.problems.polls import fitted_block, fitted_options, support_problem
from servanda.solvers.audiences import fit_audiences
from servanda.solvers.support import fit_support

RAW = random_raw(3)  # land: as-it-is, handed-over, demilitarised; pact: none, treaty, ...-and-force


def poll(asks, accept=40, reject=40):
    return {"asks": asks, "accept": accept, "reject": reject, "sample": 1000, "date": "2025"}


def asked(effects, polls, **more):
    public = {"name": "P", "of": A, "noise": 0.05, "effects": effects, "polls": polls, **more}
    return build(changed(RAW, {"audiences": {"public": public}}))


FOUR = {
    "land.as-it-is": {"rank": 1},
    "land.demilitarised": {"rank": 2},
    "land.handed-over": {"rank": 3},
    "pact.treaty": {},
    "pact.treaty-and-force": {"parent": "pact.treaty"},
}
POLLS = {
    "land": poll(["land.handed-over"], 20, 60),
    "zone": poll(["land.demilitarised", "pact.treaty"], 45, 35),
    "all": poll(["land.as-it-is", "pact.treaty-and-force"], 60, 20),
}


def test_what_is_asked_and_what_it_is_compared_with():
    scenario = asked(
        FOUR, POLLS, interactions={"swap": {"options": ["land.demilitarised", "pact.treaty"]}}
    )
    found = support_problem(scenario, "public")
    options = ["land.demilitarised", "land.handed-over", "pact.treaty", "pact.treaty-and-force"]
    assert list(found.options) == options  # the status quo has no effect of its own
    assert found.polls == ("land", "zone", "all")
    assert found.design.tolist() == [[0, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 1]]
    assert found.interaction_design.tolist() == [[0], [1], [0]]
    assert found.accept.tolist() == [0.2, 0.45, 0.6]
    assert found.reject.tolist() == [0.6, 0.35, 0.2]


def test_neighbours_in_rank_are_parents_and_support_falls_with_rank():
    found = support_problem(asked(FOUR, POLLS), "public")
    # the zone resembles the status quo, handing over the zone; ranks fall away from rank 1
    assert found.parent.tolist() == [-1, 0, -1, 2]
    assert found.direction.tolist() == [-1, -1, 0, 0]


@pytest.mark.parametrize(
    ("ranks", "parent", "direction"),
    [
        # rank of as-it-is, demilitarised, handed-over -> parents and directions of the last two
        ((2, 1, 3), [-1, -1], [1, -1]),  # the status quo in the middle
        ((3, 2, 1), [-1, 0], [1, 1]),  # the status quo the worst
        ((3, 1, 2), [1, -1], [1, 1]),
        ((None, 1, 2), [-1, 0], [-1, -1]),  # no rank: worse than anything ranked above
    ],
)
def test_a_rank_points_from_the_status_quo_outward(ranks, parent, direction):
    names = ("land.as-it-is", "land.demilitarised", "land.handed-over")
    effects = {
        name: {"rank": rank} for name, rank in zip(names, ranks, strict=True) if rank is not None
    }
    found = support_problem(asked(effects, {"land": POLLS["land"]}), "public")
    assert found.parent.tolist() == parent
    assert found.direction.tolist() == direction


def test_a_stated_parent_wins_over_the_rank_and_gives_the_direction():
    effects = {
        "land.demilitarised": {"rank": 1, "parent": "land.handed-over"},
        "land.handed-over": {"rank": 3},
    }
    found = support_problem(asked(effects, {"land": POLLS["land"]}), "public")
    assert found.parent.tolist() == [1, -1]
    assert found.direction.tolist() == [1, -1]


@pytest.mark.parametrize("name", ["invented", "geneva-2026"])
def test_a_fit_enters_the_vector_under_the_paths_of_its_effects(name):
    scenario = asked(FOUR, POLLS) if name == "invented" else read_scenario(name)
    fits, blocks = fit_audiences(scenario)
    polled = [key for key, audience in scenario.audiences.items() if audience.polls]
    assert [fit.audience for fit in fits] == polled
    params = parameters(scenario, blocks)
    assert len(set(params.paths)) == len(params.paths)
    theta = central(params)[0]
    many = draws(params, seed=1, first=0, count=4000)
    for fit in fits:
        again = fit_support(support_problem(scenario, fit.audience))
        assert np.array_equal(again.effects, fit.effects)
        base = f"audiences.{fit.audience}"
        audience = scenario.audiences[fit.audience]
        assert list(fit.options) == fitted_options(scenario, audience)
        assert theta[params.index(f"{base}.baseline")] == pytest.approx(fit.constant)
        at = [params.index(f"{base}.effects.{ref}.value") for ref in fit.options]
        assert theta[at] == pytest.approx(fit.effects)
        for key, value in zip(fit.interactions, fit.interaction_values, strict=True):
            assert theta[params.index(f"{base}.interactions.{key}.value")] == pytest.approx(value)
        for k, (above, direction) in enumerate(zip(fit.parent, fit.direction, strict=True)):
            step = many[:, at[k]] - (many[:, at[above]] if above >= 0 else 0.0)
            assert np.all(step * direction >= -1e-12)
        free = [k for k in range(len(at)) if _unsigned(fit, k)]
        block = fitted_block(scenario, fit)
        for k in free:
            assert np.std(many[:, at[k]]) == pytest.approx(block.error[1 + k], rel=0.06)


def _unsigned(fit, k):
    """Whether no step from an option up to the status quo has a sign, so that its law is normal."""
    while k >= 0:
        if fit.direction[k]:
            return False
        k = int(fit.parent[k])
    return True
