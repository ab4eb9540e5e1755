"""Packages one by one, with what each is worth to every actor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class PackageTable:
    """N packages of J issues, and their values to A actors.

    Attributes:
        issues: (J,) names.
        options: (J,) tuples of names.
        actors: (A,) names.
        chosen: (N, J) option of each issue in each package.
        values: (N, A) value points.
        reservation: (A,) value points without a deal; NaN where nothing is said.
    """

    issues: tuple[str, ...]
    options: tuple[tuple[str, ...], ...]
    actors: tuple[str, ...]
    chosen: Integers
    values: Floats
    reservation: Floats

    def __post_init__(self) -> None:
        for name in ("chosen", "values", "reservation"):
            array = np.array(getattr(self, name))
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @property
    def n_packages(self) -> int:
        """N, how many packages are listed."""
        return len(self.chosen)
