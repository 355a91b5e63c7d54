"""The keeper and Mara, whole and close, drawn as the animals are (see animals.py)."""

from __future__ import annotations

import math

import numpy as np

from studio.brush import Pen, mix
from studio.palette import BRASS, COAT, FUR_DARK, HAIR, INK, OIL, OIL_DARK, SCARF, SKIN, SOCK


def lantern(pen: Pen, time: float, burning: bool = True) -> None:
    """A hand lantern about 26 high hanging from its origin."""
    swing = pen.at(0, 0, turn=0.16 * math.sin(time * 3.1))
    swing.limb([(-6, 8), (0, 0), (6, 8)], [1.6, 1.6, 1.6], INK)
    swing.polygon([(-8, 10), (0, 5), (8, 10)], BRASS)
    flame = (255, 214, 120) if burning else (70, 78, 90)
    (swing.lit() if burning else swing).box(-6, 10, 12, 13, flame)
    swing.box(-8, 23, 16, 3, BRASS)


def keeper(pen: Pen, time: float, pace: float = 0.0, lamp: bool = True, burning: bool = True) -> None:
    """The lighthouse keeper in yellow oilskin, facing right, 108 high."""
    phase = 2 * math.pi * pace * time
    bob = -2 * abs(math.sin(phase)) if pace else 0.6 * math.sin(time * 2)
    for far in (True, False):
        angle = math.sin(phase + (math.pi if far else 0)) * min(pace, 1) * 0.5
        lift = max(0.0, math.cos(phase + (math.pi if far else 0))) * min(pace, 1) * 6
        foot = (24 * math.sin(angle) + (4 if far else -3), -2 - lift)
        pen.limb([(2 if far else -2, -36), foot, (foot[0] + 8, foot[1])], [13, 10, 8], INK if far else (44, 40, 46))
    coat = pen.at(0, bob)
    hem = 4 * math.sin(phase + 1)
    if lamp:
        coat.limb([(8, -72), (22, -60), (34, -58)], [13, 10, 7], OIL_DARK)
        coat.oval(35, -58, 4, 4, SKIN)
        lantern(coat.at(35, -56), time, burning)
    coat.curve([(-20 - hem, -26), (-15, -58), (-9, -80), (8, -82), (15, -60), (20 + hem, -26), (0, -22)], OIL)
    coat.curve([(-20 - hem, -26), (-15, -58), (-9, -80), (-4, -60), (-6, -24)], OIL_DARK)
    for button in range(4):
        coat.oval(9, -70 + button * 12, 1.6, 1.6, SOCK)
    coat.limb([(-6, -74), (-10, -58), (-4 + 6 * math.sin(phase), -44)], [13, 11, 8], OIL)
    coat.oval(-4 + 6 * math.sin(phase), -42, 4, 4, SKIN)
    head = coat.at(2, -90, turn=0.06 * math.sin(time * 1.1))
    head.oval(2, 0, 10, 11, SKIN)
    head.curve([(-8, 2), (6, 4), (13, 3), (12, 14), (4, 22), (-5, 14)], HAIR)
    head.oval(8, -1, 1.3, 1.7, INK)
    head.oval(13, 2, 3, 2.4, mix(SKIN, SCARF, 0.25))
    head.curve([(-22, 4), (-12, -5), (-8, -16), (6, -18), (12, -7), (20, -4), (6, -4), (-8, -3)], OIL)
    head.limb([(-20, 3), (-8, -3), (8, -5), (18, -4)], [2, 3.4, 3, 2], OIL_DARK)


