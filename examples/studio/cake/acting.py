"""How the figures move: faces that change their mind, figures along a path, hands, what they carry."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import astuple

from studio.brush import Colour, Frame, Item, Pen, glide, mix
from studio.cake.faces import Mood
from studio.cake.folk import pia, villager
from studio.cake.goat import goat
from studio.cake.heights import SLOPE, slope_height
from studio.cake.paints import BERRY, CAP, CREAM, INK, JET, MUSTARD, PINK_SKIN, PLUM, SHADE, SNOW, TEAL, TIMBER
from studio.cake.props import cake, sled
from studio.shot import Drawing


def face(
    draw: Drawing,
    mood: Mood,
    then: Mood | None = None,
    at: float = 0.7,
    x: float = 0.0,
    y: float = 30.0,
    size: float = 1.0,
    flip: bool = False,
    drift: float = 0.0,
    **how: float,
) -> Item:
    """A face at a world point whose mood turns into another one ``at`` seconds, with a little start before it."""

    def paint(frame: Frame) -> None:
        now, jump = mood, 0.0
        if then is not None:
            k = glide((frame.time - at) / 0.22)
            now = Mood(*(a + (b - a) * k for a, b in zip(astuple(mood), astuple(then), strict=True)))
            jump = 9 * math.sin(math.pi * min(max((frame.time - at + 0.1) / 0.4, 0), 1))
        pen = frame.pen()
        draw(pen.at(x + drift * frame.time, y - jump, size * (1 + jump * 0.002), flip=flip), frame.time, now, **how)
        frame.ink(pen)

    return paint


def moving(draw: Drawing, path: Callable[[float], Mapping[str, float]]) -> Item:
    """A figure whose ``x``, ``y``, ``size``, ``turn``, ``flip`` and whatever else it takes follow from the time."""

    def paint(frame: Frame) -> None:
        how = dict(path(frame.time))
        x, y, size, turn = how.pop("x", 0.0), how.pop("y", 0.0), how.pop("size", 1.0), how.pop("turn", 0.0)
        flip = bool(how.pop("flip", 0))
        pen = frame.pen()
        draw(pen.at(x, y, size, turn, flip), frame.time, **how)
        frame.ink(pen)

    return paint


def crowd(places: tuple[tuple[float, float], ...], size: float = 0.8, cheer: float = 0.0, seed: int = 0) -> Item:
    """Villagers standing at world points, every second one facing left."""

    def paint(frame: Frame) -> None:
        pen = frame.pen()
        for k, (x, y) in enumerate(places):
            villager(pen.at(x, y, size, flip=k % 2 == 1), frame.time + k * 0.3, k + seed, 0.0, cheer)
        frame.ink(pen)

    return paint


def strollers(frame: Frame) -> None:
    """Villagers crossing the square in the morning."""
    pen = frame.pen()
    for k, (x, y, speed) in enumerate(((-230, 128, 34), (60, 132, -30), (250, 146, -38), (-90, 156, 26))):
        villager(pen.at(x + speed * frame.time, y, 0.62 + k * 0.05, flip=speed < 0), frame.time, k * 3 + 1, 0.9)
    frame.ink(pen)


def mitten(pen: Pen, _: float = 0.0, cloth: Colour = TEAL, hand: Colour = CAP) -> None:
    """A mittened hand reaching up from the lower right, its palm at the origin."""
    pen.limb([(150, 190), (90, 110), (40, 44)], [110, 92, 70], cloth)
    pen.limb([(66, 76), (34, 40)], [84, 80], SNOW)
    pen.curve([(52, 40), (20, 50), (-30, 34), (-62, 8), (-58, -12), (-20, -16), (20, -14), (50, 0), (66, 20)], hand)
    pen.limb([(30, -4), (8, -34), (-14, -42)], [26, 24, 17], mix(hand, INK, 0.14))


def reaching_hand(pen: Pen, _: float = 0.0, sleeve: Colour = PLUM, hand: Colour = JET, long: float = 1.0) -> None:
    """A hand with long fingers reaching from the left, its finger tips at the origin."""
    pen.limb([(-420, 60), (-250, 40), (-120, 12)], [90, 76, 56], sleeve)
    pen.limb([(-150, 18), (-118, 10)], [70, 66], CREAM)
    pen.curve([(-120, -22), (-84, -28), (-56, -14), (-56, 22), (-84, 36), (-120, 38)], hand)
    for k, (dx, dy) in enumerate(((-4, -26), (4, -8), (0, 10), (-12, 28))):
        pen.limb([(-66, -14 + 12 * k), (-34, dy * 0.8 - 4), (dx, dy)], [17, 14 * long, 8], mix(hand, INK, 0.1 * k))
    pen.limb([(-96, 30), (-66, 52), (-40, 50)], [18, 15, 9], mix(hand, INK, 0.2))


def kneading(frame: Frame) -> None:
    """Two floury hands in a lump of dough."""
    push = math.sin(frame.time * 5.2)
    pen = frame.pen()
    pen.curve(
        [
            (-150 - 12 * push, 70),
            (-120, -10 + 10 * push),
            (0, -46 + 16 * push),
            (120, -10 + 10 * push),
            (150 + 12 * push, 70),
            (0, 96),
        ],
        (248, 232, 196),
    )
    pen.curve([(-60, 10 + 10 * push), (0, -6 + 16 * push), (60, 10 + 10 * push), (0, 30 + 8 * push)], (226, 204, 164))
    for side in (-1, 1):
        half = pen.at(0, 14 * push, flip=side < 0)
        half.limb([(250, -200), (180, -110), (100, -36)], [84, 66, 44], MUSTARD)
        half.limb([(128, -64), (80, -20), (52, 6)], [48, 44, 34], PINK_SKIN)
        for k in range(4):
            half.limb([(66 - k * 9, -12 + k * 4), (40 - k * 7, 12 + k * 5)], [18, 13], mix(PINK_SKIN, BERRY, 0.06 * k))
    frame.ink(pen)


def riders(x: float, lift: float = 0.0, load: bool = True, size: float = 1.0) -> Item:
    """Pia, the goat in front of her and the cake on the sled, racing down the slope at ``x``."""

    def paint(frame: Frame) -> None:
        here = x + 12 * math.sin(frame.time * 2.2)
        hop = abs(math.sin(frame.time * 6.5)) * 5 + lift
        pen = frame.pen()
        ride = pen.at(here, slope_height(here) + 14 - hop, size, math.atan(SLOPE) - 0.05 * math.cos(frame.time * 6.5))
        on_board(ride, frame.time, load)
        frame.ink(pen)

    return paint


def on_board(ride: Pen, time: float, load: bool = True) -> None:
    """The sled with Pia, the goat at the bow and the cake between them."""
    sled(ride.at(0, 0, 1.5), time)
    if load:
        cake(ride.at(-8, -24, 0.62, 0.06 * math.sin(time * 7)), time)
    pia(ride.at(-46, -24, 1.0), time, wind=1.0, sit=1.0, hx=24, hy=-30, bow=0.1)
    goat(ride.at(46, -22, 0.72), time, 0.0, 0.15)


def tracks(frame: Frame) -> None:
    """The tracks of two runners in the snow, and hoof prints beside them."""
    pen = frame.pen()
    for side in (-40, 40):
        pen.limb(
            [(side - 120, 240), (side - 20, 60), (side + 50, -60), (side + 150, -240)],
            [17, 13, 10, 6],
            mix(SHADE, INK, 0.25),
        )
    for k in range(9):
        x, y = -210 + 40 * k + (k % 2) * 22, 190 - 46 * k
        for toe in (-6, 6):
            pen.oval(x + 44 + toe * 0.8, y, 4.4, 8, mix(SHADE, INK, 0.35))
    frame.ink(pen)


def plank(frame: Frame) -> None:
    """A table top for inserts."""
    pen = frame.pen()
    pen.box(-480, 60, 960, 220, TIMBER)
    for k in range(5):
        pen.limb([(-480, 86 + 30 * k), (480, 92 + 30 * k)], [2, 2], mix(TIMBER, INK, 0.3))
    frame.ink(pen, 0.3)
