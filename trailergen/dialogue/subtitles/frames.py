"""MicroDVD: a line a cue, timed in frames."""

from __future__ import annotations

import re
from fractions import Fraction

from trailergen.dialogue.subtitles.raw import Reading

_CUE = re.compile(r"\s*\{\s*(\d{1,9})\s*\}\s*\{\s*(\d{0,9})\s*\}(.*)")
_RATE = re.compile(r"\s*(\d{1,3}(?:[.,]\d{1,6})?)\s*")
_NTSC = Fraction(1000, 1001)


def is_frames(text: str) -> bool:
    """True for text with a cue of MicroDVD."""
    return any(_CUE.match(line) for line in text.split("\n"))


def read_frames(text: str, rate: Fraction | None = None) -> Reading | None:
    """The cues of MicroDVD; None where neither the file nor ``rate`` says how many frames a second has.

    What the file says of it in its first cue, ``{1}{1}23.976``, counts before the film's.
    """
    found = Reading("MicroDVD")
    first = True
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        cue = _CUE.match(line)
        if cue is None:
            if not line.startswith("{DEFAULT}"):
                found.unread.append(f"line {number}: {line.strip()[:80]}")
            continue
        start, end, said = int(cue[1]), int(cue[2]) if cue[2] else None, cue[3]
        stated = _RATE.fullmatch(said) if first and start == (end or 0) and start <= 1 else None
        first = False
        if stated and (own := _own_rate(stated[1])):
            rate = own
            continue
        if rate is None:
            return None
        found.add(start / rate, None if end is None else end / rate, said.replace("|", "\n"))
    return found


def _own_rate(text: str) -> Fraction | None:
    """23.976, 29.97 and 59.94 are short for rates of NTSC."""
    stated = Fraction(text.replace(",", "."))
    if not 1 <= stated <= 300:
        return None
    exact = round(stated / _NTSC) * _NTSC
    return exact if abs(exact - stated) < Fraction(1, 200) else stated
