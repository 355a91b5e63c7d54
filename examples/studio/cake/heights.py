"""The mountain: wood, slope, gorge, the castle outside and its hall, the winch house, the cabin from inside."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PIL import Image

from studio.brush import CANVAS_PIXELS, Frame, Item, mix
from studio.cake.air import aurora
from studio.cake.paints import BERRY, CREAM, INK, JET, PLUM, PLUM_DARK, RED, SHADE, SNOW, TIMBER, TIMBER_DARK
from studio.cake.props import fir, peak, wheel
from studio.cake.village import STONE, castle_shape, hazed, range_layer
from studio.layers import Place, blank, canvas_pen, layer, painted, profile, ridge, sky
from studio.light import Light, tinted
from studio.weather import shine


@lru_cache(maxsize=6)
def _wood_layers(light: Light) -> tuple[Image.Image, ...]:
    made = []
    rng = np.random.default_rng(81)
    for depth, (foot, height, count) in enumerate(((70, 190, 22), (96, 260, 13), (122, 330, 7))):
        pen = canvas_pen(light.ambient)
        for k in range(count):
            x = -460 + (k + rng.uniform(-0.3, 0.3)) * 920 / count
            fir(pen.at(x, foot + rng.uniform(-4, 8)), height * rng.uniform(0.75, 1.1), (40, 88, 90), 100 * depth + k)
        made.append(hazed(painted(pen, None, 0.15), light, max(0.0, 0.55 - 0.25 * depth)))
    floor = ridge(profile(114, 10, 83, 1.3), tinted(SNOW, light), tinted(SHADE, light), 120, 84, 0.12)
    return (*made, floor)


def wood(light: Light, blur: float = 0.0, glow: float = 0.4) -> Place:
    """A wood of firs under snow; the ground is at y = 122."""
    far, middle, near, floor = _wood_layers(light)
    back = [layer(sky(light, 53), 0.1), aurora(glow, 110)] if glow else [layer(sky(light, 53), 0.1)]
    return [
        *back,
        layer(far, 0.3, blur),
        layer(middle, 0.6, blur),
        layer(near, 0.85, blur),
        layer(floor, 1.0, blur),
    ], []


SLOPE = 0.2


def slope_height(x: float) -> float:
    """World y of the slope at x."""
    return 84 + SLOPE * x


def slope(light: Light, speed: float = 420.0, glow: float = 0.5) -> Place:
    """A slope falling to the right that rushes by at ``speed`` units per second; see ``slope_height``."""
    hills = range_layer(light, 4, 110)

    def rush(frame: Frame) -> None:
        rng = np.random.default_rng(86)
        pen = frame.pen()
        for k in range(9):
            x = (rng.uniform(0, 1000) + k * 110 - speed * 0.45 * frame.time) % 1000 - 500
            fir(pen.at(x, slope_height(x) - 16), rng.uniform(90, 150), (36, 78, 84), 200 + k)
        pen.polygon(
            [(-480, slope_height(-480)), (480, slope_height(480)), (480, 300), (-480, 300)], mix(SNOW, SHADE, 0.18)
        )
        for k in range(26):
            y = 4 + (k * k * 0.42) % 150
            x = (rng.uniform(0, 1000) - speed * (0.8 + y / 160) * frame.time) % 1000 - 500
            long = 30 + y * 0.5
            pen.limb(
                [(x, slope_height(x) + y), (x + long, slope_height(x + long) + y)],
                [1, 2 + y / 60],
                mix(SNOW, SHADE, 0.75),
            )
        frame.ink(pen, 0.1)

    def near(frame: Frame) -> None:
        pen = frame.pen()
        x = (700 - speed * 2.1 * frame.time) % 2100 - 620
        fir(pen.at(x, 270), 250, (18, 40, 48), 300, 0.0)
        frame.ink(pen, 0.0)

    back = [layer(sky(light, 54), 0.1), *([aurora(glow, 120)] if glow else []), layer(hills, 0.2), rush]
    return back, [near]


@lru_cache(maxsize=4)
def _gorge_layers(light: Light) -> tuple[Image.Image, Image.Image]:
    pen = canvas_pen(light.ambient)
    for side, edge, top in ((-1, -70, 56), (1, 190, 84)):
        wall = [(edge, top), (edge - side * 16, top + 40), (edge + side * 6, top + 90), (edge - side * 10, top + 260)]
        outer = side * 480
        pen.polygon([(outer, top - 30), *wall, (outer, 300)], (92, 88, 108))
        for k in range(16):
            y = top + 26 + k * 13
            pen.limb(
                [(edge + side * (8 + 7 * (k % 3)), y), (edge + side * 70, y + 16), (edge + side * 190, y + 8)],
                [2, 4, 2],
                mix((92, 88, 108), INK, 0.3),
            )
        pen.curve(
            [
                (outer, top - 44),
                (edge + side * 120, top - 14),
                (edge - side * 6, top - 4),
                (edge, top + 13),
                (edge + side * 60, top + 20),
                (outer, top + 16),
            ],
            SNOW,
        )
        pen.box(edge + side * 8 - 4, top - 40, 8, 44, TIMBER_DARK)
    for k, (x, y) in enumerate(
        ((-60, 62), (-52, 78), (-47, 96), (-44, 116), (-43, 136), (182, 94), (176, 112), (173, 132))
    ):
        pen.at(x, y, turn=0.5 + 0.3 * k).box(-14, -3, 28, 6, TIMBER)
    return painted(pen, None, 0.25), hazed(range_layer(light, 6, 130), light, 0.1)


def gorge(light: Light, glow: float = 0.55) -> Place:
    """The gorge with the broken bridge: left brink at (-70, 52), right brink at (190, 80), the cable at y = -110."""
    cliffs, far = _gorge_layers(light)

    def cable(frame: Frame) -> None:
        pen = frame.pen()
        pen.limb([(-480, -136), (0, -108), (480, -92)], [2.4, 2.4, 2.4], JET)
        frame.ink(pen)

    return [layer(sky(light, 55), 0.1), aurora(glow, 130), layer(far, 0.3), cable, layer(cliffs)], []


@lru_cache(maxsize=4)
def _castle_layer(light: Light) -> Image.Image:
    pen = canvas_pen(light.ambient)
    peak(pen.at(-260, 150), 420, 240, 31, STONE)
    pen.curve([(-180, 270), (-150, 130), (-90, 64), (120, 60), (190, 120), (260, 270)], (88, 82, 106))
    castle_shape(pen.at(10, 72, 2.1), True)
    pen.polygon([(-30, 76), (-30, 30), (-12, 14), (6, 30), (6, 76)], INK)
    base = hazed(painted(pen, None, 0.25), light, 0.08)
    line = np.asarray(profile(116, 8, 87, 1.3) - 0.02 * np.arange(CANVAS_PIXELS[0], dtype=np.float32), np.float32)
    base.alpha_composite(ridge(line, tinted(SNOW, light), tinted(SHADE, light), 140, 88, 0.12))
    trees = canvas_pen(light.ambient)
    for k, x in enumerate((-380, -320, -270, 290, 350, 400)):
        fir(trees.at(x, 140 + (k % 2) * 22), 120 + 30 * (k % 3), (34, 74, 80), 400 + k)
    return painted(trees, base, 0.1)


def castle(light: Light, glow: float = 0.6, blur: float = 0.0) -> Place:
    """The castle by night, its gate at (-12, 60), snow from about y = 100 down."""
    return [
        layer(sky(light, 56), 0.1),
        aurora(glow, 120),
        layer(range_layer(light, 7, 110), 0.3, blur),
        layer(_castle_layer(light), 1.0, blur),
        shine(10, -20, 170, (255, 180, 90), 0.25),
    ], []


@lru_cache(maxsize=4)
def _hall_layers(light: Light) -> tuple[Image.Image, Image.Image]:
    pen = canvas_pen(light.ambient)
    pen.box(-460, -260, 920, 400, (120, 44, 66))
    for k in range(12):
        pen.box(-460 + k * 80, -260, 38, 400, (132, 52, 74))
    for x in (-340, -120, 120, 340):
        arch = pen.at(x, 0)
        arch.curve([(-40, 60), (-40, -120), (0, -190), (40, -120), (40, 60)], (70, 60, 84))
        arch.lit().curve(
            [(-31, 54), (-31, -114), (0, -174), (31, -114), (31, 54)], mix(light.sky[1], (40, 130, 130), 0.5)
        )
        arch.limb([(0, -170), (0, 56)], [4, 4], (70, 60, 84))
        for y in (-110, -50, 10):
            arch.limb([(-32, y), (32, y)], [3, 3], (70, 60, 84))
    for x in (-230, 0, 230):
        pen.polygon([(x - 30, -200), (x + 30, -200), (x + 30, -50), (x, -20), (x - 30, -50)], PLUM)
        pen.oval(x, -120, 16, 16, (214, 176, 80))
        pen.polygon([(x - 8, -112), (x, -134), (x + 8, -112)], PLUM_DARK)
    pen.box(-460, 118, 920, 8, (60, 30, 44))
    for row in range(5):
        for col in range(-8, 9):
            y0, y1 = 126 + row * row * 6, 126 + (row + 1) ** 2 * 6
            s0, s1 = 50 + row * 8, 50 + (row + 1) * 8
            tone = (44, 70, 66) if (row + col) % 2 else (196, 186, 160)
            pen.polygon([(col * s0, y0), ((col + 1) * s0, y0), ((col + 1) * s1, y1), (col * s1, y1)], tone)
    low = canvas_pen(light.ambient)
    low.box(-190, 98, 330, 12, (70, 40, 40))
    low.polygon([(-194, 96), (146, 96), (138, 132), (-186, 132)], (238, 230, 222))
    for x in (-176, 120):
        low.box(x, 132, 14, 60, (70, 40, 40))
    for x in (-150, 104):
        low.limb([(x, 96), (x, 60)], [5, 4], (214, 176, 80))
        for dx in (-14, 0, 14):
            low.limb([(x, 70), (x + dx, 64), (x + dx, 54)], [3, 3, 3], (214, 176, 80))
            low.box(x + dx - 2, 40, 4, 14, CREAM)
            low.lit().curve([(x + dx - 3, 40), (x + dx, 27), (x + dx + 3, 40)], (255, 226, 130))
    return painted(pen, None, 0.25), painted(low, None, 0.15)


def hall(light: Light, table: bool = True, blur: float = 0.0) -> Place:
    """The hall of the castle: figures stand at y = 150 behind the long table, whose top is at y = 96."""
    room, low = _hall_layers(light)
    front: list[Item] = [
        layer(low),
        shine(-150, 36, 130, (255, 190, 100), 0.5),
        shine(104, 36, 130, (255, 190, 100), 0.5),
    ]
    return [layer(room, 1.0, blur)], front if table else []


@lru_cache(maxsize=2)
def _timbered(light: Light) -> Image.Image:
    pen = canvas_pen(light.ambient)
    for k in range(24):
        pen.box(-460 + k * 39, -260, 37, 400, mix((126, 96, 74), (92, 66, 54), ((k * 7) % 5) / 5))
    pen.limb([(-460, -150), (460, -150)], [22, 22], TIMBER_DARK)
    pen.limb([(-300, -260), (-120, 140)], [20, 20], TIMBER_DARK)
    pen.box(-460, 130, 920, 140, (82, 64, 56))
    pen.box(150, -120, 120, 130, TIMBER_DARK)
    pen.lit().box(160, -110, 100, 110, mix(light.sky[0], light.sky[-1], 0.35))
    pen.box(207, -120, 6, 130, TIMBER_DARK)
    return painted(pen, None, 0.3)


def winch(light: Light, speed: float = 1.2) -> Place:
    """The winch house: the great wheel at (-120, -10), a lever at (90, 130), figures at y = 140."""

    def turning(frame: Frame) -> None:
        pen = frame.pen()
        pen.limb([(-480, -104), (-120, -122), (480, -150)], [5, 5, 5], JET)
        wheel(pen.at(-120, -10), frame.time, speed)
        pen.box(-136, 90, 32, 60, TIMBER_DARK)
        frame.ink(pen, 0.25)

    return [layer(_timbered(light)), turning, shine(60, -90, 260, (255, 190, 100), 0.4)], []


def inside_cabin(light: Light, speed: float = 60.0) -> Place:
    """Inside the cabin: three windows with mountains passing; figures stand at y = 190 behind the rail."""
    hills = range_layer(light, 8, 120)
    pen = canvas_pen(light.ambient)
    pen.box(-460, -260, 920, 140, mix(RED, INK, 0.25))
    pen.box(-460, 70, 920, 200, RED)
    pen.box(-460, 70, 920, 10, CREAM)
    for x in (-340, -120, 120, 340):
        pen.box(x - 13, -130, 26, 210, mix(RED, INK, 0.12))
    pen.limb([(-460, -130), (460, -130)], [10, 10], CREAM)
    frame_layer = painted(pen, None, 0.2)

    def outside(frame: Frame) -> None:
        shift = round((frame.time * speed) % 920)
        for x in (-shift, 920 - shift):
            part = hills.resize((920, 520))
            frame.image.paste(part, (x - 140, -80), part)

    return [layer(sky(light, 57), 0.1), aurora(0.5, 110), outside], [
        layer(frame_layer),
        shine(0, -120, 260, (255, 200, 120), 0.35),
    ]


def face_of_the_mountain(light: Light) -> Place:
    """A huge white flank, falling to the right, with stone at its top."""
    pen = canvas_pen(light.ambient)
    peak(pen.at(-60, 240), 1000, 430, 64, STONE)
    return [layer(sky(light, 58), 0.1), aurora(0.5, 90), layer(painted(pen, None, 0.15))], []


def cloth(light: Light, tone: tuple[int, int, int], seed: int = 5) -> Item:
    """A plain ground for inserts."""
    return layer(blank(tinted(tone, light), seed, 0.28), 0.6)


def berry_ground(light: Light) -> Item:
    """The red ground of the hall for inserts."""
    return cloth(light, mix(BERRY, INK, 0.4), 66)
