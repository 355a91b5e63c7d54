"""What a shot is, and how figures are put before a place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from studio.brush import WHOLE, Frame, Item, View
from studio.layers import Place
from studio.light import Light

RATE = 24


@dataclass(frozen=True)
class Shot:
    """One shot: what it shows, its length in frames, and how it begins.

    ``transition`` is the kind and the frames it takes before and after the first frame of this shot.
    ``again`` names an earlier shot with the same framing. ``sounds`` are beds and ``effects`` single sounds
    with their time in seconds after the cut (see sound.py). ``build`` makes the things to paint, back to front.
    """

    name: str
    frames: int
    place: str
    figures: tuple[str, ...]
    build: Callable[[], list[Item]]
    light: Light
    start: View = WHOLE
    end: View | None = None
    shake: float = 0.0
    kind: Literal["picture", "logo", "title", "black", "credits"] = "picture"
    transition: tuple[Literal["cut", "dissolve", "fade"], int, int] = ("cut", 0, 0)
    again: str | None = None
    sounds: tuple[str, ...] = ()
    effects: tuple[tuple[str, float], ...] = ()


Drawing = Callable[..., None]


def act(
    draw: Drawing,
    x: float,
    y: float,
    size: float = 1.0,
    speed: float = 0.0,
    rise: float = 0.0,
    flip: bool = False,
    **how: float,
) -> Item:
    """Put a figure at a world point, moving ``speed`` right and ``rise`` up, in world units per second."""

    def paint(frame: Frame) -> None:
        pen = frame.pen()
        draw(pen.at(x + speed * frame.time, y - rise * frame.time, size, flip=flip), frame.time, **how)
        frame.ink(pen)

    return paint


def scene(place: Place, *actors: Item) -> list[Item]:
    """The place with the actors between its back and its front."""
    return [*place[0], *actors, *place[1]]


def before(place: Place, *actors: Item) -> list[Item]:
    """The whole place with the actors in front of it."""
    return [*place[0], *place[1], *actors]


def close(place: Place, *actors: Item) -> list[Item]:
    """A close-up: the actors before a place that is passed over lightly (its front is left out)."""
    return [*place[0], *actors]
