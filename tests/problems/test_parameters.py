"""θ: every draw is Philox of (seed, number, path) through the shape two percentiles fix."""

from hashlib import blake2b

import numpy as np
import pytest
from scipy import stats

from scenarios import build, changed, random_raw
from servanda.kernels.draws import philox_uniform
from servanda.problems.parameters import (
    BETA,
    LOGNORMAL,
    NORMAL,
    TRIANGULAR,
    UNIFORM,
    FittedBlock,
    belief,
    central,
    draws,
    parameters,
)
from servanda.scenario.walk import quantities

RAW = random_raw(3, guarantees=False, audience=False)
WORTH = "parcels.a1.worth.upland"


def scenario_with(quantity, path=WORTH):
    return build(changed(RAW, {path: quantity}))


def drawn(quantity, count=400, path=WORTH, seed=5):
    params = parameters(scenario_with(quantity, path))
    entry = params.index(path)
    return params, entry, draws(params, seed=seed, first=0, count=count)[:, entry]


def uniforms(params, entry, count, seed=5):
    """The numbers in (0, 1) behind a column, from NumPy's own Philox."""
    key = np.array([seed, params.key[entry]], np.uint64)
    # NumPy counts up before it puts out, so its counter stands one below ours.
    before = [(k - 1) % 2**256 for k in range(count)]
    return np.array(
        [np.random.Generator(np.random.Philox(key=key, counter=k)).random() for k in before]
    )


@pytest.mark.parametrize("seed", [0, 1, 2**63 + 11])
def test_philox_is_that_of_numpy(seed):
    for digest in (0, 17, 2**64 - 1):
        for k in (0, 1, 2, 2**32, 2**64 - 1):
            key = np.array([seed, digest], np.uint64)
            word = np.random.Philox(key=key, counter=(k - 1) % 2**256).random_raw()
            found = philox_uniform(np.uint64(k), np.uint64(seed), np.uint64(digest))
            assert found == pytest.approx((int(word) >> 11) * 2.0**-53, abs=2.0**-53)


def test_the_key_of_an_entry_is_the_digest_of_its_path():
    params = parameters(build(RAW))
    for path, key in zip(params.paths, params.key, strict=True):
        assert int(key) == int.from_bytes(blake2b(path.encode(), digest_size=8).digest(), "little")


CENTRAL = [
    (2.0, 4.0, 7.0),
    (2.0, 2.0, 7.0),  # the mode may be the lowest or the highest number thought likely
    (2.0, 7.0, 7.0),
    (-1e-3, 0.0, 5e-3),
    (1000.0, 1000.5, 1001.0),
]


@pytest.mark.parametrize(("low", "value", "high"), CENTRAL)
def test_low_and_high_of_a_triangle_are_percentiles_and_the_value_its_mode(low, value, high):
    said = {"value": value, "low": low, "high": high}
    params, entry, column = drawn(said)  # triangular is the shape where none is named
    assert params.shape[entry] == TRIANGULAR
    left, mode, right = params.arguments[entry]
    assert mode == value
    law = stats.triang((mode - left) / (right - left), loc=left, scale=right - left)
    assert law.cdf([low, high]) == pytest.approx([0.05, 0.95], abs=1e-8)
    assert column == pytest.approx(law.ppf(uniforms(params, entry, 400)), rel=1e-9)


LAWS = {
    "uniform": (UNIFORM, lambda a: stats.uniform(a[0], a[1])),
    "normal": (NORMAL, lambda a: stats.norm(a[0], a[1])),
    "lognormal": (LOGNORMAL, lambda a: stats.lognorm(a[1], scale=np.exp(a[0]))),
    "beta": (BETA, lambda a: stats.beta(a[0], a[1])),
}


@pytest.mark.parametrize("shape", LAWS)
@pytest.mark.parametrize(("low", "value", "high"), [(0.2, 0.3, 0.7), (0.01, 0.5, 0.99)])
def test_low_and_high_are_percentiles_of_every_other_shape(shape, low, value, high):
    said = {"value": value, "low": low, "high": high, "shape": shape}
    params, entry, column = drawn(said)
    code, law_of = LAWS[shape]
    law = law_of(params.arguments[entry])
    assert params.shape[entry] == code
    assert law.cdf([low, high]) == pytest.approx([0.05, 0.95], abs=1e-8)
    assert column == pytest.approx(law.ppf(uniforms(params, entry, 400)), rel=1e-9)


@pytest.mark.parametrize("shape", ["triangular", "uniform", "normal"])
def test_a_draw_stays_in_the_range_of_its_kind(shape):
    said = {"value": 0.1, "low": 0.0, "high": 0.6, "shape": shape}
    column = drawn(said, path="war.initiative", count=4000)[2]
    assert column.min() == 0.0  # what lies outside is moved to the edge ...
    assert column.max() <= 1.0
    unclipped = (column > 0.0) & (column < 1.0)
    assert np.quantile(column, 0.95) == pytest.approx(0.6, abs=0.02)
    assert unclipped.mean() > 0.9  # ... and lay beyond one of the percentiles


