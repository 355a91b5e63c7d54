"""The theme of a piece of music: the longest of its sections that come again, of these the one that does so most."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SAME = 0.95
"""Mean cosine of two sections from which one repeats the other."""


def theme_section(chroma: NDArray[np.floating], lengths_s: NDArray[np.floating], same: float = SAME) -> tuple[int, int]:
    """The theme as segments ``[first, last)`` of a track; all of it where no section comes again.

    A section is a run of segments, and comes again where another of as many segments, which does not overlap it, has
    the same pitch classes in the same order. Of the sections that do, the one with the most segments is the theme; of
    as long ones the one that comes again most often, lasts longest, and begins first.

    Args:
        chroma: (J, 12) energy of the pitch classes in each segment; other vectors that tell segments apart do too.
        lengths_s: (J,) seconds of each segment.
        same: least mean cosine of two sections of which one repeats the other.
    """
    count = len(chroma)
    rows = np.asarray(chroma, np.float64)
    unit = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    similarity = unit @ unit.T
    sums = np.zeros((count + 1, count + 1))
    for row in range(count):
        sums[row + 1, 1:] = sums[row, :-1] + similarity[row]
    ends = np.concatenate(([0.0], np.cumsum(lengths_s)))
    for width in range(count // 2, 0, -1):
        # Diagonal sums: how alike the sections of this width are that begin at the row's and the column's segment.
        alike = (sums[width:, width:] - sums[:-width, :-width]) / width
        starts = np.arange(len(alike))
        again = (alike >= same) & (np.abs(starts[:, None] - starts) >= width)
        times = again.sum(axis=1)
        if times.any():
            best = np.flatnonzero(times == times.max())
            first = int(best[(ends[best + width] - ends[best]).argmax()])
            return first, first + width
    return 0, count
