"""The fox in all his poses, the gulls and the whale.

Every figure takes a pen and the time in seconds; the same time gives the same drawing. The origin lies at its
feet, or in its middle where it floats or is seen close; y points down.
"""

from __future__ import annotations

import math

import numpy as np

from studio.brush import Pen, mix
from studio.palette import CREAM, FUR, FUR_DARK, INK, SOCK


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
