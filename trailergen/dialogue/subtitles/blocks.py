"""SubRip, SubViewer and WebVTT: a line of two times, and below it what is said."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

from trailergen.dialogue.subtitles.raw import Reading, clock_seconds

_TIME = r"-?\s*\d{1,6}(?:\s?:\s?\d{1,4}){0,2}(?:\s?[.,;:]\s?\d{1,9})?"
_ARROW = r"[-\u2010-\u2015=]+\s?>|[\u2192\u21d2\u27f6]"
_TIMES = re.compile(rf"\s*\[?\s*({_TIME})\s*(?:{_ARROW})\s*({_TIME})(\]?)(?:\s+(\S.*))?\s*")
# SubViewer's, and arrows that were lost: only where both are times beyond doubt.
_LONG = r"\d{1,6}:\d{1,2}:\d{1,2}[.,]\d{1,3}"
_BARE = re.compile(rf"\s*({_LONG})\s*[,;\s/|-]\s*({_LONG})()()\s*")
_NUMBER = re.compile(r"\s*[#(\[]?\d+[)\].:]?\s*")


def is_blocks(text: str) -> bool:
    """True for text with a line of two times."""
    return text.lstrip().startswith("WEBVTT") or any(_times(line) for line in text.split("\n"))


def read_blocks(text: str, rate: Fraction | None = None) -> Reading:
    """The cues of SubRip, SubViewer and WebVTT; numbers may be missing, wrong or in no order.

    Args:
        text: of the file, its lines separated by single line feeds.
        rate: frames a second, for times that count frames.
    """
    web = text.lstrip().startswith("WEBVTT")
    found = Reading("WebVTT" if web else "SubRip")
    lines = text.split("\n")
    heads = [index for index, line in enumerate(lines) if _times(line) or _seems_times(line)]
    for head, following in zip(heads, [*heads[1:], None], strict=False):
        stated = _times(lines[head])
        start, end = (clock_seconds(part, rate) for part in stated[:2]) if stated else (None, None)
        if stated is None or start is None:
            found.unread.append(f"line {head + 1}: {lines[head].strip()[:80]}")
            continue
        below = _own(lines[head + 1 : following], web, following is not None)
        inline = [stated[3]] if stated[2] and stated[3] else []  # [00:01.000 --> 00:02.000] as Whisper prints it
        said = [_breaks(line) for line in [*inline, *below]]
        found.add(start, end, "\n".join(said))
    return found


def _times(line: str) -> tuple[str, str, str, str] | None:
    if not any(character.isdigit() for character in line[:40]):
        return None
    plain = unicodedata.normalize("NFKC", line)
    match = _TIMES.fullmatch(plain) or _BARE.fullmatch(plain)
    return match and (match[1], match[2], match[3] or "", match[4] or "")


def _seems_times(line: str) -> bool:
    """True for a line that is meant for times, though nobody can read them."""
    before, arrow, after = line.partition("-->")
    return (
        bool(arrow) and not re.search(r"[^\W\d_]{2,}\s+[^\W\d_]{2,}", before) and bool(re.search(r"\d", before + after))
    )


def _own(lines: list[str], web: bool, more: bool) -> list[str]:
    """The lines below two times that are the cue's; ``more`` if another cue follows."""
    own = list(lines)
    # What stands right above the next times is their name: a number, in WebVTT anything with a blank line above.
    if more and own and own[-1] and (_NUMBER.fullmatch(own[-1]) or (web and len(own) > 1 and not own[-2].strip())):
        own.pop()
    while own and not own[0].strip():
        own.pop(0)
    while own and not own[-1].strip():
        own.pop()
    if "" in own and web:
        own = own[: own.index("")]  # remarks and styles come after it
    if more and len(own) > 1 and not own[-2].strip() and _NUMBER.fullmatch(own[-1]):
        own.pop()  # every other line is blank in files that were converted badly
    return [line for line in own if line.strip()]


def _breaks(line: str) -> str:
    return line.replace("[br]", "\n")
