"""Brumm the goat, from the side, sitting down to a meal, and close."""

from __future__ import annotations

import math

import numpy as np

from studio.brush import Pen, mix
from studio.cake.faces import Mood
from studio.cake.paints import AMBER, BERRY, CREAM, FLEECE, FLEECE_DARK, HORN, INK, ROSE


def _leg(pen: Pen, hip: float, phase: float, swing: float, far: bool) -> None:
    angle, lift = math.sin(phase) * swing, max(0.0, math.cos(phase)) * swing * 10
    knee, foot = (hip + 9 * math.sin(angle), -15.0 - lift * 0.4), (hip + 22 * math.sin(angle), -2 - lift)
    pen.limb([(hip, -30), knee, foot], [12, 7, 6], FLEECE_DARK if far else FLEECE)
    pen.limb([foot, (foot[0] + 3, foot[1] + 1)], [6, 6], INK)


def goat(pen: Pen, time: float, pace: float = 0.0, head: float = 0.0, chew: float = 0.0, sad: float = 0.0) -> None:
    """The goat facing right, about 90 long, 74 high; ``pace`` strides a second, ``head`` 0 (up) to 1 (down to butt)."""
    phase = 2 * math.pi * pace * time
    swing = min(pace * 0.4, 1.0)
    gallop = pace > 1.5
    for hip, offset in ((-20.0, 0.6), (22.0, 0.6 + (0.9 if gallop else math.pi * 0.8))):
        _leg(pen, hip, phase + offset, swing, True)
    bounce = -4 * abs(math.sin(phase)) * min(pace, 2) + 0.6 * math.sin(time * 2)
    body = pen.at(0, bounce, turn=0.07 * math.sin(phase) if gallop else 0.0)
    body.limb([(-32, -48), (-42, -58), (-46, -52 + 3 * math.sin(time * 7))], [8, 7, 3], FLEECE)
    body.curve([(-36, -36), (-32, -56), (-6, -58), (24, -60), (34, -44), (26, -26), (-4, -22), (-30, -26)], FLEECE)
    rng = np.random.default_rng(14)
    for _ in range(26):
        x, y = rng.uniform(-32, 26), rng.uniform(-52, -26)
        body.limb([(x, y), (x - 2, y + 8)], [3, 1], mix(FLEECE_DARK, FLEECE, float(rng.uniform(0, 0.7))))
    neck = body.at(28, -52, turn=0.95 * head + 0.35 * sad + 0.04 * math.sin(time * 1.7))
    neck.limb([(-4, 6), (8, -10), (14, -24)], [26, 18, 15], FLEECE)
    neck.limb([(2, -2), (16, -6)], [5, 5], BERRY)
    neck.oval(16, 0, 5, 6, (226, 180, 70))
    skull = neck.at(16, -30, turn=0.55 * head)
    for tone, shift in ((mix(HORN, INK, 0.4), 3), (HORN, 0)):
        skull.limb([(-2 + shift, -8), (-8 + shift, -24), (-22 + shift, -30), (-32 + shift, -22)], [8, 7, 5, 1.5], tone)
    skull.limb([(-8, -2), (-20, 2 + 8 * sad), (-28, 8 + 8 * sad)], [5, 9, 3], FLEECE_DARK)
    jaw = 2.5 * math.sin(time * 9) * chew
    skull.curve([(2, 8), (18, 12 + jaw), (25, 14 + jaw), (16, 18 + jaw), (4, 13)], FLEECE_DARK)
    skull.limb([(10, 15 + jaw), (9, 24 + jaw), (12, 32 + jaw)], [6, 5, 1], FLEECE_DARK)
    skull.curve([(-10, 6), (-9, -8), (4, -12), (16, -2), (29, 7), (28, 13), (12, 12), (-2, 12)], FLEECE)
    skull.oval(27, 9, 3, 3.4, (206, 150, 140))
    skull.oval(6, -3, 4.2, 4.2, AMBER)
    skull.box(3, -4, 6, 2, INK)
    if sad:
        skull.limb([(1, -8), (6, -8), (11, -4)], [2, 3, 2], FLEECE_DARK)
    for hip, offset in ((-17.0, 0.0), (25.0, 0.9 if gallop else math.pi * 0.8)):
        _leg(pen, hip, phase + offset, swing, False)


