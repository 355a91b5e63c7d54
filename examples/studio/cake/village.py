"""The village in the valley: seen whole, its square, the bakery's front and its inside."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from PIL import Image

from studio.brush import CANVAS_PIXELS, Frame, Item, Pen, mix
from studio.cake.paints import BERRY, CREAM, INK, JET, MUSTARD, RED, ROSE, SHADE, SNOW, TIMBER, TIMBER_DARK
from studio.cake.props import cabin, fir, house, peak
from studio.layers import Place, canvas_pen, layer, painted, profile, ridge, sky
from studio.light import Light, tinted
from studio.weather import shine

STONE = (112, 110, 128)
WALLS = ((228, 176, 150), (150, 190, 170), (236, 214, 150), (214, 150, 150), (180, 196, 214), (238, 230, 210))
ROOFS = ((122, 66, 52), (92, 78, 70), (70, 92, 96))


def hazed(picture: Image.Image, light: Light, amount: float) -> Image.Image:
    """A layer seen through ``amount`` (0 to 1) of the haze of the light."""
    pixels = np.asarray(picture, np.float32).copy()
    pixels[..., :3] += (np.array(light.haze, np.float32) - pixels[..., :3]) * amount
    return Image.fromarray(pixels.astype(np.uint8), "RGBA")


@lru_cache(maxsize=8)
def range_layer(light: Light, seed: int = 1, foot: float = 92, high: float = 1.0) -> Image.Image:
    """A chain of snowy mountains standing on y = ``foot``."""
    pen = canvas_pen(light.ambient)
    rng = np.random.default_rng(seed)
    for k in range(9):
        peak(
            pen.at(-440 + k * 112 + rng.uniform(-24, 24), foot),
            rng.uniform(180, 280),
            rng.uniform(110, 190) * high,
            seed * 20 + k,
            STONE,
        )
    return hazed(painted(pen, None, 0.18), light, 0.42)


def castle_shape(pen: Pen, lit: bool) -> None:
    """The Count's castle, 120 high, origin in the middle of its foot."""
    stone = (84, 74, 100)
    for x, width, height in ((-34, 20, 62), (-12, 26, 84), (14, 18, 56), (34, 16, 74)):
        pen.box(x - width / 2, -height, width, height + 10, mix(stone, INK, 0.12 if x > 0 else 0.0))
        pen.polygon([(x - width * 0.7, -height), (x, -height - width * 1.7), (x + width * 0.7, -height)], (60, 44, 78))
        pen.polygon([(x - width * 0.7, -height), (x, -height - width * 1.7), (x - width * 0.1, -height)], SNOW)
        for row in range(2):
            on = lit and (row + int(x)) % 3 != 1
            (pen.lit() if on else pen).box(x - 2.5, -height + 10 + row * 18, 5, 9, (255, 196, 90) if on else INK)


@lru_cache(maxsize=8)
def _valley_layers(light: Light) -> tuple[Image.Image, Image.Image, Image.Image]:
    pen = canvas_pen(light.ambient)
    peak(pen.at(180, 110), 420, 250, 77, STONE)
    crag = pen.at(120, -20)
    crag.curve(
        [(-130, 150), (-70, 70), (-40, 10), (-20, -6), (44, -4), (60, 30), (110, 90), (150, 160)], (116, 110, 132)
    )
    castle_shape(crag.at(0, 0, 0.85), light.dark)
    middle = hazed(painted(pen, None, 0.2), light, 0.2)
    line = profile(84, 16, 23, 1.5, slope=20)
    hill = ridge(line, tinted(SNOW, light), tinted(SHADE, light), 130, 24, 0.12)
    pen = canvas_pen(light.ambient)
    rng = np.random.default_rng(9)
    for k in range(34):
        x = -450 + k * 27 + rng.uniform(-9, 9)
        fir(pen.at(x, float(line[int((x + 460) * 1.5) % CANVAS_PIXELS[0]]) + 8), rng.uniform(26, 52), (44, 96, 84), k)
    for k in range(15):
        x, y = -250 + (k * 67) % 470 + rng.uniform(-8, 8), 106 + (k % 4) * 15
        house(pen.at(x, y), (rng.uniform(30, 42), rng.uniform(18, 26)), WALLS[k % 6], ROOFS[k % 3], 3, light.dark)
    tower = pen.at(-40, 140)
    tower.box(-12, -84, 24, 84, (238, 228, 206))
    tower.curve([(-14, -84), (-17, -100), (-4, -112), (0, -130), (4, -112), (17, -100), (14, -84)], (70, 130, 120))
    tower.box(-4, -70, 8, 14, INK)
    house(tower.at(26, 0), (52, 30), (238, 228, 206), ROOFS[2], 3, light.dark)
    near = ridge(profile(158, 12, 28, 1.4), tinted(SNOW, light), tinted(SHADE, light), 110, 29, 0.1)
    trees = canvas_pen(light.ambient)
    for k, x in enumerate((-330, -290, -352, 300, 336, 270, 400, -400)):
        fir(trees.at(x, 196 + (k % 3) * 14), 110 + 22 * (k % 3), (34, 84, 78), 60 + k)
    return middle, painted(pen, hill, 0.15), painted(trees, near, 0.15)


