"""Servanda: which agreements would be kept, in which order of steps, under which guarantees."""

from servanda.version import VERSION as __version__  # noqa: N811 (the customary name)

__all__ = ["__version__"]
