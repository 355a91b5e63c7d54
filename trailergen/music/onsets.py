"""What is heard in a track over time: its level, how much begins, and the onsets themselves."""

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
class Sound:
    """A track as heard. Frames are 5 ms, frame k around sample ``k * hop``; pooled frames 100 ms.

    Attributes:
        rate: samples per second.
        length: samples of the track.
        hop: samples of a frame.
        level: (frames,) loudness in dB below full scale, over 25 ms; at least -120.
        rise: (frames,) onset strength: how much the bands' log magnitude rises.
        colour: (pooled frames, 40) log magnitude of the mel bands.
        onsets: (n,) sample positions of the onsets, increasing.
        weights: (n,) how strong they are, 0 to 1: half against the whole track, half against the 4 s around.
    """

    rate: int
    length: int
    hop: int
    level: NDArray[np.float64]
    rise: NDArray[np.float64]
    colour: NDArray[np.float32]
    onsets: NDArray[np.int64]
    weights: NDArray[np.float64]

    @property
    def pooled_hop(self) -> int:
        """Samples of a pooled frame."""
        return self.hop * POOL


def listen(samples: NDArray[np.float32], rate: int) -> Sound:
    """Measure a track.

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
    colour = np.log1p(magnitude * (_COMPRESSION / loudest))
    rise = _rise(colour)
    frames, weights = _peaks(rise)
    return Sound(
        rate=rate,
        length=len(samples),
        hop=hop,
        level=_level(samples, hop, len(rise)),
        rise=rise,
        colour=pool(colour).astype(np.float32),
        onsets=frames * hop,
        weights=weights,
    )


def pool(frames: NDArray[np.floating]) -> NDArray[np.float64]:
    """Means over 20 frames, (frames, ...) to (ceil(frames / 20), ...); the last over what is left."""
    starts = np.arange(0, len(frames), POOL)
    counts = np.minimum(starts + POOL, len(frames)) - starts
    sums: NDArray[np.float64] = np.add.reduceat(frames, starts, axis=0, dtype=np.float64)
    return sums / counts.reshape(-1, *[1] * (frames.ndim - 1))


def _rise(colour: NDArray[np.float32]) -> NDArray[np.float64]:
    """Spectral flux over 10 ms against the strongest neighbouring band before, so that vibrato begins nothing."""
    before: NDArray[np.float32] = maximum_filter1d(colour, 3, axis=1)[:-_LAG]
    rise = np.maximum(colour[_LAG:] - before, 0).mean(axis=1, dtype=np.float64)
    # The track's last windows reach over its end, and a sound broken off there is spread over all bands.
    rise[-_EDGE:] = 0
    centred = np.pad(rise, (_LAG // 2, _LAG - _LAG // 2))[: len(colour)]
    smooth: NDArray[np.float64] = gaussian_filter1d(centred, 1.0, mode="constant")
    return smooth


def _peaks(rise: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Frames and weights of the peaks that rise over the second around them by 0.1 of what a strong one does."""
    height = np.maximum(rise - uniform_filter1d(rise, FRAMES_PER_S, mode="constant"), 0)
    height[rise < maximum_filter1d(rise, _APART, mode="constant")] = 0
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
