"""Changes of the music: change points of its log mel spectrogram, rhythm and onset strength, by ruptures."""

from __future__ import annotations

import numpy as np
import ruptures
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from trailergen.music.onsets import FRAMES_PER_S, POOL, TrackFeatures, pool
from trailergen.music.spectrum import tempogram

_POOLED_PER_S = FRAMES_PER_S // POOL
# The search is quadratic in its length, and what changes two minutes away says nothing about here.
_BLOCK_S = 150
_LEAST_S = 0.5
_RHYTHM_STEP = 5
_RHYTHM_WINDOW = 160
_RHYTHM_LAGS = slice(8, 80, 4)


def change_salience(track: TrackFeatures, spacing: float) -> NDArray[np.float64]:
    """Salience of a change of the music at the beginning of each pooled frame.

    The optimal segmentation (linear kernel, at least 0.5 s) is taken for every number of change points up to one per
    ``spacing`` seconds; a change that is already there when there are few is a big one. Its salience is the share of
    these segmentations it is found in, to within a frame.

    Args:
        track: features of the track.
        spacing: mean distance of the least changes of interest, seconds.

    Returns:
        (pooled frames,) 0 to 1.
    """
    features = _features(track)
    salience = np.zeros(len(features))
    blocks = -(-len(features) // (_BLOCK_S * _POOLED_PER_S))
    for block in np.array_split(np.arange(len(features)), blocks):
        changes = int(len(block) / _POOLED_PER_S / spacing) - 1
        if changes < 1:
            continue
        search = ruptures.KernelCPD(kernel="linear", min_size=int(_LEAST_S * _POOLED_PER_S)).fit(features[block])
        search.predict(changes)
        for count in range(1, changes + 1):
            near = np.zeros(len(block))
            near[search.predict(count)[:-1]] = 1
            salience[block] += maximum_filter1d(near, 3)
        salience[block] /= changes
    return salience


def change_at(track: TrackFeatures, salience: NDArray[np.float64], samples: NDArray[np.int64]) -> NDArray[np.float64]:
    """The salience at sample positions: that of the pooled frame whose beginning is nearest."""
    hop = track.pooled_hop
    return np.take(salience, (samples + hop // 2) // hop, mode="clip")


def _features(track: TrackFeatures) -> NDArray[np.float64]:
    """(pooled frames, n): log mel, onset strength and rhythm, each group of the same total variance."""
    # 40 frames a second and a window of 4 s; lags from 0.2 to 2 s, where beats and bars are.
    strength = track.onset_strength
    envelope = strength[: len(strength) // _RHYTHM_STEP * _RHYTHM_STEP].reshape(-1, _RHYTHM_STEP).mean(axis=1)
    rhythm = tempogram(envelope, _RHYTHM_WINDOW)[:: POOL // _RHYTHM_STEP, _RHYTHM_LAGS]
    rhythm = np.pad(rhythm, ((0, len(track.log_mel) - len(rhythm)), (0, 0)), mode="edge")
    groups = (track.log_mel.astype(np.float64), pool(strength)[:, None], rhythm)
    return np.hstack([(g - g.mean(axis=0)) / max(float(np.sqrt(g.var(axis=0).sum())), 1e-9) for g in groups])
