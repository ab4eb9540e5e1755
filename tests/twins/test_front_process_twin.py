"""The front process against its definition, against a simulation, and against the war's kernel."""

import numpy as np
import pytest
from scipy.stats import binomtest

from servanda.problems.front_process import front_process
from servanda.problems.war import plain_outbreak, plain_settings
from servanda.solvers.front_process import PROBABILITIES, front_forecast, front_posterior
from servanda.solvers.war_outlook import war_outlook
from twins.front_by_definition import below, density, months_law, steady_law

CHANGES = (31.0, -12.0, 18.0)


@pytest.mark.parametrize("restless", [False, True])
def test_beliefs_are_those_of_bayes_front_by_front(restless):
    process = front_process(2, [9.0, 15.0], error=4.0, belief=(3, 2), restless=restless)
    found = front_posterior(process, CHANGES)
    chosen = list(np.ndindex(process.prior.shape))[:: 211 if restless else 23]  # some of them
    wanted, got = [], []
    for t, p, g, u in chosen:
        law = months_law(2, process.tempo[t], process.gain[p], process.unrest[u], 1)
        by_month = [density(law, process.parcel[g], 4.0, change) for change in CHANGES]
        wanted.append(process.prior[t, p, g, u] * np.prod(by_month))
        got.append(found[-1][t, p, g, u])
    assert len(chosen) > 30
    wanted, got = np.array(wanted), np.array(got)
    close = 5e-3 if restless else 1e-6  # the definition sums over the tempo's density
    assert got / got.sum() == pytest.approx(wanted / wanted.sum(), rel=close, abs=1e-7)
    assert found.sum(axis=(1, 2, 3, 4)) == pytest.approx(np.ones(4))


def test_the_first_belief_is_the_beta_belief():
    process = front_process(3, 10.0, error=1.0, belief=(8, 4))
    held = front_posterior(process, [])[0].sum(axis=(0, 2, 3))
    assert held @ process.gain == pytest.approx(8 / 12, abs=1e-3)


@pytest.mark.parametrize("months", [1, 3])
def test_forecasts_are_those_of_the_definition(months):
    process = front_process(2, 12.0, error=5.0)
    belief = np.zeros_like(process.prior)
    known = {(3, 20, 0, 0): 0.25, (15, 18, 0, 0): 0.75}
    for at, weight in known.items():
        belief[at] = weight
    found = front_forecast(process, belief, months)

    def chance(change):
        return sum(
            weight
            * below(
                months_law(2, process.tempo[t], process.gain[p], 0.0, months),
                12.0,
                5.0,
                months,
                change,
            )
            for (t, p, _, _), weight in known.items()
        )

    assert [chance(x) for x in found.quantiles] == pytest.approx(PROBABILITIES, abs=1e-6)
    assert found.loss == pytest.approx(chance(0.0), abs=1e-6)


@pytest.mark.parametrize("restless", [False, True])
def test_parcels_that_differ_against_a_simulation(restless):
    process = front_process(4, 20.0, error=3.0, variation=0.6, restless=restless)
    belief = np.zeros_like(process.prior)
    t, p, u = 12, 19, 3 if restless else 0
    belief[t, p, 0, u] = 1.0
    found = front_forecast(process, belief, 3)
    rng, count = np.random.default_rng(4), 40_000
    total = np.zeros(count)
    for _ in range(3):
        tempo = np.full(count, process.tempo[t])
        if restless:
            scale = (1 - process.unrest[u]) / process.unrest[u]
            tempo = rng.beta(process.tempo[t] * scale, (1 - process.tempo[t]) * scale, count)
        for _ in range(4):
            way = np.where(rng.random(count) < process.gain[p], 1, -1)
            area = rng.gamma(1 / 0.36, 20.0 * 0.36, count)
            total += way * area * (rng.random(count) < tempo)
        total += rng.normal(0, 3.0, count)
    for quantile, probability in zip(found.quantiles, PROBABILITIES, strict=True):
        hits = int((total < quantile).sum())
        assert binomtest(hits, count, probability).pvalue > 1e-4
    assert found.mean == pytest.approx(total.mean(), abs=5 * total.std() / np.sqrt(count))


@pytest.mark.parametrize("months", [1, 4])
def test_a_front_of_the_war_moves_by_the_same_law(months):
    """The kernel of the war, far from the ends of the line and with nothing else going on."""
    settings = plain_settings([30], actors=2, tempo=[[0.7]], initiative=[0.4])
    war = plain_outbreak(settings, [15], strength=[[1.5, 1.0]])
    line = war_outlook(settings, war, months=months).line[0, months]
    rise, fall = 0.7 * 0.4 * 1.5 / 2.5, 0.7 * 0.6 * 1.0 / 2.5
    law = {0: 1.0}
    for _ in range(months):
        step = steady_law(1, rise + fall, rise / (rise + fall))
        law = {
            at: sum(law.get(at - way, 0.0) * chance for way, chance in step.items())
            for at in range(-months, months + 1)
        }
    assert {at: float(line[15 + at]) for at in law} == pytest.approx(law, abs=1e-12)
