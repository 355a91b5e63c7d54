"""The text of a timeline file, in whatever encoding a program wrote it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterator

from trailergen.timeline.read.names import folded

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
_LOCAL = ("cp1252", "mac_roman", "cp1250", "cp1251", "cp932", "gb18030", "cp949")
"""Encodings of one region's computers, the likeliest first: nothing in a file tells them apart."""


def decode(data: bytes, known: Collection[str] = ()) -> str:
    """The text of a file, without byte order mark.

    Args:
        data: the file.
        known: names that it may hold; of the encodings that could be meant, the one in which it does is taken.
    """
    return _decode(data, known).lstrip("\ufeff").rstrip("\0")


def lines_of(text: str) -> list[str]:
    """Lines that end as those of Unix, Windows or old Macs do, and nowhere else."""
    return re.split(r"\r\n|\r|\n", text)


def _decode(data: bytes, known: Collection[str]) -> str:
    for encoding in _named(data):
        try:
            return data.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    stems = [stem for name in known if not (stem := folded(name).rpartition(".")[0] or folded(name)).isascii()]
    is_mac = b"\r" in data and b"\n" not in data
    encodings = sorted(_LOCAL, key=lambda encoding: encoding != "mac_roman") if is_mac else _LOCAL
    readings = [data.decode(encoding, errors="replace") for encoding in encodings]
    return next((text for text in readings if any(stem in folded(text) for stem in stems)), readings[0])


def _named(data: bytes) -> Iterator[str]:
    """Encodings that the file itself tells, then UTF-8."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            yield encoding
    # Most characters of a timeline are ASCII: in UTF-16 every other byte is zero.
    zeros = [_share_of_zeros(data[first:4096:2]) for first in (0, 1)]
    if min(zeros) < 1 / 3 < max(zeros):
        yield "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    # A declaration that can be read as it stands is of one byte a letter, whatever it says of UTF-16.
    if (declared := _DECLARED.match(data)) and not declared[1].lower().startswith((b"utf-16", b"utf-32", b"ucs")):
        yield declared[1].decode("ascii")
    yield "utf-8"


def _share_of_zeros(data: bytes) -> float:
    return data.count(0) / max(1, len(data))
