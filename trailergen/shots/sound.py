"""Level and voice activity of a film's sound along its time, gathered in the one decode."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STEP_S = 0.032
"""Seconds of one window: 512 samples at 16 kHz, the input of the voice activity detector."""


@dataclass(frozen=True)
class SoundActivity:
    """Level and voice activity in m windows of ``STEP_S``, the first beginning with the film's first picture.

    Attributes:
        level: (m,) float32, dBFS, not below -100.
        speech: (m,) float32, probability of speech, 0 to 1.
    """

    level: NDArray[np.float32]
    speech: NDArray[np.float32]
