"""The part of a film shot that a piece of a trailer shows, found by how both change from picture to picture."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from trailergen.shots.analysis import FilmAnalysis
from trailergen.shots.statistics import COLUMNS

_COURSE = tuple(COLUMNS.index(name) for name in ("luma", "contrast", "saturation", "entropy", "motion"))
_LEVEL = 0.05
"""Weight of how bright and colourful pictures are beside how that changes: a trailer has another grade."""
_OVER_S = Fraction(1, 4)
"""A piece may reach so far over the shot's edges: cuts are found to a picture or two."""


def locate_piece(
    film: FilmAnalysis, trailer: FilmAnalysis, start: Fraction, end: Fraction, shot: int
) -> tuple[Fraction, Fraction]:
    """The film's time ``[in, out)``, in seconds, of a piece ``[start, end)`` of a trailer that shows a film shot.

    The pictures' brightness, contrast, colours and motion are compared at every film frame at which the piece may
    begin. Where nothing changes any part will do: the one in the middle. A piece that lasts longer than the shot shows
    all of it.

    Args:
        film, trailer: the analyses of both.
        start, end: seconds of the trailer.
        shot: number of the film's.
    """
    whole, length = film.shots[shot], end - start
    latest = whole.end - length
    if latest <= whole.start:
        return whole.start, whole.end
    first, last = max(Fraction(0), whole.start - _OVER_S), min(film.shots[-1].end - length, latest + _OVER_S)
    begins = np.arange(math.ceil(first * film.rate), math.floor(last * film.rate) + 1) / float(film.rate)
    ours, theirs = _seconds(trailer), _seconds(film)
    inside = np.flatnonzero((ours >= float(start)) & (ours < float(end)))[1:]  # motion of a first picture is the cut's
    if not len(begins) or len(inside) < 2:
        middle = (whole.start + latest) / 2
        return middle, middle + length
    scale = film.statistics[:, _COURSE].std(axis=0) + 1e-3
    shown = trailer.statistics[inside][:, _COURSE] / scale
    after = ours[inside] - float(start)
    apart = np.array([_distance(shown, _at(film, theirs, scale, begin + after)) for begin in begins])
    # Of equals the one nearest to the middle.
    apart += 1e-6 * np.abs(begins - float(whole.start + latest) / 2)
    found = Fraction(round(float(begins[apart.argmin()]) * float(film.rate))) / film.rate
    return found, found + length


def _distance(shown: NDArray[np.floating], film: NDArray[np.floating]) -> float:
    """Mean square distance of two courses (pictures, columns), each from its own mean, and a little of the means'."""
    difference = shown - film
    mean = difference.mean(axis=0)
    return float(np.square(difference - mean).mean() + _LEVEL * np.square(mean).mean())


def _at(
    film: FilmAnalysis, seconds: NDArray[np.floating], scale: NDArray[np.floating], times: NDArray[np.floating]
) -> NDArray[np.floating]:
    """The film's statistics at some times, (times, columns)."""
    first, last = np.searchsorted(seconds, (times[0] - 1, times[-1] + 1))
    part = film.statistics[first:last][:, _COURSE] / scale
    return np.stack([np.interp(times, seconds[first:last], column) for column in part.T], axis=1)


def _seconds(analysis: FilmAnalysis) -> NDArray[np.floating]:
    return analysis.times * float(analysis.time_base)
