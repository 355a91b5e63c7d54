"""Embeddings of a few pictures of each shot by the ImageNet network, gathered in the one decode."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class FrameEmbeddings:
    """Embeddings of k pictures of a film's shots, at least one a shot, in film order.

    Attributes:
        vectors: (k, 1280) float32, the network's last feature map, pooled.
        maps: (k, 7, 7) float32, norm of that feature map's vector in each cell: saliency of the parts of the picture.
        shots: (k,) int64, the shot each picture is of, non-decreasing.
        at: (k,) int64, its picture number.
    """

    vectors: NDArray[np.float32]
    maps: NDArray[np.float32]
    shots: NDArray[np.int64]
    at: NDArray[np.int64]
