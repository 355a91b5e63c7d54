"""The figures of the film: drawn with a pen, origin at their feet (or their middle, where they float), y down.

Every figure takes the pen and the time in seconds; the same time gives the same drawing.
"""

from __future__ import annotations

import math

import numpy as np

from studio.brush import Colour, Pen, mix

FUR, FUR_DARK, SOCK, CREAM = (216, 104, 42), (176, 74, 30), (58, 36, 34), (248, 228, 198)
OIL, OIL_DARK, HAIR, SKIN = (238, 186, 44), (190, 136, 30), (226, 224, 216), (226, 170, 136)
SCARF, COAT, BRASS, WOOD = (200, 40, 52), (52, 74, 112), (212, 164, 72), (112, 72, 46)
INK: Colour = (26, 24, 32)


def _legs(pen: Pen, phase: float, swing: float, far: bool) -> None:
    shift = 0.7 if far else 0.0
    for hip, offset in ((-19.0, 0.0), (19.0, math.pi * 0.75)):
        angle = math.sin(phase + offset + shift) * swing
        lift = max(0.0, math.cos(phase + offset + shift)) * swing * 9
        knee = (hip + 10 * math.sin(angle) + (-2 if hip < 0 else 2), -14.0)
        foot = (hip + 24 * math.sin(angle), -lift)
        upper = FUR_DARK if far else FUR
        pen.limb([(hip, -26), knee], [11, 6], upper)
        pen.limb([knee, foot, (foot[0] + 5, foot[1])], [6, 4, 4], SOCK)


def fox(pen: Pen, time: float, pace: float = 0.0) -> None:
    """A fox from the side, facing right, about 100 long; ``pace`` is strides per second, 0 stands."""
    phase = 2 * math.pi * pace * time
    swing = min(pace * 0.35, 0.95)
    stretch = 3 * math.sin(phase) if pace > 1.5 else 0.0
    sway = 7 * math.sin(phase if pace else time * 1.7)
    _legs(pen, phase + 0.5, swing, far=True)
    body = pen.at(0, -30 + abs(math.sin(phase)) * -3 * min(pace, 2), turn=0.05 * math.sin(phase) * min(pace, 2))
    body.limb([(-24, -2), (-42, 2), (-62, 2 + sway), (-84, -4 + sway * 1.5)], [6, 13, 19, 4], FUR_DARK)
    body.limb([(-66, 2 + sway * 1.05), (-76, 0 + sway * 1.3), (-86, -4 + sway * 1.5)], [13, 9, 2], CREAM)
    torso = [(-30 - stretch, -2), (-22, -12), (0, -10), (20, -14), (33 + stretch, -8), (28, 8), (6, 8), (-20, 9)]
    body.curve(torso, FUR)
    body.curve([(30 + stretch, -6), (32 + stretch, 4), (22, 11), (8, 7), (18, 2)], CREAM)
    head = body.at(40 + stretch, -17, turn=0.1 * math.sin(time * 1.3))
    head.polygon([(-4, -7), (-5, -26), (6, -12)], FUR_DARK)
    head.curve([(-13, 6), (-11, -8), (1, -14), (12, -8), (27, 2), (27, 5), (13, 9), (-1, 12)], FUR)
    head.polygon([(-10, -7), (-13, -25), (0, -13)], FUR)
    head.polygon([(-9, -11), (-12, -23), (-4, -13)], SOCK)
    head.curve([(-3, 11), (4, 4), (16, 3), (26, 4), (14, 9)], CREAM)
    head.oval(26, 3, 2.4, 2.2, INK)
    head.oval(8, -3, 2.0, 2.4, INK)
    head.lit().oval(8.6, -3.8, 0.7, 0.8, (250, 244, 220))
    _legs(pen, phase, swing, far=False)


