"""How close the camera is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trailergen.readings.picture import Appearance
from trailergen.readings.subject import Subjects
from trailergen.readings.types import Floats


def closeness(seen: Subjects, look: Appearance, counted: NDArray[np.bool_]) -> Floats:
    """Shot scale of each shot, (I,), 0 the widest of the film to 1 the closest.

    The nearer the camera, the more of the picture its subject covers and the less fine detail there is.
    """
    evidence = ranks(seen.size, counted) - ranks(look.clutter, counted)
    return ranks(evidence, counted)


def ranks(values: Floats, counted: NDArray[np.bool_]) -> Floats:
    """Share of the counted values below each, equal ones half, (I,) 0 to 1; 0.5 if none counts."""
    among = np.sort(values[counted])
    if not len(among):
        return np.full(len(values), 0.5, np.float32)
    below, upto = np.searchsorted(among, values, "left"), np.searchsorted(among, values, "right")
    return ((below + upto) / (2 * len(among))).astype(np.float32)