def valley(light: Light, speed: float = 14.0, cable: bool = True) -> Place:
    """The whole valley: village at the middle, castle on its crag at (120, -40), the cable from left to the crag."""
    middle, village, near = _valley_layers(light)

    def line(frame: Frame) -> None:
        pen = frame.pen()
        pen.limb([(-420, 96), (-130, 20), (150, -36)], [1.4, 1.2, 1.0], JET)
        x = -170 + speed * frame.time
        y = 96 + (x + 420) * -0.235 - 10 * math.sin((x + 420) / 570 * math.pi) * 0.6
        cabin(pen.at(x, y, 0.3), frame.time, float(light.dark))
        frame.ink(pen)

    wire = [line] if cable else []
    return [
        layer(sky(light, 51), 0.1),
        layer(range_layer(light, 1), 0.25),
        layer(middle, 0.5),
        *wire,
        layer(village, 0.85),
    ], [layer(near, 1.15)]


def _bulbs(pen: Pen, start: tuple[float, float], stop: tuple[float, float], sag: float, lit: bool) -> None:
    points = [
        (start[0] + (stop[0] - start[0]) * s, start[1] + (stop[1] - start[1]) * s + sag * 4 * s * (1 - s))
        for s in np.linspace(0, 1, 15)
    ]
    pen.limb(points, [1.4] * 3, JET)
    for k, (x, y) in enumerate(points[1:-1]):
        tone = ((255, 214, 96), (240, 90, 80), (96, 200, 180))[k % 3]
        (pen.lit() if lit else pen).oval(x, y + 4, 3.4, 4.2, tone if lit else mix(tone, INK, 0.15))


@lru_cache(maxsize=8)
def _square_layers(light: Light) -> tuple[Image.Image, Image.Image, Image.Image]:
    lit = light.dark or sum(light.ambient) < 640
    pen = canvas_pen(light.ambient)
    for k in range(9):
        x = -430 + k * 104
        house(pen.at(x, 92), (96 + (k * 17) % 22, 96 + (k * 37) % 50), WALLS[(k * 5) % 6], ROOFS[k % 3], 3, lit)
    tower = pen.at(-96, 92)
    tower.box(-26, -190, 52, 190, (238, 228, 206))
    tower.curve([(-30, -190), (-38, -222), (-10, -246), (0, -290), (10, -246), (38, -222), (30, -190)], (70, 130, 120))
    tower.limb([(-34, -214), (-12, -240), (-2, -276)], [7, 7, 2], SNOW)
    tower.lit().oval(0, -160, 17, 17, (250, 236, 190))
    tower.limb([(0, -160), (0, -172)], [2, 2], INK)
    tower.limb([(0, -160), (8, -155)], [2, 2], INK)
    _bulbs(pen, (-330, -20), (-110, -60), 24, lit)
    _bulbs(pen, (-90, -60), (170, -40), 34, lit)
    _bulbs(pen, (170, -40), (420, -30), 26, lit)
    shop = pen.at(190, 100)
    house(shop, (150, 100), (244, 214, 176), (150, 70, 60), 1, lit)
    shop.box(-60, -62, 74, 44, TIMBER_DARK)
    (shop.lit() if lit else shop).box(-55, -57, 64, 34, (255, 208, 120) if lit else (190, 214, 220))
    for k in range(4):
        shop.box(-70 + k * 24, -76, 24, 16, (RED, CREAM)[k % 2])
    shop.box(26, -58, 34, 58, TIMBER)
    shop.limb([(76, -84), (98, -84)], [3, 3], JET)
    shop.limb([(90, -80), (80, -66), (98, -58), (84, -60), (102, -70), (90, -80)], [4] * 3, (196, 120, 48))
    far = painted(pen, None, 0.22)
    ground = ridge(profile(96, 3, 61, 1.2), tinted(mix(SNOW, SHADE, 0.25), light), tinted(SNOW, light), 60, 62, 0.14)
    marks = canvas_pen(light.ambient)
    rng = np.random.default_rng(63)
    for _ in range(90):
        left, down = rng.uniform(-450, 450), rng.uniform(104, 220)
        marks.oval(left, down, rng.uniform(3, 8), rng.uniform(1, 2.4), mix(SNOW, SHADE, float(rng.uniform(0.4, 0.9))))
    ground = painted(marks, ground, 0.0)
    front = canvas_pen(light.ambient)
    fir(front.at(-300, 168), 250, (36, 92, 80), 90)
    for k in range(30):
        up = 34 + k * 5.6
        span = 64 * (1 - up / 262)
        tone = ((255, 214, 96), (240, 90, 80), (120, 210, 230))[k % 3]
        (front.lit() if lit else front).oval(-300 + span * math.sin(k * 2.4), 168 - up, 3.4, 3.4, tone)
    return far, ground, painted(front, None, 0.15)