def fox_sitting(pen: Pen, time: float) -> None:
    """The fox sitting, seen from behind its left side, facing right; about 70 high."""
    sway = 4 * math.sin(time * 1.4)
    pen.limb([(-14, -6), (-34, -4), (-50, -10 + sway), (-58, -26 + sway)], [8, 16, 17, 3], FUR_DARK)
    pen.limb([(-52, -14 + sway), (-58, -26 + sway)], [13, 3], CREAM)
    pen.curve([(-20, -1), (-22, -22), (-8, -46), (8, -52), (16, -40), (14, -18), (16, 0), (-4, 1)], FUR)
    pen.curve([(10, -48), (18, -38), (16, -18), (10, -24)], CREAM)
    pen.limb([(10, -26), (13, -10), (14, -1), (19, -1)], [9, 6, 5, 4], SOCK)
    pen.curve([(-20, -1), (-18, -18), (-2, -20), (6, -2)], FUR_DARK)
    head = pen.at(6, -60, turn=0.08 * math.sin(time * 0.9))
    head.polygon([(-10, -7), (-13, -26), (0, -13)], FUR_DARK)
    head.polygon([(-2, -9), (0, -28), (9, -11)], FUR)
    head.curve([(-13, 4), (-11, -8), (1, -14), (11, -8), (25, 3), (25, 6), (12, 10), (-2, 13)], FUR)
    head.curve([(0, 12), (6, 5), (16, 4), (24, 5), (12, 10)], CREAM)
    head.oval(24, 3, 2.2, 2.0, INK)
    head.oval(8, -2, 1.8, 2.2, INK)


def fox_curled(pen: Pen, time: float) -> None:
    """The fox asleep, rolled up; about 80 wide. It breathes."""
    breath = 1 + 0.03 * math.sin(time * 2.2)
    pen.oval(0, -18 * breath, 40, 19 * breath, FUR)
    pen.oval(-8, -22 * breath, 24, 11 * breath, mix(FUR, CREAM, 0.14))
    head = pen.at(26, -14)
    head.polygon([(-4, -7), (2, -22), (9, -8)], FUR_DARK)
    head.polygon([(-12, -6), (-9, -21), (0, -9)], FUR)
    head.curve([(-14, 0), (-8, -10), (6, -9), (14, 2), (8, 12), (-6, 10)], FUR)
    head.limb([(-3, 1), (1, 3), (5, 2)], [1.4, 1.8, 1.2], INK)
    pen.limb([(-38, -10), (-24, 0), (4, 1), (30, -1)], [8, 16, 18, 5], FUR_DARK)
    pen.limb([(12, 1), (31, -1)], [14, 4], CREAM)


def fox_face(pen: Pen, time: float, shine: float = 0.0) -> None:
    """The fox's face, frontal, about 200 wide around its middle; ``shine`` is how much the eyes glow."""
    twitch = 0.12 * max(0.0, math.sin(time * 5.3)) ** 8
    blink = 0.12 if (time % 1.9) > 1.72 else 1.0
    pen.curve([(-120, 150), (-104, 50), (-50, 20), (50, 20), (104, 50), (120, 150), (0, 260), (-120, 260)], FUR_DARK)
    pen.curve([(-64, 150), (-52, 70), (0, 50), (52, 70), (64, 150), (0, 250)], CREAM)
    for side in (-1, 1):
        ear = pen.at(side * 58, -60, turn=side * twitch, flip=side < 0)
        ear.curve([(-34, 8), (10, -82), (26, -84), (44, 30)], FUR)
        ear.curve([(-14, 0), (14, -64), (22, -64), (32, 20)], SOCK)
        for hair in range(6):
            ear.limb([(-8 + hair * 7, 14), (-2 + hair * 5, -14 - hair * 4)], [5, 1], mix(CREAM, FUR, hair / 9))
    face = [(-98, -4), (-74, -62), (0, -84), (74, -62), (98, -4), (64, 46), (26, 82), (0, 92), (-26, 82), (-64, 46)]
    pen.curve(face, FUR)
    rng = np.random.default_rng(5)
    for _ in range(90):
        x, y = rng.uniform(-80, 80), rng.uniform(-74, 20)
        tone = mix(FUR, FUR_DARK if rng.random() < 0.6 else CREAM, float(rng.uniform(0.1, 0.45)))
        pen.limb([(x, y), (x * 1.05, y + rng.uniform(6, 13))], [2.4, 0.6], tone)
    for side in (-1, 1):
        half = pen.at(0, 0, flip=side < 0)
        half.curve([(104, 4), (70, 2), (38, 22), (16, 50), (6, 86), (26, 82), (64, 48), (88, 30)], CREAM)
        for tuft in range(5):
            half.limb([(70 - tuft * 8, 30 + tuft * 9), (96 - tuft * 9, 40 + tuft * 10)], [9, 1], CREAM)
        eye = half.at(41, -12, turn=0.28)
        eye.curve([(-24, 3), (-4, -14 * blink), (22, -2), (4, 13 * blink)], INK)
        if blink == 1.0:
            glowing = eye.lit() if shine else eye
            glowing.curve([(-17, 2), (-2, -10), (15, -1), (2, 10)], mix((222, 150, 40), (255, 226, 130), shine))
            look = 2.5 * math.sin(time * 0.8) * side
            eye.oval(-1 + look, 0, 4.2, 9, INK)
            eye.lit().oval(2 + look, -4, 2.4, 2.8, (255, 250, 236))
        half.limb([(20, 62), (60, 66), (104, 58 + 3 * math.sin(time * 4))], [1.6, 1.2, 0.6], (240, 232, 220))
        half.limb([(20, 68), (56, 80), (92, 84)], [1.6, 1.2, 0.6], (240, 232, 220))
    pen.curve([(-13, 64), (0, 59), (13, 64), (7, 76), (0, 80), (-7, 76)], INK)
    pen.oval(-4, 66, 3.6, 2.0, (110, 104, 112))
    pen.limb([(-16, 88), (0, 84), (16, 88)], [1.2, 2.4, 1.2], INK)


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
    pen.curve([(-84, -18), (-80, -80), (-20, -122), (50, -116), (96, -60), (88, 20), (66, -30), (30, -66), (-30, -58)], (46, 30, 34))
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
        eye.limb([(-17 , -22 - 4 * gale * side), (0, -27), (17, -22 + 4 * gale * side)], [3, 6, 3], (46, 30, 34))
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


