"""The input pictures of encoders: upright RGB in the film's own resolution, streamed.

Shots are known only after the film's decode has ended, so their pictures are sought in a second, sparse pass. That was
measured against two other ways (docs/encoders.md); a small copy of every candidate on disk would also have lost the
resolution that the encoders' own resizing starts from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from trailergen.media.frames import read_scattered
from trailergen.media.probe import FilmInfo
from trailergen.media.upright import upright

Picture = NDArray[np.uint8]


def film_pictures(film: FilmInfo, rate: Fraction, wanted: Iterable[int]) -> Iterator[tuple[int, Picture]]:
    """Film frames as pictures (H, W, 3) uint8 RGB, with their numbers; one at a time in memory.

    Args:
        film: the film.
        rate: of its film frames.
        wanted: film frame numbers, none smaller than the one before it.

    Raises:
        InputError: the film cannot be read there.
    """
    reformatter = VideoReformatter()
    for number, frame in read_scattered(film, rate, wanted):
        yield number, _upright(reformatter, frame, film)


def _upright(reformatter: VideoReformatter, frame: VideoFrame, film: FilmInfo) -> Picture:
    """A picture as shown: upright, with square pixels. One that has square pixels is not scaled at all."""
    width, height = frame.width, frame.height
    if film.pixel_aspect != 1:
        width, height = film.display_width, film.display_height
        if film.rotation in (90, 270):
            width, height = height, width
    shown = reformatter.reformat(frame, width, height, "rgb24", interpolation=Interpolation.BICUBIC)
    picture = shown.to_ndarray().astype(np.uint8, copy=False)
    return np.ascontiguousarray(upright(picture, film))