def square(light: Light, blur: float = 0.0) -> Place:
    """The square: tower at the left, the bakery at (190, 100), a great fir at (-300, 168); people stand at y = 150."""
    far, ground, front = _square_layers(light)
    back = [
        layer(sky(light, 52), 0.1, blur),
        layer(range_layer(light, 2, 60), 0.3, blur),
        layer(far, 0.9, blur),
        layer(ground, 1.0, blur),
    ]
    glows: list[Item] = []
    if light.dark or sum(light.ambient) < 640:
        glows = [shine(170, 62, 130, (255, 190, 100), 0.5), shine(-300, 60, 150, (255, 190, 120), 0.25)]
    return [*back, layer(front, 1.05, blur), *glows], []


@lru_cache(maxsize=6)
def _front_layer(light: Light) -> Image.Image:
    lit = light.dark or sum(light.ambient) < 640
    pen = canvas_pen(light.ambient)
    pen.box(-460, -260, 920, 400, (244, 214, 176))
    for x in (-420, -236, 90, 300, 420):
        pen.box(x - 9, -260, 18, 400, TIMBER_DARK)
    pen.box(-460, -130, 920, 16, TIMBER_DARK)
    for k in range(14):
        pen.polygon(
            [(-228 + k * 22, -128), (-206 + k * 22, -128), (-204 + k * 23, -84), (-228 + k * 23, -84)],
            (RED, CREAM)[k % 2],
        )
        pen.oval(-216 + k * 23, -84, 11.5, 9, (RED, CREAM)[k % 2])
    pen.box(-214, -70, 280, 150, TIMBER_DARK)
    (pen.lit() if lit else pen).box(-204, -60, 260, 130, (255, 206, 120) if lit else (196, 220, 226))
    for x in (-120, -36):
        pen.box(x, -60, 6, 130, TIMBER_DARK)
    for k in range(9):
        pen.oval(-190 + k * 30, 62 - (k % 2) * 5, 15, 10, mix((196, 130, 62), (120, 70, 40), 0.3 * (k % 3)))
    pen.box(-220, 72, 292, 10, SNOW)
    pen.box(128, -86, 132, 226, TIMBER_DARK)
    pen.box(138, -76, 112, 216, (64, 122, 116))
    (pen.lit() if lit else pen).box(156, -58, 76, 60, (255, 206, 120) if lit else (196, 220, 226))
    pen.oval(236, 38, 5, 5, (220, 180, 80))
    wall = painted(pen, None, 0.2)
    snow = canvas_pen(light.ambient)
    snow.box(-460, 136, 920, 130, SNOW)
    snow.curve([(-470, 150), (-420, 112), (-330, 118), (-240, 140), (-300, 170)], SNOW)
    snow.curve([(270, 142), (340, 116), (450, 104), (480, 160)], SNOW)
    return painted(snow, wall, 0.1)


def shop_front(light: Light, blur: float = 0.0) -> Place:
    """The front of the bakery, close: its window at (-74, 5), its door at (194, 30), snow from y = 136 down."""
    return [layer(_front_layer(light), 1.0, blur)], []


