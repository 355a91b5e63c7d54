"""Which shots show the same view again, and which look like the film's own people and places."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trailergen.features.builtin import normalised
from trailergen.readings.pooling import shot_means
from trailergen.readings.types import Floats, Ints
from trailergen.shots.looks import Looks

_SAME = 0.55
"""Mean cosine within a set-up."""


def shot_looks(looks: Looks, count: int) -> Floats:
    """What the network saw in each shot, (I, 1280) of unit length: the mean of its pictures."""
    return normalised(shot_means(looks.vectors, looks.shots, count).astype(np.float64))


def centred(vectors: Floats, counted: NDArray[np.bool_]) -> Floats:
    """Vectors (I, D) less the mean of those that count (I,), of unit length."""
    return normalised(vectors.astype(np.float64) - _mean(vectors, counted))


def typicality(vectors: Floats, counted: NDArray[np.bool_]) -> Floats:
    """Cosine of each shot's look with the mean look of the shots that count, (I,)."""
    return (vectors @ normalised(_mean(vectors, counted)[None])[0]).astype(np.float32)


def setup_numbers(looks: Floats) -> Ints:
    """The set-up of each shot, (I,), numbered as they first appear.

    Shots are joined, the most alike first, while the mean likeness of all pairs of the joint set-up stays above
    ``_SAME``: average linkage (Sokal and Michener 1958) of the cosines.

    Args:
        looks: (I, D) centred looks of unit length.
    """
    count = len(looks)
    if count < 2:
        return np.zeros(count, np.int64)
    from scipy.cluster.hierarchy import fcluster, linkage

    alike = looks @ looks.T
    apart = np.maximum(1 - alike[np.triu_indices(count, 1)].astype(np.float64), 0)
    names = fcluster(linkage(apart, "average"), 1 - _SAME, "distance")
    _, first, place = np.unique(names, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[place].astype(np.int64)


def _mean(vectors: Floats, counted: NDArray[np.bool_]) -> NDArray[np.float64]:
    chosen = vectors[counted] if counted.any() else vectors
    return chosen.astype(np.float64).mean(axis=0)
