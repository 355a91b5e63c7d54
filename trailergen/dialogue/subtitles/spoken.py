"""The spoken part of a cue: its text without tags, sounds, names and dashes."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

_LONGEST = 2_000
"""Characters of a cue that are looked at; nobody says more in one."""
_TAG = re.compile(r"<[^<>]{1,200}>")
_KARAOKE = re.compile(r"\{[^{}]{0,500}?\\[kK][fo]?\d")
_OVERRIDE = re.compile(r"\{[^{}]{0,500}\}")
# Brackets, also the wide ones of East Asian scripts, and asterisks.
_SOUND = re.compile(
    r"\[[^\[\]]{0,300}\]|\([^()]{0,300}\)|\uff08[^\uff08\uff09]{0,300}\uff09|\u3010[^\u3010\u3011]{0,300}\u3011"
    r"|\uff3b[^\uff3b\uff3d]{0,300}\uff3d|\*[^*]{1,100}\*"
)
# Hyphens and dashes of all lengths, and the arrows of closed captions.
_DASH = re.compile(r"^\s*(?:[-\u2010-\u2015]+|>>+)\s*(?=[^\s\d-])")
_TURN = re.compile(r"(?<=[.!?…])\s+[-\u2010-\u2015]\s+(?=\w)")
_TWICE = re.compile(r"(…|\.\.\.)\s*(?:…|\.\.\.)")
_PREFIX = re.compile(r"^\s*([^\W\d_][\w .,'\u2019#&/-]{0,28}[\w.])\s?:(?=\s|$)")
_NOTES = "♩♪♫♬♭♮♯🎵🎶"
# Direction marks and the like; joiners stay, some scripts are written with them.
_KEPT_FORMAT = "\u200c\u200d"


@dataclass(frozen=True)
class Spoken:
    """Plain text in one line, "" where nobody speaks; how many speak; whether it is sung."""

    text: str
    speakers: int
    sung: bool


def spoken(raw: str) -> Spoken:
    """The speech in a cue as subtitle files have it: lines, HTML and SubStation tags, entities and all."""
    # Tags first: an escaped angle bracket is text.
    text = html.unescape(_without_tags(raw))
    sung = any(note in text for note in _NOTES) or bool(re.fullmatch(r"\s*#.*#\s*", text, re.DOTALL))
    sung = sung or bool(_KARAOKE.search(raw[:_LONGEST]))
    text = "".join(character for character in text if character in "\n\t" or _printable(character))
    text = _SOUND.sub(" ", text.translate({ord(note): " " for note in _NOTES}))
    lines: list[str] = []
    speakers = 0
    for line in text.split("\n"):
        said, turns = _without_speaker(line)
        if not re.search(r"\w", said):
            said = said if lines and re.fullmatch(r"[.!?…]+", said) else ""
        if said:
            # A dash before the first line alone is one speaker, before a later one another.
            speakers += turns if turns or lines else 1
            lines.append(said)
    joined = _TURN.split(_TWICE.sub(r"\1 ", _join(lines)))
    whole = " ".join(joined).strip(" #") if sung else " ".join(joined)
    return Spoken(whole, max(1, speakers + len(joined) - 1) if whole else 0, sung)


def lines_of(raw: str) -> list[str]:
    """The lines of a cue that are not blank, without tags."""
    lines = (re.sub(r"\s+", " ", line).strip() for line in _without_tags(raw).split("\n"))
    return [line for line in lines if line]


def _without_tags(raw: str) -> str:
    text = raw[:_LONGEST].replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ")
    return _TAG.sub("", _OVERRIDE.sub("", text))


def _without_speaker(line: str) -> tuple[str, int]:
    """A line without the dash or the NAME: before it, and 1 if there was one."""
    said, dashes = _DASH.subn("", line)
    prefix = _PREFIX.match(said)
    named = prefix is not None and _is_name(prefix[1])
    if prefix is not None and named:
        said = said[prefix.end() :]
    return re.sub(r"\s+", " ", said).strip(), int(bool(dashes) or named)


def _is_name(text: str) -> bool:
    """Speakers are named in capitals; scripts without capitals name them in brackets."""
    return text == text.upper() != text.lower() and len(text.split()) <= 4


def _join(lines: list[str]) -> str:
    text = ""
    for line in lines:
        gap = "" if not text or (is_wide(text[-1]) and is_wide(line[0])) else " "
        text += gap + line
    return text


def is_wide(character: str) -> bool:
    """True for a script that is written without spaces between words, as Chinese and Japanese."""
    return unicodedata.east_asian_width(character) in "WF" and not "\uac00" <= character <= "\ud7a3"


def _printable(character: str) -> bool:
    category = unicodedata.category(character)
    return category not in ("Cc", "Cs", "Co", "Cn") and (category != "Cf" or character in _KEPT_FORMAT)
