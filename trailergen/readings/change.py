"""Attention to what moves: pictures of a clip in which the camera stands still, and the things that come and go.

Where most of the picture stays as it is, what differs from its usual look is what the eye follows, be it dark, small
or seldom there. Where the camera moves, everything differs, and change tells nothing.
"""

from __future__ import annotations

import numpy as np

from trailergen.readings.types import Floats

_STANDING, _MOVING = 0.5, 1.5
"""Difference (CIE76) of half of the picture up to which the camera stands, and from which on it moves."""
_OTHER = 4.0  # CIE76 above twice that of the picture's half: less is noise
_ALL = 0.35  # of the picture in change, as roots of CIE76 a cell, from which on change counts in full
_SHARE = 0.5  # of the attention that goes to change


def with_change(attention: Floats, colours: Floats) -> Floats:
    """Attention to the cells of a clip's pictures (k, rows, columns), of a sum of 1 each, also to what changes.

    Args:
        attention: to each picture by itself, of any sum above 0.
        colours: (k, rows, columns, 3) CIE L*a*b* of the cells.
    """
    alone = attention / attention.sum(axis=(1, 2), keepdims=True)
    apart = np.linalg.norm(colours - np.median(colours, axis=0), axis=-1)
    half = np.median(apart, axis=(1, 2))
    still = float(np.clip((_MOVING - np.median(half)) / (_MOVING - _STANDING), 0, 1))
    change = np.sqrt(np.maximum(apart - 2 * half[:, None, None] - _OTHER, 0))
    sums = change.sum(axis=(1, 2), keepdims=True)
    share = _SHARE * still * min(1.0, float(change.mean()) / _ALL)
    seen = np.divide(change, sums, out=np.zeros_like(change), where=sums > 0)
    mixed = alone * (1 - share) + seen * share
    return (mixed / mixed.sum(axis=(1, 2), keepdims=True)).astype(np.float32)
