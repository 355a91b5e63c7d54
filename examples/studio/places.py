"""The places of the film. Each returns what lies behind the figures and what lies before them."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from PIL import Image

from studio import figures as fig
from studio.brush import CANVAS, CANVAS_PIXELS, DENSITY, Colour, Floats, Frame, Item, Pen, glow, mix
from studio.scenery import (
    NIGHT,
    Light,
    blank,
    canvas_pen,
    layer,
    mist,
    motes,
    painted,
    profile,
    rays,
    ridge,
    shine,
    sky,
    swell,
    water,
)

Place = tuple[list[Item], list[Item]]


def tinted(colour: Colour, light: Light) -> Colour:
    """A colour of a thing as it looks in that light."""
    r, g, b = (c * a // 255 for c, a in zip(colour, light.ambient, strict=True))
    return r, g, b


def grass(
    pen: Pen, line: Floats, tone: Colour, count: int, seed: int, reach: float = 9, until: int = CANVAS_PIXELS[0]
) -> None:
    """Blades of grass along a skyline, given as world y per canvas column, as far as column ``until``."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        column = int(rng.integers(0, until))
        x = column / DENSITY - CANVAS[0] / 2
        y, lean = float(line[column]) + rng.uniform(0, 14), rng.uniform(-4, 4)
        tip = (x + lean, y - rng.uniform(0.4, 1) * reach)
        pen.polygon([(x - 1.2, y + 3), tip, (x + 1.2, y + 3)], mix(tone, (255, 240, 160), float(rng.uniform(0, 0.3))))


@lru_cache(maxsize=16)
def _coast_layers(light: Light, burning: bool) -> tuple[Image.Image, Image.Image]:
    rock, turf = tinted((120, 104, 98), light), tinted((92, 128, 66), light)
    head = ridge(profile(52, 14, 8, slope=-60), mix(tinted((90, 100, 110), light), light.haze, 0.55), light.haze, 70)
    x = np.linspace(-460, 460, 1380, dtype=np.float32)
    fall = np.clip((x - 10) / 120, 0, 1) ** 1.4 * 260
    line = profile(44, 9, 12, 1.2) + fall + np.clip((-x - 250) / 200, 0, 1) * -34
    cliff = ridge(line, mix(turf, rock, 0.35), mix(rock, (10, 12, 20), 0.55), 190, 9, 0.75)
    pen = canvas_pen(light.ambient)
    fig.lighthouse(pen.at(-150, 48), burning)
    fig.cottage(pen.at(-226, 48), 62, 34, (226, 214, 196), (150, 74, 56), 3, light.dark)
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
        fig.cottage(pen.at(x, 66), width, height, walls[k % 6], mix((142, 66, 52), (74, 78, 92), float(rng.random())), 3, light.dark)
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
        for k, (x, y, size) in enumerate(((-130, 88, 0.42), (40, 84, 0.36), (150, 92, 0.5), (300, 88, 0.4), (-300, 90, 0.45))):
            fig.boat(pen.at(x, y, size, flip=k % 2 == 0), frame.time * (0.6 + wind * 0.5) + k, 0.0, False, wind)
        frame.ink(pen)

    back = [layer(sky(light, 3), 0.12), layer(hills, 0.4), layer(houses, 0.85), water(light, 74, wind, 0.8), moored]
    return back, [layer(quay)]


@lru_cache(maxsize=8)
def _forest_layers(light: Light) -> tuple[Image.Image, ...]:
    made = [blank(mix(light.haze, tinted((150, 190, 140), light), 0.45), 14, 0.25)]
    rng = np.random.default_rng(17)
    for depth, (foot, height, count) in enumerate(((60, 210, 26), (86, 270, 17), (118, 330, 10))):
        far = 0.72 - depth * 0.3
        pen = canvas_pen(light.ambient)
        for k in range(count):
            x = -470 + (k + rng.uniform(-0.3, 0.3)) * 940 / count
            tone = mix((58, 104, 72), (120, 132, 58), float(rng.random()))
            tree = fig.pine if rng.random() < 0.6 else fig.leafy
            tree(pen.at(x, foot + rng.uniform(-4, 8)), height * rng.uniform(0.7, 1.15), tone, 100 * depth + k)
        trees = np.asarray(painted(pen), np.float32).copy()
        trees[..., :3] += (np.array(light.haze, np.float32) - trees[..., :3]) * max(far, 0.0)
        made.append(Image.fromarray(trees.astype(np.uint8), "RGBA"))
    line = profile(112, 10, 31, 1.3)
    floor = ridge(line, tinted((92, 104, 54), light), tinted((44, 48, 34), light), 120, 18, 0.8)
    blades = canvas_pen(light.ambient)
    grass(blades, line + 8, (88, 124, 58), 1300, 6, 15)
    for k in range(40):
        x, y = rng.uniform(-450, 450), rng.uniform(122, 150)
        for leaf in range(-3, 4):
            blades.limb([(x, y), (x + leaf * 5, y - 15), (x + leaf * 11, y - 8)], [3, 2.4, 0.6], mix((64, 110, 56), (150, 160, 70), k / 60))
    made.append(painted(blades, floor, 0.0))
    trunks = canvas_pen(mix(light.ambient, (0, 0, 0), 0.72))
    for x, width in ((-330, 60), (-20, 0), (296, 84), (430, 50)):
        if width:
            trunks.limb([(x - 10, 270), (x, 60), (x + 12, -270)], [width * 1.3, width, width * 0.9], (110, 84, 64))
    made.append(painted(trunks))
    return tuple(made)


