"""The part of its shot that a clip shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# The picture at a detected boundary can still hold a trace of the neighbour.
_EDGE = 1
_CLEAR_S = 0.15
# How much livelier the liveliest part must be to be preferred to the middle, where the picture is composed.
_LIVELIER = 1.25
_ON_BEAT_S = 0.4
_TAIL = 0.3  # of the clip
# Weights of the subject's presence, its presence at the end, liveliness, and the peak on the beat.
_SUBJECT, _STAYS, _LIVELY, _PEAK = 1.0, 0.7, 0.6, 0.6


@dataclass(frozen=True)
class Appeal:
    """The sights of each film frame.

    Attributes:
        subject: (frames,) presence of a subject, 0 to 1.
        lively: (frames,) motion and sound; 1 is much in this film.
        rate: frames a second.
    """

    subject: NDArray[np.float32]
    lively: NDArray[np.float32]
    rate: float


def fit_clip(start: int, end: int, length: int, activity: NDArray[np.float32]) -> int:
    """First film frame of a clip of ``length`` frames inside ``[start, end)``.

    The part with the most movement, if it moves at least a quarter more than the middle part; else the
    middle. One frame is kept clear of each boundary where the shot is long enough.

    Args:
        start, end: the frames the clip may show.
        length: frames wanted, at most ``end - start``.
        activity: (film frames,) movement at each film frame.

    Raises:
        ValueError: the range is shorter than ``length``.
    """
    start, end = _within(start, end, length, _EDGE)
    windows = _window_sums(activity[start:end], length)
    middle = (end - start - length) // 2
    liveliest = int(windows.argmax())
    return start + (liveliest if windows[liveliest] > _LIVELIER * windows[middle] else middle)


def fit_action(start: int, end: int, length: int, appeal: Appeal) -> int:
    """First film frame of a clip of ``length`` frames inside ``[start, end)``, as an editor would choose it.

    The part in which the subject is seen best and does not leave before the cut, with the shot's action, and its peak
    within the first 0.4 s, where the music's beat is. 0.15 s are kept clear of each boundary, or as much as there is;
    of equal parts the one nearest to the middle is taken.

    Raises:
        ValueError: the range is shorter than ``length``.
    """
    start, end = _within(start, end, length, round(_CLEAR_S * appeal.rate))
    subject, lively = appeal.subject[start:end], np.minimum(appeal.lively[start:end], 1.5)
    count = end - start - length + 1
    tail = max(1, round(_TAIL * length))
    beat = max(1, min(length, round(_ON_BEAT_S * appeal.rate)))
    at = np.arange(count)
    seen = _window_sums(subject, length) / length
    stays = (_window_sums(subject, tail) / tail)[at + length - tail]
    moves = _window_sums(lively, length) / length
    peak = np.lib.stride_tricks.sliding_window_view(lively, beat).max(axis=1)[at]
    score = _SUBJECT * seen + _STAYS * stays + _LIVELY * moves + _PEAK * peak
    off_middle = np.abs(at - (count - 1) / 2) / max(count, 2)
    return start + int((score - 0.05 * off_middle).argmax())


def _within(start: int, end: int, length: int, clear: int) -> tuple[int, int]:
    """The range without as many frames at its ends as it can spare, at most ``clear`` at each."""
    if end - start < length:
        raise ValueError(f"{length} frames do not fit into [{start}, {end})")
    spare = min(clear, (end - start - length) // 2)
    return start + spare, end - spare


def _window_sums(values: NDArray[np.float32], length: int) -> NDArray[np.float64]:
    """Sums over every ``length`` values in a row."""
    sums = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    return sums[length:] - sums[: len(sums) - length]
