"""What the figures do in the shots that need more than a figure moving along a line."""

from __future__ import annotations

import math

import numpy as np

from studio.animals import fox, fox_curled, fox_sitting
from studio.brush import Frame, Item, glide, glow, mix
from studio.palette import HAIR, INK, OIL, OIL_DARK, SKIN, SOCK
from studio.people import girl, keeper
from studio.sea import swell_height
from studio.shore import path_height
from studio.things import boat, crystal


def afloat(size: float, x: float, speed: float = 0.0, sail: float = 0.0, big: float = 34.0) -> Item:
    """The boat on the third row of a stormy sea, following its waves."""

    def paint(frame: Frame) -> None:
        here = x + speed * frame.time
        rise, swell_size = 0.0, big * 0.95
        rise = float(swell_height(here, frame.time, 3, swell_size))
        ahead = float(swell_height(here + 30, frame.time, 3, swell_size))
        pen = frame.pen()
        boat(pen.at(here, 98 - rise, size, turn=-math.atan2(ahead - rise, 30) * 0.9), frame.time, sail, True, 0.6)
        frame.ink(pen)

    return paint


def walker(lamp: bool, x: float, speed: float, size: float) -> Item:
    """The keeper walking along the cliff path with his lantern."""

    def paint(frame: Frame) -> None:
        here = x + speed * frame.time
        y = path_height(here) + 6
        pen = frame.pen()
        keeper(pen.at(here, y, size), frame.time, 0.9, lamp)
        frame.ink(pen)
        glow(frame, here + 35 * size, y - 38 * size, 120, (255, 196, 104), 0.75)

    return paint


def cloud_bank(frame: Frame) -> None:
    """A storm cloud growing over the sea."""
    pen = frame.pen()
    rng = np.random.default_rng(12)
    for k in range(120):
        angle, reach = rng.uniform(0, 2 * math.pi), rng.uniform(0, 1) ** 0.5
        grow = 0.62 + 0.13 * frame.time
        x = 60 + math.cos(angle) * reach * 250 * grow - 12 * frame.time
        y = -70 + math.sin(angle) * reach * 74 * grow
        roll = 6 * math.sin(frame.time * 1.4 + k)
        tone = mix((24, 26, 38), (124, 128, 142), max(0.0, min(1.0, (-y - 20) / 120)) * rng.uniform(0.6, 1))
        pen.lit().oval(x, y + roll, rng.uniform(26, 52) * grow, rng.uniform(18, 34) * grow, tone)
    frame.ink(pen, 0.5)


def crowd(frame: Frame) -> None:
    """People under umbrellas hurrying along the street."""
    for k, (x, speed, coat) in enumerate(
        ((-260, 46, (60, 70, 110)), (-60, -34, (110, 50, 56)), (120, 40, (70, 90, 80)), (300, -52, (90, 80, 60)))
    ):
        pen = frame.pen()
        here, phase = pen.at(x + speed * frame.time, 146 + k * 7, 0.75 + k * 0.06, flip=speed < 0), frame.time * 7 + k
        for leg in (0.0, math.pi):
            here.limb([(0, -36), (9 * math.sin(phase + leg), -18), (15 * math.sin(phase + leg), -1)], [9, 8, 7], INK)
        here.curve([(-14, -24), (-9, -70), (9, -70), (14, -24), (0, -20)], coat)
        here.oval(1, -80, 8, 9, SKIN)
        here.limb([(6, -60), (12, -80), (10, -112)], [5, 2, 2], INK)
        here.curve(
            [(-36, -100), (-24, -124), (10, -136), (42, -122), (54, -98), (30, -106), (8, -100), (-14, -106)],
            mix(coat, (230, 60, 60), 0.4),
        )
        frame.ink(pen)


