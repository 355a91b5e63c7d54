"""The film in parts of some seconds, each with its own proxy: a shot and what follows it, cut up where it is long."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import pairwise

from trailergen.plans import Plan, Range, Shot, span

PART_FRAMES = 192
"""Frames of a part at most."""


class Parts:
    """The parts of a film: film frames ``[start, end)``, in their order, from its first shot to its end."""

    def __init__(self, plan: Plan) -> None:
        edges = [*(shot.start for shot in plan.shots), plan.film.frames]
        self._all = [
            (first, min(first + PART_FRAMES, end))
            for start, end in pairwise(edges)
            for first in range(start, end, PART_FRAMES)
        ]
        self._starts = [start for start, _ in self._all]

    def has(self, start: int, end: int) -> bool:
        """True for a part of this film."""
        at = bisect_right(self._starts, start) - 1
        return at >= 0 and self._all[at] == (start, end)

    def over(self, source: Range) -> list[tuple[int, int]]:
        """The parts that film frames lie in."""
        first = max(0, bisect_right(self._starts, source.start) - 1)
        found = []
        for part in self._all[first:]:
            if part[0] >= source.end:
                break
            found.append(part)
        return found

    def wanted(self, plan: Plan) -> list[tuple[int, int]]:
        """The parts that a plan needs to be played, first those of its clips, then those of their alternatives."""
        clips = [part for source in shown(plan) for part in self.over(source)]
        return _once([*clips, *(self.over(middle_of(shot))[0] for shot in alternatives(plan))])


def shown(plan: Plan) -> list[Range]:
    """The film frames that each clip shows: its own, and those beside them over which it is dissolved."""
    over = {each.position: each.record for each in plan.transitions if each.kind == "dissolve"}
    into = [over.get(position.id) for position in plan.positions]
    found = []
    for position, before, after in zip(plan.positions, into, [*into[1:], None], strict=True):
        early = position.record.start - before.start if before else 0
        late = after.end - position.record.end if after else 0
        found.append(span(position.source.start - early, position.source.end + late))
    return found


def alternatives(plan: Plan) -> list[Shot]:
    """The shots that might stand where others do, the likeliest of each position first."""
    ranks = max((len(position.alternatives) for position in plan.positions), default=0)
    found = [
        position.alternatives[rank].shot
        for rank in range(ranks)
        for position in plan.positions
        if rank < len(position.alternatives)
    ]
    return [plan.shots[number] for number in dict.fromkeys(found) if number < len(plan.shots)]


def middle_of(shot: Range) -> Range:
    """The frame in the middle of a shot, about which the page plays it."""
    middle = (shot.start + shot.end) // 2
    return span(middle, middle + 1)


def _once(parts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    return list(dict.fromkeys(parts))
