"""Places with walls: attic, lantern room, stair, chart table, belfry."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from PIL import Image

from studio.brush import Frame, Item, Pen, glow, mix
from studio.layers import Place, blank, canvas_pen, layer, painted, sky
from studio.light import Light, tinted
from studio.palette import BRASS, INK, OIL, OIL_DARK, SKIN, SOCK
from studio.sea import water
from studio.weather import motes, rays, shine


@lru_cache(maxsize=4)
def _attic_layers(light: Light) -> tuple[Image.Image, Image.Image]:
    rng = np.random.default_rng(8)
    pen = canvas_pen(light.ambient)
    for k in range(24):
        tone = mix((134, 96, 66), (92, 62, 46), float(rng.random()))
        pen.box(-460 + k * 39, -260, 37, 430, tone)
    pen.polygon([(-460, -260), (-460, 0), (-110, -260)], (70, 48, 40))
    pen.polygon([(460, -260), (460, 0), (110, -260)], (62, 42, 36))
    for side in (-1, 1):
        for k in range(3):
            foot = side * (190 + k * 96)
            pen.limb([(foot, -260), (foot + side * 170, -60)], [16, 16], (86, 58, 42))
    pen.box(-460, -170, 920, 18, (82, 56, 40))
    pen.box(150, -60, 190, 8, (74, 50, 38))
    pen.box(150, 4, 190, 8, (74, 50, 38))
    x = 156.0
    while x < 326:
        width, height = rng.uniform(7, 15), rng.uniform(30, 50)
        pen.box(x, -60 - height, width, height, mix((150, 60, 50), (50, 86, 100), float(rng.random())))
        if rng.random() < 0.7:
            pen.box(
                x + 2, 4 - height * 0.9, width, height * 0.9, mix((190, 150, 70), (70, 60, 90), float(rng.random()))
            )
        x += width + 2
    frame = pen.at(-60, -62)
    frame.oval(0, 0, 66, 66, (72, 48, 36))
    sky_light = light.sky
    frame.lit().oval(0, 0, 57, 57, mix(sky_light[1], sky_light[-1], 0.5))
    frame.lit().curve(
        [(-56, 14), (-20, 2), (20, 16), (56, 8), (40, 42), (0, 57), (-40, 42)], mix(light.water[0], light.water[1], 0.4)
    )
    frame.box(-3, -60, 6, 120, (72, 48, 36))
    frame.box(-60, -3, 120, 6, (72, 48, 36))
    room = painted(pen, None, 0.4)
    low = canvas_pen(light.ambient)
    low.polygon([(-460, 110), (460, 110), (460, 270), (-460, 270)], (110, 76, 52))
    for k in range(-14, 15):
        low.limb([(k * 36, 110), (k * 74, 270)], [1.6, 3], (66, 44, 34))
    low.curve([(-200, 138), (-60, 128), (90, 140), (120, 168), (-40, 182), (-220, 164)], (140, 54, 52))
    low.curve([(-176, 142), (-60, 134), (70, 144), (92, 164), (-40, 174), (-190, 160)], (196, 150, 96))
    low.box(-330, 62, 96, 62, (96, 60, 40))
    low.box(-336, 56, 108, 12, (120, 78, 50))
    low.box(-290, 72, 14, 14, BRASS)
    return room, painted(low, None, 0.3)


def attic(light: Light) -> Place:
    """The attic of the keeper's cottage: round window at (-60, -62), floor at y = 110, shelf at the right."""
    room, low = _attic_layers(light)
    front: list[Item] = []
    if not light.dark:
        front = [rays(light.sky[-1], 0.45, 300, 0.75, 5), motes((255, 240, 200), 26, -3)]
    return [layer(room), layer(low)], front


def unlit(_: float) -> float:
    """The brightness of a lamp that is out."""
    return 0.0


