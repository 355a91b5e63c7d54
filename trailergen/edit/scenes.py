"""Scenes, from overlapping links between shots (Hanjalic, Lagendijk and Biemond 1999)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trailergen.runtime.memory import remembered

# Shot and reverse shot recur within a few shots; a look further ahead would join whole acts.
_REACH = 4
# A pair is linked if it is this many standard deviations more alike than two shots of the film by chance.
_DEVIATIONS = 1.5


@remembered
def scene_numbers(features: NDArray[np.float32]) -> NDArray[np.int64]:
    """The scene of each shot, (I,) non-decreasing from 0, from L2-normalised features (I, D).

    Shots ``i < j`` at most four apart are linked if their cosine exceeds the mean over all pairs of the film by
    1.5 standard deviations; every shot between two linked ones is in their scene.
    """
    count = len(features)
    if count < 2:
        return np.zeros(count, np.int64)
    cosines = features @ features.T
    pairs = cosines[np.triu_indices(count, 1)]
    alike = pairs.mean() + _DEVIATIONS * pairs.std()
    joined = np.zeros(count, bool)  # True where shot i is in the scene of shot i - 1
    for reach in range(1, min(_REACH, count - 1) + 1):
        for first in np.flatnonzero(np.diagonal(cosines, reach) > alike):
            joined[first + 1 : first + reach + 1] = True
    return np.cumsum(~joined) - 1
