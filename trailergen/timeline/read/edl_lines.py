"""The lines of a CMX 3600 edit decision list as edits: what is written, not yet what it means.

Own code, since both libraries lose something that is needed here: OpenTimelineIO's adapter where the timeline begins
(a hole before the first event is gone), pycmx the speed of an event and the names that follow it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from trailergen.timeline.read.text import lines_of

_TIMECODE = r"(\d{1,2}[:;.]\d{2}[:;.]\d{2}[:;.,]\d{2,3})"
_TIMES = r"\s+".join([_TIMECODE] * 4)
_CHANNELS = r"(?:NONE|B|[AV][AV\d]*(?:[/,][AV][AV\d]*)*)"
_KIND = r"(C|D|W\d{0,3}|K(?:\s?[BO])?)(?:\s+\(?F?\)?\s*\d+)?"
# Reels may hold blanks: the channels are the last such word before the kind of the edit.
_EVENT = re.compile(rf"\s*(\d+)(?:\s+(\S.*?))?\s+({_CHANNELS})\s+{_KIND}\s+{_TIMES}(?:\s.*)?$", re.IGNORECASE)
_EVENTLIKE = re.compile(rf"\s*\d+\s+\S.*{_TIMECODE}\s+{_TIMECODE}")
_PICTURE = re.compile(r"V(\d*)", re.IGNORECASE)
_SPEED = re.compile(r"M2\s+(?:(\S.*?)\s+)?([+-]?\d[\d.]*)(?:\s+([\d:;.,]+))?$", re.IGNORECASE)
_LONGEST = 400
"""Characters of an edit's line; patterns take their time over longer ones, which only comments can be."""
_NAME = re.compile(
    r"((?:FROM |TO )?CLIP NAME|(?:FROM|TO) CLIP|(?:TO )?SOURCE FILE|FROM FILE|TITLE)\s*:\s*(.*)", re.IGNORECASE
)
_UNDER = re.compile(rf"UNDER:\s*{_TIMES}$")

Times = tuple[str, str, str, str]
"""Timecodes: source in, source out, record in, record out."""


@dataclass
class Edit:
    """One edit of the picture.

    Args:
        line: its number in the file.
        number: of the event; the two sides of a transition share it.
        reel: as written.
        layer: 1 for ``V``, 2 for ``V2``.
        kind: ``C``, ``D``, ``W...``, ``K``, ``K B`` or ``K O``.
        times: its timecodes.
        drop: whether the list has said last that it counts drop-frame; None where it has not said.
        speeds: of the ``M2`` lines below it, as written: reel, frames a second, timecode.
        names: of ``* NAME: VALUE`` comments.
        comments: others.
        under: times of what a title covers, each with the number of its line.
        outgoing: whether it is the side that a transition comes from.
    """

    line: int
    number: str
    reel: str
    layer: int
    kind: str
    times: Times
    drop: bool | None
    speeds: list[tuple[str, str, str]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    under: list[tuple[int, Times]] = field(default_factory=list)
    outgoing: bool = False


def parse_edits(text: str) -> tuple[list[Edit], list[str]]:
    """The edits of the picture, and in words the lines that look like one and cannot be read."""
    found = list(_edits(text))
    return [each for each in found if isinstance(each, Edit)], [each for each in found if isinstance(each, str)]


def _edits(text: str) -> Iterator[Edit | str]:
    drop, current = None, None
    for number, line in enumerate(lines_of(text), 1):
        if line.strip().upper().startswith("FCM:"):
            drop = "NON" not in line.upper()
        elif len(line) <= _LONGEST and (event := _EVENT.match(line)):
            current = _edit(number, event, drop)
            if current is not None:
                yield current
        elif len(line) <= _LONGEST and _EVENTLIKE.match(line):
            current = None
            yield f"line {number} is left out, it is no edit: {' '.join(line.split())}"
        elif current is not None:
            _describe(current, number, line)


def _edit(line: int, event: re.Match[str], drop: bool | None) -> Edit | None:
    """The edit of a line; None where it is one of sound."""
    number, reel, channels, kind, *times = event.groups()
    words = (reel or "").split()
    if channels.upper() != "B" and not _PICTURE.search(channels):
        # Some write the channels apart, "V A1".
        if len(words) < 2 or not _PICTURE.fullmatch(words[-1]):
            return None
        channels, reel = words[-1], " ".join(words[:-1])
    layer = max((int(found or 1) for found in _PICTURE.findall(channels)), default=1)
    kind = re.sub(r"\s+", " ", kind.upper())
    return Edit(line, number, reel or "", layer, kind, (times[0], times[1], times[2], times[3]), drop)


def _describe(edit: Edit, number: int, line: str) -> None:
    """Add to an edit what a line below it says."""
    said = line.strip()
    if len(said) <= _LONGEST and said[:3].upper().split() == ["M2"]:
        speed = _SPEED.match(said)
        edit.speeds.append((speed[1] or "", speed[2], speed[3] or "") if speed else (edit.reel, said, ""))
    elif said.startswith("*"):
        said = said.lstrip("* \t")
        if under := _UNDER.match(said):
            edit.under.append((number, (under[1], under[2], under[3], under[4])))
        elif named := _NAME.match(said):
            edit.names.setdefault(named[1].upper(), named[2].strip())
        else:
            edit.comments.append(said)
