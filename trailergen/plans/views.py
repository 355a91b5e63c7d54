"""The part of the film's picture that a position shows, at any moment of it."""

from __future__ import annotations

from fractions import Fraction

from trailergen.plans.types import Crop, Plan, Position
from trailergen.timebase import round_half_up


def shown_part(plan: Plan, position: Position, share: Fraction = Fraction(1, 2)) -> Crop | None:
    """The part that is shown, None for all of the picture.

    Args:
        plan: of the position.
        position: one of its.
        share: of the clip's time that has passed, 0 at its first frame and 1 at its last: views with a pan move.
    """
    view, sequence = position.view, plan.sequence
    if view is None:
        return sequence.crop
    if view.pan is None:
        return Crop(x=view.x, y=view.y, width=view.width, height=view.height)
    done = share if view.pan in ("right", "down") else 1 - share
    if view.pan in ("left", "right"):
        width = min(view.width, round_half_up(Fraction(view.height * sequence.width, sequence.height)))
        x = view.x + round_half_up(done * (view.width - width))
        return Crop(x=x, y=view.y, width=width, height=view.height)
    height = min(view.height, round_half_up(Fraction(view.width * sequence.height, sequence.width)))
    return Crop(x=view.x, y=view.y + round_half_up(done * (view.height - height)), width=view.width, height=height)
