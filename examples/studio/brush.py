"""Brushes: periodic noise, a pen that records shapes, and one picture of the film being painted.

World units are pixels of a 640x360 picture seen at zoom 1, y pointing down, (0, 0) the middle of the
canvas. Layers are painted once on a canvas of ``CANVAS`` world units at ``DENSITY`` pixels each, figures anew
in every picture.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 640, 360
CANVAS = (920, 520)
DENSITY = 1.5
CANVAS_PIXELS = (int(CANVAS[0] * DENSITY), int(CANVAS[1] * DENSITY))

Colour: TypeAlias = tuple[int, int, int]
Point: TypeAlias = tuple[float, float]
Floats: TypeAlias = npt.NDArray[np.float32]


def mix(one: Colour, other: Colour, amount: float) -> Colour:
    """The colour ``amount`` (0 to 1) of the way from one to the other."""
    r, g, b = (round(a + (c - a) * amount) for a, c in zip(one, other, strict=True))
    return r, g, b


def glide(amount: float) -> float:
    """Ease in and out: 0 to 1 with no speed at either end."""
    amount = min(max(amount, 0.0), 1.0)
    return amount * amount * (3 - 2 * amount)


@lru_cache(maxsize=64)
def noise(width: int, height: int, seed: int, slope: float = 1.6) -> Floats:
    """Periodic noise of shape (height, width) in 0..1 with spectrum 1 / f**slope."""
    white = np.random.default_rng(seed).standard_normal((height, width))
    fy = np.fft.fftfreq(height)[:, None] * height
    fx = np.fft.rfftfreq(width)[None, :] * width
    radius = np.maximum(np.hypot(fx, fy), 1.0)
    rough = np.fft.irfft2(np.fft.rfft2(white) / radius**slope, s=(height, width))
    return np.asarray(np.clip(0.5 + (rough - rough.mean()) / rough.std() * 0.18, 0, 1), np.float32)


def stretched(width: int, height: int, seed: int, slope: float, across: int, down: int) -> Floats:
    """Noise of shape (height, width), drawn out from a field of ``across`` x ``down`` samples."""
    small = Image.fromarray(noise(across, down, seed, slope))
    return np.asarray(small.resize((width, height), Image.Resampling.BICUBIC), dtype=np.float32)


def smooth(points: Sequence[Point], closed: bool, steps: int = 6) -> list[Point]:
    """A Catmull-Rom curve through the points."""
    knots = np.asarray(points, dtype=float)
    if closed:
        knots = np.concatenate([knots[-1:], knots, knots[:2]])
    else:
        knots = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    a, b, c, d = (knots[i : len(knots) - 3 + i, None, :] for i in range(4))
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    line = [(float(x), float(y)) for x, y in curve.reshape(-1, 2)]
    return line if closed else [*line, (float(knots[-2][0]), float(knots[-2][1]))]


@dataclass
class Pen:
    """Records filled shapes in local units; children made by ``at`` share one list of shapes.

    ``light`` multiplies every colour (the ambient light of the place), except on a ``lit`` pen.
    """

    matrix: npt.NDArray[np.float64] = field(default_factory=lambda: np.eye(3))
    light: Colour = (255, 255, 255)
    shapes: list[tuple[npt.NDArray[np.float64], Colour]] = field(default_factory=list)

    def at(self, x: float, y: float, scale: float = 1.0, turn: float = 0.0, flip: bool = False) -> Pen:
        """A pen whose origin is moved, then turned (radians), scaled and mirrored."""
        c, s, m = math.cos(turn) * scale, math.sin(turn) * scale, -1.0 if flip else 1.0
        return Pen(self.matrix @ np.array([[c * m, -s, x], [s * m, c, y], [0, 0, 1]]), self.light, self.shapes)

    def lit(self) -> Pen:
        """The same pen for things that shine by themselves."""
        return Pen(self.matrix, (255, 255, 255), self.shapes)

    def polygon(self, points: Sequence[Point], fill: Colour) -> None:
        """Fill a polygon."""
        flat = np.asarray(points, dtype=float)
        r, g, b = (c * ambient // 255 for c, ambient in zip(fill, self.light, strict=True))
        self.shapes.append((flat @ self.matrix[:2, :2].T + self.matrix[:2, 2], (r, g, b)))

    def curve(self, points: Sequence[Point], fill: Colour) -> None:
        """Fill a closed smooth curve through the points."""
        self.polygon(smooth(points, closed=True), fill)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: Colour) -> None:
        """Fill an ellipse."""
        angles = np.linspace(0, 2 * math.pi, 28, endpoint=False)
        self.polygon([(x + rx * math.cos(a), y + ry * math.sin(a)) for a in angles], fill)

    def box(self, x: float, y: float, width: float, height: float, fill: Colour) -> None:
        """Fill an upright rectangle whose top left corner is (x, y)."""
        self.polygon([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], fill)

    def limb(self, points: Sequence[Point], widths: Sequence[float], fill: Colour) -> None:
        """A smooth stroke through the points, of changing width, with round ends."""
        spine = np.asarray(smooth(points, closed=False))
        radius = np.interp(np.linspace(0, 1, len(spine)), np.linspace(0, 1, len(widths)), widths)[:, None] / 2
        along = np.gradient(spine, axis=0)
        normal = np.stack([-along[:, 1], along[:, 0]], 1) / np.maximum(np.hypot(*along.T), 1e-6)[:, None]
        sides = np.concatenate([spine + normal * radius, (spine - normal * radius)[::-1]])
        self.polygon([(float(x), float(y)) for x, y in sides], fill)
        for end in (0, -1):
            self.oval(float(spine[end, 0]), float(spine[end, 1]), float(radius[end, 0]), float(radius[end, 0]), fill)

    def rasterise(self, width: int, height: int, texture: float = 0.0) -> tuple[Image.Image, int, int] | None:
        """The shapes as an antialiased RGBA patch with its place in a picture of that size; None if outside."""
        if not self.shapes:
            return None
        every = np.concatenate([points for points, _ in self.shapes])
        left, top = np.maximum(np.floor(every.min(0)).astype(int), 0)
        right, bottom = np.minimum(np.ceil(every.max(0)).astype(int) + 1, (width, height))
        if right <= left or bottom <= top:
            return None
        fine = 3
        # Transparent pixels carry the first shape's colour, so that averaging does not darken its rim.
        patch = Image.new("RGBA", ((right - left) * fine, (bottom - top) * fine), (*self.shapes[0][1], 0))
        draw = ImageDraw.Draw(patch)
        for points, fill in self.shapes:
            draw.polygon([(x, y) for x, y in (points - (left, top)) * fine], fill=(*fill, 255))
        patch = patch.reduce(fine)
        if texture:
            pixels = np.asarray(patch, dtype=np.float32).copy()
            rows, columns = np.arange(top, bottom) % 512, np.arange(left, right) % 512
            grain = noise(512, 512, 77, 0.9)[np.ix_(rows, columns)]
            fall = np.linspace(1.06, 0.88, bottom - top, dtype=np.float32)[:, None]
            pixels[..., :3] *= ((1 - texture / 2 + texture * grain) * fall)[..., None]
            patch = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
        return patch, int(left), int(top)


@dataclass(frozen=True)
class View:
    """Where the camera looks: the world point in the middle of the picture, and the zoom."""

    x: float = 0.0
    y: float = 0.0
    zoom: float = 1.0

    def to(self, other: View, amount: float) -> View:
        """The view ``amount`` of the way to another one."""
        blend = [a + (b - a) * amount for a, b in zip(self.tuple, other.tuple, strict=True)]
        return View(*blend)

    @property
    def tuple(self) -> tuple[float, float, float]:
        """(x, y, zoom)."""
        return self.x, self.y, self.zoom


WHOLE = View()


@dataclass
class Frame:
    """One picture being painted: RGB 640x360, its view, and the time in seconds since the shot began."""

    view: View
    time: float
    light: Colour
    image: Image.Image = field(default_factory=lambda: Image.new("RGB", (WIDTH, HEIGHT)))

    def screen(self, x: float, y: float) -> Point:
        """Where a world point lies in the picture."""
        return (x - self.view.x) * self.view.zoom + WIDTH / 2, (y - self.view.y) * self.view.zoom + HEIGHT / 2

    def pen(self) -> Pen:
        """A pen in world units under the light of the place."""
        z = self.view.zoom
        x, y = self.screen(0, 0)
        return Pen(np.array([[z, 0, x], [0, z, y], [0, 0, 1.0]]), self.light)

    def ink(self, pen: Pen, texture: float = 0.12) -> None:
        """Put what the pen recorded into the picture."""
        patch = pen.rasterise(WIDTH, HEIGHT, texture)
        if patch is not None:
            self.image.paste(patch[0], patch[1:], patch[0])

    def pixels(self) -> Floats:
        """The picture as float32 (360, 640, 3), 0 to 255."""
        return np.asarray(self.image, dtype=np.float32)

    def put(self, pixels: npt.NDArray[np.floating]) -> None:
        """Replace the picture."""
        self.image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))

    def veil(self, mask: Floats, colour: Colour, additive: bool = False) -> None:
        """Blend a colour in where the mask (360, 640, 0 to 1) says so, as paint or as light."""
        pixels = self.pixels()
        tone = np.array(colour, dtype=np.float32)
        if additive:
            self.put(255 - (255 - pixels) * (1 - mask[..., None] * tone / 255))
        else:
            self.put(pixels + (tone - pixels) * mask[..., None])


Item: TypeAlias = Callable[[Frame], None]


@lru_cache(maxsize=1)
def _falloff() -> Image.Image:
    y, x = np.mgrid[-1:1:256j, -1:1:256j]
    return Image.fromarray((np.clip(1 - np.hypot(x, y), 0, 1) ** 2.2 * 255).astype(np.uint8))


def glow(frame: Frame, x: float, y: float, radius: float, colour: Colour, strength: float = 1.0) -> None:
    """Add light around a world point."""
    sx, sy = frame.screen(x, y)
    r = radius * frame.view.zoom
    box = (max(0, int(sx - r)), max(0, int(sy - r)), min(WIDTH, int(sx + r) + 1), min(HEIGHT, int(sy + r) + 1))
    if box[2] <= box[0] or box[3] <= box[1]:
        return
    k = 256 / (2 * r)
    source = ((box[0] - sx + r) * k, (box[1] - sy + r) * k, (box[2] - sx + r) * k, (box[3] - sy + r) * k)
    source = (max(source[0], 0), max(source[1], 0), min(source[2], 256), min(source[3], 256))
    shape = (box[2] - box[0], box[3] - box[1])
    mask = np.asarray(_falloff().resize(shape, Image.Resampling.BILINEAR, source), dtype=np.float32) / 255
    part = np.asarray(frame.image.crop(box), dtype=np.float32)
    lit = 255 - (255 - part) * (1 - np.minimum(mask * strength, 1)[..., None] * np.array(colour, np.float32) / 255)
    frame.image.paste(Image.fromarray(lit.astype(np.uint8)), box[:2])
