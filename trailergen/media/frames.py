"""Pictures of a film by film frame: conformed to a constant rate, exact after any seek.

Film frame ``g`` at rate ``R`` is the last picture whose time, counted from the first picture, is not after
``(g + 1/2) / R``: the nearest one, for films of constant rate. Timestamps that jitter by less than half a
frame (Matroska's milliseconds) do no harm, gaps hold the picture before them, and surplus pictures of a
variable rate are passed over.
"""

from __future__ import annotations

import math
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import chain

import av.error
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.frame import VideoFrame

from trailergen.errors import InputError
from trailergen.media.container import open_media
from trailergen.media.decoding import Damage, decode
from trailergen.media.probe import FilmInfo, stamp_of
from trailergen.media.shape import Shaper
from trailergen.runtime.threads import cores

_HALF = Fraction(1, 2)
# How far before the wanted picture decoding starts: at the keyframe before it; then, where that keyframe
# turns out to lie after it or the index lies, earlier and earlier; None is the beginning of the file.
_PREROLL_S = (Fraction(0), Fraction(10), Fraction(60), None)
# Wanted pictures nearer to each other than this are decoded through rather than sought one by one: the keyframe before
# the next one would likely lie before the last one.
_NEAR_S = 3
# These have no index: a seek lands near a byte position and the first pictures after it may be broken.
_UNINDEXED = {"mpegts", "mpeg", "h264", "hevc", "mpegvideo"}


def film_frame(time: Fraction, rate: Fraction) -> int:
    """The first film frame that shows a picture of the given time (seconds after the first picture)."""
    return math.ceil(time * rate - _HALF)


