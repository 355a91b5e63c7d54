"""Encode one clip: the film's pictures, turned upright, in the trailer's size, as H.264 that can be joined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

import av
import ffmpeg
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from trailergen.errors import FFmpegError
from trailergen.media.ffmpeg import run
from trailergen.media.probe import FilmInfo
from trailergen.plan import Plan, closing_frames
from trailergen.render.framing import frame_picture
from trailergen.timebase import format_fraction

_TRANSPOSE = {90: ("clock",), 180: ("clock", "clock"), 270: ("cclock",)}


@dataclass(frozen=True)
class RenderSettings:
    """How the trailer is encoded.

    ``crf`` is x264's quality, 0 (lossless) to 51; ``preset`` its speed, ``ultrafast`` to ``veryslow``.
    """

    crf: int = 18
    preset: str = "medium"


@dataclass(frozen=True)
class Clip:
    """What one segment shows: film frames ``[start, end)`` at ``rate``, the last ``fade`` of them fading to black."""

    start: int
    end: int
    rate: str
    width: int
    height: int
    fade: int


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
        )
        for position in plan.positions
    ]


def encode_clip(
    film: FilmInfo, clip: Clip, settings: RenderSettings, pictures: Iterable[VideoFrame], output: IO[bytes]
) -> None:
    """Encode one clip from its decoded film frames, as a fragmented mp4, into an open file.

    Raises:
        FFmpegError: ffmpeg failed.
        Exception: whatever ``pictures`` raises.
    """
    run(_graph(film, clip, settings), _raw(pictures, film), output)


def encode_drawn(
    film: FilmInfo,
    size: tuple[int, int],
    rate: str,
    settings: RenderSettings,
    pictures: Iterable[bytes],
    output: IO[bytes],
) -> None:
    """Encode drawn pictures as a segment that can be joined with the clips of a film, into an open file.

    Args:
        film: with whose clips they are joined: the colours are said to be its.
        size: (width, height) of the trailer.
        rate: frames per second.
        settings: those of the clips.
        pictures: bytes of grey pictures, black 0 and white 255, row by row.
        output: where the fragmented mp4 goes.

    Raises:
        FFmpegError: ffmpeg failed.
        Exception: whatever ``pictures`` raises.
    """
    picture = ffmpeg.input("pipe:", format="rawvideo", pixel_format="gray", video_size=size, framerate=rate)
    picture = picture.filter("scale", in_range="pc", out_range="tv", out_color_matrix=_matrix(film))
    picture = picture.filter("format", "yuv420p").filter("setsar", 1)
    run(encoded(_tag(picture, film, full_range=False), settings), pictures, output)


def _raw(frames: Iterable[VideoFrame], film: FilmInfo) -> Iterator[memoryview]:
    """Pictures as the bytes of ffmpeg's ``rawvideo``: planes without padding, in the film's own format and size."""
    codec = av.CodecContext.create("rawvideo", "w")
    if not isinstance(codec, VideoCodecContext):
        raise FFmpegError("PyAV has no rawvideo encoder")
    codec.width, codec.height, codec.pix_fmt = film.width, film.height, film.pixel_format
    codec.time_base = film.time_base
    for frame in frames:
        for packet in codec.encode(frame):
            yield memoryview(packet)


def _graph(film: FilmInfo, clip: Clip, settings: RenderSettings) -> Any:
    picture = ffmpeg.input(
        "pipe:",
        format="rawvideo",
        pixel_format=film.pixel_format,
        video_size=(film.width, film.height),
        framerate=clip.rate,
    )
    frames = clip.end - clip.start
    picture = _frame(_tag(picture, film, full_range=_is_full_range(film)), film, clip)
    if clip.fade:
        # The first frame of ffmpeg's fade is untouched: so many steps end in black exactly at the last.
        picture = picture.filter("fade", type="out", start_frame=frames - clip.fade, nb_frames=max(clip.fade - 1, 1))
    return encoded(_tag(picture, film, full_range=False), settings)


def encoded(picture: Any, settings: RenderSettings) -> Any:
    """The output of a graph: pictures as segments that can be joined (see join.py)."""
    return picture.output(
        "pipe:",
        format="mp4",
        movflags="+frag_keyframe+empty_moov+default_base_moof",
        vcodec="libx264",
        crf=settings.crf,
        preset=settings.preset,
        pix_fmt="yuv420p",
        # The same on every machine, so that the same plan gives the same pictures.
        threads=2,
        # Headers that do not depend on the content: segments are joined under those of the first.
        **{"profile:v": "high", "x264-params": "stitchable=1"},
    )


def _frame(picture: Any, film: FilmInfo, clip: Clip) -> Any:
    framing = frame_picture(film, clip.width, clip.height)
    if film.interlaced:
        picture = picture.filter("bwdif", mode="send_frame")
    width, height = framing.unturned(framing.scaled)
    matrix = {"out_color_matrix": _matrix(film)} if _is_rgb(film) else {}
    in_range = "pc" if _is_full_range(film) else "tv"
    picture = picture.filter("scale", width, height, flags="lanczos", in_range=in_range, out_range="tv", **matrix)
    picture = picture.filter("format", "yuv420p")
    for turn in _TRANSPOSE.get(framing.rotation, ()):
        picture = picture.filter("transpose", turn)
    return picture.filter("crop", *framing.size, *framing.offset).filter("setsar", 1)


def _tag(picture: Any, film: FilmInfo, full_range: bool) -> Any:
    """Say what the numbers mean. An untagged film is tagged as players understand it, since they go by its
    size, which the trailer may not share."""
    tags = {
        "color_primaries": film.colour.primaries,
        "color_trc": film.colour.transfer,
        "colorspace": "gbr" if _is_rgb(film) and full_range else _matrix(film),
    }
    known = {key: value for key, value in tags.items() if value}
    return picture.filter("setparams", range="pc" if full_range else "tv", **known)


def _is_rgb(film: FilmInfo) -> bool:
    return film.colour.matrix == "gbr" or film.pixel_format.startswith(("rgb", "bgr", "gbr", "argb", "abgr"))


def _is_full_range(film: FilmInfo) -> bool:
    return film.colour.range == "pc" or film.pixel_format.startswith("yuvj") or _is_rgb(film)


def _matrix(film: FilmInfo) -> str:
    if film.colour.matrix and film.colour.matrix != "gbr":
        return film.colour.matrix
    return "bt709" if film.height > 576 or _is_rgb(film) else "smpte170m"
