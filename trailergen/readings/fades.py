"""The big fades of a film: to black or to white, and back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trailergen.shots.analysis import FilmAnalysis
from trailergen.shots.flags import CREDITS
from trailergen.shots.statistics import COLUMNS

_BRIGHT, _DARK, _CONTRAST = (COLUMNS.index(name) for name in ("bright", "dark", "contrast"))
_BLACK, _WHITE, _PLAIN = 40.0, 215.0, 12.0  # luma, luma, and its standard deviation
_HELD_S = 0.2  # a flash or a black picture between two shots is no fade
_LATE = 0.6
"""Share of the story before which a fade parts acts rather than hides an ending."""


@dataclass(frozen=True)
class Fade:
    """Pictures ``[first, last)`` that are nothing but black or white."""

    first: int
    last: int


def big_fades(analysis: FilmAnalysis) -> list[Fade]:
    """Every run of black or white pictures of at least a fifth of a second, in film order."""
    statistics = analysis.statistics
    plain = statistics[:, _CONTRAST] < _PLAIN
    empty = plain & ((statistics[:, _BRIGHT] < _BLACK) | (statistics[:, _DARK] > _WHITE))
    edges = np.flatnonzero(np.diff(np.concatenate(([False], empty, [False])).astype(np.int8)))
    times = analysis.times * float(analysis.time_base)
    return [
        Fade(int(first), int(last))
        for first, last in edges.reshape(-1, 2)
        if times[min(last, len(times) - 1)] - times[first] >= _HELD_S
    ]


def story(analysis: FilmAnalysis) -> NDArray[np.bool_]:
    """Mask (I,) of the shots that tell the story: those without a flag."""
    return np.array([not shot.flags for shot in analysis.shots], bool)


def shots_after(analysis: FilmAnalysis, fades: list[Fade]) -> list[int]:
    """For each fade that is followed by story, the first shot that tells it."""
    told = story(analysis)
    found = []
    for fade in fades:
        after = (shot.number for shot in analysis.shots if told[shot.number] and shot.last > fade.last)
        # A shot that runs on through a fade and back is not parted by it.
        first = next((number for number in after if analysis.shots[number].first >= fade.first), None)
        if first is not None:
            found.append(first)
    return found


def guard_shot(analysis: FilmAnalysis, fades: list[Fade]) -> int:
    """The first shot after the last fade of the film's late part that is followed by story before the credits.

    The number of shots where the film has no such fade: what is told after it, an epilogue, gives the end away, but a
    fade into the credits hides nothing, and one in the middle parts acts.
    """
    shots, numbers = analysis.shots, np.flatnonzero(story(analysis))
    if len(numbers):
        credits = (shot.number for shot in shots if CREDITS in shot.flags and shot.number > numbers[0])
        numbers = numbers[numbers < next(credits, len(shots))]
    if not len(numbers):
        return len(shots)
    start, end = shots[numbers[0]].first, shots[numbers[-1]].last
    late = start + _LATE * (end - start)
    after = shots_after(analysis, [fade for fade in fades if fade.first > late])
    return max((number for number in after if number in numbers), default=len(shots))
