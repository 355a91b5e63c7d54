"""Light and the parts every place is built of: skies, ridges, painted layers, water, swells and weather."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from PIL import Image, ImageFilter

from studio.brush import (
    CANVAS,
    CANVAS_PIXELS,
    DENSITY,
    HEIGHT,
    WIDTH,
    Colour,
    Floats,
    Frame,
    Item,
    Pen,
    View,
    glow,
    mix,
    noise,
    stretched,
)


@dataclass(frozen=True)
class Light:
    """The light of a time of day: sky from top to horizon, ambient colour, clouds (0 to 1), sun, water."""

    sky: tuple[Colour, ...]
    ambient: Colour
    cloud: Colour
    cover: float
    water: tuple[Colour, Colour]
    sun: tuple[float, float, float, Colour] | None = None
    stars: bool = False

    @property
    def haze(self) -> Colour:
        """The colour of distance."""
        return self.sky[-1]

    @property
    def dark(self) -> bool:
        """Whether windows and lamps are lit."""
        return sum(self.ambient) < 460


DAWN = Light(((64, 84, 140), (168, 138, 168), (246, 178, 140), (255, 220, 170)), (244, 214, 206), (255, 206, 190), 0.42,
             ((52, 78, 116), (246, 190, 160)), (150, 42, 20, (255, 236, 190)))
DAY = Light(((58, 132, 206), (126, 190, 228), (214, 234, 232)), (255, 252, 244), (255, 255, 252), 0.46,
            ((28, 96, 138), (140, 206, 212)), (-210, -120, 15, (255, 250, 220)))
DUSK = Light(((50, 38, 92), (138, 62, 112), (236, 112, 84), (255, 190, 108)), (240, 170, 146), (214, 84, 92), 0.48,
             ((58, 40, 84), (250, 150, 96)), (110, 38, 26, (255, 214, 130)))
NIGHT = Light(((6, 10, 30), (14, 26, 60), (40, 60, 100)), (92, 110, 160), (40, 54, 88), 0.4,
              ((8, 16, 40), (70, 98, 140)), (190, -110, 17, (226, 232, 240)), stars=True)
STARS = replace(NIGHT, sun=None)
FOUL = replace(NIGHT, sun=None, stars=False, cover=0.72, cloud=(22, 30, 52))
STORM = Light(((20, 24, 34), (46, 54, 66), (98, 108, 112)), (126, 136, 148), (28, 32, 42), 0.72,
              ((14, 28, 38), (104, 126, 132)))
GREY = Light(((104, 118, 134), (146, 156, 166), (196, 198, 194)), (196, 200, 204), (88, 96, 110), 0.66,
             ((60, 78, 90), (170, 182, 184)))
GOLD = Light(((70, 104, 166), (188, 160, 170), (255, 204, 130), (255, 232, 170)), (255, 220, 176), (255, 190, 130), 0.44,
             ((60, 88, 120), (255, 210, 140)), (40, 40, 30, (255, 246, 200)))


@lru_cache(maxsize=32)
def sky(light: Light, seed: int = 1) -> Image.Image:
    """A painted sky (RGB, canvas size); the horizon lies a little below the middle."""
    width, height = CANVAS_PIXELS
    along = np.linspace(0, 1, height) / 0.66
    stops = np.array(light.sky, dtype=np.float32)
    column = [np.interp(along, np.linspace(0, 1, len(stops)), stops[:, c]) for c in range(3)]
    picture = np.repeat(np.stack(column, -1)[:, None, :], width, 1).astype(np.float32)
    if light.stars:
        rng = np.random.default_rng(seed)
        for x, y in zip(rng.integers(0, width - 1, 380), rng.integers(0, int(height * 0.6), 380), strict=True):
            picture[y : y + 2, x : x + 2] += rng.uniform(20, 150)
    puff = stretched(width, height, seed + 40, 1.75, 512, 384)
    density = np.clip((puff - 0.82 + light.cover) * 3.2, 0, 1)
    density *= np.clip(1.15 - along / 1.1, 0.0, 1)[:, None] ** 0.7
    relief = np.clip((puff - np.roll(puff, (9, 13), (0, 1))) * 7 + 0.55, 0, 1)
    tone = np.array(light.cloud, np.float32) * (0.62 + 0.42 * relief)[..., None]
    picture += (tone - picture) * (density * 0.86)[..., None]
    picture *= 0.97 + 0.06 * stretched(width, height, seed + 7, 0.8, 512, 384)[..., None]
    painted = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
    if light.sun:
        x, y, radius, colour = light.sun
        frame = Frame(View(), 0.0, light.ambient, painted)
        disc = Pen(np.array([[DENSITY, 0, CANVAS_PIXELS[0] / 2], [0, DENSITY, CANVAS_PIXELS[1] / 2], [0, 0, 1.0]]))
        disc.oval(x, y, radius, radius, colour)
        patch = disc.rasterise(*CANVAS_PIXELS)
        if patch:
            frame.image.paste(patch[0], patch[1:], patch[0])
        gy, gx = np.mgrid[0:height, 0:width]
        far = np.hypot((gx - width / 2) / DENSITY - x, (gy - height / 2) / DENSITY - y) / (radius * 11)
        light_in = (np.clip(1 - far, 0, 1) ** 2.4 * 0.75)[..., None] * np.array(colour, np.float32) / 255
        lit = 255 - (255 - np.asarray(frame.image, np.float32)) * (1 - light_in)
        painted = Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8))
    return painted


def profile(base: float, height: float, seed: int, rough: float = 1.6, slope: float = 0.0) -> Floats:
    """World y of a skyline for every canvas column: a random line around ``base``, falling by ``slope``."""
    line = noise(2048, 2, seed, rough)[0, : CANVAS_PIXELS[0]]
    x = np.linspace(-0.5, 0.5, CANVAS_PIXELS[0], dtype=np.float32)
    return np.asarray(base - (line - 0.5) * 2 * height + slope * x, dtype=np.float32)


def ridge(line: Floats, top: Colour, foot: Colour, depth: float = 160, seed: int = 3, rough: float = 0.3) -> Image.Image:
    """A layer filled below a skyline, from ``top`` to ``foot`` over ``depth`` world units, with texture."""
    width, height = CANVAS_PIXELS
    y = np.arange(height, dtype=np.float32)[:, None] / DENSITY - CANVAS[1] / 2
    below = y - line[None, :]
    amount = np.clip(below / depth, 0, 1)[..., None]
    colour = np.array(top, np.float32) * (1 - amount) + np.array(foot, np.float32) * amount
    colour = colour * (1 - rough / 2 + rough * stretched(width, height, seed, 1.1, 512, 256))[..., None]
    alpha = np.clip(below * DENSITY + 0.5, 0, 1)[..., None] * 255
    return Image.fromarray(np.clip(np.concatenate([colour, alpha], -1), 0, 255).astype(np.uint8), "RGBA")


def canvas_pen(light: Colour = (255, 255, 255)) -> Pen:
    """A pen that draws on a layer in world units."""
    matrix = np.array([[DENSITY, 0, CANVAS_PIXELS[0] / 2], [0, DENSITY, CANVAS_PIXELS[1] / 2], [0, 0, 1.0]])
    return Pen(matrix, light)


def painted(pen: Pen, under: Image.Image | None = None, texture: float = 0.22) -> Image.Image:
    """The pen's shapes as a layer, on top of another layer if given."""
    base = under.copy() if under else Image.new("RGBA", CANVAS_PIXELS)
    patch = pen.rasterise(*CANVAS_PIXELS, texture)
    if patch:
        base.alpha_composite(patch[0], patch[1:])
    return base


