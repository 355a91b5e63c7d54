"""Features of a track over time: level, log mel spectrogram, onset strength, and the onsets themselves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, maximum_filter1d, uniform_filter1d

from trailergen.music.spectrum import mel_power

FRAMES_PER_S = 200
POOL = 20
_WINDOW_S = 0.021
_BANDS = 40
_TOP_HZ = 16_000.0
# log(1 + 300 x): linear from 50 dB under the loudest moment downwards, logarithmic above.
_COMPRESSION = 300.0
_LAG = 2
_EDGE = 5
# Frames: two onsets are at least 35 ms apart.
_APART = 13
# In units of the log magnitude: a clear attack in music is 0.3 to 1, the waver of a steady noise 0.1.
_LEAST_STRONG = 0.15
_LEAST_SHARE = 0.1
_SILENT_POWER = 1e-12


@dataclass(frozen=True)
class TrackFeatures:
    """Features of a track. Frames are 5 ms, frame k around sample ``k * hop``; pooled frames 100 ms.

    Attributes:
        rate: samples per second.
        length: samples of the track.
        hop: samples of a frame.
        level: (frames,) loudness in dB below full scale, over 25 ms; at least -120.
        onset_strength: (frames,) spectral flux, the mean rise of the bands' log magnitude.
        log_mel: (pooled frames, 40) log magnitude of the mel bands.
        onsets: (n,) sample positions of the onsets, increasing.
        weights: (n,) their strengths, 0 to 1: half against the whole track, half against the 4 s around.
    """

    rate: int
    length: int
    hop: int
    level: NDArray[np.float64]
    onset_strength: NDArray[np.float64]
    log_mel: NDArray[np.float32]
    onsets: NDArray[np.int64]
    weights: NDArray[np.float64]

    @property
    def pooled_hop(self) -> int:
        """Samples of a pooled frame."""
        return self.hop * POOL


def analyse(samples: NDArray[np.float32], rate: int) -> TrackFeatures:
    """The features of a track.

    Args:
        samples: (samples, channels), full scale 1.
        rate: samples per second, at least 8,000.
    """
    hop = rate // FRAMES_PER_S
    window = 2 * round(_WINDOW_S * rate / 2)
    power = mel_power(samples, rate, window=window, hop=hop, bands=_BANDS, top=min(_TOP_HZ, rate / 2))
    magnitude = np.sqrt(power)
    # Against the track's own loudest moment, so that its recording level does not matter.
    loudest = max(float(magnitude.mean(axis=1).max()), 1e-9)
    log_mel = np.log1p(magnitude * (_COMPRESSION / loudest))
    strength = _onset_strength(log_mel)
    frames, weights = _peaks(strength)
    return TrackFeatures(
        rate=rate,
        length=len(samples),
        hop=hop,
        level=_level(samples, hop, len(strength)),
        onset_strength=strength,
        log_mel=pool(log_mel).astype(np.float32),
        onsets=frames * hop,
        weights=weights,
    )


def pool(frames: NDArray[np.floating]) -> NDArray[np.float64]:
    """Means over 20 frames, (frames, ...) to (ceil(frames / 20), ...); the last over what is left."""
    starts = np.arange(0, len(frames), POOL)
    counts = np.minimum(starts + POOL, len(frames)) - starts
    sums: NDArray[np.float64] = np.add.reduceat(frames, starts, axis=0, dtype=np.float64)
    return sums / counts.reshape(-1, *[1] * (frames.ndim - 1))


def _onset_strength(log_mel: NDArray[np.float32]) -> NDArray[np.float64]:
    """Spectral flux over 10 ms against the strongest neighbouring band before, so that vibrato is no onset (SuperFlux:
    Boeck and Widmer 2013)."""
    before: NDArray[np.float32] = maximum_filter1d(log_mel, 3, axis=1)[:-_LAG]
    flux = np.maximum(log_mel[_LAG:] - before, 0).mean(axis=1, dtype=np.float64)
    # The track's last windows reach over its end, and a sound broken off there is spread over all bands.
    flux[-_EDGE:] = 0
    centred = np.pad(flux, (_LAG // 2, _LAG - _LAG // 2))[: len(log_mel)]
    smooth: NDArray[np.float64] = gaussian_filter1d(centred, 1.0, mode="constant")
    return smooth


def _peaks(strength: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Frames and weights of the peaks that exceed the mean of the second around them by 0.1 of a strong peak."""
    height = np.maximum(strength - uniform_filter1d(strength, FRAMES_PER_S, mode="constant"), 0)
    height[strength < maximum_filter1d(strength, _APART, mode="constant")] = 0
    # A single crash must not set the scale, and where all is faint nothing is strong.
    scale = max(float(np.percentile(height[height > 0], 95)), _LEAST_STRONG) if height.any() else _LEAST_STRONG
    height[height < _LEAST_SHARE * scale] = 0
    at = np.flatnonzero(height)
    around: NDArray[np.float64] = maximum_filter1d(height, 4 * FRAMES_PER_S, mode="constant")
    return at, 0.5 * np.minimum(height[at] / scale, 1) + 0.5 * height[at] / around[at]


def _level(samples: NDArray[np.float32], hop: int, count: int) -> NDArray[np.float64]:
    """Root mean square over five frames and all channels, in dB."""
    power = np.zeros(count)
    for channel in samples.T:
        whole = channel[: len(channel) // hop * hop].reshape(-1, hop)
        power[: len(whole)] += np.einsum("ij,ij->i", whole, whole) / (hop * samples.shape[1])
    decibels: NDArray[np.float64] = 10 * np.log10(np.maximum(uniform_filter1d(power, 5), _SILENT_POWER))
    return decibels
