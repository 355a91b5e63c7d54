"""The cake, the sleighs, the cable car and what stands in the snow."""

from __future__ import annotations

import math

import numpy as np

from studio.brush import Colour, Pen, mix
from studio.cake.paints import (
    BERRY,
    CREAM,
    INK,
    JET,
    PLUM,
    RED,
    ROSE,
    SHADE,
    SNOW,
    TIMBER,
    TIMBER_DARK,
)
from studio.things import cottage


def cake(pen: Pen, time: float, burning: float = 0.0, tiers: float = 3) -> None:
    """The cake, 96 high with its candles, origin in the middle of its plate."""
    pen.oval(0, 0, 58, 7, (214, 222, 230))
    pen.oval(0, -2, 54, 5, (246, 248, 250))
    top = -3.0
    for tier, (half, high) in enumerate(((46, 26), (33, 22), (21, 19))[: int(tiers)]):
        body = (ROSE, CREAM, ROSE)[tier]
        pen.box(-half, top - high, half * 2, high, body)
        pen.polygon(
            [(half * 0.45, top - high), (half, top - high), (half, top), (half * 0.5, top)], mix(body, BERRY, 0.22)
        )
        pen.oval(0, top, half, 4, mix(body, BERRY, 0.12))
        icing = (CREAM, ROSE, CREAM)[tier]
        pen.oval(0, top - high, half + 1, 6, icing)
        drops = 7 - tier
        for k in range(drops):
            x = -half + (k + 0.5) * 2 * half / drops
            pen.limb([(x, top - high), (x, top - high + 6 + 4 * (k % 3))], [9, 7], icing)
        for k in range(drops):
            x = -half * 0.86 + k * 2 * half * 0.86 / (drops - 1)
            pen.oval(x, top - high - 4, 4.2, 4.4, BERRY)
            pen.oval(x - 1.2, top - high - 5.4, 1.2, 1.2, (255, 210, 214))
        top -= high
    for k, x in enumerate((-14, -7, 0, 7, 14)):
        pen.box(x - 1.5, top - 18 - (k % 2) * 4, 3, 14 + (k % 2) * 4, ((250, 250, 240), (96, 190, 190))[k % 2])
        if burning:
            sway = 1.2 * math.sin(time * 11 + k)
            tip = top - 19 - (k % 2) * 4
            pen.lit().curve([(x - 2.4, tip), (x + sway, tip - 10), (x + 2.4, tip), (x, tip + 2)], (255, 220, 110))


def slice_of_cake(pen: Pen, _: float = 0.0) -> None:
    """A slice on a plate, 34 wide."""
    pen.oval(0, 0, 24, 5, (236, 240, 244))
    pen.polygon([(-16, -2), (16, -2), (16, -20), (-16, -14)], ROSE)
    pen.limb([(-16, -9), (16, -11)], [3, 3], CREAM)
    pen.limb([(-16, -15), (16, -21)], [5, 6], CREAM)
    pen.oval(8, -25, 4.4, 4.4, BERRY)


def sled(pen: Pen, _: float = 0.0) -> None:
    """A child's wooden sled, 90 long, facing right."""
    pen.limb([(-42, -2), (30, -2), (46, -8), (48, -20)], [4, 4, 4, 3], (150, 160, 176))
    for x in (-28, 0, 26):
        pen.limb([(x, -2), (x, -12)], [4, 4], TIMBER_DARK)
    pen.box(-44, -16, 84, 6, TIMBER)
    pen.box(-44, -16, 84, 2, mix(TIMBER, SNOW, 0.3))


def sleigh(pen: Pen, _: float = 0.0) -> None:
    """The Count's black sleigh, 150 long, facing right; its seat is at (-30, -30)."""
    pen.limb([(-70, -2), (50, -2), (76, -12), (78, -36), (66, -40)], [5, 5, 5, 4, 3], (206, 172, 84))
    for x in (-44, 6, 40):
        pen.limb([(x, -2), (x, -20)], [5, 5], (206, 172, 84))
    pen.curve(
        [(-72, -70), (-56, -40), (-10, -36), (30, -40), (66, -56), (58, -20), (20, -14), (-56, -16), (-70, -40)], JET
    )
    pen.limb([(-70, -66), (-54, -36), (-10, -31), (30, -35), (62, -50)], [4, 4, 4, 4, 4], PLUM)


def cabin(pen: Pen, time: float, lamp: float = 0.0) -> None:
    """The red cabin of the cable car, hanging 96 below its wheels; origin on the wire."""
    hang = pen.at(0, 0, turn=0.05 * math.sin(time * 2.1))
    for x in (-14, 14):
        hang.oval(x, 0, 6, 6, JET)
    hang.limb([(-16, 2), (16, 2)], [4, 4], JET)
    hang.limb([(0, 2), (10, 18), (0, 34)], [5, 5, 5], JET)
    hang.curve([(-44, 36), (-30, 30), (30, 30), (44, 36), (46, 90), (36, 96), (-36, 96), (-46, 90)], RED)
    hang.polygon([(14, 31), (44, 36), (46, 90), (36, 96), (16, 96)], mix(RED, INK, 0.25))
    glass = (255, 220, 140) if lamp else (170, 212, 220)
    for x in (-38, -11, 16):
        (hang.lit() if lamp else hang).box(x, 42, 22, 24, glass)
    hang.box(-46, 72, 92, 5, CREAM)
    hang.limb([(-40, 32), (0, 26), (40, 32)], [7, 9, 7], SNOW)


