"""Stretches of a film in which somebody speaks, as long as a recogniser takes at a time.

Whisper hears 30 s at once, and what it is given beyond speech it fills with words: music, applause and silence are kept
from it by the voice activity detector.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from trailergen.shots.sound import STEP_S, SoundActivity

LONGEST_S = Fraction(28)
_BEGINS, _GOES_ON = 0.5, 0.35
"""Probability of speech with which speech begins, and with which it goes on."""
_SHORTEST_S = 0.25
"""Less speech than this is a cough, or a note that sounds like a voice."""
_TOGETHER_S, _ROOM_S = 2.0, 0.25
"""Pause within a stretch at most; and what is heard before and after it, so that no consonant is cut."""
_STEP = Fraction(str(STEP_S))


@dataclass(frozen=True)
class Stretch:
    """From ``start`` to ``end`` in seconds from the film's first picture."""

    start: Fraction
    end: Fraction

    @property
    def length(self) -> Fraction:
        """In seconds."""
        return self.end - self.start


def speech_stretches(sound: SoundActivity, film_end: Fraction) -> list[Stretch]:
    """The stretches of speech along a film, in order and apart from each other, none longer than 28 s."""
    parts = [part for run in _runs(sound.speech) for part in _cut(sound.speech, *run)]
    joined: list[tuple[int, int]] = []
    for first, last in parts:
        near = bool(joined) and (first - joined[-1][1]) * STEP_S <= _TOGETHER_S
        if near and (last - joined[-1][0]) * _STEP <= LONGEST_S:
            joined[-1] = joined[-1][0], last
        else:
            joined.append((first, last))
    return _with_room(joined, film_end)


def most_speech(sound: SoundActivity, start: Fraction, end: Fraction) -> float:
    """The highest probability of speech from a tenth of a second before ``start`` to one after ``end``; 0 to 1."""
    first = max(0, int((start - Fraction(1, 10)) / _STEP))
    return float(sound.speech[first : int((end + Fraction(1, 10)) / _STEP) + 1].max(initial=0))


def _runs(speech: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Windows [first, last) of speech: those over the lower threshold that somewhere pass the higher."""
    over = np.concatenate(([False], speech > _GOES_ON, [False]))
    edges = np.flatnonzero(over[1:] != over[:-1])
    least = _SHORTEST_S / STEP_S
    return [
        (int(first), int(last))
        for first, last in zip(edges[::2], edges[1::2], strict=True)
        if last - first >= least and speech[first:last].max() > _BEGINS
    ]


def _cut(speech: NDArray[np.float32], first: int, last: int) -> list[tuple[int, int]]:
    """A run in parts that are not too long, cut where it sounds least like speech."""
    found: list[tuple[int, int]] = []
    longest = int(LONGEST_S / _STEP)
    while last - first > longest:
        begin = first + longest // 2
        at = begin + int(speech[begin : first + longest].argmin())
        found.append((first, at))
        first = at
    return [*found, (first, last)]


def _with_room(parts: list[tuple[int, int]], film_end: Fraction) -> list[Stretch]:
    found: list[Stretch] = []
    room = Fraction(str(_ROOM_S))
    for index, (first, last) in enumerate(parts):
        start, end = first * _STEP, last * _STEP
        before = parts[index - 1][1] * _STEP if index else Fraction(0)
        after = parts[index + 1][0] * _STEP if index + 1 < len(parts) else film_end
        wide = Stretch(
            start - min(room, (start - before) / 2), min(end + min(room, max((after - end) / 2, Fraction(0))), film_end)
        )
        if wide.length > 0:
            found.append(wide)
    return found
