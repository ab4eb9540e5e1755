"""Orders that are best by other objectives than the smallest margin."""

import math

import pytest

from servanda import workbench
from servanda.errors import NotFoundError
from servanda.simulation.order_objectives import OBJECTIVES

NAME = "two-step-territory-and-guarantee"


@pytest.fixture(scope="module")
def found():
    return workbench.order(workbench.read(NAME), draws=8, objectives=tuple(OBJECTIVES))


def by_id(found, name):
    (view,) = [one for one in found.orders if one.id == name]
    return view


def test_every_objective_has_its_order_and_the_first_is_shown_in_full(found):
    assert set(OBJECTIVES) <= {one.id for one in found.orders}
    assert found.chosen == "nash-product"


def test_the_quickest_is_kept_and_no_order_kept_is_quicker(found):
    quickest = by_id(found, "fewest-months").plan
    assert quickest.self_enforcing
    kept = [one.plan for one in found.orders if one.plan is not None and one.plan.self_enforcing]
    assert quickest.months == min(plan.months for plan in kept)


def test_the_fairest_has_the_largest_product_among_orders_kept(found):
    without = workbench.deals(workbench.read(NAME)).reservations

    def product(plan):
        start = dict(zip(plan.actors, plan.values[0], strict=True))
        return math.prod(start[actor] - value for actor, value in without.items())

    kept = [one.plan for one in found.orders if one.plan is not None and one.plan.self_enforcing]
    fairest = product(by_id(found, "nash-product").plan)
    assert fairest > 0
    assert fairest >= max(product(plan) for plan in kept) - 1e-9


def test_an_unknown_objective_names_the_nearest():
    with pytest.raises(NotFoundError, match="nash-product"):
        workbench.order(workbench.read(NAME), objectives=("nash-produkt",))
