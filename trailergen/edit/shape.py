"""A trailer of another shape than the film's: upright, square, or wide, with the part of the picture of each clip.

The largest window of that shape in the film's picture, less its bars where they are cropped, is laid over the subject
of each clip (see attention.py, change.py and window.py in readings/). It stands still, or moves evenly from the clip's
first frame to its last where the subject does.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from trailergen.edit.compose import sequence_of
from trailergen.plans import Crop, Pan, Plan, Position, View
from trailergen.session import Session
from trailergen.settings.plan import Shape
from trailergen.stages import attend
from trailergen.timebase import round_half_up

if TYPE_CHECKING:
    from trailergen.media.probe import FilmInfo
    from trailergen.readings.types import Floats

_LOOKS = 5
"""Pictures of a clip in which its subject is looked for."""


@dataclass(frozen=True)
class _Window:
    """A window of ``size`` (width, height) over ``area``, in pixels of the film as shown; ``side`` is the one along
    which it may lie elsewhere: 0 across, 1 down; None where it is all of the area."""

    area: Crop
    size: tuple[int, int]
    side: int | None

    @classmethod
    def over(cls, area: Crop, shape: Shape) -> _Window:
        """The largest one."""
        ratio = _ratio(shape)
        width = min(area.width, _even(area.height * ratio))
        height = min(area.height, _even(area.width / ratio))
        side = 0 if width < area.width else 1 if height < area.height else None
        return cls(area, (area.width if side != 0 else width, area.height if side != 1 else height), side)

    def view(self, weights: Floats) -> View | None:
        """The part for a clip, by the attention (k, 9, 16) to pictures of it."""
        from trailergen.readings.window import find_window

        if self.side is None:
            return None
        begin, whole = (self.area.x, self.area.width) if self.side == 0 else (self.area.y, self.area.height)
        first, last = find_window(weights.sum(axis=1 if self.side == 0 else 2), self.size[self.side] / whole)
        starts = [begin + min(2 * round(share * whole / 2), whole - self.size[self.side]) for share in (first, last)]
        start, length = min(starts), self.size[self.side] + abs(starts[1] - starts[0])
        pan = _pan(self.side, starts[1] - starts[0])
        area = self.area
        if self.side == 0:
            return View(x=start, y=area.y, width=length, height=area.height, pan=pan)
        return View(x=area.x, y=start, width=area.width, height=length, pan=pan)


def _pan(side: int, moved: int) -> Pan | None:
    if moved == 0:
        return None
    if side == 0:
        return "right" if moved > 0 else "left"
    return "down" if moved > 0 else "up"


def shape_plan(
    session: Session,
    plan: Plan,
    film: FilmInfo,
    shape: Shape,
    height: int | None = None,
    known: Plan | None = None,
) -> Plan:
    """A plan of that shape, each clip with its part of the picture; of the film's own, all with all of it.

    The shorter side of others is the film's, so that films of 1920x1080 become 1080x1920, 1080x1080 or 1080x1350.

    Args:
        session: cache and display.
        plan: a valid one.
        film: its film, as probed.
        shape: width to height.
        height: of the picture in pixels; None for the film's shorter side.
        known: a plan of this shape whose clips keep their parts, as an editor may have changed them.

    Raises:
        InputError: the film cannot be read.
        WeightsError: those of the network that looks for subjects are missing or damaged.
    """
    if shape == "film":
        return _unshaped(plan, height)
    area = plan.sequence.crop or Crop(x=0, y=0, width=plan.film.width, height=plan.film.height)
    window = _Window.over(area, shape)
    kept = {_clip(position): position.view for position in known.positions} if known else {}
    fresh = [position for position in plan.positions if _clip(position) not in kept]
    views = kept | dict(zip(map(_clip, fresh), _views(session, plan, film, window, fresh), strict=True))
    width, tall = _size(shape, area, height)
    sequence = plan.sequence.model_copy(update={"shape": shape, "width": width, "height": tall})
    positions = [position.model_copy(update={"view": views[_clip(position)]}) for position in plan.positions]
    return plan.model_copy(update={"sequence": sequence, "positions": positions})


def _unshaped(plan: Plan, height: int | None) -> Plan:
    """A plan in the film's own shape."""
    sequence = sequence_of(plan.film, plan.sequence.frames, height, plan.sequence.crop)
    positions = [position.model_copy(update={"view": None}) for position in plan.positions]
    return plan.model_copy(update={"sequence": sequence, "positions": positions})


def _clip(position: Position) -> tuple[str, int, int]:
    """What a part of the picture was chosen for."""
    return position.id, position.source.start, position.source.end


def _views(
    session: Session, plan: Plan, film: FilmInfo, window: _Window, positions: list[Position]
) -> list[View | None]:
    from trailergen.readings.change import with_change

    if window.side is None or not positions:
        return [None] * len(positions)
    looks = [_looks(position) for position in positions]
    frames = sorted({frame for each in looks for frame in each})
    attention, colours = (
        _inside(each, plan, window.area) for each in attend(session, film, plan.film.sha256, plan.film.rate, frames)
    )
    place = {frame: number for number, frame in enumerate(frames)}
    clips = [[place[frame] for frame in each] for each in looks]
    return [window.view(with_change(attention[clip], colours[clip])) for clip in clips]


def _inside(cells: Floats, plan: Plan, area: Crop) -> Floats:
    """The cells (k, rows, columns, ...) of an area of the film's picture; all of them, where there are no bars."""
    rows, columns = cells.shape[1:3]
    down = slice(area.y * rows // plan.film.height, -(-(area.y + area.height) * rows // plan.film.height))
    across = slice(area.x * columns // plan.film.width, -(-(area.x + area.width) * columns // plan.film.width))
    return cells[:, down, across]


def _looks(position: Position) -> list[int]:
    """Film frames of a clip, evenly spaced from its first to its last."""
    last = len(position.source) - 1
    return [position.source.start + last * number // (_LOOKS - 1) for number in range(_LOOKS)]


def _size(shape: Shape, area: Crop, height: int | None) -> tuple[int, int]:
    """The even size of a trailer's picture."""
    ratio = _ratio(shape)
    shorter = min(area.width, area.height)
    tall = Fraction(height if height is not None else shorter if ratio >= 1 else shorter / ratio)
    return max(2, _even(tall * ratio)), max(2, _even(tall))


def _ratio(shape: Shape) -> Fraction:
    width, height = shape.split(":")
    return Fraction(int(width), int(height))


def _even(length: Fraction) -> int:
    return 2 * round_half_up(length / 2)