def blank(colour: Colour, seed: int = 5, texture: float = 0.3, slope: float = 1.2) -> Image.Image:
    """A whole layer of one textured colour (RGB)."""
    grain = 1 - texture / 2 + texture * stretched(*CANVAS_PIXELS, seed, slope, 512, 384)
    return Image.fromarray(np.clip(np.array(colour, np.float32) * grain[..., None], 0, 255).astype(np.uint8))


def layer(image: Image.Image, parallax: float = 1.0, blur: float = 0.0) -> Item:
    """Show a painted layer; ``parallax`` is how much it follows the camera, ``blur`` is in world units."""
    if blur:
        image = image.filter(ImageFilter.GaussianBlur(blur * DENSITY))
    # Premultiplied once here: Pillow would do it for every resize.
    source = image.convert("RGBa") if image.mode == "RGBA" else image
    last: dict[View, Image.Image] = {}

    def paint(frame: Frame) -> None:
        if frame.view not in last:
            zoom = 1 + (frame.view.zoom - 1) * min(parallax, 1.2) if parallax < 1 else frame.view.zoom
            reach = (WIDTH / 2 / zoom, HEIGHT / 2 / zoom)
            x = min(max(frame.view.x * parallax, reach[0] - CANVAS[0] / 2), CANVAS[0] / 2 - reach[0])
            y = min(max(frame.view.y * parallax, reach[1] - CANVAS[1] / 2), CANVAS[1] / 2 - reach[1])
            left, top = (x - reach[0] + CANVAS[0] / 2) * DENSITY, (y - reach[1] + CANVAS[1] / 2) * DENSITY
            box = (left, top, left + 2 * reach[0] * DENSITY, top + 2 * reach[1] * DENSITY)
            seen = source.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR, box)
            last.clear()
            last[frame.view] = seen.convert("RGBA") if seen.mode == "RGBa" else seen
        seen = last[frame.view]
        frame.image.paste(seen, (0, 0), seen if seen.mode == "RGBA" else None)

    return paint


