"""One picture of the film by another way: the ffmpeg program seeks it, and it must be the one that was rendered.

Rendering and verification both read through media/frames.py; a mistake of that would be in both.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from fractions import Fraction

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from trailergen.errors import FFmpegError
from trailergen.media.cropping import Edges
from trailergen.media.ffmpeg import file_url, run
from trailergen.media.frames import FrameReader
from trailergen.media.probe import FilmInfo
from trailergen.media.shape import fit_filters
from trailergen.plans import Plan
from trailergen.rendering.watch import grey

_SIZE = (48, 27)
_BEFORE_S = 3.0
"""Decoded before the picture: rates vary, and the last picture that is not after its time is wanted."""
_SAME = 16.0
"""Mean difference in grey levels, over which two thumbnails show different pictures."""


def seeking_fault(plan: Plan, film: FilmInfo) -> str | None:
    """Compare the middle picture of the clip that lies last in the film with what ffmpeg's own seeking gives.

    Args:
        plan: that was rendered.
        film: of it, as probed.

    Returns:
        The fault; None where both agree, where the film has no timestamps to seek by, or ffmpeg gives nothing there.

    Raises:
        InputError: the film cannot be read.
    """
    if film.in_order or film.clock != "pts":
        return None
    source = max((position.source for position in plan.positions), key=lambda part: part.start)
    frame = (source.start + source.end) // 2
    until = float(film.origin * film.time_base + (frame + Fraction(1, 2)) / plan.film.rate)
    ours = grey(next(FrameReader(film, plan.film.rate).read(frame, frame + 1)), _SIZE).astype(np.float32)
    # A seek of ffmpeg's may land where pictures before it are missing; reading from the start then decides.
    for start in (max(0.0, until - _BEFORE_S), 0.0):
        shown = _last_picture(film, start, until)
        apart = 0.0 if shown is None else float(np.abs(shown - ours).mean())
        if apart <= _SAME:
            return None
    return f"film frame {frame} is another picture where the ffmpeg program reads it ({apart:.0f} grey levels apart)"


def _last_picture(film: FilmInfo, start: float, until: float) -> NDArray[np.float32] | None:
    """The last picture between two times of the file's own clock, in seconds, as a grey thumbnail."""
    width, height = _SIZE
    with tempfile.TemporaryFile() as output:
        picture = ffmpeg.input(file_url(film.path), **({"ss": start} if start else {}), noautorotate=None, copyts=None)
        # trim ends the reading at its end; a select of the same pictures, or an output's -to, reads on to the film's.
        picture = picture[f"v:{film.stream}"].filter("trim", end=f"{until:.6f}")
        for name, arguments in _into_shape(film):
            picture = picture.filter(name, **arguments)
        picture = picture.filter("scale", width, height, flags="area", out_range="tv").filter("format", "yuv444p")
        sink = picture.output("pipe:", format="rawvideo", fps_mode="passthrough")
        try:
            run(sink, stdout=output)
        except FFmpegError:
            return None
        output.seek(0)
        pixels = output.read()
    planes = 3 * width * height
    if len(pixels) < planes:
        return None
    return np.frombuffer(pixels[-planes:], np.uint8).reshape(3, height, width)[0].astype(np.float32)


def _into_shape(film: FilmInfo) -> Iterator[tuple[str, dict[str, str | int]]]:
    """Filters for what media/shape.py does. The program crops what the container says from version 7.1 on, and keeps up
    to 31 columns at the left, for the sake of alignment."""
    crop = film.crop
    if crop != Edges():
        coded = (film.width + crop.left + crop.right, film.height + crop.top + crop.bottom)
        x = f"if(eq(iw,{coded[0]}),{crop.left},iw-{film.width})"
        y = f"if(eq(ih,{coded[1]}),{crop.top},0)"
        yield "crop", {"w": film.width, "h": film.height, "x": x, "y": y, "exact": 1}
    if film.own_aspects:
        yield from fit_filters(film)