def test_what_has_no_spread_never_moves():
    params = parameters(build(random_raw(4, certain=True)))
    theta = draws(params, seed=1, first=0, count=50)
    fixed = params.shape == 0
    assert np.all(theta[:, fixed] == params.value[fixed])


def test_a_chance_happens_as_often_as_it_says_and_at_the_centre_when_as_likely_as_not():
    scenario = build(
        changed(
            RAW,
            {
                "red-lines.land-last": None,
                "red-lines.never-both.holds": 0.5,
                "red-lines.rarely": {
                    "by": "upland",
                    "says": "Never.",
                    "never": ["land.demilitarised"],
                    "holds": 0.3,
                },
            },
        )
    )
    params = parameters(scenario)
    theta = draws(params, seed=2, first=0, count=4000)
    for name, chance, at_centre in (("never-both", 0.5, 1.0), ("rarely", 0.3, 0.0)):
        entry = params.index(f"red-lines.{name}.holds")
        assert set(np.unique(theta[:, entry])) == {0.0, 1.0}
        assert theta[:, entry].mean() == pytest.approx(chance, abs=0.03)
        assert central(params)[0, entry] == at_centre


def test_one_more_quantity_leaves_all_other_draws_as_they_were():
    before = parameters(build(RAW))
    after = parameters(
        build(
            changed(
                RAW,
                {
                    "instruments.new": {"name": "New", "level": {"value": 1, "low": 0, "high": 1}},
                    "war.initiative": {"value": 0.5, "believed": {"lowland": 0.2}},
                },
            )
        )
    )
    assert len(after.paths) > len(before.paths)
    one, other = (draws(params, seed=9, first=0, count=20) for params in (before, after))
    for number, path in enumerate(before.paths):
        if not path.startswith("war.initiative"):
            assert np.array_equal(one[:, number], other[:, after.index(path)]), path


def block_of(params, rng):
    """Three entries fitted together; the second may only fall, and adds to the first."""
    root = rng.normal(size=(3, 3))
    sums = np.array([[1.0, 0, 0], [1.0, 1.0, 0], [0, 0, 1.0]])
    return FittedBlock(
        paths=("fit.one", "fit.two", "fit.three"),
        centre=np.array([0.3, -0.2, 1.0]),
        factor=np.linalg.cholesky(root @ root.T + 0.1 * np.eye(3)),
        sign=np.array([0, -1, 0]),
        sums=sums,
        unit="log-odds of support",
        sources=(),
        note="",
    )


def test_draws_do_not_depend_on_how_they_are_chunked():
    scenario = build(RAW)
    params = parameters(scenario, (block_of(None, np.random.default_rng(1)),))
    whole = draws(params, seed=3, first=0, count=40)
    for width in (1, 3, 7, 39):
        parts = [
            draws(params, seed=3, first=first, count=min(width, 40 - first))
            for first in range(0, 40, width)
        ]
        assert np.array_equal(np.concatenate(parts), whole)


def test_another_seed_gives_other_draws():
    params = parameters(build(RAW))
    moving = params.shape != 0
    one, other = (draws(params, seed=seed, first=0, count=5) for seed in (1, 2))
    assert np.all((one != other).any(axis=0)[moving & (params.shape != 6)])


def test_entries_fitted_together_keep_their_covariance_and_signs():
    rng = np.random.default_rng(7)
    block = block_of(None, rng)
    params = parameters(build(RAW), (block,))
    first = params.index("fit.one")
    theta = draws(params, seed=4, first=0, count=40_000)[:, first : first + 3]
    elements = theta @ np.linalg.inv(block.sums).T
    assert elements[:, 1].max() <= 0.0
    covariance = block.factor @ block.factor.T
    free = [0, 2]
    found = np.cov(elements[:, free], rowvar=False)
    assert found == pytest.approx(covariance[np.ix_(free, free)], rel=0.06, abs=0.03)
    assert elements[:, free].mean(axis=0) == pytest.approx(block.centre[free], abs=0.03)
    # A sign folds the normal law at zero.
    spread = np.sqrt(covariance[1, 1])
    law = stats.foldnorm(abs(block.centre[1]) / spread, scale=spread)
    assert np.median(-elements[:, 1]) == pytest.approx(law.median(), abs=0.03)
    assert np.array_equal(params.value[first : first + 3], block.sums @ block.centre)


def test_the_entries_are_the_scenarios_quantities_and_beliefs_stand_over_them():
    for seed in range(8):
        scenario = build(random_raw(seed))
        params = parameters(scenario)
        entries = list(quantities(scenario))
        assert len(set(params.paths)) == len(params.paths)
        assert params.paths == tuple(entry.path for entry in entries)
        assert params.actors == tuple(scenario.actors)
        assert [params.index(path) for path in params.paths] == list(range(len(params.paths)))
        for actor, name in enumerate(params.actors):
            for number, path in enumerate(params.paths):
                own = f"{path}.believed.{name}"
                expected = params.index(own) if own in params.paths else number
                assert params.believed[actor, number] == expected
                assert params.about[number] == params.index(path.split(".believed.")[0])
        theta = draws(params, seed=1, first=0, count=3)
        for actor in range(len(params.actors)):
            assert np.array_equal(belief(params, theta, actor), theta[:, params.believed[actor]])