def water(light: Light, horizon: float, speed: float = 1.0, chop: float = 1.0, reflect: float = 0.8) -> Item:
    """A sea seen in perspective below the world line ``horizon``, with the sun or moon glittering on it."""
    field = noise(1024, 1024, 90, 1.15)
    deep, bright = (np.array(c, np.float32) for c in light.water)
    haze = np.array(light.haze, np.float32)

    def paint(frame: Frame) -> None:
        top = frame.screen(0, horizon)[1]
        first = min(max(0, math.ceil(top)), HEIGHT)
        if first == HEIGHT:
            return
        y = np.arange(first, HEIGHT, dtype=np.float32)[:, None]
        x = np.arange(WIDTH, dtype=np.float32)[None, :] - WIDTH / 2
        depth = (y - top) / frame.view.zoom + 5
        scale = 170 / depth
        u = (x / frame.view.zoom * 0.30 * scale**0.8 + frame.view.x * 0.3 + frame.time * 9 * speed).astype(np.int32) % 1024
        v = np.broadcast_to((330 * scale + frame.time * 26 * speed).astype(np.int32) % 1024, u.shape)
        other = field[(v * 2 + int(frame.time * 31 * speed)) % 1024, (u * 2 - int(frame.time * 14 * speed)) % 1024]
        ripple = 0.62 * field[v, u] + 0.38 * other
        contrast = np.clip(depth / 46, 0.22, 1) * chop
        crest = np.clip(0.42 + (ripple - 0.5) * 2.6 * contrast, 0, 1)
        near = np.clip(depth / 130, 0, 1)
        level = (crest * (1 - 0.55 * near))[..., None]
        colour = deep + (bright - deep) * level
        colour += (haze - colour) * (np.clip(1 - depth / 46, 0, 1) * 0.6)[..., None]
        if light.sun and reflect:
            sun_x = WIDTH / 2 + (light.sun[0] - frame.view.x * 0.1)
            spread = light.sun[2] * 0.8 + depth * 0.34
            path = np.exp(-(((x + WIDTH / 2 - sun_x) / spread) ** 2)) * np.clip((ripple - 0.47) * 7, 0, 1) * reflect
            colour += (np.array(light.sun[3], np.float32) - colour) * np.clip(path, 0, 1)[..., None]
        frame.image.paste(Image.fromarray(np.clip(colour, 0, 255).astype(np.uint8)), (0, first))

    return paint


def swell_height(x: float | Floats, time: float, row: int, size: float) -> float | Floats:
    """Rise of the swell of one row at world x (positive is up)."""
    a = np.sin(np.asarray(x) * 0.011 + time * (1.3 + 0.1 * row) + row * 2.1)
    b = np.sin(np.asarray(x) * 0.023 - time * 0.9 + row * 1.3)
    c = np.sin(np.asarray(x) * 0.057 + time * 2.2 + row)
    rise = size * (0.62 * a + 0.3 * b + 0.08 * c)
    return float(rise) if np.ndim(rise) == 0 else np.asarray(rise, np.float32)


