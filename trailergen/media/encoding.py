"""Encode raw pictures by a graph of ffmpeg-python: in this process, where PyAV has what is needed, else by a process of
ffmpeg. Both take the same graph and the same bytes."""

from __future__ import annotations

import errno
import functools
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import IO, Any

import av
import av.error
from av.codec import codecs_available
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream
from ffmpeg.nodes import OutputNode

from trailergen.errors import FFmpegError
from trailergen.media import ffmpeg
from trailergen.media.graphs import FilterGraph, can_filter

_FILTERS = (
    *("blend", "crop", "fade", "format", "hflip", "overlay", "scale", "select", "setparams", "setpts", "setsar"),
    *("split", "transpose"),
)
_H264 = "libx264"
_FULL = (errno.ENOSPC, errno.EDQUOT)

Check = Callable[[], None]
"""Raises what ends the work before its time."""


def no_check() -> None:
    """Let the work go on."""


@dataclass(frozen=True)
class Means:
    """An encoder: this process or the program.

    Attributes:
        needed: encoders and filters beside H.264 that there must be, as in ``ffmpeg.find_ffmpeg``.
        here: whether this process may do it, where it has them and the user has named no ffmpeg.
    """

    needed: tuple[str, ...] = ()
    here: bool = True

    @property
    def is_here(self) -> bool:
        """True if this process does it."""
        return self.here and not os.environ.get(ffmpeg.ENVIRONMENT) and _has(self.needed)

    def build(self) -> str:
        """A name of the build, which changes where the encoded bytes may. Raises FFmpegError as ``find_ffmpeg``."""
        if self.is_here:
            return f"PyAV {av.__version__} {sorted(av.library_versions.items())}"
        return ffmpeg.version(*self.needed)


@functools.cache
def _has(needed: tuple[str, ...]) -> bool:
    return can_filter(*_FILTERS) and all(name in codecs_available or can_filter(name) for name in (_H264, *needed))


def encode(
    graph: Any,
    pictures: Iterable[bytes | memoryview],
    output: IO[bytes],
    means: Means,
    check: Check = no_check,
) -> None:
    """Encode pictures into an open file.

    Args:
        graph: an output of ffmpeg-python to ``pipe:``, of filters and an input ``pipe:`` of raw pictures.
        pictures: the bytes of one each, consumed as they are encoded.
        output: where the file goes that the graph describes.
        means: by which.
        check: called now and then while the encoder ends, if it is in this process; what it raises stops it.

    Raises:
        FFmpegError: it failed; ``why`` holds the reason.
        Exception: any that ``pictures`` or ``check`` raises.
    """
    if means.is_here:
        _encode_here(graph.node, pictures, output, check)
    else:
        ffmpeg.run(graph, pictures, output, means.needed)


def _encode_here(node: OutputNode, pictures: Iterable[bytes | memoryview], output: IO[bytes], check: Check) -> None:
    encoder = _Encoder(node, output)
    try:
        for raw in pictures:
            encoder.add(raw)
        encoder.finish(check)
    finally:
        encoder.close()


@contextmanager
def _told() -> Iterator[None]:
    """What libav and files raise, as FFmpegError."""
    try:
        yield
    except (av.error.FFmpegError, OSError) as error:
        full = error.errno in _FULL
        raise FFmpegError(
            "ffmpeg failed in this process",
            str(error),
            "free some space, or write somewhere else; what is finished is kept" if full else None,
        ) from error


class _Encoder:
    """An open output of a graph."""

    @_told()
    def __init__(self, node: OutputNode, output: IO[bytes]) -> None:
        given = {name.removesuffix(":v"): str(value) for name, value in node.kwargs.items()}
        del given["filename"]
        muxing = {name: given.pop(name) for name in ("movflags",) if name in given}
        self._container = av.open(output, "w", format=given.pop("format"), options=muxing)
        self._filters = FilterGraph(node, given["pix_fmt"])
        self._given = given
        self._track: VideoStream | None = None
        self._shown = 0

    @_told()
    def add(self, raw: bytes | memoryview) -> None:
        """Encode one raw picture."""
        for frame in self._filters.filtered(raw):
            self._show(frame)

    @_told()
    def finish(self, check: Check) -> None:
        """Encode what is not yet, and end the file."""
        for frame in self._filters.rest():
            self._show(frame)
        if self._track is not None:
            for packet in self._track.codec_context.encode_lazy(None):
                check()
                packet.stream = self._track
                self._container.mux_one(packet)
        self._container.close()

    def close(self) -> None:
        """Let go of everything."""
        with suppress(av.error.FFmpegError, OSError):
            self._container.close()

    def _show(self, frame: VideoFrame) -> None:
        if self._track is None:
            self._track = self._opened(frame)
        frame.pts, frame.time_base, frame.pict_type = self._shown, 1 / self._filters.rate, PictureType.NONE
        self._shown += 1
        for packet in self._track.encode(frame):
            self._container.mux_one(packet)

    def _opened(self, first: VideoFrame) -> VideoStream:
        """The track, for pictures as the first one."""
        options = dict(self._given)
        pixel_format, threads, tag = options.pop("pix_fmt"), int(options.pop("threads")), options.pop("tag", None)
        track = self._container.add_stream(options.pop("vcodec"), rate=self._filters.rate, options=options)
        context = track.codec_context
        context.width, context.height, context.pix_fmt = first.width, first.height, pixel_format
        context.sample_aspect_ratio = Fraction(1)
        context.color_range, context.colorspace = first.color_range, first.colorspace
        context.color_primaries, context.color_trc = first.color_primaries, first.color_trc
        # As the program has it: threads for pictures where the encoder knows them.
        context.thread_count, context.thread_type = threads, "AUTO"
        if tag:
            context.codec_tag = tag
        return track
