"""Properties of a film: streams, picture geometry, colour, timing. Only some first pictures are decoded."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import Any, Literal

from av.container import InputContainer
from av.sidedata.sidedata import SideDataContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from trailergen.errors import InputError
from trailergen.media.colours import Colour, colour_of
from trailergen.media.container import open_media, picture_stream
from trailergen.media.cropping import Edges, cropped_edges, each_picture_says, fitting
from trailergen.media.decoding import decode
from trailergen.media.upright import orientation_of
from trailergen.timebase import round_half_up

VERSION = 5

_FIRST = 25
"""Pictures by which the clock is chosen: more than any reordering of them spans."""

_NO_TIMESTAMPS = 0x0080
"""AVFMT_NOTIMESTAMPS of libavformat: what it gives all the same is made up."""

Clock = Literal["pts", "dts", "count"]


@dataclass(frozen=True)
class Light:
    """The brightness that an HDR film declares (SMPTE ST 2086 and CTA-861.3).

    ``primaries`` are x and y of the mastering display's red, green, blue and white in units of 0.00002,
    ``luminance`` its least and greatest in units of 0.0001 nits; both are empty where the film does not say.
    ``max_cll`` is its brightest pixel and ``max_fall`` its brightest picture's mean, in nits; 0 where unknown.
    """

    primaries: tuple[int, ...] = ()
    luminance: tuple[int, ...] = ()
    max_cll: int = 0
    max_fall: int = 0


@dataclass(frozen=True)
class FilmInfo:
    """A film's picture stream.

    ``stream`` counts among the video streams. ``origin`` is the timestamp of the first picture, film frame 0, in
    units of ``time_base``. ``width`` and ``height`` are as coded, without the lines of ``crop``, which the container
    hides; ``display_width`` and ``display_height`` as shown: upright, square pixels, even.
    ``pixel_aspect`` is that of the first picture; ``own_aspects`` says that others may have another (media/shape.py).
    ``rotation`` is the clockwise turn in degrees (0, 90, 180, 270) that makes the picture upright, after it
    is mirrored left to right where ``mirrored`` says so.
    ``clock`` names the timestamps of pictures that can be believed: ``pts``, those of decoding (``dts``) where the
    container numbers pictures in the order in which they lie in it, or none: then they are counted (``count``) at
    ``header_rate``. ``in_order`` says that pictures are right only when the film is read from its start.
    ``duration`` in seconds is what the header says, for progress only. ``interlaced`` is what the first picture says
    of itself; others may differ.
    """

    path: Path
    stream: int
    codec: str
    time_base: Fraction
    origin: int
    clock: Clock
    in_order: bool
    header_rate: Fraction | None
    duration: float | None
    width: int
    height: int
    crop: Edges
    pixel_aspect: Fraction
    own_aspects: bool
    rotation: int
    mirrored: bool
    display_width: int
    display_height: int
    pixel_format: str
    bit_depth: int
    colour: Colour
    light: Light
    interlaced: bool
    start_timecode: str | None
    has_audio: bool


def probe_film(path: Path, in_order: bool = False) -> FilmInfo:
    """Read a film's header and its first pictures.

    Args:
        path: of the film.
        in_order: what is known of it already, see ``FilmInfo``.

    Raises:
        InputError: unreadable, no video stream, no picture that can be decoded, or colours of a rare kind.
    """
    with open_media(path) as container:
        stream = picture_stream(container, path)
        pictures = (frame for frame in decode(container, stream) if isinstance(frame, VideoFrame))
        first = next(pictures, None)
        if first is None or stream.time_base is None:
            raise InputError(
                f"no picture of stream {stream.index} ({stream.codec_context.name}) of {path} can be decoded",
                hint="check that it plays; if it does, convert it with ffmpeg first",
            )
        stamps = [(frame.pts, frame.dts) for frame in islice(chain([first], pictures), _FIRST)]
        clock = "count" if container.format.flags & _NO_TIMESTAMPS else _believed(stamps)
        info = _film_info(path, container, stream, first, clock)
    if not info.colour.is_convertible:
        raise InputError(
            f"the pictures of {path} have colours of a kind that is not supported ({info.colour.matrix})",
            hint="convert it first, for instance with ffmpeg's -vf zscale=matrix=bt709",
        )
    return replace(info, in_order=in_order or info.in_order)


def stamp_of(frame: VideoFrame, clock: Clock) -> int | None:
    """The time of a picture by one of the clocks of ``FilmInfo``, in its time base; None where it has none."""
    return {"pts": frame.pts, "dts": frame.dts, "count": None}[clock]


def _believed(stamps: Sequence[tuple[int | None, int | None]]) -> Clock:
    """The timestamps of a film's first pictures, (pts, dts), that increase: libavcodec's rule for best-effort times."""
    pts, dts = ([pair[at] for pair in stamps] for at in (0, 1))
    if all(stamp is None for stamp in (*pts, *dts)):
        return "count"
    return "pts" if _faults(pts) <= _faults(dts) else "dts"


def _faults(stamps: Sequence[int | None]) -> int:
    known = [stamp for stamp in stamps if stamp is not None]
    return len(stamps) - len(known) + sum(after <= before for before, after in pairwise(known))


def info_to_facts(info: FilmInfo) -> dict[str, Any]:
    """The properties as JSON values, without the path."""
    facts = asdict(info)
    del facts["path"]
    return {name: str(value) if isinstance(value, Fraction) else value for name, value in facts.items()}


def info_from_facts(facts: dict[str, Any], path: Path) -> FilmInfo:
    """The inverse of ``info_to_facts``, for a file of the same content."""
    fractions = {
        name: Fraction(facts[name]) if facts[name] is not None else None
        for name in ("time_base", "header_rate", "pixel_aspect")
    }
    light = facts["light"]
    parts = {
        "crop": Edges(*facts["crop"]),
        "colour": Colour(**{**facts["colour"], "unknown": tuple(facts["colour"]["unknown"])}),
        "light": Light(tuple(light["primaries"]), tuple(light["luminance"]), light["max_cll"], light["max_fall"]),
    }
    return FilmInfo(path=path, **{**facts, **fractions, **parts})


def _film_info(path: Path, container: InputContainer, stream: VideoStream, first: VideoFrame, clock: Clock) -> FilmInfo:
    codec = stream.codec_context
    aspect = stream.sample_aspect_ratio or codec.sample_aspect_ratio or Fraction(1)
    # Headers lie: an aspect that would shape the picture into a thread is no aspect.
    pixel_aspect = aspect if Fraction(1, 10) <= aspect <= 10 else Fraction(1)
    rotation, mirrored = orientation_of(first)
    crop = fitting(cropped_edges(container, stream), (first.width, first.height))
    width, height = first.width - crop.left - crop.right, first.height - crop.top - crop.bottom
    display_width, display_height = _display_size(width, height, pixel_aspect, rotation)
    duration = container.duration / 1_000_000 if container.duration else None
    if stream.duration and stream.time_base:
        duration = float(stream.duration * stream.time_base)
    # Without timestamps an average is what the demuxer makes up.
    rate = codec.framerate if clock == "count" else stream.average_rate
    rate = rate or stream.guessed_rate
    return FilmInfo(
        path=path,
        stream=container.streams.video.index(stream),
        codec=codec.name,
        time_base=Fraction(stream.time_base or 0),
        origin=stamp_of(first, clock) or 0,
        clock=clock,
        in_order=clock == "count",
        header_rate=Fraction(rate) if rate else None,
        duration=duration,
        width=width,
        height=height,
        crop=crop,
        pixel_aspect=pixel_aspect,
        own_aspects=each_picture_says(container),
        rotation=rotation,
        mirrored=mirrored,
        display_width=display_width,
        display_height=display_height,
        pixel_format=first.format.name,
        bit_depth=max(component.bits for component in first.format.components),
        colour=colour_of(first),
        light=_light(first),
        interlaced=bool(first.interlaced_frame),
        start_timecode=_start_timecode(container),
        has_audio=bool(container.streams.audio),
    )


def _light(picture: VideoFrame) -> Light:
    """From the structures AVMasteringDisplayMetadata and AVContentLightMetadata of a picture."""
    primaries: tuple[int, ...] = ()
    luminance: tuple[int, ...] = ()
    max_cll = max_fall = 0
    if mastering := side_data(picture, "MASTERING_DISPLAY_METADATA"):
        *pairs, has_primaries, has_luminance = struct.unpack("=22i", mastering[:88])
        over, under = pairs[::2], pairs[1::2]
        if has_primaries and all(under[:8]):
            primaries = tuple(round(50_000 * a / b) for a, b in zip(over[:8], under[:8], strict=True))
        if has_luminance and all(under[8:]):
            luminance = tuple(round(10_000 * a / b) for a, b in zip(over[8:], under[8:], strict=True))
    if content := side_data(picture, "CONTENT_LIGHT_LEVEL"):
        max_cll, max_fall = struct.unpack("=2I", content[:8])
    return Light(primaries, luminance, max_cll, max_fall)


def side_data(picture: VideoFrame, name: str) -> bytes:
    """The raw side data of a picture by PyAV's name for it; nothing where it has none.

    ``picture.side_data`` would be kept by the picture, which it keeps itself: a circle, in which hundreds of pictures
    wait for the garbage collector.
    """
    try:
        found: Any = SideDataContainer(picture).get(name)  # type: ignore[call-arg]
    except ValueError:  # side data that this version of PyAV has no name for
        return b""
    return bytes(found) if found else b""


def _display_size(width: int, height: int, pixel_aspect: Fraction, rotation: int) -> tuple[int, int]:
    """Square pixels by stretching the shorter side of a pixel, so that no detail is thrown away."""
    shown_width = width * max(pixel_aspect, Fraction(1))
    shown_height = height / min(pixel_aspect, Fraction(1))
    if rotation in (90, 270):
        shown_width, shown_height = shown_height, shown_width
    return _even(shown_width), _even(shown_height)


def _even(length: Fraction) -> int:
    """The nearest even number, but never more than the picture has when it is odd by one, and at least 2."""
    whole = round_half_up(length)
    return max(2, whole - whole % 2)


def _start_timecode(container: InputContainer) -> str | None:
    """The ``timecode`` tag of the file, its video or its timecode track, in that order."""
    tags = [container.metadata, *(s.metadata for s in container.streams.video)]
    tags += [s.metadata for s in container.streams if s.type == "data"]
    return next((tag["timecode"] for tag in tags if "timecode" in tag), None)
