"""Sound of each shot: speech, and sudden onsets."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from trailergen.readings.types import Floats, Ints
from trailergen.shots.analysis import DetectedShot
from trailergen.shots.sound import STEP_S, SoundActivity

_SPOKEN = 0.5
_BEFORE = 16  # windows, half a second, with which an onset is compared
_QUIET_DB = -60.0  # below this a film is silent; what rises from there is measured from here


def onsets(sound: SoundActivity) -> Floats:
    """Onset strength (m,): decibels of each window above the mean of the half second before it, not below 0.

    Silence counts as -60 dBFS, so that a rustle in it is no bang.
    """
    power = 10 ** (np.maximum(sound.level.astype(np.float64), _QUIET_DB) / 10)
    sums = np.concatenate(([0.0], np.cumsum(power)))
    at = np.arange(len(power))
    first = np.maximum(0, at - _BEFORE)
    # At its very beginning a film has nothing to be louder than.
    before = np.divide(sums[at] - sums[first], at - first, out=power.copy(), where=at > first)
    return np.maximum(10 * np.log10(power / before), 0).astype(np.float32)


def onset_curve(sound: SoundActivity, frames: int, rate: Fraction) -> Floats:
    """The strongest onset, dB, while each film frame is shown, (frames,); 0 after the sound's end."""
    strength = np.append(onsets(sound), np.float32(0))
    edges = np.arange(frames + 1) / float(rate) / STEP_S
    first = np.minimum(edges[:-1].astype(np.int64), len(strength) - 1)
    last = np.minimum(np.ceil(edges[1:]).astype(np.int64), len(strength) - 1)
    return _strongest(strength, first, last)


def shot_sound(sound: SoundActivity, shots: tuple[DetectedShot, ...]) -> tuple[Floats, Floats]:
    """Speech (share of the time) and the strongest onset (dB) of each shot, two of (I,); 0 where there is no sound."""
    times = np.array([(float(shot.start), float(shot.end)) for shot in shots]).reshape(-1, 2) / STEP_S
    first, last = np.clip(np.round(times).astype(np.int64), 0, len(sound.level)).T
    spoken = np.concatenate(([0], np.cumsum(sound.speech > _SPOKEN)))
    speech = (spoken[last] - spoken[first]) / np.maximum(last - first, 1)
    return speech.astype(np.float32), _strongest(np.append(onsets(sound), np.float32(0)), first, last)


def _strongest(values: Floats, first: Ints, last: Ints) -> Floats:
    """The greatest of ``values[first:last]`` for each pair, 0 where it is empty; needs one value more than that."""
    if not len(first):
        return np.zeros(0, np.float32)
    found = np.maximum.reduceat(values, np.stack((first, last), axis=1).ravel())[::2]
    return np.where(last > first, found, 0).astype(np.float32)
