"""Parties: groups of shots about the same somebody, by their looks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trailergen.runtime.memory import remembered
from trailergen.ssmp.energy import NOBODY

_APART = 0.9
"""Mean cosine distance over which two groups are two parties: looks of one character in one place are 0.4 to 0.8 apart,
of two characters about 1."""
_PRESENT = 0.15


@remembered
def parties(looks: NDArray[np.float32], subject: NDArray[np.float32]) -> NDArray[np.int64]:
    """The party (I,) each shot is about, from 0, ``NOBODY`` where no subject stands out.

    Average linkage of the cosine distances between looks; a party of one shot is nobody's.

    Args:
        looks: (I, D), centred on the film, of unit length.
        subject: (I,) presence of a subject, 0 to 1.
    """
    found = np.full(len(looks), NOBODY, np.int64)
    shown = np.flatnonzero(subject >= _PRESENT)
    if len(shown) < 2:
        return found
    from scipy.cluster.hierarchy import fcluster, linkage  # 0.3 s, for who does not find it in the cache only

    distance = np.maximum(1 - looks[shown] @ looks[shown].T, 0)
    tree = linkage(distance[np.triu_indices(len(shown), 1)].astype(np.float64), "average")
    groups = fcluster(tree, _APART, "distance")
    numbers, first, counts = np.unique(groups, return_index=True, return_counts=True)
    several = [int(at) for at in np.argsort(first) if counts[at] > 1]  # numbered as they appear in the film
    names = {int(numbers[at]): rank for rank, at in enumerate(several)}
    found[shown] = [names.get(int(group), NOBODY) for group in groups]
    return found
