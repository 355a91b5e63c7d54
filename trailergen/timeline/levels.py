"""Levels over the trailer, frame by frame, for formats that play keyframes from frame to frame.

A keyframe of MLT is the level at the end of its frame, to which the sound goes straight from that of the frame before.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trailergen.plans import SAMPLE_RATE
from trailergen.timeline.events import FilmEvent, Timeline

SILENT = -70.0
"""The level in dB that counts as silence, the lowest of Shotcut's."""
_TOLERANCE = 0.2
_FIRST_STEP, _LAST_STEP = 0.7, 0.22
"""Parts of one step of a rise and a fall at which its first and last frame are as loud as if they began and ended in
silence: what is straight in dB has no silence, and the first frame has one level."""

Levels = NDArray[np.float64]
Keyframe = tuple[int, float]
"""A frame, and the level in dB at its end; straight in dB between two, level before and after them."""


def music_levels(timeline: Timeline, frames: int) -> Levels:
    """The music's level at the end of each of its frames, (frames,) in dB: under lines and in its closing fade."""
    music, heard = timeline.music, timeline.film_sound
    ends = _ends(timeline, 0, frames)
    levels = _straight(ends, heard.music_levels if heard else ())
    if music.fade:
        fade = float(music.seconds(music.fade))
        share = (ends - float(music.seconds(music.end - music.start)) + fade) / fade
        levels = levels + _decibels(np.cos(np.clip(share, 0, 1) * np.pi / 2))
    return np.maximum(levels, SILENT)


def clip_levels(timeline: Timeline, record: int, frames: int) -> Levels:
    """The level of the clips' own sound at the ends of ``frames`` record frames from ``record``, (frames,) in dB; it
    makes way for lines altogether."""
    heard = timeline.film_sound
    if heard is None or heard.level is None:
        return np.full(frames, SILENT)
    said = _straight(_ends(timeline, record, frames), heard.said)
    return np.maximum(heard.level + _decibels(1 - said), SILENT)


def dipped(levels: Levels, timeline: Timeline, clip: FilmEvent, record: int) -> Levels:
    """Levels of a clip's sound at the ends of record frames from ``record``, (frames,) in dB, less what dips to black
    beside it take: it falls and rises with the picture."""
    frames = len(levels)
    end, share = np.arange(record, record + frames) + 1.0, np.ones(frames)
    for each in timeline.transitions:
        if each.kind == "dip" and each.index == clip.index:
            rise, risen = max(each.end - clip.record, 1), end - clip.record
            share = np.minimum(share, np.where(risen == 1, _FIRST_STEP, risen) / rise)
        elif each.kind == "dip" and each.index == clip.index + 1:
            last, fall = clip.record + clip.frames, max(clip.record + clip.frames - each.start, 1)
            share = np.minimum(share, np.maximum((last - end) / fall, _LAST_STEP / fall))
    return np.maximum(levels + _decibels(np.clip(share, 0, 1)), SILENT)


def line_levels(gain: float, frames: int) -> Levels:
    """The level of a line at the ends of its frames, (frames,) in dB; silent at the last, so as not to click."""
    levels = np.full(frames, gain)
    levels[-1] = SILENT
    return levels


def keyframes(levels: Levels) -> list[Keyframe]:
    """As few keyframes as keep within 0.2 dB of levels (frames,); one where they do not change."""
    kept = _needed(levels, 0, len(levels) - 1)
    if len(levels) == 1 or float(np.ptp(levels)) < 1e-3:
        kept = [0]
    return [(frame, round(float(levels[frame]), 2)) for frame in kept]


def every_keyframe(levels: Levels) -> tuple[Keyframe, ...]:
    """A keyframe at every frame where the level changes, for what is not straight in dB between two; one where it never
    does, none at 0 dB throughout."""
    if float(np.ptp(levels)) < 1e-3:
        return ((0, round(float(levels[0]), 2)),) if abs(float(levels[0])) > 1e-3 else ()
    changes = np.abs(np.diff(levels)) > 1e-3
    kept = np.concatenate([[True], changes]) | np.concatenate([changes, [True]])
    return tuple((int(frame), round(float(levels[frame]), 2)) for frame in np.flatnonzero(kept))


def _needed(levels: Levels, first: int, last: int) -> list[int]:
    """The frames that lines between them need, by Ramer, Douglas and Peucker's rule."""
    needed, ranges = {first, last}, [(first, last)]
    while ranges:
        start, end = ranges.pop()
        line = np.linspace(levels[start], levels[end], end - start + 1)
        off = np.abs(levels[start : end + 1] - line)
        if (worst := int(off.argmax())) and off[worst] > _TOLERANCE:
            needed.add(start + worst)
            ranges += [(start, start + worst), (start + worst, end)]
    return sorted(needed)


def _ends(timeline: Timeline, record: int, frames: int) -> Levels:
    """The seconds at which record frames end, (frames,)."""
    return (np.arange(record, record + frames) + 1) / float(timeline.clock.rate)


def _straight(seconds: Levels, points: Sequence[tuple[int, float]]) -> Levels:
    """The values at some times of a curve through points (sample at 48 kHz, value); zero without points."""
    if not points:
        return np.zeros(len(seconds))
    at, values = zip(*points, strict=True)
    return np.interp(seconds * SAMPLE_RATE, at, values)


def _decibels(gain: Levels) -> Levels:
    return 20 * np.log10(np.maximum(gain, 10 ** (SILENT / 20 - 1)))
