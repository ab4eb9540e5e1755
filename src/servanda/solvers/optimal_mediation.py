"""The most peace a mediator can bring about between two sides that know only their own strength.

Each side tells the mediator its type; the rule says with which chance q they settle, and how the
pie is shared if they do. A rule must be worth using (each type expects at least what war is worth
to it) and nobody must gain by reporting another type. In the chance of settling q and the first
side's part z = q·share this is a linear program: it maximises the prior chance of peace. It is the
answer for a mediator whose proposals bind (arbitration); Hörner, Morelli and Squintani show that in
their family one whose proposals may be refused achieves as much.

Source: Myerson (1979), Econometrica 47(1), for the revelation principle; Hörner, Morelli and
Squintani (2015), Mediation and peace, Review of Economic Studies 82(4).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linprog

from servanda.errors import ProblemError
from servanda.results.delay import Mediation

Floats = NDArray[np.float64]

MOST_TYPES = 30
SAME = 1e-12


def optimal_mediation(prior: ArrayLike, war: ArrayLike, *, pie: float = 1.0) -> Mediation:
    """The rule with the most peace.

    Where both sides are alike the rule treats them alike.

    Args:
        prior: (T1, T2) probability of each pair of types.
        war: (T1, T2, 2) what war is worth to each side for each pair.
        pie: what there is to share.
    """
    p, w = np.asarray(prior, float), np.asarray(war, float)
    if p.ndim != 2 or 0 in p.shape or max(p.shape) > MOST_TYPES:
        raise ProblemError(f"prior: shape {p.shape}; 1 to {MOST_TYPES} types a side wanted")
    if w.shape != (*p.shape, 2) or not np.isfinite(w).all() or not np.isfinite(pie):
        raise ProblemError(f"war: shape {w.shape}; finite numbers of shape {(*p.shape, 2)} wanted")
    if not (p >= 0).all() or abs(p.sum() - 1.0) > 1e-9:
        raise ProblemError("prior: probabilities that sum to 1 wanted")
    n, cells = p.shape, p.size
    rows, bounds = [], []
    for side in range(2):
        for own in range(n[side]):
            told = _payoff(p, w, pie, side, own, own)
            rows.append(-told[0])
            bounds.append(0.0)  # told[1] is what war for sure is worth
            for lie in range(n[side]):
                if lie != own:
                    other = _payoff(p, w, pie, side, own, lie)
                    rows.append(other[0] - told[0])
                    bounds.append(told[1] - other[1])
    # the part of the first side is at most the pie where they settle
    rows.extend(np.concatenate([-pie * np.eye(cells), np.eye(cells)], axis=1))
    bounds.extend(np.zeros(cells))
    answer = linprog(
        np.concatenate([-p.ravel(), np.zeros(cells)]),
        A_ub=np.array(rows),
        b_ub=np.array(bounds),
        bounds=[(0, 1)] * cells + [(0, max(pie, 0.0))] * cells,
        method="highs",
    )
    if answer.x is None:  # war for sure is always possible
        raise ProblemError(f"mediation: the linear program has no answer ({answer.message})")
    q, z = answer.x[:cells].reshape(n), answer.x[cells:].reshape(n)
    if n[0] == n[1] and np.allclose(p, p.T) and np.allclose(w[..., 0], w[..., 1].T):
        q, z = (q + q.T) / 2, (z + (pie * q - z).T) / 2
    rule = np.concatenate([q.ravel(), z.ravel()])
    values = [
        np.array([_expected(p, w, pie, side, own, rule) for own in range(n[side])])
        for side in range(2)
    ]
    share = np.divide(z, q, out=np.full(n, np.nan), where=q > SAME)
    return Mediation(float((p * q).sum()), q, share, (values[0], values[1]))


def _payoff(
    p: Floats, w: Floats, pie: float, side: int, own: int, report: int
) -> tuple[Floats, float]:
    """What a type expects by a report, times its probability: a row over (q, z), a constant."""
    weights, war = (p[own], w[own, :, 0]) if side == 0 else (p[:, own], w[:, own, 1])
    settle, part = np.zeros(p.shape), np.zeros(p.shape)
    told = (report, slice(None)) if side == 0 else (slice(None), report)
    settle[told] = weights * ((pie if side == 1 else 0.0) - war)
    part[told] = weights if side == 0 else -weights
    return np.concatenate([settle.ravel(), part.ravel()]), float(weights @ war)


def _expected(p: Floats, w: Floats, pie: float, side: int, own: int, rule: Floats) -> float:
    """What a type expects by telling the truth; NaN for one that is not possible."""
    row, constant = _payoff(p, w, pie, side, own, own)
    likely = float(p[own].sum() if side == 0 else p[:, own].sum())
    return (float(row @ rule) + constant) / likely if likely else float("nan")
