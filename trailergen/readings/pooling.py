"""From numbers of pictures to numbers of shots."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trailergen.readings.types import Floats


def shot_means(values: NDArray[np.generic], shots: NDArray[np.int64], count: int) -> Floats:
    """Means over the pictures of each shot.

    Args:
        values: (k, ...) a number, or several, of each picture.
        shots: (k,) the shot each picture is of.
        count: I, shots of the film; those without a picture get 0.

    Returns:
        (I, ...) means.
    """
    sums = np.zeros((count, *values.shape[1:]))
    np.add.at(sums, shots, np.asarray(values, np.float64))
    pictures = np.maximum(np.bincount(shots, minlength=count), 1)
    return (sums / pictures.reshape(-1, *[1] * (values.ndim - 1))).astype(np.float32)
