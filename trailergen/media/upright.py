"""Pictures as a player shows them: mirrored and turned as the display matrix of their film says."""

from __future__ import annotations

import math
import struct
from typing import Any, Protocol

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray


class Orientation(Protocol):
    """A way to show pictures: mirrored left to right first, then turned clockwise by 0, 90, 180 or 270 degrees."""

    @property
    def rotation(self) -> int:
        """Degrees."""
        ...

    @property
    def mirrored(self) -> bool:
        """True where they are mirrored."""
        ...


def orientation_of(picture: VideoFrame) -> tuple[int, bool]:
    """The rotation and the mirroring that a decoded picture asks for.

    The display matrix (ISO/IEC 14496-12, 8.3.2) is taken for the nearest of the eight that turn by right angles.
    """
    matrix = _display_matrix(picture)
    if matrix is None:
        return round(-picture.rotation / 90) * 90 % 360, False
    a, b, c, d = matrix
    mirrored = a * d - b * c < 0
    if mirrored:
        a, b = -a, -b
    return round(math.degrees(math.atan2(b, a)) / 90) * 90 % 360, mirrored


def upright(pixels: NDArray[Any], way: Orientation) -> NDArray[Any]:
    """A picture (height, width, ...) as it is stored, the way it is shown."""
    unmirrored = pixels[:, ::-1] if way.mirrored else pixels
    return np.rot90(unmirrored, -way.rotation // 90)


def _display_matrix(picture: VideoFrame) -> tuple[int, int, int, int] | None:
    try:
        found: Any = picture.side_data.get("DISPLAYMATRIX")
    except ValueError:  # side data that this version of PyAV has no name for
        return None
    if not found:
        return None
    a, b, _, c, d, *_ = struct.unpack("=9i", bytes(found)[:36])
    return (a, b, c, d) if a * d - b * c else None