def boat(pen: Pen, time: float, sail: float = 1.0, crew: bool = True, rock: float = 1.0) -> None:
    """Mara's boat, bow to the right, 130 long, origin at the water line; ``sail`` 0 (furled) to 1."""
    hull = pen.at(0, 2 * math.sin(time * 2) * rock, turn=0.06 * rock * math.sin(time * 1.7))
    hull.limb([(2, -8), (4, -70), (4, -136)], [4, 3.4, 2.2], WOOD)
    if crew:
        girl(hull.at(-30, -4, 0.62), time)
    if sail > 0.1:
        belly = 10 + 4 * math.sin(time * 2.3)
        hull.curve([(6, -130), (26, -96), (40 * sail + belly, -60), (50 * sail, -32), (6, -28)], (226, 208, 176))
        hull.polygon([(10, -74), (38 * sail + belly * 0.6, -66), (46 * sail, -48), (9, -52)], (190, 72, 56))
        hull.curve([(1, -118), (-18, -80), (-34 * sail, -44), (0, -38)], (206, 186, 156))
    else:
        hull.limb([(-28, -32), (4, -34), (40, -30)], [6, 9, 5], (206, 190, 160))
    hull.polygon([(4, -136), (-16, -132 + 2 * math.sin(time * 7)), (4, -127)], SCARF)
    hull.curve([(-60, -20), (-20, -13), (30, -14), (74, -26), (58, 4), (30, 15), (-36, 15), (-54, 4)], (58, 96, 108))
    hull.limb([(-60, -18), (-20, -11), (30, -12), (72, -24)], [4, 4, 4, 3], (228, 206, 160))
    hull.limb([(-50, 2), (0, 6), (58, 0)], [3, 3, 3], (150, 48, 42))


def gull(pen: Pen, time: float, close: bool = False) -> None:
    """A gull on the wing, 60 from tip to tip, facing right."""
    beat = math.sin(time * 7)
    for side, tone in ((1, (206, 210, 216)), (-1, (244, 244, 240))):
        tip = (side * 30 - 4, -12 * beat - 3)
        pen.limb([(0, 0), (side * 15, -9 * beat - 6), tip], [7, 6, 1.2], tone)
        pen.limb([((side * 24) - 2, -11 * beat - 4), tip], [4, 1], INK)
    pen.limb([(-14, 2), (0, 0), (14, -1)], [3, 8, 4], (250, 250, 246))
    pen.oval(14, -2, 4.4, 4, (250, 250, 246))
    pen.polygon([(17, -3), (24, -1), (17, 0)], (236, 170, 50))
    if close:
        pen.oval(15.4, -3, 0.8, 0.9, INK)


