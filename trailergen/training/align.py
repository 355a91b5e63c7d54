"""The film shots that an official trailer shows: eq. 1 of the paper, with rejection of what is not in the film.

Eq. 1 labels every trailer shot with the film shot of highest cosine, title cards too. Here a shot is
represented by its key pictures. A film shot's similarity to one of them is the mean of two: that of layout, to the
nearest key picture, mirrored or not (features/layout.py); and that of content, to the nearest picture that the
ImageNet network saw (features/content.py). Layout knows a fade, content a crop or another grade, and a
stranger that resembles a shot in one of them seldom does in both. "Not in the film" competes with all film shots at a
fixed similarity. The best sequence of labels along the key pictures is found exactly (Viterbi), a change of label
costing as much as a clear match gains: a trailer shot that runs from a title card into a picture without a detectable
cut comes apart into two spans.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from trailergen.features.layout import layout_spectra
from trailergen.features.vectors import centred, l2_normalised
from trailergen.shots.analysis import FilmAnalysis
from trailergen.training.locate import locate_piece

THRESHOLD = 0.46
_CHANGE = 0.3
# Pictures with less contrast (root mean square, grey levels) are blank: they look like any other fade or flash, and
# say nothing for or against any label.
_BLANK = 3.0


@dataclass(frozen=True)
class AlignedSpan:
    """A part of a trailer shot, ``[start, end)`` in seconds, the film shot it shows or None, and the mean cosine of
    its key pictures to that shot (to the nearest one, where none was near enough), layout's and content's together.

    ``film_in`` and ``film_out`` are seconds of the film, None beside no film shot."""

    trailer_shot: int
    start: Fraction
    end: Fraction
    film_shot: int | None
    similarity: float
    film_in: Fraction | None = None
    film_out: Fraction | None = None


def align(film: FilmAnalysis, trailer: FilmAnalysis, threshold: float = THRESHOLD) -> list[AlignedSpan]:
    """Find each trailer shot in the film.

    Args:
        film, trailer: the analyses of both files.
        threshold: similarity below which a picture counts as not in the film; -1 gives every shot a film shot.
    """
    layout, seen = _layout(film, trailer)
    nearest = (layout + _content(film, trailer)) / 2
    spans: list[AlignedSpan] = []
    for shot in trailer.shots:
        rows = np.flatnonzero(trailer.pictures.shots == shot.number)
        labels = _best_labels((nearest[rows] - np.float32(threshold)) * seen[rows, None])
        bounds = [0, *(np.flatnonzero(np.diff(labels)) + 1).tolist(), len(rows)]
        at = trailer.pictures.at[rows]
        for first, last in pairwise(bounds):
            label = int(labels[first])
            own = rows[first:last]
            scores = nearest[own[seen[own]]] if seen[own].any() else nearest[own]
            start = shot.start if first == 0 else _time(trailer, int(at[first]))
            end = shot.end if last == len(rows) else _time(trailer, int(at[last]))
            spans.append(
                AlignedSpan(
                    shot.number,
                    start,
                    end,
                    label if label >= 0 else None,
                    float(scores[:, label].mean() if label >= 0 else scores.max(axis=1).mean()),
                    *(locate_piece(film, trailer, start, end, label) if label >= 0 else ()),
                )
            )
    return spans


def _layout(film: FilmAnalysis, trailer: FilmAnalysis) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Cosines of the trailer's key pictures with the film's shots (k, I), and which of them are not blank (k,)."""
    theirs = _contrasted(film.pictures.thumbs)
    ours, mirrored = (_contrasted(thumbs) for thumbs in (trailer.pictures.thumbs, trailer.pictures.thumbs[:, :, ::-1]))
    cosines = np.maximum(ours @ theirs.T, mirrored @ theirs.T)
    return _nearest(cosines, film.pictures.shots, len(film.shots)), np.any(ours != 0, axis=1)


def _content(film: FilmAnalysis, trailer: FilmAnalysis) -> NDArray[np.float32]:
    """Cosines (k, I) of the content of pictures; a key picture has that of the nearest embedded one in its shot."""
    mean = film.embeddings.vectors.mean(axis=0)
    cosines = centred(trailer.embeddings.vectors, mean) @ centred(film.embeddings.vectors, mean).T
    rows = _nearest(cosines, film.embeddings.shots, len(film.shots))
    pictures, embedded = trailer.pictures, trailer.embeddings
    distance = np.abs(pictures.at[:, None] - embedded.at)
    strange = pictures.shots[:, None] != embedded.shots
    return rows[np.where(strange, np.iinfo(np.int64).max, distance).argmin(axis=1)]


def _nearest(cosines: NDArray[np.float32], owners: NDArray[np.int64], shots: int) -> NDArray[np.float32]:
    """Of cosines with pictures (k, p), the largest of each shot (k, I); ``owners`` (p,) is non-decreasing."""
    return np.maximum.reduceat(cosines, np.searchsorted(owners, np.arange(shots)), axis=1)


def _contrasted(thumbs: NDArray[np.uint8]) -> NDArray[np.float32]:
    rows = layout_spectra(thumbs)
    contrast = np.linalg.norm(rows, axis=1) / np.sqrt(np.prod(thumbs.shape[1:]))
    rows[contrast < _BLANK] = 0
    return l2_normalised(rows)


def _best_labels(gains: NDArray[np.floating]) -> NDArray[np.int64]:
    """Film shot per key picture, -1 for none: the sequence with the highest sum of gains (k, I), where none gains
    nothing and each change of label costs ``_CHANGE``."""
    # None comes first, so that it wins where nothing speaks for anything.
    gains = np.concatenate((np.zeros((len(gains), 1)), gains), axis=1)
    best = gains[0].astype(np.float64)
    came_from = np.zeros(gains.shape, np.int64)
    stay = np.arange(gains.shape[1])
    for row in range(1, len(gains)):
        change = int(best.argmax())
        changing = best[change] - _CHANGE > best
        came_from[row] = np.where(changing, change, stay)
        best = np.where(changing, best[change] - _CHANGE, best) + gains[row]
    labels = np.empty(len(gains), np.int64)
    labels[-1] = best.argmax()
    for row in range(len(gains) - 1, 0, -1):
        labels[row - 1] = came_from[row, labels[row]]
    return labels - 1


def _time(analysis: FilmAnalysis, picture: int) -> Fraction:
    return int(analysis.times[picture]) * analysis.time_base
