"""Water: a calm surface seen in perspective, and rows of great waves."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from studio.brush import HEIGHT, WIDTH, Floats, Frame, Item, mix, noise
from studio.light import Light


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
        u = (x / frame.view.zoom * 0.30 * scale**0.8 + frame.view.x * 0.3 + frame.time * 9 * speed).astype(
            np.int32
        ) % 1024
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
