"""Places inland: the forest, the town, the meadow, the cave."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PIL import Image

from studio.brush import Item, mix
from studio.layers import Place, blank, canvas_pen, grass, layer, painted, profile, ridge, sky
from studio.light import Light, tinted
from studio.palette import INK
from studio.things import cottage, leafy, pine
from studio.weather import mist, motes, rays, shine


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
            tree = pine if rng.random() < 0.6 else leafy
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
            blades.limb(
                [(x, y), (x + leaf * 5, y - 15), (x + leaf * 11, y - 8)],
                [3, 2.4, 0.6],
                mix((64, 110, 56), (150, 160, 70), k / 60),
            )
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
        cottage(
            pen.at(-440 + k * 72, 84),
            width,
            rng.uniform(90, 150),
            mix((170, 150, 150), (120, 110, 140), float(rng.random())),
            (86, 60, 70),
            3,
            light.dark,
        )
    tower = pen.at(60, 84)
    tower.box(-34, -240, 68, 240, (150, 140, 150))
    tower.polygon([(-42, -238), (0, -316), (42, -238)], (70, 74, 96))
    tower.lit().oval(0, -196, 17, 17, (250, 226, 160))
    tower.limb([(0, -196), (0, -208)], [2, 2], INK)
    tower.limb([(0, -196), (9, -190)], [2, 2], INK)
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
    cottage(near.at(-330, 132), 150, 200, (176, 140, 120), (96, 54, 52), 3, light.dark)
    cottage(near.at(340, 132), 160, 220, (130, 140, 160), (66, 70, 92), 3, light.dark)
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


@lru_cache(maxsize=4)
def _meadow_layers(light: Light) -> tuple[Image.Image, ...]:
    far = ridge(profile(30, 46, 91), mix(tinted((96, 130, 120), light), light.haze, 0.6), light.haze, 120)
    middle = ridge(
        profile(62, 34, 92), mix(tinted((126, 160, 80), light), light.haze, 0.25), tinted((84, 120, 60), light), 90
    )
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
