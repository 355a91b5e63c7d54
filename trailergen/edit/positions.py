"""Positions that the film's shots can fill: a segment of music longer than nearly all is cut into equal parts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_LONG_ENOUGH = 0.2
"""Share of the usable shots that must be as long as a position, so that more than one long shot can stand there."""
_LONG_ENOUGH_LAST = 0.5
"""The same for the last position, whose picture matters most."""
_LEAST_S = 0.75


def cut_long_positions(boundaries: Sequence[int], sample_rate: int, usable_s: NDArray[np.floating]) -> tuple[int, ...]:
    """The boundaries (J + 1) of a trailer's positions, in samples, and more between them where a position is too long.

    Segments of music last whole beats, so that equal parts of them mostly begin on beats, too. No part is shorter than
    0.75 s.

    Args:
        boundaries: increasing.
        sample_rate: samples a second.
        usable_s: seconds of each shot that may be chosen; of none nothing is cut.
    """
    if not len(usable_s):
        return tuple(boundaries)
    found = [boundaries[0]]
    for start, end in pairwise(boundaries):
        seconds = (end - start) / sample_rate
        enough = _LONG_ENOUGH_LAST if end == boundaries[-1] else _LONG_ENOUGH
        most = max(float(np.quantile(usable_s, 1 - enough)), _LEAST_S)
        parts = max(1, min(int(np.ceil(seconds / most)), int(seconds / _LEAST_S)))
        found += [start + round((end - start) * part / parts) for part in range(1, parts + 1)]
    return tuple(found)
