"""Camera set-ups, whose shots show one view again, and typicality, the likeness of a shot to its film."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trailergen.features.vectors import centred, l2_normalised
from trailergen.readings.pooling import shot_means
from trailergen.readings.types import Floats, Ints
from trailergen.shots.embeddings import FrameEmbeddings

_SAME = 0.45
"""Least mean similarity within a set-up."""
_OTHER_COLOURS, _AS_MUCH = 25.0, 20.0
"""CIE76 by which the colours of one view may differ, and how much more counts as much as a cosine of 1."""


def shot_embeddings(embeddings: FrameEmbeddings, count: int) -> Floats:
    """The mean embedding of each shot's pictures, (I, 1280) of unit length."""
    return l2_normalised(shot_means(embeddings.vectors, embeddings.shots, count).astype(np.float64))


def centred_on(vectors: Floats, counted: NDArray[np.bool_]) -> Floats:
    """Vectors (I, D) less the mean of those that count (I,), of unit length."""
    return centred(vectors, _mean(vectors, counted))


def typicality(vectors: Floats, counted: NDArray[np.bool_]) -> Floats:
    """Cosine of each shot's embedding with the mean of the shots that count, (I,)."""
    return (vectors @ l2_normalised(_mean(vectors, counted)[None])[0]).astype(np.float32)


def setup_numbers(embeddings: Floats, views: Floats) -> Ints:
    """The set-up of each shot, (I,), numbered as they first appear.

    The similarity of two shots is the cosine of their embeddings, less the distance of their colours beyond that of one
    view from itself a minute later. Shots are joined, the most similar first, while the mean similarity of all pairs of
    the joint set-up stays above ``_SAME``: average linkage (Sokal and Michener 1958).

    Args:
        embeddings: (I, D), centred, of unit length.
        views: (I, ...) CIE L*a*b* colours of cells of the picture, the colours last.
    """
    count = len(embeddings)
    if count < 2:
        return np.zeros(count, np.int64)
    from scipy.cluster.hierarchy import fcluster, linkage

    colours = views.reshape(count, -1) / np.sqrt(views[0].size / 3)
    colours = colours - colours.mean(axis=0)
    squares = (colours**2).sum(axis=1)
    differ = np.sqrt(np.maximum(squares[:, None] + squares - 2 * colours @ colours.T, 0))
    distance = 1 - embeddings @ embeddings.T + np.maximum(differ - _OTHER_COLOURS, 0) / _AS_MUCH
    apart = distance[np.triu_indices(count, 1)]
    names = fcluster(linkage(np.maximum(apart, 0).astype(np.float64), "average"), 1 - _SAME, "distance")
    _, first, cluster = np.unique(names, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[cluster].astype(np.int64)


def _mean(vectors: Floats, counted: NDArray[np.bool_]) -> NDArray[np.float64]:
    chosen = vectors[counted] if counted.any() else vectors
    return chosen.astype(np.float64).mean(axis=0)
