"""Thumbnails: one picture of the film, exact by film frame, small, upright, as JPEG."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation
from numpy.typing import NDArray

from trailergen.errors import InputError
from trailergen.media.frames import read_frames
from trailergen.media.probe import FilmInfo
from trailergen.media.tonemap import is_wide, small_bt709
from trailergen.media.upright import upright
from trailergen.plans import Crop
from trailergen.rendering.framing import frame_picture

THUMBNAIL_VERSION = 4
CLIP_WIDTH = 240
"""Pixels of a position's thumbnail, as wide or as high."""
POSTER_WIDTH = 640
"""Pixels of the picture that stands for the trailer until it plays."""
ALTERNATIVE_WIDTH = 120
"""Pixels of an alternative's thumbnail."""
# A part of a picture is looked at so much finer: its edges are met to less than a thumbnail's pixel.
_FINER = 8
_QUANTISER = 4  # of 1 (best) to 31: about 6 kB for a picture 240 pixels wide
_MATRICES = {"bt709": Colorspace.ITU709, "fcc": Colorspace.FCC, "smpte240m": Colorspace.SMPTE240M}


def thumbnail(film: FilmInfo, rate: Fraction, frame: int, width: int, crop: Crop | None = None) -> bytes:
    """Film frame ``frame`` at ``rate``, or the part ``crop`` of it, as a JPEG, its longer side ``width`` pixels.

    HDR is brought to BT.709 as in a trailer. Decoding starts at the keyframe before it; memory is that of one picture.

    Raises:
        InputError: the film cannot be read, or has no picture there.
    """
    picture = next(read_frames(film, rate, frame, frame + 1), None)
    if picture is None:
        raise InputError(f"no picture of {film.path} can be decoded at frame {frame}")
    return thumbnail_of(picture, film, width, crop)


def thumbnail_of(picture: VideoFrame, film: FilmInfo, width: int, crop: Crop | None = None) -> bytes:
    """The same of a picture that is decoded already."""
    return _jpeg(_small(picture, film, width, crop))


def thumbnail_size(width: int, height: int, longest: int) -> tuple[int, int]:
    """The even size (width, height) of a picture of this shape whose longer side is ``longest``."""
    factor = Fraction(longest, max(width, height))
    return max(2, round(width * factor / 2) * 2), max(2, round(height * factor / 2) * 2)


def _small(picture: VideoFrame, film: FilmInfo, width: int, crop: Crop | None) -> VideoFrame:
    shape = (crop.width, crop.height) if crop else (film.display_width, film.display_height)
    framing = frame_picture(film, *shape, crop)
    size, finer = thumbnail_size(*shape, width), _FINER if crop else 1
    across, down = (side * finer for side in size)
    whole, (x, y) = framing.within((across, down))
    shown_whole = upright(_colours(picture, film, framing.unturned(whole)), film)
    blocks = shown_whole[y : y + down, x : x + across].reshape(size[1], finer, size[0], finer, 3)
    shown = np.asarray(np.rint(blocks.mean(axis=(1, 3))), np.uint8)
    return VideoFrame.from_ndarray(shown, format="rgb24").reformat(
        format="yuvj420p", dst_colorspace=Colorspace.ITU601, dst_color_range=ColorRange.JPEG
    )


def _colours(picture: VideoFrame, film: FilmInfo, size: tuple[int, int]) -> NDArray[np.uint8]:
    if is_wide(film):
        return np.asarray(np.rint(small_bt709(picture, film, size) * 255), np.uint8)
    small = picture.reformat(*size, "rgb24", src_colorspace=_matrix(film), interpolation=Interpolation.AREA, threads=1)
    return np.asarray(small.to_ndarray(), np.uint8)


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
    """The matrix of an untagged film goes by its size, as in players."""
    if film.colour.matrix is None:
        return Colorspace.ITU709 if film.height > 576 else Colorspace.ITU601
    return _MATRICES.get(film.colour.matrix or "", Colorspace.ITU601)
