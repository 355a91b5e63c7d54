"""The outline of the music under a trailer, from a stream of samples."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trailergen.media.audio import stream_audio

PEAKS_VERSION = 1
BINS = 640
"""Columns of the outline: about two pixels each on a wide screen."""


def music_peaks(path: Path, rate: int, start: int, end: int, bins: int = BINS) -> NDArray[np.float32]:
    """Peak and effective value of the music in equal parts of samples ``[start, end)`` at ``rate``.

    The file is decoded once up to ``end``; memory does not grow with its length.

    Returns:
        (bins, 2) float32: greatest and root mean square amplitude, the greatest of all being 1; zeros for silence
        and after the end of the music.

    Raises:
        InputError: the music cannot be read.
    """
    found = outline(stream_audio(path, rate, channels=1), start, end, bins)
    top = float(found[:, 0].max())
    return found / np.float32(top) if top > 0 else found


def outline(blocks: Iterable[NDArray[np.float32]], start: int, end: int, bins: int) -> NDArray[np.float32]:
    """The (bins, 2) of ``music_peaks`` without its scaling, from blocks (n, 1) of consecutive samples."""
    peak = np.zeros(bins, np.float32)
    power = np.zeros(bins)
    counts = np.zeros(bins)
    at = 0
    for block in blocks:
        first, last = max(start, at), min(end, at + len(block))
        if first < last:
            loud = np.abs(block[first - at : last - at, 0])
            place = (np.arange(first, last) - start) * bins // (end - start)
            np.maximum.at(peak, place, loud)
            power += np.bincount(place, loud.astype(np.float64) ** 2, bins)
            counts += np.bincount(place, minlength=bins)
        at += len(block)
        if at >= end:
            break
    effective = np.sqrt(power / np.maximum(counts, 1))
    return np.stack([peak, effective.astype(np.float32)], axis=1)


def outline_path(levels: NDArray[np.float32], height: int = 100) -> str:
    """An SVG path around levels (n,) of 0 to 1, mirrored at the middle of ``height``, one unit wide each."""
    half = np.rint(levels * height / 2).astype(int)
    middle = height // 2
    upper = [f"{x} {middle - y}" for x, y in enumerate(half)]
    lower = [f"{x} {middle + y}" for x, y in reversed(list(enumerate(half)))]
    return f"M{'L'.join(upper)}L{'L'.join(lower)}Z"
