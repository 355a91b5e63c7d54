"""The authors' segmentation (``--segmentation paper``): ruptures on a tempogram, about one segment in two seconds.

At 22,050 Hz and a hop of 256 samples: onset strength (the rise of a 128-band log mel spectrogram, averaged over the
bands), its tempogram over 384 frames, and the optimal ``int(duration / 2) - 1`` change points under a linear kernel.
Boundaries lie on the hop grid, snap to nothing, and their distances are not limited (0.4 to 12 s on real music). The
quantities are those of librosa's ``onset_strength`` and ``tempogram``, recomputed here because it would bring numba.
The search is quadratic in the length of the music: about 40 s for two and a half minutes.
"""

from __future__ import annotations

import numpy as np
import ruptures
from numpy.typing import NDArray
from scipy.signal import resample_poly

from trailergen.music.spectrum import mel_power, tempogram

RATE = 22_050
HOP = 256
WINDOW = 2048
BANDS = 128
LAGS = 384
_RANGE_DB = 80.0
_NEGLIGIBLE = 1e-8


def paper_boundaries(samples: NDArray[np.float32], rate: int) -> list[int]:
    """Boundaries of the segments, first 0, last the length of the music.

    Args:
        samples: (samples, channels) at ``rate``.
        rate: samples per second.

    Returns:
        J + 1 increasing sample positions at ``rate``.
    """
    mono = resample_poly(samples.mean(axis=1), RATE, rate)
    changes = int(len(samples) / rate / 2) - 1
    if changes < 1:
        return [0, len(samples)]
    features = _principal_axes(tempogram(onset_strength(mono), LAGS))
    found = ruptures.KernelCPD(kernel="linear").fit(features).predict(changes)
    inner = [round(frame * HOP * rate / RATE) for frame in found[:-1]]
    return [0, *(at for at in inner if at < len(samples)), len(samples)]


def onset_strength(mono: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean rise of the log mel spectrogram (dB, 80 dB range) from one frame to the next.

    Args:
        mono: (samples,) at 22,050 Hz.

    Returns:
        (samples // 256 + 1,): value k is the rise into frame k - 4, half a window earlier.
    """
    power = mel_power(mono[:, None], RATE, window=WINDOW, hop=HOP, bands=BANDS, top=RATE / 2)
    decibels = 10 * np.log10(np.maximum(power, 1e-10))
    np.maximum(decibels, decibels.max() - _RANGE_DB, out=decibels)
    rise = np.maximum(np.diff(decibels, axis=0), 0).mean(axis=1)
    late = 1 + WINDOW // (2 * HOP)
    return np.pad(rise, (late, 0))[: len(power)]


def _principal_axes(features: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same points along their principal axes (uncentred PCA), less the axes that hold 1e-8 of their energy.

    A linear kernel sees inner products only, so that the change points stay, at a third of the time.
    """
    energy, axes = np.linalg.eigh(features.T @ features)
    kept = np.cumsum(energy) >= _NEGLIGIBLE * energy.sum()
    return features @ axes[:, kept]
