"""The boat, the bell, the crystal, and what stands about: houses, the lighthouse, trees."""

from __future__ import annotations

import math

import numpy as np

from studio.brush import Colour, Pen, mix
from studio.palette import INK, SCARF, WOOD
from studio.people import girl


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


def bell(pen: Pen, time: float, vigour: float = 1.0) -> None:
    """A bronze bell, 150 high, hanging from its origin and swinging."""
    angle = 0.5 * vigour * math.sin(time * 5)
    body = pen.at(0, 0, turn=angle)
    body.box(-60, -14, 120, 20, WOOD)
    clapper = body.at(0, 40, turn=-angle * 1.3 + 0.3 * math.cos(time * 5) * vigour)
    clapper.limb([(0, 0), (0, 104)], [5, 6], INK)
    clapper.oval(0, 112, 12, 12, (70, 58, 52))
    body.curve(
        [(-26, 10), (0, 2), (26, 10), (42, 62), (50, 104), (78, 136), (0, 146), (-78, 136), (-50, 104), (-42, 62)],
        (176, 124, 60),
    )
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
    pen.polygon(
        [(width * 0.28, -height), (width / 2, -height), (width / 2, 0), (width * 0.28, 0)], mix(wall, INK, 0.22)
    )
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
