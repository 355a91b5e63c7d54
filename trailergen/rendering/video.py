"""Encode one clip: the film's pictures, turned upright, in the trailer's size and colours, to be joined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import IO, Any

import av
import ffmpeg
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from trailergen.errors import FFmpegError
from trailergen.media.deinterlace import deinterlaced
from trailergen.media.encoding import Check, encode, no_check
from trailergen.media.probe import FilmInfo
from trailergen.plans import Crop, Plan, View, closing_frames
from trailergen.rendering import colour
from trailergen.rendering.codec import encoded, means
from trailergen.rendering.framing import Framing, frame_picture
from trailergen.rendering.overlay import Writing, overlays, written_over
from trailergen.settings.render import RenderSettings
from trailergen.timebase import format_fraction, round_half_up

_GREY = re.compile(r"gray(\d*)(le|be|)")
_TRANSPOSE = {90: ("clock",), 180: ("clock", "clock"), 270: ("cclock",)}


@dataclass(frozen=True)
class Clip:
    """The content of one segment: film frames ``[start, end)`` at ``rate``, the last ``fade`` of them fading to black,
    the first ``rise`` rising from it.

    ``crop`` is the part of the film's picture that is shown: (x, y, width, height), None for all of it. ``pan`` moves
    over it while the film frames of the third and fourth number last, which may be more than the clip's: its direction
    in columns and rows, -1, 0 or 1, and these.
    """

    start: int
    end: int
    rate: str
    width: int
    height: int
    fade: int
    crop: tuple[int, int, int, int] | None = None
    pan: tuple[int, int, int, int] | None = None
    rise: int = 0


@dataclass(frozen=True)
class Dissolve:
    """The content of one segment that goes from ``first`` to ``second``, clips of as many frames.

    Of frame ``k`` of ``n``, ``(k + 1) / (n + 1)`` is the second's.
    """

    first: Clip
    second: Clip

    @property
    def start(self) -> int:
        """The first film frame of the clip it goes to."""
        return self.second.start

    @property
    def end(self) -> int:
        """The end of that clip."""
        return self.second.end


_DIRECTIONS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


def clips(plan: Plan) -> list[Clip]:
    """The clips of a plan in their order. With the music's closing fade, the last one fades to black too."""
    sequence, fade = plan.sequence, closing_frames(plan)
    last = plan.positions[-1]
    return [
        Clip(
            position.source.start,
            position.source.end,
            format_fraction(sequence.rate),
            sequence.width,
            sequence.height,
            min(fade, len(position.source)) if position is last else 0,
            (crop.x, crop.y, crop.width, crop.height) if crop else None,
            (*_DIRECTIONS[crop.pan], position.source.start, position.source.end)
            if isinstance(crop, View) and crop.pan
            else None,
        )
        for position in plan.positions
        for crop in (position.view or sequence.crop,)
    ]


def encode_clip(
    film: FilmInfo,
    clip: Clip,
    settings: RenderSettings,
    pictures: Iterable[VideoFrame],
    output: IO[bytes],
    check: Check = no_check,
    writings: Sequence[Writing] = (),
) -> None:
    """Encode one clip from its decoded film frames, with what is written over it, as a fragmented mp4 or mov, into an
    open file.

    ``check`` is called now and then while the encoder ends; what it raises stops it.

    Raises:
        FFmpegError: ffmpeg failed.
        Exception: whatever ``pictures`` or ``check`` raises.
    """
    with overlays(writings) as drawn:
        fading, steady = ([each for each in drawn if each.fades is fades] for fades in (True, False))
        shown = _lit(written_over(framed(film, clip, settings), fading, film, settings), clip)
        encode(
            encoded(written_over(shown, steady, film, settings), settings, film),
            raw_pictures(deinterlaced(pictures), film),
            output,
            means(film, settings),
            check,
        )


