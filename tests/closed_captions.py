"""Closed captions of CEA-608 made here, and films that carry them: in SEI of H.264, in user data of MPEG-2, as SCC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import av
import ffmpeg

from trailergen.media.ffmpeg import file_url, run

Pair = tuple[int, int]
RATE = Fraction(30_000, 1001)
EMPTY: Pair = (0x80, 0x80)


def _odd(byte: int) -> int:
    """The byte with the parity that each of CEA-608 has."""
    return byte | (0 if bin(byte).count("1") % 2 else 0x80)


def command(first: int, second: int) -> list[Pair]:
    """A command, twice as they are sent."""
    return [(_odd(first), _odd(second))] * 2


def letters(text: str) -> list[Pair]:
    """The letters of a text in ASCII, two a pair."""
    data = text.encode("ascii") + b"\0" * (len(text) % 2)
    return [(_odd(data[at]), _odd(data[at + 1])) for at in range(0, len(data), 2)]


LOAD, END, ERASE, CLEAR = (command(0x14, code) for code in (0x20, 0x2F, 0x2C, 0x2E))
ROLL_2, RETURN, PAINT = (command(0x14, code) for code in (0x25, 0x2D, 0x29))
ROW_14, ROW_15 = command(0x14, 0x50), command(0x14, 0x70)


def pop_on(*lines: str) -> list[Pair]:
    """A caption of one or two lines that is loaded, and shown by ``END``."""
    rows = [ROW_14, ROW_15][-len(lines) :]
    return LOAD + CLEAR + [pair for row, line in zip(rows, lines, strict=True) for pair in row + letters(line)]


def roll_up(line: str) -> list[Pair]:
    """A line that rolls up those above it while it is written."""
    return ROLL_2 + RETURN + ROW_15 + letters(line)


def laid_out(parts: Mapping[int, Sequence[Pair]]) -> dict[int, Pair]:
    """A pair for each picture from those on at which parts begin."""
    found: dict[int, Pair] = {}
    for start, pairs in parts.items():
        own = {start + at: pair for at, pair in enumerate(pairs)}
        assert not found.keys() & own.keys(), f"no room at {start}"
        found |= own
    return found


def scc(pairs: Mapping[int, Pair], drop: bool = False) -> str:
    """A file of Scenarist's with a line for each pair, less than a minute long."""
    mark = ";" if drop else ":"
    rows = [f"00:00:{at // 30:02}{mark}{at % 30:02}\t{a:02x}{b:02x}\n" for at, (a, b) in sorted(pairs.items())]
    return "\n".join(["Scenarist_SCC V1.0\n", *rows])


def _user_data(first: Pair | None, more: bytes = b"") -> bytes:
    """ATSC A/53 part 4, 6.2.3: with a pair of the first field, an empty one of the second, and ``more`` triples."""
    triples = bytes((0xFC, *(first or EMPTY), 0xFD, *EMPTY)) + more
    return b"GA94\x03" + bytes((0xC0 | len(triples) // 3, 0xFF)) + triples + b"\xff"


def with_captions(film: Path, path: Path, pairs: Mapping[int, Pair], more: bytes = b"") -> Path:
    """A film of H.264 or HEVC in MP4, or of MPEG-2, whose pictures carry captions, one pair each.

    Args:
        film: what gets them; pictures at a constant rate.
        path: the film with them, its sound left out.
        pairs: by the number of the picture, as shown.
        more: triples that every picture carries besides.
    """
    with av.open(str(film)) as source, av.open(str(path), "w") as target:
        stream = source.streams.video[0]
        copied = target.add_stream_from_template(stream)
        packets = [packet for packet in source.demux(stream) if packet.size]
        order = {stamp: number for number, stamp in enumerate(sorted(packet.pts or 0 for packet in packets))}
        for packet in packets:
            user_data = _user_data(pairs.get(order[packet.pts or 0]), more)
            new = av.Packet(_INSERT[stream.codec_context.name](bytes(packet), user_data))
            new.stream, new.pts, new.dts, new.time_base = copied, packet.pts, packet.dts, packet.time_base
            new.duration, new.is_keyframe = packet.duration, packet.is_keyframe
            target.mux(new)
    return path


def _in_h264(packet: bytes, user_data: bytes, header: bytes = b"\x06") -> bytes:
    """The packet of a file that gives lengths, with an SEI before everything else (ITU-T H.264, 7.3.2.3 and D.1.6)."""
    payload = b"\xb5\x00\x31" + user_data
    sei = header + b"\x04" + bytes((len(payload),)) + payload + b"\x80"
    assert not any(bytes((0, 0, code)) in sei for code in range(4)), "needs emulation prevention"
    return len(sei).to_bytes(4, "big") + sei + packet


def _in_mpeg2(packet: bytes, user_data: bytes) -> bytes:
    """The packet with user data before the first slice (ISO/IEC 13818-2, 6.2.2.2)."""
    at = packet.index(b"\0\0\1\x01")
    return packet[:at] + b"\0\0\1\xb2" + user_data + packet[at:]


def _in_hevc(packet: bytes, user_data: bytes) -> bytes:
    """The same with the header of a prefix SEI of HEVC (ITU-T H.265, 7.3.1.2)."""
    return _in_h264(packet, user_data, b"\x4e\x01")


_INSERT = {"h264": _in_h264, "hevc": _in_hevc, "mpeg2video": _in_mpeg2}


def with_track(film: Path, path: Path, pairs: Mapping[int, Pair]) -> Path:
    """A film as QuickTime with a track of captions (c608), as ffmpeg writes one: times of 33 ms a frame."""
    text = path.with_suffix(".scc")
    text.write_text(scc(pairs))
    inputs = [ffmpeg.input(str(film))["v"], ffmpeg.input(str(text), format="scc")["s"]]
    run(ffmpeg.output(*inputs, file_url(path), format="mov", vcodec="copy", scodec="copy"))
    return path
