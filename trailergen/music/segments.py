"""Segments of the music: the cuts of a trailer that is cut to it.

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
from trailergen.music.onsets import FRAMES_PER_S, POOL, TrackFeatures, pool

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


def segment_boundaries(track: TrackFeatures, start: int, end: int, cut_length: float) -> list[int]:
    """Cut ``[start, end)`` of a track into segments of ``cut_length`` on the mean.

    A segment lasts from 0.5 s to 2.5 times ``cut_length``. Boundaries inside are onsets of the track; only where
    none comes in time, they lie between.

    Args:
        track: features of the track.
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
    wanted = max(1, round((end - start) / track.rate / cut_length))
    candidates, rewards = _candidates(track, start, end, cut_length)
    expected = _expected_segments(track, candidates) * wanted
    least = int(np.ceil(LEAST_LENGTH_S * track.rate))
    most = int(min(LONGEST_RATIO * cut_length * track.rate, end - start))
    return [int(candidates[k]) for k in _best_path(candidates, rewards, expected, wanted, least, most)]


def _candidates(
    track: TrackFeatures, start: int, end: int, cut_length: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Candidates for boundaries, with ``start`` and ``end``, and the reward for each.

    Gaps between onsets are filled to at most 0.25 s: then a path within the limits always exists.
    """
    inside = (track.onsets > start) & (track.onsets < end)
    marks = np.concatenate(([start], track.onsets[inside], [end]))
    parts = np.maximum(-(-np.diff(marks) // int(_FILL_S * track.rate)), 1)
    candidates = np.concatenate(
        [np.linspace(a, b, n, endpoint=False) for a, b, n in zip(marks[:-1], marks[1:], parts, strict=True)] + [[end]]
    ).astype(np.int64)
    rewards = np.full(len(candidates), -_OFF_ONSET)
    rewards[np.searchsorted(candidates, track.onsets[inside])] = _ONSET * track.weights[inside]
    change = change_salience(track, cut_length)
    return candidates, rewards + _CHANGE * change_at(track, change, candidates)


def _expected_segments(track: TrackFeatures, candidates: NDArray[np.int64]) -> NDArray[np.float64]:
    """The share of the segments that the pace of the music puts before each candidate, from 0 to 1."""
    smooth = _SMOOTH_S * FRAMES_PER_S / POOL
    lively = np.log(gaussian_filter1d(pool(track.onset_strength), smooth) + 1e-6)
    loud = 10 * np.log10(gaussian_filter1d(pool(10 ** (track.level / 10)), smooth))
    inside = slice(candidates[0] // track.pooled_hop, -(-candidates[-1] // track.pooled_hop))
    pace = _LIVELINESS * (lively - np.median(lively[inside]))
    pace += _LOUDNESS_PER_DB * (loud - np.median(loud[inside]))
    speed = np.exp(np.clip(pace, -_PACE_LIMIT, _PACE_LIMIT))
    passed = np.concatenate(([0.0], np.cumsum(speed)))
    share: NDArray[np.float64] = np.interp(candidates, np.arange(len(passed)) * track.pooled_hop, passed)
    share -= share[0]
    return share / float(share[-1])


def _best_path(
    candidates: NDArray[np.int64],
    rewards: NDArray[np.float64],
    expected: NDArray[np.float64],
    wanted: int,
    least: int,
    most: int,
) -> list[int]:
    """Indices of the best boundaries: ``wanted`` segments, or the nearest smaller number that the limits allow.

    A segment costs the squared logarithm of how many segments the pace expects in it (one is ideal), less the reward
    of its end. Exact, in O(wanted * n * m) for n candidates, of which at most m lie within ``most``.
    """
    # Predecessors of a candidate are a run of candidates; rows shorter than the longest are padded.
    nearest = np.searchsorted(candidates, candidates - least, side="right")
    first = np.searchsorted(candidates, candidates - most, side="left")
    before = first[:, None] + np.arange(max(int((nearest - first).max()), 1))
    possible = before < nearest[:, None]
    before = np.where(possible, before, 0)
    step = expected[:, None] - expected[before]
    cost = np.full(before.shape, np.inf)
    cost[possible] = _PACE * np.log(np.maximum(step[possible], 1e-9)) ** 2
    cost -= rewards[:, None]

    total = np.full(len(candidates), np.inf)
    total[0] = 0
    came_from = np.zeros((wanted, len(candidates)), np.int32)
    rows, reached = np.arange(len(candidates)), 0
    for count in range(wanted):
        sums = total[before] + cost
        choice = sums.argmin(axis=1)
        total, came_from[count] = sums[rows, choice], before[rows, choice]
        if np.isfinite(total[-1]):
            reached = count + 1
    path = [len(candidates) - 1]
    for count in range(reached - 1, -1, -1):
        path.append(int(came_from[count, path[-1]]))
    return path[::-1]
