"""Thumbnails: one picture of the film, exact by film frame, small, upright, as JPEG."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation

from trailergen.errors import InputError
from trailergen.media.frames import read_frames
from trailergen.media.probe import FilmInfo

THUMBNAIL_VERSION = 1
CLIP_WIDTH = 240
"""Pixels of a position's thumbnail, as wide or as high."""
ALTERNATIVE_WIDTH = 120
"""Pixels of an alternative's thumbnail."""
_QUANTISER = 4  # of 1 (best) to 31: about 6 kB for a picture 240 pixels wide
_MATRICES = {"bt709": Colorspace.ITU709, "fcc": Colorspace.FCC, "smpte240m": Colorspace.SMPTE240M}


def thumbnail(film: FilmInfo, rate: Fraction, frame: int, width: int) -> bytes:
    """Film frame ``frame`` at ``rate`` as a JPEG, its longer side ``width`` pixels.

    Decoding starts at the keyframe before it; memory is that of one picture.

    Raises:
        InputError: the film cannot be read, or has no picture there.
    """
    picture = next(read_frames(film, rate, frame, frame + 1), None)
    if picture is None:
        raise InputError(f"no picture of {film.path} can be decoded at frame {frame}")
    return _jpeg(_small(picture, film, width))


def thumbnail_size(width: int, height: int, longest: int) -> tuple[int, int]:
    """The even size (width, height) of a picture of this shape whose longer side is ``longest``."""
    factor = Fraction(longest, max(width, height))
    return max(2, round(width * factor / 2) * 2), max(2, round(height * factor / 2) * 2)


def _small(picture: VideoFrame, film: FilmInfo, width: int) -> VideoFrame:
    size = thumbnail_size(film.display_width, film.display_height, width)
    lying = size[::-1] if film.rotation in (90, 270) else size
    small = picture.reformat(*lying, "rgb24", src_colorspace=_matrix(film), interpolation=Interpolation.AREA, threads=1)
    upright = np.ascontiguousarray(np.rot90(small.to_ndarray(), -film.rotation // 90), np.uint8)
    return VideoFrame.from_ndarray(upright, format="rgb24").reformat(
        format="yuvj420p", dst_colorspace=Colorspace.ITU601, dst_color_range=ColorRange.JPEG
    )


def _jpeg(picture: VideoFrame) -> bytes:
    codec = av.CodecContext.create("mjpeg", "w")
    if not isinstance(codec, VideoCodecContext):
        raise InputError("PyAV has no JPEG encoder")
    codec.width, codec.height, codec.pix_fmt = picture.width, picture.height, "yuvj420p"
    codec.time_base = Fraction(1, 25)
    # One thread and one quantiser: the same picture is the same bytes.
    codec.thread_count = 1
    codec.options = {"qmin": str(_QUANTISER), "qmax": str(_QUANTISER)}
    picture.pts = 0
    return b"".join(bytes(packet) for packet in [*codec.encode(picture), *codec.encode(None)])


def _matrix(film: FilmInfo) -> Colorspace:
    """What an untagged film's numbers mean goes by its size, as in players."""
    if film.colour.matrix in (None, "bt2020nc"):
        return Colorspace.ITU709 if film.height > 576 else Colorspace.ITU601
    return _MATRICES.get(film.colour.matrix or "", Colorspace.ITU601)
