"""Graphs of ffmpeg-python in this process: their filters are those of the libavfilter that PyAV carries."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, cast

import av
import av.error
from av.filter import Graph, filters_available
from av.filter.context import FilterContext
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from ffmpeg.dag import DagNode
from ffmpeg.nodes import FilterNode, InputNode, OutputNode

from trailergen.errors import FFmpegError

PIPE = "pipe:"
"""The input that pictures are given to one by one, and the output that is an open file."""
_SINGLE = Fraction(1, 25)
"""Time base of an input that is one picture."""


def can_filter(*names: str) -> bool:
    """True if all these filters are there."""
    return filters_available.issuperset(names)


class FilterGraph:
    """What comes before the output of a graph: raw pictures go in, filtered ones come out.

    Pictures lose all that their bytes do not hold, tags and side data too, as they would in a pipe to a process. Of an
    input that is a file the first picture is shown all the time.

    Args:
        output: the last node.
        pixel_format: in which pictures come out.

    Attributes:
        rate: pictures per second, as the input says.

    Raises:
        FFmpegError, av.error.FFmpegError: the graph is not as it must be.
    """

    def __init__(self, output: OutputNode, pixel_format: str) -> None:
        self._graph = Graph()
        self._made: dict[DagNode, FilterContext] = {}
        self._stills: list[tuple[FilterContext, VideoFrame]] = []
        self._given = 0
        wanted, self._sink = self._graph.add("format", f"pix_fmts={pixel_format}"), self._graph.add("buffersink")
        self._link(output, wanted)
        wanted.link_to(self._sink)
        self._graph.configure()
        for buffer, still in self._stills:
            buffer.push(still)
            buffer.push(None)

    def filtered(self, raw: bytes | memoryview) -> Iterator[VideoFrame]:
        """Give one raw picture to the ``pipe:``, and take what comes out."""
        for frame in self._raw.decode(Packet(cast(bytes, raw))):  # any buffer will do
            frame.pts, frame.time_base = self._given, 1 / self.rate
            self._given += 1
            self._pipe.push(frame)
        yield from self._pull()

    def rest(self) -> Iterator[VideoFrame]:
        """Take what comes out when there is no further picture."""
        self._pipe.push(None)
        yield from self._pull()

    def _pull(self) -> Iterator[VideoFrame]:
        while True:
            try:
                frame = self._sink.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            if isinstance(frame, VideoFrame):
                yield frame

    def _link(self, node: DagNode, made: FilterContext) -> None:
        """Link the inputs of a filter to what is before its node."""
        for place, (source, label, _) in enumerate(node.incoming_edge_map.values()):
            if source not in self._made:
                self._made[source] = self._input(source) if isinstance(source, InputNode) else self._filter(source)
            self._made[source].link_to(made, label or 0, place)

    def _filter(self, node: FilterNode) -> FilterContext:
        made = self._graph.add(node.name, _arguments(node))
        self._link(node, made)
        return made

    def _input(self, node: InputNode) -> FilterContext:
        if node.kwargs["filename"] == PIPE:
            self._pipe = self._raw_input(node.kwargs)
            return self._pipe
        with av.open(node.kwargs["filename"]) as still:
            picture = next(still.decode(video=0))
        picture.pts, picture.time_base = 0, _SINGLE
        buffer = self._graph.add_buffer(
            width=picture.width, height=picture.height, format=picture.format, time_base=_SINGLE
        )
        self._stills.append((buffer, picture))
        return buffer

    def _raw_input(self, given: dict[str, Any]) -> FilterContext:
        decoder = av.CodecContext.create("rawvideo", "r")
        if not isinstance(decoder, VideoCodecContext):
            raise FFmpegError("PyAV has no rawvideo decoder")
        decoder.width, decoder.height = given["video_size"]
        decoder.pix_fmt = given["pixel_format"]
        self._raw, self.rate = decoder, Fraction(given["framerate"])
        return self._graph.add_buffer(
            width=decoder.width, height=decoder.height, format=decoder.format, time_base=1 / self.rate
        )


def _arguments(node: FilterNode) -> str | None:
    given = [_escaped(value) for value in node.args]
    given += [f"{name}={_escaped(value)}" for name, value in node.kwargs.items()]
    return ":".join(given) or None


def _escaped(value: object) -> str:
    """A value of a filter's argument, as av_get_token reads it."""
    return "".join(f"\\{letter}" if letter in "\\':" else letter for letter in str(value))
