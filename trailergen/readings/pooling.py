"""From numbers of pictures to numbers of shots."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trailergen.readings.types import Floats


def shot_means(values: NDArray[np.generic], shots: NDArray[np.int64], count: int) -> Floats:
    """Means over the pictures of each shot.

    Args:
        values: (k, ...) a number, or several, of each picture.
        shots: (k,) the shot each picture is of, non-decreasing.
        count: I, shots of the film; those without a picture get 0.

    Returns:
        (I, ...) means.
    """
    means = np.zeros((count, *values.shape[1:]), np.float32)
    pictures = np.bincount(shots, minlength=count)
    some = np.flatnonzero(pictures)
    if len(some):
        firsts = (np.cumsum(pictures) - pictures)[some]
        sums = np.add.reduceat(values, firsts, axis=0, dtype=np.float64)
        means[some] = sums / pictures[some].reshape(-1, *[1] * (values.ndim - 1))
    return means
