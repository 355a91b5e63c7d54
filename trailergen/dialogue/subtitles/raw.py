"""Cues as files have them, before anything is made of their text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from fractions import Fraction

_CLOCK = re.compile(r"(-)?\s*(?:(?:(\d{1,6})\s?:\s?)?(\d{1,4})\s?:\s?(\d{1,2})|(\d{1,6}))(?:\s?([.,;:])\s?(\d{1,9}))?")


@dataclass(frozen=True)
class RawCue:
    """A cue of a file: its number from 0, seconds of the file's own clock, text with tags.

    ``end`` is None where the file does not say or ends it before it begins. ``aside`` is true for what is written
    somewhere on the picture instead of being subtitled: a sign, a title.
    """

    number: int
    start: Fraction
    end: Fraction | None
    text: str
    aside: bool = False


@dataclass(frozen=True)
class Reading:
    """All that a file holds: its cues, and the beginnings of those that nobody can read, in their order."""

    form: str
    cues: list[RawCue] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def add(self, start: Fraction, end: Fraction | None, text: str, aside: bool = False) -> None:
        """Put one more cue behind those that are there."""
        ends = end if end is not None and end >= start else None
        self.cues.append(RawCue(len(self.cues) + len(self.unread), start, ends, text, aside))

    def later(self, seconds: Fraction) -> Reading:
        """The same, all cues so much later."""
        moved = [
            replace(cue, start=cue.start + seconds, end=None if cue.end is None else cue.end + seconds)
            for cue in self.cues
        ]
        return replace(self, cues=moved)


def clock_seconds(text: str, rate: Fraction | None = None) -> Fraction | None:
    """The seconds of a time as people and programs write it; None for what is none.

    ``1:02:03,5``, ``02:03.500``, ``62``, wide digits and colons, blanks around them, a sign before them; after a third
    colon three digits are thousandths, fewer are frames.

    Args:
        text: one time and nothing else.
        rate: frames a second.
    """
    found = _CLOCK.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    sign, hours, minutes, of_minute, alone, mark, digits = found.groups()
    whole = Fraction(int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(of_minute or alone))
    if digits is not None and mark in ":;" and len(digits) < 3:
        if not rate:
            return None
        whole += int(digits) / rate
    elif digits is not None:
        whole += Fraction(int(digits), 10 ** len(digits))
    return -whole if sign else whole