def swell(light: Light, row: int, base: float, size: float, foam: float = 0.7) -> Item:
    """One row of great waves at the world line ``base``; rows with higher numbers stand nearer."""
    deep, bright = light.water
    crest = np.array(mix(bright, deep, 0.25 + 0.1 * (row % 2)), np.float32)
    trough = np.array(mix(deep, (4, 8, 12), 0.1 * row), np.float32)
    field = noise(1024, 512, 60 + row, 1.3)

    def paint(frame: Frame) -> None:
        zoom = frame.view.zoom
        x = (np.arange(WIDTH, dtype=np.float32) - WIDTH / 2) / zoom + frame.view.x
        line = frame.screen(0, base)[1] - np.asarray(swell_height(x, frame.time, row, size)) * zoom
        first = max(0, int(line.min()) - 1)
        if first >= HEIGHT:
            return
        y = np.arange(first, HEIGHT, dtype=np.float32)[:, None]
        below = (y - line[None, :]) / zoom
        fall = np.clip(below / (size * 2.6 + 26), 0, 1)
        u = (x * 1.4 + frame.time * 60).astype(np.int32)[None, :] % 1024
        grain = field[np.clip(below * 2.2, 0, 511).astype(np.int32), np.broadcast_to(u, below.shape)]
        colour = crest + (trough - crest) * (np.clip(fall + (grain - 0.5) * 0.9, 0, 1) ** 0.7)[..., None]
        spray = np.clip(1 - below / (3 + 8 * grain), 0, 1) * foam * np.clip((grain - 0.36) * 4, 0, 1)
        colour += (np.float32(226) * np.array(light.ambient, np.float32) / 255 + 20 - colour) * spray[..., None]
        alpha = np.clip(below * zoom + 0.5, 0, 1)
        mask = Image.fromarray((alpha * 255).astype(np.uint8))
        frame.image.paste(Image.fromarray(np.clip(colour, 0, 255).astype(np.uint8)), (0, first), mask)

    return paint


@lru_cache(maxsize=4)
def _rain(seed: int) -> Floats:
    rng = np.random.default_rng(seed)
    pen = Pen()
    for _ in range(330):
        x, y, length = rng.uniform(-60, WIDTH + 60), rng.uniform(0, HEIGHT * 2), rng.uniform(10, 26)
        width = rng.uniform(0.5, 1.3)
        for shift in (0, -HEIGHT * 2, HEIGHT * 2):
            pen.limb([(x, y + shift), (x - length * 0.22, y + length + shift)], [width * 0.4, width], (255, 255, 255))
    patch = pen.rasterise(WIDTH, HEIGHT * 2)
    sheet = np.zeros((HEIGHT * 2, WIDTH), np.float32)
    if patch:
        alpha = np.asarray(patch[0].getchannel("A"), np.float32) / 255
        sheet[patch[2] : patch[2] + alpha.shape[0], patch[1] : patch[1] + alpha.shape[1]] = alpha
    return sheet


def rain(strength: float = 0.35) -> Item:
    """Rain in front of everything."""

    def paint(frame: Frame) -> None:
        fall, drift = int(frame.time * 760), int(frame.time * 165)
        near = np.roll(_rain(4), (fall, -drift), (0, 1))[:HEIGHT]
        far = np.roll(_rain(8), (int(fall * 0.7), -int(drift * 0.7)), (0, 1))[HEIGHT:]
        frame.veil(np.clip(near * strength + far * strength * 0.6, 0, 1), (196, 208, 222))

    return paint


def mist(colour: Colour, strength: float, low: float = -0.2, speed: float = 14.0) -> Item:
    """Drifting fog, thicker towards the bottom of the picture (``low`` shifts where it begins, 0 to 1)."""
    field = stretched(2048, HEIGHT, 33, 1.7, 512, 128)
    rise = np.clip((np.linspace(0, 1, HEIGHT, dtype=np.float32) - low) * 1.2, 0, 1)[:, None]

    def paint(frame: Frame) -> None:
        start = int(frame.time * speed + frame.view.x * 0.5) % 1024
        frame.veil(np.clip((field[:, start : start + WIDTH] - 0.28) * 1.7, 0, 1) * rise * strength, colour)

    return paint


