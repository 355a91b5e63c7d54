"""Scores of on-screen text in a picture: opening titles, captions, credits.

Letters are thin bright strokes of little colour, and they stand in lines: along the rows of a line of text the
edge of a stroke is crossed often, just above and below it hardly ever. Leaves and grass cross as often, but in
all rows alike. So the score is how far the number of crossings in a row rises above that of the calmest rows
on both sides of it. Measured on Big Buck Bunny at one picture a second: film at most 30 and mostly under 20,
its caption 70, its credits 20 to 75.

All of it is computed in uint8: a film has thousands of such pictures, and this is then a fifth of the work.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DETAIL_WIDTH, DETAIL_HEIGHT = 320, 180
SMALL_TEXT, LARGE_TEXT = 32.0, 11.0
"""Scores above which a picture shows small or large text."""

_STROKE_LUMA = 40
_STROKE_COLOUR = 60
_LARGE = 4  # pixels averaged before looking for strokes as broad as those of a title
_STEADY = 0.9  # of the higher of two scores is the lower one at least
_LUMA = (77, 150, 29)  # of red, green and blue in 256 parts, BT.601

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class TextScores:
    """Scores (m, 2) of on-screen text, small and large, of the sampled pictures ``at`` (m,), increasing."""

    at: NDArray[np.int64]
    scores: NDArray[np.float32]

    def share(self, first: int, last: int, size: int, threshold: float) -> float:
        """Share of the samples in pictures ``[first, last)`` that exceed the threshold and resemble a neighbour.

        Text stands still to be read: its score stays within a tenth from sample to sample, which that of leaves and
        waves hardly does. A shot's only sample has no neighbour to resemble.
        """
        begin, end = np.searchsorted(self.at, (first, last))
        scores = self.scores[begin:end, size]
        above = scores > threshold
        if len(scores) > 1:
            least, most = np.minimum(scores[1:], scores[:-1]), np.maximum(scores[1:], scores[:-1])
            steady = np.concatenate(([False], least >= _STEADY * most, [False]))
            above &= steady[1:] | steady[:-1]
        return float(above.mean()) if len(scores) else 0.0


def text_scores(picture: Bytes) -> tuple[float, float]:
    """Scores of a picture (180, 320, 3) RGB for small and for large text."""
    planes = np.ascontiguousarray(np.moveaxis(picture, -1, 0))
    return _line_score(planes, 7), _line_score(_shrunk(planes), 5)


def _shrunk(planes: Bytes) -> Bytes:
    """Means of squares of ``_LARGE`` pixels; what is left over at the edges is dropped."""
    colours, height, width = planes.shape
    height, width = height // _LARGE, width // _LARGE
    whole = planes[:, : height * _LARGE, : width * _LARGE]
    rows = whole.reshape(colours, height, _LARGE, -1).sum(axis=2, dtype=np.uint16)
    # Slices added to each other are much faster than a sum over so short an axis.
    total = sum(rows[..., start::_LARGE] for start in range(_LARGE))
    return np.asarray((total + _LARGE**2 // 2) // _LARGE**2, np.uint8)


def _line_score(planes: Bytes, stroke: int) -> float:
    from scipy.ndimage import minimum_filter1d, uniform_filter1d  # 0.2 s, for who analyses a film only

    grey = _grey(planes)
    red, green, blue = planes
    colour = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    strokes = (grey - _without_strokes(grey, stroke) > _STROKE_LUMA) & (colour < _STROKE_COLOUR)
    crossings = uniform_filter1d(np.count_nonzero(strokes[:, 1:] != strokes[:, :-1], axis=1).astype(np.float64), 3)
    reach = 2 * stroke + 3
    above = minimum_filter1d(crossings, reach, origin=reach // 2)
    below = minimum_filter1d(crossings, reach, origin=-(reach // 2))
    return float((crossings - np.maximum(above, below)).max())


def _grey(planes: Bytes) -> Bytes:
    red, green, blue = (part * plane.astype(np.uint16) for part, plane in zip(_LUMA, planes, strict=True))
    return np.asarray((red + green + blue + 128) >> 8, np.uint8)


def _without_strokes(grey: Bytes, size: int) -> Bytes:
    """Grey opening by a square of ``size``, an odd number: the least around each pixel, and of that the greatest. As
    scipy.ndimage.grey_opening, many times as fast for such small squares."""
    edge = size // 2
    for extreme, outside in ((np.minimum, 255), (np.maximum, 0)):
        padded = np.pad(grey, edge, constant_values=outside)
        width = 1
        while width < size:  # of two windows that overlap or touch, one of twice the width at most
            step = min(width, size - width)
            padded = extreme(padded[step:], padded[:-step])
            padded = extreme(padded[:, step:], padded[:, :-step])
            width += step
        grey = padded
    return grey
