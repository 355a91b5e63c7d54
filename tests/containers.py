"""Containers changed byte by byte into what no version of ffmpeg that tests may meet writes by itself."""

from __future__ import annotations

import struct
from pathlib import Path

_ANCESTORS = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"avc1")


def crop_matroska(path: Path, left: int, right: int, top: int, bottom: int) -> Path:
    """Have the first track hide lines (PixelCrop, RFC 9559), in place of its colours, which must be four or more."""
    data = bytearray(path.read_bytes())
    at = data.index(b"\x55\xb0")  # the colours: two bytes of name, one of size, then elements of four bytes each
    size = data[at + 2] & 0x7F
    names = (b"\x54\xcc", b"\x54\xdd", b"\x54\xbb", b"\x54\xaa")
    edges = b"".join(name + bytes((0x81, lines)) for name, lines in zip(names, (left, right, top, bottom), strict=True))
    void = 3 + size - len(edges) - 2
    data[at : at + 3 + size] = edges + bytes((0xEC, 0x80 | void)) + bytes(void)
    path.write_bytes(data)
    return path


def crop_mp4(path: Path, clean: tuple[int, int], offset: tuple[int, int]) -> Path:
    """Give the first track, of H.264 and in a file that ends with its header, a clean aperture (ISO/IEC 14496-12).

    Args:
        path: the file, changed.
        clean: (width, height) that is shown.
        offset: of its centre from that of the coded picture.
    """
    data = bytearray(path.read_bytes())
    assert data.index(b"mdat") < data.index(b"moov")
    box = struct.pack(">I4s4I4i", 40, b"clap", clean[0], 1, clean[1], 1, offset[0], 1, offset[1], 1)
    at = data.index(b"moov")
    for name in _ANCESTORS:
        at = data.index(name, at)
        grown = struct.unpack_from(">I", data, at - 4)[0] + len(box)
        struct.pack_into(">I", data, at - 4, grown)
    end = at - 4 + grown - len(box)
    data[end:end] = box
    path.write_bytes(data)
    return path