def forest(light: Light, sunlit: bool = False, fog: float = 0.0, close: bool = False) -> Place:
    """Deep forest; the ground is at y = 120. ``close`` throws the background out of focus."""
    air, far, middle, near, floor, trunks = _forest_layers(light)
    soft = 5.0 if close else 0.0
    back = [layer(air, 0.0), layer(far, 0.3, soft), layer(middle, 0.55, soft)]
    if fog:
        back.append(mist(light.haze, fog, 0.1))
    back += [layer(near, 0.9, soft), layer(floor, 1.0, soft)]
    front: list[Item] = [] if close else [layer(trunks, 1.35, 4)]
    if sunlit:
        front += [rays((255, 236, 170), 0.42), motes((255, 246, 200), 22, 4)]
    return back, front


@lru_cache(maxsize=4)
def _town_layers(light: Light) -> tuple[Image.Image, Image.Image, Image.Image]:
    pen = canvas_pen(light.ambient)
    rng = np.random.default_rng(44)
    for k in range(13):
        width = rng.uniform(52, 80)
        fig.cottage(pen.at(-440 + k * 72, 84), width, rng.uniform(90, 150), mix((170, 150, 150), (120, 110, 140), float(rng.random())), (86, 60, 70), 3, light.dark)
    tower = pen.at(60, 84)
    tower.box(-34, -240, 68, 240, (150, 140, 150))
    tower.polygon([(-42, -238), (0, -316), (42, -238)], (70, 74, 96))
    tower.lit().oval(0, -196, 17, 17, (250, 226, 160))
    tower.limb([(0, -196), (0, -208)], [2, 2], fig.INK)
    tower.limb([(0, -196), (9, -190)], [2, 2], fig.INK)
    far = painted(pen)
    street = canvas_pen(light.ambient)
    street.polygon([(-460, 84), (460, 84), (460, 270), (-460, 270)], (96, 92, 100))
    for row in range(16):
        y, size = 88 + row * row * 0.72, 7 + row * 2.4
        for col in range(int(920 / size) + 1):
            x = -460 + col * size + (row % 2) * size / 2
            tone = mix((112, 106, 116), (70, 68, 84), float(rng.random()))
            street.oval(x, y, size * 0.46, size * 0.26, tone)
    ground = painted(street)
    near = canvas_pen(light.ambient)
    fig.cottage(near.at(-330, 132), 150, 200, (176, 140, 120), (96, 54, 52), 3, light.dark)
    fig.cottage(near.at(340, 132), 160, 220, (130, 140, 160), (66, 70, 92), 3, light.dark)
    for x in (-190, 190):
        near.limb([(x, 150), (x, 20)], [7, 4], (40, 42, 52))
        near.limb([(x, 24), (x + 12, 8), (x + 22, 16)], [3, 3, 3], (40, 42, 52))
        near.lit().oval(x + 22, 24, 6, 8, (255, 224, 150))
    return far, ground, painted(near)


def town(light: Light) -> Place:
    """A street in the town with a clock tower; people walk at y = 140."""
    far, ground, near = _town_layers(light)
    lamps: list[Item] = [shine(x + 22, 24, 110, (255, 196, 110), 0.8) for x in (-190, 190)] if light.dark else []
    pools: list[Item] = [shine(x + 10, 168, 90, (255, 190, 110), 0.3) for x in (-190, 190)] if light.dark else []
    return [layer(sky(light, 5), 0.12), layer(far, 0.6), layer(ground), layer(near), *lamps, *pools], []


def sea(light: Light, speed: float = 1.0) -> Place:
    """The open sea with a calm surface; the horizon is at y = 30."""
    return [layer(sky(light, 6), 0.12), water(light, 30, speed)], []


