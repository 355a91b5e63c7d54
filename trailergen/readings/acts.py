"""The acts of a film: stretches with a setting and a light of their own, or parted by a fade."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from trailergen.readings.types import Floats, Ints

_POINTS = 300  # along the story
_SMOOTH = 0.02  # of the story, standard deviation: a shot against another is no turn
_LEAST, _SHOTS = 0.07, 3  # of the story, and shots: the shortest act
_MOST = 5  # before the guard
_GAIN, _BY_CHANCE = 0.012, 1.4
"""Least share of the variance of n shots that one act more has to explain, and n times that explained by chance."""
_FADE = 0.015  # of it, the bonus of a fade to black or white
_RESOLVED = 5 / 6  # of the story
_MIDDLE = (0.2, 0.8)  # of the story, where a turn leaves enough on both sides


def find_acts(
    embeddings: Floats,
    colour: Floats,
    start_s: Floats,
    end_s: Floats,
    told: NDArray[np.bool_],
    after_fade: Sequence[int] = (),
    guard: int | None = None,
) -> tuple[Ints, int]:
    """The act of each shot, (I,) from 0, and the shot with which the lasting turn begins.

    The story is a curve: the shot's embedding (I, D) and its mean colour (I, 3) at evenly spaced times, smoothed. It is
    parted where that explains most of its variance, each part again, and so on (binary segmentation: Scott and Knott
    1974), as long as one act more explains clearly more than it would of shots in random order. The turn is the single
    cut that explains most. The shots from the guard on are an act of their own.

    Args:
        embeddings: centred, of unit length.
        colour: CIE L*a*b*.
        start_s, end_s: (I,) seconds.
        told: (I,) shots that tell the story; the others join the act around them.
        after_fade: shots that begin with the end of a fade.
        guard: the first shot after the last fade before the credits, if there is one.
    """
    count = len(told)
    ends = count if guard is None else guard
    numbers = np.flatnonzero(told[:ends])
    firsts = [ends] if ends < count else []
    if len(numbers) < 2:
        return _numbered(firsts, count), int(numbers[0]) if len(numbers) else 0
    lengths = np.maximum(end_s - start_s, 1e-3)[numbers]
    curve, owner = _story_curve(embeddings[numbers], colour[numbers], lengths)
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    turns = starts[1:]
    if not len(turns):
        return _numbered(firsts, count), int(numbers[0])
    worth = np.zeros(len(curve))
    for shot in after_fade:
        at = np.searchsorted(numbers[owner], shot)
        if 0 < at < len(worth):
            worth[at] = _FADE
    cuts = _cuts(curve, starts, worth, _GAIN + _BY_CHANCE / len(numbers))
    firsts = [int(numbers[owner[cut]]) for cut in cuts] + firsts
    middle = turns[(turns >= _MIDDLE[0] * _POINTS) & (turns <= _MIDDLE[1] * _POINTS)]
    candidates = middle if len(middle) else turns
    turn = candidates[_explained(curve, 0, len(curve))[candidates].argmax()]
    return _numbered(firsts, count), int(numbers[owner[turn]])


def resolution(act: Ints, start_s: Floats, end_s: Floats, told: NDArray[np.bool_]) -> int:
    """The first shot of a last act that is short and late enough to be how the film ends, as a dawn after the night;
    the number of shots if there is none."""
    count, numbers = len(act), np.flatnonzero(told)
    last = numbers[act[numbers] == act[numbers[-1]]] if len(numbers) else numbers
    if not len(last) or last[0] == numbers[0]:
        return count
    start, end = start_s[numbers[0]], end_s[numbers[-1]]
    return int(last[0]) if start_s[last[0]] - start >= _RESOLVED * (end - start) else count


def _numbered(firsts: list[int], count: int) -> Ints:
    return np.searchsorted(np.array(sorted(firsts), np.int64), np.arange(count), side="right").astype(np.int64)


def _story_curve(embeddings: Floats, colour: Floats, lengths: Floats) -> tuple[NDArray[np.float64], Ints]:
    """(``_POINTS``, d) smoothed, and which shot each point is of."""
    from scipy.ndimage import gaussian_filter1d

    ends = np.cumsum(lengths, dtype=np.float64)
    owner = np.searchsorted(ends, (np.arange(_POINTS) + 0.5) / _POINTS * ends[-1], side="right")
    parts = [_scaled(part.astype(np.float64)[owner]) for part in (embeddings, colour)]
    return gaussian_filter1d(np.concatenate(parts, axis=1), _SMOOTH * _POINTS, axis=0, mode="nearest"), owner


def _scaled(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows (n, d) less their mean, so that all columns together vary by 1."""
    rows = rows - rows.mean(axis=0)
    spread = np.sqrt((rows**2).sum() / len(rows))
    return rows / spread if spread > 1e-6 else np.zeros_like(rows)


def _cuts(curve: NDArray[np.float64], starts: Ints, worth: NDArray[np.float64], enough: float) -> list[int]:
    """Points of ``starts`` at which the curve is parted, best first, as long as one explains ``enough``."""
    total = 2 * len(curve)  # embeddings and colours varied by 1 each, before they were smoothed
    least = round(_LEAST * len(curve))
    cuts: list[int] = []
    while len(cuts) + 1 < _MOST:
        gains: dict[int, float] = {}
        for first, last in pairwise([0, *sorted(cuts), len(curve)]):
            inside = starts[(starts >= first) & (starts < last)]
            long = (inside - first >= least) & (last - inside >= least)
            long[:_SHOTS] = False
            long[len(long) - _SHOTS + 1 :] = False
            explained = _explained(curve, first, last) / total
            gains |= {int(cut): float(explained[cut - first] + worth[cut]) for cut in inside[long]}
        best = max(gains, key=lambda cut: gains[cut], default=None)
        if best is None or gains[best] < enough:
            break
        cuts.append(best)
    return cuts


def _explained(curve: NDArray[np.float64], first: int, last: int) -> NDArray[np.float64]:
    """Variation of ``[first, last)`` that is explained by each cut in it, (last - first,): between its two parts."""
    part = curve[first:last] - curve[first:last].mean(axis=0)
    before = np.arange(len(part))
    sums = np.cumsum(part, axis=0) - part  # of what is before each cut; what is after has the same with another sign
    return (sums**2).sum(axis=1) * len(part) / np.maximum(before * (len(part) - before), 1)
