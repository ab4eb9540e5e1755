"""What packages are worth and where they stand at the gates, with names on everything."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.kernels import packages as kernels
from servanda.kernels.package_walk import Packages, fresh_walk, gate_pass
from servanda.problems.packages import TOLERANCE, PackageDraws, PackageProblem
from servanda.results.packages import Deal, Implementable, NearDeal

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

DRAWN = (
    "contribution",
    "constant",
    "link_values",
    "interaction_values",
    "support_constant",
    "support_effects",
    "threshold",
    "noise",
    "reservation",
    "failure_cost",
    "audience_cost",
)
"""What a problem and its draws call by the same names."""


def values_of(problem: PackageProblem, packages: IntArray) -> FloatArray:
    """u(K) of packages (N,), as (N, A) points."""
    return evaluated(problem, np.asarray(packages, dtype=np.int64))[0]


def deal_of(
    problem: PackageProblem,
    package: int,
    tested: Implementable | None = None,
    *,
    tolerance: float = TOLERANCE,
) -> Deal:
    """One package with names on everything; kept, when tested, as gate 4 says."""
    values, costs, logits = (
        part[0] for part in evaluated(problem, np.array([package], dtype=np.int64))
    )
    probability = np.array(
        [
            gate_pass(logit, threshold, noise)
            for logit, threshold, noise in zip(
                logits, problem.threshold, problem.noise, strict=True
            )
        ]
    )
    slack = signing_slacks(problem, values, costs, probability)
    start: dict[str, float] | None = None
    kept = None
    if tested is not None:
        at_start = np.asarray(tested.values_at_start, dtype=np.float64)
        if at_start.shape != values.shape:
            raise ProblemError(f"values_at_start: shape {at_start.shape}; must be {values.shape}")
        start = _named(problem.actors, at_start)
        parties = problem.parties
        worth = at_start[parties] - problem.reservation[parties]
        # model: V(∅) is what a leader signs for, so the signing condition is asked again with it
        signing = signing_slacks(problem, at_start, costs, probability)[parties]
        kept = bool(
            tested.margin >= -tolerance
            and (worth >= -tolerance).all()
            and (signing >= -tolerance).all()
        )
    gains = values - problem.reservation
    party_names = [problem.actors[i] for i in problem.parties]
    before = problem.gates_before.tolist()
    return Deal(
        index=package,
        options=problem.named(package),
        values=_named(problem.actors, values),
        gains=_named(party_names, gains[problem.parties]),
        support=_named(problem.audiences, 1.0 / (1.0 + np.exp(-logits))),
        pass_probability={
            name: float(p)
            for name, p, applied in zip(problem.audiences, probability, before, strict=True)
            if applied
        },
        signing_slack=_named(party_names, slack[problem.parties]),
        margin=None if tested is None else float(tested.margin),
        values_at_start=start,
        kept=kept,
        plan=None if tested is None else tested.plan,
    )


def near_deal(problem: PackageProblem, package: int, *, tolerance: float = TOLERANCE) -> NearDeal:
    """What a package lacks: red lines broken, points short of willing, or of signing if willing."""
    deal = deal_of(problem, package)
    shortfall = {}
    for name, gain in deal.gains.items():
        missing = -gain if gain < -tolerance else -deal.signing_slack[name]
        shortfall[name] = missing if missing > tolerance else 0.0
    broken = matching(problem.red_lines, np.array(problem.chosen(package), dtype=np.int64))
    labels = [problem.red_line_labels[n] for n in np.flatnonzero(broken)]
    return NearDeal(deal=deal, red_lines_broken=tuple(labels), shortfall=shortfall)


def matching(patterns: NDArray[np.uint64], chosen: IntArray) -> NDArray[np.bool_]:
    """Which patterns (L, J) match the options chosen (J,)."""
    bits = (patterns >> chosen.astype(np.uint64)) & np.uint64(1)
    return np.asarray((bits == 1).all(axis=1), dtype=np.bool_)


def evaluated(
    problem: PackageProblem, packages: IntArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Values (N, A), one-off costs (N, A) and support logits (N, G)."""
    values = np.empty((len(packages), len(problem.actors)))
    costs = np.empty_like(values)
    logits = np.empty((len(packages), len(problem.audiences)))
    packed = for_kernels(problem)
    kernels.package_values(
        packages,
        packed,
        fresh_walk(*walk_sizes(packed)),
        values,
        costs,
        logits,
    )
    return values, costs, logits


def signing_slacks(
    problem: PackageProblem, worth: FloatArray, costs: FloatArray, probability: FloatArray
) -> FloatArray:
    """Points above what each leader needs to sign, (A,); NaN without a veto."""
    applied = np.where(problem.gates_before, probability, 1.0)
    own = np.ones(len(problem.actors))
    np.multiply.at(own, problem.audience_actor, applied)
    gain = worth - problem.reservation
    one_off = (1.0 - problem.discount) * costs
    return np.asarray(applied.prod() * gain - (1.0 - own) * problem.failure_cost - one_off)


def for_kernels(problem: PackageProblem) -> Packages:
    """The problem as the compiler takes it."""
    return _packed(problem, problem)


def draws_for_kernels(draws: PackageDraws) -> Packages:
    """The problem over draws as the compiler takes it."""
    return _packed(draws.problem, draws)


def walk_sizes(packed: Packages) -> tuple[int, int, int, int]:
    """Issues, actors, gates and words of patterns of a walk over these packages."""
    actors, gates = packed.constant.shape[-1], packed.threshold.shape[-1]
    return len(packed.n_options), actors, gates, packed.closes.shape[1]


def _packed(problem: PackageProblem, drawn: PackageProblem | PackageDraws) -> Packages:
    return Packages(
        n_options=problem.n_options,
        strides=strides_of(problem),
        **problem.tables._asdict(),
        audience_actor=problem.audience_actor,
        gates_before=problem.gates_before,
        parties=problem.parties,
        one_off_weight=1.0 - drawn.discount,
        **{name: getattr(drawn, name) for name in DRAWN},
    )


def strides_of(problem: PackageProblem) -> IntArray:
    """Packages that share the options of the issues up to each one, (J,) int."""
    counts = problem.n_options
    return np.concatenate([np.cumprod(counts[:0:-1])[::-1], [1]]).astype(np.int64)


def _named(names: Iterable[str], numbers: Iterable[float]) -> dict[str, float]:
    return {name: float(number) for name, number in zip(names, numbers, strict=True)}
