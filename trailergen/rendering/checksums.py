"""Checksums of encoded segments and soundtracks, in small files beside them: that they are whole, and that their
pictures were seen, or their sound heard, to be as planned."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from av.audio.stream import AudioStream
from av.packet import Packet
from av.video.stream import VideoStream

from trailergen.runtime.cache import atomic_output, discard_folder, file_sha256

_TEXT = re.compile(r"sha256 ([0-9a-f]{64})\n(?:seen ([0-9a-f]{64})\n)?")


@dataclass(frozen=True)
class Checksum:
    """SHA-256 of a file, and the fingerprint of its pictures, or of its sound, once they were seen to be as planned."""

    sha256: str
    seen: str | None = None


@dataclass(frozen=True)
class Fingerprints:
    """Those of a trailer's pieces, and that of its sound; None for what was not seen, or heard, to be as planned."""

    pieces: tuple[str | None, ...] = ()
    sound: str | None = None


def fingerprint(headers: bytes | None, packets: Iterable[Packet[VideoStream]]) -> str:
    """SHA-256 over all that a decoder is given: the codec's headers, the packets, and the order they are shown in.

    Pictures that start with an IDR picture are the same wherever they have the same fingerprint.
    """
    digest, facts = hashlib.sha256(headers or b""), []
    for packet in packets:
        digest.update(packet)
        facts.append((packet.pts or 0, packet.size))
    first = sorted(pts for pts, _ in facts)
    digest.update(repr([(first.index(pts), size) for pts, size in facts]).encode())
    return digest.hexdigest()


def sound_fingerprint(headers: bytes | None, packets: Iterable[Packet[AudioStream]]) -> str:
    """SHA-256 over the codec's headers, the packets, and the seconds at which they are heard."""
    digest, times = hashlib.sha256(headers or b""), []
    for packet in packets:
        digest.update(packet)
        times.append(str((packet.pts or 0) * packet.time_base))
    digest.update(" ".join(times).encode())
    return digest.hexdigest()


def write_checksum(segment: Path, seen: str | None = None) -> None:
    """Remember a segment as whole. Raises OutputError if it cannot be written, OSError if the segment cannot be
    read."""
    text = f"sha256 {file_sha256(segment)}\n" + (f"seen {seen}\n" if seen else "")
    path = _path(segment)
    discard_folder(path)
    with atomic_output(path) as temporary:
        temporary.write_text(text, encoding="ascii")


def read_checksum(segment: Path) -> Checksum | None:
    """The checksum of a segment; None if there is none, or a spoilt one."""
    try:
        found = _TEXT.fullmatch(_path(segment).read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError):
        return None
    return Checksum(*found.groups()) if found else None


def is_intact(segment: Path) -> bool:
    """True for a segment that is what its checksum says: neither a disk's fault nor a power cut spoilt it."""
    known = read_checksum(segment)
    try:
        return known is not None and file_sha256(segment) == known.sha256
    except OSError:
        return False


def _path(segment: Path) -> Path:
    return segment.with_suffix(".checksum")
