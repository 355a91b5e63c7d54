"""Flags: reasons to leave a shot out of a trailer; and the part of a shot without its fades.

``black``: hardly a lit pixel. ``card``: a still picture of few tones, such as a logo on plain ground. ``text``:
text over the picture, large text counting only in the film's opening, where titles stand. ``credits``: cards,
text and black that run up to the film's end. ``short``: too short to be any clip.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trailergen.shots.onscreen_text import LARGE_TEXT, SMALL_TEXT, TextScores
from trailergen.shots.statistics import COLUMNS

BLACK, CARD, TEXT, CREDITS, SHORT = "black", "card", "text", "credits", "short"

MIN_SHOT_S = 0.5
_UNLIT = 40.0  # luma of the 99th percentile; video black is 0 here, and a fade is still black to the eye
_BLACK_SHARE = 0.6
_FADED = 0.7
_STILL_MOTION = 0.35
_CARD_ENTROPY = 0.35
_TEXT_SHARE = 0.15
_OPENING = 0.12
_CLOSING = 0.8

_BRIGHT, _ENTROPY, _MOTION = (COLUMNS.index(name) for name in ("bright", "entropy", "motion"))


def flag_shots(
    statistics: NDArray[np.float32],
    text: TextScores,
    ranges: list[tuple[int, int]],
    seconds: NDArray[np.float64],
) -> list[tuple[str, ...]]:
    """Flags of each shot.

    Args:
        statistics: (n, 7) per picture, see shots/statistics.py.
        text: scores of sampled pictures.
        ranges: half-open picture ranges of the shots.
        seconds: (n + 1,) time of each picture after the first, and of the film's end.
    """
    length = seconds[-1]
    flags: list[set[str]] = []
    for first, last in ranges:
        shot, found = statistics[first:last], set()
        motion = np.median(shot[1:, _MOTION]) if last - first > 1 else 0.0
        if (shot[:, _BRIGHT] < _UNLIT).mean() >= _BLACK_SHARE:
            found.add(BLACK)
        elif motion < _STILL_MOTION and np.median(shot[:, _ENTROPY]) < _CARD_ENTROPY:
            found.add(CARD)
        opening = seconds[first] < _OPENING * length
        if text.share(first, last, 0, SMALL_TEXT) >= _TEXT_SHARE or (
            opening and text.share(first, last, 1, LARGE_TEXT) >= _TEXT_SHARE
        ):
            found.add(TEXT)
        if seconds[last] - seconds[first] < MIN_SHOT_S:
            found.add(SHORT)
        flags.append(found)
    _mark_credits(flags, ranges, seconds)
    return [tuple(sorted(found)) for found in flags]


def _mark_credits(flags: list[set[str]], ranges: list[tuple[int, int]], seconds: NDArray[np.float64]) -> None:
    """Flag as credits the closing part from its first card or text on, until a run of real pictures follows.

    A scene after the credits is longer than the shots that credits are intercut with, so a shot without a
    flag ends the run only if it is the last or is followed by another one without.
    """
    inside = False
    for number, (first, last) in enumerate(ranges):
        if (seconds[first] + seconds[last]) / 2 < _CLOSING * seconds[-1] and not inside:
            continue
        marked = flags[number] & {CARD, TEXT}
        if marked:
            inside = True
        elif inside and not flags[number]:
            following = flags[number + 1 : number + 2]
            inside = bool(following and following[0])
        if inside:
            flags[number].add(CREDITS)


def fade_trimmed(statistics: NDArray[np.float32], first: int, last: int) -> tuple[int, int]:
    """The picture range of a shot without its fades.

    It reaches from the first to the last picture with most of the shot's usual light, and is the whole shot if all of
    it is black.
    """
    bright = statistics[first:last, _BRIGHT]
    lit = np.flatnonzero(bright >= max(_UNLIT, _FADED * float(np.median(bright))))
    return (first + int(lit[0]), first + int(lit[-1]) + 1) if len(lit) else (first, last)
