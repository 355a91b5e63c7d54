"""Faces that act: the baker, Pia, the Count and the tuba player, seen close, about 220 wide around their middle."""

from __future__ import annotations

import math
from dataclasses import dataclass

from studio.brush import Colour, Pen, mix
from studio.cake.paints import (
    BERRY,
    CAP,
    COPPER,
    GREEN_SKIN,
    INK,
    JET,
    LINEN,
    MOUSTACHE,
    MUSTARD,
    PALE_SKIN,
    PINK_SKIN,
    PLUM,
    PLUM_DARK,
    SNOW,
    TEAL,
    TEAL_DARK,
)


@dataclass(frozen=True)
class Mood:
    """What a face shows.

    ``brow`` -1 (anger) to 1 (worry), ``smile`` -1 to 1, ``open`` (mouth) 0 to 1, ``wide`` (eyes) 0 to 1.5,
    ``look`` -1 (left) to 1 (right), ``turn`` how far the features sit from the middle, in units, ``talk`` how
    much the mouth moves, ``nod`` how much the head does.
    """

    brow: float = 0.0
    smile: float = 0.0
    open: float = 0.0
    wide: float = 1.0
    look: float = 0.0
    turn: float = 0.0
    talk: float = 0.0
    nod: float = 2.0


def eyes(
    pen: Pen, time: float, mood: Mood, place: tuple[float, float, float], iris: Colour, brow: tuple[Colour, float]
) -> None:
    """Two eyes ``place`` = (half their distance, height, radius) with brows of a colour and thickness."""
    apart, y, r = place
    blink = (time + apart) % 2.7 > 2.56 and mood.wide < 1.3
    for side in (-1, 1):
        eye = pen.at(mood.turn + side * apart, y)
        if blink:
            eye.limb([(-r, 0), (0, 4), (r, 0)], [2, 4, 2], INK)
        else:
            tall = r * 0.95 * mood.wide
            eye.oval(0, 0, r + 1.5, tall + 1.5, mix(INK, brow[0], 0.4))
            eye.oval(0, 0, r, tall, (252, 250, 244))
            x = mood.look * r * 0.42 + 0.8 * math.sin(time * 2.1)
            size = min(r * 0.56, tall * 0.9)
            eye.oval(x, 1, size, size, iris)
            eye.oval(x, 1, size * 0.55, size * 0.55, INK)
            eye.lit().oval(x + size * 0.35, 1 - size * 0.4, size * 0.28, size * 0.28, (255, 255, 250))
            eye.limb([(-r - 1, -tall * 0.5), (0, -tall - 1), (r + 1, -tall * 0.5)], [2, 4, 2], INK)
        inner, outer = -mood.brow * r * 0.62, mood.brow * r * 0.3
        lift = -r * (1.25 + 0.35 * max(mood.wide - 1, 0) * 2)
        eye.limb(
            [(-side * r * 0.95, lift + inner), (0, lift - r * 0.25), (side * r * 1.2, lift + outer)],
            [brow[1] * 0.8, brow[1], brow[1] * 0.4],
            brow[0],
        )


def mouth(pen: Pen, time: float, mood: Mood, y: float, width: float, lip: Colour) -> None:
    """A mouth that smiles, gapes or talks."""
    gape = mood.open + mood.talk * abs(math.sin(time * 10.3) * math.sin(time * 4.1 + 0.6))
    at, curl = pen.at(mood.turn * 1.1, y), mood.smile * width * 0.34
    if gape < 0.08:
        at.limb([(-width, -curl), (0, curl * 0.7), (width, -curl)], [2.5, 5, 2.5], lip)
        return
    deep = width * 1.1 * gape
    top = [(-width, -curl), (-width * 0.5, -curl * 0.2 - 2), (0, -2), (width * 0.5, -curl * 0.2 - 2), (width, -curl)]
    at.curve([*top, (width * 0.66, deep * 0.8), (0, deep), (-width * 0.66, deep * 0.8)], (96, 26, 36))
    if gape > 0.2:
        at.curve(
            [(-width * 0.4, deep * 0.7), (0, deep * 0.55), (width * 0.4, deep * 0.7), (0, deep * 0.95)], (220, 96, 96)
        )
        at.curve([(-width * 0.66, 0), (0, 1), (width * 0.66, 0), (width * 0.5, 7), (0, 9), (-width * 0.5, 7)], SNOW)


