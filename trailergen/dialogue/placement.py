"""Placement of the chosen lines in the trailer: the dynamic programme of eq. 13.

    D[n, j] = max(D[n-1, j-1] + c[n, j], D[n, j-1])        where line n fits clip j

The paper's prose swaps the names of the two lengths; what is meant is that a line must not be longer than its clip.
With ``run_over`` a line may run on over the clips that follow, and the next line waits until it has ended; then what
comes after a line is no longer j + 1, so the recursion is done from the end: B[n, j] is the most that the lines from n
on can have in the clips from j on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class LineSlots:
    """The clips of a trailer and how lines may be laid over them, in samples.

    ``bounds`` are the J + 1 ends of the clips; ``closed`` (J,) says which no line may touch. A line begins ``lead``
    after its clip does and ends before that does; with ``run_over`` it may end in a later one. Between two lines there
    is at least ``pause``.
    """

    bounds: tuple[int, ...]
    closed: tuple[bool, ...]
    lead: int = 0
    pause: int = 0
    run_over: bool = False

    def room(self) -> NDArray[np.int64]:
        """The longest line that can begin with each clip, (J,); 0 or less where none can."""
        limits = np.array(self.bounds[1:], np.int64)
        if self.run_over:
            for clip in range(len(limits) - 2, -1, -1):
                if not self.closed[clip + 1]:
                    limits[clip] = limits[clip + 1]
        return np.where(self.closed, 0, limits - np.array(self.bounds[:-1], np.int64) - self.lead)


def place_lines(similarity: NDArray[np.float64], lengths: Sequence[int], slots: LineSlots) -> list[int] | None:
    """The clips with which the lines begin, in the lines' order, with the greatest sum of similarities.

    Args:
        similarity: (N, J), of line and clip.
        lengths: (N,) samples of each line, all positive.
        slots: the J clips.

    Returns:
        (N,) clip numbers, increasing, the earliest of equally good ones; None where the lines do not fit.
    """
    count, clips = similarity.shape
    starts = np.array(slots.bounds[:-1], np.int64) + slots.lead
    room = slots.room()
    best = np.full((count + 1, clips + 1), -np.inf)
    best[count] = 0
    gain = np.full((count, clips), -np.inf)
    for n in range(count - 1, -1, -1):
        after = np.maximum(np.searchsorted(starts, starts + lengths[n] + slots.pause), np.arange(clips) + 1)
        gain[n] = np.where(room >= lengths[n], similarity[n] + best[n + 1, after], -np.inf)
        best[n, :clips] = np.maximum.accumulate(gain[n, ::-1])[::-1]
    if best[0, 0] == -np.inf:
        return None
    found: list[int] = []
    clip = 0
    for n in range(count):
        clip += int(np.argmax(gain[n, clip:]))
        found.append(clip)
        clip = max(int(np.searchsorted(starts, starts[clip] + lengths[n] + slots.pause)), clip + 1)
    return found


def place_what_fits(
    similarity: NDArray[np.float64], lengths: Sequence[int], salience: Sequence[float], slots: LineSlots
) -> dict[int, int]:
    """The clip of each line that can be placed: as many lines as fit, the least salient dropped until they do.

    Args:
        similarity: (N, J), of line and clip.
        lengths: (N,) samples of each line.
        salience: (N,); of equals the later is dropped first.
        slots: the J clips.
    """
    longest = int(max(slots.room(), default=0))
    kept = [line for line, length in enumerate(lengths) if 0 < length <= longest]
    while kept:
        found = place_lines(similarity[kept], [lengths[line] for line in kept], slots)
        if found is not None:
            return dict(zip(kept, found, strict=True))
        kept.remove(min(reversed(kept), key=lambda line: salience[line]))
    return {}
