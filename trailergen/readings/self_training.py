"""Self-training: a weak measure of pictures, refined by a linear direction learned from its own extremes.

The measure's highest and lowest thirds are pseudo-labels. The direction between the mean embeddings of the two, the
film's own people on one side and its scenery on the other for the measure of a subject, separates them far better than
the measure itself. Nothing is learned beyond the one film.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trailergen.readings.types import Floats

_SIDE = 1 / 3  # share of the pictures with a positive pseudo-label; as many have a negative one
_ENOUGH = 24  # pictures of which a direction is worth as much as the measure itself


def refined(weak: NDArray[np.floating], vectors: NDArray[np.float32], counted: NDArray[np.bool_]) -> Floats:
    """A measure of k pictures, refined by the embeddings of those with much and with little of it.

    Args:
        weak: (k,) the measure.
        vectors: (k, D) their embeddings.
        counted: (k,) True for pictures of the story; the others are refined, but teach nothing.

    Returns:
        (k,) in the measure's unit and with its mean and spread. Of few pictures mostly the measure itself.
    """
    teaching = np.flatnonzero(counted)
    found = weak.astype(np.float64)
    side = int(len(teaching) * _SIDE)
    if side < 1:
        return found.astype(np.float32)
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    order = teaching[np.argsort(found[teaching], kind="stable")]
    along = unit @ (unit[order[-side:]].mean(axis=0) - unit[order[:side]].mean(axis=0))
    mean, spread = found[teaching].mean(), found[teaching].std()
    if along[teaching].std() < 1e-6:
        return found.astype(np.float32)
    guess = mean + spread * (along - along[teaching].mean()) / along[teaching].std()
    trust = len(teaching) / (len(teaching) + _ENOUGH)
    return (trust * guess + (1 - trust) * found).astype(np.float32)