def lamp_room(light: Light, burning: Callable[[float], float] = unlit, spin: float = 0.6) -> Place:
    """The lantern room: glass all round, the great lens turning; ``burning`` gives its brightness at a time."""
    pen = canvas_pen(light.ambient)
    pen.polygon([(-460, 120), (460, 120), (460, 270), (-460, 270)], (72, 64, 66))
    pen.box(-460, 104, 920, 18, (150, 52, 44))
    pen.box(-460, -190, 920, 22, (150, 52, 44))
    pen.polygon([(-460, -260), (460, -260), (460, -188), (-460, -188)], (60, 44, 48))
    for x in (-400, -262, -140, 140, 262, 400):
        pen.box(x - 6, -190, 12, 300, (56, 46, 50))
    pen.curve([(-58, 122), (-40, 96), (40, 96), (58, 122), (70, 200), (-70, 200)], BRASS)
    room = painted(pen)

    def lens(frame: Frame) -> None:
        brass, power = frame.pen(), burning(frame.time)
        glass = Pen(brass.matrix, mix(brass.light, (255, 255, 255), min(1.0, power * 1.4)), brass.shapes)
        for row in range(9):
            y = -96 + row * 22
            half = 62 - abs(row - 4) ** 2 * 1.7
            for k in range(12):
                angle = k * math.pi / 6 + spin * frame.time
                if math.cos(angle) <= 0:
                    continue
                a, b = half * math.sin(angle - 0.24), half * math.sin(angle + 0.24)
                cool = mix((70, 112, 124), (206, 236, 234), math.cos(angle + 0.5) ** 2)
                glass.polygon(
                    [(a, y), (b, y), (b * 0.96, y + 19), (a * 0.96, y + 19)], mix(cool, (255, 232, 160), power * 0.85)
                )
            brass.box(-half - 3, y + 18.5, 2 * half + 6, 3.2, BRASS)
        brass.curve([(-30, -98), (0, -124), (30, -98)], BRASS)
        frame.ink(brass)
        if power > 0:
            glow(frame, 0, -8, 160 + 330 * power, (255, 222, 140), 1.25 * power)

    return [layer(sky(light, 9), 0.2), water(light, 46), layer(room), lens], []


def stairs(light: Light, rise: float = 1.0) -> Place:
    """The spiral stair of the lighthouse seen from above; a lantern moves along it, up for positive ``rise``."""
    walls = blank(tinted((74, 66, 70), light), 25, 0.5)

    def spiral(frame: Frame) -> None:
        pen = frame.pen()
        carried = frame.time * 0.55 * rise
        for step in range(46, -1, -1):
            turn = step * 0.42
            outer, inner = 330 * 0.925 ** (46 - step), 330 * 0.925 ** (46 - step) * 0.40
            lit = math.exp(-(((turn - 9.4 - carried * 2.2 + math.pi) % (2 * math.pi) - math.pi) ** 2) / 0.9)
            depth = (46 - step) / 46
            tone = mix(mix((150, 134, 124), (40, 36, 48), depth * 0.8), (18, 18, 30), 0.35 * (step % 2))
            arc = [turn + k * 0.105 + frame.time * 0.10 for k in range(6)]
            edge = [(outer * math.cos(a), outer * math.sin(a)) for a in arc]
            core = [(inner * math.cos(a), inner * math.sin(a)) for a in reversed(arc)]
            lamplit = mix(tinted(tone, light), (255, 196, 110), 0.62 * lit * (1 - depth * 0.5))
            pen.lit().polygon(edge + core, lamplit)
            pen.limb([edge[0], core[-1]], [3, 1.4], mix(tone, (10, 10, 16), 0.7))
        pen.oval(0, 0, 10, 10, (8, 8, 14))
        frame.ink(pen)

    def carrier(frame: Frame) -> None:
        angle = 9.5 + frame.time * (0.55 * rise * 2.2 + 0.10)
        pen = frame.pen()
        x, y = 104 * math.cos(angle), 104 * math.sin(angle)
        body = pen.at(x, y, 0.85, angle + (math.pi if rise < 0 else 0))
        stride = math.sin(frame.time * 9)
        body.oval(9, 12 + 6 * stride, 9, 6, INK)
        body.oval(-9, 12 - 6 * stride, 9, 6, INK)
        body.oval(0, 0, 30, 21, OIL_DARK)
        body.oval(0, 0, 25, 17, OIL)
        body.oval(0, 2, 17, 17, mix(OIL, SOCK, 0.25))
        body.oval(0, 1, 11, 11, OIL)
        body.limb([(24, 2), (34, 20), (30, 34)], [11, 9, 6], OIL_DARK)
        body.lit().oval(30, 40, 8, 8, (255, 226, 150))
        frame.ink(pen)
        shine(x * 0.95, y * 0.95, 190, (255, 190, 104), 0.62)(frame)

    return [layer(walls, 0.0), spiral, carrier], []


