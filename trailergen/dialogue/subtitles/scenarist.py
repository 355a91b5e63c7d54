"""Scenarist's closed captions (.scc): pairs of bytes of CEA-608 in hexadecimal, a frame of 29.97 a second each."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np

from trailergen.dialogue.subtitles.captions import read_captions
from trailergen.dialogue.subtitles.raw import Reading
from trailergen.shots.captions import ClosedCaptions
from trailergen.timebase import parse_timecode

_RATE = Fraction(30_000, 1001)
_LINE = re.compile(r"\s*(\d{2}:\d{2}:\d{2}[:;.]\d{2})\s+((?:[0-9a-fA-F]{4}\s*)+)")


def is_scenarist(text: str) -> bool:
    """True for a file of Scenarist's captions."""
    return text.lstrip().startswith("Scenarist_SCC")


def read_scenarist(text: str) -> Reading:
    """The captions of the first channel. ``;`` before the frames of a time says that labels are dropped."""
    lines: list[tuple[int, list[bytes]]] = []
    unread: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or is_scenarist(line):
            continue
        stated = _LINE.fullmatch(line)
        try:
            start = parse_timecode(stated[1], _RATE) if stated else None
        except ValueError:
            start = None
        if stated is None or start is None:
            unread.append(f"line {number}: {line.strip()[:80]}")
            continue
        lines.append((start, [bytes.fromhex(word) for word in stated[2].split()]))
    at: list[int] = []
    words: list[bytes] = []
    for start, own in sorted(lines, key=lambda line: line[0]):
        # A line may hold more than there is time for until the next.
        first = max(start, at[-1] + 1) if at else start
        at.extend(range(first, first + len(own)))
        words.extend(own)
    pairs = np.frombuffer(b"".join(words), np.uint8).reshape(-1, 2)
    found = read_captions(ClosedCaptions(np.array(at, np.int64), pairs), 1 / _RATE)
    found.unread.extend(unread)
    return found
