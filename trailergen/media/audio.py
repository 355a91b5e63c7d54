"""Sound as samples: any file ffmpeg can read, at the rate and with the channels asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Literal

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.frame import Frame
from numpy.typing import NDArray

from trailergen.errors import InputError
from trailergen.media.container import open_media
from trailergen.media.decoding import Damage, decode, read_only

_LAYOUTS = {1: "mono", 2: "stereo"}
_RUN_UP = Fraction(1, 2)
"""Seconds decoded before a span: the first packets after a seek sound of what was not decoded."""
_BREAK = Fraction(1, 100)
"""Seconds by which timestamps may jump before it counts as a gap in the sound."""


def read_audio(
    path: Path, rate: int, channels: Literal[1, 2], stream: int | None = None, damage: Damage | None = None
) -> NDArray[np.float32]:
    """Decode a whole sound stream.

    The first sample is the first decoded one, whatever its timestamp; packets that cannot be decoded are left
    out. Other channel layouts are mixed by ffmpeg's resampler, which keeps power, so that a sum of channels may pass
    full scale. Memory is that of the result.

    Args:
        path: a film or a piece of music; cover pictures do not matter.
        rate: samples per second of the result.
        channels: 1 (mono) or 2 (stereo).
        stream: index of the stream in the file; by default the one ffmpeg holds for the best.
        damage: is told of everything that was left out (see media/decoding.py).

    Returns:
        (samples, channels) float32, finite, full scale 1.

    Raises:
        InputError: unreadable, without sound, or without a single sample that can be decoded.
    """
    # One growing buffer: collecting arrays and joining them would hold everything twice.
    collected = bytearray()
    for block in stream_audio(path, rate, channels, stream, damage):
        collected += block.tobytes()
    if not collected:
        raise InputError(
            f"no sample of the sound stream {'' if stream is None else f'{stream} '}of {path} can be decoded",
            hint="check that it plays; if it does, convert it with ffmpeg first",
        )
    return np.frombuffer(collected, np.float32).reshape(-1, channels)


def stream_audio(
    path: Path, rate: int, channels: Literal[1, 2], stream: int | None = None, damage: Damage | None = None
) -> Iterator[NDArray[np.float32]]:
    """The samples of ``read_audio`` as they are decoded: (n, channels) float32 blocks of any length.

    Raises:
        InputError: unreadable, or without sound.
    """
    with open_media(path) as container:
        chosen = _sound_stream(container, path, stream)
        try:
            for frame in _resampled(decode(container, chosen, damage=damage), rate, channels):
                samples = frame.to_ndarray().reshape(-1, channels)
                yield np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0)
        except (ValueError, NotImplementedError) as error:
            raise InputError(f"cannot convert the sound of {path}", str(error)) from error


def read_spans(
    path: Path,
    rate: int,
    channels: Literal[1, 2],
    spans: Sequence[tuple[Fraction, Fraction]],
    stream: int | None = None,
    in_order: bool = False,
) -> Iterator[NDArray[np.float32]]:
    """The sound between points of time.

    Memory is that of one span, which is sought after the other; of all where the file is read from its start.

    Args:
        path: a film.
        rate: samples per second of the result.
        channels: 1 (mono) or 2 (stereo).
        spans: (start, end) in seconds of the file's own timestamps.
        stream: index of the stream in the file; by default the one ffmpeg holds for the best.
        in_order: read the file from its start (see ``FilmInfo``).

    Yields:
        (samples, channels) float32 per span, its length rounded to a sample, each sample at its time to within one;
        silence where the file has none.

    Raises:
        InputError: unreadable, or without sound.
    """
    with open_media(path) as container:
        chosen = _sound_stream(container, path, stream)
        frames = _in_order(container, chosen, spans) if in_order else _sought(container, chosen, spans)
        for (start, end), heard in zip(spans, frames, strict=True):
            found = np.zeros((round((end - start) * rate), channels), np.float32)
            for at, samples in _runs(heard, rate, channels):
                first = round((at - start) * rate)
                skipped = max(0, -first)
                room = found[max(0, first) :]
                part = samples[skipped : skipped + len(room)]
                room[: len(part)] = part
            yield found


def _sought(
    container: InputContainer, stream: AudioStream, spans: Iterable[tuple[Fraction, Fraction]]
) -> Iterator[Iterator[AudioFrame]]:
    """The frames of each span, with some more on both sides."""
    for start, end in spans:
        # To a keyframe of the picture, as before any reading: what a decoder makes up depends on where it began.
        read_only(container, tuple(container.streams))
        container.seek(max(0, int((start - _RUN_UP) * 1_000_000)), backward=True)
        yield takewhile(partial(_begins_before, end + _RUN_UP / 10), _timed(decode(container, stream)))


def _in_order(
    container: InputContainer, stream: AudioStream, spans: Sequence[tuple[Fraction, Fraction]]
) -> list[list[AudioFrame]]:
    """The same from one reading of the whole file."""
    found: list[list[AudioFrame]] = [[] for _ in spans]
    last = max((end for _, end in spans), default=Fraction(0)) + _RUN_UP / 10
    for frame in takewhile(partial(_begins_before, last), _timed(decode(container, stream))):
        at = _time(frame)
        for (start, end), frames in zip(spans, found, strict=True):
            if start - _RUN_UP <= at <= end + _RUN_UP / 10:
                frames.append(frame)
    return found


def _timed(frames: Iterable[Frame]) -> Iterator[AudioFrame]:
    return (
        frame
        for frame in frames
        if isinstance(frame, AudioFrame) and frame.pts is not None and frame.time_base is not None
    )


def _begins_before(end: Fraction, frame: AudioFrame) -> bool:
    return _time(frame) <= end


def _time(frame: AudioFrame) -> Fraction:
    return (frame.pts or 0) * Fraction(frame.time_base or 0)


def _runs(frames: Iterable[AudioFrame], rate: int, channels: int) -> Iterator[tuple[Fraction, NDArray[np.float32]]]:
    """Times and samples of unbroken stretches of sound."""
    run: list[AudioFrame] = []
    began, expected = Fraction(0), Fraction(0)
    for frame in frames:
        at = _time(frame)
        if run and abs(at - expected) > _BREAK:
            yield began, _samples_of(run, rate, channels)
            run = []
        if not run:
            began = at
        run.append(frame)
        expected = at + Fraction(frame.samples, frame.sample_rate)
    if run:
        yield began, _samples_of(run, rate, channels)


def _samples_of(frames: list[AudioFrame], rate: int, channels: int) -> NDArray[np.float32]:
    blocks = [frame.to_ndarray().reshape(-1, channels) for frame in _resampled(frames, rate, channels)]
    samples = np.concatenate(blocks) if blocks else np.zeros((0, channels), np.float32)
    return np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0)


def _sound_stream(container: InputContainer, path: Path, index: int | None) -> AudioStream:
    """The stream with this index, or the best one. Raises InputError if it is none of sound."""
    if index is None:
        best = container.streams.best("audio")
        if isinstance(best, AudioStream):
            return best
        raise InputError(f"{path} has no sound", hint="give a file with a sound stream")
    numbers = {s.index: s for s in container.streams.audio}
    if index in numbers:
        return numbers[index]
    raise InputError(
        f"{path} has no sound stream {index}",
        f"its sound streams: {', '.join(map(str, numbers)) or 'none'}",
        "`ffprobe FILE` lists them",
    )


def _resampled(frames: Iterable[Frame], rate: int, channels: int) -> Iterator[AudioFrame]:
    """Convert frames; a badly joined file may change its rate or layout on the way."""
    resampler, form = None, None
    for frame in frames:
        if not isinstance(frame, AudioFrame):
            continue
        frame.pts = None  # The resampler would take a jump of the timestamps for an error.
        found = (frame.format.name, frame.layout.name, frame.sample_rate)
        if resampler is None or found != form:
            if resampler is not None:
                yield from resampler.resample(None)
            resampler, form = AudioResampler("flt", _LAYOUTS[channels], rate), found
        yield from resampler.resample(frame)
    if resampler is not None:
        yield from resampler.resample(None)
