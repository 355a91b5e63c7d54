"""Decode what a container holds as players do: damage is stepped over, a clock that restarts goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av.error
import av.stream
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from trailergen.errors import InputError

_Discard = getattr(av.stream, "Discard", None)
"""Older versions of PyAV do without."""
_RESTART_S = 1
"""Timestamps of decoding never step back; where they do by more than this, another recording begins."""
_GAP_S = 10
"""A jump ahead by more than this is another recording, too, in formats whose clock may jump (ffmpeg's rule)."""
_MAY_JUMP = 0x0200
"""AVFMT_TS_DISCONT of libavformat."""
_A_PICTURE_A_PACKET = {"h264", "hevc", "mpeg1video", "mpeg2video", "vvc"}
"""Decoders that show a picture for each packet. Others have packets that show none."""
_GIVE_UP = 1000
"""So many faults in a row, without a packet between them, are the end of what can be read."""


@dataclass
class Damage:
    """Counts of everything that was not read as it stands.

    Args:
        packets: of pictures or sound that could not be read or decoded, and were left out.
        seconds: that they would have lasted, as far as they say.
        lost: pictures whose packets are there, and which did not come out of the decoder.
        flawed: pictures of which the decoder says that parts are made up.
        restarts: jumps of the clock that were straightened.
        ties: pictures whose time was not after that of the one before them.
        other_shapes: pictures of another shape than the first, fitted into it.
    """

    packets: int = 0
    seconds: float = 0.0
    lost: int = 0
    flawed: int = 0
    restarts: int = 0
    ties: int = 0
    other_shapes: int = 0


def decode(
    container: InputContainer, *streams: VideoStream | AudioStream, damage: Damage | None = None
) -> Iterator[VideoFrame | AudioFrame]:
    """Decode pictures and sound from where the container stands to its end.

    Packets that cannot be read or decoded are left out. Streams that are not asked for are not read, so that their
    faults end nothing. Where the clock restarts, timestamps go on from those before it.

    Args:
        container: an open file.
        streams: of it, to be decoded together.
        damage: is told of everything that was not read as it stands.

    Raises:
        InputError: the first stream is of an unknown codec, or encrypted.
    """
    damage = damage if damage is not None else Damage()
    if streams[0].codec_context is None:
        raise _refusal(container, streams[0], "is of a codec that this build of PyAV cannot decode")
    clock = _Clock(bool(container.format.flags & _MAY_JUMP), damage)
    awaited, main = 0, streams[0]
    countable = main.codec_context.name in _A_PICTURE_A_PACKET
    for packet in packets_of(container, streams, damage):
        clock.straighten(packet)
        if packet.stream is main and _is_encrypted(packet):
            raise _refusal(container, main, "is encrypted")
        awaited += bool(countable and packet.stream is main and packet.size and not packet.is_discard)
        try:
            frames = packet.decode()
        except av.error.EOFError:  # a decoder that was emptied already
            continue
        except (av.error.FFmpegError, ValueError):
            damage.packets += 1
            awaited -= packet.stream is main
            if packet.duration and packet.time_base:
                damage.seconds += float(packet.duration * packet.time_base)
            continue
        for frame in frames:
            if isinstance(frame, VideoFrame):
                awaited -= 1
                damage.flawed += bool(frame.is_corrupt)
            if isinstance(frame, VideoFrame | AudioFrame):
                yield frame
    if countable:
        damage.lost = max(0, awaited)


def _is_encrypted(packet: Packet[Any]) -> bool:
    """As ISO/IEC 23001-7 says it; older versions of PyAV do not tell."""
    return hasattr(packet, "has_sidedata") and packet.has_sidedata("encryption_info")


def _refusal(container: InputContainer, stream: Stream, why: str) -> InputError:
    return InputError(
        f"stream {stream.index} ({stream.type}) of {container.name.removeprefix('file:')} {why}",
        hint="convert the file first, with a program that plays it",
    )


def packets_of(container: InputContainer, streams: Sequence[Stream], damage: Damage) -> Iterator[Packet[Any]]:
    """Packets of the streams, and at the end an empty one of each, which has a decoder give what it still holds.

    Faults in the file are stepped over, and told to ``damage``; other streams are not read.
    """
    read_only(container, streams)
    faults = 0
    packets = container.demux(*streams)
    while faults < _GIVE_UP:
        try:
            packet = next(packets, None)
        except av.error.EOFError:
            break
        except IndexError:  # a stream that the header did not announce
            break
        except av.error.FFmpegError:
            # Reading goes on behind the fault. The generator that met it has ended.
            faults += 1
            damage.packets += 1
            packets = container.demux(*streams)
            continue
        if packet is None:
            return
        faults = 0
        yield packet
    yield from (_emptying(stream) for stream in streams)


def _emptying(stream: Stream) -> Packet[Any]:
    packet = Packet()
    packet.stream = stream
    return packet


def read_only(container: InputContainer, streams: Sequence[Stream]) -> None:
    """Have the demuxer pass over all other streams. A seek that names none goes by those that are read."""
    if _Discard is not None:
        for stream in container.streams:
            stream.discard = _Discard.default if stream in streams else _Discard.all


class _Clock:
    """Timestamps of one run through a file, which go on where the file's restart."""

    def __init__(self, may_jump: bool, damage: Damage) -> None:
        self._may_jump = may_jump
        self._damage = damage
        self._offset = Fraction(0)  # seconds
        self._last: dict[int, int] = {}  # timestamps of decoding, straightened, by stream

    def straighten(self, packet: Packet[Any]) -> None:
        """Move the packet's timestamps by what the clock has jumped so far."""
        stamp = packet.dts if packet.dts is not None else packet.pts
        base = packet.time_base
        if stamp is None or not base:
            return
        shift = round(self._offset / base) if self._offset else 0
        last = self._last.get(packet.stream_index)
        if last is not None:
            step = stamp + shift - last
            if step * base < -_RESTART_S or (self._may_jump and step * base > _GAP_S):
                self._damage.restarts += 1
                moved = (packet.duration or 1) - step
                self._offset += moved * base
                shift += moved
        self._last[packet.stream_index] = stamp + shift
        if shift:
            packet.dts = None if packet.dts is None else packet.dts + shift
            packet.pts = None if packet.pts is None else packet.pts + shift