def whale(pen: Pen, time: float) -> None:
    """A whale under water, facing right, 330 long around its middle."""
    beat = math.sin(time * 1.5)
    skin, pale = (58, 88, 118), (168, 194, 206)
    pen.limb([(-90, 4), (-140, 0 + 8 * beat), (-178, -6 + 22 * beat)], [56, 26, 10], skin)
    tail = pen.at(-178, -6 + 22 * beat, turn=0.4 * beat)
    tail.curve([(6, 0), (-16, -8), (-44, -26), (-28, 0), (-44, 22), (-16, 8)], skin)
    pen.curve([(-110, -6), (-60, -46), (40, -56), (130, -40), (168, -8), (150, 22), (60, 44), (-50, 34)], skin)
    pen.curve([(166, -2), (150, 24), (60, 46), (-40, 34), (40, 24), (110, 10)], pale)
    for groove in range(7):
        y = 12 + groove * 4.2
        pen.limb([(140 - groove * 10, y - 4), (90 - groove * 8, y + 4), (30 - groove * 6, y + 6)], [1, 1.6, 0.8], skin)
    fin = pen.at(46, 26, turn=0.25 * math.sin(time * 1.2))
    fin.curve([(-14, 0), (16, 0), (-6, 46), (-46, 74), (-34, 40)], mix(skin, INK, 0.25))
    pen.limb([(166, 0), (136, 2), (112, 8)], [1.5, 2.5, 1.5], INK)
    pen.oval(112, -2, 4, 3.4, INK)
    pen.lit().oval(113, -3.2, 1.2, 1.2, (230, 240, 244))
    rng = np.random.default_rng(21)
    for _ in range(26):
        x = rng.uniform(-70, 140)
        pen.oval(x, rng.uniform(-40, -8) * (1 - abs(x - 40) / 220), rng.uniform(1, 3), 1.4, mix(skin, pale, 0.35))


def bell(pen: Pen, time: float, vigour: float = 1.0) -> None:
    """A bronze bell, 150 high, hanging from its origin and swinging."""
    angle = 0.5 * vigour * math.sin(time * 5)
    body = pen.at(0, 0, turn=angle)
    body.box(-60, -14, 120, 20, WOOD)
    clapper = body.at(0, 40, turn=-angle * 1.3 + 0.3 * math.cos(time * 5) * vigour)
    clapper.limb([(0, 0), (0, 104)], [5, 6], INK)
    clapper.oval(0, 112, 12, 12, (70, 58, 52))
    body.curve([(-26, 10), (0, 2), (26, 10), (42, 62), (50, 104), (78, 136), (0, 146), (-78, 136), (-50, 104), (-42, 62)], (176, 124, 60))
    body.curve([(6, 8), (26, 10), (42, 62), (50, 104), (78, 136), (30, 144), (22, 80)], (128, 84, 44))
    body.curve([(-18, 14), (-8, 14), (-20, 70), (-34, 108), (-44, 104), (-34, 60)], (226, 186, 116))
    body.limb([(-62, 122), (0, 130), (62, 122)], [4, 5, 4], (110, 70, 40))
    body.limb([(-46, 92), (0, 98), (46, 92)], [2, 3, 2], (110, 70, 40))


def crystal(pen: Pen, time: float, scale: float = 1.0) -> None:
    """A shining crystal, 60 high around its middle, turning."""
    shine = pen.at(0, 0, scale).lit()
    turn = time * 1.5
    corners = [(24 * math.cos(turn + k * math.pi / 3), 5 * math.sin(turn + k * math.pi / 3)) for k in range(6)]
    for k, (a, b) in enumerate(zip(corners, corners[1:] + corners[:1], strict=True)):
        if a[1] + b[1] < 0:
            continue
        tone = mix((70, 170, 216), (226, 250, 255), 0.5 + 0.5 * math.sin(turn * 2 + k * 1.9))
        shine.polygon([a, b, (0, -38)], tone)
        shine.polygon([a, b, (0, 38)], mix(tone, (30, 80, 170), 0.4))


