"""The lines of a film by its shots: which of them somebody talks over, and how much that line stands out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from trailergen.dialogue.narrators.extractive import line_ranks
from trailergen.dialogue.sentences import utterances
from trailergen.ssmp.channels.text import ShotLines
from trailergen.ssmp.types import Floats, Ints

if TYPE_CHECKING:
    from trailergen.dialogue.sources import Words
    from trailergen.dialogue.subtitles.cues import Cue
    from trailergen.shots.analysis import FilmAnalysis

FindWords = Callable[[], "Words | None"]
"""Looks for what is said in a film, once; None where nothing is known of it."""


def film_lines(analysis: FilmAnalysis, find: FindWords, note: Callable[[str], None]) -> ShotLines | None:
    """The lines of a film's shots for a model that reads them; None, with a note, where it has none.

    Raises InputError, UsageError and WeightsError as ``find`` does.
    """
    words = find()
    if words is None or not words.cues:
        note("the model goes by the film's lines, too, and there are none: it does without")
        return None
    return shot_lines(words.cues, [(shot.start, shot.end) for shot in analysis.shots])


def shot_lines(cues: Sequence[Cue], shots: Sequence[tuple[Fraction, Fraction]]) -> ShotLines:
    """The lines of I shots.

    A shot's salience is the rank of a line among the film's, by what the words of all of them say (``line_ranks``),
    times the share of the line that is heard in the shot; the largest such product. What is no line that a trailer
    could have (``utterances``: too short or long, no whole sentence, two people's, sung) has none.

    Args:
        cues: in order of time, in seconds from the first picture.
        shots: start and end in seconds, in film order, at least one.
    """
    bounds = np.array([[float(start), float(end)] for start, end in shots])
    length = np.maximum(bounds[:, 1] - bounds[:, 0], 1e-9)
    said = np.zeros(len(shots))
    for start, end in _merged([(float(cue.start), float(cue.end)) for cue in cues if not cue.sung]):
        shown, seconds = _heard_in(bounds, start, end)
        said[shown] += seconds
    salience = np.zeros(len(shots))
    lines = utterances(cues)
    for line, rank in zip(lines, line_ranks(lines), strict=True):
        shown, seconds = _heard_in(bounds, float(line.start), float(line.end))
        salience[shown] = np.maximum(salience[shown], rank * seconds / float(line.length))
    return ShotLines(*(np.clip(values, 0, 1).astype(np.float32) for values in (said / length, salience)))


def _heard_in(bounds: Floats, start: float, end: float) -> tuple[Ints, Floats]:
    """The shots (n,) of ``bounds`` (I, 2) in which something from ``start`` to ``end`` is heard, and for how long."""
    first = int(np.searchsorted(bounds[:, 1], start, side="right"))
    last = int(np.searchsorted(bounds[:, 0], end, side="left"))
    part = bounds[first:last]
    seconds = np.minimum(part[:, 1], end) - np.maximum(part[:, 0], start)
    return np.arange(first, max(first, last)), np.maximum(seconds, 0)


def _merged(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans in order of their starts, those that overlap as one."""
    merged: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
