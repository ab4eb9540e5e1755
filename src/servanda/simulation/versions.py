"""Which code computes here: the same numbers are promised only where it is the same."""

from __future__ import annotations

import platform
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from importlib.resources import files

from servanda.version import VERSION

COMPUTING = ("kernels", "problems", "simulation", "solvers")
"""Parts of the package that numbers come from."""


@cache
def versions() -> dict[str, str]:
    """Versions of Servanda, of its computing code (a digest), and of what that stands on."""
    return {
        "servanda": VERSION,
        "code": _digest(),
        "numpy": version("numpy"),
        "numba": version("numba"),
        "processor": platform.machine(),
    }


def _digest() -> str:
    found = blake2b(digest_size=8)
    for part in COMPUTING:
        for file in sorted(files("servanda").joinpath(part).iterdir(), key=lambda one: one.name):
            if file.name.endswith(".py"):
                found.update(f"{part}/{file.name}\0".encode() + file.read_bytes() + b"\0")
    return found.hexdigest()