@lru_cache(maxsize=1)
def _map_layer() -> Image.Image:
    paper = blank((226, 200, 150), 52, 0.32, 1.5).convert("RGBA")
    pen = canvas_pen()
    rng = np.random.default_rng(13)
    for land, tone in ((-250, (196, 176, 116)), (250, (188, 184, 132))):
        shore = [
            (land + math.cos(a) * rng.uniform(130, 190), math.sin(a) * rng.uniform(120, 200))
            for a in np.arange(0, 6.2, 0.35)
        ]
        pen.curve(shore, (120, 92, 60))
        pen.curve([(land + (x - land) * 0.97, y * 0.97) for x, y in shore], tone)
        for _ in range(16):
            x, y = land + rng.uniform(-90, 90), rng.uniform(-110, 110)
            pen.polygon([(x - 10, y), (x, y - 18), (x + 10, y)], mix(tone, (120, 92, 60), 0.5))
    for k in range(16):
        angle, reach = k * math.pi / 8, 46 if k % 4 == 0 else 28
        rose = pen.at(0, 110, turn=angle)
        rose.polygon([(-5, 0), (0, -reach), (5, 0)], (128, 60, 48) if k % 2 else (84, 66, 56))
    for _ in range(30):
        x, y = rng.uniform(-90, 90), rng.uniform(-170, 50)
        pen.limb([(x - 8, y), (x - 4, y - 3), (x, y), (x + 4, y - 3), (x + 8, y)], [1, 1.4, 1, 1.4, 1], (150, 128, 92))
    return painted(pen, paper, 0.2)


def chart(_: Light) -> Place:
    """A sea chart on the table; a hand draws a route over it."""

    def route(frame: Frame) -> None:
        pen = frame.pen()
        done = min(1.0, 0.2 + frame.time * 0.3)
        line = [(-120 + 250 * k / 40, 20 - 90 * math.sin(k / 40 * 3.0) + 14 * math.sin(k / 3)) for k in range(41)]
        last = max(1, int(done * 40))
        for k in range(0, last, 2):
            pen.limb([line[k], line[k + 1]], [4, 4], (172, 40, 44))
        x, y = line[last]
        pen.limb(
            [(x + 120, y + 190), (x + 62, y + 66), (x + 40, y + 34)], [120, 70, 44], mix(SKIN, (120, 80, 60), 0.15)
        )
        pen.limb([(x + 190, y + 300), (x + 130, y + 170)], [150, 120], OIL_DARK)
        for finger, (dx, dy) in enumerate(((30, 22), (44, 20), (56, 26))):
            pen.limb(
                [(x + 66, y + 62), (x + dx + 8, y + dy + 6), (x + dx - 14, y + dy - 4)],
                [26, 19, 14],
                mix(SKIN, SOCK, 0.06 * finger),
            )
        pen.limb([(x, y), (x + 70, y - 10), (x + 120, y - 22)], [2, 9, 9], (70, 50, 120))
        frame.ink(pen)

    lamp = shine(-170, -130, 330, (255, 206, 130), 0.5)
    return [layer(_map_layer()), route, lamp], []


@lru_cache(maxsize=4)
def _belfry_layer(light: Light) -> Image.Image:
    pen = canvas_pen(light.ambient)
    rng = np.random.default_rng(81)
    for side in (-1, 1):
        for row in range(18):
            for col in range(8):
                tone = mix((150, 140, 136), (104, 98, 106), float(rng.random()))
                pen.box(side * (190 + col * 36) - 17 + (row % 2) * 12, -262 + row * 30, 34, 28, tone)
    pen.polygon([(-460, -262), (460, -262), (460, -60), (-460, -60)], (112, 104, 108))
    opening = [(176 * math.cos(a), -60 + 150 * math.sin(a)) for a in np.linspace(math.pi, 2 * math.pi, 40)]
    for k in range(17):
        low, high = math.pi + k * math.pi / 17 + 0.008, math.pi + (k + 1) * math.pi / 17 - 0.008
        stone = [
            (r * math.cos(a), -60 + r * 0.852 * math.sin(a))
            for r, a in ((176, low), (226, low), (226, high), (176, high))
        ]
        pen.polygon(stone, mix((168, 158, 150), (128, 120, 122), float(rng.random())))
    pen.box(-460, 130, 920, 150, (110, 102, 104))
    pen.box(-460, 124, 920, 14, (160, 150, 144))
    wall = np.asarray(painted(pen, None, 0.35)).copy()
    hole = canvas_pen()
    hole.polygon([*opening, (176, 124), (-176, 124)], (255, 255, 255))
    wall[..., 3] = np.minimum(wall[..., 3], 255 - np.asarray(painted(hole, None, 0.0))[..., 3])
    return Image.fromarray(wall)


def belfry(light: Light) -> Place:
    """The belfry: an arch with the sky behind it; the bell hangs at (0, -110)."""
    return [layer(sky(light, 11), 0.15)], [layer(_belfry_layer(light))]
