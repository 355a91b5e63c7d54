"""Segments of the music: where a trailer cut to it cuts.

Three things decide. Onsets: a cut falls on one, the stronger the better. Changes: it falls where the music
changes (``changes``). Pace: lively and loud music is cut faster than calm music, while the mean is what was asked
for. One dynamic program weighs them against each other and keeps the limits, so that nothing has to be moved,
merged or split later.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from trailergen.errors import UsageError
from trailergen.music.changes import change_at, change_salience
from trailergen.music.onsets import FRAMES_PER_S, POOL, Sound, pool

LEAST_LENGTH_S = 0.5
LONGEST_RATIO = 2.5
LEAST_CUT_LENGTH_S = 0.75
_FILL_S = 0.25
_SMOOTH_S = 2.0
# Twice the onsets make cuts 1.6 times as fast, 10 dB more 1.2 times; no part is cut at more than twice or less than
# half the usual pace.
_LIVELINESS, _LOUDNESS_PER_DB, _PACE_LIMIT = 0.7, 0.02, np.log(2)
# A segment 1.5 times too long costs 0.33, twice 0.96: as much as a strong onset is worth.
_PACE, _ONSET, _CHANGE, _OFF_ONSET = 2.0, 1.0, 0.5, 1.0


def segment_boundaries(sound: Sound, start: int, end: int, cut_length: float) -> list[int]:
    """Cut ``[start, end)`` of a track into segments of ``cut_length`` on the mean.

    A segment lasts from 0.5 s to 2.5 times ``cut_length``. Boundaries inside are onsets of the track; only where
    none comes in time, they lie between.

    Args:
        sound: the track.
        start: first sample of the part.
        end: sample after its last; the part lasts at least 2 s.
        cut_length: seconds, at least 0.75.

    Returns:
        J + 1 increasing sample positions, the first ``start``, the last ``end``.

    Raises:
        UsageError: ``cut_length`` is too small for segments of at least 0.5 s to vary.
    """
    if not cut_length >= LEAST_CUT_LENGTH_S:
        raise UsageError(
            f"a cut length of {cut_length:g} s is too short",
            f"segments last at least {LEAST_LENGTH_S} s and need room to vary",
            f"ask for {LEAST_CUT_LENGTH_S} s or more",
        )
    wanted = max(1, round((end - start) / sound.rate / cut_length))
    places, rewards = _places(sound, start, end, cut_length)
    expected = _expected_segments(sound, places) * wanted
    least = int(np.ceil(LEAST_LENGTH_S * sound.rate))
    most = int(min(LONGEST_RATIO * cut_length * sound.rate, end - start))
    return [int(places[k]) for k in _best_path(places, rewards, expected, wanted, least, most)]


def _places(sound: Sound, start: int, end: int, cut_length: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Where a boundary may be, with ``start`` and ``end``, and the reward for each.

    Gaps between onsets are filled to at most 0.25 s: then a path within the limits always exists.
    """
    inside = (sound.onsets > start) & (sound.onsets < end)
    marks = np.concatenate(([start], sound.onsets[inside], [end]))
    parts = np.maximum(-(-np.diff(marks) // int(_FILL_S * sound.rate)), 1)
    places = np.concatenate(
        [np.linspace(a, b, n, endpoint=False) for a, b, n in zip(marks[:-1], marks[1:], parts, strict=True)] + [[end]]
    ).astype(np.int64)
    rewards = np.full(len(places), -_OFF_ONSET)
    rewards[np.searchsorted(places, sound.onsets[inside])] = _ONSET * sound.weights[inside]
    change = change_salience(sound, cut_length)
    return places, rewards + _CHANGE * change_at(sound, change, places)


def _expected_segments(sound: Sound, places: NDArray[np.int64]) -> NDArray[np.float64]:
    """The share of the segments that the pace of the music puts before each place, from 0 to 1."""
    smooth = _SMOOTH_S * FRAMES_PER_S / POOL
    lively = np.log(gaussian_filter1d(pool(sound.rise), smooth) + 1e-6)
    loud = 10 * np.log10(gaussian_filter1d(pool(10 ** (sound.level / 10)), smooth))
    inside = slice(places[0] // sound.pooled_hop, -(-places[-1] // sound.pooled_hop))
    pace = _LIVELINESS * (lively - np.median(lively[inside]))
    pace += _LOUDNESS_PER_DB * (loud - np.median(loud[inside]))
    speed = np.exp(np.clip(pace, -_PACE_LIMIT, _PACE_LIMIT))
    passed = np.concatenate(([0.0], np.cumsum(speed)))
    share: NDArray[np.float64] = np.interp(places, np.arange(len(passed)) * sound.pooled_hop, passed)
    share -= share[0]
    return share / float(share[-1])


def _best_path(
    places: NDArray[np.int64],
    rewards: NDArray[np.float64],
    expected: NDArray[np.float64],
    wanted: int,
    least: int,
    most: int,
) -> list[int]:
    """Indices of the best boundaries: ``wanted`` segments, or the nearest smaller number that the limits allow.

    A segment costs the squared logarithm of how many segments the pace expects in it (one is ideal), less the reward
    of its end. Exact, O(wanted * places * places within ``most``).
    """
    # Predecessors of a place are a run of places; rows shorter than the longest are padded with impossible ones.
    nearest = np.searchsorted(places, places - least, side="right")
    first = np.searchsorted(places, places - most, side="left")
    before = first[:, None] + np.arange(max(int((nearest - first).max()), 1))
    possible = before < nearest[:, None]
    before = np.where(possible, before, 0)
    step = expected[:, None] - expected[before]
    cost = np.full(before.shape, np.inf)
    cost[possible] = _PACE * np.log(np.maximum(step[possible], 1e-9)) ** 2
    cost -= rewards[:, None]

    total = np.full(len(places), np.inf)
    total[0] = 0
    came_from = np.zeros((wanted, len(places)), np.int32)
    rows, reached = np.arange(len(places)), 0
    for count in range(wanted):
        sums = total[before] + cost
        choice = sums.argmin(axis=1)
        total, came_from[count] = sums[rows, choice], before[rows, choice]
        if np.isfinite(total[-1]):
            reached = count + 1
    path = [len(places) - 1]
    for count in range(reached - 1, -1, -1):
        path.append(int(came_from[count, path[-1]]))
    return path[::-1]
