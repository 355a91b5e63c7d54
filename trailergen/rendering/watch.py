"""Look at a finished trailer: the time of every frame, small pictures of those that were not seen before, the sound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from trailergen.errors import InputError
from trailergen.media.container import open_media
from trailergen.rendering.checksums import Fingerprints, fingerprint, sound_fingerprint
from trailergen.runtime.progress import Tick

THUMBNAIL = (48, 27)

Thumbnails = NDArray[np.uint8]


@dataclass(frozen=True)
class Piece:
    """Frames ``[start, end)`` of a trailer, which start with an IDR picture, and the fingerprint they had when they
    were seen to be right, None if they never were."""

    start: int
    end: int
    seen: str | None = None


@dataclass(frozen=True)
class Watched:
    """Everything that was seen of a trailer.

    Attributes:
        size: (width, height).
        times: seconds at which the frames are shown.
        thumbnails: (frames, height, width) of brightness, black 16 and white 235; black for what was not decoded.
        fingerprints: of the pieces, none if the trailer has not their number of frames; and of the sound.
        skipped: the numbers of the pieces that have the fingerprint they were seen with, and were not decoded.
        audio_end: seconds at which the sound ends.
        samples: (samples, channels) of the sound; None if it has the fingerprint it was heard with.
    """

    size: tuple[int, int]
    times: list[Fraction]
    thumbnails: Thumbnails
    fingerprints: Fingerprints
    skipped: frozenset[int]
    audio_end: Fraction
    samples: NDArray[np.float32] | None


def watch(path: Path, pieces: Sequence[Piece], heard: str | None, tick: Tick) -> Watched:
    """Decode a trailer, but for the pieces that were seen before, and the sound if it was heard before.

    Args:
        path: the trailer.
        pieces: of it, which follow each other without a gap.
        heard: the fingerprint that the sound had when it was heard to be right, None if it never was.
        tick: called with frames.

    Raises:
        InputError: it cannot be read, or lacks pictures or sound.
    """
    shown, fingerprints = _packets(path, pieces)
    known = heard is not None and fingerprints.sound == heard
    skipped = frozenset(k for k, found in enumerate(fingerprints.pieces) if found == pieces[k].seen)
    wanted = np.ones(len(shown), bool)
    for k in skipped:
        wanted[pieces[k].start : pieces[k].end] = False
        tick(pieces[k].end - pieces[k].start)
    place = {time: k for k, time in enumerate(sorted(shown))}
    times = [time for time, k in place.items() if not wanted[k]]
    thumbnails: Thumbnails = np.full((len(shown), *THUMBNAIL[::-1]), 16, np.uint8)
    sounds: list[NDArray[np.float32]] = []
    with open_media(path) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        video.codec_context.thread_type = "AUTO"
        for frame in _decoded(container, video, None if known else audio, wanted):
            if isinstance(frame, VideoFrame):
                time = (frame.pts or 0) * Fraction(video.time_base or 0)
                times.append(time)
                if time in place:
                    thumbnails[place[time]] = grey(frame, THUMBNAIL)
                tick(1)
            else:
                sounds.append(_planes(frame))
        audio_end = (audio.duration or 0) * Fraction(audio.time_base or 0)
        size = (video.width, video.height)
    samples = None if known else np.concatenate(sounds, axis=1).T if sounds else np.empty((0, 2), np.float32)
    return Watched(size, sorted(times), thumbnails, fingerprints, skipped, audio_end, samples)


def _packets(path: Path, pieces: Sequence[Piece]) -> tuple[list[Fraction], Fingerprints]:
    """Times at which the packets' pictures are shown, in the order of the file, and the fingerprints."""
    times: list[Fraction] = []
    fingerprints = []
    with open_media(path) as container:
        if not (container.streams.video and container.streams.audio):
            raise InputError(f"{path} lacks its pictures or its sound")
        video = container.streams.video[0]
        base = Fraction(video.time_base or 0)

        def timed() -> Iterator[Packet[VideoStream]]:
            for packet in container.demux(video):
                if packet.size:
                    times.append((packet.pts or 0) * base)
                    yield packet

        packets = timed()
        headers = video.codec_context.extradata
        for piece in pieces:
            fingerprints.append(fingerprint(headers, islice(packets, piece.end - piece.start)))
        for _ in packets:
            pass
    with open_media(path) as container:
        audio = container.streams.audio[0]
        packets_heard = (packet for packet in container.demux(audio) if packet.size)
        sound = sound_fingerprint(audio.codec_context.extradata, packets_heard)
    as_planned = bool(pieces) and len(times) == pieces[-1].end
    return times, Fingerprints(tuple(fingerprints) if as_planned else (), sound)


def _decoded(
    container: InputContainer, video: VideoStream, audio: AudioStream | None, wanted: NDArray[np.bool_]
) -> Iterator[VideoFrame | AudioFrame]:
    """The sound if it is wanted, and the pictures of the packets that are; what cannot be decoded is left out."""
    place, running, context = 0, False, video.codec_context
    for packet in container.demux(*(stream for stream in (video, audio) if stream)):
        frames: list[object] = []
        try:
            if packet.stream is not audio and packet.size:
                place += 1
                if wanted[place - 1]:
                    frames, running = [*packet.decode()], True
                elif running:
                    frames, running = [*context.decode(None)], False
                    context.flush_buffers()
            else:
                frames = [*packet.decode()]
        except av.error.InvalidDataError:
            continue
        except av.error.EOFError:
            return
        yield from (frame for frame in frames if isinstance(frame, VideoFrame | AudioFrame))


def _planes(frame: AudioFrame) -> NDArray[np.float32]:
    """Samples of AAC or of 24 bit PCM, which is decoded into the upper bits of 32: (channels, samples)."""
    samples = frame.to_ndarray()
    if frame.format.is_planar:
        return samples.astype(np.float32)
    return samples.reshape(-1, len(frame.layout.channels)).T.astype(np.float32) / np.float32(1 << 31)


def grey(frame: VideoFrame, size: tuple[int, int]) -> Thumbnails:
    """The brightness of a picture at (width, height), black 16 and white 235: (height, width)."""
    # Not by format="gray": for that, colours are converted between the matrices of the tags, and green gets darker.
    planes = frame.reformat(
        *size,
        format="yuv444p",
        interpolation="AREA",
        src_colorspace="ITU709",
        dst_colorspace="ITU709",
        dst_color_range="MPEG",
    ).to_ndarray()
    return np.asarray(planes[0], np.uint8)
