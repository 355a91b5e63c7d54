"""Loudness and true peak of a finished trailer, measured in its file, and what is to be said of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from trailergen.audio.loudness import integrated_loudness, true_peak
from trailergen.audio.mix import CEILING
from trailergen.media.audio import read_audio
from trailergen.plans import SAMPLE_RATE, Sound

MEASURE_VERSION = 1
_MISSED_LU = 0.5
"""Closer to what was asked for is what AAC does to a loudness."""
_AT_CEILING_DB = 0.5


@dataclass(frozen=True)
class Measured:
    """``loudness`` in LUFS and ``peak`` in dBTP; both minus infinity for silence."""

    loudness: float
    peak: float


def measure(path: Path) -> Measured:
    """Measure the sound of a file. Raises InputError."""
    sound = read_audio(path, SAMPLE_RATE, 2)
    peak = true_peak(sound)
    return Measured(integrated_loudness(sound, SAMPLE_RATE), 20 * math.log10(peak) if peak else -math.inf)


def missed(sound: Sound, found: Measured) -> str | None:
    """A sentence where a trailer is not as loud as its plan asks for: by how much, and why; None where it is."""
    if sound.loudness is None or (why := why_missed(sound, found)) is None:
        return None
    return f"the trailer has {found.loudness:.1f} LUFS at {found.peak:.1f} dBTP, not {sound.loudness:g} LUFS: {why}"


def why_missed(sound: Sound, found: Measured) -> str | None:
    """The reason why a trailer is softer than its plan asks for; None where it is not."""
    if sound.loudness is None or math.isinf(found.loudness) or sound.loudness - found.loudness < _MISSED_LU:
        return None
    if sound.limit:
        return "it is nearly all peaks, and more cannot be taken off them"
    if found.peak < CEILING - _AT_CEILING_DB:
        return "a peak of the mix held it back that its encoding has smoothed"
    return "its true peak is as high as it may be; --limit takes peaks down, so that it gets there"
