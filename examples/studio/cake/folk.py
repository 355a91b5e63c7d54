"""The people of the second film, whole, from the side, facing right; their hands go where they are told."""

from __future__ import annotations

import math

from studio.brush import Colour, Pen, Point, mix
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
    TIMBER_DARK,
)


def legs(pen: Pen, phase: float, pace: float, hip: float, cloth: Colour, width: float) -> None:
    """Two walking legs; ``hip`` is the height of the hips."""
    for far in (True, False):
        turn = phase + (math.pi if far else 0)
        angle, lift = math.sin(turn) * min(pace, 1) * 0.6, max(0.0, math.cos(turn)) * min(pace, 1.4) * hip * 0.2
        foot = (hip * 0.8 * math.sin(angle) + (width * 0.35 if far else -width * 0.35), -3 - lift)
        knee = (foot[0] * 0.5 + 2, -hip * 0.5 - lift * 0.6)
        pen.limb([(0, -hip), knee, foot], [width, width * 0.8, width * 0.7], mix(cloth, INK, 0.35) if far else cloth)
        pen.limb([foot, (foot[0] + width * 0.8, foot[1] + 1)], [width * 0.75, width * 0.5], TIMBER_DARK)


def arm(pen: Pen, shoulder: Point, hand: Point, cloth: Colour, skin: Colour, width: float) -> None:
    """An arm that bends downwards at the elbow."""
    elbow = ((shoulder[0] + hand[0]) / 2 - 3, (shoulder[1] + hand[1]) / 2 + width * 0.6)
    pen.limb([shoulder, elbow, hand], [width, width * 0.85, width * 0.65], cloth)
    pen.oval(hand[0], hand[1], width * 0.38, width * 0.38, skin)


def baker(
    pen: Pen,
    time: float,
    pace: float = 0.0,
    hx: float = 20,
    hy: float = -48,
    gx: float = 26,
    gy: float = -52,
    bow: float = 0.0,
    angry: float = 0.0,
) -> None:
    """Master Anselm, 150 high with his hat; (hx, hy) his near hand, (gx, gy) the far one, ``bow`` bends him."""
    phase = 2 * math.pi * pace * time
    legs(pen, phase, pace, 40, (70, 66, 82), 15)
    body = pen.at(0, -3 * abs(math.sin(phase)) * min(pace, 1) + 0.7 * math.sin(time * 2.3))
    trunk = body.at(0, -34, turn=bow)
    arm(trunk, (8, -46), (gx, gy + 34), mix(MUSTARD, INK, 0.25), PINK_SKIN, 14)
    trunk.curve([(-30, 2), (-34, -26), (-20, -54), (14, -56), (32, -30), (31, 0), (0, 8)], MUSTARD)
    trunk.curve([(0, -50), (18, -50), (33, -28), (32, 4), (4, 12), (-14, 2), (-10, -26)], LINEN)
    trunk.limb([(-30, -8), (-4, -4), (30, -8)], [3, 4, 3], mix(LINEN, INK, 0.2))
    trunk.limb([(-8, -56), (6, -52), (16, -56)], [8, 10, 7], BERRY)
    head = trunk.at(5, -70, turn=0.05 * math.sin(time * 1.6) + bow * 0.5)
    head.oval(0, 0, 18, 17, PINK_SKIN)
    head.oval(-7, 2, 4, 6, mix(PINK_SKIN, BERRY, 0.25))
    head.oval(7, 5, 6, 4.5, mix(PINK_SKIN, BERRY, 0.4))
    head.curve([(4, 6), (14, 4), (22, 9), (27, 2), (25, 13), (14, 15), (4, 12)], MOUSTACHE)
    head.oval(18, 2, 5.5, 5, mix(PINK_SKIN, BERRY, 0.3))
    head.oval(10, -3, 2.0, 2.6, INK)
    head.limb([(4, -8 - 2 * angry), (10, -9), (15, -8 + 4 * angry)], [2, 3.2, 2], MOUSTACHE)
    head.polygon([(-18, -6), (-16, -22), (16, -22), (17, -9)], LINEN)
    for x, y, r in ((-13, -27, 10), (1, -32, 12), (14, -27, 10)):
        head.oval(x, y, r, r * 0.85, LINEN)
    head.limb([(-17, -10), (0, -8), (17, -11)], [2, 2, 2], mix(LINEN, INK, 0.25))
    arm(trunk, (-8, -44), (hx, hy + 34), MUSTARD, PINK_SKIN, 16)


