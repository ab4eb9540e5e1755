"""Private types: nothing is lost by playing no more than it takes; both shares are said."""

import numpy as np
import pytest

from one_cause import SPOILT, scenario
from servanda import workbench
from servanda.problems.from_scenario import translate
from servanda.problems.hidden_types import hidden_types, prior, theta_by_profile
from servanda.problems.war_binding import bind_war
from servanda.simulation.causes import TYPES, causes_of
from servanda.simulation.deal_counts import counting
from servanda.simulation.deal_pool import Room
from servanda.simulation.deals_with_types import kept_with_types
from servanda.simulation.diagnosis import _switches
from servanda.simulation.progress import quiet
from servanda.solvers.audiences import fit_audiences
from servanda.solvers.collapse import reservation_values
from servanda.solvers.package_sincerity import package_sincerity
from servanda.solvers.plan import as_plan
from servanda.solvers.war_table import WarTable
from servanda.workbench._common import origin_of
from twins.types_kept_by_definition import held_to_keeping

DRAWS = 6
LESS_LIKELY = {
    f"types.{actor}-{name}.prior": {"value": value, "low": value - 0.09, "high": value + 0.09}
    for actor in ("north", "south")
    for name, value in (("content", 0.35), ("prepares", 0.65))
}
WITH_LINE = {**SPOILT["types"], **SPOILT["red-lines:north"], **LESS_LIKELY}


def test_what_is_kept_is_what_playing_every_deal_would_find():
    read = scenario(WITH_LINE)
    _, blocks = fit_audiences(read)
    translation = translate(read, blocks)
    types = hidden_types(read, translation.parameters)
    names = [cause.id for cause in causes_of(read, translation) if cause.id != TYPES]
    origin = origin_of(read, DRAWS, 1, "", [])
    switches = _switches(read, translation, names, origin, 1, quiet, None)
    counts = counting(switches)
    sets = [frozenset(), *(frozenset([name]) for name in names), frozenset(names)]
    found = kept_with_types(switches, types, counts, sets, threads=1, progress=quiet)
    room = played_in_full(switches, types)
    for off in sets:
        everything = counts(off, room, np.arange(DRAWS)).any(axis=1)
        assert found[off].tolist() == everything.tolist()
    shares = {off: kept.mean() for off, kept in found.items()}
    assert 0.0 < shares[frozenset(["red-lines:north"])] < 1.0


def played_in_full(switches, types):
    """Starts and margins of every order in every draw, one play after the other."""
    view, known = switches.held, switches.rooms[0]
    start, margin = known.start.copy(), known.margin.copy()
    translation = view.ground.translation
    order = 0
    for one in switches.pool.ordered:
        for plan in map(as_plan, one.plans.values()):
            for draw, theta in enumerate(view.drawn.theta):
                at = (draw, order)
                value, least = by_definition(translation, types, theta, one, plan)
                value = value + view.drawn.reservation[draw]
                start[at] = np.minimum(start[at], value)
                margin[at] = np.minimum(margin[at], least)
            order += 1
    return Room(start, margin)


def by_definition(translation, types, theta, one, plan):
    """What the start is worth beyond fighting on, and the smallest margins."""
    problem = package_sincerity(translation, types, theta, one.deal, one.problem, [plan], threads=1)
    start, margin = held_to_keeping(problem, plan, (0, 0))
    rows = theta_by_profile(types, translation.parameters, theta)
    war = reservation_values(WarTable(bind_war(translation, rows), tolerance=1e-4))
    _, held = prior(types, translation.parameters, theta)
    # of four profiles the first two have the north as coded, the first and third the south
    fighting = [held[0][1] @ war[:2, 0], held[1][0] @ war[::2, 1]]
    return start - np.array(fighting), margin


def test_both_shares_are_said_and_types_alone_are_the_step_between_them():
    read = scenario(WITH_LINE)
    found = workbench.why(read, draws=DRAWS)
    shares = {one.cause.id: one.share for one in found.causes}
    assert shares["types"] == found.types_known == 0.0  # the red line is still there
    some = workbench.why(scenario({**SPOILT["types"], **LESS_LIKELY}), draws=DRAWS)
    assert 0.0 < some.as_it_is < some.types_known == 1.0
    assert (
        workbench.why(scenario({**SPOILT["types"], **LESS_LIKELY}), draws=DRAWS, threads=1) == some
    )
    assert "With types known, as in the headline of a brief, it is 100 %." in some.message
    only = workbench.why(scenario(WITH_LINE), causes=["red-lines:north"], draws=DRAWS)
    assert only.causes[0].share == some.as_it_is
    for pair in found.pairs:
        assert pair.share >= max(shares[pair.first], shares[pair.second])
    assert sum(one.shapley for one in found.causes) == pytest.approx(found.all_off)


def test_a_scenario_without_types_says_nothing_of_them():
    found = workbench.why(scenario(), draws=2)
    assert found.types_known is None
    assert "type" not in found.message
    assert "types" not in {one.cause.id for one in found.causes}