def wheel(pen: Pen, time: float, speed: float = 1.2) -> None:
    """A great winch wheel, 240 across, turning around its origin."""
    spin = pen.at(0, 0, turn=time * speed)
    for k in range(40):
        a = k * math.pi / 20
        spin.at(112 * math.cos(a), 112 * math.sin(a), turn=a).box(-12, -7, 26, 13, (96, 92, 100))
    spin.oval(0, 0, 112, 112, (126, 110, 96))
    spin.oval(0, 0, 90, 90, (58, 46, 52))
    for k in range(6):
        a = k * math.pi / 3
        spin.limb(
            [(0, 0), (50 * math.cos(a), 50 * math.sin(a)), (100 * math.cos(a), 100 * math.sin(a))], [26, 18, 20], TIMBER
        )
    spin.oval(0, 0, 26, 26, (206, 172, 84))
    spin.oval(0, 0, 10, 10, JET)


def fir(pen: Pen, height: float, tone: Colour, seed: int, snow: float = 1.0) -> None:
    """A fir with snow on its branches, origin at its foot."""
    rng = np.random.default_rng(seed)
    pen.limb([(0, 0), (0, -height * 0.3)], [height * 0.07, height * 0.05], TIMBER_DARK)
    for tier in range(5):
        low, reach = height * (0.10 + 0.17 * tier), height * 0.30 * (1 - tier / 5.6)
        tip = -low - height * 0.30
        left = [(-reach, -low + rng.uniform(0, 4)), (-reach * 0.5, -low - 3), (0, -low + 4)]
        right = [(reach * 0.5, -low - 3), (reach, -low + rng.uniform(0, 4))]
        pen.polygon([(0, tip), *left, *right], mix(tone, INK, 0.16 * (tier % 2)))
        if snow:
            cap = [
                (-reach * 0.86, -low - 3),
                (-reach * 0.35, -low - height * 0.07),
                (reach * 0.1, -low - height * 0.03),
            ]
            pen.polygon([(0, tip), *cap, (reach * 0.5, -low - height * 0.06)], mix(SNOW, SHADE, 0.12 * tier))


def house(pen: Pen, size: tuple[float, float], wall: Colour, roof: Colour, windows: int, lit: bool) -> None:
    """A cottage under snow; ``size`` is its width and the height of its walls."""
    width, height = size
    cottage(pen, width, height, wall, roof, windows, lit)
    rise = width * 0.5
    thick = width * 0.13
    pen.limb(
        [(-width * 0.6, -height + 2), (0, -height - rise - 2), (width * 0.6, -height + 2)], [thick, thick, thick], SNOW
    )
    pen.limb([(2, -height - rise), (width * 0.6, -height + 3)], [thick * 0.7, thick * 0.8], SHADE)
    pen.box(width * 0.19, -height - rise * 0.98, width * 0.15, 4, SNOW)


def peak(pen: Pen, width: float, height: float, seed: int, stone: Colour) -> None:
    """A mountain of snow, lit from the left, with ribs of stone; origin in the middle of its foot."""
    rng = np.random.default_rng(seed)
    steps = np.linspace(0, 1, 9)
    jag = rng.uniform(-0.05, 0.05, (2, 9))
    left = [(-width / 2 * (1 - s) + jag[0, k] * width * 0.5, -height * s**1.15) for k, s in enumerate(steps)]
    right = [(width / 2 * (1 - s) + jag[1, k] * width * 0.5, -height * s**1.15) for k, s in enumerate(steps)]
    ridge = [
        (width * 0.10 * math.sin(9 * s + seed) * (1 - s) + width * 0.06 * (1 - s), -height * s**1.15) for s in steps
    ]
    left[-1] = right[-1] = ridge[-1] = (0, -height)
    pen.polygon([*left, *ridge[::-1]], SNOW)
    pen.polygon([*ridge, *right[::-1]], SHADE)
    for _ in range(9):
        s, side = rng.uniform(0.1, 0.75), rng.uniform(-0.8, 0.8)
        x, y = side * width / 2 * (1 - s), -height * s**1.15
        long = rng.uniform(0.05, 0.12) * height
        rib = [
            (x, y - long),
            (x + width * 0.02, y),
            (x + width * 0.005 * side, y + long * 0.7),
            (x - width * 0.02, y + 2),
        ]
        pen.polygon(rib, mix(stone, SHADE, 0.25 if side < 0.1 else 0.5))
