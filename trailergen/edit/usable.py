"""The part of each shot that may be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trailergen.plans import Ban
from trailergen.shots.analysis import FilmAnalysis

# Shots on both sides of a longer transition do not make one clip.
_GAP_FRAMES = 3


@dataclass(frozen=True)
class Usable:
    """Film frames ``[start, end)`` of a shot that may be shown, and ``run_on_end``: where a clip must end that begins
    there and runs on into following shots of the scene; ``end`` where it may not run on."""

    start: int
    end: int
    run_on_end: int

    @property
    def length(self) -> int:
        """Frames of the shot itself."""
        return self.end - self.start


def usable_shots(analysis: FilmAnalysis, scenes: NDArray[np.int64], bans: Sequence[Ban]) -> list[Usable]:
    """The usable part of each shot: without the black at its ends, and the longest stretch between bans.

    A clip may run on into the next shot if that is of the same scene (``scenes`` (I,)), carries no flag, follows
    without a long transition, and no ban or black lies between.
    """
    parts = [_longest_free(shot.fade_trimmed_in, shot.fade_trimmed_out, bans) for shot in analysis.shots]
    run_on = [end for _, end in parts]
    for number in range(len(parts) - 2, -1, -1):
        shot, after = analysis.shots[number], analysis.shots[number + 1]
        whole = parts[number][1] == shot.frame_out and parts[number + 1][0] == after.frame_in
        near = after.frame_in - shot.frame_out <= _GAP_FRAMES
        if scenes[number] == scenes[number + 1] and whole and near and not after.flags:
            run_on[number] = run_on[number + 1]
    return [Usable(start, end, last) for (start, end), last in zip(parts, run_on, strict=True)]


def _longest_free(start: int, end: int, bans: Sequence[Ban]) -> tuple[int, int]:
    best, at = (start, start), start
    for ban in sorted(bans, key=lambda ban: ban.range.start):
        if ban.range.end <= at or ban.range.start >= end:
            continue
        best = max(best, (at, max(at, ban.range.start)), key=lambda part: part[1] - part[0])
        at = ban.range.end
    return max(best, (at, max(at, end)), key=lambda part: part[1] - part[0])