def pia(
    pen: Pen,
    time: float,
    pace: float = 0.0,
    hx: float = 14,
    hy: float = -30,
    wind: float = 0.0,
    bow: float = 0.0,
    sit: float = 0.0,
) -> None:
    """Pia, 96 high with her pompom; ``wind`` blows her braids back, ``sit`` 1 puts her on a sled."""
    phase = 2 * math.pi * pace * time
    if sit:
        pen.limb([(0, -10), (20, -18), (34, -4)], [11, 10, 8], INK)
    else:
        legs(pen, phase, pace, 26, (74, 60, 70), 10)
    body = pen.at(0, -2.4 * abs(math.sin(phase)) * min(pace, 1) + (12 if sit else 0))
    trunk = body.at(0, -22, turn=bow - 0.12 * wind * 0.5)
    trunk.curve([(-19, 6), (-12, -24), (-8, -38), (8, -38), (13, -22), (19, 6), (0, 10)], TEAL)
    trunk.curve([(-19, 6), (-12, -24), (-8, -38), (-2, -36), (-6, 9)], TEAL_DARK)
    trunk.limb([(-17, 7), (0, 10), (18, 7)], [5, 5, 5], SNOW)
    trunk.limb([(-9, -36), (0, -33), (9, -36)], [8, 8, 8], SNOW)
    head = trunk.at(2, -50, turn=0.06 * math.sin(time * 1.9) - bow * 0.4)
    flap = math.sin(time * 8) * wind * 5
    head.limb(
        [(-9, 4), (-16 - 14 * wind, 14 - 8 * wind + flap), (-16 - 30 * wind, 28 - 26 * wind + flap * 1.6)],
        [8, 8, 4],
        COPPER,
    )
    head.oval(0, 0, 14, 13.5, PALE_SKIN)
    head.oval(6, 4, 3.6, 2.6, mix(PALE_SKIN, CAP, 0.4))
    head.oval(8, -1, 1.9, 2.5, INK)
    head.oval(14, 3, 2.4, 2, mix(PALE_SKIN, CAP, 0.3))
    head.limb([(7, 8), (11, 8.4)], [1.4, 1.4], (170, 60, 66))
    head.curve([(-14, 3), (-13, -6), (6, -8), (2, -4), (-8, 0), (-9, 8)], COPPER)
    head.curve([(-15, -4), (-11, -19), (2, -24), (12, -17), (15, -6)], CAP)
    head.limb([(-15, -4), (0, -8), (15, -6)], [6, 6, 6], SNOW)
    head.oval(-2 - 3 * wind, -25, 6.5, 6, SNOW)
    arm(trunk, (-3, -30), (hx, hy + 22), mix(TEAL, INK, 0.12), CAP, 10)


