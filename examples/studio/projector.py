"""A film from its shots: they follow one another, seen by a camera, joined by cuts, dissolves and fades."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from studio.brush import HEIGHT, WIDTH, Frame, Item, View, noise
from studio.shot import RATE, Shot

Pixels = npt.NDArray[np.uint8]


@lru_cache(maxsize=1)
def _vignette() -> npt.NDArray[np.float32]:
    y, x = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
    shade = 1.03 - 0.26 * np.clip(np.hypot(x, y * 0.8) - 0.35, 0, 2) ** 1.6
    return np.asarray(shade[..., None], np.float32)


class Camera:
    """Paints the pictures of one shot. Things are built when the first picture is asked for."""

    def __init__(self, shot: Shot) -> None:
        self.shot = shot
        self.items: list[Item] | None = None

    def picture(self, index: int) -> npt.NDArray[np.float32]:
        """Picture ``index`` of the shot as float32 (360, 640, 3), 0 to 255; before and after the shot too."""
        if self.items is None:
            self.items = self.shot.build()
        time = index / RATE
        view = self.shot.start
        if self.shot.end is not None:
            view = view.to(self.shot.end, index / self.shot.frames)
        if self.shot.shake:
            wobble = self.shot.shake
            x = math.sin(time * 11) + 0.6 * math.sin(time * 17.7)
            y = math.sin(time * 13.1) + 0.6 * math.sin(time * 19.3)
            view = View(view.x + wobble * x, view.y + wobble * y, view.zoom)
        frame = Frame(view, time, self.shot.light.ambient)
        for item in self.items:
            item(frame)
        if self.shot.kind in ("picture", "title"):
            return frame.pixels() * _vignette()
        return frame.pixels()


def starts(shots: Sequence[Shot]) -> list[int]:
    """The first frame of every shot, and the length of the film."""
    return [int(n) for n in np.concatenate([[0], np.cumsum([shot.frames for shot in shots])])]


class Projector:
    """Gives any picture of the finished film: shots, transitions and grain."""

    def __init__(self, shots: Sequence[Shot]) -> None:
        self.shots = shots
        self.begin = starts(shots)
        # A transition needs two neighbours; more would keep every painted layer of the film in memory.
        self.camera = lru_cache(maxsize=3)(lambda number: Camera(shots[number]))
        self.grain = (noise(512, 512, 500, 0.25) - 0.5) * 6

    def picture(self, now: int) -> Pixels:
        """Picture ``now`` of the film as uint8 (360, 640, 3)."""
        number = bisect_right(self.begin, now) - 1
        shot, index, left = self.shots[number], now - self.begin[number], self.begin[number + 1] - now
        image = self.camera(number).picture(index)
        kind, before, after = shot.transition
        if index < after and kind == "dissolve":
            old = self.camera(number - 1).picture(self.shots[number - 1].frames + index)
            image = old + (image - old) * ((before + index + 0.5) / (before + after))
        elif index < after and kind == "fade":
            image = image * ((index + 0.5) / after)
        if number + 1 < len(self.shots):
            kind, before, after = self.shots[number + 1].transition
            if left <= before and kind == "dissolve":
                new = self.camera(number + 1).picture(-left)
                image = image + (new - image) * ((before - left + 0.5) / (before + after))
            elif left <= before and kind == "fade":
                image = image * ((left - 0.5) / before)
        if shot.kind in ("picture", "title"):
            grain = np.roll(self.grain, (now * 197, now * 331), (0, 1))
            image = image + grain[:HEIGHT, np.arange(WIDTH) % 512, None]
        return np.asarray(np.clip(image + 0.5, 0, 255), np.uint8)


def pictures(shots: Sequence[Shot]) -> Iterator[Pixels]:
    """All pictures of the film, in order, as uint8 (360, 640, 3)."""
    projector = Projector(shots)
    for now in range(projector.begin[-1]):
        yield projector.picture(now)
