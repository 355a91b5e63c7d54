"""Weak measures of pictures made strong by what the film's pictures have in common.

How much stands in the middle of a network's map says poorly whether somebody is there. But the pictures of which it
says so clearly resemble each other, in the film's own people, and those where it says nothing, in the film's scenery.
The direction from the ones to the others, in the network's vectors, tells both apart far better than the measure that
it was found by. Nothing is learned beyond the one film.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trailergen.readings.types import Floats

_SIDE = 1 / 3  # of the pictures stand for much, as many for little
_ENOUGH = 24  # pictures of which a direction is worth as much as the measure itself


def strengthened(weak: NDArray[np.floating], vectors: NDArray[np.float32], counted: NDArray[np.bool_]) -> Floats:
    """A measure of k pictures, corrected by what pictures with much and with little of it look like.

    Args:
        weak: (k,) the measure.
        vectors: (k, D) what the network saw.
        counted: (k,) which pictures are of the story; the others are measured, but teach nothing.

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
