"""Statistics of a picture from its 48x27 thumbnail, for flags, fitting and features."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

COLUMNS = ("luma", "dark", "bright", "contrast", "saturation", "entropy", "motion")
"""luma: mean, 0-255. dark, bright: 10th and 99th percentile of luma. contrast: standard deviation of luma.
saturation: mean distance between the largest and smallest of R, G, B. entropy: of luma in 32 bins, 0 to 1.
motion: mean absolute difference of luma to the frame before, 0 for the first."""

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_BINS = 32


def luma(thumbs: NDArray[np.generic]) -> NDArray[np.float32]:
    """BT.601 luma of RGB pictures, (..., 3) -> (...)."""
    return np.asarray(thumbs, np.float32) @ _LUMA


def frame_statistics(thumbs: NDArray[np.uint8], before: NDArray[np.uint8] | None) -> NDArray[np.float32]:
    """Statistics of thumbnails (n, 27, 48, 3), columns as in ``COLUMNS``; ``before`` precedes the first."""
    grey = luma(thumbs)
    count = len(thumbs)
    flat = np.sort(grey.reshape(count, -1), axis=1)
    pixels = flat.shape[1]
    previous = grey[:1] if before is None else luma(before)[None]
    motion = np.abs(np.diff(grey, axis=0, prepend=previous)).mean(axis=(1, 2))
    red, green, blue = np.moveaxis(thumbs, -1, 0)  # much faster than a maximum over so short an axis
    spread = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    return np.stack(
        (
            flat.mean(axis=1),
            flat[:, pixels // 10],
            flat[:, pixels * 99 // 100],
            flat.std(axis=1),
            spread.reshape(count, -1).mean(axis=1),
            _entropy(flat),
            motion,
        ),
        axis=1,
    ).astype(np.float32)


def _entropy(flat: NDArray[np.float32]) -> NDArray[np.float64]:
    count, pixels = flat.shape
    bins = np.minimum(flat.astype(np.int64) * _BINS // 256, _BINS - 1) + np.arange(count)[:, None] * _BINS
    share = np.bincount(bins.ravel(), minlength=count * _BINS).reshape(count, _BINS) / pixels
    return -(share * np.log(np.where(share > 0, share, 1))).sum(axis=1) / np.log(_BINS)