def encode_drawn(
    film: FilmInfo,
    size: tuple[int, int],
    rate: str,
    settings: RenderSettings,
    pictures: Iterable[bytes],
    output: IO[bytes],
    check: Check = no_check,
    pixels: colour.DrawnFormat = "gray",
) -> None:
    """Encode drawn pictures as a segment that can be joined with the clips of a film, into an open file.

    Args:
        film: with whose clips they are joined.
        size: (width, height) of the trailer.
        rate: frames per second, as text.
        settings: those of the clips.
        pictures: bytes of the pictures, black 0 and white 255, row by row.
        output: where the fragmented mp4 goes.
        check: called now and then while the encoder ends; what it raises stops it.
        pixels: one byte of grey each, or three of red, green and blue.

    Raises:
        FFmpegError: ffmpeg failed.
        Exception: whatever ``pictures`` or ``check`` raises.
    """
    picture = colour.card_source(film, settings, size, rate, pixels)
    encode(encoded(picture, settings, film), pictures, output, means(film, settings), check)


def raw_format(film: FilmInfo) -> str:
    """The pixel format of ``raw_pictures``: the film's own, but for grey, which gets chroma without any colour.

    Versions of ffmpeg's scaler differ in what the numbers of grey pictures mean, whatever their tags say; those of luma
    mean what the tags say.
    """
    grey = _GREY.fullmatch(film.pixel_format)
    return f"yuv444p{grey[1]}{grey[2]}" if grey else film.pixel_format


def raw_pictures(frames: Iterable[VideoFrame], film: FilmInfo) -> Iterator[memoryview]:
    """Pictures as the bytes of ffmpeg's ``rawvideo``: planes without padding, in ``raw_format`` and the film's size."""
    codec = av.CodecContext.create("rawvideo", "w")
    if not isinstance(codec, VideoCodecContext):
        raise FFmpegError("PyAV has no rawvideo encoder")
    codec.width, codec.height, codec.pix_fmt = film.width, film.height, film.pixel_format
    codec.time_base = film.time_base
    chroma = _colourless(film)
    for frame in frames:
        for packet in codec.encode(frame):
            yield memoryview(bytes(packet) + chroma) if chroma else memoryview(packet)


def _colourless(film: FilmInfo) -> bytes:
    """Both planes of chroma of a grey picture; of others nothing."""
    grey = _GREY.fullmatch(film.pixel_format)
    if not grey:
        return b""
    numbers = np.dtype("u1" if not grey[1] else ">u2" if grey[2] == "be" else "<u2")
    return np.full(2 * film.width * film.height, 1 << int(grey[1] or 8) - 1, numbers).tobytes()


def encode_dissolve(
    film: FilmInfo,
    dissolve: Dissolve,
    settings: RenderSettings,
    pictures: tuple[Iterable[VideoFrame], Iterable[VideoFrame]],
    output: IO[bytes],
    check: Check = no_check,
    writings: Sequence[Writing] = (),
) -> None:
    """Encode a dissolve from the decoded film frames of both clips; otherwise as ``encode_clip``.

    Both are given to the encoder as one input, in turn.
    """
    rate, count = dissolve.first.rate, dissolve.first.end - dissolve.first.start
    both = _source(film, rate).filter_multi_output("split")
    shown = []
    for number, clip in enumerate((dissolve.first, dissolve.second)):
        own = both[number].filter("select", f"eq(mod(n,2),{number})").filter("setpts", f"N/({rate}*TB)")
        shown.append(framed(film, clip, settings, own))
    share = f"((T*{rate}+1)/{count + 1})"  # N begins with 0 or with 1, by the version of ffmpeg
    mixed = ffmpeg.filter(shown, "blend", all_expr=f"A*(1-{share})+B*{share}")
    mixed = colour.tagged_as_finished(mixed, film, settings)
    in_turn = (picture for pair in zip(*map(deinterlaced, pictures), strict=True) for picture in pair)
    with overlays(writings) as drawn:
        encode(
            encoded(written_over(mixed, drawn, film, settings), settings, film),
            raw_pictures(in_turn, film),
            output,
            means(film, settings),
            check,
        )


def framed(film: FilmInfo, clip: Clip, settings: RenderSettings, picture: Any = None) -> Any:
    """A stream of ffmpeg-python of the film's raw pictures in the clip's size and colours.

    ``picture`` is a stream of them; by default they are given as ``pipe:``.
    """
    picture = colour.tag_film(_source(film, clip.rate) if picture is None else picture, film)
    return colour.finish(_frame(picture, film, clip, settings), film, settings)


