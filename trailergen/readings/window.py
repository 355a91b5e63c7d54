"""The place of a narrower picture in a film's: one that keeps the subject of a clip, and moves only where that does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trailergen.readings.types import Floats

_PLACES = 49
"""Places of the window that are tried, from one end to the other."""
_FINE = 8
"""Steps in which a cell of attention is cut."""
_SEEN = 0.06  # of the greatest attention along the side, from which on a column is the subject's
_CUT = 1.0  # loss of a subject that fits and is cut in half
_MIDDLE = 0.15  # loss of a subject at the very edge of the window
_MOVING = 0.16  # loss of a pan over a whole window's width, or height: less is gained where nothing moves
_STEADY = 0.2  # of the window: a shorter pan is none


def find_window(weights: Floats, share: float) -> tuple[float, float]:
    """The start of a window at a clip's first picture and at its last, as shares of the film's side.

    Of all straight movements the one whose windows hold the most attention, cut no subject that fits and have it near
    their middle; a movement must be worth its unrest, so that most windows stand still.

    Args:
        weights: (k, n) attention along that side of k pictures, evenly spaced over the clip, the first and the last one
            of it among them.
        share: length of the window, of the side's; below 1.
    """
    places = np.linspace(0, 1 - share, _PLACES)
    worth = np.stack([_worth(row.astype(np.float64), places, share) for row in weights])
    count = len(weights)
    first, last = np.meshgrid(np.arange(_PLACES), np.arange(_PLACES), indexing="ij")
    total = np.zeros(first.shape)
    for number in range(count):
        at = first + (last - first) * (number / max(1, count - 1))
        below = np.minimum(at.astype(int), _PLACES - 2)
        part = at - below
        total += worth[number][below] * (1 - part) + worth[number][below + 1] * part
    moved = np.abs(places[last] - places[first]) / share
    score = total / count - _MOVING * moved
    score[(moved > 0) & (moved < _STEADY)] = -np.inf
    start, end = np.unravel_index(int(score.argmax()), score.shape)
    return float(places[start]), float(places[end])


def _worth(weight: NDArray[np.float64], places: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """The worth of a window at each place for one picture."""
    fine = np.repeat(weight / weight.sum() / _FINE, _FINE)
    edges = np.arange(len(fine) + 1) / len(fine)
    summed = np.concatenate(([0.0], np.cumsum(fine)))
    held = np.interp(places + share, edges, summed) - np.interp(places, edges, summed)
    seen = np.flatnonzero(weight > _SEEN * weight.max())
    low, high = seen[0] / len(weight), (seen[-1] + 1) / len(weight)
    lost = np.maximum(np.maximum(places - low, high - places - share), 0) if high - low <= share else 0.0
    middle = float(edges[:-1] @ fine + edges[1:] @ fine) / 2
    aside = np.abs(middle - places - share / 2) / (share / 2)
    return np.asarray(held - _CUT * 2 * lost / max(high - low, 1e-9) - _MIDDLE * np.minimum(aside, 1.5))
