"""The best trailer in the order of the film, exactly: the Viterbi algorithm over positions."""

from __future__ import annotations

import numpy as np

from trailergen.ssmp.types import Floats, Ints


def best_ascending(scores: Floats, pairwise: Floats, joined: Floats | None = None) -> Ints | None:
    """The shots (n,), strictly ascending, of n positions for which the sum of scores and pairs is greatest.

    Args:
        scores: (n, I) gain of each position by each shot; -inf where the shot must not stand.
        pairwise: (I, I) gain of a shot (row) before another (column).
        joined: (n - 1,) 1 where a position directly follows the one before it and ``pairwise`` counts, 0 where another
            position lies between them. By default it counts everywhere.

    Returns:
        None if no ascending choice is possible.
    """
    positions, shots = scores.shape
    if positions == 0:
        return np.zeros(0, np.int64)
    if positions == 1:
        alone = scores[0].astype(np.float32)
        return np.array([alone.argmax()]) if np.isfinite(alone.max()) else None
    forward = np.triu(np.ones((shots, shots), np.bool_), 1)
    step = np.where(forward, pairwise, -np.inf).astype(np.float32)
    free = np.where(forward, np.float32(0), np.float32(-np.inf))
    came = np.zeros((positions, shots), np.int64)
    best = scores[0].astype(np.float32)
    for position in range(1, positions):
        reached = best[:, None] + (step if joined is None or joined[position - 1] else free)
        came[position] = reached.argmax(axis=0)
        best = reached[came[position], np.arange(shots)] + scores[position].astype(np.float32)
    if not np.isfinite(best.max()):
        return None
    found = np.zeros(positions, np.int64)
    found[-1] = best.argmax()
    for position in range(positions - 1, 0, -1):
        found[position - 1] = came[position, found[position]]
    return found
