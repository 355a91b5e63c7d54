"""The acts of a film: stretches that keep to a place and a light of their own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trailergen.readings.types import Floats, Ints

_POINTS = 300  # along the story
_SMOOTH = 0.02  # of the story, standard deviation
_LEAST = 0.08  # of the story: the shortest act
_MOST = 5
_GAIN = 0.12  # of the spread that an act more has to explain
_DIMENSIONS = 12
_MIDDLE = (0.2, 0.8)  # of the story, where a turn leaves enough on both sides


def find_acts(
    looks: Floats, colour: Floats, start_s: Floats, end_s: Floats, told: NDArray[np.bool_]
) -> tuple[Ints, int]:
    """The act of each shot, (I,) from 0, and the shot with which the lasting turn begins.

    The story is a curve: at evenly spaced times what the network saw in the shot (I, D) and its mean colour (I, 3),
    smoothed. The best cuts of it into acts, least squares (Truong, Oudre and Vayatis 2020), are found for two acts,
    three, and so on, as long as one more explains a good part of what varies. The turn is where the means before
    and after differ most.

    Args:
        looks: centred looks of unit length.
        colour: CIE L*a*b*.
        start_s, end_s: (I,) seconds.
        told: (I,) shots that tell the story; the others join the act around them.
    """
    numbers = np.flatnonzero(told)
    count = len(told)
    if len(numbers) < 4:
        return np.zeros(count, np.int64), int(numbers[0]) if len(numbers) else 0
    lengths = np.maximum(end_s - start_s, 1e-3)[numbers]
    curve, owner = _story_curve(looks[numbers], colour[numbers], lengths)
    cuts = _best_cuts(curve)
    firsts = [int(numbers[_nearest_start(owner, cut)]) for cut in cuts]
    act = np.searchsorted(np.array(sorted(set(firsts)), np.int64), np.arange(count), side="right")
    return act.astype(np.int64), int(numbers[_nearest_start(owner, _turn(curve))])


def _story_curve(looks: Floats, colour: Floats, lengths: Floats) -> tuple[NDArray[np.float64], Ints]:
    """(``_POINTS``, d) smoothed, and which shot each point is of."""
    from scipy.ndimage import gaussian_filter1d

    ends = np.cumsum(lengths, dtype=np.float64)
    owner = np.searchsorted(ends, (np.arange(_POINTS) + 0.5) / _POINTS * ends[-1], side="right")
    parts = [_principal(part.astype(np.float64)[owner]) for part in (looks, colour)]
    return gaussian_filter1d(np.concatenate(parts, axis=1), _SMOOTH * _POINTS, axis=0, mode="nearest"), owner


def _principal(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The first principal components of rows (n, d), scaled so that all of them together vary by 1."""
    rows = rows - rows.mean(axis=0)
    values, vectors = np.linalg.eigh(rows @ rows.T)
    keep = slice(-min(_DIMENSIONS, len(rows)), None)
    scores = vectors[:, keep] * np.sqrt(np.maximum(values[keep], 0))
    spread = np.sqrt((scores**2).sum() / len(rows))
    return scores / spread if spread > 1e-9 else np.zeros_like(scores)


def _best_cuts(curve: NDArray[np.float64]) -> list[int]:
    import ruptures

    search = ruptures.KernelCPD(kernel="linear", min_size=round(_LEAST * len(curve))).fit(curve)
    total = _unexplained(curve, [])
    best: list[int] = []
    for number in range(1, _MOST):
        cuts = search.predict(n_bkps=number)[:-1]
        if _unexplained(curve, best) - _unexplained(curve, cuts) < _GAIN * total:
            break
        best = cuts
    return best


def _unexplained(curve: NDArray[np.float64], cuts: list[int]) -> float:
    return sum(float(((part - part.mean(axis=0)) ** 2).sum()) for part in np.split(curve, cuts))


def _turn(curve: NDArray[np.float64]) -> int:
    first, last = (round(share * len(curve)) for share in _MIDDLE)
    return min(range(first, last), key=lambda cut: _unexplained(curve, [cut]))


def _nearest_start(owner: Ints, cut: int) -> int:
    """The shot that begins nearest to a point of the curve, but not the first."""
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    nearest = starts[1 + np.abs(starts[1:] - cut).argmin()] if len(starts) > 1 else starts[0]
    return int(owner[nearest])
