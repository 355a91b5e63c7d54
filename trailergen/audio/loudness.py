"""Loudness of a soundtrack, and the one gain that brings it where the plan wants it.

scipy.signal takes half a second to import, pyloudnorm imports it: only who measures waits for them.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

_OVERSAMPLED = 4
_BLOCK = 1 << 18
_MARGIN = 1 << 8
_SHORTEST_S = 0.4


def integrated_loudness(sound: NDArray[np.float32], rate: int) -> float:
    """Loudness (samples, channels) in LUFS: ITU-R BS.1770-4, gated, as EBU R128 asks for.

    -inf for silence, and for less than the 0.4 s that one block of the measure takes.
    """
    if len(sound) < _SHORTEST_S * rate or not sound.any():
        return -math.inf
    from pyloudnorm import Meter

    return float(Meter(rate).integrated_loudness(sound.astype(np.float64)))


def true_peak(sound: NDArray[np.float32]) -> float:
    """Greatest amplitude between and at samples (samples, channels): four times oversampled, ITU-R BS.1770-4 annex 2.

    In blocks that overlap, so that memory does not grow with the length.
    """
    from scipy.signal import resample_poly

    peak = float(np.abs(sound).max(initial=0))
    for start in range(0, len(sound), _BLOCK):
        block = sound[max(0, start - _MARGIN) : start + _BLOCK + _MARGIN]
        peak = max(peak, float(np.abs(resample_poly(block, _OVERSAMPLED, 1, axis=0)).max(initial=0)))
    return peak


def peaks_around(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """Greatest amplitude of any channel at and around each sample, (samples,): what true peaks are the greatest of."""
    from scipy.signal import resample_poly

    found = np.abs(sound).max(axis=1)
    for start in range(0, len(sound), _BLOCK):
        first = max(0, start - _MARGIN)
        block = sound[first : start + _BLOCK + _MARGIN]
        finer = np.abs(resample_poly(block, _OVERSAMPLED, 1, axis=0)).max(axis=1)
        # The samples between two belong to both of them.
        after = finer.reshape(-1, _OVERSAMPLED).max(axis=1)
        around = np.maximum(after, np.concatenate((after[:1], after[:-1])))[start - first :][:_BLOCK]
        found[start : start + len(around)] = np.maximum(found[start : start + len(around)], around)
    return found.astype(np.float32)


def gain_to(sound: NDArray[np.float32], rate: int, loudness: float, ceiling: float) -> float:
    """The factor that brings a soundtrack to a loudness, less where its true peak would pass the ceiling.

    Plain gain keeps what a limiter would change: music whose peaks stand far above its loudness stays softer.

    Args:
        sound: (samples, channels), full scale 1.
        rate: samples a second.
        loudness: wanted, in LUFS.
        ceiling: greatest true peak, in dBTP.
    """
    found, peak = integrated_loudness(sound, rate), true_peak(sound)
    gain = 1.0 if math.isinf(found) else 10 ** ((loudness - found) / 20)
    return min(gain, 10 ** (ceiling / 20) / peak) if peak else gain