@lru_cache(maxsize=8)
def _bakery_layers(light: Light, fire: bool) -> tuple[Image.Image, Image.Image]:
    pen = canvas_pen(light.ambient)
    pen.box(-460, -260, 920, 400, (226, 172, 116))
    rng = np.random.default_rng(71)
    for k in range(5):
        pen.box(-460, -236 + k * 4, 920, 3, mix(TIMBER, (226, 172, 116), 0.3))
    for x in (-400, -130, 150, 420):
        pen.limb([(x, -260), (x, 130)], [15, 15], TIMBER)
    pen.box(-460, -190, 920, 18, TIMBER)
    oven = pen.at(-270, 130)
    oven.curve([(-120, 10), (-116, -150), (-60, -190), (60, -190), (116, -150), (120, 10)], (206, 196, 184))
    for row in range(8):
        for col in range(7):
            tone = mix((190, 120, 92), (160, 92, 74), float(rng.random()))
            oven.box(-96 + col * 28 + (row % 2) * 9, -150 + row * 18, 24, 14, tone)
    oven.curve([(-56, -30), (-56, -84), (0, -112), (56, -84), (56, -30)], (70, 50, 50))
    (oven.lit() if fire else oven).curve(
        [(-44, -32), (-44, -78), (0, -100), (44, -78), (44, -32)], (255, 150, 50) if fire else INK
    )
    pen.box(-40, -120, 130, 110, TIMBER_DARK)
    pen.lit().box(-32, -112, 114, 94, mix(light.sky[1], light.sky[-1], 0.4))
    pen.lit().polygon(
        [(-32, -18), (-32, -50), (0, -76), (30, -44), (56, -70), (82, -40), (82, -18)], tinted(SNOW, light)
    )
    pen.box(22, -120, 6, 110, TIMBER_DARK)
    pen.box(-40, -68, 130, 5, TIMBER_DARK)
    for x, tone in ((-40, BERRY), (74, BERRY)):
        pen.curve([(x - 8, -124), (x + 26, -124), (x + 22, -70), (x + 6, -20), (x - 6, -20)], mix(tone, CREAM, 0.15))
    for row in range(3):
        y = -110 + row * 50
        pen.box(190, y, 210, 8, TIMBER_DARK)
        for k in range(7):
            loaf = mix((206, 140, 66), (150, 90, 46), float(rng.random()))
            pen.oval(206 + k * 29, y - 8, 14, 10 + 4 * (k % 2), loaf)
            pen.limb([(200 + k * 29, y - 12), (210 + k * 29, y - 14)], [2, 2], mix(loaf, CREAM, 0.5))
    pen.polygon([(-460, 130), (460, 130), (460, 270), (-460, 270)], (168, 112, 82))
    for k in range(-12, 13):
        pen.limb([(k * 40, 130), (k * 80, 270)], [2, 3], (120, 76, 58))
    low = canvas_pen(light.ambient)
    low.box(-70, 92, 300, 16, mix(TIMBER, MUSTARD, 0.2))
    low.box(-70, 92, 300, 4, mix(TIMBER, CREAM, 0.5))
    for x in (-52, 200):
        low.box(x, 108, 16, 90, TIMBER_DARK)
    low.oval(-30, 88, 24, 6, (240, 236, 226))
    low.oval(196, 84, 16, 11, (150, 170, 190))
    return painted(pen, None, 0.25), painted(low, None, 0.25)


def bakery(light: Light, fire: bool = True, blur: float = 0.0) -> Place:
    """The bakery: oven at the left, window in the middle; figures stand at y = 140 behind the table top (y = 92)."""
    room, table = _bakery_layers(light, fire)
    glow: list[Item] = [shine(-270, 60, 190, (255, 150, 60), 0.6)] if fire else []
    return [layer(room, 1.0, blur), *glow], [layer(table)]


def party(light: Light) -> Item:
    """The long table of the feast in the square, seen from the side, at y = 150."""
    pen = canvas_pen(light.ambient)
    pen.box(-230, 128, 460, 12, LINEN_CLOTH)
    for k in range(12):
        pen.curve([(-230 + k * 38.4, 138), (-192 + k * 38.4, 138), (-212 + k * 38.4, 160)], LINEN_CLOTH)
    for k in range(9):
        pen.oval(-200 + k * 50, 126, 12, 3, (206, 214, 224))
        pen.box(-184 + k * 50, 112, 8, 14, mix(ROSE, MUSTARD, k % 2))
    return layer(painted(pen, None, 0.1))


LINEN_CLOTH = (250, 244, 236)