def storm_sea(light: Light, size: float = 34.0, seed: int = 7) -> Place:
    """High waves; what floats at y = 78 rides on the third row (see ``swell_height``, row 3)."""
    rows = [swell(light, row, 30 + row * 18 + row * row * 1.5, size * (0.35 + 0.2 * row)) for row in range(4)]
    near = [swell(light, row, 40 + row * 24 + row * row, size * (0.35 + 0.2 * row)) for row in (4, 5)]
    return [layer(sky(light, seed), 0.12), *rows], near


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
            x = side * (190 + k * 96)
            pen.limb([(x, -260), (x + side * 170, -60)], [16, 16], (86, 58, 42))
    pen.box(-460, -170, 920, 18, (82, 56, 40))
    pen.box(150, -60, 190, 8, (74, 50, 38))
    pen.box(150, 4, 190, 8, (74, 50, 38))
    x = 156.0
    while x < 326:
        width, height = rng.uniform(7, 15), rng.uniform(30, 50)
        pen.box(x, -60 - height, width, height, mix((150, 60, 50), (50, 86, 100), float(rng.random())))
        if rng.random() < 0.7:
            pen.box(x + 2, 4 - height * 0.9, width, height * 0.9, mix((190, 150, 70), (70, 60, 90), float(rng.random())))
        x += width + 2
    frame = pen.at(-60, -62)
    frame.oval(0, 0, 66, 66, (72, 48, 36))
    sky_light = light.sky
    frame.lit().oval(0, 0, 57, 57, mix(sky_light[1], sky_light[-1], 0.5))
    frame.lit().curve([(-56, 14), (-20, 2), (20, 16), (56, 8), (40, 42), (0, 57), (-40, 42)], mix(light.water[0], light.water[1], 0.4))
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
    low.box(-290, 72, 14, 14, fig.BRASS)
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
    pen.curve([(-58, 122), (-40, 96), (40, 96), (58, 122), (70, 200), (-70, 200)], fig.BRASS)
    room = painted(pen)

    def lens(frame: Frame) -> None:
        brass, power = frame.pen(), burning(frame.time)
        glass = brass.lit() if power > 0.3 else brass
        for row in range(9):
            y = -96 + row * 22
            half = 62 - abs(row - 4) ** 2 * 1.7
            for k in range(12):
                angle = k * math.pi / 6 + spin * frame.time
                if math.cos(angle) <= 0:
                    continue
                a, b = half * math.sin(angle - 0.24), half * math.sin(angle + 0.24)
                cool = mix((70, 112, 124), (206, 236, 234), math.cos(angle + 0.5) ** 2)
                glass.polygon([(a, y), (b, y), (b * 0.96, y + 19), (a * 0.96, y + 19)], mix(cool, (255, 232, 160), power * 0.85))
            brass.box(-half - 3, y + 18.5, 2 * half + 6, 3.2, fig.BRASS)
        brass.curve([(-30, -98), (0, -124), (30, -98)], fig.BRASS)
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
        body.oval(9, 12 + 6 * stride, 9, 6, fig.INK)
        body.oval(-9, 12 - 6 * stride, 9, 6, fig.INK)
        body.oval(0, 0, 30, 21, fig.OIL_DARK)
        body.oval(0, 0, 25, 17, fig.OIL)
        body.oval(0, 2, 17, 17, mix(fig.OIL, fig.SOCK, 0.25))
        body.oval(0, 1, 11, 11, fig.OIL)
        body.limb([(24, 2), (34, 20), (30, 34)], [11, 9, 6], fig.OIL_DARK)
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
        shore = [(land + math.cos(a) * rng.uniform(130, 190), math.sin(a) * rng.uniform(120, 200)) for a in np.arange(0, 6.2, 0.35)]
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
        pen.limb([(x + 120, y + 190), (x + 62, y + 66), (x + 40, y + 34)], [120, 70, 44], mix(fig.SKIN, (120, 80, 60), 0.15))
        pen.limb([(x + 190, y + 300), (x + 130, y + 170)], [150, 120], fig.OIL_DARK)
        for finger, (dx, dy) in enumerate(((30, 22), (44, 20), (56, 26))):
            pen.limb([(x + 66, y + 62), (x + dx + 8, y + dy + 6), (x + dx - 14, y + dy - 4)], [26, 19, 14], mix(fig.SKIN, fig.SOCK, 0.06 * finger))
        pen.limb([(x, y), (x + 70, y - 10), (x + 120, y - 22)], [2, 9, 9], (70, 50, 120))
        frame.ink(pen)

    lamp = shine(-170, -130, 330, (255, 206, 130), 0.5)
    return [layer(_map_layer()), route, lamp], []


