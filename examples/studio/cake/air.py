"""Snow in the air, the aurora, clouds of powder snow."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from studio.brush import HEIGHT, WIDTH, Colour, Floats, Frame, Item, Pen, mix, stretched
from studio.cake.paints import SHADE, SNOW


@lru_cache(maxsize=4)
def _flakes(seed: int, count: int, size: float) -> Floats:
    rng = np.random.default_rng(seed)
    pen = Pen()
    for _ in range(count):
        x, y, r = rng.uniform(0, WIDTH), rng.uniform(6, HEIGHT * 2 - 6), rng.uniform(0.5, 1.0) * size
        pen.oval(x, y, r, r, SNOW)
    sheet = np.zeros((HEIGHT * 2, WIDTH), np.float32)
    patch = pen.rasterise(WIDTH, HEIGHT * 2)
    if patch:
        alpha = np.asarray(patch[0].getchannel("A"), np.float32) / 255
        sheet[patch[2] : patch[2] + alpha.shape[0], patch[1] : patch[1] + alpha.shape[1]] = alpha
    return sheet


def snowfall(strength: float = 0.8, speed: float = 60.0, drift: float = 18.0) -> Item:
    """Falling snow in front of everything; ``speed`` down and ``drift`` left, in pixels per second."""

    def paint(frame: Frame) -> None:
        mask = np.zeros((HEIGHT, WIDTH), np.float32)
        for seed, count, size, depth in ((3, 130, 1.3, 0.6), (4, 60, 2.2, 1.0), (5, 18, 3.6, 1.6)):
            fall = int(frame.time * speed * depth + 90 * seed)
            side = int(frame.time * drift * depth + 6 * math.sin(frame.time * 1.3 + seed))
            mask = np.maximum(mask, np.roll(_flakes(seed, count, size), (fall, -side), (0, 1))[:HEIGHT])
        frame.veil(mask * strength, mix(SNOW, frame.light, 0.25))

    return paint


@lru_cache(maxsize=1)
def _curtain() -> Floats:
    return np.asarray(stretched(2048, 1, 71, 1.5, 256, 2)[0], np.float32)


def aurora(strength: float = 0.5, y: float = 90.0) -> Item:
    """Curtains of green and violet light over the night sky, hanging down to picture height ``y``."""
    rows = np.arange(HEIGHT, dtype=np.float32)[:, None]
    columns = np.arange(WIDTH)

    def paint(frame: Frame) -> None:
        field = _curtain()
        shift = frame.time * 22 + frame.view.x * 0.1 + 300
        fold = 34 * np.sin(columns / 90 + frame.time * 0.7) + 22 * np.sin(columns / 41 - frame.time * 0.5)
        rays = np.clip(field[(columns * 2 + int(shift)) % 2048] * 2.2 - 0.5, 0, 1)[None, :]
        up = y + fold[None, :] - rows
        veil = np.where(up > 0, np.exp(-up / 70), np.exp(up / 9)) * rays * strength
        frame.veil(np.asarray(veil, np.float32), (70, 240, 170), additive=True)
        frame.veil(np.asarray(veil * np.clip(up / 110, 0, 1), np.float32), (170, 90, 230), additive=True)

    return paint


def powder(
    x: float, y: float, reach: float, grow: float, speed: float = 0.0, seed: int = 5, tone: Colour = SNOW
) -> Item:
    """A boiling cloud of powder snow around a world point; it grows by ``grow`` units and moves right per second."""

    def paint(frame: Frame) -> None:
        rng = np.random.default_rng(seed)
        pen = frame.pen()
        wide = reach + grow * frame.time
        cloud = sorted(rng.uniform(-1, 1, (70, 2)).tolist(), key=lambda at: float(at[1]))
        for k, (dx, dy) in enumerate(cloud):
            px = x + speed * frame.time + dx * wide * math.sqrt(max(0.1, 1 - dy * dy * 0.6))
            py = y + dy * wide * 0.55 + 5 * math.sin(frame.time * 5 + k)
            r = wide * (0.16 + 0.12 * ((k * 7) % 5) / 5) * (1 + 0.08 * math.sin(frame.time * 6 + k * 2))
            pen.oval(px, py, r, r * 0.85, mix(tone, SHADE, 0.5 + 0.5 * dy if k % 3 else 0.25 + 0.2 * dy))
        frame.ink(pen, 0.2)

    return paint


def spray(x: float, y: float, count: int = 26, speed: float = 150.0, seed: int = 9) -> Item:
    """Snow thrown up behind a runner at a world point, flying left."""

    def paint(frame: Frame) -> None:
        rng = np.random.default_rng(seed)
        pen = frame.pen()
        for _ in range(count):
            born, lift, fast = rng.uniform(0, 1), rng.uniform(30, 110), rng.uniform(0.5, 1.2) * speed
            age = (frame.time * 1.7 + born) % 1
            px, py = x - fast * age, y - lift * age + 95 * age * age
            pen.oval(px, py, 7 * (1 - age) + 1.5, 5.5 * (1 - age) + 1.5, mix(SNOW, SHADE, age * 0.6))
        frame.ink(pen)

    return paint
