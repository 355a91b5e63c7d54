"""Places by the sea: the coast, the harbour, the cliff path, open water and below.

A place is what lies behind the figures and what lies before them.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PIL import Image

from studio.brush import CANVAS_PIXELS, Frame, mix
from studio.layers import Place, canvas_pen, grass, layer, painted, profile, ridge, sky
from studio.light import NIGHT, Light, tinted
from studio.sea import swell, water
from studio.things import boat, cottage, lighthouse
from studio.weather import motes, rays, shine


@lru_cache(maxsize=16)
def _coast_layers(light: Light, burning: bool) -> tuple[Image.Image, Image.Image]:
    rock, turf = tinted((120, 104, 98), light), tinted((92, 128, 66), light)
    head = ridge(profile(52, 14, 8, slope=-60), mix(tinted((90, 100, 110), light), light.haze, 0.55), light.haze, 70)
    x = np.linspace(-460, 460, CANVAS_PIXELS[0], dtype=np.float32)
    fall = np.clip((x - 10) / 120, 0, 1) ** 1.4 * 260
    rise = np.clip((-x - 250) / 200, 0, 1) * 34
    line = np.asarray(profile(44, 9, 12, 1.2) + fall - rise, np.float32)
    cliff = ridge(line, mix(turf, rock, 0.35), mix(rock, (10, 12, 20), 0.55), 190, 9, 0.75)
    pen = canvas_pen(light.ambient)
    lighthouse(pen.at(-150, 48), burning)
    cottage(pen.at(-226, 48), 62, 34, (226, 214, 196), (150, 74, 56), 3, light.dark)
    land = painted(pen)
    land.alpha_composite(cliff)
    blades = canvas_pen(light.ambient)
    grass(blades, line, (100, 140, 70), 800, 5, until=730)
    return head, painted(blades, land, 0.0)


def coast(light: Light, burning: bool = False, speed: float = 1.0) -> Place:
    """The lighthouse on its cliff at the left, open sea at the right; the cliff top is at y = 44, x < 20."""
    head, land = _coast_layers(light, burning)
    back = [layer(sky(light, 1), 0.12), layer(head, 0.25), water(light, 62, speed), layer(land)]
    if burning:
        back.append(shine(-150, -130, 90, (255, 226, 150), 0.8))
    return back, []


@lru_cache(maxsize=8)
def _harbour_layers(light: Light) -> tuple[Image.Image, Image.Image, Image.Image]:
    hills = ridge(profile(20, 50, 21), mix(tinted((86, 116, 96), light), light.haze, 0.5), light.haze, 110)
    pen = canvas_pen(light.ambient)
    rng = np.random.default_rng(4)
    walls = [(222, 196, 164), (196, 120, 96), (206, 208, 196), (156, 172, 184), (230, 206, 130), (176, 146, 160)]
    x = -440.0
    for k in range(17):
        width, height = rng.uniform(44, 64), rng.uniform(40, 84)
        cottage(
            pen.at(x, 66),
            width,
            height,
            walls[k % 6],
            mix((142, 66, 52), (74, 78, 92), float(rng.random())),
            3,
            light.dark,
        )
        x += width * 0.94
    pen.box(-460, 62, 920, 12, (96, 88, 84))
    houses = painted(pen)
    quay = canvas_pen(light.ambient)
    quay.polygon([(-460, 118), (-70, 118), (-20, 190), (-20, 300), (-460, 300)], (128, 112, 100))
    quay.polygon([(-460, 118), (-70, 118), (-58, 134), (-460, 134)], (164, 148, 132))
    for row in range(7):
        for col in range(16):
            tone = mix((120, 104, 94), (86, 76, 74), float(rng.random()))
            quay.box(-460 + col * 27 + (row % 2) * 13, 136 + row * 17, 25, 15, tone)
    for bx, size in ((-120, 1.0), (-250, 1.3), (-205, 0.8)):
        quay.oval(bx, 116 - 20 * size, 15 * size, 22 * size, (116, 74, 46))
        quay.box(bx - 16 * size, 116 - 30 * size, 32 * size, 4 * size, (70, 66, 70))
        quay.box(bx - 16 * size, 116 - 12 * size, 32 * size, 4 * size, (70, 66, 70))
    quay.limb([(-86, 118), (-86, 92)], [12, 15], (60, 54, 56))
    return hills, houses, painted(quay)


def harbour(light: Light, wind: float = 1.0) -> Place:
    """The harbour: houses along the far quay (y = 66), water, and a near quay at the left (y = 118, x < -70)."""
    hills, houses, quay = _harbour_layers(light)

    def moored(frame: Frame) -> None:
        pen = frame.pen()
        for k, (x, y, size) in enumerate(
            ((-130, 88, 0.42), (40, 84, 0.36), (150, 92, 0.5), (300, 88, 0.4), (-300, 90, 0.45))
        ):
            boat(pen.at(x, y, size, flip=k % 2 == 0), frame.time * (0.6 + wind * 0.5) + k, 0.0, False, wind)
        frame.ink(pen)

    back = [layer(sky(light, 3), 0.12), layer(hills, 0.4), layer(houses, 0.85), water(light, 74, wind, 0.8), moored]
    return back, [layer(quay)]


def sea(light: Light, speed: float = 1.0) -> Place:
    """The open sea with a calm surface; the horizon is at y = 30."""
    return [layer(sky(light, 6), 0.12), water(light, 30, speed)], []


def storm_sea(light: Light, size: float = 34.0, seed: int = 7) -> Place:
    """High waves; what floats at y = 78 rides on the third row (see ``swell_height``, row 3)."""
    rows = [swell(light, row, 30 + row * 18 + row * row * 1.5, size * (0.35 + 0.2 * row)) for row in range(4)]
    near = [swell(light, row, 40 + row * 24 + row * row, size * (0.35 + 0.2 * row)) for row in (4, 5)]
    return [layer(sky(light, seed), 0.12), *rows], near


def underwater() -> Place:
    """Below the waves."""
    depth = Image.fromarray(np.array([[[34, 128, 150]], [[14, 70, 112]], [[4, 24, 56]]], np.uint8))
    rock = ridge(profile(150, 30, 71), (14, 50, 74), (4, 14, 34), 100, 72, 0.6)
    sea_blue = depth.resize((1380, 780), Image.Resampling.BICUBIC)
    return [layer(sea_blue, 0.1), rays((130, 220, 220), 0.55, 300, -0.3, 12)], [
        layer(rock),
        motes((190, 230, 235), 40, 26, 2.0),
    ]


@lru_cache(maxsize=2)
def _moon_path_layer() -> Image.Image:
    line = profile(116, 20, 101, 1.5, slope=-70)
    edge = ridge(line, tinted((96, 120, 74), NIGHT), tinted((40, 40, 44), NIGHT), 110, 102, 0.8)
    pen = canvas_pen(NIGHT.ambient)
    grass(pen, line, (90, 120, 70), 1200, 103, 16)
    for k in range(11):
        x = -430 + k * 84
        y = float(line[min(int((x + 460) * 1.5), 1379)])
        pen.limb([(x, y + 12), (x + 2, y - 30)], [7, 6], (110, 84, 62))
        pen.limb([(x, y - 20), (x + 84, y - 26)], [2.4, 2.4], (110, 84, 62))
    return painted(pen, edge, 0.0)


def path_height(x: float) -> float:
    """World y of the cliff path at x."""
    line = profile(116, 20, 101, 1.5, slope=-70)
    return float(line[min(max(int((x + 460) * 1.5), 0), 1379)])


def cliff_path(light: Light) -> Place:
    """A fenced path along the cliff at night above a black sea; figures stand at ``path_height``."""
    return [layer(sky(light, 15), 0.12), water(light, 70, 1.6), layer(_moon_path_layer())], []
