"""What is heard of a film along its time, gathered in the one decode."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STEP_S = 0.032
"""Seconds of one window: 512 samples at 16 kHz, what the speech detector takes."""


@dataclass(frozen=True)
class Hearing:
    """Level and speech in m windows of ``STEP_S``, the first beginning with the film's first picture.

    Args:
        level: (m,) float32, dBFS, not below -100.
        speech: (m,) float32, probability that somebody speaks, 0 to 1.
    """

    level: NDArray[np.float32]
    speech: NDArray[np.float32]
