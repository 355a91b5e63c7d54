"""Encode one clip: the film's pictures, turned upright, in the trailer's size and colours, to be joined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import av
import ffmpeg
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from PIL import Image

from trailergen.errors import FFmpegError
from trailergen.media.deinterlace import deinterlaced
from trailergen.media.ffmpeg import file_url, run
from trailergen.media.probe import FilmInfo
from trailergen.plans import Crop, Plan, closing_frames
from trailergen.rendering import colour
from trailergen.rendering.captions import Caption, draw_caption
from trailergen.rendering.codec import encoded, needed, pixel_format
from trailergen.rendering.framing import frame_picture
from trailergen.settings.render import RenderSettings
from trailergen.timebase import format_fraction

_TRANSPOSE = {90: ("clock",), 180: ("clock", "clock"), 270: ("cclock",)}


@dataclass(frozen=True)
class Clip:
    """The content of one segment: film frames ``[start, end)`` at ``rate``, the last ``fade`` of them fading to black.

    ``crop`` is the part of the film's picture that is shown: (x, y, width, height), None for all of it.
    """

    start: int
    end: int
    rate: str
    width: int
    height: int
    fade: int
    crop: tuple[int, int, int, int] | None = None


@dataclass(frozen=True)
class CaptionedClip(Clip):
    """A clip with ``captions`` on its picture, set in the font of a file, None for trailergen's own."""

    captions: tuple[Caption, ...] = ()
    font: str | None = None


def clips(plan: Plan) -> list[Clip]:
    """The clips of a plan in their order. With the music's closing fade, the last one fades to black too."""
    sequence, fade = plan.sequence, closing_frames(plan)
    last = plan.positions[-1]
    crop = sequence.crop
    return [
        Clip(
            position.source.start,
            position.source.end,
            format_fraction(sequence.rate),
            sequence.width,
            sequence.height,
            min(fade, len(position.source)) if position is last else 0,
            (crop.x, crop.y, crop.width, crop.height) if crop else None,
        )
        for position in plan.positions
    ]


def encode_clip(
    film: FilmInfo, clip: Clip, settings: RenderSettings, pictures: Iterable[VideoFrame], output: IO[bytes]
) -> None:
    """Encode one clip from its decoded film frames, as a fragmented mp4 or mov, into an open file.

    Raises:
        FFmpegError: ffmpeg failed.
        Exception: whatever ``pictures`` raises.
    """
    with _drawn(clip) as captions:
        graph = _graph(film, clip, settings, captions)
        run(graph, _raw(deinterlaced(pictures), film), output, needed(film, settings))


@contextmanager
def _drawn(clip: Clip) -> Iterator[list[tuple[Caption, Path]]]:
    """The captions of a clip, each in a PNG file while the block runs. Raises InputError and PlanError."""
    captions = clip.captions if isinstance(clip, CaptionedClip) else ()
    font = clip.font if isinstance(clip, CaptionedClip) else None
    with TemporaryDirectory(prefix="trailergen-") as folder:
        found = []
        for number, caption in enumerate(captions):
            path = Path(folder) / f"{number}.png"
            Image.fromarray(draw_caption(caption.text, clip.width, clip.height, font)).save(path)
            found.append((caption, path))
        yield found


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
        film: with whose clips they are joined.
        size: (width, height) of the trailer.
        rate: frames per second, as text.
        settings: those of the clips.
        pictures: bytes of grey pictures, black 0 and white 255, row by row.
        output: where the fragmented mp4 goes.

    Raises:
        FFmpegError: ffmpeg failed.
        Exception: whatever ``pictures`` raises.
    """
    picture = colour.card_source(film, settings, size, rate)
    run(encoded(picture, settings, film), pictures, output, needed(film, settings))


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


def _graph(film: FilmInfo, clip: Clip, settings: RenderSettings, captions: Sequence[tuple[Caption, Path]]) -> Any:
    picture = ffmpeg.input(
        "pipe:",
        format="rawvideo",
        pixel_format=film.pixel_format,
        video_size=(film.width, film.height),
        framerate=clip.rate,
    )
    frames = clip.end - clip.start
    picture = _frame(colour.tag_film(picture, film), film, clip, settings)
    picture = colour.finish(picture, film, settings)
    for caption, path in captions:
        shown = f"between(n,{caption.start},{caption.end - 1})"
        picture = ffmpeg.overlay(picture, ffmpeg.input(file_url(path)), format="auto", enable=shown)
    if captions:
        picture = colour.tag_trailer(picture.filter("format", pixel_format(film, settings)), film, settings)
    if clip.fade:
        # The first frame of ffmpeg's fade is untouched: so many steps end in black exactly at the last.
        picture = picture.filter("fade", type="out", start_frame=frames - clip.fade, nb_frames=max(clip.fade - 1, 1))
    return encoded(picture, settings, film)


def _frame(picture: Any, film: FilmInfo, clip: Clip, settings: RenderSettings) -> Any:
    framing = frame_picture(film, clip.width, clip.height, crop_of(clip))
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
    return picture.filter("crop", *framing.size, *framing.offset).filter("setsar", 1)


def crop_of(clip: Clip) -> Crop | None:
    """The part of the film's picture that a clip shows."""
    if clip.crop is None:
        return None
    x, y, width, height = clip.crop
    return Crop(x=x, y=y, width=width, height=height)