@lru_cache(maxsize=1)
def _cave_layers() -> tuple[Image.Image, Image.Image]:
    wall = blank((34, 44, 78), 61, 0.9, 1.3).convert("RGBA")
    pen = canvas_pen()
    rng = np.random.default_rng(62)
    for _ in range(46):
        x, y, size = rng.uniform(-440, 440), rng.uniform(-30, 130), rng.uniform(16, 60)
        tone = mix((40, 110, 170), (110, 80, 190), float(rng.random()))
        gem = pen.at(x, y, size / 40, rng.uniform(-0.6, 0.6))
        gem.polygon([(-9, 0), (-6, -34), (0, -44), (0, 0)], mix(tone, (220, 250, 255), 0.45))
        gem.polygon([(9, 0), (6, -34), (0, -44), (0, 0)], mix(tone, (10, 16, 50), 0.3))
    back = painted(pen, wall, 0.1)
    line = profile(120, 16, 64, 1.2)
    floor = ridge(line, (50, 58, 96), (12, 14, 34), 120, 63, 0.9)
    fangs = canvas_pen()
    for k in range(15):
        x, length = -450 + k * 64 + rng.uniform(-20, 20), rng.uniform(50, 150)
        fangs.polygon([(x - 36, -265), (x, -265 + length + 40), (x + 36, -265)], (14, 16, 36))
    return back, painted(fangs, floor, 0.2)


def cave() -> Place:
    """A cave of crystals; the floor is at y = 126."""
    back, front = _cave_layers()
    lights = [shine(x, y, 130, (90, 170, 255), 0.42) for x, y in ((-220, 60), (30, 20), (250, 70))]
    return [layer(back, 0.7), *lights, layer(front)], [motes((170, 220, 255), 30, 6)]


def underwater() -> Place:
    """Below the waves."""
    depth = Image.fromarray(np.array([[[34, 128, 150]], [[14, 70, 112]], [[4, 24, 56]]], np.uint8))
    rock = ridge(profile(150, 30, 71), (14, 50, 74), (4, 14, 34), 100, 72, 0.6)
    sea_blue = depth.resize((1380, 780), Image.Resampling.BICUBIC)
    return [layer(sea_blue, 0.1), rays((130, 220, 220), 0.55, 300, -0.3, 12)], [layer(rock), motes((190, 230, 235), 40, 26, 2.0)]


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
        stone = [(r * math.cos(a), -60 + r * 0.852 * math.sin(a)) for r, a in ((176, low), (226, low), (226, high), (176, high))]
        pen.polygon(stone, mix((168, 158, 150), (128, 120, 122), float(rng.random())))
    pen.box(-460, 130, 920, 150, (110, 102, 104))
    pen.box(-460, 124, 920, 14, (160, 150, 144))
    wall = np.asarray(painted(pen, None, 0.35)).copy()
    hole = canvas_pen()
    hole.polygon([*opening, (176, 124), (-176, 124)], (255, 255, 255))
    wall[..., 3] = np.where(np.asarray(painted(hole, None, 0.0))[..., 3] > 0, 255 - np.asarray(painted(hole, None, 0.0))[..., 3], wall[..., 3])
    return Image.fromarray(wall)


def belfry(light: Light) -> Place:
    """The belfry: an arch with the sky behind it; the bell hangs at (0, -110)."""
    return [layer(sky(light, 11), 0.15)], [layer(_belfry_layer(light))]


@lru_cache(maxsize=4)
def _meadow_layers(light: Light) -> tuple[Image.Image, ...]:
    far = ridge(profile(30, 46, 91), mix(tinted((96, 130, 120), light), light.haze, 0.6), light.haze, 120)
    middle = ridge(profile(62, 34, 92), mix(tinted((126, 160, 80), light), light.haze, 0.25), tinted((84, 120, 60), light), 90)
    line = profile(104, 14, 93, 1.5)
    near = ridge(line, tinted((140, 168, 72), light), tinted((60, 84, 40), light), 130, 94, 0.7)
    pen = canvas_pen(light.ambient)
    grass(pen, line + 30, (150, 176, 80), 1800, 95, 22)
    rng = np.random.default_rng(96)
    for k in range(150):
        x, y = rng.uniform(-450, 450), rng.uniform(112, 220)
        tone = ((236, 92, 84), (250, 226, 110), (240, 240, 250), (168, 120, 220))[k % 4]
        pen.limb([(x, y + 10), (x + 1, y)], [1, 1], (80, 120, 50))
        pen.oval(x, y, 2.6, 2.4, tone)
    return far, middle, painted(pen, near, 0.0)


def meadow(light: Light) -> Place:
    """Hills and a meadow full of flowers; the ground is at y = 112."""
    far, middle, near = _meadow_layers(light)
    return [layer(sky(light, 13), 0.12), layer(far, 0.3), layer(middle, 0.6), layer(near)], []


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

