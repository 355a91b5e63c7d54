"""Letterbox and pillarbox bars: black in every picture of the film, beside pictures that end where they begin."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange
from numpy.typing import NDArray

from trailergen.media.frames import read_scattered
from trailergen.media.probe import FilmInfo
from trailergen.media.upright import upright
from trailergen.plans import Crop
from trailergen.runtime.progress import Tick, no_tick

VERSION = 3
SAMPLES = 48
"""Pictures looked at, evenly over the film."""

# Levels of 16 to 235. Bars are a little noisy, and a scene by night is not much brighter.
_BLACK = 26
_LIT = 40
# Some pixels of a line of picture are bright; one may stray into a bar.
_BRIGHT_SHARE = 0.02
# Encoding lets a picture bleed into the bar: a line so much darker than the one inside of it. A line of picture is
# as bright as its neighbour in some of the pictures, and one is enough.
_BLED = 1 / 4
# Pictures that end at the bar itself, to within so many lines: in a film by night or with a vignette
# every picture ends somewhere else.
_WITNESSES = 3
_NEAR = 2
_SHARE = 6
_LEAST = 4


class _Edges(NamedTuple):
    """Lines of black on each side."""

    left: int
    top: int
    right: int
    bottom: int


def find_bars(film: FilmInfo, rate: Fraction, frames: int, tick: Tick = no_tick) -> Crop | None:
    """The film's picture without its bars; None if it has none, or none that is certain.

    Where the shape changes within the film it is the widest part that is used in any picture. Dark pictures prove
    nothing: they say neither that a line is a bar nor that it is not one. A side counts as a bar if at least three
    lit pictures, and one in six, end right beside it.

    Args:
        film: the film.
        rate: of its film frames.
        frames: how many it has.
        tick: called with the pictures seen, of ``SAMPLES``.

    Returns:
        The part in the film's pixels as shown, upright and square; all its numbers are even.

    Raises:
        InputError: the film cannot be read.
    """
    edges: list[_Edges] = []
    seen: tuple[int, int] | None = None
    for grey in _pictures(film, rate, frames, tick):
        seen = grey.shape[1], grey.shape[0]
        if found := _edges(grey):
            edges.append(found)
    if seen is None or len(edges) < _WITNESSES:
        return None
    bars = _Edges(*(_certain([found[side] for found in edges]) for side in range(4)))
    return _crop(bars, seen, (film.display_width, film.display_height))


def _pictures(film: FilmInfo, rate: Fraction, frames: int, tick: Tick) -> Iterator[NDArray[np.uint8]]:
    """Brightness of some pictures, upright, in the film's own pixels: (height, width), black 16."""
    wanted = sorted({frames * (2 * k + 1) // (2 * SAMPLES) for k in range(SAMPLES)})
    for _, picture in read_scattered(film, rate, wanted):
        yield upright(_grey(picture), film)
        tick(1)


def _grey(picture: VideoFrame) -> NDArray[np.uint8]:
    planes = picture.reformat(format="yuv444p", dst_color_range=ColorRange.MPEG, threads=1)
    return np.asarray(planes.to_ndarray()[0], np.uint8)


def _edges(grey: NDArray[np.uint8]) -> _Edges | None:
    """Black lines at the edges of one picture; None for one that is too dark to tell."""
    if np.percentile(grey, 90) < _LIT:
        return None
    bright = grey > _BLACK
    rows, columns = (bright.mean(axis=axis) > _BRIGHT_SHARE for axis in (1, 0))
    if not (rows.any() and columns.any()):
        return None
    high, wide = (np.maximum(grey.mean(axis=axis) - 16, 0) for axis in (1, 0))
    return _Edges(
        _first(columns, wide), _first(rows, high), _first(columns[::-1], wide[::-1]), _first(rows[::-1], high[::-1])
    )


def _first(lit: NDArray[np.bool_], levels: NDArray[np.float64]) -> int:
    """The first line of picture, from one side: the first one that is lit, or the next one if it only bleeds."""
    first = int(lit.argmax())
    inner = min(first + 1, len(lit) - 1)
    return inner if first > 0 and levels[first] < _BLED * levels[inner] else first


def _certain(widths: list[int]) -> int:
    """The lines that are black in all pictures, if enough of these end there; else 0."""
    least = min(widths)
    there = sum(width <= least + _NEAR for width in widths)
    return least if there >= max(_WITNESSES, len(widths) / _SHARE) else 0


def _crop(bars: _Edges, seen: tuple[int, int], shown: tuple[int, int]) -> Crop | None:
    """Bars in coded pixels as the rest of the shown picture, outwards to even numbers."""
    (left, right), (top, bottom) = (
        _outer(Fraction(before * whole, coded), Fraction((coded - after) * whole, coded), whole)
        for before, after, coded, whole in (
            (bars.left, bars.right, seen[0], shown[0]),
            (bars.top, bars.bottom, seen[1], shown[1]),
        )
    )
    if (left, right, top, bottom) == (0, shown[0], 0, shown[1]):
        return None
    return Crop(x=left, y=top, width=right - left, height=bottom - top)


def _outer(start: Fraction, end: Fraction, whole: int) -> tuple[int, int]:
    """The range, rounded outwards to even numbers; the whole where hardly anything would be cropped."""
    first, last = int(start // 2) * 2, min(-int(-end // 2) * 2, whole)
    if first + whole - last <= _LEAST or last - first < 2:
        return 0, whole
    return first, last
