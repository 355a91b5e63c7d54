"""How the music makes room for what is said: it falls before a line and comes back after it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trailergen.plan import SAMPLE_RATE, Ducking, Line


def presence(lines: Sequence[Line], samples: int, ducking: Ducking) -> NDArray[np.float32]:
    """How much something is said, (samples,) from 0 to 1.

    1 from the first to the last sample of every line, rising to it over the attack and falling after it over the
    release, both half a cosine. Between lines nearer to each other than that it stays 1: music that comes back for a
    moment is worse than music that stays away.
    """
    attack, release = (round(seconds * SAMPLE_RATE) for seconds in (ducking.attack, ducking.release))
    envelope = np.zeros(samples, np.float32)
    stretches: list[list[int]] = []
    for line in lines:
        if stretches and line.record.start - stretches[-1][1] < attack + release:
            stretches[-1][1] = line.record.end
        else:
            stretches.append([line.record.start, line.record.end])
    for start, end in stretches:
        rise = (1 - np.cos(np.pi * np.arange(attack) / attack)) / 2
        fall = (1 + np.cos(np.pi * np.arange(1, release + 1) / release)) / 2
        envelope[max(0, start - attack) : start] = rise[max(0, attack - start) :]
        envelope[start:end] = 1
        envelope[end : end + release] = fall[: max(0, samples - end)]
    return envelope


def duck_gain(presence: NDArray[np.float32], depth: float) -> NDArray[np.float32]:
    """What the music is multiplied by, (samples,): ``depth`` dB less where somebody speaks, even in dB on the way."""
    return np.power(np.float32(10), presence * np.float32(-depth / 20))
