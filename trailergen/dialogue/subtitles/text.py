"""The text of a subtitle file: of any encoding, and in lines on which no reader takes long."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from trailergen.dialogue.subtitles.pages import PAGES, likely_page
from trailergen.errors import InputError
from trailergen.runtime.cache import require_file

_MOST_BYTES = 50_000_000
_LONGEST_LINE = 1_000
_SAMPLE = 1 << 16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LITTLE = 100
"""Bytes beyond ASCII with fewer of which statistics of letters say nothing."""
HINT = "give subtitles as SubRip (.srt), WebVTT (.vtt) or SubStation (.ass)"


def subtitle_text(path: Path) -> str:
    """The text of a file of subtitles, its lines separated by line feeds and bounded in length.

    Raises:
        InputError: it is missing, empty, too large, or no text.
    """
    return _bounded(_decoded(path))


def subtitle_bytes(path: Path) -> bytes:
    """The bytes of a file of subtitles. Raises InputError if it is missing, empty, or too large."""
    try:
        require_file(path)
        size = path.stat().st_size
        if size > _MOST_BYTES:
            raise InputError(f"{path} has {size / 1e6:.0f} MB, subtitles have less", hint=HINT)
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {path}", error.strerror) from error
    if not raw.strip():
        raise InputError(f"{path} is empty", hint=HINT)
    return raw


def _decoded(path: Path) -> str:
    raw = subtitle_bytes(path)
    name = _encoding(raw)
    if name is None:
        raise InputError(f"{path} is no text", "its bytes are of no encoding that subtitles have", HINT)
    return raw.decode(name, errors="replace")


def _encoding(raw: bytes) -> str | None:
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return name
    if b"\0" in raw[:_SAMPLE]:
        # UTF-16 without a mark: every other byte of Western text is zero, digits and line ends of any.
        halves = raw[0:_SAMPLE:2].count(0), raw[1:_SAMPLE:2].count(0)
        least, most = sorted(halves)
        if most * 20 < len(raw[:_SAMPLE]) or least * 20 > most:
            return None
        return "utf-16-be" if halves[0] > halves[1] else "utf-16-le"
    try:
        raw.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes
    # What is plain ASCII says nothing, and a file's first page may be all of it.
    telling = b"\n".join(line for line in raw[: 1 << 23].splitlines() if not line.isascii())[:_SAMPLE]
    if sum(byte > 0x7F for byte in telling) < _LITTLE:
        return likely_page(telling)
    found = from_bytes(telling, cp_isolation=list(PAGES))
    best = found.best()
    if best is None:
        return None
    # The Western page shares most letters with its eastern neighbours; of equally clean readings it is the likelier.
    clean = {match.encoding for match in found if match.chaos <= best.chaos}
    return "cp1252" if best.encoding in ("cp1250", "cp1257") and "cp1252" in clean else best.encoding


def _bounded(text: str) -> str:
    """Text on which no reader takes long: patterns of pysubs2 need the square of a line's length, or of a gap's."""
    text = re.sub(r"[ \t\0]+$", "", re.sub(r"\r+\n|\r", "\n", text), flags=re.MULTILINE)
    text = re.sub(r"\n{3,}", "\n\n", text)
    if re.match(r"\s*(<|[\[{]\s*[\"{])", text):  # XML, SAMI and JSON may be one line, and are read otherwise
        return text
    return "\n".join(line[:_LONGEST_LINE] for line in text.split("\n"))