def cottage(pen: Pen, width: float, height: float, wall: Colour, roof: Colour, windows: int, lit: bool) -> None:
    """A house front, origin in the middle of its foot; its windows shine when ``lit``."""
    rise = width * 0.5
    pen.box(width * 0.2, -height - rise * 0.95, width * 0.13, rise * 0.8, mix(roof, INK, 0.3))
    pen.box(-width / 2, -height, width, height, wall)
    pen.polygon([(width * 0.28, -height), (width / 2, -height), (width / 2, 0), (width * 0.28, 0)], mix(wall, INK, 0.22))
    pen.polygon([(-width * 0.58, -height + 3), (0, -height - rise), (width * 0.58, -height + 3)], roof)
    pen.polygon([(0, -height - rise), (width * 0.58, -height + 3), (width * 0.3, -height + 3)], mix(roof, INK, 0.25))
    floors = max(1, int(height // 36))
    for floor in range(floors):
        for column in range(windows):
            x = -width * 0.36 + column * width * 0.72 / max(windows - 1, 1) - width * 0.06
            y = -height + 10 + floor * 34
            on = lit and (floor * 7 + column * 3 + int(width)) % 4 != 0
            pen.box(x - 1.5, y - 1.5, width * 0.12 + 3, 19, mix(wall, INK, 0.5))
            (pen.lit() if on else pen).box(x, y, width * 0.12, 16, (255, 206, 112) if on else (84, 104, 122))
            pen.box(x + width * 0.055, y, 1.4, 16, mix(wall, INK, 0.5))
    pen.box(-width * 0.06, -22, width * 0.14, 22, mix(roof, INK, 0.45))


def lighthouse(pen: Pen, burning: bool) -> None:
    """The lighthouse, 200 high, origin in the middle of its foot; the lamp sits at (0, -178)."""
    pen.polygon([(-26, 0), (-17, -160), (17, -160), (26, 0)], (238, 232, 220))
    for band in (0, 2, 4):
        low, high = band / 5.4, (band + 1) / 5.4
        a, b = 26 - 9 * low, 26 - 9 * high
        pen.polygon([(-a, -160 * low), (-b, -160 * high), (b, -160 * high), (a, -160 * low)], (196, 58, 50))
    pen.polygon([(6, 0), (5, -160), (17, -160), (26, 0)], (150, 120, 118))
    for band in (0, 2, 4):
        low, high = band / 5.4, (band + 1) / 5.4
        a, b = 26 - 9 * low, 26 - 9 * high
        pen.polygon([(6, -160 * low), (5.4, -160 * high), (b, -160 * high), (a, -160 * low)], (138, 36, 38))
    for y in (-44, -100):
        pen.box(-8, y, 8, 12, INK)
    pen.box(-24, -166, 48, 6, INK)
    (pen.lit() if burning else pen).box(-13, -190, 26, 24, (255, 240, 190) if burning else (96, 110, 124))
    for x in (-13, -5, 3, 11):
        pen.box(x, -190, 2, 24, INK)
    pen.curve([(-18, -189), (-12, -203), (0, -212), (12, -203), (18, -189)], (170, 48, 44))
    pen.limb([(0, -210), (0, -222)], [2, 1], INK)


def pine(pen: Pen, height: float, tone: Colour, seed: int) -> None:
    """A pine tree, origin at its foot."""
    rng = np.random.default_rng(seed)
    pen.limb([(0, 0), (0, -height * 0.5)], [height * 0.06, height * 0.03], mix(tone, (60, 40, 30), 0.6))
    tiers = 7
    for tier in range(tiers):
        low = height * (0.12 + 0.78 * tier / tiers)
        reach = height * 0.27 * (1 - tier / (tiers + 0.6))
        top = low + height * 0.26
        left = [(-reach * (1 - k / 4), -low + rng.uniform(0, height * 0.035) - k * height * 0.006) for k in range(4)]
        right = [(reach * (k / 4 + 0.25), -low + rng.uniform(0, height * 0.035)) for k in range(4)]
        pen.polygon([(0, -top), *left, *right], mix(tone, (8, 16, 20), 0.22 * (tier % 2) + rng.uniform(0, 0.1)))
        pen.polygon([(0, -top), *left[:3], (0, -low)], mix(tone, (255, 240, 190), 0.10))


def leafy(pen: Pen, height: float, tone: Colour, seed: int) -> None:
    """A broad-leaved tree, origin at its foot."""
    rng = np.random.default_rng(seed)
    bark = mix(tone, (70, 46, 34), 0.75)
    lean = rng.uniform(-0.1, 0.1) * height
    pen.limb([(0, 0), (lean * 0.3, -height * 0.35), (lean, -height * 0.7)], [height * 0.1, height * 0.06, 2], bark)
    for side in (-1, 1):
        pen.limb([(lean * 0.4, -height * 0.4), (side * height * 0.2, -height * 0.66)], [height * 0.04, 1], bark)
    for k in range(34):
        angle, reach = rng.uniform(0, 2 * math.pi), rng.uniform(0, 1) ** 0.6
        x, y = lean + math.cos(angle) * reach * height * 0.34, -height * 0.7 + math.sin(angle) * reach * height * 0.28
        shade = mix(tone, (255, 236, 160), 0.04 + 0.016 * (k % 6)) if y < -height * 0.74 else mix(tone, INK, 0.25)
        pen.oval(x, y, height * rng.uniform(0.07, 0.13), height * rng.uniform(0.06, 0.1), shade)
