"""What parties want, as the programs of the negotiation field say it, whatever the file format.

There are issues with options; every party has a **profile**: a weight for each issue and an
evaluation for each option.  A package takes one option of every issue, and its utility is ::

    u(package) = Σ_issues weight[issue] · evaluation[issue][option] + Σ_links that match value

What a party gets without an agreement is a number (a reservation value) or a package that then
holds (a reservation bid).  Nothing here says whether or how an agreement would be kept.

>>> buyer = Profile(
...     actor="buyer",
...     weights={"price": 0.75, "delivery": 0.25},
...     evaluations={"price": {"low": 1.0, "high": 0.0}, "delivery": {"fast": 1.0, "slow": 0.5}},
... )
>>> buyer.utility({"price": "low", "delivery": "slow"})
0.875
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod

MOST_OPTIONS = 64
"""Options an issue of a scenario can have."""


@dataclass(frozen=True)
class Profile:
    """What one party wants.

    Attributes:
        actor: its name.
        weights: issue to weight.
        evaluations: issue to option to evaluation.
        reservation: its utility without an agreement; None when nothing is said of it.
        reservation_package: the package that holds without an agreement, issue to option.
        discount: what a utility at the end of the negotiation is multiplied by; 1 for none.
    """

    actor: str
    weights: Mapping[str, float]
    evaluations: Mapping[str, Mapping[str, float]]
    reservation: float | None = None
    reservation_package: Mapping[str, str] = field(default_factory=dict)
    discount: float = 1.0

    def utility(self, package: Mapping[str, str]) -> float:
        """Utility of a package, issue to option, links left out."""
        return sum(
            weight * self.evaluations[issue][package[issue]]
            for issue, weight in self.weights.items()
        )


@dataclass(frozen=True)
class Linked:
    """Options that matter together: one of those listed, on every issue named.

    Attributes:
        options: issue to options.
        values: actor to the utility added when they hold together.
    """

    options: Mapping[str, tuple[str, ...]]
    values: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Preferences:
    """Issues and what every party wants.

    Attributes:
        name: of the domain.
        issues: issue to its options, in order.
        profiles: one for each party.
        links: utility that arises only from options together.
        excluded: options that cannot stand in one package.
        points: value points of a scenario for one unit of utility.
        notes: what was decided while reading, each a sentence; not part of what is compared.
    """

    name: str
    issues: Mapping[str, tuple[str, ...]]
    profiles: tuple[Profile, ...]
    links: tuple[Linked, ...] = ()
    excluded: tuple[Linked, ...] = ()
    points: float = 100.0
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def n_packages(self) -> int:
        """Product of the options, exact however large."""
        return prod(len(options) for options in self.issues.values())