def baker_face(pen: Pen, time: float, mood: Mood) -> None:
    """Master Anselm: round, red cheeks, a walnut moustache, a tall white hat."""
    pen.curve([(-190, 260), (-160, 140), (-70, 100), (70, 100), (160, 140), (190, 260)], MUSTARD)
    pen.curve([(-90, 270), (-70, 130), (0, 150), (70, 130), (90, 270)], LINEN)
    pen.curve([(-70, 96), (0, 124), (70, 96), (60, 130), (0, 148), (-60, 130)], BERRY)
    head = pen.at(0, mood.nod * math.sin(time * 2.4))
    for side in (-1, 1):
        head.oval(side * 102, 10, 16, 24, mix(PINK_SKIN, BERRY, 0.15))
    head.curve(
        [(-102, -20), (-104, 44), (-62, 108), (62, 108), (104, 44), (102, -20), (60, -70), (-60, -70)], PINK_SKIN
    )
    head.curve(
        [(-102, -20), (-104, 44), (-62, 108), (-20, 112), (-74, 50), (-84, -30)], mix(PINK_SKIN, MOUSTACHE, 0.16)
    )
    for side in (-1, 1):
        head.oval(mood.turn * 0.8 + side * 66, 36, 26, 20, mix(PINK_SKIN, BERRY, 0.34))
    eyes(head, time, mood, (38, -10, 18), (92, 66, 40), (MOUSTACHE, 12))
    mouth(head, time, mood, 72, 26, (150, 62, 62))
    nose = head.at(mood.turn * 1.3, 0)
    lift = -5 * mood.smile + 3 * math.sin(time * 10) * mood.talk
    for side in (-1, 1):
        half = nose.at(0, 0, flip=side < 0)
        half.curve(
            [
                (0, 40),
                (22, 36),
                (52, 44),
                (74, 36 + lift * 2),
                (88, 18 + lift * 2),
                (84, 48 + lift),
                (52, 68),
                (14, 62),
            ],
            MOUSTACHE,
        )
        half.limb([(10, 50), (44, 56), (74, 42 + lift)], [3, 4, 1], mix(MOUSTACHE, PINK_SKIN, 0.3))
    nose.oval(0, 24, 21, 19, mix(PINK_SKIN, BERRY, 0.26))
    nose.oval(-6, 17, 6, 5, mix(PINK_SKIN, SNOW, 0.5))
    head.curve([(-96, -38), (-92, -78), (0, -92), (92, -78), (96, -38), (0, -58)], LINEN)
    for x, y, r in ((-78, -120, 52), (-20, -142, 60), (44, -138, 58), (86, -116, 46)):
        head.oval(x, y, r, r * 0.82, LINEN)
    for x in (-60, -20, 24, 64):
        head.limb([(x, -72), (x * 1.1, -96), (x * 1.2, -118)], [2, 3, 1], mix(LINEN, (120, 130, 150), 0.4))


def pia_face(pen: Pen, time: float, mood: Mood, tear: bool = False) -> None:
    """Pia: freckles, copper braids, a red cap with a pompom, a teal coat with a white collar."""
    pen.curve([(-150, 260), (-128, 160), (-56, 112), (56, 112), (128, 160), (150, 260)], TEAL)
    pen.curve([(-60, 120), (0, 200), (-10, 270), (-120, 270), (-110, 160)], TEAL_DARK)
    head = pen.at(0, mood.nod * math.sin(time * 2.9))
    for side in (-1, 1):
        sway = 5 * math.sin(time * 3 + side)
        for knot in range(5):
            head.oval(
                side * (86 + 3 * knot) + sway * knot * 0.3,
                44 + knot * 26,
                19 - knot,
                17,
                mix(COPPER, INK, 0.12 * (knot % 2)),
            )
        head.oval(side * 100 + sway * 1.5, 168, 9, 7, CAP)
    head.curve([(-88, -30), (-86, 40), (-42, 100), (42, 100), (86, 40), (88, -30), (50, -90), (-50, -90)], PALE_SKIN)
    head.curve([(88, -30), (86, 40), (42, 100), (20, 102), (62, 40), (66, -40)], mix(PALE_SKIN, COPPER, 0.2))
    for side in (-1, 1):
        head.oval(mood.turn * 0.8 + side * 56, 38, 19, 13, mix(PALE_SKIN, CAP, 0.32))
        for dot in range(4):
            head.oval(
                mood.turn + side * (34 + dot * 8), 28 + 6 * math.sin(dot * 2.2), 2, 1.8, mix(PALE_SKIN, COPPER, 0.6)
            )
    head.curve(
        [(-92, -20), (-70, -66), (-10, -62), (40, -70), (92, -20), (70, -40), (20, -44), (-30, -36), (-70, -34)], COPPER
    )
    eyes(head, time, mood, (36, -4, 19), (40, 112, 90), (mix(COPPER, INK, 0.3), 7))
    nose = head.at(mood.turn * 1.4, 0)
    nose.oval(0, 30, 9, 7, mix(PALE_SKIN, CAP, 0.3))
    mouth(head, time, mood, 62, 24, (186, 66, 72))
    if tear:
        roll = (time * 46) % 74
        head.lit().oval(mood.turn + 40, 16 + roll, 5, 7, (206, 238, 252))
    head.curve([(-96, -44), (-84, -116), (-30, -150), (30, -150), (84, -116), (96, -44)], CAP)
    for x in (-60, -30, 0, 30, 60):
        head.limb([(x, -60), (x * 0.86, -104), (x * 0.5, -142)], [2, 2.4, 1], mix(CAP, INK, 0.25))
    head.curve([(-104, -40), (-100, -72), (0, -88), (100, -72), (104, -40), (0, -58)], SNOW)
    head.oval(4, -158, 30, 27, SNOW)
    pen.curve([(-92, 118), (-40, 98), (0, 112), (40, 98), (92, 118), (76, 156), (0, 164), (-76, 156)], SNOW)


