"""Colour tags: code points of ITU-T H.273 (ISO/IEC 23091-2), by the names that ffmpeg's filters take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from av.video.frame import VideoFrame

_PRIMARIES = {
    1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "film", 9: "bt2020", 10: "smpte428",
    11: "smpte431", 12: "smpte432",
}  # fmt: skip
_TRANSFERS = {
    1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "linear", 9: "log100", 10: "log316",
    11: "iec61966-2-4", 12: "bt1361e", 13: "iec61966-2-1", 14: "bt2020-10", 15: "bt2020-12", 16: "smpte2084",
    17: "smpte428", 18: "arib-std-b67",
}  # fmt: skip
_MATRICES = {
    0: "gbr", 1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "ycgco", 9: "bt2020nc",
    10: "bt2020c", 11: "smpte2085", 12: "chroma-derived-nc", 13: "chroma-derived-c", 14: "ictcp", 15: "ipt-c2",
    16: "ycgco-re", 17: "ycgco-ro",
}  # fmt: skip
_NOT_CONVERTED = {
    "ycgco", "bt2020c", "smpte2085", "chroma-derived-nc", "chroma-derived-c", "ictcp", "ipt-c2", "ycgco-re", "ycgco-ro",
}  # fmt: skip
"""Matrices that ffmpeg's scaler does not know: their colours would be others."""
_RANGES = {1: "tv", 2: "pc"}
_UNSPECIFIED = 2


@dataclass(frozen=True)
class Colour:
    """Colour tags as ffmpeg names them; None where the film does not say.

    ``unknown`` has the tags whose number trailers cannot carry, as text: ``primaries 22``. They count as untagged.
    """

    primaries: str | None
    transfer: str | None
    matrix: str | None
    range: str | None
    unknown: tuple[str, ...] = ()

    @property
    def is_hdr(self) -> bool:
        """True for PQ and HLG."""
        return self.transfer in ("smpte2084", "arib-std-b67")

    @property
    def is_convertible(self) -> bool:
        """True where pictures can be shown as red, green and blue."""
        return self.matrix not in _NOT_CONVERTED


def colour_of(picture: VideoFrame) -> Colour:
    """The tags of a decoded picture."""
    space = picture.colorspace
    tags: tuple[tuple[str, int, Mapping[int, str]], ...] = (
        ("primaries", int(picture.color_primaries or 0), _PRIMARIES),
        ("transfer", int(picture.color_trc or 0), _TRANSFERS),
        ("matrix", _UNSPECIFIED if space is None else int(space), _MATRICES),
        ("range", int(picture.color_range or 0), _RANGES),
    )
    silent = (0, _UNSPECIFIED)
    unknown = tuple(f"{name} {number}" for name, number, names in tags if number not in names and number not in silent)
    primaries, transfer, matrix, levels = (names.get(number) for _, number, names in tags)
    return Colour(primaries, transfer, matrix, levels, unknown)
