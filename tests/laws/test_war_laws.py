"""Laws of war values, on random small wars with everything switched on."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.problems.war import Outbreaks, WarSettings, gamblers_ruin
from servanda.solvers import war_value as solver
from servanda.solvers.war_outlook import war_outlook
from servanda.solvers.war_value import war_values
from twins.war_by_definition import one_war, random_war

SEEDS = st.integers(0, 2**32 - 1)
FINE = 1e-13


def wars(seed, **options):
    return random_war(np.random.default_rng(seed), **options)


def value(war, outbreaks):
    return war_values(war, outbreaks, tolerance=FINE, horizon=9)[0]


@given(st.floats(0.05, 0.95), st.integers(1, 12), st.data())
@settings(max_examples=40)
def test_equal_parcels_are_gamblers_ruin(p, N, data):
    X = data.draw(st.integers(0, N))
    ratio = (1 - p) / p
    expected = X / N if p == 0.5 else (1 - ratio**X) / (1 - ratio**N)
    outlook = war_outlook(*gamblers_ruin([p] * (N - 1), X), months=0)
    assert outlook.ultimate_gives_way[1] == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(SEEDS)
@settings(max_examples=30)
def test_relabelling_actors_permutes_values(seed):
    war, outbreaks = wars(seed)
    order = np.random.default_rng(seed).permutation(war.discount.shape[1])
    relabelled = replace(
        war,
        discount=war.discount[:, order],
        flow=war.flow[:, order],
        land=war.land[..., order],
        cost=war.cost[:, order],
        imposed=war.imposed[..., order],
    )
    moved = replace(
        outbreaks,
        cost_factor=outbreaks.cost_factor[:, order],
        cost_extra=outbreaks.cost_extra[:, order],
        flow_extra=outbreaks.flow_extra[:, order],
    )
    assert value(relabelled, moved) == pytest.approx(value(war, outbreaks)[:, order], abs=1e-10)


@given(SEEDS)
@settings(max_examples=30)
def test_relabelling_fronts_changes_nothing(seed):
    war, outbreaks = wars(seed, fronts=3)
    order = [2, 0, 1]
    relabelled = replace(
        war,
        land=war.land[:, order],
        size=war.size[order],
        tempo=war.tempo[:, order],
        defence=war.defence[:, order],
        exposure=war.exposure[:, order],
        absorbing=war.absorbing[order],
    )
    moved = replace(
        outbreaks, start=outbreaks.start[:, order], fortified=outbreaks.fortified[:, order]
    )
    assert value(relabelled, moved) == pytest.approx(value(war, outbreaks), abs=1e-10)


@given(SEEDS)
@settings(max_examples=30)
def test_swapping_the_sides_mirrors_the_war(seed):
    war, outbreaks = wars(seed)
    mirrored, moved = mirror(war, outbreaks)
    assert value(mirrored, moved) == pytest.approx(value(war, outbreaks), abs=1e-10)
    there, here = war_outlook(mirrored, one_war(moved, 0)), war_outlook(war, one_war(outbreaks, 0))
    assert there.gives_way[:, ::-1] == pytest.approx(here.gives_way, abs=1e-10)


def mirror(war, outbreaks):
    """The same war with a called b: positions and parcels count from the other end."""

    def turned(array, front_axis, beyond):
        mirrored = np.array(array)
        for k, size in enumerate(war.size):
            at = (slice(None),) * front_axis + (k, slice(0, size + beyond))
            mirrored[at] = np.flip(np.asarray(array[at]), axis=front_axis)
        return mirrored

    return (
        replace(
            war,
            land=turned(war.land, 1, 1),
            initiative=1 - war.initiative,
            defence=turned(war.defence, 1, 0)[..., ::-1],
            exposure=turned(war.exposure, 1, 1)[..., ::-1],
            absorbing=war.absorbing[:, ::-1],
            rearm_gain=war.rearm_gain[:, ::-1],
            rearm_months=war.rearm_months[:, ::-1],
            exhaustion=war.exhaustion[:, ::-1],
            imposed=war.imposed[:, ::-1],
        ),
        replace(
            outbreaks,
            start=war.size - outbreaks.start,
            fortified=turned(outbreaks.fortified, 1, 0),
            strength=outbreaks.strength[:, ::-1],
            exhaustion_factor=outbreaks.exhaustion_factor[:, ::-1],
        ),
    )


@given(SEEDS, st.floats(0.01, 20))
@settings(max_examples=30)
def test_a_higher_cost_to_one_actor_lowers_its_value_alone(seed, extra):
    war, outbreaks = wars(seed)
    dearer = np.array(outbreaks.cost_extra)
    dearer[:, 0] += extra
    before, after = value(war, outbreaks), value(war, replace(outbreaks, cost_extra=dearer))
    fought = (outbreaks.start > 0) | ~war.absorbing[:, 0]
    fought &= (outbreaks.start < war.size) | ~war.absorbing[:, 1]
    fought = fought.all(axis=1)
    assert np.all(after[fought, 0] < before[fought, 0])
    assert np.array_equal(after[:, 1:], before[:, 1:])


@given(SEEDS)
@settings(max_examples=30)
def test_an_affine_change_of_one_scale_changes_its_values_alike(seed):
    war, outbreaks = wars(seed)
    scaled = replace(
        war,
        flow=3 * war.flow + 7,
        land=3 * war.land,
        cost=3 * war.cost,
        imposed=3 * war.imposed + 7,
    )
    dearer = replace(
        outbreaks, cost_extra=3 * outbreaks.cost_extra, flow_extra=3 * outbreaks.flow_extra
    )
    expected = 3 * value(war, outbreaks) + 7
    assert value(scaled, dearer) == pytest.approx(expected, abs=1e-8)


@given(SEEDS, st.floats(0, 100))
@settings(max_examples=30)
def test_quiet_that_rearms_both_alike_and_resets_no_clock_changes_nothing(seed, quiet):
    war, outbreaks = wars(seed)
    alike = replace(
        war,
        rearm_gain=np.full((1, 2), 0.7),
        rearm_months=np.full((1, 2), 6.0),
        war_months=np.zeros(1),
    )
    longer = replace(outbreaks, quiet=np.full(len(outbreaks), quiet))
    assert np.array_equal(value(alike, outbreaks), value(alike, longer))


@given(SEEDS, st.floats(1e-6, 0.3))
@settings(max_examples=60)
def test_the_error_stays_within_the_stated_bound(seed, tolerance):
    war, outbreaks = wars(seed)
    coarse, bound = war_values(war, outbreaks, tolerance=tolerance, horizon=9)
    exact = value(war, outbreaks)
    assert np.all(bound <= tolerance)
    # What a war can be worth from any month on: peace or war flows at any line, or an outcome.
    # The peace of a frozen war and the flow of a war that goes on are both in it.
    flow = war.flow[0] + outbreaks.flow_extra
    peace_low = flow + np.min(war.land[0], axis=1).sum(axis=0)
    peace_high = flow + np.max(war.land[0], axis=1).sum(axis=0)
    dearest = outbreaks.cost_factor * war.cost[0, :, 2] + np.maximum(outbreaks.cost_extra, 0)
    cheapest = np.minimum(outbreaks.cost_extra, 0)
    low = np.minimum(peace_low - dearest, war.imposed[0].min(axis=0))
    high = np.maximum(peace_high - cheapest, war.imposed[0].max(axis=0))
    assert np.all(np.abs(coarse - exact) <= bound[:, None] * (high - low) + 1e-9)


@given(SEEDS)
@settings(max_examples=20)
def test_probabilities_of_an_outlook_add_up(seed):
    war, outbreaks = wars(seed)
    outlook = war_outlook(war, one_war(outbreaks, 0), months=30)
    ended = outlook.gives_way.sum(axis=1) + outlook.frozen
    assert outlook.fighting + ended == pytest.approx(np.ones(31), abs=1e-12)
    assert np.all(np.diff(outlook.fighting) <= 1e-15)
    assert np.all(np.diff(outlook.gives_way, axis=0) >= -1e-15)
    assert outlook.line_unconditional.sum(axis=2) == pytest.approx(1, abs=1e-12)
    in_the_end = outlook.ultimate_gives_way.sum() + outlook.ultimate_frozen
    assert in_the_end + outlook.ultimate_bound == pytest.approx(1, abs=1e-11)


def many_wars(rows):
    war, outbreaks = wars(3)
    rng = np.random.default_rng(3)
    picked = rng.integers(0, len(outbreaks), rows)
    several = {name: array[picked] for name, array in vars(outbreaks).items()}
    several["strength"] = rng.uniform(0.5, 2, (rows, 2))
    return war, Outbreaks(**several)


@pytest.mark.parametrize("chunk", [1, 7, 64, 1000])
@pytest.mark.parametrize("threads", [1, 2, 5, None])
def test_neither_chunks_nor_threads_change_a_bit(chunk, threads, monkeypatch):
    war, outbreaks = many_wars(200)
    expected = war_values(war, outbreaks, threads=1)
    monkeypatch.setattr(solver, "CHUNK", chunk)
    found = war_values(war, outbreaks, threads=threads)
    assert found[0].tobytes() == expected[0].tobytes()
    assert found[1].tobytes() == expected[1].tobytes()


def test_inputs_are_copied_and_left_alone():
    war, outbreaks = wars(5)
    given_arrays = [
        {name: np.array(array) for name, array in vars(problem).items()}
        for problem in (war, outbreaks)
    ]
    before = [{name: a.copy() for name, a in arrays.items()} for arrays in given_arrays]
    war, outbreaks = WarSettings(**given_arrays[0]), Outbreaks(**given_arrays[1])
    war_values(war, outbreaks)
    war_outlook(war, one_war(outbreaks, 0))
    for arrays, untouched, problem in zip(given_arrays, before, (war, outbreaks), strict=True):
        for name, array in arrays.items():
            assert np.array_equal(array, untouched[name])
            assert array.flags.writeable
            assert not getattr(problem, name).flags.writeable
