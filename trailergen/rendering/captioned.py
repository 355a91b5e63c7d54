"""Captions on a finished trailer: laid over the pictures that were planned, and looked for in those that are shown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trailergen.rendering.captions import draw_caption, over
from trailergen.rendering.video import Clip, Dissolve, captions_on

# Small letters over a picture as light as they and their edges are in the mean are not to be told from it.
_SEEN = 3.0


def lay_captions(
    shows: Clip | Dissolve, shown: NDArray[np.float32], planned: NDArray[np.float32], marks: Sequence[int]
) -> str | None:
    """Lay a segment's captions over its planned pictures, in place; the fault of one that is not to be seen.

    Args:
        shows: the segment.
        shown: (frames, height, width) thumbnails of it, counted from black.
        planned: the same of the ``marks``, without captions, as they rise and fade.
        marks: numbers of frames.
    """
    clip = shows.first if isinstance(shows, Dissolve) else shows
    captions, font = captions_on(shows)
    for caption in captions:
        drawn = draw_caption(caption.text, clip.width, clip.height, font)
        for number, mark in enumerate(marks):
            if not caption.start <= mark < caption.end:
                continue
            bare = planned[number].copy()
            with_it, letters = over(drawn, bare, (bare.shape[1], bare.shape[0]))
            planned[number] = with_it
            told_apart = _apart(with_it, bare, letters) > _SEEN
            if told_apart and _apart(shown[mark], with_it, letters) > _apart(shown[mark], bare, letters):
                return f"its frame {mark} does not show the caption {caption.text!r}"
    return None


def _apart(one: NDArray[np.float32], other: NDArray[np.float32], where: NDArray[np.bool_]) -> float:
    """Mean distance of two pictures in grey levels."""
    return float(np.abs(one - other)[where].mean())