def _lit(picture: Any, clip: Clip) -> Any:
    """A clip with its rise from black and its fade."""
    frames = clip.end - clip.start
    if clip.rise:
        picture = picture.filter("fade", type="in", start_frame=0, nb_frames=max(clip.rise - 1, 1))
    if clip.fade:
        # The first frame of ffmpeg's fade is untouched: so many steps end in black exactly at the last.
        picture = picture.filter("fade", type="out", start_frame=frames - clip.fade, nb_frames=max(clip.fade - 1, 1))
    return picture


def _source(film: FilmInfo, rate: str) -> Any:
    return ffmpeg.input(
        "pipe:",
        format="rawvideo",
        pixel_format=raw_format(film),
        video_size=(film.width, film.height),
        framerate=rate,
    )


def _frame(picture: Any, film: FilmInfo, clip: Clip, settings: RenderSettings) -> Any:
    framing = framing_of(film, clip)
    if cut := framing.unturned_cut():
        x, y, *size = cut
        picture = picture.filter("crop", *size, x, y)
    width, height = framing.unturned(framing.scaled)
    matrix = {"out_color_matrix": colour.matrix(film)} if colour.is_rgb(film) else {}
    in_range = "pc" if colour.is_full_range(film) else "tv"
    picture = picture.filter("scale", width, height, flags="lanczos", in_range=in_range, out_range="tv", **matrix)
    picture = picture.filter("format", colour.working_format(film, settings))
    if framing.mirrored:
        picture = picture.filter("hflip")
    for turn in _TRANSPOSE.get(framing.rotation, ()):
        picture = picture.filter("transpose", turn)
    return picture.filter("crop", *framing.size, *_offset(framing, clip)).filter("setsar", 1)


def framing_of(film: FilmInfo, clip: Clip) -> Framing:
    """The framing of a clip, without its pan."""
    return frame_picture(film, clip.width, clip.height, crop_of(clip))


def framing_at(framing: Framing, clip: Clip, frame: int) -> Framing:
    """The framing of frame ``frame`` of a clip, from 0, with its pan."""
    if clip.pan is None:
        return framing
    x, y = (
        round_half_up(travel * (done if direction > 0 else 1 - done) / 2) * 2 if direction else offset
        for direction, offset, travel in _moves(framing, clip)
        for done in (min(max(Fraction(clip.start + frame - clip.pan[2], _steps(clip)), Fraction(0)), Fraction(1)),)
    )
    return replace(framing, offset=(x, y))


def _offset(framing: Framing, clip: Clip) -> tuple[int | str, int | str]:
    """The place of the trailer's picture in the scaled one; of a pan as ffmpeg's expression of ``framing_at``."""
    if clip.pan is None:
        return framing.offset
    done = f"clip((n+{clip.start - clip.pan[2]})/{_steps(clip)},0,1)"
    x, y = (
        f"2*floor({travel}*({done if direction > 0 else f'1-{done}'})/2+0.5)" if direction else offset
        for direction, offset, travel in _moves(framing, clip)
    )
    return x, y


def _moves(framing: Framing, clip: Clip) -> Iterator[tuple[int, int, int]]:
    """Of columns and rows the direction of the pan, the offset without it, and the even number of pixels it goes."""
    directions = clip.pan[:2] if clip.pan else (0, 0)
    for direction, offset, whole, shown in zip(directions, framing.offset, framing.scaled, framing.size, strict=True):
        yield direction, offset, (whole - shown) // 2 * 2


def _steps(clip: Clip) -> int:
    """Frames from the first of the pan to the last."""
    return max(1, clip.pan[3] - clip.pan[2] - 1) if clip.pan else 1


def crop_of(clip: Clip) -> Crop | None:
    """The part of the film's picture that a clip shows."""
    if clip.crop is None:
        return None
    x, y, width, height = clip.crop
    return Crop(x=x, y=y, width=width, height=height)
