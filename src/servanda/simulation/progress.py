"""What a long computation says while it goes on."""

from typing import Protocol


class Progress(Protocol):
    """Called with what is being done and how much of it is done."""

    def __call__(self, doing: str, share: float, /, of: int = 0) -> None:
        """Take note.

        Args:
            doing: in a few words.
            share: done, 0 to 1.
            of: how many pieces the whole has, such as histories; 0 when they are not counted.
        """


def quiet(doing: str, share: float, /, of: int = 0) -> None:
    """Progress that nobody watches."""
