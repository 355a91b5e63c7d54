"""SubStation Alpha: the events of .ass and .ssa files, spoken lines and signs."""

from __future__ import annotations

import re

from trailergen.dialogue.subtitles.raw import Reading, clock_seconds

_USUAL = ["layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text"]
_POSITIONED = re.compile(r"\\(?:pos|move)\s*\(")
_DRAWING = re.compile(r"\{[^{}]{0,500}?\\p(\d+)[^{}]{0,500}\}")
_SIGN_STYLES = re.compile(r"signs?|titles?|typeset\w*|karaoke|lyrics|credits?|staff|notes?|op|ed|screen", re.IGNORECASE)


def is_substation(text: str) -> bool:
    """True for a file of SubStation Alpha."""
    return bool(re.search(r"^\s*\[(?:Script Info|V4\+? Styles|Events)\]", text, re.IGNORECASE | re.MULTILINE)) and bool(
        re.search(r"^\s*Dialogue:", text, re.MULTILINE)
    )


def read_substation(text: str) -> Reading:
    """The dialogue events; comments are none. An event whose times nobody can read is left out, and told of."""
    found = Reading("SubStation")
    names = _USUAL
    for number, line in enumerate(text.split("\n"), 1):
        kind, colon, rest = line.strip().partition(":")
        if kind == "Format" and "text" in rest.lower():
            names = [name.strip().lower() for name in rest.split(",")]
        if kind != "Dialogue" or not colon:
            continue
        fields = dict(zip(names, rest.split(",", len(names) - 1), strict=False))
        start, end = clock_seconds(fields.get("start", "")), clock_seconds(fields.get("end", ""))
        if start is None or "text" not in fields:
            found.unread.append(f"line {number}: {line.strip()[:80]}")
            continue
        said = fields["text"]
        found.add(start, end, without_drawings(said), is_sign(said, fields.get("style", ""), fields.get("effect", "")))
    return found


def is_sign(text: str, style: str, effect: str) -> bool:
    """True for an event that stands at a place of the picture, moves over it, or has a style for signs."""
    words = re.split(r"[^a-z]+", style.lower())
    styled = any(_SIGN_STYLES.fullmatch(word) for word in words)
    return styled or bool(_POSITIONED.search(text)) or effect.strip().lower().startswith(("banner", "scroll"))


def without_drawings(text: str) -> str:
    r"""The text of an event without what is drawn: all between ``{\p1}`` and ``{\p0}``."""
    if "\\p" not in text:
        return text
    kept: list[str] = []
    drawing, at = False, 0
    for mark in _DRAWING.finditer(text):
        if not drawing:
            kept.append(text[at : mark.start()])
        kept.append(mark[0])
        drawing, at = int(mark[1]) > 0, mark.end()
    if not drawing:
        kept.append(text[at:])
    return "".join(kept)
