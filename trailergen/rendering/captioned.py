"""What is written over a finished trailer: laid over the pictures that were planned, and looked for in those shown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trailergen.rendering.captions import over
from trailergen.rendering.video import Clip, Dissolve
from trailergen.rendering.writing import writings

# Small letters over a picture as light as they and their edges are in the mean are not to be told from it, nor are
# those of a clip that has faded further.
_SEEN, _LIGHT = 3.0, 0.5


def lay_writings(
    shows: Clip | Dissolve,
    shown: NDArray[np.float32],
    planned: NDArray[np.float32],
    marks: Sequence[int],
    lights: Sequence[float],
    luma: tuple[float, float, float],
) -> str | None:
    """Lay what is written over a segment over its planned pictures, in place; the fault of what is not to be seen.

    Args:
        shows: the segment.
        shown: (frames, height, width) thumbnails of it, counted from black.
        planned: the same of the ``marks``, as they rise and fade, with nothing written over them.
        marks: numbers of frames.
        lights: brightness of each, 0 to 1, as it rises or fades.
        luma: the shares of red, green and blue in brightness.
    """
    for writing in writings(shows):
        for number, (mark, lit_by) in enumerate(zip(marks, lights, strict=True)):
            if not writing.start <= mark < writing.end:
                continue
            light = lit_by if writing.fades else 1.0
            drawn = writing.at(writing.levels[mark - writing.start])
            bare = planned[number].copy()
            lit, letters = over(drawn, bare / max(light, 1e-3), (bare.shape[1], bare.shape[0]), luma)
            planned[number] = with_it = lit * np.float32(light)
            told_apart = light > _LIGHT and _apart(with_it, bare, letters) > _SEEN
            if told_apart and _apart(shown[mark], with_it, letters) > _apart(shown[mark], bare, letters):
                return f"its frame {mark} does not show {writing.name}"
    return None


def _apart(one: NDArray[np.float32], other: NDArray[np.float32], where: NDArray[np.bool_]) -> float:
    """Mean distance of two pictures in grey levels."""
    return float(np.abs(one - other)[where].mean())
