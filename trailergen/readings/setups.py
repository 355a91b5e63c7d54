"""Which shots show the same view again, and which look like the film's own people and places."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trailergen.features.encoders.builtin import normalised
from trailergen.readings.pooling import shot_means
from trailergen.readings.types import Floats, Ints
from trailergen.shots.looks import Looks

_SAME = 0.45
"""Mean likeness within a set-up."""
_OTHER_COLOURS, _AS_MUCH = 25.0, 20.0
"""CIE76 by which the colours of one view may differ, and how much more counts as much as a cosine of 1."""


def shot_looks(looks: Looks, count: int) -> Floats:
    """What the network saw in each shot, (I, 1280) of unit length: the mean of its pictures."""
    return normalised(shot_means(looks.vectors, looks.shots, count).astype(np.float64))


def centred(vectors: Floats, counted: NDArray[np.bool_]) -> Floats:
    """Vectors (I, D) less the mean of those that count (I,), of unit length."""
    return normalised(vectors.astype(np.float64) - _mean(vectors, counted))


def typicality(vectors: Floats, counted: NDArray[np.bool_]) -> Floats:
    """Cosine of each shot's look with the mean look of the shots that count, (I,)."""
    return (vectors @ normalised(_mean(vectors, counted)[None])[0]).astype(np.float32)


def setup_numbers(looks: Floats, views: Floats) -> Ints:
    """The set-up of each shot, (I,), numbered as they first appear.

    Two shots are as alike as their looks, less what their colours differ in more than the same view does a minute
    later. Shots are joined, the most alike first, while the mean likeness of all pairs of the joint set-up stays above
    ``_SAME``: average linkage (Sokal and Michener 1958).

    Args:
        looks: (I, D) centred looks of unit length.
        views: (I, ...) CIE L*a*b* colours of places of the picture, the colours last.
    """
    count = len(looks)
    if count < 2:
        return np.zeros(count, np.int64)
    from scipy.cluster.hierarchy import fcluster, linkage

    colours = views.reshape(count, -1) / np.sqrt(views[0].size / 3)
    colours = colours - colours.mean(axis=0)
    squares = (colours**2).sum(axis=1)
    differ = np.sqrt(np.maximum(squares[:, None] + squares - 2 * colours @ colours.T, 0))
    apart = (1 - looks @ looks.T + np.maximum(differ - _OTHER_COLOURS, 0) / _AS_MUCH)[np.triu_indices(count, 1)]
    names = fcluster(linkage(np.maximum(apart, 0).astype(np.float64), "average"), 1 - _SAME, "distance")
    _, first, place = np.unique(names, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[place].astype(np.int64)


def _mean(vectors: Floats, counted: NDArray[np.bool_]) -> NDArray[np.float64]:
    chosen = vectors[counted] if counted.any() else vectors
    return chosen.astype(np.float64).mean(axis=0)