def butterfly(frame: Frame) -> None:
    """A butterfly in front of the fox."""
    pen = frame.pen()
    wing = abs(math.sin(frame.time * 13))
    here = pen.at(-30 + 118 * frame.time, 40 + 14 * math.sin(frame.time * 4))
    for side in (-1, 1):
        here.oval(side * 6 * wing, -3, 7 * wing + 0.6, 7, (90, 120, 220))
        here.oval(side * 4 * wing, 5, 5 * wing + 0.6, 5, (140, 180, 250))
    here.limb([(0, -7), (0, 7)], [1.6, 1.2], INK)
    frame.ink(pen)


def cliff_pair(frame: Frame) -> None:
    """Keeper and fox sitting on the cliff, watching the sun go down."""
    pen = frame.pen()
    man = pen.at(-84, 62, 0.95)
    breath = math.sin(frame.time * 1.7)
    man.limb([(6, -14), (34, -14), (38, 10)], [16, 14, 11], SOCK)
    man.curve([(-24, 2), (-20, -30), (-10, -56 - breath), (12, -56 - breath), (20, -24), (18, 2)], OIL)
    man.curve([(-24, 2), (-20, -30), (-10, -56), (-4, -30), (-8, 2)], OIL_DARK)
    head = man.at(3, -68 - breath)
    head.oval(2, 0, 10, 11, SKIN)
    head.curve([(-6, 4), (8, 4), (13, 6), (10, 18), (2, 20)], HAIR)
    head.curve([(-22, 4), (-12, -5), (-8, -16), (6, -18), (12, -7), (20, -4), (6, -4), (-8, -3)], OIL)
    man.limb([(8, -44), (28, -34), (52, -40)], [12, 10, 8], OIL)
    fox_sitting(pen.at(-26, 64, 0.82), frame.time)
    frame.ink(pen)


def basket(frame: Frame) -> None:
    """The fox asleep in his basket."""
    pen = frame.pen()
    pen.oval(-60, 138, 64, 16, (120, 78, 44))
    fox_curled(pen.at(-60, 138, 1.1), frame.time)
    for k in range(11):
        pen.limb([(-124 + k * 12.6, 136), (-118 + k * 12, 156)], [8, 7], mix((150, 100, 56), (110, 70, 40), k % 2))
    pen.limb([(-124, 138), (-60, 148), (4, 138)], [7, 8, 7], (170, 116, 66))
    frame.ink(pen)


def polishing(frame: Frame) -> None:
    """The keeper rubbing the lens."""
    pen = frame.pen()
    keeper(pen.at(-96, 112, 1.5), frame.time, 0.0, lamp=False)
    hand = (-50 + 14 * math.sin(frame.time * 6), -20 + 10 * math.cos(frame.time * 6))
    pen.limb([(-88, 2), (-66, 6), hand], [20, 16, 11], OIL_DARK)
    pen.oval(*hand, 8, 8, SKIN)
    pen.curve(
        [
            (hand[0] - 4, hand[1] - 10),
            (hand[0] + 14, hand[1] - 6),
            (hand[0] + 12, hand[1] + 14),
            (hand[0] - 2, hand[1] + 10),
        ],
        (230, 230, 236),
    )
    frame.ink(pen)


def placing(frame: Frame) -> None:
    """A hand lifts the crystal into the lens."""
    done = glide(frame.time / 1.0)
    x, y = 110 - 96 * done, 110 - 110 * done
    pen = frame.pen()
    pen.limb([(x + 150, y + 150), (x + 60, y + 70), (x + 14, y + 30)], [60, 40, 24], OIL)
    pen.limb([(x + 26, y + 40), (x + 8, y + 24), (x - 8, y + 12)], [24, 18, 9], SKIN)
    crystal(pen.at(x, y), frame.time, 0.9)
    pen.limb([(x + 24, y + 36), (x + 14, y + 14), (x + 4, y + 4)], [16, 12, 8], SKIN)
    frame.ink(pen)
    glow(frame, x, y, 90, (150, 220, 255), 0.7)


def carrying(frame: Frame) -> None:
    """The fox running with the crystal in his mouth."""
    pen = frame.pen()
    x = -150 + 230 * frame.time
    fox(pen.at(x, 128, 1.0), frame.time, 2.6)
    crystal(pen.at(x + 72, 88), frame.time, 0.4)
    frame.ink(pen)
    glow(frame, x + 72, 88, 80, (150, 220, 255), 0.8)