def keeper_face(pen: Pen, time: float, worry: float = 0.0) -> None:
    """The keeper's face, about 240 wide around its middle; ``worry`` 0 to 1 lifts brows and opens the mouth."""
    pen.curve([(-150, 260), (-132, 130), (-60, 84), (60, 84), (132, 130), (150, 260)], OIL)
    pen.curve([(-60, 100), (0, 140), (60, 100), (40, 230), (-40, 230)], OIL_DARK)
    pen.curve([(-84, -30), (-80, 40), (-40, 96), (40, 96), (80, 40), (84, -30), (40, -80), (-40, -80)], SKIN)
    pen.curve([(-84, -20), (-76, 44), (-40, 90), (-52, 20), (-60, -40)], mix(SKIN, SOCK, 0.22))
    nod = 2 * math.sin(time * 1.6)
    beard = [(-86, 10), (-60, 34), (-24, 26), (0, 32), (24, 26), (60, 34), (86, 10), (72, 96), (30, 148), (-30, 148)]
    pen.curve([(x, y + nod) for x, y in beard], HAIR)
    rng = np.random.default_rng(3)
    for _ in range(70):
        x, y = rng.uniform(-70, 70), rng.uniform(44, 110)
        tone = mix(HAIR, (120, 124, 138), float(rng.uniform(0, 0.5)))
        pen.limb([(x, y + nod), (x * 0.92, y + 14 + nod), (x * 0.8, y + 30 + nod)], [3, 3, 0.8], tone)
    if worry:
        pen.oval(0, 58 + nod, 15, 4 + 9 * worry, (92, 40, 44))
    for side in (-1, 1):
        half = pen.at(0, 0, flip=side < 0)
        half.curve([(4, 38 + nod), (24, 30 + nod), (62, 48 + nod), (30, 54 + nod), (4, 48 + nod)], (242, 240, 234))
        half.oval(36, -14, 17, 10 + 5 * worry, (246, 240, 230))
        look = 6 * math.sin(time * 1.2) * side
        half.oval(36 + look, -13, 8.4, 8.4, (74, 112, 130))
        half.oval(36 + look, -13, 4.2, 4.2, INK)
        half.lit().oval(39 + look, -16, 2, 2, (255, 255, 250))
        half.limb([(16, -22 - worry * 6), (36, -26 - worry * 4), (56, -18)], [3, 4, 2], mix(SKIN, SOCK, 0.3))
        half.limb([(10, -34 - worry * 14), (34, -44 - worry * 8), (64, -32)], [8, 13, 5], HAIR)
        half.limb([(54, 2), (64, 0), (70, -6)], [1.4, 1.8, 1.0], mix(SKIN, SOCK, 0.4))
    pen.curve([(-12, -8), (0, -16), (12, -8), (22, 24), (0, 34), (-22, 24)], mix(SKIN, SCARF, 0.16))
    pen.oval(-6, 16, 6, 8, mix(SKIN, (255, 240, 220), 0.4))
    pen.curve([(-170, -44), (-90, -70), (0, -62), (90, -70), (170, -44), (96, -36), (0, -44), (-96, -36)], OIL_DARK)
    pen.curve([(-104, -56), (-84, -128), (-30, -156), (30, -156), (84, -128), (104, -56), (0, -50)], OIL)
    pen.curve([(-104, -56), (-84, -128), (-40, -150), (-62, -100), (-66, -56)], OIL_DARK)


