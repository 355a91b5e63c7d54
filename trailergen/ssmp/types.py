"""Array types, and the predictor that every decoder asks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MASKED = -1
"""In place of a shot's number at a position that has none."""

Predict = Callable[[Ints], Floats]
"""From the shot at each position, (J,) with ``MASKED``, to the logits of eq. 3, (J, I). One forward pass."""