def count_face(pen: Pen, time: float, mood: Mood) -> None:
    """Count Krall: long, greenish, a nose like a beak, a monocle, a plum collar."""
    pen.curve([(-170, 260), (-140, 150), (-60, 120), (60, 120), (140, 150), (170, 260)], JET)
    for side in (-1, 1):
        pen.at(0, 0, flip=side < 0).curve([(18, 150), (60, 60), (118, 6), (126, 90), (96, 200), (30, 250)], PLUM)
        pen.at(0, 0, flip=side < 0).curve([(96, 40), (118, 6), (126, 90), (96, 200), (80, 120)], PLUM_DARK)
    head = pen.at(0, mood.nod * math.sin(time * 2.0), turn=0.03 * math.sin(time * 1.3))
    head.curve([(-66, -60), (-70, 10), (-44, 96), (0, 138), (44, 96), (70, 10), (66, -60), (0, -80)], GREEN_SKIN)
    head.curve([(-66, -60), (-70, 10), (-44, 96), (0, 138), (-24, 70), (-44, -10)], mix(GREEN_SKIN, PLUM_DARK, 0.28))
    for side in (-1, 1):
        head.curve([(side * 66, -40), (side * 78, -10), (side * 60, 30), (side * 56, -30)], JET)
    eyes(head, time, mood, (31, -14, 15), (150, 40, 60), (JET, 7))
    glass = head.at(mood.turn + 31, -14)
    for k in range(24):
        a = k * math.pi / 12
        glass.oval(22 * math.cos(a), 22 * math.sin(a), 3, 3, (214, 176, 80))
    shine = (time * 0.8) % 1.6
    if shine < 1:
        glass.lit().limb([(-14 + 26 * shine, -12), (-20 + 26 * shine, 10)], [3, 5], (255, 255, 255))
    glass.limb([(16, 18), (34, 70), (20, 130)], [1.5, 1.5, 1.5], (214, 176, 80))
    mouth(head, time, mood, 84, 27, (120, 50, 66))
    nose = head.at(mood.turn * 1.3, 0)
    nose.curve(
        [(-9, -14), (8, -14), (16, 30), (20 + mood.turn * 0.5, 56), (0, 62), (-18, 44)], mix(GREEN_SKIN, BERRY, 0.12)
    )
    nose.oval(-5, 24, 3, 16, mix(GREEN_SKIN, SNOW, 0.45))
    twirl = 4 * math.sin(time * 3)
    for side in (-1, 1):
        half = nose.at(0, 0, flip=side < 0)
        half.limb([(2, 66), (30, 68), (54, 56), (62, 40 + twirl)], [5, 6, 4, 1.5], JET)
    head.curve([(-84, -62), (0, -80), (84, -62), (92, -52), (0, -46), (-92, -52)], JET)
    head.polygon([(-62, -66), (-70, -230), (70, -230), (62, -66)], JET)
    head.polygon([(-63, -72), (-65, -100), (65, -100), (63, -72)], PLUM)


def tuba_face(pen: Pen, time: float, _: Mood) -> None:
    """A village musician whose cheeks blow up and down behind his tuba."""
    puff = abs(math.sin(time * 6.3))
    pen.curve([(-170, 260), (-140, 150), (-60, 110), (60, 110), (140, 150), (170, 260)], (60, 104, 70))
    pen.oval(0, 10, 92 + 6 * puff, 96, (232, 168, 136))
    for side in (-1, 1):
        pen.oval(side * (62 + 12 * puff), 44, 34 + 16 * puff, 30 + 8 * puff, (226, 120, 106))
    eyes(pen, time, Mood(brow=0.6, wide=0.6 + 0.8 * puff), (34, -14, 16), (70, 90, 120), ((120, 120, 126), 10))
    pen.oval(0, 22, 16, 14, (216, 110, 100))
    pen.curve([(-100, -40), (-60, -100), (0, -112), (60, -100), (100, -40), (0, -64)], (60, 104, 70))
    pen.limb([(60, -90), (84, -150), (70, -170)], [6, 12, 2], BERRY)
    pen.limb([(0, 62), (30, 84), (110, 80), (150, 0), (150, -60)], [12, 20, 30, 40, 50], (216, 164, 62))
    pen.oval(160, -96, 90 + 4 * puff, 50, (176, 124, 40))
    pen.oval(160, -100, 78 + 4 * puff, 40, (240, 200, 110))
    pen.oval(160, -98, 46, 22, (130, 88, 34))
