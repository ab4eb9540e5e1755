"""Support of an audience, as polls show it: the data and the beliefs a fit starts from.

The share of an audience that accepts a package, among those who take a side, is ::

    s = logistic(α + Σ_options β_k x_k + Σ_interactions γ_m z_m)

with x_k = 1 when option k is in the package (or in a poll's question) and z_m = 1 when the
interaction is declared to hold there. The status quo of an issue has no column: its effect is 0.

Every option has a **parent**: a coarser option, or the one before it in its rank, or the status
quo (-1). Its effect is the parent's plus a step, ``β_k = β_parent(k) + d_k``, and before any poll
is read ``d_k ~ Normal(0, spread_k)``: the ridge penalty that shrinks each option toward its parent.
A direction says that support cannot rise (-1) or cannot fall (+1) along the step, which is how a
rank is kept monotone. The constant has ``α ~ Normal(0, constant_spread)``.

A poll with ``sample`` respondents counts as binomial with ::

    n = sample · (accept + reject) / design_effect,    n / (1 + n·y(1-y)·between_polls²),
    y = accept / (accept + reject)

answers: the design effect is the survey's own (weighting, clusters); ``between_polls`` is the
standard deviation, in logits, of one poll around the next for reasons the model does not hold (its
wording, its week). Both make the fit less sure than the raw sample would.

References: Gelman and Hill (2007), Data analysis using regression and multilevel/hierarchical
models, ch. 5 and 14; Kish (1965), Survey sampling, on design effects; Williams (1982),
Extra-binomial variation in logistic linear models, Applied Statistics 31(2).
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def _floats() -> FloatArray:
    return np.empty(0, dtype=np.float64)


def _ints() -> IntArray:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class SupportProblem:
    """Polls of one audience and what is believed before reading them; N polls, B options.

    Attributes
    ----------
        audience: name.
        options: (B,) labels, one per column.
        parent: (B,) int, the option each is shrunk toward; -1 = the status quo.
        spread: (B,) logits, standard deviation of the step from the parent before any poll.
        polls: (N,) labels.
        design: (N, B) in [0, 1], whether the option is in the question (a share when it is asked
            about in part).
        accept, reject: (N,) shares of respondents.
        sample: (N,) respondents.
        direction: (B,) int, -1: support not above the parent's; +1: not below; 0: free.
        interactions: (I,) labels.
        interaction_design: (N, I) in [0, 1].
        interaction_spread: (I,) logits.
        interaction_direction: (I,) int, sign the effect must have; 0: free.
        design_effect: (N,) at least 1; left out: 1.
        between_polls: logits, standard deviation of polls around the model.
        constant_spread: logits, standard deviation of α around 0 (even support).
        unpolled_spread: logits, least spread of an option that no poll asked about.
    """

    audience: str
    options: tuple[str, ...]
    parent: IntArray
    spread: FloatArray
    polls: tuple[str, ...]
    design: FloatArray
    accept: FloatArray
    reject: FloatArray
    sample: FloatArray
    direction: IntArray = field(default_factory=_ints)
    interactions: tuple[str, ...] = ()
    interaction_design: FloatArray = field(default_factory=_floats)
    interaction_spread: FloatArray = field(default_factory=_floats)
    interaction_direction: IntArray = field(default_factory=_ints)
    design_effect: FloatArray = field(default_factory=_floats)
    between_polls: float = 0.0
    constant_spread: float = 3.0
    unpolled_spread: float = 1.5

    def __post_init__(self) -> None:
        complaints: list[str] = []
        n_options, n_polls = len(self.options), len(self.polls)
        n_interactions = len(self.interactions)

        def put(name: str, dtype: type, shape: tuple[int, ...], default: float) -> None:
            array: NDArray[np.generic] = np.array(getattr(self, name), dtype=dtype)
            if array.size == 0:
                array = np.full(shape, default, dtype=dtype)
            elif array.shape != shape:
                complaints.append(f"{name}: shape {array.shape}; must be {shape}")
                array = np.full(shape, default, dtype=dtype)
            if not np.isfinite(array).all():
                complaints.append(f"{name}: must be finite")
            array.flags.writeable = False
            object.__setattr__(self, name, array)

        for name in ("options", "polls", "interactions"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        put("parent", np.int64, (n_options,), -1)
        put("spread", np.float64, (n_options,), 1.0)
        put("direction", np.int64, (n_options,), 0)
        put("design", np.float64, (n_polls, n_options), 0.0)
        put("interaction_design", np.float64, (n_polls, n_interactions), 0.0)
        put("interaction_spread", np.float64, (n_interactions,), 1.0)
        put("interaction_direction", np.int64, (n_interactions,), 0)
        put("design_effect", np.float64, (n_polls,), 1.0)
        for name in ("accept", "reject", "sample"):
            put(name, np.float64, (n_polls,), 0.5)
        complaints += _complaints(self)
        if complaints:
            raise ProblemError("; ".join(complaints))

    @property
    def never_polled(self) -> NDArray[np.bool_]:
        """(B,) bool, options that no poll asked about."""
        return np.asarray(~(self.design > 0).any(axis=0), dtype=np.bool_)

    @property
    def observed(self) -> FloatArray:
        """Y (N,), share that accepts among those who take a side."""
        return self.accept / (self.accept + self.reject)

    @property
    def counts(self) -> FloatArray:
        """N (N,), answers each poll counts for, after its design effect and ``between_polls``."""
        answers = self.sample * (self.accept + self.reject) / self.design_effect
        y = np.clip(self.observed, 0.02, 0.98)  # a poll of 0 or 100 % still varies
        return np.asarray(answers / (1.0 + answers * y * (1.0 - y) * self.between_polls**2))

    @property
    def ancestry(self) -> FloatArray:
        """(B, B), effects from steps: row k is 1 on k and on all it descends from."""
        table = np.eye(len(self.options))
        for option in range(len(self.options)):
            above = int(self.parent[option])
            while above >= 0:
                table[option, above] = 1.0
                above = int(self.parent[above])
        return table


def _complaints(problem: SupportProblem) -> list[str]:
    complaints = []
    n_options = len(problem.options)
    if ((problem.parent < -1) | (problem.parent >= n_options)).any():
        complaints.append("parent: must be -1 (status quo) or the index of an option")
    elif _has_cycle(problem.parent):
        complaints.append("parent: an option descends from itself")
    for name in ("spread", "interaction_spread", "sample"):
        if (getattr(problem, name) <= 0).any():
            complaints.append(f"{name}: must be positive")
    for name in ("direction", "interaction_direction"):
        if not np.isin(getattr(problem, name), (-1, 0, 1)).all():
            complaints.append(f"{name}: must be -1, 0 or 1")
    for name in ("design", "interaction_design", "accept", "reject"):
        array = getattr(problem, name)
        if ((array < 0) | (array > 1)).any():
            complaints.append(f"{name}: must be in [0, 1]")
    total = problem.accept + problem.reject
    if ((total <= 0) | (total > 1 + 1e-9)).any():
        complaints.append("accept, reject: must sum to more than 0 and at most 1")
    if (problem.design_effect < 1).any():
        complaints.append("design_effect: must be at least 1")
    for name, least in (("between_polls", 0.0), ("constant_spread", 0.0), ("unpolled_spread", 0.0)):
        number = getattr(problem, name)
        if not np.isfinite(number) or number < least:
            complaints.append(f"{name}: must be finite and not negative")
    if problem.constant_spread == 0:
        complaints.append("constant_spread: must be positive")
    return complaints


def _has_cycle(parent: IntArray) -> bool:
    for option in range(len(parent)):
        above, steps = int(parent[option]), 0
        while above >= 0:
            above, steps = int(parent[above]), steps + 1
            if steps > len(parent):
                return True
    return False