def glowing_crystal(frame: Frame) -> None:
    """The crystal, close."""
    pen = frame.pen()
    crystal(pen.at(0, -4 + 4 * math.sin(frame.time * 2)), frame.time, 2.6)
    frame.ink(pen)
    glow(frame, 0, 0, 230, (120, 200, 255), 0.62 + 0.1 * math.sin(frame.time * 3))


def gutter(time: float) -> float:
    """The lamp's brightness while it dies."""
    return max(0.0, 0.85 * (1 - glide((time - 0.5) / 1.5)) * (1 + 0.06 * math.sin(time * 17)))


def flare(time: float) -> float:
    """The lamp's brightness while it comes back."""
    return 0.25 + 0.75 * glide(time / 1.8)


def steady(time: float) -> float:
    """The brightness of the burning lamp."""
    return 0.72 + 0.03 * math.sin(time * 9)


def night_lamp(frame: Frame) -> None:
    """The keeper's lantern far off among the trees."""
    pen = frame.pen()
    x = -120 + 30 * frame.time
    keeper(pen.at(x, 128, 0.55), frame.time, 0.8)
    frame.ink(pen)
    glow(frame, x + 20, 102, 110, (255, 190, 96), 0.85)


def meeting(frame: Frame) -> None:
    """Keeper and fox face to face, by lantern light."""
    pen = frame.pen()
    keeper(pen.at(-96, 136, 1.25), frame.time, 0.0)
    fox(pen.at(96 - 8 * frame.time, 136, 1.0, flip=True), frame.time, 0.0)
    frame.ink(pen)
    glow(frame, -52, 78, 210, (255, 190, 96), 0.8)


def rummaging(frame: Frame) -> None:
    """The keeper searching the attic, his lantern going ahead."""
    pen = frame.pen()
    x = -210 + 80 * frame.time
    keeper(pen.at(x, 132, 1.35), frame.time, 0.8)
    frame.ink(pen)
    glow(frame, x + 48, 70, 230, (255, 186, 96), 0.8)


def at_table(frame: Frame) -> None:
    """The keeper bent over his table."""
    pen = frame.pen()
    keeper(pen.at(20, 130, 1.25), frame.time, 0.0, lamp=False)
    pen.box(40, 72, 130, 8, (128, 84, 54))
    pen.box(52, 80, 8, 54, (96, 60, 40))
    pen.box(150, 80, 8, 54, (96, 60, 40))
    pen.polygon([(62, 72), (70, 66), (140, 66), (148, 72)], (236, 216, 170))
    reach = 84 + 16 * math.sin(frame.time * 2.4)
    pen.limb([(26, 42), (52, 60), (reach, 64)], [16, 13, 9], OIL)
    pen.oval(reach, 64, 5.5, 5, SKIN)
    pen.limb([(reach, 63), (reach + 5, 46)], [2, 2.4], (70, 50, 120))
    frame.ink(pen)


def loading(frame: Frame) -> None:
    """Mara carrying a sack along the quay."""
    pen = frame.pen()
    x = -260 + 34 * frame.time
    girl(pen.at(x, 128, 0.9), frame.time, 0.8)
    pen.curve([(x - 4, 62), (x + 14, 58), (x + 24, 70), (x + 20, 88), (x, 88)], (206, 176, 122))
    frame.ink(pen)


def reunion(frame: Frame) -> None:
    """Mara and the keeper on the quay, the fox between them."""
    pen = frame.pen()
    near = glide(frame.time / 2.5)
    keeper(pen.at(-300 + 40 * near, 134, 0.9), frame.time, 0.7 * (1 - near), lamp=False)
    girl(pen.at(-140 - 30 * near, 134, 0.95, flip=True), frame.time, 0.8 * (1 - near))
    fox_sitting(pen.at(-214, 146, 0.5), frame.time)
    frame.ink(pen)
