"""From cues to lines: whole sentences that one person says, long enough to matter and short enough for a trailer.

Subtitles are cut for readers: a sentence may run over several cues, and a cue may hold two people's. Nothing here knows
a language; capitals, full stops and ellipses tell, and subtitles that have none are taken cue by cue.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from trailergen.dialogue.subtitles.cues import Cue
from trailergen.dialogue.subtitles.spoken import is_wide

SHORTEST_S, LONGEST_S = Fraction(6, 5), Fraction(6)
_GAP_S = Fraction(1)
"""A longer silence ends a sentence, whatever it ends with."""
_OVERLAP_S = Fraction(1, 10)
"""Cues that share no more are sloppily timed, not two people at once."""
_MOST_CUES = 4
_CLOSERS = "\"'\u201d\u2019»\u203a)]}」』"
_TERMINAL = re.compile(rf"[.!?…。！？．؟۔।][{re.escape(_CLOSERS)}]*$")  # noqa: RUF001
_COMMAS = ",;:،、"
_TRAILING_OFF = re.compile(rf"(?:…|\.\.+|[-\u2010-\u2015{_COMMAS}])[{re.escape(_CLOSERS)}]*$")
_LEADING = re.compile(r"^(?:…|\.\.+|[-\u2010-\u2015])\s*")
_PUNCTUATED = 0.4
"""Of the cues that end a sentence visibly; in subtitles with fewer, a missing full stop says nothing."""


@dataclass(frozen=True)
class Utterance:
    """A possible line: the numbers of its cues, seconds of the film, text, and ``between`` as a cue has it."""

    cues: tuple[int, ...]
    start: Fraction
    end: Fraction
    text: str
    between: tuple[Fraction, Fraction] | None = None

    @property
    def length(self) -> Fraction:
        """In seconds."""
        return self.end - self.start

    @property
    def ended(self) -> bool:
        """True if it ends with more than an ellipsis or a comma."""
        return bool(_TERMINAL.search(self.text)) and not _TRAILING_OFF.search(self.text)


def utterances(cues: Sequence[Cue]) -> list[Utterance]:
    """The lines that cues in order of time make up, each cue in one of them at most.

    Left out: songs, cues of several speakers, cues that others overlap, what lasts under 1.2 or over 6 seconds, and,
    where subtitles are punctuated, what has no beginning or no end.
    """
    alone = _alone(cues)
    plain = [cue for cue in cues if not cue.sung]
    punctuated = bool(plain) and sum(ends_sentence(cue.text) for cue in plain) >= _PUNCTUATED * len(plain)
    found: list[Utterance] = []
    group: list[Cue] = []
    for cue, free in zip(cues, alone, strict=True):
        usable = free and cue.speakers == 1 and not cue.sung
        if group and not (usable and _goes_on(group[-1], cue, punctuated)):
            found += _finish(group, punctuated)
            group = []
        if usable:
            group.append(cue)
    return found + _finish(group, punctuated)


def _alone(cues: Sequence[Cue]) -> list[bool]:
    """For each cue, true if nobody else speaks during it."""
    alone = [True] * len(cues)
    last = 0  # the one among those before that ends last
    for index in range(1, len(cues)):
        shared = min(cues[last].end, cues[index].end) - cues[index].start
        if shared > _OVERLAP_S:
            alone[last] = alone[index] = False
        if cues[index].end > cues[last].end:
            last = index
    return alone


def ends_sentence(text: str) -> bool:
    """True if a text ends with a full stop, question or exclamation mark, or an ellipsis."""
    return bool(_TERMINAL.search(text))


def _goes_on(cue: Cue, following: Cue, punctuated: bool) -> bool:
    """True if a sentence runs on from one cue into the next. Cues that were made of words are sentences already."""
    if cue.between is not None or following.start - cue.end > _GAP_S:
        return False
    leading = bool(_LEADING.match(following.text))
    start = _LEADING.sub("", following.text)[:1]
    if _TRAILING_OFF.search(cue.text):
        # "You've only failed to see..." may be all there is; what follows in lower case belongs to it. After a dash
        # somebody else may have interrupted. A comma never ends a sentence.
        return leading or start.islower() or (punctuated and cue.text[-1] in _COMMAS)
    if ends_sentence(cue.text):
        return False
    # Unpunctuated subtitles are often all in lower case: that says nothing either.
    return punctuated


def _finish(group: list[Cue], punctuated: bool) -> list[Utterance]:
    if not group or len(group) > _MOST_CUES:
        return []
    length = group[-1].end - group[0].start
    if not SHORTEST_S <= length <= LONGEST_S:
        return []
    first, last = group[0].text, group[-1].text
    whole = not _LEADING.match(first) and not first[:1].islower() and ends_sentence(last)
    if punctuated and not whole:
        return []
    return [
        Utterance(tuple(cue.number for cue in group), group[0].start, group[-1].end, _join(group), group[0].between)
    ]


def _join(group: list[Cue]) -> str:
    text = group[0].text
    for cue in group[1:]:
        following = cue.text
        if _LEADING.match(following):
            following, text = _LEADING.sub("", following), re.sub(r"\s*(?:…|\.\.+|[-\u2010-\u2015]+)$", "", text)
        elif following[:1].islower():
            text = re.sub(r"\s*(?:…|\.\.+)$", "", text)
        text += ("" if text and is_wide(text[-1]) and is_wide(following[:1] or " ") else " ") + following
    return text
