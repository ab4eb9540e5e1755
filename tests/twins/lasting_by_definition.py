"""What becomes of deals when pressure lapses, slowly: one draw, one deal at a time."""

from collections.abc import Sequence

SLACK = 1e-9


def lasting_by_definition(
    signing: Sequence[float],
    early: Sequence[float],
    late: Sequence[float],
    relief: Sequence[float],
    signs: Sequence[bool],
    fund: tuple[float, Sequence[bool]],
) -> tuple[bool, bool, bool]:
    """Kept without pressure; with it and beyond; because of it and while it lasts only."""
    actors = range(len(signs))
    pressed = [signing[i] + relief[i] for i in actors]
    held = [early[i] + relief[i] for i in actors]

    def works(signed: Sequence[float], kept: Sequence[Sequence[float]]) -> bool:
        if any(margins[i] < -SLACK for margins in kept for i in actors if not signs[i]):
            return False
        points, reaches = fund
        needed = 0.0
        for i in actors:
            if not signs[i]:
                continue
            short = max(0.0, -min([signed[i], *(margins[i] for margins in kept)]))
            if short > SLACK and not reaches[i]:
                return False
            needed += short
        return needed <= points + SLACK

    inside = works(signing, [early, late])
    outlasting = works(pressed, [held, late])
    lapsing = works(pressed, [held]) and not outlasting and not works(signing, [early])
    return inside, outlasting, lapsing