def film_frames(stamps: Iterable[int], base: Fraction, rate: Fraction) -> list[int]:
    """``film_frame`` of many pictures, in whole numbers: a film has 200,000, and fractions are slow.

    Args:
        stamps: timestamps counted from the first picture's, in units of ``base``.
        base: seconds of one unit.
        rate: film frames per second.
    """
    step = base * rate
    twice, whole = 2 * step.numerator, step.denominator
    return [-((whole - twice * stamp) // (2 * whole)) for stamp in stamps]


def decode_film(
    container: InputContainer, film: FilmInfo, sound: AudioStream | None = None, damage: Damage | None = None
) -> Iterator[tuple[int, VideoFrame] | AudioFrame]:
    """Decode pictures, each with its timestamp in the film's time base, and the frames of ``sound`` between them.

    Every picture that the decoder gives is there, in its order, and in the film's shape (media/shape.py). Times are
    those that ``film.clock`` names; a picture without one is placed one header frame after the one before it, and one
    whose time does not increase one unit, so that timestamps name pictures.

    Args:
        container: of the film.
        film: as probed.
        sound: a stream to be decoded along.
        damage: is told of everything that was not read as it stands (see media/decoding.py).
    """
    damage = damage if damage is not None else Damage()
    stream = container.streams.video[film.stream]
    if not stream.codec_context.is_open:  # open since an earlier seek in the same file
        stream.codec_context.thread_type = "AUTO"
        stream.codec_context.thread_count = cores()
    step = 1 / ((film.header_rate or 25) * film.time_base)
    shaper = Shaper(film, stream)
    count, last = 0, film.origin - 1
    for frame in decode(container, stream, *([sound] if sound else []), damage=damage):
        if isinstance(frame, AudioFrame):
            yield frame
            continue
        stamp = stamp_of(frame, film.clock)
        if film.clock == "count":
            stamp = film.origin + round(count * step)
        elif stamp is None:
            stamp = last + max(1, int(step)) if count else film.origin
        if count and stamp <= last:
            stamp = last + 1
            damage.ties += 1
        count, last = count + 1, stamp
        shaped = shaper.shaped(frame)
        damage.other_shapes = shaper.other_shapes
        yield stamp, shaped


def read_frames(film: FilmInfo, rate: Fraction, start: int, end: int) -> Iterator[VideoFrame]:
    """Yield film frames ``[start, end)``, decoded, in the film's own size and pixel format, not rotated.

    Past the film's last picture, that picture is held.

    Raises:
        InputError: the file cannot be read, or no picture can be decoded there.
    """
    if start >= end:
        return
    for preroll in _prerolls(film):
        with open_media(film.path) as container:
            if preroll is not None and not _seek(container, film, Fraction(start) / rate - preroll):
                continue
            frames = _conform(_pictures(container, film), film, rate, start, end, from_start=preroll is None)
            first = next(frames, None)
            if first is not None:
                yield first
                yield from frames
                return
    raise InputError(f"no picture of {film.path} can be decoded at frame {start}")


class FrameReader:
    """Film frames of one film, span after span.

    A film that must be read in order is read on where a span begins behind the one before it, and else anew; others are
    sought. One thread at a time may use it.
    """

    def __init__(self, film: FilmInfo, rate: Fraction) -> None:
        self._film, self._rate = film, rate
        self._running: Iterator[VideoFrame] = iter(())
        self._next: float = math.inf

    def read(self, start: int, end: int) -> Iterator[VideoFrame]:
        """Yield film frames ``[start, end)`` as ``read_frames`` does, and raise as it does."""
        if not self._film.in_order:
            yield from read_frames(self._film, self._rate, start, end)
            return
        if start < self._next:
            self._running, self._next = _from_start(self._film, self._rate), 0
        for frame in self._running:
            at, self._next = self._next, self._next + 1
            if at >= start:
                yield frame
            if self._next >= end:
                return


def _from_start(film: FilmInfo, rate: Fraction) -> Iterator[VideoFrame]:
    return read_frames(film, rate, 0, sys.maxsize)


def read_scattered(film: FilmInfo, rate: Fraction, wanted: Iterable[int]) -> Iterator[tuple[int, VideoFrame]]:
    """Yield some film frames with their numbers, the very ones that ``read_frames`` would show.

    Decodes little between distant ones and holds one picture at a time, so that a few pictures of every shot cost a
    part of a decode.

    Args:
        film: the film.
        rate: of its film frames.
        wanted: film frame numbers, none smaller than the one before it.

    Raises:
        InputError: the file cannot be read, or no picture can be decoded there.
    """
    with open_media(film.path) as container:
        indexed = _is_indexed(container) and not film.in_order
        for run in _runs(wanted, _NEAR_S * rate if indexed else math.inf):
            start, end = run[0], run[-1] + 1
            frames = _seek_and_read(container, film, rate, start, end) if indexed else None
            for frame, picture in enumerate(frames or read_frames(film, rate, start, end), start):
                while run and run[0] == frame:
                    yield run.popleft(), picture


def _runs(wanted: Iterable[int], near: float | Fraction) -> Iterator[deque[int]]:
    """Rising numbers in groups whose neighbours are at most ``near`` apart."""
    run: deque[int] = deque()
    for frame in wanted:
        if run and frame - run[-1] > near:
            yield run
            run = deque()
        run.append(frame)
    if run:
        yield run


def _seek_and_read(
    container: InputContainer, film: FilmInfo, rate: Fraction, start: int, end: int
) -> Iterator[VideoFrame] | None:
    """Film frames ``[start, end)`` from an open file; None if the seek overshot, or cannot be."""
    if not _seek(container, film, Fraction(start) / rate):
        return None
    frames = _conform(_pictures(container, film), film, rate, start, end, from_start=False)
    first = next(frames, None)
    return None if first is None else chain([first], frames)


def _pictures(container: InputContainer, film: FilmInfo) -> Iterator[tuple[int, VideoFrame]]:
    return (event for event in decode_film(container, film) if isinstance(event, tuple))


def _prerolls(film: FilmInfo) -> tuple[Fraction | None, ...]:
    if film.in_order:
        return _PREROLL_S[-1:]
    with open_media(film.path) as container:
        return _PREROLL_S if _is_indexed(container) else _PREROLL_S[1:]


def _is_indexed(container: InputContainer) -> bool:
    return not _UNINDEXED & set(container.format.name.split(","))


def _seek(container: InputContainer, film: FilmInfo, time: Fraction) -> bool:
    """Go to the keyframe before a time in seconds; gives False where the container cannot."""
    target = film.origin + math.floor(max(time, Fraction(0)) / film.time_base)
    try:
        container.seek(target, stream=container.streams.video[film.stream], backward=True)
    except (av.error.FFmpegError, OSError):
        return False
    return True


def _conform(
    pictures: Iterator[tuple[int, VideoFrame]],
    film: FilmInfo,
    rate: Fraction,
    start: int,
    end: int,
    from_start: bool,
) -> Iterator[VideoFrame]:
    """Film frames from a run of pictures; nothing if the run begins after ``start`` (the seek overshot)."""
    shown: VideoFrame | None = None
    frame = start
    for pts, picture in pictures:
        first = film_frame((pts - film.origin) * film.time_base, rate)
        if shown is None and first > frame and not from_start:
            return
        while shown is not None and frame < min(first, end):
            yield shown
            frame += 1
        if frame >= end:
            return
        shown = picture
    while shown is not None and frame < end:
        yield shown
        frame += 1