def motes(colour: Colour, count: int, rise: float, size: float = 1.4, seed: int = 2) -> Item:
    """Floating specks of light: dust, fireflies, bubbles; ``rise`` is world units per second upwards."""
    rng = np.random.default_rng(seed)
    start = rng.uniform((-WIDTH / 2, -HEIGHT / 2), (WIDTH / 2, HEIGHT / 2), (count, 2))
    phase, radius = rng.uniform(0, 2 * math.pi, count), rng.uniform(0.5, 1.0, count) * size

    def paint(frame: Frame) -> None:
        pen = Pen()
        for (x, y), p, r in zip(start, phase, radius, strict=True):
            sx = (x + 14 * math.sin(frame.time * 0.9 + p)) % WIDTH
            sy = (y - rise * frame.time + 5 * math.sin(frame.time * 1.3 + p * 2)) % HEIGHT
            pen.oval(sx, sy, r, r, mix(colour, (255, 255, 255), 0.3 * math.sin(p) ** 2))
        frame.ink(pen, 0)

    return paint


@lru_cache(maxsize=8)
def _rays(x: float, angle: float, seed: int) -> Floats:
    rng = np.random.default_rng(seed)
    mask = np.zeros((HEIGHT, WIDTH + 60), np.float32)
    gy, gx = np.mgrid[0:HEIGHT, 0 : WIDTH + 60].astype(np.float32)
    across = gx - x - gy * math.tan(angle)
    for _ in range(7):
        centre, width = rng.uniform(-260, 260), rng.uniform(10, 34)
        mask += np.exp(-(((across - centre) / (width * (0.6 + gy / HEIGHT))) ** 2)) * rng.uniform(0.4, 1)
    return np.asarray(np.clip(mask, 0, 1) * (1 - 0.75 * gy / HEIGHT), np.float32)


def rays(colour: Colour, strength: float, x: float = 380.0, angle: float = -0.5, seed: int = 6) -> Item:
    """Shafts of light falling from above, slowly breathing."""

    def paint(frame: Frame) -> None:
        breath = 0.8 + 0.2 * math.sin(frame.time * 1.1)
        start = 30 - round(28 * math.sin(frame.time * 0.25))
        mask = _rays(x, angle, seed)[:, start : start + WIDTH]
        frame.veil(mask * strength * breath, colour, additive=True)

    return paint


def shine(x: float, y: float, radius: float, colour: Colour, strength: float = 0.8, flicker: float = 0.06) -> Item:
    """A light at a world point, flickering a little."""

    def paint(frame: Frame) -> None:
        beat = 1 + flicker * (math.sin(frame.time * 11) + math.sin(frame.time * 17.3))
        glow(frame, x, y, radius, colour, strength * beat)

    return paint


def beam(x: float, y: float, start: float, speed: float, strength: float = 0.75) -> Item:
    """The sweeping beam of the lighthouse; angles in radians, 0 pointing right."""
    gy, gx = np.mgrid[0:HEIGHT:2, 0:WIDTH:2].astype(np.float32)

    def paint(frame: Frame) -> None:
        sx, sy = frame.screen(x, y)
        facing = start + speed * frame.time
        dx, dy = gx - sx, gy - sy
        far = np.hypot(dx, dy) + 1
        # The beam turns in a horizontal plane: seen from the side it shortens and points left or right.
        side = math.cos(facing)
        along = dx * math.copysign(1.0, side) / far
        spread = np.exp(-((dy / far - 0.05) ** 2) / (0.006 + 0.05 * (1 - abs(side)) ** 2)) * (along > 0)
        mask = spread * np.clip(along, 0, 1) * strength * abs(side) ** 0.5 * np.exp(-far / 900)
        full = Image.fromarray(mask.astype(np.float32)).resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)
        frame.veil(np.asarray(full, np.float32), (255, 240, 196), additive=True)

    return paint


def bolt(x: float, y: float, at: float, seed: int = 1) -> Item:
    """A far bolt of lightning that grows bright and dies within half a second, from world point (x, y)."""
    rng = np.random.default_rng(seed)
    path = [(x, y)]
    for _ in range(9):
        path.append((path[-1][0] + rng.uniform(-14, 14), path[-1][1] + rng.uniform(9, 17)))

    def paint(frame: Frame) -> None:
        since = frame.time - at
        if not 0 <= since < 0.6:
            return
        power = math.sin(math.pi * since / 0.6)
        for px, py in path[::3]:
            glow(frame, px, py, 60, (190, 200, 255), 0.35 * power)
        pen = frame.pen().lit()
        pen.limb(path, [2.2, 1.6, 0.7], mix((120, 126, 150), (246, 246, 255), power))
        frame.ink(pen, 0)

    return paint
