"""Comments of an EDL: short lines, none of which looks like an event.

Some readers look for three digits and seven words after them anywhere in a line, so that ``p000 shot 5: ...`` is event
000 to them. A comment that would be read so, or is longer than a card of CMX 3600, goes on in the next line.
"""

from __future__ import annotations

import re

_LONGEST = 80
_EVENTLIKE = re.compile(r"\d{3}(?: [^ ]*){7}")
_MORE = "*   "


def comment(key: str, text: str) -> list[str]:
    """The lines of a comment, broken between words; a word that fits no line is one by itself, and cut."""
    lines = [f"* {key}"]
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines[-1] != _MORE else f"{_MORE}{word}"
        if is_safe(longer):
            lines[-1] = longer
        else:
            lines.append(f"{_MORE}{word}"[:_LONGEST])
    return lines


def name_comments(name: str, path: str) -> list[str]:
    """The name of a clip, always whole, and where its file lies if that fits."""
    where = f"* SOURCE FILE: {path}"
    return [f"* FROM CLIP NAME: {name}", *([where] if is_safe(where) else [])]


def is_safe(line: str) -> bool:
    """True for a line that no reader cuts or takes for an event."""
    return len(line) <= _LONGEST and not _EVENTLIKE.search(line)