def girl_face(pen: Pen, time: float, gale: float = 0.0) -> None:
    """Mara, the girl of the boat: face, dark hair and red scarf in the wind, about 220 wide."""
    rng = np.random.default_rng(9)
    flutter = 14 * gale
    wave = [flutter * math.sin(time * 9 + k * 0.9) for k in range(5)]
    pen.limb([(40, 96), (120, 84 + wave[0]), (200, 96 + wave[2]), (290, 70 + wave[3])], [46, 40, 36, 22], SCARF)
    pen.limb([(40, 110), (120, 128 - wave[1]), (210, 140 + wave[3])], [30, 34, 18], mix(SCARF, INK, 0.3))
    for strand in range(14):
        y, reach = -84 + strand * 11, 150 + rng.uniform(0, 110) * (0.4 + gale)
        bend, sag = wave[strand % 5], 46 * (1 - gale) + rng.uniform(-10, 10)
        tone = mix((46, 30, 34), (96, 62, 52), float(rng.uniform(0, 0.4)))
        tress = [(10, y), (72, y + 8), (72 + (reach - 72) * 0.5, y + sag * 0.4 - bend), (reach, y + sag + bend * 1.5)]
        pen.limb(tress, [30, 26, 15, 1.5], tone)
    pen.curve([(-130, 260), (-110, 150), (-40, 104), (50, 104), (112, 150), (130, 260)], COAT)
    pen.curve([(-76, -40), (-74, 30), (-30, 92), (14, 92), (66, 40), (78, -30), (40, -88), (-40, -86)], SKIN)
    pen.curve([(78, -30), (66, 40), (14, 92), (40, 30), (52, -40)], mix(SKIN, SOCK, 0.2))
    pen.curve(
        [(-84, -18), (-80, -80), (-20, -122), (50, -116), (96, -60), (88, 20), (66, -30), (30, -66), (-30, -58)],
        (46, 30, 34),
    )
    for side in (-1, 1):
        eye = pen.at(-8 + side * 36, -8)
        blink = 0.15 if (time % 2.3) > 2.15 else 1.0
        eye.oval(0, 0, 15, 11 * blink, (250, 244, 236))
        look = 4 * math.sin(time * 1.5)
        if blink == 1.0:
            eye.oval(look - 2, 1, 8, 9, (70, 90, 60))
            eye.oval(look - 2, 1, 4, 5, INK)
            eye.lit().oval(look + 1, -2, 2.2, 2.4, (255, 255, 250))
        eye.limb([(-16, -6), (0, -12), (16, -5)], [2, 4, 2], INK)
        eye.limb([(-17, -22 - 4 * gale * side), (0, -27), (17, -22 + 4 * gale * side)], [3, 6, 3], (46, 30, 34))
    pen.limb([(-14, 4), (-20, 26), (-8, 30)], [1.6, 3, 2], mix(SKIN, SOCK, 0.35))
    pen.limb([(-28, 54), (-8, 58 + 3 * gale), (14, 52)], [2, 5, 2], (164, 66, 66))
    for freckle in range(9):
        pen.oval(-46 + freckle * 10, 24 + 5 * math.sin(freckle * 2.1), 1.6, 1.4, mix(SKIN, FUR_DARK, 0.45))
    pen.curve([(-74, 88), (-20, 108), (60, 92), (76, 116), (10, 142), (-70, 124)], SCARF)
    pen.curve([(-70, 104), (0, 122), (70, 104), (74, 118), (10, 142), (-70, 124)], mix(SCARF, INK, 0.25))


def girl(pen: Pen, time: float, pace: float = 0.0) -> None:
    """Mara standing, facing right, 84 high."""
    phase = 2 * math.pi * pace * time
    for far in (True, False):
        angle = math.sin(phase + (math.pi if far else 0)) * min(pace, 1) * 0.55
        foot = (20 * math.sin(angle) + (2 if far else -2), -2)
        pen.limb([(0, -30), foot, (foot[0] + 6, foot[1])], [9, 8, 6], (60, 48, 44) if far else (78, 60, 52))
    sway = math.sin(time * 4)
    pen.limb([(-2, -60), (-16, -58 + 2 * sway), (-32, -54 + 5 * sway)], [8, 7, 3], SCARF)
    pen.curve([(-13, -24), (-8, -60), (7, -60), (13, -24), (0, -21)], COAT)
    pen.limb([(4, -56), (14, -44), (20, -40 + 5 * math.sin(time * 3))], [8, 7, 5], mix(COAT, INK, 0.2))
    pen.oval(2, -71, 9, 10, SKIN)
    pen.curve([(-10, -62), (-11, -76), (0, -85), (10, -79), (2, -75), (-4, -66)], (46, 30, 34))
    pen.oval(7, -71, 1.2, 1.6, INK)
    pen.limb([(-7, -61), (2, -58), (9, -61)], [6, 7, 5], SCARF)
