"""Shot scale: the closeness of the camera."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trailergen.readings.types import Floats


def closeness(reach: Floats, counted: NDArray[np.bool_]) -> Floats:
    """Shot scale of each shot, (I,), 0 the widest of the film to 1 the closest: the share of the film's shots, those
    that count (I,), whose subject reaches less far. ``reach`` as in ``Subjects``."""
    return ranks(reach, counted)


def ranks(values: Floats, counted: NDArray[np.bool_]) -> Floats:
    """Share of the counted values below each, equal ones half, (I,) 0 to 1; 0.5 if none counts."""
    among = np.sort(values[counted])
    if not len(among):
        return np.full(len(values), 0.5, np.float32)
    below, upto = np.searchsorted(among, values, "left"), np.searchsorted(among, values, "right")
    return ((below + upto) / (2 * len(among))).astype(np.float32)
