"""What lies in the air: rain, mist, specks, shafts and beams of light, lightning."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from PIL import Image

from studio.brush import HEIGHT, WIDTH, Colour, Floats, Frame, Item, Pen, glow, mix, stretched


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
