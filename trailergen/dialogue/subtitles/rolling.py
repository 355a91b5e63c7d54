"""Captions that roll: each cue repeats what the one before it said, and adds a line or a word.

So do captions of live television (EIA-608, two or three lines roll up) and those that YouTube makes of speech. Said is
everything once, when it first appears.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from trailergen.dialogue.subtitles.raw import RawCue
from trailergen.dialogue.subtitles.spoken import lines_of

_TOUCHING_S = Fraction(1, 4)
_OVERLAP_S, _STEP_S = Fraction(1, 10), Fraction(1, 5)
_FEWEST = 3


def unroll(cues: Sequence[RawCue]) -> list[RawCue]:
    """The cues in order of time, without what they repeat of the cue before.

    Repetitions count from the second in a row on: that somebody says a thing twice makes no captions roll.
    """
    ordered = sorted(cues, key=lambda cue: (cue.start, cue.number))
    lines = [lines_of(cue.text) for cue in ordered]
    shown = [index for index, own in enumerate(lines) if own]
    ordered, lines = [ordered[index] for index in shown], [lines[index] for index in shown]
    carried = [0, *(_carried(ordered, lines, index) for index in range(1, len(ordered))), 0]
    found: list[RawCue] = []
    for index, cue in enumerate(ordered):
        count = carried[index]
        if not count or not (carried[index - 1] or carried[index + 1]):
            found.append(cue)
            continue
        grown, new = lines[index][count - 1], lines[index][count:]
        last = lines_of(found[-1].text)
        if last[-1] != grown and grown.startswith(last[-1]):
            found[-1] = replace(found[-1], text="\n".join([*last[:-1], grown]))
        if new:
            found.append(replace(cue, text="\n".join(new)))
        elif cue.end is not None and found[-1].end is not None:
            found[-1] = replace(found[-1], end=max(cue.end, found[-1].end))
    return _in_turn(found)


def _carried(cues: Sequence[RawCue], lines: Sequence[list[str]], index: int) -> int:
    """The number of lines at the top of a cue that were shown before it; the last of them may have grown."""
    before, after = lines[index - 1], lines[index]
    ended = cues[index - 1].end
    if ended is None or cues[index].start - ended > _TOUCHING_S:
        return 0
    if all(line in before for line in after):
        return len(after)
    for count in range(min(len(before), len(after)), 0, -1):
        whole = before[len(before) - count : -1] == after[: count - 1]
        if whole and (after[count - 1] == before[-1] or after[count - 1].startswith(before[-1] + " ")):
            return count
    return 0


def _in_turn(cues: list[RawCue]) -> list[RawCue]:
    """The same cues; where most of them stay until after the next has begun, each ends where the next begins."""
    late = [
        before.end is not None
        and (after.end is None or after.end > before.end)
        and after.start - before.start > _STEP_S
        and before.end - after.start > _OVERLAP_S
        for before, after in pairwise(cues)
    ]
    if sum(late) < max(_FEWEST, len(late) / 2):
        return cues
    cut = [
        replace(cue, end=following.start) if is_late else cue
        for (cue, following), is_late in zip(pairwise(cues), late, strict=True)
    ]
    return [*cut, cues[-1]]
