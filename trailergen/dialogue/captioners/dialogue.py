"""Captions from dialogue: the texts that are said around a clip, with weights.

By default what is said around it in the film, which needs no model: within 10 seconds before and after the clip's own
film frames, a cue counting 1 during the clip and less the farther away it is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction

from trailergen.dialogue.subtitles.cues import Cue

REACH_S = Fraction(10)

Caption = tuple[tuple[str, float], ...]
"""Texts, each with a weight from 0 to 1; empty where nothing is known of a clip."""


def said_around(
    cues: Sequence[Cue], clips: Sequence[tuple[Fraction, Fraction]], reach: Fraction = REACH_S
) -> list[Caption]:
    """Caption each clip by the words around it.

    Args:
        cues: in order of time.
        clips: (start, end) of what they show, in seconds of the film.
        reach: seconds around a clip at which a cue no longer counts.
    """
    starts = [cue.start for cue in cues]
    longest = max((cue.end - cue.start for cue in cues), default=Fraction(0))
    found: list[Caption] = []
    for start, end in clips:
        near = cues[bisect_left(starts, start - reach - longest) : bisect_left(starts, end + reach)]
        weighted = ((cue.text, 1 - _distance(cue, start, end) / reach) for cue in near if not cue.sung)
        found.append(tuple((text, float(weight)) for text, weight in weighted if weight > 0))
    return found


def _distance(cue: Cue, start: Fraction, end: Fraction) -> Fraction:
    return max(Fraction(0), cue.start - end, start - cue.end)
