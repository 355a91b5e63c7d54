"""A true-peak limiter: ffmpeg's ``alimiter`` decides about the level, sample by sample, and every stem follows it.

The filter is shown the greatest amplitude at and between samples instead of the sound, so that it limits true peaks,
and beside it a pilot of constant level, which comes out as the factor it applied. With that one curve for all of them,
stems still sum to the trailer's sound.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from av.audio.frame import AudioFrame
from av.filter import Graph
from numpy.typing import NDArray

from trailergen.audio.loudness import integrated_loudness, peaks_around, true_peak

_ATTACK_MS, _RELEASE_MS = 5, 80
"""The level falls over the first, before the peak, and comes back over the second: slow enough not to distort."""
_PILOT = 2.0**-10
"""Far under any limit, and a power of two: dividing by it is exact."""
_CHUNK = 1 << 14
_ROUNDS = 12
_NEAR_LU = 0.05


def limited_to(sound: NDArray[np.float32], rate: int, loudness: float, ceiling: float) -> NDArray[np.float32]:
    """The factors (samples, 1) that bring a soundtrack to a loudness, its true peaks held under the ceiling.

    Limiting takes loudness away, so that what is lost is given before it, some rounds long. Music that is nothing but
    peaks may stay softer all the same.

    Args:
        sound: (samples, channels), full scale 1.
        rate: samples a second.
        loudness: wanted, in LUFS.
        ceiling: greatest true peak, in dBTP.
    """
    found, limit = integrated_loudness(sound, rate), np.float32(10 ** (ceiling / 20))
    if np.isinf(found):
        return np.ones((len(sound), 1), np.float32)
    peaks, gain, missing = peaks_around(sound), 1.0, loudness - found
    best, nearest = np.ones((len(sound), 1), np.float32), np.inf
    for _ in range(_ROUNDS):
        gain *= 10 ** (missing / 20)
        factors = np.float32(gain) * level_curve(peaks * np.float32(gain), rate, float(limit))[:, None]
        # The curve moves between the peaks it was made for: what is over is turned down as a whole.
        factors *= min(np.float32(1), limit / np.float32(true_peak(sound * factors)))
        missing = loudness - integrated_loudness(sound * factors, rate)
        if abs(missing) >= nearest:
            break
        best, nearest = factors, abs(missing)
        if nearest < _NEAR_LU:
            break
    return best


def level_curve(peaks: NDArray[np.float32], rate: int, limit: float) -> NDArray[np.float32]:
    """The factor at each sample, (samples,), by which ``alimiter`` keeps peaks (samples,) under a limit."""
    graph = Graph()
    source = graph.add_abuffer(sample_rate=rate, format="dblp", layout="stereo", time_base=Fraction(1, rate))
    options = {"limit": f"{limit:.6f}", "attack": str(_ATTACK_MS), "release": str(_RELEASE_MS)}
    limiter = graph.add("alimiter", **options, level="0", latency="1")
    sink = graph.add("abuffersink")
    source.link_to(limiter)
    limiter.link_to(sink)
    graph.configure()
    found: list[NDArray[np.float64]] = []
    for frame in _frames(peaks, rate):
        graph.push(frame)
        found += _pulled(graph)
    graph.push(None)
    found += _pulled(graph)
    curve = np.concatenate(found)[: len(peaks)] / _PILOT
    return curve.astype(np.float32)


def _frames(peaks: NDArray[np.float32], rate: int) -> Iterator[AudioFrame]:
    for start in range(0, len(peaks), _CHUNK):
        part = peaks[start : start + _CHUNK].astype(np.float64)
        frame = AudioFrame.from_ndarray(np.stack([part, np.full_like(part, _PILOT)]), format="dblp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
        yield frame


def _pulled(graph: Graph) -> Iterator[NDArray[np.float64]]:
    """The pilot in what the filter has ready."""
    from av.error import BlockingIOError, EOFError

    while True:
        try:
            frame = graph.pull()
        except (BlockingIOError, EOFError):
            return
        samples = frame.to_ndarray().astype(np.float64)
        yield samples[1] if frame.format.is_planar else samples[0, 1::2]
