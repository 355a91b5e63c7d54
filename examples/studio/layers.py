"""Layers painted once on a canvas and shown by a moving camera: skies, ridges, whatever a pen drew."""

from __future__ import annotations

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
    mix,
    noise,
    stretched,
)
from studio.light import Light


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


def ridge(
    line: Floats, top: Colour, foot: Colour, depth: float = 160, seed: int = 3, rough: float = 0.3
) -> Image.Image:
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


Place = tuple[list[Item], list[Item]]


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
