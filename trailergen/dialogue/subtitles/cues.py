"""Subtitle files: what is said in a film, and when."""

from __future__ import annotations

import codecs
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from trailergen.dialogue.subtitles.spoken import spoken
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
# Those that subtitles were ever written in; among all of Python's a few lines match too many.
_CODE_PAGES = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "koi8_r",
    "cp932", "euc_jp", "gb18030", "big5", "cp949",
]  # fmt: skip
_HINT = "give subtitles as SubRip (.srt), WebVTT (.vtt) or SubStation (.ass)"


@dataclass(frozen=True)
class Cue:
    """Something said from ``start`` to ``end``, seconds from the film's first picture.

    ``number`` counts the cues of the file from 0, those without words too. ``text`` is one line of plain text;
    ``speakers`` how many take turns in it; ``sung`` where it is a song's.
    """

    number: int
    start: Fraction
    end: Fraction
    text: str
    speakers: int = 1
    sung: bool = False


def read_subtitles(path: Path, rate: Fraction | None = None) -> list[Cue]:
    """The cues of a subtitle file in the order of time: SubRip, WebVTT, SubStation and whatever else pysubs2 reads.

    Of any encoding. Cues without words or without length, and repeated ones, are left out; they may overlap.

    Args:
        path: the file; its zero is the film's first picture.
        rate: frames a second, for formats that count frames.

    Raises:
        InputError: it is missing, empty, binary, too large, of no known format, or has no cue.
    """
    import pysubs2

    text = _bounded(_decoded(path))
    try:
        # pysubs2 warns of times it cannot write; nothing is written.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = pysubs2.SSAFile.from_string(text, fps=float(rate) if rate else None, keep_html_tags=True)
    except pysubs2.exceptions.UnknownFPSError as error:
        raise InputError(f"{path} counts frames, and does not say how many a second", hint=_HINT) from error
    except Exception as error:  # its readers let through whatever they come upon in a damaged file
        raise InputError(f"{path} holds no subtitles that can be read", str(error).partition("\n")[0], _HINT) from error
    blocks = found.format in ("srt", "vtt")
    cues = clean_cues(
        (
            number,
            Fraction(event.start, 1000),
            Fraction(event.end, 1000),
            _own_text(event.text) if blocks else event.text,
        )
        for number, event in enumerate(found.events)
        if not event.is_comment and not event.is_drawing
    )
    if not cues:
        raise InputError(f"nothing is said in {path}", f"it was read as {found.format}, and no cue has words", _HINT)
    return cues


def clean_cues(raw: Iterable[tuple[int, Fraction, Fraction, str]]) -> list[Cue]:
    """Cues from (number, start, end, text with tags), sorted by time; those in which nobody speaks are left out."""
    cues: dict[tuple[Fraction, Fraction, str], Cue] = {}
    for number, start, end, text in raw:
        said = spoken(text)
        start = max(start, Fraction(0))
        if said.text and end > start:
            cues.setdefault((start, end, said.text), Cue(number, start, end, said.text, said.speakers, said.sung))
    return sorted(cues.values(), key=lambda cue: (cue.start, cue.end, cue.number))


def _own_text(text: str) -> str:
    """A cue ends at an empty line: after it come the name of the next one, or a remark of the author's."""
    return text.split("\\N\\N", 1)[0]


def _decoded(path: Path) -> str:
    try:
        require_file(path)
        size = path.stat().st_size
        if size > _MOST_BYTES:
            raise InputError(f"{path} has {size / 1e6:.0f} MB, subtitles have less", hint=_HINT)
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {path}", error.strerror) from error
    if not raw.strip():
        raise InputError(f"{path} is empty", hint=_HINT)
    name = _encoding(raw)
    if name is None:
        raise InputError(f"{path} is no text", "its bytes are of no encoding that subtitles have", _HINT)
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
    found = from_bytes(telling, cp_isolation=_CODE_PAGES)
    best = found.best()
    if best is None:
        return None
    # The Western page shares most letters with its eastern neighbours; of equally clean readings it is the likelier.
    clean = {match.encoding for match in found if match.chaos <= best.chaos}
    return "cp1252" if best.encoding in ("cp1250", "cp1257") and "cp1252" in clean else best.encoding


def _bounded(text: str) -> str:
    """Text on which no reader takes long: patterns of pysubs2 need the square of a line's length, or of a gap's."""
    text = re.sub(r"[ \t\0]+$", "", text.replace("\r\n", "\n").replace("\r", "\n"), flags=re.MULTILINE)
    text = re.sub(r"\n{3,}", "\n\n", text)
    if re.match(r"\s*(<|[\[{]\s*[\"{])", text):  # XML, SAMI and JSON may be one line, and are read otherwise
        return text
    return "\n".join(line[:_LONGEST_LINE] for line in text.split("\n"))
