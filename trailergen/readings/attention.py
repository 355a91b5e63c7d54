"""Attention to the parts of single pictures: a map of each, in which its subject stands out.

What the subject is, is decided as for the readings of shots (see readings/subject.py): the cells of the network's map
above its background, those most whose colour is not that of the ground beside them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trailergen.readings.subject import own_colour, salient_blobs
from trailergen.readings.types import Floats

VERSION = 2
_GROUND_SHARE = 0.1  # of a cell's attention that is left where its colour is the ground's
_LESSER_SHARE = 0.3  # of it that is left outside of the heaviest blob: others may be looked at, too


def attention(maps: Floats, thumbs: NDArray[np.uint8]) -> Floats:
    """Attention to the cells of pictures, (k, 9, 16) float32, of a sum of 1 each.

    Args:
        maps: (k, 7, 7), of the ImageNet network, upright.
        thumbs: (k, 27, 48, 3), the same pictures, upright.
    """
    blob, _ = salient_blobs(maps)
    own = own_colour(blob, thumbs)
    _, height, width = own.shape
    ground = np.percentile(maps.reshape(len(maps), -1), 25, axis=1)[:, None, None]
    lesser = np.where(blob, 1.0, _LESSER_SHARE)
    weight = _enlarged(np.maximum(maps - ground, 0) ** 2 * lesser, height, width)
    weight = weight * np.where(own, 1.0, _GROUND_SHARE) + 1e-9
    return (weight / weight.sum(axis=(1, 2), keepdims=True)).astype(np.float32)


def _enlarged(maps: NDArray[np.float64], height: int, width: int) -> NDArray[np.float64]:
    """Maps between whose cells' centres values are straight, (k, height, width)."""
    return np.asarray(
        np.einsum("ab,kbc,dc->kad", _between(height, maps.shape[1]), maps, _between(width, maps.shape[2]))
    )


def _between(many: int, few: int) -> NDArray[np.float64]:
    """Weights (many, few) of the centres of ``few`` cells for those of ``many`` along the same side."""
    at = np.clip((np.arange(many) + 0.5) / many * few - 0.5, 0, few - 1)
    return np.maximum(1 - np.abs(at[:, None] - np.arange(few)), 0)