def count(
    pen: Pen,
    time: float,
    pace: float = 0.0,
    hx: float = 22,
    hy: float = -70,
    bow: float = 0.0,
    wind: float = 0.3,
    sit: float = 0.0,
) -> None:
    """Count Krall, 168 high with his hat, in a long plum coat that blows behind him."""
    phase = 2 * math.pi * pace * time
    if sit:
        pen.limb([(0, -30), (30, -34), (36, -4)], [14, 12, 9], JET)
    else:
        legs(pen, phase, pace, 56, JET, 11)
    trunk = pen.at(0, -54 - 2 * abs(math.sin(phase)) * min(pace, 1), turn=bow)
    tail = 6 * math.sin(time * 5) * wind
    if not sit:
        trunk.curve(
            [(-10, -30), (12, -20), (14, 10), (-6, 34), (-26 - 20 * wind, 36 + tail), (-20 - 12 * wind, 4)], PLUM_DARK
        )
    trunk.curve([(-15, 10), (-12, -40), (-8, -58), (9, -58), (14, -36), (15, 12), (0, 16)], PLUM)
    trunk.curve([(6, -56), (14, -36), (15, 12), (6, 14)], JET)
    for k in range(4):
        trunk.oval(8, -44 + 13 * k, 1.8, 1.8, (214, 176, 80))
    trunk.curve([(-16, -50), (-13, -74), (-5, -62), (8, -60), (13, -72), (15, -52), (0, -46)], PLUM_DARK)
    head = trunk.at(3, -74, turn=0.05 * math.sin(time * 1.4) - bow * 0.6)
    head.curve([(-9, -12), (-10, 4), (0, 17), (8, 15), (11, 2), (10, -12)], GREEN_SKIN)
    head.curve([(8, -4), (25, 6), (22, 9), (8, 8)], mix(GREEN_SKIN, BERRY, 0.12))
    head.limb([(8, 10), (16, 11), (21, 6)], [1.6, 2.4, 1], JET)
    head.oval(6, -4, 2.4, 2.4, SNOW)
    head.oval(6.6, -4, 1.5, 1.8, INK)
    head.limb([(0, -9), (6, -8), (11, -6)], [2, 2.6, 1.6], JET)
    head.curve([(-9, -12), (-12, 4), (-6, 2), (-4, -10)], JET)
    head.limb([(-17, -12), (0, -14), (19, -12)], [3, 4, 3], JET)
    head.polygon([(-11, -13), (-12, -44), (12, -44), (11, -13)], JET)
    head.polygon([(-11, -15), (-11, -21), (11, -21), (11, -15)], PLUM)
    arm(trunk, (-3, -50), (hx, hy + 54), mix(PLUM, INK, 0.2), JET, 11)


COATS: tuple[Colour, ...] = (
    (66, 104, 80),
    (168, 72, 60),
    (82, 92, 140),
    (196, 160, 90),
    (130, 84, 120),
    (70, 120, 140),
)


def villager(pen: Pen, time: float, seed: float = 0, pace: float = 0.0, cheer: float = 0.0) -> None:
    """One of the village, about 100 high; ``cheer`` throws up the arms."""
    kind = int(seed)
    coat, phase = COATS[kind % 6], 2 * math.pi * pace * time + kind
    legs(pen, phase, pace, 30, (60, 56, 66), 11)
    body = pen.at(0, -26 - abs(math.sin(time * 5 + kind)) * 6 * cheer, 0.9 + 0.07 * (kind % 4))
    reach = (16 + 4 * math.sin(time * 7 + kind), -46 - 34 * cheer)
    arm(body, (4, -36), (reach[0] + 8, reach[1] + 14), mix(coat, INK, 0.3), PALE_SKIN, 10)
    body.curve([(-19, 6), (-15, -26), (-8, -42), (8, -42), (16, -24), (19, 6), (0, 10)], coat)
    body.limb([(-9, -40), (0, -37), (10, -40)], [7, 7, 7], COATS[(kind + 2) % 6])
    head = body.at(2, -54, turn=0.07 * math.sin(time * 1.7 + kind))
    head.oval(0, 0, 13, 13, (PALE_SKIN, PINK_SKIN, (206, 150, 116))[kind % 3])
    head.oval(13, 2, 3, 2.4, mix(PINK_SKIN, BERRY, 0.3))
    head.oval(7, -2, 1.7, 2.2, INK)
    head.limb([(5, 7), (9, 8 - cheer), (12, 6)], [1.4, 2 + 2 * cheer, 1.4], (140, 50, 56))
    if kind % 2:
        head.curve([(-15, -2), (-12, -17), (0, -20), (13, -15), (15, -5), (0, -7)], COATS[(kind + 3) % 6])
    else:
        head.limb([(-19, -6), (0, -9), (19, -7)], [4, 5, 4], JET)
        head.polygon([(-11, -8), (-8, -22), (8, -22), (11, -8)], COATS[(kind + 1) % 6])
    arm(body, (-4, -36), (-reach[0] + 22 * (1 - cheer), reach[1] + 14), coat, PALE_SKIN, 10)