def goat_face(pen: Pen, time: float, mood: Mood, chew: float = 0.0, cream: float = 0.0, candle: bool = False) -> None:
    """The goat's face, frontal, about 230 wide with the ears; ``chew`` moves the jaw, ``cream`` is on the beard."""
    pen.curve([(-120, 280), (-96, 130), (-50, 60), (50, 60), (96, 130), (120, 280)], FLEECE_DARK)
    rng = np.random.default_rng(6)
    for _ in range(60):
        x, y = rng.uniform(-96, 96), rng.uniform(120, 200)
        pen.limb([(x, y), (x * 0.98, y + 22)], [7, 2], mix(FLEECE, FLEECE_DARK, float(rng.uniform(0, 0.8))))
    pen.curve([(-92, 134), (0, 160), (92, 134), (90, 154), (0, 182), (-90, 154)], BERRY)
    pen.oval(0, 176, 20, 22, (226, 180, 70))
    pen.oval(0, 188, 5, 5, INK)
    head = pen.at(0, mood.nod * math.sin(time * 2.2), turn=0.03 * math.sin(time * 1.5))
    for side in (-1, 1):
        half = head.at(0, 0, flip=side < 0)
        spine = [(24, -66), (46, -122), (92, -146), (134, -120), (140, -84)]
        half.limb(spine, [34, 30, 24, 15, 4], HORN)
        for ring in range(6):
            x, y = 34 + ring * 14, -92 - ring * 9 + max(0, ring - 3) * 8
            half.limb([(x - 8, y - 7), (x + 7, y + 8)], [3, 3], mix(HORN, INK, 0.4))
        droop = 22 * mood.brow + 4 * math.sin(time * 5.1) * (mood.wide - 0.4)
        half.curve(
            [
                (54, -36),
                (96, -46 + droop * 0.4),
                (146, -24 + droop),
                (138, -4 + droop),
                (92, -8 + droop * 0.4),
                (56, -10),
            ],
            FLEECE_DARK,
        )
        half.curve([(70, -28), (100, -34 + droop * 0.5), (132, -18 + droop), (98, -16 + droop * 0.4)], ROSE)
    sway, jaw = 10 * math.sin(time * 8.5) * chew, 6 * abs(math.sin(time * 8.5)) * chew + 26 * mood.open
    low = head.at(sway, jaw)
    low.curve([(-34, 76), (34, 76), (30, 118), (0, 130), (-30, 118)], FLEECE_DARK)
    low.limb([(0, 112), (-4, 146), (6, 184 + 4 * math.sin(time * 3))], [40, 26, 3], mix(FLEECE, FLEECE_DARK, 0.4))
    if mood.open > 0.15:
        head.curve([(-30, 92), (30, 92), (26, 104 + jaw), (0, 112 + jaw), (-26, 104 + jaw)], (110, 40, 50))
    head.curve(
        [(-60, -50), (-62, 0), (-44, 60), (-38, 98), (0, 110), (38, 98), (44, 60), (62, 0), (60, -50), (0, -78)], FLEECE
    )
    head.curve(
        [(-60, -50), (-62, 0), (-44, 60), (-38, 98), (-20, 104), (-30, 40), (-40, -20)], mix(FLEECE, FLEECE_DARK, 0.5)
    )
    for tuft in range(-4, 5):
        head.limb(
            [(tuft * 9, -70), (tuft * 12, -52), (tuft * 11, -30 - abs(tuft) * 4)], [12, 9, 2], mix(FLEECE, CREAM, 0.5)
        )
    for side in (-1, 1):
        eye = head.at(side * 44, -6, turn=side * 0.12)
        if (time + 0.4) % 2.3 > 2.17 and mood.wide < 1.3:
            eye.limb([(-18, 0), (0, 5), (18, 0)], [3, 5, 3], HORN)
        else:
            eye.oval(0, 0, 21, 20 * mood.wide, HORN)
            eye.oval(0, 0, 18, 17 * mood.wide, AMBER)
            eye.oval(0, 0, 14, 12 * mood.wide, mix(AMBER, (255, 240, 150), 0.5))
            x = 5 * mood.look + math.sin(time * 2)
            eye.box(x - 10, -4, 20, 8, INK)
            eye.lit().oval(x + 5, -6, 4, 4, (255, 255, 246))
        eye.limb(
            [(-side * 20, -22 - 12 * mood.brow), (0, -27), (side * 22, -22 + 9 * mood.brow)], [7, 10, 5], FLEECE_DARK
        )
    head.curve([(-30, 74), (0, 66), (30, 74), (24, 92), (0, 100), (-24, 92)], (220, 166, 156))
    for side in (-1, 1):
        head.oval(side * 12, 82, 5, 4, INK)
    head.limb([(-24, 98 - 7 * mood.smile), (0, 102), (24, 98 - 7 * mood.smile)], [2, 3, 2], HORN)
    if cream:
        for k in range(round(12 * cream)):
            a = k * 2.4
            low.oval(26 * math.cos(a) - 2, 104 + 18 * math.sin(a) + k * 1.5, 14, 10, mix(CREAM, ROSE, 0.4 * (k % 2)))
    if candle:
        head.box(-5, -112, 10, 44, ROSE)
        head.lit().curve([(-7, -116), (0, -142 + 3 * math.sin(time * 15)), (7, -116), (0, -110)], (255, 226, 120))
