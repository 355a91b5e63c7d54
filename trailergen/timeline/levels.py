"""Levels over the trailer, frame by frame, for formats that play keyframes from frame to frame.

A keyframe of MLT is the level at the end of its frame, to which the sound goes straight from that of the frame before.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trailergen.plans import SAMPLE_RATE
from trailergen.timebase import round_half_up
from trailergen.timeline.events import FilmEvent, Timeline

SILENT = -70.0
"""The level in dB that counts as silence, the lowest of Shotcut's."""
_TOLERANCE = 0.2
_FIRST_STEP, _LAST_STEP = 0.7, 0.22
"""Parts of one step of a rise and a fall at which its first and last frame are as loud as if they began and ended in
silence: what is straight in dB has no silence, and the first frame has one level."""

Levels = NDArray[np.float64]
Points = tuple[tuple[int, float], ...]
"""Samples of the trailer at 48 kHz, and levels there in dB, straight between two."""
Keyframe = tuple[int, float]
"""A frame, and the level in dB at its end; straight in dB between two, level before and after them."""


def music_levels(timeline: Timeline, frames: int) -> Levels:
    """The music's level at the end of each of its frames, (frames,) in dB: under lines, in a drop-out and in its
    closing fade."""
    music = timeline.music
    ends = _ends(timeline, 0, frames)
    levels = _straight(ends, timeline.music_levels)
    if music.fade:
        fade = float(music.seconds(music.fade))
        share = (ends - float(music.seconds(music.end - music.start)) + fade) / fade
        levels = levels + _decibels(np.cos(np.clip(share, 0, 1) * np.pi / 2))
    return np.maximum(levels, SILENT)


def clip_levels(timeline: Timeline, record: int, frames: int) -> Levels:
    """The level of the clips' own sound at the ends of ``frames`` record frames from ``record``, (frames,) in dB; it
    makes way for lines, and in a drop-out, altogether."""
    heard = timeline.film_sound
    if heard is None or heard.level is None:
        return np.full(frames, SILENT)
    ends = _ends(timeline, record, frames)
    said, dropped = _straight(ends, heard.said), _straight(ends, timeline.drop)
    return np.maximum(heard.level + _decibels(1 - said) + dropped, SILENT)


def joined(one: Points, other: Points) -> Points:
    """The sum of two curves through points; the one itself where the other has none."""
    if not one or not other:
        return one or other
    at = sorted({sample for sample, _ in (*one, *other)})
    both = sum((_at(np.array(at), points) for points in (one, other)), np.zeros(len(at)))
    return tuple((sample, round(float(level), 3)) for sample, level in zip(at, both, strict=True))


def clip_drop(timeline: Timeline, clip: FilmEvent, drop: Points) -> list[tuple[Fraction, float]]:
    """The points of a drop-out up to the end of the clip in which it begins, in frames from that clip's first; none for
    other clips."""
    at = [Fraction(sample, SAMPLE_RATE) * timeline.clock.rate - clip.record for sample, _ in drop]
    if not at or not 0 <= at[0] < clip.frames:
        return []
    return [(frame, level) for frame, (_, level) in zip(at[:-1], drop, strict=False)]


def framed_drop(timeline: Timeline) -> Points:
    """The drop-out from frame to frame, for formats whose levels change at frames: as it is, its ends would fall into
    one frame with its bottom."""
    if not timeline.drop:
        return ()
    rate = timeline.clock.rate
    (start, loud), (_, silent), *_, (end, _) = timeline.drop
    first, last = (round_half_up(Fraction(at, SAMPLE_RATE) * rate) for at in (start, end))
    points = ((first - 1, loud), (first, silent), (last - 1, silent), (last, loud)) if first < last else ()
    return tuple((round_half_up(frame / rate * SAMPLE_RATE), level) for frame, level in dict(points).items())


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
    return _at(seconds * SAMPLE_RATE, points) if points else np.zeros(len(seconds))


def _at(samples: NDArray[Any], points: Sequence[tuple[int, float]]) -> Levels:
    at, values = zip(*points, strict=True)
    return np.interp(samples, at, values)


def _decibels(gain: Levels) -> Levels:
    return 20 * np.log10(np.maximum(gain, 10 ** (SILENT / 20 - 1)))
