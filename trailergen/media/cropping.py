"""The shape of pictures as their container says it: lines that are hidden, the aspect of pixels."""

from __future__ import annotations

import re
from typing import Any, NamedTuple, cast

import av.logging
from av.container import InputContainer
from av.video.stream import VideoStream

# These say how all pictures of a track are to be shown; elsewhere each picture says so itself.
_ONE_ASPECT = {"asf", "avi", "matroska", "mov", "mxf", "nut"}
_CROPPING = re.compile(r"^\s+Frame cropping: (\d+)/(\d+)/(\d+)/(\d+)\s*$", re.IGNORECASE | re.MULTILINE)
_LEAST = 2


class Edges(NamedTuple):
    """Lines of the coded picture that are not shown, on each side."""

    left: int = 0
    right: int = 0
    top: int = 0
    bottom: int = 0


def cropped_edges(container: InputContainer, stream: VideoStream) -> Edges:
    """The lines that the container hides: PixelCrop of Matroska (RFC 9559), the clean aperture of ISO/IEC 14496-12.

    libavformat keeps them beside the codec's parameters, where PyAV shows nothing but its description of the file.
    """
    level = av.logging.get_level()
    av.logging.set_level(av.logging.INFO)
    try:
        described: str = cast(Any, container).dumps_format()  # missing in PyAV's stubs
    finally:
        av.logging.set_level(level)
    part = re.search(rf"^\s+Stream #0:{stream.index}\b.*?(?=^\s+Stream #0:|\Z)", described, re.MULTILINE | re.DOTALL)
    found = _CROPPING.search(part.group()) if part else None
    return Edges(*map(int, found.groups())) if found else Edges()


def fitting(edges: Edges, size: tuple[int, int]) -> Edges:
    """The same edges, or none where they would leave nothing of a picture of (width, height): headers lie."""
    width, height = size[0] - edges.left - edges.right, size[1] - edges.top - edges.bottom
    return edges if min(width, height) >= _LEAST else Edges()


def each_picture_says(container: InputContainer) -> bool:
    """True where the shape of pixels is every picture's own, and may change within the film."""
    return not _ONE_ASPECT & set(container.format.name.split(","))
