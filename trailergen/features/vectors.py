"""Vectors of shots: their size, unit length, and the mean of a film taken away."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FEATURE_DIM = 1024
"""Size of a shot's feature, of all encoders but ``efficientnet``."""


def l2_normalised(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    """Rows of unit length; a row of zeros stays zeros."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, norms, out=np.zeros_like(rows), where=norms > 1e-6).astype(np.float32)


def centred(vectors: NDArray[np.floating], mean: NDArray[np.floating]) -> NDArray[np.float32]:
    """Vectors (n, D) less the mean (D,) of their film, of unit length."""
    return l2_normalised(np.asarray(vectors, np.float64) - mean)


def to_feature_dim(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unit vectors (n, D) as (n, 1024).

    Shorter ones are continued with zeros, which keeps every cosine; longer ones are projected on 1,024 orthonormal
    directions, drawn once and for all, which keeps cosines nearly.
    """
    missing = FEATURE_DIM - rows.shape[1]
    if missing >= 0:
        return np.pad(rows, ((0, 0), (0, missing)))
    drawn = np.random.default_rng(0).standard_normal((rows.shape[1], FEATURE_DIM))
    directions, triangle = np.linalg.qr(drawn)
    # The signs are the decomposition's own choice; taken so, they are the same on every machine.
    return rows @ (directions * np.sign(np.diag(triangle)))
