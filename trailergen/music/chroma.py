"""Chroma: the energy of the twelve pitch classes along a track."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.fft import rfft, rfftfreq
from scipy.signal.windows import hann

CLASSES = 12
_WINDOW_S = 0.2  # tells neighbouring semitones apart from about 170 Hz upwards
_LOWEST_HZ, _HIGHEST_HZ = 160.0, 2_000.0  # most melodies, and few of their overtones
_C_HZ = 16.3516  # C0 with A4 = 440 Hz, equal temperament


def segment_chroma(samples: NDArray[np.float32], rate: int, boundaries: NDArray[np.integer]) -> NDArray[np.float32]:
    """Chroma (J, 12) of the segments of a track, from C upwards: the mean amplitude in each pitch class.

    Each row is of unit length, or zeros where nothing is heard.

    Args:
        samples: (samples, channels).
        rate: samples a second.
        boundaries: (J + 1) increasing, in samples.
    """
    mono = samples.mean(axis=1, dtype=np.float32)
    window = round(_WINDOW_S * rate)
    frequencies = rfftfreq(window, 1 / rate)
    heard = (frequencies >= _LOWEST_HZ) & (frequencies <= _HIGHEST_HZ)
    classes = np.round(12 * np.log2(frequencies[heard] / _C_HZ)).astype(np.int64) % CLASSES
    lines = np.maximum(np.bincount(classes, minlength=CLASSES), 1)
    taper = hann(window, sym=False).astype(np.float32)
    rows = np.zeros((len(boundaries) - 1, CLASSES), np.float32)
    for index, (start, end) in enumerate(pairwise(boundaries.tolist())):
        part = mono[start:end]
        part = np.pad(part, (0, max(0, window - len(part))))
        frames = np.lib.stride_tricks.sliding_window_view(part, window)[:: window // 2]
        amplitude = np.abs(rfft(frames * taper))[:, heard].sum(axis=0)
        energy = np.bincount(classes, amplitude, minlength=CLASSES) / lines
        length = float(np.linalg.norm(energy))
        if length > 1e-6 * window:
            rows[index] = energy / length
    return rows
