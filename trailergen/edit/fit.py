"""Which part of a shot a clip shows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# The picture at a detected boundary can still hold a trace of the neighbour.
_EDGE = 1
# How much livelier the liveliest part must be to be preferred to the middle, where the picture is composed.
_LIVELIER = 1.25


def fit_clip(start: int, end: int, length: int, activity: NDArray[np.float32]) -> int:
    """First film frame of a clip of ``length`` frames inside ``[start, end)``.

    The part with the most movement, if it moves at least a quarter more than the middle part; else the
    middle. One frame is kept clear of each boundary where the shot is long enough.

    Args:
        start, end: the frames the clip may show.
        length: frames wanted, at most ``end - start``.
        activity: (film frames,) movement at each film frame.

    Raises:
        ValueError: the range is shorter than ``length``.
    """
    if end - start < length:
        raise ValueError(f"{length} frames do not fit into [{start}, {end})")
    if end - start >= length + 2 * _EDGE:
        start, end = start + _EDGE, end - _EDGE
    sums = np.concatenate(([0.0], np.cumsum(activity[start:end], dtype=np.float64)))
    windows = sums[length:] - sums[: len(sums) - length]
    middle = (end - start - length) // 2
    liveliest = int(windows.argmax())
    return start + (liveliest if windows[liveliest] > _LIVELIER * windows[middle] else middle)
