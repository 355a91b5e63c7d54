"""Deinterlacing: each picture by the order of fields that its own flags give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

import av.error
from av.filter import Graph
from av.video.frame import VideoFrame


def deinterlaced(pictures: Iterable[VideoFrame]) -> Iterator[VideoFrame]:
    """The same number of pictures in the same format, those that are flagged as interlaced deinterlaced (bwdif).

    Every picture's own flags count: films mix both kinds (PAFF, MBAFF, pulldown), and many open with a progressive
    one. Raw pictures fed to an ffmpeg process would have lost them. Before the first interlaced picture nothing is
    done.

    Args:
        pictures: decoded and of one size and format. Their timestamps are changed.
    """
    graph: Graph | None = None
    for number, picture in enumerate(pictures):
        if graph is None and not picture.interlaced_frame:
            yield picture
            continue
        graph = graph or _bwdif(picture)
        picture.pts, picture.time_base = number, Fraction(1, 25)
        graph.vpush(picture)
        yield from _pull(graph)
    if graph:
        graph.vpush(None)
        yield from _pull(graph)


def _bwdif(picture: VideoFrame) -> Graph:
    graph = Graph()
    source = graph.add_buffer(
        width=picture.width, height=picture.height, format=picture.format, time_base=Fraction(1, 25)
    )
    steps = [
        source,
        graph.add("bwdif", "mode=send_frame:parity=auto:deint=interlaced"),
        # Formats that the filter does not know come back as they were.
        graph.add("format", f"pix_fmts={picture.format.name}"),
        graph.add("buffersink"),
    ]
    graph.link_nodes(*steps).configure()
    return graph


def _pull(graph: Graph) -> Iterator[VideoFrame]:
    while True:
        try:
            yield graph.vpull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
